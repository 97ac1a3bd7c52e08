"""Chinese text as search sees it: folded, cut into overlapping pairs, and found again in its sentence.

Folding makes equal what a reader takes for equal: full and half width, capitals, Traditional and Simplified
characters; pinyin in brackets behind a character ("領(lǐng)導(dǎo)", left by web pages) is passed over. Signs
part the text into runs, whichever they are; blanks and line ends do so only between letters or figures.

Each run is cut into overlapping pairs of characters, and its last character once more by itself. A word is then a
phrase of pairs. Letters and figures are cut like characters, so that a search finds exactly what a scan of the
folded text would find ("5号" in "第15号"), which whole words would not; see decision 0016. Which single characters
a text has is noted once behind it: as the beginning of any pair, "的" would take a quarter of a second to find.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import opencc

#: a syllable with its tone mark (one sign, or a vowel and a mark behind it), in brackets of either width
PINYIN = re.compile(
    r"[（(][a-zü]*(?:[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ]|[aeioumn]\u0308?[\u0300\u0301\u0304\u030c])[a-zü]*[)）]",
    re.IGNORECASE,
)
MAX_TERMS, MAX_LETTERS = 8, 40
BREAK = " "
ALONE = "·"  # before a character that is noted by itself; folded text never has this sign
HAN = "\u3400"  # from here on characters, not letters


@cache
def simplified() -> dict[int, str]:
    """Traditional character → its Simplified one, character by character, so that places are kept."""
    table = Path(opencc.__file__).parent / "dictionary" / "TSCharacters.txt"
    pairs = (line.split("\t") for line in table.read_text("utf-8").splitlines() if "\t" in line)
    return {ord(one): many.split()[0] for one, many in pairs if len(one) == 1}


@dataclass(frozen=True)
class Folded:
    """Folded TEXT, and for each of its characters where it stood in the original."""

    text: str
    places: tuple[int, ...]


@cache
def letters_of(sign: str) -> str:
    """What one sign is folded to: letters, figures and characters, "" for a mark on the letter before, else a break."""
    kept = ""
    for one in unicodedata.normalize("NFKC", sign).lower().translate(simplified()):
        if one.isalnum():
            kept += one
        elif not kept and unicodedata.combining(one):
            return ""
    return kept or BREAK


def fold(original: str) -> Folded:
    """Runs of folded letters, characters and figures, with one blank between them.

    Blanks and line ends beside a Chinese character are layout ("报　告", a line that is full) and part nothing.
    """
    skipped = (
        {at for found in PINYIN.finditer(original) for at in range(*found.span())}
        if "(" in original or "（" in original
        else set()
    )
    letters: list[str] = []
    places: list[int] = []
    parted = spaced = False
    for at, sign in enumerate(original):
        if at in skipped and _follows_a_character(original, at, skipped):
            continue
        for one in letters_of(sign):
            if one == BREAK:
                spaced = True
                parted = parted or not sign.isspace()
                continue
            if letters and (parted or (spaced and letters[-1] < HAN and one < HAN)):
                letters.append(BREAK)
                places.append(at)
            parted = spaced = False
            letters.append(one)
            places.append(at)
    return Folded("".join(letters), tuple(places))


def _follows_a_character(original: str, at: int, skipped: set[int]) -> bool:
    """Whether the bracket that AT belongs to stands right behind a Chinese character."""
    while at in skipped:
        at -= 1
    return at >= 0 and original[at] >= HAN


def _pairs(run: str, last: bool) -> Iterator[str]:
    """The overlapping pairs of RUN, and its last character by itself if LAST."""
    for at in range(len(run) - 1):
        yield run[at : at + 2]
    if last or len(run) == 1:
        yield run[-1]


def tokens(folded: str) -> str:
    """What the index holds of a folded text: its pairs with blanks between them, then each character it has, once."""
    pairs = [token for run in folded.split(BREAK) if run for token in _pairs(run, last=True)]
    return " ".join([*pairs, *(ALONE + sign for sign in sorted(set(folded)) if sign != BREAK)])


def terms(asked: str) -> tuple[str, ...]:
    """The folded terms of a question: words between spaces, and what stands in quotation marks as one; all must occur."""
    parts = re.findall(r'["“”]([^"“”]+)["“”]|(\S+)', asked.replace("\x00", "").replace("\u3000", " ")[:400])
    found = (fold(quoted or plain).text[:MAX_LETTERS].strip() for quoted, plain in parts)
    return tuple(dict.fromkeys(term for term in found if term))[:MAX_TERMS]


def match(term: str) -> str:
    """A folded term as a phrase of the index (FTS5): "创建 建 工作"; the last pair may go on."""
    if len(term) == 1:
        return f'"{ALONE}{term}"'
    *before, final = term.split(BREAK)
    words = [token for run in before for token in _pairs(run, last=True)]
    words += _pairs(final, last=False)
    # a single character at the end is the beginning of any pair
    return '"' + " ".join(words) + '"' + ("*" if len(final) == 1 else "")


def fits(term: str, folded: str) -> bool:
    """What a plain scan of a folded text would say."""
    return term in folded


ROUND, LONGEST = 30, 110
END = "。！？；!?;\n"


def hits_in(original: str, asked: tuple[str, ...]) -> list[tuple[int, int]]:
    """Where in ORIGINAL the folded terms ASKED occur, in order: (begin, end)."""
    folded = fold(original)
    hits = []
    for term in asked:
        at = folded.text.find(term)
        while at >= 0:
            hits.append((folded.places[at], folded.places[at + len(term) - 1] + 1))
            at = folded.text.find(term, at + len(term))
    return sorted(hits)


def marked(original: str, asked: tuple[str, ...]) -> list[tuple[str, bool]]:
    """All of ORIGINAL in parts, (words, whether a hit of the folded terms ASKED); hits that overlap are one."""
    parts: list[tuple[str, bool]] = []
    at = 0
    for begin, end in hits_in(original, asked):
        if begin >= at:
            parts += [(original[at:begin], False), (original[begin:end], True)]
        elif end > at:
            parts[-1] = (parts[-1][0] + original[at:end], True)
        at = max(at, end)
    return [(words, hit) for words, hit in [*parts, (original[at:], False)] if words]


def snippet(original: str, asked: tuple[str, ...]) -> list[tuple[str, bool]]:
    """The sentence of ORIGINAL in which the first of the folded terms ASKED occurs, in parts: (words, whether a hit).

    At most some 110 characters; "…" where it was cut. [] if none occurs.
    """
    hits = hits_in(original, asked)
    if not hits:
        return []
    first, last = hits[0]
    start = max((original.rfind(sign, 0, first) + 1 for sign in END), default=0)
    start = start if first - start <= ROUND * 2 else first - ROUND
    stop = min((at + 1 for sign in END if (at := original.find(sign, last)) >= 0), default=len(original))
    stop = min(stop, max(start + LONGEST, last))
    parts = [("…", False)] if start and original[start - 1] not in END else []
    at = start
    for begin, end in hits:
        if begin < at or end > stop:
            continue
        parts += [(original[at:begin], False), (original[begin:end], True)]
        at = end
    parts.append((original[at:stop], False))
    if stop < len(original) and original[stop - 1] not in END:
        parts.append(("…", False))
    return [(words if hit else re.sub(r"\s+", " ", words), hit) for words, hit in parts if words.strip()]


def excerpt(original: str, asked: tuple[str, ...]) -> list[tuple[str, bool]]:
    """As `snippet`, of a long text in less time: where a term stands just as it was asked, only its surroundings are
    folded."""
    at = min((place for term in asked if (place := original.find(term)) >= 0), default=None)
    near = [] if at is None else snippet(original[max(0, at - 2 * LONGEST) : at + 2 * LONGEST], asked)
    return near or snippet(original, asked)
