"""The matching against revisions written by hand, and what must not mislead it: levels shifted, a like neighbour."""

import time
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from taizhang.standards.rules.editions import CHANGED, GONE, JOINED, MOVED, NEW, SPLIT, Pair, changes, match
from taizhang.standards.rules.tree import Node
from taizhang.standards.sheets.read import read

from .revise import revision
from .revisions_by_hand import NAMES, by_hand
from .test_editions import said, tree

LONG = Path(__file__).parents[1] / "fixtures" / "documents" / "three-hundred.docx"


def codes(pair: Pair) -> tuple[str | None, str | None]:
    return pair.old and pair.old[1:], pair.new and pair.new[1:]


def test_by_hand() -> None:
    there: Counter[str] = Counter()
    right: Counter[str] = Counter()
    wrong, doubtful, pairs = [], 0, 0
    for name in NAMES:
        old, new, truth = by_hand(name)
        found = {codes(one): one for one in match(old, new)}
        there.update(truth.values())
        right.update(kind for pair, kind in truth.items() if pair in found and found[pair].kind == kind)
        wrong += [(name, pair) for pair, one in found.items() if one.sure and truth.get(pair) != one.kind]
        doubtful += sum(not one.sure for one in found.values())
        pairs += len(found)
    for kind, count in there.items():
        print(f"{kind:8} {right[kind]}/{count}")
        assert right[kind] >= 0.93 * count, kind
    print(f"doubtful {doubtful} of {pairs}")
    assert wrong == []
    assert doubtful <= 0.15 * pairs


# ---- one file read with other levels than the other


def rooted(nodes: list[Node]) -> list[Node]:
    """The title of the standard taken for an area above all."""
    top = Node("root", None, 1, "0", "", "创建标准")
    return [top, *(replace(one, parent=one.parent or "root", level=one.level + 1) for one in nodes)]


def flat(nodes: list[Node]) -> list[Node]:
    """Without sections."""
    by = {one.key: one for one in nodes}

    def top(one: Node) -> Node:
        return top(by[one.parent]) if one.parent else one

    kept = [one for one in nodes if one.is_leaf or not one.parent]
    return [replace(one, parent=top(one).key, level=2) if one.is_leaf else one for one in kept]


@pytest.mark.parametrize("name", ["health", "safety", "school", "union", "women"])
def test_levels_read_otherwise_move_nothing(name: str) -> None:
    old, new, _ = by_hand(name)
    kinds = said(match(old, new))
    for was, now in ((rooted(old), new), (old, rooted(new)), (flat(old), new), (old, flat(new))):
        assert said(match(was, now)) == kinds


# ---- what looks like a cut


AROUND = [
    ("用餐管理", "食堂按用餐人数采购、做餐、配餐", "4"),
    ("公车管理", "公务用车定点加油、一车一卡", "4"),
    ("诚信档案", "建立干部诚信档案，无失信被执行人", "3"),
]


@pytest.mark.parametrize(
    ("was", "now", "beside"),
    [
        (("应急演练", "每半年组织一次应急演练并评估", "4"), ("应急演练", "每年组织一次应急演练并评估", "3"), ("应急培训", "每年组织一次应急培训并考核", "2")),
        (("健康讲座", "每季度举办健康知识讲座", "4"), ("健康讲座", "每半年举办健康知识讲座", "3"), ("健康科普", "每季度发布健康科普文章", "1")),
        (("道德讲堂", "每季度举办一期道德讲堂", "4"), ("道德讲堂", "每半年举办一期道德讲堂", "3"), ("市民课堂", "每季度举办一期市民课堂", "2")),
        (("党务公开", "每季度公开党务事项", "3"), ("党务公开", "每月公开党务事项", "2"), ("政务公开", "每季度公开政务事项", "2")),
        (("隐患排查", "每月排查安全隐患，建立台账", "5"), ("隐患排查", "每周排查安全隐患，建立台账清单", "4"), ("隐患举报", "建立安全隐患举报奖励制度", "1")),
        (("消防安全", "消防设施完好，每学期疏散演练一次", "5"), ("消防安全", "消防设施完好有效，每月疏散演练一次", "3"), ("用电安全", "用电设施完好，无私拉乱接", "2")),
        (("院落整洁", "办公院落干净有序，无乱堆乱放", "5"), ("院落整洁", "办公院落干净有序，无乱堆乱放，车辆停放整齐", "4"), ("楼道整洁", "楼道干净，无乱堆乱放", "2")),
    ],
)  # fmt: skip
def test_a_like_neighbour_is_never_surely_a_piece(
    was: tuple[str, str, str], now: tuple[str, str, str], beside: tuple[str, str, str]
) -> None:
    old = tree(("甲", [AROUND[0], was]), ("乙", AROUND[1:]))
    new = tree(("甲", [AROUND[0], now, beside]), ("乙", AROUND[1:]), prefix="n")
    for one, other in ((old, new), (new, old)):
        assert not any(pair.sure for pair in match(one, other) if pair.kind in (SPLIT, JOINED))


def test_cut_and_put_together_in_other_words_and_with_other_points() -> None:
    old = tree(
        ("甲", [AROUND[0], ("全程记录", "执法现场全过程音像记录，设备完好", "4"), ("法制审核", "重大执法决定法制审核率达到100%", "5")]),
        ("乙", [AROUND[1], ("法治培训", "执法人员年度法治培训不少于60学时", "4"), AROUND[2]]),
    )  # fmt: skip
    new = tree(
        ("甲", [AROUND[0], ("全程记录与法制审核", "执法全过程音像记录，重大执法决定全部经过法制审核", "8")]),
        ("乙", [AROUND[1], ("执法人员集中培训", "年度集中法治培训不少于40学时", "3"), AROUND[2], ("执法人员网上培训", "年度网上法治培训不少于20学时", "2")]),
        prefix="n",
    )  # fmt: skip
    kinds = said(match(old, new))
    assert {pair: kind for pair, kind in kinds.items() if kind in (SPLIT, JOINED)} == {
        ("o1.2", "n1.2"): JOINED, ("o1.3", "n1.2"): JOINED, ("o2.2", "n2.2"): SPLIT, ("o2.2", "n2.4"): SPLIT,
    }  # fmt: skip


# ---- the same, from another kind of file


def test_what_one_file_does_not_say_is_no_change() -> None:
    old, new, _ = by_hand("women")
    leaf = next(one for one in old if one.is_leaf)
    full = replace(leaf, lead="工会", co=("妇联",), methods=(("材料审核", None), ("实地考察", None)))
    assert changes(leaf, full) == changes(full, leaf) == []
    assert (
        changes(full, replace(full, methods=full.methods[::-1], certain={"points": "guess"}, where="表1!B2"))
        == []
    )
    other = replace(full, lead="团委", co=("科协",), methods=(("问卷调查", None),), points=Decimal("4.5"))
    assert [one[0] for one in changes(full, other)] == ["points", "lead", "co", "methods"]


# ---- three hundred


def test_three_hundred_in_less_than_a_second() -> None:
    old = read(LONG.read_bytes(), LONG.name).nodes
    revised = revision(old, 3, 2.4)
    begun = time.process_time()
    found = match(old, revised.nodes)
    spent = time.process_time() - begun
    print(f"{spent:.2f} s")
    assert spent < 1
    kinds = Counter(one.kind for one in found)
    assert sum(revised.truth.get((one.old, one.new)) == one.kind for one in found) >= 0.98 * len(found)
    assert min(kinds[kind] for kind in (CHANGED, MOVED, NEW, GONE)) > 3
