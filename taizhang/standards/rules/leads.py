"""Who answers for an indicator: lead and helpers, and whether each department or branch delivers its own."""

import re
from typing import NamedTuple

from .departments import join_apart
from .numbers import fold
from .scoring_kinds import LIKELY, SURE

UNIT, DEPARTMENT, BRANCH = "unit", "department", "branch"
NOBODY = {"", "无", "-", "--", "/", "待定", "暂无"}


class Leads(NamedTuple):
    """The first to answer, the others, and how certain each of both is ("" when nobody is named)."""

    lead: str
    co: list[str]
    certain: str
    co_certain: str


PLACE = r"(?:处室|单位|部门|科室|股室|领导|主体|人)?"
LEAD_WORD = rf"(?:(?:主要|第一|总)?(?:牵头|主责|主办|承办|负责|责任|主抓|归口|落实|主管|分管){PLACE})"
CO_WORD = rf"(?:(?:配合|协办|协同|协助|参与|参加|会同|会办|联合){PLACE})"
FIRST_WORD = rf"(?:(?:牵头|主责|主办|第一责任|主要责任|主要负责){PLACE})"
MARKED = re.compile(rf"[(（\[【]\s*{LEAD_WORD}\s*[)）\]】]")
MARKED_CO = re.compile(rf"[(（\[【]\s*{CO_WORD}\s*[)）\]】]")
LABELLED = re.compile(
    rf"(?:^|(?<=[；;，,。、\s)）]))\s*(?P<word>{LEAD_WORD}|{CO_WORD})\s*[:：]\s*(?P<names>.*?)(?=(?:^|[；;，,。、\s])\s*(?:{LEAD_WORD}|{CO_WORD})\s*[:：]|$)",
    re.DOTALL,
)
IN_BRACKETS = re.compile(
    rf"[(（]\s*(?:{CO_WORD}\s*[:：]\s*(?P<after>[^)）]+)|(?P<before>[^()（）]+?){CO_WORD})\s*[)）]"
)
SENTENCE = re.compile(
    rf"^由?(?P<lead>.+?)(?:{LEAD_WORD})[，,；;、\s]*(?:(?:由|与|和)?(?P<co>.+?)(?:{CO_WORD}|落实|组织实施)?)?$"
)
WITH = re.compile(rf"^(?P<lead>[^会]+?)(?:会同|联合|协同)(?P<co>.+?)(?:{LEAD_WORD}|{CO_WORD})?$")
STAR = re.compile(r"^[★☆▲△*※●◎]+|[★☆▲△*※●◎]+$")
NUMBERING = re.compile(
    r"(?:(?<=[\u4e00-\u9fff)）])|^|\s)(?:[(（][一二三四五六七八九十\d]{1,2}[)）]|[①-⑳]|\d{1,2}[.．、](?!\d))\s*"
)
OPEN_END = re.compile(r"等(?:相关|有关)?(?:处室|单位|部门|科室)?$")


def split_names(text: str) -> list[str]:
    """ "A、B；C" -> ["A", "B", "C"]; brackets hold together."""
    parts, depth, start = [], 0, 0
    for index, char in enumerate(text):
        if char in "(（[【":
            depth += 1
        elif char in ")）]】":
            depth = max(0, depth - 1)
        elif char in "、，,；;/\n|和与及 　\t" and not depth:
            # "和", "与", "及" and blanks join names only between two of them
            if char in "和与及" and (index - start < 2 or index + 2 >= len(text)):
                continue
            parts.append(text[start:index])
            start = index + 1
    parts.append(text[start:])
    names = (re.sub(r"^\d+[.、]", "", part.strip().strip("。．.:：")) for part in parts)
    return [name for name in names if fold(name) not in NOBODY]


def read_leads(text: str, co_text: str = "") -> Leads:
    """Lead and co-workers. First named is the lead ("责任单位列首位者牵头") unless one is marked.

    Copes with "牵头：X；配合：Y、Z", "X（牵头）、Y", "X牵头，Y、Z配合", "★X、Y", "办公室（创建办）" (kept whole).
    Sure: one name alone, or one that is marked; likely: the first of several, or a list left open by 等.
    """
    text, co_text = join_apart(text or ""), join_apart(co_text or "")
    said = re.sub(r"[ \t　]+", " ", text).strip()
    open_end = bool(OPEN_END.search(said) or OPEN_END.search((co_text or "").strip()))
    co = split_names(OPEN_END.sub("", strip_label((co_text or "").strip(), CO_WORD)))
    if fold(said) in NOBODY:
        return Leads("", unique(co), "", (LIKELY if open_end else SURE) if co else "")
    said = NUMBERING.sub(numbering, said).strip("、")
    said, more = take_brackets(said)
    co = [*more, *co]
    first, plain, more = take_labels(said)
    co = [*more, *co]
    marked = bool(first)
    if not first and not plain:
        plain, more, marked = take_sentence(said)
        co = [*more, *co]
    names = [name for name in (*first, *plain) if name]
    names = [OPEN_END.sub("", name) or name for name in names]
    if not names:
        return Leads("", unique(co), "", SURE if co else "")
    lead = next((name for name in names if MARKED.search(name) or STAR.search(name)), "")
    marked = marked or bool(lead)
    lead = lead or names[0]
    rest = [name for name in names if name is not lead]
    lead, rest = bare(lead), [bare(name) for name in rest]
    others = unique([name for name in [*rest, *co] if name != lead])
    certain = LIKELY if open_end or (rest and not marked) else SURE
    return Leads(lead, others, certain, certain if others else "")


def take_brackets(said: str) -> tuple[str, list[str]]:
    """宣传处（配合：人事处、财务处） → 宣传处 and the two; X（配合） stays a name with its mark."""
    found: list[str] = []
    for m in IN_BRACKETS.finditer(said):
        if m["before"] and re.fullmatch(CO_WORD, m["before"] + "配合"):
            continue
        found += split_names(m["after"] or m["before"] or "")
    return (IN_BRACKETS.sub("", said).strip(), found) if found else (said, [])


def take_labels(said: str) -> tuple[list[str], list[str], list[str]]:
    """ "牵头单位：X；责任单位：Y；配合单位：Z" → [X], [Y], [Z]; what stands before the first label answers too."""
    found = list(LABELLED.finditer(said))
    if not found:
        return [], [], []
    first: list[str] = []
    plain = split_names(said[: found[0].start()])
    co: list[str] = []
    for m in found:
        names = split_names(m["names"])
        if re.match(CO_WORD, m["word"]):
            co += names
        elif re.match(FIRST_WORD, m["word"]):
            first += names
        elif re.search(r"领导|人$", m["word"]) and len(found) > 1:
            continue  # a person, named beside the departments
        else:
            plain += names
    return first, plain, co


def take_sentence(said: str) -> tuple[list[str], list[str], bool]:
    """ "X牵头，Y、Z配合", "X会同Y" → [X], [Y, Z], and whether words told them apart."""
    if m := WITH.match(said):
        return split_names(m["lead"]), split_names(m["co"]), True
    if (m := re.search(rf"[；;，,。\s]{CO_WORD}[:：]?\s*([^；;。]+)$", said)) and not m.group(1).endswith(
        "）"
    ):
        return split_names(re.sub(rf"{LEAD_WORD}$", "", said[: m.start()])), split_names(m.group(1)), True
    if (m := SENTENCE.match(said)) and not MARKED.search(said):
        return split_names(m["lead"]), split_names(m["co"] or ""), True
    return split_names(strip_label(said, LEAD_WORD)), [], False


def numbering(m: re.Match[str]) -> str:
    return "" if m.start() == 0 else "、"


def bare(name: str) -> str:
    """A name without its marks: ★, （牵头）, （配合）."""
    return STAR.sub("", MARKED_CO.sub("", MARKED.sub("", name)).strip()).strip()


def strip_label(text: str, word: str) -> str:
    return re.sub(rf"^\s*{word}\s*[:：]\s*", "", text).strip()


def unique(names: list[str]) -> list[str]:
    return list(dict.fromkeys(name for name in names if name))


EACH = r"(?:各|每个?|全体|所有)"
BRANCH_WORD = r"(?:基层|直属|下属|所属|在职|机关)?(?:党)?支部|党小组|基层党组织|党组织"
PLACE_WORD = r"(?:内设)?(?:处[(（]?室[)）]?|科室|股室|部门|单位|机构|业务[处科]室|处|科|部室|委室)"
MANY = re.compile(
    rf"^(?:机关)?(?:{EACH}|有关|相关|各有关|各相关){PLACE_WORD}|^(?:业务|有关|相关|职能|所属|直属|下属|局属|委属)(?:处室|科室|部门|单位)"
)
#: said as the one who acts: 各支部每季度召开…; not 指导各支部, 对各处室
ACTS = r"(?:^|[，。；：\n、])(?:机关)?(?:各|每个?)"
BRANCHES_ACT = re.compile(
    rf"{ACTS}(?:{BRANCH_WORD})(?!之间)|(?:^|[，。；：\n、])(?:所属|下属|直属|基层|机关各)(?:{BRANCH_WORD})(?=[\u4e00-\u9fff]{{0,4}}[每按全半])"
)
PLACES_ACT = re.compile(
    rf"{ACTS}(?:内设|内部|业务|职能|服务|窗口)?(?:处[(（]?室[)）]?|科室|股室|部门|部室|窗口|班组|中队|大队|处|科|[\u4e00-\u9fff]{{0,2}}队)(?!之间|室)"
)


def read_performer(scope: str, lead: str, text: str = "") -> tuple[str, str]:
    """Who delivers, and how certain: once for the unit, each department, or each branch.

    The scope column wins over the lead, the lead over the words of title and requirement. ("unit", "") when
    nothing says anything.
    """
    said, lead = fold(scope).strip(), fold(lead).strip()
    if re.search(r"支部|党小组|党组织", said):
        return BRANCH, SURE
    if re.search(r"各处室|处室|科室|股室|部门|部室|各窗口|各班组|各中队|各大队|各科|各处", said):
        return DEPARTMENT, SURE
    if said and said not in NOBODY:
        return UNIT, SURE
    if re.match(rf"^{EACH}(?:{BRANCH_WORD})", lead) or lead in ("支部", "党支部"):
        return BRANCH, SURE
    if MANY.match(lead):
        loose = re.match(r"^(?:所属|直属|下属|局属|委属)", lead) or re.search(r"支部", lead)
        return DEPARTMENT, LIKELY if loose else SURE
    words = fold(text)
    if BRANCHES_ACT.search(words):
        return BRANCH, LIKELY
    if PLACES_ACT.search(words):
        return DEPARTMENT, LIKELY
    return UNIT, ""
