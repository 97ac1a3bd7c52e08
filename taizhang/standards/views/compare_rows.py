"""The lines of a comparison as the page shows them: words that differ marked, made in Python, fast for 300 rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from taizhang.kit import look

from ..models import MatchKind
from ..rules.editions import (
    CHANGED,
    GONE,
    JOINED,
    KINDS,
    MOVED,
    NEW,
    SAME,
    SPLIT,
    Line,
    Pair,
    Sums,
    changes,
    diff,
)
from ..rules.numbers import show
from ..rules.tree import Node

TONES = {SAME: "", CHANGED: "y", MOVED: "e", SPLIT: "y", JOINED: "y", NEW: "w", GONE: "r"}
DOUBT, MOST, ALL = "doubt", "changes", "all"
SHORT = 60  # characters of an unchanged requirement


@dataclass(frozen=True)
class Row:
    """One line. `heading`: only where another group begins. `olds`: what the fields of 改对应 hold at first."""

    id: str
    heading: str
    kind: SafeString
    state: SafeString
    old: SafeString
    new: SafeString
    old_points: str
    new_points: str
    what: SafeString
    doubtful: bool
    by_hand: bool
    gone: bool
    lone: bool
    olds: tuple[str, ...]
    open: bool


def option(node: Node) -> str:
    """As a leaf is written in a search field."""
    return f"{node.code} {node.title}"


def shown(lines: Sequence[Line], wanted: str) -> list[Line]:
    """Those that the chosen view holds."""
    if wanted == DOUBT:
        return [line for line in lines if not line.pair.sure]
    if wanted == MOST:
        return [line for line in lines if line.pair.kind != SAME or not line.pair.sure]
    return [line for line in lines if wanted == ALL or line.pair.kind == wanted]


def rows_of(
    lines: Sequence[Line],
    every: Sequence[Line],
    typed: Mapping[str, Sequence[str]],
    stuck: str,
    open_word: str,
) -> list[Row]:
    """LINES as rows; TYPED: id → what was written into its fields before a refusal, of which STUCK stands open."""
    named: dict[str, list[str]] = {}
    for line in every:
        if line.old is not None and line.new is not None:
            named.setdefault(line.id, []).append(option(line.old))
    heading = None
    seen: set[str] = set()
    rows: list[Row] = []
    for line in lines:
        pair = line.pair
        first = line.id not in seen
        seen.add(line.id)
        fields = tuple(typed.get(line.id) or named.get(line.id) or ())
        rows.append(
            Row(
                line.id, line.heading if line.heading != heading else "", look.tag(MatchKind(pair.kind).label, TONES[pair.kind]),
                state_of(pair, open_word), _side(line, False), _side(line, True), _points(line.old), _points(line.new), _what(line),
                not pair.sure, pair.by_hand, pair.new is None, not first,
                (*fields, *[""] * max(0, (1 if pair.new is None else 3) - len(fields))), line.id == stuck,
            )
        )  # fmt: skip
        heading = line.heading
    return rows


def state_of(pair: Pair, open_word: str) -> SafeString:
    if not pair.sure:
        return look.lamp("y", open_word)
    return look.lamp("g", "已确认") if pair.by_hand else mark_safe("")


def _points(node: Node | None) -> str:
    return "" if node is None or node.points is None else show(node.points)


def _side(line: Line, new: bool) -> SafeString:
    """One leaf: number, title, requirement; against the other one where there is one."""
    node, other = (line.new, line.old) if new else (line.old, line.new)
    if node is None:
        return mark_safe('<span class="sub">—</span>')
    if other is None or line.pair.kind == SAME:
        text = node.requirement
        if line.pair.kind == SAME and len(text) > SHORT:
            text = text[:SHORT] + "…"
        title, body = str(escape(node.title)), str(escape(text))
    else:
        a, b = (other, node) if new else (node, other)
        title, body = _marked(a.title, b.title, new), _marked(a.requirement, b.requirement, new)
    words = f'<span class="mut">{escape(node.code)}</span> <b>{title}</b>'
    return mark_safe(
        words + (f'<div class="sub pre">{body}</div>' if body and node.requirement != node.title else "")
    )


def _marked(old: str, new: str, want_new: bool) -> str:
    """OLD with what went away struck out, or NEW with what came underlined: never by colour alone."""
    keep, tag = ("+", "ins") if want_new else ("-", "del")
    out = []
    for op, text in diff(old, new):
        if op == "=":
            out.append(str(escape(text)))
        elif op == keep:
            out.append(f"<{tag}>{escape(text)}</{tag}>")
    return "".join(out)


def _what(line: Line) -> SafeString:
    """The other fields that changed, was → now."""
    if line.old is None or line.new is None:
        return mark_safe("")
    out = []
    for field, label, was, now in changes(line.old, line.new):
        if line.pair.kind in (SPLIT, JOINED) and field in ("methods", "needs", "rule", "rule_text", "co"):
            continue  # a piece never holds all of the whole: that says nothing
        if field in ("title", "requirement"):
            out.append(f"<li>{label}有改动</li>")
        else:
            out.append(
                f"<li>{label}：<del>{escape(was or '无')}</del> <span aria-hidden=true>→</span> <ins>{escape(now or '无')}</ins></li>"
            )
    return mark_safe(f"<ul>{''.join(out)}</ul>" if out else "")


def counts_of(sums: Sequence[Sums], base: str, wanted: str, open_word: str) -> list[dict[str, object]]:
    """The strip above: each kind with its leaves and points, as a link to its lines. OPEN_WORD: what a doubt is called."""
    doubtful = sum(one.doubtful for one in sums)
    pairs = sum(one.pairs for one in sums)
    same = next(one.pairs for one in sums if one.kind == SAME)
    views = [(open_word, doubtful, "处", DOUBT), ("有变化的", pairs - same, "行", MOST)]
    cells = [_cell(label, n, unit, base, key, wanted) for label, n, unit, key in views]
    cells[0] |= {"hot": True, "lamp": "y"}
    for one in sums:
        was, now = show(one.old_points), show(one.new_points)
        if one.kind in (NEW, GONE) or was == now:
            points = now if one.kind != GONE else was
        else:
            points = f"{was}→{now}"
        many: object = one.old if one.kind == GONE else one.new
        if one.kind in (SPLIT, JOINED) and one.pairs:
            many = f"{one.old}→{one.new}"
        unit = f"项 {points} 分" if one.pairs else "项"
        cells.append(_cell(MatchKind(one.kind).label, many, unit, base, one.kind, wanted))
    cells.append(_cell("全部", pairs, "行", base, ALL, wanted))
    return cells if doubtful or open_word == "待确认" else cells[1:]


def _cell(label: str, n: object, unit: str, base: str, key: str, wanted: str) -> dict[str, object]:
    return {"label": label, "n": n, "unit": unit, "url": f"{base}show={key}", "on": wanted == key}


def wanted_of(asked: str, sums: Sequence[Sums], *, confirming: bool) -> str:
    """The view asked for; else what waits for a word, else what has changed."""
    if asked in (DOUBT, MOST, ALL, *KINDS):
        return asked
    return DOUBT if confirming and any(one.doubtful for one in sums) else MOST
