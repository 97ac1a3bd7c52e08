"""What is known of the year when a foreign ledger is read into it: items, slots, units, people. Plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from taizhang.standards.rules.matching import Matcher, Place


@dataclass(frozen=True)
class SlotFact:
    id: int
    performer_id: int
    nth: int
    label: str  # 5月, 二季度
    starts_on: date
    ends_on: date
    status: str


@dataclass(frozen=True)
class ItemFact:
    """One item of the year. `no` Ⅲ-12, `code` 1.2.3; `lead_text` is what the standard itself says of the lead."""

    id: int
    no: str
    code: str
    title: str
    requirement: str = ""
    area_code: str = ""
    area: str = ""
    section: str = ""
    lead_id: int | None = None
    lead_text: str = ""
    person_id: int | None = None
    leader_id: int | None = None
    co_ids: tuple[int, ...] = ()
    status: str = "pending"
    due_on: date | None = None
    cadence: str = "year"
    per: str = "unit"
    order: int = 0
    version: int = 0
    needs: tuple[str, ...] = ()
    slots: tuple[SlotFact, ...] = ()
    track: str = ""  # name of the standard when the year has several
    points: str = ""  # "0.4"

    @property
    def shown(self) -> str:
        """As the command line names it: the indicator's code, else the item's number."""
        return self.code or self.no


@dataclass(frozen=True)
class UnitFact:
    """A unit by all its names, the full one first; former ones last."""

    id: int
    names: tuple[str, ...]
    kind: str
    answers_to: str = ""
    former: tuple[str, ...] = ()
    merged_into: int | None = None
    ended: bool = False


@dataclass(frozen=True)
class PersonFact:
    """Somebody of the agency; `unit_ids` the departments, the main one first; `posts` where else they hold one."""

    id: int
    staff_no: str
    name: str
    unit_ids: tuple[int, ...] = ()
    phone: str = ""
    title: str = ""
    left: bool = False
    user: bool = True
    posts: tuple[int, ...] = ()


@dataclass(frozen=True)
class Facts:
    """All of it. `groups`: names of working groups → the standing office that staffs them."""

    year: int
    starts_on: date
    ends_on: date
    agency_id: int
    items: tuple[ItemFact, ...]
    units: tuple[UnitFact, ...]
    people: tuple[PersonFact, ...]
    groups: Mapping[str, int] = field(default_factory=dict)

    def item(self, pk: int) -> ItemFact | None:
        return next((one for one in self.items if one.id == pk), None)

    def matcher(self) -> Matcher:
        """Whom a unit's words mean among the living units; built anew at each call."""
        places = [Place(one.id, one.names, one.kind, one.answers_to) for one in self.units if not one.ended]
        return Matcher.of(places, self.groups)
