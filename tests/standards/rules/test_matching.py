"""Whom the words of a standard mean in an agency."""

import pytest

from taizhang.standards.rules.matching import Certainty, Matcher, Place

SURE, LIKELY, NONE = Certainty.SURE, Certainty.LIKELY, Certainty.NONE
PLACES = [
    Place(1, ("办公室", ""), "department", "办公室"),
    Place(2, ("人事处", "人事"), "department", "人事处"),
    Place(3, ("综合业务处", ""), "department", "业务处室"),
    Place(4, ("行政审批处", "审批处"), "department", "业务处室"),
    Place(5, ("信息中心", ""), "department", "网络安全办、信息化办"),
    Place(6, ("机关党委", ""), "party_body"),
    Place(7, ("机关工会", ""), "union"),
    Place(8, ("文明单位创建工作领导小组办公室", "创建办"), "office"),
    Place(11, ("第一党支部", ""), "branch"),
    Place(12, ("第二党支部", ""), "branch"),
    Place(20, ("第十党支部", ""), "branch"),
]
MATCHER = Matcher.of(PLACES)
BRANCHES, DEPARTMENTS = (11, 12, 20), (1, 2, 3, 4, 5, 6)


@pytest.mark.parametrize(
    ("words", "unit", "certainty"),
    [
        ("办公室", 1, SURE),
        ("办 公　室", 1, SURE),
        ("审批处", 4, SURE),  # the short name
        ("网络安全办", 5, SURE),  # what the roster says it answers to
        ("信息化办", 5, SURE),
        ("创建办", 8, SURE),
        ("牵头单位：人事处", 2, SURE),
        ("责任处室:人事处", 2, SURE),
        ("办公室（创建办）", 1, LIKELY),
        ("宣传处(人事处)", 2, LIKELY),
        ("人事处【牵头】", 2, LIKELY),
        ("机关办公室", 1, LIKELY),
        ("办公室主任", 1, LIKELY),
        ("工会", 7, LIKELY),
        ("党委", 6, LIKELY),
        ("创建办公室", 8, LIKELY),
        ("一支部", 11, LIKELY),
        ("机关第十支部", 20, LIKELY),
        ("第2党支部", 12, LIKELY),
        ("办公室、人事处", 1, LIKELY),  # the first named leads
        ("人事处和办公室", 2, LIKELY),
    ],
)
def test_one_unit(words: str, unit: int, certainty: Certainty) -> None:
    match = MATCHER.match(words)
    assert (match.unit_id, match.certainty, match.per) == (unit, certainty, "unit")


@pytest.mark.parametrize(
    ("words", "performers", "per"),
    [
        ("各支部", BRANCHES, "branch"),
        ("各党支部", BRANCHES, "branch"),
        ("各基层党组织", BRANCHES, "branch"),
        ("支部", BRANCHES, "branch"),
        ("各处室", DEPARTMENTS, "department"),
        ("各处（室）", DEPARTMENTS, "department"),
        ("各处科室", DEPARTMENTS, "department"),
        ("机关各部门", DEPARTMENTS, "department"),
        ("各有关单位", DEPARTMENTS, "department"),
        ("业务处室", (3, 4), "department"),
        ("各业务处室", (3, 4), "department"),
        ("有关业务科室", (3, 4), "department"),
        ("各处室、各支部", (*DEPARTMENTS, *BRANCHES), "department"),
    ],
)
def test_many_units(words: str, performers: tuple[int, ...], per: str) -> None:
    match = MATCHER.match(words)
    assert (match.unit_id, match.performers, match.per) == (None, performers, per)
    assert match.certainty is (LIKELY if "、" in words else SURE)


@pytest.mark.parametrize("words", ["", "　", "妇儿工委办公室", "全体党员", "督查室", "处", "第三十支部"])
def test_nobody(words: str) -> None:
    match = MATCHER.match(words)
    assert not match.found and match.certainty is NONE


def test_near_names_are_offered() -> None:
    assert MATCHER.match("综合科").near[0] == "综合业务处"
    assert "人事处" in MATCHER.match("人事教育处").near


def test_a_name_that_two_units_bear_is_not_sure() -> None:
    twice = Matcher.of([Place(1, ("综合科", ""), "department"), Place(2, ("综合科", ""), "department")])
    assert twice.match("综合科").certainty is LIKELY


def test_a_full_name_counts_before_anothers_short_name() -> None:
    two = Matcher.of(
        [Place(1, ("老干部办公室", "办公室"), "department"), Place(2, ("办公室", ""), "department")]
    )
    match = two.match("办公室")
    assert (match.unit_id, match.certainty) == (2, SURE)


def test_an_agency_without_branches() -> None:
    assert not Matcher.of([Place(1, ("办公室", ""), "department")]).match("各支部").found
    assert not Matcher.of([]).match("办公室").found
