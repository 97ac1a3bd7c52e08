"""The operation log: who did what to what, when; nobody can change it, and the chain shows if somebody did."""

from io import BytesIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from taizhang.journal.queries import check_chains
from taizhang.kit.errors import NotPermitted
from taizhang.kit.htmx import page
from taizhang.kit.sending import attachment
from taizhang.kit.tables import OutSheet, write_xlsx

from ..action import ACTIONS
from ..forms import JournalForm
from ..models import Unit
from ..permits import Permit
from ..queries import may_anywhere, paths_where
from ..queries.journal import BY_ITSELF, Filters, Line, find, in_words

PER_PAGE = 50
EXPORT_MOST = 20_000


def _filters(request: HttpRequest) -> tuple[Filters, Any]:
    if not may_anywhere(request.user, Permit.JOURNAL_VIEW):
        raise NotPermitted("你没有“看操作日志”的权限。如确需查看，请联系审计员或创建办。")
    form = JournalForm(request.GET)
    form.is_valid()
    asked = {name: value for name, value in form.cleaned_data.items() if value}
    return Filters(**asked), form


def _chains(request: HttpRequest) -> list[int]:
    """Chains of the agencies whose log this person reads."""
    paths = paths_where(request.user, Permit.JOURNAL_VIEW)
    units = [int(path.rstrip("/").rsplit("/", 1)[-1]) for path in paths]
    return sorted(pk for pk in Unit.objects.filter(pk__in=units).values_list("agency_id", flat=True) if pk)


@require_safe
def journal(request: HttpRequest) -> HttpResponse:
    wanted, form = _filters(request)
    found = find(request.user, wanted)
    if wanted.people_only:
        found = found.exclude(action__in=BY_ITSELF)
    before = request.GET.get("before", "")
    if before.isdecimal():
        found = found.filter(pk__lt=int(before))
    entries = list(found[: PER_PAGE + 1])
    lines = in_words(entries[:PER_PAGE])
    query = request.GET.copy()
    query.pop("before", None)
    query.pop("check", None)
    words = query.urlencode()
    checked = check_chains(_chains(request)) if request.GET.get("check") == "1" else None
    older = f"?{words}&before={lines[-1].pk}" if len(entries) > PER_PAGE else ""
    context = {
        "lines": lines, "form": form, "wanted": wanted, "older": older, "later": bool(before), "words": words,
        "actions": sorted((one.name, one.label) for one in ACTIONS.values()), "checked": checked,
        "subject": lines[0].subject if wanted.subject and lines else "", "export": f"{reverse('journal_export')}?{words}",
        "url": reverse("journal"),
    }  # fmt: skip
    return page(request, "org/journal.html", context)


def details(line: Line) -> str:
    """All that changed, in one cell."""
    said = []
    for thing, pairs, remark in line.details:
        parts = [f"{name}：{old} → {new}" for name, old, new in pairs]
        said.append(f"{thing}（{'；'.join(parts) or remark}）")
    return "\n".join(said)


@require_safe
def journal_export(request: HttpRequest) -> HttpResponse:
    wanted, _ = _filters(request)
    lines = in_words(list(find(request.user, wanted)[:EXPORT_MOST]))
    rows: list[list[Any]] = [
        [line.seq, line.at, line.who, line.acting_for or None, line.label, line.subject,
         "拒绝" if line.refused else "完成", line.refused or details(line) or None]
        for line in lines
    ]  # fmt: skip
    out = BytesIO()
    head = ["序号", "时间", "操作人", "代何人", "操作", "对象", "结果", "内容"]
    write_xlsx(out, [OutSheet("操作日志", head, rows, [8, 20, 12, 12, 16, 30, 8, 70])])
    return attachment(out.getvalue(), "操作日志.xlsx")
