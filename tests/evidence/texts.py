"""Pieces whose text is already read: laid in as the reading job does it, without a child process."""

from typing import Any

from taizhang.evidence import actions
from taizhang.evidence.models import Evidence, ReadingState
from taizhang.org.models import Unit
from taizhang.org.queries import system_user

from .samples import deposit


def laid(
    user: Any,
    unit: Unit,
    pages: list[str],
    name: str = "",
    facts: dict[str, Any] | None = None,
    **caption: Any,
) -> Evidence:
    """A piece with these PAGES of text; FACTS go into its reading, the rest into its caption."""
    piece = deposit(user, unit, name or "材料.pdf", **caption)
    leaves = [{"no": no, "text": text, "lines": []} for no, text in enumerate(pages, 1)]
    assert piece.current is not None
    actions.keep_pages(piece.current, by=system_user(), leaves=leaves)
    actions.note_reading(
        piece.current, by=system_user(), state=ReadingState.READ, **({"pages": len(pages)} | (facts or {}))
    )
    return piece
