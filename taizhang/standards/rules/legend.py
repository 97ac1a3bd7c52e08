"""Notes under a table that say what its signs mean: 注：A为材料审核，B为实地考察；★为必备指标."""

import re
from decimal import Decimal

from .numbers import fold

SIGN = r"[A-Z①-⑩√✓●○◎★☆▲△■□◆◇*※]"
PAIR = re.compile(
    rf"[“\"'（(]?({SIGN})[”\"'）)]?\s*(?:号|类|项)?(?:代表|表示|是指|为|指|即|-{{1,2}}|[:：=＝])\s*[“\"]?([\u4e00-\u9fff]{{2,14}})"
)


def read_legend(notes: list[str]) -> dict[str, str]:
    """Sign -> its meaning, from all notes together."""
    found: dict[str, str] = {}
    for note in notes:
        for m in PAIR.finditer(fold(note)):
            found.setdefault(m.group(1), m.group(2))
    return found


def marks_mandatory(meaning: str) -> bool:
    return bool(re.search(r"必备|必达|核心|约束|否决|关键|必须", meaning))


SHARE = re.compile(
    r"([A-G]|优秀?|良好?|中|一般|较差|差|[一二三四五]档)\s*[档级等]?\s*(?:得|按|为|计|是|占|[:：=])?\s*(?:该项|本项|其)?(?:标准)?(?:分值|总分|满分|分)?的?\s*(?:(?P<share>\d{1,3}(?:\.\d+)?)\s*%|(?P<part>[01]\.\d+)(?!\d|分)|(?P<none>0(?![.\d])|不[得计给记]分|零分)|(?P<all>满分|全分))"
)
#: A、B、C、G分别得100%、66%、33%、0
IN_TURN = re.compile(
    r"((?:[A-G]|[一二三四五]档)(?:\s*[、,，/]\s*(?:[A-G]|[一二三四五]档)){2,})\s*(?:[一二三四五\d]?[档级等]\S{0,3})?[^\d%、，。；]{0,12}?(\d{1,3}(?:\.\d+)?%?(?:\s*[、,，/]\s*\d{1,3}(?:\.\d+)?%?){2,})"
)


def read_shares(notes: list[str]) -> dict[str, Decimal]:
    """Grade -> share of the points it earns, from a note such as A档得该项分值的100%，B档66%，C档33%; {} if not told."""
    for note in notes:
        found = in_turn(fold(note)) or {m.group(1): share_of(m) for m in SHARE.finditer(fold(note))}
        if len(found) >= 2 and max(found.values()) == 1:
            return found
    return {}


def share_of(m: re.Match[str]) -> Decimal:
    if m["share"]:
        return Decimal(m["share"]) / 100
    return Decimal(m["part"]) if m["part"] else Decimal(1 if m["all"] else 0)


def in_turn(said: str) -> dict[str, Decimal]:
    """Grades and shares told one list after the other; {} if they are not, or not equally many."""
    if not (found := IN_TURN.search(said)):
        return {}
    names, shares = (re.split(r"\s*[、,，/]\s*", part) for part in found.groups())
    if len(names) != len(shares) or "%" not in found.group(2):
        return {}
    return {name: Decimal(share.rstrip("%")) / 100 for name, share in zip(names, shares, strict=True)}
