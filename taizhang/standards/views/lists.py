"""清单: the negative list, the conditions of application and the bonus list of a draft, entry by entry."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from taizhang.kit.errors import NotPermitted, Refused

from .. import actions
from ..forms import EntryForm
from ..models import Draft
from ..rules import entries
from ..rules.entries import NAMES
from ..rules.numbers import show
from ..rules.tree import Entry, Json, Reading
from .common import form_keys, root
from .grid_edit import asked_for
from .left import with_left
from .source import read_with
from .steps import steps_of

GONE = "这一条已经不在清单里，可能刚被删除或改过。请看最新的清单。"


@require_http_methods(["GET", "POST"])
def draft_lists(request: HttpRequest, pk: int) -> HttpResponse:
    """One of the three lists; POST adds, changes, moves or takes out an entry, or takes the file's list again."""
    draft = asked_for(request, pk)
    if draft.edition_id:
        return redirect(f"{root()}drafts/{draft.pk}/")
    name = request.POST.get("list") or request.GET.get("list", "")
    name = name if name in NAMES else "negatives"
    try:
        reading = read_with(draft, draft.choices)
    except Refused:
        if request.method == "POST":
            raise
        return redirect(f"{root()}drafts/{draft.pk}/?step=columns")
    listed: list[Entry] = list(getattr(reading, name))
    at = _index(request.POST.get("n") or request.GET.get("n", ""), listed)
    if request.method == "GET":
        return _show(request, draft, reading, name, at)
    form: EntryForm | None = None
    try:
        if request.POST.get("n") and at is None:
            raise Refused(GONE)
        act = request.POST.get("act", "save")
        if act == "save":
            form = EntryForm(request.POST, name=name, entry=None if at is None else listed[at])
            if not form.is_valid():
                return _show(request, draft, reading, name, at, form, status=409)
            listed[slice(at, at + 1) if at is not None else slice(len(listed), None)] = [form.made()]
            said = f"已{'改' if at is not None else '新增'}：{form.cleaned_data['title']}。"
            choices = entries.with_entries(draft.choices, name, listed)
        elif act == "file":
            choices, said = (
                entries.without_entries(draft.choices, name),
                f"{NAMES[name]}已恢复成文件里的样子。",
            )
        elif at is not None and act in ("remove", "up", "down"):
            choices, said = _moved(draft.choices, name, listed, at, act)
        else:
            raise Refused(GONE)
        read_with(draft, choices)
        keys = form_keys(request)
        keys["seen"] = keys["seen"] or draft.version
        actions.mend(draft, choices=with_left(draft, choices), **keys)
    except NotPermitted:
        raise
    except Refused as refusal:
        if form is not None:
            form.add_error(None, refusal.message)
        return _show(
            request,
            draft,
            reading,
            name,
            at,
            form,
            said=refusal.message if form is None else "",
            status=refusal.status,
        )
    messages.success(request, said)
    return redirect(f"{root()}drafts/{draft.pk}/lists/?{urlencode({'list': name})}")


def _index(text: str, listed: list[Entry]) -> int | None:
    """Which entry is meant, counted from 1 in the address; None for a new one or one that is not there."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    return number - 1 if 1 <= number <= len(listed) else None


def _moved(choices: Json, name: str, listed: list[Entry], at: int, act: str) -> tuple[Json, str]:
    """The list without its entry AT, or with that one place up or down."""
    one = listed.pop(at)
    if act == "remove":
        return entries.with_entries(choices, name, listed), f"已删除：{one.title}。"
    to = at - 1 if act == "up" else at + 1
    if not 0 <= to <= len(listed):
        raise Refused("已经在最前面了。" if act == "up" else "已经在最后面了。")
    listed.insert(to, one)
    return entries.with_entries(choices, name, listed), f"已移动：{one.title}。"


def _show(
    request: HttpRequest, draft: Draft, reading: Reading, name: str, at: int | None, form: EntryForm | None = None, *,
    said: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    here = f"{root()}drafts/{draft.pk}/"
    listed: list[Entry] = getattr(reading, name)
    chosen = listed[at] if at is not None else None
    rows = [
        (n, f"?{urlencode({'list': name, 'n': n})}#entry", one.code, one.title, one.text,
         "" if one.points is None else show(one.points), one.veto, "；".join(f"{head}：{text}" for head, text in one.extra.items()))
        for n, one in enumerate(listed, start=1)
    ]  # fmt: skip
    context: dict[str, Any] = {
        "draft": draft, "bar": steps_of(draft, "check"), "here": here, "name": name, "label": NAMES[name], "rows": rows, "said": said,
        "tabs": [(label, len(getattr(reading, key)), f"?{urlencode({'list': key})}", key == name) for key, label in NAMES.items()],
        "form": form or EntryForm(name=name, entry=chosen), "n": at + 1 if at is not None else 0, "chosen": chosen,
        "first": at == 0, "last": at is not None and at == len(listed) - 1,
        "by_hand": name in (draft.choices.get("lists") or {}), "written": draft.written,
        "crumbs": [("测评标准", root()), ("导入", reverse("standard_import")), (draft.source_name, here), ("清单", "")],
    }  # fmt: skip
    return render(request, "standards/draft_lists.html", context, status=status)
