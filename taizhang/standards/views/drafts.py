"""What a clerk does with a draft: find it, take one action, show the next page."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from taizhang.kit.errors import NotPermitted, Refused
from taizhang.org.action import demand

from .. import actions, queries
from ..forms import GroupForm, LeafForm, SaveForm, SplitForm
from ..models import Draft
from ..rules import amend
from ..rules.cells import Wrong
from ..rules.columns import MEANINGS
from ..rules.numbers import show
from ..rules.shape import ADDED, PART
from ..rules.tree import ROLES, Json, Node, Reading, SheetReading
from .common import form_keys, root
from .doubts import unknown_names
from .left import with_left
from .meaning import back, refused_text, settle
from .memory import remember, without_form
from .outline import node_url
from .saving import kept_standard
from .shaping import ACTS, add_it, shape
from .source import read_with, source_of
from .steps import WRITTEN
from .wizard import STEP_NAMES, Shown, address, renamed, show_draft

MOST_ROWS = 100_000


def _found(request: HttpRequest, pk: int) -> Draft:
    return get_object_or_404(
        queries.drafts_for(request.user).select_related(
            "agency", "edition", "base__standard", "over__standard"
        ),
        pk=pk,
    )


def _mend(request: HttpRequest, draft: Draft, choices: Json) -> None:
    keys = form_keys(request)
    keys["seen"] = keys["seen"] or draft.version  # the choices were made from what was read just now
    actions.mend(draft, choices=with_left(draft, choices), **keys)


def _to(draft: Draft, step: str, fragment: str = "", **query: str) -> HttpResponse:
    asked = urlencode({"step": step, **{key: value for key, value in query.items() if value}})
    return redirect(f"{address(draft)}?{asked}{fragment}")


@require_safe
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    if found.edition is not None:
        saved = f"{root()}{found.edition.standard_id}/?edition={found.edition_id}"
        return HttpResponseClientRedirect(saved) if request.htmx else redirect(saved)  # type: ignore[attr-defined]
    step = request.GET.get("step", "")
    if found.scans and queries.unseen_pages(found):
        return redirect(f"{address(found)}scan/")
    if found.written and not step:
        return redirect(f"{address(found)}grid/")
    known = WRITTEN if found.written else STEP_NAMES
    return show_draft(request, found, Shown(step if step in known else "check"))


# ---- 对列


def _sheet_choice(request: HttpRequest, width: int, height: int) -> Json:
    """What was chosen for one sheet; Refused when the header rows are not rows of it."""
    posted = request.POST
    columns = {str(c): posted[f"col-{c}"] for c in range(width) if posted.get(f"col-{c}") in MEANINGS}
    choice: Json = {"columns": columns} if columns else {}
    if posted.get("role") in ROLES:
        choice["role"] = posted["role"]
    first, last = posted.get("header_first", "").strip(), posted.get("header_last", "").strip()
    if first or last:
        numbers = [text or first or last for text in (first, last)]
        if not all(
            text.isascii() and text.isdigit() and 1 <= int(text) <= min(height, MOST_ROWS) for text in numbers
        ):
            raise Refused(f"表头的行号要写成 1 到 {height} 的整数，或者都空着由系统自己找。")
        top, bottom = int(numbers[0]) - 1, int(numbers[1]) - 1
        if not 0 <= bottom - top <= 5:
            raise Refused("表头的末行不能在首行前面，表头最多六行。")
        choice["header_rows"] = list(range(top, bottom + 1))
    return choice


def _for_all(request: HttpRequest, sheet: SheetReading) -> dict[str, str]:
    """Header text → meaning, for the columns whose box "everywhere in this file" is ticked; "" takes it back."""
    found = {}
    for c, text in sheet.headers.items():
        meaning = request.POST.get(f"col-{c}", "")
        if text and f"was-all-{c}" in request.POST and f"all-{c}" not in request.POST:
            found[text] = ""
        elif text and f"all-{c}" in request.POST and meaning in MEANINGS:
            found[text] = meaning
    return found


@require_POST
def draft_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """What the columns of one sheet mean, and what the sheet is for."""
    found = _found(request, pk)
    source = source_of(found)
    sheet = next((one for one in source.book.sheets if one.name == request.POST.get("sheet")), None)
    try:
        if sheet is None:
            raise Refused("文件里没有这张表。请回到“对列”重新选。")
        choice = (
            {}
            if request.POST.get("act") == "auto"
            else _sheet_choice(request, len(sheet.rows[0]) if sheet.rows else 0, len(sheet.rows))
        )
        choices = found.choices
        if request.POST.get("act") == "role":
            kept = dict((choices.get("sheets") or {}).get(sheet.name) or {})
            kept.pop("role", None)
            choice = kept | ({"role": choice["role"]} if "role" in choice else {})
        for text, meaning in _for_all(request, source.sheet(sheet.name)).items():
            choices = amend.with_header(choices, text, meaning)
        choices = amend.with_sheet(choices, sheet.name, choice)
        if request.POST.get("act") == "forget":
            choices = {**choices, "nodes": {}}
        if choices != found.choices:
            _mend(request, found, choices)
    except NotPermitted:
        raise
    except Refused as refusal:
        typed = {key: value for key, value in request.POST.items() if isinstance(value, str)}
        return show_draft(
            request, found, Shown("columns", columns=typed, said=refusal.message, status=refusal.status)
        )
    again = source_of(found)
    if again.reading is None:
        messages.warning(request, "已按新的含义重新读取，还没有读到指标。")
        return _to(found, "columns", sheet=sheet.name)
    words = f"已按新的含义重新读取：{len(again.reading.leaves)} 项，合计 {show(again.reading.total)} 分。"
    messages.success(request, words)
    return _to(found, "check" if request.POST.get("act") == "next" else "columns", sheet=sheet.name)


# ---- 核对


@require_POST
def draft_node(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend, move, delete or restore one node; add a leaf beneath it."""
    found = _found(request, pk)
    act, key = request.POST.get("act", "save"), request.POST.get("node", "")
    if act == "add_area":
        return _add_area(request, found)
    if act == "restore":
        _mend(request, found, amend.without_node(found.choices, key, "delete"))
        return _to(found, "check", "#w", node=key)
    reading = _reading(found)
    node = next((one for one in reading.nodes if one.key == key), None)
    if node is None:
        raise Refused("这一项已不在识别结果里，可能已被删除或改了列的含义。请回到核对页看最新结果。")
    if act == "reset":
        if edited := _edited(found.choices, key):
            _mend(request, found, amend.without_node(found.choices, key, *edited))
        messages.success(request, f"“{node.title}”已恢复成文件里的样子。")
        return _to(found, "check", "#w", node=key)
    return (
        _shape(request, found, reading, node, act)
        if act in ACTS
        else _save_node(request, found, reading, node)
    )


def _shape(request: HttpRequest, found: Draft, reading: Reading, node: Node, act: str) -> HttpResponse:
    """Split, join, move, add, delete; a refused form comes back as typed."""
    shown = Shown("check", node_key=node.key, panel=act, status=409)
    try:
        done = shape(request, act, found.choices, reading, node)
        if done.choices is not None:
            read_with(found, done.choices)
            _mend(request, found, done.choices)
    except NotPermitted:
        raise
    except Refused as refusal:
        shown.panel_said, shown.status = refusal.message, refusal.status
        shown.panel_form = SplitForm.posted(request.POST) if act == "split" else None
        return show_draft(request, found, shown)
    if done.choices is None:
        shown.panel_said, shown.differs = done.said, done.differs
        shown.panel_form = done.split or done.move or done.add
        return show_draft(request, found, shown)
    messages.success(request, done.said)
    return _to(found, "check", "#w", node=done.key or node.parent or "")


def _add_area(request: HttpRequest, found: Draft) -> HttpResponse:
    """A group on the uppermost level."""
    done = add_it(request, found.choices, None, leaf=False)
    if done.choices is None:
        return show_draft(request, found, Shown("check", panel="add_area", panel_form=done.add, status=409))
    _mend(request, found, done.choices)
    messages.success(request, done.said)
    return _to(found, "check", "#w", node=done.key)


def _edited(choices: Json, key: str) -> list[str]:
    """The corrections of a node's content that can be taken back; what was added has nothing to go back to."""
    if key.startswith(ADDED) and PART not in key:
        return []
    return [name for name in (choices.get("nodes") or {}).get(key, {}) if name not in ("split", "join")]


def _reading(found: Draft) -> Reading:
    source = source_of(found)
    if source.reading is None:
        raise Refused(source.refusal)
    return source.reading


def _save_node(request: HttpRequest, found: Draft, reading: Reading, node: Node) -> HttpResponse:
    made: type[GroupForm] = LeafForm if node.is_leaf else GroupForm
    form = made(request.POST, node=node)
    shown = Shown("check", node_key=node.key, node_form=form, status=409)
    if not form.is_valid():
        return show_draft(request, found, shown)
    change = form.changes()
    try:
        if change:
            choices = amend.with_node(found.choices, node.key, change)
            read_with(found, choices)
            _mend(request, found, choices)
    except NotPermitted:
        raise
    except Refused as refusal:
        form.add_error(None, refusal.message)
        shown.status = refusal.status
        return show_draft(request, found, shown)
    if change:
        messages.success(request, f"已改：{form.cleaned_data['code']} {form.cleaned_data['title']}。")
    else:
        messages.info(request, "没有改动。")
    if request.POST.get("then") == "next":
        node = _next_doubt(found, node)
    return redirect(node_url(f"{address(found)}?step=check", node))


def _next_doubt(found: Draft, node: Node) -> Node:
    """The next node after NODE with an open doubt, else NODE again."""
    reading = _reading(found)
    doubtful = {warning.node for warning in reading.open() if warning.node}
    at = next((n for n, one in enumerate(reading.nodes) if one.key == node.key), 0)
    after = [*reading.nodes[at + 1 :], *reading.nodes[:at]]
    return next((one for one in after if one.key in doubtful), node)


@require_POST
def draft_warnings(request: HttpRequest, pk: int) -> HttpResponse:
    """Settle doubts, singly or all: as suggested, as read, or with another department."""
    found = _found(request, pk)
    reading = _reading(found)
    choices, said = _settled(request, found, reading)
    if choices is None:
        raise Refused("这一处已经处理过，或已不在识别结果里。请看最新的核对页。")
    _mend(request, found, choices)
    messages.success(request, said)
    return _to(found, "check", "#doubts", at=request.POST.get("at", ""))


def _settled(request: HttpRequest, found: Draft, reading: Reading) -> tuple[Json | None, str]:
    """The choices after what was pressed, and what was done in words; None when there is nothing to do it to."""
    posted: Any = request.POST
    if "all" in posted:
        unknown = unknown_names(reading, queries.propose_lead(found.agency))
        choices = amend.with_all(found.choices, reading)
        choices = amend.with_accepted(
            choices, *(one.id for one in unknown if one.id not in (choices.get("accepted") or ()))
        )
        return choices, "已全部按建议处理。要逐处再看的，在下面“已处理”里点“重新核对”。"
    if "accept" in posted:
        return amend.with_accepted(found.choices, posted["accept"]), "已确认。"
    if "undo" in posted:
        return amend.without_accepted(found.choices, posted["undo"]), "已改回待核对。"
    if "apply" in posted:
        warning = next((one for one in reading.warnings if one.id == posted["apply"]), None)
        return (
            (amend.with_suggestion(found.choices, warning), f"已改：{warning.where}。")
            if warning
            else (None, "")
        )
    if "choose" in posted:
        word, name = (*posted["choose"].split("→", 1), "")[:2]
    elif "rename" in posted or "enter" in posted:
        unknown = unknown_names(reading, queries.propose_lead(found.agency))
        # the enter key presses no button of its own: it means the field that was filled in
        wanted = posted.get("rename") or next(
            (key[3:] for key in posted if key.startswith("to-") and posted[key].strip()), ""
        )
        one = next((one for n, one in enumerate(unknown) if str(n) == wanted), None)
        word, name = one.word if one else "", posted.get(f"to-{wanted}", "").strip()[:80]
        if one and not name:
            raise Refused(f"请先写明“{word}”要改成哪个处室。")
    else:
        return None, ""
    used = any(word == leaf.lead or word in leaf.co for leaf in reading.leaves)
    if not (word and name and used):
        return None, ""
    return amend.with_name(found.choices, reading, word, name), f"“{word}”已改为“{name}”。"


@require_POST
def draft_meaning(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept what was understood, singly or all that is sure; or mend one field."""
    found = _found(request, pk)
    try:
        choices, said = settle(request, found.choices, _reading(found))
        read_with(found, choices)
        _mend(request, found, choices)
    except NotPermitted:
        raise
    except Wrong as wrong:
        return show_draft(request, found, Shown("meaning", typed=refused_text(request, wrong), status=409))
    except Refused as refusal:
        typed = refused_text(request, Wrong(refusal.message)) if "set" in request.POST else {}
        return show_draft(
            request, found, Shown("meaning", typed=typed, said=refusal.message, status=refusal.status)
        )
    messages.success(request, said)
    return back(request, address(found))


@require_POST
def draft_afresh(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the file as if the agency had never seen its form."""
    found = _found(request, pk)
    if not found.choices.get("form"):
        raise Refused("这份文件没有套用以前的读法。")
    _mend(request, found, without_form(found.choices))
    messages.success(request, "已不按以前的读法，重新读取。")
    return _to(found, "columns")


# ---- 保存, 放弃


@require_POST
def draft_save(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    form = SaveForm(request.POST, standard=kept_standard(found))
    shown = Shown("save", save_form=form, status=409)
    if not form.is_valid():
        return show_draft(request, found, shown)
    said = form.cleaned_data
    keys = form_keys(request)
    keys["seen"] = keys["seen"] or found.version  # what is saved is what was read just now
    try:
        edition = actions.save(
            found, reading=renamed(_reading(found), said), name=said["name"], label=said["label"],
            owner_kind=said["owner_kind"], valid_from=said["valid_from"], **keys,
        )  # fmt: skip
    except NotPermitted:
        raise
    except Refused as refusal:
        form.add_error(None, refusal.message)
        shown.status = refusal.status
        return show_draft(request, found, shown)
    remember(found, source_of(found), request.user)
    then = "正在用旧版的创建活动，到它的页面上换版。" if edition.base_id else ""
    messages.success(request, f"已保存《{edition.standard.name}》{edition.label}。{then}")
    return redirect(f"{root()}{edition.standard_id}/?edition={edition.pk}")


@require_POST
def draft_drop(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    demand(request.user, "standards.drop", found, noted=True)
    name, doing = found.source_name, found.doing
    actions.drop(found, **form_keys(request))
    messages.success(request, f"已放弃{doing}“{name}”，没有保存任何标准。")
    return redirect("standards")
