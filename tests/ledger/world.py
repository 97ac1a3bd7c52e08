"""甲局 with a small standard of every cadence, a campaign 2018–2020, and 2020 open: what the ledger's tests work in."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from taizhang.campaigns import actions as campaigns
from taizhang.campaigns.models import Campaign, Year
from taizhang.campaigns.queries import proposal
from taizhang.ledger import actions
from taizhang.ledger.models import Item, Slot
from taizhang.org.queries import system_user
from taizhang.standards.models import Edition, Indicator, Requirement, Standard, Strand

from ..people import City

#: the day on which the world stands still
TODAY = "2020-06-10"
#: code, title, cadence, times, target, per, lead, needs (name, kind, least, document number)
LEAVES: list[tuple[str, str, str, int, int | None, str, str, list[tuple[str, str, int, bool]]]] = [
    ("1.1.1", "领导小组月度调度", "month", 1, None, "unit", "办公室", [("会议记录", "other", 1, False), ("会议现场照片", "picture", 2, False)]),
    ("1.1.2", "年度实施方案", "year", 1, None, "unit", "创建办", [("实施方案", "document", 1, True)]),
    ("1.1.3", "主要负责同志带头参与", "year", 2, None, "unit", "办公室", []),
    ("1.1.4", "工作专班周碰头会", "week", 1, 40, "unit", "创建办", []),
    ("1.2.1", "主题党日", "month", 1, None, "branch", "各支部", []),
    ("1.2.2", "业务规范化", "quarter", 1, None, "department", "业务处室", []),
    ("1.2.3", "领导小组调整", "event", 1, None, "unit", "法规处", []),
    ("1.2.4", "届期规划", "cycle", 1, None, "unit", "办公室", []),
    ("1.2.5", "年度总结", "year", 1, None, "unit", "法规处", []),
    ("1.2.6", "无人认领的事", "year", 1, None, "unit", "信息化推进中心", []),
]  # fmt: skip


@dataclass
class World:
    people: City
    campaign: Campaign
    year: Year

    def item(self, code: str, year: Year | None = None) -> Item:
        return Item.objects.select_related("year__campaign", "unit", "lead", "track").get(
            year=year or self.year, code=code
        )

    def slot(self, code: str, nth: int = 0, performer: str = "") -> Slot:
        rows = Slot.objects.filter(item__year=self.year, item__code=code).select_related(
            "item__unit", "item__year", "performer"
        )
        if performer:
            rows = rows.filter(performer=self.people.units[performer])
        return list(rows.order_by("starts_on", "nth", "performer"))[nth]

    def user(self, name: str) -> Any:
        return self.people.users[name]


def standard(name: str = "小标准", code: str = "1") -> Edition:
    """A sample of ten leaves; rows stand outside the door, as fixtures do."""
    made = Standard(name=name, sample=True)
    made.save()
    edition = Edition(standard=made, label="2018")
    edition.save()

    def node(**more: Any) -> Indicator:
        strand = Strand(standard=made)
        strand.save()
        row = Indicator(edition=edition, strand=strand, order=Indicator.objects.count(), **more)
        row.save()
        return row

    area = node(code=code, title="组织领导", is_leaf=False, level=1)
    sections = {
        key: node(code=key, title=f"内容{key}", is_leaf=False, level=2, parent=area) for key in ("1.1", "1.2")
    }
    for at, (leaf, title, cadence, times, target, per, lead, needs) in enumerate(LEAVES):
        row = node(
            code=leaf, label=f"Ⅲ-{at + 1}", title=title, is_leaf=True, level=3, parent=sections[leaf[:3]], points=Decimal("1.5"),
            cadence=cadence, times=times, target=target, per=per, lead_text=lead,
        )  # fmt: skip
        for order, (need, kind, least, doc_no) in enumerate(needs):
            Requirement(
                indicator=row, key=str(order), order=order, name=need, kind=kind, least=least, doc_no=doc_no
            ).save()
    return edition


def campaign(
    people: City, edition: Edition, started_on: date = date(2018, 1, 1), agency: str = "甲局"
) -> Campaign:
    unit = people.units[agency]
    plan = proposal(unit, [edition], 2018, 2020, date(2018, 11, 30))
    made: Campaign = campaigns.start(
        unit, by=people.users["石玲佳" if agency == "甲局" else f"{agency}石玲佳"], name="创建全国文明单位", first_year=2018, last_year=2020, started_on=started_on,
        tracks=plan.tracks, years=plan.years,
    )  # fmt: skip
    return made


def world(people: City) -> World:
    """2020 open, everything handed out by the clerk on 2020-01-06 (the caller fixes the day)."""
    made = campaign(people, standard())
    year = Year.objects.get(campaign=made, year=2020)
    clerk = people.users["石玲佳"]
    actions.open_year(year, by=clerk)
    year.refresh_from_db()
    return World(people, made, year)


def hand_out(w: World) -> None:
    """交办 all that has a lead."""
    ids = list(
        Item.objects.filter(year=w.year, lead__isnull=False, status="pending").values_list("pk", flat=True)
    )
    actions.bulk(w.year, by=w.user("石玲佳"), verb="assign", ids=ids)


__all__ = ["TODAY", "World", "campaign", "hand_out", "standard", "system_user", "world"]
