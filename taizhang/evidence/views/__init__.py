"""Find → act → show."""

from .files import evidence_download, evidence_thumb
from .library import evidences
from .piece import evidence, evidence_caption, evidence_remove, evidence_restore, evidence_version
from .upload import evidence_link, evidence_new, evidence_received

__all__ = [
    "evidence", "evidence_caption", "evidence_download", "evidence_link", "evidence_new", "evidence_received",
    "evidence_remove", "evidence_restore", "evidence_thumb", "evidence_version", "evidences",
]  # fmt: skip
