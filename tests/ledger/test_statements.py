"""材料提交表: the conclusion of an item, who writes it and until when, what is proposed, and the list of a year's."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from taizhang.journal.models import Entry
from taizhang.kit.errors import NotPermitted, Refused, Stale
from taizhang.ledger import actions
from taizhang.ledger.models import Item, Need, Passage, Slot, Statement
from taizhang.ledger.rules.proofs_stated import MOST_LETTERS, Shown, Stand, doubt, propose
from taizhang.ledger.rules.states import Conformity

from . import factory
from .pages import browser, page, put, words
from .world import World, hand_out, world

FILLER, OTHER, HEAD, CLERK = "朱辉斌", "白毅志", "黎林波", "石玲佳"
RECORD = Shown("Ⅰ-1-1)-①", "5月会议记录", "会议记录")
PHOTO = Shown("Ⅰ-1-1)-②", "会场", "会议现场照片")


# ---- rules


def test_all_there_and_accepted_is_proposed_as_met() -> None:
    found = propose([RECORD, PHOTO], [], Stand(5, 5, 0, 2), passages=3)
    assert found is not None and found.conformity == Conformity.MEETS
    assert found.reason == (
        "已开始 5 期，审核通过 5 期；提交材料 2 件（会议记录 1 件、会议现场照片 1 件）："
        "《5月会议记录》（Ⅰ-1-1)-①）、《会场》（Ⅰ-1-1)-②），标出证明段落 3 处；要求的材料齐全。"
    )


def test_something_missing_is_named() -> None:
    found = propose([RECORD], ["5月（办公室）：会议现场照片 0/2，少 2 张"], Stand(5, 4, 0, 2))
    assert found is not None and found.conformity == Conformity.MOSTLY
    assert (
        "还缺：5月（办公室）：会议现场照片 0/2，少 2 张" in found.reason and "《5月会议记录》" in found.reason
    )
    many = propose([RECORD], [f"第{n}处" for n in range(9)], Stand(5, 4, 0, 2))
    assert many is not None and "第3处 等 9 处" in many.reason and "第4处" not in many.reason


def test_what_nobody_has_accepted_yet_is_not_met() -> None:
    found = propose([RECORD], [], Stand(5, 3, 2, 1))
    assert (
        found is not None
        and found.conformity == Conformity.MOSTLY
        and "还有 2 期没有审核通过" in found.reason
    )


def test_nothing_there_fails_unless_nothing_is_asked() -> None:
    nothing = propose([], ["全年（办公室）：未报"], Stand(1, 0, 0, 1))
    assert nothing is not None and nothing.conformity == Conformity.FAILS
    assert nothing.reason == "已开始 1 期，审核通过 0 期；没有提交材料；缺：全年（办公室）：未报。"
    no_needs = propose([], [], Stand(2, 2, 0, 0))
    assert no_needs is not None and no_needs.conformity == Conformity.MEETS
    assert propose([], [], Stand(0, 0, 0, 1)) is None  # nothing is due: nothing is said
    hidden = propose([], [], Stand(1, 1, 0, 1), hidden=2)  # there, but not for these eyes
    assert hidden is not None and hidden.conformity == Conformity.MEETS and "提交材料 2 件" in hidden.reason


def test_a_proposal_is_never_longer_than_the_form() -> None:
    long = [Shown("Ⅰ-1-1)-①", "长" * 200, "会议记录")] * 6
    found = propose(long, ["缺" * 300] * 6, Stand(1, 0, 0, 1))
    assert found is not None and len(found.reason) == MOST_LETTERS


def test_a_conclusion_that_the_material_speaks_against_is_doubted() -> None:
    assert "还缺 1 处：少 1 张" in doubt("meets", ["少 1 张"], 3)
    assert "已有材料 3 件" in doubt("fails", [], 3)
    assert doubt("meets", [], 3) == doubt("mostly", ["少 1 张"], 3) == doubt("fails", ["少"], 3) == ""


# ---- actions


@pytest.fixture
def w(people: Any, settings: Any) -> World:
    settings.TODAY = "2020-01-06"
    built = world(people)
    hand_out(built)
    settings.TODAY = "2020-02-10"
    return built


def state(
    w: World, by: str = FILLER, conformity: str = "mostly", reason: str = "缺照片。", **more: Any
) -> Statement:
    made: Statement = actions.state_conformity(
        w.item("1.1.1"), by=w.user(by), conformity=conformity, reason=reason, **more
    )
    return made


def test_it_is_written_changed_and_kept_in_the_story(w: World) -> None:
    first = state(w, reason="  缺照片。 ")
    assert (first.conformity, first.reason, first.by) == ("mostly", "缺照片。", w.user(FILLER).person)
    state(w, by=CLERK, conformity="meets", reason="照片已补。", before=first.version)
    assert Statement.objects.get().by == w.user(CLERK).person
    assert Entry.objects.filter(action="ledger.state_conformity", refused="").count() == 2
    text = words(page(browser(w, FILLER), w.item("1.1.1")))
    assert "朱辉斌 写材料提交表结论：结论 基本符合" in text
    assert "结论 基本符合 改为 符合" in text and "原因 缺照片。 改为 照片已补。" in text
    assert "结论 符合" in text.split("销号")[-1] or "照片已补。" in text


def test_who_may_write_it(w: World) -> None:
    for name in (OTHER, HEAD + "不", "卢欣燕", "系统管理员", "乙局石玲佳"):
        if name not in w.people.users:
            continue
        with pytest.raises(NotPermitted):
            state(w, by=name)
    state(w, by=CLERK)


def test_what_is_refused(w: World) -> None:
    with pytest.raises(Refused, match="请选结论"):
        state(w, conformity="perfect")
    with pytest.raises(Refused, match="请写明依据"):
        state(w, reason=" 　 ")
    with pytest.raises(Refused, match="最多 1000 个字，现在是 1001 个"):
        state(w, reason="字" * 1001)
    made = state(w, before=0)
    with pytest.raises(Stale, match="刚被他人改过"):
        state(w, reason="别的", before=0)
    same = state(w, before=made.version)  # said again it stays as it is
    assert same.version == made.version and Statement.objects.count() == 1


@pytest.mark.parametrize(
    ("status", "told"), [("closed", "已经销号"), ("waived", "不适用"), ("pending", "先交办")]
)
def test_not_once_it_is_closed_or_before_it_is_handed_out(w: World, status: str, told: str) -> None:
    state(w)
    Item.objects.filter(pk=w.item("1.1.1").pk).update(status=status)
    for name in (FILLER, CLERK):
        with pytest.raises(Refused, match=told):
            state(w, by=name, reason="改")
    assert Statement.objects.get().reason == "缺照片。"


# ---- pages


def url(w: World, tail: str = "") -> str:
    return f"/ledger/items/{w.item('1.1.1').pk}/statement/{tail}"


def test_the_form_lists_the_material_with_its_numbers(w: World) -> None:
    slot = w.slot("1.1.1")
    need = Need.objects.filter(item=slot.item_id).first()
    put(w, slot, FILLER, need, "1月会议记录")
    put(w, slot, FILLER, None, "通报")
    citation = slot.citations.get(evidence__title="通报")
    for n in range(2):
        Passage(
            citation=citation, page=1, quote=f"第{n}句。", boxes=[[0.1, 0.1 + n / 10, 0.5, 0.12 + n / 10]]
        ).save()
    text = words(browser(w, FILLER).get(url(w)))
    assert "Ⅰ-1-1)-① 1月会议记录 甲办〔2020〕1号" in text and "Ⅰ-1-1)-②" in text
    assert "提交材料 2 件，2 页，证明段落 2 处" in text
    for fact in (
        "领导小组月度调度",
        "小标准",
        "Ⅲ-1（1.1.1）",
        "办公室",
        "1.5 分",
        "☐ 符合 ☐ 基本符合 ☐ 不符合",
    ):
        assert fact in text, fact
    assert "系统建议：基本符合" in text and "会议现场照片 0/2，少 2 张" in text
    assert not Statement.objects.exists()  # looking saves nothing, nor does filling the form in
    html = browser(w, FILLER).get(url(w, "?use=1")).content.decode()
    assert "《1月会议记录》（Ⅰ-1-1)-①）" in html.split("<textarea")[1]
    assert not Statement.objects.exists()


def test_writing_it_on_the_page(w: World) -> None:
    client = browser(w, FILLER)
    empty = client.post(url(w), {"reason": "写了一半"})
    assert empty.status_code == 422 and "写了一半" in empty.content.decode() and "请选结论" in words(empty)
    answer = client.post(url(w), {"conformity": "meets", "reason": "都有。", "before": "0"}, follow=True)
    text = words(answer)
    assert "结论已写：符合" in text and "☑ 符合" in text and "填表人：朱辉斌" in text
    assert "结论写的是“符合”，但还缺" in text  # nothing has been handed in
    late = client.post(url(w), {"conformity": "fails", "reason": "另一个窗口写的", "before": "0"})
    assert (
        late.status_code == 409
        and "另一个窗口写的" in late.content.decode()
        and "刚被他人改过" in words(late)
    )
    assert "结论 符合" in words(page(client, w.item("1.1.1")))


def test_a_reviewer_reads_it_and_a_closed_item_keeps_it(w: World) -> None:
    state(w)
    for name in (HEAD, "卢欣燕", OTHER):
        answer = browser(w, name).get(url(w))
        assert "☑ 基本符合" in words(answer) and "缺照片。" in words(answer), name
    assert "textarea" not in browser(w, OTHER).get(url(w)).content.decode()
    assert browser(w, OTHER).post(url(w), {"conformity": "meets", "reason": "好"}).status_code == 403
    Item.objects.filter(pk=w.item("1.1.1").pk).update(status="closed")
    text = words(browser(w, FILLER).get(url(w)))
    assert "已经销号，结论不能再改" in text and "保存结论" not in text
    Item.objects.filter(pk=w.item("1.1.1").pk).update(status="waived")
    assert browser(w, FILLER).get(url(w)).status_code == 409


def test_an_item_outside_the_year_has_no_form(w: World) -> None:
    item = w.item("1.1.2")
    Slot.objects.filter(item=item).delete()
    Item.objects.filter(pk=item.pk).update(year=None, strand=None)
    answer = browser(w, CLERK).get(f"/ledger/items/{item.pk}/statement/")
    assert answer.status_code == 409 and "没有材料提交表" in words(answer)


def test_what_has_no_conclusion_is_listed_and_counted(w: World) -> None:
    state(w)
    listing = f"/ledger/years/{w.year.pk}/statements/"
    clerk = browser(w, CLERK)
    text = words(clerk.get(listing))
    assert "全部 10" in text and "还没有写 9" in text and "基本符合 1" in text and "符合 0" in text
    none = clerk.get(f"{listing}?show=none").content.decode()
    assert "领导小组月度调度" not in none and "年度实施方案" in none
    mostly = words(clerk.get(f"{listing}?show=mostly"))
    assert "领导小组月度调度" in mostly and "缺照片。" in mostly and "朱辉斌" in mostly
    assert "没有符合条件的事项" in words(clerk.get(f"{listing}?show=fails"))
    assert "还没有写 3" in words(clerk.get(f"{listing}?show=none&lead=办公室")) or "lead" in none
    overview = clerk.get("/ledger/overview/").content.decode()
    assert f'href="{listing}?show=none">未写结论 9 项' in overview
    assert browser(w, "乙局石玲佳").get(listing).status_code == 404


def test_pages_cost_the_same_at_two_sizes(people: Any, settings: Any) -> None:
    settings.TODAY = factory.TODAY.isoformat()
    counts = []
    client: Any = None
    for agency, size, pieces in (("甲局", 40, 60), ("乙局", 120, 240)):
        made = factory.ledger(people, agency, items=size, people=20, evidence=pieces)
        clerk = people.users["石玲佳" if agency == "甲局" else f"{agency}石玲佳"]
        busy = max(made.items, key=lambda one: one.slots.filter(citations__isnull=False).count())
        for n, one in enumerate(made.items):
            if n % 2:
                Statement(item=one, conformity="meets", reason="好", at=factory.at(factory.TODAY)).save()
        client = Client()
        client.force_login(clerk)
        held = []
        for address in (f"/ledger/years/{made.year.pk}/statements/", f"/ledger/items/{busy.pk}/statement/"):
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            held.append(len(queries))
        counts.append(held)
    assert counts[0] == counts[1] and max(counts[0]) <= 32, counts
