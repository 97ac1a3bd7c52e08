"""Metadata of one piece as XML, after DA/T 46-2009 (文书类电子文件元数据方案).

Elements bear the Chinese names of the standard: whoever takes the package over reads these names in the standard and
in the archive's own system; an English set would be one of our making, to be translated once more. XML 1.0 allows
Chinese names. Known from the project's notes: 聚合层次, 来源 (档案馆名称, 全宗名称, 立档单位名称), 电子文件号, 档号 (全宗号, 年度,
保管期限, 机构或问题, 件号), 内容描述 (题名, 主题词, 人名, 摘要, 文件编号, 责任者, 日期, 文种). From general knowledge of the standard:
形式特征, 电子属性, 权限管理, 附注; 组成部分 (the annexes of a 件, each described in short) is this project's reading of
it: one XML tells the whole 件.
"""

from collections.abc import Iterable, Sequence
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
#: an annex of the 件, with (name in the package, SHA-256, SM3) of its files
Annex = tuple[Filed, Piece, Sequence[tuple[str, str, str]]]


def metadata(
    row: Filed,
    piece: Piece,
    number: str,
    fonds: str,
    archive: str,
    year: int,
    files: Sequence[tuple[str, str, str]],
    annexes: Sequence[Annex] = (),
) -> bytes:
    """XML of one 件. FILES: (name in the package, SHA-256, SM3) of its original and its page copy. PIECE: of its pages, the
    sum of all parts."""
    evidence = row.evidence
    agency = evidence.agency.name
    title = piece.title.strip("[]")
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
        ("电子属性", _electronic(row, files), {}),
        *([("组成部分", [_annex(one) for one in annexes], {"附件": f"{len(annexes)} 份"})] if annexes else []),
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


def _electronic(row: Filed, files: Sequence[tuple[str, str, str]]) -> list[Element]:
    blob = row.file.blob if row.file else None
    kept: list[Element] = [
        ("文件", [("包内名称", name, {}), ("校验值", sha256, {"算法": "SHA-256"}), ("校验值", sm3, {"算法": "SM3"})], {})
        for name, sha256, sm3 in files
    ]  # fmt: skip
    return [
        ("格式信息", blob.mime if blob else "", {}), ("计算机文件名", row.file.original_name if row.file else "", {}),
        ("计算机文件大小", str(blob.size) if blob else "", {"单位": "字节"} if blob else {}), ("网址", row.evidence.url, {}), *kept,
    ]  # fmt: skip


def _annex(one: Annex) -> Element:
    """One annex in short: what it is, and its files."""
    row, piece, files = one
    inner: list[Element] = [
        ("电子文件号", piece.receipt, {}), ("题名", piece.title, {}), ("文件编号", piece.doc_no, {}), ("责任者", piece.issuer, {}),
        ("日期", day8(piece.dated_on), {}), ("页数", str(piece.pages), {}), *_electronic(row, files),
    ]  # fmt: skip
    return "附件", inner, {"序号": str(piece.annex)}


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
