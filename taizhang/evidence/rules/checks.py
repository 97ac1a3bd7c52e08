"""What is worth a second look before an assessor takes it: warnings about one piece. They warn, and never refuse.

Each says what, where, and what to do. A warning somebody has looked at (已核对) stays known by its code.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from .captions import missing_caption
from .likeness import near
from .secrecy import CLEARED, FOUND, Mark, secret_marks

__all__ = [
    "LONGEST_REPORT", "Around", "Mark", "Piece", "Read", "Twin", "Use", "Warned", "allowed_letters", "alike", "secret_marks",
    "warnings",
]  # fmt: skip

LONGEST_REPORT = 500  # letters: what assessment guides allow a report
PHOTO_DAYS = 3  # an activity may last some days, and cameras are wrong
OTHER_DAYS = 31  # a report is written after what it reports
AFTER_YEAR = 45  # days: the summary of a year is dated in the next
PAPERS = frozenset({"document", "report", "table"})
SHOWN = frozenset({"picture", "media"})
#: a notice from above need not name the unit; its own pictures and reports must
NAMED = frozenset({"picture", "report"})
#: what the reader says that is no word about the file itself
QUIET = frozenset({FOUND, CLEARED, "ocr_off", "no_ocr"})
LIMIT = re.compile(
    r"(?:不超过|不多于|控制在|限)\s*(\d{3,5})\s*字|(\d{3,5})\s*字(?:以内|以下|之内|左右)|(?:以内|以下)[（(](\d{3,5})字[)）]"
)


@dataclass(frozen=True)
class Warned:
    """CODE: what kind of warning, and where it hangs on one use, which one ("year:12"). ABOUT: other pieces it names."""

    code: str
    text: str
    short: str
    about: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Piece:
    """What is said of a piece of evidence."""

    kind: str
    title: str = ""
    happened_on: date | None = None
    place: str = ""
    people: str = ""
    theme: str = ""
    doc_no: str = ""
    issuer: str = ""
    url: str = ""


@dataclass(frozen=True)
class Read:
    """What the reader found in its file. NAMED: a name of the unit stands in the text; None: that cannot be told."""

    state: str
    pages: int = 0
    letters: int = 0
    taken_on: date | None = None
    doc_no: str = ""
    dated_on: date | None = None
    head_page: int | None = None
    fault: str = ""
    warnings: tuple[tuple[str, str], ...] = ()
    named: bool | None = None


@dataclass(frozen=True)
class Twin:
    """Another piece: the same bytes, or nearly the same photograph."""

    pk: int
    number: str
    title: str
    happened_on: date | None = None
    place: str = ""
    theme: str = ""
    uses: int = 0
    version: int = 0  # of a piece with the same bytes: which of its versions, 0 the current one


@dataclass(frozen=True)
class Use:
    """Where a piece is cited: the years it has to lie in, whether a number is asked for, how long a report may be."""

    pk: int
    label: str
    first: date
    last: date
    asks_number: bool = False
    letters: int = 0  # 0: the standard says nothing


@dataclass(frozen=True)
class Around:
    """What is known besides: names of the unit (longest first), pieces with the same bytes or likeness, uses."""

    names: tuple[str, ...] = ()
    same: tuple[Twin, ...] = ()
    alike: tuple[Twin, ...] = ()
    uses: tuple[Use, ...] = field(default=())


def warnings(piece: Piece, read: Read | None, around: Around) -> list[Warned]:
    """All warnings about PIECE; READ is None for a link, and before the reader has looked."""
    found = [*_twins(piece, around), *_caption(piece, read), *_number(piece, read, around)]
    if read is not None:
        found += [
            *_days(piece, read),
            *_names(piece, read, around),
            *_paper(piece, read, around),
            *_file(read),
        ]
    for use in around.uses:
        found += _year(piece, read, use)
    return found


def alike(likeness: str, others: Iterable[tuple[str, Twin]]) -> list[Twin]:
    """Those of OTHERS (likeness, piece) that show nearly the same photograph."""
    return [twin for other, twin in others if near(likeness, other)] if likeness else []


def allowed_letters(*texts: str) -> int:
    """How many characters a standard's words allow a report (不超过500字, 1000字以内); 0 if they say nothing."""
    for text in texts:
        if found := LIMIT.search(text):
            return int(next(group for group in found.groups() if group))
    return 0


def other_occasion(piece: Piece, twin: Twin) -> str:
    """In what TWIN is said to be another occasion than PIECE, in words; "" if nothing speaks against the same one."""
    pairs = (
        ("时间", piece.happened_on, twin.happened_on), ("地点", piece.place, twin.place), ("主题", piece.theme, twin.theme),
    )  # fmt: skip
    told = [
        f"{label}一处写“{mine}”，一处写“{other}”"
        for label, mine, other in pairs
        if mine and other and str(mine).strip() != str(other).strip()
    ]
    return "，".join(told)


def _twins(piece: Piece, around: Around) -> list[Warned]:
    found = []
    if around.same:
        names = _listed(around.same)
        about = tuple((twin.pk, twin.number) for twin in around.same)
        found.append(
            Warned(
                "same",
                f"库里还有内容完全相同的文件：{names}。用一件即可，多余的可以移出材料库。",
                "重复文件",
                about,
            )
        )
    others = [(twin, words) for twin in around.alike if twin.uses and (words := other_occasion(piece, twin))]
    if others:
        twin, words = others[0]
        more = f"，另有 {len(others) - 1} 件" if len(others) > 1 else ""
        about = tuple((each.pk, each.number) for each, _ in others)
        text = f"与“{twin.title}”（{twin.number}）几乎是同一张照片{more}，那一件已在别处引用：{words}。请核对是不是同一次活动，换用当次的照片。"
        found.append(Warned("alike", text, "疑似重复照片", about))
    return found


def _listed(twins: Sequence[Twin]) -> str:
    named = [
        f"“{twin.title}”（{twin.number}{f'，第 {twin.version} 版' if twin.version else ''}）"
        for twin in twins[:3]
    ]
    return "、".join(named) + (f"等 {len(twins)} 件" if len(twins) > 3 else "")


def _caption(piece: Piece, read: Read | None) -> list[Warned]:
    names = ("happened_on", "place", "people", "theme", "issuer", "url")
    lacks = [
        label
        for label in missing_caption(
            piece.kind, {**{name: getattr(piece, name) for name in names}, "doc_no": "-"}
        )
        if label
    ]
    if not lacks:
        return []
    words = "".join(f"“{label}”" for label in lacks)
    return [Warned("caption", f"说明里还缺{words}。请在“说明”里补上。", f"缺{'、'.join(lacks)}")]


def _number(piece: Piece, read: Read | None, around: Around) -> list[Warned]:
    asked = piece.kind == "document" or any(use.asks_number for use in around.uses)
    inside = read.doc_no if read else ""
    if asked and not piece.doc_no.strip():
        text = (
            f"没有填文号，文件里写的是“{inside}”。请核对后采用。"
            if inside
            else "没有文号。请在“说明”里填写；本来就没有文号的，核对后注明。"
        )
        return [Warned("number", text, "缺文号")]
    if inside and piece.doc_no and _plain(inside) != _plain(piece.doc_no):
        return [
            Warned(
                "number_differs",
                f"说明里的文号是“{piece.doc_no}”，文件里写的是“{inside}”。请对照红头页改正。",
                "文号不一致",
            )
        ]
    return []


def _plain(number: str) -> str:
    return "".join(sign for sign in number if sign.isalnum())


def _days(piece: Piece, read: Read) -> list[Warned]:
    found = []
    said = piece.happened_on
    if said and read.taken_on and abs(read.taken_on - said) > timedelta(days=PHOTO_DAYS):
        found.append(
            Warned(
                "taken",
                f"照片信息里的拍摄日期是 {read.taken_on}，说明里的时间是 {said}，差 {abs((read.taken_on - said).days)} 天。请核对时间，或换当次拍的照片。",
                "拍摄日期不符",
            )
        )
    most = 0 if piece.kind == "document" else OTHER_DAYS
    if said and read.dated_on and piece.kind in PAPERS and abs(read.dated_on - said) > timedelta(days=most):
        found.append(
            Warned(
                "dated",
                f"文件里的成文日期是 {read.dated_on}，说明里的时间是 {said}。请对照文件末尾的日期改正。",
                "成文日期不符",
            )
        )
    return found


def _year(piece: Piece, read: Read | None, use: Use) -> list[Warned]:
    """The day of the piece against the years of the period it is cited for; the camera's day counts before what is said."""
    first = date(use.first.year, 1, 1)
    last = date(use.last.year, 12, 31) + timedelta(days=AFTER_YEAR if piece.kind in PAPERS else 0)
    told = (
        ("拍摄日期", read.taken_on if read and piece.kind in SHOWN else None),
        ("成文日期", read.dated_on if read and piece.kind in PAPERS else None),
        ("时间", piece.happened_on),
    )
    years = f"{first.year}" if use.first.year == use.last.year else f"{use.first.year}—{use.last.year}"
    for label, day in told:
        if day and not first <= day <= last:
            text = f"{label} {day} 不在{use.label}的年度（{years} 年）之内。请核对是否引用错了年度。"
            return [Warned(f"year:{use.pk}", text, "不在本年度")]
    return []


def _names(piece: Piece, read: Read, around: Around) -> list[Warned]:
    if piece.kind not in NAMED or read.named is not False or not around.names:
        return []
    said = "".join((piece.title, piece.place, piece.people, piece.theme, piece.issuer))
    if any(name in said for name in around.names):
        return []
    where = "图片里的文字和说明里" if piece.kind in SHOWN else "文件正文和说明里"
    return [
        Warned(
            "unit",
            f"{where}都没有出现本单位名称（{'、'.join(around.names[:3])}）。请换能看出是本单位的材料，或在说明里写明。",
            "未见单位名称",
        )
    ]


def _paper(piece: Piece, read: Read, around: Around) -> list[Warned]:
    if read.state != "read":
        return []
    found = []
    if piece.kind == "report":
        stated = [use for use in around.uses if use.letters]
        most = min((use.letters for use in stated), default=LONGEST_REPORT)
        if read.letters > most:
            whose = f"{stated[0].label}要求" if stated else "一般要求"
            text = f"报告有 {read.letters} 字，{whose}不超过 {most} 字。请精简后换新版本。"
            found.append(Warned("long", text, f"超过 {most} 字"))
    if piece.kind == "document" and read.pages and read.letters and read.head_page is None:
        text = "按正式文件存入，但没有找到红头页（“××文件”和文号所在的首页）。请核对是否漏扫首页；不是正式文件的，请改类别。"
        found.append(Warned("head", text, "未见红头页"))
    return found


def _file(read: Read) -> list[Warned]:
    found = [
        Warned(f"file:{code}"[:30], text, "文件提示") for code, text in read.warnings if code not in QUIET
    ]
    if read.state == "unreadable" and not found:
        found.append(Warned("file:unread", read.fault or "读不出文字，检索时找不到内容。", "读不出文字"))
    return found
