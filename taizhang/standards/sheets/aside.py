"""Which sheets of a file hold the standard, and which only repeat it, look like it, or hold no points."""

import re
from decimal import Decimal

from taizhang.kit.errors import Refused

from ..rules.check import total_of
from ..rules.codes import split_code
from ..rules.numbers import fold, points_in, squeeze
from .pages import Page
from .roles import SUMMARY_NAME, decoy

POINTS_WORD = re.compile(
    r"分值|满分|总分|权重|标准分|基本分|基础分|百分制|\d\s*分(?!钟|之|公|局|厅|会|行|支|管|类|组|队|院|校|区|工|别|级|期|批)"
)


ASSESSES = re.compile(r"测评|考核|考评|评价|评分|评估|指标")


def no_points(used: list[Page]) -> bool:
    """No item has points, and no word of points stands in any sheet read: a list of people or groups, no standard.

    A skeleton that leaves the points to each province is known by two headers that speak of assessing.
    """
    if any(draft.node.points is not None for page in used for draft in page.leaves):
        return False
    heads = [text for page in used if page.header for text in page.header.texts.values()]
    if sum(bool(ASSESSES.search(text)) for text in heads) >= 2:
        return False
    return not any(
        isinstance(cell, str) and POINTS_WORD.search(fold(cell))
        for page in used
        for row in page.grid.rows
        for cell in row
    )


def refuse_without_points(used: list[Page]) -> None:
    names = "、".join(f"“{page.grid.name}”" for page in used[:6])
    raise Refused(
        f"{names}里有条目，但没有一项写着分值，也没有“分值、权重、满分”一类的列，不像测评标准。"
        "请检查是不是选错了文件；确实是标准的，请在“对列”中指定各列的含义"
    )


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
    found = set_decoys_aside(visible or found)
    pointed = [
        page
        for page in found
        if sum(draft.node.points is not None for draft in page.leaves) >= max(1, 0.3 * len(page.leaves))
    ]
    for page in found:
        if pointed and page not in pointed and not page.chosen:
            page.role, page.why = "notes", "没有分值"
    found = set_text_aside(pointed or found)
    for page in sorted(found, key=lambda page: (len(page.leaves), page.richness)):
        others = [other for other in found if other is not page and other.role == "indicators"]
        if not others or page.chosen:
            continue
        if why := repeats(page, others):
            page.role, page.why = "ignored", why


def set_decoys_aside(found: list[Page]) -> list[Page]:
    """Examples, old versions and results are not read where another sheet holds the standard."""
    why = {id(page): decoy(page.grid.name, page.lines.above) for page in found if not page.chosen}
    left = [page for page in found if not why.get(id(page))]
    if not left:
        return found
    for page in found:
        if page not in left:
            page.role, page.why = "ignored", why[id(page)]
    return left


def set_text_aside(found: list[Page]) -> list[Page]:
    """The text around tables is a standard of its own only if it holds items with points that the tables do not."""
    tables = [page for page in found if page.grid.sheet.kind != "text"]
    known = {plain_title(draft.node.title) for page in tables for draft in page.drafts}
    items = [draft for page in tables for draft in page.leaves]
    for page in [page for page in found if page not in tables and not page.chosen and tables]:
        new = [draft for draft in page.leaves if draft.node.points is not None]
        new = [draft for draft in new if plain_title(draft.node.title) not in known]
        same = total_of(draft.node for draft in page.leaves) == total_of(draft.node for draft in items)
        if same or len(new) < max(3, len(items) / 10) or 2 * len(new) < len(page.leaves):
            page.role, page.why, page.drafts = "notes", "表格之外的文字，没有另外的指标", []
    return [page for page in found if page.role == "indicators"]


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
