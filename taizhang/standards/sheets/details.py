"""Fills a leaf with what its further columns say: rule, methods, needs, cadence, lead, scope."""

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

from ..rules.cadence import CadenceRead, read_cadence
from ..rules.certainty import excerpt
from ..rules.labels import take_fields
from ..rules.leads import Leads, read_leads, read_performer
from ..rules.legend import marks_mandatory
from ..rules.methods import read_methods
from ..rules.needs import Need, read_needs
from ..rules.numbers import NUMBER, fold, points_of, squeeze
from ..rules.scoring import GUESS, LIKELY, SURE, USUAL_LEVELS, Grade, Rule, read_rule
from ..rules.scoring_steps import graded
from ..rules.tree import CONFIRM, Node, Warning
from ..rules.wording import plain
from .grid import Grid
from .plan import Plan
from .shapes import TICKS

#: a clause that says how points are earned or lost; （2分） behind an item is its worth, not a rule
SCORES = re.compile(
    rf"(?:扣|减){NUMBER}分|满分|不得分|不计分|按比例|酌情|得分|为A|(?<![(（〔\[\d.])(?:得|计|记|加|，)?{NUMBER}分(?![)）〕\]钟之贝])"
)
ABSENT = {"", "-", "/", "无", "×", "x", "X", "否", "0"}


@dataclass
class Told:
    """What has been understood of one leaf: certainty and the file's words by field, and its doubts."""

    certain: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)

    def add(self, name: str, certain: str, words: str) -> None:
        """Nothing, if nothing was read (CERTAIN is "")."""
        if certain:
            self.certain[name], self.sources[name] = certain, excerpt(words)


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
        starts = {r for c in groups for r in self.group_starts(c)}
        leaf = self.plan.leaf_columns
        items = sum(any(self.grid.begins(r, c) for c in leaf) for r in range(self.grid.height))
        return 2 <= len(rows) < 0.7 * items and sum(r in starts for r in rows) >= 0.9 * len(rows)

    def group_starts(self, col: int) -> list[int]:
        """Rows in which a group begins; a name repeated in every row begins one only where it changes."""
        rows, last = [], ""
        for r in range(self.grid.height):
            if self.grid.begins(r, col) and (text := self.grid.text(r, col)) != last:
                rows.append(r)
                last = text
        return rows

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
        """NODE with everything its row says; each field that was read with its certainty and the file's words."""
        told = Told()
        inside = take_fields(node.requirement).fields
        said = f"{node.title}，{node.requirement or self.text('needs', rows)}"
        leads = self.leads(rows, inside, told)
        cadence = self.cadence(node, rows, said, inside, told, warnings)
        rule, rule_text = self.rule(node, rows, cadence, inside, told, warnings)
        if not leads.lead and (self.plan.fields.get("lead") or self.plan.fields.get("co")):
            self.warn(rows, node, "lead", "没有写牵头处室", "lead_missing", warnings)
        scope = self.text("scope", rows) or inside.get("scope", "")
        per, certain = read_performer(scope, leads.lead, said)
        told.add("per", certain, scope or (leads.lead if certain == SURE else said))
        methods = self.methods(rows, node, inside, told, warnings)
        if node.points is not None:
            doubtful = node.doubts or not node.stated
            told.add("points", LIKELY if doubtful else SURE, self.points_words(node, rows))
        mandatory = self.mandatory(rows, node)
        if said := self.text("mandatory", rows):
            told.add("mandatory", SURE, said)
        elif mandatory:
            told.add("mandatory", LIKELY, node.title)
        due = cadence.cadence
        return replace(
            node,
            rule=rule,
            rule_text=rule_text,
            methods=methods,
            needs=self.needs(rows, inside, told),
            cadence=due.cycle if due else None,
            times=due.times if due else 1,
            target=due.target if due else None,
            cadence_text=cadence.words,
            per=per,
            lead=leads.lead,
            co=tuple(leads.co),
            mandatory=mandatory,
            title=self.bare_title(node.title),
            doubts=(*node.doubts, *told.doubts),
            certain=told.certain,
            sources=told.sources,
        )

    def leads(self, rows: list[int], inside: dict[str, str], told: "Told") -> Leads:
        lead_text, co_text = self.text("lead", rows, "、"), self.text("co", rows, "、")
        found = read_leads(lead_text, co_text)
        if not found.lead and not self.plan.fields.get("lead") and inside.get("lead"):
            lead_text, co_text = inside["lead"], co_text or inside.get("co", "")
            found = read_leads(lead_text, co_text)
            found = found._replace(certain=found.certain and LIKELY)
        told.add("lead", found.certain, lead_text)
        told.add("co", found.co_certain, "；".join(part for part in (lead_text, co_text) if part))
        return found

    def cadence(
        self, node: Node, rows: list[int], said: str, inside: dict[str, str], told: "Told",
        warnings: list[Warning],
    ) -> CadenceRead:  # fmt: skip
        """From its column, else from title and requirement, else from the rule; `words` are kept as cadence_text."""
        column = self.ticked_cadence(rows) or self.text("cadence", rows) or inside.get("cadence", "")
        rule_text = self.text("rule", rows) or self.points_remark(rows) or node.requirement
        found = read_cadence(column, said, rule_text)
        if column.strip("-—/无 ") and found.words != column.strip():
            told.doubts.append("cadence_unread")
            instead = f"，按要求里的“{found.words}”" if found.words else ""
            text = f"周期写的是“{column[:20]}”，认不出多久一次{instead}"
            self.warn(rows, node, "cadence", text, "cadence_unread", warnings)
            found = found._replace(certain=found.certain and GUESS)
        told.add("cadence", found.certain, column or around(found.words, node, rule_text))
        return found._replace(words=column or found.words)

    def rule(
        self, node: Node, rows: list[int], cadence: CadenceRead, inside: dict[str, str], told: "Told",
        warnings: list[Warning],
    ) -> tuple[Rule | None, str]:  # fmt: skip
        """The rule, and the words of the file that tell it."""
        column = self.text("rule", rows) or self.points_remark(rows)
        text = column or inside.get("rule", "") or self.rule_inside(node)
        due = cadence.cadence
        times = due.per_year if due and due.per_year else due.times if due and due.times > 1 else None
        rule, certain = read_rule(text, node.points, times, f"{node.title}，{node.requirement}")
        if self.plan.grades and (levels := self.levels(rows, node)):
            rule, certain = levels, SURE
        elif self.plan.grades and not column and (states := self.described(rows))[0]:
            rule, certain = states[0], SURE
            column = text = states[1]
        if column and (rule is None or certain == GUESS):
            told.doubts.append("rule_unread")
            said = "认不出是哪一种" if rule is None else "不明确，请核对读出的规则"
            self.warn(rows, node, "rule", f"计分办法“{column[:24]}”{said}", "rule_unread", warnings)
        if rule is not None:
            told.add("rule", certain if column or certain != SURE else LIKELY, text)
        elif column:
            told.add("rule", GUESS, text)
        return rule, text

    def needs(self, rows: list[int], inside: dict[str, str], told: "Told") -> tuple[Need, ...]:
        column = self.text("needs", rows)
        text = column or inside.get("needs", "")
        found = tuple(read_needs(text))
        if found:
            loose = not column or bool(re.search(r"或|等|必要时|如有", text))
            told.add("needs", LIKELY if loose else SURE, text)
        return found

    def points_words(self, node: Node, rows: list[int]) -> str:
        c = self.plan.points
        return (self.grid.text(rows[0], c) if c is not None else "") or node.title

    def warn(
        self, rows: list[int], node: Node, field: str, text: str, kind: str, warnings: list[Warning]
    ) -> None:
        place = self.place(field, rows) or node.where
        warnings.append(Warning(place, text, CONFIRM, kind, None, node.key, field))

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

    @cached_property
    def scale(self) -> dict[str, Decimal]:
        """What the letters are worth by the file's own note: A档得该项分值的100%，B档得66%…; the usual shares without one."""
        shares = dict(USUAL_LEVELS)
        for r in range(self.grid.height):
            for c in self.grid.filled(r):
                text = self.grid.text(r, c)
                if len(text) > 12 and re.search(r"[AＡ].*[BＢ].*[CＣ]", text, re.DOTALL):
                    found = {name: share for name, share in graded(plain(text), None) if share is not None}
                    letters = {name: share for name, share in found.items() if re.fullmatch("[A-G]", name)}
                    if len(letters) >= 3 and max(letters.values()) == 1:
                        return shares | letters
        return shares

    def described(self, rows: list[int]) -> tuple[Grade | None, str]:
        """Columns A, B, C, D that describe the states instead of naming points: the grades, and the words for each."""
        words = {name: self.grid.text(rows[0], col) for col, name in self.plan.grades.items()}
        words = {name: text for name, text in words.items() if text}
        if len(words) < 2 or not set(words) <= set(self.scale):
            return None, ""
        levels = tuple((name, self.scale[name]) for name in words)
        return Grade(levels), "；".join(f"{name}：{text}" for name, text in words.items())

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
        """Standards without a column for it tell the deduction, or what is earned, inside the requirement."""
        return "；".join(
            part.strip()
            for part in re.split(r"[。；;\n]", node.requirement or node.title)
            if SCORES.search(plain(part))
        )

    def methods(
        self, rows: list[int], node: Node, inside: dict[str, str], told: "Told", warnings: list[Warning]
    ) -> tuple[tuple[str, Decimal | None], ...]:
        """Names from the column and from ticked columns, with their shares if percentages are given."""
        found: dict[str, Decimal | None] = {}
        text = self.text("methods", rows) or inside.get("methods", "")
        named, certain = read_methods(text, node.points)
        for name, percent in named:
            signs = squeeze(name)
            if signs in TICKS and signs not in self.legend:
                header = "材料审核"
                said = f"测评方法是“{name}”，读作“{header}”"
                self.warn(rows, node, "methods", said, "method_tick", warnings)
                name, certain = header, GUESS
            letters = (
                [self.legend[sign] for sign in signs if sign in self.legend]
                if re.fullmatch(r"[A-Z①-⑩√●○◎★☆▲△■□◆◇]+", signs)
                else []
            )
            if letters:
                certain = SURE
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
                    text, certain = text or cell, certain or SURE
        told.add("methods", certain if found else "", text)
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


def around(words: str, node: Node, rule_text: str) -> str:
    """The clause of the file that WORDS stand in; the words themselves where it cannot be found."""
    for source in (node.title, node.requirement, rule_text):
        for clause in re.split(r"[。；;\n]", source):
            if words and words in plain(clause):
                return clause.strip()
    return words
