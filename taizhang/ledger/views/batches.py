"""批量操作: what was done to many at once, and taking it back whole."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from taizhang.kit import clock

from .. import actions
from ..queries.bulk import may_take_back, own_batches
from .show import keys

SHOWN = 50


@require_safe
def batches(request: HttpRequest) -> HttpResponse:
    """The last bulk acts, each with its undo button while it is of use."""
    today = clock.today()
    rows = [(batch, may_take_back(batch, request.user, today)) for batch in own_batches(request.user)[:SHOWN]]
    return render(request, "ledger/batches.html", {"rows": rows})


@require_POST
def batch_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """整批撤销."""
    batch = get_object_or_404(own_batches(request.user), pk=pk)
    actions.take_back(batch, by=request.user, **keys(request))
    messages.success(request, f"已整批撤销：{batch.label} {batch.count} 项，各项回到办理之前。")
    return redirect("batches")
