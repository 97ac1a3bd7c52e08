"""Standards through the door: samples, what is refused, what a new edition keeps."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Count, Sum

from taizhang.journal.models import Entry
from taizhang.kit.errors import NotPermitted, Refused, Stale
from taizhang.org.queries import system_user
from taizhang.standards import actions, queries
from taizhang.standards.models import (
    Bar,
    Bonus,
    Draft,
    Edition,
    EditionState,
    Eligibility,
    Indicator,
    Method,
    Requirement,
    Standard,
)
from taizhang.standards.rules import amend
from taizhang.standards.rules.tree import Choices
from taizhang.standards.sheets.read import read
from tests.people import City

from .world import edition, reading, workbook


def draft(people: City, name: str = "石玲佳") -> Draft:
    made: Draft = actions.begin(
        people.units["甲局"], by=people.users[name], source_name="标准.xlsx", sha256="0" * 64
    )
    return made


def test_samples_lie_in_once_with_all_their_leaves(db: Any) -> None:
    call_command("samples")
    call_command("samples")
    found = {
        name: (leaves, points)
        for name, leaves, points in Edition.objects.filter(standard__sample=True, indicators__is_leaf=True)
        .annotate(leaves=Count("indicators"), points=Sum("indicators__points"))
        .values_list("source_name", "leaves", "points")
    }
    assert found == {
        "civilised-unit.xlsx": (259, Decimal(100)), "party-building.xlsx": (45, Decimal(100)), "workers-home.xlsx": (40, Decimal(100)),
    }  # fmt: skip
    unit = Edition.objects.get(source_name="civilised-unit.xlsx")
    first = Indicator.objects.get(edition=unit, code="1.1.1")
    assert (first.title, first.points, first.lead_text, first.co_text) == (
        "党组专题研究创建工作",
        Decimal("0.52"),
        "办公室",
        "机关党委",
    )
    assert (first.cadence, first.times, first.rule_kind) == ("quarter", 1, "count")
    assert list(Method.objects.filter(indicator=first).values_list("name", flat=True)) == [
        "材料审核",
        "听取汇报",
    ]
    assert list(Requirement.objects.filter(indicator=first).values_list("kind", "least")) == [
        ("other", 1),
        ("picture", 2),
    ]
    assert not Indicator.objects.filter(edition=unit, is_leaf=True, lead_text="").exists()
    assert (Bar.objects.count(), Eligibility.objects.count(), Bonus.objects.count()) == (22, 10, 8)
    assert all(one.agency_id is None and one.sample for one in Standard.objects.all())


def test_only_the_office_begins_mends_saves_and_drops(people: City) -> None:
    for name in ("朱辉斌", "黎林波", "系统管理员", "乙局石玲佳", "东县文明办"):
        with pytest.raises(NotPermitted):
            draft(people, name)
    one = draft(people)
    for name in ("朱辉斌", "乙局石玲佳"):
        by = people.users[name]
        for verb, more in (
            ("mend", {"choices": {}}),
            ("drop", {}),
            ("save", {"reading": reading(2), "name": "名", "label": "版"}),
        ):
            with pytest.raises(NotPermitted):
                getattr(actions, verb)(one, by=by, **more)
    assert Entry.objects.filter(action="standards.begin", refused="").count() == 1
    assert Entry.objects.exclude(refused="").count() == 11


def test_mend_keeps_what_was_there_in_the_journal_and_refuses_a_stale_page(people: City) -> None:
    one, by = draft(people), people.users["石玲佳"]
    actions.mend(one, by=by, seen=1, choices={"accepted": ["甲@乙"]})
    with pytest.raises(Stale):
        actions.mend(one, by=by, seen=1, choices={})
    assert Draft.objects.get().choices == {"accepted": ["甲@乙"]}
    noted = Entry.objects.filter(action="standards.mend", refused="").get().changes
    assert "甲@乙" in json.dumps(noted, ensure_ascii=False)


def test_save_refuses_what_cannot_stand_and_names_every_place(people: City) -> None:
    one, by = draft(people), people.users["石玲佳"]
    found = read(workbook(), "标准.xlsx")
    with pytest.raises(Refused) as caught:
        actions.save(one, by=by, reading=found, name="标准", label="第1版")
    assert "1 处要改" in caught.value.message and caught.value.problems == ["标准!D8：制度体系，没有分值"]
    choices = Choices(
        nodes={"标准!D8": {"points": "0.3", "code": "1.1.1", "title": ""}, "标准!D2": {"points": "99999"}}
    )
    with pytest.raises(Refused) as caught:
        actions.save(one, by=by, reading=read(workbook(), "标准.xlsx", choices), name="标准", label="第1版")
    assert [text.partition("，")[2] for text in caught.value.problems] == [
        "分值太大",
        "没有名称",
        "编号“1.1.1”与“专题研究”重复",
    ]
    with pytest.raises(Refused, match="名称和版本"):
        actions.save(one, by=by, reading=reading(2), name=" ", label="第1版")
    assert not Standard.objects.exists() and Draft.objects.get().edition is None


def test_a_saved_draft_is_closed(people: City) -> None:
    one, by = draft(people), people.users["石玲佳"]
    made = actions.save(one, by=by, once="k", reading=reading(12), name="标准", label="第1版")
    assert actions.save(one, by=by, once="k", reading=reading(12), name="标准", label="第1版") == made
    for verb, more in (
        ("mend", {"choices": {}}),
        ("drop", {}),
        ("save", {"reading": reading(2), "name": "名", "label": "版"}),
    ):
        with pytest.raises(Refused, match="保存"):
            getattr(actions, verb)(one, by=by, **more)
    assert Standard.objects.count() == 1


def test_a_new_edition_replaces_the_old_and_keeps_its_strands(people: City) -> None:
    agency = people.units["甲局"]
    old, new = edition(agency, 12), edition(agency, 15, label="第2版")
    old.refresh_from_db()
    assert (old.state, new.state, old.standard_id) == (
        EditionState.REPLACED,
        EditionState.IN_FORCE,
        new.standard_id,
    )
    strands = [
        dict(Indicator.objects.filter(edition=one).values_list("code", "strand")) for one in (old, new)
    ]
    assert all(strands[1][code] == strand for code, strand in strands[0].items())
    with pytest.raises(Refused, match="换一个版本名"):
        edition(agency, 3, label="第2版")
    assert edition(people.units["乙局"], 3).standard_id != old.standard_id


def test_nobody_lays_in_samples_by_the_web(people: City) -> None:
    with pytest.raises(NotPermitted):
        actions.lay_in_sample(
            system_user(),
            by=people.users["石玲佳"],
            reading=reading(2),
            name="假示例",
            label="示例",
            owner_kind="creation",
            source_name="",
        )


def test_an_added_leaf_stands_at_the_end_of_its_group_with_the_next_code() -> None:
    found = read(workbook(), "标准.xlsx")
    group = next(node for node in found.nodes if node.title == "领导责任")
    choices, key = amend.with_leaf({}, group.key, {"title": "漏掉的一项", "points": "0.25"})
    choices, other = amend.with_leaf(choices, group.key, {"title": "又一项", "points": "0.1"})
    again = read(workbook(), "标准.xlsx", Choices.from_json(json.loads(json.dumps(choices))))
    assert (key, other) == ("+1", "+2")
    inside = [(node.code, node.title) for node in again.nodes if node.parent == group.key]
    assert inside[-2:] == [("1.1.5", "漏掉的一项"), ("1.1.6", "又一项")]
    assert again.total == found.total + Decimal("0.35")
    assert read(
        workbook(), "标准.xlsx", Choices.from_json(amend.without_node(choices, key))
    ).total == found.total + Decimal("0.1")
    # a group that is no longer there: the leaf is kept for later, and left out
    lost = {"nodes": {"+1": {"add_under": "标准!Z99", "title": "无处", "points": "1"}}}
    assert read(workbook(), "标准.xlsx", Choices.from_json(lost)).total == found.total


def test_all_by_suggestion_fills_gaps_and_leaves_nothing_open() -> None:
    found = read(workbook(), "标准.xlsx")
    assert found.open("must") and found.open("confirm")
    again = read(workbook(), "标准.xlsx", Choices.from_json(amend.with_all({}, found)))
    assert not again.open("must") and not amend.obstacles(again)
    gap = next(node for node in again.leaves if node.title == "制度体系")
    assert gap.points == Decimal("1.15")


def test_scope_of_standards_drafts_and_agencies(people: City) -> None:
    call_command("samples")
    own, other = edition(people.units["甲局"], 3, "甲标准"), edition(people.units["丙局"], 3, "丙标准")
    draft(people)

    def names(user: str) -> set[str]:
        return {one.name for one in queries.standards_for(people.users[user]) if not one.sample}

    assert names("朱辉斌") == names("东县文明办") == {"甲标准"}
    assert names("市文明办") == {"甲标准", "丙标准"}
    assert names("系统管理员") == names("无职务") == set()
    assert queries.standards_for(people.users["朱辉斌"]).filter(sample=True).count() == 3
    assert not queries.standards_for(people.users["系统管理员"]).exists()
    assert queries.drafts_for(people.users["马华斌"]).count() == 1
    for name in ("朱辉斌", "乙局石玲佳", "东县文明办", "市文明办"):
        assert not queries.drafts_for(people.users[name]).exists() and name != "石玲佳"
    assert queries.agencies_to_edit(people.users["石玲佳"]) == [people.units["甲局"]]
    assert set(queries.editions_for(people.users["市文明办"]).filter(standard__sample=False)) == {own, other}
