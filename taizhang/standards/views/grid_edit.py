"""表格编辑: the whole tree as a table of cells. With a script one sheet worked by keyboard (what it sends: grid_sent),
without it, and on a phone, a paged form.

The grid knows a draft's tree and nothing of where the tree came from, so that hand-written standards use it too.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from taizhang.kit.errors import NotPermitted, Refused

from .. import actions, queries
from ..models import Draft
from ..rules import amend
from ..rules.cells import BY_NAME, COLUMNS, EVERY, Column, has, rows, shown
from ..rules.rule_text import EXAMPLES
from ..rules.tree import Json, Node, Reading
from .common import form_keys, root
from .grid_sent import Given, applied, rearranged, sent, sums
from .left import with_left
from .source import read_with
from .steps import steps_of

A_PAGE = 25
#: the buttons of a row in the form without script → what is added: (an item or a group, beneath it or beside it)
ADD = {"item": "加一项", "beside": "加同级组", "within": "加下级组"}


@dataclass(frozen=True)
class Cell:
    """A cell of the form without script."""

    name: str
    label: str
    head: str
    value: str
    kind: str
    options: tuple[tuple[str, bool], ...]
    off: bool
    wrong: str


def asked_for(request: HttpRequest, pk: int) -> Draft:
    drafts = queries.drafts_for(request.user).select_related("agency", "base__standard", "over__standard")
    return get_object_or_404(drafts, pk=pk)


def wide(request: HttpRequest, draft: Draft) -> bool:
    """Whether every column is shown: as asked, else where a standard is written from its first word."""
    asked = request.POST.get("more") or request.GET.get("more") or ""
    return asked == "1" if asked else draft.written


@require_http_methods(["GET", "POST"])
def draft_grid(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the page, or with ?rows=1 all rows as JSON. POST: what changed, as JSON from the script, else as a form."""
    draft = asked_for(request, pk)
    here = f"{root()}drafts/{draft.pk}/"
    if draft.edition_id:
        if request.method == "POST" or "rows" in request.GET:
            raise Refused("这份草稿已经保存为标准，不能再改。需要修改请另存新版。")
        return redirect(here)
    try:
        reading = read_with(draft, draft.choices)
    except Refused:
        if draft.written or request.method == "POST" or "rows" in request.GET:
            raise
        return redirect(f"{here}?step=columns")
    if request.method == "POST":
        return sent(request, draft, reading) if "cells" in request.POST else _form(request, draft, reading)
    if "rows" in request.GET:
        columns = EVERY if wide(request, draft) else COLUMNS
        return JsonResponse(
            table(draft, reading, queries.place_names(queries.propose_lead(draft.agency)), columns)
        )
    return _show(request, draft, reading, {})


def table(
    draft: Draft, reading: Reading, units: dict[int, str], columns: tuple[Column, ...] = COLUMNS
) -> Json:
    """Everything that the script needs: columns, rows (rules.cells.rows), the agency's units, the sums."""
    return {
        "columns": [
            [one.name, one.label, one.kind, one.width, [label for _, label in one.options], int(one.groups)]
            for one in columns
        ],
        "rows": rows(reading.nodes, columns), "units": list(units.values()), "version": draft.version, **sums(reading),
    }  # fmt: skip


# ---- the form without script


def _form(request: HttpRequest, draft: Draft, reading: Reading) -> HttpResponse:
    """The page's own form: every cell of it is sent, those that differ are changed; all or none. A button of a row
    adds or takes out after that."""
    nodes = {node.key: node for node in reading.nodes}
    given = []
    for name, text in request.POST.items():
        kind, _, rest = name.partition("|")
        key, _, column = rest.rpartition("|")
        if kind == "c" and isinstance(text, str) and column in BY_NAME:
            given.append(Given(key, column, text, None))
    typed = {(one.key, one.name): (one.text, "") for one in given}
    choices, _, refused = applied(draft.choices, nodes, given)
    typed |= {(key, name): (typed[key, name][0], words) for key, name, words in refused}
    if refused:
        return _show(
            request, draft, reading, typed, said=f"有 {len(refused)} 格要改，都还没有保存。", status=409
        )
    goal = ""
    try:
        act, said = _act(request, choices, nodes)
        if act:
            draft.choices, before = choices, draft.choices
            made = rearranged(draft, [act])
            draft.choices = before
            choices, goal = made.choices, made.added[0] if made.added else ""
        if choices != draft.choices:
            reading = read_with(draft, choices)
            keys = form_keys(request)
            keys["seen"] = keys["seen"] or draft.version
            actions.mend(draft, choices=with_left(draft, choices), **keys)
            messages.success(request, said or "已保存这一页的修改。")
        else:
            messages.success(request, "已看过，没有改动。")
    except NotPermitted:
        raise
    except Refused as refusal:
        return _show(request, draft, reading, typed, said=refusal.message, status=refusal.status)
    page = request.POST.get("page", "1")
    there = int(page) + ("next" in request.POST) if page.isascii() and page.isdigit() and len(page) < 7 else 1
    if goal:
        there = next((n for n, node in enumerate(reading.nodes) if node.key == goal), 0) // A_PAGE + 1
    more = int(wide(request, draft))
    return redirect(f"{root()}drafts/{draft.pk}/grid/?more={more}&page={there}{f'#r-{goal}' if goal else ''}")


def _act(request: HttpRequest, choices: Json, nodes: dict[str, Node]) -> tuple[Json, str]:
    """What the button of a row asks for (rules.rearrange), and the words when it is done; {} without one."""
    if "cut" in request.POST:
        node = nodes.get(request.POST["cut"])
        if node is None:
            raise Refused("这一行已经不在了，可能刚被删除。请看最新的表。")
        return {
            "do": "delete",
            "keys": [node.key],
        }, f"已删除“{node.title or node.code}”，在核对页的“已删除”里可以恢复。"
    how = next((name for name in ADD if name in request.POST), "")
    if not how:
        return {}, ""
    at = nodes.get(request.POST[how])
    row = [{"key": amend.fresh_key(choices)}]
    if at is None:  # the button beneath the table
        return {
            "do": "add",
            "under": "",
            "after": "?",
            "leaf": False,
            "rows": row,
        }, "已加一个方面，请写名称。"
    if how == "item":
        under, after = (at.parent or "", at.key) if at.is_leaf else (at.key, "")
        return {
            "do": "add",
            "under": under,
            "after": after,
            "leaf": True,
            "rows": row,
        }, "已加一项，请写名称和分值。"
    if how == "within":
        return {
            "do": "add",
            "under": at.key,
            "after": "?",
            "leaf": False,
            "rows": row,
        }, "已加一组，请写名称。"
    return {
        "do": "add",
        "under": at.parent or "",
        "after": at.key,
        "leaf": False,
        "rows": row,
    }, "已加一组，请写名称。"


def _show(
    request: HttpRequest, draft: Draft, reading: Reading, typed: dict[tuple[str, str], tuple[str, str]], *,
    said: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    page = Paginator(reading.nodes, A_PAGE).get_page(request.POST.get("page") or request.GET.get("page"))
    here = f"{root()}drafts/{draft.pk}/"
    more = wide(request, draft)
    columns = EVERY if more else COLUMNS
    lines = [
        (node.key, node.is_leaf, f"{node.code} {node.title or '（还没有名称）'}", [_cell(node, column, typed) for column in columns])
        for node in page
    ]  # fmt: skip
    crumbs = [("测评标准", root()), (draft.source_name, f"{here}?step=check"), ("表格编辑", "")]
    if not draft.written:
        crumbs.insert(1, ("导入", reverse("standard_import")))
    context: dict[str, Any] = {
        "draft": draft, "bar": steps_of(draft, "grid" if draft.written else "check"), "here": here, "page": page,
        "lines": lines, "columns": columns, "said": said, **sums(reading), "more": more, "name": reading.name,
        "differs": reading.stated_total not in (None, reading.total), "written": draft.written, "examples": EXAMPLES.values(),
        "units": list(queries.place_names(queries.propose_lead(draft.agency)).values()), "crumbs": crumbs,
    }  # fmt: skip
    return render(request, "standards/grid_edit.html", context, status=status)


def _cell(node: Node, column: Column, typed: dict[tuple[str, str], tuple[str, str]]) -> Cell:
    text, wrong = typed.get((node.key, column.name), (shown(node, column), ""))
    options = tuple((label, label == text) for _, label in column.options)
    return Cell(
        f"c|{node.key}|{column.name}", f"{node.code} {column.label}", column.label, text, column.kind, options,
        not has(node, column), wrong,
    )  # fmt: skip
