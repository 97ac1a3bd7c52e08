"""The library's page: words, filters, counts, one page of rows."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Substr

from ..models import Evidence, EvidenceState, Kind, Reading, ReadingState
from ..rules.captions import missing_caption
from ..rules.genres import GENRES
from .checks import unchecked
from .keeping import level_word
from .scope import evidence_for
from .search import Hit, among, hits_of, ids_found

PER_PAGE = 50
SORTS = {
    "new": ("-id",),
    "old": ("id",),
    "date": ("-happened_on", "-id"),
    "uses": ("-uses", "-id"),
    "title": ("title", "id"),
}
UNDATED = 0  # the year of what has no date
READ = Q(current__blob__reading__state=ReadingState.READ)
#: what a file has, as the statistics count it
HAS: dict[str, tuple[str, Q]] = {
    "number": ("有文号", Q(doc_no__gt="") | (READ & Q(current__blob__reading__doc_no__gt=""))),
    "text": ("读出文字", READ & Q(current__blob__reading__letters__gt=0)),
    "pages": ("有页数", READ & Q(current__blob__reading__pages__gt=0)),
    "film": ("有时长", Q(kind=Kind.MEDIA) & READ & Q(current__blob__reading__seconds__gt=0)),
}
GENRE: dict[str, Q] = {
    "rule": Q(kind__in=(Kind.DOCUMENT, Kind.OTHER)) & Q(title__regex=GENRES["rule"].pattern),
    "bulletin": ~Q(kind__in=(Kind.PICTURE, Kind.MEDIA)) & Q(title__regex=GENRES["bulletin"].pattern),
}


@dataclass(frozen=True)
class Chosen:
    """What the address asks for, already cleaned: unknown values are simply not asked for."""

    asked: str = ""  # as typed
    terms: tuple[str, ...] = ()  # as searched: folded, each must occur
    kinds: frozenset[str] = frozenset()
    units: frozenset[int] = frozenset()
    years: frozenset[int] = frozenset()  # UNDATED: without a date
    states: frozenset[str] = frozenset()  # of reading
    genre: str = ""  # of GENRE
    has: str = ""  # of HAS
    uncited: bool = False
    many: bool = False  # 一材多用: two uses or more
    mine: bool = False
    warned: bool = False  # 有提醒: a warning that nobody has looked at
    binned: bool = False
    since: date | None = None
    until: date | None = None
    sort: str = "new"
    page: int = 1

    @property
    def narrowed(self) -> bool:
        return bool(
            self.asked
            or self.kinds
            or self.units
            or self.years
            or self.states
            or self.genre
            or self.has
            or self.warned
            or self.uncited
            or self.many
            or self.since
            or self.until
        )

    @property
    def only_signs(self) -> bool:
        """Something was asked for, and nothing of it can be searched for: signs only."""
        return bool(self.asked) and not self.terms


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
    pages: int = 0
    seconds: int | None = None  # sound and film
    reading: str = ""  # state of the current version's reading
    hit: Hit | None = None  # where in its text the words were found


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
    states: list[Facet]
    uncited: int
    many: int
    mine: int
    total: int = 0
    terms: tuple[str, ...] = field(default=())


class Counted(Paginator[Any]):
    """Pages of rows whose number is known already."""

    def __init__(self, rows: Any, per_page: int, count: int) -> None:
        super().__init__(rows, per_page)
        self.count = count  # else asked for once more


@dataclass(frozen=True)
class Group:
    """How many pieces are alike in all that the filters ask for."""

    kind: str
    unit: int
    unit_name: str
    year: int
    uses: int  # 2: two or more
    mine: bool
    state: str
    count: int


#: filter → whether a group passes it
PASSES: dict[str, Callable[[Chosen, Group], bool]] = {
    "kinds": lambda chosen, group: not chosen.kinds or group.kind in chosen.kinds,
    "units": lambda chosen, group: not chosen.units or group.unit in chosen.units,
    "years": lambda chosen, group: not chosen.years or group.year in chosen.years,
    "states": lambda chosen, group: not chosen.states or group.state in chosen.states,
    "uses": lambda chosen, group: (not chosen.uncited or group.uses == 0) and (not chosen.many or group.uses == 2),
    "mine": lambda chosen, group: not chosen.mine or group.mine,
}  # fmt: skip


def library(user: Any, chosen: Chosen, within: QuerySet[Any] | None = None) -> Library:
    """The page that CHOSEN asks for. Five queries at most, whatever is found.

    WITHIN: ids of evidence to which the page is confined (what the ledger cites for an area, for an item).
    """
    person = getattr(user, "person", None)
    base = _base(user, chosen, within)
    if chosen.only_signs:
        base = base.none()
    elif chosen.terms:
        base = Evidence.objects.filter(among(ids_found(base, chosen.terms)))
    groups = _groups(base, person)
    # each group of filters counts what would be found if only the others were set
    kinds = _tally(groups, chosen, "kinds", lambda group: group.kind)
    units = _tally(groups, chosen, "units", lambda group: (group.unit, group.unit_name))
    years = _tally(groups, chosen, "years", lambda group: group.year)
    states = _tally(groups, chosen, "states", lambda group: group.state)
    uses = _tally(groups, replace(chosen, mine=False), "uses", lambda group: group.uses)
    mine = _tally(groups, replace(chosen, uncited=False, many=False), "mine", lambda group: group.mine)
    total = sum(group.count for group in groups if all(passes(chosen, group) for passes in PASSES.values()))
    listed = narrowed(base, chosen, person).order_by(*SORTS[chosen.sort]).values_list(
        "pk", "number", "kind", "title", "url", "happened_on", "place", "people", "theme", "doc_no", "issuer",
        "secrecy", "state", "uses", "unit__short_name", "unit__name", "by__name", "created_at",
        "current__original_name", "current__blob__size", "current__blob__mime", "current__blob__thumbnail",
        "current__no", "current__blob__reading__pages", "current__blob__reading__seconds",
        "current__blob", "current__blob__reading__state",
    )  # fmt: skip
    page = Counted(listed, PER_PAGE, total).get_page(chosen.page)
    values = list(page.object_list)
    hits = hits_of((one[-2] for one in values if one[-2]), chosen.terms)
    return Library(
        page=page,
        rows=[_row(one, hits) for one in values],
        kinds=[Facet(k.value, k.label, kinds[k.value], k.value in chosen.kinds) for k in Kind],
        units=[Facet(str(pk), name, n, pk in chosen.units) for (pk, name), n in units.most_common()],
        years=[
            Facet(str(year), f"{year} 年" if year else "没写时间", years[year], year in chosen.years)
            for year in sorted(years, reverse=True)
        ],
        states=[Facet(s.value, s.label, states[s.value], s.value in chosen.states) for s in ReadingState],
        uncited=uses[0],
        many=uses[2],
        mine=mine[True],
        total=total,
        terms=chosen.terms,
    )


def _base(user: Any, chosen: Chosen, within: QuerySet[Any] | None) -> QuerySet[Evidence]:
    """What CHOSEN asks for, but for the words and for what the groups tell apart."""
    base = evidence_for(user).filter(state=EvidenceState.BINNED if chosen.binned else EvidenceState.LIVE)
    if within is not None:
        base = base.filter(pk__in=within)
    if chosen.since:
        base = base.filter(happened_on__gte=chosen.since)
    if chosen.until:
        base = base.filter(happened_on__lte=chosen.until)
    if chosen.genre:
        base = base.filter(GENRE[chosen.genre])
    if chosen.warned:
        base = base.filter(among(unchecked(user)))
    if chosen.has:
        base = base.filter(HAS[chosen.has][1])
    return base


def year_of() -> Case:
    """Of the day of a piece, as a number; in SQL, where Django's own asks Python for every row."""
    return Case(
        When(happened_on__isnull=True, then=Value(UNDATED)),
        default=Cast(Substr(Cast("happened_on", CharField()), 1, 4), IntegerField()),
        output_field=IntegerField(),
    )


def _groups(base: QuerySet[Evidence], person: Any) -> list[Group]:
    state = Reading.objects.filter(blob=OuterRef("current__blob")).values("state")[:1]
    rows = (
        base.order_by()
        .annotate(
            of_year=year_of(),
            of_uses=Case(When(uses__gte=2, then=Value(2)), default=F("uses"), output_field=IntegerField()),
            of_me=Case(When(by=person, then=Value(1)), default=Value(0)) if person else Value(0),
            of_state=Subquery(state),
        )
        .values_list("kind", "unit", "unit__short_name", "unit__name", "of_year", "of_uses", "of_me", "of_state")
        .annotate(n=Count("pk"))
        .order_by("unit")
    )  # fmt: skip
    return [
        Group(kind, unit, short or name, year, uses, bool(mine), state or "", n)
        for kind, unit, short, name, year, uses, mine, state, n in rows
    ]


def _tally(groups: Iterable[Group], chosen: Chosen, free: str, key: Callable[[Group], Any]) -> Counter[Any]:
    """How many pieces each KEY would find if the filter FREE were not set."""
    asked = [passes for name, passes in PASSES.items() if name != free]
    found: Counter[Any] = Counter()
    for group in groups:
        if all(passes(chosen, group) for passes in asked):
            found[key(group)] += group.count
    return found


def narrowed(base: QuerySet[Evidence], chosen: Chosen, person: Any) -> QuerySet[Evidence]:
    """The filters of PASSES as conditions of the database."""
    if chosen.kinds:
        base = base.filter(kind__in=chosen.kinds)
    if chosen.units:
        base = base.filter(unit_id__in=chosen.units)
    if chosen.years:
        base = base.filter(reduce(or_, (_in_year(year) for year in sorted(chosen.years))))
    if chosen.states:
        base = base.filter(current__blob__reading__state__in=chosen.states)
    if chosen.uncited:
        base = base.filter(uses=0)
    if chosen.many:
        base = base.filter(uses__gte=2)
    if chosen.mine:
        base = base.filter(by=person) if person else base.none()
    return base


def _in_year(year: int) -> Q:
    if year == UNDATED:
        return Q(happened_on__isnull=True)
    return Q(happened_on__range=(date(year, 1, 1), date(year, 12, 31)))


def _row(values: tuple[Any, ...], hits: dict[int, Hit]) -> Row:
    (pk, number, kind, title, url, happened_on, place, people, theme, doc_no, issuer, secrecy, state, uses, short, unit,
     by, created_at, name, size, mime, thumbnail, version, pages, seconds, blob, reading) = values  # fmt: skip
    fields = {"happened_on": happened_on, "place": place, "people": people, "theme": theme, "doc_no": doc_no,
              "issuer": issuer, "url": url}  # fmt: skip
    return Row(
        pk=pk, number=number, kind=kind, title=title, url=url, happened_on=happened_on, place=place, people=people,
        theme=theme, doc_no=doc_no, issuer=issuer, secrecy=level_word(secrecy),
        state=state, uses=uses, unit=short or unit, by=by or "系统", created_at=created_at, name=name or "", size=size,
        mime=mime or "", thumbnail=thumbnail or "", version=version or 0, pages=pages or 0, seconds=seconds, missing=tuple(missing_caption(kind, fields)),
        reading=reading or "", hit=hits.get(blob),
    )  # fmt: skip
