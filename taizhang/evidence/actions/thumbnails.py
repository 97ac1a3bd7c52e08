"""What a job found out about a picture."""

from typing import Any

from taizhang.org.action import action
from taizhang.org.permits import Permit

from ..models import Version


@action("evidence.set_thumbnail", "生成缩略图", (Permit.EVIDENCE_EDIT, "evidence.unit"))
def set_thumbnail(version: Version, *, by: Any, thumbnail: str, width: int, height: int) -> Version:
    """Note the small copy THUMBNAIL (SHA-256 in the store) and the size in pixels; called by the job."""
    version.blob.change(thumbnail=thumbnail, width=width, height=height)
    return version
