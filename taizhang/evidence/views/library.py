"""材料库: what there is, found by words and filters."""

from collections.abc import Callable
from typing import Any, Protocol

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from taizhang.kit.errors import NotPermitted
from taizhang.org.permits import Permit
from taizhang.org.queries import may_anywhere

from .. import queries
from ..forms import chosen_from
from ..models import EvidenceState
from ..queries.library import HAS, Facet
from ..rules.genres import GENRES
from .show import lines, root, uses_pattern

SORTS = [("new", "新到旧"), ("date", "按时间"), ("uses", "引用多"), ("title", "按名称")]
KEPT = ("kind", "unit", "year", "read", "genre", "has", "uses", "warned", "mine", "state", "sort", "of")


class Uses(Protocol):
    """What the floor above knows of where evidence is used; `config/urls.py` hands it to this page."""

    within: QuerySet[Any] | None  # ids of evidence that is cited there; None: nothing was asked
    areas: list[tuple[str, str, bool]]  # to choose from: value, words, whether chosen
    item: str  # the item's number, as typed
    chips: list[tuple[str, str]]  # what was asked, in words: parameter, words


def _toggled(query: QueryDict, name: str, value: str, on: bool) -> str:
    """The address with one value of a filter put in or taken out."""
    copy = query.copy()
    copy.pop("page", None)
    kept = [each for each in copy.getlist(name) if each != value]
    copy.setlist(name, kept if on else [*kept, value])
    return "?" + copy.urlencode()


def _set(query: QueryDict, **values: str) -> str:
    copy = query.copy()
    copy.pop("page", None)
    for name, value in values.items():
        copy.pop(name, None)
        if value:
            copy[name] = value
    return "?" + copy.urlencode()


def _facets(query: QueryDict, name: str, facets: list[Facet]) -> list[tuple[str, str, int, bool]]:
    return [
        (facet.label, _toggled(query, name, facet.key, facet.on), facet.count, facet.on)
        for facet in facets
        if facet.count or facet.on
    ]


@require_safe
def evidences(request: HttpRequest, uses_of: Callable[[Any, QueryDict], Uses]) -> HttpResponse:
    """The library; anyone who may see some agency's evidence."""
    if not may_anywhere(request.user, Permit.EVIDENCE_VIEW):
        raise NotPermitted("你没有看材料的权限。如确需查看，请联系创建办。")
    query = request.GET
    chosen, used = chosen_from(query), uses_of(request.user, query)
    found = queries.library(request.user, chosen, used.within)
    uses = query.get("uses", "")
    chips = _chips(query, chosen, used)
    context: dict[str, Any] = {
        "chosen": chosen,
        "found": found,
        "used": used,
        "reading": queries.progress(request.user),
        "lines": lines(found.rows, uses_pattern(), found.terms, chosen.asked),
        "query": chosen.asked,
        "facets": [
            ("年度", _facets(query, "year", found.years)),
            ("类别", _facets(query, "kind", found.kinds)),
            ("处室", _facets(query, "unit", found.units)),
            (
                "引用",
                [
                    ("还没有被引用", _set(query, uses="" if uses == "0" else "0"), found.uncited, uses == "0"),
                    ("一材多用（2 处以上）", _set(query, uses="" if uses == "2" else "2"), found.many, uses == "2"),
                ],
            ),
            ("核对", [("有提醒", _set(query, warned="" if chosen.warned else "1"), found.total if chosen.warned else "", chosen.warned)]),
            ("文字", _facets(query, "read", found.states)),
        ],
        "sorts": [(label, _set(query, sort=key), chosen.sort == key) for key, label in SORTS],
        "scopes": [
            ("全部", _set(query, mine="", state=""), not chosen.mine and not chosen.binned),
            (f"我存的 {found.mine}" if not chosen.mine else "我存的", _set(query, mine="1", state=""), chosen.mine),
            ("回收站", f"{root()}bin/", chosen.binned),
        ],
        "chips": chips,
        "narrowed": chosen.narrowed or used.within is not None,
        "outs": _outs(query, chosen, used, chips),
        "kept": [(name, value) for name in KEPT for value in query.getlist(name)],
        "may_add": may_anywhere(request.user, Permit.EVIDENCE_ADD),
        "binned": EvidenceState.BINNED,
    }  # fmt: skip
    return render(request, "evidence/evidences.html", context)


def _chips(query: QueryDict, chosen: queries.Chosen, used: Uses) -> list[tuple[str, str]]:
    """Conditions that no box beside the list shows: words, and the address without it."""
    chips = [(words, _set(query, **{name: ""})) for name, words in used.chips]
    if chosen.genre:
        chips.append((f"文种：{GENRES[chosen.genre].label}", _set(query, genre="")))
    if chosen.has:
        chips.append((HAS[chosen.has][0], _set(query, has="")))
    return chips


def _outs(
    query: QueryDict, chosen: queries.Chosen, used: Uses, chips: list[tuple[str, str]]
) -> list[tuple[str, str]]:
    """What may be taken off when nothing was found."""
    outs = []
    if chosen.asked:
        outs.append((f"去掉检索词“{chosen.asked[:40]}”", _set(query, q="")))
    outs += [(f"去掉“{words}”", url) for words, url in chips]
    for name, label, on in (
        ("area", "方面", any(on for _, _, on in used.areas)), ("item", "事项", used.item),
        ("kind", "类别", chosen.kinds), ("unit", "处室", chosen.units), ("year", "年度", chosen.years),
        ("read", "文字", chosen.states), ("uses", "引用", chosen.uncited or chosen.many), ("mine", "“我存的”", chosen.mine),
        ("warned", "“有提醒”", chosen.warned),
        ("since", "起始日期", chosen.since), ("until", "截止日期", chosen.until),
    ):  # fmt: skip
        if on:
            outs.append((f"去掉{label}条件", _set(query, **{name: ""})))
    return outs
