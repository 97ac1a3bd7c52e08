"""Record: what every table but the journal's is. It is set only inside an action, and notes what was changed."""

from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Self

from django.db import models

from taizhang.kit import clock


@dataclass
class Scope:
    """What one action has changed so far; the door writes it into the journal."""

    notes: list[dict[str, Any]] = field(default_factory=list)


_scope: ContextVar[Scope | None] = ContextVar("scope", default=None)


def scope() -> Scope:
    """The running action's scope. Without one, nothing may be written: the journal would not know."""
    found = _scope.get()
    if found is None:
        raise RuntimeError("records are changed only inside an action")
    return found


#: fields whose content the journal must not hold: that they changed is enough
SECRET = frozenset({"password"})


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str | list | dict) else str(value)


def _differing(old: Any, new: Any) -> tuple[Any, Any]:
    """Of two JSON objects what differs only: a draft's corrections are large, and one click changes one of them."""
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return _plain(old), _plain(new)
    pairs = {
        key: _differing(old.get(key), new.get(key)) for key in {*old, *new} if old.get(key) != new.get(key)
    }
    return {key: pair[0] for key, pair in pairs.items()}, {key: pair[1] for key, pair in pairs.items()}


class Record(models.Model):
    """A row with a version: a form posts the one it saw, an older one is refused as stale."""

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    changed_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        abstract = True

    def change(self, **fields: Any) -> Self:
        """Set FIELDS, and only what differs; note old → new. The only setter."""
        noted = scope()
        changed: dict[str, list[Any]] = {}
        for name, value in fields.items():
            column: Any = self._meta.get_field(name)
            old = getattr(self, column.attname)
            setattr(self, name, value)
            new = getattr(self, column.attname)
            if old != new:
                hidden = column.attname in SECRET
                changed[column.attname] = ["***", "***"] if hidden else list(_differing(old, new))
        if changed:
            self.version += 1
            self.changed_at = clock.now()
            self.save(update_fields=[*fields, "version", "changed_at"])
            noted.notes.append(
                {"kind": self._meta.label_lower, "id": self.pk, "label": str(self)[:80], "version": self.version,
                 "fields": changed}
            )  # fmt: skip
        return self

    @classmethod
    def make(cls, **fields: Any) -> Self:
        """A new row, noted as made."""
        noted = scope()
        made = cls(**fields)
        made.save(force_insert=True)
        noted.notes.append(
            {"kind": cls._meta.label_lower, "id": made.pk, "label": str(made)[:80], "made": True}
        )
        return made

    @classmethod
    def make_many(cls, rows: list[Self]) -> list[Self]:
        """Many new rows at once, noted as a number: a year's ledger is 2,500 slots."""
        noted = scope()
        made = cls._default_manager.bulk_create(rows, batch_size=500)
        noted.notes.append({"kind": cls._meta.label_lower, "made": len(made)})
        return made

    def remove(self) -> None:
        """Delete the row, noted with what it held. For rows that nobody has relied on yet."""
        type(self).remove_many([self])

    @classmethod
    def remove_many(cls, rows: Sequence["Record"]) -> None:
        """Delete many rows of this table at once, each noted with what it held."""
        noted = scope()
        for row in rows:
            held = {
                column.attname: _plain(getattr(row, column.attname))
                for column in row._meta.concrete_fields
                if column.attname not in SECRET
            }
            noted.notes.append(
                {"kind": row._meta.label_lower, "id": row.pk, "label": str(row)[:80], "removed": held}
            )
        if rows:
            cls._default_manager.filter(pk__in=[row.pk for row in rows]).delete()
