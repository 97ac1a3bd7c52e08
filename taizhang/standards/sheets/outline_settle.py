"""Which entries of a text are groups, which are items, and which are only words."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from ..rules.marks import tell_grades
from ..rules.numbers import NUMBER, decimal_of, fold, show, squeeze
from .outline_lines import PREFACE
from .outline_nest import Entry

GROUP, LEAF, TEXT = "group", "leaf", "text"
EACH = re.compile(rf"(?:每|各)(?:项|条|小项|点|款|个小项|一项)?(?:计|得|占|为)?\s*({NUMBER})\s*分")
EARNED = re.compile(rf"(?<![不再])[得记计]\s*({NUMBER})\s*分")
WRAPPER = re.compile(r"内容|标准|指标|体系|细则|项目|办法|要求|设置|分值|评分|考核|测评")


@dataclass
class Settled:
    """The uppermost entries that hold items; lists beside the tree; chapters that are only words; totals named."""

    top: list[Entry] = field(default_factory=list)
    side: dict[str, list[Entry]] = field(default_factory=dict)
    aside: list[Entry] = field(default_factory=list)
    totals: list[str] = field(default_factory=list)


def settle_all(top: list[Entry], *, forced: bool = False) -> Settled:
    """TOP with a kind for each entry. With FORCED the deepest numbered lines are items even without points."""
    found = Settled()
    found.side = take_side(top, found, nested=False)
    rest = gather([entry for entry in top if not entry.side])
    take_earned(rest)
    several = any(len([one for one in entry.kids if one.pointed]) > 1 for entry in rest)
    for entry in rest:
        settle(entry, several)
    if forced and not any(entry.kind != TEXT for entry in rest):
        for entry in rest:
            force(entry)
    found.top = [entry for entry in rest if entry.kind != TEXT]
    found.aside = [entry for entry in rest if entry.kind == TEXT]
    drop_notice(found)
    unwrap(found)
    return found


def drop_notice(found: Settled) -> None:
    """What a notice says before the standard begins under its own name is not part of it, if it is much the less."""
    counts: dict[int, int] = {}
    for entry in found.top:
        counts[entry.segment] = counts.get(entry.segment, 0) + leaves_of(entry)
    main = max(counts, key=lambda segment: counts[segment], default=0)
    early = [one for one in found.top if one.segment < main and counts[one.segment] <= 0.3 * counts[main]]
    found.top = [entry for entry in found.top if entry not in early]
    found.aside = [*early, *found.aside]


def leaves_of(entry: Entry) -> int:
    return 1 if entry.kind == LEAF else sum(leaves_of(kid) for kid in entry.kids if kid.kind != TEXT)


def take_side(entries: list[Entry], found: Settled, *, nested: bool) -> dict[str, list[Entry]]:
    """Chapters 负面清单, 申报条件, 加分项 go to their lists, wherever they stand."""
    side: dict[str, list[Entry]] = {"negative": [], "eligibility": [], "bonus": []}
    groups = sum(bool(entry.kids) for entry in entries)
    for entry in entries:
        role = entry.line.side
        alone = not entry.kids and not entry.body and groups < 0.5 * len(entries)
        earns = any(kid.pointed for kid in entry.kids)
        if role and not alone and (role == "bonus" or not (nested and earns)):
            entry.side = role
            side[role].append(entry)
            continue
        for name, more in take_side(entry.kids, found, nested=True).items():
            side[name] += more
        entry.kids = [kid for kid in entry.kids if not kid.side]
    return side


def gather(entries: list[Entry]) -> list[Entry]:
    """Lines with points in one row: one whose followers add up to its own points holds those followers.

    Unnumbered ones must be short; numbered ones must be followed by a list of another kind that begins anew.
    """
    for entry in entries:
        entry.kids = gather(entry.kids)
    out: list[Entry] = []
    at = 0
    while at < len(entries):
        entry = entries[at]
        at += 1
        out.append(entry)
        if entry.kids or entry.points is None:
            continue
        end = plain_end(entries, at) if entry.style == "plain" else list_end(entries, at)
        if end is not None:
            entry.kids = entries[at:end]
            if entry.style != "plain":
                for kid in entry.kids:
                    kid.line.bare = True
            at = end
    return out


def plain_end(entries: list[Entry], at: int) -> int | None:
    """Where the unnumbered lines from AT have added up to the points of the short one before them."""
    head = entries[at - 1]
    total, end = Decimal(0), at
    if len(head.title) > 24 or head.points is None:
        return None
    while end < len(entries) and entries[end].style == "plain" and total < head.points:
        total += entries[end].points or Decimal(0)
        end += 1
    return end if total == head.points and end - at >= 2 else None


def list_end(entries: list[Entry], at: int) -> int | None:
    """Where a list of another kind that begins at AT has ended, if all of it adds up to the points before it."""
    head = entries[at - 1]
    if at >= len(entries) or entries[at].style == head.style or entries[at].line.number not in (None, 1):
        return None
    end = at
    while end < len(entries) and entries[end].style == entries[at].style:
        end += 1
    values = [entry.points for entry in entries[at:end]]
    known = [value for value in values if value is not None]
    return end if len(known) == len(values) >= 2 and sum(known, Decimal(0)) == head.points else None


def settle(entry: Entry, beside: bool = False) -> None:
    """Give ENTRY and all below it a kind, from the points they name. BESIDE: the lines like it hold several items."""
    share_each(entry)
    several = any(len([one for one in kid.kids if one.pointed]) > 1 for kid in entry.kids)
    for kid in entry.kids:
        settle(kid, several)
    pointed = [kid for kid in entry.kids if kid.kind != TEXT]
    if pointed and (
        are_grades(entry, pointed) or (is_echo(entry, pointed) and not (beside and stands_alone(entry)))
    ):
        pointed = []
    if not pointed:
        for kid in entry.kids:
            kid.kind = TEXT
        entry.kind = LEAF if entry.points is not None else TEXT
        if entry.kind == LEAF and entry.kids:
            lift(entry, entry.kids)
        return
    entry.kind = GROUP
    hoist(entry, pointed)
    for kid in entry.kids:
        if kid.kind != TEXT:
            continue
        same = [one for one in entry.kids if one.style == kid.style]
        if (
            kid.ordinal is not None
            and not PREFACE.match(squeeze(kid.title))
            and 2 * sum(one.kind != TEXT for one in same) >= len(same)
        ):
            kid.kind = LEAF  # its points are missing: said by the check of sums
        else:
            entry.body += [kid.line.text, *kid.body]


def hoist(entry: Entry, parts: list[Entry]) -> None:
    """Fields in lines below the last sub-point of an item, and below no other, hold for all its sub-points."""
    last = parts[-1]
    told = last.told - {"requirement", "points"}
    if entry.points is None or entry.told or len(parts) < 2 or not told:
        return
    if any(kid.kind != LEAF or kid.style != last.style for kid in parts):
        return
    lift(entry, parts)


def lift(entry: Entry, parts: list[Entry]) -> None:
    """What stands in lines below the last of PARTS, and below no other, is said of ENTRY."""
    last = parts[-1]
    if any(kid.told for kid in parts[:-1]):
        return
    for name in last.told - {"requirement", "points"}:
        if name in last.fields and name not in entry.fields:
            entry.fields[name] = last.fields.pop(name)


def share_each(entry: Entry) -> None:
    """ "（每项2分，共6分）": each numbered part has as many points."""
    parts = [kid for kid in entry.kids if kid.ordinal is not None]
    found = EACH.search(fold(entry.line.text.partition("。")[0]))
    if not found or len(parts) < 2 or any(kid.pointed for kid in parts):
        return
    value = decimal_of(found.group(1))
    if value and entry.points in (None, value, value * len(parts)):
        entry.points = value * len(parts)
        for kid in parts:
            kid.points = value


def take_earned(entries: list[Entry]) -> None:
    """ "（一）每半年听取汇报，得3分" below a heading of points: such figures are the parts' own if they add up to it."""
    for entry in entries:
        take_earned(entry.kids)
    found = [(entry, values) for entry in entries if (values := earned(entry))]
    if any(len(values) > 1 for _, values in found):
        for entry, values in found:
            for kid, value in zip(entry.kids, values, strict=True):
                kid.points, kid.line.bare = value, True


def earned(entry: Entry) -> list[Decimal]:
    """What each numbered part of ENTRY may earn by its own words, if together that is what ENTRY is worth."""
    if entry.points is None or any(kid.pointed or kid.ordinal is None for kid in entry.kids):
        return []
    found = [
        EARNED.search(fold("\n".join([kid.line.rest, kid.line.fields.get("rule", "")]))) for kid in entry.kids
    ]
    values = [decimal_of(m.group(1)) or Decimal(0) for m in found if m]
    return values if len(values) == len(entry.kids) and sum(values, Decimal(0)) == entry.points else []


def are_grades(entry: Entry, pointed: list[Entry]) -> bool:
    """A（4分）, B（3分）, C（1分） below an item of 4 points: what it may earn, not parts of it."""
    values = [kid.points for kid in pointed if kid.points is not None]
    if entry.points is None or len(values) < len(pointed):
        return False
    texts = [f"A.{kid.title}" if kid.style == "letter" else kid.title for kid in pointed]
    return tell_grades(texts, values, entry.points)


def is_echo(entry: Entry, pointed: list[Entry]) -> bool:
    """One unnumbered sentence that repeats the points of its item, or names others in passing, is no item."""
    if entry.points is None or any(not kid.style.startswith(("plain", "bullet")) for kid in pointed):
        return False
    return len(pointed) == 1 or sum((kid.points or Decimal(0) for kid in pointed), Decimal(0)) != entry.points


def stands_alone(entry: Entry) -> bool:
    """A short heading with one sentence of the same points: the only item of its section."""
    only = [kid for kid in entry.kids if kid.points is not None]
    return len(only) == len(entry.kids) == 1 and only[0].points == entry.points and len(entry.title) <= 16


def force(entry: Entry) -> None:
    numbered = [kid for kid in entry.kids if kid.ordinal is not None]
    entry.kind = GROUP if numbered else LEAF if entry.ordinal is not None else TEXT
    for kid in entry.kids:
        force(kid)


def unwrap(found: Settled) -> None:
    """A chapter that holds the whole standard (三、测评内容及标准) is no area: its parts are."""
    while len(found.top) == 1 and found.top[0].kind == GROUP:
        root = found.top[0]
        kids = [kid for kid in root.kids if kid.kind != TEXT]
        if len(kids) < 2 or any(kid.kind != GROUP for kid in kids):
            return
        if not WRAPPER.search(squeeze(root.title)):
            return
        if root.points is not None:
            found.totals.append(f"总分{show(root.points)}分")
        for kid in kids:
            kid.fields = {
                name: text for name, text in root.fields.items() if name not in kid.fields
            } | kid.fields
        found.top = kids
