"""A standard written by hand, or begun from an edition: its copy, its next edition, its correction."""

from collections.abc import Sequence
from typing import Any

from taizhang.kit.errors import Refused
from taizhang.org.action import action
from taizhang.org.models import Unit
from taizhang.org.permits import Permit

from ..models import (
    Bar,
    Bonus,
    Draft,
    Edition,
    Eligibility,
    Indicator,
    Match,
    MatchKind,
    Strand,
)
from ..queries.uses import in_use
from ..rules.editions import match, strand_links
from ..rules.tree import Json, Reading
from .editions import Head, check_base, refuse_doubts, refuse_what_cannot_stand, write_matches
from .rows import keys_of_needs, write_indicators, write_lists

COPY, REVISE, CORRECT = "copy", "revise", "correct"
#: how a draft is called that was begun from an edition
BEGUN = {COPY: "复制自", REVISE: "修订自", CORRECT: "更正"}
BY_HAND = "系统内编写"


@action("standards.write", "编写测评标准", (Permit.STANDARD_EDIT, ""))
def write(
    agency: Unit, *, by: Any, name: str, sha256: str, edition: Edition | None = None, how: str = ""
) -> Draft:
    """A draft without a file: its bytes are the exchange JSON it begins with, of EDITION if there is one.

    HOW: COPY makes a standard of its own, REVISE the next edition of EDITION, CORRECT changes EDITION itself, which
    is refused once anybody uses it.
    """
    called = f"{BEGUN.get(how, BEGUN[COPY])}《{edition.standard}》{edition.label}" if edition else name
    made: Json = {"by": by, "agency": agency, "source_name": called[:200], "source_sha256": sha256}
    if edition is None or how == COPY:
        return Draft.make(**made, written=True)
    keys = node_keys(edition)
    if how == REVISE:
        check_base(agency, edition)
        said = {key: {"old": [str(pk)]} for key, pk in keys.items()}
        return Draft.make(**made, written=True, base=edition, choices={"pairs": said})
    if edition.standard.agency_id != agency.pk:
        raise Refused(f"《{edition.standard}》不是本单位的标准，不能更正。可以“复制”成自己的再改。")
    refuse_used(edition)
    return Draft.make(
        **made, written=True, base=edition.base, over=edition, choices={"pairs": _said_before(edition, keys)}
    )


def source_words(draft: Draft) -> str:
    """Where the edition made of DRAFT comes from: its file, or that it was written here."""
    begun = draft.source_name.startswith(tuple(BEGUN.values()))
    return draft.source_name if begun or not draft.written else BY_HAND


def node_keys(edition: Edition) -> dict[str, int]:
    """The keys that the exchange form gives the nodes of EDITION → their ids."""
    ids = Indicator.objects.filter(edition=edition).order_by("order", "pk").values_list("pk", flat=True)
    return {f"n{n}": pk for n, pk in enumerate(ids, start=1)}


def refuse_used(edition: Edition) -> None:
    """Editions are frozen once somebody relies on them."""
    if in_use(edition):
        raise Refused(
            f"《{edition.standard}》“{edition.label}”已有创建活动在用，不能直接更正。请点“修订”，改完存为下一版，再在创建活动里换用。"
        )
    if edition.revisions.exists():
        raise Refused(f"“{edition.label}”已有后面的版本，不能再更正。请在最新的一版上改。")


def _said_before(edition: Edition, keys: dict[str, int]) -> Json:
    """What the saved matches of EDITION say, so that a correction need not confirm them again."""
    by_id = {pk: key for key, pk in keys.items()}
    said: Json = {}
    for old, new, kind in Match.objects.filter(edition=edition).values_list("old_id", "new_id", "kind"):
        if kind == MatchKind.GONE:
            said[f"gone:{old}"] = {}
        else:
            said.setdefault(by_id[new], {"old": []})["old"] += [] if old is None else [str(old)]
    return said


def refuse_corrected_since(draft: Draft) -> None:
    """Two corrections of one edition: the second was begun from rows that are no longer there."""
    if Indicator.objects.filter(edition=draft.over_id, created_at__gt=draft.created_at).exists():
        raise Refused(
            f"没有保存：你开始更正以后，“{draft.over}”已由别人更正过。这份草稿还在，请看过最新内容，重新点“更正”再改。"
        )


def correct(edition: Edition, reading: Reading, head: Head, base_nodes: Sequence[Any], said: Json) -> Edition:
    """EDITION's rows written anew from READING. Inside `save`.

    A leaf has the strand of the leaf of the base that it is matched to now; all else keeps the strand it had.
    """
    refuse_used(edition)
    refuse_what_cannot_stand(reading, head)
    pairs = match(base_nodes, reading.nodes, said) if edition.base_id else []
    refuse_doubts(pairs, base_nodes, reading.nodes)
    standard = edition.standard
    label = head.label.strip()
    if standard.editions.filter(label=label).exclude(pk=edition.pk).exists():
        raise Refused(f"《{standard}》已有“{label}”版，请换一个版本名。")
    strand_of = dict(Indicator.objects.filter(edition=edition).values_list("pk", "strand_id"))
    keys = node_keys(edition)
    mine = {key: strand_of[pk] for key, pk in keys.items()}
    before = dict(Indicator.objects.filter(edition=edition.base_id).values_list("pk", "strand_id"))
    carried = {now: before[int(was)] for now, was in strand_links(pairs).items()}
    asked = keys_of_needs(edition)
    needs = {key: asked[pk] for key, pk in keys.items() if pk in asked}
    for model in (Match, Bar, Eligibility, Bonus):
        model.remove_many(list(model.objects.filter(edition=edition)))
    old = list(Indicator.objects.filter(edition=edition))
    for level in sorted({row.level for row in old}, reverse=True):  # children first
        Indicator.remove_many([row for row in old if row.level == level])
    strands: list[int] = []
    taken = set(before.values()) if edition.base_id else set()  # a leaf has one of these only by its match
    for node in reading.nodes:
        own = mine.get(node.key)
        strand = carried.get(node.key) or (None if node.is_leaf and own in taken else own)
        if strand is None or strand in strands:
            strand = Strand.make(standard=standard).pk
        strands.append(strand)
    rows = write_indicators(edition, reading.nodes, strands, needs)
    write_lists(edition, reading)
    write_matches(edition, pairs, rows)
    if (name := head.name.strip()) != standard.name:
        if type(standard).objects.filter(agency=standard.agency, name=name).exists():
            raise Refused(f"本单位已有另一套《{name}》，请换一个名称。")
        standard.change(name=name)
    if head.owner_kind != standard.owner_kind:
        standard.change(owner_kind=head.owner_kind)
    return edition.change(
        label=label,
        valid_from=head.valid_from,
        stated_total=reading.stated_total,
        source_sha256=head.source_sha256,
    )
