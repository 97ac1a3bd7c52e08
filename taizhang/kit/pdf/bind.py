"""One PDF of many: typeset pages, pages of other PDFs, pictures; with numbers, red lines, links and bookmarks."""

import json
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pikepdf

from .pages import Fault, Shown, as_form, opened, placed, settled
from .pictures import Picture
from .writer import Copier, Ref, Writer, number, text

MM = 72 / 25.4
EDGE = 12 * MM  # from the paper's edge to the numbers at the side
FOOT, HEAD = 5 * MM, 4 * MM  # from the edge below and above
RED = "0.78 0.07 0.07"
LINE = 1.3  # points
#: addresses in typeset pages that are marks for this program
BLOCK, PAGE, PICTURE = "tz-block:", "tz-page:", "tz-pic:"


class Torn(Exception):
    """A source could not be drawn after all: its path and why."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def marks(page: Any) -> list[tuple[str, tuple[float, float, float, float]]]:
    """The addresses on a typeset page, each with its box."""
    found = []
    for note in page.get("/Annots") or []:
        action = note.get("/A")
        if isinstance(action, pikepdf.Dictionary) and "/URI" in action:
            x0, y0, x1, y1 = (float(value) for value in note["/Rect"])
            found.append((str(action["/URI"]), (x0, y0, x1, y1)))
    return found


def blocks(path: Path) -> tuple[int, dict[str, int]]:
    """How many pages a typeset file has, and on which (from 0) each of its blocks begins."""
    found: dict[str, int] = {}
    with opened(path) as pdf:
        for at, page in enumerate(pdf.pages):
            for uri, _ in marks(page.obj):
                if uri.startswith(BLOCK):
                    found.setdefault(uri.removeprefix(BLOCK), at)
        return len(pdf.pages), found


class Source:
    """An opened PDF; each of its pages is copied once, however often it is drawn."""

    def __init__(self, pdf: pikepdf.Pdf, writer: Writer) -> None:
        self.pdf, self.writer, self.copier = pdf, writer, Copier(writer)
        self.pages = list(pdf.pages)

    def page(self, at: int) -> Any:
        return self.pages[at].obj

    def shown(self, at: int) -> Shown:
        return as_form(self.page(at), self.copier, self.writer)


class Binder:
    """PLAN: {out, at, sources, typeset: [names], stamps, sheets: [{of, page, head, foot, pictures, lines}], outline, title, …}."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.plan = plan
        self.writer = Writer(Path(plan["out"]))
        self.refs = [self.writer.reserve() for _ in plan["sheets"]]
        self.drawn: dict[tuple[str, int], Shown] = {}
        self.pictures: dict[str, Ref] = {}
        self.open: tuple[str, Source | None, ExitStack] = ("", None, ExitStack())

    def run(self) -> dict[str, Any]:
        plan, writer = self.plan, self.writer
        try:
            with ExitStack() as stack:
                self.ours = {
                    name: Source(stack.enter_context(opened(Path(path))), writer)
                    for name, path in plan["typeset"].items()
                }
                for at, sheet in enumerate(plan["sheets"]):
                    self._sheet(at, sheet)
                self.open[2].close()
                outline = self._outline(plan["outline"])
                facts = {
                    "Title": text(plan["title"]), "Author": text(plan["author"]), "Creator": text("台账"), "Producer": text("台账"),
                    "CreationDate": f"({plan['made_on']})", "ModDate": f"({plan['made_on']})",
                }  # fmt: skip
                sha256 = writer.finish(facts, outline, plan["mark"])
        finally:
            self.open[2].close()
            writer.close()
        return {"sha256": sha256, "size": writer.at, "pages": len(writer.pages)}

    def _shown(self, name: str, at: int) -> Shown:
        """Page AT (from 0) of the source NAME as an object."""
        key = (name, at)
        if key not in self.drawn:
            if name in self.ours:
                self.drawn[key] = self.ours[name].shown(at)
            else:
                self.drawn[key] = self._stranger(name, at)
        return self.drawn[key]

    def _stranger(self, name: str, at: int) -> Shown:
        """From a file that somebody else made: one is open at a time, and known by name if it ends this process."""
        if self.open[0] != name:
            self.open[2].close()
            Path(self.plan["at"]).write_text(name)
            stack = ExitStack()
            self.open = (name, None, stack)
            try:
                pdf = stack.enter_context(opened(Path(name)))
                settled(pdf)
                self.open = (name, Source(pdf, self.writer), stack)
            except Fault:
                raise Torn(name) from None
        source = self.open[1]
        try:
            assert source is not None
            return source.shown(at)
        except (pikepdf.PdfError, ValueError, RuntimeError, TypeError, KeyError, IndexError, RecursionError):
            raise Torn(name) from None

    def _sheet(self, at: int, sheet: dict[str, Any]) -> None:
        """One page of the volume: what lies below, pictures, red lines, numbers. A sheet of no source is a picture alone."""
        objects: dict[str, Ref] = {}
        orders: list[str] = []
        notes: list[str] = []
        lines = sheet.get("lines") or []
        if not sheet["of"]:
            width, height = placed(*map(float, Picture(**sheet["pictures"][0]).shown))[:2]
            boxes = self._pictures(sheet, [(f"{PICTURE}0", (0.0, 0.0, width, height))], objects, orders)
            orders += [_underline(line, boxes[0]) for line in lines]
        else:
            shown = self._shown(sheet["of"], sheet["page"])
            width, height, scale, x, y = placed(shown.width, shown.height)
            objects["P"] = shown.ref
            orders.append(f"q {_matrix((scale, 0, 0, scale, x, y))} cm /P Do Q")
        if sheet["of"] in self.ours:
            found = marks(self.ours[sheet["of"]].page(sheet["page"]))
            boxes = self._pictures(sheet, found, objects, orders)
            if boxes:
                orders += [_underline(line, boxes[0]) for line in lines]
            notes = [note for note in (self._link(uri, box) for uri, box in found) if note]
        elif sheet["of"]:
            orders += [_underline(line, (x, y, shown.width * scale, shown.height * scale)) for line in lines]
        for key, to in (("F", sheet.get("foot")), ("H", sheet.get("head"))):
            if to is not None:
                stamp = self._shown(self.plan["stamps"], to)
                objects[key] = stamp.ref
                left = key == "F" and (at + 1) % 2 == 0  # bound on the left, printed on both sides
                stamp_x = EDGE if left else width - EDGE - stamp.width
                stamp_y = FOOT if key == "F" else height - HEAD - stamp.height
                orders.append(f"q {_matrix((1, 0, 0, 1, stamp_x, stamp_y))} cm /{key} Do Q")
        named = " ".join(f"/{key} {ref}" for key, ref in objects.items())
        contents = self.writer.content("\n".join(orders).encode())
        more = f"/Annots [{' '.join(notes)}] " if notes else ""
        self.writer.page(width, height, f"<< /XObject << {named} >> >>", contents, more, self.refs[at])

    def _pictures(
        self, sheet: dict[str, Any], found: list[tuple[str, Any]], objects: dict[str, Ref], orders: list[str]
    ) -> list[tuple[float, float, float, float]]:
        """Draw the sheet's pictures, each as large as its place allows; where they stand: x, y, width, height."""
        places = {uri: box for uri, box in found if uri.startswith(PICTURE)}
        boxes = []
        for at, plain in enumerate(sheet.get("pictures") or []):
            picture = Picture(**plain)
            if (box := places.get(f"{PICTURE}{at}")) is None:
                continue
            x0, y0, x1, y1 = box
            wide, high = picture.shown
            scale = min((x1 - x0) / wide, (y1 - y0) / high)
            w, h = wide * scale, high * scale
            x, y = x0 + (x1 - x0 - w) / 2, y0 + (y1 - y0 - h) / 2
            if picture.path not in self.pictures:
                self.pictures[picture.path] = self.writer.file(picture.entries(), Path(picture.path))
            objects[f"I{at}"] = self.pictures[picture.path]
            orders.append(f"q {_matrix(picture.matrix(x, y, w, h))} cm /I{at} Do Q")
            boxes.append((x, y, w, h))
        return boxes

    def _link(self, uri: str, box: tuple[float, float, float, float]) -> str:
        rect = " ".join(map(number, box))
        head = f"<< /Type /Annot /Subtype /Link /Rect [{rect}] /Border [0 0 0]"
        if uri.startswith(PAGE):
            target = int(uri.removeprefix(PAGE)) - 1
            if 0 <= target < len(self.refs):
                return f"{head} /Dest [{self.refs[target]} /Fit] >>"
        if uri.startswith(("http://", "https://")):
            plain = (
                uri.encode("ascii", "ignore")
                .decode()
                .replace("\\", "")
                .replace("(", "%28")
                .replace(")", "%29")
            )
            return f"{head} /A << /S /URI /URI ({plain}) >> >>"
        return ""

    def _outline(self, rows: list[dict[str, Any]]) -> Ref | None:
        """The bookmarks: [{title, page (from 1), under: […]}]; the first level is open."""
        if not rows:
            return None
        root = self.writer.reserve()
        first, last, _ = self._level(rows, root, 0)
        self.writer.put(f"<< /Type /Outlines /First {first} /Last {last} /Count {len(rows)} >>", root)
        return root

    def _level(self, rows: list[dict[str, Any]], parent: Ref, deep: int) -> tuple[Ref, Ref, int]:
        refs = [self.writer.reserve() for _ in rows]
        for at, row in enumerate(rows):
            body = f"/Title {text(row['title'])} /Parent {parent} /Dest [{self.refs[row['page'] - 1]} /Fit]"
            if at:
                body += f" /Prev {refs[at - 1]}"
            if at + 1 < len(rows):
                body += f" /Next {refs[at + 1]}"
            if row.get("under"):
                first, last, count = self._level(row["under"], refs[at], deep + 1)
                body += f" /First {first} /Last {last} /Count {-count}"  # closed until it is opened
            self.writer.put(f"<< {body} >>", refs[at])
        return refs[0], refs[-1], len(rows)


def _matrix(values: tuple[float, ...]) -> str:
    return " ".join(number(float(value)) for value in values)


def _underline(line: list[float], box: tuple[float, float, float, float]) -> str:
    """A straight red line below LINE (x0, y0, x1, y1 as parts of BOX from its upper left corner)."""
    x, y, width, height = box
    x0, x1 = (x + min(max(part, 0.0), 1.0) * width for part in (line[0], line[2]))
    under = y + (1 - min(max(line[3], 0.0), 1.0)) * height - LINE
    return f"q {RED} RG {number(LINE)} w {number(x0)} {number(under)} m {number(x1)} {number(under)} l S Q"


def bind(path: Path) -> dict[str, Any]:
    """Carry out the plan in the JSON file PATH: {sha256, size, pages}, or {torn: path} for a source that cannot be drawn."""
    try:
        return Binder(json.loads(path.read_text(encoding="utf-8"))).run()
    except Torn as torn:
        return {"torn": torn.path}
