"""新旧对照: what is saved of a revision, what is refused, and the pages on which it is confirmed and read."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from taizhang.kit import files
from taizhang.kit.errors import NotPermitted, Refused, Stale
from taizhang.org.queries import system_user
from taizhang.standards import actions, queries
from taizhang.standards.models import (
    Draft,
    Edition,
    EditionState,
    Indicator,
    Match,
    Requirement,
    Standard,
    Strand,
)
from taizhang.standards.rules.tree import Node, Reading
from taizhang.standards.sheets.read import read
from tests.people import City

from .editions import workbook
from .revise import revision
from .world import edition, reading

OLD = [
    [
        "Ⅰ-1 组织领导（3.4分）",
        "Ⅱ-1 领导责任（1.5分）",
        "1.1.1",
        "专题研究：每季度专题研究一次创建工作，有纪要",
        0.52,
        "材料审核",
        "办公室",
    ],
    [None, None, "1.1.2", "机构设置：成立创建工作领导小组", 0.3, "材料审核", "创建办"],
    [None, None, "1.1.3", "月度调度：每月至少调度一次进展", 0.48, "材料审核", "法规处"],
    [None, None, "1.1.4", "审签制度：建立审签制度", 0.2, "材料审核", "法规处"],
    [None, "Ⅱ-2 规划制度（1.9分）", "1.2.1", "三年规划：制定届期创建规划", 0.3, "材料审核", "创建办"],
    [None, None, "1.2.2", "年度方案：每年一季度内印发年度方案", 0.45, "材料审核", "创建办"],
    [None, None, "1.2.3", "制度体系：建立例会、通报、材料管理等制度", 0.4, "材料审核", "创建办"],
    [
        "Ⅰ-2 活动（2分）",
        "Ⅱ-3 活动开展（2分）",
        "2.1.1",
        "一体推进：党建和创建同部署同考核",
        1,
        "材料审核",
        "机关党委",
    ],
    [None, None, "2.1.2", "支部活动：每月开展一次主题活动", 1, "实地考察", "各支部"],
]
NEW = [
    ["Ⅰ-1 组织领导（3.4分）", "Ⅱ-1 领导责任（1.5分）", "1.1.1", "专题研究：每月专题研究一次创建工作，有纪要", 0.6, "材料审核", "办公室"],
    [None, None, "1.1.2", "机构设置：成立创建工作领导小组", 0.3, "材料审核", "创建办"],
    [None, None, "1.1.3", "信访接待：领导干部定期接访下访，化解积案", 0.2, "材料审核", "法规处"],
    [None, None, "1.1.4", "月度调度：每月至少调度一次进展", 0.48, "材料审核", "法规处"],
    [None, "Ⅱ-2 规划制度（1.9分）", "1.2.1", "三年规划：制定届期创建规划", 0.3, "材料审核", "创建办"],
    [None, None, "1.2.2", "年度方案：每年一季度内印发年度方案", 0.45, "材料审核", "创建办"],
    [None, None, "1.2.3", "制度体系：建立例会、通报、材料管理等制度", 0.4, "材料审核", "创建办"],
    [None, None, "1.2.4", "支部活动：每月开展一次主题活动", 1, "实地考察", "各支部"],
    ["Ⅰ-2 活动（2分）", "Ⅱ-3 活动开展（2分）", "2.1.1", "统筹推进：党建、创建统一安排，年底检查", 1, "材料审核", "机关党委"],
]  # fmt: skip


def stored(data: bytes) -> str:
    sha256: str = files.store().put([data], limit=10**8).sha256
    return sha256


@pytest.fixture
def base(people: City) -> Edition:
    """The agency's own first edition of sixteen leaves, with nothing doubtful in what follows it."""
    return edition(people.units["甲局"], 16, "甲标准")


def node(key: str, parent: str, title: str, text: str = "", points: str = "1", code: str = "") -> Node:
    return Node(
        key,
        parent,
        2,
        code or key,
        "",
        title,
        text,
        Decimal(points),
        True,
        True,
        methods=(("材料审核", None),),
        lead="办公室",
    )


def small(*leaves: Node, name: str = "小标准") -> Reading:
    groups = [
        Node(f"g{n}", None, 1, f"{n}", "", title, points=None)
        for n, title in ((1, "组织领导"), (2, "文明风尚"))
    ]
    nodes = [
        one for group in groups for one in (group, *(leaf for leaf in leaves if leaf.parent == group.key))
    ]
    total = sum((leaf.points or Decimal(0) for leaf in leaves), Decimal(0))
    return Reading(name, total, total, [], nodes)


FIRST = small(
    node("a", "g1", "专题研究", "党组每季度专题研究一次创建工作", code="1.1"),
    node("b", "g1", "制度建设", "建立例会、通报制度；建立材料管理和保密制度，专人负责", "2", code="1.2"),
    node("c", "g2", "志愿服务", "全年组织志愿服务活动不少于八次", code="2.1"),
    node("d", "g2", "文明餐桌", "食堂张贴节约标语，开展光盘行动", code="2.2"),
    node("e", "g2", "网络文明", "规范职工上网行为，抵制网络谣言", code="2.3"),
)
SECOND = small(
    node("n1", "g1", "专题研究", "党组每月专题研究一次创建工作", code="1.2"),
    node("n2", "g1", "例会通报", "建立例会、通报制度", code="1.1"),
    node("n3", "g1", "材料管理", "建立材料管理和保密制度，专人负责", code="1.3"),
    node("n4", "g2", "志愿服务", "全年组织志愿服务活动不少于八次", code="2.2"),
    node(
        "n5",
        "g2",
        "文明餐桌与网络文明",
        "食堂张贴节约标语，开展光盘行动；规范职工上网行为，抵制网络谣言",
        "2",
        code="2.1",
    ),
    node("n6", "g2", "心理关爱", "聘请咨询师坐班，设减压室", code="2.3"),
)


def take(people: City, found: Reading, label: str, base: Edition | None = None, **more: Any) -> Edition:
    made: Edition = actions.import_edition(
        people.units["甲局"], by=system_user(), reading=found, name="小标准", label=label, base=base, **more
    )
    return made


def strands(found: Edition) -> dict[str, int]:
    return dict(Indicator.objects.filter(edition=found).values_list("title", "strand_id"))


# ---- saving


def test_a_revision_carries_strands_and_writes_every_match(people: City) -> None:
    first = take(people, FIRST, "第1版")
    second = take(people, SECOND, "第2版", first)
    first.refresh_from_db()
    assert (first.state, second.state, second.base, second.standard) == (
        EditionState.REPLACED, EditionState.IN_FORCE, first, first.standard,
    )  # fmt: skip
    rows = {
        (old, new): (kind, main)
        for old, new, kind, main in Match.objects.filter(edition=second).values_list("old__title", "new__title", "kind", "main")
    }  # fmt: skip
    assert rows["专题研究", "专题研究"] == ("changed", True)
    assert rows["志愿服务", "志愿服务"] == ("same", True)
    assert rows[None, "心理关爱"] == ("new", True)
    assert {kind for (old, _), (kind, _) in rows.items() if old == "制度建设"} == {"split"}
    assert {kind for (_, new), (kind, _) in rows.items() if new == "文明餐桌与网络文明"} == {"joined"}
    assert sum(main for (old, _), (_, main) in rows.items() if old == "制度建设") == 1
    was, now = strands(first), strands(second)
    assert (
        now["专题研究"] == was["专题研究"]
        and now["组织领导"] == was["组织领导"]
        and now["文明风尚"] == was["文明风尚"]
    )
    assert (now["例会通报"] == was["制度建设"]) != (now["材料管理"] == was["制度建设"])
    assert now["文明餐桌与网络文明"] in (was["文明餐桌"], was["网络文明"])
    assert now["心理关爱"] not in was.values()
    assert queries.changes_of([second])[second.pk] == [
        ("same", 1), ("changed", 1), ("split", 1), ("joined", 1), ("new", 1),
    ]  # fmt: skip


def test_needs_keep_their_keys(people: City) -> None:
    call_command("samples")
    sample = Edition.objects.get(source_name="workers-home.xlsx")
    found = queries.reading_of(sample)
    leaf = next(one for one in found.nodes if len(one.needs) > 1)
    changed = [replace(one, needs=one.needs[1:]) if one.key == leaf.key else one for one in found.nodes]
    made = take(people, replace(found, nodes=changed), "修订", sample)
    name = leaf.needs[1].name
    keys = [
        Requirement.objects.get(indicator__edition=one, indicator__code=leaf.code, name=name).key for one in (sample, made)
    ]  # fmt: skip
    assert keys[0] == keys[1] == "1"


def test_a_revised_sample_becomes_the_agencys_own_with_the_samples_strands(people: City) -> None:
    call_command("samples")
    sample = Edition.objects.get(source_name="workers-home.xlsx")
    found = queries.reading_of(sample)
    made = take(people, found, "2021年版", sample)
    sample.refresh_from_db()
    assert sample.state == EditionState.IN_FORCE and made.base == sample
    assert made.standard.agency == people.units["甲局"] and not made.standard.sample
    assert strands(made) == strands(sample)
    assert not Strand.objects.filter(standard=made.standard).exists()
    assert not queries.editions_for(people.users["乙局石玲佳"]).filter(pk=made.pk).exists()
    with pytest.raises(Refused, match="本单位已有"):
        take(people, found, "2022年版", sample)
    again = take(people, found, "2022年版", made)
    assert again.standard == made.standard and Match.objects.filter(edition=again, kind="same").count() == 40


def test_a_known_name_asks_what_it_revises(people: City, base: Edition) -> None:
    with pytest.raises(Refused, match="选定旧版“第1版”"):
        edition_again(people, None, "第2版")
    with pytest.raises(Refused, match="换一个版本名"):
        edition_again(people, base, "第1版")
    edition_again(people, base, "第2版")
    with pytest.raises(Refused, match="改选“第2版”"):
        edition_again(people, base, "第3版")
    assert Standard.objects.count() == 1 and Edition.objects.count() == 2


def edition_again(people: City, base: Edition | None, label: str) -> Edition:
    made: Edition = actions.import_edition(
        people.units["甲局"],
        by=system_user(),
        reading=reading(16, "甲标准"),
        name="甲标准",
        label=label,
        base=base,
    )
    return made


def test_a_base_of_another_agency_is_refused(people: City) -> None:
    other = edition(people.units["乙局"], 5, "乙标准")
    by = people.users["石玲佳"]
    with pytest.raises(Refused, match="其他单位"):
        actions.begin(people.units["甲局"], by=by, source_name="a.xlsx", sha256="0" * 64, base=other)
    with pytest.raises(Refused, match="其他单位"):
        take(people, FIRST, "第1版", other)


def doubtful_draft(people: City) -> tuple[Draft, Reading]:
    """A leaf whose words are so changed that nobody can be sure."""
    first = take(people, FIRST, "第1版")
    nodes = [
        replace(one, title="公益行动", requirement="组织志愿者参加公益活动八次") if one.key == "n4" else one for one in SECOND.nodes
    ]  # fmt: skip
    made = actions.begin(
        people.units["甲局"], by=people.users["石玲佳"], source_name="a.xlsx", sha256="0" * 64, base=first
    )
    return made, replace(SECOND, nodes=nodes)


def test_doubtful_pairs_hold_up_the_saving(people: City) -> None:
    made, found = doubtful_draft(people)
    by = people.users["石玲佳"]
    with pytest.raises(Refused, match="没有确认") as caught:
        actions.save(made, by=by, reading=found, name="小标准", label="第2版")
    assert caught.value.problems and queries.doubtful_count(made, found) == len(caught.value.problems)
    with pytest.raises(Refused, match="没有确认"):
        take(people, found, "第2版", made.base)
    old = Indicator.objects.get(edition=made.base, title="志愿服务")
    actions.mend(made, by=by, choices={"pairs": {"n4": {"old": [str(old.pk)]}}})
    saved = actions.save(made, by=by, reading=found, name="小标准", label="第2版")
    row = Match.objects.get(edition=saved, new__title="公益行动")
    assert (row.old, row.kind, row.by_hand) == (old, "changed", True)
    assert strands(saved)["公益行动"] == old.strand_id


def test_doubtful_pairs_may_be_taken_as_proposed(people: City) -> None:
    made, found = doubtful_draft(people)
    saved = take(people, found, "第2版", made.base, accept_doubtful=True)
    assert Match.objects.filter(edition=saved, sure=False).exists()


def test_saved_once_from_two_windows(people: City, base: Edition) -> None:
    by = people.users["石玲佳"]
    made = actions.begin(people.units["甲局"], by=by, source_name="a.xlsx", sha256="0" * 64, base=base)
    other = Draft.objects.get(pk=made.pk)
    told = {"reading": reading(16, "甲标准"), "name": "甲标准", "label": "第2版"}
    saved = actions.save(made, by=by, seen=1, once="k", **told)
    assert actions.save(made, by=by, seen=1, once="k", **told) == saved
    with pytest.raises(Stale):
        actions.save(other, by=by, seen=1, once="l", **told)
    with pytest.raises(Refused, match="保存过了"):
        actions.save(other, by=by, **told)
    assert Edition.objects.count() == 2


def test_the_new_edition_is_not_valid_before_the_old(people: City) -> None:
    by = people.users["石玲佳"]
    first = actions.begin(people.units["甲局"], by=by, source_name="a.xlsx", sha256="0" * 64)
    old = actions.save(first, by=by, reading=FIRST, name="小标准", label="第1版", valid_from=date(2020, 1, 1))
    made = actions.begin(people.units["甲局"], by=by, source_name="b.xlsx", sha256="0" * 64, base=old)
    told = {"reading": SECOND, "name": "小标准", "label": "第2版"}
    with pytest.raises(Refused, match="早于旧版"):
        actions.save(made, by=by, valid_from=date(2019, 12, 31), **told)
    assert actions.save(made, by=by, valid_from=date(2020, 5, 1), **told).valid_from == date(2020, 5, 1)


def test_another_base_forgets_what_was_said(people: City, base: Edition) -> None:
    by = people.users["石玲佳"]
    made = actions.begin(people.units["甲局"], by=by, source_name="a.xlsx", sha256="0" * 64, base=base)
    actions.mend(made, by=by, choices={"accepted": ["x"], "pairs": {"a": {"old": []}}})
    other = edition(people.units["甲局"], 3, "别的标准")
    actions.set_base(made, by=by, base=other)
    assert made.choices == {"accepted": ["x"], "pairs": {}} and made.base == other
    with pytest.raises(NotPermitted):
        actions.set_base(made, by=people.users["朱辉斌"], base=None)


def test_comparison_over_two_revisions(people: City) -> None:
    first = take(people, FIRST, "第1版")
    second = take(people, SECOND, "第2版", first)
    third = take(people, SECOND, "第3版", second)
    found = queries.comparison(first, third)
    assert found.stored
    direct = [(one.kind, one.sure) for one in queries.comparison(first, second).pairs]
    assert sorted((one.kind, one.sure) for one in found.pairs) == sorted(direct)
    assert not queries.comparison(third, first).stored


# ---- the pages


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def draft(people: City) -> Draft:
    """甲局's second edition, imported and not yet compared."""
    by, agency = people.users["石玲佳"], people.units["甲局"]
    first = actions.begin(agency, by=by, source_name="第一版.xlsx", sha256=stored(workbook(OLD)))
    found = read(workbook(OLD), "第一版.xlsx")
    actions.save(first, by=by, reading=found, name="甲标准", label="第1版")
    made: Draft = actions.begin(agency, by=by, source_name="第二版.xlsx", sha256=stored(workbook(NEW)))
    return made


def compare(draft: Draft) -> str:
    return f"/standards/drafts/{draft.pk}/compare/"


def told(client: Client, draft: Draft, **data: Any) -> Any:
    draft.refresh_from_db()
    return client.post(f"{compare(draft)}pair/?show=doubt", {"seen": draft.version, **data})


def of(draft: Draft, title: str) -> Any:
    """The pair of the new leaf TITLE."""
    draft.refresh_from_db()
    found = queries.draft_comparison(draft, read(workbook(NEW), "第二版.xlsx"))
    key = next(one.key for one in found.new if one.title == title)
    return key, [one for one in found.pairs if one.new == key]


def test_a_base_is_chosen_then_pairs_are_confirmed_and_saved(draft: Draft, as_: Any) -> None:
    client = as_("石玲佳")
    said = text(client.get(compare(draft)))
    assert "这是哪份标准的新版" in said and "《甲标准》第1版" in said
    base = Edition.objects.get()
    answer = client.post(f"{compare(draft)}base/", {"base": str(base.pk), "seen": "1"})
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert draft.base == base
    said = text(client.get(f"{compare(draft)}?show=all"))
    for words in ("信访接待", "审签制度", "新增", "取消", "移位", "<ins>", "<del>", "旧版 9 项", "新版 9 项"):
        assert words in said, words
    # everything that is doubtful, by the page
    found = queries.draft_comparison(draft, read(workbook(NEW), "第二版.xlsx"))
    doubtful = sorted({one.new or f"gone:{one.old}" for one in found.pairs if not one.sure})
    assert doubtful
    refused = client.post(
        f"/standards/drafts/{draft.pk}/save/", {"name": "甲标准", "label": "第2版", "owner_kind": "creation"}
    )
    assert refused.status_code == 409 and "没有确认" in text(refused)
    assert told(client, draft, all="1", on=doubtful).status_code == 302
    draft.refresh_from_db()
    assert queries.doubtful_count(draft, read(workbook(NEW), "第二版.xlsx")) == 0
    assert "没有待确认的对应" in text(client.get(f"{compare(draft)}?show=doubt"))
    saved = client.post(
        f"/standards/drafts/{draft.pk}/save/", {"name": "甲标准", "label": "第2版", "owner_kind": "creation"}
    )
    assert saved.status_code == 302, text(saved)
    new = Edition.objects.get(label="第2版")
    assert new.base == base and new.matches.count() == len(found.pairs)
    assert client.get(compare(draft)).status_code == 302


def test_each_word_about_a_pair(draft: Draft, as_: Any) -> None:
    client = as_("石玲佳")
    actions.set_base(draft, by=draft.by, base=Edition.objects.get())
    key, _ = of(draft, "信访接待")
    # from two old leaves, one by its number, one as written in the list
    assert (
        told(client, draft, change=key, **{f"from:{key}": ["1.1.4", "1.2.3 制度体系", ""]}).status_code == 302
    )
    _, pairs = of(draft, "信访接待")
    assert [one.kind for one in pairs] == ["joined", "joined"] and all(one.by_hand for one in pairs)
    # what is not there is refused, and what was typed stays
    answer = told(client, draft, change=key, **{f"from:{key}": ["9.9.9 没有这一项"]})
    assert (
        answer.status_code == 409
        and "旧版里没有" in text(answer)
        and 'value="9.9.9 没有这一项"' in text(answer)
    )
    assert told(client, draft, undo=key).status_code == 302
    assert of(draft, "信访接待")[1][0].by_hand is False
    # none of the old: new
    assert told(client, draft, change=key, **{f"from:{key}": [""]}).status_code == 302
    assert of(draft, "信访接待")[1][0].kind == "new"
    # not the same after all
    key, _ = of(draft, "三年规划")
    assert told(client, draft, apart=key).status_code == 302
    assert of(draft, "三年规划")[1][0].kind == "new"
    old = Indicator.objects.get(title="三年规划", is_leaf=True)
    draft.refresh_from_db()
    assert draft.choices["pairs"][f"gone:{old.pk}"] == {}
    # what is gone goes on in another one
    assert (
        told(client, draft, change=f"gone:{old.pk}", **{f"from:gone:{old.pk}": ["1.2.2"]}).status_code == 302
    )
    assert [one.kind for one in of(draft, "年度方案")[1]] == ["joined", "joined"]
    # the enter key means the field that was filled in
    key, _ = of(draft, "制度体系")
    assert told(client, draft, enter="1", **{f"from:{key}": ["1.1.2 机构设置"]}).status_code == 302
    assert of(draft, "制度体系")[1][0].old == str(Indicator.objects.get(title="机构设置").pk)


def test_a_stale_page_and_a_strange_pair_are_refused(draft: Draft, as_: Any) -> None:
    client = as_("石玲佳")
    assert client.post(f"{compare(draft)}pair/", {"confirm": "x"}).status_code == 409
    actions.set_base(draft, by=draft.by, base=Edition.objects.get())
    key, _ = of(draft, "三年规划")
    assert client.post(f"{compare(draft)}pair/", {"confirm": "x"}).status_code == 409
    answer = client.post(f"{compare(draft)}pair/", {"confirm": key, "seen": "1"})
    assert answer.status_code == 409 and "他人修改" in text(answer)
    draft.refresh_from_db()
    assert not draft.choices.get("pairs")


def test_a_base_out_of_reach(people: City, draft: Draft, as_: Any) -> None:
    client = as_("石玲佳")
    other = edition(people.units["乙局"], 3, "乙标准")
    for wanted in (str(other.pk), "999999", "abc"):
        assert client.post(f"{compare(draft)}base/", {"base": wanted}).status_code == 404
    assert client.post(f"{compare(draft)}base/", {"base": ""}).status_code == 302
    for name in ("朱辉斌", "乙局石玲佳", "东县文明办", "系统管理员"):
        assert as_(name).get(compare(draft)).status_code == 404
        for part in ("base", "pair"):
            assert as_(name).post(f"{compare(draft)}{part}/").status_code == 404
            assert as_("石玲佳").get(f"{compare(draft)}{part}/").status_code == 405


def test_two_saved_editions_beside_each_other(people: City, as_: Any) -> None:
    first = take(people, FIRST, "第1版")
    second = take(people, SECOND, "第2版", first)
    path = f"/standards/{first.standard_id}/compare/"
    said = text(as_("朱辉斌").get(f"{path}?show=all"))
    for words in ("第1版 → 第2版", "拆分", "合并", "心理关爱", "<ins>", "导出 Excel", "打印全部"):
        assert words in said, words
    assert "改对应" not in said.replace("改对应</button>", "") and 'name="confirm"' not in said
    assert as_("朱辉斌").get(f"{path}?old={first.pk}&new={second.pk}&print=1").status_code == 200
    assert "没有保存过的对应关系" in text(as_("朱辉斌").get(f"{path}?old={second.pk}&new={first.pk}"))
    assert "两个不同的版本" in text(as_("朱辉斌").get(f"{path}?old={first.pk}&new={first.pk}"))
    foreign = edition(people.units["乙局"], 3, "乙标准")
    assert as_("朱辉斌").get(f"{path}?old={foreign.pk}").status_code == 404
    for name in ("乙局石玲佳", "系统管理员"):
        assert as_(name).get(path).status_code == 404 and as_(name).get(f"{path}export/").status_code == 404
    answer = as_("朱辉斌").get(f"{path}export/")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    rows = list(book["新旧对照"].values)
    assert rows[0][0] == "变化" and {row[0] for row in rows[1:]} == {"未变", "有改动", "拆分", "合并", "新增"}
    assert "周期" not in str(rows[1]) and [row[0] for row in book["汇总"].values][1:] == [
        "未变", "有改动", "移位", "拆分", "合并", "新增", "取消",
    ]  # fmt: skip
    alone = edition(people.units["甲局"], 3, "独一份")
    assert "只有一个版本" in text(as_("朱辉斌").get(f"/standards/{alone.standard_id}/compare/"))
    assert as_("朱辉斌").get(f"/standards/{alone.standard_id}/compare/export/").status_code == 404


def test_the_number_of_queries_does_not_grow(people: City, as_: Any) -> None:
    client, counts = as_("朱辉斌"), []
    for leaves in (10, 120):
        first = edition(people.units["甲局"], leaves, f"标准{leaves}")
        found = reading(leaves, f"标准{leaves}")
        nodes = [replace(one, requirement="新写的要求") if one.is_leaf else one for one in found.nodes]
        actions.import_edition(
            people.units["甲局"], by=system_user(), reading=replace(found, nodes=nodes), name="x", label="第2版", base=first,
            accept_doubtful=True,
        )  # fmt: skip
        client.get("/standards/")
        with CaptureQueriesContext(connection) as caught:
            assert client.get(f"/standards/{first.standard_id}/compare/?show=all&print=1").status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1] < 25, counts


def test_a_whole_revision_is_saved_and_shown_quickly(people: City, as_: Any) -> None:
    """259 leaves: every leaf of both editions in a match, every main match on one strand, the page small."""
    call_command("samples")
    sample = Edition.objects.get(source_name="civilised-unit.xlsx")
    found = queries.reading_of(sample)
    revised = revision(found.nodes, 4)
    made = take(people, replace(found, nodes=revised.nodes), "修订", sample, accept_doubtful=True)
    rows = list(
        Match.objects.filter(edition=made).values_list(
            "old_id", "new_id", "main", "old__strand_id", "new__strand_id"
        )
    )
    olds = set(Indicator.objects.filter(edition=sample, is_leaf=True).values_list("pk", flat=True))
    news = set(Indicator.objects.filter(edition=made, is_leaf=True).values_list("pk", flat=True))
    assert {row[0] for row in rows if row[0]} == olds and {row[1] for row in rows if row[1]} == news
    for old, new, main, was, now in rows:
        if old and new:
            assert (was == now) == main
    answer = as_("朱辉斌").get(f"/standards/{made.standard_id}/compare/?show=all")
    assert answer.status_code == 200 and len(answer.content) < 150_000


def test_a_new_edition_is_imported_from_the_page_of_its_standard(people: City, as_: Any) -> None:
    first = take(people, FIRST, "第1版")
    second = take(people, SECOND, "第2版", first)
    client, path = as_("石玲佳"), f"/standards/{first.standard_id}/"
    said = text(client.get(path))
    assert (
        f"/standards/import/?base={second.pk}&amp;agency={people.units['甲局'].pk}" in said
        and "导入新版" in said
    )
    assert "各版改了什么" in said and f"compare/?new={second.pk}&amp;show=split" in said
    assert "导入新版" not in text(as_("朱辉斌").get(path))
    assert f'<option value="{second.pk}" selected>' in text(
        client.get(f"/standards/import/?base={second.pk}")
    )
    file = SimpleUploadedFile("新版.xlsx", workbook(NEW))
    assert client.post("/standards/import/", {"file": file, "base": str(second.pk)}).status_code == 302
    assert Draft.objects.get().base == second
    foreign = edition(people.units["乙局"], 3, "乙标准")
    for wanted in (foreign.pk, first.pk, 999999, "x"):  # another agency's, one that was replaced, none at all
        file = SimpleUploadedFile("新版.xlsx", workbook(NEW))
        assert client.post("/standards/import/", {"file": file, "base": str(wanted)}).status_code == 404
    assert Draft.objects.count() == 1
