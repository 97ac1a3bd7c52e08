"""换版 through the door: walk 2 of the model, what is left to look at, taking back, two windows, next year."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from taizhang.campaigns import actions as campaigns
from taizhang.campaigns.models import Track, Year
from taizhang.campaigns.queries import overview, proposal
from taizhang.evidence.queries import verify
from taizhang.journal.models import Entry
from taizhang.journal.queries import check_chains
from taizhang.kit import clock
from taizhang.kit.errors import NotPermitted, Refused, Stale
from taizhang.ledger import actions
from taizhang.ledger.models import AdoptedItem, Adoption, Item, Need, Slot
from taizhang.ledger.queries.adopted import revisits_of
from taizhang.ledger.queries.adoption import plan_adoption
from taizhang.ledger.queries.editions import newer_editions
from taizhang.ledger.queries.opening import opened
from taizhang.org.queries import system_user
from taizhang.standards.models import Edition, EditionState, Indicator, Standard

from ..people import City
from .editions import Next, revise
from .pages import close, put
from .test_adoption_size import dump, handed_in
from .world import World, campaign, hand_out, standard

DAY = date(2019, 5, 20)


@pytest.fixture
def w(people: City, settings: Any) -> World:
    """2018 and 2019 open, all of 2019 handed out; some of it done by May 2019."""
    settings.TODAY = "2018-01-08"
    made = campaign(people, standard())
    clerk = people.users["石玲佳"]
    actions.open_year(Year.objects.get(campaign=made, year=2018), by=clerk)
    settings.TODAY = "2019-01-08"
    year = Year.objects.get(campaign=made, year=2019)
    actions.open_year(year, by=clerk)
    year.refresh_from_db()
    found = World(people, made, year)
    hand_out(found)
    settings.TODAY = "2019-05-20"
    return found


def track(w: World) -> Track:
    return Track.objects.get(campaign=w.campaign)


def base(w: World) -> Edition:
    return Edition.objects.order_by("pk").first()  # type: ignore[return-value]


def adopt(w: World, said: Next | None = None, edition: Edition | None = None, **more: Any) -> Adoption:
    edition = edition or revise(base(w), said or Next())
    made: Adoption = actions.adopt(
        w.year, **{"by": w.user("石玲佳"), "track": track(w), "edition": edition} | more
    )
    return made


def labels(w: World, code: str, **more: Any) -> list[str]:
    slots = Slot.objects.filter(item__year=w.year, item__code=code, **more)
    return list(slots.order_by("starts_on", "nth", "performer").values_list("label", flat=True))


def trace(adoption: Adoption, code: str) -> AdoptedItem:
    return adoption.items.get(item__code=code)


def test_walk_two(w: World, settings: Any) -> None:
    """Import, adopt in May 2019: what was handed in stays, what is empty and not over gives way, 2018 keeps its words."""
    # 业务规范化: quarterly, each business department; the first quarter of 法规处 was handed in
    first = w.slot("1.2.2", performer="法规处")
    put(w, first, "白毅志")
    actions.submit(first, by=w.user("白毅志"), conclusion="一季度完成")
    done = close(w, "1.2.5")  # 年度总结, struck off
    assert done.item.status == "closed"
    event = w.item("1.2.3")
    happened = actions.add_slot(
        event, by=w.user("石玲佳"), label="调整", starts_on=date(2019, 3, 1), due_on=date(2019, 3, 10)
    )
    put(w, happened, "白毅志")
    before = handed_in()
    said = Next(
        changed={
            "1.2.2": {"cadence": "month", "title": "业务规范化（按月）"}, "1.2.5": {"requirement": "总结须含数据附表"},
            "1.1.2": {"points": Decimal("2.5")},
        },
        gone={"1.2.3"}, new=[{"code": "1.9", "title": "新设指标", "cadence": "month", "lead_text": "法规处", "requirement": "每月一次"},
                             {"code": "1.10", "title": "没有处室的", "lead_text": "外星处"}],
    )  # fmt: skip
    edition = revise(base(w), said)
    plan = plan_adoption(track(w), w.year, edition, DAY)
    adoption = adopt(w, edition=edition, saw=plan.imprint)
    assert handed_in() == before, "nothing handed in is lost"
    # the track, and the years
    assert track(w).edition == edition
    old = Item.objects.get(year__year=2018, code="1.2.2")
    assert (old.title, old.cadence, old.indicator.edition.label) == ("业务规范化", "quarter", "2018")
    # quarterly became monthly: the handed in quarter stays, and the one that is over; from May on by month
    item = w.item("1.2.2")
    assert (item.title, item.cadence, item.indicator.edition) == ("业务规范化（按月）", "month", edition)
    of_law = labels(w, "1.2.2", performer=w.people.units["法规处"])
    assert of_law == ["一季度", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"]
    first.refresh_from_db()
    assert first.status == "submitted" and first.citations.count() == 1
    assert not Slot.objects.filter(item=item, starts_on__gte=DAY, before_system=True).exists()
    # changed and closed: not reopened, but listed
    summary = w.item("1.2.5")
    assert summary.status == "closed" and summary.requirement == "总结须含数据附表"
    assert [one.item_id for one in revisits_of(w.year)] == [summary.pk]
    assert trace(adoption, "1.2.5").after["why"] == "已销号，要求有改动"
    # gone: out of the counts, its evidence stays
    gone = Item.objects.get(pk=event.pk)
    assert (
        gone.status == "waived"
        and gone.reason == "标准取消（《小标准》2019版）"
        and gone.no == f"原{event.no}"
    )
    assert gone.slots.get().citations.count() == 1
    # new ones: pending, from today on, never late
    fresh = w.item("1.9")
    assert (fresh.status, fresh.lead.name, fresh.person) == (
        "pending",
        "法规处",
        w.user("白毅志").person,
    ) or fresh.lead.name == "法规处"
    assert labels(w, "1.9")[0] == "5月" and not fresh.slots.filter(due_on__lt=DAY).exists()
    nobody = w.item("1.10")
    assert nobody.lead is None and nobody.due_on and nobody.due_on >= DAY
    assert adoption.counts["without_lead"] == 1 and adoption.counts["revisit"] == 1
    # points alone of what is at work: rewritten, and nothing to look at
    assert w.item("1.1.2").points == Decimal("2.5") and not trace(adoption, "1.1.2").revisit
    # what is kept is whole: chains, receipts, counts of uses
    assert verify().problems == [] and check_chains().problems == []
    # before and after stand in the record
    entry = Entry.objects.get(action="ledger.adopt", refused="")
    told = {(note["kind"], note.get("id")): note.get("fields", {}) for note in entry.changes}
    assert told["campaigns.track", track(w).pk]["edition_id"] == [base(w).pk, edition.pk]
    assert told["ledger.item", summary.pk]["requirement"] == ["", "总结须含数据附表"]


def test_plan_and_deed_say_the_same(w: World) -> None:
    said = Next(
        changed={"1.1.1": {"cadence": "quarter"}, "1.2.2": {"per": "unit", "lead_text": "办公室"}},
        gone={"1.2.6"},
    )
    edition = revise(base(w), said)
    plan = plan_adoption(track(w), w.year, edition, DAY)
    slots = Slot.objects.filter(item__year=w.year).count()
    adopt(w, edition=edition)
    counts = plan.counts
    assert (
        Slot.objects.filter(item__year=w.year).count() == slots - counts["slots_gone"] + counts["slots_made"]
    )
    assert labels(w, "1.1.1") == ["1月", "2月", "3月", "4月", "二季度（5月1日起）", "三季度", "四季度"]
    # 业务处室 each, now the lead alone: what is over stays with the departments
    assert {s.performer.name for s in w.item("1.2.2").slots.filter(starts_on__gte=DAY)} == {"创建办"}, (
        "its lead stays"
    )


def test_split_and_joined(w: World) -> None:
    put(w, w.slot("1.1.2"), "石玲佳")
    done = close(w, "1.2.5")
    said = Next(
        split={"1.1.2": [{"title": "实施方案"}, {"title": "任务分解", "lead_text": "外星处"}]}, joined={"1.2.5": ["1.2.6"]}
    )  # fmt: skip
    before = handed_in()
    made = adopt(w, said)
    assert handed_in() == before
    main, piece = w.item("1.1.2"), w.item("1.1.2-1")
    assert main.title == "实施方案" and main.slots.get().citations.count() == 1
    assert piece.status == "pending" and piece.lead == main.lead, "nobody is named, so the old lead"
    assert piece.strand_id != main.strand_id
    assert trace(made, "1.1.2-1").other == main and trace(made, "1.1.2-1").kind == "split"
    away = Item.objects.get(year=w.year, title="无人认领的事")
    assert away.status == "waived" and away.reason == "并入“年度总结”"
    assert trace(made, "1.2.5").revisit, "it was closed, and what was joined into it was not"
    assert "当时还没有销号" in trace(made, "1.2.5").after["why"]
    done.item.refresh_from_db()
    assert done.item.status == "closed"


def test_what_was_ended_does_not_come_back(w: World) -> None:
    adopt(w, Next(gone={"1.2.5"}))
    item = Item.objects.get(year=w.year, title="年度总结")
    with pytest.raises(Refused, match="已经没有这一项"):
        actions.restore(item, by=w.user("石玲佳"))


def test_a_closed_one_that_is_gone_leaves_the_counts_and_keeps_its_number(w: World) -> None:
    number = close(w, "1.2.5").item.close_no
    adopt(w, Next(gone={"1.2.5"}))
    item = Item.objects.get(year=w.year, title="年度总结")
    assert (item.status, item.close_no, item.step) == ("waived", number, None) and item.signatures.exists()


def test_what_stands_still_stays_as_it_is(w: World) -> None:
    clerk = w.user("石玲佳")
    actions.waive(w.item("1.2.6"), by=clerk, reason="没有这项职能")
    actions.suspend(w.item("1.1.4"), by=clerk, reason="暂停")
    adopt(
        w,
        Next(
            changed={
                "1.2.6": {"requirement": "改了"},
                "1.1.4": {"requirement": "改了", "cadence": "month", "target": None},
            }
        ),
    )
    waived, suspended = w.item("1.2.6"), w.item("1.1.4")
    assert (waived.status, waived.reason, waived.requirement) == ("waived", "没有这项职能", "改了")
    assert suspended.status == "suspended" and "5月（5月20日起）" in labels(w, "1.1.4")
    assert not revisits_of(w.year).exists()


def test_once_in_the_cycle(w: World) -> None:
    assert w.item("1.2.4").status == "waived"
    adopt(w, Next(changed={"1.2.4": {"cadence": "half_year"}, "1.1.2": {"cadence": "cycle"}}))
    back = w.item("1.2.4")
    assert (back.status, back.reason, labels(w, "1.2.4")) == ("pending", "", ["上半年", "下半年"])
    away = w.item("1.1.2")
    assert (away.status, away.reason) == ("waived", "届期内一次，安排在2020年度") and not away.slots.exists()


def test_needs(w: World) -> None:
    slot = w.slot("1.1.1", nth=4)
    minutes, photo = Need.objects.filter(item=slot.item).order_by("order")
    put(w, slot, "朱辉斌", minutes)
    adopt(w, Next(changed={"1.1.1": {"needs": [("会议现场照片", "picture", 3), ("签到表", "table", 1)]}}))
    found = {need.name: need for need in Need.objects.filter(item=slot.item)}
    assert found.keys() == {"会议记录（2018版要求）", "会议现场照片", "签到表"} or found.keys() == {
        "会议记录（2018要求）", "会议现场照片", "签到表"
    }  # fmt: skip
    minutes.refresh_from_db()
    assert not minutes.must and minutes.citations.count() == 1
    assert found["会议现场照片"].least == 3 and found["会议现场照片"].pk == photo.pk


def test_what_was_handed_in_before_answers_to_its_own_edition(w: World) -> None:
    """Accepted under the old edition, struck off under the new one: the new need is not asked of the old slot."""
    slot = close(w, "1.2.5", upto=1)  # the head of the department has accepted; now the steps per item
    assert slot.status == "accepted" and slot.item.status in ("review", "accepted")
    adopt(w, Next(changed={"1.2.5": {"needs": [("附表", "table", 1)]}}))
    assert revisits_of(w.year).count() == 1
    close(w, "1.2.5")
    assert w.item("1.2.5").status == "closed"


# ---- looked at again


def test_looked_at_and_found_right(w: World) -> None:
    close(w, "1.2.5")
    made = adopt(w, Next(changed={"1.2.5": {"requirement": "改了"}}))
    one = trace(made, "1.2.5")
    clerk = w.user("石玲佳")
    with pytest.raises(Refused, match="请写复核意见"):
        actions.revisit(one, by=clerk, note=" ")
    with pytest.raises(NotPermitted):
        actions.revisit(one, by=w.user("白毅志"), note="好")
    actions.revisit(one, by=clerk, note="附表已在材料里")
    one.refresh_from_db()
    assert not one.revisit and one.checked_by == clerk.person and one.check_note == "附表已在材料里"
    with pytest.raises(Refused, match="已经复核过"):
        actions.revisit(one, by=clerk, note="再来")


def test_reopened_it_need_not_be_looked_at(w: World) -> None:
    slot = close(w, "1.2.5")
    made = adopt(w, Next(changed={"1.2.5": {"requirement": "改了"}}))
    actions.reopen(w.item("1.2.5"), by=w.user("石玲佳"), opinion="补附表", slots=[slot])
    one = trace(made, "1.2.5")
    assert not one.revisit and one.check_note == "已重新挂号"


def test_many_are_looked_at_at_once_and_that_is_taken_back(w: World) -> None:
    close(w, "1.2.5")
    made = adopt(w, Next(changed={"1.2.5": {"requirement": "改了"}}))
    clerk, ids = w.user("石玲佳"), [trace(made, "1.2.5").pk]
    batch = actions.revisit_many(w.year, by=clerk, ids=ids, note="无误")
    assert not revisits_of(w.year).exists()
    actions.take_back(batch, by=clerk)
    assert revisits_of(w.year).count() == 1
    batch = actions.reopen_many(w.year, by=clerk, ids=ids, opinion="补附表")
    assert w.item("1.2.5").status == "returned" and not revisits_of(w.year).exists()
    actions.take_back(batch, by=clerk)
    assert w.item("1.2.5").status == "closed" and revisits_of(w.year).count() == 1


# ---- refused


def test_what_cannot_be_adopted(w: World) -> None:
    clerk, other = w.user("石玲佳"), standard("另一套", code="9")
    edition = revise(base(w), Next())
    alone = Edition(standard=base(w).standard, label="无根")
    alone.save()
    for wrong, words in (
        (other, "不是这条创建线的标准"),
        (alone, "不是由台账现用的2018修订来的"),
        (base(w), "已经换用"),
    ):
        with pytest.raises(Refused, match=words):
            actions.adopt(w.year, by=clerk, track=track(w), edition=wrong)
    Edition.objects.filter(pk=edition.pk).update(state=EditionState.DRAFT)
    with pytest.raises(Refused, match="还是草稿"):
        actions.adopt(w.year, by=clerk, track=track(w), edition=Edition.objects.get(pk=edition.pk))
    Edition.objects.filter(pk=edition.pk).update(state=EditionState.IN_FORCE)
    edition.refresh_from_db()
    foreign = Standard(agency=w.people.units["乙局"], name="小标准")
    foreign.save()
    theirs = Edition(standard=foreign, label="2019版", base=base(w))
    theirs.save()
    with pytest.raises(Refused, match="其他单位的标准"):
        actions.adopt(w.year, by=clerk, track=track(w), edition=theirs)
    assert theirs not in newer_editions(track(w), base(w)) and edition in newer_editions(track(w), base(w))
    with pytest.raises(NotPermitted):
        actions.adopt(w.year, by=w.user("李洋华"), track=track(w), edition=edition)
    with pytest.raises(NotPermitted):
        actions.adopt(w.year, by=w.user("乙局石玲佳"), track=track(w), edition=edition)
    Year.objects.filter(pk=w.year.pk).update(state="closed")
    with pytest.raises(Refused, match="已经结束"):
        actions.adopt(w.year, by=clerk, track=track(w), edition=edition)
    assert not Adoption.objects.exists() and track(w).edition == base(w)


def test_two_windows(w: World) -> None:
    """The second gets a plain word, and nothing is done twice; a double click gets the first answer."""
    edition = revise(base(w), Next(new=[{"code": "1.9"}]))
    first = adopt(w, edition=edition, once="k1")
    assert adopt(w, edition=edition, once="k1") == first
    with pytest.raises(Refused, match="已经换用《小标准》2019版"):
        adopt(w, edition=edition, once="k2")
    assert Adoption.objects.count() == 1 and Item.objects.filter(year=w.year, code="1.9").count() == 1


def test_what_was_looked_at_must_still_be_so(w: World) -> None:
    edition = revise(base(w), Next(changed={"1.2.2": {"cadence": "month"}}))
    saw = plan_adoption(track(w), w.year, edition, DAY).imprint
    put(w, w.slot("1.2.2", nth=2, performer="法规处"), "白毅志")
    with pytest.raises(Stale, match="又有变动"):
        adopt(w, edition=edition, saw=saw)


# ---- taken back


HARD = Next(
    changed={"1.2.2": {"cadence": "month"}, "1.1.1": {"needs": [("签到表", "table", 1)]}, "1.2.4": {"cadence": "year"}},
    gone={"1.2.3"}, split={"1.1.2": [{}, {"title": "另一半"}]}, joined={"1.2.5": ["1.2.6"]}, new=[{"code": "1.9", "lead_text": "法规处"}],
)  # fmt: skip


def test_taken_back_whole_days_later(w: World, settings: Any) -> None:
    put(
        w,
        w.slot("1.1.1", nth=4),
        "朱辉斌",
        Need.objects.filter(item__year=w.year, item__code="1.1.1").first(),
    )
    edition = revise(base(w), HARD)
    before = dump()
    made = adopt(w, edition=edition)
    settings.TODAY = "2019-05-27"
    actions.undo_adoption(made, by=w.user("石玲佳"))
    after = dump()
    for label, rows in before.items():
        assert after[label] == rows, label
    assert track(w).edition == base(w)
    with pytest.raises(Refused, match="已经撤回过"):
        actions.undo_adoption(made, by=w.user("石玲佳"))
    again = adopt(w, edition=edition)
    assert again.pk != made.pk and again.counts == made.counts


@pytest.mark.parametrize(
    ("code", "says"),
    [("1.2.2", "报送"), ("1.9", "事项本身"), ("1.1.1", "材料"), ("1.2.5", "签批")],
)  # fmt: skip
def test_not_taken_back_once_something_was_built_on_it(w: World, code: str, says: str) -> None:
    if code == "1.2.5":
        close(w, code, upto=1)
    made = adopt(w, HARD)
    if code == "1.2.2":
        slot = w.slot(code, nth=6, performer="法规处")
        actions.submit(slot, by=w.user("白毅志"), conclusion="提前完成")
    elif code == "1.9":
        actions.assign(w.item(code), by=w.user("石玲佳"))
    elif code == "1.1.1":
        put(w, w.slot(code, nth=4), "朱辉斌")
    else:
        close(w, code, upto=1)
    with pytest.raises(Refused, match="没有撤回：换版以后已经在 1 项上办理过") as error:
        actions.undo_adoption(made, by=w.user("石玲佳"))
    assert says in error.value.problems[0]
    assert Item.objects.filter(year=w.year, code="1.9").exists()


def test_work_on_what_only_changed_its_place_does_not_stand_in_the_way(w: World) -> None:
    edition = revise(base(w), Next(changed={"1.1.1": {"label": "Ⅲ-99"}}))
    made = adopt(w, edition=edition)
    assert w.item("1.1.1").no == "Ⅲ-99"
    put(w, w.slot("1.1.1", nth=4), "朱辉斌")
    actions.set_priority(w.item("1.1.1"), by=w.user("石玲佳"), priority=True)
    actions.undo_adoption(made, by=w.user("石玲佳"))
    item = w.item("1.1.1")
    assert (item.no, item.priority, item.indicator.edition) == ("Ⅲ-1", True, base(w))


def test_the_last_one_is_taken_back_first(w: World) -> None:
    first = adopt(w, Next())
    second = adopt(
        w, edition=revise(first.edition, Next(label="2020版", changed={"1.1.2": {"points": Decimal(3)}}))
    )
    with pytest.raises(Refused, match="请先撤回那一次"):
        actions.undo_adoption(first, by=w.user("石玲佳"))
    with pytest.raises(NotPermitted):
        actions.undo_adoption(second, by=w.user("李洋华"))
    actions.undo_adoption(second, by=w.user("石玲佳"))
    actions.undo_adoption(first, by=w.user("石玲佳"))
    assert track(w).edition == base(w)


def test_not_taken_back_in_a_year_that_is_over(w: World) -> None:
    made = adopt(w, Next(changed={"1.1.2": {"points": Decimal(3)}}))
    w.year.refresh_from_db()
    campaigns.close_year(w.year, by=w.user("石玲佳"))
    made.refresh_from_db()
    with pytest.raises(Refused, match="已经结束"):
        actions.undo_adoption(Adoption.objects.get(), by=w.user("石玲佳"))
    assert w.item("1.1.2").points == Decimal(3)


# ---- editions between, other years


def test_a_year_that_follows_later_does_not_set_the_track_back(w: World) -> None:
    middle = revise(base(w), Next())
    last = revise(middle, Next(label="2020版", new=[{"code": "1.9"}]))
    following = Year.objects.get(campaign=w.campaign, year=2020)
    actions.adopt(following, by=w.user("石玲佳"), track=track(w), edition=last)
    made = adopt(w, edition=middle)
    assert w.item("1.1.2").indicator.edition == middle and track(w).edition == last
    actions.undo_adoption(made, by=w.user("石玲佳"))
    assert w.item("1.1.2").indicator.edition == base(w) and track(w).edition == last


def test_an_edition_between_is_skipped(w: World) -> None:
    middle = revise(
        base(w),
        Next(label="2019版", changed={"1.1.2": {"title": "方案"}}, gone={"1.2.6"}, new=[{"code": "1.9"}]),
    )
    last = revise(
        middle, Next(label="2020版", changed={"1.1.2": {"points": Decimal(4)}}, gone={"1.9", "1.2.5"})
    )
    made = adopt(w, edition=last)
    assert (w.item("1.1.2").title, w.item("1.1.2").points) == ("方案", Decimal(4))
    assert not Item.objects.filter(year=w.year, code="1.9").exists(), "came and went in between"
    assert made.counts["gone"] == 2 and made.base == base(w)


def test_a_planned_year_only_moves_the_track(w: World) -> None:
    following = Year.objects.get(campaign=w.campaign, year=2020)
    edition = revise(base(w), Next(changed={"1.1.2": {"title": "新题"}}))
    made = actions.adopt(following, by=w.user("石玲佳"), track=track(w), edition=edition)
    assert track(w).edition == edition and not made.items.exists()
    assert w.item("1.1.2").title == "年度实施方案", "2019 keeps its words"
    # and 2019 may follow, though the track has moved already
    adopt(w, edition=edition)
    assert w.item("1.1.2").title == "新题"


def test_the_next_year_is_opened_by_the_new_edition(w: World, settings: Any) -> None:
    clerk = w.user("石玲佳")
    actions.set_lead(w.item("1.1.2"), by=clerk, lead=w.people.units["审批处"])
    actions.set_lead(w.item("1.2.6"), by=clerk, lead=w.people.units["审批处"])
    adopt(w, HARD)
    for code, lead in (("1.1.2-1", "法规处"), ("1.9", "审批处")):
        actions.set_lead(w.item(code), by=clerk, lead=w.people.units[lead])
    settings.TODAY = "2020-01-06"
    following = Year.objects.get(campaign=w.campaign, year=2020)
    actions.open_year(following, by=clerk)
    of = {
        item.code: item
        for item in Item.objects.filter(year=following).select_related(
            "lead", "previous", "indicator__edition"
        )
    }
    assert of.keys() == {
        "1.1.1",
        "1.1.2",
        "1.1.2-1",
        "1.1.3",
        "1.1.4",
        "1.2.1",
        "1.2.2",
        "1.2.4",
        "1.2.5",
        "1.9",
    }
    assert {item.indicator.edition.label for item in of.values()} == {"2019版"}
    assert (
        of["1.1.2"].lead.name == "审批处"
        and of["1.1.2-1"].lead.name == "法规处"
        and of["1.9"].lead.name == "审批处"
    )
    assert of["1.1.2-1"].previous == w.item("1.1.2-1")
    assert [need.name for need in of["1.1.1"].needs.all()] == ["签到表"]
    assert opened(following).items == 10


def test_the_next_year_takes_over_needs_though_this_year_keeps_the_old_edition(
    w: World, settings: Any
) -> None:
    clerk = w.user("石玲佳")
    actions.add_need(w.item("1.1.1"), by=clerk, name="自加的", kind="other")
    following = Year.objects.get(campaign=w.campaign, year=2020)
    edition = revise(base(w), Next(changed={"1.1.1": {"needs": [("会议现场照片", "picture", 4)]}}))
    actions.adopt(following, by=clerk, track=track(w), edition=edition)
    settings.TODAY = "2020-01-06"
    actions.open_year(following, by=clerk)
    item = Item.objects.get(year=following, code="1.1.1")
    assert {(need.name, need.least) for need in item.needs.all()} == {("会议现场照片", 4), ("自加的", 1)}


def test_the_command_line_may(w: World) -> None:
    edition = revise(base(w), Next())
    with clock.on(DAY):
        made = actions.adopt(w.year, by=system_user(), track=track(w), edition=edition)
    assert (
        made.by is None
        and Indicator.objects.filter(edition=edition, is_leaf=True).count() == made.items.count()
    )


def test_nothing_left_to_hand_in_goes_on_to_its_steps_and_comes_back(w: World) -> None:
    """Twice a year became once, and once is done: the item waits for its signatures, as it would by itself."""
    slot = w.slot("1.1.3")
    put(w, slot, "朱辉斌")
    actions.submit(slot, by=w.user("朱辉斌"), conclusion="已参加")
    actions.accept(slot, by=w.user("黎林波"))
    before = dump()
    made = adopt(w, edition=(edition := revise(base(w), Next(changed={"1.1.3": {"times": 1}}))))
    item = w.item("1.1.3")
    assert labels(w, "1.1.3") == ["全年（第1次）"] and item.status == "review" and item.step is not None
    actions.undo_adoption(made, by=w.user("石玲佳"))
    after = dump()
    for label in before:
        if label.startswith(("ledger", "campaigns")):
            assert after[label] == before[label], label
    assert labels(w, "1.1.3") == ["全年（第1次）", "全年（第2次）"] and edition.pk


def test_another_track_of_the_campaign_is_left_alone(w: World, settings: Any) -> None:
    """Two standards in one ledger: the second one's items keep place, words and slots."""
    clerk = w.user("石玲佳")
    other = standard("党建标准", code="5")
    plan = proposal(w.people.units["甲局"], [other], 2018, 2020, date(2018, 11, 30)).tracks[0]
    campaigns.add_track(w.campaign, by=clerk, track=plan)
    settings.TODAY = "2020-01-06"
    year = Year.objects.get(campaign=w.campaign, year=2020)
    actions.open_year(year, by=clerk)
    theirs = Item.objects.filter(year=year, track__standard=other.standard)
    before = list(theirs.values_list("pk", "version", "order", "title", "slots"))
    edition = revise(base(w), Next(new=[{"code": "1.9", "label": "Ⅲ-11"}, {"code": "1.10", "label": "Ⅲ-12"}]))
    first = Track.objects.get(campaign=w.campaign, standard=edition.standard)
    actions.adopt(year, by=clerk, track=first, edition=edition)
    assert list(theirs.values_list("pk", "version", "order", "title", "slots")) == before
    last = theirs.order_by("order").first()
    assert last is not None
    mine = Item.objects.filter(year=year, track=first).order_by("order", "pk")
    assert mine.count() == 12 and all(item.order < last.order for item in mine)


def test_a_person_who_moved_keeps_the_item(w: World) -> None:
    """Leads, people, dates set by hand are the office's: a new edition does not move them."""
    clerk, item = w.user("石玲佳"), w.item("1.1.2")
    actions.set_lead(item, by=clerk, lead=w.people.units["法规处"], person=w.user("白毅志").person)
    actions.set_due(w.item("1.1.2"), by=clerk, due_on=date(2019, 9, 9))
    adopt(w, Next(changed={"1.1.2": {"lead_text": "办公室", "times": 2}}))
    item = w.item("1.1.2")
    assert (item.lead.name, item.person, item.due_on) == ("法规处", w.user("白毅志").person, date(2019, 9, 9))
    first, second = item.slots.order_by("nth")
    assert (first.due_on, first.due_fixed, second.due_fixed) == (date(2019, 9, 9), True, False)
    assert {first.performer.name, second.performer.name} == {"法规处"}


def test_a_sample_revised_by_the_agency_is_adopted_by_its_strands(w: World, settings: Any) -> None:
    """The revision of a sample is an edition of the agency's own standard; strands stay the sample's (decision 0011)."""
    edition = revise(base(w), Next(changed={"1.1.2": {"title": "本局方案"}}))
    own = Standard(agency=w.people.units["甲局"], name="本局标准")
    own.save()
    Edition.objects.filter(pk=edition.pk).update(standard=own)
    edition.refresh_from_db()
    assert newer_editions(track(w), base(w)) == [edition]
    assert [one for _, one in overview.newer_editions(w.campaign)] == [edition]
    plan = proposal(w.people.units["甲局"], [edition], 2018, 2020, date(2018, 11, 30)).tracks[0]
    with pytest.raises(Refused, match="同一套标准的先后版本"):
        campaigns.add_track(w.campaign, by=w.user("石玲佳"), track=plan)
    made = adopt(w, edition=edition)
    item = w.item("1.1.2")
    assert (item.title, item.source_text, track(w).edition.standard) == ("本局方案", "本局标准", own)
    settings.TODAY = "2020-01-06"
    actions.open_year(Year.objects.get(campaign=w.campaign, year=2020), by=w.user("石玲佳"))
    assert Item.objects.get(year__year=2020, code="1.1.2").previous == item
    with pytest.raises(Refused, match="已经按2019版启用"):
        actions.undo_adoption(made, by=w.user("石玲佳"))
