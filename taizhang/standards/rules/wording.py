"""One writing for what standards write in many ways, before their words are understood: 百分之八十 → 80%, 至 → -."""

import re

from .numbers import chinese_number, decimal_of, fold

LONGEST = 2000  # characters that are understood: patterns on a longer text would take minutes
CN = "[零〇一二两三四五六七八九十百]"
#: after folding and before matching; the order counts
SAME: list[tuple[str, str]] = [
    (r"大于或?等于|不小于|≧|⩾|>=|＞=", "≥"),
    (r"小于或?等于|不大于|≦|⩽|<=", "≤"),
    (r"零分", "0分"),
    (r"(?<![\d一二两三四五六七八九十.])半分", "0.5分"),
    (r"(?<=[\d%])(?:到|至|~|-{2,})(?=\d)", "-"),
    (r"(?<=[一二两三四五六七八九十])(?:至|-|到)(?=[一二两三四五六七八九十]分)", "-"),
    (r"[,]", "，"),
    (r";", "；"),
    (r":", "："),
    (r"(?<=[扣得计每])；(?=\d)", ""),  # a cell broken over two pages
    (r"[。.]$", ""),
]


def plain(text: str) -> str:
    """TEXT folded, without white space, with one writing for percentages, ranges, signs and half points."""
    said = re.sub(r"\s+", "", fold((text or "")[:LONGEST]))
    said = re.sub(rf"百分之({CN}+(?:点{CN}+)?|\d+(?:\.\d+)?)", lambda m: f"{decimal_of(m.group(1))}%", said)
    said = re.sub(
        r"(?<![完达形组构])([一二三四五六七八九])成(?=以上|以下|及以上|的|，|以内|得)",
        lambda m: f"{(chinese_number(m.group(1)) or 0) * 10}%",
        said,
    )
    said = re.sub(r"(\d+|[一二两三四五六七八九])分半", lambda m: f"{(decimal_of(m.group(1)) or 0)}.5分", said)
    for pattern, instead in SAME:
        said = re.sub(pattern, instead, said)
    return said


def clauses(said: str) -> list[str]:
    """Cut at every mark but brackets and colons."""
    return [part for part in re.split(r"[，。；、！!\n]", said) if part]
