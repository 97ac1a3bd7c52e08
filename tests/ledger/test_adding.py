"""`taizhang evidence add`: files become receipts, and citations of the slot that is filled now."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from taizhang.config import cli
from taizhang.evidence.actions import read_now
from taizhang.evidence.models import Evidence
from taizhang.ledger.models import Citation, Item, Slot
from taizhang.ledger.queries.adding import slot_to_fill
from taizhang.ledger.queries.proposals import proposals_for
from taizhang.ledger.rules.states import SlotStatus, Status

from ..evidence.samples import PDF, jpeg
from .test_proposals import put
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


def test_the_slot_is_the_one_that_a_proposal_offers(
    w: World, files: list[str], settings: Any, capsys: Any
) -> None:
    """Also where several are late and none runs."""
    item = w.item("1.1.1")
    Slot.objects.filter(item=item, starts_on__gte="2020-05-01").update(status=SlotStatus.WAIVED)
    for day, month in (("2020-02-03", 1), ("2020-03-20", 3), ("2020-06-20", 4)):
        settings.TODAY = day
        chosen = slot_to_fill(w.user("朱辉斌"), item.no, "", date.fromisoformat(day))
        assert (chosen.starts_on.month, chosen.item_id) == (month, item.pk), day
        piece = put(w, f"{day}领导小组调度会议记录", on=day)
        Evidence.objects.filter(pk=piece.pk).update(happened_on=None)
        piece.refresh_from_db()
        offered = proposals_for(w.user("朱辉斌"), [piece], date.fromisoformat(day))[piece.pk]
        assert [one.slot for one in offered if one.item == item.pk] == [chosen.pk], day


def test_what_was_added_is_found_by_the_next_command(w: World, tmp_path: Path, capsys: Any) -> None:
    """No worker runs here: the files are read before the command ends, unless it was told to leave that."""
    one, other, secret = (tmp_path / name for name in ("小结.txt", "后读.txt", "扫描.txt"))
    one.write_text("三月五日在云泽路社区开展学雷锋志愿服务。")
    other.write_text("四月里在松风桥植树。")
    secret.write_text("关于某事项的通知" + "。" * 20_000 + "\n机密★1年\n")
    code, told, _ = added(capsys, str(one), "--unit", "办公室")
    assert code == 0 and told["receipts"][0]["reading"] == "已读取"
    assert found(capsys, "云泽路") == (1, "")
    code, told, _ = added(capsys, str(other), "--unit", "办公室", "--later")
    assert code == 0 and "reading" not in told["receipts"][0]
    assert found(capsys, "松风桥") == (0, "还有 1 件没有读完，里面的字现在查不到。\n")
    read_now(Evidence.objects.get(title="后读").current)
    assert found(capsys, "松风桥") == (1, "")
    code, told, err = added(capsys, str(secret), "--unit", "办公室")
    assert code == 2 and "密级" in err and found(capsys, "某事项")[0] == 0


def found(capsys: Any, *words: str) -> tuple[int, str]:
    cli.main(["search", *words, "--json"])
    out, err = capsys.readouterr()
    return json.loads(out)["total"], err


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


def test_all_that_waits_is_handed_out_from_the_command_line(people: Any, settings: Any, capsys: Any) -> None:
    settings.TODAY = "2020-01-06"
    made = world(people)
    waiting = made.year.items.filter(status=Status.PENDING)
    one = waiting.filter(lead__isnull=False).first()
    assert one is not None
    Item.objects.filter(pk=one.pk).update(lead=None)
    bare = list(waiting.filter(lead__isnull=True).order_by("pk"))
    count = waiting.count()
    assert cli.main(["ledger", "assign", str(made.campaign.pk), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "assigned": count - len(bare),
        "without_lead": [item.no for item in bare],
        "problems": [],
    }
    assert list(waiting.order_by("pk")) == bare
    assert cli.main(["ledger", "assign", str(made.campaign.pk)]) == 0
    assert "已交办 0 项，没有牵头的 2 项" in capsys.readouterr().out
    assert cli.main(["ledger", "assign", "没有的活动"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
