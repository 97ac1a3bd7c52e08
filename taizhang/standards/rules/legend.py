"""Notes under a table that say what its signs mean: 注：A为材料审核，B为实地考察；★为必备指标."""

import re

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
