"""Which file of a folder belongs to which item: by code, by the row's number, by words; and to which period. Pure."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from taizhang.standards.rules.matching import Matcher
from taizhang.standards.rules.numbers import CIRCLED, fold

from .choices import SKIP, Choices
from .facts import Facts, ItemFact, SlotFact
from .matching import Codes
from .periods import Period, period_of, without_dates
from .plan import GUESS, LIKELY, NONE, SURE, Doubt, FileMatch, Plan, Row
from .texts import Index, bare, folded

ENOUGH, CLEAR = 0.55, 0.12
ROMANS = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ"
#: Ⅱ-1-1)-①, 1.1.2, 1-1-2, Ⅲ-12, DJ-1-01
CODE = re.compile(
    rf"(?<![\dA-Za-z.])(?:(?:[{ROMANS}]|(?:IX|IV|V?I{{1,3}}|V|X)(?=\s*[-.]))\s*[-.]\s*\d+\)?(?:\s*[-.]\s*\d+\)?)*|\d{{1,2}}\)?(?:\s*[.\-]\s*\d{{1,3}}\)?){{1,3}}|[A-Za-z]{{1,4}}-?\d+(?:-\d+)+)(?:\s*-?\s*[(]?[{CIRCLED}])?(?![\d])"
)
#: any other code that the ledger itself bears: A-7, DJ07
OWN_CODE = re.compile(r"^[A-Za-z]{1,5}[-.]?\d+(?:[-.]\d+)*")
LEAD_NUMBER = re.compile(r"^[(\[【第]?(\d{1,3})[)\]】项号]?(?=[.、\s_\-—:：]|[\u4e00-\u9fff]|$)")
ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}$")


@dataclass
class Votes:
    """What speaks for an item, or for a row raised as its own (key of the row)."""

    score: Counter[int | str] = field(default_factory=Counter)
    why: dict[int | str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, target: int | str, much: float, why: str) -> None:
        self.score[target] += much  # type: ignore[assignment]
        if why not in self.why[target]:
            self.why[target].append(why)


class Finder:
    """Made once for a folder."""

    def __init__(self, names: Sequence[str], plan: Plan, facts: Facts) -> None:
        self.facts = facts
        self.items = {item.id: item for item in facts.items}
        self.codes = Codes(facts.items)
        self.index = Index([[one.title] for one in facts.items])
        self.needs = Index([[*one.needs] for one in facts.items])
        self.matcher: Matcher = facts.matcher()
        self.performers = {
            name: unit.id for unit in facts.units if not unit.ended for name in unit.names if len(name) > 2
        }
        self.own: list[Row] = [row for row in plan.rows if row.kind == "own"]
        self.own_index = Index([[row.title] for row in self.own])
        self.rows_by_code: dict[str, list[Row]] = defaultdict(list)
        self.rows_by_serial: dict[int, list[Row]] = defaultdict(list)
        for row in plan.rows:
            if row.kind == "skip" or not row.first:
                continue
            if row.code:
                self.rows_by_code[Codes.plain(row.code)].append(row)
            serial = re.sub(r"\.0+$", "", row.said.get("serial", "").strip())
            if serial.isdecimal():
                self.rows_by_serial[int(serial)].append(row)
        said = [
            found.group()
            for name in names
            for part in _parts(name)
            for found in CODE.finditer(without_dates(part))
        ]
        first = {
            code.lstrip()[0]
            for code in said
            if code.lstrip()[0] in ROMANS and len(re.findall(r"\d+", code)) >= 2
        }
        #: Ⅱ-15-2) on every file: the numeral is the level; Ⅰ-1-1), Ⅱ-1-1), Ⅲ-…: it is the first number
        self.level_first = first == {"Ⅱ"} and any(
            int(n) > 9 for code in said for n in re.findall(r"Ⅱ\s*-\s*(\d+)", code)
        )
        #: Ⅲ-106-4: the fourth file of Ⅲ-106
        self.counted = any(int(n) > 20 for code in said for n in re.findall(r"Ⅲ\s*-\s*(\d+)\)?\s*-", code))
        self.short = {folded(one.title): one.id for one in facts.items if len(folded(one.title)) < 4}
        self.areas = {folded(bare(one.area)) for one in facts.items if one.area}
        self.sections = {folded(bare(one.section)) for one in facts.items if one.section}
        self._cache: dict[str, Votes] = {}

    def find(self, name: str) -> FileMatch:
        votes = Votes()
        parts = _parts(name)
        own_codes: list[str] = []
        for depth, part in enumerate(parts):
            last = depth == len(parts) - 1
            found = self._part(part, last)
            for target, much in found.score.items():
                votes.score[target] += much * (1.0 if last else 0.9)  # type: ignore[assignment]
                votes.why[target] += [why for why in found.why[target] if why not in votes.why[target]]
            if last:
                own_codes = self._codes_in(part)
        self._surroundings(parts, votes)
        return self._settled(name, parts, votes, own_codes)

    def _codes_in(self, part: str) -> list[str]:
        return [found.group().strip() for found in CODE.finditer(without_dates(part))]

    def _part(self, part: str, last: bool) -> Votes:
        if part in self._cache:
            return self._cache[part]
        votes = Votes()
        flat = without_dates(part)
        for code in self._codes_in(part):
            for item in self._by_code(code):
                votes.add(item, 1.0, f"编号 {code}")
        literal = OWN_CODE.match(flat)
        if literal and not CODE.match(flat):
            for row in self.rows_by_code.get(Codes.plain(literal.group()), []):
                votes.add(_target(row), 1.0, f"台账编号 {literal.group()}")
        words = CODE.sub(" ", flat)
        number = LEAD_NUMBER.match(flat) if not CODE.match(flat) else None
        rows = self.rows_by_serial.get(int(number.group(1)), []) if number else []
        if len(rows) == 1:
            votes.add(_target(rows[0]), 0.45, f"台账序号 {number.group(1) if number else ''}")
            words = flat[number.end() :] if number else words
        words = re.sub(rf"[{CIRCLED}]|[(（]\d+[)）]|\d+$", " ", words)
        said = folded(words)
        if said in self.short:
            votes.add(self.short[said], 0.8, "名称相同")
        if len(said) >= 4 and said not in self.areas and said not in self.sections:
            for score, at in self.index.near([words], 5):
                title = folded(self.facts.items[at].title)
                if len(title) >= 4 and title in said:
                    score = max(score, 0.9)
                if score >= 0.35:
                    votes.add(self.facts.items[at].id, 0.85 * score, "名称相近")
            for score, at in self.needs.near([words], 5):
                if score >= 0.8:
                    votes.add(self.facts.items[at].id, 0.25 * score, "与材料要求相近")
            for score, at in self.own_index.near([words], 3):
                title = folded(self.own[at].title)
                if len(title) >= 4 and title in said:
                    score = max(score, 0.9)
                if score >= 0.35:
                    votes.add(self.own[at].key, 0.85 * score, "名称相近")
        self._cache[part] = votes
        return votes

    def _by_code(self, code: str) -> list[int | str]:
        """What a code means: first in the ledger that is taken over, then in ours."""
        plain = Codes.plain(code)
        bare_code = re.sub(rf"[-(]*[{CIRCLED}]\)?$", "", plain).rstrip(")-")
        for one in (plain, bare_code):
            if rows := self.rows_by_code.get(one):
                return list(dict.fromkeys(_target(row) for row in rows))
        found = self.codes.find(bare_code, level_first=self.level_first, counted=self.counted)
        return [item.id for item in found]

    def _surroundings(self, parts: list[str], votes: Votes) -> None:
        """Folders called after an area or a section speak for what is in them."""
        for part in parts[:-1]:
            said = folded(bare(re.sub(r"^\s*[\d.]+\s*", "", part)))
            if said not in self.areas and said not in self.sections:
                continue
            for target in votes.score:
                item = self.items.get(target) if isinstance(target, int) else None
                if item and said in (folded(bare(item.area)), folded(bare(item.section))):
                    votes.add(target, 0.15, "所在文件夹")

    def _settled(self, name: str, parts: list[str], votes: Votes, own_codes: list[str]) -> FileMatch:
        ranked = votes.score.most_common(6)
        period = period_of("/".join(parts), self.facts.year)
        if not ranked or ranked[0][1] < ENOUGH:
            near = tuple(target for target, score in ranked if isinstance(target, int) and score >= 0.3)[:3]
            hint = f"，有点像{self._names(near)}" if near else ""
            text = f"看不出是哪一项的材料{hint}，请指定或不要"
            unknown = [code for code in own_codes if not self._by_code(code)]
            if unknown:
                text = f"编号“{unknown[0]}”不在台账里，{text}"
            return FileMatch(
                name,
                None,
                NONE,
                doubts=(Doubt("file", text, "", name, near),),
                options=near,
                period=period.label if period else "",
            )
        target, best = ranked[0]
        rivals = [other for other, score in ranked[1:] if score > best - CLEAR and score >= ENOUGH]
        if rivals:
            options = tuple(one for one in (target, *rivals) if isinstance(one, int))
            said = self._names(options) if options else "几行"
            doubt = Doubt("file", f"同时像{said}，没有归，请指定", "", name, options)
            return FileMatch(
                name, None, NONE, doubts=(doubt,), options=options, period=period.label if period else ""
            )
        how = "、".join(votes.why[target])
        certainty = SURE if best >= 0.95 else LIKELY if best >= 0.7 else GUESS
        doubts = (
            [Doubt("file", f"猜是{self._names((target,))}的（{how}），请核对", "", name)]
            if certainty == GUESS and isinstance(target, int)
            else []
        )
        other = self._contradicted(target, votes, own_codes)
        if other:
            certainty = GUESS
            doubts.append(Doubt("file", other, "", name))
        if isinstance(target, str):
            return FileMatch(
                name, None, certainty, how, None, period.label if period else "", tuple(doubts), row=target
            )
        slot, more = self._slot(self.items[target], "/".join(parts), period)
        return FileMatch(name, target, certainty, how, slot, period.label if period else "", (*doubts, *more))

    def _contradicted(self, target: int | str, votes: Votes, own_codes: list[str]) -> str:
        """The code in the name is one item's and the words are another's."""
        for code in own_codes:
            meant = self._by_code(code)
            if not meant:
                return f"编号“{code}”不在台账里，按名称归"
            if target not in meant:
                named = tuple(one for one in meant if isinstance(one, int))
                return f"编号“{code}”是{self._names(named)}，文字却像另一项，请核对" if named else ""
            better = [
                one
                for one, score in votes.score.items()
                if one not in meant and score >= 0.72 and isinstance(one, int)
            ]
            if better and not any(why.startswith("名称") for why in votes.why[target]):
                return f"按编号“{code}”归，文字却像{self._names(tuple(better[:1]))}，请核对"
        return ""

    def _names(self, targets: Sequence[int | str]) -> str:
        return "、".join(
            f"{self.items[one].shown}“{self.items[one].title[:16]}”"
            for one in targets
            if isinstance(one, int)
        )

    def _slot(self, item: ItemFact, text: str, period: Period | None) -> tuple[int | None, list[Doubt]]:
        """The slot of the period the name tells, and of the unit it names; None when there is nothing to choose."""
        slots = list(item.slots)
        if not slots:
            return None, []
        performers = {slot.performer_id for slot in slots}
        if len(performers) > 1:
            said = fold(text)
            named = {
                unit for name, unit in self.performers.items() if unit in performers and fold(name) in said
            }
            if len(named) == 1:
                slots = [slot for slot in slots if slot.performer_id in named]
        if period is not None:
            inside = [slot for slot in slots if period.fits(slot.starts_on, slot.ends_on)]
            if not inside:
                return None, [
                    Doubt(
                        "file",
                        f"名称里的“{period.label}”不是{item.shown}的哪一期，归到事项，请选期次",
                        "",
                        text.rpartition("/")[2],
                    )
                ]
            slots = inside
        return (
            (slots[0].id, [])
            if len({_when(slot) for slot in slots}) == 1 and len({slot.performer_id for slot in slots}) == 1
            else (None, [])
        )


def _when(slot: SlotFact) -> tuple[date, date]:
    return slot.starts_on, slot.ends_on


def _target(row: Row) -> int | str:
    return row.item if row.item is not None else row.key


def _parts(name: str) -> list[str]:
    """Folders and the name without its ending, in one writing: half width, except for numerals and circles."""
    pieces = [
        fold(unicodedata.normalize("NFC", part)).strip()
        for part in name.replace("\\", "/").split("/")
        if part.strip()
    ]
    if pieces:
        pieces[-1] = ENDING.sub("", pieces[-1])
    return pieces


def match_files(names: Sequence[str], plan: Plan, facts: Facts, choices: Choices) -> tuple[FileMatch, ...]:
    """One FileMatch for each of NAMES (paths with /), in their order."""
    finder = Finder(names, plan, facts)
    found: list[FileMatch] = []
    for name in names:
        said = choices.files.get(name)
        if said == SKIP:
            found.append(FileMatch(name, None, SURE, "由人指定", skip=True))
        elif isinstance(said, int) and said in finder.items:
            parts = _parts(name)
            period = period_of("/".join(parts), facts.year)
            slot, doubts = finder._slot(finder.items[said], "/".join(parts), period)
            found.append(
                FileMatch(name, said, SURE, "由人指定", slot, period.label if period else "", tuple(doubts))
            )
        else:
            found.append(finder.find(name))
    return tuple(found)
