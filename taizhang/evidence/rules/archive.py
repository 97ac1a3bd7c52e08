"""归档文件整理 (DA/T 22-2015): archive numbers, how long a piece is kept, in which order, in which box.

Confirmed by public pages on the standard: the unit is the 件 (a document with its annexes is one); the number
全宗号-WS·年度-期限-机构代码-件号 with "-" between levels and "·" within one; 件号 of four figures from 0001, anew within
each class; nine columns of the catalogue; a title of one's own in [ ]; dates of eight figures; the stamp of
45 × 16 mm in six cells; boxes of 20, 30 and 40 mm. A judgement of ours, to be changed by the office piece by piece:
which words of a title speak for which term, and how many pages fill a box.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

FONDS = re.compile(r"[A-Z0-9]{4}")
CODE = re.compile(r"[A-Z]{3}")
CATEGORY = "WS"  # 文书
MOST = 9999  # pieces in one class: the number has four figures

#: term → how it is said, in the order of the catalogue
RETENTIONS = {"Y": "永久", "D30": "30年", "D10": "10年"}
#: words of a title, the first that is found decides. What binds for ever, what proves a year's work
FOR_EVER = (
    "表彰", "授予", "命名", "批复", "决定", "规划", "章程", "制度", "办法", "条例", "规定", "细则", "准则",
    "党组会议纪要", "党委会议纪要", "办公会议纪要", "领导小组会议纪要", "机构编制", "三定", "荣誉", "奖状", "证书",
)  # fmt: skip
THIRTY = (
    "总结", "报告", "方案", "计划", "纪要", "会议记录", "统计", "年报", "自查", "测评", "考核", "申报", "台账", "责任书",
    "意见", "汇报", "讲话",
)  # fmt: skip
TEN = ("通知", "函", "简报", "信息", "照片", "签到", "海报", "新闻", "报道", "剪影", "掠影")
#: by kind, where no word of the title decides
BY_KIND = {
    "document": "D30",
    "report": "D30",
    "table": "D30",
    "picture": "D10",
    "media": "D10",
    "link": "D10",
}

#: where the characters of GB 2312's first level, which stand in the order of their sound, change their initial
INITIALS = (
    ("A", 0xB0A1), ("B", 0xB0C5), ("C", 0xB2C1), ("D", 0xB4EE), ("E", 0xB6EA), ("F", 0xB7A2), ("G", 0xB8C1),
    ("H", 0xB9FE), ("J", 0xBBF7), ("K", 0xBFA6), ("L", 0xC0AC), ("M", 0xC2E8), ("N", 0xC4C3), ("O", 0xC5B6),
    ("P", 0xC5BE), ("Q", 0xC6DA), ("R", 0xC8BB), ("S", 0xC8F6), ("T", 0xCBFA), ("W", 0xCDDA), ("X", 0xCEF4),
    ("Y", 0xD1B9), ("Z", 0xD4D1),
)  # fmt: skip
LAST = 0xD7F9

#: thickness of a box in mm → pages that it takes, a sheet a page at 0.1 mm, with room to leaf
BOXES = ((20, 150), (30, 250), (40, 350))


@dataclass(frozen=True)
class Piece:
    """A 件 as it is filed. `key`: id of the row (of the evidence, where there is no row yet); `no` 0: not numbered."""

    key: int
    evidence: int
    receipt: str
    retention: str
    code: str
    no: int
    doc_no: str
    issuer: str
    title: str
    dated_on: date | None
    secrecy: str
    pages: int
    note: str
    kept_no: int = 0  # the number in the volume that this one succeeds
    annex_of: int = (
        0  # key of the main piece with which this one is one 件; its class and number are the main one's
    )
    annex: int = 0  # which annex it is, from 1

    @property
    def place(self) -> tuple[str, str]:
        """The class: retention and code, within which numbers run."""
        return self.retention, self.code


def archive_no(fonds: str, year: int, retention: str, code: str, no: int) -> str:
    """Z109-WS·2020-D30-BGS-0007."""
    return f"{fonds}-{CATEGORY}·{year:04}-{retention}-{code}-{no:04}"


def placeholder(evidence: int) -> str:
    """What stands for the number of a piece that has none yet: one volume holds no number twice."""
    return f"待编-{evidence}"


def part_name(number: str, annex: int) -> str:
    """How a part of a 件 is called: the archive number, and of an annex which one, Z109-WS·2020-D30-BGS-0007-附1."""
    return f"{number}-附{annex}" if annex else number


def retention_of(kind: str, title: str) -> str:
    """The proposed term. A notice about a plan is a notice; a picture of a certificate is a picture kept for ever."""
    if kind in ("picture", "media"):
        return "Y" if any(word in title for word in ("荣誉", "奖状", "证书", "奖牌", "牌匾")) else "D10"
    if re.search(r"(通知|简报|函)[)）\]】]?$", title.strip()) and not re.search("印发|表彰|命名|授予", title):
        return "D10"  # what a notice puts into force is more than a notice
    for term, words in (("Y", FOR_EVER), ("D30", THIRTY), ("D10", TEN)):
        if any(word in title for word in words):
            return term
    return BY_KIND.get(kind, "D10")


def initial(letter: str) -> str:
    """The initial of a Chinese character's sound, A to Z; "" for what is in no list."""
    if letter.isascii():
        return letter.upper() if letter.isalpha() else ""
    try:
        raw = letter.encode("gb2312")
    except UnicodeEncodeError:
        return ""
    at = int.from_bytes(raw, "big")
    if not INITIALS[0][1] <= at <= LAST:
        return ""
    return [sound for sound, first in INITIALS if first <= at][-1]


def proposed_code(name: str, taken: Collection[str]) -> str:
    """Three letters for a department (办公室 → BGS), not among those TAKEN; "" where the name gives none."""
    letters = "".join(map(initial, name))
    if not letters:
        return ""
    stem = (letters + "XX")[:3]
    tries = [
        stem,
        *(
            letters[0] + letters[a] + letters[b]
            for a in range(1, len(letters))
            for b in range(a + 1, len(letters))
        ),
    ]
    tries += [stem[:2] + chr(at) for at in range(ord("A"), ord("Z") + 1)]
    return next((one for one in tries if one not in taken), "")


def proposed_codes(names: Mapping[int, str], held: Mapping[int, str]) -> dict[int, str]:
    """HELD (id of a department → its code), and a code for each of NAMES that has none; none twice, and none where the
    name gives none."""
    codes = {pk: code for pk, code in held.items() if code}
    for pk, name in names.items():
        if pk not in codes and (code := proposed_code(name, set(codes.values()))):
            codes[pk] = code
    return codes


def own_title(title: str) -> str:
    """[题名]: a title that whoever files it made, since the piece bears none."""
    bare = title.strip().strip("[]［］").strip()
    return f"[{bare}]"


def day8(on: date | None) -> str:
    """20200610."""
    return f"{on:%Y%m%d}" if on else ""


def arranged(pieces: Iterable[Piece]) -> list[Piece]:
    """Main pieces in the order of the catalogue: term, department, date (undated last), receipt."""
    terms = list(RETENTIONS)
    return sorted(
        (one for one in pieces if not one.annex_of),
        key=lambda one: (terms.index(one.retention), one.code, one.kept_no or MOST + 1, one.dated_on or date.max, one.receipt, one.key),
    )  # fmt: skip


def numbered(pieces: Iterable[Piece], used: dict[tuple[str, str], int] | None = None) -> list[Piece]:
    """The pieces in order, each with its number: what was numbered before keeps it, the rest follow the last one USED
    in their class. An annex follows its main piece and takes no number. ValueError where a class runs full."""
    last = dict(used or {})
    found = []
    held = list(pieces)
    for one in arranged(held):
        no = one.kept_no
        if not no:
            no = last[one.place] = last.get(one.place, 0) + 1
        if no > MOST:
            raise ValueError(one.code)
        found.append(replace(one, no=no))
    found.sort(key=lambda one: (list(RETENTIONS).index(one.retention), one.code, one.no))
    return with_annexes(found, held)


def with_annexes(mains: Iterable[Piece], pieces: Iterable[Piece]) -> list[Piece]:
    """Each of MAINS followed by its annexes among PIECES, in their order, with its class and its number."""
    annexes: dict[int, list[Piece]] = {}
    for one in pieces:
        if one.annex_of:
            annexes.setdefault(one.annex_of, []).append(one)
    found = []
    for main in mains:
        found.append(main)
        for one in sorted(annexes.get(main.key, ()), key=lambda one: (one.annex, one.key)):
            found.append(replace(one, retention=main.retention, code=main.code, no=main.no))
    return found


def wholes(pieces: Iterable[Piece]) -> list[Piece]:
    """One for each 件, in order: its main piece with the pages of all its parts."""
    held = list(pieces)
    more: dict[int, int] = {}
    for one in held:
        if one.annex_of:
            more[one.annex_of] = more.get(one.annex_of, 0) + one.pages
    return [replace(one, pages=one.pages + more.get(one.key, 0)) for one in held if not one.annex_of]


@dataclass(frozen=True)
class Box:
    """One box: `of` its class, thickness in mm, the first and last number in it, pages."""

    retention: str
    code: str
    thick: int
    first: int
    last: int
    pieces: int
    pages: int
    no: int  # 盒号, from 1 within the volume


def boxes(pieces: Iterable[Piece]) -> list[Box]:
    """How whole 件 (see `wholes`) go into boxes, in order: one class to a box, none parted, the thinnest box that holds it."""
    found: list[Box] = []
    for group in _loads(list(pieces)):
        pages = sum(max(one.pages, 1) for one in group)
        thick = next((size for size, most in BOXES if pages <= most), BOXES[-1][0])
        first = group[0]
        found.append(
            Box(first.retention, first.code, thick, first.no, group[-1].no, len(group), pages, len(found) + 1)
        )
    return found


def _loads(pieces: list[Piece]) -> Iterator[list[Piece]]:
    most = BOXES[-1][1]
    load: list[Piece] = []
    for one in pieces:
        full = sum(max(each.pages, 1) for each in load) + max(one.pages, 1) > most
        if load and (load[0].place != one.place or full):
            yield load
            load = []
        load.append(one)
    if load:
        yield load


#: formats that last (our list after GB/T 18894 and DA/T 47, from general knowledge): the rest get a PDF beside them
LASTING = frozenset(
    ["application/pdf", "application/ofd", "text/plain", "image/jpeg", "image/png", "image/tiff", "audio/mpeg", "audio/wav",
     "audio/x-wav", "audio/flac", "video/mp4", "video/mpeg"]
)  # fmt: skip

COLUMNS = ("序号", "档号", "文号", "责任者", "题名", "日期", "密级", "页数", "备注")


@dataclass(frozen=True)
class Differs:
    """What a volume changes against the one it succeeds: archive numbers, or titles where there is none yet."""

    added: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[str, ...]


__all__ = [
    "BOXES", "COLUMNS", "LASTING", "RETENTIONS", "Box", "Differs", "Piece", "archive_no", "arranged", "boxes", "day8",
    "numbered", "own_title", "part_name", "placeholder", "proposed_code", "proposed_codes", "retention_of", "wholes", "with_annexes",
]  # fmt: skip
