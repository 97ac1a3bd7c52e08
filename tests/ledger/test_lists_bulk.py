"""One thing to many rows through the page: what it says first, what it does, and taking it back."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from taizhang.journal.models import Entry
from taizhang.ledger.models import Batch, Item, Slot
from taizhang.ledger.rules.states import SlotStatus, Status

from ..people import City
from .factory import TODAY, Ledger, ledger

BULK = "/ledger/items/bulk/"


@pytest.fixture
def small(people: City, settings: Any) -> Ledger:
    settings.TODAY = TODAY.isoformat()
    return ledger(people, items=40, people=30, evidence=60)


def as_(people: City, name: str) -> Client:
    client = Client()
    client.force_login(people.users[name])
    return client


def of_status(small: Ledger, *statuses: str) -> list[Item]:
    return [
        item for item in Item.objects.filter(year=small.year).order_by("order") if item.status in statuses
    ]


def ids(items: list[Item]) -> list[int]:
    return [item.pk for item in items]


def joined(items: list[Item]) -> str:
    return ",".join(str(item.pk) for item in items)


def test_the_page_says_what_will_happen_to_how_many_and_which_not_and_why(
    people: City, small: Ledger
) -> None:
    able, closed = of_status(small, Status.ASSIGNED, Status.RECEIVED)[:2], of_status(small, Status.CLOSED)[:1]
    page = as_(people, "石玲佳").post(f"{BULK}assign/", {"pk": ids(able + closed)}).content.decode()
    assert "会办 2 项" in page and "不会办 1 项" in page and "已经是“已销号”" in page
    assert not Batch.objects.exists()


def test_assign_many_and_take_back(people: City, small: Ledger) -> None:
    client = as_(people, "石玲佳")
    items = of_status(small, Status.RECEIVED, Status.PENDING)
    assert items
    lead = people.units["法规处"]
    answer = client.post(
        f"{BULK}assign/?view=", {"ids": joined(items), "go": "1", "once": "a1", "lead": lead.pk}
    )
    assert answer.status_code == 302
    batch = Batch.objects.get()
    assert batch.count == len(items) and str(batch.pk) in answer["Location"]
    for item in Item.objects.filter(pk__in=ids(items)):
        assert (item.status, item.lead_id) == (Status.ASSIGNED, lead.pk)
    page = client.get(answer["Location"]).content.decode()
    assert "整批撤销" in page and f"/ledger/batches/{batch.pk}/undo/" in page
    assert client.post(f"/ledger/batches/{batch.pk}/undo/", {"once": "a2"}).status_code == 302
    for old in items:
        item = Item.objects.get(pk=old.pk)
        assert (item.status, item.lead_id, item.person_id) == (old.status, old.lead_id, old.person_id)
    assert Batch.objects.get().undone_at is not None
    assert "已整批撤销" in client.get("/ledger/batches/").content.decode()


def test_a_second_post_with_the_same_key_does_nothing_again(people: City, small: Ledger) -> None:
    client = as_(people, "石玲佳")
    items = of_status(small, Status.RECEIVED)[:1]
    for _ in range(2):
        assert (
            client.post(
                f"{BULK}set_lead/",
                {"ids": joined(items), "go": "1", "once": "k", "lead": people.units["法规处"].pk},
            ).status_code
            == 302
        )
    assert Batch.objects.count() == 1


def test_the_whole_filter_without_a_script(people: City, small: Ledger) -> None:
    client = as_(people, "石玲佳")
    page = client.get(f"{BULK}?view=unreceived").content.decode()
    number = len(of_status(small, Status.ASSIGNED))
    assert f"筛选结果 {number} 项" in page
    page = client.post(f"{BULK}waive/?view=unreceived", {"all": "1"}).content.decode()
    assert f"会办 {number} 项" in page
    answer = client.post(
        f"{BULK}waive/?view=unreceived",
        {"ids": joined(of_status(small, Status.ASSIGNED)), "go": "1", "reason": "机构改革划出"},
    )
    assert answer.status_code == 302
    assert Item.objects.filter(reason="机构改革划出", status=Status.WAIVED).count() == number


def test_a_reason_is_wanted_and_nothing_typed_is_lost(people: City, small: Ledger) -> None:
    items = of_status(small, Status.ASSIGNED)[:1]
    answer = as_(people, "石玲佳").post(f"{BULK}waive/", {"ids": joined(items), "go": "1", "reason": ""})
    assert answer.status_code == 422
    assert "请写理由" in answer.content.decode() and f'value="{items[0].pk}"' in answer.content.decode()
    assert not Batch.objects.exists()


def test_set_due_only_where_there_is_one_date(people: City, small: Ledger) -> None:
    client = as_(people, "石玲佳")
    rows = [
        item for item in of_status(small, Status.DOING, Status.RECEIVED) if item.cadence in ("year", "month")
    ]
    page = client.post(f"{BULK}set_due/", {"pk": ids(rows)}).content.decode()
    assert "有多期，请在事项页改某一期" in page
    one = [item for item in rows if item.cadence == "year"]
    assert one
    answer = client.post(f"{BULK}set_due/", {"ids": joined(one), "go": "1", "due_on": "2020-09-30"})
    assert answer.status_code == 302
    assert set(Slot.objects.filter(item__in=one, status="open").values_list("due_on", flat=True)) == {
        TODAY.replace(month=9, day=30)
    }
    refused = client.post(f"{BULK}set_due/", {"ids": joined(one), "go": "1", "due_on": "2020-02-30"})
    assert refused.status_code == 422 and "没有这一天" in refused.content.decode()
    out = client.post(f"{BULK}set_due/", {"ids": joined(one), "go": "1", "due_on": "2031-01-01"})
    assert (
        out.status_code == 409
        and "一项也没有办成" in out.content.decode()
        and "2031-01-01" in out.content.decode()
    )


def test_accept_many_slots_as_the_head(people: City, small: Ledger) -> None:
    """The head of a department accepts what waits for them by the page; others' slots are not theirs."""
    head = people.users["黎林波"]
    general = people.units["办公室"]
    item = next(one for one in of_status(small, Status.DOING) if one.cadence == "month" and one.per == "unit")
    step = small.track.steps.get(order=1)
    Item.objects.filter(pk=item.pk).update(lead=general, status=Status.REVIEW)
    slots = list(Slot.objects.filter(item=item, label__in=["3月", "4月"]))
    for slot in slots:
        Slot.objects.filter(pk=slot.pk).update(
            status=SlotStatus.SUBMITTED, step=step, attempt=2, performer=general
        )
    client = as_(people, "黎林波")
    others = of_status(small, Status.CLOSED)[:1]
    page = client.post(f"{BULK}accept/", {"pk": [item.pk, *ids(others)]}).content.decode()
    assert "会办 1 项" in page and "共 2 期" in page and "没有等我审核的期次" in page
    answer = client.post(f"{BULK}accept/", {"ids": str(item.pk), "go": "1", "opinion": "同意"})
    assert answer.status_code == 302
    assert set(Slot.objects.filter(pk__in=[slot.pk for slot in slots]).values_list("status", flat=True)) == {
        SlotStatus.ACCEPTED
    }
    batch = Batch.objects.get()
    assert batch.by == head.person and batch.count == 2
    # the filler of the same department may see the page, and nothing waits for them
    page = as_(people, "朱辉斌").post(f"{BULK}accept/", {"pk": [item.pk]}).content.decode()
    assert "都不能这样办" in page


def test_leads_of_the_standard_are_accepted(people: City, small: Ledger) -> None:
    client = as_(people, "石玲佳")
    nobody = [item for item in Item.objects.filter(year=small.year) if item.lead_id is None]
    if not nobody:
        Item.objects.filter(pk=small.items[5].pk).update(lead=None)
        nobody = [Item.objects.get(pk=small.items[5].pk)]
    Item.objects.filter(pk__in=ids(nobody)).update(lead_text="办公室")
    page = client.post(f"{BULK}accept_lead/?lead=none", {"all": "1"}).content.decode()
    assert "建议 办公室" in page
    assert client.post(f"{BULK}accept_lead/?lead=none", {"ids": joined(nobody), "go": "1"}).status_code == 302
    assert not Item.objects.filter(year=small.year, lead=None).exists()


def test_slots_before_the_system_are_waived_by_the_hundred(people: City, small: Ledger) -> None:
    client = as_(people, "石玲佳")
    Item.objects.filter(year=small.year, status=Status.PENDING).update(status=Status.DOING)
    before = Slot.objects.filter(item__year=small.year, before_system=True, status="open")
    number = before.exclude(item__status__in=[Status.CLOSED, Status.WAIVED]).count()
    assert number
    page = client.post(f"{BULK}before_system/?before=1", {"all": "1"}).content.decode()
    assert "系统启用前不计" in page
    chosen = joined([item for item in small.items if before.filter(item=item).exists()])
    answer = client.post(
        f"{BULK}before_system/?before=1", {"ids": chosen, "go": "1", "reason": "启用前未留存材料"}
    )
    assert answer.status_code == 302
    assert before.count() < number


def test_ids_of_another_agency_are_not_touched(people: City, small: Ledger) -> None:
    other = ledger(people, "乙局", items=12, people=10, evidence=10)
    mine = of_status(small, Status.RECEIVED)[:1]
    page = (
        as_(people, "石玲佳").post(f"{BULK}assign/", {"pk": [*ids(mine), *ids(other.items)]}).content.decode()
    )
    assert f"会办 {len(mine)} 项" in page and "乙局" not in page.replace("乙局石玲佳", "")
    as_(people, "石玲佳").post(
        f"{BULK}set_lead/", {"ids": joined(mine + other.items), "go": "1", "lead": people.units["法规处"].pk}
    )
    assert not Item.objects.filter(year=other.year, lead=people.units["法规处"]).exists()


def test_a_department_of_another_agency_is_no_choice(people: City, small: Ledger) -> None:
    mine = of_status(small, Status.RECEIVED)[:1]
    answer = as_(people, "石玲佳").post(
        f"{BULK}set_lead/", {"ids": joined(mine), "go": "1", "lead": people.units["乙局法规处"].pk}
    )
    assert answer.status_code == 422 and "不在本机关" in answer.content.decode()


@pytest.mark.parametrize(
    "body", [{}, {"pk": ["x", "-1", "99999999999999999999"]}, {"ids": ",,,"}, {"ids": "1;2"}]
)
def test_nothing_chosen_is_said(people: City, small: Ledger, body: dict[str, Any]) -> None:
    answer = as_(people, "石玲佳").post(f"{BULK}assign/", body)
    assert answer.status_code == 200 and "没有选中事项" in answer.content.decode()


def test_an_unknown_verb_is_404_and_a_get_changes_nothing(people: City, small: Ledger) -> None:
    client = as_(people, "石玲佳")
    assert client.get(f"{BULK}delete/").status_code == 404
    before = Entry.objects.count()
    assert client.get(f"{BULK}assign/?go=1").status_code == 200
    assert Entry.objects.count() == before


def test_only_who_did_it_takes_it_back_and_only_today(people: City, small: Ledger) -> None:
    items = of_status(small, Status.RECEIVED)[:1]
    as_(people, "石玲佳").post(
        f"{BULK}set_lead/", {"ids": joined(items), "go": "1", "lead": people.units["法规处"].pk}
    )
    batch = Batch.objects.get()
    undo = f"/ledger/batches/{batch.pk}/undo/"
    assert as_(people, "乙局石玲佳").post(undo).status_code == 404
    assert as_(people, "朱辉斌").post(undo).status_code == 404
    assert as_(people, "石玲佳").get(undo).status_code == 405
    other = as_(people, "马华斌").post(undo)
    assert other.status_code == 409 and "只能撤销自己做的" in other.content.decode()
    Batch.objects.update(at=timezone.now() - timedelta(days=4000))
    late = as_(people, "石玲佳").post(undo)
    assert late.status_code == 409 and "当天" in late.content.decode()
    assert "已生效" in as_(people, "石玲佳").get("/ledger/batches/").content.decode()


def test_batches_show_only_what_one_may_see(people: City, small: Ledger) -> None:
    items = of_status(small, Status.RECEIVED)[:1]
    as_(people, "石玲佳").post(
        f"{BULK}set_lead/", {"ids": joined(items), "go": "1", "lead": people.units["法规处"].pk}
    )
    assert "定牵头和责任人" in as_(people, "马华斌").get("/ledger/batches/").content.decode()
    for name in ("朱辉斌", "乙局石玲佳"):
        assert "还没有批量操作" in as_(people, name).get("/ledger/batches/").content.decode()
