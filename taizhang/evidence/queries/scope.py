"""Who sees which evidence, who may mend it, and for which units a person may deposit.

The agency's library is open to its people. A piece marked 限定 is seen by the depositing unit's own people,
by those who answer or sign for that unit, and by the creation office.
"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from taizhang.kit import clock
from taizhang.kit.errors import NotPermitted
from taizhang.org.models import Membership, Person, Unit
from taizhang.org.permits import Permit
from taizhang.org.queries import may, paths_where
from taizhang.org.queries.posts import beneath

from ..models import Evidence, EvidenceState, ReadingState, Secrecy, Version

#: whoever has one of these on the unit is of its people, signs for it, or is the creation office
CLOSE = (Permit.EVIDENCE_EDIT, Permit.LEDGER_REVIEW, Permit.LEDGER_MANAGE)


def stopped() -> QuerySet[Version, int]:
    """Ids of the pieces of which a version bears a mark of secrecy, as a subquery."""
    return Version.objects.filter(blob__reading__state=ReadingState.CLASSIFIED).values_list(
        "evidence", flat=True
    )


def is_stopped(pk: int) -> bool:
    return Version.objects.filter(evidence=pk, blob__reading__state=ReadingState.CLASSIFIED).exists()


def evidence_for(user: Any) -> QuerySet[Evidence]:
    """What USER may see, removed pieces included (their state says so).

    What bears a mark of secrecy is not among it: no page that opens, sends, cites or finds need know of that.
    """
    return _scope(user, with_stopped=False)


def with_stopped(user: Any) -> QuerySet[Evidence]:
    """As `evidence_for`, and what was stopped for a mark of secrecy: only to say so, and to take it away."""
    return _scope(user, with_stopped=True)


def _scope(user: Any, *, with_stopped: bool) -> QuerySet[Evidence]:
    if getattr(user, "is_system", False):
        every = Evidence.objects.all()
        return every if with_stopped else every.exclude(pk__in=stopped())
    close = {path for permit in CLOSE for path in paths_where(user, permit)}
    viewed = paths_where(user, Permit.EVIDENCE_VIEW)
    return _written(user.pk or 0, tuple(viewed), tuple(sorted(close)), clock.today(), with_stopped).all()


@lru_cache(maxsize=1000)
def _written(
    user: int, viewed: tuple[str, ...], close: tuple[str, ...], today: date, with_stopped: bool
) -> QuerySet[Evidence]:
    """The question as it is put, without its answer. To write it anew takes as long as to find a rare word."""
    own = Membership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today), person__user=user, starts_on__lte=today
    ).values("unit_id")
    # units by subquery, not by joins: the library asks this of ten thousand rows, and a join would look each of them up
    near = Q(unit__in=_units(close)) | Q(by__in=Person.objects.filter(user=user)) | Q(unit__in=own)
    found = Evidence.objects.filter(Q(agency__in=_units(viewed)) & (~Q(secrecy=Secrecy.LIMITED) | near))
    return found if with_stopped else found.exclude(pk__in=stopped())


def _units(paths: Sequence[str]) -> Any:
    return Unit.objects.filter(beneath(paths)).order_by().values("pk")


def may_edit(user: Any, evidence: Evidence) -> bool:
    """By right on the depositing unit, or as the one who deposited it."""
    person = getattr(user, "person", None)
    return may(user, Permit.EVIDENCE_EDIT, evidence.unit) or (
        person is not None and evidence.by_id == person.pk
    )


def editable(user: Any, evidence: Evidence) -> None:
    """NotPermitted unless `may_edit`."""
    if not may_edit(user, evidence):
        raise NotPermitted(
            f"“{evidence.title}”是{evidence.unit}存入的，只有该处室和存入的人能改。请联系他们或创建办。"
        )


def same_bytes(user: Any, unit: Unit, sha256: str) -> Evidence | None:
    """The oldest live piece of UNIT's agency whose current version has these bytes, if USER may see it."""
    return (
        evidence_for(user)
        .filter(agency_id=unit.agency_id, state=EvidenceState.LIVE, current__blob__sha256=sha256)
        .select_related("unit")
        .order_by("id")
        .first()
    )


def addable_units(user: Any) -> list[Unit]:
    """Units for which USER may deposit: the person's own department first, then in the tree's order.

    An office that may deposit for all is offered the agency's departments and bodies too.
    """
    if not paths_where(user, Permit.EVIDENCE_ADD):
        return []
    person = getattr(user, "person", None)
    home = []
    if person is not None:
        home = list(
            Membership.objects.filter(person=person, main=True, ends_on__isnull=True).values_list(
                "unit_id", flat=True
            )
        )
    found = Unit.objects.filter(
        beneath(paths_where(user, Permit.EVIDENCE_ADD)), agency__isnull=False, ends_on__isnull=True
    ).annotate(distance=Case(When(pk__in=home, then=Value(0)), default=Value(1), output_field=IntegerField()))
    return list(found.order_by("distance", "agency_id", "order", "id"))
