"""The ledger out to Excel and back: export, preview of what is different, one bulk act."""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from taizhang.campaigns.rules.states import YearState
from taizhang.kit import clock
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.kit.sending import attachment
from taizhang.kit.tables import read_book
from taizhang.org.permits import Permit
from taizhang.org.queries import may

from .. import actions
from ..forms.lists import Upload
from ..queries import filters
from ..queries.listing import listed
from ..queries.sheet import sheet_rows, staff_of
from ..queries.taken import acts_of
from ..sheets import Differences, compare, read_sheet, write_ledger
from .asked import year_of
from .lists import bare

KEEP_SECONDS = 24 * 3600  # how long a preview may wait for its confirmation
SHOWN = 300  # differences and problems on the page


@require_safe
def items_export(request: HttpRequest) -> HttpResponse:
    """What the filter lets pass, as a workbook that can come back."""
    asked = filters.read(request.GET.dict())
    year = year_of(request, asked)
    if year is None or year.state == YearState.PLANNED:
        return bare(request, year, "导出")
    today = clock.today()
    ids = [row.id for row in listed(request.user, year, asked, today).rows]
    rows = sheet_rows(request.user, year, today, ids)
    target = BytesIO()
    write_ledger(target, year, rows, list(staff_of(year.campaign.unit).unit_names.values()))
    name = f"{year.campaign}-{year.year}年度台账-{today:%Y%m%d}.xlsx"
    return attachment(target.getvalue(), name, plain="ledger.xlsx")


@require_http_methods(["GET", "POST"])
def items_import(request: HttpRequest) -> HttpResponse:
    """GET: where to put the file. POST with a file: what is different. POST with `plan`: take it over, whole."""
    year = year_of(request, filters.read(request.GET.dict()))
    if year is None or year.state == YearState.PLANNED:
        return bare(request, year, "导入改动")
    if not may(request.user, Permit.LEDGER_MANAGE, year.campaign.unit):
        raise NotPermitted("你没有导入台账的权限。如确需修改，请联系创建办。")
    context: dict[str, Any] = {
        "year": year,
        "form": Upload(),
        "SHOWN": SHOWN,
        "back": reverse("items") + f"?year={year.pk}",
    }
    refusal: Refused | None = None
    status = 200
    try:
        if "plan" in request.POST:
            plan = _kept(request, year.pk)
            acts = acts_of(
                year, plan["changes"], {int(pk): version for pk, version in plan["versions"].items()}
            )
            batch = actions.bulk_rows(
                year, by=request.user, once=request.POST.get("once", "")[:64], label="导入台账改动", rows=acts
            )
            messages.success(request, f"已导入：改了 {batch.count} 项。")
            return redirect(reverse("items") + f"?year={year.pk}&batch={batch.pk}")
        if request.method == "POST":
            context["form"] = form = Upload(request.POST, request.FILES)
            if form.is_valid():
                found = _compared(request, year, form.cleaned_data["file"])
                context |= _preview(request, year, found, form.cleaned_data["file"].name)
            else:
                status = 422
    except NotPermitted:
        raise
    except Refused as error:
        refusal, status = error, error.status
    return render(request, "ledger/import.html", context | {"refusal": refusal}, status=status)


def _compared(request: HttpRequest, year: Any, upload: Any) -> Differences:
    if upload.size > settings.IMPORT_MAX_BYTES:
        raise Refused(f"文件超过 {settings.IMPORT_MAX_BYTES // 2**20} MB，没有读。请只留台账这一张表再传。")
    read = read_sheet(read_book(upload.read(), upload.name))
    return compare(read, year, sheet_rows(request.user, year, clock.today()), staff_of(year.campaign.unit))


def _preview(request: HttpRequest, year: Any, found: Differences, name: str) -> dict[str, Any]:
    plan = {
        "user": request.user.pk,
        "year": year.pk,
        "changes": [(change.verb, change.item, change.params) for change in found.changes],
        "versions": found.versions,
    }
    shown = [(change.no, change.title, *line) for change in found.changes for line in change.shown]
    return {
        "found": found,
        "file_name": name,
        "shown": shown[:SHOWN],
        "more": max(0, len(shown) - SHOWN),
        "plan": signing.dumps(plan, salt="ledger.import", compress=True)
        if found.changes and not found.problems
        else "",
    }


def _kept(request: HttpRequest, year: int) -> dict[str, Any]:
    """The plan that the preview showed, unchanged and this person's own."""
    try:
        plan: dict[str, Any] = signing.loads(request.POST["plan"], salt="ledger.import", max_age=KEEP_SECONDS)
    except signing.BadSignature as error:
        raise Refused("核对页已经过期，没有导入。请把表再上传一次。") from error
    if plan["user"] != request.user.pk or plan["year"] != year:
        raise Refused("这不是你在本年度核对过的表，没有导入。请把表再上传一次。")
    return plan
