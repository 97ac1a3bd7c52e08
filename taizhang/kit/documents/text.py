"""The text of one Word paragraph as it is printed: revisions accepted, field codes and hidden words left out."""

from dataclasses import dataclass, field
from typing import Any

from .styles import Styles
from .words import child, name, on, val

#: signs that picture fonts draw, by the low byte of their code
WINGDINGS = {0xFC: "√", 0xFB: "×", 0xFE: "☑", 0xFD: "☒", 0xA8: "□", 0x6F: "□", 0x71: "□", 0xAB: "★", 0x6C: "●",
             0x6E: "■", 0x75: "◆", 0xD8: "➢", 0x8C: "①", 0x81: "①"}  # fmt: skip
WINGDINGS_2 = {0x50: "√", 0x4F: "×", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA3: "□", 0x2A: "□", 0x98: "●"}
SYMBOL = {0xB3: "≥", 0xA3: "≤", 0xB4: "×", 0xB8: "÷", 0xB1: "±", 0xB7: "·", 0xD6: "√", 0xB0: "°"}
for _at in range(10):  # circled figures
    WINGDINGS[0x81 + _at] = chr(0x2460 + _at)
    WINGDINGS[0x8C + _at] = chr(0x2460 + _at)
#: elements that only wrap what they hold
WRAPPERS = {
    "ins", "moveTo", "hyperlink", "smartTag", "sdt", "sdtContent", "fldSimple", "dir", "bdo", "customXml", "ruby",
    "rubyBase", "oMath", "oMathPara", "r",
}  # fmt: skip
MATHS = {"num", "den", "e", "f", "d", "sub", "sup", "sSub", "sSup", "nary", "rad", "deg", "func", "fName"}


@dataclass
class Found:
    """What was met on the way and is told to the reader of the file, as numbers."""

    revisions: int = 0
    boxes: int = 0
    notes: int = 0
    comments: int = 0
    hidden: int = 0
    pictures: int = 0
    contents: int = 0
    embedded: int = 0


@dataclass
class TextReader:
    """Reads paragraphs in order; fields may reach over several of them, so their state is kept here."""

    styles: Styles
    found: Found
    fields: list[bool] = field(default_factory=list)  # per open field: whether its result has begun

    def read(self, paragraph: Any) -> tuple[str, list[Any]]:
        """The paragraph's text and the contents (w:txbxContent) of text boxes anchored in it."""
        out: list[str] = []
        boxes: list[Any] = []
        hidden = self.styles.of(val(child(child(paragraph, "pPr"), "pStyle"))).hidden
        for one in paragraph:
            self.take(one, out, boxes, hidden)
        text = "".join(out).replace("\u00ad", "").replace("\u200b", "").replace("\xa0", " ")
        return text.strip(), boxes

    def take(self, element: Any, out: list[str], boxes: list[Any], hidden: bool) -> None:
        kind = name(element)
        if kind in ("del", "moveFrom"):
            self.found.revisions += 1
        elif kind == "AlternateContent":
            self.take_one_of(element, out, boxes, hidden)
        elif kind == "txbxContent":
            self.found.boxes += 1
            boxes.append(element)
        elif kind == "r":
            self.take_run(element, out, boxes, hidden)
        elif kind in ("drawing", "pict"):
            self.take_drawing(element, boxes)
        elif kind == "object":
            self.found.embedded += 1
        elif kind == "sdt":
            settings = child(element, "sdtPr")
            # the grey prompt of an empty form field is no text
            if not on(child(settings, "showingPlcHdr")):
                for one in child(element, "sdtContent") if child(element, "sdtContent") is not None else ():
                    self.take(one, out, boxes, hidden)
        elif kind in WRAPPERS or kind in MATHS:
            self.found.revisions += kind in ("ins", "moveTo")
            for one in element:
                if name(one) != "rt":
                    self.take(one, out, boxes, hidden)
        elif kind == "t" and not hidden:  # of a formula
            out.append(element.text or "")

    def take_one_of(self, element: Any, out: list[str], boxes: list[Any], hidden: bool) -> None:
        """Only one of the alternatives is printed: the first that says anything."""
        for option in element:
            before = (len(out), len(boxes), self.found.pictures)
            for one in option:
                self.take(one, out, boxes, hidden)
            if before != (len(out), len(boxes), self.found.pictures):
                return

    def take_drawing(self, element: Any, boxes: list[Any]) -> None:
        texts = [
            one
            for one in element.iter("{*}txbxContent")
            if not any(
                name(up) in ("txbxContent", "Fallback") for up in one.iterancestors() if inside(up, element)
            )
        ]
        if texts:
            self.found.boxes += len(texts)
            boxes += texts
        elif next(element.iter("{*}blip", "{*}imagedata"), None) is not None:
            self.found.pictures += 1

    def take_run(self, run: Any, out: list[str], boxes: list[Any], hidden: bool) -> None:
        settings = child(run, "rPr")
        vanish = child(settings, "vanish")
        if vanish is not None:
            hidden = on(vanish)
        elif (style := val(child(settings, "rStyle"))) and self.styles.of(style).hidden:
            hidden = True
        font = ""
        for one in run:
            kind = name(one)
            if kind == "fldChar":
                self.field(one, out)
                continue
            if kind in ("drawing", "pict", "object", "AlternateContent", "ruby"):
                if not hidden:
                    self.take(one, out, boxes, hidden)
                continue
            if kind in ("footnoteReference", "endnoteReference"):
                self.found.notes += 1
            elif kind == "commentReference":
                self.found.comments += 1
            text = "" if any(not begun for begun in self.fields) else printed(one, kind, font)
            if not text:
                continue
            if hidden:
                self.found.hidden += bool(text.strip())
            else:
                out.append(text)

    def field(self, element: Any, out: list[str]) -> None:
        """Follow a field's begin, separator and end; a ticked form box becomes its sign."""
        step = val(element, "", "fldCharType")
        if step == "begin":
            box = child(child(element, "ffData"), "checkBox")
            if box is not None:
                state = child(box, "checked") if child(box, "checked") is not None else child(box, "default")
                out.append("☑" if on(state) else "□")
            self.fields.append(False)
        elif step == "separate" and self.fields:
            self.fields[-1] = True
        elif step == "end" and self.fields:
            self.fields.pop()


def inside(element: Any, top: Any) -> bool:
    """Whether ELEMENT lies under TOP (itself not counted)."""
    return element is not top and any(up is top for up in element.iterancestors())


def printed(element: Any, kind: str, font: str) -> str:
    """What one child of a run prints."""
    if kind == "t":
        return element.text or ""
    if kind in ("br", "cr"):
        return "\n" if val(element, "", "type") in ("", "textWrapping") else ""
    if kind in ("tab", "ptab"):
        return " "
    if kind == "noBreakHyphen":
        return "-"
    if kind == "sym":
        return symbol(val(element, "", "font") or font, val(element, "", "char"))
    return ""


def symbol(font: str, code: str) -> str:
    try:
        at = int(code, 16)
    except ValueError:
        return ""
    low = at & 0xFF if at >= 0xF000 else at
    face = font.lower()
    if face == "wingdings 2":
        return WINGDINGS_2.get(low, "")
    if face.startswith("wingdings"):
        return WINGDINGS.get(low, "")
    if face == "symbol":
        return SYMBOL.get(low, "")
    return chr(at) if 0x20 <= at < 0xE000 else ""
