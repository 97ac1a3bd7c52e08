"""Weights instead of points: percentages of the whole, or of the level above."""

from dataclasses import replace
from decimal import Decimal

from ..rules.tree import CONFIRM, Warning
from .leaves import Draft
from .pages import Page

ONE, HUNDRED = Decimal(1), Decimal(100)


def as_points(drafts: list[Draft], used: list[Page]) -> tuple[list[Draft], list[Warning]]:
    """Weights made into points of a hundred, in place; and what was done."""
    page = used[0]
    place = page.grid.place(max(page.header.bottom, 0) if page.header else 0, page.plan.points or 0)
    if relative(drafts):
        return drafts, [
            Warning(place, "权重逐级按上一级的百分比给出，已换算成百分制分值", CONFIRM, "relative_weights")
        ]
    values = [draft.node.points for draft in drafts if draft.node.is_leaf and draft.node.points is not None]
    if (
        len(values) < 4
        or not all(value <= 1 for value in values)
        or not Decimal("0.97") <= sum(values, Decimal(0)) <= Decimal("1.03")
    ):
        return drafts, []
    for draft in drafts:
        if draft.node.points is not None and draft.node.points <= 1:
            draft.node = replace(draft.node, points=plain(draft.node.points * 100))
    return drafts, [Warning(place, "分值是百分数（合计为 1），已按百分制读作分", CONFIRM, "percent")]


def plain(value: Decimal) -> Decimal:
    """Without exponent and without zeros behind the point."""
    return Decimal(format(value.normalize(), "f"))


def relative(drafts: list[Draft]) -> bool:
    """Whether below every group the parts add up to 100 % again; if so, points become their share of the whole."""
    children: dict[str | None, list[Draft]] = {}
    for draft in drafts:
        children.setdefault(draft.node.parent, []).append(draft)
    groups = [draft for draft in drafts if not draft.node.is_leaf]
    if len(groups) < 2 or any(draft.node.points is None for draft in drafts):
        return False
    bases = {
        parent: sum((draft.node.points or Decimal(0) for draft in below), Decimal(0))
        for parent, below in children.items()
    }
    if any(not (near(base, ONE) or near(base, HUNDRED)) for base in bases.values()) or len(bases) < 3:
        return False

    def scale(parent: str | None, factor: Decimal) -> None:
        for draft in children.get(parent, []):
            share = (draft.node.points or Decimal(0)) / bases[parent] * factor
            draft.node = replace(draft.node, points=plain(share.quantize(Decimal("0.0001"))))
            scale(draft.node.key, share)

    scale(None, HUNDRED)
    return True


def near(value: Decimal, wanted: Decimal) -> bool:
    return abs(value - wanted) <= wanted / 500
