"""A clerk's corrections of the shape of a tree: split, joined, moved, added, taken out; and the order they are made in."""

from dataclasses import replace
from decimal import Decimal

import pytest

from taizhang.kit.errors import Refused
from taizhang.standards.rules import amend
from taizhang.standards.rules.cadence import Cycle
from taizhang.standards.rules.mend import mend
from taizhang.standards.rules.needs import Need
from taizhang.standards.rules.shape import neighbours, proposed
from taizhang.standards.rules.tree import Choices, Json, Node, Reading

D = Decimal


def leaf(key: str, parent: str | None, code: str, points: str | None = "1", **more: object) -> Node:
    found = Node(
        key, parent, 2, code, "", f"指标{key}", f"要求{key}", D(points) if points else None, bool(points), True, where=key,
        lead="办公室", methods=(("材料审核", None),), cadence=Cycle.QUARTER, needs=(Need(f"纪要{key}"),),
        certain={"points": "sure", "lead": "guess", "cadence": "likely"},
    )  # fmt: skip
    return replace(found, **more)  # type: ignore[arg-type]


def reading() -> Reading:
    nodes = [
        Node("A", None, 1, "1", "", "方面甲", where="A"), leaf("a1", "A", "1.1"), leaf("a2", "A", "1.2", "2"), leaf("a3", "A", "1.3"),
        Node("B", None, 1, "2", "", "方面乙", where="B"), Node("C", "B", 2, "2.1", "", "组丙", where="C"),
        leaf("c1", "C", "2.1.1", lead="法规处", co=("人事处",), needs=(Need("通知"),)),
    ]  # fmt: skip
    return Reading("标准", None, D(5), [], nodes)


def mended(choices: Json) -> Reading:
    return mend(reading(), Choices.from_json(choices))


def keys(choices: Json) -> list[str]:
    return [node.key for node in mended(choices).nodes]


def node(made: Reading, key: str) -> Node:
    return next(one for one in made.nodes if one.key == key)


def test_split_copies_all_but_title_points_and_requirement() -> None:
    pieces = [{"title": "甲", "points": "0.5"}, {"title": "乙", "points": "1.5", "requirement": "做乙"}]
    choices = amend.with_split({}, "a2", pieces)
    made = mended(choices)
    assert [one.key for one in made.nodes][:5] == ["A", "a1", "a2/1", "a2/2", "a3"]
    first, second = node(made, "a2/1"), node(made, "a2/2")
    assert (first.title, first.points, first.requirement, first.code) == ("甲", D("0.5"), "甲", "1.2-1")
    assert (second.title, second.points, second.requirement, second.code) == ("乙", D("1.5"), "做乙", "1.2-2")
    for piece in (first, second):
        assert (piece.lead, piece.cadence, piece.needs, piece.methods) == (
            "办公室", Cycle.QUARTER, (Need("纪要a2"),), (("材料审核", None),),
        )  # fmt: skip
    assert made.total == 5
    # a piece is corrected and split like any leaf, and undone with the whole
    choices = amend.with_node(choices, "a2/1", {"lead": "人事处"})
    assert node(mended(choices), "a2/1").lead == "人事处"
    choices = amend.with_split(
        choices, "a2/2", [{"title": "丙", "points": "1"}, {"title": "丁", "points": "0.5"}]
    )
    assert "a2/2/2" in keys(choices)
    choices = amend.without_split(choices, "a2")
    assert choices["nodes"] == {} and "a2" in keys(choices)


def test_a_split_of_one_or_none_and_of_a_group_is_none() -> None:
    assert "a2" in keys({"nodes": {"a2": {"split": []}}}) and "a2" in keys(
        {"nodes": {"a2": {"split": False}}}
    )
    assert "A" in keys({"nodes": {"A": {"split": [{"title": "x"}, {"title": "y"}]}}})
    made = mended({"nodes": {"a2": {"split": [{"title": "甲"}, {"title": "乙", "points": "2"}]}}})
    assert node(made, "a2/1").points is None and any(one.kind == "points_missing" for one in made.warnings)


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("①制定方案，有台账；②召开会议；③总结", ["制定方案", "召开会议", "总结"]),
        ("做好下列工作：（1）建制度（2）抓落实", ["建制度", "抓落实"]),
        ("（一）学习：每月；（二）培训", ["学习", "培训"]),
        ("1.学习。2.培训；", ["学习", "培训"]), ("学习制度健全；培训记录完整", ["学习制度健全", "培训记录完整"]),
        ("学习\n培训", ["学习", "培训"]), ("每季度学习一次，得0.5分", []), ("", []),
    ],
)  # fmt: skip
def test_places_to_split_are_proposed(text: str, titles: list[str]) -> None:
    found = proposed(leaf("x", None, "1", "3", requirement=text))
    assert [one["title"] for one in found] == titles
    assert all(one["points"] == f"{D(3) / len(titles):f}" for one in found)


def test_shares_that_do_not_come_out_even_are_left_to_the_clerk() -> None:
    assert [one["points"] for one in proposed(leaf("x", None, "1", "1", requirement="甲；乙；丙"))] == [
        "",
        "",
        "",
    ]
    assert [one["points"] for one in proposed(leaf("x", None, "1", "0.25", requirement="甲；乙"))] == [
        "0.125",
        "0.125",
    ]


def test_join_adds_points_and_unites_what_they_hold() -> None:
    choices = amend.with_node({}, "a1", {"join": ["a2", "c1", "nothing", "a1", "B"]})
    made = mended(choices)
    one = node(made, "a1")
    assert [item.key for item in made.nodes] == ["A", "a1", "a3", "B", "C"]
    assert one.points == 4 and one.requirement == "要求a1\n要求a2\n要求c1" and one.lead == "办公室"
    assert one.co == ("法规处", "人事处") and [need.name for need in one.needs] == [
        "纪要a1",
        "纪要a2",
        "通知",
    ]
    assert made.total == 5 and any(warning.kind == "empty_group" for warning in made.warnings)
    assert keys(amend.without_node(choices, "a1", "join")) == [item.key for item in reading().nodes]


def test_join_of_a_gap_stays_a_gap() -> None:
    choices = {"nodes": {"a1": {"join": ["a2"]}, "a2": {"points": None}}}
    assert node(mended(choices), "a1").points is None


def test_only_neighbours_of_one_group_join() -> None:
    nodes = reading().nodes
    assert [one.key for one in neighbours(nodes, ["a3", "a2"])] == ["a2", "a3"]
    for wrong in (["a1"], ["a1", "a3"], ["a3", "c1"], ["A", "a1"], ["a1", "zz"]):
        with pytest.raises(Refused):
            neighbours(nodes, wrong)


def test_moves_go_to_their_place_and_the_last_one_counts() -> None:
    assert keys({"nodes": {"a3": {"before": "a1"}}}) == ["A", "a3", "a1", "a2", "B", "C", "c1"]
    assert keys({"nodes": {"a1": {"before": ""}}}) == ["A", "a2", "a3", "a1", "B", "C", "c1"]
    assert keys({"nodes": {"c1": {"before": "a2"}}}) == ["A", "a1", "c1", "a2", "a3", "B", "C"]
    choices: Json = {}
    for key, row in (("a3", ["a3", "a1", "a2"]), ("a2", ["a2", "a3", "a1"]), ("a3", ["a3", "a2", "a1"])):
        choices = amend.with_place(choices, node(mended(choices), key), "A", row)
        assert keys(choices)[1:4] == row
    assert choices["rows"] == {"A": ["a3", "a2", "a1"]} and not choices.get("nodes")
    choices = amend.with_place(choices, node(mended(choices), "c1"), "A", ["a3", "c1", "a2", "a1", "gone"])
    assert keys(choices) == ["A", "a3", "c1", "a2", "a1", "B", "C"]
    moved = mended(amend.with_place({}, node(reading(), "C"), "", ["C", "A", "B"]))
    assert [one.key for one in moved.nodes] == ["C", "c1", "A", "a1", "a2", "a3", "B"]
    assert [one.level for one in moved.nodes[:2]] == [1, 2]
    assert keys({"nodes": {"a1": {"move_under": "gone"}, "a2": {"before": "gone"}}}) == [
        "A", "a1", "a3", "a2", "B", "C", "c1",
    ]  # fmt: skip


def test_circles_are_refused_however_many_moves_they_take() -> None:
    for nodes in (
        {"B": {"move_under": "B"}}, {"B": {"move_under": "C"}}, {"A": {"move_under": "C"}, "B": {"move_under": "A"}},
        {"B": {"before": "c1"}}, {"A": {"move_under": "C"}, "C": {"move_under": "A"}},
    ):  # fmt: skip
        with pytest.raises(Refused, match="自己下面"):
            mended({"nodes": nodes})
    with pytest.raises(Refused, match="不能移到那里"):
        mended({"nodes": {"a1": {"move_under": "c1"}}})


def test_groups_and_leaves_are_added_and_filled() -> None:
    choices, area = amend.with_group({}, "", {"title": "方面丁"})
    choices, group = amend.with_group(choices, area, {"title": "组戊"})
    choices, one = amend.with_leaf(choices, group, {"title": "新项", "points": "2"})
    choices = amend.with_place(choices, node(mended(choices), area), "", [area, "A", "B"])
    made = mended(choices)
    assert [item.key for item in made.nodes][:3] == [area, group, one] == ["+1", "+2", "+3"]
    assert [item.is_leaf for item in made.nodes][:3] == [False, False, True] and made.total == 7
    assert len({item.code for item in made.nodes}) == len(made.nodes)
    assert not {area, group, one} & set(
        keys({"nodes": {k: v for k, v in choices["nodes"].items() if k != area}})
    )


def test_deleting_takes_all_beneath_and_restoring_brings_it_back() -> None:
    choices = amend.with_node({}, "B", {"delete": True})
    assert keys(choices) == ["A", "a1", "a2", "a3"]
    assert keys(amend.without_node(choices, "B", "delete")) == [item.key for item in reading().nodes]


def test_what_is_set_by_hand_is_certain_no_longer_and_agreeing_changes_nothing() -> None:
    choices = amend.with_agreed({}, {"a1": ["lead", "points"]})
    choices = amend.with_agreed(choices, {"a1": ["lead", "cadence"]})
    made = node(mended(choices), "a1")
    assert made.agreed == ("lead", "points", "cadence") and made.certain["lead"] == "guess"
    assert amend.touched(Choices.from_json(choices)) == set()
    choices = amend.with_node(choices, "a1", {"lead": "法规处", "times": 2})
    assert set(node(mended(choices), "a1").certain) == {"points"}
    choices = amend.without_agreed(choices, "a1", "points")
    assert node(mended(choices), "a1").agreed == ("lead", "cadence")
    assert amend.with_header(amend.with_header({}, "责任", "lead"), "责任", "") == {"headers": {}}


@pytest.mark.parametrize(
    "change", [{"key": "x"}, {"certain": {}}, {"sources": {}}, {"agreed": 3}, {"level": 2}]
)
def test_what_a_clerk_cannot_set_is_refused(change: Json) -> None:
    with pytest.raises(Refused):
        mended({"nodes": {"a1": change}})
