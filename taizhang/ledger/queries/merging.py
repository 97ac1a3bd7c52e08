"""What hangs on a unit: what a merger moves, and what keeps a unit from being ended."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from taizhang.campaigns.models import Track
from taizhang.org.models import Contact, Cover, Membership, Post, Unit
from taizhang.org.permits import Role
from taizhang.org.queries import alive

from ..models import Item, ItemUnit, Slot
from ..rules.merging import OPEN
from ..rules.states import Status

DONE = (Status.CLOSED, Status.WAIVED)
SHOWN = 8  # names and numbers in a line


@dataclass(frozen=True)
class Hanging:
    """What of one unit moves, in numbers and with the first names; `stays` are items that are done."""

    unit: Unit
    people: tuple[str, ...]
    heads: tuple[str, ...]
    posts: int
    covers: tuple[str, ...]
    contacts: int
    below: tuple[str, ...]
    items: tuple[str, ...]
    helps: int
    slots: int
    owned: int
    stays: int

    @property
    def open(self) -> int:
        """Open work: while there is some, the unit cannot be ended."""
        return len(self.items) + self.helps + self.slots + self.owned


def open_items(unit: Unit) -> "list[Item]":
    """Items that UNIT leads and that are not done, of every year."""
    return list(
        Item.objects.filter(lead=unit).exclude(status__in=DONE).select_related("year__campaign", "unit").order_by("order", "id")
    )  # fmt: skip


def open_slots_of(unit: Unit) -> "list[Slot]":
    """Slots that UNIT has to hand in or that wait to be judged, in items that are not done."""
    return list(
        Slot.objects.filter(performer=unit, status__in=OPEN)
        .exclude(item__status__in=DONE)
        .annotate(cited=Count("citations"))
        .order_by("item", "starts_on", "nth")
    )


def open_helps(unit: Unit) -> "list[ItemUnit]":
    return list(ItemUnit.objects.filter(unit=unit).exclude(item__status__in=DONE).select_related("item"))


def hanging(unit: Unit, today: date) -> Hanging:
    """Everything that hangs on UNIT on TODAY; a fixed number of queries."""
    people = Membership.objects.filter(alive(today), unit=unit).order_by("person__order", "pk")
    posts = list(
        Post.objects.filter(alive(today), unit=unit)
        .order_by("person__order")
        .values_list("role", "person__name")
    )
    items = (
        Item.objects.filter(lead=unit)
        .exclude(status__in=DONE)
        .order_by("order", "id")
        .values_list("no", "title")
    )
    counted = Item.objects.filter(lead=unit).aggregate(done=Count("pk", filter=Q(status__in=DONE)))
    return Hanging(
        unit,
        tuple(people.values_list("person__name", flat=True)),
        tuple(name for role, name in posts if role == Role.HEAD),
        len(posts),
        tuple(Cover.objects.filter(alive(today, "group__"), unit=unit).values_list("group__name", flat=True)),
        Contact.objects.filter(alive(today), unit=unit).count(),
        tuple(Unit.objects.filter(alive(today), parent=unit).values_list("name", flat=True)),
        tuple(f"{no} {title}" for no, title in items),
        ItemUnit.objects.filter(unit=unit).exclude(item__status__in=DONE).count(),
        Slot.objects.filter(performer=unit, status__in=OPEN).exclude(item__status__in=DONE).count(),
        Track.objects.filter(owner=unit).count(),
        counted["done"],
    )
