"""One sheet after the other: header, role, and for indicators the walk down its rows."""

import re
from dataclasses import replace
from decimal import Decimal

from taizhang.kit.tables import column_name

from ..rules.bars import bars
from ..rules.captions import ends_notice
from ..rules.certainty import excerpt
from ..rules.codes import split_code
from ..rules.columns import BONUS_WORDS, ELIGIBLE_WORDS, MEANINGS, NEGATIVE_WORDS, Guess, Shape
from ..rules.legend import read_legend, read_shares
from ..rules.marks import unmark
from ..rules.numbers import points_in, squeeze
from ..rules.scoring import SURE, Grade
from ..rules.scoring_steps import usual
from ..rules.titles import split_title
from ..rules.tree import CONFIRM, INFO, Entry, Json, Warning
from .details import Details
from .grid import Grid
from .header import Header, complete, find_header, row_score
from .lines import Lines, sort_lines
from .lists import find_list_header, read_list, told_in_line
from .outline import read_outline
from .page import Page
from .plan import settle
from .roles import role_of
from .walk import Walk

MAX_LINES = 3_000  # filled rows of one sheet; the largest published standards have some hundred

__all__ = ["Page", "read_page", "read_pages"]


def read_pages(
    grid: Grid, choice: Json, edits: dict[str, Json], headers: dict[str, str] | None = None
) -> list[Page]:
    """The tables of one sheet, mostly one; a second header of another form begins a second table.

    CHOICE: a clerk's {"role", "header_rows", "columns"} for this sheet; EDITS: those of nodes; HEADERS: meaning of
    every column so headed, in the whole file (a choice for the sheet's own column counts more).
    """
    headers = {squeeze(unmark(text)): meaning for text, meaning in (headers or {}).items()}
    if grid.sheet.kind == "text":
        return [read_outline(grid, choice, edits)]
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
        return [read_page(grid, choice, edits, headers)]
    starts = table_starts(grid)
    if len(starts) < 2:
        return [read_page(grid, choice, edits, headers)]
    windows = [grid.window(a, b) for a, b in zip(starts, [*starts[1:], grid.height], strict=True)]
    return [read_page(window, choice, edits, headers) for window in windows]


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


def read_page(grid: Grid, choice: Json, edits: dict[str, Json], headers: dict[str, str]) -> Page:
    """Read one table; see read_pages. HEADERS by squeezed text."""
    header = find_header(grid, tuple(choice.get("header_rows") or ()))
    fixed = {int(c): str(meaning) for c, meaning in (choice.get("columns") or {}).items()}
    if fixed and header is None:
        header = Header(0, 0)
    if header is not None:
        for c, text in header.texts.items():
            if (named := headers.get(last_line(text))) and text:
                fixed.setdefault(c, named)
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
        lists_in_lines(page)
        walk_page(page, header, shapes, set(fixed), edits)
    return page


def lists_in_lines(page: Page) -> None:
    """Lists told in one line above or below the table go to their own."""
    used = {*page.lines.items, *page.lines.banners}
    for r in range(page.grid.height):
        cells = page.grid.filled(r)
        if r in used or len(cells) != 1:
            continue
        role, entries = told_in_line(page.grid.text(r, cells[0]), page.grid.place(r, cells[0]))
        if entries:
            page.side.setdefault(role, []).extend(entries)
    annexed(page)


def annexed(page: Page) -> None:
    """Lists below the table, one entry to a line: 附件2 / 负面清单 / 1.…"""
    role, barred = "", False
    for r in page.lines.annex:
        c = page.grid.filled(r)[0]
        text = page.grid.text(r, c)
        code, rest = split_code(text)
        if code is None:
            named = ((NEGATIVE_WORDS, "negative"), (ELIGIBLE_WORDS, "eligibility"), (BONUS_WORDS, "bonus"))
            found = next(
                (one for words, one in named if len(text) <= 30 and re.search(words, squeeze(text))), ""
            )
            barred = bars(text) or (barred and not found)
            role = found or ("" if ends_notice(text) else role)
        elif role:
            title, more = split_title(rest.rstrip("；;。 "), long=40, scored=False)
            points, _ = points_in(rest)
            entry = Entry(
                page.grid.place(r, c),
                code.text,
                title,
                more,
                abs(points) if points is not None else None,
                barred,
            )
            page.side.setdefault(role, []).append(entry)


def last_line(text: str) -> str:
    """The lowest line of a header over a column, squeezed."""
    return squeeze(text.split(" / ")[-1])


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
    by_grades(page, read_shares([*page.lines.above, *page.lines.notes]))
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
    page.warnings += said_aside(page, header)


def by_grades(page: Page, shares: dict[str, Decimal]) -> None:
    """状态描述法: what each grade earns is told once for the whole table, how it is earned in each row."""
    levels = tuple((name, share) for name, share in shares.items())
    for draft in page.leaves:
        node = draft.node
        letters = set(page.plan.lettered.values()) or {
            name
            for name in shares
            if re.search(rf"(?:^|[；;。\s]){name}\s*[档级等]?\s*[.、:：]", node.rule_text)
        }
        told = isinstance(node.rule, Grade) and node.rule != usual(name for name, _ in node.rule.levels)
        if len(letters & set(shares)) < 2 or told:
            continue
        certain = {**node.certain, "rule": SURE}
        sources = {**node.sources, "rule": excerpt(node.rule_text)}
        doubts = tuple(doubt for doubt in node.doubts if doubt != "rule_unread")
        draft.node = replace(node, rule=Grade(levels), certain=certain, sources=sources, doubts=doubts)
        page.warnings = [one for one in page.warnings if (one.kind, one.node) != ("rule_unread", node.key)]


def said_aside(page: Page, header: Header) -> list[Warning]:
    """Hidden rows and columns that were read; rows of examples and columns of points that were not."""
    grid, found = page.grid, []

    def say(r: int, c: int, text: str, kind: str, severity: str = CONFIRM) -> None:
        found.append(Warning(f"{grid.name}!{column_name(c)}{r + 1}", text, severity, kind))

    top = max(header.bottom, 0)
    if hidden := sorted(r for r in grid.sheet.hidden_rows if r in set(page.lines.items)):
        shown = "、".join(str(r + 1) for r in hidden[:8]) + ("…" if len(hidden) > 8 else "")
        say(hidden[0], 0, f"第 {shown} 行是隐藏行，也读了，请核对是否保留", "hidden_rows")
    used = {c for c, guess in header.columns.items() if guess.meaning not in ("ignore", "serial")}
    if folded := sorted(c for c in grid.sheet.hidden_columns if c in used - set(page.plan.passed_over)):
        shown = "、".join(f"{column_name(c)} 列“{header.texts.get(c) or '（空）'}”" for c in folded[:6])
        say(top, folded[0], f"{shown}是隐藏列，也读了，请核对是否保留", "hidden_columns")
    if page.lines.examples:
        shown = "、".join(str(r + 1) for r in page.lines.examples[:8])
        say(page.lines.examples[0], 0, f"第 {shown} 行是填写示例，没有读", "example_rows", INFO)
    if page.lines.struck:
        shown = "、".join(str(r + 1) for r in page.lines.struck[:8])
        say(page.lines.struck[0], 0, f"第 {shown} 行标着“旧”或“作废”，没有读，请核对", "struck_rows")
    if page.plan.passed_over and page.plan.points is not None:
        left = "、".join(f"“{header.texts.get(c, '')}”" for c in page.plan.passed_over)
        text = f"有几列分值，按“{header.texts.get(page.plan.points, '')}”读，没有用{left}"
        say(top, page.plan.points, text, "points_columns")
    return found
