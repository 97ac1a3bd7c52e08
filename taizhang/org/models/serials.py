"""Numbers without gaps, and answers that are given once."""

from django.db import models

from .people import Person
from .units import Unit


class Serial(models.Model):
    """The last number given of one kind in one year; taken inside the door, so a refused act leaves no gap."""

    unit = models.ForeignKey(Unit, models.PROTECT)
    kind = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "kind", "year"], name="serial_once")]


class Once(models.Model):
    """A form's key and what its first post answered: a double click gets the same answer."""

    person = models.ForeignKey(Person, models.PROTECT, null=True)
    key = models.CharField(max_length=64)
    action = models.CharField(max_length=60)
    kind = models.CharField(max_length=60)  # model label of the answer
    answer = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="once_key")]
