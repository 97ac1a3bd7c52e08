"""What each row of a sheet is: title block, item, heading across the table, total, note, header repeated."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from ..rules.captions import names_list
from ..rules.codes import split_code
from ..rules.marks import is_layout, unmark
from ..rules.numbers import is_figure, points_in, points_of, squeeze
from .grid import Grid, as_text
from .header import Header

TOTAL = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十\d]*[)）、.]?)?.{0,12}?(合计|总计|小计|共计|总分|总和|累计)[:：]?(?:[（(].*[)）])?(?:\d+(?:\.\d+)?分?)?$"
)
EXAMPLE = re.compile(
    r"^[(（【\[]?(?:例|示例|样例|范例|举例|填写示例|填表示例|填报示例)[)）】\]]?(?:[:：\d一二]|$)"
)
#: an item that is no longer valid but still stands in the table
STRUCK = re.compile(
    r"^[(（【\[](?:旧|原|作废|已作废|废止|已废止|删除|已删除?|停用|取消|已取消|不再执行)[)）】\]]"
)
NOTE = re.compile(
    r"^(?:注|说明|备注|填表说明|附注|附|※|\*{1,2}|有关说明|评分说明|注释|使用说明|特别说明)(?:\d|一|二|[:：.、\s]|$)"
)


@dataclass
class Lines:
    """Row numbers by kind; `totals`: row -> (its words, its figure); `name` and `total` from the title block."""

    items: list[int] = field(default_factory=list)
    banners: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    totals: dict[int, tuple[str, Decimal | None]] = field(default_factory=dict)
    above: list[str] = field(default_factory=list)
    examples: list[int] = field(default_factory=list)
    struck: list[int] = field(default_factory=list)
    #: rows of an annex below the table: the title of a list and its lines
    annex: list[int] = field(default_factory=list)


def sort_lines(grid: Grid, header: Header) -> Lines:
    """Every row of GRID below and above its header, sorted by kind."""
    lines = Lines()
    heads = {squeeze(text.split(" / ")[-1]) for text in header.texts.values() if text}
    leaf_side = header.of("requirement", "rule", "needs", "methods", "cadence", "lead", "co", "tick", "scope")
    for r in range(grid.height):
        cells = grid.filled(r)
        if not cells:
            if r > header.bottom and not grid.blank(r):
                lines.items.append(r)
            elif r > header.bottom and any(grid.cell(r, c) is not None for c in header.columns):
                # wholly inside merged ranges: nothing of its own
                continue
            continue
        first = grid.text(r, cells[0])
        if r < header.top:
            lines.above.extend(grid.text(r, c) for c in cells)
            continue
        if r <= header.bottom:
            continue
        texts = [squeeze(grid.text(r, c)) for c in cells]
        if len(cells) == 1 and (is_layout(first) or says_again(first, lines.above)):
            continue
        if any(EXAMPLE.match(text) for text in texts[:2]) and len(cells) >= 3:
            lines.examples.append(r)
            continue
        if len(cells) >= 3 and any(STRUCK.match(text) for text in texts[:3]):
            lines.struck.append(r)
            continue
        if len(cells) >= 3 and sum(text in heads for text in texts) >= 0.6 * len(cells):
            continue
        if is_total(grid, header, r, cells):
            lines.totals[r] = (squeeze(first), total_figure(grid, header, r, cells))
        elif (
            NOTE.match(first)
            and len(cells) <= 2
            and len(first) > 3
            or len(cells) == 1
            and is_remark(grid, header, r, cells[0], first)
        ):
            lines.notes.append(first)
        elif is_banner(grid, header, r, cells, leaf_side):
            lines.banners.append(r)
        else:
            lines.items.append(r)
    trim_tail(grid, header, lines)
    trim_annex(grid, lines)
    return lines


def says_again(text: str, above: list[str]) -> bool:
    """The title of the table repeated on a further page, perhaps with （续）."""
    said = squeeze(unmark(text))
    return len(said) >= 6 and any(said == squeeze(unmark(line)) for line in above)


def is_total(grid: Grid, header: Header, r: int, cells: list[int]) -> bool:
    words = [c for c in cells if isinstance(grid.own(r, c), str)]
    if not words or len(words) > 3:
        return False
    return any(
        TOTAL.match(squeeze(grid.text(r, c))) and len(squeeze(grid.text(r, c))) <= 18 for c in words[:2]
    ) and not any(len(grid.text(r, c)) > 24 for c in words)


def total_figure(grid: Grid, header: Header, r: int, cells: list[int]) -> Decimal | None:
    for c in [*header.of("points"), *cells]:
        cell = grid.own(r, c) if c < grid.width else None
        if cell is not None and not (
            isinstance(cell, str) and TOTAL.match(squeeze(cell)) and not re.search(r"\d", cell)
        ):
            value = points_of(cell)
            if value is None and isinstance(cell, str) and (m := re.search(r"(\d+(?:\.\d+)?)", cell)):
                value = Decimal(m.group(1))
            if value is not None:
                return value
    return None


def is_remark(grid: Grid, header: Header, r: int, c: int, text: str) -> bool:
    """A long sentence across the table without an ordinal: no heading, no item."""
    wide = grid.origin(r, min(c + 2, grid.width - 1)) == (r, c)
    ordinal, _ = split_code(text)
    return wide and ordinal is None and len(text) > 40 and points_in(text, loose=True)[0] is None


def is_banner(grid: Grid, header: Header, r: int, cells: list[int], leaf_side: list[int]) -> bool:
    """A heading between the items: 一、组织领导（20分）, alone in its row or with its points."""
    texts = [c for c in cells if isinstance(grid.own(r, c), str) and not is_figure(grid.own(r, c))]
    if not texts or len(texts) > 2:
        return False
    c = texts[-1]
    text = grid.text(r, c)
    ordinal, rest = split_code(text)
    wide = sum(grid.origin(r, d) == grid.origin(r, c) for d in range(grid.width)) >= 3
    if len(texts) == 2:
        # an ordinal in a column of its own: 一 | 组织领导 | | 20
        before, after = split_code(grid.text(r, texts[0]))
        if before is None or after or before.style not in ("cn", "cn_paren", "roman", "part"):
            return False
        return not any(d in leaf_side for d in texts) and len(text) <= 40
    if any(d in leaf_side for d in cells if d != c) or grid.last_row(r, c) > r:
        return False
    if wide:
        return len(text) <= 60 or ordinal is not None
    if c in leaf_side and c not in header.of("requirement"):
        return False
    if ordinal and ordinal.style in ("cn", "cn_paren", "roman", "part", "letter"):
        return len(rest) <= 60
    in_front = (
        c == min(header.columns, default=0)
        or header.columns.get(c) is not None
        and header.columns[c].meaning in ("area", "section", "serial", "code")
    )
    named = points_in(text, loose=True)[0] is not None
    return len(cells) == 1 and (named or in_front) and len(text) <= 40 and no_item_beside(grid, header, r, c)


def no_item_beside(grid: Grid, header: Header, r: int, c: int) -> bool:
    """Nothing of an item stands in the row, not even from a merged range above or in the rows right below."""
    tree = [d for d in header.of("title", "requirement", "section", "subsection") if d != c]
    return not any(grid.cell(r, d) is not None and grid.origin(r, d) != grid.origin(r, c) for d in tree)


ANNEX = re.compile(r"^(?:附件|附表|附录)[\d一二三四五六七八九十]*(?:[:：].*)?$")


def trim_annex(grid: Grid, lines: Lines) -> None:
    """Headings below the last item, from 附件2 or the name of a list on, are no part of the tree."""
    last = max([*lines.items, *lines.totals], default=-1)
    for r in sorted(lines.banners):
        cells = grid.filled(r)
        text = grid.text(r, cells[0]) if cells else ""
        if r > last and len(cells) == 1 and (ANNEX.match(squeeze(text)) or names_list(text)):
            for after in [one for one in lines.banners if one >= r]:
                lines.banners.remove(after)
                lines.annex.append(after)
            return


def trim_tail(grid: Grid, header: Header, lines: Lines) -> None:
    """Rows after the last item that only sign or date the sheet are notes."""
    points = header.of("points")
    while lines.items:
        r = lines.items[-1]
        cells = grid.filled(r)
        text = " ".join(as_text(grid.own(r, c)) for c in cells)
        signs = re.findall(
            r"(?:填表|填报|审核|签字|签名|盖章|负责|联系|分管|考评组|检查组|制表|评分)[\u4e00-\u9fff]{0,6}\s*[:：]|日期\s*[:：]|年\s*月\s*日|(?:签字|签名|盖章)",
            text,
        )
        if (
            not signs
            or len(cells) > 2 * len(signs)
            or any(points_of(grid.own(r, c)) is not None for c in points)
        ):
            break
        lines.notes.append(text)
        lines.items.pop()
