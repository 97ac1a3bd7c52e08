"""From the bytes of a file to a plan: the way that the pages and the command line share."""

from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from taizhang.kit.tables import read_book

from ..models import Unit
from ..queries.roster import groups_now, leaders_now, posts_now, roster_now
from ..rules.facts import Problem, Roster
from ..rules.plan import GroupsPlan, RosterPlan, plan_groups, plan_roster
from .groups import read_groups
from .roster import read_roster

P = TypeVar("P", RosterPlan, GroupsPlan)


@dataclass(frozen=True)
class Taken(Generic[P]):
    """A plan and what stands in its way; with problems the plan must not be taken."""

    plan: P
    problems: list[Problem]
    warnings: list[Problem]
    notes: list[str]
    found: bool
    #: the roster the file speaks of, for names
    roster: Roster


def take_roster(
    data: bytes, filename: str, agency: Unit, today: date, end: frozenset[str] = frozenset()
) -> Taken[RosterPlan]:
    """Read a roster file over what AGENCY has. Refused when the file cannot be read at all."""
    book = read_book(data, filename)
    now, existing = roster_now(agency, today)
    read = read_roster(book, now, today)
    plan = plan_roster(now, read.wanted, existing, named=read.named, end=end)
    roster = Roster(read.wanted.units, now.people | read.wanted.people)
    return Taken(plan, read.problems, read.warnings, book.notes, read.found, roster)


def take_groups(
    data: bytes, filename: str, agency: Unit, today: date, end: frozenset[str] = frozenset()
) -> Taken[GroupsPlan]:
    """Read a file of working groups over what AGENCY has."""
    book = read_book(data, filename)
    roster, _ = roster_now(agency, today)
    now = groups_now(agency, today)
    read = read_groups(book, now, roster)
    plan = plan_groups(
        now, read.wanted, posts_now(agency, today), named=read.named, leaders=leaders_now(agency, today), end=end
    )  # fmt: skip
    return Taken(plan, read.problems, read.warnings, book.notes, read.found, roster)
