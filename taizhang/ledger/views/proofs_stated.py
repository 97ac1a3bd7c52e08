"""材料提交表: one item's form with its conclusion, and the list of a year's."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from taizhang.kit import clock
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.org.action import ACTIONS, demand, permitted

from .. import actions
from ..forms.proofs import Stated
from ..models import Item
from ..queries.proofs_stated import StatementPage, stated_counts, stated_rows, statement_page
from ..rules.states import Conformity, Status
from .asked import found_year
from .show import crumbs, find_item, number

SHOWN = {"": "全部", "none": "还没有写", **dict(Conformity.choices())}


@require_http_methods(["GET", "POST"])
def statement(request: HttpRequest, pk: int) -> HttpResponse:
    """The form as it is printed, and beneath it where the conclusion is written. `?use=1` fills in what is proposed."""
    item = find_item(request, pk)
    if request.method == "POST":
        return _state(request, item)
    found = _found(request, item)
    initial: dict[str, Any] = {}
    if found.statement:
        initial = {"conformity": found.statement.conformity, "reason": found.statement.reason}
    if request.GET.get("use") and found.proposal:
        initial = {"conformity": str(found.proposal.conformity), "reason": found.proposal.reason}
    return _show(request, item, found, Stated(initial=initial))


def _found(request: HttpRequest, item: Item) -> StatementPage:
    if item.year is None:
        raise Refused(f"{item}不在年度台账里，没有材料提交表。")
    found = statement_page(request.user, item, item.year, clock.today())
    if found is None:
        raise Refused(f"{item}已设为不适用，不填材料提交表。")
    return found


def _state(request: HttpRequest, item: Item) -> HttpResponse:
    demand(request.user, "ledger.state_conformity", item, noted=True)
    form = Stated(request.POST)
    refusal: Refused | None = None
    if form.is_valid():
        try:
            made = actions.state_conformity(
                item, by=request.user, before=number(request.POST.get("before", "")), once=request.POST.get("once", "")[:64],
                **form.cleaned_data,
            )  # fmt: skip
        except NotPermitted:
            raise
        except Refused as found:
            refusal = found
        else:
            messages.success(request, f"结论已写：{Conformity(made.conformity).label}。")
            return redirect("statement", item.pk)
    return _show(request, item, _found(request, item), form, refusal)


def _show(
    request: HttpRequest, item: Item, found: StatementPage, form: Stated, refusal: Refused | None = None
) -> HttpResponse:
    may = permitted(request.user, ACTIONS["ledger.state_conformity"], item)
    held = found.held
    context = {
        "item": item, "page": found, "held": held, "form": form, "refusal": refusal, "today": clock.today(),
        "code": held.no if held.code in ("", held.no) else f"{held.no}（{held.code}）",
        "area": " / ".join(filter(None, [held.area, held.section])) or "—",
        "can_state": may and item.status not in (Status.CLOSED, Status.PENDING, Status.WAIVED),
        "why": _why(item, may), "before": found.statement.version if found.statement else 0,
        "boxes": [(word, word == found.label) for _, word in Conformity.choices()],
        "proposed": Conformity(found.proposal.conformity).label if found.proposal else "",
        "differs": bool(found.proposal and found.statement and found.proposal.conformity != found.statement.conformity),
        "list_url": reverse("statements", args=[item.year_id]), "crumbs": crumbs(item, ("材料提交表", "")),
    }  # fmt: skip
    status = refusal.status if refusal else 422 if form.is_bound and form.errors else 200
    return render(request, "ledger/statement.html", context, status=status)


def _why(item: Item, may: bool) -> str:
    """Why no conclusion can be written here, in words."""
    if item.status == Status.CLOSED:
        return "事项已经销号，结论不能再改。"
    if item.status == Status.PENDING:
        return "事项还没有交办，交办后再写结论。"
    return "" if may else "结论由牵头处室的责任人或创建办写，你可以看和打印。"


@require_safe
def statements(request: HttpRequest, pk: int) -> HttpResponse:
    """The year's items with their conclusions, as far as one sees them; `?show=none` those without."""
    year = found_year(request, pk)
    rows = stated_rows(request.user, year)
    counts = stated_counts(rows)
    leads = list(dict.fromkeys(row.lead for row in rows))
    lead = request.GET.get("lead", "")
    lead = lead if lead in leads else ""
    shown = request.GET.get("show", "")
    shown = shown if shown in SHOWN else ""
    if lead:
        rows = [row for row in rows if row.lead == lead]
        counts = stated_counts(rows)
    listed = [row for row in rows if not shown or (row.conformity or "none") == shown]
    context = {
        "year": year, "rows": listed, "total": len(rows), "shown": shown, "lead": lead, "leads": [one for one in leads if one],
        "views": [(key, word, len(rows) if not key else counts[key], key == shown) for key, word in SHOWN.items()],
        "item_prefix": reverse("item", args=[0])[:-2],
        "crumbs": [("事项清单", f"{reverse('items')}?year={year.pk}"), (f"{year.year} 年度材料提交表", "")],
    }  # fmt: skip
    return render(request, "ledger/statements.html", context)
