"""Find → act → show."""

from .archive import fonds, volume_add, volume_new, volumes
from .archive_join import volume_join, volume_part
from .archive_volume import (
    filing_piece,
    volume,
    volume_answer,
    volume_arrange,
    volume_catalogue,
    volume_check,
    volume_discard,
    volume_number,
    volume_package,
    volume_progress,
    volume_recheck,
    volume_seal,
    volume_succeed,
    volume_take_out,
)
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
    "filing_piece", "fonds", "volume", "volume_add", "volume_answer", "volume_arrange", "volume_catalogue", "volume_check", "volume_discard",
    "volume_join", "volume_new", "volume_number", "volume_package", "volume_part", "volume_progress", "volume_recheck", "volume_seal", "volume_succeed", "volume_take_out", "volumes",
    "evidence_adopt", "evidence_check", "evidence_clear_alarm", "evidence_text", "statistics", "statistics_export",
    "evidence", "evidence_bin", "evidence_bin_restore", "evidence_caption", "evidence_check", "evidence_download", "evidence_link", "evidence_new", "evidence_received",
    "evidence_page", "evidence_poster", "evidence_read_again", "evidence_reading", "evidence_remove", "evidence_restore", "evidence_thumb", "evidence_verify", "evidence_version", "evidences",
]  # fmt: skip
