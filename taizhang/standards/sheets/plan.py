"""Which column holds which level of the tree: settled by counting, with the header's words as hints."""

import re
from dataclasses import dataclass, field

from ..rules.columns import TREE, Shape
from ..rules.numbers import fold, points_in
from .grid import Grid
from .header import Header


@dataclass
class Plan:
    """Columns by their part in the tree. `groups` from the top level down; `texts` hold the requirement."""

    groups: list[int] = field(default_factory=list)
    title: int | None = None
    texts: list[int] = field(default_factory=list)
    points: int | None = None
    code: int | None = None
    serial: int | None = None
    level: int | None = None
    group_points: dict[int, int] = field(default_factory=dict)
    group_codes: dict[int, int] = field(default_factory=dict)
    fields: dict[str, list[int]] = field(default_factory=dict)
    ticks: dict[int, str] = field(default_factory=dict)
    grades: dict[int, str] = field(default_factory=dict)
    #: columns A, B, C … that describe in words what earns each grade
    lettered: dict[int, str] = field(default_factory=dict)
    points_by_method: bool = False
    explicit_area: bool = False
    rows_may_continue: bool = False
    #: points columns left aside for a later year's or a visible one
    passed_over: list[int] = field(default_factory=list)

    @property
    def leaf_columns(self) -> list[int]:
        return ([self.title] if self.title is not None else []) + self.texts

    def first(self, meaning: str) -> int | None:
        cols = self.fields.get(meaning)
        return cols[0] if cols else None


SURE_ONE, SURE_MANY = (
    0.97,
    0.8,
)  # share of items from which a column counts as one value per item, or clearly not


def settle(
    grid: Grid, header: Header, shapes: dict[int, Shape], rows: list[int], fixed: set[int] | None = None
) -> Plan:
    """The plan for one sheet. FIXED columns keep the meaning a clerk gave them, whatever the counts say."""
    fixed = fixed or set()
    plan = Plan()
    for meaning in ("rule", "methods", "needs", "cadence", "lead", "co", "scope", "mandatory", "note"):
        plan.fields[meaning] = header.of(meaning)
    plan.ticks = {c: header.columns[c].detail or header.texts.get(c, "") for c in header.of("tick")}
    plan.lettered = {
        c: guess.detail for c, guess in header.columns.items() if guess.meaning == "rule" and guess.detail
    }
    plan.level = next(iter(header.of("level")), None)
    tree = header.of(*TREE)
    settle_points(grid, header, shapes, plan, tree, rows, fixed)
    items = count_items(grid, plan, shapes, tree, rows)
    settle_levels(grid, header, shapes, plan, tree, items, fixed)
    settle_codes(header, shapes, plan, items)
    plan.explicit_area = any(
        header.columns[c].meaning == "area" and "级" in header.texts.get(c, "") for c in plan.groups
    )
    if plan.title is None and plan.texts and plan.points is not None:
        text_cells = shapes[plan.texts[0]].filled
        plan.rows_may_continue = text_cells > 1.4 * max(1, shapes[plan.points].filled)
    order_leads(header, plan)
    return plan


def settle_points(
    grid: Grid,
    header: Header,
    shapes: dict[int, Shape],
    plan: Plan,
    tree: list[int],
    rows: list[int],
    fixed: set[int],
) -> None:
    """The fullest points column is the items'; emptier ones left of it are those of the groups."""
    candidates = header.of("points")
    candidates = [c for c in candidates if c in fixed] or candidates
    kept = newest(candidates, header.texts, grid.sheet.hidden_columns)
    plan.passed_over = [c for c in candidates if c not in kept]
    candidates = kept
    named = header.of("group_points")
    if candidates:
        plan.points = max(
            candidates, key=lambda c: (shapes[c].numbers, "权重" not in header.texts.get(c, ""), -c)
        )
        named = named + [
            c
            for c in candidates
            if c != plan.points and shapes[c].numbers and shapes[c].filled < 0.9 * shapes[plan.points].filled
        ]
    elif named and shapes[fullest := max(named, key=lambda c: (shapes[c].numbers, c))].numbers >= 0.8 * len(
        rows
    ):
        plan.points, named = fullest, [c for c in named if c != fullest]
    plan.grades = {c: header.columns[c].detail for c in header.of("grade")}
    if plan.points is None and plan.grades:
        plan.points = max(plan.grades, key=lambda c: (shapes[c].total, -c))
    if plan.points is None and plan.ticks:
        counted = [c for c in plan.ticks if shapes[c].filled and shapes[c].numbers >= 0.8 * shapes[c].filled]
        plan.points_by_method = len(counted) >= 0.5 * len(plan.ticks)
    if plan.points is not None and tree and is_group_points(grid, shapes, plan.points, tree, rows):
        named, plan.points = [*named, plan.points], None
    for c in named:
        left = [g for g in tree if g < c]
        if left:
            near = min(left, key=lambda g: (abs(shapes[g].runs - shapes[c].filled), c - g))
            plan.group_points[near] = c


EDITION = [
    (-1, re.compile(r"上一?年|去年|往年|原|旧|(?:调整|修订|修改|变更)前")),
    (1, re.compile(r"本年|今年|当年|现|新|(?:调整|修订|修改|变更)后")),
]


def newest(columns: list[int], texts: dict[int, str], hidden: frozenset[int]) -> list[int]:
    """Of several points columns the visible ones, and of those told apart by year or 原/新 the latest."""
    columns = [c for c in columns if c not in hidden] or columns
    if len(columns) < 2:
        return columns
    ranks = {c: edition_of(texts.get(c, "")) for c in columns}
    known = [rank for rank in ranks.values() if rank is not None]
    if len(set(known)) < 2 and not (known and len(known) < len(columns) and known[0] < 0):
        return columns
    best = max(known)
    return [
        c
        for c in columns
        if (
            ranks[c] == best
            if best > 0
            else ranks[c] is None or ranks[c] == best and len(known) == len(columns)
        )
    ]


def edition_of(text: str) -> int | None:
    """A year, or 1 for 本年, 新, 修订后 and -1 for 上年, 原, 修订前."""
    if found := re.search(r"(?:19|20)\d\d", fold(text)):
        return int(found.group())
    return next((rank for rank, words in EDITION if words.search(text)), None)


def is_group_points(
    grid: Grid, shapes: dict[int, Shape], points: int, tree: list[int], rows: list[int]
) -> bool:
    """A points column merged over groups, while each item names its own points in its text."""
    deepest = max(tree, key=lambda c: shapes[c].filled)
    if shapes[points].filled > 0.8 * shapes[deepest].filled:
        return False
    named = sum(points_in(grid.text(r, deepest))[0] is not None for r in rows if grid.begins(r, deepest))
    return named >= 0.7 * max(1, shapes[deepest].filled)


def count_items(grid: Grid, plan: Plan, shapes: dict[int, Shape], tree: list[int], rows: list[int]) -> int:
    """How many items the sheet holds, by the column that tells best."""
    deepest = max((shapes[c].filled for c in tree), default=len(rows))
    if plan.points is None:
        return max(1, deepest)
    count = shapes[plan.points].filled
    if any(0.9 * count <= shapes[c].filled <= 1.1 * count for c in tree):
        return max(1, count)
    return max(1, deepest)


def settle_levels(
    grid: Grid,
    header: Header,
    shapes: dict[int, Shape],
    plan: Plan,
    tree: list[int],
    items: int,
    fixed: set[int],
) -> None:
    """Columns with fewer values than items are groups; the first with one value per item is its title."""
    leafy: list[int] = []
    for c in tree:
        meaning = header.columns[c].meaning
        ratio = shapes[c].runs / items
        if c in fixed:
            is_group = meaning in ("area", "section", "subsection")
        elif ratio >= SURE_ONE:
            is_group = False
        elif ratio < SURE_MANY:
            # few values: a group, unless it is an occasional remark beside the items' own columns
            grouped = meaning in ("area", "section", "subsection")
            first = min((d for d in tree if shapes[d].runs >= SURE_ONE * items), default=c + 1)
            beside = any(shapes[d].runs >= SURE_MANY * items for d in tree if d != c)
            is_group = (beside and (grouped or c < first)) or (
                grouped and any(shapes[d].runs > 1.5 * shapes[c].runs for d in tree)
            )
        else:
            is_group = meaning in ("area", "section", "subsection") and any(
                shapes[d].runs > shapes[c].runs for d in tree if d > c
            )
        if is_group:
            plan.groups.append(c)
        else:
            leafy.append(c)
    # with 二级 and 三级 both one to one, 二级 stays a level; and only the last two can be title and requirement
    ordinal = [
        c
        for c in leafy
        if c not in fixed
        and header.columns[c].meaning in ("area", "section")
        and "级" in header.texts.get(c, "")
    ]
    while (
        ordinal
        and len(leafy) > 1
        and any(
            d > ordinal[0]
            and header.columns[d].meaning in ("section", "subsection", "title")
            and shapes[d].length <= 14
            for d in leafy
        )
    ):
        plan.groups.append(ordinal[0])
        leafy.remove(ordinal.pop(0))
    # the wider level changes less often, wherever its column stands
    plan.groups.sort(key=lambda c: (shapes[c].runs, c))
    for i in range(len(plan.groups) - 1):
        a, b = plan.groups[i : i + 2]
        below = range(header.bottom + 1, grid.height)
        if b < a and any(grid.begins(r, a) and not grid.begins(r, b) for r in below):
            # a level that begins within another lies under it, however seldom it is filled in
            plan.groups[i : i + 2] = [b, a]
    if not leafy:
        if plan.groups:
            leafy = [plan.groups.pop()]
        else:
            return
    if len(leafy) == 1:
        c = leafy[0]
        if header.columns[c].meaning == "title" or (
            shapes[c].length <= 14 and header.columns[c].meaning != "requirement"
        ):
            plan.title = c
        else:
            plan.texts = [c]
        return
    named = [c for c in leafy if header.columns[c].meaning in ("title", "subsection")]
    filled = [c for c in leafy if shapes[c].filled >= 0.5 * items] or leafy
    levels = [
        c
        for c in filled
        if header.columns[c].meaning in ("area", "section") and "级" in header.texts.get(c, "")
    ]
    if levels and named and shapes[levels[-1]].length < shapes[named[0]].length:
        named = levels[-1:]
    plan.title = (
        named[0]
        if named
        else min(filled, key=lambda c: (header.columns[c].meaning == "requirement" and c != filled[0], c))
    )
    if (
        not named
        and shapes[plan.title].length > 40
        and any(shapes[c].length < 0.5 * shapes[plan.title].length for c in filled)
    ):
        plan.title = min(filled, key=lambda c: shapes[c].length)
    plan.texts = [c for c in leafy if c != plan.title]


def settle_codes(header: Header, shapes: dict[int, Shape], plan: Plan, items: int) -> None:
    """A code column goes with the column of the same heading; else by how many values it has and what is near."""
    codes = header.of("code")
    for c in codes:
        level = level_of(header.texts.get(c, ""))
        partner = next(
            (
                d
                for d in [*plan.groups, *plan.leaf_columns]
                if level and level_of(header.texts.get(d, "")) == level
            ),
            None,
        )
        if partner in plan.groups:
            plan.group_codes.setdefault(partner, c)
        elif partner is not None and plan.code is None:
            plan.code = c
    codes = [c for c in codes if c not in plan.group_codes.values() and c != plan.code]
    codes.sort(key=lambda c: (-shapes[c].filled, c))
    for c in [*codes, *header.of("serial")]:
        shape = shapes[c]
        if not shape.filled:
            continue
        is_serial = header.columns[c].meaning == "serial"
        if not plan.groups or shape.filled >= 0.8 * items:
            if is_serial and plan.code is not None:
                continue
            if plan.code is None and not is_serial:
                plan.code = c
            elif is_serial and plan.serial is None:
                plan.serial = c
            continue
        beside = min(
            plan.groups,
            key=lambda g: (abs(shapes[g].filled - shape.filled) > 0.2 * shape.filled, g < c, abs(g - c)),
        )
        plan.group_codes.setdefault(beside, c)


def level_of(text: str) -> str:
    """What a heading over several columns, or a word like 二级, says about the level: "一级指标 / 编号" -> "一"."""
    found = re.search(r"([一二三四1-4ⅠⅡⅢⅣ])级", text)
    return found.group(1) if found else ""


def order_leads(header: Header, plan: Plan) -> None:
    """Of several lead columns the department's counts, not the person's; a second department column helps."""
    leads = plan.fields["lead"]
    people = [
        c
        for c in leads
        if any(word in header.texts.get(c, "") for word in ("责任人", "负责人", "领导", "联络"))
    ]
    offices = [c for c in leads if c not in people]
    plan.fields["lead"] = (offices or people)[:1]
    if not plan.fields["co"] and len(offices) > 1:
        plan.fields["co"] = offices[1:]
