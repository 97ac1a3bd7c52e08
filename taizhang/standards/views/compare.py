"""新旧对照: a draft beside the edition that it revises, to be confirmed; two saved editions, to be read."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from taizhang.kit.errors import NotPermitted, Refused
from taizhang.kit.sending import attachment
from taizhang.kit.tables import write_xlsx

from .. import actions, queries
from ..models import Draft, Edition, Standard
from ..queries import Comparison
from ..rules.editions import Line, confirm, lines_of, say_apart, say_from, sums_of, unsay
from ..rules.numbers import show
from ..rules.tree import Json, Node
from ..sheets.compare import compare_sheets
from .common import form_keys, root
from .compare_rows import counts_of, option, rows_of, shown, wanted_of
from .source import read_with
from .steps import steps_of

ZERO = Decimal(0)
A_PAGE = 50


def _leaves(nodes: Sequence[Node]) -> list[Node]:
    return [node for node in nodes if node.is_leaf]


def _frame(
    request: HttpRequest, found: Comparison, here: str, typed: Mapping[str, Sequence[str]], keep: str = "", stuck: str = ""
) -> dict[str, Any]:  # fmt: skip
    """What both pages show: sums, the chosen lines, the page of them. KEEP: what of the address stays; STUCK: the
    pair whose change was refused, shown whatever the filter."""
    lines = lines_of(found.old, found.new, found.pairs)
    sums = sums_of(found.old, found.new, found.pairs)
    confirming = not found.stored and not keep
    word = "待确认" if confirming else "拿不准"
    wanted = wanted_of(request.GET.get("show", ""), sums, confirming=confirming)
    these = shown(lines, wanted)
    if stuck and all(line.id != stuck for line in these):
        these = [*(line for line in lines if line.id == stuck), *these]
    whole = request.GET.get("print") == "1"
    page = Paginator(these, max(1, len(these)) if whole else A_PAGE).get_page(request.GET.get("page"))
    old, new = _leaves(found.old), _leaves(found.new)
    base = f"{here}?{keep}"
    return {
        "rows": rows_of(list(page.object_list), lines, typed, stuck, word), "page": page, "wanted": wanted, "whole": whole,
        "counts": counts_of(sums, base, wanted, word), "doubtful": sum(one.doubtful for one in sums),
        "totals": [(name, len(nodes), show(sum((one.points or ZERO for one in nodes), ZERO))) for name, nodes in (("旧版", old), ("新版", new))],
        "print_url": f"{base}{urlencode({'show': wanted})}&print=1", "here": here,
    }  # fmt: skip


# ---- a draft beside its base


def _draft(request: HttpRequest, pk: int) -> Draft:
    drafts = queries.drafts_for(request.user).select_related("agency", "edition", "base__standard")
    return get_object_or_404(drafts, pk=pk)


def _address(draft: Draft) -> str:
    return f"{root()}drafts/{draft.pk}/"


def _compared(draft: Draft) -> Comparison:
    """The draft as read now, beside its base. What is said about the pairs does not change the reading."""
    return queries.draft_comparison(draft, read_with(draft, {**draft.choices, "pairs": {}}))


def _show_draft(
    request: HttpRequest, draft: Draft, *, said: str = "", typed: Mapping[str, Sequence[str]] | None = None, stuck: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    here = f"{_address(draft)}compare/"
    context: dict[str, Any] = {
        "draft": draft, "base": draft.base, "bases": list(queries.bases_for(draft.agency)), "said": said,
        "bar": steps_of(draft, "compare" if draft.base_id else "save"),
        "back": _address(draft), "here": here,
        "crumbs": [("测评标准", root()), (draft.source_name, _address(draft)), ("新旧对照", "")],
    }  # fmt: skip
    if draft.base is not None:
        found = _compared(draft)
        context |= _frame(request, found, here, typed or {}, stuck=stuck)
        context |= {"old_options": [option(one) for one in _leaves(found.old)], "new_options": [option(one) for one in _leaves(found.new)]}  # fmt: skip
    else:
        likely = queries.likely_base(draft.agency, read_with(draft, {**draft.choices, "pairs": {}}).name)
        context["likely"] = likely.pk if likely else None
    return render(request, "standards/compare.html", context, status=status)


@require_safe
def draft_compare(request: HttpRequest, pk: int) -> HttpResponse:
    draft = _draft(request, pk)
    if draft.edition is not None:
        return redirect(f"{root()}{draft.edition.standard_id}/compare/?new={draft.edition_id}")
    return _show_draft(request, draft)


@require_POST
def draft_base(request: HttpRequest, pk: int) -> HttpResponse:
    """Which edition the file revises; nothing chosen: a standard of its own."""
    draft = _draft(request, pk)
    wanted = request.POST.get("base", "")
    base = None
    if wanted:
        if not wanted.isdecimal():
            raise Http404
        base = get_object_or_404(queries.bases_for(draft.agency), pk=int(wanted))
    try:
        actions.set_base(draft, base=base, **form_keys(request))
    except NotPermitted:
        raise
    except Refused as refusal:
        return _show_draft(request, _draft(request, pk), said=refusal.message, status=refusal.status)
    if base is None:
        messages.success(request, "已改为一套新标准，不与旧版对照。")
        return redirect(f"{_address(draft)}?step=save")
    messages.success(request, f"已选定旧版：《{base.standard}》{base.label}。")
    return redirect(f"{_address(draft)}compare/")


@require_POST
def draft_pair(request: HttpRequest, pk: int) -> HttpResponse:
    """One pair or the whole page settled: as proposed, from other leaves, or as new and gone."""
    draft = _draft(request, pk)
    if draft.base is None:
        raise Refused("还没有选定旧版。请先选这份文件是哪份标准的新版。")
    found = _compared(draft)
    typed = {key[5:]: request.POST.getlist(key) for key in request.POST if key.startswith("from:")}
    try:
        pairs, words = _settled(request, found, draft.choices.get("pairs") or {}, typed)
        keys = form_keys(request)
        keys["seen"] = keys["seen"] or draft.version
        actions.mend(draft, choices={**draft.choices, "pairs": pairs}, **keys)
    except NotPermitted:
        raise
    except Refused as refusal:
        return _show_draft(
            request,
            _draft(request, pk),
            said=refusal.message,
            typed=typed,
            stuck=request.POST.get("change", ""),
            status=refusal.status,
        )
    messages.success(request, words)
    kept = {name: request.GET[name] for name in ("show", "page") if name in request.GET}
    return redirect(f"{_address(draft)}compare/?{urlencode(kept)}#lines")


def _settled(
    request: HttpRequest, found: Comparison, said: Json, typed: Mapping[str, Sequence[str]]
) -> tuple[Json, str]:
    """What is said of the pairs after what was pressed, and that in words. Refused: nothing such is there."""
    posted = request.POST
    lines = {line.id: line for line in lines_of(found.old, found.new, found.pairs)}
    if "all" in posted:
        ids = [one for one in posted.getlist("on") if one in lines]
        if not ids:
            raise Refused("这一页没有待确认的对应。")
        return confirm(said, found.pairs, ids), f"已确认本页 {len(ids)} 处。"
    verb, id = next(
        ((name, posted[name]) for name in ("confirm", "apart", "undo", "change") if name in posted), ("", "")
    )
    if not verb and "enter" in posted:  # the enter key means the field that was filled in
        now = _named(found)
        verb, id = (
            "change",
            next(
                (key for key, texts in typed.items() if [one for one in texts if one] != now.get(key, [])), ""
            ),
        )
    line = lines.get(id)
    if line is None:
        raise Refused("这一处已经处理过，或已不在对照里。请看最新的页面。")
    if verb == "confirm":
        return confirm(said, found.pairs, [id]), "已确认。"
    if verb == "apart":
        return say_apart(said, found.pairs, id), "已改：新的作为新增，旧的作为取消。"
    if verb == "undo":
        return unsay(said, id), "已改回自动对应。"
    return _changed(found, said, line, [text.strip() for text in typed.get(id, ()) if text.strip()])


def _named(found: Comparison) -> dict[str, list[str]]:
    by_key = {node.key: node for node in found.old}
    named: dict[str, list[str]] = {}
    for one in found.pairs:
        if one.old is not None and one.new is not None:
            named.setdefault(one.new, []).append(option(by_key[one.old]))
    return named


def _changed(found: Comparison, said: Json, line: Line, texts: Sequence[str]) -> tuple[Json, str]:
    """A new leaf comes from other old ones, or an old leaf goes on in another new one."""
    if line.new is not None:
        named = [_leaf(text, found.old, "旧版") for text in texts]
        if not named:
            return say_from(said, line.new.key, []), f"“{line.new.title}”已作为新增。"
        words = "、".join(f"“{one.title}”" for one in named)
        return say_from(
            said, line.new.key, [one.key for one in named]
        ), f"“{line.new.title}”已改为来自{words}。"
    assert line.old is not None
    if not texts:
        raise Refused(f"请先写明“{line.old.title}”并入新版的哪一项；确实取消的，点“确认取消”。")
    new = _leaf(texts[0], found.new, "新版")
    olds = [one.old for one in found.pairs if one.new == new.key and one.old is not None]
    return say_from(said, new.key, [*olds, line.old.key]), f"“{line.old.title}”已改为并入“{new.title}”。"


def _leaf(text: str, nodes: Sequence[Node], side: str) -> Node:
    """The leaf that TEXT names: as chosen from the list, by its number, or by its title if there is but one."""
    leaves = _leaves(nodes)
    for same in (
        [one for one in leaves if option(one) == text], [one for one in leaves if one.code == text.split()[0]],
        [one for one in leaves if one.title == text],
    ):  # fmt: skip
        if len(same) == 1:
            return same[0]
    raise Refused(f"{side}里没有“{text[:40]}”，或不止一项。请从列表里选，或写它的编号。")


# ---- two saved editions


def _editions(request: HttpRequest, found: Standard) -> tuple[Edition | None, Edition | None, list[Edition]]:
    """The two asked for (else the one in force and what it revises), and all that may be chosen."""
    every = queries.comparable(found, queries.editions_for(request.user))
    by_pk = {str(one.pk): one for one in every}
    asked = {name: request.GET.get(name, "") for name in ("old", "new")}
    if any(pk and pk not in by_pk for pk in asked.values()):
        raise Http404
    own = [one for one in every if one.standard_id == found.pk]
    newest = queries.newest(found)
    new = by_pk.get(asked["new"]) or (by_pk.get(str(newest.pk)) if newest else None)
    earlier = [one for one in own if new is not None and one.pk < new.pk]
    old = (
        by_pk.get(asked["old"])
        or (by_pk.get(str(new.base_id)) if new else None)
        or (earlier[0] if earlier else None)
    )
    return old, new, every


@require_safe
def standard_compare(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.standards_for(request.user).select_related("agency"), pk=pk)
    old, new, every = _editions(request, found)
    here = f"{root()}{pk}/compare/"
    context: dict[str, Any] = {
        "standard": found, "old": old, "new": new, "every": every, "here": here, "back": f"{root()}{pk}/",
        "crumbs": [("测评标准", root()), (found.name, f"{root()}{pk}/"), ("新旧对照", "")],
    }  # fmt: skip
    if old is not None and new is not None and old.pk != new.pk:
        compared = queries.comparison(old, new)
        keep = f"{urlencode({'old': old.pk, 'new': new.pk})}&"
        context |= _frame(request, compared, here, {}, keep)
        context |= {"stored": compared.stored, "export": f"{here}export/?{keep}"}
    return render(request, "standards/compare.html", context)


@require_safe
def standard_compare_export(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.standards_for(request.user), pk=pk)
    old, new, _ = _editions(request, found)
    if old is None or new is None:
        raise Http404
    compared = queries.comparison(old, new)
    lines = lines_of(compared.old, compared.new, compared.pairs)
    out = BytesIO()
    write_xlsx(out, compare_sheets(lines, sums_of(compared.old, compared.new, compared.pairs)))
    return attachment(out.getvalue(), f"{found.name} {old.label}与{new.label}对照.xlsx")
