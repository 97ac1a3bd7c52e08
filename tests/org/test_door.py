"""The door: stale, twice, refused, unpermitted, withdrawn, and the chain that shows every tampering."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from taizhang.journal import rules as journal_rules
from taizhang.journal.models import Entry, Head
from taizhang.journal.queries import check_chains
from taizhang.kit.errors import NotPermitted, Refused, Stale
from taizhang.org import actions, queries
from taizhang.org.action import ACTIONS, REFUSALS_A_MINUTE, next_number
from taizhang.org.models import Once, Post, Serial, Unit
from taizhang.org.permits import GRANTS, Permit, Role
from tests.people import City

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(people: City) -> Any:
    return people.users["石玲佳"]


@pytest.fixture
def unit(people: City) -> Unit:
    return people.units["办公室"]


def test_an_action_writes_old_and_new_and_moves_the_version(unit: Unit, clerk: Any) -> None:
    version = unit.version
    actions.change_unit(unit, by=clerk, short_name="办", seen=version)
    entry = Entry.objects.latest("id")
    assert (entry.action, entry.label, entry.actor_name) == ("org.change_unit", "修改单位", "石玲佳")
    assert entry.chain == unit.agency_id and entry.unit_path == unit.path
    assert entry.changes == [
        {"kind": "org.unit", "id": unit.pk, "label": "办", "version": version + 1,
         "fields": {"short_name": ["", "办"]}}
    ]  # fmt: skip
    unit.refresh_from_db()
    assert unit.version == version + 1


def test_an_older_version_is_stale(unit: Unit, clerk: Any) -> None:
    seen = unit.version
    actions.change_unit(unit, by=clerk, short_name="甲")
    with pytest.raises(Stale, match="他人修改"):
        actions.change_unit(unit, by=clerk, short_name="乙", seen=seen)
    unit.refresh_from_db()
    assert unit.short_name == "甲"
    assert Entry.objects.latest("id").refused.startswith("没有保存")


def test_a_key_used_again_gets_the_first_answer(people: City, clerk: Any) -> None:
    agency = people.units["甲局"]
    first = actions.add_unit(agency, by=clerk, once="k", name="信访处", kind="department")
    entries = Entry.objects.count()
    again = actions.add_unit(agency, by=clerk, once="k", name="信访处", kind="department")
    assert again == first and Entry.objects.count() == entries
    assert Unit.objects.filter(name="信访处").count() == 1
    # the key belongs to the person: another one's is another one
    with pytest.raises(Refused, match="已经有了"):
        actions.add_unit(agency, by=people.users["马华斌"], once="k", name="信访处", kind="department")
    with pytest.raises(Refused, match="已经用过"):
        actions.change_unit(first, by=clerk, once="k", short_name="x")


def test_a_refused_act_may_be_tried_again_with_its_key(people: City, clerk: Any) -> None:
    agency = people.units["甲局"]
    with pytest.raises(Refused):
        actions.add_unit(agency, by=clerk, once="k", name="法规处", kind="department")
    assert not Once.objects.filter(key="k").exists()
    assert actions.add_unit(agency, by=clerk, once="k", name="信访处", kind="department").pk


def test_a_double_click_on_a_page(people: City, clerk: Any) -> None:
    client = Client()
    client.force_login(clerk)
    url = reverse("unit_add", args=[people.units["甲局"].pk])
    form = {"name": "信访处", "kind": "department", "once": "key-1"}
    first, second = client.post(url, form), client.post(url, form)
    assert first.status_code == second.status_code == 302 and first.url == second.url
    assert Unit.objects.filter(name="信访处").count() == 1


def test_a_refusal_rolls_everything_back_and_is_then_noted(people: City, clerk: Any) -> None:
    before = {(one.pk, one.version) for one in Unit.objects.all()}
    with pytest.raises(Refused):
        actions.add_unit(
            people.units["甲局"], by=clerk, name="新处", kind="department",
            leader=people.users["乙局卢欣燕"].person,
        )  # fmt: skip
    assert {(one.pk, one.version) for one in Unit.objects.all()} == before
    entry = Entry.objects.latest("id")
    assert "不是本机关的人" in entry.refused and entry.changes == []
    assert check_chains().problems == []


def test_refusals_are_noted_at_most_ten_a_minute(unit: Unit, people: City) -> None:
    filler = people.users["朱辉斌"]
    for _ in range(REFUSALS_A_MINUTE + 5):
        with pytest.raises(NotPermitted):
            actions.change_unit(unit, by=filler, short_name="x")
    assert Entry.objects.filter(actor_id=filler.pk).exclude(refused="").count() == REFUSALS_A_MINUTE


def test_nothing_is_written_outside_an_action(unit: Unit, people: City) -> None:
    with pytest.raises(RuntimeError):
        unit.change(short_name="x")
    with pytest.raises(RuntimeError):
        Post.make(person=people.users["石玲佳"].person, unit=unit, role=Role.HEAD, starts_on="2020-01-01")
    with pytest.raises(RuntimeError):
        Post.make_many([])
    with pytest.raises(RuntimeError):
        Post.objects.all()[0].remove()


def test_another_agency_is_out_of_reach(people: City, clerk: Any) -> None:
    with pytest.raises(NotPermitted):
        actions.change_unit(people.units["乙局办公室"], by=clerk, short_name="x")
    assert Entry.objects.latest("id").chain == people.units["乙局"].pk


def test_a_withdrawn_right_is_gone_at_once(unit: Unit, people: City, clerk: Any) -> None:
    chief = people.users["马华斌"]
    actions.change_unit(unit, by=clerk, short_name="一")
    assert queries.may(clerk, Permit.ORG_EDIT, unit)  # the answer is remembered in this request
    duty = actions.give_duty(
        people.groups["创建办"], by=chief, person=people.users["朱辉斌"].person, duty="成员"
    )
    helper = people.users["朱辉斌"]
    actions.change_unit(unit, by=helper, short_name="二")
    actions.end_duty(duty, by=chief)
    with pytest.raises(NotPermitted):
        actions.change_unit(unit, by=helper, short_name="三")


def test_a_disabled_account_may_do_nothing(unit: Unit, people: City, clerk: Any) -> None:
    actions.switch_account(clerk.person, by=people.users["系统管理员"], active=False)
    clerk.refresh_from_db()
    with pytest.raises(NotPermitted):
        actions.change_unit(unit, by=clerk, short_name="x")


def test_the_administrator_has_no_business_permits() -> None:
    business = {
        permit
        for permit in Permit
        if permit.value.split("_")[0] in ("ledger", "evidence", "campaign", "standard")
    }
    assert not GRANTS[Role.SYSTEM_ADMIN] & business and not GRANTS[Role.AUDITOR] & business
    assert (
        Permit.ACCOUNT_MANAGE not in GRANTS[Role.OFFICE] and Permit.ORG_EDIT not in GRANTS[Role.SYSTEM_ADMIN]
    )
    assert set(GRANTS) == set(Role)


def test_every_action_has_a_chinese_label_and_a_ground() -> None:
    ours = [one for one in ACTIONS.values() if one.name.startswith("org.")]
    assert len(ours) >= 20
    for one in ours:
        assert all("\u4e00" <= char <= "\u9fff" for char in one.label), one
        assert one.grounds or one.name == "org.found_region"


def test_the_ground_of_the_command_line(people: City, clerk: Any) -> None:
    system = queries.system_user()
    assert actions.found_region(system, by=system, name="南县", parent=people.units["云泽市"]).path
    with pytest.raises(NotPermitted):
        actions.found_region(system, by=clerk, name="北县")


def test_numbers_have_no_gaps(people: City) -> None:
    agency = people.units["甲局"]
    with transaction.atomic():
        assert [next_number(agency, "x", 2026) for _ in range(3)] == [1, 2, 3]
    with pytest.raises(RuntimeError), transaction.atomic():
        next_number(agency, "x", 2026)
        raise RuntimeError
    with transaction.atomic():
        assert next_number(agency, "x", 2026) == 4
    assert Serial.objects.get(unit=agency, kind="x").last == 4


@pytest.fixture
def chain(unit: Unit, clerk: Any) -> list[Entry]:
    for number in range(5):
        actions.change_unit(unit, by=clerk, short_name=f"办{number}")
    assert check_chains().problems == []
    return list(Entry.objects.filter(chain=unit.agency_id).order_by("seq"))


def test_an_edited_entry_shows(chain: list[Entry]) -> None:
    Entry.objects.filter(pk=chain[1].pk).update(actor_name="别人")
    assert any("第 2 条内容被改过" in text for text in check_chains().problems)


def test_an_edited_entry_with_new_digests_shows_at_the_next(chain: list[Entry]) -> None:
    Entry.objects.filter(pk=chain[1].pk).update(actor_name="别人")
    values = Entry.objects.values(*journal_rules.FIELDS).get(pk=chain[1].pk)
    sha256, sm3 = journal_rules.digests(values)
    Entry.objects.filter(pk=chain[1].pk).update(sha256=sha256, sm3=sm3)
    assert any("第 3 条与前一条不衔接" in text for text in check_chains().problems)


@pytest.mark.parametrize("place", [0, 2, -1])
def test_a_deleted_entry_shows(chain: list[Entry], place: int) -> None:
    chain[place].delete()
    assert check_chains().problems


def test_exchanged_entries_show(chain: list[Entry]) -> None:
    one, two = chain[1], chain[2]
    Entry.objects.filter(pk=one.pk).update(seq=99)
    Entry.objects.filter(pk=two.pk).update(seq=one.seq)
    Entry.objects.filter(pk=one.pk).update(seq=two.seq)
    assert check_chains().problems


def test_chains_of_agencies_are_apart(people: City, chain: list[Entry]) -> None:
    actions.change_unit(people.units["乙局办公室"], by=people.users["乙局石玲佳"], short_name="乙")
    Entry.objects.filter(pk=chain[0].pk).update(label="改")
    assert check_chains([people.units["乙局"].pk]).problems == []
    assert check_chains([people.units["甲局"].pk]).problems
    assert Head.objects.count() == 2
