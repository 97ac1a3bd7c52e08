"""The list of a year's items: who sees it, what the filters let pass, what it costs."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from taizhang.ledger.models import Item, Slot
from taizhang.ledger.queries import filters
from taizhang.ledger.queries.listing import choices, listed
from taizhang.ledger.queries.rows import rows_of
from taizhang.ledger.rules.states import SlotStatus, Status
from taizhang.org.models.groups import Cover, Group

from ..people import City
from .bench_list import LIMITS
from .factory import TODAY, Ledger, ledger

LIST = "/ledger/items/"
CANARY = '<script>alert("CANARY")</script>'


@pytest.fixture
def small(people: City, settings: Any) -> Ledger:
    settings.TODAY = TODAY.isoformat()
    return ledger(people, items=40, people=30, evidence=60)


def as_(people: City, name: str) -> Client:
    client = Client()
    client.force_login(people.users[name])
    return client


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
        count = len(queries)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return count


# ---- who


@pytest.mark.parametrize("name", ["石玲佳", "黎林波", "朱辉斌", "卢欣燕", "东县文明办"])
def test_who_reaches_the_agency_sees_its_list(people: City, small: Ledger, name: str) -> None:
    answer = as_(people, name).get(f"{LIST}?year={small.year.pk}")
    assert answer.status_code == 200
    assert small.items[0].title in answer.content.decode()


def test_the_year_of_another_agency_does_not_exist(people: City, small: Ledger) -> None:
    for name in ("乙局石玲佳", "丙局石玲佳", "系统管理员", "审计员", "无职务"):
        client = as_(people, name)
        for page in ("", "print/", "export/", "bulk/", "bulk/assign/", "import/", "raise/"):
            answer = client.get(f"{LIST}{page}?year={small.year.pk}")
            assert answer.status_code == 404, (name, page)


def test_a_filler_may_not_manage(people: City, small: Ledger) -> None:
    client = as_(people, "朱辉斌")
    for page in ("bulk/assign/", "bulk/waive/", "import/", "raise/"):
        answer = client.get(f"{LIST}{page}?year={small.year.pk}")
        assert answer.status_code == 403, page
        assert "没有" in answer.content.decode()


def test_a_stranger_must_log_in() -> None:
    assert Client().get(LIST).status_code == 302


@pytest.mark.django_db
def test_without_a_campaign_the_page_says_what_to_do(people: City) -> None:
    for page in ("items/", "overview/", "items/print/", "items/export/", "items/import/", "items/raise/"):
        answer = as_(people, "石玲佳").get(f"/ledger/{page}")
        assert answer.status_code == 200
        assert "还没有创建活动" in answer.content.decode()
    assert as_(people, "石玲佳").get("/ledger/items/bulk/assign/").status_code == 404


def test_a_year_that_is_not_open_says_so(people: City, small: Ledger) -> None:
    small.year.state = "planned"
    small.year.save()
    words = as_(people, "石玲佳").get(f"{LIST}?year={small.year.pk}").content.decode()
    assert "还没有启用" in words and f"/ledger/years/{small.year.pk}/open/" in words
    assert f"/ledger/years/{small.year.pk}/open/" not in as_(people, "朱辉斌").get(LIST).content.decode()


# ---- what the rows say


def test_counts_of_a_row_are_those_of_its_slots(people: City, small: Ledger) -> None:
    user = people.users["朱辉斌"]
    rows = {row.id: row for row in rows_of(user, small.year, TODAY)}
    assert len(rows) == len(small.items)
    for item in small.items:
        slots = list(Slot.objects.filter(item=item))
        row = rows[item.pk]
        assert row.total == sum(slot.status != SlotStatus.WAIVED for slot in slots)
        assert row.accepted == sum(slot.status == SlotStatus.ACCEPTED for slot in slots)
        assert row.before == sum(slot.before_system for slot in slots)
        open_ = [slot for slot in slots if slot.status in ("open", "returned") and not slot.before_system]
        if open_ and row.status != Status.CLOSED:
            due = min(slot.due_on for slot in open_)
            assert row.due_on == due
            here = [slot for slot in open_ if slot.due_on == due]
            needs = list(item.needs.filter(must=True))
            met = sum(
                slot.citations.filter(need=need).count() >= need.least for slot in here for need in needs
            )
            assert (row.have, row.need) == (met, len(needs) * len(here))
            if row.status not in (Status.WAIVED, Status.SUSPENDED):
                assert (row.light == "r") == (due < TODAY)


def test_what_waits_on_time_is_not_late_and_what_is_before_the_system_neither(
    people: City, small: Ledger
) -> None:
    item = next(one for one in small.items if one.cadence == "month" and one.per == "unit" and one.lead_id)
    Slot.objects.filter(item=item).update(status=SlotStatus.ACCEPTED)
    first = Slot.objects.filter(item=item).order_by("starts_on").first()
    assert first is not None and first.before_system
    Slot.objects.filter(pk=first.pk).update(status=SlotStatus.OPEN)
    Slot.objects.filter(item=item, label="4月").update(status=SlotStatus.SUBMITTED)
    Item.objects.filter(pk=item.pk).update(status=Status.REVIEW)
    row = next(row for row in rows_of(people.users["朱辉斌"], small.year, TODAY) if row.id == item.pk)
    assert row.light == "g" and row.light_text == "待审"
    assert row.before == 1


# ---- filters


def test_each_view_shows_as_many_rows_as_it_says(people: City, small: Ledger) -> None:
    user, client = people.users["朱辉斌"], as_(people, "朱辉斌")
    for view in filters.VIEWS:
        found = listed(user, small.year, filters.read({"view": view}), TODAY)
        assert len(found.rows) == next(count for key, _, count in found.views if key == view)
        page = client.get(f"{LIST}?view={view}").content.decode()
        assert page.count("name=pk value=") == len(found.rows), view


def test_every_choice_passes_as_many_rows_as_it_says(people: City, small: Ledger) -> None:
    user = people.users["朱辉斌"]
    whole = listed(user, small.year, filters.read({}), TODAY)
    for name, values in choices(whole.all, whole.asked).items():
        for value, words, count in values:
            found = listed(user, small.year, filters.read({name: value}), TODAY)
            assert len(found.rows) == count, (name, words)


@pytest.mark.parametrize(
    "asked",
    [
        {"status": "doing"}, {"lamp": "g"}, {"before": "1"}, {"lead": "none"}, {"cadence": "month"},
        {"due_from": "2020-06-01", "due_to": "2020-07-31"}, {"q": "领导小组"}, {"scope": "dept"}, {"scope": "me"},
    ],
)  # fmt: skip
def test_filters_join_and_undo(people: City, small: Ledger, asked: dict[str, str]) -> None:
    user = people.users["朱辉斌"]
    whole = listed(user, small.year, filters.read({}), TODAY)
    found = listed(user, small.year, filters.read(asked), TODAY)
    assert len(found.rows) <= len(whole.rows)
    both = listed(user, small.year, filters.read(asked | {"view": "closed"}), TODAY)
    assert {row.id for row in both.rows} == {row.id for row in found.rows if row.status == "closed"}
    assert {name for name, _, _ in found.words} == set(asked)


def test_text_is_found_in_number_title_and_requirement(people: City, small: Ledger) -> None:
    user = people.users["朱辉斌"]
    item = small.items[3]
    Item.objects.filter(pk=item.pk).update(requirement="每半年向党组报告一次特别情况")
    for words in ("特别情况", item.no, "任务台账 建立"):
        assert item.pk in {row.id for row in listed(user, small.year, filters.read({"q": words}), TODAY).rows}
    for words in ("%", "_", "'", '"', "\\", "100%_", "NEAR("):
        assert as_(people, "朱辉斌").get(LIST, {"q": words}).status_code == 200


def test_a_group_covers_departments_and_areas(people: City, small: Ledger) -> None:
    team = Group.objects.get(name="第一活动组")
    Cover(group=team, unit=small.departments[0]).save()
    Cover(group=team, area_code="Ⅰ-2").save()
    user = people.users["朱辉斌"]
    found = listed(user, small.year, filters.read({"team": str(team.pk)}), TODAY)
    rest = listed(user, small.year, filters.read({"team": "none"}), TODAY)
    assert found.rows and all(
        row.lead_id == small.departments[0].pk or row.area_code == "Ⅰ-2" for row in found.rows
    )
    assert len(found.rows) + len(rest.rows) == len(small.items)
    assert ("team", "活动组", "第一活动组") in found.words


def test_what_means_nothing_in_the_address_is_dropped(people: City, small: Ledger) -> None:
    client = as_(people, "朱辉斌")
    for address in (
        "?sort=user__password", "?view=drop", "?lead=1%20OR%201=1", "?lead=99999999999999999999", "?due_from=2020-02-30",
        "?year=x", "?status[]=x", "?open=-1", "?group=__class__", "?q=%00", "?batch=99999999999999999999", "?person=-1",
    ):  # fmt: skip
        answer = client.get(LIST + address)
        assert answer.status_code == 200, address
        assert answer.content.decode().count("name=pk value=") == len(small.items), address


def test_year_in_the_address_that_is_not_there_is_404(people: City, small: Ledger) -> None:
    assert as_(people, "石玲佳").get(f"{LIST}?year=999999").status_code == 404


def test_every_head_sorts(people: City, small: Ledger) -> None:
    whole = listed(people.users["朱辉斌"], small.year, filters.read({}), TODAY)
    for key in [*filters.SORTS, *(f"-{key}" for key in filters.SORTS)]:
        ((_, _, rows),) = filters.arrange(whole.rows, filters.read({"sort": key, "group": "none"}))
        values: list[Any] = [filters.SORTS[key.lstrip("-")](row) for row in rows]
        assert values == sorted(values, reverse=key.startswith("-")), key


def test_groups_hold_every_row_once(people: City, small: Ledger) -> None:
    whole = listed(people.users["朱辉斌"], small.year, filters.read({}), TODAY)
    for group in filters.GROUPS:
        groups = filters.arrange(whole.rows, filters.read({"group": group}))
        ids = [row.id for _, _, rows in groups for row in rows]
        assert sorted(ids) == sorted(item.pk for item in small.items), group


def test_an_empty_list_says_what_to_take_off(people: City, small: Ledger) -> None:
    page = as_(people, "朱辉斌").get(LIST, {"q": "没有这样的事项", "status": "doing"}).content.decode()
    assert "没有符合条件的事项" in page and "去掉“查找 没有这样的事项”有" in page


def test_what_was_raised_by_hand_is_counted_apart(people: City, small: Ledger) -> None:
    Item(
        unit=small.agency, year=small.year, no="批2020-001", title="办理批示", cadence="year", source_kind="instruction",
        lead=small.departments[0], order=100_000,
    ).save()  # fmt: skip
    user = people.users["朱辉斌"]
    assert len(listed(user, small.year, filters.read({}), TODAY).rows) == len(small.items)
    assert len(listed(user, small.year, filters.read({"source": "instruction"}), TODAY).rows) == 1
    assert len(listed(user, small.year, filters.read({"source": "any"}), TODAY).rows) == len(small.items) + 1


def test_a_row_unfolds_without_a_script(people: City, small: Ledger) -> None:
    item = next(one for one in small.items if one.status == Status.DOING)
    page = as_(people, "朱辉斌").get(f"{LIST}?open={item.pk}").content.decode()
    assert "<tr class=more>" in page and "打开事项" in page and item.requirement in page


def test_text_from_people_is_escaped(people: City, settings: Any) -> None:
    settings.TODAY = TODAY.isoformat()
    made = ledger(people, items=12, people=10, evidence=10, title=CANARY)
    for unit in made.departments:
        unit.name = f"处室{CANARY}"
        unit.save()
    client = as_(people, "石玲佳")
    for address in (
        LIST,
        f"{LIST}?open={made.items[0].pk}&group=lead",
        f"{LIST}print/",
        f"{LIST}bulk/assign/",
        "/ledger/overview/",
    ):
        page = client.get(address).content.decode()
        assert "CANARY" in page and CANARY not in page, address


# ---- what it costs


@pytest.mark.parametrize("name", ["石玲佳", "黎林波"])
def test_queries_do_not_grow_with_the_rows(people: City, settings: Any, name: str) -> None:
    settings.TODAY = TODAY.isoformat()
    made = ledger(people, items=90, people=30, evidence=80)
    client = as_(people, name)
    pages = [
        "items/",
        "items/print/",
        "overview/",
        "overview/?by=leader",
        "overview/?by=team",
        "items/?scope=dept",
        "items/?q=a",
    ]
    # something waits at a step per item among the few as well: an empty set asks no query
    first = next(item for item in made.items[:35] if item.status == Status.DOING)
    Item.objects.filter(pk=first.pk).update(status=Status.REVIEW, step=made.track.steps.get(order=3))
    many = [queries_of(client, f"/ledger/{page}") for page in pages]
    Item.objects.filter(pk__in=[item.pk for item in made.items[35:]]).update(year=None)
    assert [queries_of(client, f"/ledger/{page}") for page in pages] == many


def test_the_whole_ledger_costs_what_it_may(people: City, settings: Any) -> None:
    """259 items on one page as a department's filler: at most 12 queries and 150 kB (the time is for `make bench`)."""
    settings.TODAY = TODAY.isoformat()
    made = ledger(people)
    client = as_(people, "朱辉斌")
    many = queries_of(client, LIST)
    answer = client.get(LIST)
    assert answer.content.decode().count("name=pk value=") == 259 == len(made.items)
    assert many <= LIMITS[0]
    assert len(answer.content) <= LIMITS[1]
    overview = queries_of(client, "/ledger/overview/")
    Item.objects.filter(pk__in=[item.pk for item in made.items[30:]]).update(year=None)
    assert queries_of(client, LIST) == many
    assert queries_of(client, "/ledger/overview/") == overview
