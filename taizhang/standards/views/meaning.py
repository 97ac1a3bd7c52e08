"""核对含义: what was understood of each item, field by field, with how sure that is; accepted or mended."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from taizhang.kit import look
from taizhang.kit.errors import Refused

from .. import queries
from ..rules import amend
from ..rules.cells import BY_NAME, Wrong, changes, shown
from ..rules.certainty import FIELDS, ORDER, Meaning, fields_of, meanings
from ..rules.matching import Matcher
from ..rules.scoring import GUESS, LIKELY, SURE
from ..rules.tree import Json, Node, Reading
from .source import Source, place_words

A_PAGE = 40
WORDS = {SURE: "确定", LIKELY: "较有把握", GUESS: "请核对"}
LAMPS = {SURE: ("g", "确定"), LIKELY: ("y", "较有把握"), GUESS: ("r", "请核对")}
LEADS = ("lead", "co")


@dataclass(frozen=True)
class Line:
    """A row of the page. `unit`: the agency's own unit that the words mean; `options` of an inline choice, else `text`."""

    row: Meaning
    lamp: SafeString
    place: str
    unit: str
    value: str
    editable: bool
    text: str
    options: tuple[tuple[str, bool], ...]
    said: str


def asked(request: HttpRequest) -> dict[str, str]:
    """The filter: field, certainty, state."""
    source = request.POST if request.method == "POST" else request.GET
    field, how, state = (source.get(name, "") for name in ("f", "how", "state"))
    return {
        "f": field if field in FIELDS else "", "how": how if how in WORDS else "",
        "state": state if state in ("all", "agreed") else "",
    }  # fmt: skip


def chosen(rows: list[Meaning], wanted: dict[str, str]) -> list[Meaning]:
    """Rows within the filter, the most doubtful first."""
    found = [
        row
        for row in rows
        if (not wanted["f"] or row.field == wanted["f"])
        and (not wanted["how"] or row.certainty == wanted["how"])
        and (wanted["state"] == "all" or row.agreed == (wanted["state"] == "agreed"))
    ]
    return sorted(found, key=lambda row: ORDER[row.certainty])


def unit_words(node: Node, field: str, matcher: Matcher, names: dict[int, str]) -> str:
    """Whom the lead means in this agency, and how sure that is."""
    if field != "lead" or not node.lead:
        return ""
    match = matcher.match(node.lead)
    sure = "" if match.certainty.value == "sure" else "（名称相近，请核对）"
    if match.unit_id is not None:
        return f"即本单位{names.get(match.unit_id, '')}{sure}"
    if match.performers:
        return f"即本单位{len(match.performers)} 个{'支部' if match.per == 'branch' else '处室'}{sure}"
    return "本单位没有这个处室"


def line_of(
    row: Meaning, node: Node, source: Source, matcher: Matcher, names: dict[int, str], typed: dict[str, str]
) -> Line:
    column = BY_NAME.get(row.field)
    value = f"{row.node}|{row.field}"
    mine = typed.get("value") == value
    text = typed["text"] if mine else shown(node, column) if column else ""
    options = tuple((label, label == text) for _, label in column.options) if column else ()
    lamp = look.lamp("g", "已确认") if row.agreed else look.lamp(*LAMPS[row.certainty])
    return Line(
        row, lamp, place_words(source.book, row.where), unit_words(node, row.field, matcher, names), value,
        column is not None, text, options, typed["said"] if mine else "",
    )  # fmt: skip


def meaning_step(
    request: HttpRequest, source: Source, reading: Reading, matcher: Matcher, here: str, shown: Any
) -> dict[str, Any]:
    wanted = asked(request)
    every = meanings(reading.nodes)
    rows = chosen(every, wanted)
    page = Paginator(rows, A_PAGE).get_page(request.POST.get("p") or request.GET.get("p"))
    by_key = {node.key: node for node in reading.nodes}
    names = queries.place_names(matcher)
    open_rows = [row for row in every if not row.agreed]
    base = (
        f"{here}?{urlencode({'step': 'meaning', **{key: value for key, value in wanted.items() if value}})}"
    )

    def address(**change: str) -> str:
        query = {"step": "meaning", **wanted, **change}
        return f"{here}?{urlencode({key: value for key, value in query.items() if value})}"

    return {
        "lines": [line_of(row, by_key[row.node], source, matcher, names, shown.typed) for row in page],
        "page": page, "base": base, "wanted": wanted,
        "fields": [("", "全部", len(open_rows), address(f=""), not wanted["f"])]
        + [
            (name, label, sum(row.field == name for row in open_rows), address(f=name), wanted["f"] == name)
            for name, label in FIELDS.items()
            if any(row.field == name for row in every)
        ],
        "hows": [(how, WORDS[how], sum(row.certainty == how for row in open_rows), address(how=how), wanted["how"] == how)
                 for how in (GUESS, LIKELY, SURE)],
        "any_how": (address(how=""), not wanted["how"], len(open_rows)),
        "states": [(label, address(state=state), wanted["state"] == state) for state, label in (("", "没确认的"), ("agreed", "已确认的"), ("all", "全部"))],
        "sure_here": sum(row.certainty == SURE and not row.agreed for row in page),
        "sure_all": sum(row.certainty == SURE for row in open_rows), "agreed": len(every) - len(open_rows), "all_rows": len(every),
        "units": list(names.values()),
    }  # fmt: skip


def settle(request: HttpRequest, choices: Json, reading: Reading) -> tuple[Json, str]:
    """The choices after the button that was pressed, and what was done in words. Wrong when a text does not fit."""
    posted = request.POST
    every = meanings(reading.nodes)
    open_rows = [row for row in every if not row.agreed]
    by_value = {f"{row.node}|{row.field}": row for row in every}
    if "all_sure" in posted or "page_sure" in posted:
        rows = [row for row in open_rows if row.certainty == SURE]
        if "page_sure" in posted:
            listed = set(posted.getlist("row"))
            rows = [row for row in rows if f"{row.node}|{row.field}" in listed]
        if not rows:
            raise Refused("没有还没确认的“确定”项。可能刚才已经确认过了。")
        return amend.with_agreed(
            choices, fields_of(rows)
        ), f"已确认 {len(rows)} 处。点“已确认的”可以再看，也可以改回。"
    value = posted.get("agree") or posted.get("unagree") or posted.get("set") or ""
    row = by_value.get(value)
    if row is None:
        raise Refused("这一处已不在识别结果里，可能已经改过。请看最新的页面。")
    if "agree" in posted:
        return amend.with_agreed(choices, {row.node: [row.field]}), f"已确认：{row.code} 的{row.label}。"
    if "unagree" in posted:
        return amend.without_agreed(choices, row.node, row.field), f"{row.code} 的{row.label}已改回待核对。"
    node = next(one for one in reading.nodes if one.key == row.node)
    change = changes(node, row.field, posted.get(f"to-{value}", ""))
    if not change:
        return amend.with_agreed(
            choices, {row.node: [row.field]}
        ), f"没有改动，{row.code} 的{row.label}已确认。"
    return amend.with_node(choices, row.node, change), f"已改：{row.code} 的{row.label}。"


def refused_text(request: HttpRequest, wrong: Wrong) -> dict[str, str]:
    """What was typed into which row, and what is wrong with it."""
    value = request.POST.get("set", "")
    return {"value": value, "text": request.POST.get(f"to-{value}", ""), "said": str(wrong)}


def back(request: HttpRequest, here: str) -> HttpResponse:
    query = {"step": "meaning", **asked(request), "p": request.POST.get("p", "")}
    from_here = urlencode({key: value for key, value in query.items() if value})
    return redirect(f"{here}?{from_here}")
