"""Pages set by typst from a template and data: text only, in the machine's own Chinese fonts."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from ..fonts import FANG, HEI, KAI, SONG


class NoFont(Exception):
    """This machine has no font with Chinese letters."""


@cache
def _fonts() -> Any:
    import typst  # noqa: PLC0415 -- slow import

    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False)


@cache
def families() -> dict[str, list[str]]:
    """For each kind of letter (song, fang, kai, hei) the families that are installed, best first; NoFont without any."""
    there = set(_fonts().families())
    found = {
        kind: [family for family in wanted if family in there]
        for kind, wanted in (("song", SONG), ("fang", FANG), ("kai", KAI), ("hei", (*HEI, *SONG)))
    }
    if not any(found.values()):
        raise NoFont
    some = next(names for names in found.values() if names)
    return {kind: names or some for kind, names in found.items()}


def typeset(template: Path, data: Any, out: Path) -> None:
    """Set TEMPLATE, which reads `json(bytes(sys.inputs.data))` and `json(bytes(sys.inputs.fonts))`, into a PDF."""
    import typst  # noqa: PLC0415 -- slow import

    made = typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=_fonts(),
        sys_inputs={
            "data": json.dumps(data, ensure_ascii=False),
            "fonts": json.dumps(families()),
        },
        timestamp=0,
        pdf_tags=False,
    )
    out.write_bytes(made)


def breakable(words: str, every: int = 20) -> str:
    """WORDS with places to break in long runs that have none (the name of a file); an address breaks by itself."""
    found: list[str] = []
    for run in re.split(r"([!-~]{28,})", words):
        long = len(run) >= 28 and run.isascii()
        found.append("\u200b".join(run[at : at + every] for at in range(0, len(run), every)) if long else run)
    return "".join(found)
