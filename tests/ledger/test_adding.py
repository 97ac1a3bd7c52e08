"""`taizhang evidence add`: files become receipts, and citations of the slot that is filled now."""

import json
from pathlib import Path
from typing import Any

import pytest

from taizhang.config import cli
from taizhang.evidence.models import Evidence
from taizhang.ledger.models import Citation

from ..evidence.samples import PDF, jpeg
from .world import World, hand_out, world


@pytest.fixture
def w(people: Any, settings: Any) -> World:
    settings.TODAY = "2020-01-06"
    made = world(people)
    hand_out(made)
    settings.TODAY = "2020-02-03"
    return made


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "通知.pdf").write_bytes(PDF)
    (folder / "照片.jpg").write_bytes(jpeg())
    return [str(folder / "通知.pdf"), str(folder / "照片.jpg")]


def added(capsys: Any, *words: str) -> tuple[int, dict[str, Any], str]:
    code = cli.main(["evidence", "add", *words, "--json"])
    out, err = capsys.readouterr()
    return code, json.loads(out) if out else {}, err


def test_files_become_receipts(w: World, files: list[str], capsys: Any) -> None:
    code, told, _ = added(capsys, *files, "--unit", "办公室", "--as", w.user("朱辉斌").username)
    assert code == 0 and told["refused"] == []
    assert [one["file"] for one in told["receipts"]] == files
    for one in told["receipts"]:
        piece = Evidence.objects.get(pk=one["evidence"])
        assert (piece.number, piece.by, str(piece.unit)) == (one["number"], w.user("朱辉斌").person, "办公室")
        assert piece.current and piece.current.blob.sha256 == one["sha256"] and one["item"] == ""


def test_with_an_item_they_are_cited(w: World, files: list[str], capsys: Any) -> None:
    item = w.item("1.1.1")
    slot = w.slot("1.1.1")
    code, told, err = added(capsys, *files, "--item", item.no)
    assert code == 0, err
    assert [one["item"] for one in told["receipts"]] == [item.no] * 2
    cited = Citation.objects.filter(slot__item=item)
    assert {one.evidence_id for one in cited} == {one["evidence"] for one in told["receipts"]}
    assert {one.slot.performer_id for one in cited} == {slot.performer_id}
    assert Evidence.objects.get(pk=told["receipts"][0]["evidence"]).uses == 1


def test_one_refused_does_not_stop_the_others(
    w: World, files: list[str], tmp_path: Path, capsys: Any
) -> None:
    empty, secret = tmp_path / "空.pdf", tmp_path / "机密★文件.pdf"
    empty.write_bytes(b"")
    secret.write_bytes(PDF + b"x")
    gone = tmp_path / "没有.pdf"
    code, told, err = added(capsys, str(empty), files[0], str(gone), str(tmp_path), "--unit", "办公室")
    assert code == 2 and len(told["receipts"]) == 1
    said = {Path(one["file"]).name: one["message"] for one in told["refused"]}
    assert "0 字节" in said["空.pdf"] and "读不了文件" in said["没有.pdf"] and len(said) == 3
    assert "空.pdf：" in err
    code, told, _ = added(capsys, files[0], "--unit", "办公室")
    assert code == 2 and "库里已有同一文件" in told["refused"][0]["message"] and not told["receipts"]


def test_what_is_there_already_is_cited(w: World, files: list[str], capsys: Any) -> None:
    _, first, _ = added(capsys, files[0], "--unit", "办公室")
    item = w.item("1.1.1")
    code, told, err = added(capsys, files[0], "--item", item.no)
    assert code == 0, err
    assert told["receipts"][0]["number"] == first["receipts"][0]["number"]
    code, told, _ = added(capsys, files[0], "--item", item.no)
    assert code == 0 and told["receipts"][0]["item"] == item.no, "the same command once more changes nothing"
    assert Citation.objects.filter(slot__item=item).count() == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--item", "Ⅸ-99"], "没有编号是“Ⅸ-99”的事项"),
        (["--unit", "没有的处"], "没有叫“没有的处”"),
        (["--as", "nobody"], "没有叫“nobody”的账号"),
        ([], "请用 --unit 写明"),
    ],
)
def test_refused_as_a_whole(w: World, files: list[str], capsys: Any, words: list[str], said: str) -> None:
    code, told, err = added(capsys, files[0], *words)
    assert code == 2 and said in err and told == {} and Evidence.objects.count() == 0
    assert err.count("\n") == 1


def test_a_stranger_to_the_item(w: World, files: list[str], capsys: Any) -> None:
    """The door asks the person's rights, not those of the machine."""
    item = w.item("1.1.1")
    code, _, err = added(capsys, files[0], "--item", item.no, "--as", w.user("乙局石玲佳").username)
    assert code == 2 and "没有编号是" in err
    code, told, _ = added(capsys, files[0], "--item", item.no, "--as", w.user("白毅志").username)
    assert code == 2 and not Citation.objects.filter(slot__item=item).exists()
    assert told["receipts"][0]["item"] == "" and told["refused"][0]["message"].startswith(
        f"已在材料库（回执 {told['receipts'][0]['number']}），没有引用："
    )
