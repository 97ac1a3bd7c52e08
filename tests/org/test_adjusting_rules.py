"""The rules of adjusting a group: refusals with their words, terms of posts, two days compared, the notice, the chart."""

from datetime import date

import pytest

from taizhang.kit.errors import Refused
from taizhang.org.rules.adjusting import (
    Coming,
    Frame,
    Held,
    Member,
    Wanted,
    check_covers,
    clipped,
    compare,
    plan_adjustment,
    post_terms,
    two_chiefs,
)
from taizhang.org.rules.chart import LABEL, Node, broken, draw, wide
from taizhang.org.rules.notice import in_ranks, notice, opening

START, DAY = date(2018, 1, 1), date(2019, 3, 1)
CHIEF = Held(1, 11, "甲", "组长", "", START)
SECOND = Held(2, 12, "乙", "组员", "写材料", START)
LATE = Held(3, 13, "丙", "组员", "", date(2019, 6, 1))
FRAME = Frame(START)


def plan(wanted: Wanted, held: list[Held] | None = None, day: date = DAY, frame: Frame = FRAME):  # type: ignore[no-untyped-def]
    return plan_adjustment(held or [CHIEF, SECOND, LATE], wanted, day, frame)


def test_who_comes_goes_and_changes() -> None:
    made = plan(Wanted((Coming(14, "丁", "组长"),), frozenset({1}), {2: ("副组长", "写材料")}))
    assert [one.name for one in made.go] == ["甲"]
    assert [(one.name, duty) for one, duty, _ in made.change] == [("乙", "副组长")]
    assert made.people == {11, 12, 14}
    assert made.duties_after([CHIEF, SECOND]) == [(12, "副组长"), (14, "组长")]


REFUSED = [
    (Wanted(go=frozenset({1})), {"frame": Frame(START, last_on=date(2019, 5, 1))}, "不能早于上一次调整"),
    (Wanted(go=frozenset({1})), {"day": date(2017, 12, 31)}, "不能早于成立日期"),
    (Wanted(go=frozenset({1})), {"frame": Frame(START, date(2019, 2, 1))}, "已于 2019年2月1日 撤销"),
    (Wanted((Coming(14, "丁", "组员"), Coming(14, "丁", "组长"))), {}, "“丁”在这次调整里出现了两次"),
    (Wanted((Coming(12, "乙", "组长"),)), {}, "“乙”已经在组里，任组员"),
    (Wanted((Coming(12, "乙", "组长"),), frozenset({2})), {}, "“乙”既离开又进来"),
    (Wanted(go=frozenset({1}), change={1: ("组员", "")}), {}, "既要离开又要改职务"),
    (Wanted((Coming(14, "丁", "组员", "", date(2019, 2, 1)),)), {}, "已于 2019年2月1日 离开本机关"),
    (Wanted((Coming(14, "丁", ""),)), {}, "“丁”任什么职务没有填"),
    (Wanted(change={2: ("", "")}), {}, "“乙”改任什么职务没有填"),
    (Wanted(go=frozenset({3})), {}, "“丙”2019年6月1日 才任组员"),
    (Wanted(go=frozenset({9})), {}, "有 1 人已经不在组里"),
    (Wanted(change={2: ("组员", "写材料")}), {}, "没有任何改动"),
]


@pytest.mark.parametrize(("wanted", "more", "told"), REFUSED)
def test_what_cannot_be_is_told(wanted: Wanted, more: dict, told: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(Refused, match=told):
        plan(wanted, **more)


def test_the_last_day_of_another_adjustment_is_allowed() -> None:
    assert plan(Wanted(go=frozenset({1})), frame=Frame(START, last_on=DAY)).go == (CHIEF,)


def test_the_same_duty_twice_in_one_group() -> None:
    twice = Held(4, 12, "乙", "联络员", "", START)
    with pytest.raises(Refused, match="两次任组员"):
        plan(Wanted(change={4: ("组员", "")}), [SECOND, twice])


def test_covers_change_today_or_before() -> None:
    check_covers(DAY, DAY)
    with pytest.raises(Refused, match="不能预先调整"):
        check_covers(date(2019, 3, 2), DAY)


def test_posts_last_as_long_as_the_duties_that_bring_them() -> None:
    key, other = (1, "office"), (2, "head")
    found = post_terms(
        [
            ((START, date(2019, 2, 28)), [key, other]),
            ((DAY, None), [key]),
        ]
    )
    assert found == {key: [(START, None)], other: [(START, date(2019, 2, 28))]}
    apart = post_terms([((START, date(2018, 2, 1)), [key]), ((DAY, date(2019, 4, 1)), [key])])
    assert apart[key] == [(START, date(2018, 2, 1)), (DAY, date(2019, 4, 1))]
    assert clipped(apart[key], date(2019, 3, 10)) == [(date(2019, 3, 10), date(2019, 4, 1))]


def test_two_days_compared() -> None:
    before = [Member(1, "甲", "组长"), Member(2, "乙", "组员"), Member(3, "丙", "组员")]
    after = [Member(4, "丁", "组长"), Member(2, "乙", "副组长"), Member(3, "丙", "组员")]
    found = compare(before, after)
    assert [one.name for one in found.come] == ["丁"]
    assert [one.name for one in found.went] == ["甲"]
    assert found.changed == ((before[1], after[1]),)
    assert found.stayed == 1


def test_one_of_two_duties_that_ended_shows_as_a_change() -> None:
    found = compare([Member(1, "甲", "组长"), Member(1, "甲", "联络员")], [Member(1, "甲", "组长")])
    assert [(was.duty, now.duty) for was, now in found.changed] == [("联络员", "")]
    assert not found.come and not found.went and found.stayed == 0


def test_a_leader_of_two_activity_groups_is_named() -> None:
    after = [(1, "组长"), (2, "组员")]
    assert two_chiefs("activity", after, {1: ["第二活动组"], 2: ["第三活动组"]}) == [1]
    assert two_chiefs("leading", after, {1: ["第二活动组"]}) == []


def test_the_notice_says_what_changed_and_who_is_in_it_now() -> None:
    changes = [
        {"kind": "come", "name": "丁", "title": "副处长", "duty": "组长", "task": "", "was": ""},
        {"kind": "go", "name": "甲", "title": "处长", "duty": "组长", "task": ""},
        {"kind": "change", "name": "乙", "title": "", "duty": "副组长", "task": "", "was": "组员"},
        {"kind": "cover", "was": "办公室", "now": "办公室、法规处"},
    ]
    made = notice(
        "第一活动组", "甲局", DAY, date(2019, 2, 26), "甲发〔2019〕3号", "人员变动", changes,
        [("组员", "丙", ""), ("组长", "丁", "副处长"), ("副组长", "乙", "")],
    )  # fmt: skip
    assert made.title == "关于调整第一活动组成员的通知"
    texts = [text for _, text in made.body]
    assert texts[0] == "因人员变动，经研究，决定从2019年3月1日起，对第一活动组成员作如下调整："
    assert "（一）增加：丁（副处长）任组长。" in texts
    assert "（二）职务调整：乙由组员改任副组长。" in texts
    assert "（三）退出：甲（处长）不再担任组长。" in texts
    assert "（四）负责范围：由“办公室”调整为“办公室、法规处”。" in texts
    assert made.listed == (("组长", ("丁（副处长）",)), ("副组长", ("乙",)), ("组员", ("丙",)))
    assert (made.signed, made.on) == ("甲局", "2019年2月26日")


def test_reasons_are_taken_as_they_are_written() -> None:
    assert opening("甲组", DAY, "", True).startswith("根据工作需要，经研究")
    assert opening("甲组", DAY, "根据局党组意见。", True).startswith("根据局党组意见，经研究")
    assert in_ranks([("组员", "乙"), ("顾问", "丙"), ("组长", "甲")]) == (
        ("组长", ("甲",)), ("组员", ("乙",)), ("顾问", ("丙",)),
    )  # fmt: skip


def overlap(a, b) -> bool:  # type: ignore[no-untyped-def]
    return a.x < b.x + b.width and b.x < a.x + a.width and a.y < b.y + b.height and b.y < a.y + a.height


@pytest.mark.parametrize(("groups", "departments"), [(1, 0), (8, 3), (14, 5)])
def test_no_box_of_the_chart_covers_another_or_leaves_the_picture(groups: int, departments: int) -> None:
    below = tuple(Node(f"政务服务和数据管理综合协调处第{i}科", ("12 人",)) for i in range(departments))
    active = [
        Node(f"第{i}活动组（思想道德建设）", ("组长 欧阳某某", "一级指标 1、3"), "", below)
        for i in range(groups)
    ]
    picture = draw(
        [Node("局领导", ("甲、乙",))], [Node("领导小组")], [Node("创建办"), Node("专班")], active,
        ("党组（领导班子）", "领导小组", "创建办与专班", "活动组", "处室"),
    )  # fmt: skip
    boxes = picture.boxes
    assert len(boxes) == 4 + groups * (1 + departments)
    assert not [(a.title, b.title) for i, a in enumerate(boxes) for b in boxes[i + 1 :] if overlap(a, b)]
    for box in boxes:
        assert box.x > LABEL and box.x + box.width <= picture.width and box.y + box.height <= picture.height
        for text in (*box.title, *box.words):
            assert box.y < text.y <= box.y + box.height
            assert wide(text.text, 14 if text in box.title else 12) <= box.width
    assert len(picture.bands) == 5


def test_long_names_are_broken_and_cut() -> None:
    assert broken("一二三四五六", 42, 14) == ["一二三", "四五六"]
    assert broken("一二三、四五", 42, 14)[0] == "一二三、"
    assert broken("一" * 100, 42, 14, most=3)[-1] == "一一…"
