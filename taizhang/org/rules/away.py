"""Absences over a span of days: who stands in when, and on which days nobody does."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from .standins import Deputies, stand_ins

#: an absence may be noted so many days after it began, and begins at most so many days from now
BACK_DAYS, AHEAD_DAYS = 7, 400
ONE = timedelta(days=1)
FAR = date(9999, 12, 31)


@dataclass(frozen=True)
class Span:
    """From the first to the last day, both included; no last day: until further notice."""

    first: date
    last: date | None = None

    @property
    def end(self) -> date:
        return self.last or FAR

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.end

    def meets(self, other: "Span") -> bool:
        return self.first <= other.end and other.first <= self.end

    def __str__(self) -> str:
        """6 月 1 日至 6 月 3 日, 6 月 1 日, 6 月 1 日起."""
        if self.last is None:
            return f"{said(self.first)}起"
        return said(self.first) if self.last == self.first else f"{said(self.first)}至 {said(self.last)}"


@dataclass(frozen=True)
class Covered:
    """Days of an absence on which one and the same person (None: nobody) stands in."""

    span: Span
    stand_in: int | None


Spans = Mapping[int, Sequence[Span]]
"""Person → the days on which they are away."""


def said(day: date) -> str:
    return f"{day.month} 月 {day.day} 日"


def covered(person: int, span: Span, deputies: Deputies, away: Spans) -> list[Covered]:
    """Who stands in for PERSON in SPAN, day after day, neighbouring days with the same answer as one.

    AWAY is what is known of everybody, PERSON's own absence may be in it or not.
    """
    starts = {span.first}
    for spans in away.values():
        for one in spans:
            starts.update((one.first, one.end + ONE if one.last else FAR))
    days = sorted(day for day in starts if span.holds(day) and day != FAR)
    found: list[Covered] = []
    for at, day in enumerate(days):
        gone = {who for who, spans in away.items() if any(one.holds(day) for one in spans)}
        stand_in = stand_ins(deputies, frozenset({*gone, person})).get(person)
        last = days[at + 1] - ONE if at + 1 < len(days) else span.last
        if found and found[-1].stand_in == stand_in:
            found[-1] = Covered(Span(found[-1].span.first, last), stand_in)
        else:
            found.append(Covered(Span(day, last), stand_in))
    return found


def gaps(days: Iterable[Covered]) -> list[Span]:
    """The days on which nobody stands in."""
    return [one.span for one in days if one.stand_in is None]


def overlapping(span: Span, others: Iterable[Span]) -> Span | None:
    """The first of OTHERS that shares a day with SPAN: nobody is away twice."""
    return next((one for one in others if span.meets(one)), None)


def acted_by(person: int, span: Span, deputies: Deputies, away: Spans, stand_in: int) -> bool:
    """Whether STAND_IN would have PERSON's posts on some day of SPAN."""
    return any(one.stand_in == stand_in for one in covered(person, span, deputies, away))
