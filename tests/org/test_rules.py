"""Rules without a database: words of a roster, duties, the comparison, the snapshot of holders."""

from datetime import date
from decimal import Decimal

import pytest

from taizhang.org.permits import Role
from taizhang.org.rules import words
from taizhang.org.rules.duties import brought, kind_of
from taizhang.org.rules.facts import GroupFact, Groups, PersonFact, Roster, UnitFact
from taizhang.org.rules.holders import Holders
from taizhang.org.rules.plan import group_posts, plan_groups, plan_roster


def test_words_fold_what_does_not_matter() -> None:
    assert words.person_name(" 张　三 ") == "张三"
    assert words.person_name("阿卜杜拉·买买提") == "阿卜杜拉·买买提"
    assert words.staff_no("ｙｚ００１ ") == "YZ001"
    assert words.staff_no(Decimal("12")) == "12"
    assert words.head_word("手机号（脱敏）") == "手机号" and words.head_word(" 工 号＊") == "工号"
    assert words.parts("机关党委、办公室，研究室\n") == ["机关党委", "办公室", "研究室"]
    assert words.name_key("Ａ b") == "ab"
    assert (words.yes("√"), words.yes("群众"), words.yes("或许")) == (True, False, None)


@pytest.mark.parametrize(
    ("value", "said"),
    [("2023-04", "2023-04"), ("2023年4月", "2023-04"), ("2023/4/30", "2023-04-30"), (date(2023, 4, 1), "2023-04-01"),
     ("", "")],
)  # fmt: skip
def test_days(value: words.Value, said: str) -> None:
    assert words.day(value) == said


@pytest.mark.parametrize("value", ["2023-02-30", "2023年2月30日", "2023-13", "2月30日", "明年", "2023-4-31"])
def test_days_that_do_not_exist(value: str) -> None:
    with pytest.raises(words.Wrong):
        words.day(value)


def test_years() -> None:
    assert words.year(1973, 1900, 2020) == words.year("1973年5月", 1900, 2020) == 1973
    assert words.year(None, 1900, 2020) is None
    for bad in ("73", 2190, "2010-02-30"):
        with pytest.raises(words.Wrong):
            words.year(bad, 1900, 2020)


def test_kinds_of_groups() -> None:
    assert kind_of("领导小组办公室（创建办）") == "office"
    assert kind_of("创建工作领导小组") == "leading"
    assert kind_of("创建工作专班") == "task_force"
    assert kind_of("材料组") == "working"


def test_what_duties_bring() -> None:
    office = GroupFact("office", "创建办")
    assert brought(office, "主任") == {("", Role.OFFICE), ("创建办", Role.HEAD)}
    assert ("创建办", Role.LEADER) in brought(office, "主任", is_leader=True)
    assert brought(office, "成员") == {("", Role.OFFICE), ("创建办", Role.FILLER)}
    assert brought(GroupFact("task_force"), "成员") == {("", Role.OFFICE)}
    assert brought(GroupFact("activity"), "组长") == {("", Role.GROUP_LEADER)}
    assert brought(GroupFact("activity"), "组员") == brought(GroupFact("leading"), "组长") == set()


def small() -> Roster:
    return Roster(
        {
            "办公室": UnitFact("department", leader="3", heads=frozenset(["1"]), liaisons=frozenset(["2"])),
            "局领导": UnitFact("leaders"), "一支部": UnitFact("branch"),
        },
        {
            "1": PersonFact("甲", department="办公室", branch="一支部", branch_duty="书记"),
            "2": PersonFact("乙", department="办公室", branch="一支部", branch_duty="委员"),
            "3": PersonFact("丙", department="局领导"),
        },
    )  # fmt: skip


def test_posts_follow_from_a_roster() -> None:
    assert small().posts() == {
        ("1", "", Role.MEMBER, ""), ("2", "", Role.MEMBER, ""), ("3", "", Role.MEMBER, ""),
        ("1", "办公室", Role.FILLER, ""), ("2", "办公室", Role.FILLER, ""), ("1", "办公室", Role.HEAD, ""),
        ("2", "办公室", Role.LIAISON, ""), ("3", "办公室", Role.LEADER, ""), ("1", "一支部", Role.HEAD, ""),
        ("2", "一支部", Role.FILLER, ""),
    }  # fmt: skip


def test_a_plan_ends_only_what_is_ticked_or_followed_from_the_roster() -> None:
    now, wanted = small(), small()
    by_hand = ("2", "", Role.OFFICE, "")
    existing = now.posts() | {by_hand}
    assert plan_roster(now, wanted, existing, named={"1", "2", "3"}).nothing
    missing = plan_roster(now, wanted, existing, named={"1", "3"})
    assert missing.gone == ("2",) and missing.nothing
    ended = plan_roster(now, wanted, existing, named={"1", "3"}, end=frozenset(["2", "1"]))
    assert ended.end == {"2"} and not ended.nothing and "2" not in ended.wanted.people
    assert by_hand in ended.posts_end and all(post[0] == "2" for post in ended.posts_end)
    wanted.units["办公室"] = UnitFact(
        "department", leader="3", heads=frozenset(["2"]), liaisons=frozenset(["2"])
    )
    moved = plan_roster(now, wanted, existing, named={"1", "2", "3"})
    assert moved.posts_add == {("2", "办公室", Role.HEAD, "")}
    assert moved.posts_end == {("1", "办公室", Role.HEAD, "")}
    assert moved.changed[0].fields == (("主要负责人", "1", "2"),)


def test_a_plan_of_groups() -> None:
    one = GroupFact("office", "创建办", 1, ((("1", "主任"), ("", 1)), (("2", "成员"), ("", 2))))
    now = Groups({"办": one})
    posts = group_posts(now, set())
    assert plan_groups(now, now, posts, named={"办"}, leaders=set()).nothing
    less = Groups({"办": GroupFact("office", "创建办", 1, one.duties[:1])})
    plan = plan_groups(now, less, posts, named={"办"}, leaders=set())
    assert {post[0] for post in plan.posts_end} == {"2"} and plan.changed[0].kind == "duty_end"
    kept = plan_groups(now, now, posts, named=set(), leaders=set())
    assert kept.gone == ("办",) and kept.nothing
    ended = plan_groups(now, now, posts, named=set(), leaders=set(), end=frozenset(["办"]))
    assert ended.posts_end == posts and not ended.wanted.groups


def test_holders_look_upwards_and_stop_at_the_agency() -> None:
    held = Holders(
        1, names={7: "甲"}, parents={1: None, 2: 1, 3: 2}, heads_of={2: (7,)}, liaisons_of={2: (7, 8)},
        leaders_of={2: (9,)}, office_of={4: (5,)}, group_leaders_by_area={"1": (6,)},
        group_leaders_by_unit={2: (10,)},
    )  # fmt: skip
    assert held.heads(3) == held.heads(2) == (7,) and held.heads(1) == () and held.heads(None) == ()
    assert held.leaders(3) == (9,) and held.office(3) == (7, 8) and held.office(4) == (5,)
    assert held.office(None) == () and held.office(99) == ()
    assert held.group_leaders("1", 3) == (6,) and held.group_leaders("2", 3) == (10,)
    assert held.name(7) == "甲" and held.name(99) == ""
