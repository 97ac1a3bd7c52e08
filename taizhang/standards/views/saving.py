"""保存: the last step, what stands against it, and what was not looked at."""

from typing import Any

from django.utils.http import urlencode

from .. import queries
from ..forms import SaveForm
from ..models import Draft
from ..rules.certainty import FIELDS, meanings
from ..rules.numbers import show
from ..rules.scoring import GUESS, LIKELY, SURE
from ..rules.tree import Node, Reading
from .doubts import Unknown
from .meaning import WORDS
from .source import Source, place_words


def save_step(
    draft: Draft, reading: Reading, blocked: list[tuple[Node, str]], unknown: list[Unknown], source: Source, here: str,
    shown: Any,
) -> dict[str, Any]:  # fmt: skip
    initial = {
        "name": reading.name[:120],
        "stated_total": "" if reading.stated_total is None else show(reading.stated_total),
    }
    still = len(reading.open()) + sum(one.id not in source.choices.accepted for one in unknown)
    return {
        "form": shown.save_form or SaveForm(initial=initial), "names": queries.names_of(draft.agency_id), "still": still, **unagreed(reading, here),
        "faults": [
            (f"{here}?step=check&{urlencode({'node': node.key})}#w", place_words(source.book, node.where) or node.key, node.title or node.code, text)
            for node, text in blocked[:50]
        ],
        "more_faults": max(0, len(blocked) - 50),
    }  # fmt: skip


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
