"""What test_wizard leaves out: a whole standard saved, forms that change nothing by themselves, doubts settled in bulk."""

import re
from decimal import Decimal
from typing import Any

import pytest

from taizhang.journal.models import Entry
from taizhang.standards.models import Draft, Edition, Indicator, Requirement, Standard, Strand

from ..people import City
from .uploads import CIVILISED, as_, begun, changed, fields_of, said_in, small

CLERK = "石玲佳"


def place(draft: Draft, verb: str = "", /, **query: str) -> str:
    return f"/standards/drafts/{draft.pk}/{verb}" + (
        "?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else ""
    )


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
    assert (
        answer.status_code == 302 and answer.url == f"/standards/{edition.standard_id}/?edition={edition.pk}"
    )
    leaves = Indicator.objects.filter(edition=edition, is_leaf=True)
    assert leaves.count() == 259 and sum(leaf.points for leaf in leaves) == Decimal(100)
    assert Strand.objects.count() == 259 + 37 + 8
    assert (edition.bars.count(), edition.eligibilities.count(), edition.bonuses.count()) == (22, 10, 8)
    assert (
        edition.standard.agency == people.units["甲局"] and edition.source_name == "全国文明单位测评标准.xlsx"
    )
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
    client.post(
        place(draft, "warnings/"),
        {"rename": doubt.unknown, f"to-{doubt.unknown}": "法规处", "seen": draft.version},
    )
    assert save(client, draft).status_code == 302
    assert not Indicator.objects.filter(lead_text="综合科").exists()
    assert Indicator.objects.filter(lead_text="法规处").count() == 6


def test_a_sheet_is_set_aside(people: City) -> None:
    client = as_(people, CLERK)
    draft = begun(client, small())
    client.post(
        place(draft, "columns/"),
        {"sheet": "负面清单", "role": "ignored", "act": "again", "seen": draft.version},
    )
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
    assert (leaf.title, leaf.points, leaf.lead_text, leaf.co_text) == (
        "专题研究",
        Decimal("0.75"),
        "法规处",
        "办公室、审批处",
    )
    assert (leaf.cadence, leaf.times, leaf.target, leaf.per, leaf.mandatory) == (
        "week",
        1,
        40,
        "branch",
        True,
    )
    assert leaf.rule == {"kind": "rate", "target": "95", "floor": "60", "linear": True}
    assert list(leaf.methods.values_list("name", "share")) == [
        ("材料审核", Decimal(60)),
        ("实地考察", Decimal(40)),
    ]
    need = leaf.requirements.order_by("order").first()
    assert (need.name, need.kind, need.least, need.doc_no) == ("会议纪要", "document", 2, True)


def test_a_double_click_saves_once(people: City, draft: Draft) -> None:
    client = as_(people, CLERK)
    answers = [save(client, draft, once="one-key", seen=1) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302] and answers[0].url == answers[1].url
    assert Edition.objects.count() == 1


def test_settling_all_doubts(people: City) -> None:
    client = as_(people, CLERK)
    draft = begun(client, changed({"E3": None, "J5": "综合科"}))
    before = client.get(place(draft, step="check")).context["count"]
    assert before["must"] == 1 and before["confirm"] >= 1
    client.post(place(draft, "warnings/"), {"all": "1", "seen": draft.version})
    after = client.get(place(draft, step="check")).context["count"]
    assert (after["must"], after["confirm"], after["info"]) == (0, 0, 0) and after["done"] >= 1
    assert save(client, draft).status_code == 302
    assert sum(leaf.points for leaf in Indicator.objects.filter(is_leaf=True)) == Decimal(3)


def test_from_a_node_the_way_leads_back_to_the_whole_tree(people: City, draft: Draft) -> None:
    client = as_(people, CLERK)
    line = next(line for line in client.get(place(draft, step="check")).context["lines"] if not line.group)
    page = client.get(line.url).content.decode()
    assert "改一项" in page
    back = re.search(r'href="([^"]*)">回到全部', page)
    assert back
    whole = client.get(back.group(1).replace("&amp;", "&")).content.decode()
    assert "改一项" not in whole and "识别结果" in whole
