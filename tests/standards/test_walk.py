"""The wizard, walked as a clerk does: choose a file, say what columns mean, mend, settle, save."""

from decimal import Decimal
from typing import Any

import pytest

from taizhang.journal.models import Entry
from taizhang.standards.models import Draft, Edition, Indicator, Requirement, Standard, Strand

from ..people import City
from .uploads import CIVILISED, as_, begun, book, changed, fields_of, said_in, small, upload

CLERK = "石玲佳"


def place(draft: Draft, verb: str = "", /, **query: str) -> str:
    return f"/standards/drafts/{draft.pk}/{verb}" + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else "")


def save(client: Any, draft: Draft, **more: Any) -> Any:
    draft.refresh_from_db()
    fields = {"name": "文明单位标准", "label": "2020年版", "owner_kind": "creation", "seen": draft.version}
    return client.post(place(draft, "save/"), fields | more)


def test_a_sound_file_is_saved_whole(people: City) -> None:
    client = as_(people, CLERK)
    draft = begun(client, CIVILISED, "全国文明单位测评标准.xlsx")
    page = client.get(place(draft, step="check"))
    words = said_in(page)
    assert "8 个方面" in words and "37 组" in words and "259 项" in words and "100" in words
    assert not Standard.objects.exists()
    answer = save(client, draft, valid_from="2020-01-01", stated_total="100")
    edition = Edition.objects.get()
    assert answer.status_code == 302 and answer.url == f"/standards/{edition.standard_id}/?edition={edition.pk}"
    leaves = Indicator.objects.filter(edition=edition, is_leaf=True)
    assert leaves.count() == 259 and sum(leaf.points for leaf in leaves) == Decimal(100)
    assert Strand.objects.count() == 259 + 37 + 8
    assert (edition.bars.count(), edition.eligibilities.count(), edition.bonuses.count()) == (22, 10, 8)
    assert edition.standard.agency == people.units["甲局"] and edition.source_name == "全国文明单位测评标准.xlsx"
    first = leaves.get(code="1.1.1")
    assert first.parent.level == 2 and first.parent.parent.level == 1 and first.where == "测评标准!D2"
    keys = list(Requirement.objects.filter(indicator=first).order_by("order").values_list("key", flat=True))
    assert keys == [str(n) for n in range(len(keys))] and keys
    draft.refresh_from_db()
    assert draft.edition == edition
    assert client.get(place(draft)).url.startswith(f"/standards/{edition.standard_id}/")
    assert list(Entry.objects.values_list("action", flat=True)) == ["standards.begin", "standards.save"]


def test_missing_points_are_filled_as_suggested(people: City) -> None:
    client = as_(people, CLERK)
    draft = begun(client, changed({"E3": None, "J5": "综合科"}))
    page = client.get(place(draft, step="check"))
    words = said_in(page)
    assert "的分值是空的" in words and "测评标准!" in words and "“综合科”" in words
    assert "还有 1 处不改不能保存" in words
    refused = save(client, draft)
    assert refused.status_code == 409 and not Standard.objects.exists()
    fault = next(one for one in page.context["doubts"] if one.severity == "must")
    [(verb, value, label)] = [act for act in fault.acts if act[0] == "apply"]
    assert label.startswith("填 ")
    client.post(place(draft, "warnings/"), {verb: value, "seen": draft.version})
    draft.refresh_from_db()
    assert "已改" in said_in(client.get(place(draft, step="check")))
    assert save(client, draft).status_code == 302
    whole = Indicator.objects.filter(is_leaf=True)
    assert sum(leaf.points for leaf in whole) == Decimal(3)


def test_an_unknown_department_is_renamed_everywhere(people: City) -> None:
    client = as_(people, CLERK)
    draft = begun(client, changed({f"J{row}": "综合科" for row in range(2, 8)}))
    page = client.get(place(draft, step="check"))
    doubt = next(one for one in page.context["doubts"] if "综合科" in one.text)
    assert "（6 项）" in doubt.text and doubt.unknown
    client.post(place(draft, "warnings/"), {"rename": doubt.unknown, f"to-{doubt.unknown}": "法规处", "seen": draft.version})
    assert save(client, draft).status_code == 302
    assert not Indicator.objects.filter(lead_text="综合科").exists()
    assert Indicator.objects.filter(lead_text="法规处").count() == 6


def test_a_column_gets_another_meaning(people: City) -> None:
    rows = [["方面", "指标", "要求", "甲", "乙"], *(["组织领导", f"事项{n}", f"开展第{n}项工作，并有记录", 3, 5] for n in range(8))]
    client = as_(people, CLERK)
    draft = begun(client, book(rows))
    page = client.get(place(draft, step="columns"))
    assert page.status_code == 200
    post = {"sheet": "测评标准", "act": "again", "col-3": "ignore", "col-4": "points", "seen": draft.version}
    answer = client.post(place(draft, "columns/"), post, follow=True)
    assert "8 项，合计 40 分" in said_in(answer)
    draft.refresh_from_db()
    assert draft.choices["sheets"]["测评标准"]["columns"] == {"3": "ignore", "4": "points"}
    auto = client.post(place(draft, "columns/"), {"sheet": "测评标准", "act": "auto", "seen": draft.version}, follow=True)
    assert auto.status_code == 200
    draft.refresh_from_db()
    assert draft.choices["sheets"] == {}


def test_a_sheet_is_set_aside(people: City) -> None:
    client = as_(people, CLERK)
    draft = begun(client, small())
    client.post(place(draft, "columns/"), {"sheet": "负面清单", "role": "ignored", "act": "again", "seen": draft.version})
    assert save(client, draft).status_code == 302
    assert Edition.objects.get().bars.count() == 0


def test_header_rows_out_of_the_sheet_are_refused(people: City) -> None:
    client = as_(people, CLERK)
    draft = begun(client, small())
    post = {"sheet": "测评标准", "header_first": "99999", "col-0": "area", "seen": draft.version}
    answer = client.post(place(draft, "columns/"), post)
    assert answer.status_code == 409 and "表头的行号要写成 1 到 11 的整数" in said_in(answer)
    assert 'value="99999"' in answer.content.decode()


@pytest.fixture
def draft(people: City) -> Draft:
    return begun(as_(people, CLERK), small())


def editor(client: Any, draft: Draft, code: str = "1.1.1") -> tuple[str, dict[str, Any]]:
    """The node of the leaf CODE and the fields of its form as they stand."""
    lines = client.get(place(draft, step="check")).context["lines"]
    url = next(line.url for line in lines if line.code == code and not line.group)
    page = client.get(url)
    fields = fields_of(page, place(draft, "node/"))
    return fields["node"], fields


def test_a_form_posted_untouched_changes_nothing(people: City, draft: Draft) -> None:
    client = as_(people, CLERK)
    for code in (*(f"1.1.{n}" for n in range(1, 6)), "1.2.5"):
        _, fields = editor(client, draft, code)
        answer = client.post(place(draft, "node/"), fields | {"act": "save"}, follow=True)
        assert "没有改动" in said_in(answer), code
    draft.refresh_from_db()
    assert draft.choices.get("nodes", {}) == {}


def test_every_field_of_a_leaf_can_be_mended(people: City, draft: Draft) -> None:
    client = as_(people, CLERK)
    key, fields = editor(client, draft)
    typed = {
        "title": "专题研究", "requirement": "每季一次", "points": "0.75", "code": "1.1.1a", "lead": "法规处", "co": "办公室、审批处",
        "cadence": "week", "times": "1", "target": "40", "per": "branch", "methods": "材料审核 60%、实地考察 40%", "rule_kind": "rate",
        "rate_target": "95", "rate_floor": "60", "rate_linear": "on", "mandatory": "on", "need-0-name": "会议纪要",
        "need-0-kind": "document", "need-0-least": "2", "need-0-doc_no": "on", "act": "save",
    }  # fmt: skip
    answer = client.post(place(draft, "node/"), fields | typed)
    assert answer.status_code == 302, said_in(answer)
    assert save(client, draft).status_code == 302
    leaf = Indicator.objects.get(code="1.1.1a")
    assert (leaf.title, leaf.points, leaf.lead_text, leaf.co_text) == ("专题研究", Decimal("0.75"), "法规处", "办公室、审批处")
    assert (leaf.cadence, leaf.times, leaf.target, leaf.per, leaf.mandatory) == ("week", 1, 40, "branch", True)
    assert leaf.rule == {"kind": "rate", "target": "95", "floor": "60", "linear": True}
    assert list(leaf.methods.values_list("name", "share")) == [("材料审核", Decimal(60)), ("实地考察", Decimal(40))]
    need = leaf.requirements.order_by("order").first()
    assert (need.name, need.kind, need.least, need.doc_no) == ("会议纪要", "document", 2, True)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"points": "两分"}, "分值要写成数字"),
        ({"points": "-1"}, "分值不能是负数"),
        ({"points": "0.1234"}, "最多 3 位小数"),
        ({"title": ""}, "请写名称"),
        ({"times": "0"}, "每期次数最少是 1"),
        ({"methods": "材料审核 160%"}, "占比不能超过 100%"),
        ({"rule_kind": "grade", "grade_levels": "优秀、良好"}, "每档都要有百分数"),
        ({"rule_kind": "survey", "survey_a": "90", "survey_b": ""}, "要写"),
        ({"need-0-name": "照片", "need-0-least": "零"}, "最少件数要写成 1 到 999 的整数"),
    ],
)
def test_what_does_not_fit_is_shown_again(people: City, draft: Draft, typed: dict[str, str], words: str) -> None:
    client = as_(people, CLERK)
    _, fields = editor(client, draft)
    answer = client.post(place(draft, "node/"), fields | {"requirement": "留住这些字"} | typed | {"act": "save"})
    page = answer.content.decode()
    assert answer.status_code == 409 and words in said_in(answer) and "留住这些字" in page
    draft.refresh_from_db()
    assert draft.choices.get("nodes", {}) == {}


def test_delete_restore_move_and_add(people: City, draft: Draft) -> None:
    client = as_(people, CLERK)
    key, _ = editor(client, draft, "1.1.2")

    def post(**fields: str) -> Any:
        draft.refresh_from_db()
        return client.post(place(draft, "node/"), {"seen": draft.version, "node": key, **fields}, follow=True)

    def leaves() -> int:
        return client.get(place(draft, step="check")).context["leaves"]

    assert "已删除" in said_in(post(act="delete")) and leaves() == 9
    post(act="restore")
    assert leaves() == 10
    answer = post(act="add", **{"new-title": "漏掉的一项", "new-points": "0.2"})
    assert "已新增“漏掉的一项”" in said_in(answer) and leaves() == 11
    group = next(line for line in client.get(place(draft, step="check")).context["lines"] if line.group and line.level == 2 and "规划" in line.title)
    under = client.get(group.url).context["node"].key
    draft.refresh_from_db()
    _, fields = editor(client, draft, "1.1.2")
    client.post(place(draft, "node/"), fields | {"move": under, "act": "save"})
    assert save(client, draft).status_code == 302
    assert Indicator.objects.get(code="1.1.2").parent.title == group.title
    assert Indicator.objects.get(title="漏掉的一项").points == Decimal("0.2")


def test_a_stale_tab_is_refused_and_keeps_what_was_typed(people: City, draft: Draft) -> None:
    first, second = as_(people, CLERK), as_(people, "马华斌")
    _, mine = editor(first, draft)
    _, theirs = editor(second, draft)
    assert second.post(place(draft, "node/"), theirs | {"title": "别人先改", "act": "save"}).status_code == 302
    late = first.post(place(draft, "node/"), mine | {"title": "我后改的", "act": "save"})
    assert late.status_code == 409 and "刚被他人修改过" in said_in(late) and "我后改的" in late.content.decode()
    draft.refresh_from_db()
    [change] = draft.choices["nodes"].values()
    assert change["title"] == "别人先改"


def test_a_draft_survives_the_logout(people: City, draft: Draft) -> None:
    client = as_(people, CLERK)
    _, fields = editor(client, draft)
    client.post(place(draft, "node/"), fields | {"title": "改过的名称", "act": "save"})
    client.post("/org/logout/")
    again = as_(people, CLERK)
    assert "标准.xlsx" in said_in(again.get("/standards/"))
    assert "改过的名称" in said_in(again.get(place(draft, step="check")))


def test_a_double_click_saves_once(people: City, draft: Draft) -> None:
    client = as_(people, CLERK)
    answers = [save(client, draft, once="one-key", seen=1) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302] and answers[0].url == answers[1].url
    assert Edition.objects.count() == 1


def test_the_same_name_is_the_next_edition(people: City) -> None:
    client = as_(people, CLERK)
    for label, data in (("2019年版", small()), ("2020年版", changed({"D2": "换了名称：每季度一次"}))):
        assert save(client, begun(client, data), label=label).status_code == 302
    old, new = Edition.objects.order_by("pk")
    assert (old.standard, old.state, new.state) == (new.standard, "replaced", "in_force")
    strands = {edition.pk: dict(edition.indicators.values_list("code", "strand")) for edition in (old, new)}
    differ = {code for code, strand in strands[old.pk].items() if strands[new.pk][code] != strand}
    assert differ == {"1.1.1"}
    again = begun(client, small())
    answer = save(client, again, label="2020年版")
    assert answer.status_code == 409 and "已有“2020年版”版" in said_in(answer)


def test_dropping_a_draft(people: City, draft: Draft) -> None:
    client = as_(people, CLERK)
    client.post(place(draft, "drop/"), {"seen": draft.version})
    assert not Draft.objects.exists() and not Standard.objects.exists()
    assert client.get(place(draft)).status_code == 404


def test_settling_all_doubts(people: City) -> None:
    client = as_(people, CLERK)
    draft = begun(client, changed({"E3": None, "B2": "Ⅱ-1 领导责任（9.94分）", "J5": "综合科"}))
    before = client.get(place(draft, step="check")).context["count"]
    assert before["must"] == 1 and before["confirm"] >= 2
    client.post(place(draft, "warnings/"), {"all": "1", "seen": draft.version})
    after = client.get(place(draft, step="check")).context["count"]
    assert after["confirm"] == after["info"] == 0 or after["must"] == 1
    assert save(client, draft).status_code == (302 if not after["must"] else 409)


def test_a_file_without_a_known_table_may_be_opened_and_told(people: City) -> None:
    client = as_(people, CLERK)
    rows = [["一", "二", "三"], *([f"做第{n}件事情的具体内容描述", f"处{n}", n] for n in range(1, 6))]
    answer = upload(client, book(rows, "表一"))
    if answer.status_code == 302:
        pytest.skip("the reader understands it by itself")
    assert answer.status_code == 409 and "没有找到测评指标表" in said_in(answer)
    assert not Draft.objects.exists()
    opened = client.post("/standards/import/", {"open": answer.context["offer"]})
    draft = Draft.objects.get()
    assert opened.url == place(draft, step="columns")
    post = {
        "sheet": "表一", "role": "indicators", "header_first": "1", "header_last": "1", "col-0": "title", "col-1": "lead",
        "col-2": "points", "act": "next", "seen": draft.version,
    }  # fmt: skip
    assert "5 项" in said_in(client.post(place(draft, "columns/"), post, follow=True))
