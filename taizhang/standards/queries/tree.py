"""An edition whole: its tree and its three lists as plain rows, in a constant number of queries."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ..models import Bar, Bonus, Edition, Eligibility, Indicator, Method, Requirement
from ..rules.needs import KINDS
from ..rules.numbers import show
from ..rules.said import PER, cadence_words, rule_words
from ..rules.scoring import from_json

ZERO = Decimal(0)
FIELD_WORDS = {"time": "时间", "place": "地点", "people": "人物", "theme": "主题", "host": "主办"}


@dataclass(frozen=True)
class Leaf:
    """What only a leaf has, in words."""

    rule: str
    rule_text: str
    cadence: str
    per: str
    lead: str
    co: str
    mandatory: bool
    where: str
    methods: tuple[tuple[str, Decimal | None], ...] = ()
    needs: tuple[tuple[str, str, int, bool, bool, str], ...] = ()  # name, kind, least, must, doc_no, caption

    @property
    def method_words(self) -> str:
        return "、".join(name if share is None else f"{name} {show(share)}%" for name, share in self.methods)


@dataclass(frozen=True)
class Row:
    """A node in the order of the tree. `points`: a leaf's own, else the sum below it; `closes`: open groups that
    end before it; `leaves`: how many lie below it."""

    pk: int
    level: int
    code: str
    label: str
    title: str
    requirement: str
    points: Decimal
    stated: Decimal | None
    leaves: int
    closes: int
    leaf: Leaf | None

    @property
    def differs(self) -> bool:
        return self.stated is not None and self.stated != self.points


@dataclass(frozen=True)
class Tree:
    """`deep`: groups still open after the last row."""

    rows: list[Row]
    deep: int
    areas: int
    sections: int
    leaves: int
    total: Decimal
    bars: list[tuple[str, ...]] = field(default_factory=list)
    eligibilities: list[tuple[str, ...]] = field(default_factory=list)
    bonuses: list[tuple[str, str, str, Decimal | None]] = field(default_factory=list)


def _leaves(edition: Edition, rows: list[tuple[Any, ...]]) -> dict[int, Leaf]:
    methods: dict[int, list[tuple[str, Decimal | None]]] = defaultdict(list)
    for pk, name, share in (
        Method.objects.filter(indicator__edition=edition)
        .order_by("indicator", "order")
        .values_list("indicator_id", "name", "share")
    ):
        methods[pk].append((name, share))
    needs: dict[int, list[tuple[str, str, int, bool, bool, str]]] = defaultdict(list)
    for pk, name, kind, least, must, doc_no, fields in (
        Requirement.objects.filter(indicator__edition=edition)
        .order_by("indicator", "order")
        .values_list("indicator_id", "name", "kind", "least", "must", "doc_no", "fields")
    ):
        caption = "、".join(FIELD_WORDS[name] for name in fields if name in FIELD_WORDS)
        needs[pk].append((name, KINDS.get(kind, "材料"), least, must, doc_no, caption))
    found = {}
    for pk, rule, rule_text, cadence, times, target, per, lead, co, mandatory, where in rows:
        words = rule_words(from_json(rule)) if rule else ""
        found[pk] = Leaf(
            words, rule_text, cadence_words(cadence, times, target), PER.get(per, ""), lead, co, mandatory, where,
            tuple(methods[pk]), tuple(needs[pk]),
        )  # fmt: skip
    return found


def tree(edition: Edition) -> Tree:
    """Six queries, whatever the size."""
    nodes: list[tuple[Any, ...]] = list(
        Indicator.objects.filter(edition=edition).order_by("order", "pk").values_list(
            "pk", "parent_id", "level", "code", "label", "title", "requirement", "is_leaf", "points", "stated_points"
        )
    )  # fmt: skip
    details = _leaves(
        edition,
        list(
            Indicator.objects.filter(edition=edition, is_leaf=True).values_list(
                "pk", "rule", "rule_text", "cadence", "times", "target", "per", "lead_text", "co_text", "mandatory", "where"
            )
        ),
    )  # fmt: skip
    parent = {row[0]: row[1] for row in nodes}
    sums: dict[int, Decimal] = defaultdict(Decimal)
    counts: dict[int, int] = defaultdict(int)
    for row in nodes:
        up = row[1] if row[7] else None
        while up is not None:
            sums[up] += row[8]
            counts[up] += 1
            up = parent[up]
    rows, deep = [], 0
    for pk, _, level, code, label, title, requirement, is_leaf, points, stated in nodes:
        closes = max(0, deep - level + 1)
        deep = level - 1 if is_leaf else level
        rows.append(
            Row(
                pk, level, code, label, title, requirement, points if is_leaf else sums[pk], stated,
                1 if is_leaf else counts[pk], closes, details.get(pk),
            )
        )  # fmt: skip
    leaves = [row for row in rows if row.leaf]
    groups = [row for row in rows if not row.leaf]
    return Tree(
        rows=rows,
        deep=deep,
        areas=sum(row.level == 1 for row in groups),
        sections=sum(row.level > 1 for row in groups),
        leaves=len(leaves),
        total=sum((row.points for row in leaves), ZERO),
        bars=[
            (
                code,
                title,
                detail,
                severity,
                consequence,
                f"{months} 个月" if months else "",
                verifier,
                applies,
            )
            for code, title, detail, severity, consequence, months, verifier, applies in Bar.objects.filter(
                edition=edition
            ).values_list(
                "code", "title", "detail", "severity", "consequence", "months", "verifier", "applies_to"
            )
        ],
        eligibilities=list(
            Eligibility.objects.filter(edition=edition).values_list(
                "code", "title", "requirement", "judged_by"
            )
        ),
        bonuses=list(Bonus.objects.filter(edition=edition).values_list("code", "title", "rule_text", "cap")),
    )
