"""A file of an assessment standard -> Reading: the one door of this package."""

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import PurePath

from taizhang.kit.errors import Refused
from taizhang.kit.tables import Book, read_book

from ..rules.check import check, total_of
from ..rules.codes import split_code
from ..rules.columns import BONUS_WORDS, ELIGIBLE_WORDS, NEGATIVE_WORDS
from ..rules.mend import mend, order
from ..rules.numbering import number
from ..rules.numbers import points_in, squeeze
from ..rules.tree import CONFIRM, INFO, Choices, Entry, Node, Reading, Warning
from .grid import Grid
from .leaves import Draft
from .lists import from_nodes
from .pages import Page, read_pages
from .roles import SUMMARY_NAME, is_generic
from .totals import stated_in, total_rows
from .weights import as_points


def read(data: bytes, filename: str, choices: Choices | None = None) -> Reading:
    """Read a standard from the bytes of an xlsx or csv file. CHOICES are a clerk's corrections from before.

    The same bytes and choices always give the same Reading. Refused when the file cannot be opened or holds no
    sheet of indicators; every smaller doubt is a warning in the Reading.
    """
    book = read_book(data, filename)
    choices = choices or Choices()
    pages = [
        page
        for sheet in book.sheets
        for page in read_pages(Grid(sheet), choices.sheets.get(sheet.name) or {}, choices.nodes)
    ]
    set_aside(pages)
    used = [page for page in pages if page.role == "indicators"]
    if not used:
        refuse(book, pages)
    reading = assemble(book, pages, used, filename)
    return mend(reading, choices)


def refuse(book: Book, pages: list[Page]) -> None:
    names = "、".join(f"“{page.grid.name}”（{page.why or '没有指标'}）" for page in pages[:12])
    more = f"等 {len(pages)} 张表" if len(pages) > 12 else ""
    notes = "；" + "；".join(book.notes) if book.notes else ""
    raise Refused(
        f"没有找到测评指标表。看过的表：{names}{more}{notes}。要找的是：有表头，表头里有“测评项目、测评内容、测评标准”一类的列，并有“分值”列或文字里写明分值的表。"
        "请检查文件，或在“对列”中指定表头所在的行和各列的含义"
    )


# --- which sheets count


def set_aside(pages: list[Page]) -> None:
    """Hidden sheets, sheets without points, summaries and repetitions are not read a second time."""
    found = [page for page in pages if page.role == "indicators"]
    for page in found:
        if not page.leaves and not page.chosen:
            page.role, page.why = "notes", "没有读到指标"
    found = [page for page in found if page.role == "indicators"]
    visible = [page for page in found if not page.grid.sheet.hidden or page.chosen]
    for page in found:
        if visible and page not in visible:
            page.role, page.why = "ignored", "隐藏的表，没有读"
    found = visible or found
    pointed = [
        page
        for page in found
        if sum(draft.node.points is not None for draft in page.leaves) >= max(1, 0.3 * len(page.leaves))
    ]
    for page in found:
        if pointed and page not in pointed and not page.chosen:
            page.role, page.why = "notes", "没有分值"
    found = pointed or found
    for page in sorted(found, key=lambda page: (len(page.leaves), page.richness)):
        others = [other for other in found if other is not page and other.role == "indicators"]
        if not others or page.chosen:
            continue
        if why := repeats(page, others):
            page.role, page.why = "ignored", why


def repeats(page: Page, others: list[Page]) -> str:
    """Why PAGE only repeats what OTHERS hold, or nothing."""
    known = {plain_title(draft.node.title) for other in others for draft in other.drafts} | {
        plain_title(other.grid.name) for other in others
    }
    titles = [plain_title(draft.node.title) for draft in page.leaves]
    same = sum(title in known for title in titles)
    many = sum(len(other.leaves) for other in others)
    if titles and same >= 0.6 * len(titles):
        return "与其他表重复（汇总或另一份），没有再读"
    total = total_of(draft.node for draft in page.leaves)
    if (
        SUMMARY_NAME.search(page.grid.name)
        and len(titles) < many
        and total == sum((total_of(d.node for d in other.leaves) for other in others), Decimal(0))
    ):
        return "汇总表，分值与其他表合计相同，没有再读"
    return ""


def plain_title(text: str) -> str:
    """A title without code, points and blanks, for comparing."""
    _, rest = points_in(text, loose=True)
    _, title = split_code(rest)
    return squeeze(title or rest)


# --- one tree from several sheets


def assemble(book: Book, pages: list[Page], used: list[Page], filename: str) -> Reading:
    drafts: list[Draft] = []
    for page in used:
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
    scaled, percent = as_points(drafts, used)
    ordered = order([draft.node for draft in scaled])
    printed = {draft.node.key: draft.ordinal for draft in scaled}
    nodes, twice = number(ordered, printed, set())
    warnings += percent + twice
    stated, place = stated_in(pages, used, filename, total_of(nodes))
    warnings += total_rows(used, nodes, stated) + check(nodes, stated, place) + without_cadence(nodes)
    lists: dict[str, list[Entry]] = {
        role: [one for page in pages if page.role == role for one in page.entries] + side[role]
        for role in ("negative", "eligibility", "bonus")
    }
    return Reading(
        name=name_of(pages, used, filename),
        stated_total=stated,
        total=total_of(nodes),
        sheets=[page.reading() for page in pages],
        nodes=nodes,
        negatives=lists["negative"],
        eligibility=lists["eligibility"],
        bonuses=lists["bonus"],
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
    if len(used) == 1 or page.plan.explicit_area or (len(tops) == 1 and not tops[0].node.is_leaf):
        return page.drafts
    name = plain_title(page.grid.name)
    heading = next((text for text in page.lines.above if is_heading(text)), None)
    if heading is None and is_generic(page.grid.name):
        return page.drafts
    heading = heading or next(
        (text for text in page.lines.above if name in squeeze(text) and len(text) < 60), page.grid.name
    )
    points, rest = points_in(heading, loose=True)
    if points is None:
        points = points_in(page.grid.name, loose=True)[0]
    ordinal, title = split_code(rest)
    top = next((r for r in range(page.grid.height) if page.grid.filled(r)), 0)
    where = f"{page.grid.name}!A{top + 1}"
    key = where
    while any(draft.node.key == key for draft in page.drafts):
        key += "^"
    area = Draft(
        Node(key, None, 1, "", "", title or rest, "", points, points is not None, where=where), ordinal
    )
    for draft in tops:
        draft.node = replace(draft.node, parent=key)
    return [area, *page.drafts]


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
        if (
            telling.search(flat)
            and 6 <= len(flat) <= 60
            and not re.match(r"^(附件|附表|注|说明|填报|单位|目录)", flat)
            and not re.search(r"[。；]", flat)
        ):
            return re.sub(r"[(（\[【][^)）\]】]*\d\s*分[^)）\]】]*[)）\]】]", "", flat).strip("：:")
    return PurePath(filename.replace("\\", "/")).stem or "测评标准"
