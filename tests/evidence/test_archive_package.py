"""The package of a sealed volume: what is in it, that it is whole, that it is the same every time; the command."""

import hashlib
import json
import os
import zipfile
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from taizhang.config.cli import main
from taizhang.evidence import actions
from taizhang.evidence.models import Filed, Fonds, Volume
from taizhang.evidence.sheets import archive_out, archive_package, archive_run
from taizhang.kit.errors import Refused
from taizhang.kit.files import store
from taizhang.kit.tables import read_book
from taizhang.ledger import actions as ledger
from taizhang.ledger.models import Citation

from ..ledger.world import World, hand_out, world
from ..reports.samples import drawn, locked, pdf, words_of
from .archive_world import Archive, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def a(people: Any, settings: Any, tmp_path: Path) -> Archive:
    settings.TODAY = "2020-12-20"
    settings.BOUND = tmp_path / "bound"
    made = Archive(people)
    made.fonds()
    return made


def out(volume: Volume, folder: Path) -> Path:
    folder.mkdir()
    archive_out.give_out(volume, folder)
    return folder


def everything(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_package_holds_every_part_and_the_manifest_fits(a: Archive, tmp_path: Path) -> None:
    link = a.link()
    volume = a.volume([*a.three(), a.piece("台账.txt", "一二三".encode(), unit="创建办"), link])
    draft = a.checked(volume)
    answers = {one["key"]: "网页已截图存档" for check in draft.checks for one in check["problems"]}
    actions.answer_check(draft, by=a.clerk, answers=answers)
    sealed = a.sealed(volume)
    there = everything(out(sealed, tmp_path / "out"))
    number = "Z109-WS·2020-Y-BGS-0001"
    assert {
        "封面.pdf", "归档文件目录.pdf", "归档文件目录.xlsx", "盒脊.pdf", "四性检测报告.pdf", "说明.txt", "清单.json", "清单校验值.txt",
        f"永久/{number}/{number}.pdf", f"永久/{number}/{number}（归档章）.pdf", f"永久/{number}/{number}（元数据）.xml",
        "10年/Z109-WS·2020-D10-BGS-0001/Z109-WS·2020-D10-BGS-0001.jpg",
    } <= there.keys()  # fmt: skip
    assert not any(
        name.startswith("10年/Z109-WS·2020-D10-FGC-0001/") and name.endswith(".html") for name in there
    )
    manifest = json.loads(there["清单.json"])
    assert {one["path"] for one in manifest["files"]} == there.keys() - {"清单.json", "清单校验值.txt"}
    for one in manifest["files"]:
        data = there[one["path"]]
        assert (len(data), hashlib.sha256(data).hexdigest(), hashlib.new("sm3", data).hexdigest()) == (
            one["size"],
            one["sha256"],
            one["sm3"],
        )
    assert hashlib.sha256(there["清单.json"]).hexdigest() == sealed.manifest
    assert sealed.manifest in there["清单校验值.txt"].decode()
    assert (
        rows(sealed)[0].file.blob.sha256 == hashlib.sha256(there[f"永久/{number}/{number}.pdf"]).hexdigest()
    ), "byte for byte"  # type: ignore[union-attr]


def test_the_catalogue_has_nine_columns_and_eight_figures_of_a_date(a: Archive, tmp_path: Path) -> None:
    folder = out(a.sealed(), tmp_path / "out")
    sheet = read_book((folder / "归档文件目录.xlsx").read_bytes(), "目录.xlsx").sheets[0]
    found = [[str(cell or "") for cell in row] for row in sheet.rows]
    assert found[0] == ["序号", "档号", "文号", "责任者", "题名", "日期", "密级", "页数", "备注"]
    assert found[1][1] == "Z109-WS·2020-Y-BGS-0001" and found[1][5] == "20200608"
    text = "".join(words_of(folder / "归档文件目录.pdf"))
    assert "Z109-WS·2020-D10-BGS-0001" in text and "[植树活动]" in text
    assert "Z109" in words_of(folder / "盒脊.pdf")[0] and "草稿" not in words_of(folder / "封面.pdf")[0]
    assert words_of(folder / "四性检测报告.pdf")[0].count("通过") == 4


def test_the_stamp_stands_on_the_first_page_only_and_is_45_by_16_mm(a: Archive, tmp_path: Path) -> None:
    folder = out(a.sealed(), tmp_path / "out")
    path = folder / "永久/Z109-WS·2020-Y-BGS-0001/Z109-WS·2020-Y-BGS-0001（归档章）.pdf"
    first, second = words_of(path)
    for words in ("Z109", "2020", "0001", "BGS", "永久"):
        assert words in first and words not in second
    page = drawn(path, 0, scale=4)
    red = [
        (x, y)
        for x in range(page.width)
        for y in range(page.height // 4)
        if (p := page.getpixel((x, y)))[0] > 150 and p[1] < 90 and p[2] < 90
    ]  # type: ignore[index]
    mm = page.width / 210
    wide = (max(x for x, _ in red) - min(x for x, _ in red)) / mm
    high = (max(y for _, y in red) - min(y for _, y in red)) / mm
    assert abs(wide - 45) < 0.8 and abs(high - 16) < 0.8


def test_metadata_is_well_formed_whatever_was_typed(a: Archive, tmp_path: Path) -> None:
    piece = a.piece('关于<命名>&"表彰"的决定.pdf', people="张某、李某", theme="创建")
    volume = a.volume([piece])
    row = rows(volume)[0]
    actions.describe(
        row,
        by=a.clerk,
        retention="Y",
        code="BGS",
        dated_on=date(2020, 6, 8),
        title='甲 < 乙 & "丙" \x0b' + "长" * 180,
        doc_no="甲发〔2020〕1号",
        issuer="甲局",
        secrecy="",
        note="",
    )
    folder = out(a.sealed(volume), tmp_path / "out")
    found = ElementTree.parse(next(folder.rglob("*（元数据）.xml"))).getroot()
    assert found.findtext("内容描述/题名", "").startswith('甲 < 乙 & "丙"')
    assert found.findtext("档号/编码") == "Z109-WS·2020-Y-BGS-0001" and found.findtext("档号/件号") == "0001"
    assert (
        found.findtext("内容描述/人名") == "张某、李某" and found.findtext("来源/档案馆名称") == "东县档案馆"
    )
    assert (
        found.findtext("内容描述/日期") == "20200608"
        and found.findtext("内容描述/文件编号") == "甲发〔2020〕1号"
    )
    assert len(found.findall("电子属性/文件")) == 2


def test_the_same_volume_gives_the_same_bytes_and_a_draft_does_too(a: Archive, tmp_path: Path) -> None:
    volume = a.checked(a.volume())
    lot = archive_run.lot_of(volume)
    made = []
    for at in ("one", "two"):
        folder = tmp_path / at
        folder.mkdir()
        package = archive_package.build(lot, tmp_path / f"work-{at}", lambda *told: None)
        archive_out.give_out_draft(lot, package, folder)
        made.append(everything(folder))
    assert made[0] == made[1]
    assert "草稿.txt" in made[0] and json.loads(made[0]["清单.json"])["draft"]
    assert "草稿" in words_of(tmp_path / "one" / "封面.pdf")[0].replace(" ", "")
    sealed = a.sealed(volume)
    assert everything(out(sealed, tmp_path / "three")) == everything(out(sealed, tmp_path / "four"))


def test_what_cannot_be_printed_has_a_page_that_says_so(a: Archive, tmp_path: Path) -> None:
    volume = a.volume([a.piece("加密.pdf", locked()), a.link()])
    actions.number_pieces(volume, by=a.clerk)
    lot = archive_run.lot_of(archive_run.find(volume.pk))
    package = archive_package.build(lot, tmp_path / "work", lambda *told: None)
    assert len(package.unprinted) == 1 and "打开密码" in package.unprinted[0]
    slips = {
        name: words_of(path)[0] for name, path in package.made.items() if name.endswith("（归档章）.pdf")
    }
    assert any("打开密码" in text for text in slips.values())
    assert any("example.cn" in text.replace("\u200b", "") and "网页链接" in text for text in slips.values())


def test_a_tampered_manifest_or_package_is_found(a: Archive, tmp_path: Path) -> None:
    sealed = a.sealed()
    told = archive_out.sealed_manifest(sealed)
    pack = store().path(told["pack"]["sha256"])
    manifest = store().path(sealed.manifest)
    data = manifest.read_bytes()
    os.chmod(manifest, 0o644)
    manifest.write_bytes(
        data.replace("植树".encode(), "值树".encode()).replace(b'"pieces": 3', b'"pieces": 4')
    )
    problems, _ = archive_out.recheck(sealed, lambda *more: None)
    assert "清单与封存时不同" in problems[0]
    with pytest.raises(Refused, match="清单与封存时不同"):
        out(sealed, tmp_path / "out")
    manifest.write_bytes(data)
    assert archive_out.recheck(sealed, lambda *more: None)[0] == []
    os.chmod(pack, 0o644)
    with zipfile.ZipFile(pack, "a") as archive:
        archive.writestr("多出.txt", "x")
    assert "目录、元数据和归档章副本" in archive_out.recheck(sealed, lambda *more: None)[0][0]
    manifest.unlink()
    assert "不在存储里" in archive_out.recheck(sealed, lambda *more: None)[0][0]


def test_labels_of_many_boxes_take_more_sheets(a: Archive, tmp_path: Path) -> None:
    volume = a.volume([a.piece(f"第{at}号决定.pdf") for at in range(12)])
    actions.number_pieces(volume, by=a.clerk)
    Filed.objects.filter(volume=volume).update(pages=300)
    package = archive_package.build(
        archive_run.lot_of(archive_run.find(volume.pk)), tmp_path / "work", lambda *told: None
    )
    sheets = words_of(package.made["盒脊.pdf"])
    assert len(sheets) == 3 and "共 12 盒" in sheets[0]


@pytest.fixture
def w(people: Any, settings: Any, tmp_path: Path) -> World:
    settings.TODAY = "2020-01-06"
    settings.BOUND = tmp_path / "bound"
    made = world(people)
    hand_out(made)
    settings.TODAY = "2020-12-20"
    return made


def cited(w: World) -> Archive:
    """Two pieces cited by the year's items, and one that is not."""
    made = Archive(w.people)
    slot = w.slot("1.1.1")
    for name in ("1月会议纪要.pdf", "1月工作总结.pdf"):
        ledger.cite(
            slot,
            by=made.clerk,
            evidence=made.piece(name, pdf(1, words=name.encode().hex()[:12]), happened_on=date(2020, 1, 20)),
        )
    made.piece("没有引用.pdf")
    assert Citation.objects.count() == 2
    return made


def run(capsys: Any, *words: str) -> tuple[int, str, str]:
    code = main(["archive", *words])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_the_command_writes_a_draft_then_seals_then_gives_out_the_sealed_one(
    w: World, tmp_path: Path, capsys: Any
) -> None:
    made = cited(w)
    campaign = str(w.campaign.pk)
    code, _, err = run(capsys, campaign, str(tmp_path / "none"), "--seal")
    assert code == 2 and "还没有填全宗号" in err.splitlines()[-1]
    assert not (tmp_path / "none").exists()
    code, _, err = run(capsys, campaign, str(tmp_path / "bare"))
    assert code == 0 and "暂写 0000" in err and list((tmp_path / "bare").glob("*/0000-WS·2020-*"))
    assert not Fonds.objects.exists()
    made.fonds()
    code, text, _ = run(capsys, campaign, str(tmp_path / "draft"), "--json")
    told = json.loads(text)
    assert code == 0 and told["sealed"] is False and told["pieces"] == 2 and not Volume.objects.exists()
    assert (tmp_path / "draft" / "草稿.txt").exists() and [one["name"] for one in told["checks"]] == [
        "真实性",
        "完整性",
        "可用性",
        "安全性",
    ]
    assert all(one["passed"] and one["problems"] == [] for one in told["checks"])
    code, text, err = run(capsys, campaign, str(tmp_path / "sealed"), "--json", "--seal", "--year", "2020")
    sealed = json.loads(text)
    assert code == 0 and sealed["sealed"] and sealed["pieces"] == 2
    files = everything(tmp_path / "sealed")
    assert sealed["files"] == len(files) and sealed["bytes"] == sum(map(len, files.values()))
    assert (
        sealed["manifest"] == Volume.objects.get().manifest == hashlib.sha256(files["清单.json"]).hexdigest()
    )
    code, text, _ = run(capsys, campaign, str(tmp_path / "again"))
    assert code == 0 and "已封存" in text and everything(tmp_path / "again") == files


def test_the_fonds_may_be_said_with_the_command(w: World, tmp_path: Path, capsys: Any) -> None:
    cited(w)
    campaign = str(w.campaign.pk)
    code, _, err = run(capsys, campaign, str(tmp_path / "bad"), "--fonds", "Z1")
    assert code == 2 and "全宗号“Z1”不对" in err and not (tmp_path / "bad").exists()
    code, text, err = run(capsys, campaign, str(tmp_path / "out"), "--fonds", "z109", "--seal", "--json")
    assert code == 0 and json.loads(text)["sealed"] is True, err
    assert list((tmp_path / "out").glob("*/Z109-WS·2020-*-BGS-0001"))
    fonds = Fonds.objects.get()
    assert fonds.code == "Z109" and len(set(fonds.codes.values())) == len(fonds.codes) > 1


def test_the_command_refuses_in_one_line(w: World, tmp_path: Path, capsys: Any) -> None:
    made = cited(w)
    made.fonds()
    campaign = str(w.campaign.pk)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a").write_text("x")
    for words, said in (
        ((campaign, str(tmp_path / "full")), "里已有文件"),
        ((campaign, str(tmp_path / "full" / "a")), "是文件，不是文件夹"),
        ((campaign, str(tmp_path / "no" / "such")), "没有文件夹"),
        (("没有的活动", str(tmp_path / "o")), "没有叫"),
        ((campaign, str(tmp_path / "o"), "--year", "2031"), "没有 2031 年度"),
        ((campaign, str(tmp_path / "o"), "--year", "2019"), "没有引用材料"),
    ):
        code, _, err = run(capsys, *words)
        assert code == 2 and said in err and err.count("\n") == 1, said
    assert not (tmp_path / "o").exists()
    undated = made.piece("无日期.pdf", happened_on=None)
    ledger.cite(w.slot("1.1.1"), by=made.clerk, evidence=undated)
    code, _, err = run(capsys, campaign, str(tmp_path / "o"), "--seal")
    assert code == 2 and "没有日期" in err and not (tmp_path / "o").exists()


def test_a_draft_of_the_command_proposes_codes_that_lack(w: World, tmp_path: Path, capsys: Any) -> None:
    made = cited(w)
    actions.set_fonds(made.agency, by=made.clerk, code="Z109")
    code, text, _ = run(capsys, str(w.campaign.pk), str(tmp_path / "draft"))
    assert code == 0 and "草稿" in text
    assert "Z109-WS·2020-D30-BGS-0001" in (tmp_path / "draft" / "清单.json").read_text(encoding="utf-8")
    assert Fonds.objects.get().codes == {}, "nothing is written"
    code, _, err = run(capsys, str(w.campaign.pk), str(tmp_path / "sealed"), "--seal")
    assert code == 2 and "没有机构代码：办公室" in err
