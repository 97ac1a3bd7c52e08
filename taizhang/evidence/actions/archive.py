"""整理: a volume is drawn from the library, its pieces are described and numbered. Until it is sealed all may change."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.org.action import action
from taizhang.org.models import Unit
from taizhang.org.permits import Permit

from .. import queries
from ..models import Filed, Fonds, Volume, VolumeState
from ..queries import archive as filing
from ..rules import archive as rules
from .holds import hold, release

AGENCY = (Permit.ARCHIVE, "agency")
LENGTHS = {"title": 300, "doc_no": 80, "issuer": 120, "secrecy": 10, "note": 200}
LABELS = {"title": "题名", "doc_no": "文号", "issuer": "责任者", "secrecy": "密级", "note": "备注"}


def editable(volume: Volume) -> None:
    """Refused once it is sealed."""
    if volume.state == VolumeState.SEALED:
        raise Refused(f"“{volume}”已经封存，不能再改。确需更正的，请点“修订”另立一册接替它。")


@action("evidence.set_fonds", "设全宗和机构代码", (Permit.ARCHIVE, ""))
def set_fonds(
    agency: Unit, *, by: Any, code: str, archive: str = "", codes: dict[int, str] | None = None
) -> Fonds:
    """The fonds number of four letters or figures, and three letters for each department; no code twice."""
    code = code.strip().upper()
    if not rules.FONDS.fullmatch(code):
        raise Refused(f"全宗号“{code[:20]}”不对。全宗号由档案馆给定，是四位字母或数字，例如 Z109。")
    if len(archive.strip()) > 120:
        raise Refused(f"档案馆名称有 {len(archive.strip())} 个字，最多 120 个。请写短些。")
    units = {unit.pk: unit for unit in filing.filing_units(agency)}
    found = {str(pk): said.strip().upper() for pk, said in (codes or {}).items() if said.strip()}
    owner: dict[str, str] = {}
    for pk, said in found.items():
        unit = units.get(int(pk))
        if unit is None:
            raise Refused("有的处室不在本机关，没有保存。请刷新页面后再填。")
        if not rules.CODE.fullmatch(said):
            raise Refused(f"“{unit}”的机构代码“{said[:10]}”不对。机构代码是三个字母，例如办公室写 BGS。")
        if said in owner:
            raise Refused(f"机构代码 {said} 用了两次：“{owner[said]}”和“{unit}”。请给其中一个换一个代码。")
        owner[said] = str(unit)
    there = filing.fonds_of(agency)
    sealed = Filed.objects.filter(volume__agency=agency, volume__state=VolumeState.SEALED)
    if there is not None and there.code != code and sealed.exists():
        raise Refused(
            f"已有封存的册用了全宗号 {there.code}，不能改。确需更换的，请先与档案馆商定，再按新立档单位归档。"
        )
    if there is None:
        return Fonds.make(agency=agency, code=code, archive=archive.strip(), codes=found)
    return there.change(code=code, archive=archive.strip(), codes=found)


@action("evidence.open_volume", "新立归档册", (Permit.ARCHIVE, ""))
def open_volume(
    agency: Unit, *, by: Any, year: int, title: str = "", source: str = "", pieces: Collection[int] = ()
) -> Volume:
    """A draft of what the agency files of one year, with PIECES (ids of evidence) of the library."""
    if agency.kind != "agency":
        raise Refused("归档以机关为单位，请选择机关。")
    if not 1949 <= year <= clock.today().year + 1:
        raise Refused(f"年度“{year}”不对。请填四位年度，例如 2020。")
    title = title.strip() or f"{agency.name}{year}年度归档文件"
    if len(title) > 200:
        raise Refused(f"册的题名有 {len(title)} 个字，最多 200 个。请写短些。")
    volume = Volume.make(agency=agency, year=year, title=title, source=source[:60])
    _take(volume, by, pieces)
    return volume


@action("evidence.file_in", "编入归档册", AGENCY)
def file_in(volume: Volume, *, by: Any, pieces: Collection[int]) -> Volume:
    """More pieces of the library. What is filed in another volume already is not filed twice."""
    editable(volume)
    if not pieces:
        raise Refused("还没有勾选要编入的材料。")
    _take(volume, by, pieces)
    return volume


def _take(volume: Volume, by: Any, pieces: Collection[int]) -> None:
    wanted = list(dict.fromkeys(pieces))
    found = list(filing.fileable(by, volume.agency, ids=wanted, volume=volume)) if wanted else []
    if len(found) != len(wanted):
        _say_why(volume, by, set(wanted) - {one.pk for one in found})
    there = Filed.objects.filter(volume=volume).count()
    if there + len(found) > filing.MOST_PIECES:
        raise Refused(f"一册最多 {filing.MOST_PIECES} 件，放不下。请分几册。")
    rows = filing.drawn(found, filing.fonds_of(volume.agency))
    for at, row in enumerate(rows):
        row.volume, row.order = volume, there + at + 1
        hold(row.evidence)
    Filed.make_many(rows)


def _say_why(volume: Volume, by: Any, missing: set[int]) -> None:
    filed = (
        Filed.objects.filter(evidence__in=missing, volume__agency=volume.agency)
        .select_related("volume", "evidence")
        .first()
    )
    if filed is not None:
        where = "本册" if filed.volume_id == volume.pk else f"“{filed.volume}”"
        raise Refused(f"“{filed.evidence}”已编入{where}，一件材料只归档一次。请去掉它再编。")
    gone = queries.with_stopped(by).filter(pk__in=missing).first()
    if gone is not None:
        raise Refused(f"“{gone}”（{gone.number}）不在库里，或标有密级，不能归档。请去掉它再编。")
    raise Refused("有的材料不在本机关的材料库里，没有编入。请刷新页面后重新勾选。")


@action("evidence.take_out", "取出归档册", AGENCY)
def take_out(volume: Volume, *, by: Any, rows: Collection[int]) -> Volume:
    """Pieces leave the draft; they stay in the library. A main row takes its annexes along: the 件 is what is taken out."""
    editable(volume)
    found = {row.pk: row for row in found_in(volume, rows)}
    found |= {row.pk: row for row in filing.rows_of(volume).filter(annex_of__in=list(found))}
    _remove(list(found.values()))
    for main in {row.annex_of_id for row in found.values() if row.annex_of_id} - found.keys():
        close_up(main)
    return volume


def _remove(rows: list[Filed]) -> None:
    for row in rows:
        release(row.evidence)
    Filed.remove_many(
        [row for row in rows if row.annex_of_id]
    )  # a main row is not removed from under its annexes
    Filed.remove_many([row for row in rows if not row.annex_of_id])


def close_up(main: int) -> None:
    """The annexes of MAIN are counted from 1 again."""
    for at, row in enumerate(Filed.objects.filter(annex_of=main).order_by("order", "id"), 1):
        row.change(order=at)


@action("evidence.arrange", "改归档项目", AGENCY)
def arrange(
    volume: Volume, *, by: Any, rows: Collection[int], retention: str = "", code: str = "", dated_on: date | None = None,
    note: str = "", renew: bool = False,
) -> Volume:  # fmt: skip
    """Set what is given for many pieces at once; RENEW: their newest versions are filed. An annex follows its main row in
    all but the file: ticked with it, it is passed over; ticked alone, refused."""
    editable(volume)
    found = found_in(volume, rows)
    code = code.strip().upper()
    _fit(note=note)
    if retention and retention not in rules.RETENTIONS:
        raise Refused("没有这一种保管期限，请重新选择。")
    if code and not rules.CODE.fullmatch(code):
        raise Refused(f"机构代码“{code[:10]}”不对。机构代码是三个字母，例如办公室写 BGS。")
    if not (retention or code or dated_on or note.strip() or renew):
        raise Refused("还没有填要改成什么。请选保管期限、机构代码、日期或备注中的一项。")
    if not renew:
        ticked = {row.pk for row in found}
        for row in found:
            if row.annex_of and row.annex_of_id not in ticked:
                raise Refused(_follows(row))
        found = [row for row in found if not row.annex_of_id]
    for row in found:
        fields: dict[str, Any] = {
            "retention": retention,
            "code": code,
            "dated_on": dated_on,
            "note": note.strip(),
        }
        own = {} if row.annex_of_id else {name: value for name, value in fields.items() if value}
        _set(row, own, renew)
    return volume


@action("evidence.describe", "改一件的归档项目", (Permit.ARCHIVE, "volume.agency"))
def describe(row: Filed, *, by: Any, retention: str, code: str, dated_on: date | None, **words: str) -> Filed:
    """All that the catalogue says of one piece, as typed."""
    editable(row.volume)
    if row.annex_of:
        raise Refused(_follows(row))
    _fit(**words)
    code = code.strip().upper()
    if retention not in rules.RETENTIONS:
        raise Refused("没有这一种保管期限，请重新选择。")
    if code and not rules.CODE.fullmatch(code):
        raise Refused(f"机构代码“{code[:10]}”不对。机构代码是三个字母，例如办公室写 BGS。")
    if not words.get("title", "").strip("[] 　"):
        raise Refused("题名没有填。没有题名的材料请自拟一个，写在 [ ] 里。")
    _set(
        row,
        {
            "retention": retention,
            "code": code,
            "dated_on": dated_on,
            **{name: said.strip() for name, said in words.items()},
        },
        False,
    )
    return row


def _follows(row: Filed) -> str:
    return f"“{row.title}”是“{row.annex_of.title if row.annex_of else ''}”的附件，期限、代码、日期和备注都随主件。请改主件；要单独归档的，先拆开。"


def _set(row: Filed, fields: dict[str, Any], renew: bool) -> None:
    if renew:
        fresh = filing.drawn([row.evidence], None)[0]
        fields |= {"file": fresh.file, "pages": fresh.pages}
    moved = any(name in fields and fields[name] != getattr(row, name) for name in ("retention", "code"))
    if moved:  # its number belongs to the class it leaves
        fields |= {"no": 0, "archive_no": rules.placeholder(row.evidence_id)}
    row.change(**fields)


def _fit(**words: str) -> None:
    for name, said in words.items():
        if len(said.strip()) > LENGTHS[name]:
            raise Refused(f"“{LABELS[name]}”有 {len(said.strip())} 个字，最多 {LENGTHS[name]} 个。请写短些。")
        if "\x00" in said:
            raise Refused(f"“{LABELS[name]}”里有不能保存的控制字符，请重新输入。")


def found_in(volume: Volume, rows: Collection[int]) -> list[Filed]:
    """The rows of VOLUME among ROWS, in order, each with its main row. Refused where there are none."""
    found = list(filing.rows_of(volume).select_related("annex_of").filter(pk__in=rows))
    if not found:
        raise Refused("还没有勾选材料。")
    for row in found:
        row.volume = volume
    return found


@action("evidence.number_pieces", "编号", AGENCY)
def number_pieces(volume: Volume, *, by: Any) -> Volume:
    """Give every 件 its archive number, from 1 within year, term and department; the rest of the table follows it. An annex
    has its main row's."""
    editable(volume)
    fonds = filing.need_fonds(volume.agency)
    rows = [row for row in filing.listed(volume) if not row.annex_of_id]
    if not rows:
        raise Refused("册里还没有材料，没有可编的号。请先编入材料。")
    _fill_codes(rows, fonds)
    found = filing.numbered_pieces(volume, rows)
    moved = [row for row, piece in found if row.no and row.no != piece.no]
    for row in moved:  # first out of the way: two pieces may change their numbers with each other
        row.change(archive_no=rules.placeholder(row.evidence_id))
    for at, (row, piece) in enumerate(found, 1):
        number = rules.archive_no(fonds.code, volume.year, piece.retention, piece.code, piece.no)
        row.change(no=piece.no, archive_no=number, order=at, code=piece.code)
    return volume


def _fill_codes(rows: Iterable[Filed], fonds: Fonds) -> None:
    """Departments' codes where a piece has none; Refused with the departments that lack one."""
    lacking: dict[str, None] = {}
    for row in rows:
        row.code = row.code or fonds.codes.get(str(row.evidence.unit_id), "")
        if not row.code:
            lacking[str(row.evidence.unit)] = None
    if lacking:
        names = "、".join(list(lacking)[:8])
        raise Refused(
            f"还有 {len(lacking)} 个处室没有机构代码：{names}。请在“归档”页的“全宗和机构代码”里填好再编号。"
        )


@action("evidence.note_pages", "补记页数", AGENCY)
def note_pages(volume: Volume, *, by: Any, pages: dict[int, int]) -> Volume:
    """Pages by row, read after the piece was filed."""
    editable(volume)
    for row in filing.rows_of(volume).filter(pk__in=pages):
        row.change(pages=pages[row.pk])
    return volume


@action("evidence.succeed", "修订归档册", AGENCY)
def succeed(volume: Volume, *, by: Any) -> Volume:
    """A draft that is to take the place of a sealed volume: the same list, the same numbers."""
    if volume.state != VolumeState.SEALED:
        raise Refused(f"“{volume}”还没有封存，直接改就行，不用修订。")
    later = volume.successors.order_by("id").first()
    if later is not None:
        raise Refused(f"“{volume}”已有修订册“{later}”，请在那一册里改。")
    title = f"{volume.title.removesuffix('（修订）')[:190]}（修订）"
    made = Volume.make(
        agency=volume.agency, year=volume.year, title=title, source=volume.source, succeeds=volume
    )
    copied: dict[int, Filed] = {}  # row → its copy
    rows = filing.listed(volume)
    for part in ([row for row in rows if not row.annex_of_id], [row for row in rows if row.annex_of_id]):
        copies: list[Filed] = []
        for row in part:
            hold(row.evidence)
            copied[row.pk] = Filed(
                volume=made, evidence=row.evidence, file=row.file, order=row.order, retention=row.retention, code=row.code, no=row.no,
                archive_no=row.archive_no, doc_no=row.doc_no, issuer=row.issuer, title=row.title, dated_on=row.dated_on,
                secrecy=row.secrecy, pages=row.pages, note=row.note, annex_of=copied[row.annex_of_id] if row.annex_of_id else None,
            )  # fmt: skip
            copies.append(copied[row.pk])
        Filed.make_many(copies)  # main rows first: annexes point at them
    return made


@action("evidence.discard_volume", "撤销归档册", AGENCY)
def discard_volume(volume: Volume, *, by: Any) -> Volume:
    """A draft that nobody needs; its pieces stay in the library."""
    editable(volume)
    _remove(list(filing.rows_of(volume)))
    volume.remove()
    return volume


__all__ = [
    "arrange", "close_up", "describe", "discard_volume", "editable", "file_in", "found_in", "note_pages", "number_pieces", "open_volume", "set_fonds",
    "succeed", "take_out",
]  # fmt: skip
