"""What a document's styles say of a paragraph: its outline level, its list, whether it is hidden or a contents line."""

import re
from dataclasses import dataclass
from typing import Any

from .words import child, children, name, number_of, on, val

HEADING = re.compile(r"^(?:heading|标题|標題)\s*([1-9])$", re.IGNORECASE)
CONTENTS = re.compile(r"^(?:toc|目录|目錄)\s*\d*$|^toc heading$", re.IGNORECASE)
MAX_CHAIN = 12


@dataclass(frozen=True)
class Style:
    """A style with all it inherits. `level` 0 = body; `list_id` "" = not numbered; `list_level` None = not said."""

    level: int = 0
    list_id: str = ""
    list_level: int | None = None
    hidden: bool = False
    contents: bool = False


PLAIN = Style()


class Styles:
    def __init__(self, root: Any) -> None:
        self.raw: dict[str, Any] = {}
        self.done: dict[str, Style] = {}
        self.default = ""
        for one in children(root, "style") if root is not None else ():
            key = val(one, "", "styleId")
            self.raw[key] = one
            if val(one, "", "type") == "paragraph" and val(one, "", "default") in ("1", "true"):
                self.default = key

    def lists(self) -> dict[str, str]:
        """Numbering styles -> the list each is defined by."""
        found = {}
        for key, one in self.raw.items():
            if val(one, "", "type") == "numbering":
                found[key] = val(child(child(child(one, "pPr"), "numPr"), "numId"))
        return found

    def of(self, key: str) -> Style:
        key = key or self.default
        if key not in self.done:
            self.done[key] = self.resolve(key)
        return self.done[key]

    def resolve(self, key: str) -> Style:
        chain: list[Any] = []
        while key in self.raw and len(chain) < MAX_CHAIN:
            chain.append(self.raw[key])
            key = val(child(self.raw[key], "basedOn"))
        level, list_id, list_level, hidden, contents = 0, "", None, False, False
        for one in reversed(chain):
            title = val(child(one, "name"))
            if found := HEADING.match(title.strip()):
                level = int(found.group(1))
            contents = contents or bool(CONTENTS.match(title.strip()))
            if (vanish := child(child(one, "rPr"), "vanish")) is not None:
                hidden = on(vanish)
            settings = child(one, "pPr")
            if settings is None:
                continue
            if (outline := child(settings, "outlineLvl")) is not None:
                level = outline_level(outline)
            if (numbered := child(settings, "numPr")) is not None:
                if (number := child(numbered, "numId")) is not None:
                    list_id = val(number)
                if (at := child(numbered, "ilvl")) is not None:
                    list_level = number_of(at, "val")
        return Style(level, list_id, list_level, hidden, contents)


def outline_level(element: Any) -> int:
    """outlineLvl counts 0 to 8 for headings; 9 is body text."""
    at = number_of(element, "val", 9)
    return at + 1 if 0 <= at <= 8 else 0


def removed(settings: Any) -> bool:
    """Whether the mark that these settings (pPr/rPr, trPr) belong to was deleted or moved away as a revision."""
    return settings is not None and any(name(one) in ("del", "moveFrom") for one in settings)
