"""联系点和包联: the list by leader or by point, one contact point with its visits, the table in and out."""

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.kit.htmx import page
from taizhang.kit.sending import attachment
from taizhang.kit.tables import write_xlsx

from .. import actions
from ..action import open_to
from ..forms import ContactForm, UploadForm, VisitForm
from ..models import Contact
from ..models.contacts import ContactKind
from ..permits import Permit
from ..queries import agencies_for, may
from ..queries.contacts import contact_rows, contacts_for, visits_for
from ..rules.contacts import ContactFact
from ..sheets.contacts import contact_sheets, read_contacts
from .common import agency_of, attempt, form_keys, need, tell

SALT = "org.contacts"
KEEP_SECONDS = 24 * 3600  # how long a preview may wait for its confirmation
FIELDS = ("leader", "kind", "unit", "place", "task", "visits_wanted", "starts_on")


def _asked(request: HttpRequest) -> dict[str, Any]:
    leader = request.GET.get("leader", "")
    kind = request.GET.get("kind", "")
    return {
        "leader": int(leader) if leader.isascii() and leader.isdigit() and len(leader) < 16 else None,
        "kind": kind if kind in {one.value for one in ContactKind} else "",
        "q": request.GET.get("q", "").strip()[:60].replace("\x00", ""),
        "by": "point" if request.GET.get("by") == "point" else "",
        "over": request.GET.get("over") == "1",
    }


@require_safe
def contacts(request: HttpRequest) -> HttpResponse:
    agency, today, asked = agency_of(request), clock.today(), _asked(request)
    rows = contact_rows(agency, today, **asked)
    # the leaders to choose among are those of all live rows, whatever the filter
    narrowed = asked["leader"] or asked["kind"] or asked["q"] or asked["over"]
    every = contact_rows(agency, today) if narrowed else rows
    url = reverse("contacts")
    wanted, short = sum(row.wanted for row in rows), sum(not row.enough for row in rows)
    counts = [
        {"label": "联系点", "n": len(rows)},
        {"label": "联系领导", "n": len({row.leader_id for row in rows})},
        {"label": f"{today.year} 年走访", "n": f"{sum(row.paid for row in rows)}/{wanted}", "title": "已走访次数/要求次数"},
        {"label": "次数不够", "n": short, "unit": "个"},
    ]  # fmt: skip
    groups: list[tuple[str, list[Any]]] = []
    for row in rows:
        head = row.kind if asked["by"] else row.leader
        if not groups or groups[-1][0] != head:
            groups.append((head, []))
        groups[-1][1].append(row)
    context = {
        "agency": agency, "today": today, "rows": rows, "counts": counts, "asked": asked, "url": url,
        "groups": [
            (head, len(some), sum(row.paid for row in some), sum(row.wanted for row in some), some) for head, some in groups
        ],
        "leaders": sorted({(row.leader_id, row.leader) for row in every}, key=lambda one: one[1]),
        "kinds": ContactKind.choices(), "filtered": bool(narrowed),
        "edit": may(request.user, Permit.ORG_EDIT, agency), "agencies": agencies_for(request.user),
        "unit_url": reverse("org") + "unit/", "person_url": reverse("people"),
    }  # fmt: skip
    return page(request, "org/contacts.html", context)


def _contact(request: HttpRequest, pk: int) -> Contact:
    found = contacts_for(request.user).select_related("agency", "leader__user", "unit")
    return get_object_or_404(found, pk=pk)


@require_safe
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _contact(request, pk))


def _page(request: HttpRequest, found: Contact, form: Any = None, status: int = 200) -> HttpResponse:
    today = clock.today()
    over = bool(found.ends_on and found.ends_on < today)
    visits = list(found.visits.all())
    context = {
        "contact": found, "point": found.unit.name if found.unit else found.place, "kind": ContactKind(found.kind).label,
        "visits": visits, "paid": sum(visit.on.year == today.year for visit in visits), "today": today, "over": over,
        "edit": may(request.user, Permit.ORG_EDIT, found.agency) and not over,
        "notes": bool(open_to(request.user, found, ["org.note_visit"])),
        "form": form or VisitForm(initial={"on": today.isoformat(), "who": found.leader.name}),
        "visit_url": reverse("contacts") + "visits/",
        "crumbs": [("联系点", reverse("contacts") + f"?agency={found.agency_id}"), (str(found.unit or found.place), "")],
    }  # fmt: skip
    return page(request, "org/contact.html", context, status=status)


@require_http_methods(["GET", "POST"])
def contact_new(request: HttpRequest) -> HttpResponse:
    agency = agency_of(request)
    need(request, "org.add_contact", agency)
    start = {"starts_on": clock.today().isoformat(), "leader": request.GET.get("leader", "")}
    form = ContactForm(agency, request.POST or None, initial=start)
    made, status = attempt(
        request, form, lambda: actions.add_contact(agency, **form.cleaned_data, **form_keys(request))
    )
    if made is not None:
        messages.success(request, f"已增加联系点“{made.unit or made.place}”。")
        return redirect("contact", made.pk)
    url = reverse("contacts") + f"?agency={agency.pk}"
    context = {
        "form": form, "title": "增加联系点", "save": "增加", "back": url, "crumbs": [("联系点", url), ("增加", "")],
    }  # fmt: skip
    return page(request, "org/form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def contact_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = _contact(request, pk)
    need(request, "org.change_contact", found)
    form = ContactForm(
        found.agency, request.POST or None, initial={name: getattr(found, name) for name in FIELDS}
    )
    made, status = attempt(
        request, form, lambda: actions.change_contact(found, **form.cleaned_data, **form_keys(request))
    )
    if made is not None:
        messages.success(request, "联系点已保存。")
        return redirect("contact", found.pk)
    url = reverse("contact", args=[found.pk])
    context = {
        "form": form, "unit": found, "title": "修改联系点", "save": "保存修改", "back": url,
        "crumbs": [("联系点", reverse("contacts")), (str(found.unit or found.place), url), ("修改", "")],
    }  # fmt: skip
    return page(request, "org/form.html", context, status=status)


@require_POST
def contact_end(request: HttpRequest, pk: int) -> HttpResponse:
    found = _contact(request, pk)
    said = str(found.unit or found.place)
    agency = actions.end_contact(found, **form_keys(request))
    messages.success(request, f"“{said}”的联系已结束，走访记录都留着。")
    return redirect(reverse("contacts") + f"?agency={agency.pk}")


@require_POST
def visit_new(request: HttpRequest, pk: int) -> HttpResponse:
    found = _contact(request, pk)
    need(request, "org.note_visit", found)
    form = VisitForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, 400)
    try:
        actions.note_visit(found, **form.cleaned_data, by=request.user, once=request.POST.get("once", ""))
    except Refused as refusal:
        return _page(request, found, form, tell(form, refusal))
    messages.success(request, f"已登记 {form.cleaned_data['on']} 的走访。")
    return redirect("contact", found.pk)


@require_http_methods(["GET", "POST"])
def visit_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(
        visits_for(request.user).select_related("contact__agency", "contact__leader__user", "contact__unit"), pk=pk
    )  # fmt: skip
    need(request, "org.change_visit", found)
    start = {name: getattr(found, name) for name in ("on", "who", "found", "done")}
    form = VisitForm(request.POST or None, initial=start)
    made, status = attempt(
        request, form, lambda: actions.change_visit(found, **form.cleaned_data, **form_keys(request))
    )
    if made is not None:
        messages.success(request, "走访记录已保存。")
        return redirect("contact", found.contact_id)
    url = reverse("contact", args=[found.contact_id])
    context = {
        "form": form, "unit": found, "title": "修改走访记录", "save": "保存修改", "back": url,
        "crumbs": [("联系点", reverse("contacts")), (str(found.contact.unit or found.contact.place), url), ("走访", "")],
    }  # fmt: skip
    return page(request, "org/form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def contacts_import(request: HttpRequest) -> HttpResponse:
    """GET: where to put the file. POST with a file: what it would do. POST with `plan`: take it over, whole."""
    agency = agency_of(request)
    need(request, "org.import_contacts", agency)
    url = reverse("contacts") + f"?agency={agency.pk}"
    context: dict[str, Any] = {
        "agency": agency, "form": UploadForm(), "back": url, "crumbs": [("联系点", url), ("导入", "")],
    }  # fmt: skip
    status = 200
    if "plan" in request.POST:
        try:
            facts = _kept(request, agency.pk)
            actions.import_contacts(agency, facts=facts, by=request.user, once=request.POST.get("once", ""))
        except Refused as refusal:
            context["refusal"], status = refusal, refusal.status
        else:
            messages.success(request, f"已导入 {len(facts)} 个联系点。")
            return redirect(url)
    elif request.method == "POST":
        context["form"] = form = UploadForm(request.POST, request.FILES)
        status = 400
        if form.is_valid():
            upload = form.cleaned_data["file"]
            try:
                read = read_contacts(upload.read(), upload.name, agency, clock.today())
            except Refused as refusal:
                status = tell(form, refusal)
            else:
                status = 200
                context |= {"read": read, "name": upload.name, "plan": _plan(request, agency.pk, read)}
    return page(request, "org/contacts_import.html", context, status=status)


def _plan(request: HttpRequest, agency: int, read: Any) -> str:
    if read.problems or not (read.new or read.changed):
        return ""
    facts = [
        (one.leader, one.unit, one.place, one.kind, one.task, one.wanted)
        for one, *_ in [*read.new, *read.changed]
    ]
    return signing.dumps(
        {"user": request.user.pk, "agency": agency, "facts": facts}, salt=SALT, compress=True
    )  # fmt: skip


def _kept(request: HttpRequest, agency: int) -> list[ContactFact]:
    """The lines that the preview showed, unchanged and this person's own."""
    try:
        plan = signing.loads(request.POST["plan"], salt=SALT, max_age=KEEP_SECONDS)
    except signing.BadSignature as error:
        raise Refused("核对页已经过期，没有导入。请把表再上传一次。") from error
    if plan["user"] != request.user.pk or plan["agency"] != agency:
        raise Refused("这不是你核对过的表，没有导入。请把表再上传一次。")
    return [ContactFact(*one) for one in plan["facts"]]


@require_safe
def contacts_export(request: HttpRequest) -> HttpResponse:
    agency, today = agency_of(request), clock.today()
    out = BytesIO()
    write_xlsx(out, contact_sheets(contact_rows(agency, today, **_asked(request))))
    return attachment(out.getvalue(), f"{agency}联系点-{today:%Y%m%d}.xlsx")
