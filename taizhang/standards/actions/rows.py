"""The rows of an edition: its indicators with their methods and needs, and its three lists."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import count

from ..models import Bar, Bonus, Edition, Eligibility, Indicator, Method, Requirement
from ..rules import scoring
from ..rules.tree import Entry, Node, Reading

#: what a need is called → its key
Keys = Mapping[str, str]


def write_indicators(
    edition: Edition, nodes: Sequence[Node], strands: Sequence[int], keys: Mapping[str, Keys] | None = None
) -> dict[str, Indicator]:
    """NODES as rows, each with its strand; node key → row. KEYS: of each leaf, those that its needs had before."""
    by_key: dict[str, Indicator] = {}
    for level in sorted({node.level for node in nodes}):
        rows: list[tuple[Node, Indicator]] = []
        for order, node in enumerate(nodes):
            if node.level == level:
                rows.append(
                    (node, _indicator(edition, node, order, strands[order], by_key.get(node.parent or "")))
                )
        Indicator.make_many([row for _, row in rows])  # parents first: their ids are wanted by the next level
        by_key |= {node.key: row for node, row in rows}
    leaves = [(node, by_key[node.key]) for node in nodes if node.is_leaf]
    Method.make_many([
        Method(indicator=row, order=order, name=name[:40], share=share)
        for node, row in leaves for order, (name, share) in enumerate(node.methods)
    ])  # fmt: skip
    Requirement.make_many([
        Requirement(
            indicator=row, key=key, order=order, name=need.name[:200], kind=need.kind, least=need.least,
            must=need.must, fields=list(need.fields), doc_no=need.doc_no,
        )
        for node, row in leaves
        for order, (need, key) in enumerate(zip(node.needs, need_keys(node, (keys or {}).get(node.key, {})), strict=True))
    ])  # fmt: skip
    return by_key


def need_keys(node: Node, before: Keys) -> list[str]:
    """A need that is called as BEFORE keeps its key; the others get numbers not used yet."""
    left = dict(before)
    kept = [left.pop(need.name[:200], None) for need in node.needs]
    taken = set(before.values())
    fresh = (str(n) for n in count() if str(n) not in taken)
    return [next(fresh) if key is None else key for key in kept]


def keys_of_needs(edition: Edition) -> dict[int, dict[str, str]]:
    """Indicator id of a leaf of EDITION → what its needs are called → their keys."""
    by_leaf: dict[int, dict[str, str]] = {}
    for leaf, name, key in Requirement.objects.filter(indicator__edition=edition).values_list(
        "indicator_id", "name", "key"
    ):
        by_leaf.setdefault(leaf, {}).setdefault(name, key)
    return by_leaf


def _indicator(edition: Edition, node: Node, order: int, strand: int, parent: Indicator | None) -> Indicator:
    return Indicator(
        edition=edition, strand_id=strand, parent=parent, level=node.level, order=order, code=node.code[:40],
        label=node.label[:40], title=node.title[:200], requirement=node.requirement, is_leaf=node.is_leaf,
        points=node.points if node.is_leaf else None, stated_points=None if node.is_leaf else node.points,
        rule_kind=scoring.to_json(node.rule)["kind"] if node.rule else "",
        rule=scoring.to_json(node.rule) if node.rule else {}, rule_text=node.rule_text,
        cadence=str(node.cadence) if node.cadence else "year" if node.is_leaf else "", times=node.times,
        target=node.target, cadence_text=node.cadence_text[:60], per=node.per, lead_text=node.lead[:80],
        co_text="、".join(node.co)[:200], mandatory=node.mandatory, where=node.where[:80],
    )  # fmt: skip


def _number(text: str) -> int | None:
    return int(text) if text.strip().isdigit() else None


def _pick(entry: Entry, *words: str) -> str:
    """The further column whose printed header holds one of WORDS."""
    return next((value for header, value in entry.extra.items() if any(word in header for word in words)), "")


def _severity(one: Entry) -> str:
    said = _pick(one, "级别", "类别", "性质")
    if not one.veto or "否决" in said:
        return said
    return f"{said}（一票否决）" if said else "一票否决"


def write_lists(edition: Edition, reading: Reading) -> None:
    Bar.make_many([
        Bar(
            edition=edition, order=order, code=one.code[:40], title=one.title[:200], detail=one.text,
            points=one.points, severity=_severity(one)[:40],
            consequence=_pick(one, "处理", "后果"), months=_number(_pick(one, "观察期", "期限")),
            verifier=_pick(one, "部门", "单位")[:200], applies_to=_pick(one, "对象")[:40],
        )
        for order, one in enumerate(reading.negatives)
    ])  # fmt: skip
    Eligibility.make_many([
        Eligibility(
            edition=edition, order=order, code=one.code[:40], title=one.title[:200], requirement=one.text,
            judged_by=_pick(one, "判定", "核验", "方式")[:60], parameters=one.extra,
        )
        for order, one in enumerate(reading.eligibility)
    ])  # fmt: skip
    Bonus.make_many([
        Bonus(
            edition=edition, order=order, code=one.code[:40], title=one.title[:200], rule_text=one.text,
            cap=one.points if one.points is not None else _decimal(_pick(one, "上限")),
        )
        for order, one in enumerate(reading.bonuses)
    ])  # fmt: skip


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except ArithmeticError:
        return None
