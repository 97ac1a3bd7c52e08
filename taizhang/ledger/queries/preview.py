"""What opening a year would make, before it is opened: the same leaves, leads and rules, and nothing written."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Q, When

from taizhang.campaigns.models import Year
from taizhang.campaigns.queries import calendar
from taizhang.org.models import Unit
from taizhang.standards.rules.cadence import LABELS as CADENCES
from taizhang.standards.rules.cadence import Cycle

from .year_plan import Planned, plan_year

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
    guests: list[tuple[str, int]]  # 参加单位: name, how many slots it gets of what every department does

    @property
    def most(self) -> int:
        """The greatest load of one department in one month: the length of a full bar."""
        return max((number for lead in self.leads for number in lead.months), default=0)


def preview(year: Year, today: date, places: Mapping[int, int] | None = None) -> Preview:
    """Reckon YEAR as if it were opened TODAY. PLACES: indicator id → the year in which a leaf of the cycle is due."""
    planned = plan_year(year, today, places)
    leads = {one.lead_id for one in planned}
    guests = Counter(
        slot.performer for one in planned if one.match.guests for slot, _ in one.slots if slot.performer in one.match.guests
    )  # fmt: skip
    own = Q(agency=year.campaign.unit_id)
    units = Unit.objects.filter(own | Q(pk__in=leads | guests.keys())).order_by(
        Case(When(own, then=0), default=1), "order", "pk"
    )
    names = {
        pk: (short or name) if agency == year.campaign.unit_id else f"{home}{short or name}"
        for pk, name, short, agency, home in units.values_list("pk", "name", "short_name", "agency", "agency__name")
    }  # fmt: skip
    in_month: Counter[tuple[int | None, int]] = Counter()
    for one in planned:
        for _, due in one.slots:
            in_month[one.lead_id, due.month if due.year == year.year else 12] += 1
    missing = [
        Missing(one.leaf.label or one.leaf.code, one.leaf.title, one.leaf.lead_text)
        for one in planned if one.lead_id is None
    ]  # fmt: skip
    cycle = [
        (one.leaf.id, f"{one.leaf.label or one.leaf.code} {one.leaf.title}", one.elsewhere or year.year)
        for one in planned if one.leaf.cadence == Cycle.CYCLE
    ]  # fmt: skip
    return Preview(
        len(planned), sum(len(one.slots) for one in planned),
        sum(slot.before_system for one in planned for slot, _ in one.slots),
        sum(one.last is not None for one in planned), _cadences(planned), _leads(planned, names, in_month),
        [f"{month}月" for month in range(1, 13)], missing, cycle, _warnings(year, planned, missing),
        [(names[pk], number) for pk, number in guests.items()],
    )  # fmt: skip


def _cadences(planned: list[Planned]) -> list[tuple[str, int, int]]:
    """(word, items, slots) of each cadence, the most frequent first in the calendar's order."""
    items = Counter(one.leaf.cadence for one in planned)
    slots: Counter[str] = Counter()
    for one in planned:
        slots[one.leaf.cadence] += len(one.slots)
    order = [*CADENCES, ""]
    return [
        (CADENCES[Cycle(key)] if key else "未写明", items[key], slots[key])
        for key in sorted(items, key=lambda key: order.index(Cycle(key)) if key else len(order))
    ]


def _leads(
    planned: list[Planned], names: Mapping[int, str], in_month: Counter[tuple[int | None, int]]
) -> list[Lead]:
    items = Counter(one.lead_id for one in planned)
    slots: Counter[int | None] = Counter()
    for one in planned:
        slots[one.lead_id] += len(one.slots)
    return [
        Lead(names[lead] if lead else NOBODY, items[lead], slots[lead], [in_month[lead, month] for month in range(1, 13)])
        for lead in [*names, None] if lead in items
    ]  # fmt: skip


def _warnings(year: Year, planned: list[Planned], missing: list[Missing]) -> list[str]:
    warnings = []
    if not year.campaign.tracks.exists():
        warnings.append("这次创建活动还没有测评标准，不能启用。请先在创建设置里加上标准。")
    elif not planned:
        warnings.append("测评标准里没有末级指标，启用后台账是空的。")
    if missing:
        warnings.append(f"有 {len(missing)} 项没有牵头处室，启用后可以在清单里成批定。")
    if unknown := calendar().unknown([year.year]):
        warnings.append(
            f"还不知道 {'、'.join(map(str, unknown))} 年的放假安排，先按周末计算；可以在创建设置里导入节假日。"
        )
    if year.assessed_on <= year.starts_on:
        warnings.append("测评日早于年度开始，请先改年度设置。")
    return warnings
