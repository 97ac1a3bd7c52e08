"""What rules need to know of slots and items, read in a fixed number of queries however many there are."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, F, Q
from django.utils import timezone

from taizhang.campaigns.models import Step, Track
from taizhang.campaigns.rules.states import PerStep
from taizhang.evidence.queries import stopped
from taizhang.org.queries.names import called_then

from ..models import Citation, Item, Need, Submission
from ..rules.needs_met import Asked, Given, Missing, missing
from ..rules.signing import Chains, Matter, Stop
from ..rules.states import SlotStatus
from .limited import NAME, as_column, untold


def asked_of(items: Iterable[int]) -> dict[int, list[Asked]]:
    """Item id → its needs in order."""
    found: dict[int, list[Asked]] = defaultdict(list)
    rows = Need.objects.filter(item__in=list(items)).order_by("order", "id")
    for pk, item, name, kind, least, must, fields, doc_no in rows.values_list(
        "pk", "item", "name", "kind", "least", "must", "fields", "doc_no"
    ):
        found[item].append(Asked(pk, name, kind, least, must, tuple(fields), doc_no))
    return found


def given_to(slots: Iterable[int], user: Any = None) -> dict[int, list[Given]]:
    """Slot id → what is cited for it; what is 限定 is named only to a USER who may know."""
    found: dict[int, list[Given]] = defaultdict(list)
    rows = Citation.objects.filter(slot__in=list(slots)).annotate(
        stopped=ExpressionWrapper(Q(evidence__in=stopped()), BooleanField()), untold=as_column(untold(user))
    ).values_list(
        "slot", "need", "evidence__kind", "evidence__title", "evidence__happened_on", "evidence__place",
        "evidence__people", "evidence__theme", "evidence__doc_no", "stopped", "untold",
    )  # fmt: skip
    for slot, need, kind, title, day, place, people, theme, doc_no, held, hidden in rows:
        found[slot].append(
            Given(
                need,
                kind,
                NAME if hidden else title,
                bool(day),
                bool(place),
                bool(people),
                bool(theme),
                bool(doc_no),
                held,
            )
        )
    return found


def missing_of(slots: Iterable[tuple[int, int]], user: Any = None) -> dict[int, list[Missing]]:
    """Slot id → what it lacks, for (slot id, item id) pairs, in words for USER; two queries."""
    pairs = list(slots)
    asked = asked_of({item for _, item in pairs})
    given = given_to([slot for slot, _ in pairs], user)
    return {slot: missing(asked.get(item, []), given.get(slot, [])) for slot, item in pairs}


def chains_of(campaign: int) -> Chains:
    """The review chains of a campaign; two queries."""
    owners: dict[int | None, int] = {}
    for track, owner in (
        Track.objects.filter(campaign=campaign).order_by("order", "id").values_list("pk", "owner")
    ):
        owners.setdefault(None, owner)
        owners[track] = owner
    per: dict[str, dict[int | None, list[Stop]]] = {
        PerStep.SLOT: defaultdict(list),
        PerStep.ITEM: defaultdict(list),
    }
    steps = list(Step.objects.filter(track__campaign=campaign).order_by("track__order", "track_id", "order"))
    last = {step.track_id: step.pk for step in steps}
    for step in steps:
        per[step.per][step.track_id].append(
            Stop(step.pk, step.who, step.label, step.pk == last[step.track_id])
        )
    first = steps[0].track_id if steps else None
    return Chains(
        owners,
        *(
            {**{track: tuple(stops) for track, stops in found.items()}, None: tuple(found.get(first, ()))}
            for found in (per[PerStep.SLOT], per[PerStep.ITEM])
        ),
    )


def matter_of(item: Item, chains: Chains) -> Matter:
    """What of ITEM decides who signs."""
    return Matter(item.lead_id, item.area_code, item.leader_id, chains.owners.get(item.track_id))


def lead_said(items: Iterable[Item]) -> dict[int, str]:
    """Item id → its lead as it was called when the item was struck off, today's name before; one query at most."""
    days = {
        item.pk: (item.lead, timezone.localtime(item.closed_at).date() if item.closed_at else None)
        for item in items
    }
    then = called_then(days.values())
    return {pk: then[lead.pk, day] if lead and day else str(lead or "") for pk, (lead, day) in days.items()}


def submitters(items: Iterable[int]) -> dict[int, frozenset[int]]:
    """Item id → everybody whose submission stands in one of its slots: they judge none of it."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = Submission.objects.filter(
        slot__item__in=list(items), attempt=F("slot__attempt"),
        slot__status__in=[SlotStatus.SUBMITTED, SlotStatus.ACCEPTED],
    ).values_list("slot__item", "by", "on_behalf_of", "acting_for")  # fmt: skip
    for item, *people in rows:
        found[item].update(person for person in people if person is not None)
    return {item: frozenset(people) for item, people in found.items()}


def slot_submitters(slots: Iterable[int]) -> dict[int, frozenset[int]]:
    """Slot id → who handed in what waits there now, and for whom."""
    rows = Submission.objects.filter(slot__in=list(slots), attempt=F("slot__attempt")).values_list(
        "slot", "by", "on_behalf_of", "acting_for"
    )
    return {slot: frozenset(person for person in people if person is not None) for slot, *people in rows}
