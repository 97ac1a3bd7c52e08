"""What the organisation's pages say of the ledger's work, which lies above them: `{% load work %}`."""

from collections.abc import Sequence
from typing import Any

from django import template

from taizhang.kit import clock
from taizhang.ledger.queries.handover import holding_of

register = template.Library()


@register.simple_tag
def holding(
    agency: Any, leaving: Sequence[str], moving: Sequence[tuple[str, str, str]]
) -> list[tuple[Any, ...]]:
    """Who of LEAVING (staff numbers) and MOVING (staff number, old and new department) has open work: (holding, old, new).

    Old and new are empty for who is leaving. Three queries, none where nobody is asked about.
    """
    moves = {no: (old, new) for no, old, new in moving}
    numbers = {*leaving, *moves}
    found = holding_of(agency, numbers, clock.today()) if numbers else []
    return [(one, *moves.get(one.no, ("", ""))) for one in found]
