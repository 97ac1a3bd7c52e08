"""Metadata of one piece as XML, after DA/T 46-2009 (文书类电子文件元数据方案).

Elements bear the Chinese names of the standard: whoever takes the package over reads these names in the standard and
in the archive's own system; an English set would be one of our making, to be translated once more. XML 1.0 allows
Chinese names. Known from the project's notes: 聚合层次, 来源 (档案馆名称, 全宗名称, 立档单位名称), 电子文件号, 档号 (全宗号, 年度,
保管期限, 机构或问题, 件号), 内容描述 (题名, 主题词, 人名, 摘要, 文件编号, 责任者, 日期, 文种). From general knowledge of the standard:
形式特征, 电子属性, 权限管理, 附注.
"""

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from ..models import Filed, Kind, Secrecy
from ..rules.archive import CATEGORY, RETENTIONS, Piece, day8

#: kinds by the word that the standard calls 文种, where a title does not bear one
GENRES = (
    "决定", "决议", "意见", "通知", "通报", "通告", "公告", "报告", "请示", "批复", "函", "纪要", "方案", "计划", "总结", "制度", "办法",
    "简报", "规划", "规定",
)  # fmt: skip

#: (name, text or the elements beneath it, attributes)
Element = tuple[str, "str | list[Element]", dict[str, str]]


def metadata(
    row: Filed,
    piece: Piece,
    number: str,
    fonds: str,
    archive: str,
    year: int,
    files: Iterable[tuple[str, str, str]],
) -> bytes:
    """XML of one piece. FILES: (name in the package, SHA-256, SM3) of its original and its page copy."""
    evidence = row.evidence
    agency = evidence.agency.name
    blob = row.file.blob if row.file else None
    title = piece.title.strip("[]")
    kept: list[Element] = [
        (
            "文件",
            [
                ("包内名称", name, {}),
                ("校验值", sha256, {"算法": "SHA-256"}),
                ("校验值", sm3, {"算法": "SM3"}),
            ],
            {},
        )
        for name, sha256, sm3 in files
    ]
    root: list[Element] = [
        ("聚合层次", "文件", {}),
        ("来源", [("档案馆名称", archive, {}), ("全宗名称", agency, {}), ("立档单位名称", agency, {})], {}),
        ("电子文件号", piece.receipt, {}),
        (
            "档号",
            [("编码", number, {}), ("全宗号", fonds, {}), ("门类代码", CATEGORY, {}), ("年度", str(year), {}),
             ("保管期限", RETENTIONS[piece.retention], {"代码": piece.retention}), ("机构或问题", str(evidence.unit), {"代码": piece.code}),
             ("件号", f"{piece.no:04}", {})],
            {},
        ),
        (
            "内容描述",
            [("题名", piece.title, {}), ("主题词", evidence.theme, {}), ("人名", evidence.people, {}), ("地点", evidence.place, {}),
             ("文件编号", piece.doc_no, {}), ("责任者", piece.issuer, {}), ("日期", day8(piece.dated_on), {}),
             ("文种", next((word for word in GENRES if title.endswith(word)), Kind(evidence.kind).label), {}), ("密级", piece.secrecy, {})],
            {},
        ),
        ("形式特征", [("件内页数", str(piece.pages), {}), ("语种", "中文", {})], {}),
        (
            "电子属性",
            [("格式信息", blob.mime if blob else "", {}), ("计算机文件名", row.file.original_name if row.file else "", {}),
             ("计算机文件大小", str(blob.size) if blob else "", {"单位": "字节"} if blob else {}), ("网址", evidence.url, {}),
             *kept],
            {},
        ),
        ("权限管理", [("公开范围", Secrecy(evidence.secrecy).label, {})], {}),
        ("附注", piece.note, {}),
    ]  # fmt: skip
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<电子文件元数据 方案="DA/T 46-2009">',
        *_lines(root, 1),
        "</电子文件元数据>",
        "",
    ]
    return "\n".join(lines).encode("utf-8")


def _lines(elements: list[Element], deep: int) -> Iterable[str]:
    """Empty elements stay: whoever checks sees that nothing is known, not that it was forgotten."""
    for name, inner, attributes in elements:
        said = "".join(f" {key}={quoteattr(_plain(value))}" for key, value in attributes.items())
        pad = "  " * deep
        if isinstance(inner, str):
            yield f"{pad}<{name}{said}>{escape(_plain(inner))}</{name}>" if inner else f"{pad}<{name}{said}/>"
        else:
            yield f"{pad}<{name}{said}>"
            yield from _lines(inner, deep + 1)
            yield f"{pad}</{name}>"


def _plain(text: str) -> str:
    """Without the characters that XML 1.0 does not allow."""
    return "".join(
        one
        for one in text
        if one in "\t\n\r" or "\x20" <= one <= "\ud7ff" or "\ue000" <= one <= "\ufffd" or one >= "\U00010000"
    )
