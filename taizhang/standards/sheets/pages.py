"""One sheet after the other: header, role, and for indicators the walk down its rows."""

from dataclasses import dataclass, field

from taizhang.kit.tables import column_name

from ..rules.columns import MEANINGS, Guess, Shape
from ..rules.legend import read_legend
from ..rules.numbers import squeeze
from ..rules.tree import CONFIRM, Entry, Json, SheetReading, Warning
from .details import Details
from .grid import Grid
from .header import Header, complete, find_header, row_score
from .leaves import Draft
from .lines import Lines, sort_lines
from .lists import find_list_header, read_list
from .plan import Plan, settle
from .roles import role_of
from .walk import Walk

MAX_LINES = 3_000  # filled rows of one sheet; the largest published standards have some hundred


@dataclass
class Page:
    """One sheet as understood. `why` tells in Chinese why it was put to its role, if that is not plain."""

    grid: Grid
    role: str
    header: Header | None = None
    lines: Lines = field(default_factory=Lines)
    plan: Plan = field(default_factory=Plan)
    drafts: list[Draft] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    warnings: list[Warning] = field(default_factory=list)
    why: str = ""
    chosen: bool = False

    @property
    def leaves(self) -> list[Draft]:
        return [draft for draft in self.drafts if draft.node.is_leaf]

    @property
    def richness(self) -> int:
        """How many meanings its columns carry: the original has more than its summary."""
        return len({guess.meaning for guess in self.header.columns.values()}) if self.header else 0

    def reading(self) -> SheetReading:
        header = self.header
        if header is None:
            return SheetReading(
                self.grid.name,
                self.role,
                rows_read=len(self.entries),
                hidden=self.grid.sheet.hidden,
                why=self.why,
            )
        columns = dict(sorted((c, guess.meaning) for c, guess in header.columns.items()))
        if self.plan.title in columns:
            columns[self.plan.title] = "title"
        for c, meaning in zip(self.plan.groups, ("area", "section", "subsection"), strict=False):
            columns[c] = meaning
        for c in self.plan.texts:
            columns[c] = "requirement"
        if self.plan.points is not None:
            columns[self.plan.points] = "points"
        for c in self.plan.group_points.values():
            columns[c] = "group_points"
        rows = len(self.leaves) if self.role == "indicators" else len(self.entries)
        texts = {c: text for c, text in header.texts.items() if text}
        return SheetReading(
            self.grid.name,
            self.role,
            tuple(range(header.top, header.bottom + 1)),
            columns,
            rows,
            dict(self.plan.ticks),
            texts,
            self.grid.sheet.hidden,
            self.why,
        )


def read_pages(grid: Grid, choice: Json, edits: dict[str, Json]) -> list[Page]:
    """The tables of one sheet, mostly one; a second header of another form begins a second table."""
    filled = sum(not grid.blank(r) for r in range(grid.height))
    if filled > MAX_LINES:
        return [
            Page(
                grid,
                "ignored",
                why=f"有 {filled} 行，超过 {MAX_LINES} 行，不像测评标准，没有读，请删去无关的行",
            )
        ]
    if choice.get("header_rows") or choice.get("columns"):
        return [read_page(grid, choice, edits)]
    starts = table_starts(grid)
    if len(starts) < 2:
        return [read_page(grid, choice, edits)]
    windows = [grid.window(a, b) for a, b in zip(starts, [*starts[1:], grid.height], strict=True)]
    return [read_page(window, choice, edits) for window in windows]


def table_starts(grid: Grid) -> list[int]:
    """First rows of the tables of a sheet: the header's, or that of the title lines right above it."""
    header = find_header(grid)
    if header is None:
        return [0]
    starts, heads = [0], {squeeze(text.split(" / ")[-1]) for text in header.texts.values() if text}
    for r in range(header.bottom + 2, grid.height):
        texts = [squeeze(grid.text(r, c)) for c in grid.filled(r)]
        if (
            len(texts) < 3
            or sum(text in heads for text in texts) >= 0.6 * len(texts)
            or row_score(grid, r) < 3.5
        ):
            continue
        if r - starts[-1] < 3:
            continue
        first = r
        while first > starts[-1] + 2 and len(grid.filled(first - 1)) <= 1:
            first -= 1
        starts.append(first)
        heads = set(texts)
    return starts


def read_page(grid: Grid, choice: Json, edits: dict[str, Json]) -> Page:
    """Read one sheet, with a clerk's CHOICE for it (role, header_rows, columns) and EDITS of nodes."""
    header = find_header(grid, tuple(choice.get("header_rows") or ()))
    fixed = {int(c): str(meaning) for c, meaning in (choice.get("columns") or {}).items()}
    if fixed and header is None:
        header = Header(0, 0)
    if header is not None:
        for c, meaning in fixed.items():
            header.columns[c] = Guess(
                meaning, squeeze(header.texts.get(c, "").split(" / ")[-1]) if meaning == "tick" else ""
            )
    lines, shapes = Lines(), {}
    if header is not None:
        lines = sort_lines(grid, header)
        shapes = complete(grid, header, lines.items)
    role, why = role_of(grid, header)
    if choice.get("role"):
        role, why = str(choice["role"]), "人工选定"
    page = Page(grid, role, header, why=why, chosen=bool(choice.get("role")))
    if role in ("negative", "eligibility", "bonus"):
        page.entries = read_list(grid)
        page.header = list_header(grid)
    elif role == "indicators" and header is not None:
        page.lines = lines
        walk_page(page, header, shapes, set(fixed), edits)
    return page


def list_header(grid: Grid) -> Header | None:
    found = find_list_header(grid)
    if found is None:
        return None
    header = Header(found.row, found.row, texts=found.texts)
    for meaning, c in (
        ("code", found.code),
        ("title", found.title),
        ("requirement", found.text),
        ("points", found.points),
    ):
        if c is not None:
            header.columns[c] = Guess(meaning)
    return header


def walk_page(
    page: Page, header: Header, shapes: dict[int, Shape], fixed: set[int], edits: dict[str, Json]
) -> None:
    grid = page.grid
    page.plan = settle(grid, header, shapes, page.lines.items, fixed)
    legend = read_legend([*page.lines.notes, *page.lines.above])
    walk = Walk(grid, page.plan, page.lines, Details(grid, page.plan, legend), edits).run()
    page.drafts, page.warnings = walk.drafts, walk.warnings
    unsure = [c for c, guess in header.columns.items() if not guess.sure and c not in fixed]
    for c in unsure:
        text = f"{column_name(c)} 列表头“{header.texts.get(c) or '（空）'}”认不出，按内容读作“{MEANINGS[header.columns[c].meaning]}”"
        page.warnings.append(
            Warning(
                grid.place(max(header.bottom, 0), c),
                text,
                CONFIRM,
                "column_guessed",
                {"column": c, "meaning": header.columns[c].meaning},
            )
        )
    hidden = sorted(r for r in grid.sheet.hidden_rows if r in set(page.lines.items))
    if hidden:
        shown = "、".join(str(r + 1) for r in hidden[:8]) + ("…" if len(hidden) > 8 else "")
        page.warnings.append(
            Warning(
                f"{grid.name}!A{hidden[0] + 1}",
                f"第 {shown} 行是隐藏行，也读了，请核对是否保留",
                CONFIRM,
                "hidden_rows",
            )
        )
