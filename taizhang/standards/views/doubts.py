"""要核对的地方: every doubt of a reading as a line with what can be done about it in one click."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.http import urlencode
from django.utils.safestring import SafeString

from taizhang.kit import look
from taizhang.kit.tables import a1

from ..queries import place_names
from ..rules.matching import Matcher, fold
from ..rules.numbers import show
from ..rules.tree import CONFIRM, INFO, MUST, Reading, SheetReading, Warning
from .grid import anchor, place_of

UNKNOWN = "lead_unknown"
LAMPS = {MUST: ("r", "要改"), CONFIRM: ("y", "请确认"), INFO: ("o", "提示")}
#: what is doubted, in one word for the line of the tree
WORDS = {
    "points": "分值", "code": "编号", "title": "名称", "lead": "处室", "rule": "计分", "methods": "方法", "cadence": "周期",
    "split": "拆分", "delete": "没有指标",
}  # fmt: skip


@dataclass(frozen=True)
class Unknown:
    """A name that the standard uses and the agency has not: in which nodes, and what is near it."""

    word: str
    keys: tuple[str, ...]
    where: str
    near: tuple[str, ...]

    @property
    def id(self) -> str:
        return f"{UNKNOWN}@{self.word}"


@dataclass(frozen=True)
class Doubt:
    """`acts`: (name, value, label) of buttons; `edit`: where it can be mended by hand; `unknown`: number of the word."""

    id: str
    severity: str
    lamp: SafeString
    where: str
    url: str
    text: str
    acts: tuple[tuple[str, str, str], ...]
    edit: str
    unknown: str = ""


def cell_of(where: str, field: str | None, sheets: Sequence[SheetReading]) -> str:
    """The cell that FIELD of the item at WHERE stands in: a missing figure is marked in the column of points."""
    place = place_of(where)
    sheet = next((one for one in sheets if place and one.name == place[0] and one.role == "indicators"), None)
    if place is None or sheet is None or place[1] in sheet.header_rows:
        return where
    column = next((c for c, meaning in sheet.columns.items() if meaning == field), None)
    return where if column is None else f"{place[0]}!{a1(place[1], column)}"


def where_of(
    warning: Warning, leaves: Collection[str], sheets: Sequence[SheetReading], cells: Mapping[str, str]
) -> str:
    """Where a doubt is shown: of a leaf in the column it is about, of all else where the reader says. CELLS: of the
    places that are said in words."""
    if warning.node in leaves and warning.where == warning.node and warning.field != "split":
        return cell_of(warning.where, warning.field, sheets)
    return cells.get(warning.where, warning.where)


def unknown_names(reading: Reading, matcher: Matcher) -> list[Unknown]:
    """Leads and co-workers whom the matcher does not find, each once, in the order of the file."""
    used: dict[str, list[tuple[str, str]]] = {}
    for node in reading.leaves:
        for word in dict.fromkeys((node.lead, *node.co)):
            if word:
                where = cell_of(node.where, "lead" if word == node.lead else "co", reading.sheets)
                used.setdefault(word, []).append((node.key, where))
    names = place_names(matcher)
    shown: dict[str, str] = {}
    for place in matcher.places:
        for name in place.names:
            if name:
                shown.setdefault(fold(name), names[place.id])
    found = []
    for word, nodes in used.items():
        match = matcher.match(word)
        if match.unit_id is None and not match.performers:
            near = tuple(dict.fromkeys(shown[name] for name in match.near if name in shown))
            found.append(Unknown(word, tuple(key for key, _ in nodes), nodes[0][1], near))
    return found


def acts_of(warning: Warning) -> tuple[tuple[str, str, str], ...]:
    """The buttons of a doubt: what it suggests, and to take the reading as it is."""
    if warning.settled:
        return (("undo", warning.id, "重新核对"),)
    suggestion = warning.suggestion or {}
    accept = ("accept", warning.id, "知道了" if warning.severity == INFO else "确认")
    apply = ("apply", warning.id, "")
    if warning.kind in ("sum_differs", "total_differs"):
        return ((*apply[:2], "按合计"), ("accept", warning.id, "照原样"))
    if warning.kind == "could_split":
        whole = all(piece.get("points") for piece in suggestion.get("split") or [{}])
        return (
            *(((*apply[:2], f"拆成 {len(suggestion['split'])} 项"),) if whole else ()),
            ("accept", warning.id, "不拆"),
        )
    if warning.kind == "split":
        return (accept, (*apply[:2], "不拆"))
    if warning.kind == "points_twice":
        return (accept, (*apply[:2], f"改为 {suggestion['points']}"))
    if warning.kind == "points_missing" and suggestion:
        return ((*apply[:2], f"填 {suggestion['points']}"),)
    if warning.kind == "code_twice" and suggestion:
        return ((*apply[:2], f"改为 {suggestion['code']}"),)
    return () if warning.severity == MUST else (accept,)


def columns_link(warning: Warning, root: str) -> str:
    """Where the columns of the warning's sheet are told what they mean."""
    sheet = warning.where.rpartition("!")[0] or warning.where
    column = (warning.suggestion or {}).get("column", 0)
    return f"{root}?{urlencode({'step': 'columns', 'sheet': sheet})}#c-{column}"


def doubts(
    reading: Reading,
    unknown: list[Unknown],
    accepted: tuple[str, ...],
    root: str,
    words: Callable[[str], str] = str,
    cells: Mapping[str, str] = MappingProxyType({}),
    codes: Mapping[str, str] = MappingProxyType({}),
) -> list[Doubt]:
    """Open ones first, what must be mended at the top; then the settled. ROOT is the draft's address; WORDS says a place
    for people. CODES: of what is written by hand, node key → code, which stands for the place."""
    base = f"{root}?step=check"
    lines: list[Doubt] = []
    leaves = {node.key for node in reading.leaves}
    for warning in reading.warnings:
        where = where_of(warning, leaves, reading.sheets, cells)
        query = {"at": where} | ({"node": warning.node} if warning.node else {})
        url = f"{base}&{urlencode(query)}#{anchor(where)}" if place_of(where) else ""
        edit = columns_link(warning, root) if warning.kind == "column_guessed" else ""
        if warning.node and warning.field != "split":
            edit = f"{base}&{urlencode({'node': warning.node})}#w"
        if warning.kind == "could_split" and warning.node:
            edit = f"{base}&{urlencode({'node': warning.node, 'do': 'split'})}#split"
        lamp = look.lamp("g", "已处理") if warning.settled else look.lamp(*LAMPS[warning.severity])
        place = codes.get(warning.node or "", "") or words(where)
        url = edit if codes else url
        lines.append(
            Doubt(
                warning.id, "done" if warning.settled else warning.severity, lamp, place, url, warning.text,
                acts_of(warning), edit,
            )
        )  # fmt: skip
    for number, one in enumerate(unknown):
        settled = one.id in accepted
        near = f"，名称接近{'、'.join(f'“{name}”' for name in one.near)}" if one.near else ""
        many = f"（{len(one.keys)} 项）" if len(one.keys) > 1 else ""
        acts = tuple(("choose", f"{one.word}→{name}", f"改为{name}") for name in one.near[:3])
        keep = ("undo", one.id, "重新核对") if settled else ("accept", one.id, "照原样")
        lines.append(
            Doubt(
                one.id, "done" if settled else CONFIRM,
                look.lamp("g", "已处理") if settled else look.lamp(*LAMPS[CONFIRM]), codes.get(one.keys[0], "") or words(one.where),
                f"{base}&{urlencode({'at': one.where, 'node': one.keys[0]})}#{anchor(one.where)}",
                f"“{one.word}”{many}不在本单位的处室、支部里{near}", (keep,) if settled else (*acts, keep),
                f"{base}&{urlencode({'node': one.keys[0]})}#w", "" if settled else str(number),
            )
        )  # fmt: skip
    rank = {MUST: 0, CONFIRM: 1, INFO: 2, "done": 3}
    return sorted(lines, key=lambda line: rank[line.severity])


def lamps_of(
    reading: Reading, unknown: list[Unknown], accepted: tuple[str, ...]
) -> dict[str, tuple[str, str]]:
    """Node key → lamp and word of its gravest open doubt; what was made of one cell shares its doubt."""
    found: dict[str, tuple[str, str]] = {}
    points = {node.key: node.points for node in reading.nodes}
    parts: dict[str, list[str]] = {}
    for node in reading.leaves:
        parts.setdefault(node.key.partition("#")[0], []).append(node.key)
    for one in unknown:
        if one.id not in accepted:
            found |= dict.fromkeys(one.keys, ("y", "处室"))
    for warning in sorted(reading.open(), key=lambda one: one.severity == MUST):
        key = warning.node or ""
        word = WORDS.get(warning.field or "", "核对")
        if warning.kind == "sum_differs" and (stated := points.get(key)) is not None:
            word = f"标 {show(stated)}"
        elif warning.field == "split":
            word = f"拆成 {len(parts.get(key, ()))} 项"
        for one_key in [key] if key in points else parts.get(key, []):
            found[one_key] = ("r" if warning.severity == MUST else "y", word)
    return found


def marks_of(
    reading: Reading | None, unknown: list[Unknown], accepted: tuple[str, ...], cells: Mapping[str, str]
) -> dict[str, str]:
    """Place → class of the cell in the source grid."""
    found = {one.where: "wc" for one in unknown if one.id not in accepted}
    if reading is None:
        return found
    leaves = {node.key for node in reading.leaves}
    for warning in reversed(reading.open()):
        found[where_of(warning, leaves, reading.sheets, cells)] = "ec" if warning.severity == MUST else "wc"
    return found
