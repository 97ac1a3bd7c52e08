"""Who a row says is to do it: departments, people, the leader in charge."""

import re
from collections.abc import Sequence

from .facts import ItemFact
from .grid import Header
from .plan import Doubt
from .raw import Raw
from .texts import bare
from .who import Found, Who

#: 牵头：…；配合：… in one cell
LABEL = re.compile(r"(?:牵头|责任|主责|主办|承办|配合|协办|协同|协助|参与)(?:单位|处室|部门|科室|人)?")


def duties(
    raw: Raw, header: Header, item: ItemFact | None, who: Who, doubts: list[Doubt]
) -> tuple[int | None, list[int], list[int]]:
    """(lead, helping units, people: the first answers for it)."""
    both = raw.cells.get("both", "")
    units = who.read_units(raw.cells.get("lead", ""), "lead")
    if not header.of("lead", "both"):
        units.units += _around(raw, who)
    if both:
        more = _both(both, who)
        units.units += [one for one in more.units if one not in units.units]
        units.performers = units.performers or more.performers
        units.people += more.people
        units.doubts += more.doubts
    helping = who.read_units(raw.cells.get("helpers", ""), "helpers")
    # 无牵头时 items keep the lead that they have: it still tells namesakes apart
    around = [*units.units, *helping.units] or ([item.lead_id] if item and item.lead_id else [])
    own = who.read_people(raw.cells.get("person", ""), "person", around)
    if both and not own.people:
        again = _both(both, who, around)
        own.people, own.helpers = again.people, again.helpers
        units.doubts = [one for one in units.doubts if one.kind != "person"] + [
            one for one in again.doubts if one.kind == "person"
        ]
    beside = who.read_people(raw.cells.get("helper_people", ""), "helper_people", [*around])
    lead = units.units[0] if units.units else None
    if lead is None and own.units:
        lead = own.units[0]
    helpers = list(
        dict.fromkeys(one for one in [*units.units[1:], *helping.units, *helping.performers] if one != lead)
    )
    if units.performers and lead is None and (item is None or item.per == "unit"):
        doubts.append(
            Doubt(
                "unit",
                f"“{' '.join((raw.cells.get('lead') or both).split())[:30]}”指 {len(units.performers)} 个处室，没有写谁牵头，请指定",
                "lead",
                raw.cells.get("lead", "")[:120],
            )
        )
    elif units.performers:
        helpers = (
            list(dict.fromkeys([*helpers, *(one for one in units.performers if one != lead)]))
            if lead
            else helpers
        )
    people = list(dict.fromkeys([*units.people, *own.people, *own.helpers, *beside.people, *beside.helpers]))
    if item is not None and own.people[:1] == [item.person_id] and lead in (None, item.lead_id):
        # as it stands in our own ledger already: nobody's department is asked about
        own.doubts = [one for one in own.doubts if "不在责任单位" not in one.text]
    doubts += units.doubts + helping.doubts + own.doubts
    doubts += [one for one in beside.doubts if "不在责任单位" not in one.text]
    return lead, helpers, people


def _around(raw: Raw, who: Who) -> list[int]:
    """A sheet, or a line above the row, that is called after a department: its rows are that department's."""
    for name in (raw.unit, re.sub(r"[(（].*$|[:：]$", "", bare(raw.area)), raw.sheet):
        if name and who.is_unit(name):
            match, _ = who.unit(name)
            if match.unit_id is not None:
                return [match.unit_id]
    return []


def _both(text: str, who: Who, around: Sequence[int] = ()) -> Found:
    """办公室 张三, 人事处（李四）, 办公室：张三、王五 in one cell: departments first, then people within them."""
    found = Found()
    for chunk in text.replace("\r", "\n").replace("（", "(").replace("）", ")").split("\n"):
        rest = chunk.strip()
        names = sorted(who.unit_names, key=len, reverse=True)
        for part in [
            one
            for one in rest.replace("(", " ")
            .replace(")", " ")
            .replace("：", " ")
            .replace(":", " ")
            .replace("、", " ")
            .replace("，", " ")
            .replace(",", " ")
            .replace("；", " ")
            .replace(";", " ")
            .replace("/", " ")
            .split()
            if one and not LABEL.fullmatch(one)
        ]:
            glued = next(
                (
                    name
                    for name in names
                    if part.startswith(name) and len(part) > len(name) + 1 and not who.is_unit(part)
                ),
                None,
            )
            pieces = [glued, part[len(glued) :]] if glued else [part]
            for piece in pieces:
                if who.is_unit(piece) or who.unit(piece)[0].performers:
                    one = who.read_units(piece, "both")
                    found.units += [unit for unit in one.units if unit not in found.units]
                    found.performers = found.performers or one.performers
                    found.doubts += one.doubts
                else:
                    one = who.read_people(piece, "both", [*found.units, *around])
                    found.people += [person for person in one.people if person not in found.people]
                    found.helpers += one.helpers
                    found.doubts += one.doubts
    return found


def leader_of(raw: Raw, who: Who, doubts: list[Doubt]) -> int | None:
    found = who.read_people(raw.cells.get("leader", ""), "leader", (), foreign=True)
    doubts += found.doubts
    if len(found.people) > 1:
        names = "、".join(who.people[pk].name for pk in found.people)
        doubts.append(
            Doubt(
                "person",
                f"责任领导写了 {len(found.people)} 人（{names}），取第一位",
                "leader",
                raw.cells["leader"][:120],
            )
        )
    return found.people[0] if found.people else None
