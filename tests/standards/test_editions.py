"""The matching of editions: nasty pairs written by hand, and revisions of the samples by a seeded editor."""

import time
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from taizhang.standards.rules.cadence import Cycle
from taizhang.standards.rules.editions import (
    CHANGED,
    GONE,
    JOINED,
    KINDS,
    MOVED,
    NEW,
    SAME,
    SPLIT,
    Pair,
    changes,
    confirm,
    diff,
    lines_of,
    match,
    match_groups,
    say_apart,
    say_from,
    strand_links,
    sums_of,
    unsay,
)
from taizhang.standards.rules.tree import Node
from taizhang.standards.sheets.read import read

from .revise import Score, revision

SAMPLES = Path(__file__).resolve().parents[2] / "taizhang" / "standards" / "samples"
NAMES = ("civilised-unit", "party-building", "workers-home")


@cache
def sample(name: str) -> list[Node]:
    path = SAMPLES / f"{name}.xlsx"
    return read(path.read_bytes(), path.name).nodes


def tree(*areas: tuple[str, list[tuple[str, str] | tuple[str, str, str]]], prefix: str = "o") -> list[Node]:
    """Areas with leaves (title, requirement, points); codes 1.1, 1.2 … as they stand."""
    nodes: list[Node] = []
    for n, (title, leaves) in enumerate(areas, 1):
        nodes.append(Node(f"{prefix}{n}", None, 1, str(n), "", title))
        for m, (name, text, *points) in enumerate(leaves, 1):
            worth = Decimal(points[0]) if points else Decimal(1)
            nodes.append(
                Node(f"{prefix}{n}.{m}", f"{prefix}{n}", 2, f"{n}.{m}", "", name, text, worth, True, True)
            )
    return nodes


def said(pairs: list[Pair]) -> dict[tuple[str | None, str | None], str]:
    return {(one.old, one.new): one.kind for one in pairs}


LEAD = ("专题研究", "党组每季度专题研究一次创建工作，有会议纪要")
STAFF = ("机构设置", "成立创建工作领导小组，配备专职人员")
PLAN = ("年度方案", "每年一季度内印发年度实施方案")
VOLUNTEER = ("志愿服务", "组建志愿服务队，全年开展活动不少于八次")
TABLE = ("文明餐桌", "食堂张贴节约标语，开展光盘行动")
NET = ("网络文明", "规范职工上网行为，抵制网络谣言")
OLD = tree(("组织领导", [LEAD, STAFF, PLAN]), ("文明风尚", [VOLUNTEER, TABLE, NET]))


# ---- by hand


def test_the_same_again_is_all_the_same() -> None:
    for name in NAMES:
        pairs = match(sample(name), sample(name))
        assert all(one.kind == SAME and one.sure and one.main and one.old == one.new for one in pairs)


def test_a_code_that_means_another_thing_now_never_matches() -> None:
    new = tree(("组织领导", [PLAN, LEAD, STAFF]), ("文明风尚", [NET, VOLUNTEER, TABLE]), prefix="n")
    found = match(OLD, new)
    assert said(found) == {
        ("o1.1", "n1.2"): SAME, ("o1.2", "n1.3"): SAME, ("o1.3", "n1.1"): SAME,
        ("o2.1", "n2.2"): SAME, ("o2.2", "n2.3"): SAME, ("o2.3", "n2.1"): SAME,
    }  # fmt: skip
    assert all(one.sure for one in found)
    fresh = tree(
        ("组织领导", [("反诈宣传", "职工安装反诈软件"), ("兵役登记", "适龄青年登记到位")]), prefix="n"
    )
    kinds = said(match(tree(("组织领导", [LEAD, STAFF])), fresh))
    assert set(kinds.values()) == {NEW, GONE}


def test_titles_swapped_follow_their_words_and_are_doubtful() -> None:
    new = tree(
        ("组织领导", [(STAFF[0], LEAD[1]), (LEAD[0], STAFF[1]), PLAN]),
        ("文明风尚", [VOLUNTEER, TABLE, NET]),
        prefix="n",
    )
    found = {one.old: one for one in match(OLD, new)}
    assert (found["o1.1"].new, found["o1.2"].new) == ("n1.1", "n1.2")
    assert not found["o1.1"].sure and not found["o1.2"].sure and found["o1.3"].sure


def test_one_title_in_several_sections_stays_in_its_own() -> None:
    old = tree(
        ("党建", [("组织领导", "党委定期研究党建"), ("阵地", "有党员活动室")]),
        ("工会", [("组织领导", "工会委员会健全"), ("阵地", "有职工之家")]),
    )
    new = tree(
        ("工会工作", [("阵地", "有职工之家"), ("组织领导", "工会委员会健全，按期换届")]),
        ("党建工作", [("阵地", "有党员活动室"), ("组织领导", "党委每季度研究党建")]),
        prefix="n",
    )
    kinds = said(match(old, new))
    assert kinds == {
        ("o1.1", "n2.2"): CHANGED,
        ("o1.2", "n2.1"): SAME,
        ("o2.1", "n1.2"): CHANGED,
        ("o2.2", "n1.1"): SAME,
    }
    bare = tree(("党建", [("组织领导", "")]), ("工会", [("组织领导", "")]))
    turned = tree(("工会", [("组织领导", "")]), ("党建", [("组织领导", "")]), prefix="n")
    assert said(match(bare, turned)) == {("o1.1", "n2.1"): SAME, ("o2.1", "n1.1"): SAME}


def test_moved_changed_and_both() -> None:
    cadence = (LEAD[0], LEAD[1].replace("每季度", "每月"))
    new = tree(
        ("组织领导", [cadence, STAFF, TABLE]),
        ("文明风尚", [VOLUNTEER, NET, (PLAN[0], PLAN[1] + "，并公开")]),
        prefix="n",
    )
    found = match(OLD, new)
    assert said(found) == {
        ("o1.1", "n1.1"): CHANGED, ("o1.2", "n1.2"): SAME, ("o2.2", "n1.3"): MOVED, ("o2.1", "n2.1"): SAME,
        ("o2.3", "n2.2"): SAME, ("o1.3", "n2.3"): MOVED,
    }  # fmt: skip


def test_an_area_renamed_and_put_elsewhere_moves_nothing() -> None:
    new = tree(("社会风尚引领", [VOLUNTEER, TABLE, NET]), ("加强领导保障", [LEAD, STAFF, PLAN]), prefix="n")
    assert {one.kind for one in match(OLD, new)} == {SAME}
    links = [(one.old, one.new) for one in match(OLD, new) if one.old and one.new]
    assert match_groups(OLD, new, links) == {"n1": "o2", "n2": "o1"}


def test_a_section_that_goes_to_another_area_moves_its_leaves() -> None:
    def deep(prefix: str, under: str) -> list[Node]:
        areas = [
            Node(f"{prefix}a", None, 1, "1", "", "组织领导"),
            Node(f"{prefix}b", None, 1, "2", "", "文明风尚"),
        ]
        section = Node(f"{prefix}s", f"{prefix}{under}", 2, "x", "", "志愿服务")
        leaf = replace(OLD[5], key=f"{prefix}l", parent=f"{prefix}s", level=3)
        other = replace(OLD[1], key=f"{prefix}m", parent=f"{prefix}a")
        third = replace(OLD[6], key=f"{prefix}n", parent=f"{prefix}b")
        rest = [section, leaf]
        return [
            areas[0],
            other,
            *(rest if under == "a" else []),
            areas[1],
            third,
            *(rest if under == "b" else []),
        ]

    kinds = said(match(deep("o", "b"), deep("n", "a")))
    assert kinds == {("ol", "nl"): MOVED, ("om", "nm"): SAME, ("on", "nn"): SAME}


def test_one_cut_in_two_and_two_put_together() -> None:
    long = ("制度建设", "建立例会、通报制度；建立材料管理和保密制度，专人负责归档", "2")
    old = tree(("组织领导", [LEAD, long, PLAN]), ("文明风尚", [VOLUNTEER, TABLE, NET]))
    new = tree(
        (
            "组织领导",
            [
                LEAD,
                ("例会通报", "建立例会、通报制度"),
                ("材料管理", "建立材料管理和保密制度，专人负责归档"),
                PLAN,
            ],
        ),
        ("文明风尚", [VOLUNTEER, ("餐桌与网络", f"{TABLE[1]}；{NET[1]}", "2")]),
        prefix="n",
    )
    found = match(old, new)
    kinds = said(found)
    assert (kinds["o1.2", "n1.2"], kinds["o1.2", "n1.3"]) == (SPLIT, SPLIT)
    assert (kinds["o2.2", "n2.2"], kinds["o2.3", "n2.2"]) == (JOINED, JOINED)
    assert [one.main for one in found if one.kind == SPLIT].count(True) == 1
    assert [one.main for one in found if one.kind == JOINED].count(True) == 1
    assert all(one.sure for one in found)
    # and backwards it is the other way round
    assert {k: v for k, v in said(match(new, old)).items() if v in (SPLIT, JOINED)} == {
        ("n1.2", "o1.2"): JOINED, ("n1.3", "o1.2"): JOINED, ("n2.2", "o2.2"): SPLIT, ("n2.2", "o2.3"): SPLIT,
    }  # fmt: skip


def test_a_new_leaf_beside_a_polished_one_is_no_split() -> None:
    new = tree(
        ("组织领导", [LEAD, STAFF, (PLAN[0], PLAN[1] + "，报上级备案"), ("经费保障", "创建经费列入预算，专款专用")]),
        ("文明风尚", [VOLUNTEER, TABLE, NET]), prefix="n",
    )  # fmt: skip
    kinds = said(match(OLD, new))
    assert kinds["o1.3", "n1.3"] == CHANGED and kinds[None, "n1.4"] == NEW


def test_wholly_reworded_in_its_place_is_proposed_but_never_sure() -> None:
    new = tree(
        ("组织领导", [LEAD, ("队伍建设", "设立创建办，人员到位，职责上墙"), PLAN]),
        ("文明风尚", [VOLUNTEER, TABLE, NET]),
        prefix="n",
    )
    one = next(one for one in match(OLD, new) if one.new == "n1.2")
    assert one.kind in (CHANGED, NEW) and not one.sure


def test_titles_that_are_the_beginning_of_the_requirement_and_one_word_titles() -> None:
    texts = ["每月组织一次集中学习", "每月组织一次志愿服务", "每月组织一次卫生检查"]
    old = tree(("活动", [(text[:8], text) for text in texts]))
    new = tree(("活动", [(text[:8], text + "，并有记录") for text in reversed(texts)]), prefix="n")
    assert said(match(old, new)) == {
        ("o1.1", "n1.3"): CHANGED,
        ("o1.2", "n1.2"): CHANGED,
        ("o1.3", "n1.1"): CHANGED,
    }
    old, new = (
        tree(("活动", [("学习", ""), ("服务", ""), ("卫生", "")])),
        tree(("活动", [("卫生", ""), ("学习", "")]), prefix="n"),
    )
    assert said(match(old, new)) == {("o1.1", "n1.2"): SAME, ("o1.2", None): GONE, ("o1.3", "n1.1"): SAME}


def test_only_points_or_cadence_or_punctuation() -> None:
    base = OLD[1]
    assert changes(base, replace(base, requirement=base.requirement.replace("，", "； "), code="9.9")) == []
    assert changes(base, replace(base, points=Decimal("2"))) == [("points", "分值", "1", "2")]
    assert changes(base, replace(base, cadence=Cycle.YEAR)) == []  # nothing said is once a year
    assert [one[0] for one in changes(base, replace(base, cadence=Cycle.MONTH))] == ["cadence"]
    assert [
        one[0] for one in changes(replace(base, requirement="1.5次"), replace(base, requirement="15次"))
    ] == ["requirement"]


def test_nothing_on_one_side() -> None:
    assert match([], []) == []
    assert {one.kind for one in match(OLD, [])} == {GONE} and {one.kind for one in match([], OLD)} == {NEW}
    assert all(one.sure for one in match([], OLD))


# ---- a clerk's word


def test_a_word_holds_and_the_rest_goes_on() -> None:
    new = tree(("组织领导", [LEAD, STAFF, PLAN]), ("文明风尚", [VOLUNTEER, TABLE, NET]), prefix="n")
    words = say_from({}, "n1.1", ["o1.1", "o1.2"])
    found = match(OLD, new, words)
    kinds = said(found)
    assert kinds["o1.1", "n1.1"] == kinds["o1.2", "n1.1"] == JOINED and kinds[None, "n1.2"] == NEW
    by = {one.new: one for one in found if one.new}
    assert by["n1.1"].by_hand and by["n1.1"].sure and by["n1.3"].kind == SAME and not by["n1.3"].by_hand
    assert said(match(OLD, new, unsay(words, "n1.1"))) == said(match(OLD, new))
    apart = say_apart({}, match(OLD, new), "n1.2")
    assert apart == {"n1.2": {"old": []}, "gone:o1.2": {}}
    assert said(match(OLD, new, apart))["o1.2", None] == GONE
    assert match(OLD, new, {"nowhere": {"old": ["o1.1"]}, "gone:x": {}, "n1.1": {"old": ["zzz"]}}) == match(
        OLD, new
    )
    assert "gone:o1.2" not in say_from(apart, "n1.1", ["o1.2"])


def test_confirming_a_piece_confirms_the_whole_split() -> None:
    long = ("制度建设", "建立例会、通报制度；建立材料管理和保密制度，专人负责归档", "2")
    new = tree(
        (
            "组织领导",
            [("例会通报", "建立例会、通报制度"), ("材料管理", "建立材料管理和保密制度，专人负责归档")],
        ),
        prefix="n",
    )
    old = tree(("组织领导", [long]))
    found = match(old, new)
    words = confirm({}, found, ["n1.1"])
    assert words == {"n1.1": {"old": ["o1.1"]}, "n1.2": {"old": ["o1.1"]}}
    again = match(old, new, words)
    assert said(again) == said(found) and all(one.by_hand and one.sure for one in again)


# ---- in words


def test_diff_marks_words_and_keeps_the_rest() -> None:
    assert diff("每季度一次", "每月一次") == [("=", "每"), ("-", "季度"), ("+", "月"), ("=", "一次")]
    for a, b in ((LEAD[1], STAFF[1]), ("", "新"), ("旧", ""), ("同", "同"), ("长" * 2000, "短")):
        parts = diff(a, b)
        assert "".join(text for op, text in parts if op != "+") == a
        assert "".join(text for op, text in parts if op != "-") == b


def test_lines_stand_in_the_order_of_the_new_edition_and_sums_add_up() -> None:
    new = tree(
        ("文明风尚", [VOLUNTEER, NET]), ("组织领导", [LEAD, ("反诈", "安装反诈软件", "3")]), prefix="n"
    )
    pairs = match(OLD, new)
    lines = lines_of(OLD, new, pairs)
    assert [(line.heading, (line.new or line.old).title) for line in lines if line.new or line.old] == [
        ("1 文明风尚", "志愿服务"), ("1 文明风尚", "文明餐桌"), ("1 文明风尚", "网络文明"), ("2 组织领导", "专题研究"),
        ("2 组织领导", "机构设置"), ("2 组织领导", "年度方案"), ("2 组织领导", "反诈"),
    ]  # fmt: skip
    sums = {one.kind: one for one in sums_of(OLD, new, pairs)}
    assert (sums[NEW].new, sums[NEW].new_points, sums[GONE].old, sums[SAME].new) == (1, Decimal(3), 3, 3)
    assert len(lines) == len(pairs)


# ---- revisions whose truth is known


def measure(share: float, seeds: int) -> tuple[dict[str, Score], Score, float]:
    """Of each kind, of the pairs called sure, and the longest time in seconds of CPU."""
    kinds: dict[str, Score] = defaultdict(Score)
    sure, longest = Score(), 0.0
    for name in NAMES:
        for seed in range(seeds):
            revised = revision(sample(name), seed, share)
            started = time.process_time()
            found = {(one.old, one.new): one for one in match(sample(name), revised.nodes)}
            longest = max(longest, time.process_time() - started)
            for pair, kind in revised.truth.items():
                kinds[kind].there += 1
                kinds[kind].right += pair in found and found[pair].kind == kind
            for pair, one in found.items():
                kinds[one.kind].found += 1
                sure.found += one.sure
                sure.right += one.sure and revised.truth.get(pair) == one.kind
    return kinds, sure, longest


@pytest.mark.parametrize(("share", "seeds", "least"), [(1.0, 5, 0.95), (2.4, 5, 0.93)])
def test_revisions_are_found(share: float, seeds: int, least: float) -> None:
    kinds, sure, longest = measure(share, seeds)
    for kind in KINDS:
        one = kinds[kind]
        print(f"{kind:8} {one.there:5} precision {one.precision:.3f} recall {one.recall:.3f}")
        assert one.precision >= least and one.recall >= least, kind
    print(f"sure {sure.found} right {sure.precision:.4f}, {longest:.2f} s")
    assert sure.precision >= 0.99
    assert longest < 2


def test_every_leaf_is_in_a_pair_and_strands_are_used_once() -> None:
    old = sample("civilised-unit")
    for seed in range(3):
        new = revision(old, seed, 2.4).nodes
        pairs = match(old, new)
        assert {one.old for one in pairs if one.old} == {node.key for node in old if node.is_leaf}
        assert {one.new for one in pairs if one.new} == {node.key for node in new if node.is_leaf}
        links = strand_links(pairs)
        assert len(set(links.values())) == len(links)
        assert pairs == match(old, new)
