"""Who answers for an indicator: lead and helpers, and whether each department or branch delivers its own."""

import re

from .numbers import fold

UNIT, DEPARTMENT, BRANCH = "unit", "department", "branch"
NOBODY = {"", "无", "-", "--", "/", "待定"}


def split_names(text: str) -> list[str]:
    """ "A、B；C" -> ["A", "B", "C"]; brackets hold together."""
    parts, depth, start = [], 0, 0
    for index, char in enumerate(text):
        if char in "(（[【":
            depth += 1
        elif char in ")）]】":
            depth = max(0, depth - 1)
        elif char in "、，,；;/\n|和与 　" and not depth:
            # "和", "与" and blanks join names only between two of them
            if char in "和与" and (index - start < 2 or index + 2 >= len(text)):
                continue
            parts.append(text[start:index])
            start = index + 1
    parts.append(text[start:])
    names = (re.sub(r"^\d+[.、]", "", part.strip().strip("。．.:：")) for part in parts)
    return [name for name in names if fold(name) not in NOBODY]


LEAD_WORD = r"(?:主要)?(?:牵头|主责|主办|负责|责任)(?:处室|部门|单位|科室)?"
CO_WORD = r"(?:配合|协办|协同|协助|参与|参加)(?:处室|部门|单位|科室)?"
MARKED = re.compile(rf"[(（\[]\s*(?:{LEAD_WORD})\s*[)）\]]")
MARKED_CO = re.compile(rf"[(（\[]\s*(?:{CO_WORD})\s*[)）\]]")


def read_leads(text: str, co_text: str = "") -> tuple[str, list[str]]:
    """Lead and co-workers. First named is the lead ("责任单位列首位者牵头") unless one is marked.

    Copes with "牵头：X；配合：Y、Z", "X（牵头）、Y", "X牵头，Y、Z配合", "办公室（创建办）" (kept whole).
    """
    said = re.sub(r"[ \t　]+", " ", text or "").strip()
    co = split_names(strip_label(co_text or "", CO_WORD))
    if fold(said) in NOBODY:
        return "", unique(co)
    if m := re.search(rf"(?:^|[；;，,。\s]){CO_WORD}[:：]?\s*([^；;。]+)$", said):
        co = [*split_names(m.group(1)), *co]
        said = said[: m.start()]
    elif m := re.search(rf"^(.+?){LEAD_WORD}[，,；;、\s]*(.+?){CO_WORD}$", said):
        said, co = m.group(1), [*split_names(m.group(2)), *co]
    said = strip_label(said, LEAD_WORD)
    names = split_names(re.sub(rf"(?<=[\u4e00-\u9fff]){LEAD_WORD}$", "", said) or said)
    if not names:
        return "", unique(co)
    lead = next((name for name in names if MARKED.search(name)), names[0])
    rest = [name for name in names if name is not lead]
    lead, rest = MARKED.sub("", lead).strip(), [MARKED_CO.sub("", name).strip() for name in rest]
    return lead, unique([name for name in [*rest, *co] if name != lead])


def strip_label(text: str, word: str) -> str:
    return re.sub(rf"^\s*{word}\s*[:：]\s*", "", text).strip()


def unique(names: list[str]) -> list[str]:
    return list(dict.fromkeys(name for name in names if name))


def read_per(scope: str, lead: str) -> str:
    """Who delivers: once for the unit, each department, or each branch. The scope column wins over the lead."""
    said = fold(scope).strip()
    if re.search(r"支部|党小组", said):
        return BRANCH
    if re.search(r"各处室|处室|科室|部门", said):
        return DEPARTMENT
    if said:
        return UNIT
    if re.match(r"^(?:各|每个?)(?:基层)?党?支部", lead) or lead in ("支部", "党支部"):
        return BRANCH
    if re.match(r"^(?:各|每个?|全体)(?:处室|科室|部门|单位|股室|业务处室|处|科)", lead) or lead in (
        "业务处室",
        "业务科室",
        "相关处室",
        "有关处室",
    ):
        return DEPARTMENT
    return UNIT
