"""四性检测: whether what is to be sealed is genuine, complete, usable and safe.

After DA/T 70 (its four heads from general knowledge; the project's notes name them). A problem must be mended, or,
where the rule allows it, answered with a reason that stays in the report.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from .archive import LASTING, Piece

GENUINE, COMPLETE, USABLE, SAFE = "真实性", "完整性", "可用性", "安全性"
NAMES = (GENUINE, COMPLETE, USABLE, SAFE)
WHAT = {
    GENUINE: "每个文件的 SHA-256、SM3 与存入时相同，操作日志里有存入这一版的记录，日志链没有断",
    COMPLETE: "题名、责任者、日期、期限、档号齐全，每个文件都在，件数与目录相同，档号不重",
    USABLE: "每个文件都能打开，格式适合长期保存或附有 PDF",
    SAFE: "没有打开密码，没有宏、脚本和会启动程序的动作，没有密级标志",
}
LOCKED = "locked"
ACTS = {
    "macro": "带有宏",
    "javascript": "带有脚本",
    "script": "带有脚本",
    "launch": "带有会启动程序的动作",
    "dde": "带有自动执行的域",
}
CARRIES = {"embedded": "里面嵌有其他文件，没有检查", "xfa": "是动态表单，内容可能读不全"}


@dataclass(frozen=True)
class Seen:
    """What was found of a piece's file. Without a file (a link) `mime` is ""; `fault`: what is wrong with the bytes."""

    mime: str = ""
    fault: str = ""
    sm3_same: bool = True
    in_journal: bool = True
    state: str = "read"  # of the reading
    unread: str = ""  # why nothing could be read
    warnings: tuple[str, ...] = ()  # codes
    has_face: bool = False
    shows: bool = False  # can be set in pages
    marked: bool = False  # its title or name bears a mark of secrecy
    url: str = ""


@dataclass(frozen=True)
class Problem:
    """`key` names it again in the next check; MAY_ANSWER: a reason will do."""

    key: str
    piece: int  # key of the piece, 0: of the whole volume
    archive_no: str
    title: str
    text: str
    todo: str
    may_answer: bool
    answer: str = ""


@dataclass
class Check:
    name: str
    what: str
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return all(one.answer for one in self.problems)

    def plain(self) -> dict[str, Any]:
        return {"name": self.name, "what": self.what, "passed": self.passed, "notes": self.notes,
                "problems": [asdict(one) for one in self.problems]}  # fmt: skip


def examined(
    pieces: Sequence[Piece], numbers: dict[int, str], seen: dict[int, Seen], year: int, chain: Sequence[str] = (),
    answers: dict[str, str] | None = None, used: frozenset[str] = frozenset(),
) -> list[Check]:  # fmt: skip
    """The four checks. NUMBERS and SEEN by key of the piece; CHAIN: what is wrong with the journal; ANSWERS by key of
    the problem, from the check before; USED: numbers that other sealed volumes hold. An annex is asked for its bytes, its
    entry in the record, its use and its safety; number, date and issuer are its main piece's."""
    said = answers or {}
    checks = {name: Check(name, WHAT[name]) for name in NAMES}

    def tell(name: str, code: str, one: Piece | None, text: str, todo: str, may_answer: bool) -> None:
        key = f"{code}-{one.evidence if one else 0}"
        checks[name].problems.append(
            Problem(key, one.key if one else 0, numbers.get(one.key, "") if one else "", one.title if one else "", text, todo,
                    may_answer, said.get(key, "") if may_answer else "")
        )  # fmt: skip

    _whole(pieces, numbers, chain, used, tell)
    for one in pieces:
        found = seen[one.key]
        _genuine(one, found, tell)
        _complete(one, found, numbers, year, tell)
        _usable(one, found, numbers, tell, checks[USABLE].notes)
        _safe(one, found, tell)
    return [checks[name] for name in NAMES]


def _whole(
    pieces: Sequence[Piece], numbers: dict[int, str], chain: Sequence[str], used: frozenset[str], tell: Any
) -> None:
    for at, words in enumerate(chain[:20]):
        tell(GENUINE, f"chain{at}", None, words, "请告诉系统管理员，用 taizhang doctor 核对操作日志。", False)
    if not pieces:
        tell(COMPLETE, "empty", None, "册里没有一件材料", "请先编入材料。", False)
    twice = {number for number, count in Counter(numbers.values()).items() if count > 1}
    for one in pieces:
        number = numbers.get(one.key, "")
        if one.annex_of:
            continue  # numbered by its main piece
        if not one.no:
            tell(COMPLETE, "number", one, "还没有档号", "请先编号。", False)
        elif number in twice:
            tell(COMPLETE, "twice", one, f"档号 {number} 在本册里用了两次", "请重新编号。", False)
        elif number in used:
            tell(COMPLETE, "used", one, f"档号 {number} 已用在本单位另一封存的册里", "请重新编号。", False)


def _genuine(one: Piece, found: Seen, tell: Any) -> None:
    if found.fault:
        tell(
            GENUINE,
            "bytes",
            one,
            found.fault,
            "请告诉系统管理员从备份恢复这个文件；或换新版本后取最新版，或取出这一件。",
            False,
        )
    elif not found.sm3_same:
        tell(GENUINE, "sm3", one, "文件的 SM3 与存入时不同", "请告诉系统管理员从备份恢复这个文件。", False)
    if not found.in_journal:
        tell(
            GENUINE,
            "journal",
            one,
            "操作日志里没有存入这一版的记录",
            "请核对来历；确属本单位材料的，写明理由。",
            True,
        )


def _complete(one: Piece, found: Seen, numbers: dict[int, str], year: int, tell: Any) -> None:
    if not found.mime and not found.url:
        tell(COMPLETE, "file", one, "没有文件", "请取出这一件，或在材料库补传。", False)
    if one.annex_of:
        return  # the catalogue says nothing of an annex
    if not one.title.strip("[] "):
        tell(COMPLETE, "title", one, "没有题名", "请填题名，自拟的写在 [ ] 里。", False)
    if not one.issuer:
        tell(COMPLETE, "issuer", one, "没有责任者", "请填责任者；考证不出的写明理由。", True)
    if one.dated_on is None:
        tell(COMPLETE, "date", one, "没有日期", "请填形成日期；考证不出的写明理由。", True)
    elif one.dated_on.year != year:
        tell(
            COMPLETE,
            "year",
            one,
            f"日期 {one.dated_on} 不在 {year} 年",
            "请核对日期，或取出另册归档；确应归入本年度的写明理由。",
            True,
        )


def _usable(one: Piece, found: Seen, numbers: dict[int, str], tell: Any, notes: list[str]) -> None:
    if not found.mime:
        if found.url:
            tell(
                USABLE,
                "link",
                one,
                "只登记了网址，网页日后可能打不开",
                "请把网页存成 PDF 换上；确实不必存的写明理由。",
                True,
            )
        return
    if LOCKED in found.warnings:
        tell(
            USABLE,
            "open",
            one,
            "设有打开密码，打不开",
            "请去掉密码后换新版本，再取最新版；或取出这一件。",
            False,
        )
    elif found.state == "waiting":
        tell(
            USABLE,
            "waiting",
            one,
            "还没有读取，不知道能不能打开",
            "请等读取完成后重新检测；已人工打开核对的写明理由。",
            True,
        )
    elif found.state == "unreadable":
        tell(
            USABLE,
            "open",
            one,
            found.unread or "读不出来",
            "请用原软件打开核对，能打开的写明理由；打不开的换新版本。",
            True,
        )
    if found.mime not in LASTING:
        if found.shows:
            notes.append(f"{numbers.get(one.key, '')}　{one.title}：格式不宜长期保存，旁附 PDF".strip("　"))
        else:
            tell(
                USABLE,
                "format",
                one,
                f"格式（{found.mime}）不宜长期保存，也排不成页面",
                "请转成 PDF、JPG 或 MP4 等后换新版本；不能转的写明理由。",
                True,
            )


def _safe(one: Piece, found: Seen, tell: Any) -> None:
    if found.state == "classified" or found.marked:
        tell(SAFE, "secret", one, "标有密级", "本系统不存涉密材料：请取出这一件，按保密规定处置。", False)
    if LOCKED in found.warnings:
        tell(
            SAFE,
            "locked",
            one,
            "设有打开密码（加密）",
            "请去掉密码后换新版本，再取最新版；或取出这一件。",
            False,
        )
    acts = list(dict.fromkeys(words for code, words in ACTS.items() if code in found.warnings))
    if acts:
        tell(
            SAFE,
            "acts",
            one,
            "、".join(acts),
            "请另存为不带宏和脚本的文件后换新版本；确需保留原件的写明理由。",
            True,
        )
    for code, words in CARRIES.items():
        if code in found.warnings:
            tell(SAFE, code, one, words, "请核对；里面的文件需要归档的单独存入，否则写明理由。", True)


def open_problems(checks: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of checks as kept (plain), the problems that are neither mended nor answered."""
    return [one for check in checks for one in check["problems"] if not one["answer"]]


def answers_of(checks: Iterable[dict[str, Any]]) -> dict[str, str]:
    """What was answered, by the problem's key: a later check keeps it."""
    return {one["key"]: one["answer"] for check in checks for one in check["problems"] if one["answer"]}
