"""A year is opened into a ledger: the preview says beforehand what is made; an item is raised by hand."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from taizhang.campaigns.models import Year
from taizhang.ledger.forms.lists import read_need
from taizhang.ledger.models import Item, Slot
from taizhang.ledger.queries.preview import preview
from taizhang.standards.models import Indicator, Strand

from ..people import City
from .factory import TODAY, Ledger, campaign_of

LEAVES = [("month", "branch", "各支部"), ("quarter", "unit", "办公室"), ("year", "unit", "法规处"), ("year", "unit", "外星处"),
          ("cycle", "unit", "办公室"), ("event", "unit", "审批处"), ("half_year", "unit", "办公室")]  # fmt: skip


@pytest.fixture
def planned(people: City, settings: Any) -> Ledger:
    """A campaign whose year is not open yet, with one leaf of each kind in one area."""
    settings.TODAY = TODAY.isoformat()
    campaign, track, year = campaign_of(people, "甲局")
    year.state, year.opened_on = "planned", None
    year.save()

    def node(n: int, **more: Any) -> Indicator:
        strand = Strand(standard=track.standard)
        strand.save()
        made = Indicator(edition=track.edition, strand=strand, order=n, code=f"c{n}", **more)
        made.save()
        return made

    area = node(0, level=1, title="组织领导", is_leaf=False)
    for n, (cadence, per, lead) in enumerate(LEAVES, 1):
        node(
            n,
            parent=area,
            level=2,
            title=f"指标{n}",
            is_leaf=True,
            points=Decimal("1.5"),
            cadence=cadence,
            per=per,
            lead_text=lead,
        )
    return Ledger(campaign, track, year, people.units["甲局"])


def as_(people: City, name: str) -> Client:
    client = Client()
    client.force_login(people.users[name])
    return client


def test_the_preview_says_what_opening_makes(people: City, planned: Ledger) -> None:
    client = as_(people, "石玲佳")
    address = f"/ledger/years/{planned.year.pk}/open/"
    found = preview(planned.year, TODAY)
    page = client.get(address).content.decode()
    assert f"启用，生成 {found.items} 项 {found.slots} 期" in page
    assert "外星处" in page and "有 1 项没有牵头处室" in page
    assert not Item.objects.filter(year=planned.year).exists()
    assert client.post(address, {"once": "o1"}).status_code == 302
    assert Item.objects.filter(year=planned.year).count() == found.items == len(LEAVES)
    slots = Slot.objects.filter(item__year=planned.year)
    assert slots.count() == found.slots
    assert slots.filter(before_system=True).count() == found.before_system
    assert Item.objects.filter(year=planned.year, lead=None).count() == len(found.missing) == 1
    of_lead = {lead.name: lead.slots for lead in found.leads}
    for name, number in of_lead.items():
        there = slots.filter(item__lead__name=name) if name != "没有牵头" else slots.filter(item__lead=None)
        assert there.count() == number, name
    for lead in found.leads:
        assert sum(lead.months) == lead.slots


def test_an_open_year_says_so_and_is_not_opened_twice(people: City, planned: Ledger) -> None:
    client = as_(people, "石玲佳")
    address = f"/ledger/years/{planned.year.pk}/open/"
    following = Year(
        campaign=planned.campaign,
        year=2021,
        starts_on=date(2021, 1, 1),
        ends_on=date(2021, 12, 31),
        assessed_on=date(2021, 10, 20),
    )
    following.save()
    client.post(address, {"once": "o1"})
    number = Item.objects.count()
    page = client.post(address, {"once": "o2"}).content.decode()
    assert "已经启用" in page and "启用 2021 年度" in page
    assert Item.objects.count() == number
    # the next one takes over what is known
    page = client.get(f"/ledger/years/{following.pk}/open/").content.decode()
    assert f"接用上年牵头和人员<b>{len(LEAVES)}</b>" in page


def test_a_leaf_of_the_cycle_goes_to_the_year_that_was_chosen(people: City, planned: Ledger) -> None:
    client = as_(people, "石玲佳")
    leaf = Indicator.objects.get(cadence="cycle")
    address = f"/ledger/years/{planned.year.pk}/open/"
    assert preview(planned.year, TODAY, {leaf.pk: 2019}).slots == preview(planned.year, TODAY).slots - 1
    page = client.get(address, {f"place_{leaf.pk}": "2019"}).content.decode()
    assert f"项 {preview(planned.year, TODAY).slots - 1} 期" in page
    wrong = client.post(address, {f"place_{leaf.pk}": "1999"})
    assert wrong.status_code == 422 and "请选届期内的年度" in wrong.content.decode()
    assert client.post(address, {f"place_{leaf.pk}": "2019", "once": "p"}).status_code == 302
    assert Item.objects.get(indicator=leaf).status == "waived"


def test_a_year_without_holidays_says_so_once(people: City, planned: Ledger) -> None:
    Year.objects.filter(pk=planned.year.pk).update(
        year=2090, starts_on=date(2090, 1, 1), ends_on=date(2090, 12, 31), assessed_on=date(2090, 10, 20)
    )
    page = as_(people, "石玲佳").get(f"/ledger/years/{planned.year.pk}/open/").content.decode()
    assert page.count("还不知道 2090 年的放假安排") == 1


def test_who_may_open(people: City, planned: Ledger) -> None:
    address = f"/ledger/years/{planned.year.pk}/open/"
    assert as_(people, "黎林波").get(address).status_code == 403
    assert as_(people, "朱辉斌").post(address).status_code == 403
    assert as_(people, "乙局石玲佳").get(address).status_code == 404
    assert as_(people, "石玲佳").get("/ledger/years/999999/open/").status_code == 404
    assert not Item.objects.exists()


# ---- by hand


def typed(people: City, **more: Any) -> dict[str, Any]:
    return {
        "title": "办理张书记批示", "source_kind": "instruction", "source_text": "张书记 6 月 8 日批示", "requirement": "一周内报结果",
        "lead": people.units["办公室"].pk, "due_on": "2020-06-17", "needs": "办理情况报告\n现场照片 2 张\n\n", "once": "r1",
    } | more  # fmt: skip


def test_an_item_is_raised_by_hand(people: City, planned: Ledger) -> None:
    client = as_(people, "石玲佳")
    client.post(f"/ledger/years/{planned.year.pk}/open/", {})
    assert client.get("/ledger/items/raise/").status_code == 200
    answer = client.post("/ledger/items/raise/", typed(people))
    assert answer.status_code == 302
    item = Item.objects.get(source_kind="instruction")
    assert answer["Location"] == f"/ledger/items/{item.pk}/"
    assert item.no.startswith("批2020-") and item.due_on == date(2020, 6, 17) and item.status == "pending"
    assert [(need.name, need.kind, need.least) for need in item.needs.all()] == [
        ("办理情况报告", "report", 1),
        ("现场照片", "picture", 2),
    ]
    assert item.slots.count() == 1
    client.post("/ledger/items/raise/", typed(people))  # a double click
    assert Item.objects.filter(source_kind="instruction").count() == 1


@pytest.mark.parametrize(
    ("wrong", "words", "status"),
    [
        ({"title": ""}, "请写事项名称", 422), ({"source_kind": "indicator"}, "请选来源", 422), ({"lead": ""}, "请选牵头处室", 422),
        ({"due_on": "2020-02-30"}, "没有这一天", 422), ({"due_on": "2019-01-01"}, "已经过去", 409), ({"lead": "999999"}, "不在本机关", 422),
    ],
)  # fmt: skip
def test_a_wrong_form_comes_back_as_it_was_typed(
    people: City, planned: Ledger, wrong: dict[str, Any], words: str, status: int
) -> None:
    client = as_(people, "石玲佳")
    client.post(f"/ledger/years/{planned.year.pk}/open/", {})
    answer = client.post("/ledger/items/raise/", typed(people) | wrong)
    page = answer.content.decode()
    assert answer.status_code == status and words in page
    assert "张书记 6 月 8 日批示" in page and "现场照片 2 张" in page
    assert not Item.objects.filter(source_kind="instruction").exists()


def test_who_may_raise(people: City, planned: Ledger) -> None:
    as_(people, "石玲佳").post(f"/ledger/years/{planned.year.pk}/open/", {})
    assert as_(people, "朱辉斌").post("/ledger/items/raise/", typed(people)).status_code == 403
    address = f"/ledger/items/raise/?year={planned.year.pk}"
    assert as_(people, "乙局石玲佳").post(address, typed(people)).status_code == 404
    Year.objects.filter(pk=planned.year.pk).update(state="closed")
    assert as_(people, "石玲佳").post(address, typed(people)).status_code == 404


@pytest.mark.parametrize(
    ("line", "need"),
    [
        ("现场照片 2 张", ("现场照片", "picture", 2)), ("会议纪要", ("会议纪要", "document", 1)), ("视频3个", ("视频", "media", 3)),
        ("2020年总结", ("2020年总结", "report", 1)), ("12", ("12", "other", 1)), ("  ", None), ("签到表；", ("签到表", "table", 1)),
    ],
)  # fmt: skip
def test_a_line_is_read_as_a_need(line: str, need: tuple[str, str, int] | None) -> None:
    found = read_need(line)
    assert (found and (found["name"], found["kind"], found["least"])) == need
