"""What lies in the bin, what still points at a piece, and which bytes nobody needs any more."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import PROTECT, CharField, ManyToOneRel, Model, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from taizhang.journal.models import Entry
from taizhang.kit.files import store

from ..models import Blob, Evidence, EvidenceState, Filed, Kind, Reading, ReadingState, Secrecy, Version
from ..rules import keeping
from .scope import evidence_for, may_edit

#: apps whose hashes are not names of bytes in the store
NO_NAMES = frozenset({"journal", "axes"})
#: columns of this app: asked by `unneeded` with more care than the rest
OWN = frozenset({(Blob, "sha256"), (Blob, "thumbnail"), (Reading, "poster"), (Reading, "face")})


@dataclass(frozen=True)
class Binned:
    """One piece in the bin."""

    pk: int
    number: str
    title: str
    kind: str
    secrecy: str
    unit: str
    seen: int  # version of the record
    on: date
    left: int  # days
    by: str
    reason: str
    may: bool  # the reader may have it back


def binned_for(user: Any, today: date) -> list[Binned]:
    """The bin as USER sees it, what goes first at the top. Constant number of queries."""
    pieces = list(_in_bin(evidence_for(user)).select_related("unit"))
    removed: dict[int, tuple[str, str]] = {}  # who and why: the record knows
    entries = Entry.objects.filter(
        action="evidence.remove", subject_kind="evidence.evidence", subject_id__in=[one.pk for one in pieces], refused=""
    )  # fmt: skip
    for pk, who, changes in entries.order_by("id").values_list("subject_id", "actor_name", "changes"):
        said = [change["fields"]["reason"][1] for change in changes if "reason" in change.get("fields", {})]
        removed[pk or 0] = (who, said[0] if said else "")
    made = []
    for one in pieces:
        on = _binned_on(one)
        who, reason = removed.get(one.pk, ("", ""))
        made.append(
            Binned(
                one.pk, one.number, one.title, Kind(one.kind).label, level_word(one.secrecy), str(one.unit), one.version, on,
                keeping.days_left(on, today), who, reason, may_edit(user, one),
            )
        )  # fmt: skip
    return made


def level_word(secrecy: str) -> str:
    """What a list says of who may see a piece; nothing for 内部, which is the rule."""
    return "" if secrecy == Secrecy.INTERNAL else Secrecy(secrecy).label


def _in_bin(found: QuerySet[Evidence]) -> QuerySet[Evidence]:
    """What was binned before it was noted when counts from the row's last change."""
    binned = found.filter(state=EvidenceState.BINNED).annotate(since=Coalesce("binned_at", "changed_at"))
    return binned.order_by("since", "pk")


def _binned_on(one: Evidence) -> date:
    return timezone.localdate(one.binned_at or one.changed_at)


def outstayed(today: date) -> list[Evidence]:
    """What has lain in the bin for its thirty days, oldest first."""
    return [one for one in _in_bin(Evidence.objects.all()) if keeping.may_go(_binned_on(one), today)]


def may_be_purged(one: Evidence, today: date) -> bool:
    return one.state == EvidenceState.BINNED and keeping.may_go(_binned_on(one), today)


def relations() -> Iterator[tuple[type[Model], str]]:
    """Every table that uses evidence, whichever app it is of, and its column: a protected key is a use."""
    for relation in Evidence._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel) and relation.on_delete is PROTECT:
            model: Any = relation.related_model
            if model is not Version:
                yield model, relation.field.name


def counted(pks: Collection[int] | None = None) -> Counter[int]:
    """How many rows point at each piece (or at PKS only): what `uses` should say."""
    found: Counter[int] = Counter()
    for model, name in relations():
        rows = model._base_manager.filter(**{f"{name}__isnull": False})
        if pks is not None:
            rows = rows.filter(**{f"{name}__in": pks})
        found.update(rows.order_by().values_list(f"{name}_id", flat=True))
    return found


def filed_in(one: Evidence) -> str:
    """The title of a volume in which a piece is filed, or nothing."""
    filed = Filed.objects.filter(evidence=one).select_related("volume").first()
    return str(filed.volume) if filed else ""


def gone_blobs() -> set[int]:
    """Blobs whose every version belongs to a piece that was cleared: their bytes are not missed."""
    kept = Version.objects.exclude(evidence__state=EvidenceState.GONE).values("blob_id")
    return set(Version.objects.exclude(blob__in=kept).values_list("blob_id", flat=True).distinct())


def clearable() -> list[Blob]:
    """Of `gone_blobs`, those of which something is still there: bytes that may go, a text, a small picture.

    A purge that was killed between its steps is found here again.
    """
    gone = gone_blobs()
    read = set(Reading.objects.exclude(state=ReadingState.WAITING).values_list("blob_id", flat=True))
    here = store()
    return [
        one
        for one in Blob.objects.order_by("pk")
        if one.pk in gone and (one.thumbnail or one.pk in read or here.exists(one.sha256))
    ]


def name_columns() -> Iterator[tuple[type[Model], str]]:
    """Every column that may hold the name of bytes in the store (hex of a SHA-256), whichever app it is of."""
    for model in apps.get_models():
        if model._meta.app_label in NO_NAMES:
            continue
        for column in model._meta.concrete_fields:
            if isinstance(column, CharField) and column.max_length == 64 and column.attname != "sm3":
                yield model, column.attname


def known_names() -> set[str]:
    """Every name of bytes that some row knows: what lies in the store besides is nobody's."""
    names: set[str] = set()
    for model, column in name_columns():
        names.update(model._base_manager.exclude(**{column: ""}).values_list(column, flat=True))
    return names


def needed_names() -> dict[str, str]:
    """SHA-256 → SM3 of all bytes that some piece needs."""
    gone = gone_blobs()
    rows = Blob.objects.order_by("pk").values_list("pk", "sha256", "sm3").iterator()
    return {sha256: sm3 for pk, sha256, sm3 in rows if pk not in gone}


def blobs_named(names: Collection[str]) -> dict[str, int]:
    """SHA-256 → blob, for those of NAMES that are blobs."""
    return dict(Blob.objects.filter(sha256__in=names).values_list("sha256", "pk"))


def unneeded(blob: Blob) -> bool:
    """Whether no piece that may be had back, and no other row at all, needs the bytes of BLOB."""
    if Version.objects.filter(blob=blob).exclude(evidence__state=EvidenceState.GONE).exists():
        return False
    return not named_elsewhere(blob.sha256, blob)


def named_elsewhere(sha256: str, blob: Blob) -> bool:
    """Whether bytes are named by any row but those of BLOB itself and of other blobs that are gone too."""
    others = Blob.objects.exclude(pk=blob.pk)
    for twin in others.filter(sha256=sha256).values_list("pk", flat=True):
        if Version.objects.filter(blob=twin).exclude(evidence__state=EvidenceState.GONE).exists():
            return True
    if others.filter(thumbnail=sha256).exists():
        return True
    readings = Reading.objects.exclude(blob=blob)
    if readings.filter(poster=sha256).exists() or readings.filter(face=sha256).exists():
        return True
    return any(
        model._base_manager.filter(**{column: sha256}).exists()
        for model, column in name_columns()
        if (model, column) not in OWN
    )
