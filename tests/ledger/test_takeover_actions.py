"""接续台账 through the door: what a row and a file become, nothing half-saved, and everything as it was when taken back."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from taizhang.evidence.actions import take_in
from taizhang.evidence.models import Evidence, EvidenceState
from taizhang.kit import clock
from taizhang.kit.errors import NotPermitted, Refused, Stale
from taizhang.ledger import actions
from taizhang.ledger.actions import TakenFile
from taizhang.ledger.models import (
    Ask,
    Citation,
    Item,
    ItemUnit,
    Need,
    Remark,
    Signature,
    Slot,
    Submission,
    Takeover,
    TakeoverWord,
)
from taizhang.ledger.rules.takeover import Choices, Doubt, Plan, Row

from .pages import put
from .world import TODAY, World, world

PASSING = {"version", "changed_at"}
TABLES = (Item, Slot, Need, ItemUnit, Remark, Signature, Submission, Citation)


@pytest.fixture
def w(people: Any, settings: Any) -> World:
    settings.TODAY = TODAY
    return world(people)


def begin(w: World, **choices: Any) -> Takeover:
    said = Choices(**choices).to_json()
    made: Takeover = actions.begin_takeover(
        w.year, by=w.user("石玲佳"), source_name="2020台账.xlsx", sha256="0" * 64, choices=said
    )
    return made


def row(w: World, code: str, n: int = 3, **more: Any) -> Row:
    item = w.item(code)
    return Row(f"表!{n}", n, "表", item.pk, "match", "编号", "sure", item.title, **more)


def own(title: str, n: int = 30, **more: Any) -> Row:
    return Row(f"表!{n}", n, "表", None, "own", "标准里没有", "none", title, **more)


def file(name: str, body: str, item: int | None, **more: Any) -> TakenFile:
    return TakenFile(name, take_in(SimpleUploadedFile(name, body.encode())), item, **more)


def save(w: World, takeover: Takeover, *rows: Row, files: list[TakenFile] | None = None, by: str = "石玲佳", **more: Any) -> Takeover:  # fmt: skip
    made: Takeover = actions.take_over(
        takeover, by=w.user(by), plan=Plan(rows=rows), versions=more.pop("versions", {}), files=files or [], **more
    )  # fmt: skip
    return made


def standing() -> dict[str, Any]:
    """Every row of the ledger, without the versions that count changes."""
    return {
        model.__name__: {
            one["id"]: {name: value for name, value in one.items() if name not in PASSING}
            for one in model._default_manager.values()
        }
        for model in TABLES
    }


def test_a_closed_row_is_struck_off_with_a_word_on_where_from(w: World) -> None:
    made = save(
        w,
        begin(w),
        row(w, "1.1.2", state="closed", closed_on=date(2020, 3, 5), progress="方案已印发", remark="文号另附"),
    )
    item, slot = w.item("1.1.2"), w.slot("1.1.2")
    assert (item.status, slot.status) == ("closed", "accepted")
    assert (
        item.closed_at and item.closed_at.date() == date(2020, 3, 5) and item.close_no.startswith("销2020-")
    )
    assert [one.opinion for one in slot.signatures.all()] == ["接续原台账：办结于 2020-03-05，不再逐级审核"]
    assert slot.submissions.get().conclusion == "接续原台账：方案已印发"
    assert [one.text for one in item.remarks.all()] == ["原台账备注：文号另附"]
    assert made.counts["closed"] == 1 and made.state == "applied"


def test_a_monthly_row_that_is_done_keeps_the_months_to_come(w: World) -> None:
    made = save(w, begin(w), row(w, "1.1.1", state="closed"))
    states = [one.status for one in w.item("1.1.1").slots.order_by("starts_on")]
    assert states == ["accepted"] * 5 + ["open"] * 7 and w.item("1.1.1").status == "doing"
    assert made.counts["settled"] == 5 and made.counts["closed"] == 0
    assert made.counts["words"] == ["表 第 3 行：还有 7 期没有到，已过的期次记为办结，事项继续办理"]


@pytest.mark.parametrize("past, done", [(False, 0), (True, 5)])
def test_work_in_progress_goes_on(w: World, past: bool, done: int) -> None:
    save(w, begin(w), row(w, "1.1.1", state="doing", progress="按月开展"), past=past)
    item = w.item("1.1.1")
    assert item.status == "doing" and item.assigned_at and item.received_at
    assert item.slots.filter(status="accepted").count() == done
    said = [one.text for one in item.remarks.all()]
    assert said == ([] if past else ["原台账进展：按月开展"])


@pytest.mark.parametrize(
    "state, stands", [("assigned", "assigned"), ("received", "received"), ("review", "doing"), ("returned", "doing"),
                      ("suspended", "suspended"), ("waived", "waived"), ("pending", "pending"), (None, "pending")],
)  # fmt: skip
def test_each_state_lands(w: World, state: str | None, stands: str) -> None:
    save(w, begin(w), row(w, "1.2.5", state=state, remark="等上级通知"))
    item = w.item("1.2.5")
    assert item.status == stands
    assert item.reason == ("等上级通知" if stands in ("suspended", "waived") else "")


def test_people_leads_helpers_and_dates_are_taken_over(w: World) -> None:
    units, people = w.people.units, w.people.users
    lead, helper = units["审批处"].pk, units["办公室"].pk
    person, leader = people["白毅志"].person.pk, people["卢欣燕"].person.pk
    before = w.item("1.2.5").lead_id
    save(
        w,
        begin(w),
        row(
            w,
            "1.2.5",
            lead=lead,
            helpers=(helper, lead),
            people=(person,),
            leader=leader,
            due_on=date(2020, 9, 15),
        ),
    )
    item = w.item("1.2.5")
    assert before != lead == item.lead_id and (item.person_id, item.leader_id) == (person, leader)
    assert item.due_on == date(2020, 9, 15) and item.due_fixed
    assert list(item.helpers.values_list("unit", flat=True)) == [helper]
    slot = w.slot("1.2.5")
    assert (slot.performer_id, slot.due_on) == (lead, date(2020, 9, 15)), (
        "the open slot follows its lead and date"
    )


def test_done_waits_for_its_signatures_where_the_file_tells_what_is_struck_off(w: World) -> None:
    save(w, begin(w), row(w, "1.2.5", state="accepted"))
    assert w.item("1.2.5").status == "closed", "this file knows only one word for the end"
    made = save(
        w,
        begin(w),
        row(w, "1.1.2", state="accepted"),
        own("旧账一件", lead=w.people.units["办公室"].pk, state="closed"),
    )
    item = w.item("1.1.2")
    assert (item.status, item.step is not None, w.slot("1.1.2").status) == ("review", True, "accepted")
    actions.undo_takeover(made, by=w.user("石玲佳"))
    assert (w.item("1.1.2").status, w.item("1.1.2").step, w.slot("1.1.2").status) == ("pending", None, "open")


def test_what_has_gone_further_here_stays(w: World) -> None:
    item = w.item("1.1.2")
    actions.waive(item, by=w.user("石玲佳"), reason="无此职能")
    made = save(w, begin(w), row(w, "1.1.2", state="doing"))
    assert w.item("1.1.2").status == "waived"
    assert made.counts["words"] == ["表 第 3 行：系统里已经是“不适用”，状态不改"]


def test_nobody_leads_so_nothing_is_handed_out(w: World) -> None:
    assert w.item("1.2.6").lead_id is None
    made = save(w, begin(w), row(w, "1.2.6", state="doing"))
    assert w.item("1.2.6").status == "pending"
    assert made.counts["words"] == ["表 第 3 行：没有牵头处室，状态没有接续，先不交办"]


def test_a_date_outside_the_year_is_told_by_row(w: World) -> None:
    made = save(w, begin(w), row(w, "1.2.5", due_on=date(2019, 3, 1)))
    assert made.counts["words"] == ["表 第 3 行：期限 2019-03-01 不在本年度之内，没有接续"]
    assert not w.item("1.2.5").due_fixed


def test_a_row_of_their_own_is_raised(w: World) -> None:
    lead = w.people.units["办公室"].pk
    save(
        w,
        begin(w),
        own("食堂改造", lead=lead, state="doing", due_on=date(2020, 8, 1)),
        own("旧账一件", 31, lead=lead, state="closed"),
    )
    first, second = Item.objects.filter(source_kind="kept").order_by("no")
    assert (first.no, first.title, first.status, first.due_on) == (
        "原-2020-001",
        "食堂改造",
        "doing",
        date(2020, 8, 1),
    )
    assert (
        first.source_text == "原台账《2020台账.xlsx》表 第 30 行" and first.slots.get().performer_id == lead
    )
    assert second.status == "closed" and second.slots.get().status == "accepted"


def test_a_row_that_stops_is_left_out(w: World) -> None:
    stop = Doubt("twice", "两行对到同一事项", stops=True)
    made = save(
        w, begin(w), row(w, "1.2.5", state="closed", doubts=(stop,)), row(w, "1.1.2", 4, state="doing")
    )
    assert w.item("1.2.5").status == "pending" and w.item("1.1.2").status == "doing"
    assert made.counts["skipped"] == 1


def test_files_are_deposited_and_cited_once(w: World) -> None:
    item = w.item("1.1.1")
    may = next(one for one in item.slots.order_by("starts_on") if one.label == "5月")
    files = [
        file("调度纪要.txt", "五月", item.pk, slot=may.pk), file("同一份.txt", "五月", w.item("1.1.2").pk),
        file("同一期.txt", "五月", item.pk, slot=may.pk), file("没有期次.txt", "最近", item.pk),
    ]  # fmt: skip
    made = save(w, begin(w), row(w, "1.1.1", state="doing"), files=files)
    assert Evidence.objects.count() == 2, "the same bytes are one piece"
    assert sorted(Citation.objects.values_list("slot__item__code", "slot__label", "evidence__uses")) == [
        ("1.1.1", "5月", 1), ("1.1.1", "5月", 2), ("1.1.2", w.slot("1.1.2").label, 2),
    ]  # fmt: skip
    assert Citation.objects.count() == 3 and made.counts["cited"] == 3
    assert "同一期.txt：与同一期里的另一份文件相同，只引用一次" in made.counts["words"]
    need = Need.objects.get(item=item, name="会议记录")
    assert Citation.objects.filter(slot=may, need=need).count() == 1


def test_a_file_of_a_closed_row_is_pinned(w: World) -> None:
    item = w.item("1.1.2")
    save(w, begin(w), row(w, "1.1.2", state="closed"), files=[file("方案.txt", "方案", item.pk)])
    cited = Citation.objects.get()
    assert cited.slot.item_id == item.pk and cited.version_pinned_id == cited.evidence.current_id


def test_words_are_remembered_for_the_next_file(w: World) -> None:
    said = {"columns": {"办理情况": "state"}, "words": {"state": {"搞定了": "closed"}}}
    save(w, begin(w, **said), row(w, "1.1.2", state="closed"))
    assert sorted(TakeoverWord.objects.values_list("field", "said", "means")) == [
        ("column", "办理情况", "state"), ("state", "搞定了", "closed"),
    ]  # fmt: skip
    save(w, begin(w, columns={"办理情况": "progress"}), row(w, "1.2.5", state="doing"))
    assert TakeoverWord.objects.get(field="column").means == "progress"


# ---- nothing half-saved


def test_a_failure_in_the_middle_leaves_nothing(w: World) -> None:
    takeover, before = begin(w), standing()
    item = w.item("1.1.1")
    bad = file("好的.txt", "好", item.pk)
    rows = (row(w, "1.1.2", state="closed"), own("自己的", lead=w.people.units["办公室"].pk))
    gone = Row("表!9", 9, "表", 999_999, "match", "", "sure", "不在")
    with pytest.raises(Refused, match="已经不在这一年的台账里，没有保存"):
        save(w, takeover, *rows, gone, files=[bad])
    other = file("密.txt", "别的内容", item.pk)
    secret = replace(other, intake=replace(other.intake, name="【机密】方案.txt", title="【机密】方案"))
    with pytest.raises(Refused):
        save(w, takeover, *rows, files=[bad, secret])
    assert standing() == before and not Evidence.objects.exists()
    takeover.refresh_from_db()
    assert takeover.state == "draft"


def test_stale_when_an_item_moved_since_it_was_looked_at(w: World) -> None:
    item = w.item("1.1.2")
    takeover, seen = begin(w), {item.pk: item.version}
    actions.set_priority(item, by=w.user("石玲佳"), priority=True)
    with pytest.raises(Stale, match="你核对之后又有人办理过 Ⅲ-2"):
        save(w, takeover, row(w, "1.1.2", state="closed"), versions=seen)


def test_only_the_office_and_only_an_open_year(w: World) -> None:
    takeover = begin(w)
    with pytest.raises(NotPermitted):
        save(w, takeover, row(w, "1.1.2", state="closed"), by="白毅志")
    save(w, takeover, row(w, "1.1.2", state="closed"))
    with pytest.raises(Refused, match="已经保存过了"):
        save(w, takeover, row(w, "1.1.2", state="closed"))
    year = w.campaign.years.get(year=2019)
    with pytest.raises(Refused, match="还没有启用，不能接续"):
        actions.begin_takeover(year, by=w.user("石玲佳"), source_name="a.xlsx", sha256="0" * 64)
    for act, more in (
        (actions.mend_takeover, {"choices": {}}),
        (actions.drop_takeover, {}),
        (actions.start_takeover, {}),
    ):
        with pytest.raises(Refused, match="已接续，不能再改"):
            act(takeover, by=w.user("石玲佳"), **more)


# ---- taken back


def all_kinds(w: World) -> Takeover:
    units = w.people.units
    item = w.item("1.1.1")
    return save(
        w, begin(w),
        row(w, "1.1.1", state="closed", progress="做了五个月", remark="照片另存"),
        row(w, "1.1.2", 4, state="closed", closed_on=date(2020, 3, 5)),
        row(w, "1.2.5", 5, state="doing", lead=units["审批处"].pk, helpers=(units["办公室"].pk,), due_on=date(2020, 9, 15)),
        row(w, "1.1.4", 6, state="suspended"), own("食堂改造", lead=units["办公室"].pk, state="closed"),
        files=[file("a.txt", "一", item.pk), file("b.txt", "二", w.item("1.2.5").pk), file("c.txt", "三", None, row="表!30")],
    )  # fmt: skip


def test_taken_back_everything_is_as_before(w: World) -> None:
    before = standing()
    takeover = all_kinds(w)
    assert standing() != before and Citation.objects.count() == 3
    number = w.item("1.1.2").close_no
    actions.undo_takeover(takeover, by=w.user("石玲佳"))
    assert w.item("1.1.2").close_no == number, "a number once given stays with its item"
    before["Item"][w.item("1.1.2").pk]["close_no"] = number
    assert standing() == before
    assert {(one.state, one.uses) for one in Evidence.objects.all()} == {(EvidenceState.BINNED.value, 0)}
    takeover.refresh_from_db()
    assert (takeover.state, takeover.counts["binned"], takeover.counts["kept"]) == ("undone", 3, 0)
    with pytest.raises(Refused, match="已经撤回"):
        actions.undo_takeover(takeover, by=w.user("石玲佳"))


def test_what_was_asked_for_is_settled_by_what_the_file_says(w: World) -> None:
    """异议 and 延期 that nobody has answered: the file moves lead and date, and taking back opens them again."""
    clerk, units = w.user("石玲佳"), w.people.units
    actions.assign(w.item("1.2.5"), by=clerk, co=[units["审批处"], units["办公室"]])
    actions.assign(w.item("1.1.2"), by=clerk)
    for item, kind, more in (
        ("1.2.5", "dispute", {"wanted_lead": units["办公室"]}),
        ("1.2.5", "extension", {"wanted_on": date(2020, 11, 28), "progress": "一半"}),
        ("1.1.2", "suspend", {}),
    ):
        filler = "白毅志" if item == "1.2.5" else "石玲佳"
        actions.ask(w.item(item), by=w.user(filler), kind=kind, reason="不归我们", **more)
    before = standing() | {"Ask": list(Ask.objects.order_by("pk").values_list("pk", "state", "opinion"))}
    takeover = save(
        w, begin(w), row(w, "1.2.5", first=True, lead=units["审批处"].pk, due_on=date(2020, 9, 1), state="doing"),
        row(w, "1.1.2", 4, first=True, state="suspended", remark="缓办"),
    )  # fmt: skip
    assert str(w.item("1.2.5").lead) == "审批处"
    assert [str(one.unit) for one in w.item("1.2.5").helpers.all()] == ["办公室"], (
        "who leads does not help as well"
    )
    told = {one.kind: (one.state, one.opinion) for one in Ask.objects.all()}
    assert told["dispute"] == ("withdrawn", "接续原台账，已改由审批处牵头，不用再批")
    assert told["extension"] == ("withdrawn", "接续原台账，期限已改为 2020-09-01，不用再批")
    assert told["suspend"][0] == "withdrawn" and w.item("1.1.2").status == "suspended"
    actions.undo_takeover(takeover, by=clerk)
    assert (
        standing() | {"Ask": list(Ask.objects.order_by("pk").values_list("pk", "state", "opinion"))} == before
    )


def test_evidence_used_elsewhere_stays(w: World) -> None:
    takeover = all_kinds(w)
    piece = Evidence.objects.get(title="b")
    slot = w.slot("1.1.3")
    actions.assign(w.item("1.1.3"), by=w.user("石玲佳"))
    actions.cite(w.slot("1.1.3"), by=w.user("石玲佳"), evidence=piece)
    actions.undo_takeover(takeover, by=w.user("石玲佳"))
    piece.refresh_from_db()
    assert (piece.state, piece.uses) == ("live", 1) and Citation.objects.get().slot_id == slot.pk


def work_cite(w: World) -> None:
    put(w, w.slot("1.2.5"), "石玲佳")


def work_submit(w: World) -> None:
    actions.submit(
        w.slot("1.2.5"), by=w.user("石玲佳"), conclusion="好了", on_behalf_of=w.user("白毅志").person
    )


def work_remark(w: World) -> None:
    actions.remark(w.item("1.1.1"), by=w.user("石玲佳"), text="看到了")


def work_raised(w: World) -> None:
    actions.set_priority(Item.objects.get(source_kind="kept"), by=w.user("石玲佳"), priority=True)


@pytest.mark.parametrize(
    "work, told", [(work_cite, "年度总结：引用了材料"), (work_submit, "年度总结"), (work_remark, "领导小组月度调度：有留言"), (work_raised, "食堂改造：又办理过")],
)  # fmt: skip
def test_what_was_worked_on_since_stops_it_by_name(w: World, work: Any, told: str) -> None:
    takeover = all_kinds(w)
    work(w)
    after = standing()
    with pytest.raises(Refused, match="保存以后已经在 1 项上办理过") as caught:
        actions.undo_takeover(takeover, by=w.user("石玲佳"))
    assert told in caught.value.problems[0]
    assert standing() == after


def test_only_for_a_day_and_only_who_manages(w: World, settings: Any) -> None:
    takeover = all_kinds(w)
    with pytest.raises(NotPermitted):
        actions.undo_takeover(takeover, by=w.user("白毅志"))
    Takeover.objects.filter(pk=takeover.pk).update(applied_at=clock.now() - timedelta(hours=25))
    with pytest.raises(Refused, match="超过 24 小时"):
        actions.undo_takeover(takeover, by=w.user("石玲佳"))


def test_the_later_of_two_goes_first(w: World) -> None:
    first = save(w, begin(w), row(w, "1.1.2", state="doing"))
    second = save(w, begin(w), row(w, "1.1.2", state="closed"))
    with pytest.raises(Refused, match="请先撤回那一份"):
        actions.undo_takeover(first, by=w.user("石玲佳"))
    actions.undo_takeover(second, by=w.user("石玲佳"))
    assert w.item("1.1.2").status == "doing"
    actions.undo_takeover(first, by=w.user("石玲佳"))
    assert w.item("1.1.2").status == "pending"


def test_questions_grow_with_rows_only_where_something_is_written(w: World) -> None:
    """Rows that say nothing new ask nothing of the database one by one."""

    def asked(*rows: Row) -> int:
        takeover = begin(w)
        with CaptureQueriesContext(connection) as queries:
            save(w, takeover, *rows)
        return len(queries)

    codes = ("1.1.1", "1.1.2", "1.1.3", "1.1.4", "1.2.1", "1.2.2", "1.2.5")
    assert asked(row(w, "1.1.1")) == asked(*(row(w, code, n) for n, code in enumerate(codes, 3)))
