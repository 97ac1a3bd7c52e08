"""The list of standards, one standard with its editions, and its tree as a workbook."""

from io import BytesIO
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from taizhang.kit.tables import write_xlsx

from .. import queries
from ..models import Edition, EditionState, Standard
from ..queries import Leaf, Row, Tree
from ..sheets.export import tree_sheets
from .common import root
from .outline import ends

HEADS = {
    "bars": ["编号", "情形", "具体表现", "级别", "处理", "观察期", "核验部门", "对象"],
    "eligibility": ["编号", "条件", "要求", "判定方式"],
    "bonus": ["编号", "指标", "加分办法", "上限（分）"],
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
    context: dict[str, Any] = {
        "standard": found, "edition": edition, "tree": tree, "tab": tab, "base": f"{root()}{pk}/", "asked": asked,
        "tabs": [(label, count, f"{asked}&tab={name}", name == tab) for name, label, count in lists],
        "editions": [(one.label, EditionState(one.state), f"?edition={one.pk}", one.pk == edition.pk) for one in editions],
        "state": EditionState(edition.state), "differs": edition.stated_total not in (None, tree.total),
        "whole": request.GET.get("open") == "all", "rows": _lines(tree) if tab == "tree" else [], "tail": ends(tree.deep),
        "heads": HEADS, "opened": {row.pk for row in tree.rows[:2]}, "crumbs": [("测评标准", root()), (found.name, "")],
    }  # fmt: skip
    return render(request, "standards/standard.html", context)


@require_safe
def standard_export(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.standards_for(request.user), pk=pk)
    edition, _ = _edition(request, found)
    out = BytesIO()
    write_xlsx(out, tree_sheets(queries.tree(edition)))
    answer = HttpResponse(out.getvalue(), content_type=XLSX)
    answer["Content-Disposition"] = (
        f"attachment; filename*=UTF-8''{quote(f'{found.name} {edition.label}.xlsx')}"
    )
    return answer
