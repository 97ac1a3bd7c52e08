"""Numbers of bound pieces: Ⅱ-1-1)-① = project, content, item, the n-th original (domain notes 5.1)."""

import re
from collections.abc import Iterable

_ONES = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨ"
_ROMAN = {"Ⅰ": 1, "Ⅱ": 2, "Ⅲ": 3, "Ⅳ": 4, "Ⅴ": 5, "Ⅵ": 6, "Ⅶ": 7, "Ⅷ": 8, "Ⅸ": 9, "Ⅹ": 10, "Ⅺ": 11, "Ⅻ": 12}
STEMS = "甲乙丙丁戊己庚辛壬癸"


def roman(value: int) -> str:
    """1 → Ⅰ, 12 → Ⅻ, 23 → ⅩⅩⅢ; beyond 39 plain digits, which nobody has to work out."""
    if not 1 <= value <= 39:
        return str(value)
    if value in (11, 12):
        return "ⅪⅫ"[value - 11]
    tens, ones = divmod(value, 10)
    return "Ⅹ" * tens + (_ONES[ones - 1] if ones else "")


def circled(value: int) -> str:
    """1 → ①, 21 → ㉑, 50 → ㊿; more than that there is no sign for: (51)."""
    if 1 <= value <= 20:
        return chr(0x2460 + value - 1)
    if 21 <= value <= 35:
        return chr(0x3251 + value - 21)
    if 36 <= value <= 50:
        return chr(0x32B1 + value - 36)
    return f"({value})"


def area_number(code: str) -> str:
    """An area's own number: "2" → Ⅱ; what is written otherwise stays."""
    return roman(int(code)) if code.isascii() and code.isdecimal() and len(code) < 4 else code


def base_of(code: str, no: str = "") -> str:
    """An item's number in a volume, from its code ("2.1.1" → "Ⅱ-1-1)"), else from its own no ("Ⅲ-12")."""
    for words in (code, no):
        if base := _structured(words):
            return base
    plain = (no or code).strip().rstrip("-－")
    return plain or "件"


def _structured(words: str) -> str:
    """Two to five numbers with anything between them; the first may be Roman already and then is kept."""
    words = words.strip()
    match = re.fullmatch(r"([ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ]|\d{1,2})((?:[.．。\-－—–、/_]\(?\d{1,3}[)）]?){1,4})[.．]?", words)
    if not match:
        return ""
    first, rest = match.groups()
    numbers = re.findall(r"\d+", rest)
    if len(numbers) < 2 and first in _ROMAN:
        return ""  # Ⅲ-12 runs over the whole standard: it is a label, not a place in a tree
    head = first if first in _ROMAN else roman(int(first))
    return "-".join([head, *numbers]) + ")"


def bases(items: Iterable[tuple[str, str, int]]) -> list[str]:
    """The number of each item (code, no, track) of a volume, none twice: a second standard's begin with 乙·, and so on;
    what is still the same takes its own no."""
    tracks: dict[int, int] = {}
    found: list[str] = []
    used: set[str] = set()
    for code, no, track in items:
        at = tracks.setdefault(track, len(tracks))
        base = base_of(code, no)
        if base in used:
            stem = STEMS[at] if at < len(STEMS) else str(at + 1)
            base = f"{stem}·{base}"
        if base in used:
            base = no or base
        count, plain = 2, base
        while base in used:
            base, count = f"{plain}（{count}）", count + 1
        used.add(base)
        found.append(base)
    return found


def piece_number(base: str, nth: int) -> str:
    """The N-th piece (from 1) of the item with this base."""
    return f"{base}-{circled(nth)}"
