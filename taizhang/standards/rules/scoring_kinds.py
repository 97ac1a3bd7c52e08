"""How the points of an indicator are earned: six kinds of rule.

Sources: 状态描述法 A/B/C = 100/66/33 % of the points, count ÷ expected, deduction "扣完为止", rate between a floor
and a target, survey in steps (docs: domain findings, "Scoring mechanics seen").
"""

from dataclasses import asdict, dataclass, fields
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

Json = dict[str, Any]
SURE, LIKELY, GUESS = "sure", "likely", "guess"


@dataclass(frozen=True)
class Grade:
    """Steps with a share of the points each, best first: (("A", 1), ("B", 0.66), ("C", 0.33), ("D", 0))."""

    kind: ClassVar[str] = "grade"
    levels: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True)
class YesNo:
    """All or nothing."""

    kind: ClassVar[str] = "yes_no"


@dataclass(frozen=True)
class Count:
    """`target` times a year; each missing one costs `deduct_each` points."""

    kind: ClassVar[str] = "count"
    target: int
    deduct_each: Decimal


@dataclass(frozen=True)
class Rate:
    """Percentages: all points from `target` up, none below `floor`; between them in proportion if `linear`."""

    kind: ClassVar[str] = "rate"
    target: Decimal
    floor: Decimal
    linear: bool = True


@dataclass(frozen=True)
class Deduct:
    """Each `unit` (每发现一处…) costs `each` points, down to none. `all_or_nothing`: what forfeits everything."""

    kind: ClassVar[str] = "deduct"
    each: Decimal
    unit: str = ""
    forfeit: str = ""


@dataclass(frozen=True)
class Survey:
    """Satisfied share in percent: from `a` grade A, from `b` grade B, below it grade C."""

    kind: ClassVar[str] = "survey"
    a: Decimal
    b: Decimal


Rule = Grade | YesNo | Count | Rate | Deduct | Survey
KINDS: dict[str, type[Any]] = {rule.kind: rule for rule in (Grade, YesNo, Count, Rate, Deduct, Survey)}
LABELS = {
    "grade": "分档赋分",
    "yes_no": "达标赋分",
    "count": "次数赋分",
    "rate": "达标率赋分",
    "deduct": "扣分制",
    "survey": "满意率赋分",
}
USUAL_LEVELS = (("A", Decimal(1)), ("B", Decimal("0.66")), ("C", Decimal("0.33")), ("D", Decimal(0)))


def to_json(rule: Rule) -> Json:
    """Plain values only; decimals as text."""
    out: Json = {"kind": rule.kind}
    for name, value in asdict(rule).items():
        if name == "levels":
            value = [[level, str(share)] for level, share in value]
        out[name] = str(value) if isinstance(value, Decimal) else value
    return out


def from_json(data: Json) -> Rule:
    """The rule again. ValueError when a kind, a field or a number is not one of ours."""
    try:
        kind = KINDS[data["kind"]]
        names = {item.name: item for item in fields(kind)}
        if unknown := set(data) - set(names) - {"kind"}:
            raise ValueError(f"unknown fields {sorted(unknown)}")
        values: Json = {}
        for name, value in data.items():
            if name == "kind":
                continue
            if name == "levels":
                value = tuple((str(level), Decimal(str(share))) for level, share in value)
                if not value or any(not 0 <= share <= 1 for _, share in value):
                    raise ValueError("levels must be shares from 0 to 1")
            elif names[name].type is Decimal:
                value = Decimal(str(value))
                if not value.is_finite() or value < 0:
                    raise ValueError(f"{name} must not be negative")
            elif names[name].type is int and (not isinstance(value, int) or value < 1):
                raise ValueError(f"{name} must be a whole number from 1")
            values[name] = value
        rule: Rule = kind(**values)
    except (KeyError, TypeError, InvalidOperation) as error:
        raise ValueError(f"not a scoring rule: {error}") from error
    return rule
