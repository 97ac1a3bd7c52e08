"""The pages of a draft: 对列, 核对, 保存. Built from the file and the corrections each time; nothing is kept."""

from dataclasses import dataclass, field, replace
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from taizhang.kit.htmx import page
from taizhang.kit.tables import column_name

from .. import queries
from ..forms import GroupForm, LeafForm, MoveForm, NewLeafForm, SaveForm, SplitForm
from ..models import Draft
from ..rules import amend
from ..rules.amend import deleted, obstacles, touched
from ..rules.columns import MEANINGS
from ..rules.entries import NAMES
from ..rules.numbers import show
from ..rules.shape import ADDED, PART, proposed
from ..rules.tree import ROLES, Node, Reading, SheetReading
from ..sheets.grid import Grid, as_text
from .common import part_of, root
from .doubts import Unknown, doubts, lamps_of, marks_of, unknown_names
from .grid import LONG, GridPage, Paragraph, grid_page, paragraphs, place_of
from .meaning import meaning_step
from .outline import at_place, chain, node_url, outline
from .saving import save_step
from .shaping import move_form, siblings_of
from .source import Source, cells_of, located, place_words, source_of
from .steps import steps_of

STEP_NAMES = ["columns", "check", "meaning", "save"]
A_PAGE = 40  # doubts on one page


@dataclass
class Shown:
    """What a view hands to the page besides the draft: forms with what was typed, and words of refusal."""

    step: str
    node_key: str = ""
    node_form: GroupForm | None = None
    panel: str = ""  # which of the forms beneath the node was refused: split, join, move, add, add_group …
    panel_form: Any = None
    panel_said: str = ""
    differs: bool = False
    save_form: SaveForm | None = None
    columns: dict[str, str] = field(default_factory=dict)
    said: str = ""
    problems: list[str] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)  # 核对含义: what was typed into which row
    status: int = 200


def address(draft: Draft) -> str:
    return f"{root()}drafts/{draft.pk}/"


def show_draft(request: HttpRequest, draft: Draft, shown: Shown) -> HttpResponse:
    """The page of one step."""
    source = source_of(draft)
    here = address(draft)
    if source.reading is None and shown.step != "columns":
        shown.step = "columns"
    reading = located(source.reading, source.book) if source.reading else None
    matcher = queries.propose_lead(draft.agency)
    unknown = unknown_names(reading, matcher) if reading else []
    blocked = obstacles(reading) if reading else []
    context: dict[str, Any] = {
        "draft": draft, "source": source, "reading": reading, "here": here, "step": shown.step,
        "bar": steps_of(draft, shown.step, read=reading is not None), "said": shown.said or source.refusal, "problems": shown.problems,
        "blocked": len(blocked), "crumbs": crumbs_of(draft),
        "rows_all": sum(one.rows_read for one in source.sheets), "sheets_all": len(source.book.sheets),
        "said_bad": bool(shown.said or source.refusal), "edits": len(touched(source.choices)), "written": draft.written,
        "learnt": draft.choices.get("form"), "may_compare": bool(draft.base_id),
        "marked": not draft.written or bool(draft.base_id or draft.over_id),  # of what is new, everything is changed
    }  # fmt: skip
    if reading:
        context |= figures(reading)
    if shown.step == "columns":
        context |= columns_step(request, source, here, shown)
    elif shown.step == "check":
        assert reading is not None
        context |= check_step(request, here, source, reading, unknown, shown)
        context["places"] = list(queries.place_names(matcher).values())
    elif shown.step == "meaning":
        assert reading is not None
        context |= meaning_step(request, source, reading, matcher, here, shown)
    else:
        assert reading is not None
        context |= save_step(draft, reading, blocked, unknown, source, here, shown)
    template = f"standards/draft_{shown.step}.html"
    return page(request, template, context, part=part_of(request, "work"), status=shown.status)


def crumbs_of(draft: Draft) -> list[tuple[str, str]]:
    """Where a draft lies: what is written by hand was imported by nobody."""
    way = [] if draft.written else [("导入", reverse("standard_import"))]
    return [("测评标准", root()), *way, (draft.source_name, "")]


def figures(reading: Reading) -> dict[str, Any]:
    """The sums above the tree: stated beside added."""
    return {
        "total": show(reading.total), "stated": "" if reading.stated_total is None else show(reading.stated_total),
        "differs": reading.stated_total not in (None, reading.total), "areas": len(reading.areas),
        "sections": len(reading.sections), "leaves": len(reading.leaves), "without": sum(not leaf.lead for leaf in reading.leaves),
        "lists": [
            (label, count, f"?list={name}") for name, label in NAMES.items() if (count := len(getattr(reading, name)))
        ],
    }  # fmt: skip


def sheet_chosen(request: HttpRequest, source: Source, at: str = "") -> str:
    """The sheet asked for, else that of the place asked for, else the first with indicators."""
    names = [sheet.name for sheet in source.book.sheets]
    place = place_of(at)
    for wanted in (place[0] if place else "", request.POST.get("sheet", ""), request.GET.get("sheet", "")):
        if wanted in names:
            return wanted
    return next((one.name for one in source.sheets if one.role == "indicators"), names[0])


def number_in(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def tabs(source: Source, chosen: str, url: str) -> list[tuple[str, str, int, str, bool]]:
    """(sheet, role, rows read, address, whether shown)."""
    rows: dict[str, int] = {}
    for one in source.sheets:
        rows[one.name] = rows.get(one.name, 0) + one.rows_read
    return [
        (sheet.name, ROLES[source.sheet(sheet.name).role], rows.get(sheet.name, 0), f"{url}&{urlencode({'sheet': sheet.name})}",
         sheet.name == chosen)
        for sheet in source.book.sheets
    ]  # fmt: skip


def sheets_list(source: Source) -> list[dict[str, Any]]:
    """Every sheet of the file: what it was read as, how many rows, why not read, and the choice of a role."""
    rows: dict[str, int] = {}
    for one in source.sheets:
        rows[one.name] = rows.get(one.name, 0) + one.rows_read
    found = []
    for sheet in source.book.sheets:
        read = source.sheet(sheet.name)
        said = (source.choices.sheets.get(sheet.name) or {}).get("role", "")
        found.append(
            {
                "name": sheet.name, "role": ROLES[read.role], "rows": rows.get(sheet.name, 0), "height": len(sheet.rows),
                "why": read.why, "hidden": sheet.hidden, "text": sheet.kind == "text",
                "options": [("", f"自动：{ROLES[read.role]}" if not said else "自动", not said)]
                + [(key, label, key == said) for key, label in ROLES.items()],
            }
        )  # fmt: skip
    return found


def columns_step(request: HttpRequest, source: Source, here: str, shown: Shown) -> dict[str, Any]:
    """The sheet at the left with a choice over each column; what comes of it at the right."""
    name = sheet_chosen(request, source)
    sheet = source.sheet(name)
    grid = Grid(next(one for one in source.book.sheets if one.name == name))
    base = f"{here}?step=columns&{urlencode({'sheet': name})}"
    marks = marks_of(source.reading, [], (), cells_of(source.book))
    shown_page = grid_page(
        grid, sheet, page=number_in(request.GET.get("page", "")), at="", marks=marks, base=""
    )
    choice = source.choices.sheets.get(name) or {}
    chosen = shown.columns or {f"col-{c}": meaning for c, meaning in (choice.get("columns") or {}).items()}
    rows = list(choice.get("header_rows") or ())
    return {
        "sheet": sheet, "tabs": tabs(source, name, f"{here}?step=columns"), "grid": shown_page, "base": base,
        "every_sheet": sheets_list(source), "paras": text_of(grid, shown_page, "", {}, ""),
        "columns": [columns_choice(c, sheet, grid, chosen, source.choices.headers) for c in range(len(shown_page.heads))],
        "roles": [("", f"自动：{ROLES[sheet.role]}", False)]
        + [(key, label, (shown.columns.get("role") or choice.get("role")) == key) for key, label in ROLES.items()],
        "header_first": shown.columns.get("header_first", rows[0] + 1 if rows else ""),
        "header_last": shown.columns.get("header_last", rows[-1] + 1 if rows else ""),
        "header_auto": [r + 1 for r in sheet.header_rows], "chosen": bool(choice),
        "some": source.reading.leaves[:14] if source.reading else [], "why": sheet.why,
    }  # fmt: skip


def columns_choice(
    c: int, sheet: SheetReading, grid: Grid, chosen: dict[str, str], headers: dict[str, str]
) -> dict[str, Any]:
    """The select over column C: left to the reader, or a meaning chosen."""
    auto = MEANINGS.get(sheet.columns.get(c, ""), "不读")
    head = sheet.headers.get(c, "")
    everywhere = f"all-{c}" in chosen or (head in headers and "sheet" not in chosen)
    value = chosen.get(f"col-{c}", "") or headers.get(head, "")
    return {"n": c, "everywhere": everywhere, "said": head in headers, "letter": column_name(c), "auto": auto, "value": value, "head": head[:24],
            "long": sheet.columns.get(c) in LONG, "options": [(key, label, key == value) for key, label in MEANINGS.items()]}  # fmt: skip


def text_of(grid: Grid, shown: GridPage, at: str, marks: dict[str, str], base: str) -> list[Paragraph]:
    """A text sheet as paragraphs; nothing for a sheet that is a table."""
    return paragraphs(grid, shown, at=at, marks=marks, base=base) if grid.sheet.kind == "text" else []


def selected_node(request: HttpRequest, reading: Reading, shown: Shown) -> Node | None:
    """The node asked for by its key, or by a place in the source; the places of doubts ask for both."""
    key = shown.node_key or request.GET.get("node", "")
    found = next((node for node in reading.nodes if node.key == key), None)
    return found or (at_place(reading, at) if (at := request.GET.get("at", "")) else None)


def check_step(
    request: HttpRequest, here: str, source: Source, reading: Reading, unknown: list[Unknown], shown: Shown
) -> dict[str, Any]:
    base = f"{here}?step=check"
    accepted = source.choices.accepted
    node = selected_node(request, reading, shown)
    at = request.GET.get("at") or (node.where if node else "")
    name = sheet_chosen(request, source, at)
    grid = Grid(next(one for one in source.book.sheets if one.name == name))
    cells = cells_of(source.book)
    marks = marks_of(reading, unknown, accepted, cells)
    lines, tail = outline(reading, base, node, lamps_of(reading, unknown, accepted), touched(source.choices))
    by_hand = source.book.kind == "json"  # it has no places, only codes
    codes = {one.key: one.code for one in reading.nodes if by_hand}
    every = doubts(
        reading, unknown, accepted, here, lambda where: place_words(source.book, where), cells, codes
    )
    doubt_page = Paginator(every, A_PAGE).get_page(request.GET.get("w"))
    count = {key: sum(one.severity == key for one in every) for key in ("must", "confirm", "info", "done")}
    columns_url = f"{here}?step=columns&{urlencode({'sheet': name})}"
    sheet = source.sheet(name)
    shown_page = grid_page(
        grid,
        sheet,
        page=number_in(request.GET.get("page", "")),
        at=at,
        marks=marks,
        base=base,
        columns_url=columns_url,
    )
    return {
        "sheet": sheet, "tabs": tabs(source, name, base), "base": f"{base}&{urlencode({'sheet': name})}", "grid": shown_page,
        "lines": lines, "tail": tail, "node": node, "doubts": doubt_page, "count": count, "at": at, "paras": text_of(grid, shown_page, at, marks, base),
        "area_form": shown.panel_form if shown.panel == "add_area" else NewLeafForm(prefix="newgroup"), "panel": shown.panel,
        "gone": [(key, text) for key in deleted(source.choices) if (text := gone_text(key, source))],
        **(editor(request, reading, node, base, source, shown) if node else {}),
    }  # fmt: skip


def editor(
    request: HttpRequest, reading: Reading, node: Node, base: str, source: Source, shown: Shown
) -> dict[str, Any]:
    """The form of one node, the nodes before and after it, and the groups it may be put under."""
    by_key = {one.key: one for one in reading.nodes}
    index = next(n for n, one in enumerate(reading.nodes) if one.key == node.key)
    around = [reading.nodes[n] if 0 <= n < len(reading.nodes) else None for n in (index - 1, index + 1)]
    urls = [node_url(base, one) if one else "" for one in around]
    made: type[GroupForm] = LeafForm if node.is_leaf else GroupForm
    group = node if not node.is_leaf else by_key.get(node.parent or "")
    change = source.choices.nodes.get(node.key, {})
    panel = shown.panel or request.GET.get("do", "")
    typed = shown.panel_form
    beside = siblings_of(reading, node)
    at = beside.index(node)
    near = (
        [one for one in beside[max(0, at - 4) : at + 9] if one.is_leaf and one is not node]
        if node.is_leaf
        else []
    )
    return {
        "form": shown.node_form or made(node=node), "previous": urls[0], "next": urls[1],
        "above": [(node_url(base, one), one) for one in reversed(chain(node, by_key)[1:])],
        "group": group, "by_hand": bool(set(change) - amend.QUIET), "was_added": node.key.startswith(ADDED) and PART not in node.key,
        "place": place_words(source.book, node.where) if place_of(node.where) else "", "place_cell": node.where.rpartition("!")[2],
        "children": sum(one.parent == node.key for one in reading.nodes), "panel": panel, "panel_said": shown.panel_said,
        "differs": shown.differs, "parts_of": node.key.rpartition(PART)[0], "joined": len(change.get("join") or []), "near": near,
        "with": request.POST.getlist("with"), "first": at == 0, "last": at == len(beside) - 1,
        "split_form": typed if isinstance(typed, SplitForm) else SplitForm(amend_proposal(node)) if node.is_leaf else None,
        "split_typed": isinstance(typed, SplitForm), "old_points": "" if node.points is None else show(node.points),
        "move_form": typed if isinstance(typed, MoveForm) else move_form(reading, node),
        "new_form": typed if panel == "add" and isinstance(typed, NewLeafForm) else NewLeafForm(prefix="new"),
        "newgroup_form": typed if panel == "add_group" and isinstance(typed, NewLeafForm) else NewLeafForm(prefix="newgroup"),
    }  # fmt: skip


def amend_proposal(node: Node) -> list[dict[str, Any]]:
    """Where the item may come apart; else its own text as the first of two pieces."""
    whole = {"title": node.title, "points": "", "requirement": node.requirement}
    return proposed(node) or [whole]


def gone_text(key: str, source: Source) -> str:
    """What stands in the cell of a node that was taken out, or how it was called; "" of a row added and left empty."""
    if key.startswith(ADDED) or source.book.kind == "json":
        change = source.choices.nodes[key]
        if title := change.get("title"):
            return f"{change.get('code', '')} {title}".strip()
        return source.titles.get(key, "")
    place = place_of(key.partition("#")[0].rstrip("^"))
    sheet = next((one for one in source.book.sheets if place and one.name == place[0]), None)
    if place is None or sheet is None or place[1] >= len(sheet.rows) or place[2] >= len(sheet.rows[0]):
        return key
    return as_text(Grid(sheet).cell(place[1], place[2]))[:40] or key


def renamed(reading: Reading, said: dict[str, Any]) -> Reading:
    """READING with the total as the clerk states it."""
    return replace(reading, stated_total=said["stated_total"])
