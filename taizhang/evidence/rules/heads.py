"""The head of a formal document, in every form that has one: ××文件, letters, minutes, decrees, briefings."""

import re
from dataclasses import dataclass
from datetime import date

from .formal import END, TITLE_END, UNIT_OF, bodies, days_in, is_body, issue_in, number_in, squeezed

COVER = 300  # letters: a page with fewer may stand before the head
TOP = 14  # lines in which a head is looked for
FILE = re.compile(r"^(?P<body>.*?)文件$")
ORDER = re.compile(rf"^(?P<body>.+{END})(?:令|命令)$")
MINUTES = re.compile(r"^(?P<body>.*?)(?:会议?)?纪要$")
#: what kind of meeting it was, behind the body's name
MEETING = re.compile(
    r"(?:局长|主任|市长|县长|区长|院长|校长|党组|党委|常务|专题|办公|工作|联席|协调|全体)+会?$"
)
BRIEFING = re.compile(r"^.{0,20}(?:简报|快报|动态|专报|信息|通讯|工作信息)$")
EDITED = re.compile(r"^(?P<body>.+?)(?:编印|主办|编)?$")
ADDRESSED = re.compile(r"^[^。；]{2,120}[:：]$")
SIGNED_BY = re.compile(r"签发人[:：]?|会签人[:：]?")
#: lines at the top that are neither head nor title
NOISE = re.compile(
    # a number that was never filled in is none
    r"^(?:[\u4e00-\u9fff]{2,14}[〔\[（(]\d{4}[〕\]）)]号$|№|No|NO|份号|\d{3,8}$|特急|加急|平急|急件|特提|内部|[★☆]|(?:绝密|机密|秘密)|附件\d*[:：]?$|附件[一二三四五六七八九十]+[:：]?$|首页|当前位置|您的位置|[-—_=*·]+$|第?\d+页|"
    r"发布(?:时间|日期)|来源|浏览|作者|字号|字体|打印|主题分类|索引号|有效性|信息分类|公开方式|签发人)"
)
PLACE = re.compile(r"^(?:中共|共青团)?[\u4e00-\u9fff]{2,5}?[省市县区州旗盟镇乡]")


@dataclass
class Head:
    """Where the head ends, and what it says. KIND: file, letter, order, minutes, briefing, or "" for none."""

    kind: str = ""
    page: int = 0
    end: int = 0  # first line behind it
    doc_no: str = ""
    issuers: tuple[str, ...] = ()
    mark: str = ""  # minutes and orders are called by it
    dated: date | None = None


def find_head(texts: list[list[str]]) -> Head:
    """The first head of the file. Behind a page of text none is looked for: it would be a copy of another document."""
    for at, lines in enumerate(texts):
        found = _head_of(lines)
        if found is not None:
            found.page = at
            return found
        if sum(map(len, lines)) > COVER:
            break
    return Head()


def _head_of(lines: list[str]) -> Head | None:
    top = lines[:TOP]
    for at, line in enumerate(top):
        text = squeezed(line)
        if (found := FILE.match(text)) and (named := _named(top, at, found["body"])):
            issuers, end = named
            number, end = _number_near(lines, at, end)
            if (
                number
                or TITLE_END.search("".join(map(squeezed, lines[end : end + 6])))
                or _addressed(lines[end : end + 8])
            ):
                return Head("file", end=end, doc_no=number, issuers=issuers)
        if (found := ORDER.match(text)) and at + 1 < len(top) and (issue := issue_in(top[at + 1])):
            return Head("order", end=at + 2, doc_no=issue, issuers=(found["body"],), mark=text)
        if text.endswith("纪要") and (minutes := _minutes(top, at)):
            return minutes
        if BRIEFING.match(text) and at + 1 < len(top) and (issue := issue_in(top[at + 1])):
            return _briefing(top, at, issue)
        if text.endswith(("。", "；")):
            break
    for at, line in enumerate(top[:4]):
        if not is_body(line):
            continue
        issuers = tuple(bodies(line))
        end = at + 1
        while end < len(top) and is_body(top[end]) and not number_in(top[end])[0]:
            issuers += tuple(bodies(top[end]))
            end += 1
        wire = end < len(top) and squeezed(top[end]) in ("发电", "传真电报", "明传电报", "内部明电", "函件")
        end += wire
        number, behind = _number_near(lines, at, end, reach=2)
        if number:  # one that stands before the body: then the body may begin the title
            begins = behind == end and "".join(lines[end : end + 1]).startswith(("关于", "转发", "印发"))
            return Head("letter", end=at if begins else behind, doc_no=number, issuers=issuers)
    return None


def _named(top: list[str], at: int, body: str) -> tuple[tuple[str, ...], int] | None:
    """The bodies of a head whose word 文件 stands on line AT behind BODY, and the line behind the head."""
    issuers: list[str] = []
    end = at + 1
    above = at - 1
    if body:
        upper = squeezed(top[above]) if above >= 0 else ""
        goes_on = _goes_on(upper, body)
        if not is_body(body) and not goes_on:
            return None
        own = top[at].strip().removesuffix("文件").removesuffix("件").removesuffix("文")
        several = bodies(own) if len(own.split()) > 1 else []
        if several and len(squeezed(own)) > 10 and all(len(each) > 3 for each in several):
            issuers = several
        elif goes_on:
            issuers = [upper + body]  # a long name on two lines
            above -= 1
        else:
            issuers = [body]
    while above >= 0 and is_body(top[above]):
        issuers.insert(0, squeezed(top[above]))
        above -= 1
    while end < len(top) and is_body(top[end]) and _more_heads(top, end):
        issuers.append(squeezed(top[end]))
        end += 1
    return (tuple(issuers), end) if issuers else None


def _goes_on(upper: str, body: str) -> bool:
    """Whether a long name stands on two lines: what begins with a place is whole."""
    return (
        len(upper) > 3
        and not PLACE.match(body)
        and not is_body(upper)
        and not NOISE.match(upper)
        and not number_in(upper)[0]
        and is_body(upper + body)
    )


def _more_heads(top: list[str], at: int) -> bool:
    """Bodies beneath the word 文件 belong to the head if the number comes behind them, not before."""
    while at < len(top) and is_body(top[at]):
        at += 1
    return at < len(top) and bool(number_in(top[at])[0])


def _number_near(lines: list[str], at: int, end: int, reach: int = 4) -> tuple[str, int]:
    """The number behind line END (or, in a text out of order, before line AT), and the line behind both."""
    for place in range(end, min(end + reach, len(lines))):
        line = lines[place]
        if number := alone(line):
            return number, place + 1
        if (
            place + 1 < len(lines)
            and (number := alone(line + lines[place + 1]))
            and not alone(lines[place + 1])
        ):
            return number, place + 2
        if "关于" in line or ADDRESSED.match(squeezed(line)):
            break
    for place in range(max(0, at - 3), at):
        if number := alone(lines[place]):
            return number, end
    return "", end


def alone(line: str) -> str:
    """The number that LINE consists of, but for the words that stand beside a number."""
    text = SIGNED_BY.split(line)[0]
    if any(sign in text for sign in "《》。；") or "关于" in text:
        return ""
    number, before, behind = number_in(text)
    return number if number and before <= 12 and behind <= 2 else ""


def _minutes(top: list[str], at: int) -> Head | None:
    mark = squeezed(top[at])
    found = MINUTES.match(mark)
    if found is None or at + 1 >= len(top):
        return None
    issuers = tuple(bodies(found["body"])) or tuple(bodies(MEETING.sub("", found["body"])))
    if not issuers and at and is_body(top[at - 1]):
        issuers = (squeezed(top[at - 1]),)
        mark = issuers[0] + mark
    if not issuers and (unit := UNIT_OF.match(mark)):
        issuers = (unit[1],)
    number = issue_in(top[at + 1]) or alone(top[at + 1]) or alone(top[at + 1].strip("（）()"))
    if not number:
        return None
    end, dated = at + 2, None
    days = days_in(top[end]) if end < len(top) else []
    if days and len(squeezed(top[end])) - days[0][2] <= 1 and not squeezed(top[end]).endswith("。"):
        dated, end = days[0][0], end + 1
    return Head("minutes", end=end, doc_no=number, issuers=issuers, mark=mark, dated=dated)


def _briefing(top: list[str], at: int, issue: str) -> Head:
    end, dated = at + 2, None
    issuers: tuple[str, ...] = ()
    if end < len(top) and (days := days_in(top[end])):
        name = squeezed(top[end])[: days[0][1]]
        edited = EDITED.match(name)
        if edited and is_body(edited["body"]):
            issuers = (edited["body"],)
        dated, end = days[0][0], end + 1
    return Head("briefing", end=end, doc_no=issue, issuers=issuers, mark=squeezed(top[at]), dated=dated)


def _addressed(lines: list[str]) -> bool:
    return any(ADDRESSED.match(squeezed(line)) for line in lines)
