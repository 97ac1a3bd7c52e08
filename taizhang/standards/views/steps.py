"""The steps of a draft: the same row on every page of it, so that one always sees what comes next."""

from collections.abc import Sequence

from ..models import Draft
from .common import root

FILE = "选文件"
LABELS = {"columns": "对列", "check": "核对", "meaning": "核对含义", "compare": "新旧对照", "save": "保存"}
#: of a draft written by hand: it has no file, and nothing in it is guessed
WRITTEN = {"grid": "编写", "check": "核对", "compare": "新旧对照", "save": "保存"}

#: (number, label, "" or "ok" or "on", address or "")
Step = tuple[int, str, str, str]


def steps_of(draft: Draft, now: str, *, read: bool = True) -> list[Step]:
    """The way from the file to the saved standard, standing at NOW. What revises nothing is compared with nothing;
    what is written by hand has no file. READ: indicators were found, so that every step can be gone to."""
    labels = WRITTEN | {"grid": draft.doing} if draft.written else LABELS
    names = [name for name in labels if name != "compare" or draft.base_id]
    here = f"{root()}drafts/{draft.pk}/"
    urls = {
        name: f"{here}{name}/" if name in ("compare", "grid") else f"{here}?step={name}" for name in names
    }
    rows = [
        (labels[name], urls[name] if name != now and (read or name == "columns") else "") for name in names
    ]
    at = names.index(now) if now in names else 0
    if not draft.written:
        rows, at = [(FILE, ""), *rows], at + 1
    return numbered(rows, at)


def numbered(rows: Sequence[tuple[str, str]], at: int) -> list[Step]:
    return [
        (n + 1, label, "on" if n == at else "ok" if n < at else "", url)
        for n, (label, url) in enumerate(rows)
    ]


def first_steps() -> list[Step]:
    """Before there is a draft."""
    return numbered(
        [(label, "") for label in (FILE, *(LABELS[name] for name in LABELS if name != "compare"))], 0
    )
