"""The list of standards, one standard with its editions, and its tree as a workbook."""

import json
from io import BytesIO
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from taizhang.kit.sending import attachment
from taizhang.kit.tables import write_xlsx
from taizhang.org.models import Unit

from .. import queries
from ..models import Edition, EditionState, MatchKind, Standard
from ..queries import Leaf, Row, Tree
from ..rules import exchange
from ..sheets.exchange import to_sheets
from .common import root
from .outline import ends

HEADS = {
    "bars": ["编号", "情形", "具体表现", "级别", "处理", "观察期", "核验部门", "对象"],
    "eligibility": ["编号", "条件", "要求", "判定方式"],
    "bonus": ["编号", "指标", "加分办法", "上限（分）"],
}


@require_safe
def standards(request: HttpRequest) -> HttpResponse:
    rows = queries.standard_rows(request.user)
    agencies = queries.agencies_to_edit(request.user)
    context = {
        "rows": rows, "own": [row for row in rows if not row.sample], "samples": [row for row in rows if row.sample],
        "drafts": queries.draft_rows(request.user) if agencies else [], "may_import": bool(agencies), "root": root(),
        "many": len({row.agency for row in rows if not row.sample}) > 1,
    }  # fmt: skip
    return render(request, "standards/standards.html", context)


def _edition(request: HttpRequest, found: Standard) -> tuple[Edition, list[Edition]]:
    """The edition asked for, else the one in force; and all of them, newest first."""
    editions = list(found.editions.order_by("-pk"))
    wanted = request.GET.get("edition", "")
    if wanted:
        chosen = next((one for one in editions if str(one.pk) == wanted), None)
    else:
        chosen = next(
            (one for one in editions if one.state == EditionState.IN_FORCE), editions[0] if editions else None
        )
    if chosen is None:
        raise Http404
    return chosen, editions


def _lines(tree: Tree) -> list[tuple[SafeString, Row, Leaf | None]]:
    """Each row with the ends of the groups that stop before it."""
    return [(ends(row.closes), row, row.leaf) for row in tree.rows]


@require_safe
def standard(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.standards_for(request.user).select_related("agency"), pk=pk)
    edition, editions = _edition(request, found)
    tree = queries.tree(edition)
    asked = f"?edition={edition.pk}"
    lists = [
        ("tree", "指标", tree.leaves), ("bars", "负面清单", len(tree.bars)), ("eligibility", "申报条件", len(tree.eligibilities)),
        ("bonus", "特色加分", len(tree.bonuses)),
    ]  # fmt: skip
    tab = request.GET.get("tab", "tree")
    if tab not in {name for name, _, _ in lists}:
        tab = "tree"
    changed = queries.changes_of(editions)
    agencies = queries.agencies_to_edit(request.user)
    newest = next((one for one in editions if one.state == EditionState.IN_FORCE), None)
    own = next((unit for unit in agencies if found.agency_id in (None, unit.pk)), None)
    context: dict[str, Any] = {
        "versions": [
            (one.label, EditionState(one.state), one.valid_from, f"?edition={one.pk}",
             [(MatchKind(kind).label, n, f"{root()}{pk}/compare/?new={one.pk}&show={kind}") for kind, n in changed.get(one.pk, [])],
             f"{root()}{pk}/compare/?new={one.pk}" if one.base_id else "")
            for one in editions
        ],
        "begin_url": f"{root()}editions/{edition.pk}/begin/" if agencies else "",
        "begin": _begin(edition, found, newest, own, agencies) if agencies else [],
        "import_url": f"{root()}import/?base={newest.pk}&agency={own.pk}" if newest and own else "",
        "standard": found, "edition": edition, "tree": tree, "tab": tab, "base": f"{root()}{pk}/", "asked": asked,
        "tabs": [(label, count, f"{asked}&tab={name}", name == tab) for name, label, count in lists],
        "editions": [(one.label, EditionState(one.state), f"?edition={one.pk}", one.pk == edition.pk) for one in editions],
        "state": EditionState(edition.state), "differs": edition.stated_total not in (None, tree.total),
        "whole": request.GET.get("open") == "all", "rows": _lines(tree) if tab == "tree" else [], "tail": ends(tree.deep),
        "heads": HEADS, "opened": {row.pk for row in tree.rows[:2]}, "crumbs": [("测评标准", root()), (found.name, "")],
    }  # fmt: skip
    return render(request, "standards/standard.html", context)


def _begin(
    edition: Edition, found: Standard, newest: Edition | None, own: Unit | None, agencies: list[Unit]
) -> list[tuple[str, str, str]]:
    """What a draft may be begun for from this edition: (how, the button's word, what it does)."""
    ways = [("copy", "复制", "照这一版另起一套本单位的标准")]
    if own and newest == edition:
        ways.append(("revise", "修订", "改成下一版；创建活动可以换用"))
    if found.agency in agencies and not edition.revisions.exists() and not queries.in_use(edition):
        ways.append(("correct", "更正", "直接改这一版；还没有创建活动在用"))
    return ways


@require_safe
def standard_export(request: HttpRequest, pk: int) -> HttpResponse:
    """One edition as a workbook, or with ?as=json in the exchange form; both read back without loss."""
    found = get_object_or_404(queries.standards_for(request.user), pk=pk)
    edition, _ = _edition(request, found)
    reading, head = queries.reading_of(edition), queries.head_of(edition)
    if request.GET.get("as") == "json":
        text = json.dumps(exchange.to_json(reading, head), ensure_ascii=False, indent=1)
        return attachment(text.encode(), f"{found.name} {edition.label}.json", "application/json")
    out = BytesIO()
    write_xlsx(out, to_sheets(reading, head))
    return attachment(out.getvalue(), f"{found.name} {edition.label}.xlsx")
