"""The next edition of a test's standard, with its matches: what the import would have saved, written outside the door."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from taizhang.standards.models import Edition, Indicator, Match, Requirement, Strand

#: what a test says of one new leaf: the fields that differ, and `needs` as (name, kind, least) if they do
Changes = dict[str, Any]


@dataclass
class Next:
    """How the old leaves (by code) go over; what is not named goes over as it is."""

    label: str = "2019版"
    changed: dict[str, Changes] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    #: old code → the pieces, the first of which carries on
    split: dict[str, list[Changes]] = field(default_factory=dict)
    #: code that carries on → the others that go into it
    joined: dict[str, list[str]] = field(default_factory=dict)
    new: list[Changes] = field(default_factory=list)


def revise(base: Edition, said: Next) -> Edition:
    """Make the edition with areas, leaves, needs, strands by the house's rule, and a match for every pair."""
    edition = Edition(standard=base.standard, label=said.label, base=base)
    edition.save()
    above: dict[int, Indicator] = {}
    matches: list[Match] = []
    made: dict[str, Indicator] = {}
    order = 0
    old_leaves = {row.code: row for row in Indicator.objects.filter(edition=base, is_leaf=True)}
    into = {code: target for target, codes in said.joined.items() for code in codes}

    def leaf(old: Indicator | None, changes: Changes, *, strand: Strand | None, code: str) -> Indicator:
        nonlocal order
        values = {
            name: getattr(old, name)
            for name in ("label", "title", "requirement", "points", "rule_text", "cadence", "times", "target", "per", "lead_text", "level")
        } if old else {"label": "", "title": "新指标", "points": Decimal(1), "cadence": "year", "per": "unit", "level": 3}  # fmt: skip
        needs = changes.get("needs")
        values |= {name: value for name, value in changes.items() if name != "needs"}
        parent = above.get(old.parent_id or 0) if old else next(iter(above.values()), None)
        row = Indicator(
            edition=edition, strand=strand or _strand(base), order=order, is_leaf=True,
            **{"code": code, "parent": parent} | values,
        )  # fmt: skip
        row.save()
        order += 1
        if needs is None and old:
            needs = [
                (one.name, one.kind, one.least, one.doc_no) for one in old.requirements.order_by("order")
            ]
        for at, (name, kind, least, *doc_no) in enumerate(needs or []):
            Requirement(
                indicator=row, key=str(at), order=at, name=name, kind=kind, least=least, doc_no=bool(doc_no and doc_no[0])
            ).save()  # fmt: skip
        return row

    for old in Indicator.objects.filter(edition=base).order_by("order"):
        if not old.is_leaf:
            node = Indicator(
                edition=edition, strand=old.strand, order=order, is_leaf=False, code=old.code, label=old.label,
                title=old.title, level=old.level, parent=above.get(old.parent_id or 0),
            )  # fmt: skip
            node.save()
            above[old.pk] = node
            order += 1
            continue
        if old.code in said.gone:
            matches.append(Match(edition=edition, old=old, kind="gone"))
        elif old.code in into:
            continue
        elif old.code in said.split:
            for at, changes in enumerate(said.split[old.code]):
                code = old.code if not at else f"{old.code}-{at}"
                changes = {"label": f"{old.label}-{at}"} | changes if at else changes
                row = leaf(old, changes, strand=None if at else old.strand, code=code)
                matches.append(Match(edition=edition, old=old, new=row, kind="split", main=not at))
        else:
            changes = said.changed.get(old.code, {})
            row = made[old.code] = leaf(old, changes, strand=old.strand, code=old.code)
            kind = "joined" if old.code in said.joined else "changed" if changes else "same"
            matches.append(Match(edition=edition, old=old, new=row, kind=kind))
    for target, codes in said.joined.items():
        for code in codes:
            matches.append(
                Match(edition=edition, old=old_leaves[code], new=made[target], kind="joined", main=False)
            )
    for at, changes in enumerate(said.new):
        row = leaf(None, changes, strand=None, code=changes.get("code", f"n{at}"))
        matches.append(Match(edition=edition, new=row, kind="new"))
    Match.objects.bulk_create(matches)
    Edition.objects.filter(pk=base.pk).update(state="replaced")
    return edition


def _strand(base: Edition) -> Strand:
    made = Strand(standard=base.standard)
    made.save()
    return made
