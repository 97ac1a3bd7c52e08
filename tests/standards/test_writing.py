"""A standard written by hand, copied, revised and corrected: through the door and on the pages."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command

from taizhang.config.cli import main
from taizhang.kit import files
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.standards import actions, queries
from taizhang.standards.models import Draft, Edition, Indicator, Match
from taizhang.standards.rules import exchange
from taizhang.standards.rules.exchange import Head
from taizhang.standards.rules.outset import areas_of, begin
from taizhang.standards.rules.tree import Choices
from taizhang.standards.sheets.read import read
from tests.ledger.world import campaign
from tests.people import City

pytestmark = pytest.mark.django_db
CLERK = "石玲佳"


def stored(data: dict[str, Any]) -> str:
    return files.store().put([json.dumps(data, ensure_ascii=False).encode()], limit=10**7).sha256


def draft_of(people: City, edition: Edition, how: str) -> Draft:
    whole = exchange.to_json(queries.reading_of(edition), queries.head_of(edition))
    made: Draft = actions.write(
        people.units["甲局"],
        by=people.users[CLERK],
        name="稿",
        sha256=stored(whole),
        edition=edition,
        how=how,
    )
    return made


def reading_of(draft: Draft) -> Any:
    with files.store().open(draft.source_sha256) as handle:
        return read(handle.read(), draft.source_name, Choices.from_json(draft.choices))


def save(people: City, draft: Draft, **said: Any) -> Edition:
    reading = reading_of(draft)
    words = {"name": reading.name, "label": "第1版", **said}
    made: Edition = actions.save(draft, by=people.users[CLERK], reading=reading, **words)
    return made


def own(people: City) -> Edition:
    """A small standard of 甲局, written by hand from two areas."""
    reading = begin("试行标准", areas_of("组织领导（3分）\n活动（2分）"))
    draft = actions.write(
        people.units["甲局"],
        by=people.users[CLERK],
        name="试行标准",
        sha256=stored(exchange.to_json(reading, Head())),
    )
    nodes = {
        "+1": {"add_under": "n1", "title": "专题研究", "points": "2"},
        "+2": {"add_under": "n1", "title": "机构", "points": "1"},
        "+3": {"add_under": "n2", "title": "主题党日", "points": "2"},
    }
    actions.mend(draft, by=people.users[CLERK], choices={"nodes": nodes})
    draft.refresh_from_db()
    return save(people, draft)


def test_a_standard_is_written_from_nothing(people: City) -> None:
    edition = own(people)
    assert [(one.code, one.title, one.points) for one in edition.indicators.filter(is_leaf=True)] == [
        ("1.1", "专题研究", Decimal(2)),
        ("1.2", "机构", Decimal(1)),
        ("2.1", "主题党日", Decimal(2)),
    ]
    assert edition.standard.agency == people.units["甲局"] and edition.stated_total == 5


def test_an_empty_one_cannot_be_saved(people: City) -> None:
    reading = begin("空的", areas_of("组织领导"))
    draft = actions.write(
        people.units["甲局"],
        by=people.users[CLERK],
        name="空的",
        sha256=stored(exchange.to_json(reading, Head())),
    )
    with pytest.raises(Refused, match="没有读到任何指标"):
        save(people, draft)


def test_a_sample_is_copied_into_a_standard_of_its_own(people: City) -> None:
    call_command("samples")
    sample = Edition.objects.filter(standard__sample=True).latest("id")
    copy = save(people, draft_of(people, sample, "copy"), name="本局标准")
    assert copy.base is None and copy.standard.agency == people.units["甲局"]
    mine = exchange.to_json(queries.reading_of(copy), Head())
    theirs = exchange.to_json(queries.reading_of(sample), Head())
    assert {**mine, "name": ""} == {**theirs, "name": ""}
    strands = set(copy.indicators.values_list("strand", flat=True))
    assert not strands & set(sample.indicators.values_list("strand", flat=True))


def test_a_revision_by_hand_knows_which_leaf_is_which(people: City) -> None:
    first = own(people)
    draft = draft_of(people, first, "revise")
    changed = {
        **draft.choices,
        "nodes": {"n2": {"title": "听取汇报并作出决定"}, "n3": {"delete": True}},
    }
    actions.mend(draft, by=people.users[CLERK], choices=changed)
    draft.refresh_from_db()
    second = save(people, draft, label="第2版")
    assert second.base == first and second.standard == first.standard
    kinds = {
        (one.old.title if one.old else "", one.new.title if one.new else ""): one.kind
        for one in Match.objects.filter(edition=second).select_related("old", "new")
    }
    assert kinds == {
        ("专题研究", "听取汇报并作出决定"): "changed",
        ("机构", ""): "gone",
        ("主题党日", "主题党日"): "same",
    }
    before = Indicator.objects.get(edition=first, title="专题研究").strand_id
    assert Indicator.objects.get(edition=second, title="听取汇报并作出决定").strand_id == before


def test_what_nobody_uses_is_corrected_in_place(people: City) -> None:
    edition = own(people)
    strands = dict(edition.indicators.values_list("title", "strand"))
    draft = draft_of(people, edition, "correct")
    actions.mend(
        draft, by=people.users[CLERK], choices={**draft.choices, "nodes": {"n3": {"title": "工作机构"}}}
    )
    draft.refresh_from_db()
    again = save(people, draft, label="第1版（更正）", name="试行标准（局）")
    assert again.pk == edition.pk and again.label == "第1版（更正）"
    assert Edition.objects.filter(standard=edition.standard).count() == 1
    now = dict(again.indicators.values_list("title", "strand"))
    assert now == {{"机构": "工作机构"}.get(title, title): strand for title, strand in strands.items()}
    again.standard.refresh_from_db()
    assert again.standard.name == "试行标准（局）"


def test_a_correction_keeps_what_was_said_about_the_edition_before(people: City) -> None:
    first = own(people)
    draft = draft_of(people, first, "revise")
    actions.mend(draft, by=people.users[CLERK], choices={**draft.choices, "nodes": {"n3": {"delete": True}}})
    draft.refresh_from_db()
    second = save(people, draft, label="第2版")
    draft = draft_of(people, second, "correct")
    actions.mend(draft, by=people.users[CLERK], choices={**draft.choices, "nodes": {"n2": {"points": "2.5"}}})
    draft.refresh_from_db()
    save(people, draft, label="第2版")
    kinds = sorted(Match.objects.filter(edition=second).values_list("kind", flat=True))
    assert kinds == ["changed", "gone", "same"]


def test_a_leaf_matched_anew_takes_that_strand_and_leaves_its_own(people: City) -> None:
    """Else an item would be carried by a leaf of another item's strand when the edition is adopted."""
    first = own(people)
    second = save(people, draft_of(people, first, "revise"), label="第2版")
    draft = draft_of(people, second, "correct")
    strands = dict(Indicator.objects.filter(edition=first, is_leaf=True).values_list("code", "strand"))
    old = {row.code: str(row.pk) for row in Indicator.objects.filter(edition=first, is_leaf=True)}
    (a, b, _), new = list(old), {node.code: node.key for node in reading_of(draft).leaves}
    crossed = {new[a]: {"old": [old[b]]}, new[b]: {"old": []}, f"gone:{old[a]}": {}}
    actions.mend(draft, by=people.users[CLERK], choices={**draft.choices, "pairs": crossed})
    saved = save(people, draft, label="第2版")
    now = dict(Indicator.objects.filter(edition=saved, is_leaf=True).values_list("code", "strand"))
    assert now[a] == strands[b] and now[b] not in strands.values()
    assert Match.objects.get(edition=saved, new__code=a).old.strand_id == now[a]


def test_the_second_of_two_corrections_is_not_laid_over_the_first(people: City) -> None:
    edition = own(people)
    mine, theirs = draft_of(people, edition, "correct"), draft_of(people, edition, "correct")
    key = reading_of(theirs).leaves[0].key
    actions.mend(theirs, by=people.users[CLERK], choices={"nodes": {key: {"title": "改过的"}}})
    save(people, theirs)
    with pytest.raises(Refused, match="已由别人更正过"):
        save(people, mine)
    assert Indicator.objects.filter(edition=edition, title="改过的").exists()


def test_an_edition_with_a_later_one_is_not_corrected(people: City) -> None:
    first = own(people)
    save(people, draft_of(people, first, "revise"), label="第2版")
    with pytest.raises(Refused, match="已有后面的版本"):
        draft_of(people, first, "correct")


def test_an_edition_in_use_is_not_corrected(people: City) -> None:
    edition = own(people)
    campaign(people, edition)
    with pytest.raises(Refused, match="已有创建活动在用"):
        draft_of(people, edition, "correct")


def test_only_who_edits_standards_may_write(people: City) -> None:
    with pytest.raises(NotPermitted):
        actions.write(people.units["甲局"], by=people.users["朱辉斌"], name="稿", sha256="0" * 64)


def test_export_on_the_command_line_and_back(people: City, tmp_path: Any, capsys: Any) -> None:
    call_command("samples")
    own(people)
    for name in ("试行标准.json", "试行标准.xlsx"):
        assert main(["standard", "export", "试行标准", str(tmp_path / name)]) == 0
        assert "3 项" in capsys.readouterr().out
        assert main(["standard", "read", str(tmp_path / name), "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert [(item["code"], item["points"]) for item in found["items"]] == [
            ("1.1", "2"),
            ("1.2", "1"),
            ("2.1", "2"),
        ]
    whole = json.loads((tmp_path / "试行标准.json").read_text(encoding="utf-8"))
    assert whole["format"] == "taizhang-standard" and len(whole["nodes"]) == 5


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["没有的标准", "x.json"], "没有叫“没有的标准”的标准"),
        (["试行标准", "x.docx"], "后缀请写"),
        (["试行标准", "x.json", "--label", "第9版"], "没有“第9版”这一版"),
        (["试行标准", "no/such/folder/x.json"], "写不了"),
        (["试行标准", "no/such/folder/x.xlsx"], "写不了"),
    ],
)
def test_export_says_what_cannot_be_done(people: City, capsys: Any, words: list[str], said: str) -> None:
    own(people)
    assert main(["standard", "export", *words]) == 2
    assert said in capsys.readouterr().err
