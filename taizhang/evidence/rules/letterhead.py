"""What a formal document says of itself: number, issuing body, title, date, by the order of GB/T 9704-2012.

A red head names the body (××文件), the number stands beneath it, then the title, then whom it is addressed to; body
and date sign it. Its own number stands before what it says: those in the text belong to others. What is not there
stays empty: an empty field is filled in by a clerk, a wrong one is believed.
"""

import re
from dataclasses import dataclass
from datetime import date as day_of

from .formal import TITLE_END, WHOLE_TITLE, bodies, days_in, is_body, issue_in, number_in, squeezed
from .heads import ADDRESSED, FILE, NOISE, SIGNED_BY, Head, alone, find_head

MOST_PAGES = 40
MOST_TITLE = 120
TITLE_PAGE = 60  # letters: a first page with fewer only names what follows
LONGEST = 400  # letters of a line that are looked at


BRACKETED = re.compile(r"^[（(].*[）)]$")
#: what follows a signature
AFTER = re.compile(
    r"^(?:附件|附[:：]|抄送|抄报|主题词|[（(]|此件|印发|联系人|—|-|\d+$|主送|共印|分送)|印发$|印$"
)
OFFICER = re.compile(
    r"^(?:省长|市长|县长|区长|州长|主席|主任|局长|厅长|部长|书记|院长|校长|会长|代市长|代县长)"
)

LABELS = {
    "doc_no": "发文字号|文号|公文编号|文件编号",
    "issuer": "发文机关|发布机构|发文单位|制发机关|发布机关",
    "date": "成文日期|成文时间|发文日期|生成日期",
    "title": "标题|公文标题|信息名称|文件名称|名称",
}  # fmt: skip


@dataclass(frozen=True)
class Letterhead:
    """`doc_no` is written with 〔〕 whatever brackets the text had; `issuer` of a joint document: names joined by 、;
    `head_page`: the page that bears a red head, from 1."""

    doc_no: str = ""
    issuer: str = ""
    title: str = ""
    date: day_of | None = None
    head_page: int | None = None


def letterhead(pages: list[str]) -> Letterhead:
    """What PAGES, the text of one file page by page, say of the document."""
    texts = [
        [line.strip()[:LONGEST] for line in page.splitlines() if line.strip()] for page in pages[:MOST_PAGES]
    ]
    head, before = find_head(texts), 0
    if (
        not head.kind
        and len(texts) > 1
        and sum(map(len, texts[0])) < TITLE_PAGE
        and _title(texts[1], Head())[0]
    ):
        before = 1
        del texts[0]  # a title page: the next one says the same in full
    top = texts[head.page] if texts else []
    told = _labelled(top) if not head.kind else {}
    title, start = _title(top, head)
    number = head.doc_no or told.get("doc_no", "")
    if not number and not head.kind:
        number, start = _number_beneath(top, title, start)
    if number and not head.kind and (behind := _head_behind(top)):
        head = Head("file", issuers=(behind,))
    rest = [line for page in texts[head.page :] for line in page]
    signers, dated = _signature(rest, start, head) if title or head.kind else ((), None)
    dated = head.dated or dated
    if "date" in told:
        dated = next((day for day, _, _ in days_in(told["date"], plain=True)), dated)
    title = told.get("title", "") or title
    return Letterhead(
        doc_no=number,
        issuer=_issuer(head, told, title, signers),
        title=title[:300],
        date=dated,
        head_page=before + head.page + 1 if head.kind and head.kind != "briefing" else None,
    )


def _head_behind(lines: list[str]) -> str:
    """The body of a red head that the order of a PDF's text has put behind the document; "" if there is none."""
    for line in lines[-4:]:
        text = squeezed(line)
        if FILE.match(text) and is_body(text.removesuffix("文件")):
            return text.removesuffix("文件")
    return ""


def _labelled(lines: list[str]) -> dict[str, str]:
    """The table above a document on a government's site; {} unless two of its labels are there."""
    found: dict[str, str] = {}
    for line in lines[:30]:
        for name, labels in LABELS.items():
            if name in found:
                continue
            said = re.search(rf"(?:^|\s)(?:{labels})\s*[:：\t]\s*(\S.*)$", line)
            if said is None:
                continue
            value = re.split(r"\s{2,}|\t|\u3000|\s(?=\S{2,8}[:：])", said[1].strip())[0].strip(" —-")
            if name == "doc_no":
                value = number_in(value)[0] or issue_in(value)
            if name == "issuer" and not bodies(value):
                value = ""
            if value and value != "无":
                found[name] = "、".join(bodies(value)) if name == "issuer" else value
    return found if {"doc_no", "issuer", "date"} & set(found) and len(found) > 1 else {}


def _title(lines: list[str], head: Head) -> tuple[str, int]:
    """The title and the line behind it; ("", line) if no title is sure."""
    first = head.end
    while first < len(lines) and first < head.end + 12:
        text = squeezed(lines[first])
        labelled = re.match(r"^\S{2,6}[:：]\S", text) and not head.kind
        if not (NOISE.match(text) or labelled or alone(lines[first]) or SIGNED_BY.match(text)):
            break
        first += 1
    if head.kind == "order":
        return head.mark, head.end
    if head.kind == "minutes" and not squeezed("".join(lines[first : first + 1])).startswith("关于"):
        return head.mark, head.end
    if head.kind == "briefing":
        plain = first < len(lines) and _may_be_title(lines[first]) and first + 1 < len(lines)
        sentence = plain and ("，" in lines[first + 1] or "。" in lines[first + 1])
        return (squeezed(lines[first]), first + 1) if sentence else (head.mark, head.end)
    starts = [first] if head.kind else [first, *([first + 1] if first + 1 < len(lines) else [])]
    for start in starts:
        title, end = _collect(lines, start, bool(head.kind))
        if title:
            return title, end
    return "", first


def _may_be_title(line: str) -> bool:
    text = squeezed(line)
    return not (
        text.endswith(("：", ":", "。", "；", "，", "…"))
        or any(sign in text for sign in "。；")
        or "，" in re.sub(r"《[^》]*》|“[^”]*”", "", text)
        or re.match(
            r"^(?:[一二三四五六七八九十]+、|第[一二三四五六七八九十0-9]+[条章]|\d+[.、．]|[（(][一二三四五六七八九十]+[）)])",
            text,
        )
        or len(text) > 70
    )


def _collect(lines: list[str], start: int, headed: bool) -> tuple[str, int]:
    """A title that begins on line START: lines that are no sentences, up to a word for what the document is."""
    parts: list[str] = []
    at = start
    while at < len(lines) and len(parts) < 7:
        line = lines[at]
        whole = "".join(map(squeezed, parts))
        if (
            not _may_be_title(line)
            or BRACKETED.match(squeezed(line))
            and squeezed(line)[1:-1] not in ("试行", "暂行", "征求意见稿", "草案", "修订")
        ):
            break
        if parts and (days_in(line, plain=True) or alone(line)) and not re.match(r"^\d{4}年", squeezed(line)):
            break
        if parts and TITLE_END.search(whole) and whole.count("《") == whole.count("》"):
            goes_on = squeezed(line).startswith(("的", "》", "（试行", "（暂行", "和", "及", "暨"))
            next_ends = TITLE_END.search(squeezed(line)) and "关于" in whole and not WHOLE_TITLE.search(whole)
            if not goes_on and not next_ends:
                break
        parts.append(line)
        at += 1
    whole = "".join(map(squeezed, parts))
    addressed = at < len(lines) and bool(ADDRESSED.match(squeezed(lines[at])))
    if not parts or len(whole) > MOST_TITLE:
        return "", start
    if TITLE_END.search(whole) or (headed and addressed and "关于" in whole):
        return _joined(parts), at
    return "", start


def _joined(parts: list[str]) -> str:
    """Lines of a title as one: the blank between two bodies stays, those of the layout go."""
    words: list[str] = []
    for part in parts:
        spaced = part.split()
        if len(spaced) > 1 and all(len(each) == 1 for each in spaced):
            spaced = ["".join(spaced)]  # letter-spaced
        words += spaced
    made = ""
    for at, word in enumerate(words):
        between = at and is_body(words[at - 1]) and (is_body(word) or _begins_with_body(word))
        made += (" " if between else "") + squeezed(word)
    return made


def _begins_with_body(word: str) -> bool:
    return is_body(re.split(r"关于|转发|印发|批转", squeezed(word))[0])


def _number_beneath(lines: list[str], title: str, start: int) -> tuple[str, int]:
    """Of a page without a head: a number alone on a line between the title and the text; not one in brackets that
    may be of the document the title names."""
    if not title:
        return "", start
    for at in range(start, min(start + 3, len(lines))):
        text = squeezed(lines[at])
        if number := alone(lines[at]):
            of_another = BRACKETED.match(text) and ("《" in title or "转发" in title)
            return ("", start) if of_another else (number, at + 1)
        if not (NOISE.match(text) or days_in(text, plain=True)):
            break
    for at in range(max(0, start - 8), start):  # before the title, under no head
        if number := alone(lines[at]):
            return number, start
    return "", start


def _signature(lines: list[str], start: int, head: Head) -> tuple[tuple[str, ...], day_of | None]:
    """Who signed, and when: the first day behind the title that stands under a body's name, or beside it."""
    for at in range(start, min(start + 2, len(lines))):  # （2021年2月26日） beneath the title
        text = squeezed(lines[at])
        if BRACKETED.match(text) and (days := days_in(text)):
            return _signers_before_copy(lines, start), days[-1][0]
    for at in range(start, len(lines)):
        text = squeezed(lines[at])
        if at > start + 2 and (FILE.match(text) and is_body(text.removesuffix("文件"))):
            break  # another document begins
        days = days_in(text)
        if not days or len(text) > 60 or text.endswith(("印发", "印", "。", "；")):
            continue
        day, begin, end = days[-1]
        if end < len(text) or len(days) > 1:
            continue
        if begin and (beside := bodies(lines[at].strip()[: -_length_of_tail(lines[at], len(text) - begin)])):
            return tuple(beside), day
        if begin:
            continue
        if above := _above(lines, at, start):
            return above, day
        if at > start and (OFFICER.match(squeezed(lines[at - 1])) and len(squeezed(lines[at - 1])) < 16):
            return (), day
        if all(AFTER.search(squeezed(line)) for line in lines[at + 1 : at + 4]) and at > start + 1:
            return (), day
    return (), None


def _length_of_tail(line: str, letters: int) -> int:
    """How many characters at the end of LINE hold its last LETTERS that are no blanks."""
    for at in range(len(line.strip()) - 1, -1, -1):
        letters -= not line.strip()[at].isspace()
        if not letters:
            return len(line.strip()) - at
    return len(line.strip())


def _above(lines: list[str], at: int, start: int) -> tuple[str, ...]:
    """The bodies on the lines right above line AT."""
    found: list[str] = []
    place = at - 1
    while place >= start and len(found) < 8 and (named := bodies(lines[place])):
        found[:0] = named
        place -= 1
    return tuple(found)


def _signers_before_copy(lines: list[str], start: int) -> tuple[str, ...]:
    """Of a document whose date stands beneath its title: a body alone there."""
    for line in lines[start : start + 3]:
        if is_body(line):
            return (squeezed(line),)
    return ()


def _issuer(head: Head, told: dict[str, str], title: str, signers: tuple[str, ...]) -> str:
    """By the head; the title or the signature may name more bodies, or the same one in full."""
    before = re.split(r"关于|转发|印发|批转|(?:19|20)\d{2}年", title)[0]
    named = tuple(bodies(before)) if before != title else ()
    if "issuer" in told:
        return told["issuer"]
    if not head.issuers:
        return "、".join(signers or named)
    issuers = head.issuers
    for other in (named, signers):
        fuller = len(other) > len(issuers) or (
            len(other) == len(issuers)
            and all(long.endswith(short) for long, short in zip(other, issuers, strict=True))
        )
        if fuller and (len(issuers) > 1 or any(long.endswith(issuers[0]) for long in other)):
            issuers = other
    return "、".join(issuers)
