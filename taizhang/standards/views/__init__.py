from .drafts import draft, draft_columns, draft_drop, draft_node, draft_save, draft_warnings
from .imports import standard_import
from .standards import standard, standard_export, standards

__all__ = [
    "draft", "draft_columns", "draft_drop", "draft_node", "draft_save", "draft_warnings", "standard", "standard_export",
    "standard_import", "standards",
]  # fmt: skip
