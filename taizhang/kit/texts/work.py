"""The child's function: a question about one file, and its answer."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import plain
from .told import Told, Unreadable


@dataclasses.dataclass(frozen=True)
class Asked:
    """PATH of the bytes and the NAME they bear; FOLDER for what is made; PICTURES: whether pictures are read;
    START: the first page to read, from 1."""

    path: Path
    name: str
    mime: str
    folder: Path
    pictures: bool = True
    start: int = 1


#: MIME type → who reads it
READERS: dict[str, Callable[[Asked], Told]] = {
    "text/plain": plain.read,
    "text/csv": plain.read,
}


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """{path, name, mime, folder, pictures, start} → Told as a dict of plain values, or {"unreadable": [code, words]}."""
    asked = Asked(
        Path(question["path"]),
        question["name"],
        question["mime"],
        Path(question["folder"]),
        bool(question.get("pictures", True)),
        int(question.get("start", 1)),
    )
    reader = READERS.get(asked.mime)
    if reader is None:
        return dataclasses.asdict(Told("other"))
    try:
        told = dataclasses.asdict(reader(asked))
    except Unreadable as refusal:
        return {"unreadable": [refusal.code, refusal.text]}
    told["taken_on"] = told["taken_on"].isoformat() if told["taken_on"] else None
    return told
