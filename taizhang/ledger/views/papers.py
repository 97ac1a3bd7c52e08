"""Papers: printed to be signed, printed when struck off, and what was signed on paper brought back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from taizhang.campaigns.models import Year
from taizhang.campaigns.queries import CHOSEN, current
from taizhang.evidence import actions as library
from taizhang.evidence.models import Evidence
from taizhang.evidence.queries import filed_in, may_edit, with_stopped
from taizhang.kit import clock
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.org.models import Person
from taizhang.org.permits import Permit
from taizhang.org.queries import may

from .. import actions
from ..forms.items import Paper
from ..queries.material_checks import use_checks
from ..queries.materials import uses_of
from ..queries.papers import Form, Waits, paper_waits, papers_of
from ..queries.scope import years_for
from ..rules.states import SlotStatus, Status
from .items import first_error
from .show import done, find_item, item_url, number, typed_in


def wanted(request: HttpRequest) -> list[int]:
    """?items=1,2,3 or ?items=1&items=2, also as ticked boxes of a list."""
    texts = [text for one in request.GET.getlist("items") for text in one.split(",")]
    return [pk for pk in map(number, texts) if pk]


def forms_of(request: HttpRequest, ids: list[int]) -> list[Form]:
    """Every item asked for, or 404: a list with one of another agency is not printed without it."""
    found = papers_of(request.user, ids, clock.today())
    if not ids or len(found) < len(set(ids)):
        raise Http404
    return found


@require_GET
def closing_form(request: HttpRequest) -> HttpResponse:
    """销号审批表: one A4 page for each item, signed boxes filled, the others empty."""
    found = forms_of(request, wanted(request))
    return sheet(request, found, "创建事项销号审批表")


@require_GET
def closing_summary(request: HttpRequest) -> HttpResponse:
    """销号审批汇总表: many items on A4 across, signed once."""
    found = forms_of(request, wanted(request))
    first = found[0].item
    labels = list(dict.fromkeys(form.waits_at for form in found if form.waits_at))
    total = sum((form.item.points for form in found if form.item.points is not None), start=0)
    context = {
        "forms": found, "unit": first.unit, "year": first.year, "today": clock.today(), "labels": labels,
        "total": f"{total:f}".rstrip("0").rstrip(".") if total else "0", "code": joined([form.code for form in found]),
        "ids": ",".join(str(form.item.pk) for form in found),
    }  # fmt: skip
    return render(request, "ledger/closing_summary.html", context)


@require_GET
def closing_slip(request: HttpRequest, pk: int) -> HttpResponse:
    """销号单: the same page with its number, once the item is struck off."""
    item = find_item(request, pk)
    if item.status != Status.CLOSED:
        raise Refused(f"{item}还没有销号，没有销号单。要签批的，请打印销号审批表。")
    return sheet(request, forms_of(request, [pk]), "创建事项销号单")


def sheet(request: HttpRequest, found: list[Form], title: str) -> HttpResponse:
    context = {
        "forms": found, "title": title, "today": clock.today(),
        "summary_url": f"{reverse('closing_summary')}?items={','.join(str(form.item.pk) for form in found)}" if len(found) > 1 else "",
        "back": item_url(found[0].item.pk) if len(found) == 1 else reverse("items"),
    }  # fmt: skip
    return render(request, "ledger/closing_form.html", context)


def joined(codes: list[str]) -> str:
    """One short code for a list: the codes of its rows, added up."""
    total = sum(int(code.replace("-", ""), 16) for code in codes) % 16**12
    text = f"{total:012X}"
    return f"{text[:4]}-{text[4:8]}-{text[8:]}"


@require_http_methods(["GET", "POST"])
def paper_new(request: HttpRequest) -> HttpResponse:
    """纸质签批登记: what was signed on one paper, recorded whole in one act."""
    year = find_year(request)
    today = clock.today()
    waits = paper_waits(year, today)
    # the second post of a double click finds nobody waiting any more: what is posted is checked by the action
    people = Person.objects.filter(agency=year.campaign.unit, left_on=None).order_by("order", "staff_no")
    form = Paper(typed_in(request), people=people, today=today, initial={"signed_on": today})
    refusal: Refused | None = None
    ticked = set(request.POST.getlist("pk"))
    items, slots = ids_of(ticked, "item"), ids_of(ticked, "slot")
    if request.method == "POST" and form.is_valid():
        try:
            scan = scanned(request, year)
            batch = actions.paper(
                year,
                by=request.user,
                once=request.POST.get("once", "")[:64],
                items=items,
                slots=slots,
                scan=scan,
                **form.cleaned_data,
            )
        except NotPermitted:
            raise
        except Refused as found:
            refusal = found
        else:
            return recorded(request, year, batch.count, items, slots)
    elif form.is_bound and not form.is_valid():
        refusal = Refused(first_error(form))
    form.fields["signer"].queryset = people_who_sign(year, waits)  # type: ignore[attr-defined]
    prints = [one.pk for group in waits for one in group.entries if one.kind == "item"]
    context = {
        "year": year, "waits": waits, "form": form, "refusal": refusal, "ticked": ticked,
        "crumbs": [("事项清单", f"{reverse('items')}?year={year.pk}"), ("纸质签批登记", "")], "count": len(waits),
        "form_url": reverse("closing_form"), "summary_url": reverse("closing_summary"), "prints": ",".join(map(str, prints[:200])),
        "back": f"{reverse('items')}?year={year.pk}",
    }  # fmt: skip
    return render(request, "ledger/paper_new.html", context, status=refusal.status if refusal else 200)


def ids_of(ticked: set[str], kind: str) -> list[int]:
    """item-41, slot-7: the ids of one kind."""
    return sorted(
        pk for text in ticked if text.startswith(f"{kind}-") and (pk := number(text.removeprefix(f"{kind}-")))
    )


def find_year(request: HttpRequest) -> Year:
    """?year= or the one that the frame shows; whoever may not record papers there is told so."""
    years = years_for(request.user).select_related("campaign__unit")
    asked_for = number(request.GET.get("year", "") or request.POST.get("year", ""))
    if not asked_for:
        chosen = request.session.get(CHOSEN)
        now = current(request.user, clock.today(), chosen if isinstance(chosen, int) else None)
        asked_for = now.year_id if now else 0
    year = get_object_or_404(years, pk=asked_for)
    if not may(request.user, Permit.LEDGER_PAPER, year.campaign.unit):
        raise NotPermitted("纸质签批由创建办登记。请把签好的纸交给创建办。")
    return year


def people_who_sign(year: Year, waits: list[Waits]) -> Any:
    """Who stands at a waiting step; where nobody does, anybody of the agency."""
    ids = {person for group in waits for person, _ in group.people}
    people = Person.objects.filter(agency=year.campaign.unit, left_on=None)
    if any(not group.people for group in waits):
        return people.order_by("order", "staff_no")
    return people.filter(pk__in=ids).order_by("order", "staff_no")


def scanned(request: HttpRequest, year: Year) -> Evidence | None:
    """The scan, deposited in the library; the same file twice is the same piece."""
    upload = request.FILES.get("scan")
    if upload is None:
        return None
    got = library.take_in(upload)
    try:
        piece: Evidence = library.deposit(
            year.campaign.unit,
            by=request.user,
            stored=got.stored,
            original_name=got.name,
            kind="document",
            title=f"纸质签批：{got.title}",
        )
    except library.AlreadyHere as twin:
        return twin.evidence
    return piece


def recorded(
    request: HttpRequest, year: Year, count: int, items: list[int], slots: list[int]
) -> HttpResponse:
    words = f"已登记纸质签批 {count} 项，当天可以整批撤销。"
    if len(items) == 1 and not slots:
        return done(request, words, items[0], part="#review")
    messages.success(request, words)
    return redirect(f"{reverse('paper_new')}?year={year.pk}")


@require_GET
def evidence_uses(request: HttpRequest, pk: int) -> HttpResponse:
    """Which slots cite a piece of evidence, as far as the reader sees their items."""
    evidence = get_object_or_404(with_stopped(request.user), pk=pk)
    found, hidden = uses_of(request.user, evidence)
    head = reverse("item", args=[0])[:-2]
    checks = use_checks(request.user, pk, [use.slot_id for use in found])
    rows = [
        {
            **use.__dict__,
            "check": checks.get(use.slot_id),
            "url": f"{head}{use.item_id}/?slot={use.slot_id}",
            "state_label": SlotStatus(use.status).label,
        }
        for use in found
    ]
    context = {
        "evidence": evidence, "rows": rows, "hidden": hidden, "filed": filed_in(evidence), "may_check": may_edit(request.user, evidence), "here": request.path,
        "crumbs": [("材料库", reverse("evidences")), (evidence.title, reverse("evidence", args=[pk])), ("引用情况", "")],
    }  # fmt: skip
    return render(request, "ledger/evidence_uses.html", context)
