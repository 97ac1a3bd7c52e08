"""What a column means where its header leaves it open: told by the cells below it."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from .choices import Choices
from .columns import PERIOD
from .facts import Facts
from .grid import Grid, Header
from .plan import GUESS, LIKELY, SURE
from .states import looks_like_states
from .texts import Index, bare, folded

SMALL = 30
#: headers under which a bare number is a share of the work
SHARE = re.compile(r"率|百分比|比例|进度|进展|[%％]|完成(?:情况|度)|状态")
BEFORE = re.compile(r"去年|上年|往年|历史|同期")


class Likeness:
    """The items' words, areas and sections: what tells a column of matters from one of headings."""

    def __init__(self, facts: Facts) -> None:
        self.items = Index([[one.title, one.requirement, one.title + one.requirement] for one in facts.items])
        self.areas = {folded(bare(one.area)) for one in facts.items if one.area}
        self.sections = {folded(bare(one.section)) for one in facts.items if one.section}
        self.codes = {one.code for one in facts.items} | {one.no for one in facts.items}

    def of_column(self, texts: Sequence[str]) -> tuple[float, float, float]:
        """How far the texts of a column are (areas, sections, items): mean likeness 0 to 1."""
        distinct = list(dict.fromkeys(texts))
        sample = distinct[:: max(1, len(distinct) // SMALL)][:SMALL]
        if not sample:
            return 0.0, 0.0, 0.0
        areas = sections = items = 0.0
        for text in sample:
            said = folded(bare(text))
            areas += said in self.areas or any(
                len(said) > 3 and (said in one or one in said) for one in self.areas
            )
            sections += said in self.sections
            near = self.items.near([bare(text)], 1)
            items += near[0][0] if near else 0.0
        return areas / len(sample), sections / len(sample), items / len(sample)


def settle(grid: Grid, header: Header, lines: list[int], likeness: Likeness, choices: Choices) -> None:
    """What headers leave open is settled by what stands below: 测评项目 is an area here and a matter there."""

    def texts(c: int) -> list[str]:
        return [text for r in lines if (text := grid.text(r, c)) and grid.origin(r, c)[0] == r]

    fixed = {c for c, key in header.keys.items() if key in choices.columns}
    _shares(grid, header, lines)
    _periods(header, texts, fixed)
    # 完成时间 beside 计划完成时间 is when it was done
    due = [c for c in header.of("due_on") if c not in fixed]
    if len(due) > 1:
        plan = [c for c in due if re.search(r"计划|时限|期限|截止|限|要求|预计|节点", header.keys[c])]
        for c in due:
            if plan and c not in plan:
                header.fields[c], header.certain[c] = "closed_on", LIKELY
    for c in header.of("progress"):
        if c not in fixed and looks_like_states(texts(c)) >= 0.8:
            header.fields[c], header.certain[c] = (
                ("state", LIKELY) if not header.of("state") else ("progress", LIKELY)
            )
    for c in header.of("state"):
        said = texts(c)
        if (
            c not in fixed
            and c not in header.periods
            and said
            and looks_like_states(said) < 0.3
            and sum(map(len, said)) > 10 * len(said)
        ):
            header.fields[c], header.certain[c] = "progress", LIKELY
    states = [c for c in header.of("state") if c not in fixed and c not in header.periods]
    if len(states) > 1:
        best = max(states, key=lambda c: looks_like_states(texts(c)))
        header.fields |= {c: "progress" for c in states if c != best}
    if not header.of("state"):
        for c in header.of("remark", ""):
            unsaid = header.fields[c] == "remark" or header.certain.get(c) == GUESS
            if unsaid and c not in fixed and len(texts(c)) >= 3 and looks_like_states(texts(c)) >= 0.8:
                header.fields[c], header.certain[c] = "state", LIKELY
                break
    # columns of texts, by what the items say
    open_ = [
        c
        for c in header.keys
        if c not in fixed and header.fields.get(c) in ("area", "section", "title", "requirement", "")
    ]
    scores = {
        c: likeness.of_column([t for t in texts(c) if re.search(r"[\u4e00-\u9fff]{2}", t)]) for c in open_
    }
    named = {c: header.fields[c] for c in open_}
    for c in open_:
        area, section, item = scores[c]
        if named[c] == "" and header.certain.get(c) != GUESS:
            continue  # 材料要求 and the like say what they are
        if area >= 0.6 and area >= section:
            header.fields[c], header.certain[c] = "area", SURE
        elif section >= 0.5 and section >= item - 0.3:
            header.fields[c], header.certain[c] = "section", SURE
        elif item >= 0.45 and named[c] in ("", "area", "section"):
            header.fields[c], header.certain[c] = "title", LIKELY if item < 0.7 else SURE
    if not header.of("title", "requirement"):
        # nobody is headed as the matter: the column of the most and longest different texts
        texts_of = [c for c in header.of("section", "area") if c not in fixed]
        if texts_of:
            best = max(texts_of, key=lambda c: (len(set(texts(c))), sum(map(len, texts(c)))))
            header.fields[best], header.certain[best] = "title", LIKELY
    titles = [c for c in header.of("title") if c not in fixed]
    if len(titles) > 1:
        # the shorter one names it, the longer one says what is asked; 措施 and the like stay behind it
        by_item = sorted(titles, key=lambda c: -(scores.get(c, (0, 0, 0))[2]))
        lengths = {c: sum(map(len, texts(c))) / max(1, len(texts(c))) for c in titles}
        pair = by_item[:2]
        short = min(pair, key=lambda c: lengths[c])
        for c in titles:
            if c != short:
                header.fields[c] = "requirement"


def _shares(grid: Grid, header: Header, lines: list[int]) -> None:
    """完成率 of 0.8 or 80: a spreadsheet shows 80%, but keeps a bare number. From here on it reads 80%."""
    for c, head in header.keys.items():
        if not SHARE.search(head) or header.fields.get(c) in ("due_on", "closed_on", "code", "serial"):
            continue
        cells = [cell for r in lines if (cell := grid.cell(r, c)) is not None and grid.origin(r, c)[0] == r]
        shares = [
            Decimal(cell) for cell in cells if isinstance(cell, (int, Decimal)) and not isinstance(cell, bool)
        ]
        if not shares or len(shares) < 0.6 * len(cells) or not all(0 <= one <= 100 for one in shares):
            continue
        grid.shares[c] = Decimal(100) if max(shares) <= 1 else Decimal(1)
        hidden = c in grid.sheet.hidden_columns
        if header.fields.get(c) == "" and not hidden and not BEFORE.search(head):
            header.fields[c], header.certain[c] = (
                ("state", LIKELY) if not header.of("state") else ("progress", LIKELY)
            )


def _periods(header: Header, texts: Callable[[int], list[str]], fixed: set[int]) -> None:
    """完成情况 over a column for each month, quarter or half-year: the marks together are the state of the row.

    Months with nothing above them may be a plan of what is to be done when, and say nothing of what was done.
    """
    found = [
        c
        for c, key in header.keys.items()
        if c not in fixed
        and PERIOD.fullmatch(key.split(" / ")[-1])
        and re.search(r"完成|进展|落实|推进", key)
    ]
    said = [text for c in found for text in texts(c)]
    if len(found) < 2 or not said or any(c not in found for c in header.of("state")):
        return
    states = looks_like_states(said) >= 0.8
    if states:
        header.periods = found
    for c in found:
        header.fields[c], header.certain[c] = "state" if states else "progress", LIKELY
