"""What opening a year would make, before it is opened: the same leaves, leads and rules, and nothing written."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from taizhang.campaigns.models import Stage, Track, Year
from taizhang.campaigns.queries import calendar
from taizhang.org.models import Unit
from taizhang.standards.rules.cadence import LABELS as CADENCES
from taizhang.standards.rules.cadence import Cycle

from ..rules.plan import Grace, Wanted, plan_slots
from ..rules.schedule import Span, Thing, back_schedule
from .opening import Leaf, before_of, leaves_of, proposals

NOBODY = "没有牵头"


@dataclass(frozen=True)
class Lead:
    """One department's load: items, slots, and how many of its dates fall in each month."""

    name: str
    items: int
    slots: int
    months: list[int]


@dataclass(frozen=True)
class Missing:
    """A leaf that nobody would lead, with the words of the standard."""

    no: str
    title: str
    words: str


@dataclass(frozen=True)
class Preview:
    items: int
    slots: int
    before_system: int
    taken_over: int  # items whose lead and people come from the year before
    cadences: list[tuple[str, int, int]]  # word, items, slots
    leads: list[Lead]
    months: list[str]
    missing: list[Missing]
    cycle: list[tuple[int, str, int]]  # leaves due once in the cycle: indicator id, words, the year chosen
    warnings: list[str]

    @property
    def most(self) -> int:
        """The greatest load of one department in one month: the length of a full bar."""
        return max((number for lead in self.leads for number in lead.months), default=0)


def preview(year: Year, today: date, places: Mapping[int, int] | None = None) -> Preview:
    """Reckon YEAR as if it were opened TODAY. PLACES: indicator id → the year in which a leaf of the cycle is due."""
    campaign = year.campaign
    tracks = list(Track.objects.filter(campaign=campaign).select_related("standard").order_by("order", "id"))
    leaves = [leaf for track in tracks for leaf in leaves_of(track)]
    before = before_of(year)
    matches = proposals(campaign.unit, {track.pk: track.owner_id for track in tracks}, leaves)
    places = places or {}
    names = {
        pk: short or name
        for pk, name, short in Unit.objects.filter(agency=campaign.unit_id).values_list(
            "pk", "name", "short_name"
        )
    }
    graces = {window.cadence: Grace(window.grace_days, window.shut_days) for window in year.windows.all()}

    leads: list[int | None] = []
    wanted: list[tuple[int, Wanted]] = []
    cycle: list[tuple[int, str, int]] = []
    for at, leaf in enumerate(leaves):
        last, match = before.get(leaf.strand_id), matches[leaf.id]
        lead = last.lead_id if last else match.lead_id
        leads.append(lead)
        place = places.get(leaf.id, campaign.last_year)
        if leaf.cadence == Cycle.CYCLE:
            cycle.append((leaf.id, f"{leaf.label or leaf.code} {leaf.title}", place))
            if place != year.year:
                continue
        units = match.performers if leaf.per != "unit" else [lead or campaign.unit_id]
        slots = plan_slots(
            leaf.cadence or "event",
            leaf.times,
            units,
            year.starts_on,
            year.ends_on,
            year.assessed_on,
            today,
            graces,
        )
        wanted += [(at, slot) for slot in slots]
    due = _scheduled(year, leaves, leads, wanted, today)
    return _summed(
        year,
        tracks,
        leaves,
        leads,
        wanted,
        due,
        names,
        len([1 for leaf in leaves if leaf.strand_id in before]),
        cycle,
    )


def _scheduled(
    year: Year, leaves: list[Leaf], leads: list[int | None], wanted: list[tuple[int, Wanted]], today: date
) -> dict[tuple[int, int], date]:
    """(place of the leaf, nth) → the day that scheduling backwards gives it."""
    once = list(dict.fromkeys((at, slot.nth) for at, slot in wanted if slot.one_off))
    stages = [
        Span(*dates)
        for dates in Stage.objects.filter(year=year).order_by("order").values_list("starts_on", "ends_on")
    ]
    things = [
        Thing(key, leads[at], leaves[at].title, nth, leaves[at].times) for key, (at, nth) in enumerate(once)
    ]
    found = back_schedule(things, stages, year.assessed_on, max(year.starts_on, today), calendar())
    return {once[key]: on for key, on in found.items()}


def _summed(
    year: Year, tracks: list[Track], leaves: list[Leaf], leads: list[int | None], wanted: list[tuple[int, Wanted]],
    due: Mapping[tuple[int, int], date], names: Mapping[int, str], taken_over: int, cycle: list[tuple[int, str, int]],
) -> Preview:  # fmt: skip
    items_of, slots_of, of_cadence, in_month = (
        Counter(leads),
        Counter[int | None](),
        Counter[str](),
        Counter[tuple[int | None, int]](),
    )
    for at, slot in wanted:
        on = due.get((at, slot.nth), slot.due_on) if slot.one_off else slot.due_on
        slots_of[leads[at]] += 1
        of_cadence[leaves[at].cadence] += 1
        in_month[leads[at], min(on.month if on.year == year.year else 12, 12)] += 1
    by_cadence = Counter(leaf.cadence for leaf in leaves)
    order = list(dict.fromkeys([*names, None]))
    table = [
        Lead(
            names.get(lead, NOBODY) if lead else NOBODY,
            items_of[lead],
            slots_of[lead],
            [in_month[lead, month] for month in range(1, 13)],
        )
        for lead in order
        if lead in items_of
    ]
    missing = [
        Missing(leaf.label or leaf.code, leaf.title, leaf.lead_text)
        for leaf, lead in zip(leaves, leads, strict=True)
        if lead is None
    ]
    warnings = []
    if not tracks:
        warnings.append("这次创建活动还没有测评标准，不能启用。请先在创建设置里加上标准。")
    elif not leaves:
        warnings.append("测评标准里没有末级指标，启用后台账是空的。")
    if missing:
        warnings.append(f"有 {len(missing)} 项没有牵头处室，启用后可以在清单里成批定。")
    if unknown := calendar().unknown([year.year]):
        warnings.append(
            f"还不知道 {'、'.join(map(str, unknown))} 年的放假安排，先按周末计算；可以在创建设置里导入节假日。"
        )
    if year.assessed_on <= year.starts_on:
        warnings.append("测评日早于年度开始，请先改年度设置。")
    return Preview(
        len(leaves), len(wanted), sum(slot.before_system for _, slot in wanted), taken_over,
        [(CADENCES.get(Cycle(key), key) if key else "未写明", number, of_cadence[key]) for key, number in sorted(
            by_cadence.items(), key=lambda one: list(CADENCES).index(Cycle(one[0])) if one[0] else 99)],
        table, [f"{month}月" for month in range(1, 13)], missing, cycle, warnings,
    )  # fmt: skip
