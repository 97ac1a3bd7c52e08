"""Goes down the rows of one sheet of indicators and builds its nodes."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from taizhang.kit.tables import Cell

from ..rules.codes import Ordinal, is_parent, read_code, split_code
from ..rules.numbers import cents, is_figure, points_in, points_of, squeeze, whole_number
from ..rules.titles import shorten, split_pieces, split_title
from ..rules.tree import CONFIRM, INFO, MUST, Json, Node, Warning
from .details import Details
from .grid import Grid, one_line
from .lines import Lines
from .plan import Plan


@dataclass
class Draft:
    """A node in the making; `ordinal` is what was printed in front of it."""

    node: Node
    ordinal: Ordinal | None = None
    depth: float = 0
    points_at: tuple[int, int] | None = None
    rows: list[int] = field(default_factory=list)


class Walk:
    """One pass over the item rows and headings of a sheet, in their order. Result: `drafts`, `warnings`."""

    def __init__(self, grid: Grid, plan: Plan, lines: Lines, details: Details, edits: dict[str, Json] | None = None) -> None:
        self.grid, self.plan, self.lines, self.details = grid, plan, lines, details
        self.edits = edits or {}
        self.drafts: list[Draft] = []
        self.warnings: list[Warning] = []
        self.outline: list[Draft] = []  # headings and outline rows above the current row
        self.current: list[Draft | None] = [None] * len(plan.groups)
        self.raw: list[str] = [""] * len(plan.groups)
        self.leaf: Draft | None = None
        self.shared: dict[tuple[int, int], list[Draft]] = {}

    def run(self) -> "Walk":
        rows = sorted([*self.lines.items, *self.lines.banners])
        banners = set(self.lines.banners)
        ordinals = {r: self.ordinal(r) for r in self.lines.items}
        for index, r in enumerate(rows):
            if r in banners:
                self.banner(r)
                continue
            after = next((s for s in rows[index + 1 : index + 2] if s not in banners), None)
            if after is not None and self.is_outline(r, ordinals[r], ordinals.get(after)):
                self.outline_row(r, ordinals[r])
                continue
            self.groups(r)
            if self.starts_leaf(r):
                self.begin(r, ordinals[r])
            elif self.leaf is not None:
                self.go_on(r)
        self.share_points()
        for draft in self.drafts:
            if draft.node.is_leaf:
                draft.node = self.details.fill(draft.node, draft.rows, self.warnings)
        return self

    # --- what a row is

    def ordinal(self, r: int) -> Ordinal | None:
        for c in (self.plan.code, self.plan.serial):
            if c is not None and (found := read_code(self.own(r, c))):
                return found
        if self.plan.level is not None and self.own(r, self.plan.level) is not None:
            return None
        for c in self.plan.leaf_columns:
            if self.grid.begins(r, c):
                return split_code(self.grid.text(r, c))[0]
        return None

    def own(self, r: int, c: int) -> Cell:
        return self.grid.cell(r, c) if self.grid.begins(r, c) else None

    def is_outline(self, r: int, here: Ordinal | None, after: Ordinal | None) -> bool:
        """Row R is a heading because the next row lies under it: 1.1 before 1.1.1, （一） before 1."""
        level = self.plan.level
        if not any(self.grid.begins(r, c) for c in self.plan.leaf_columns):
            return self.group_row(r)
        if level is not None:
            a, b = (whole_number("".join(ch for ch in squeeze(self.grid.text(s, level)) if ch not in "级指标")) for s in (r, r + 1) if s < self.grid.height) if r + 1 < self.grid.height else (None, None)
            return a is not None and b is not None and b > a
        if here is None or after is None or not is_parent(here, after):
            return False
        if here.simple and self.details.speaks(r):
            return False
        return not (here.simple and self.plan.title is not None and any(self.grid.begins(r, c) for c in self.plan.texts))

    def group_row(self, r: int) -> bool:
        """Only a group's cell, and perhaps its points, stand in the row: its items follow below."""
        if not any(self.grid.begins(r, c) for c in self.plan.groups) or self.details.speaks(r):
            return False
        if any(self.grid.cell(r, c) is not None and not self.grid.begins(r, c) for c in self.plan.leaf_columns):
            return False
        cells = [c for c in self.plan.groups if self.grid.begins(r, c)]
        return all(self.grid.last_row(r, c) >= r for c in cells)

    def starts_leaf(self, r: int) -> bool:
        plan, grid = self.plan, self.grid
        if plan.title is not None and grid.begins(r, plan.title):
            return True
        if plan.code is not None and grid.begins(r, plan.code):
            return True
        if plan.points is not None and grid.begins(r, plan.points) and points_of(grid.cell(r, plan.points)) is not None:
            return True
        if plan.title is not None and any(grid.cell(r, plan.title) is None and grid.begins(r, c) for c in plan.texts):
            # a text without a title goes on with the item above, unless it is the first of its group
            return self.leaf is None or self.leaf.node.parent != self.parent_key()
        if plan.title is None and any(grid.begins(r, c) for c in plan.texts):
            if plan.points is None or not plan.rows_may_continue:
                return True
            return grid.cell(r, plan.points) is not None or self.leaf is None
        return False

    # --- groups

    def banner(self, r: int) -> None:
        cells = self.grid.filled(r)
        texts = [c for c in cells if not is_figure(self.grid.own(r, c))]
        text = one_line(" ".join(self.grid.text(r, c) for c in texts))
        points = next((points_of(self.grid.own(r, c)) for c in cells if c not in texts), None)
        ordinal, _ = split_code(text)
        if ordinal is not None and not ordinal.simple:
            depth: float = ordinal.depth
        elif ordinal is not None:
            depth = ordinal.depth
        else:
            depth = 0.5
        self.open_group(r, texts[0], text, depth, points, ordinal)

    def outline_row(self, r: int, ordinal: Ordinal | None) -> None:
        plan = self.plan
        cols = [c for c in plan.leaf_columns if self.grid.begins(r, c)]
        if not cols:
            self.groups(r)
            return
        text = one_line(self.grid.text(r, cols[0]))
        points = points_of(self.own(r, plan.points)) if plan.points is not None else None
        if points is None and self.lines_points(r):
            points = self.lines_points(r)
        depth: float = ordinal.depth if ordinal else 0.5
        if plan.level is not None:
            depth = whole_number("".join(ch for ch in squeeze(self.grid.text(r, plan.level)) if ch not in "级指标")) or 0.5
        self.open_group(r, cols[0], text, depth, points, ordinal, " ".join(self.grid.text(r, c) for c in cols[1:]))

    def lines_points(self, r: int) -> Decimal | None:
        return next((points_of(self.own(r, c)) for c in self.plan.group_points.values() if self.own(r, c) is not None), None)

    def open_group(self, r: int, c: int, text: str, depth: float, points: Decimal | None, ordinal: Ordinal | None, requirement: str = "") -> None:
        while self.outline and self.outline[-1].depth >= depth:
            self.outline.pop()
        parent = self.outline[-1].node.key if self.outline else None
        draft = self.group(r, c, text, parent, points, ordinal)
        if requirement:
            draft.node = replace(draft.node, requirement=requirement)
        draft.depth = depth
        self.outline.append(draft)
        self.current = [None] * len(self.plan.groups)
        self.raw = [""] * len(self.plan.groups)

    def group(self, r: int, c: int, text: str, parent: str | None, points: Decimal | None, ordinal: Ordinal | None = None) -> Draft:
        named, rest = points_in(text, loose=True)
        if points is not None and named is not None and named != points:
            self.warn(r, c, f"“{rest}”的名称里写 {named} 分，分值列写 {points} 分，以分值列为准", CONFIRM, "points_twice", {"points": str(named)}, self.grid.place(r, c), "points")
        value = points if points is not None else named
        own, title = split_code(rest)
        if not title:
            own, title = None, rest
        title, more = split_title(title, long=40)
        key = self.grid.place(r, c)
        node = Node(key, parent, 0, "", "", title, more, value, value is not None, False, where=key)
        draft = Draft(node, ordinal if ordinal and ordinal.style != "free" else own or ordinal)
        self.drafts.append(draft)
        self.leaf = None
        return draft

    def groups(self, r: int) -> None:
        """Take up the groups whose cells begin in this row; the others run on from above."""
        changed = False
        for index, c in enumerate(self.plan.groups):
            if not self.grid.begins(r, c):
                if changed:
                    self.current[index], self.raw[index] = None, ""
                continue
            text = one_line(self.grid.text(r, c))
            if not changed and squeeze(text) == self.raw[index] and self.current[index] is not None:
                continue
            changed = True
            points, at = None, self.plan.group_points.get(c)
            if at is not None:
                points = points_of(self.grid.cell(r, at))
            if points is None and self.plan.points is not None and self.group_row(r):
                points = points_of(self.own(r, self.plan.points))
            code_at = self.plan.group_codes.get(c)
            ordinal = read_code(self.grid.cell(r, code_at)) if code_at is not None else None
            self.raw[index] = squeeze(text)
            above = next((self.current[i] for i in range(index - 1, -1, -1) if self.current[i] is not None), None) or (self.outline[-1] if self.outline else None)
            parent = above.node.key if above else None
            self.current[index] = self.reopen(parent, text, points) or self.group(r, c, text, parent, points, ordinal)
            for i in range(index + 1, len(self.current)):
                self.current[i], self.raw[i] = None, ""

    def reopen(self, parent: str | None, text: str, points: Decimal | None) -> Draft | None:
        """The group of the same name under the same parent, if the table comes back to it (page breaks)."""
        _, rest = points_in(text, loose=True)
        _, title = split_code(rest)
        title = split_title(title or rest, long=40)[0]
        return next((d for d in self.drafts if not d.node.is_leaf and d.node.parent == parent and d.node.title == title and (points is None or d.node.points in (None, points))), None)

    def parent_key(self) -> str | None:
        near = next((d for d in reversed(self.current) if d is not None), None) or (self.outline[-1] if self.outline else None)
        return near.node.key if near else None

    # --- leaves

    def begin(self, r: int, ordinal: Ordinal | None) -> None:
        plan, grid = self.plan, self.grid
        cols = [c for c in plan.leaf_columns if grid.begins(r, c)] or [c for c in plan.leaf_columns if grid.cell(r, c) is not None]
        anchor = cols[0] if cols else next(c for c in (plan.points, plan.code, *plan.groups) if c is not None and grid.cell(r, c) is not None)
        key = grid.place(r, anchor)
        if any(d.node.key == key for d in self.drafts[-50:]):
            key = f"{grid.name}!{r + 1}" if not key.endswith(f"!{r + 1}") else f"{key}#"
            key = next((grid.place(r, c) for c in cols[1:] if grid.origin(r, c)[0] == r), key)
        title_text = grid.text(r, plan.title) if plan.title is not None else ""
        text = "\n".join(grid.text(r, c) for c in plan.texts if grid.text(r, c))
        points, at = self.row_points(r, key)
        if points is None and at is None and not self.edits.get(key, {}).get("split") is False and (pieces := split_pieces(text or title_text)):
            self.pieces(r, key, title_text if text else "", pieces, ordinal)
            return
        named, stripped = points_in(title_text)
        if plan.title is not None:
            title_text = stripped
        own, title = split_code(title_text)
        if own and ordinal is None:
            ordinal = own
        if not title:
            title = title_text if own is None else ""
        from_text, text = self.text_points(text, points, named)
        if not title and ordinal and plan.title is None:
            before, rest = split_code(text)
            text = rest if before and before.text == ordinal.text else text
        title, requirement = self.words(title, text, key, r, anchor)
        if points is None and (named is not None or from_text is not None):
            points = named if named is not None else from_text
        elif points is not None and named is not None and named != points:
            self.warn(r, anchor, f"名称里写 {named} 分，分值列写 {points} 分，以分值列为准", CONFIRM, "points_twice", {"points": str(named)}, key, "points")
        if points is None:
            points = self.rule_points(r)
        node = Node(key, self.parent_key(), 0, "", "", title, requirement, points, points is not None, True, where=key)
        self.leaf = Draft(node, ordinal, points_at=at, rows=[r])
        self.drafts.append(self.leaf)
        if at is not None:
            self.shared.setdefault(at, []).append(self.leaf)

    def row_points(self, r: int, key: str) -> tuple[Decimal | None, tuple[int, int] | None]:
        """The figure of the points column for a row, and the cell it stands in."""
        c = self.plan.points
        if self.plan.points_by_method:
            parts = [points_of(self.grid.cell(r, col)) for col in self.plan.ticks]
            known = [part for part in parts if part is not None]
            return (sum(known, Decimal(0)) if known else None), None
        if c is None or (cell := self.grid.cell(r, c)) is None:
            return None, None
        value = points_of(cell)
        at = self.grid.origin(r, c)
        if isinstance(cell, str) and value is not None and cell.strip() != squeeze(cell):
            self.warn(*at, f"“{cell}”是全角写法，已读作 {value}", INFO, "full_width")
        if value is not None and value < 0:
            self.warn(*at, f"分值是负数（{value}），请核对", MUST, "points_bad", None, key, "points")
        if value is None and squeeze(str(cell)) not in ("-", "/", "无"):
            self.warn(*at, f"分值写的是“{str(cell)[:20]}”，认不出是多少分", MUST, "points_bad", None, key, "points")
        return value, at if value is not None else None

    def text_points(self, text: str, points: Decimal | None, named: Decimal | None) -> tuple[Decimal | None, str]:
        """Points named in the requirement; the mark is taken out only if it is where the points come from."""
        if points is not None or named is not None:
            value, rest = points_in(text)
            return None, rest if value is not None and value == (points if points is not None else named) and text.count("分") <= 2 else text
        return points_in(text, loose=self.plan.points is None)

    def rule_points(self, r: int) -> Decimal | None:
        c = self.plan.first("rule")
        return points_in(self.grid.text(r, c))[0] if c is not None else None

    def words(self, title: str, text: str, key: str, r: int, c: int) -> tuple[str, str]:
        """Title and requirement; a missing title is the requirement's beginning."""
        title = title.strip()
        if title and text:
            return one_line(title), text
        if title:
            short, more = split_title(title, long=30)
            return short, more
        if not text:
            self.warn(r, c, "这一行有分值，但没有名称和要求", MUST, "title_missing", None, key, "title")
            return "", ""
        _, body = split_code(text)
        if self.plan.title is not None:
            short = shorten(body or text)
            self.warn(r, self.plan.title, f"没有指标名称，用要求的开头“{short}”代替", CONFIRM, "title_missing", {"title": short}, key, "title")
            return short, body or text
        return split_title(body or text, long=30)

    def pieces(self, r: int, key: str, title: str, pieces: list[tuple[str, Decimal]], ordinal: Ordinal | None) -> None:
        """One cell with several numbered parts, each with its own points: each part is an item."""
        parent = self.parent_key()
        if title:
            c = self.plan.title if self.plan.title is not None else self.plan.leaf_columns[0]
            draft = self.group(r, c, title, parent, None, ordinal)
            parent = draft.node.key
        for index, (text, points) in enumerate(pieces, start=1):
            _, body = split_code(text)
            short, more = split_title(body, long=30)
            node = Node(f"{key}#{index}", parent, 0, "", "", short, more, points, True, True, where=key)
            self.leaf = Draft(node, None, rows=[r])
            self.drafts.append(self.leaf)
        where = key.split("!")[1]
        self.warnings.append(Warning(key, f"{where} 一格里有 {len(pieces)} 个各有分值的小项，已拆成 {len(pieces)} 项", CONFIRM, "split", {"split": False}, key, "split"))

    def go_on(self, r: int) -> None:
        """A row that continues the item above: more requirement, more needs."""
        assert self.leaf is not None
        node = self.leaf.node
        more = "\n".join(self.grid.text(r, c) for c in self.plan.texts if self.grid.begins(r, c))
        self.leaf.rows.append(r)
        if more:
            value, rest = (None, more) if node.points is not None else points_in(more)
            self.leaf.node = replace(node, requirement=f"{node.requirement}\n{rest}".strip(), points=value if node.points is None else node.points, stated=node.stated or value is not None)

    def share_points(self) -> None:
        """Items under one merged points cell share its figure."""
        for (r, c), drafts in self.shared.items():
            if len(drafts) < 2:
                continue
            total = drafts[0].node.points or Decimal(0)
            each = cents(total / len(drafts))
            for index, draft in enumerate(drafts):
                part = each if index < len(drafts) - 1 else total - each * (len(drafts) - 1)
                draft.node = replace(draft.node, points=part, doubts=(*draft.node.doubts, "shared_points"))
            self.warn(r, c, f"{len(drafts)} 项合用一个分值 {total}，已平均分给各项", CONFIRM, "shared_points", None, drafts[0].node.key, "points")

    def warn(self, r: int, c: int, text: str, severity: str, kind: str, suggestion: Json | None = None, node: str | None = None, field_name: str | None = None) -> None:
        self.warnings.append(Warning(self.grid.place(r, c), text, severity, kind, suggestion, node, field_name))
