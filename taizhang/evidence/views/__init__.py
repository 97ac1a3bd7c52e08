"""Find → act → show."""

from .bin import evidence_bin, evidence_bin_restore
from .checks import evidence_adopt, evidence_check, evidence_clear_alarm
from .files import evidence_download, evidence_poster, evidence_thumb
from .library import evidences
from .pages import evidence_page, evidence_read_again, evidence_reading
from .piece import evidence, evidence_caption, evidence_remove, evidence_restore, evidence_version
from .statistics import statistics, statistics_export
from .text import evidence_text
from .upload import evidence_link, evidence_new, evidence_received
from .verify import evidence_verify

__all__ = [
    "evidence_adopt", "evidence_check", "evidence_clear_alarm", "evidence_text", "statistics", "statistics_export",
    "evidence", "evidence_bin", "evidence_bin_restore", "evidence_caption", "evidence_check", "evidence_download", "evidence_link", "evidence_new", "evidence_received",
    "evidence_page", "evidence_poster", "evidence_read_again", "evidence_reading", "evidence_remove", "evidence_restore", "evidence_thumb", "evidence_verify", "evidence_version", "evidences",
]  # fmt: skip
