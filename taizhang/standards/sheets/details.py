"""Fills a leaf with what its further columns say: rule, methods, needs, cadence, lead, scope."""

import re
from dataclasses import replace
from decimal import Decimal

from ..rules.cadence import read_cadence
from ..rules.columns import is_method
from ..rules.leads import read_leads, read_per
from ..rules.legend import marks_mandatory
from ..rules.needs import read_needs, split_list
from ..rules.numbers import fold, points_of, squeeze
from ..rules.scoring import GUESS, SURE, Grade, read_rule
from ..rules.tree import CONFIRM, Node, Warning
from .grid import Grid
from .header import TICKS
from .plan import Plan

ABSENT = {"", "-", "/", "无", "×", "x", "X", "否", "0"}


class Details:
    """The columns of one sheet beside its tree. `legend` maps signs of the notes to their meaning."""

    def __init__(self, grid: Grid, plan: Plan, legend: dict[str, str]) -> None:
        self.grid, self.plan, self.legend = grid, plan, legend
        self.inherit = {
            name: col
            for name in ("lead", "co", "methods", "cadence")
            if (col := plan.first(name)) is not None and self.is_group_wise(col)
        }

    def is_group_wise(self, col: int) -> bool:
        """A column filled only where a group begins, blank below, speaks for the whole group."""
        groups = self.plan.groups
        if not groups:
            return False
        rows = [r for r in range(self.grid.height) if self.grid.begins(r, col)]
        starts = {r for c in groups for r in range(self.grid.height) if self.grid.begins(r, c)}
        leaf = self.plan.leaf_columns
        items = sum(any(self.grid.begins(r, c) for c in leaf) for r in range(self.grid.height))
        return 2 <= len(rows) < 0.7 * items and sum(r in starts for r in rows) >= 0.9 * len(rows)

    def speaks(self, r: int) -> bool:
        """Whether anything beside tree and points begins in the row."""
        columns = [
            c
            for name in ("rule", "needs", "methods", "cadence", "lead", "mandatory")
            for c in self.plan.fields.get(name, [])
        ]
        return any(self.grid.begins(r, c) for c in [*columns, *self.plan.ticks])

    def text(self, name: str, rows: list[int], sep: str = "；") -> str:
        """What the columns of that meaning say in the rows of an item, each cell once."""
        seen: dict[tuple[int, int], str] = {}
        for c in self.plan.fields.get(name, []):
            for r in rows:
                if self.grid.text(r, c):
                    seen[self.grid.origin(r, c)] = self.grid.text(r, c)
        if not seen and name in self.inherit:
            col = self.inherit[name]
            above = next((r for r in range(rows[0], -1, -1) if self.grid.begins(r, col)), None)
            return self.grid.text(above, col) if above is not None else ""
        return sep.join(dict.fromkeys(seen.values()))

    def fill(self, node: Node, rows: list[int], warnings: list[Warning]) -> Node:
        rule_text = self.text("rule", rows) or self.points_remark(rows)
        lead, co = read_leads(self.text("lead", rows, "、"), self.text("co", rows, "、"))
        said = f"{node.title}，{node.requirement}"
        column = self.ticked_cadence(rows) or self.text("cadence", rows)
        cadence, words = read_cadence(column, said, rule_text or node.requirement)
        doubts = list(node.doubts)
        place = self.place("cadence", rows) or node.where
        if column.strip("-—/无 ") and words != column.strip():
            doubts.append("cadence_unread")
            instead = f"，按要求里的“{words}”" if words else ""
            warnings.append(
                Warning(
                    place,
                    f"周期写的是“{column[:20]}”，认不出多久一次{instead}",
                    CONFIRM,
                    "cadence_unread",
                    None,
                    node.key,
                    "cadence",
                )
            )
        rule, certain = read_rule(
            rule_text or self.rule_inside(node), node.points, cadence.per_year if cadence else None
        )
        if self.plan.grades and (levels := self.levels(rows, node)):
            rule, certain = levels, SURE
        if rule_text and (rule is None or certain == GUESS):
            doubts.append("rule_unread")
            text = (
                f"计分办法“{rule_text[:24]}”认不出是哪一种"
                if rule is None
                else f"计分办法“{rule_text[:24]}”不明确，暂按分档赋分"
            )
            warnings.append(
                Warning(
                    self.place("rule", rows) or node.where,
                    text,
                    CONFIRM,
                    "rule_unread",
                    None,
                    node.key,
                    "rule",
                )
            )
        if not lead and (self.plan.fields.get("lead") or self.plan.fields.get("co")):
            warnings.append(
                Warning(
                    self.place("lead", rows) or node.where,
                    "没有写牵头处室",
                    CONFIRM,
                    "lead_missing",
                    None,
                    node.key,
                    "lead",
                )
            )
        return replace(
            node,
            rule=rule,
            rule_text=rule_text,
            methods=self.methods(rows, node, warnings),
            needs=tuple(read_needs(self.text("needs", rows))),
            cadence=cadence.cycle if cadence else None,
            times=cadence.times if cadence else 1,
            target=cadence.target if cadence else None,
            cadence_text=column or words,
            per=read_per(self.text("scope", rows), lead),
            lead=lead,
            co=tuple(co),
            mandatory=self.mandatory(rows, node),
            title=self.bare_title(node.title),
            doubts=tuple(doubts),
        )

    def points_remark(self, rows: list[int]) -> str:
        """What stands behind the figure in a points cell: 3分。A得3分，B得2分."""
        c = self.plan.points
        text = self.grid.text(rows[0], c) if c is not None else ""
        return text if len(text) > 10 else ""

    def ticked_cadence(self, rows: list[int]) -> str:
        """Columns 一季度 … 四季度 or 1月 … 12月 with ticks, told in words; "" if there are none."""
        cols = self.plan.fields.get("cadence", [])
        if len(cols) < 2:
            return ""
        ticked = [c for c in cols if squeeze(self.grid.text(rows[0], c)) in TICKS]
        if not ticked:
            return ""
        whole = {2: "每半年", 4: "每季度", 12: "每月"}
        return whole[len(cols)] if len(ticked) == len(cols) and len(cols) in whole else f"每年{len(ticked)}次"

    def levels(self, rows: list[int], node: Node) -> Grade | None:
        """The grades of a row whose columns A, B, C, D tell what each earns."""
        if not node.points:
            return None
        found = [(name, points_of(self.grid.cell(rows[0], col))) for col, name in self.plan.grades.items()]
        shares = tuple(
            (name, (value / node.points).quantize(Decimal("0.0001")).normalize() + 0)
            for name, value in found
            if value is not None and 0 <= value <= node.points
        )
        return (
            Grade(tuple((name, Decimal(format(share, "f"))) for name, share in shares))
            if len(shares) >= 2
            else None
        )

    def place(self, name: str, rows: list[int]) -> str:
        col = self.plan.first(name)
        return self.grid.place(rows[0], col) if col is not None else ""

    def rule_inside(self, node: Node) -> str:
        """Standards without a column for it tell the deduction inside the requirement."""
        parts = [
            part
            for part in re.split(r"[。；;\n]", node.requirement)
            if re.search(r"扣\s*[\d.一二两三]+\s*分|得满分|不得分", part)
        ]
        return "；".join(parts)

    def methods(
        self, rows: list[int], node: Node, warnings: list[Warning]
    ) -> tuple[tuple[str, Decimal | None], ...]:
        """Names from the column and from ticked columns, with their shares if percentages are given."""
        found: dict[str, Decimal | None] = {}
        for name, percent in split_methods(self.text("methods", rows)):
            if squeeze(name) in TICKS and squeeze(name) not in self.legend:
                header = "材料审核"
                warnings.append(
                    Warning(
                        self.place("methods", rows),
                        f"测评方法是“{name}”，读作“{header}”",
                        CONFIRM,
                        "method_tick",
                        None,
                        node.key,
                        "methods",
                    )
                )
                name = header
            letters = (
                [self.legend[sign] for sign in squeeze(name) if sign in self.legend]
                if re.fullmatch(r"[A-Z①-⑩√●○◎★☆▲△■□◆◇]+", squeeze(name))
                else []
            )
            for one in letters or [name]:
                found.setdefault(one, percent)
        for col, name in self.plan.ticks.items():
            for r in rows:
                cell = squeeze(self.grid.text(r, col))
                if cell and cell not in ABSENT:
                    m = re.fullmatch(r"(\d+(?:\.\d+)?)%", cell)
                    value = Decimal(m.group(1)) if m else None
                    raw = self.grid.cell(r, col)
                    if (
                        value is None
                        and self.plan.points_by_method
                        and node.points
                        and (part := points_of(raw))
                    ):
                        value = (part / node.points * 100).quantize(Decimal("0.01"))
                    if value is None and isinstance(raw, Decimal) and 0 < raw < 1:
                        value = raw * 100
                    found.setdefault(name, value.normalize() if value is not None else None)
        return tuple(
            (name, Decimal(format(share, "f")) if share is not None else None)
            for name, share in found.items()
        )

    def mandatory(self, rows: list[int], node: Node) -> bool:
        said = squeeze(self.text("mandatory", rows))
        if said:
            col = self.plan.first("mandatory")
            header_means = any(sign in self.legend and marks_mandatory(self.legend[sign]) for sign in said)
            return (
                header_means
                or bool(re.search(r"必|核心|约束|否决|关键|^是$|^Y$|^1$|^★|^√|^✓|^●", said))
                and not re.search(r"^(非|不|否)", said)
                and col is not None
            )
        signs = [sign for sign, meaning in self.legend.items() if marks_mandatory(meaning)]
        if "※" not in signs and "★" not in self.legend:
            signs.append("★")
        text = fold(node.title)
        return any(text.startswith(sign) or text.endswith(sign) for sign in signs) or bool(
            re.search(r"[(（【](必备|必达|核心|否决|约束性)(项|指标)?[)）】]", node.title)
        )

    def bare_title(self, title: str) -> str:
        return title.strip("★▲*※●◆■ ").strip() or title


def split_methods(text: str) -> list[tuple[str, Decimal | None]]:
    """ "材料审核60%、实地考察40%" -> names with shares."""
    found = []
    text = re.sub(r"[;；\n，,]", "、", text)
    if all(is_method(part) for part in text.split()):
        text = "、".join(text.split())
    for part in split_list(re.sub(r"[+＋/和与及或]", "、", text)):
        said = fold(part)
        m = re.search(r"[(（]?\s*(\d+(?:\.\d+)?)\s*%\s*[)）]?", said)
        name = re.sub(r"[(（]?\s*\d+(?:\.\d+)?\s*%\s*[)）]?", "", said).strip()
        if name:
            found.append((name, Decimal(m.group(1)) if m else None))
    return found
