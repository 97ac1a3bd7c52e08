"""Bindings within reach: an agency's to those who may bind for the whole of it, to others their own."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from taizhang.org.models import Unit
from taizhang.org.permits import Permit
from taizhang.org.queries import may_anywhere, paths_where
from taizhang.org.queries.posts import beneath

from ..models import Binding, BindingState


def bindings_for(user: Any) -> QuerySet[Binding]:
    """Somebody who may bind for one department sees what that person asked for: it holds what that person may see."""
    found = Binding.objects.select_related("year__campaign__unit", "agency", "by")
    whole = beneath(paths_where(user, Permit.BIND), "agency__path")
    person = getattr(user, "person", None)
    own = Q(by=person) if person is not None and may_anywhere(user, Permit.BIND) else Q(pk__in=[])
    return found.filter(whole | own)


def same_again(user: Any, digest: str) -> Binding | None:
    """The newest binding of the same input that USER sees and that is made or in the making."""
    live = [BindingState.READY, BindingState.WAITING, BindingState.WORKING]
    return bindings_for(user).filter(digest=digest, state__in=live).first()


def next_waiting(agency: Unit | int) -> int | None:
    """The id of the agency's next binding in the queue."""
    waiting = Binding.objects.filter(agency=agency, state=BindingState.WAITING).order_by("id")
    return waiting.values_list("pk", flat=True).first()


def left_behind(before: datetime) -> list[Binding]:
    """Bindings finished before that moment, whose files may go."""
    return list(
        Binding.objects.filter(finished_at__lt=before).select_related("agency", "year__campaign__unit", "by")
    )
