"""各处室都要办的事项 and the departments of other agencies: whose terms count, and which periods they have not got yet."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q, QuerySet

from taizhang.campaigns.models import Joined, Year
from taizhang.campaigns.rules.joined import term_words
from taizhang.org.models.units import UnitKind
from taizhang.standards.queries import propose_lead

from ..models import Item, Slot
from ..rules.guests import Period, Term, due_for, labels, periods
from ..rules.states import TO_HAND_IN, WORKING, Status

#: a joined office or union is no more asked for what departments do than the host's own
DEPARTMENTS = (UnitKind.DEPARTMENT, UnitKind.PARTY_BODY)
#: what still takes a period in
OPEN = (Status.PENDING, *WORKING)


def terms_of(year: Year, today: date) -> list[Term]:
    """The terms of departments of others that are not over TODAY and touch YEAR; one query."""
    rows = Joined.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=max(today, year.starts_on)),
        campaign=year.campaign_id, starts_on__lte=year.ends_on, unit__kind__in=DEPARTMENTS,
    )  # fmt: skip
    return [
        Term(*row) for row in rows.order_by("starts_on", "pk").values_list("unit", "starts_on", "ends_on")
    ]


@dataclass(frozen=True)
class Offer:
    """The periods of an item that a department of another agency has not got. `sure`: the standard asks all
    departments; else it asks some (业务处室), and whether the guest is one of them the office knows."""

    item: int
    unit: int
    no: str
    title: str
    name: str
    agency: str
    words: str
    sure: bool
    periods: tuple[Period, ...]

    @property
    def key(self) -> str:
        return f"{self.item}-{self.unit}"

    @property
    def said(self) -> str:
        return labels(self.periods)

    @property
    def due_on(self) -> date:
        return min(period.due_on for period in self.periods)


def offers_of(year: Year, today: date) -> list[Offer]:
    """What of YEAR's ledger every department does and a department that takes part has not got; six queries.

    The periods are those of the host's own departments, with their dates.
    """
    terms = terms_of(year, today)
    if not terms:
        return []
    host = year.campaign.unit
    names = {
        pk: (name, agency)
        for pk, name, agency in Joined.objects.filter(unit__in=[term.unit for term in terms])
        .values_list("unit", "unit__name", "unit__agency__name")
    }  # fmt: skip
    own: dict[int, list[tuple[Period, str]]] = defaultdict(list)
    has: dict[tuple[int, int], set[tuple[date, int]]] = defaultdict(set)
    items = Item.objects.filter(year=year, per="department", status__in=OPEN, step=None).exclude(
        cadence="event"
    )
    for slot in Slot.objects.filter(item__in=items).select_related("performer").order_by("pk"):
        period = Period(
            slot.nth, slot.label, slot.starts_on, slot.ends_on, slot.opens_on, slot.due_on, slot.shuts_on
        )
        if slot.performer.agency_id == host.pk:
            own[slot.item_id].append((period, slot.status))
        else:
            has[slot.item_id, slot.performer_id].add((period.starts_on, period.nth))
    matcher = propose_lead(host)
    everybody = set(matcher.departments)
    found = []
    for pk, no, title, words in items.order_by("order", "pk").values_list("pk", "no", "title", "lead_text"):
        meant = set(matcher.match(words).performers)
        for unit in dict.fromkeys(term.unit for term in terms):
            wanting = []
            for one in periods(own[pk]):
                due = due_for(terms, unit, one.ends_on, one.due_on, today)
                if due is not None and (one.starts_on, one.nth) not in has[pk, unit]:
                    wanting.append(replace(one, due_on=due))
            if wanting:
                sure = not meant or everybody <= meant
                found.append(Offer(pk, unit, no, title, *names[unit], words, sure, tuple(wanting)))
    return found


@dataclass(frozen=True)
class Over:
    """A department whose taking part is over, with periods of what every department does that it did not hand in."""

    unit: int
    name: str
    agency: str
    term: str
    slots: int


def left_over(year: Year, today: date) -> list[Over]:
    """Whose term is over and who still stands in YEAR for what every department does; two queries."""
    counted: dict[int, int] = defaultdict(int)
    for performer in open_slots(year).values_list("performer", flat=True):
        counted[performer] += 1
    last: dict[int, Over] = {}
    for row in Joined.objects.filter(campaign=year.campaign_id, unit__in=list(counted)).select_related(
        "unit__agency"
    ).order_by("starts_on"):  # fmt: skip
        last.pop(row.unit_id, None)
        if row.ends_on is not None and row.ends_on < today:
            words = term_words(row.starts_on, row.ends_on)
            last[row.unit_id] = Over(
                row.unit_id, str(row.unit), str(row.unit.agency), words, counted[row.unit_id]
            )
    return list(last.values())


def open_slots(year: Year) -> QuerySet[Slot]:
    """Of what every department does in YEAR: the slots of departments of others that were not handed in."""
    return Slot.objects.filter(
        item__year=year, item__per="department", item__status__in=OPEN,
        status__in=TO_HAND_IN,
    ).exclude(performer__agency=year.campaign.unit_id)  # fmt: skip
