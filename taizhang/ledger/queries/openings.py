"""The windows of a year as its page shows them: each period with its dates, and what was handed in."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Max, Min, Q, QuerySet

from taizhang.campaigns.models import Opening, Year
from taizhang.campaigns.rules.states import YearState
from taizhang.campaigns.rules.windows import cadence_label

from ..models import Slot
from ..rules.openings import CADENCES, Span
from ..rules.states import TO_HAND_IN, WORKING, SlotStatus


@dataclass(frozen=True)
class PeriodRow:
    """One period. OPENS_ON … SHUTS_ON as set, else as most slots have them; LAST_DUE if some are due later."""

    cadence: str
    cadence_words: str
    label: str
    starts_on: date
    ends_on: date
    opens_on: date
    due_on: date
    last_due: date
    shuts_on: date | None
    takes_late: bool
    is_set: bool
    total: int
    handed: int
    left: int
    late: int
    lost: int

    @property
    def key(self) -> str:
        return f"{self.cadence}.{self.starts_on}"

    def state(self, today: date) -> tuple[str, str]:
        """Lamp and word."""
        if today < self.opens_on:
            return "n", "还没有开放"
        if today <= self.due_on:
            return "g", "开放中"
        if not self.left:
            return "f", "已收齐"
        return ("k", "已关闭") if not self.takes_late else ("r", "已截止，仍收")


def openings_of(year: Year) -> dict[tuple[str, date], Span]:
    """The windows that were set for YEAR: (cadence, first day of the period) → its span."""
    rows = Opening.objects.filter(year=year).values_list(
        "cadence", "starts_on", "opens_on", "shuts_on", "takes_late"
    )
    return {
        (cadence, starts_on): Span(opens_on, shuts_on, takes_late)
        for cadence, starts_on, opens_on, shuts_on, takes_late in rows
    }


def periods_of(year: Year) -> list[PeriodRow]:
    """Every period of the year that has a window, by date; two queries."""
    found = openings_of(year)
    rows = (
        Slot.objects.filter(item__year=year, item__cadence__in=CADENCES, before_system=False)
        .exclude(status=SlotStatus.WAIVED)
        .order_by()
        .values("item__cadence", "starts_on", "ends_on")
        .annotate(
            label=Min("label"), opens=Min("opens_on"), first=Min("due_on"), last=Max("due_on"), shuts=Max("shuts_on"),
            total=Count("pk"), left=Count("pk", filter=Q(status__in=TO_HAND_IN)), late=Count("pk", filter=Q(late=True)),
            lost=Count("pk", filter=Q(status=SlotStatus.LOST)),
        )
    )  # fmt: skip
    made = []
    for row in rows:
        span = found.get((row["item__cadence"], row["starts_on"]))
        due = span.shuts_on if span else row["first"]
        made.append(
            PeriodRow(
                row["item__cadence"], cadence_label(row["item__cadence"]), row["label"], row["starts_on"], row["ends_on"],
                span.opens_on if span else row["opens"], due, row["last"],
                (None if span.takes_late else span.shuts_on) if span else row["shuts"],
                span.takes_late if span else row["shuts"] is None, span is not None, row["total"],
                row["total"] - row["left"] - row["lost"], row["left"], row["late"], row["lost"],
            )
        )  # fmt: skip
    order = {cadence: at for at, cadence in enumerate(CADENCES)}
    return sorted(made, key=lambda one: (order[one.cadence], one.starts_on))  # type: ignore[index]


def slots_in(year: Year, cadence: str, starts_on: date) -> list[Slot]:
    """The slots of a period that a window governs: not handed in, or lost, of items that are at work."""
    return list(
        Slot.objects.filter(
            item__year=year, item__cadence=cadence, starts_on=starts_on, before_system=False,
            status__in=[*TO_HAND_IN, SlotStatus.LOST],
        ).select_related("item", "performer").order_by("pk")
    )  # fmt: skip


def _overdue_for_good(today: date) -> QuerySet[Slot]:
    return Slot.objects.filter(
        item__status__in=WORKING,
        status__in=TO_HAND_IN,
        before_system=False,
        shuts_on__lt=today,
        due_on__lt=today,
    )


def overdue_for_good(year: Year, today: date) -> list[Slot]:
    """Slots of YEAR whose window is over and which nothing was handed in for."""
    return list(_overdue_for_good(today).filter(item__year=year).select_related("item").order_by("pk"))


def years_with_lost(today: date) -> list[int]:
    """Open years in which some window ended unused."""
    rows = _overdue_for_good(today).filter(item__year__state=YearState.OPEN)
    return sorted(set(rows.values_list("item__year", flat=True)))


def rest_of_year(
    year: Year, cadence: str, after: int, days: int, takes_late: bool, today: date
) -> dict[str, Span]:
    """For every period of CADENCE whose window would not be over yet: from AFTER days behind its end, for DAYS days."""
    made = {}
    for one in periods_of(year):
        opens = one.ends_on + timedelta(days=after)
        span = Span(opens, opens + timedelta(days=days - 1), takes_late)
        if one.cadence == cadence and span.shuts_on >= today:
            made[one.key] = span
    return made
