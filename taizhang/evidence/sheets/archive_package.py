"""The package of an archived volume: originals under their archive numbers, page copies, catalogue, metadata, manifest.

封面.pdf 归档文件目录.pdf 归档文件目录.xlsx 盒脊.pdf 四性检测报告.pdf 说明.txt 清单.json 清单校验值.txt, and for each 件 a folder
`永久/档号/` with the original, 档号（归档章）.pdf and 档号（元数据）.xml; beside them its annexes, 档号-附1 and so on, with a
档号-附1（页面副本）.pdf where the file's own format does not last. What is made here is kept in the store as one zip, so
that a sealed package can be given out byte for byte for ever, whatever fonts and programs a later machine has.
"""

import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from django.utils import timezone

from taizhang.kit.files import Stored, hash_open, read_pieces, store
from taizhang.kit.pdf.typeset import breakable
from taizhang.kit.tables.write import OutSheet, write_xlsx

from ..models import Filed, Fonds, Reading, Volume
from ..rules import archive as rules
from ..rules.archive import COLUMNS, RETENTIONS, Differs, Piece
from .archive_metadata import Annex, metadata
from .archive_pages import Copies, stamp_of, typeset

MANIFEST, SEAL_SUMS, CATALOGUE = "清单.json", "清单校验值.txt", "归档文件目录"
WIDTHS = [7.0, 30.0, 22.0, 24.0, 60.0, 12.0, 8.0, 8.0, 24.0]
SHEET_WIDE = 186  # mm of a sheet that box labels may take
Tell = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Lot:
    """All that a package is made of. `sealed_at` None: a draft, which says so on every list."""

    volume: Volume
    fonds: Fonds
    rows: Sequence[tuple[Filed, Piece]]  # in the catalogue's order, annexes behind their main row
    checks: Sequence[dict[str, Any]]
    digest: str
    sealed_at: datetime | None = None
    sealed_by: str = ""
    differs: Differs | None = None

    @property
    def day(self) -> date:
        """The day that files bear: of the seal; of a draft the end of its year, so that the same pieces give the same bytes."""
        return timezone.localdate(self.sealed_at) if self.sealed_at else date(self.volume.year, 12, 31)

    @property
    def draft(self) -> bool:
        return self.sealed_at is None

    @cached_property
    def pieces(self) -> list[Piece]:
        """One for each 件, with the pages of all its parts."""
        return rules.wholes(piece for _, piece in self.rows)

    def number(self, piece: Piece) -> str:
        """Of the whole 件: its annexes have the same."""
        return rules.archive_no(self.fonds.code, self.volume.year, piece.retention, piece.code, piece.no)

    def part(self, piece: Piece) -> str:
        """As the files of this part are named."""
        return rules.part_name(self.number(piece), piece.annex)


@dataclass
class Package:
    """Files by their path in the package: (SHA-256, SM3, size); where what is made here lies; what could not be printed."""

    files: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    originals: dict[str, str] = field(default_factory=dict)  # path → name in the store
    made: dict[str, Path] = field(default_factory=dict)
    unprinted: list[str] = field(default_factory=list)
    annexes: list[dict[str, Any]] = field(default_factory=list)  # for the manifest


def build(lot: Lot, folder: Path, tell: Tell) -> Package:
    """Make everything but the manifest in FOLDER (emptied first)."""
    shutil.rmtree(folder, ignore_errors=True)
    work = folder / "work"
    work.mkdir(parents=True)
    package = Package()
    total = len(lot.rows)
    tell(0, total, "排目录和归档章")
    _lists(lot, package, folder)
    stamps = work / "stamps.pdf"
    mains = [(row, piece) for row, piece in lot.rows if not piece.annex]
    solid = [bool(row.file and row.file.blob.mime.startswith("image/")) for row, _ in mains]
    typeset(
        [stamp_of(one, lot.fonds.code, lot.volume.year, solid=white) for one, white in zip(lot.pieces, solid, strict=True)], stamps
    )  # fmt: skip
    copies = Copies(
        work, stamps, lot.volume.agency.name, f"D:{lot.day:%Y%m%d}000000+08'00'", lot.digest[:32].upper()
    )
    blobs = [row.file.blob_id for row, _ in lot.rows if row.file]
    copies.readings = {one.blob_id: one for one in Reading.objects.filter(blob__in=blobs)}
    annexes: dict[int, list[Annex]] = {}
    for at, (row, piece) in enumerate(lot.rows):
        if piece.annex:
            tell(len(package.annexes), total, f"整理 {piece.title}"[:60])
            told = _part(lot, package, copies, work, row, piece, len(mains) + at)
            annexes.setdefault(piece.annex_of, []).append((row, piece, told))
            package.annexes.append(
                {"piece": lot.number(piece), "annex": piece.annex, "title": piece.title, "files": [name for name, _, _ in told]}
            )  # fmt: skip
    for at, ((row, _), whole) in enumerate(zip(mains, lot.pieces, strict=True)):
        tell(total - len(mains) + at, total, f"整理 {whole.title}"[:60])
        number = lot.number(whole)
        told = _part(lot, package, copies, work, row, whole, at)
        xml = metadata(
            row,
            whole,
            number,
            lot.fonds.code,
            lot.fonds.archive,
            lot.volume.year,
            told,
            annexes.get(whole.key, ()),
        )
        _write(package, f"{place_of(whole, number)}/{number}（元数据）.xml", work / f"meta-{at}.xml", xml)
    tell(total, total, "写说明")
    _write(package, "说明.txt", folder / "readme.txt", _readme(lot, package).encode("utf-8"))
    return package


def place_of(piece: Piece, number: str) -> str:
    """The folder of a 件."""
    return f"{RETENTIONS[piece.retention]}/{number}"


def _part(
    lot: Lot, package: Package, copies: Copies, work: Path, row: Filed, piece: Piece, at: int
) -> list[tuple[str, str, str]]:
    """The original of one part and its page copy; (name, SHA-256, SM3) of each. An annex that lasts as it is needs no copy:
    a copy is made for the stamp, and for a format that does not last. AT: of a main piece its stamp, and no two the same."""
    name = lot.part(piece)
    place = place_of(piece, lot.number(piece))
    told: list[tuple[str, str, str]] = []
    if row.file and store().exists(row.file.blob.sha256):
        blob = row.file.blob
        suffix = PurePosixPath(row.file.original_name).suffix.lower()[:12]
        path = f"{place}/{name}{suffix}"
        package.originals[path] = blob.sha256
        package.files[path] = (blob.sha256, blob.sm3, blob.size)
        told.append((f"{name}{suffix}", blob.sha256, blob.sm3))
    if piece.annex and row.file and row.file.blob.mime in rules.LASTING:
        return told
    copy = f"{name}{'（页面副本）' if piece.annex else '（归档章）'}.pdf"
    out = work / f"copy-{at}.pdf"
    if fault := copies.make(row, piece, name, at, out):
        package.unprinted.append(f"{name}　{piece.title}：{fault}")
    told.append((copy, *_keep(package, f"{place}/{copy}", out)))
    for left in work.glob(f"pic-{at}-*.jpg"):
        left.unlink()
    return told


def _lists(lot: Lot, package: Package, folder: Path) -> None:
    """Cover, catalogue, labels of boxes, the report: each a PDF of its own; the catalogue for Excel too."""
    volume = lot.volume
    pieces = lot.pieces
    annexes = len(lot.rows) - len(pieces)
    boxes = rules.boxes(pieces)
    facts = [["全宗号", lot.fonds.code], ["档案馆", lot.fonds.archive or "—"], ["年　度", f"{volume.year}"], ["件　数", f"{len(pieces)} 件" + (f"（含附件 {annexes} 份）" if annexes else "")],
             ["页　数", f"{sum(piece.pages for piece in pieces)} 页"], ["盒　数", f"{len(boxes)} 盒"],
             ["保管期限", "　".join(f"{words} {sum(piece.retention == term for piece in pieces)} 件" for term, words in RETENTIONS.items())],
             ["封　存", f"{lot.day:%Y-%m-%d}　{lot.sealed_by}" if not lot.draft else "尚未封存"]]  # fmt: skip
    units = {piece.code: str(row.evidence.unit) for row, piece in lot.rows if not piece.annex}
    blocks: dict[str, list[dict[str, Any]]] = {
        "封面": [{"id": "c", "kind": "cover", "agency": volume.agency.name, "title": volume.title, "draft": lot.draft, "facts": facts}],
        CATALOGUE: [{
            "id": "l", "kind": "catalogue", "columns": list(COLUMNS), "draft": lot.draft, "says": f"{volume.agency.name}　{volume.year} 年度　全宗号 {lot.fonds.code}",
            "rows": [[breakable(cell) if at in (2, 4, 8) else cell for at, cell in enumerate(row)] for row in catalogue_rows(lot)],
        }],
        "盒脊": _labels(lot, boxes, units),
        "四性检测报告": [_report(lot)],
    }  # fmt: skip
    for name, parts in blocks.items():
        out = folder / f"{name}.pdf"
        typeset(parts, out)
        _keep(package, f"{name}.pdf", out)
    rows: list[list[Any]] = [
        [at, *cells[1:7], piece.pages, cells[8]]
        for at, (cells, piece) in enumerate(zip(catalogue_rows(lot), lot.pieces, strict=True), 1)
    ]
    book = io.BytesIO()
    write_xlsx(
        book,
        [OutSheet(CATALOGUE + ("（草稿）" if lot.draft else ""), list(COLUMNS), rows, WIDTHS)],
        made_on=lot.day,
    )
    _write(package, f"{CATALOGUE}.xlsx", folder / "catalogue.xlsx", book.getvalue())


def catalogue_rows(lot: Lot) -> list[list[str]]:
    """The nine columns, as text: one line for each 件."""
    return [
        [
            str(at),
            lot.number(piece),
            piece.doc_no,
            piece.issuer,
            piece.title,
            rules.day8(piece.dated_on),
            piece.secrecy,
            str(piece.pages or ""),
            piece.note,
        ]
        for at, piece in enumerate(lot.pieces, 1)
    ]


def _labels(lot: Lot, boxes: list[rules.Box], units: dict[str, str]) -> list[dict[str, Any]]:
    sheets: list[list[dict[str, Any]]] = [[]]
    wide = 0
    for box in boxes:
        if wide + box.thick > SHEET_WIDE and sheets[-1]:
            sheets.append([])
            wide = 0
        wide += box.thick + 3
        sheets[-1].append({
            "thick": box.thick, "fonds": lot.fonds.code, "year": str(lot.volume.year), "retention": RETENTIONS[box.retention], "code": box.code,
            "unit": units.get(box.code, "")[:8], "first": f"{box.first:04}", "last": f"{box.last:04}", "pieces": f"{box.pieces} 件",
            "pages": f"{box.pages} 页", "no": str(box.no),
        })  # fmt: skip
    says = f"盒脊标签：共 {len(boxes)} 盒，按 20、30、40 毫米的档案盒分装，沿虚线裁下贴在盒脊" + (
        "（草稿）" if lot.draft else ""
    )
    return [
        {"id": f"b{at}", "kind": "labels", "says": says, "boxes": sheet} for at, sheet in enumerate(sheets)
    ]


def _report(lot: Lot) -> dict[str, Any]:
    checks = []
    for check in lot.checks:
        rows = [
            [
                f"{one['archive_no']}　{one['title']}".strip("　") or "本册",
                one["text"],
                one["todo"] + (f"　理由：{one['answer']}" if one["answer"] else ""),
            ]
            for one in check["problems"]
        ]
        answered = sum(bool(one["answer"]) for one in check["problems"])
        result = (
            ("通过" if not answered else f"通过（说明 {answered} 处）")
            if check["passed"]
            else f"有 {len(rows) - answered} 个问题"
        )
        checks.append(
            {
                "name": check["name"],
                "what": check["what"],
                "passed": check["passed"],
                "result": result,
                "rows": rows,
                "notes": check["notes"][:200],
            }
        )
    says = f"{lot.volume.title}，{len(lot.pieces)} 件。" + (
        "草稿，尚未封存。" if lot.draft else f"{lot.day:%Y-%m-%d} 封存前检测。"
    )
    return {"id": "r", "kind": "report", "says": says, "checks": checks}


def _readme(lot: Lot, package: Package) -> str:
    volume = lot.volume
    lines = [
        ("【草稿】没有封存，档号和内容以封存为准。" if lot.draft else "本归档包已封存，内容不再改动。"),
        f"{volume.title}　{volume.agency.name}　全宗号 {lot.fonds.code}　{volume.year} 年度　{len(lot.pieces)} 件",
        "",
        "每件一个文件夹，在“永久”“30年”“10年”之下：原件以档号为名，内容一字未动；（归档章）.pdf 是盖章的页面副本；（元数据）.xml 是 DA/T 46 元数据。",
        *(
            [
                "附件在主件的文件夹里，以“档号-附1”为名，和主件算一件：同一档号，页数合计，归档章只盖主件首页，元数据写在主件的 xml 里。"
            ]
            if package.annexes
            else []
        ),
        f"{CATALOGUE}（xlsx、pdf）九栏；盒脊.pdf 裁下贴盒；四性检测报告.pdf 是封存前的检测结果。",
        f"{MANIFEST} 列出每个文件的 SHA-256 和 SM3；{SEAL_SUMS} 是清单自身的校验值。",
    ]
    if volume.succeeds is not None:
        lines += [
            "",
            f"本册修订“{volume.succeeds.title}”（清单 SHA-256 {volume.succeeds.manifest}），未变的件沿用原件号。",
        ]
        if lot.differs:
            for words, told in (
                ("新增", lot.differs.added),
                ("取出", lot.differs.gone),
                ("改动", lot.differs.changed),
            ):
                lines += (
                    [f"{words} {len(told)} 件：", *(f"  {one}" for one in told)] if told else [f"{words}：无"]
                )
    if package.unprinted:
        lines += [
            "",
            f"以下 {len(package.unprinted)} 件没有排成页面，以登记页代替：",
            *(f"  {one}" for one in package.unprinted),
        ]
    return "\r\n".join([*lines, ""])


def manifest_of(lot: Lot, package: Package, pack: Stored | None) -> bytes:
    """清单.json. `pack`: where the keeping system holds the files made here; not part of the package."""
    volume = lot.volume
    told = {
        "format": "taizhang-archive", "version": 1, "draft": lot.draft, "fonds": lot.fonds.code, "agency": volume.agency.name, "year": volume.year,
        "title": volume.title, "pieces": len(lot.pieces), "sealed_at": timezone.localtime(lot.sealed_at).isoformat(timespec="seconds") if lot.sealed_at else "",
        "sealed_by": lot.sealed_by, "succeeds": volume.succeeds.manifest if volume.succeeds else "",
        "files": [
            {"path": path, "size": size, "sha256": sha256, "sm3": sm3, "original": path in package.originals}
            for path, (sha256, sm3, size) in sorted(package.files.items())
        ],
        "annexes": package.annexes,
        "pack": {"sha256": pack.sha256, "sm3": pack.sm3, "size": pack.size} if pack else None,
    }  # fmt: skip
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def sums_of(manifest: bytes) -> bytes:
    """清单校验值.txt."""
    return f"{MANIFEST}\r\nSHA-256 {hashlib.sha256(manifest).hexdigest()}\r\nSM3 {hashlib.new('sm3', manifest).hexdigest()}\r\n".encode()


def packed(package: Package, out: Path) -> Path:
    """What was made here as one zip, the same bytes for the same files."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for name, path in sorted(package.made.items()):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr, info.file_size = 3, 0o644 << 16, path.stat().st_size
            with open(path, "rb") as source, archive.open(info, "w") as target:
                for piece in read_pieces(source):
                    target.write(piece)
    return out


def digest_of_file(path: Path) -> str:
    with open(path, "rb") as handle:
        return hash_open(handle.fileno())


def put_file(path: Path) -> Stored:
    """A file of ours into the store."""
    with open(path, "rb") as handle:
        return store().put(iter(lambda: handle.read(2**20), b""), limit=path.stat().st_size + 1)


def _write(package: Package, name: str, path: Path, data: bytes) -> None:
    path.write_bytes(data)
    _keep(package, name, path)


def _keep(package: Package, name: str, path: Path) -> tuple[str, str]:
    sha256 = digest_of_file(path)
    sm3 = hashlib.new("sm3")
    with open(path, "rb") as handle:
        for piece in read_pieces(handle):
            sm3.update(piece)
    package.made[name] = path
    package.files[name] = (sha256, sm3.hexdigest(), path.stat().st_size)
    return sha256, sm3.hexdigest()
