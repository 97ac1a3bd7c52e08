"""材料夹: the same material as a folder in a zip; originals byte for byte, and a catalogue to open in Excel."""

import hashlib
import io
import os
import zipfile
from datetime import date
from typing import Any

from taizhang.kit.files import read_pieces, store
from taizhang.kit.tables.write import OutSheet, write_xlsx
from taizhang.ledger.queries.material import Held, Proof
from taizhang.ledger.rules.numbering import bases, piece_number
from taizhang.standards.rules.needs import KINDS

from ..queries.wanted import Wanted
from ..rules.naming import Names, file_name, folder_name
from .parts import Desk
from .volume import Bound

CATALOGUE = "目录.xlsx"
#: files that are packed already gain nothing by being packed again
PACKED = ("zip", "officedocument", "jpeg", "png", "webp", "heic", "gif", "pdf", "audio/", "video/", "ofd")
HEADER = [
    "编号",
    "名称",
    "文件",
    "日期",
    "文号",
    "发文机关",
    "页数",
    "类别",
    "方面",
    "事项",
    "期次",
    "回执号",
    "SHA-256",
]
WIDTHS = [14.0, 40.0, 60.0, 12.0, 22.0, 22.0, 8.0, 10.0, 24.0, 30.0, 12.0, 18.0, 66.0]


def make_folder(desk: Desk, found: Wanted, day: date) -> Bound:
    """Pack FOUND into desk.folder/made.zip."""
    numbers = bases((one.code, one.no, one.track) for one in found.held)
    names, areas = Names(), {}
    rows: list[list[Any]] = []
    missing: list[dict[str, str]] = []
    out = desk.folder / "made.zip"
    draft = desk.folder / "made.zip.draft"
    done = pages = 0
    with zipfile.ZipFile(draft, "w", allowZip64=True) as archive:
        for one, number in zip(found.held, numbers, strict=True):
            desk.tell(f"装入 {one.no} {one.title}"[:80], done)
            area = areas.setdefault(one.area_key, folder_name(f"{len(areas) + 1:02}", one.area or "其他事项"))
            folder = f"{area}/{folder_name(number, one.title)}"
            lacks = list(one.lacks)
            for nth, proof in enumerate(one.proofs, 1):
                mark = piece_number(number, nth)
                done += 1
                path = ""
                if proof.sha256:
                    path = names.take(folder, file_name(mark, proof.title, proof.name))
                    if fault := _pack(archive, path, proof, day):
                        lacks.append(
                            f"{mark}《{proof.title}》：{fault}，没有装入。请告诉系统管理员运行校验。"
                        )
                        path = ""
                elif not proof.url:
                    lacks.append(f"{mark}《{proof.title}》：没有文件，没有装入。")
                pages += proof.pages
                rows.append(_row(one, mark, proof, path))
            if not one.proofs and not one.lacks:
                lacks.append("没有引用材料")
            if one.hidden:
                lacks.append(f"另有 {one.hidden} 件材料限定范围或标有密级，没有装入")
            missing += [{"item": f"{number}　{one.title}", "text": text} for text in lacks]
        desk.tell("写目录", done)
        _write(archive, names.take("", CATALOGUE), _catalogue(rows, missing, day), day)
    with open(draft, "rb") as handle:
        digest = hashlib.sha256()
        for piece in read_pieces(handle):
            digest.update(piece)
        os.fsync(handle.fileno())
    draft.replace(out)
    return Bound(pages, out.stat().st_size, digest.hexdigest(), missing)


def _info(path: str, day: date, method: int) -> zipfile.ZipInfo:
    """The same for the same day, whoever packs it and where."""
    info = zipfile.ZipInfo(path, (day.year, day.month, day.day, 0, 0, 0))
    info.compress_type = method
    info.create_system = 3
    info.external_attr = 0o644 << 16
    return info


def _pack(archive: zipfile.ZipFile, path: str, proof: Proof, day: date) -> str:
    """Copy the original; what is wrong with it, in words, or "". Wrong bytes never go in."""
    if fault := store().fault(proof.sha256, proof.size, full=True):
        return fault
    packed = any(word in proof.mime for word in PACKED)
    info = _info(path, day, zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED)
    info.file_size = proof.size
    with store().open(proof.sha256) as source, archive.open(info, "w") as target:
        for piece in read_pieces(source):
            target.write(piece)
    return ""


def _write(archive: zipfile.ZipFile, path: str, data: bytes, day: date) -> None:
    archive.writestr(_info(path, day, zipfile.ZIP_STORED), data)


def _row(one: Held, mark: str, proof: Proof, path: str) -> list[Any]:
    return [
        mark, proof.title, path or proof.url, f"{proof.happened_on or ''}", proof.doc_no, proof.issuer, proof.pages or None,
        KINDS.get(proof.kind, "材料"), one.area, f"{one.no} {one.title}", proof.period, proof.number, proof.sha256,
    ]  # fmt: skip


def _catalogue(rows: list[list[Any]], missing: list[dict[str, str]], day: date) -> bytes:
    out = io.BytesIO()
    lacks = [[*row["item"].split("　", 1), row["text"]] for row in missing]
    write_xlsx(
        out,
        [
            OutSheet("目录", HEADER, rows, WIDTHS),
            OutSheet("缺项", ["编号", "事项", "缺什么"], lacks, [14.0, 40.0, 80.0]),
        ],
        made_on=day,
    )
    return out.getvalue()


__all__ = ["make_folder"]
