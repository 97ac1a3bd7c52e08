"""The points that a line of text names for itself: in brackets, before its sentence, at its end, or between clauses."""

import re
from decimal import Decimal
from typing import NamedTuple

from ..rules.marks import GRADED
from ..rules.methods import WAYS
from ..rules.numbers import (
    AT_END,
    BRACKETED,
    NOT_BEFORE,
    NUMBER,
    decimal_of,
    fold,
    half,
    points_in,
    says_points,
)

#: what grades a whole unit, not an item: 90分以上为优秀
THRESHOLD = re.compile(
    r"\d\s*分?\s*[(]?(?:含|及)?[^，。；]{0,4}[)]?(?:以上|以下|-)[^，。；]{0,8}(?:为|的?评?定?为?(?:优秀|良好|合格|达标|不合格|等次|五星|四星))"
)
#: before a figure set apart by a blank only these words make it a deduction or a threshold
APART = re.compile(r"(?:扣|减|加|得|低|高|足|达|到|各|每次|每项|至少|不少于|不低于|以上|以下)$")
#: points told between a sentence and the next: "…，计4分。缺1次减1分。"
COUNTED = re.compile(
    rf"(?<![的者得])[，,；;]\s*(?:本项|共)?(?:计|满分|分值)\s*({NUMBER})\s*(分半|分)\s*[。；;]"
)
#: the same without any word: "…，2分。缺一次扣0.5分。", "… 2分 缺一次扣0.5分"
UNMARKED = re.compile(
    rf"(?:[，,；;、|·]\s*|\s+)(?:本项|本条|该项|共|计|占|值|满分|分值|赋|赋分|配分)*[:：]?\s*({NUMBER})\s*(分半|分)\s*(?:[。；;，,|]|\s+(?=\S))"
)
#: figures of another clause that stand for themselves: "良好，2分；"
BARE_CLAUSE = re.compile(rf"[，,、:：\s]\s*({NUMBER})\s*分\s*(?=[。；;，,]|$)")
#: "4分｜…", "4分 — …", "4分 …"
LEADS = re.compile(
    rf"^({NUMBER})\s*(分半|分)(?:\s*[|/、，,]\s*|\s*-+\s*|\s*[:：]\s*|\s+)(?=[\u4e00-\u9fff“《\"])"
)
SHARE = rf"[^\d，,、；;+/()。扣加减得每]{{2,10}}?[:：]?\s*{NUMBER}\s*分"
SHARES = rf"{SHARE}(?:\s*[、，,+；;/和及\s]\s*{SHARE})*"
SHUT = r"[)\]】〕]"
#: "（3分，材料审核2分、实地考察1分）", "(3分:资料2分+现场1分)", "（材料审核2分、实地考察1分）"
SPLIT = re.compile(
    rf"[(\[【〔]\s*(?:本项|共计?|计|满分|分值|其中)?[:：]?\s*(?:({NUMBER})\s*分\s*[，,;；:：、/=\s]\s*)?(?:其中|含|包括)?[:：]?({SHARES})\s*{SHUT}"
)
#: "3分（材料审核2分、实地考察1分）" behind the title
BEFORE_SHARES = re.compile(
    rf"(?:^|(?<=[\s，,；;:：、。)）]))({NUMBER})\s*分\s*[(（]\s*(?:其中)?[:：]?({SHARES})\s*[)）]"
)
WITH_WORDS = re.compile(
    rf"[(\[【]\s*(?:本项|共计?|计|满分|分值)?[:：]?\s*({NUMBER})\s*分\s*[，,;；/、]\s*([\u4e00-\u9fff、，,+]{{2,30}})\s*{SHUT}"
)
ONE_SHARE = re.compile(rf"({NUMBER})\s*分")


class Told(NamedTuple):
    """Points of a line, the line without them, whether they are told without brackets or a word, methods, a rule."""

    value: Decimal | None
    rest: str
    bare: bool = False
    methods: str = ""
    rule: str = ""


def own_points(text: str, *, loose: bool) -> Told:
    """The points of a line, and the line without them.

    A bracket behind the title counts for the whole line, even if its parts name theirs further on; several
    brackets without such a one are added up. A percentage counts only where a weight may stand, in a short line.
    """
    folded = fold(text)
    if THRESHOLD.search(folded):
        return Told(None, text.strip())
    for way in (shared_out, with_words, bracketed, in_front):
        if (told := way(text, folded, loose)) is not None:
            return told
    if loose and not BRACKETED.search(folded):
        for way in (counted, unmarked):
            if (told := way(text, folded, loose)) is not None:
                return told
    return at_end(text, folded, loose)


def shared_out(text: str, folded: str, loose: bool) -> Told | None:
    """Points with what each way of checking decides of them."""
    found = BEFORE_SHARES.search(folded) or SPLIT.search(folded)
    if found is None or re.search(r"[。；;]", folded[: found.start()].rstrip("。；; ")):
        return None
    inside = text[found.start(2) : found.end(2)].strip()
    worth = [decimal_of(one) or Decimal(0) for one in ONE_SHARE.findall(found.group(2))]
    names = [name.strip(" ：:、，,+；;/和及") for name in re.split(rf"{NUMBER}\s*分", found.group(2))]
    ways = all(WAYS.match(name) or len(names) > 2 for name in names if name)
    value = decimal_of(found.group(1)) if found.group(1) else None
    rest = behind(text, found.start(), found.end())
    if value is None:
        named = all(WAYS.match(name) for name in names if name)
        return Told(sum(worth, Decimal(0)), rest, methods=inside) if named else None
    if sum(worth, Decimal(0)) == value and ways:
        return Told(value, rest, methods=inside)
    return Told(value, rest, rule=inside)


def with_words(text: str, folded: str, loose: bool) -> Told | None:
    """ "（满分3分；查阅资料）": points with how they are checked, in one bracket."""
    found = WITH_WORDS.search(folded)
    if found is None or BRACKETED.search(folded):
        return None
    inside = text[found.start(2) : found.end(2)].strip()
    if not all(WAYS.match(part) for part in re.split(r"[、，,+和]", inside) if part.strip()):
        return None
    return Told(decimal_of(found.group(1)), behind(text, found.start(), found.end()), methods=inside)


def behind(text: str, start: int, end: int) -> str:
    """TEXT without the mark between START and END; what follows it is a line of its own."""
    after = text[end:].lstrip("。．.：:，,；; ")
    return f"{text[:start].strip()}\n{after}".strip()


def bracketed(text: str, folded: str, loose: bool) -> Told | None:
    """A bracket before the sentence or behind the title."""
    marks = [m for m in BRACKETED.finditer(folded) if says_points(m, loose=len(text) <= 30)]
    if not marks:
        return None
    first = marks[0]
    value = half(decimal_of(first.group(1)), first.group(2) == "分半")
    head = folded[: first.start()]
    if not head.strip(" ,，.、:："):
        return Told(value, text[first.end() :].lstrip("。．：:，,；;、|｜- "))
    if len(marks) > 1 and 2 <= len(head.strip()) <= 30 and not re.search(r"[。；;]", head):
        after = text[first.end() :].lstrip("。．.：:，, ")
        return Told(value, f"{text[: first.start()]}\n{after}".strip())
    sentence = head.rstrip("。；; ")
    if len(marks) == 1 and len(head) <= 60 and not re.search(r"[。；;]", sentence):
        after = text[first.end() :].lstrip("。．：:，,；; ")
        before = text[: len(sentence)].strip() if after else text[: first.start()].strip()
        return Told(value, f"{before}\n{after}".strip())
    return None


def in_front(text: str, folded: str, loose: bool) -> Told | None:
    """ "4分｜每季度学习一次": no grade such as "5分：前三名"."""
    found = LEADS.match(folded)
    if found is None or BARE_CLAUSE.search(folded[found.end() :]):
        return None
    after = folded[found.end() :]
    if re.search(r"[:：]", found.group()) and (
        GRADED.search(after[:14]) or re.search(r"^[前第]|\d\s*分\s*[:：]", after)
    ):
        return None
    value = half(decimal_of(found.group(1)), found.group(2) == "分半")
    return Told(value, text[found.end() :].strip(), True)


def counted(text: str, folded: str, loose: bool) -> Told | None:
    found = COUNTED.search(folded)
    if found is None:
        return None
    value = half(decimal_of(found.group(1)), found.group(2) == "分半")
    return Told(value, f"{text[: found.start()].strip()}\n{text[found.end() :].strip()}".strip())


def unmarked(text: str, folded: str, loose: bool) -> Told | None:
    """A figure right behind the first sentence, if neither that nor a row of grades behind it says how it is earned."""
    found = UNMARKED.search(folded)
    if found is None:
        return None
    head = folded[: found.start()].strip()
    if (
        len(head) < 2
        or re.search(r"[。；;]|\d\s*分(?!钟)", head)
        or re.search(r"(?:的|者|[扣减加得]|(?<![笔日登书标])记)$", head)
    ):
        return None
    clause = re.split(r"[，,]", head)[-1]
    if re.search(r"扣|减分|加分|得$|每[少缺漏]|(?:低于|高于|达到|至少|不少于|不低于|每次|每项|各)$", clause):
        return None
    if is_grade(folded[found.end() :]):
        return None
    value = half(decimal_of(found.group(1)), found.group(2) == "分半")
    return Told(value, f"{text[: found.start()].strip()}\n{text[found.end() :].strip()}".strip(), True)


def is_grade(after: str) -> bool:
    """Whether another clause with a bare figure follows: "经常开展，2分；偶尔开展，1分"."""
    return any(
        not re.search(r"每|扣", re.split(r"[。；;]", after[: m.start()])[-1])
        for m in BARE_CLAUSE.finditer(after)
    )


def is_grade_row(before: str) -> bool:
    """Whether bare figures in clauses before the last one show a row of grades: "经常开展，2分；偶尔开展"."""
    return any("；" in before[m.end() :] or ";" in before[m.end() :] for m in BARE_CLAUSE.finditer(before))


def at_end(text: str, folded: str, loose: bool) -> Told:
    value, rest = points_in(text, loose=loose)
    bare = value is not None and not re.search(r"[(\[【〔<]\s*[^()]{0,6}\d|满分|分值|共|计|权重", folded)
    if value is None and loose:
        m = AT_END.search(folded.rstrip("。；; )）"))
        if m is not None and not (
            APART if folded[m.start(1) - 1 : m.start(1)].isspace() else NOT_BEFORE
        ).search(folded[: m.start(1)].rstrip()):
            value, rest = half(decimal_of(m.group(1)), m.group(2) == "分半"), text[: m.start(1)]
            bare = True
    if value is None or (
        bare and (not value or re.search(r"(?<![笔日登书标])记$", rest) or is_grade_row(fold(rest)))
    ):
        return Told(None, text.strip())
    return Told(value, re.sub(r"[，,；;、（(\s·•|｜-]*(?:计|共|共计|占|值|本项)?$", "", rest), bare)
