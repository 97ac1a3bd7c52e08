"""What a file is, what a caption lacks, what a name becomes."""

import pytest

from taizhang.evidence.rules import captions, kinds, names
from taizhang.kit.errors import Refused

from .samples import DOCX, OLE, PDF, jpeg, package, png

HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
MP4 = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41" + b"\x00" * 64


@pytest.mark.parametrize(
    ("name", "head", "mime"),
    [
        ("a.jpg", jpeg(), "image/jpeg"),
        ("a.JPEG", jpeg(), "image/jpeg"),
        ("a.png", png(), "image/png"),
        ("微信图片.jpg", png(), "image/png"),  # a sister's extension: the bytes decide
        ("照片", jpeg(), "image/jpeg"),
        ("a.pdf", PDF, "application/pdf"),
        ("a.pdf", b"\xef\xbb\xbf\n" + PDF, "application/pdf"),
        ("a.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.wps", OLE, "application/msword"),
        ("a.doc", OLE, "application/msword"),
        ("a.et", OLE, "application/vnd.ms-excel"),
        ("a.ofd", package("OFD.xml"), "application/ofd"),
        ("a.txt", "会议记录\r\n第一项".encode("gb18030"), "text/plain"),
        ("a.txt", ("汉" * 3000).encode()[:8192], "text/plain"),  # a letter cut in two
        ("a.csv", "姓名,分数\n张三,1".encode("utf-8-sig"), "text/csv"),
        ("a.mp4", MP4, "video/mp4"),
        ("a.mp3", b"ID3\x03\x00" + b"\x00" * 20, "audio/mpeg"),
        ("a.rtf", b"{\\rtf1 x}", "application/rtf"),
    ],
)
def test_sniff_knows(name: str, head: bytes, mime: str) -> None:
    assert kinds.sniff(head[:8192], name).mime == mime


@pytest.mark.parametrize(
    ("name", "head", "words"),
    [
        ("照片.jpg", HTML, "名字写的是 .jpg，内容却是网页"),
        ("a.txt", HTML, "是网页"),
        ("a.svg", SVG, "可带脚本的矢量图"),
        ("a.svg", HTML, "可带脚本的矢量图"),
        ("a.jpg", SVG, "可带脚本的矢量图"),
        ("a.html", SVG, "可带脚本的矢量图"),
        ("a.xml", b"<?xml version='1.0'?><svg/>", "可带脚本的矢量图"),
        ("a.xml", b"<?xml version='1.0'?><list/>", "是网页"),
        ("a.xhtml", HTML, "是网页"),
        ("a.mht", HTML, "是网页"),
        ("a.eml", HTML, "名字写的是 .eml，内容却是网页"),
        ("a.eml", b"hello", "内容却是 txt 文件"),
        ("a.exe", b"MZ\x90\x00", "程序文件"),
        ("照片.jpg", b"MZ\x90\x00", "程序文件"),
        ("a.sh", b"#!/bin/sh\n", "程序文件"),
        ("a.js", b"alert(1)", "程序文件"),
        ("报告.pdf", b"\x7fELF\x02", "程序文件"),
        ("a.xlam", package("xl/workbook.xml"), "加载宏"),
        ("a.docm", OLE, "打开密码"),
        ("a.zip", package("a.txt"), "压缩包"),
        ("a.docx", OLE, "打开密码"),
        ("a.jpg", PDF, "内容却是 pdf 文件"),
        ("a.pdf", jpeg(), "内容却是 jpg 文件"),
        ("a.html", jpeg(), "内容却是 jpg 文件"),  # polyglot: runs as neither
        ("a.pdf", b"hello there", "内容却是 txt 文件"),
        ("a.pdf", b"\x00\x01\x02\x03" * 50, "可能已损坏"),
        ("a.dwg", b"\x00\x01\x02\x03" * 50, "格式不能存入"),
        ("a.odt", package("mimetype"), "格式不能存入"),
    ],
)
def test_sniff_refuses_in_words(name: str, head: bytes, words: str) -> None:
    with pytest.raises(Refused) as caught:
        kinds.sniff(head, name)
    assert words in caught.value.message and name in caught.value.message


@pytest.mark.parametrize(
    ("name", "head", "mime"),
    [
        ("a.html", HTML, "text/html"),
        ("a.htm", "没有标记的网页".encode("gb18030"), "text/html"),
        ("网页", HTML, "text/html"),
        ("a.eml", b"From: a@b.cn\r\nSubject: x\r\n\r\nbody", "message/rfc822"),
        ("a.eml", b"Received: from x\r\n\tby y\r\nDate: z\r\n\r\n\xff", "message/rfc822"),
        ("a.mht", b"From: <x>\nMIME-Version: 1.0\nContent-Type: multipart/related\n\n", "multipart/related"),
        ("a.docm", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)
def test_what_is_only_ever_saved_to_disk(name: str, head: bytes, mime: str) -> None:
    assert kinds.sniff(head, name).mime == mime
    assert mime not in kinds.INLINE


def test_sniff_reads_the_members_of_a_package() -> None:
    assert kinds.sniff(DOCX, "a.docx", ["[Content_Types].xml", "word/document2.xml"]).extensions[0] == "docx"
    for name in ("a.docx", "a.docm"):  # kept, and flagged when it is read
        assert kinds.sniff(DOCX, name, ["word/document.xml", "word/vbaProject.bin"]).extensions[0] == "docx"
    for member in ("../../etc/cron", "/etc/cron", "C:/x", "a\\..\\b"):
        with pytest.raises(Refused, match="不正常的路径"):
            kinds.sniff(DOCX, "a.docx", ["word/document.xml", member])
    with pytest.raises(Refused, match="内容却是 xlsx"):
        kinds.sniff(DOCX, "a.docx", ["xl/workbook.xml"])
    with pytest.raises(Refused, match="内容不是 docx"):
        kinds.sniff(DOCX, "a.docx", ["readme.txt"])


@pytest.mark.parametrize(
    ("text", "secret"),
    [("机密★1年 某某通知", True), ("【秘密】纪要", True), ("绝密 ☆", True), ("保守国家秘密宣传月方案", False),
     ("机密级计算机管理制度", False)],
)  # fmt: skip
def test_refuse_secret(text: str, secret: bool) -> None:
    if secret:
        with pytest.raises(Refused, match="非涉密系统严禁存入"):
            kinds.refuse_secret(text)
    else:
        kinds.refuse_secret(text)


@pytest.mark.parametrize(
    ("mime", "title", "kind"),
    [
        ("image/png", "通知截图", "picture"),
        ("video/mp4", "x", "media"),
        ("application/pdf", "关于调整领导小组的通知", "document"),
        ("application/pdf", "创建工作总结", "report"),
        ("application/pdf", "x", "document"),
        ("text/csv", "x", "table"),
        ("application/msword", "志愿者名册", "table"),
    ],
)
def test_proposed_kind(mime: str, title: str, kind: str) -> None:
    assert kinds.proposed_kind(mime, title) == kind


def test_missing_caption() -> None:
    assert captions.missing_caption("picture", {"happened_on": "2020-06-10", "place": " "}) == [
        "地点",
        "人物",
        "主题",
    ]
    assert captions.missing_caption("document", {}) == ["文号", "发文机关", "成文日期"]
    assert captions.missing_caption("document", {"doc_no": "1", "issuer": "甲", "happened_on": "x"}) == []
    assert captions.missing_caption("report", {}) == ["时间"]
    assert captions.missing_caption("other", {}) == []
    assert captions.missing_caption("picture", {"people": "x"}, ["time", "people", "doc_no"]) == [
        "时间",
        "文号",
    ]
    assert captions.missing_words(["地点", "人物"]) == "还缺“地点”“人物”"
    assert captions.missing_words([]) == ""


def test_receipt() -> None:
    assert captions.receipt(2026, 123) == "材-2026-000123"


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("../../etc/cron", "cron"),
        ("..\\x", "x"),
        ("C:\\Users\\张三\\通知.pdf", "通知.pdf"),
        ("%2e%2e%2fetc", "%2e%2e%2fetc"),
        ("a\x00b\r\nc.txt", "abc.txt"),
        ('a"b<c>.txt', "a_b_c_.txt"),
        ("CON.txt", "_CON.txt"),
        ("nul", "_nul"),
        ("x.txt. ", "x.txt"),
        ("-rf", "_rf"),
        (".htaccess", "_htaccess"),
        ("报告\u202egpj.exe", "报告gpj.exe"),
        ("a\u200bb\ufeff.txt", "ab.txt"),
        ("e\u0301.txt", "é.txt"),
        ("👍会议.png", "👍会议.png"),
        ("a  \t b.txt", "a b.txt"),
        ("\ud800.txt", "_.txt"),
        ("", "未命名"),
        ("...", "未命名"),
        ("///", "未命名"),
        ("关于〔2020〕18号，《意见》（试行）.pdf", "关于〔2020〕18号，《意见》（试行）.pdf"),
    ],
)
def test_clean_name(raw: str, clean: str) -> None:
    assert names.clean_name(raw) == clean
    assert names.clean_name(clean) == clean


def test_clean_name_fits_a_disk() -> None:
    name = names.clean_name("会" * 255 + ".docx")
    assert len(name.encode()) <= 240 and name.endswith("会.docx")
    assert len(names.clean_name("会" * 255).encode()) <= 240
    assert len(names.clean_name("a." + "会" * 255).encode()) <= 240


def test_disposition_is_one_line_of_ascii() -> None:
    line = names.disposition('关于"x"\r\nSet-Cookie: a=b;通知.pdf')
    assert line.isascii() and "\r" not in line and "\n" not in line
    assert line.startswith('attachment; filename="') and line.count('"') == 2
    assert "filename*=UTF-8''" in line and line.endswith("%E9%80%9A%E7%9F%A5.pdf")
    assert names.disposition("a.jpg", inline=True) == "inline; filename=\"a.jpg\"; filename*=UTF-8''a.jpg"


def test_title_of() -> None:
    assert names.title_of("关于1.2版的通知.docx") == "关于1.2版的通知"
    assert names.title_of("通知") == "通知"
    assert names.title_of("1.关于开展道德讲堂活动的通知") == "1.关于开展道德讲堂活动的通知"
    assert len(names.title_of("会" * 300)) == 200
