"""Goes down the rows of one sheet of indicators and says of each whether it opens, goes on or heads something."""

from dataclasses import replace
from decimal import Decimal

from taizhang.kit.tables import Cell

from ..rules.codes import Ordinal, is_parent, opens_list, read_code, split_code
from ..rules.marks import unmark
from ..rules.numbers import is_figure, points_in, points_of, squeeze, whole_number
from ..rules.titles import split_title
from ..rules.tree import Json
from .details import Details
from .grid import Grid, one_line
from .leaves import Builder, Draft
from .lines import Lines
from .parts import details_of
from .plan import Plan


class Walk(Builder):
    """One pass over the item rows and headings of a sheet, in their order. Result: `drafts`, `warnings`."""

    def __init__(
        self, grid: Grid, plan: Plan, lines: Lines, details: Details, edits: dict[str, Json] | None = None
    ) -> None:
        super().__init__(grid, plan, details, edits)
        self.lines = lines
        self.outline: list[Draft] = []  # headings and outline rows above the current row
        self.current: list[Draft | None] = [None] * len(plan.groups)
        self.raw: list[str] = [""] * len(plan.groups)

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
                self.begin(r, ordinals[r], self.parent_key())
            elif self.leaf is not None:
                self.go_on(r)
        self.share_points()
        for draft in self.drafts:
            if draft.node.is_leaf:
                draft.own |= self.lettered(draft)
                details = details_of(self.details, draft.rows, draft.own)
                draft.node = details.fill(draft.node, draft.rows, self.warnings)
        return self

    def lettered(self, draft: Draft) -> dict[int, str]:
        """The cells of columns A, B, C with their letter, so that they can be read as one rule."""
        r = draft.rows[0]
        return {
            c: f"{name}档：{self.grid.text(r, c)}"
            for c, name in self.plan.lettered.items()
            if self.grid.text(r, c) and c not in draft.own
        }

    def ordinal(self, r: int) -> Ordinal | None:
        for c in (self.plan.code, self.plan.serial):
            if c is not None and (found := read_code(self.own(r, c))):
                return found
        if self.plan.level is not None and self.own(r, self.plan.level) is not None:
            return None
        for c in self.plan.leaf_columns:
            if self.grid.begins(r, c):
                found, _ = split_code(self.grid.text(r, c))
                return None if found and opens_list(self.grid.text(r, c), found) else found
        return None

    def own(self, r: int, c: int) -> Cell:
        return self.grid.cell(r, c) if self.grid.begins(r, c) else None

    def is_outline(self, r: int, here: Ordinal | None, after: Ordinal | None) -> bool:
        """Row R is a heading because the next row lies under it: 1.1 before 1.1.1, （一） before 1."""
        level = self.plan.level
        if not any(self.grid.begins(r, c) for c in self.plan.leaf_columns):
            return self.group_row(r)
        if level is not None:
            a, b = (
                (
                    whole_number(
                        "".join(ch for ch in squeeze(self.grid.text(s, level)) if ch not in "级指标")
                    )
                    for s in (r, r + 1)
                    if s < self.grid.height
                )
                if r + 1 < self.grid.height
                else (None, None)
            )
            return a is not None and b is not None and b > a
        if here is None or after is None or not is_parent(here, after):
            return False
        if here.simple and self.details.speaks(r):
            return False
        return not (
            here.simple
            and self.plan.title is not None
            and any(self.grid.begins(r, c) for c in self.plan.texts)
        )

    def group_row(self, r: int) -> bool:
        """Only a group's cell, and perhaps its points, stand in the row: its items follow below."""
        if not any(self.grid.begins(r, c) for c in self.plan.groups) or self.details.speaks(r):
            return False
        if any(self.grid.begins(r, c) for c in self.plan.leaf_columns):
            return False
        if any(
            self.grid.cell(r, c) is not None and not self.grid.begins(r, c) for c in self.plan.leaf_columns
        ):
            return False
        cells = [c for c in self.plan.groups if self.grid.begins(r, c)]
        return all(self.grid.last_row(r, c) >= r for c in cells)

    def starts_leaf(self, r: int) -> bool:
        plan, grid = self.plan, self.grid
        if plan.title is not None and grid.begins(r, plan.title):
            return True
        if plan.code is not None and grid.begins(r, plan.code):
            return True
        if (
            plan.points is not None
            and grid.begins(r, plan.points)
            and points_of(grid.cell(r, plan.points)) is not None
        ):
            return True
        if plan.title is not None and any(
            grid.cell(r, plan.title) is None and grid.begins(r, c) for c in plan.texts
        ):
            # a text without a title goes on with the item above, unless it is the first of its group
            return self.leaf is None or self.leaf.node.parent != self.parent_key()
        if plan.title is None and any(grid.begins(r, c) for c in plan.texts):
            if plan.points is None or not plan.rows_may_continue:
                return True
            return grid.cell(r, plan.points) is not None or self.leaf is None
        return False

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
            depth = (
                whole_number(
                    "".join(ch for ch in squeeze(self.grid.text(r, plan.level)) if ch not in "级指标")
                )
                or 0.5
            )
        self.open_group(
            r, cols[0], text, depth, points, ordinal, " ".join(self.grid.text(r, c) for c in cols[1:])
        )

    def lines_points(self, r: int) -> Decimal | None:
        return next(
            (
                points_of(self.own(r, c))
                for c in self.plan.group_points.values()
                if self.own(r, c) is not None
            ),
            None,
        )

    def open_group(
        self,
        r: int,
        c: int,
        text: str,
        depth: float,
        points: Decimal | None,
        ordinal: Ordinal | None,
        requirement: str = "",
    ) -> None:
        while self.outline and self.outline[-1].depth >= depth:
            self.outline.pop()
        parent = self.outline[-1].node.key if self.outline else None
        again = self.reopen(parent, unmark(text), points)
        if again is not None and (text != unmark(text) or same_ordinal(again.ordinal, ordinal)):
            self.outline.append(again)
            self.current = [None] * len(self.plan.groups)
            self.raw = [""] * len(self.plan.groups)
            return
        draft = self.group(r, c, text, parent, points, ordinal)
        if requirement:
            draft.node = replace(draft.node, requirement=requirement)
        draft.depth = depth
        self.outline.append(draft)
        self.current = [None] * len(self.plan.groups)
        self.raw = [""] * len(self.plan.groups)

    def groups(self, r: int) -> None:
        """Take up the groups whose cells begin in this row; the others run on from above."""
        changed = False
        for index, c in enumerate(self.plan.groups):
            if not self.grid.begins(r, c):
                if changed:
                    self.current[index], self.raw[index] = None, ""
                continue
            text = unmark(one_line(self.grid.text(r, c)))
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
            above = next(
                (self.current[i] for i in range(index - 1, -1, -1) if self.current[i] is not None), None
            ) or (self.outline[-1] if self.outline else None)
            parent = above.node.key if above else None
            self.current[index] = self.reopen(parent, text, points) or self.group(
                r, c, text, parent, points, ordinal
            )
            for i in range(index + 1, len(self.current)):
                self.current[i], self.raw[i] = None, ""

    def reopen(self, parent: str | None, text: str, points: Decimal | None) -> Draft | None:
        """The group of the same name under the same parent, if the table comes back to it (page breaks)."""
        _, rest = points_in(text, loose=True)
        _, title = split_code(rest)
        title = split_title(title or rest, long=40)[0]
        return next(
            (
                d
                for d in self.drafts
                if not d.node.is_leaf
                and d.node.parent == parent
                and d.node.title == title
                and (points is None or d.node.points in (None, points))
            ),
            None,
        )

    def parent_key(self) -> str | None:
        near = next((d for d in reversed(self.current) if d is not None), None) or (
            self.outline[-1] if self.outline else None
        )
        return near.node.key if near else None


def same_ordinal(one: Ordinal | None, other: Ordinal | None) -> bool:
    return one is not None and other is not None and one.text == other.text
