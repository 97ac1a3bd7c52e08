"""What a job drew small of a piece, for lists."""

from typing import Any

from taizhang.org.action import action
from taizhang.org.permits import Permit

from ..models import Version


@action("evidence.set_thumbnail", "生成缩略图", (Permit.EVIDENCE_EDIT, "evidence.unit"))
def set_thumbnail(
    version: Version, *, by: Any, thumbnail: str, width: int | None = None, height: int | None = None
) -> Version:
    """Note the small copy THUMBNAIL (SHA-256 in the store), of a picture its size in pixels too; called by the job."""
    version.blob.change(thumbnail=thumbnail, width=width, height=height)
    return version
