"""A comparison in words: what of a leaf has changed, where its text differs, how many points each kind holds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher

from .. import scoring
from ..cadence import Cycle
from ..numbers import show
from ..said import PER, cadence_words, methods_words, needs_words, rule_words
from ..tree import Node
from .groups import match_groups
from .pairs import KINDS, Pair, id_of
from .texts import folded

ZERO = Decimal(0)
#: field, its name, was, now
Change = tuple[str, str, str, str]


def changes(old: Node, new: Node) -> list[Change]:
    """The fields that differ after folding; texts whole, the rest in words. None: to a clerk it is the same.

    Words (title, requirement, scoring), points, the scoring rule, the cadence, by whom it is done, the material and
    必备 always count. Who leads, who helps and how it is looked at count only where both editions name it: a file
    without such a column says nothing about them. Codes, labels, places, the order of methods and how certain
    something was read are no content.
    """
    found: list[Change] = []

    def differ(field: str, label: str, was: str, now: str) -> None:
        if folded(was) != folded(now):
            found.append((field, label, was, now))

    differ("title", "名称", old.title[:200], new.title[:200])
    differ("requirement", "要求", old.requirement, new.requirement)
    if old.points != new.points:
        found.append(("points", "分值", _points(old), _points(new)))
    differ("rule_text", "计分办法", old.rule_text, new.rule_text)
    if folded(old.rule_text) == folded(new.rule_text) and _rule(old) != _rule(new):
        found.append(("rule", "计分规则", rule_words(old.rule) or "没有写", rule_words(new.rule) or "没有写"))
    if _cadence(old) != _cadence(new):
        found.append(("cadence", "周期", cadence_words(*_cadence(old)), cadence_words(*_cadence(new))))
    if old.per != new.per:
        found.append(("per", "由谁做", PER.get(old.per, old.per), PER.get(new.per, new.per)))
    if old.lead and new.lead:
        differ("lead", "牵头", old.lead[:80], new.lead[:80])
    if old.co and new.co and _co(old) != _co(new):
        found.append(("co", "配合", "、".join(old.co), "、".join(new.co)))
    if old.methods and new.methods and _methods(old) != _methods(new):
        found.append(("methods", "测评方法", methods_words(old.methods), methods_words(new.methods)))
    if _needs(old) != _needs(new):
        found.append(("needs", "材料要求", needs_words(old.needs), needs_words(new.needs)))
    if old.mandatory != new.mandatory:
        words = {True: "必备", False: "一般"}
        found.append(("mandatory", "必备", words[old.mandatory], words[new.mandatory]))
    return found


def _points(node: Node) -> str:
    return "没有写" if node.points is None else show(node.points)


def _rule(node: Node) -> dict[str, object] | None:
    return scoring.to_json(node.rule) if node.rule else None


def _cadence(node: Node) -> tuple[str, int, int | None]:
    """A leaf that says nothing is due once a year: so it is saved."""
    return str(node.cadence or Cycle.YEAR), node.times, node.target


def _co(node: Node) -> set[str]:
    return {folded(one) for one in "、".join(node.co)[:200].split("、") if one}


def _methods(node: Node) -> set[tuple[str, Decimal | None]]:
    return {(folded(name[:40]), share) for name, share in node.methods}


def _needs(node: Node) -> set[tuple[str, str, int, bool, bool]]:
    return {(folded(one.name[:200]), one.kind, one.least, one.must, one.doc_no) for one in node.needs}


LONGEST = 1500  # characters: beyond it, texts are shown whole, old then new


def diff(old: str, new: str) -> list[tuple[str, str]]:
    """("=", both), ("-", only old), ("+", only new), in reading order; single letters between changes are not kept."""
    if old == new:
        return [("=", old)] if old else []
    if not old or not new or len(old) > LONGEST or len(new) > LONGEST:
        return [one for one in (("-", old), ("+", new)) if one[1]]
    out: list[tuple[str, str, str]] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal" and (b - a > 1 or not out or a == 0 or b == len(old)):
            out.append(("=", old[a:b], ""))
        elif out and out[-1][0] == "~":
            out[-1] = ("~", out[-1][1] + old[a:b], out[-1][2] + new[c:d])
        else:
            out.append(("~", old[a:b], new[c:d]))
    found: list[tuple[str, str]] = []
    for mark, was, now in out:
        found += [("=", was)] if mark == "=" else [one for one in (("-", was), ("+", now)) if one[1]]
    return found


@dataclass(frozen=True)
class Line:
    """A pair with its leaves, under the heading of the new edition (of what is gone: of what its group became)."""

    pair: Pair
    old: Node | None
    new: Node | None
    heading: str

    @property
    def id(self) -> str:
        return id_of(self.pair)


def lines_of(old: Sequence[Node], new: Sequence[Node], pairs: Iterable[Pair]) -> list[Line]:
    """In the order of the new edition; what is gone behind what stood before it, or at the end with its group."""
    pairs = list(pairs)
    old_by, new_by = {node.key: node for node in old}, {node.key: node for node in new}
    at_old = {node.key: n for n, node in enumerate(old)}
    at_new = {node.key: n for n, node in enumerate(new)}
    links = [(one.old, one.new) for one in pairs if one.old is not None and one.new is not None]
    groups = {was: now for now, was in match_groups(old, new, links).items()}
    first: dict[str, int] = {}
    for one, other in links:
        first[one] = min(first.get(one, len(new)), at_new[other])
    placed: list[tuple[tuple[int, int, int], Line]] = []
    for pair in pairs:
        a, b = old_by.get(pair.old or ""), new_by.get(pair.new or "")
        if b is not None:
            order = (at_new[b.key], 0, at_old[a.key] if a else -1)
            placed.append((order, Line(pair, a, b, _heading(b.parent, new_by))))
        elif a is not None:
            group = groups.get(a.parent or "")
            if group is None:
                placed.append(((len(new), 0, at_old[a.key]), Line(pair, a, None, _heading(a.parent, old_by))))
                continue
            before = [
                first[node.key] for node in old[: at_old[a.key]]
                if node.key in first and new[first[node.key]].parent == group
            ]  # fmt: skip
            order = (before[-1] if before else at_new[group], 1, at_old[a.key])
            placed.append((order, Line(pair, a, None, _heading(group, new_by))))
    return [line for _, line in sorted(placed, key=lambda one: one[0])]


def _heading(key: str | None, by_key: dict[str, Node]) -> str:
    names: list[str] = []
    while key is not None and key in by_key:
        node = by_key[key]
        names.append(node.title if node.title.startswith(node.code) else f"{node.code} {node.title}")
        key = node.parent
    return " / ".join(reversed(names))


@dataclass(frozen=True)
class Sums:
    """Of one kind: leaves and points of the old edition and of the new one, and how many pairs wait for a word."""

    kind: str
    pairs: int
    old: int
    old_points: Decimal
    new: int
    new_points: Decimal
    doubtful: int


def sums_of(old: Sequence[Node], new: Sequence[Node], pairs: Iterable[Pair]) -> list[Sums]:
    """One for each of KINDS, in their order."""
    points_old = {node.key: node.points or ZERO for node in old}
    points_new = {node.key: node.points or ZERO for node in new}
    found = []
    pairs = list(pairs)
    for kind in KINDS:
        these = [one for one in pairs if one.kind == kind]
        olds = {one.old for one in these if one.old is not None}
        news = {one.new for one in these if one.new is not None}
        found.append(
            Sums(
                kind, len(these), len(olds), sum((points_old[key] for key in olds), ZERO), len(news),
                sum((points_new[key] for key in news), ZERO), sum(not one.sure for one in these),
            )
        )  # fmt: skip
    return found
