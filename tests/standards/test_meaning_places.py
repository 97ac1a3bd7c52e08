"""Whom further words of standards mean in an agency of sections, groups and offices: written before the matcher was."""

import pytest

from taizhang.standards.rules.matching import Certainty, Matcher, Place

SURE, LIKELY, NONE = Certainty.SURE, Certainty.LIKELY, Certainty.NONE
PLACES = [
    Place(1, ("办公室", ""), "department"),
    Place(2, ("人事科", ""), "department"),
    Place(3, ("宣传教育科", "宣教科"), "department"),
    Place(4, ("计划财务科", "财务科"), "department"),
    Place(5, ("政策法规科", "法规科"), "department"),
    Place(6, ("机关党委", ""), "party_body"),
    Place(7, ("机关纪委", ""), "party_body"),
    Place(8, ("机关工会", ""), "union"),
    Place(9, ("机关团委", ""), "union"),
    Place(10, ("创建办", ""), "office"),
    Place(11, ("机关服务中心", ""), "other"),
    Place(12, ("机关妇委会", ""), "union"),
    Place(21, ("第一党支部", ""), "branch"),
    Place(22, ("离退休党支部", ""), "branch"),
]
GROUPS = {"文明单位创建工作领导小组办公室": 10, "综合协调组": 10}
MATCHER = Matcher.of(PLACES, GROUPS)

ONE: list[tuple[str, int | None, Certainty]] = [
    ("人事科", 2, SURE), ("人事处", 2, LIKELY), ("人事部", 2, LIKELY), ("法规处", 5, LIKELY), ("财务处", 4, LIKELY), ("财务部门", 4, LIKELY), ("宣教科", 3, SURE), ("宣教处", 3, LIKELY),
    ("办公室（创建办）", 1, LIKELY), ("创建办（办公室）", 10, LIKELY), ("创建办", 10, SURE), ("文明办", 10, LIKELY), ("创建办公室", 10, LIKELY), ("文明创建办", 10, LIKELY),
    ("文明单位创建工作领导小组办公室", 10, LIKELY), ("党办", 6, LIKELY), ("机关党委办公室", 6, LIKELY), ("直属机关党委", 6, LIKELY), ("局机关党委", 6, LIKELY), ("纪委", 7, LIKELY), ("工会", 8, LIKELY), ("团委", 9, LIKELY),
    ("妇委会", 12, LIKELY), ("局办公室", 1, LIKELY), ("办公室等", 1, LIKELY), ("★办公室", 1, SURE), ("服务中心", 11, LIKELY), ("离退休支部", 22, LIKELY), ("离退休干部党支部", None, NONE),
    ("组织人事科", None, NONE), ("妇儿工委办公室", None, NONE), ("纪检监察组", None, NONE), ("所属单位", None, NONE), ("全体党员", None, NONE), ("综合协调组", 10, LIKELY), ("市直机关工委", None, NONE),
    ("团支部", None, NONE), ("人事科、财务科", 2, LIKELY), ("办公室 机关党委", 1, LIKELY),
]  # fmt: skip
MANY: list[tuple[str, str]] = [
    ("各科室", "department"), ("各处室", "department"), ("各部门", "department"), ("各股室", "department"), ("机关各科室", "department"), ("各科室（单位）", "department"), ("各处室、直属单位", "department"),
    ("各支部", "branch"), ("各党支部", "branch"), ("每个支部", "branch"), ("各基层党组织", "branch"), ("所有科室", "department"), ("各科室负责人", "department"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "unit", "certainty"), ONE)
def test_one(words: str, unit: int | None, certainty: Certainty) -> None:
    found = MATCHER.match(words)
    assert (found.unit_id, found.certainty) == (unit, certainty)
    assert not found.performers


@pytest.mark.parametrize(("words", "per"), MANY)
def test_many(words: str, per: str) -> None:
    found = MATCHER.match(words)
    assert found.unit_id is None and found.performers and found.per == per


def test_what_two_sections_could_mean_stays_open() -> None:
    two = Matcher.of([Place(1, ("人事科", ""), "department"), Place(2, ("人事处", ""), "department")])
    assert two.match("人事部").unit_id is None
    assert set(two.match("人事部").near) == {"人事科", "人事处"}
    assert MATCHER.match("组织人事科").near[0] == "人事科"
