"""A file of an assessment standard -> Reading: the one door of this package."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from taizhang.kit.errors import Refused
from taizhang.kit.tables import Book, Sheet, read_book

from ..rules.bars import understand
from ..rules.captions import caption, form_of
from ..rules.check import check, total_of
from ..rules.codes import split_code
from ..rules.columns import BONUS_WORDS, ELIGIBLE_WORDS, NEGATIVE_WORDS
from ..rules.marks import unmark
from ..rules.mend import mend, order
from ..rules.numbering import number
from ..rules.numbers import points_in, show, squeeze
from ..rules.scoring import LIKELY
from ..rules.tree import CONFIRM, INFO, Choices, Entry, Node, Reading, Warning
from .aside import no_points, plain_title, refuse_without_points, set_aside
from .cards import lay_out
from .cuts import join_words, rejoin
from .exchange import as_book, from_book, from_bytes, is_json, is_own
from .grid import Grid
from .leaves import Draft
from .lists import from_nodes, tidy
from .pages import Page, read_pages
from .roles import is_generic
from .sanity import doubt_titles, regroup
from .spread import spread
from .totals import stated_in, total_rows
from .unsure import unsure
from .weights import as_points

MAX_CELL = 5_000  # characters; the longest item of a published standard has some two thousand
MAX_LONG = 20  # rows with a cell that is longer
OFFICE = re.compile(r"^[\u4e00-\u9fff]{1,12}(?:处|室|科|部|局|股|办|中心|支队|大队|工会|团委)$")


def read(data: bytes, filename: str, choices: Choices | None = None, book: Book | None = None) -> Reading:
    """Read a standard from the bytes of a file of any kind. CHOICES are a clerk's corrections from before.
    BOOK: what open_book() made of it, if somebody has opened it already.

    The same bytes and choices always give the same Reading. Refused when the file cannot be opened or holds no
    sheet of indicators; every smaller doubt is a warning in the Reading.
    """
    if is_json(data):
        return mend(from_bytes(data, filename)[0], choices or Choices())
    return read_from(book or open_book(data, filename), filename, choices)


def read_from(book: Book, filename: str, choices: Choices | None = None) -> Reading:
    """A standard from the sheets of a file already opened; see read()."""
    choices = choices or Choices()
    if is_own(book):
        return mend(from_book(book, filename)[0], choices)
    pages, used = read_sheets(book.sheets, choices)
    if not used and (texts := [as_text_sheet(sheet) for sheet in book.sheets]) != book.sheets:
        # an outline typed into the first column of a sheet, one line to a row
        again, found = read_sheets(texts, choices)
        pages, used = (again, found) if found else (pages, used)
    if not used:
        refuse(book, pages)
    if not choices.headers and not any(choices.sheets.values()) and no_points(used):
        refuse_without_points(used)
    reading = assemble(book, pages, used, filename)
    return mend(reading, choices)


def open_book(data: bytes, filename: str, seen: Mapping[int, dict[str, Any]] | None = None) -> Book:
    """The file as the sheets it holds; our own JSON is shown as the workbook it would be. SEEN: see kit.tables.read_book."""
    if is_json(data):
        return as_book(*from_bytes(data, filename))
    book = read_book(data, filename, seen)
    return book if is_own(book) else with_short_cells(book)


def with_short_cells(book: Book) -> Book:
    """BOOK with no cell longer than MAX_CELL, and the word about it: texts are understood by patterns, which take too
    long on what is no item of a standard."""
    long = [
        f"“{sheet.name}”第 {r} 行"
        for sheet in book.sheets for r, row in enumerate(sheet.rows, start=1)
        if any(isinstance(cell, str) and len(cell) > MAX_CELL for cell in row)
    ]  # fmt: skip
    if not long:
        return book
    if len(long) > MAX_LONG:
        raise Refused(f"有 {len(long)} 行里的一格超过 {MAX_CELL} 字，不像测评标准，先是{long[0]}。请检查文件")
    sheets = [
        replace(sheet, rows=[[cell[:MAX_CELL] if isinstance(cell, str) else cell for cell in row] for row in sheet.rows])
        for sheet in book.sheets
    ]  # fmt: skip
    note = f"{'、'.join(long[:5])}有一格超过 {MAX_CELL} 字，只读了前 {MAX_CELL} 字，请核对"
    return replace(book, sheets=sheets, notes=[*book.notes, note])


def read_sheets(sheets: list[Sheet], choices: Choices) -> tuple[list[Page], list[Page]]:
    """(every page, those that hold the standard)."""
    pages = [
        page
        for sheet in laid_out(sheets, choices)
        for page in read_pages(
            Grid(sheet), choices.sheets.get(sheet.name) or {}, choices.nodes, choices.headers
        )
    ]
    set_aside(pages)
    return pages, [page for page in pages if page.role == "indicators"]


def laid_out(sheets: list[Sheet], choices: Choices) -> list[Sheet]:
    """SHEETS with cut rows joined, cards as rows and outlines in cells as lines. A clerk's header keeps a table."""
    whole = [lay_out(rejoin(join_words(sheet))) for sheet in sheets]
    fixed = {name for name, said in choices.sheets.items() if said.get("header_rows") or said.get("columns")}
    return [sheet if sheet.name in fixed else spread(sheet) for sheet in whole]


def as_text_sheet(sheet: Sheet) -> Sheet:
    """A sheet with one filled cell to a row, taken as running text; any other as it is."""
    filled = [sum(cell is not None for cell in row) for row in sheet.rows]
    if sheet.kind == "text" or sum(filled) < 3 or sum(count > 1 for count in filled) > 0.05 * len(filled):
        return sheet
    return replace(sheet, kind="text", merges=[])


def refuse(book: Book, pages: list[Page]) -> None:
    names = "、".join(f"“{page.grid.name}”（{page.why or '没有指标'}）" for page in pages[:12])
    more = f"等 {len(pages)} 张表" if len(pages) > 12 else ""
    notes = "；" + "；".join(book.notes) if book.notes else ""
    raise Refused(
        f"没有找到测评指标表。看过的表：{names}{more}{notes}。要找的是：有表头，表头里有“测评项目、测评内容、测评标准”一类的列，并有“分值”列或文字里写明分值的表。"
        "请检查文件，或在“对列”中指定表头所在的行和各列的含义"
    )


# --- one tree from several sheets


def assemble(book: Book, pages: list[Page], used: list[Page], filename: str) -> Reading:
    drafts: list[Draft] = []
    by_office = all_departments(used)
    for page in used:
        if by_office:
            led_by(page, unmark(page.grid.name).strip())
        drafts += under_sheet_area(page, used)
    drafts = join_same(drafts)
    drafts, side = side_lists(drafts)
    warnings = [Warning(filename, note, INFO, "file") for note in book.notes]
    for page in pages:
        warnings += page.warnings if page in used else []
        if page.grid.sheet.hidden:
            warnings.append(
                Warning(
                    page.grid.name,
                    f"工作表“{page.grid.name}”是隐藏的，{'也读了' if page in used else '没有读'}",
                    CONFIRM,
                    "hidden_sheet",
                )
            )
        elif page.role == "ignored" and page.why != "空表":
            warnings.append(
                Warning(page.grid.name, f"工作表“{page.grid.name}”{page.why}", INFO, "sheet_ignored")
            )
    drafts, headings = regroup(
        drafts, stated_in(pages, used, filename, total_of(one.node for one in drafts))[0]
    )
    warnings = [one for one in warnings if one.node not in headings]
    scaled, percent = as_points(drafts, used)
    ordered = order([draft.node for draft in scaled])
    printed = {draft.node.key: draft.ordinal for draft in scaled}
    nodes, twice = number(ordered, printed, set())
    warnings += percent + twice
    nodes = doubt_titles(nodes, warnings)
    stated, place = stated_in(pages, used, filename, total_of(nodes))
    warnings += unsure(book, nodes)
    warnings += total_rows(used, nodes, stated) + check(nodes, stated, place) + without_cadence(nodes)
    lists: dict[str, list[Entry]] = {
        role: tidy(
            [one for page in pages if page.role == role for one in page.entries]
            + [one for page in pages for one in page.side.get(role, [])]
            + side[role]
        )
        for role in ("negative", "eligibility", "bonus")
    }
    return Reading(
        name=name_of(pages, used, filename),
        stated_total=stated,
        total=total_of(nodes),
        sheets=[page.reading() for page in pages],
        nodes=nodes,
        negatives=[understand(one) for one in lists["negative"]],
        eligibility=lists["eligibility"],
        bonuses=[understand(one) for one in lists["bonus"]],
        warnings=sort_warnings(warnings),
    )


def without_cadence(nodes: list[Node]) -> list[Warning]:
    """One word for all items that name no period: they will be due once a year unless a clerk says otherwise."""
    without = [
        node
        for node in nodes
        if node.is_leaf and node.cadence is None and "cadence_unread" not in node.doubts
    ]
    if not without:
        return []
    return [
        Warning(
            without[0].where, f"有 {len(without)} 项没有写多久一次，请在核对时补上", INFO, "cadence_missing"
        )
    ]


def sort_warnings(warnings: list[Warning]) -> list[Warning]:
    rank = {"must": 0, "confirm": 1, "info": 2}
    return sorted(warnings, key=lambda warning: rank[warning.severity])


def under_sheet_area(page: Page, used: list[Page]) -> list[Draft]:
    """The sheet's nodes; below an area named like the sheet if the standard has one sheet for each area."""
    tops = [draft for draft in page.drafts if draft.node.parent is None]
    if (headed := heads_first(page, tops)) is not None:
        return headed
    if (
        len(used) == 1
        or page.grid.sheet.kind == "text"
        or page.plan.explicit_area
        or (len(tops) == 1 and not tops[0].node.is_leaf and not named_like_others(page, tops[0], used))
    ):
        return page.drafts
    sheet_name = unmark(page.grid.name)
    name = plain_title(sheet_name)
    heading = next((text for text in page.lines.above if is_heading(text)), None)
    if heading is None and is_generic(sheet_name):
        return page.drafts
    titles = [text for text in page.lines.above if name in squeeze(text) and len(text) < 60]
    named_by = next((text for text in titles if points_in(text, loose=True)[0] is not None), None)
    heading = heading or named_by or (sheet_name if all_departments(used) else next(iter(titles), sheet_name))
    if points_in(heading, loose=True)[0] is None and (named := points_in(page.grid.name, loose=True)[0]):
        heading = f"{heading}（{show(named)}分）"
    return [area_above(page, heading, tops), *page.drafts]


def named_like_others(page: Page, top: Draft, used: list[Page]) -> bool:
    """A table with one group lies under its caption too, where tables beside it with several groups lie under theirs."""
    heading = next((text for text in page.lines.above if is_heading(text)), None)
    own = plain_title(caption(heading or ("" if is_generic(unmark(page.grid.name)) else page.grid.name)))
    if not own or own in squeeze(top.node.title) or squeeze(top.node.title) in own:
        return False
    return any(
        len(highest(other)) > 1 for other in used if other is not page and other.grid.sheet.kind != "text"
    )


def highest(page: Page) -> list[Draft]:
    """Groups of the sheet with nothing of the sheet above them."""
    own = {draft.node.key for draft in page.drafts}
    return [draft for draft in page.drafts if draft.node.parent not in own and not draft.node.is_leaf]


def led_by(page: Page, office: str) -> None:
    """The department that a sheet is named after leads all that stands in it."""
    for draft in page.leaves:
        node = draft.node
        if not node.lead:
            certain, sources = {**node.certain, "lead": LIKELY}, {**node.sources, "lead": office}
            draft.node = replace(node, lead=office, certain=certain, sources=sources)


def all_departments(used: list[Page]) -> bool:
    """One sheet for each department, named after it, and no column that says who answers."""
    return len(used) > 1 and all(
        OFFICE.search(squeeze(unmark(page.grid.name))) and not page.plan.fields.get("lead") for page in used
    )


def heads_first(page: Page, tops: list[Draft]) -> list[Draft] | None:
    """Items before the first heading of a table belong to a heading that stands above the table's header."""
    orphans = [draft for draft in tops if draft.node.is_leaf]
    groups = [draft for draft in tops if not draft.node.is_leaf]
    if not orphans or not groups or page.grid.sheet.kind == "text":
        return None
    heading = next((text for text in reversed(page.lines.above) if is_heading(text)), None)
    forms = {form for draft in groups if "#" in (form := form_of(draft.node.title))}
    if alike := next(
        (text for text in reversed(page.lines.above) if form_of(plain_title(text)) in forms), None
    ):
        return [area_above(page, alike, orphans), *page.drafts]
    ordinal = split_code(heading)[0] if heading else None
    styles = {draft.ordinal.style for draft in groups if draft.ordinal}
    if heading is None or ordinal is None or ordinal.style not in styles:
        return None
    return [area_above(page, heading, orphans), *page.drafts]


def area_above(page: Page, heading: str, tops: list[Draft]) -> Draft:
    """An area named by HEADING, with TOPS put under it."""
    points, rest = points_in(caption(heading), loose=True)
    ordinal, title = split_code(rest)
    top = next((r for r in range(page.grid.height) if page.grid.filled(r)), 0)
    key = where = f"{page.grid.name}!A{top + 1}"
    while any(draft.node.key == key for draft in page.drafts):
        key += "^"
    node = Node(key, None, 1, "", "", title or rest, "", points, points is not None, where=where)
    for draft in tops:
        draft.node = replace(draft.node, parent=key)
    return Draft(node, ordinal)


def is_heading(text: str) -> bool:
    """A line above a table that names the part it holds: 一、组织领导（20分）, 第二部分 实地考察."""
    ordinal, rest = split_code(text)
    return (
        len(text) <= 40
        and bool(rest)
        and ordinal is not None
        and ordinal.style in ("cn", "part", "roman", "cn_paren")
    )


def join_same(drafts: list[Draft]) -> list[Draft]:
    """Areas of one name in several sheets are one area; the first states its points."""
    first: dict[str, str] = {}
    moved: dict[str, str] = {}
    out = []
    for draft in drafts:
        node = draft.node
        if node.parent in moved:
            draft.node = node = replace(node, parent=moved[node.parent or ""])
        if node.parent is None and not node.is_leaf:
            name = squeeze(node.title)
            if name in first:
                moved[node.key] = first[name]
                continue
            first[name] = node.key
        out.append(draft)
    return out


def side_lists(drafts: list[Draft]) -> tuple[list[Draft], dict[str, list[Entry]]]:
    """Areas inside the tree that are bonus, bar or condition leave it for their own lists."""
    side: dict[str, list[Entry]] = {"negative": [], "eligibility": [], "bonus": []}
    gone: dict[str, str] = {}
    for draft in drafts:
        node = draft.node
        if node.parent in gone:
            gone[node.key] = gone[node.parent or ""]
        elif not node.is_leaf and (role := side_role(draft, drafts)):
            gone[node.key] = role
    for role, entries in side.items():
        entries += from_nodes([draft.node for draft in drafts if gone.get(draft.node.key) == role])
    return [draft for draft in drafts if draft.node.key not in gone], side


def side_role(draft: Draft, drafts: list[Draft]) -> str | None:
    title = squeeze(draft.node.title)
    if len(title) > 24:
        return None
    if re.search(BONUS_WORDS, title) and not re.search(r"扣分", title):
        return "bonus"
    below = {draft.node.key}
    positive = False
    for other in drafts:
        if other.node.parent in below:
            below.add(other.node.key)
            positive = positive or (other.node.points or 0) > 0
    if positive:
        return None
    if re.search(NEGATIVE_WORDS, title) or re.search(r"扣分项|惩戒|减分", title):
        return "negative"
    return "eligibility" if re.search(ELIGIBLE_WORDS, title) else None


def name_of(pages: list[Page], used: list[Page], filename: str) -> str:
    """The standard's name: from the title block, from a cover, else from the file's name."""
    telling = re.compile(r"标准|体系|细则|办法|指标|测评|考核|考评|评分|评价")
    wordy = [page for page in pages if page.role == "notes"]
    sources = [text for page in used for text in page.lines.above]
    sources += [
        page.grid.text(r, c)
        for page in wordy
        for r in range(min(12, page.grid.height))
        for c in page.grid.filled(r)
    ]
    for text in sources:
        flat = re.sub(r"\s+", "", text)
        if issued := re.match(r"^关于.{0,6}[《〈]([^》〉]{6,60})[》〉]", flat):
            flat = issued.group(1)
        if (
            telling.search(flat)
            and 6 <= len(flat) <= 60
            and not re.match(r"^(附件|附表|注|说明|填报|单位|目录)", flat)
            and not re.search(r"[。；]", flat)
        ):
            return re.sub(r"[(（\[【][^)）\]】]*\d\s*分[^)）\]】]*[)）\]】]", "", flat).strip("：:")
    return PurePath(filename.replace("\\", "/")).stem or "测评标准"
