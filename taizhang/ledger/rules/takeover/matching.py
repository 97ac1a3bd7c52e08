"""Which item each row means: by its code, by its words, one to one; what is left is raised as its own."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from taizhang.standards.rules.codes import split_code
from taizhang.standards.rules.numbers import CIRCLED, fold, whole_number

from .facts import Facts, ItemFact
from .plan import GUESS, LIKELY, NONE, SURE
from .raw import Raw
from .settle import Likeness
from .texts import bare, folded

ALIKE, LIKELY_AT, GUESS_AT, HINT_AT = 0.78, 0.55, 0.40, 0.30
MARGIN = 0.08
ROMAN = {"Ⅰ": 1, "Ⅱ": 2, "Ⅲ": 3, "Ⅳ": 4, "Ⅴ": 5, "Ⅵ": 6, "Ⅶ": 7, "Ⅷ": 8, "Ⅸ": 9, "Ⅹ": 10, "Ⅺ": 11, "Ⅻ": 12}


@dataclass
class Hit:
    """What a row was matched with. `rivals`: items nearly as good; `before`: a row that has the item already."""

    item: ItemFact | None = None
    score: float = 0.0
    certainty: str = NONE
    how: str = ""
    rivals: list[ItemFact] = field(default_factory=list)
    before: Raw | None = None
    conflict: ItemFact | None = None  # what the code says, where the words say otherwise
    no_code: bool = False  # a code stands there which no item bears


def numbers_of(code: str) -> tuple[int, ...]:
    """The numbers of a code in any writing: 1.1.2, 1-1-2, 一-1-2, Ⅱ-1-1), （1）1.2, 1.1.② → (1, 1, 2)…"""
    flat = fold(code.strip())
    found = re.findall(
        rf"\d+|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ]|[IVX]+(?=[-.])|[{CIRCLED}㈠-㈩⑴-⒇]|[一二三四五六七八九十]+", flat
    )
    numbers = [whole_number(one) for one in found]
    return tuple(one for one in numbers if one is not None)


class Codes:
    """Items by their codes, in all the ways they are written."""

    def __init__(self, items: Sequence[ItemFact]) -> None:
        self._literal: dict[str, list[ItemFact]] = defaultdict(list)
        self._numbers: dict[tuple[int, ...], list[ItemFact]] = defaultdict(list)
        self._labels: dict[tuple[int, int], list[ItemFact]] = defaultdict(list)
        #: of each section in its running order, the items: Ⅱ-15-2) is the second of the fifteenth section
        self.sections: list[list[ItemFact]] = []
        last = ""
        for item in sorted(items, key=lambda one: one.order):
            for name in {item.code, item.no} - {""}:
                self._literal[self.plain(name)].append(item)
            if item.code:
                self._numbers[numbers_of(item.code)].append(item)
            if m := re.fullmatch(r"([ⅠⅡⅢⅣⅤ])-(\d+)", item.no):
                self._labels[ROMAN[m.group(1)], int(m.group(2))].append(item)
            if item.section and item.section != last:
                self.sections.append([])
                last = item.section
            if item.section:
                self.sections[-1].append(item)

    @staticmethod
    def plain(code: str) -> str:
        return re.sub(r"\s+", "", fold(code)).replace("—", "-").rstrip(".、:)）").upper()

    def find(self, code: str, *, level_first: bool = False, counted: bool = False) -> list[ItemFact]:
        """Items that CODE may mean. LEVEL_FIRST: a Roman numeral names the level, not the first number.
        COUNTED: what stands behind a label counts the files, Ⅲ-106-4."""
        if not code.strip():
            return []
        if found := self._literal.get(self.plain(code)):
            return found
        numbers = numbers_of(code)
        roman = re.match(r"\s*[(\[【]?\s*([ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]|[IVX]+(?=\s*[-.]))", fold(code))
        labelled = bool(roman) and (len(numbers) == 2 or counted and len(numbers) == 3)
        if labelled and (found := self._labels.get((numbers[0], numbers[1]))):
            return found
        if roman and level_first and len(numbers) >= 3 and numbers[0] == 2:
            section, nth = numbers[1], numbers[2]
            if 0 < section <= len(self.sections) and 0 < nth <= len(self.sections[section - 1]):
                return [self.sections[section - 1][nth - 1]]
            return []
        if len(numbers) < 2:
            return []
        if found := self._numbers.get(numbers):
            return found
        # a trailing number counts the originals: Ⅱ-1-1)-①
        return self._numbers.get(numbers[:-1], []) if len(numbers) > 3 else []

    @property
    def depth(self) -> int:
        """How many numbers the codes of most items have."""
        lengths = Counter(len(one) for one in self._numbers)
        return lengths.most_common(1)[0][0] if lengths else 3


def code_of(raw: Raw) -> str:
    """The code a row bears: in its own column, or in front of its title."""
    if code := raw.cells.get("code", ""):
        return code
    for name in ("title", "requirement", "section"):
        ordinal, rest = split_code(raw.cells.get(name, ""))
        if ordinal is not None and not ordinal.simple and (rest or name != "section"):
            return ordinal.text
    serial = raw.cells.get("serial", "")
    return serial if re.search(r"\d[.\-－—]\d|[ⅠⅡⅢⅣ]", serial) else ""


def match_rows(rows: Sequence[Raw], facts: Facts, likeness: Likeness) -> list[Hit]:
    """A Hit for each of ROWS, in their order."""
    codes = Codes(facts.items)
    places = {item.id: n for n, item in enumerate(facts.items)}
    hits = [Hit() for _ in rows]
    candidates: list[list[tuple[float, int]]] = []
    by_code: dict[int, ItemFact] = {}
    roman = {m.group(1) for raw in rows if (m := re.match(r"([ⅠⅡⅢⅣⅤⅥⅦⅧ])-\d+-\d", fold(code_of(raw))))}
    for n, raw in enumerate(rows):
        scored = []
        for score, at in likeness.items.near(raw.wordings):
            item = facts.items[at]
            scored.append(
                (min(1.0, score + _around(raw, item)) if score < 1 else 1.0 + _around(raw, item), at)
            )
        candidates.append(sorted(scored, key=lambda one: (-one[0], one[1])))
        code = code_of(raw)
        found = codes.find(code, level_first=roman == {"Ⅱ"}) if code else []
        if len(found) > 1:
            found = sorted(found, key=lambda one: -likeness.items.likeness(raw.wordings, places[one.id]))[:1]
        if found:
            by_code[n] = found[0]
        elif code and raw.cells.get("code"):
            hits[n].no_code = True
    coded = sum(bool(raw.cells.get("code")) for raw in rows)
    if len(by_code) < 0.2 * coded:
        # the column numbers the rows by the office's own count: 001, 002
        hits = [Hit() for _ in rows]
    _take_codes(rows, hits, by_code, candidates, likeness, places, facts)
    _take_words(rows, hits, candidates, facts)
    _seconds(rows, hits, candidates, facts)
    taken = {hit.item.id for hit in hits if hit.item}
    for hit, near in zip(hits, candidates, strict=True):
        if hit.item is None:
            likely = [facts.items[at] for score, at in near if score >= HINT_AT]
            hit.rivals = [each for each in likely if each.id not in taken][:2]
    return hits


def _around(raw: Raw, item: ItemFact) -> float:
    """What speaks for or against a pair besides its words: the area and the section that stand around the row."""
    area, section = folded(bare(raw.area)), folded(bare(raw.section))
    own_area, own_section = folded(bare(item.area)), folded(bare(item.section))
    plus = 0.0
    if area and own_area:
        same = area == own_area or len(area) > 3 and (area in own_area or own_area in area)
        plus += 0.06 if same else 0.0
    if section and own_section:
        plus += 0.05 if section == own_section else 0.0
    return plus


def _take_codes(
    rows: Sequence[Raw], hits: list[Hit], by_code: dict[int, ItemFact], candidates: list[list[tuple[float, int]]],
    likeness: Likeness, places: dict[int, int], facts: Facts,
) -> None:  # fmt: skip
    """A code decides, unless the words say plainly that it is another item's (a number that slipped)."""
    for n, item in by_code.items():
        words = likeness.items.likeness(rows[n].wordings, places[item.id]) if rows[n].wordings else 1.0
        best, at = candidates[n][0] if candidates[n] else (0.0, places[item.id])
        other = facts.items[at]
        if other.id != item.id and best >= ALIKE and words < 0.35:
            hits[n] = Hit(conflict=item)
            continue
        hits[n] = Hit(
            item,
            1.0 + words,
            SURE if words >= 0.3 else LIKELY,
            "编号相同" if words >= 0.3 else "编号相同，文字不大一样",
        )
        if words < 0.2 and rows[n].wordings:
            hits[n].certainty = GUESS
            hits[n].how = "编号相同，文字对不上"


def _take_words(
    rows: Sequence[Raw], hits: list[Hit], candidates: list[list[tuple[float, int]]], facts: Facts
) -> None:
    """The best pair first; who has an item by its code keeps it."""
    taken = {hit.item.id for hit in hits if hit.item}
    pairs = sorted(
        (-score, abs(n / max(1, len(rows)) - at / max(1, len(facts.items))), n, at)
        for n, found in enumerate(candidates)
        if hits[n].item is None and head_of(rows, n) is None
        for score, at in found
        if score >= GUESS_AT
    )
    for minus, _, n, at in pairs:
        item = facts.items[at]
        if hits[n].item is not None or item.id in taken:
            continue
        score = -minus
        top = candidates[n][0]
        if top[1] != at and top[0] - score > 0.2:
            continue  # its true item is another row's: this is a second row for that one, not a row of this
        rivals = [
            facts.items[other]
            for more, other in candidates[n]
            if other != at
            and more > score - MARGIN
            and more >= GUESS_AT
            and facts.items[other].id not in taken
        ]
        old = hits[n]
        hits[n] = Hit(
            item,
            score,
            _certainty(score, bool(rivals)),
            "文字相同" if score >= 1 else f"文字相近（{min(99, round(score * 100))}%）",
            rivals,
            conflict=old.conflict,
            no_code=old.no_code,
        )
        taken.add(item.id)


def head_of(rows: Sequence[Raw], n: int) -> int | None:
    """The row in which the merged cell of row N's matter begins; None when it is its own."""
    joined, sheet = rows[n].joined, rows[n].sheet
    if joined is None:
        return None
    for m in range(n - 1, -1, -1):
        if rows[m].sheet != sheet or rows[m].at < joined:
            return None
        if rows[m].at == joined:
            return m
    return None


def _certainty(score: float, rivals: bool) -> str:
    if score >= 1 or (score >= ALIKE and not rivals):
        return SURE
    return LIKELY if score >= LIKELY_AT and not (rivals and score < ALIKE) else GUESS


def _seconds(
    rows: Sequence[Raw], hits: list[Hit], candidates: list[list[tuple[float, int]]], facts: Facts
) -> None:
    """Rows on an item that another row has: of one merged cell, of the same words, or by the same code."""
    first: dict[int, int] = {}
    for n, hit in enumerate(hits):
        raw = rows[n]
        if hit.item is None and raw.joined is not None:
            head = head_of(rows, n)
            if head is not None and hits[head].item is not None:
                hits[n] = hit = Hit(
                    hits[head].item, hits[head].score, hits[head].certainty, "与上一行合并为同一事项"
                )
        if (
            hit.item is None
            and not raw.wordings
            and n
            and rows[n - 1].sheet == raw.sheet
            and hits[n - 1].item
            and rows[n - 1].at == raw.at - 1
        ):
            hits[n] = hit = Hit(hits[n - 1].item, hits[n - 1].score, LIKELY, "没有写事项，接上一行")
        if hit.item is None and candidates[n] and candidates[n][0][0] >= 0.62:
            score, at = candidates[n][0]
            hits[n] = hit = Hit(
                facts.items[at],
                score,
                _certainty(score, False),
                "文字相同" if score >= 1 else f"文字相近（{min(99, round(score * 100))}%）",
                conflict=hit.conflict,
            )
        if hit.item is None:
            continue
        if hit.item.id in first:
            hit.before = rows[first[hit.item.id]]
        else:
            first[hit.item.id] = n
