"""证明段落: the sentences of a page with the boxes they fill, and what may be marked. Lines in, sentences out."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

#: left, upper, right and lower edge as parts of the page's size from its upper left corner
Box = tuple[float, float, float, float]

MOST_LETTERS = 1000  # of one sentence: what a row keeps
MOST_BOXES = 60  # lines of one sentence
MOST_PASSAGES = 300  # of one piece
ENDS = "。！？；!?;"
CLOSERS = '”’』」）)》〉】"'
SHORT = 2.2  # letters short of the right edge at most: the sentence goes on in the next line
INDENT = 1.2  # letters: a paragraph begins
APART = 1.9  # heights from one line to the next: more is something new
ALIKE = 1.45  # times as high: another size of letters is another paragraph
#: a page's own number is no proof
FOLIO = re.compile(r"[\s\-—–－·.・第页共/\d]*")
#: what is a proof as a whole, or has no pages
WHOLE = {
    "picture": "照片是整张证明的，不标段落；请在说明里写清时间、地点、人物、主题。",
    "media": "音像没有文字可标；请在说明里写清内容。",
    "link": "网页链接没有页面可标；需要标段落的，请把网页另存为 PDF 后存入。",
}


@dataclass(frozen=True)
class Line:
    """A line as it stands on the page; EDGES: where each letter begins and the last one ends, if that is known."""

    box: Box
    text: str
    edges: tuple[float, ...] = ()

    @property
    def height(self) -> float:
        return max(self.box[3] - self.box[1], 1e-6)

    @property
    def letter(self) -> float:
        """The width of one Han letter of this line."""
        return (self.box[2] - self.box[0]) / max(sum(map(weight, self.text)), 0.5)

    def part(self, first: int, last: int) -> Box:
        """The box of the letters FIRST up to LAST."""
        if self.edges:
            return (self.edges[first], self.box[1], self.edges[last], self.box[3])
        total = sum(map(weight, self.text)) or 1.0
        before = sum(map(weight, self.text[:first])) / total
        upto = sum(map(weight, self.text[:last])) / total
        wide = self.box[2] - self.box[0]
        return (self.box[0] + before * wide, self.box[1], self.box[0] + upto * wide, self.box[3])


@dataclass(frozen=True)
class Sentence:
    """Words and the boxes they fill, one for each line they run over."""

    text: str
    boxes: tuple[Box, ...]


def weight(letter: str) -> float:
    """How wide a letter is set: a Han letter 1, a Latin one half."""
    return 1.0 if unicodedata.east_asian_width(letter) in "WFA" else 0.5


def line(raw: Sequence[Any]) -> Line | None:
    """[x0, y0, x1, y1, text] or with edges as sixth, as a reader tells it; None for what cannot be marked."""
    try:
        x0, y0, x1, y1 = (min(max(float(value), 0.0), 1.0) for value in raw[:4])
        text = str(raw[4])
        edges = tuple(float(edge) for edge in raw[5]) if len(raw) > 5 else ()
    except (TypeError, ValueError, IndexError):
        return None
    if x1 <= x0 or y1 <= y0 or FOLIO.fullmatch(text):
        return None
    return Line((x0, y0, x1, y1), text, edges if len(edges) == len(text) + 1 else ())


def sentences(raw: Iterable[Sequence[Any]]) -> list[Sentence]:
    """The sentences of a page in the order of its lines: parted at 。！？； and at the end of a paragraph."""
    found: list[Sentence] = []
    for paragraph in paragraphs([one for each in raw if (one := line(each)) is not None]):
        found += _parted(paragraph)
    return found


def paragraphs(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines that run on into each other."""
    found: list[list[Line]] = []
    for one in lines:
        if found and _goes_on(found[-1], one, lines):
            found[-1].append(one)
        else:
            found.append([one])
    return found


def _goes_on(paragraph: Sequence[Line], after: Line, lines: Sequence[Line]) -> bool:
    """Whether AFTER goes on with what the paragraph's last line left: it is full, and AFTER begins at the left edge."""
    before = paragraph[-1]
    column = [
        one.box
        for one in lines
        if min(one.box[2], before.box[2]) - max(one.box[0], before.box[0])
        > 0.5 * (min(one.box[2] - one.box[0], before.box[2] - before.box[0]))
    ]
    left, right = min(box[0] for box in column), max(box[2] for box in column)
    # of one or two letters the width says nothing
    letter = max(before.letter, after.letter)
    like = max(before.height, after.height) < ALIKE * min(before.height, after.height)
    below = 0.3 * before.height < after.box[1] - before.box[1] < APART * max(before.height, after.height)
    full = before.box[2] >= right - SHORT * letter
    return like and below and full and after.box[0] <= left + INDENT * letter


def _parted(paragraph: Sequence[Line]) -> list[Sentence]:
    letters = [(at, no) for at, one in enumerate(paragraph) for no in range(len(one.text))]
    found: list[Sentence] = []
    start = 0
    for here, (at, no) in enumerate(letters):
        end = here + 1 == len(letters)
        if not end:
            letter = paragraph[at].text[no]
            next_at, next_no = letters[here + 1]
            following = paragraph[next_at].text[next_no]
            # 。” is one end: what closes belongs to what it closes
            stops = letter in ENDS or (letter in CLOSERS and _closes(paragraph, letters, start, here))
            end = stops and following not in CLOSERS and following not in ENDS
        if end:
            if (made := _sentence(paragraph, letters[start : here + 1])) is not None:
                found.append(made)
            start = here + 1
    return found


def _closes(paragraph: Sequence[Line], letters: Sequence[tuple[int, int]], start: int, here: int) -> bool:
    """Whether what stands before the closers at HERE ends the sentence."""
    while here > start and paragraph[letters[here][0]].text[letters[here][1]] in CLOSERS:
        here -= 1
    return paragraph[letters[here][0]].text[letters[here][1]] in ENDS


def _sentence(paragraph: Sequence[Line], letters: Sequence[tuple[int, int]]) -> Sentence | None:
    text, boxes = "", []
    for at in dict.fromkeys(at for at, _ in letters):
        one = paragraph[at]
        numbers = [no for where, no in letters if where == at]
        first, last = numbers[0], numbers[-1] + 1
        while first < last and one.text[first].isspace():
            first += 1
        while last > first and one.text[last - 1].isspace():
            last -= 1
        if first == last:
            continue
        piece = one.text[first:last]
        text += (" " if text and _latin(text[-1]) and _latin(piece[0]) else "") + piece
        boxes.append(one.part(first, last))
    if not any(letter.isalnum() for letter in text):
        return None
    return Sentence(text[:MOST_LETTERS], tuple(boxes[:MOST_BOXES]))


def _latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


def problem(chosen: Sequence[Sentence]) -> str:
    """What is wrong with sentences that are to be kept; "" if nothing."""
    for one in chosen:
        if not one.text.strip() or len(one.text) > MOST_LETTERS:
            return "要标的句子没有文字，或太长。请重新打开这一页再标。"
        if not one.boxes or len(one.boxes) > MOST_BOXES or not all(map(_sound, one.boxes)):
            return "要标的句子在页面上没有位置。请重新打开这一页再标。"
    return ""


def _sound(box: Sequence[float]) -> bool:
    return len(box) == 4 and 0 <= box[0] < box[2] <= 1 and 0 <= box[1] < box[3] <= 1


def same(one: Sequence[Sequence[float]], other: Sequence[Sequence[float]]) -> bool:
    """Whether two lists of boxes are the same place on the page, as far as anybody sees."""
    return len(one) == len(other) and all(
        abs(a - b) < 0.002
        for box, twin in zip(one, other, strict=True)
        for a, b in zip(box, twin, strict=False)
    )
