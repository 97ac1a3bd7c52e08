"""Whom a ledger's words mean: departments by any of their names, people by name within their department."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from taizhang.standards.rules.departments import join_apart, names_department
from taizhang.standards.rules.matching import Certainty, Match, fold

from .facts import Facts, PersonFact, UnitFact
from .plan import Doubt

SPLIT = re.compile(r"[、,;/\\|&\n\r\t]+|(?<=[\u4e00-\u9fff)])(?:和|与|及)(?=[\u4e00-\u9fff]{2})")
PHONE = re.compile(
    r"(?:联系)?(?:电话|手机|tel)?[:：]?\s*(?:\+?86[- ]?)?(?:1\d{10}|1\d{2}[- ]\d{4}[- ]\d{4}|0\d{2,3}-?\d{7,8}|(?<!\d)\d{7,8}(?!\d))",
    re.IGNORECASE,
)
BRACKET = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]")
LABEL = re.compile(
    r"^(?:第一|直接|具体|主要|分管)?(?:责任(?:人|领导|单位|处室)?|负责人|承办人|经办人|联系人|牵头(?:人|单位|处室)?|主办|领导|分管|包抓|组长|副组长|成员|[ab]角|主办人|协办人?|配合(?:人|单位)?)[:]"
)
B_ROLE = re.compile(r"^b角?$|b角|协办|配合|协助|参与|备岗", re.IGNORECASE)
A_ROLE = re.compile(r"^a角?$|a角|主办|牵头|负责|第一责任", re.IGNORECASE)
TITLE = re.compile(
    r"(?:同志|党组书记|党委书记|书记|副书记|局长|副局长|厅长|副厅长|主任科员|副主任科员|[一二三四]级(?:调研员|主任科员|巡视员|科员)|调研员|主任|副主任|处长|副处长|科长|副科长|部长|副部长|主席|副主席|会长|秘书长|副秘书长|组长|副组长|委员|支书|支委|专干|干事|科员|老师|主持工作)$"
)
NOBODY = re.compile(
    r"^(?:无|/|-+|—+|暂无|待定|待明确|空缺|同上|〃|见上|各(?:处室|单位|部门|科室|支部)?(?:负责人|责任人|联络员)|全体(?:人员|干部|党员|职工|干部职工)?|全员|所有人|各(?:处室)?(?:相关|有关)?人员|相关(?:责任)?人(?:员)?|处室(?:主要)?负责人|主要负责人|主要领导|分管领导|班子成员|局领导|厅领导|领导班子成员|各班子成员)$"
)
SAME = re.compile(r"^(?:同上|〃|\"|″|＂|''|..同上)$")


def key(text: str) -> str:
    """One writing for a person's name: no blanks, one width, one kind of middle dot."""
    return re.sub(r"[·•・.．]", "·", fold(text))


@dataclass
class Found:
    """What one cell names: ids in its order, and what a person should look at."""

    people: list[int] = field(default_factory=list)
    helpers: list[int] = field(default_factory=list)  # of people: B角, 配合
    units: list[int] = field(default_factory=list)
    performers: tuple[int, ...] = ()  # 各处室: nobody leads
    doubts: list[Doubt] = field(default_factory=list)


class Who:
    """Made once for a file; asks no database."""

    def __init__(self, facts: Facts, words: Mapping[str, Mapping[str, str]]) -> None:
        self.facts = facts
        self.units = {unit.id: unit for unit in facts.units}
        self.people = {person.id: person for person in facts.people}
        self._matcher = facts.matcher()
        self._said_units = _ids(words.get("unit", {}), self.units)
        self._said_people = _ids(words.get("person", {}), self.people)
        self._by_name: dict[str, list[PersonFact]] = defaultdict(list)
        self._by_no: dict[str, PersonFact] = {}
        for person in facts.people:
            self._by_name[key(person.name)].append(person)
            self._by_no[person.staff_no.lower()] = person
        self._former: dict[str, list[UnitFact]] = defaultdict(list)
        self._ended: dict[str, list[UnitFact]] = defaultdict(list)
        self.unit_names: set[str] = set()
        for unit in facts.units:
            for name in unit.former:
                self._former[fold(name)].append(unit)
            for name in unit.names:
                if unit.ended:
                    self._ended[fold(name)].append(unit)
                elif name:
                    self.unit_names.add(fold(name))
        self._cache: dict[str, Match] = {}

    # ---- units ----

    def name_of(self, unit: int | None) -> str:
        found = self.units.get(unit or 0)
        return found.names[0] if found else ""

    def unit(self, text: str) -> tuple[Match, Doubt | None]:
        """One department by any of its names; a doubt when the name is an old one or says nothing."""
        said = fold(text)
        if said in self._said_units:
            return Match(self._said_units[said], certainty=Certainty.SURE), None
        if said not in self._cache:
            self._cache[said] = self._matcher.match(text)
        match = self._cache[said]
        old = [] if match.certainty is Certainty.SURE else self._old(said)
        if len(old) == 1:
            unit, ended = old[0]
            if unit is not None:
                how = "已并入" if ended else "现名"
                doubt = Doubt(
                    "unit", f"“{text.strip()}”是旧名，{how}“{self.name_of(unit)}”", "lead", text.strip()
                )
                return Match(unit, certainty=Certainty.LIKELY), doubt
            return Match(None), Doubt(
                "unit", f"“{text.strip()}”已撤销，没有接替的处室，请指定", "lead", text.strip()
            )
        if not match.found:
            near = f"，是不是“{'”“'.join(match.near[:2])}”" if match.near else ""
            options = tuple(
                unit.id for unit in self.facts.units if unit.names[0] in match.near and not unit.ended
            )
            return match, Doubt(
                "unit", f"本机关没有“{text.strip()[:30]}”{near}", "lead", text.strip(), options
            )
        return match, None

    def _old(self, said: str) -> list[tuple[int | None, bool]]:
        """Living units that bore or took over the name: (unit, whether by merging)."""
        found: dict[int | None, bool] = {}
        for unit in self._ended.get(said, []):
            found[self._heir(unit)] = True
        for unit in self._former.get(said, []):
            found[self._heir(unit) if unit.ended else unit.id] = unit.ended
        return list(found.items())

    def _heir(self, unit: UnitFact) -> int | None:
        seen: set[int] = set()
        while unit.ended:
            if unit.merged_into is None or unit.id in seen or unit.merged_into not in self.units:
                return None
            seen.add(unit.id)
            unit = self.units[unit.merged_into]
        return unit.id

    def is_unit(self, text: str) -> bool:
        """Whether TEXT is one of our departments, or reads like one, rather than a person."""
        said = fold(text)
        if key(text) in self._by_name:
            return False
        return (
            said in self.unit_names
            or said in self._said_units
            or bool(self._old(said))
            or names_department(said)
        )

    def read_units(self, text: str, column: str) -> Found:
        """A cell of departments: 创建办、办公室（牵头：办公室）, 各处室, 张三 hidden among them is a person."""
        found = Found()
        flat = join_apart(text.replace("\r", "\n")).strip()
        if not flat or NOBODY.match(fold(flat)) and not re.match(r"各", fold(flat)):
            return found
        lead, helpers = _parts(flat)
        for part, helps in [(one, False) for one in lead] + [(one, True) for one in helpers]:
            if key(part) in self._by_name:
                people = self.read_people(part, column, ())
                found.people += people.people
                found.doubts += people.doubts
                continue
            match, doubt = self.unit(part)
            if doubt:
                found.doubts.append(Doubt(doubt.kind, doubt.text, column, doubt.said, doubt.options))
            if match.unit_id is not None and match.unit_id not in found.units:
                if helps and not found.units:
                    found.doubts.append(
                        Doubt("unit", f"“{flat[:40]}”没有写牵头处室，暂以首位牵头", column, flat[:120])
                    )
                found.units.append(match.unit_id)
            elif match.performers:
                found.performers = tuple(dict.fromkeys((*found.performers, *match.performers)))
        return found

    # ---- people ----

    def read_people(self, text: str, column: str, units: Sequence[int], *, foreign: bool = False) -> Found:
        """A cell of people: 张三、李四（B角）, 张三 13800000000, 办公室 张三. UNITS: departments of the row, the lead
        first, which tell namesakes apart. FOREIGN: leaders, who need not be of the lead department."""
        found = Found()
        for said, role in _people_parts(text):
            if NOBODY.match(said):
                if not re.fullmatch(r"无|/|-+|—+|暂无", said):
                    found.doubts.append(Doubt("person", f"“{said}”没有写是谁，请指定", column, said))
                continue
            person, doubt = self._person(said, text, column, units, foreign)
            if doubt:
                found.doubts.append(doubt)
            if person is None:
                if said in self.unit_names or key(said) not in self._by_name and names_department(said):
                    match, _ = self.unit(said)
                    if match.unit_id is not None:
                        found.units.append(match.unit_id)
                continue
            target = found.helpers if role == "b" else found.people
            if person.id not in found.people and person.id not in found.helpers:
                target.append(person.id)
        return found

    def _person(
        self, said: str, whole: str, column: str, units: Sequence[int], foreign: bool
    ) -> tuple[PersonFact | None, Doubt | None]:
        if said in self._said_people or key(said) in self._said_people:
            return self.people[self._said_people.get(said) or self._said_people[key(said)]], None
        unit_hint: list[int] = []
        numbers = [one for one in re.findall(r"[A-Za-z]{0,3}\d{2,10}", whole) if one.lower() in self._by_no]
        if said.lower() in self._by_no:
            return self._known(self._by_no[said.lower()], said, column, units, foreign)
        name = said
        rows = self._by_name.get(key(name), [])
        if not rows and (cut := TITLE.sub("", name)) != name and len(cut) >= 2:
            rows, name = self._by_name.get(key(cut), []), cut
        if not rows:
            # a department in front of the name: 办公室张三, 人事处处长李四
            for known in sorted(self.unit_names, key=len, reverse=True):
                if name.startswith(known) and len(name) - len(known) >= 2:
                    rest = re.sub(r"^(?:[:\-—]|副?(?:处|科|主|部|局)(?:长|任))+", "", name[len(known) :])
                    rows = self._by_name.get(key(rest), [])
                    if rows:
                        match, _ = self.unit(known)
                        unit_hint = [match.unit_id] if match.unit_id else []
                        name = rest
                        break
        if not rows:
            if self.is_unit(name):
                return None, Doubt("person", f"“{name}”是处室，不是人", column, said)
            return None, self._unknown(name, said, column)
        by_number = [row for row in rows if row.staff_no in numbers]
        if len(by_number) == 1:
            rows = by_number
        if len(rows) > 1:
            rows = self._of_several(rows, whole, [*unit_hint, *units])
        if len(rows) > 1:
            where = "、".join(f"{row.name}（{self._home(row)}，工号 {row.staff_no}）" for row in rows[:4])
            return None, Doubt(
                "person",
                f"叫“{name}”的有 {len(rows)} 人：{where}，请指定",
                column,
                said,
                tuple(row.id for row in rows),
            )
        return self._known(rows[0], said, column, [*units, *unit_hint], foreign)

    def _of_several(self, rows: list[PersonFact], whole: str, units: Sequence[int]) -> list[PersonFact]:
        """Of namesakes the one whose phone stands beside, who is still here, who is of the lead department."""
        digits = re.sub(r"\D", "", whole)
        phone = [row for row in rows if row.phone and re.sub(r"\D", "", row.phone) in digits]
        here = [row for row in rows if not row.left]
        lead = [row for row in here if units and units[0] in row.unit_ids]
        near = [row for row in here if set(units) & set(row.unit_ids)]
        for kept in (phone, here, lead, near):
            if len(kept) == 1:
                return kept
        return lead or near or here or rows

    def _known(
        self, person: PersonFact, said: str, column: str, units: Sequence[int], foreign: bool
    ) -> tuple[PersonFact | None, Doubt | None]:
        if person.left:
            return None, Doubt(
                "person", f"{person.name}（{person.staff_no}）已经离开，请指定接手的人", column, said
            )
        homes = [
            one for one in person.unit_ids if one in self.units
        ]  # without 领导班子: leaders answer anywhere
        if not foreign and units and homes and not set(units) & {*homes, *person.posts}:
            return person, Doubt(
                "person",
                f"{person.name}在{self._home(person)}，不在责任单位{self.name_of(units[0])}，请核对",
                column,
                said,
            )
        if not foreign and not units and len(homes) > 1:
            names = "、".join(self.name_of(one) for one in homes)
            return person, Doubt(
                "person", f"{person.name}在两个处室（{names}），表里没写责任单位，请核对", column, said
            )
        return person, None

    def _unknown(self, name: str, said: str, column: str) -> Doubt:
        near = (
            get_close_matches(key(name), list(self._by_name), n=3, cutoff=0.6) if 2 <= len(name) <= 4 else []
        )
        rows = [row for one in near for row in self._by_name[one] if not row.left]
        hint = f"，是不是{'、'.join(f'{row.name}（{self._home(row)}）' for row in rows[:3])}" if rows else ""
        return Doubt(
            "person", f"花名册里没有“{name[:20]}”{hint}", column, said, tuple(row.id for row in rows[:3])
        )

    def _home(self, person: PersonFact) -> str:
        return next((name for one in person.unit_ids if (name := self.name_of(one))), "") or "未编入处室"


def _ids(said: Mapping[str, str], known: Mapping[int, object]) -> dict[str, int]:
    return {
        fold(word): int(means) for word, means in said.items() if means.isdecimal() and int(means) in known
    }


def _parts(text: str) -> tuple[list[str], list[str]]:
    """(who leads, who helps): 牵头：办公室；配合：人事处 and 办公室（牵头）、人事处（配合）, 办公室（人事处、财务处配合）."""
    lead: list[str] = []
    helpers: list[str] = []
    target = lead
    flat = fold_keep(text)
    for chunk in re.split(r"[;\n]+", flat):
        piece = chunk.strip()
        if m := re.match(
            r"^(牵头|责任|主责|主办|承办|负责|配合|协办|协同|协助|参与|参加)(?:责任)?(?:单位|处室|部门|科室)?[:]\s*",
            piece,
        ):
            target = helpers if re.match(r"配合|协|参", m.group(1)) else lead
            piece = piece[m.end() :]
        for part in _split_outside(piece):
            own = target
            inner = BRACKET.search(part)
            if inner and re.search(r"配合|协办|参与|参加", inner.group(1)):
                rest = re.sub(r"配合|协办|参与|参加|单位|处室|部门|[:]", "", inner.group(1))
                helpers += [one for one in SPLIT.split(rest) if len(one) > 1]
                own = helpers if not rest.strip() else target
                part = BRACKET.sub("", part)
            elif inner and re.fullmatch(
                r"牵头|主办|负责|主责|牵头单位|牵头处室|第一责任单位", inner.group(1)
            ):
                part = BRACKET.sub("", part)
                own = lead
            part = (
                re.sub(r"(?:等)?(?:配合|协办|参与)$", "", part)
                if re.search(r"(?:配合|协办|参与)$", part) and len(part) > 4
                else part
            )
            part = re.sub(r"^由|(?:牵头|负责|承办)$", "", part.strip()).strip()
            if part:
                own.append(part)
    return lead, helpers


def _split_outside(text: str) -> list[str]:
    """Split at separators that stand outside of brackets; a blank between two names of departments parts them too."""
    parts, depth, last = [], 0, 0
    for at, char in enumerate(text):
        depth += (char in "([【") - (char in ")]】")
        if depth == 0 and char in "、,/|&":
            parts.append(text[last:at])
            last = at + 1
    parts.append(text[last:])
    found: list[str] = []
    for part in parts:
        words = part.split()
        found += words if len(words) > 1 and all(len(word) > 1 for word in words) else [part]
    return [part.strip() for part in found if part.strip()]


def fold_keep(text: str) -> str:
    """Half-width signs; blanks and line ends stay."""
    table = str.maketrans("（）【】［］：；，／｜＆　０１２３４５６７８９", "()[][]:;,/|& 0123456789")
    return text.translate(table)


def _people_parts(text: str) -> list[tuple[str, str]]:
    """(name, role a | b | "") in the order of the cell; phones, titles in brackets and labels are gone."""
    flat = PHONE.sub(" ", fold_keep(text))
    flat = re.sub(r"(?i)([ab])\s*角\s*[:、]?\s*(?=[\u4e00-\u9fff]{2})", r";\1角:", flat)
    flat = join_apart(re.sub(r"[ \t]+", " ", flat))
    parts: list[tuple[str, str]] = []
    role = ""
    for chunk in re.split(r"[;\n\r]+", flat):
        piece = chunk.strip()
        if m := LABEL.match(piece.lower()):
            role = "b" if B_ROLE.search(m.group()) else "a" if A_ROLE.search(m.group()) else ""
            piece = piece[m.end() :]
        for part in _split_outside(piece):
            own = role
            for inner in BRACKET.findall(part):
                if B_ROLE.search(inner):
                    own = "b"
                elif A_ROLE.search(inner):
                    own = "a"
            outside = BRACKET.sub("", part).strip()
            pieces = [one for one in SPLIT.split(outside) if one.strip()]
            for one in pieces:
                name = re.sub(r"\s+", "", one).strip("。.:-—")
                name = re.sub(r"等\d*人?$", "", name) if len(name) > 3 else name
                if name and not re.fullmatch(r"\d{7,}|[\-+]+", name):
                    parts.append((name, own))
                    # nobody says that the second of 张三、李四（B角） helps but the mark itself
    return sorted(parts, key=lambda one: one[1] == "b")
