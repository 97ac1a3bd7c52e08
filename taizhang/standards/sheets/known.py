"""A file of a form that the agency has met before is read as the last one was."""

from taizhang.kit.tables import Book, Sheet
from taizhang.org.models import Unit

from .. import queries
from ..rules.forms import laid_in
from ..rules.tree import Json
from .grid import Grid, as_text

TOP = 60  # rows of a sheet that are looked at for a header


def texts(sheet: Sheet, first: int = 0, last: int = TOP) -> list[list[str]]:
    """The texts of rows FIRST to LAST (excluded), as rules.forms takes them."""
    grid = Grid(sheet)
    return [
        [as_text(grid.cell(r, c)) if grid.origin(r, c) == (r, c) else "" for c in range(grid.width)]
        for r in range(first, min(last, grid.height))
    ]


def recalled(agency: Unit, book: Book) -> Json:
    """The choices of a new draft: {} unless a sheet bears a form known to the agency."""
    known = queries.known_forms(agency)
    if not known:
        return {}
    sheets: dict[str, Json] = {}
    marks: dict[str, None] = {}
    for sheet in book.sheets:
        if sheet.kind != "table" or not sheet.rows:
            continue
        if found := laid_in(texts(sheet), {mark: one.choices for mark, one in known.items()}):
            marks[found[0]] = None
            sheets[sheet.name] = found[1]
    if not sheets:
        return {}
    first = known[next(iter(marks))]
    form = {"source": first.source, "on": first.on.isoformat(), "sheets": list(sheets)}
    return {"sheets": sheets, "form": form}
