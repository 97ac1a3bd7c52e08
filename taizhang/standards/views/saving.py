"""保存: the last step, what stands against it, and what was not looked at."""

from typing import Any

from django.utils.http import urlencode

from .. import queries
from ..forms import SaveForm
from ..models import Draft, Standard
from ..rules.certainty import FIELDS, meanings
from ..rules.exchange import Head
from ..rules.numbers import show
from ..rules.outset import next_label
from ..rules.scoring import GUESS, LIKELY, SURE
from ..rules.tree import Json, Node, Reading
from ..sheets.exchange import from_book, from_bytes, is_own
from .doubts import Unknown
from .meaning import WORDS
from .source import Source, bytes_of, place_words


def save_step(
    draft: Draft, reading: Reading, blocked: list[tuple[Node, str]], unknown: list[Unknown], source: Source, here: str,
    shown: Any,
) -> dict[str, Any]:  # fmt: skip
    still = len(reading.open()) + sum(one.id not in source.choices.accepted for one in unknown)
    return {
        "form": shown.save_form or SaveForm(initial=initial(draft, reading, source), standard=kept_standard(draft)), "names": queries.names_of(draft.agency_id), "still": still, **unagreed(reading, here),
        "faults": [
            (f"{here}?step=check&{urlencode({'node': node.key})}#w", place_words(source.book, node.where) or node.key, node.title or node.code, text)
            for node, text in blocked[:50]
        ],
        "more_faults": max(0, len(blocked) - 50),
    }  # fmt: skip


def kept_standard(draft: Draft) -> Standard | None:
    """The agency's own standard whose next edition DRAFT will be."""
    if draft.over_id or draft.base is None or draft.base.standard.agency_id is None:
        return None
    return draft.base.standard


def initial(draft: Draft, reading: Reading, source: Source) -> Json:
    """What the form says at first: of a correction what stands, of a revision the next number, of our own file what
    it says of itself."""
    said: Json = {
        "name": reading.name[:120],
        "stated_total": "" if reading.stated_total is None else show(reading.stated_total),
    }
    if draft.over is not None:
        kind = draft.over.standard.owner_kind
        return {**said, "label": draft.over.label, "owner_kind": kind, "valid_from": draft.over.valid_from}
    if (standard := kept_standard(draft)) is not None:
        labels = list(standard.editions.order_by("pk").values_list("label", flat=True))
        return {**said, "label": next_label(draft.base.label if draft.base else "", labels)[:40]}
    head = head_in(draft, source)
    if head is not None:
        found = {"label": head.label[:40], "owner_kind": head.owner_kind, "valid_from": head.valid_from}
        said |= {name: value for name, value in found.items() if value}
    return said


def head_in(draft: Draft, source: Source) -> Head | None:
    """What a file that we exported says of itself."""
    if source.book.kind == "json":
        return from_bytes(bytes_of(draft.source_sha256), draft.source_name)[1]
    return from_book(source.book, draft.source_name)[1] if is_own(source.book) else None


def unagreed(reading: Reading, here: str) -> dict[str, Any]:
    """How many readings nobody has confirmed, of which certainty and of which field."""
    rows = [row for row in meanings(reading.nodes) if not row.agreed]
    doubtful = [row for row in rows if row.certainty != SURE]
    return {
        "unagreed": [
            (WORDS[how], count, f"{here}?step=meaning&how={how}")
            for how in (GUESS, LIKELY, SURE)
            if (count := sum(row.certainty == how for row in rows))
        ],
        "unagreed_fields": [
            (label, count, f"{here}?step=meaning&f={name}")
            for name, label in FIELDS.items()
            if (count := sum(row.field == name for row in doubtful))
        ],
    }
