"""A reading as `standard read --json` tells it: plain values, every figure a string."""

from typing import Any

from ..rules import scoring
from ..rules.needs import Need
from ..rules.numbers import show
from ..rules.tree import Node, Reading

Json = dict[str, Any]


def as_json(reading: Reading) -> Json:
    """The shape that `standard read --json` promises; every figure is a string, `times` and `least` whole numbers."""
    by_key = {node.key: node for node in reading.nodes}
    return {
        "name": reading.name,
        "stated_total": None if reading.stated_total is None else str(reading.stated_total),
        "total": str(reading.total),
        "areas": [{"title": node.title, "points": _points(node)} for node in reading.areas],
        "sections": [{"title": node.title, "points": _points(node)} for node in reading.sections],
        "items": [_item(node, _above(node, by_key)) for node in reading.leaves],
        "warnings": [{"where": one.where, "text": one.text} for one in reading.warnings],
    }


def _points(node: Node) -> str | None:
    return None if node.points is None else str(node.points)


def _above(node: Node, by_key: dict[str, Node]) -> list[Node]:
    """The groups that hold the leaf, the nearest first."""
    chain: list[Node] = []
    parent = by_key.get(node.parent or "")
    while parent is not None:
        chain.append(parent)
        parent = by_key.get(parent.parent or "")
    return chain


def _item(node: Node, chain: list[Node]) -> Json:
    return {
        "code": node.code,
        "area": chain[-1].title if chain else "",
        "section": chain[0].title if len(chain) > 1 else "",
        "title": node.title,
        "points": _points(node),
        "methods": [name for name, _ in node.methods],
        "lead": node.lead,
        "where": node.where,
        "requirement": node.requirement,
        "cadence": str(node.cadence) if node.cadence else None,
        "times": node.times,
        "target": node.target,
        "per": node.per,
        "rule": scoring.to_json(node.rule) if node.rule else None,
        "rule_text": node.rule_text,
        "co": list(node.co),
        "needs": [_need(need) for need in node.needs],
        "method_shares": {name: show(share) for name, share in node.methods if share is not None},
        "certain": dict(node.certain),
    }


def _need(need: Need) -> Json:
    return {"name": need.name, "kind": need.kind, "least": need.least, "must": need.must}
