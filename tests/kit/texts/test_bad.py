"""Strangers' files: what would act is told and left alone, what would swallow the machine ends without harm."""

import io
import random
import resource
import struct
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from taizhang.kit.apart import Apart, Ended
from taizhang.kit.texts import acting, harmless
from tests.kit.containers import container
from tests.kit.word import docx, p

from . import made
from .made import BODY, MIMES, ask, codes, text

MACRO = {"word/vbaProject.bin": b"\xd0\xcf\x11\xe0macro"}
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
FAR = "http://127.0.0.1:9/evil.dotm"


@pytest.fixture(scope="module")
def child() -> Iterator[Apart]:
    found = Apart("taizhang.kit.texts:answer")
    yield found
    found.close(kill=True)


def through(child: Apart, folder: Path, kind: str, data: bytes, seconds: float = 30) -> dict[str, Any]:
    path = folder / "asked"
    path.write_bytes(data)
    question = {
        "path": str(path),
        "name": f"a.{kind}",
        "mime": MIMES[kind],
        "folder": str(folder),
        "pictures": False,
    }
    return child.ask(question, seconds)


def refusal(told: dict[str, Any]) -> str:
    code, words = told["unreadable"]
    assert "文件已保存" in words
    return str(code)


def rels(*far: tuple[str, str]) -> bytes:
    inside = "".join(
        f'<Relationship Id="r{at}" Type="{KINDS}/{kind}" Target="{target}" TargetMode="External"/>'
        for at, (kind, target) in enumerate(far)
    )
    return f'<Relationships xmlns="{RELS}">{inside}</Relationships>'.encode()


# --- what would act


def field(code: str) -> str:
    return f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{code}</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'


@pytest.mark.parametrize(
    ("body", "parts", "code"),
    [
        ("", MACRO, "macro"),
        ("", {"word/_rels/settings.xml.rels": rels(("attachedTemplate", FAR))}, "remote_template"),
        ("", {"word/embeddings/oleObject1.bin": b"x"}, "embedded"),
        ("", {"word/comments.xml": b"<comments/>"}, "tracked"),
        ("", {"word/_rels/document.xml.rels": rels(("image", FAR))}, "links"),
        (field("DDEAUTO c:\\\\windows\\\\cmd.exe"), {}, "dde"),
        ('<w:p><w:fldSimple w:instr="DDE cmd x"/></w:p>', {}, "dde"),
        ('<w:p><w:ins w:id="1"><w:r><w:t>改</w:t></w:r></w:ins></w:p>', {}, "tracked"),
    ],
)
def test_docx_is_read_and_told(tmp_path: Path, body: str, parts: dict[str, bytes], code: str) -> None:
    told = ask(tmp_path, "docx", made.add(docx(p(BODY) + body), parts))
    assert codes(told) == [code] and text(told).startswith(BODY)


def test_an_ordinary_docx_has_nothing_to_tell(tmp_path: Path) -> None:
    linked = {"word/_rels/document.xml.rels": rels(("hyperlink", "http://example.cn/"))}
    told = ask(tmp_path, "docx", made.add(docx(p(f"{BODY}DDE")), linked))
    assert told["warnings"] == []


def test_what_a_converter_gets_leads_nowhere_and_runs_nothing() -> None:
    data = made.add(
        made.word(),
        MACRO
        | {
            "word/_rels/settings.xml.rels": rels(
                ("attachedTemplate", FAR), ("hyperlink", "http://example.cn/")
            )
        }
        | {"word/_rels/header9.xml.rels": rels(("image", "file:///etc/passwd"))},
    )
    found = harmless.office(data)
    with zipfile.ZipFile(io.BytesIO(found.data)) as given:
        assert "word/vbaProject.bin" not in given.namelist()
        everything = b"".join(given.read(name) for name in given.namelist())
    assert b"127.0.0.1" not in everything and b"passwd" not in everything
    assert b'"http://example.cn/"' in everything and everything.count(b'"about:blank"') == 2
    assert harmless.office(made.word()).data == made.word() or not harmless.office(made.word()).warnings


def test_xlsx_with_links_and_macros_is_read_by_its_saved_values(tmp_path: Path) -> None:
    data = made.add(
        made.workbook([['=WEBSERVICE("http://127.0.0.1:9/")', "合计"]]),
        {"xl/vbaProject.bin": b"x", "xl/externalLinks/externalLink1.xml": b"<externalLink/>"},
    )
    told = ask(tmp_path, "xlsx", data)
    assert sorted(codes(told)) == ["links", "macro"] and "合计" in text(told)


def test_pptm_is_read_and_told(tmp_path: Path) -> None:
    told = ask(tmp_path, "pptx", made.add(made.slides(), {"ppt/vbaProject.bin": b"x"}))
    assert codes(told) == ["macro"] and "党建引领" in text(told)


def test_old_files_with_macros_and_locks(tmp_path: Path) -> None:
    locked = struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0, 0, 0x0100)
    assert refusal(ask(tmp_path, "doc", container({"WordDocument": locked}))) == "locked"
    assert refusal(ask(tmp_path, "doc", container({"EncryptedPackage": b"x"}))) == "locked"
    book = struct.pack("<HHHHHH", 0x809, 8, 0x600, 5, 0, 0) + struct.pack("<HH", 0x2F, 4) + b"abcd"
    assert refusal(ask(tmp_path, "xls", container({"Workbook": book}))) == "locked"
    assert (
        refusal(ask(tmp_path, "ppt", container({"PowerPoint Document": b"x", "EncryptedSummary": b"x"})))
        == "locked"
    )
    assert codes({"warnings": harmless.office(container({"WordDocument": b"x"}, ("Macros",))).warnings}) == [
        "macro"
    ]


# --- documents that lie or swell

BOMB = b'<?xml version="1.0"?><!DOCTYPE w:document [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
READS = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("doctype", [BOMB, READS, READS.decode().encode("utf-16")])
@pytest.mark.parametrize(
    ("kind", "name"), [("docx", "word/document.xml"), ("xlsx", "xl/workbook.xml"), ("pptx", "ppt/presentation.xml"), ("ofd", "OFD.xml")]
)  # fmt: skip
def test_entities_are_never_followed(tmp_path: Path, kind: str, name: str, doctype: bytes) -> None:
    whole = {
        "docx": made.word,
        "xlsx": made.workbook,
        "pptx": made.slides,
        "ofd": lambda: made.ofd([made.said("字", 9)]),
    }[kind]()
    body = made.part(whole, name)
    told = ask(
        tmp_path,
        kind,
        made.add(whole, {name: doctype + body[body.find(b"?>") + 2 if b"?>" in body else 0 :]}),
    )
    assert refusal(told) == "entities"


def swollen(name: str, size: int, around: bytes) -> bytes:
    """A package whose part NAME unpacks to SIZE bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        with packed.open(name, "w", force_zip64=True) as part:
            part.write(around)
            for _ in range(size // 2**20):
                part.write(b" " * 2**20)
    return out.getvalue()


def lying(data: bytes, size: int) -> bytes:
    """The same package, its directory and its heads saying SIZE for every part."""
    changed = bytearray(data)
    for mark, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = changed.find(mark)
        while at >= 0:
            changed[at + place : at + place + 4] = struct.pack("<I", size)
            at = changed.find(mark, at + 4)
    return bytes(changed)


def test_a_zip_bomb_is_not_unpacked(child: Apart, tmp_path: Path) -> None:
    bomb = swollen("word/document.xml", 600 * 2**20, b"<x>")
    assert len(bomb) < 1_000_000
    began = time.monotonic()
    assert refusal(through(child, tmp_path, "docx", bomb)) == "big"
    assert refusal(through(child, tmp_path, "docx", lying(bomb, 1000))) in ("big", "broken")
    assert refusal(through(child, tmp_path, "ofd", swollen("OFD.xml", 300 * 2**20, b"<x>"))) == "big"
    assert time.monotonic() - began < 10


def test_paths_that_climb_and_a_million_empty_parts(child: Apart, tmp_path: Path) -> None:
    climbing = made.add(docx(p("x")), {"../../etc/x.xml": b"<x/>"})
    assert refusal(through(child, tmp_path, "docx", climbing)) == "broken"
    many = made.zipped({"word/document.xml": b"<x/>"} | {f"{at}": b"" for at in range(30_000)})
    assert refusal(through(child, tmp_path, "docx", many)) == "big"
    root = f"<ofd:OFD {made.OFD_SPACE}><ofd:DocBody><ofd:DocRoot>../../../etc/passwd</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    assert refusal(through(child, tmp_path, "ofd", made.zipped({"OFD.xml": root.encode()}))) == "broken"


@pytest.mark.parametrize("kind", ["docx", "html", "ofd"])
def test_elements_in_elements_without_end(child: Apart, tmp_path: Path, kind: str) -> None:
    deep = 100_000
    if kind == "html":
        told = through(child, tmp_path, "html", b"<div>" * deep + "深".encode())
        assert "unreadable" in told or told["kind"] == "html"
        return
    nested = b"<w:p>" * deep + b"</w:p>" * deep
    data = made.add(
        docx(""),
        {"word/document.xml": b'<w:document xmlns:w="x"><w:body>' + nested + b"</w:body></w:document>"},
    )
    if kind == "ofd":
        data = made.zipped({"OFD.xml": b"<a>" * deep + b"</a>" * deep})
    assert refusal(through(child, tmp_path, kind, data)) == "broken"


def test_tables_in_tables_and_a_letter_of_very_many_parts(child: Apart, tmp_path: Path) -> None:
    body = p("里")
    for _ in range(60):
        body = f"<w:tbl><w:tr><w:tc>{body}</w:tc></w:tr></w:tbl>"
    assert "unreadable" not in through(child, tmp_path, "docx", docx(p("外") + body))
    parts = (
        b"Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        + b"--b\r\n\r\nx\r\n" * 30_000
        + b"--b--"
    )
    assert "unreadable" not in through(child, tmp_path, "eml", parts)
    loop = b"Subject: x\r\nContent-Type: message/rfc822\r\n\r\n" * 5000
    told = through(child, tmp_path, "eml", loop)
    assert "unreadable" in told or told["kind"] == "eml"


# --- PDF


def pdf_with(change: Any, **how: Any) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(made.pdf(BODY))) as opened:
        change(opened)
        opened.save(out, **how)
    return out.getvalue()


def script(opened: Any) -> None:
    opened.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def launch(opened: Any) -> None:
    opened.pages[0].AA = pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe"))


def attach(opened: Any) -> None:
    opened.attachments["名册.xlsx"] = b"data"


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize(
    ("change", "code"), [(script, "javascript"), (launch, "launch"), (attach, "embedded")]
)
def test_pdf_that_acts_is_read_and_told(tmp_path: Path, change: Any, code: str, packed: bool) -> None:
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    told = ask(tmp_path, "pdf", pdf_with(change, object_stream_mode=mode))
    assert codes(told) == [code] and text(told) == BODY


def test_names_written_in_figures_hide_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(
        pdf_with(script, object_stream_mode=pikepdf.ObjectStreamMode.disable).replace(
            b"/JavaScript", b"/J#61vaScrip#74"
        )
    )
    assert [code for code, _ in acting.pdf(path)] == ["javascript"]
    path.write_bytes(pdf_with(lambda opened: None))
    assert acting.pdf(path) == []


def test_an_encrypted_pdf_is_kept_and_told(tmp_path: Path) -> None:
    asks = pikepdf.Encryption(user="a", owner="b")
    assert refusal(ask(tmp_path, "pdf", pdf_with(lambda one: None, encryption=asks))) == "locked"
    prints = pikepdf.Encryption(user="", owner="b")
    assert text(ask(tmp_path, "pdf", pdf_with(lambda one: None, encryption=prints))) == BODY


def written(objects: dict[int, str]) -> bytes:
    """A PDF with these OBJECTS; the first is its catalogue."""
    out, places = bytearray(b"%PDF-1.4\n"), []
    for no, body in objects.items():
        places.append(len(out))
        out += f"{no} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{at:010d} 00000 n \n" for at in places)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\n"
    return bytes(out) + head.encode() + f"startxref\n{len(out)}\n%%EOF".encode()


@pytest.mark.parametrize(
    "objects",
    [
        {1: "<</Type/Catalog/Pages 2 0 R>>", 2: "<</Type/Pages/Kids[2 0 R]/Count 1>>"},
        {
            1: "<</Type/Catalog/Pages 2 0 R>>",
            2: "<</Type/Pages/Kids[3 0 R 3 0 R]/Count 9>>",
            3: "<</Type/Pages/Kids[2 0 R]/Parent 2 0 R/Count 9>>",
        },
        {1: "<</Type/Catalog/Pages 2 0 R>>", 2: "<</Type/Pages/Kids[]/Count 1000000>>"},
        {1: "<</Type/Catalog/Pages 1 0 R>>"},
        {1: "<</Type/Catalog>>"},
    ],
)
def test_a_page_tree_that_loops_or_lies(child: Apart, tmp_path: Path, objects: dict[int, str]) -> None:
    began = time.monotonic()
    told = through(child, tmp_path, "pdf", written(objects))
    assert refusal(told) == "broken" if "unreadable" in told else text(told) == ""
    assert time.monotonic() - began < 10


def test_a_million_objects_and_a_page_of_two_hundred_inches(child: Apart, tmp_path: Path) -> None:
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 14400 14400]>>"
    objects = {1: "<</Type/Catalog/Pages 2 0 R>>", 2: "<</Type/Pages/Kids[3 0 R]/Count 1>>", 3: page}
    told = through(child, tmp_path, "pdf", written(objects | dict.fromkeys(range(4, 1000000), "null")), 60)
    assert "unreadable" in told or told["pages"] == 1


def test_a_huge_scan_is_rendered_small(tmp_path: Path, monkeypatch: Any) -> None:
    sizes = []
    monkeypatch.setattr(
        "taizhang.kit.texts.scans.read_page", lambda image: (sizes.append(image.size) or "", [])
    )
    data = pdf_with(lambda one: one.pages[0].__setitem__("/MediaBox", [0, 0, 14400, 14400]))
    from tests.kit.texts.test_formats import scanned  # noqa: PLC0415 -- slow import

    big = io.BytesIO()
    with pikepdf.open(io.BytesIO(scanned("x", 1))) as opened:
        box = [float(one) for one in opened.pages[0].MediaBox]
        opened.pages[0].MediaBox = [0, 0, 14400, 14400]
        opened.pages[0].contents_add(f"q {14400 / box[2]} 0 0 {14400 / box[3]} 0 0 cm".encode(), prepend=True)
        opened.save(big)
    ask(tmp_path, "pdf", big.getvalue(), pictures=True)
    assert data and sizes and sizes[0][0] * sizes[0][1] <= 20_100_000


# --- anything else


@pytest.mark.parametrize("kind", ["docx", "xlsx", "pptx", "pdf", "ofd", "html", "eml", "xls", "doc", "ppt"])
def test_damaged_files_end_in_words(tmp_path: Path, kind: str) -> None:
    whole = {
        "docx": made.word, "xlsx": made.workbook, "pptx": made.slides, "pdf": lambda: made.pdf(BODY),
        "ofd": lambda: made.ofd([made.said("正文", 9)], template=made.said("头", 5)),
        "html": lambda: "<html><body><p>字<table><tr><td rowspan=9999>x".encode() * 50,
        "eml": lambda: b"Subject: =?gb2312?B?1cXI?=\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nx\r\n--x--",
        "xls": lambda: container({"Workbook": zlib.compress(b"x" * 9000)}),
        "doc": lambda: container({"WordDocument": b"\xec\xa5" + bytes(range(256)) * 8, "1Table": b"\x02" + bytes(400)}),
        "ppt": lambda: container({"PowerPoint Document": bytes(range(256)) * 20}),
    }[kind]()  # fmt: skip
    dice = random.Random(kind)
    readable = 0
    for turn in range(40 if kind not in ("doc", "xls", "ppt") else 4):
        data = bytearray(whole)
        if turn % 4 == 0:
            del data[dice.randrange(len(data)) :]
        elif data.startswith(b"PK") and turn % 4 < 3:  # sound as a package: only a part is damaged
            with zipfile.ZipFile(io.BytesIO(whole)) as held:
                name = dice.choice(held.namelist())
            part = bytearray(made.part(whole, name)) or bytearray(b"x")
            for _ in range(dice.randrange(1, 4)):
                part[dice.randrange(len(part))] = dice.randrange(256)
            data = bytearray(made.add(whole, {name: bytes(part)}))
        else:
            for _ in range(dice.randrange(1, 20)):
                data[dice.randrange(len(data))] = dice.randrange(256)
        told = ask(tmp_path, kind, bytes(data))
        if "unreadable" in told:
            refusal(told)
        else:
            readable += 1
    assert readable or kind not in ("pdf", "html", "eml")  # a package checks its own bytes


def test_a_child_has_less_than_its_programs_want(tmp_path: Path) -> None:
    """LibreOffice's own limit is above the child's: it is started with the child's instead of not at all."""
    from taizhang.kit.documents import office  # noqa: PLC0415 -- slow import

    before = resource.getrlimit(resource.RLIMIT_AS)
    assert office.memory_limit() <= office.MEMORY_LIMIT
    assert before == resource.getrlimit(resource.RLIMIT_AS)
    child = Apart("taizhang.kit.texts:answer")
    try:
        if office.libreoffice():
            told = through(child, tmp_path, "rtf", made.old(made.word(), "docx", "rtf"), 60)
            assert BODY in text(told)
    finally:
        child.close(kill=True)


def test_a_reader_that_never_ends_is_ended(tmp_path: Path) -> None:
    child = Apart("taizhang.kit.texts:answer")
    try:
        with pytest.raises(Ended):
            through(child, tmp_path, "docx", made.word(), 0.0001)
        assert BODY in text(through(child, tmp_path, "docx", made.word()))
    finally:
        child.close(kill=True)
