"""Units and people, within what a user reaches."""

from typing import Any

from django.db.models import QuerySet

from ..models import Person, Unit
from ..permits import Permit
from .posts import beneath, paths_where


def units_for(user: Any) -> QuerySet[Unit]:
    return Unit.objects.filter(beneath(paths_where(user, Permit.ORG_VIEW)))


def people_for(user: Any) -> QuerySet[Person]:
    return Person.objects.filter(beneath(paths_where(user, Permit.ORG_VIEW), "agency__path"))
