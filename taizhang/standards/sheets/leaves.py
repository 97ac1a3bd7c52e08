"""Builds the nodes of one sheet: groups from their cells, leaves from their rows."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from ..rules.codes import Ordinal, opens_list, split_code
from ..rules.marks import unmark
from ..rules.numbers import cents, points_in, points_of, show, squeeze
from ..rules.titles import shorten, split_halves, split_title
from ..rules.tree import CONFIRM, INFO, MUST, Json, Node, Warning
from .details import Details
from .grid import Grid, one_line
from .parts import Part, Parts, bare, figures, is_first, known_parts, proposal, several, split_words
from .plan import Plan


@dataclass
class Draft:
    """A node in the making; `ordinal` is what was printed in front of it."""

    node: Node
    ordinal: Ordinal | None = None
    depth: float = 0
    points_at: tuple[int, int] | None = None
    rows: list[int] = field(default_factory=list)
    #: column -> what of the row's cell is this item's alone, where a row holds several
    own: dict[int, str] = field(default_factory=dict)


class Builder:
    """Makes drafts of nodes out of cells. What it makes and doubts: `drafts`, `warnings`; `leaf`: the last item."""

    def __init__(
        self, grid: Grid, plan: Plan, details: Details, edits: dict[str, Json] | None = None
    ) -> None:
        self.grid, self.plan, self.details = grid, plan, details
        self.edits = edits or {}
        self.drafts: list[Draft] = []
        self.warnings: list[Warning] = []
        self.leaf: Draft | None = None
        self.shared: dict[tuple[int, int], list[Draft]] = {}
        self.keys: set[str] = set()

    def unique(self, key: str) -> str:
        """KEY, marked if a merged range has already given it to another node."""
        while key in self.keys:
            key += "^"
        self.keys.add(key)
        return key

    def group(
        self,
        r: int,
        c: int,
        text: str,
        parent: str | None,
        points: Decimal | None,
        ordinal: Ordinal | None = None,
    ) -> Draft:
        named, rest = points_in(unmark(text), loose=True)
        if points is not None and named is not None and named != points:
            self.warn(
                r,
                c,
                f"“{rest}”的名称里写 {named} 分，分值列写 {points} 分，以分值列为准",
                CONFIRM,
                "points_twice",
                {"points": str(named)},
                self.grid.place(r, c),
                "points",
            )
        value = points if points is not None else named
        own, title = split_code(rest)
        if not title:
            own, title = None, rest
        title, more = split_title(title, long=40)
        key = self.unique(self.grid.place(r, c))
        node = Node(key, parent, 0, "", "", title, more, value, value is not None, False, where=key)
        draft = Draft(node, ordinal if ordinal and ordinal.style != "free" else own or ordinal)
        self.drafts.append(draft)
        self.leaf = None
        return draft

    def begin(self, r: int, ordinal: Ordinal | None, parent: str | None) -> None:
        """A new item from row R, below PARENT; or several, if its cell holds several."""
        plan, grid = self.plan, self.grid
        cols = [c for c in plan.leaf_columns if grid.begins(r, c)] or [
            c for c in plan.leaf_columns if grid.cell(r, c) is not None
        ]
        anchor = (
            cols[0]
            if cols
            else next(
                c
                for c in (plan.points, plan.code, *plan.groups)
                if c is not None and grid.cell(r, c) is not None
            )
        )
        key = grid.place(r, anchor)
        if key in self.keys:
            key = next((self.grid.place(r, c) for c in cols[1:] if grid.origin(r, c)[0] == r), key)
        key = self.unique(key)
        title_text = grid.text(r, plan.title) if plan.title is not None else ""
        text = "\n".join(grid.text(r, c) for c in plan.texts if grid.text(r, c))
        may_split = self.edits.get(key, {}).get("split") is not False
        if may_split and (found := self.parts_of_row(r, title_text, text)):
            self.pieces(r, key, title_text if text else "", found, ordinal, parent)
            return
        points, at = self.row_points(r, key)
        halves = (
            split_halves(text or title_text, self.grid.text(r, plan.points), points)
            if plan.points is not None and points is not None
            else []
        )
        if halves and may_split:
            found = Parts("", [Part(bare(words), value) for words, value in halves])
            self.pieces(r, key, title_text if text else "", found, ordinal, parent)
            return
        named, stripped = points_in(title_text, loose=plan.points is None)
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
            self.warn(
                r,
                anchor,
                f"名称里写 {named} 分，分值列写 {points} 分，以分值列为准",
                CONFIRM,
                "points_twice",
                {"points": str(named)},
                key,
                "points",
            )
        if points is None:
            points = self.rule_points(r)
        if may_split and (shared := proposal(text or title_text, points)):
            words = split_words(title, len(shared["split"]))
            self.warnings.append(Warning(key, words, INFO, "could_split", shared, key, "split"))
        node = Node(key, parent, 0, "", "", title, requirement, points, points is not None, True, where=key)
        self.leaf = Draft(node, ordinal, points_at=at, rows=[r])
        self.drafts.append(self.leaf)
        if at is not None:
            self.shared.setdefault(at, []).append(self.leaf)

    def parts_of_row(self, r: int, title: str, text: str) -> Parts | None:
        """The sub-items of a row; a lone 1. is one where other rows of the table hold several below their titles."""
        least = 1 if self.plan.title is not None and is_first(text) and self.lists_below_titles() else 2
        return known_parts(self.grid, self.plan, r, title, text, least=least)

    def lists_below_titles(self) -> bool:
        return any(draft.node.key.endswith("#2") for draft in self.drafts)

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
        if isinstance(cell, str) and len(many := figures(cell)) > 1:
            value = sum(many, Decimal(0))
            self.warn(
                *at,
                f"分值里写了 {len(many)} 个数，已相加为 {show(value)} 分",
                CONFIRM,
                "points_many",
                {"points": show(value)},
                key,
                "points",
            )
        if (
            isinstance(cell, str)
            and value is not None
            and any("０" <= char <= "９" or char == "．" for char in cell)
        ):
            self.warn(*at, f"“{cell}”是全角写法，已读作 {value}", INFO, "full_width")
        if value is not None and value < 0:
            self.warn(*at, f"分值是负数（{value}），请核对", MUST, "points_bad", None, key, "points")
        if value is None and squeeze(str(cell)) not in ("-", "/", "无"):
            self.warn(
                *at, f"分值写的是“{str(cell)[:20]}”，认不出是多少分", MUST, "points_bad", None, key, "points"
            )
        return value, at if value is not None else None

    def text_points(
        self, text: str, points: Decimal | None, named: Decimal | None
    ) -> tuple[Decimal | None, str]:
        """Points named in the requirement; the mark is taken out only if it is where the points come from."""
        if points is not None or named is not None:
            value, rest = points_in(text)
            return None, rest if value is not None and value == (
                points if points is not None else named
            ) and text.count("分") <= 2 else text
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
        first, body = split_code(text)
        if first and opens_list(text, first) and self.plan.title is None:
            return shorten(body), text
        if self.plan.title is not None:
            short = shorten(body or text)
            self.warn(
                r,
                self.plan.title,
                f"没有指标名称，用要求的开头“{short}”代替",
                CONFIRM,
                "title_missing",
                {"title": short},
                key,
                "title",
            )
            return short, body or text
        return split_title(body or text, long=30)

    def pieces(
        self, r: int, key: str, title: str, found: Parts, ordinal: Ordinal | None, parent: str | None
    ) -> None:
        """One row with several sub-items, each with its own points: each is an item below the row's title."""
        figure = None if self.plan.points is None else self.grid.cell(r, self.plan.points)
        stated = points_of(figure) if found.total != points_of(figure) and not several(figure) else None
        head = "" if any(part.title for part in found.parts) else title or found.lead
        if head:
            c = self.plan.title if self.plan.title is not None else self.plan.leaf_columns[0]
            draft = self.group(r, c, head, parent, stated, ordinal)
            if title and found.lead:
                draft.node = replace(draft.node, requirement=found.lead)
            parent = draft.node.key
        for index, part in enumerate(found.parts, start=1):
            short, more = split_title(part.text, long=30)
            if part.title:
                short, more = part.title, part.text
            node = Node(
                self.unique(f"{key}#{index}"),
                parent,
                0,
                "",
                "",
                short,
                more,
                part.points,
                True,
                True,
                where=key,
            )
            own = part.ordinal or (
                Ordinal(f"{ordinal.text}-{index}", "free")
                if ordinal and not ordinal.simple and not head
                else None
            )
            self.leaf = Draft(node, own, rows=[r], own=part.own)
            self.drafts.append(self.leaf)
        where, count = key.split("!")[1], len(found.parts)
        if count == 1:
            return
        shown = "、".join(str(part.points) for part in found.parts)
        text = f"{where} 一格里有 {count} 个小项，已拆成 {count} 项，分值 {shown}"
        if stated is not None and not head:
            text += f"，合计 {show(found.total)} 分，分值列写 {show(stated)} 分"
        self.warnings.append(Warning(key, text, CONFIRM, "split", {"split": False}, key, "split"))

    def go_on(self, r: int) -> None:
        """A row that continues the item above: more requirement, more needs."""
        assert self.leaf is not None
        node = self.leaf.node
        more = "\n".join(self.grid.text(r, c) for c in self.plan.texts if self.grid.begins(r, c))
        self.leaf.rows.append(r)
        if more:
            value, rest = (None, more) if node.points is not None else points_in(more)
            self.leaf.node = replace(
                node,
                requirement=f"{node.requirement}\n{rest}".strip(),
                points=value if node.points is None else node.points,
                stated=node.stated or value is not None,
            )

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
            self.warn(
                r,
                c,
                f"{len(drafts)} 项合用一个分值 {total}，已平均分给各项",
                CONFIRM,
                "shared_points",
                None,
                drafts[0].node.key,
                "points",
            )

    def warn(
        self,
        r: int,
        c: int,
        text: str,
        severity: str,
        kind: str,
        suggestion: Json | None = None,
        node: str | None = None,
        field_name: str | None = None,
    ) -> None:
        self.warnings.append(
            Warning(self.grid.place(r, c), text, severity, kind, suggestion, node, field_name)
        )
