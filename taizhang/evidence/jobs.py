"""Background work: ids in, one action, safe to run twice."""

from django_tasks import task

from taizhang.kit import pictures
from taizhang.kit.files import store
from taizhang.org.queries import system_user

from . import actions
from .models import Version


@task()
def thumbnail(version_id: int) -> str:
    """Make the small copy of a version's picture; its SHA-256, or "" for what cannot be drawn."""
    version = Version.objects.select_related("blob", "evidence__unit", "evidence__agency").get(pk=version_id)
    blob = version.blob
    if blob.thumbnail and store().exists(blob.thumbnail):
        return blob.thumbnail
    try:
        with store().open(blob.sha256) as handle:
            seen = pictures.look(handle)
            small = pictures.thumbnail(handle)
    except (pictures.Broken, pictures.TooLarge):
        return ""  # the list shows a sheet of paper instead
    stored = store().put([small], limit=len(small))
    actions.set_thumbnail(
        version, by=system_user(), thumbnail=stored.sha256, width=seen.width, height=seen.height
    )
    return stored.sha256
