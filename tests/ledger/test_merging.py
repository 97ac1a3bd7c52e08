"""合并和撤销单位: what moves and what stays, through the door and on the page."""

from datetime import date
from typing import Any

import pytest

from taizhang.journal.models import Entry
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.ledger import actions
from taizhang.ledger.models import Item, ItemUnit, Slot
from taizhang.ledger.queries.merging import hanging
from taizhang.ledger.rules.merging import Fate, fate, next_nth
from taizhang.org import actions as org
from taizhang.org.models import Cover, Membership, Post, Unit

from ..people import City
from .pages import browser, close, put, words
from .world import World, hand_out, world

DAY = date(2020, 2, 3)


@pytest.mark.parametrize(
    ("status", "begun", "twin", "what"),
    [("open", False, False, Fate.MOVE), ("returned", True, False, Fate.MOVE), ("open", False, True, Fate.DROP),
     ("open", True, True, Fate.BESIDE), ("submitted", True, True, Fate.BESIDE), ("accepted", True, False, Fate.STAY),
     ("waived", False, True, Fate.STAY), ("lost", False, False, Fate.STAY)],
)  # fmt: skip
def test_what_becomes_of_a_slot(status: str, begun: bool, twin: bool, what: Fate) -> None:
    assert fate(status, begun=begun, twin=twin) == what


def test_the_first_free_number() -> None:
    assert [next_nth(set()), next_nth({1}), next_nth({1, 2}), next_nth({2})] == [1, 2, 3, 1]


@pytest.fixture
def w(people: City, settings: Any) -> World:
    settings.TODAY = "2020-01-06"
    made = world(people)
    hand_out(made)
    settings.TODAY = DAY.isoformat()
    return made


def merge(w: World, *units: str, into: str = "", name: str = "", by: str = "石玲佳") -> Unit:
    made: Unit = actions.merge_units(
        w.people.units["甲局"], by=w.user(by), units=[w.people.units[unit] for unit in units],
        into=w.people.units[into] if into else None, name=name,
    )  # fmt: skip
    return made


def test_a_department_goes_into_another_with_all_it_has(w: World) -> None:
    law, trade = w.people.units["法规处"], w.people.units["审批处"]
    Cover(group=w.people.groups["第一活动组"], unit=law).save()
    done = close(w, "1.2.5").item
    assert done.status == "closed" and done.lead_id == law.pk
    open_item = w.item("1.2.3")
    ItemUnit(item=w.item("1.1.2"), unit=law).save()
    merge(w, "法规处", into="审批处")
    open_item.refresh_from_db()
    done.refresh_from_db()
    law.refresh_from_db()
    assert (open_item.lead_id, done.lead_id) == (trade.pk, law.pk)
    assert (law.merged_into_id, law.ends_on) == (trade.pk, date(2020, 2, 2))
    assert w.item("1.1.2").helpers.get().unit_id == trade.pk
    person = w.user("白毅志").person
    rows = (
        Membership.objects.filter(person=person, main=True)
        .order_by("starts_on")
        .values_list("unit", "ends_on")
    )
    assert list(rows) == [(law.pk, date(2020, 2, 2)), (trade.pk, None)]
    assert Post.objects.filter(
        person=person, unit=trade, role="liaison", ends_on=None, starts_on=DAY
    ).exists()
    assert not Post.objects.filter(unit=law, ends_on=None).exists()
    assert Cover.objects.get(area_code="").unit_id == trade.pk
    # done slots stay where they were done; nothing open is left behind
    assert Slot.objects.filter(performer=law, status="accepted").exists()
    assert hanging(law, DAY).open == 0
    # the closed item still names the unit of its day
    assert "法规处" in words(browser(w, "石玲佳").get(f"/ledger/items/{done.pk}/"))
    # who came along works on
    slot = Slot.objects.filter(performer=trade, item__code="1.2.2", status="open").first()
    assert slot
    put(w, slot, "白毅志")
    actions.submit(slot, by=w.user("白毅志"), conclusion="完成")
    entry = Entry.objects.filter(action="ledger.merge_units").first()
    assert entry and entry.chain == w.people.units["甲局"].pk


def test_two_that_had_the_same_period_hand_in_once_and_work_begun_is_kept(w: World) -> None:
    law, trade = w.people.units["法规处"], w.people.units["审批处"]
    first, second = Slot.objects.filter(item__code="1.2.2", performer=law).order_by("starts_on")[:2]
    put(w, first, "白毅志")
    actions.submit(first, by=w.user("白毅志"), conclusion="完成")
    merge(w, "法规处", into="审批处")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.performer_id, first.nth, first.status) == (trade.pk, 2, "submitted")
    assert (second.performer_id, second.status) == (law.pk, "waived")
    assert "并入" in second.reason
    assert (
        Slot.objects.get(item__code="1.2.2", performer=trade, nth=1, starts_on=first.starts_on).status
        == "open"
    )


def test_two_become_a_new_one(w: World) -> None:
    made = merge(w, "法规处", "审批处", name="法规审批处")
    assert (made.kind, made.starts_on, made.parent_id) == ("department", DAY, w.people.units["甲局"].pk)
    assert set(made.merged_from.values_list("name", flat=True)) == {"法规处", "审批处"}
    assert w.item("1.2.5").lead_id == made.pk
    # both had a slot of each quarter: one of them is left to hand in
    open_ = Slot.objects.filter(item__code="1.2.2", performer=made, status="open")
    assert open_.count() == 4
    people = Membership.objects.filter(unit=made, ends_on=None).values_list("person__name", flat=True)
    assert set(people) == {"李洋华", "白毅志", "郑审批"}


def test_branches_merge_too(w: World) -> None:
    before = Slot.objects.filter(
        item__code="1.2.1", performer=w.people.units["第一党支部"], status="open"
    ).count()
    merge(w, "第二党支部", into="第一党支部")
    assert (
        w.people.units["法规处"].__class__.objects.get(name="法规处").branch_id
        == w.people.units["第一党支部"].pk
    )
    assert (
        Slot.objects.filter(item__code="1.2.1", performer=w.people.units["第一党支部"], status="open").count()
        == before
    )
    assert not Slot.objects.filter(performer=w.people.units["第二党支部"], status="open").exists()


def test_a_done_item_names_its_lead_as_it_was_called_that_day(w: World, settings: Any) -> None:
    done = close(w, "1.2.5").item
    settings.TODAY = "2020-03-02"
    org.rename_unit(w.people.units["法规处"], by=w.user("石玲佳"), name="法治处", starts_on=date(2020, 3, 1))
    client = browser(w, "石玲佳")
    assert "牵头 法规处" in words(client.get(f"/ledger/items/{done.pk}/"))
    assert "牵头 法治处" in words(client.get(f"/ledger/items/{w.item('1.2.3').pk}/"))
    form = words(client.get(f"/ledger/papers/form/?items={done.pk}"))
    assert "牵头处室 法规处" in form and "法治处" not in form
    summary = words(client.get(f"/ledger/papers/summary/?items={done.pk}"))
    assert "法规处" in summary and "法治处" not in summary


@pytest.mark.parametrize(
    ("units", "more", "said"),
    [(("法规处",), {}, "只填一样"), (("法规处",), {"into": "审批处", "name": "新处"}, "只填一样"), (("法规处",), {"name": "新处"}, "至少选两个"),
     (("法规处",), {"into": "法规处"}, "请选要合并的单位"), (("法规处",), {"into": "第一党支部"}, "不同类别"),
     (("乙局法规处",), {"into": "审批处"}, "只能合并本机关"), (("法规处",), {"into": "乙局法规处"}, "不是本机关"),
     (("法规处", "审批处"), {"name": "办公室"}, "已经有了"), (("甲局",), {"into": "审批处"}, "地区和机关"),
     (("机关党委",), {"into": "机关工会"}, "不同类别")],
)  # fmt: skip
def test_what_cannot_merge_is_refused_and_nothing_moves(
    w: World, units: tuple[str, ...], more: dict[str, str], said: str
) -> None:
    before = list(Item.objects.order_by("pk").values_list("lead", "version"))
    with pytest.raises(Refused, match=said):
        merge(w, *units, **more)
    assert list(Item.objects.order_by("pk").values_list("lead", "version")) == before
    assert not Unit.objects.exclude(merged_into=None).exists()


def test_only_the_office_merges(w: World) -> None:
    for name in ("朱辉斌", "黎林波", "乙局石玲佳", "系统管理员"):
        with pytest.raises(NotPermitted):
            merge(w, "法规处", into="审批处", by=name)


def test_a_unit_with_open_work_does_not_end(w: World) -> None:
    law = w.people.units["法规处"]
    with pytest.raises(Refused, match="牵头 .* 项未办结事项"):
        actions.end_unit(law, by=w.user("石玲佳"))
    client = browser(w, "石玲佳")
    assert client.post(f"/ledger/units/{law.pk}/end/").status_code == 409
    Slot.objects.filter(performer=law).update(status="accepted")
    Item.objects.filter(lead=law).update(lead=w.people.units["审批处"])
    with pytest.raises(Refused, match="还有 2 人"):
        actions.end_unit(law, by=w.user("石玲佳"))
    Membership.objects.filter(unit=law).update(unit=w.people.units["审批处"])
    assert client.post(f"/ledger/units/{law.pk}/end/").status_code == 302
    law.refresh_from_db()
    assert law.ends_on == DAY


def test_the_page_shows_first_and_does_it_when_sure(w: World) -> None:
    client, law, trade = browser(w, "石玲佳"), w.people.units["法规处"], w.people.units["审批处"]
    url = f"/ledger/units/merge/?unit={law.pk}"
    assert "看看会怎样" in words(client.get(url))
    got = client.post(url, {"unit": [law.pk], "into": trade.pk, "name": "新处"})
    assert got.status_code == 400 and "只填一样" in words(got) and 'value="新处"' in got.content.decode()
    got = client.post(url, {"unit": [law.pk], "into": trade.pk})
    assert "法规处 → 审批处" in words(got) and "李洋华、白毅志" in words(got) and "还没有办" in words(got)
    law.refresh_from_db()
    assert law.merged_into_id is None
    got = client.post(url, {"unit": [law.pk], "into": trade.pk, "sure": "1", "once": "k1"})
    assert got.status_code == 302 and got.url == f"/org/unit/{trade.pk}/"
    # a second click gets the first answer
    again = client.post(
        f"/ledger/units/merge/?unit={trade.pk}",
        {"unit": [law.pk], "into": trade.pk, "sure": "1", "once": "k1"},
    )
    assert again.status_code in (302, 400)
    assert "法规处" in words(client.get(f"/org/unit/{trade.pk}/"))
    assert "并入 审批处" in words(client.get(f"/org/unit/{law.pk}/"))
    assert "法规处" not in words(client.get("/org/"))
    assert client.get("/ledger/units/merge/?unit=99999999").status_code == 404
    assert org.merge.action.label == "并入"
