"""材料校验: whether the bytes are still those of the receipts, for the office and the keeper of the system."""

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from taizhang.kit import backup
from taizhang.kit.errors import NotPermitted
from taizhang.org.permits import Permit
from taizhang.org.queries import may_anywhere

from .. import queries
from .show import root


@require_safe
def evidence_verify(request: HttpRequest) -> HttpResponse:
    """When the files were last read again, how many, and what was wrong in the reader's own agencies."""
    office = may_anywhere(request.user, Permit.LEDGER_MANAGE)
    if not office and not may_anywhere(request.user, Permit.ACCOUNT_MANAGE):
        raise NotPermitted("材料校验由创建办和系统管理员查看。")
    kept = backup.last(Path(settings.HOME))
    context = {
        "check": queries.last_check(request.user),
        "office": office,
        "root": root(),
        "backup": kept,
        "backup_at": parse_datetime(str(kept.get("at", ""))) if kept else None,
        "crumbs": [("材料库", root()), ("材料校验", "")] if office else [("材料校验", "")],
    }
    return render(request, "evidence/verify.html", context)
