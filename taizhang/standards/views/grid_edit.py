"""表格编辑: the whole tree as a table of cells. With a script one sheet worked by keyboard, without it a paged form.

The grid knows a draft's tree and nothing of where the tree came from, so that hand-written standards use it too.
"""

import json
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from taizhang.kit.errors import NotPermitted, Refused, Stale

from .. import actions, queries
from ..models import Draft
from ..rules import amend
from ..rules.cells import BY_NAME, COLUMNS, Wrong, changes, has, rows, shown
from ..rules.numbers import show
from ..rules.tree import Json, Node, Reading
from .common import form_keys, root
from .left import with_left
from .source import read_with

A_PAGE = 25
MOST_CELLS = 5_000  # of one post; a pasted block of 400 rows and 12 columns
TRIES = 3


@dataclass(frozen=True)
class Cell:
    """A cell of the form without script."""

    name: str
    label: str
    value: str
    kind: str
    width: float
    options: tuple[tuple[str, bool], ...]
    off: bool
    wrong: str


@dataclass(frozen=True)
class Given:
    """A cell as sent: of which node and column, its text, and the text it had when it was opened (None: unknown)."""

    key: str
    name: str
    text: str
    was: str | None


def asked_for(request: HttpRequest, pk: int) -> Draft:
    return get_object_or_404(queries.drafts_for(request.user).select_related("agency"), pk=pk)


@require_http_methods(["GET", "POST"])
def draft_grid(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the page, or with ?rows=1 all rows as JSON. POST: changed cells, as JSON from the script, else as a form."""
    draft = asked_for(request, pk)
    here = f"{root()}drafts/{draft.pk}/"
    if draft.edition_id:
        if request.method == "POST" or "rows" in request.GET:
            raise Refused("这份文件已经保存为标准，不能再改。需要修改请另存新版。")
        return redirect(here)
    try:
        reading = read_with(draft, draft.choices)
    except Refused:
        if request.method == "POST" or "rows" in request.GET:
            raise
        return redirect(f"{here}?step=columns")
    if request.method == "POST":
        return _sent(request, draft, reading) if "cells" in request.POST else _form(request, draft, reading)
    if "rows" in request.GET:
        return JsonResponse(table(draft, reading, queries.place_names(queries.propose_lead(draft.agency))))
    return _show(request, draft, reading, {})


def table(draft: Draft, reading: Reading, units: dict[int, str]) -> Json:
    """Everything that the script needs: columns, rows (rules.cells.rows), the agency's units, the sums."""
    return {
        "columns": [
            [one.name, one.label, one.kind, one.width, [label for _, label in one.options], int(one.groups)]
            for one in COLUMNS
        ],
        "rows": rows(reading.nodes), "units": list(units.values()), "version": draft.version, **sums(reading),
    }  # fmt: skip


def sums(reading: Reading) -> Json:
    stated = "" if reading.stated_total is None else show(reading.stated_total)
    return {"total": show(reading.total), "stated": stated, "leaves": len(reading.leaves)}


# ---- what was changed


def applied(
    choices: Json, nodes: dict[str, Node], given: list[Given]
) -> tuple[Json, list[Given], list[list[str]]]:
    """CHOICES with what fits of GIVEN; the cells that were taken; [key, column, message] of those refused."""
    taken: list[Given] = []
    refused: list[list[str]] = []
    for cell in given:
        node = nodes.get(cell.key)
        column = BY_NAME.get(cell.name)
        if node is None or column is None:
            refused.append([cell.key, cell.name, "这一行已不在识别结果里，可能已被删除、拆分或合并。"])
            continue
        now = shown(node, column)
        if cell.was is not None and now != cell.was and now != cell.text.strip():
            refused.append(
                [
                    cell.key,
                    cell.name,
                    f"没有保存：这一格刚被改成“{now or '空'}”。要用你填的，请再按一次回车。",
                ]
            )
            continue
        try:
            change = changes(node, cell.name, cell.text)
        except Wrong as wrong:
            refused.append([cell.key, cell.name, str(wrong)])
            continue
        if change:
            choices = amend.with_node(choices, cell.key, change)
        taken.append(cell)
    return choices, taken, refused


def cells_in(text: str) -> list[Given]:
    """[[key, column, text, was], …] as JSON; Refused when it is anything else."""
    try:
        found = json.loads(text)
        cells = [
            Given(str(key), str(name), str(text), None if was is None else str(was))
            for key, name, text, was in found
        ]
    except (ValueError, TypeError) as error:
        raise Refused("送来的内容不完整，没有保存。请刷新页面再试。") from error
    if len(cells) > MOST_CELLS:
        raise Refused(f"一次最多改 {MOST_CELLS} 格，没有保存。请分几次粘贴。")
    return cells


def _sent(request: HttpRequest, draft: Draft, reading: Reading) -> JsonResponse:
    """The script's cells. Each is compared with what stands now, so two windows disturb each other only in the same cell."""
    given = cells_in(request.POST["cells"])
    for attempt in range(TRIES):
        nodes = {node.key: node for node in reading.nodes}
        choices, taken, refused = applied(draft.choices, nodes, given)
        try:
            if choices != draft.choices:
                after = read_with(draft, choices)
                actions.mend(
                    draft, by=request.user, choices=with_left(draft, choices), seen=draft.version,
                    once=request.POST.get("once", ""),
                )  # fmt: skip
                reading = after
            break
        except Stale:
            if attempt == TRIES - 1:
                raise
            draft.refresh_from_db()
            reading = read_with(draft, draft.choices)
    nodes = {node.key: node for node in reading.nodes}
    saved = [
        [one.key, one.name, shown(nodes[one.key], BY_NAME[one.name])] for one in taken if one.key in nodes
    ]
    return JsonResponse({"saved": saved, "refused": refused, "version": draft.version, **sums(reading)})


def _form(request: HttpRequest, draft: Draft, reading: Reading) -> HttpResponse:
    """The page's own form: every cell of it is sent, those that differ are changed; all or none."""
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
    try:
        if choices != draft.choices:
            read_with(draft, choices)
            keys = form_keys(request)
            keys["seen"] = keys["seen"] or draft.version
            actions.mend(draft, choices=with_left(draft, choices), **keys)
    except NotPermitted:
        raise
    except Refused as refusal:
        return _show(request, draft, reading, typed, said=refusal.message, status=refusal.status)
    messages.success(request, "已保存这一页的修改。" if choices != draft.choices else "已看过，没有改动。")
    page = request.POST.get("page", "1")
    there = (
        str(int(page) + ("next" in request.POST))
        if page.isascii() and page.isdigit() and len(page) < 7
        else "1"
    )
    return redirect(f"{root()}drafts/{draft.pk}/grid/?page={there}")


# ---- the page


def _show(
    request: HttpRequest, draft: Draft, reading: Reading, typed: dict[tuple[str, str], tuple[str, str]], *,
    said: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    page = Paginator(reading.nodes, A_PAGE).get_page(request.POST.get("page") or request.GET.get("page"))
    here = f"{root()}drafts/{draft.pk}/"
    lines = [
        (node.key, node.level, node.is_leaf, [_cell(node, column.name, typed) for column in COLUMNS])
        for node in page
    ]
    context: dict[str, Any] = {
        "draft": draft, "here": here, "page": page, "lines": lines, "columns": COLUMNS, "said": said, **sums(reading),
        "differs": reading.stated_total not in (None, reading.total), "written": draft.written,
        "units": list(queries.place_names(queries.propose_lead(draft.agency)).values()),
        "crumbs": [
            ("测评标准", root()), ("导入", reverse("standard_import")), (draft.source_name, here), ("表格编辑", ""),
        ],
    }  # fmt: skip
    return render(request, "standards/grid_edit.html", context, status=status)


def _cell(node: Node, name: str, typed: dict[tuple[str, str], tuple[str, str]]) -> Cell:
    column = BY_NAME[name]
    text, wrong = typed.get((node.key, name), (shown(node, column), ""))
    options = tuple((label, label == text) for _, label in column.options)
    return Cell(
        f"c|{node.key}|{name}", f"{node.code} {column.label}", text, column.kind, column.width, options,
        not has(node, column), wrong,
    )  # fmt: skip
