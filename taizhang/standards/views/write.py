"""编写: a standard written by hand, or begun from an edition: copied, revised, or corrected while nobody uses it."""

import json
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from taizhang.kit import files
from taizhang.kit.errors import NotPermitted, Refused

from .. import actions, queries
from ..forms import WriteForm
from ..rules import exchange
from ..rules.exchange import Head
from ..rules.outset import begin
from ..rules.tree import Reading
from .common import form_keys, root
from .imports import agency_of

HOW = {"copy", "revise", "correct"}


@require_http_methods(["GET", "POST"])
def standard_write(request: HttpRequest) -> HttpResponse:
    """A standard of the agency's own, from its areas on."""
    agency = agency_of(request)
    form = WriteForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 409
        if form.is_valid():
            said = form.begun()
            reading = begin(said["name"], said["areas"])
            try:
                sha256 = _stored(reading, Head(owner_kind=said["owner_kind"]))
                draft = actions.write(agency, name=said["name"], sha256=sha256, **form_keys(request))
                return redirect(f"{root()}drafts/{draft.pk}/grid/")
            except NotPermitted:
                raise
            except Refused as refusal:
                form.add_error(None, refusal.message)
    context: dict[str, Any] = {
        "form": form, "agency": agency, "agencies": queries.agencies_to_edit(request.user),
        "crumbs": [("测评标准", root()), ("新建", "")],
    }  # fmt: skip
    return render(request, "standards/standard_write.html", context, status=status)


@require_POST
def standard_begin(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft begun from edition PK: its copy, its next edition, or its correction."""
    edition = get_object_or_404(queries.editions_for(request.user).select_related("standard__agency"), pk=pk)
    agency = agency_of(request)
    how = request.POST.get("how", "")
    if how not in HOW:
        raise Refused("请从标准的页面上选“复制”“修订”或“更正”。")
    reading, head = queries.reading_of(edition), queries.head_of(edition)
    if how == "copy" and edition.standard.agency_id == agency.pk:
        reading = replace(
            reading, name=f"{reading.name[:110]}（副本）"
        )  # two of one name would be refused at the end
    sha256 = _stored(reading, head)
    draft = actions.write(
        agency, name=edition.standard.name, sha256=sha256, edition=edition, how=how, **form_keys(request)
    )
    return redirect(f"{root()}drafts/{draft.pk}/grid/")


def _stored(reading: Reading, head: Head) -> str:
    text = json.dumps(exchange.to_json(reading, head), ensure_ascii=False, indent=1)
    return files.store().put([text.encode()], limit=settings.IMPORT_MAX_BYTES).sha256
