"""The library's page: words, filters, counts, one page of rows."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import ExtractYear

from ..models import Evidence, EvidenceState, Kind, Secrecy
from ..rules.captions import missing_caption
from .scope import evidence_for

PER_PAGE = 50
SORTS = {
    "new": ("-id",),
    "old": ("id",),
    "date": ("-happened_on", "-id"),
    "uses": ("-uses", "-id"),
    "title": ("title", "id"),
}
SEARCHED = (
    "title", "place", "people", "theme", "doc_no", "issuer", "number", "url", "current__original_name",
)  # fmt: skip


@dataclass(frozen=True)
class Chosen:
    """What the address asks for, already cleaned: unknown values are simply not asked for."""

    words: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()
    units: frozenset[int] = frozenset()
    years: frozenset[int] = frozenset()
    uncited: bool = False
    many: bool = False  # 一材多用: two uses or more
    mine: bool = False
    binned: bool = False
    since: date | None = None
    until: date | None = None
    sort: str = "new"
    page: int = 1

    @property
    def narrowed(self) -> bool:
        return bool(
            self.words
            or self.kinds
            or self.units
            or self.years
            or self.uncited
            or self.many
            or self.since
            or self.until
        )


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    pk: int
    number: str
    kind: str
    title: str
    url: str
    happened_on: date | None
    place: str
    people: str
    theme: str
    doc_no: str
    issuer: str
    secrecy: str
    state: str
    uses: int
    unit: str
    by: str
    created_at: Any
    name: str
    size: int | None
    mime: str
    thumbnail: str
    version: int
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facet:
    """A filter's value: key in the address, word, how many, whether chosen."""

    key: str
    label: str
    count: int
    on: bool


@dataclass(frozen=True)
class Library:
    page: Page[Any]
    rows: list[Row]
    kinds: list[Facet]
    units: list[Facet]
    years: list[Facet]
    uncited: int
    many: int
    mine: int
    total: int = 0
    words: tuple[str, ...] = field(default=())


def split_words(text: str) -> tuple[str, ...]:
    """Words between spaces (full width too), at most eight of at most 40 letters: all must occur."""
    return tuple(word[:40] for word in re.split(r"[\s\u3000]+", text.replace("\x00", "")[:400]) if word)[:8]


def library(user: Any, chosen: Chosen) -> Library:
    """The page that CHOSEN asks for. Constant number of queries."""
    person = getattr(user, "person", None)
    base = evidence_for(user).filter(state=EvidenceState.BINNED if chosen.binned else EvidenceState.LIVE)
    base = _worded(base, chosen.words)
    if chosen.since:
        base = base.filter(happened_on__gte=chosen.since)
    if chosen.until:
        base = base.filter(happened_on__lte=chosen.until)
    found = _narrowed(base, chosen, person)
    # each group of filters counts what would be found if only the others were set
    kinds = dict(
        _narrowed(base, replace(chosen, kinds=frozenset()), person)
        .order_by()
        .values_list("kind")
        .annotate(n=Count("pk"))
    )
    units = list(
        _narrowed(base, replace(chosen, units=frozenset()), person)
        .order_by().values_list("unit_id", "unit__short_name", "unit__name").annotate(n=Count("pk")).order_by("-n", "unit_id")
    )  # fmt: skip
    years = dict(
        _narrowed(base, replace(chosen, years=frozenset()), person)
        .order_by().annotate(y=ExtractYear("happened_on")).values_list("y").annotate(n=Count("pk"))
    )  # fmt: skip
    sums = _narrowed(base, replace(chosen, uncited=False, many=False, mine=False), person).aggregate(
        uncited=Count("pk", filter=Q(uses=0)),
        many=Count("pk", filter=Q(uses__gte=2)),
        mine=Count("pk", filter=Q(by=person) if person else Q(pk__in=[])),
    )
    listed = found.order_by(*SORTS[chosen.sort]).values_list(
        "pk", "number", "kind", "title", "url", "happened_on", "place", "people", "theme", "doc_no", "issuer",
        "secrecy", "state", "uses", "unit__short_name", "unit__name", "by__name", "created_at",
        "current__original_name", "current__blob__size", "current__blob__mime", "current__blob__thumbnail",
        "current__no",
    )  # fmt: skip
    page = Paginator(listed, PER_PAGE).get_page(chosen.page)
    return Library(
        page=page,
        rows=[_row(values) for values in page.object_list],
        kinds=[Facet(k.value, k.label, kinds.get(k.value, 0), k.value in chosen.kinds) for k in Kind],
        units=[Facet(str(pk), short or name, n, pk in chosen.units) for pk, short, name, n in units],
        years=[
            Facet(str(year), f"{year} 年", n, year in chosen.years)
            for year, n in sorted(((y, n) for y, n in years.items() if y), reverse=True)
        ],
        total=page.paginator.count,
        words=chosen.words,
        **sums,
    )


def _worded(base: QuerySet[Evidence], words: Iterable[str]) -> QuerySet[Evidence]:
    for word in words:
        condition = Q()
        for column in SEARCHED:
            condition |= Q(**{f"{column}__icontains": word})
        base = base.filter(condition)
    return base


def _narrowed(base: QuerySet[Evidence], chosen: Chosen, person: Any) -> QuerySet[Evidence]:
    if chosen.kinds:
        base = base.filter(kind__in=chosen.kinds)
    if chosen.units:
        base = base.filter(unit_id__in=chosen.units)
    if chosen.years:
        base = base.filter(happened_on__year__in=chosen.years)
    if chosen.uncited:
        base = base.filter(uses=0)
    if chosen.many:
        base = base.filter(uses__gte=2)
    if chosen.mine:
        base = base.filter(by=person) if person else base.none()
    return base


def _row(values: tuple[Any, ...]) -> Row:
    (pk, number, kind, title, url, happened_on, place, people, theme, doc_no, issuer, secrecy, state, uses, short, unit,
     by, created_at, name, size, mime, thumbnail, version) = values  # fmt: skip
    fields = {"happened_on": happened_on, "place": place, "people": people, "theme": theme, "doc_no": doc_no,
              "issuer": issuer, "url": url}  # fmt: skip
    return Row(
        pk=pk, number=number, kind=kind, title=title, url=url, happened_on=happened_on, place=place, people=people,
        theme=theme, doc_no=doc_no, issuer=issuer, secrecy=Secrecy(secrecy).label if secrecy == Secrecy.LIMITED else "",
        state=state, uses=uses, unit=short or unit, by=by or "系统", created_at=created_at, name=name or "", size=size,
        mime=mime or "", thumbnail=thumbnail or "", version=version or 0, missing=tuple(missing_caption(kind, fields)),
    )  # fmt: skip
