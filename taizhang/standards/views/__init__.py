from .compare import draft_base, draft_compare, draft_pair, standard_compare, standard_compare_export
from .drafts import (
    draft,
    draft_afresh,
    draft_columns,
    draft_drop,
    draft_meaning,
    draft_node,
    draft_save,
    draft_warnings,
)  # fmt: skip
from .grid_edit import draft_grid
from .imports import standard_import
from .lists import draft_lists
from .scans import draft_scan, draft_scan_progress
from .standards import standard, standard_export, standards
from .write import standard_begin, standard_write

__all__ = [
    "draft_base", "draft_compare", "draft_pair", "standard_compare", "standard_compare_export",
    "draft", "draft_afresh", "draft_columns", "draft_drop", "draft_grid", "draft_lists", "draft_meaning", "draft_node", "draft_save", "draft_scan", "draft_scan_progress", "draft_warnings", "standard", "standard_begin", "standard_export",
    "standard_import", "standard_write", "standards",
]  # fmt: skip
