"""Files find their items by code, by number, by words; archives are read safely."""

import io
import struct
import zipfile
from pathlib import Path
from random import Random

import pytest

from taizhang.kit.errors import Refused
from taizhang.ledger.rules.takeover import Choices, FileMatch, Plan, Row, match_files
from taizhang.ledger.sheets.takeover import open_files

from .office import facts, item
from .shapes import by_area
from .test_reading import read


def found(name: str, plan: Plan | None = None, choices: Choices | None = None, *beside: str) -> FileMatch:
    return match_files([name, *beside], plan or Plan(), facts(), choices or Choices())[0]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("1.1.2 成立领导小组.pdf", "1.1.2"), ("Ⅱ-1-1)-①.pdf", "2.1.1"), ("II-1-1-②会议纪要.pdf", "2.1.1"), ("材料/1-1-3/5月.jpg", "1.1.3"),
        ("Ⅲ-12 二季度.docx", "1.2.4"), ("组织领导与创建机制/1.1.1/2020年5月12日.jpg", "1.1.1"), ("领导小组月度调度会议记录（4月）.docx", "1.1.3"),
        ("一、组织领导与创建机制/（三）三年创建规划/规划.pdf", "1.2.1"), ("1.1 领导责任/党组专题研究创建工作/会议.jpg", "1.1.1"), ("党课/照片1.jpg", "3.2.4"),
        ("2020.5.12会议.jpg", None), ("IMG_2021.jpg", None), ("会议现场照片.jpg", None), ("9.9.9.pdf", None),
    ],
)  # fmt: skip
def test_files_find_their_items(name: str, code: str | None) -> None:
    match = found(name)
    assert match.item == (item(code).id if code else None)
    assert bool(match.doubts) == (code is None)


def test_a_name_that_fits_two_items_is_left_and_both_are_named() -> None:
    for name in ("1.1.2、1.1.3 会议纪要.pdf", "年度实施方案+年度工作总结.pdf"):
        match = found(name)
        assert match.item is None and len(match.options) == 2
        assert match.doubts[0].text.startswith("同时像") and "请指定" in match.doubts[0].text


def test_a_code_against_the_words_is_told() -> None:
    both = found("1.1.2 领导小组月度调度.pdf")
    assert (both.item, both.certainty) == (item("1.1.2").id, "guess")
    assert both.doubts[0].text == "按编号“1.1.2”归，文字却像1.1.3“领导小组月度调度”，请核对"
    assert "不在台账里" in found("9.9.9 领导小组月度调度.pdf").doubts[-1].text


def test_the_numeral_is_the_level_where_the_whole_folder_says_so() -> None:
    assert found("Ⅱ-2-1)-①.pdf", None, None, "Ⅱ-15-2)-①.pdf").item == item("1.2.1").id
    assert found("Ⅱ-2-1)-①.pdf", None, None, "Ⅰ-1-2)-①.pdf").item == item("2.2.1").id


def test_periods_choose_the_slot() -> None:
    monthly = item("1.1.3")
    assert [
        found(f"1.1.3 {said}.jpg").slot
        for said in ("5月", "2020年5月", "202005", "20200512", "2020-05-12", "五月")
    ] == [monthly.slots[4].id] * 6
    quarterly = item("1.1.1")
    assert found("1.1.1 二季度.pdf").slot == quarterly.slots[1].id
    assert found("1.1.1/5月 会议.pdf").slot == quarterly.slots[1].id
    other = found("1.1.1 2019年5月.pdf")
    assert other.slot is None and "不是1.1.1的哪一期" in other.doubts[0].text


def test_rows_own_numbers_and_codes_lead_to_their_items() -> None:
    row = Row(
        "台账!5", 5, "台账", item("5.1.1").id, "match", "", "sure", "志愿", code="A-7", said={"serial": "12"}
    )
    own = Row("台账!6", 6, "台账", None, "own", "", "none", "采购办公桌椅二十套", said={"serial": "13"})
    plan = Plan(rows=(row, own))
    assert found("A-7 照片.jpg", plan).item == item("5.1.1").id
    assert found(f"12 {item('5.1.1').title}/1.jpg", plan).item == item("5.1.1").id
    raised = found("13采购办公桌椅/验收单.pdf", plan)
    assert (raised.item, raised.row) == (None, "台账!6")


def test_what_the_clerk_said_of_a_file_stands() -> None:
    choices = Choices(files={"a.jpg": item("1.1.1").id, "b.jpg": "skip", "c.jpg": 99999999})
    matches = match_files(["a.jpg", "b.jpg", "c.jpg"], Plan(), facts(), choices)
    assert [(one.item, one.skip, one.how) for one in matches[:2]] == [
        (item("1.1.1").id, False, "由人指定"),
        (None, True, "由人指定"),
    ]
    assert matches[2].item is None and matches[2].doubts


def test_six_hundred_files_beside_259_rows_find_their_items_or_are_left() -> None:
    dice = Random(3)
    names, truth = [], []
    for n in range(600):
        one = dice.choice(facts().items)
        names.append([
            f"{one.area}/{one.section}/{one.title}/照片{n}.jpg", f"{one.code} {one.needs[0][:12]}{n}.pdf", f"材料/{one.code}/{dice.randint(1, 12)}月/{n}.jpg",
            f"{one.title}（{dice.randint(1, 12)}月）{n}.docx", f"{one.no}-{n % 7} {one.title[:5]}{n}.pdf",
        ][n % 5])  # fmt: skip
        truth.append(one.id)
    plan = read(by_area())
    matches = match_files(names, plan, facts(), Choices())
    wrong = [
        (one.name, one.item) for one, want in zip(matches, truth, strict=True) if one.item not in (want, None)
    ]
    assert wrong == [] and sum(one.item is None for one in matches) <= 6
    assert len(plan.rows) == 259


def archive(entries: dict[str, bytes], *, gbk: bool = False) -> bytes:
    """A zip; GBK as Windows writes it: the bytes of the name, and no mark that says which."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in entries.items():
            package.writestr(name.encode("gbk").decode("cp437") if gbk else name, data)
    data = out.getvalue()
    return _unmarked(data) if gbk else data


def _unmarked(data: bytes) -> bytes:
    """The same archive with names in cp437 bytes, not flagged as UTF-8."""
    out = bytearray()
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        infos, bodies = package.infolist(), [package.read(one) for one in package.infolist()]
    central = bytearray()
    for info, body in zip(infos, bodies, strict=True):
        name = info.filename.encode("cp437")
        crc, size, at = info.CRC, len(body), len(out)
        out += (
            struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 0, 0, 0x21, crc, size, size, len(name), 0)
            + name
            + body
        )
        central += (
            struct.pack(
                "<IHHHHHHIIIHHHHHII",
                0x02014B50,
                20,
                20,
                0,
                0,
                0,
                0x21,
                crc,
                size,
                size,
                len(name),
                0,
                0,
                0,
                0,
                0,
                at,
            )
            + name
        )
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, len(infos), len(infos), len(central), len(out), 0)
    return bytes(out + central + end)


def test_names_in_gbk_are_read_and_said_so() -> None:
    files = open_files(archive({"材料/1.1.2 领导小组文件.pdf": b"%PDF-1", "道德讲堂.jpg": b"jpg"}, gbk=True))
    assert files.names == ["材料/1.1.2 领导小组文件.pdf", "道德讲堂.jpg"]
    assert all(one.gbk for one in files.files) and "2 个文件的名字是老式编码" in files.notes[0]
    assert b"".join(files.chunks("道德讲堂.jpg")) == b"jpg"


def test_climbing_absolute_nested_and_empty_are_refused_by_name() -> None:
    data = archive({"../../etc/passwd": b"x", "/root/a.pdf": b"x", "C:\\a.pdf": b"x", "好.pdf": b"x", "里面.zip": b"PK", "空.pdf": b"",
                    "__MACOSX/._a.pdf": b"x", ".DS_Store": b"x", "~$稿.docx": b"x", "a/..\\..\\b.pdf": b"x"})  # fmt: skip
    files = open_files(data)
    assert files.names == ["好.pdf"]
    why = dict(files.refused)
    assert (
        "指到了压缩包之外" in why["../../etc/passwd"]
        and "绝对路径" in why["/root/a.pdf"]
        and "压缩包里的压缩包" in why["里面.zip"]
    )
    assert "空文件" in why["空.pdf"] and len(why) == 6
    assert "略去 3 个系统自己生成的文件" in files.notes[0]


def test_bombs_are_refused_before_they_are_unpacked() -> None:
    files = open_files(archive({"炸弹.txt": b"0" * 30_000_000, "好.pdf": b"x"}))
    assert files.names == ["好.pdf"] and "压缩炸弹" in files.refused[0][1]
    with pytest.raises(Refused, match="打不开"):
        open_files(b"Rar!\x1a\x07")
    with pytest.raises(Refused, match="打不开"):
        open_files(archive({"a.pdf": b"x"})[:-30])
    # a list that states more than lies there
    data = bytearray(archive({"a.pdf": b"x" * 100}))
    at = data.rfind(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 20, 2_000_000_000)
    with pytest.raises(Refused, match="互相重叠"):
        open_files(bytes(data))
    # a file that swells beyond what its list states
    lying = bytearray(archive({"a.pdf": b"x" * 1000}))
    at = lying.rfind(b"PK\x01\x02")
    struct.pack_into("<I", lying, at + 24, 10)
    with pytest.raises(Refused):
        list(open_files(bytes(lying)).chunks("a.pdf"))


def test_a_folder_is_read_without_following_links(tmp_path: Path) -> None:
    (tmp_path / "1.1.1").mkdir()
    (tmp_path / "1.1.1" / "纪要.pdf").write_bytes(b"pdf")
    (tmp_path / "secret").symlink_to("/etc/passwd")
    (tmp_path / "Thumbs.db").write_bytes(b"x")
    files = open_files(tmp_path)
    assert files.names == ["1.1.1/纪要.pdf"] and b"".join(files.chunks("1.1.1/纪要.pdf")) == b"pdf"
    assert files.refused == (("secret", "是指向别处的链接，没有读"),)
    with pytest.raises(Refused):
        list(files.chunks("secret"))
    with pytest.raises(Refused, match="找不到"):
        open_files(tmp_path / "没有")
