"""请假外出 and AB角: the list, one's own page, noting, changing, handing back, the order of stand-ins."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from taizhang.kit import clock
from taizhang.kit.htmx import page

from .. import actions
from ..actions.absences import MOST, oneself
from ..forms import AbsenceForm, StandInsForm, people_of
from ..models import Absence, Deputy, Person
from ..permits import Permit
from ..queries import people_for
from ..queries.away import absences_for, acting, away_rows, gaps_of, notable
from ..queries.posts import may_oneself
from ..queries.posts import people_of as stood_in
from ..rules.away import Span
from .common import agency_of, attempt, form_keys, need

GROUPS = (("now", "今天不在"), ("coming", "将要请假外出"), ("over", "近 30 天已回来"))


def me(request: HttpRequest) -> Person:
    """The person behind the account, or 404: who is nobody is never away."""
    found: Person | None = getattr(request.user, "person", None)
    if found is None:
        raise Http404
    return found


def list_context(rows: list[Any], may_set: bool) -> dict[str, Any]:
    """Rows in their groups, with the addresses that every row begins with."""
    return {
        "groups": [
            (key, label, [row for row in rows if row.state == key])
            for key, label in GROUPS
            if any(row.state == key for row in rows)
        ],
        "now": next((row for row in rows if row.state == "now"), None), "person_url": reverse("people"), "away_url": reverse("absences"), "may_set": may_set,
        "acts": any(row.may_edit and row.state != "over" for row in rows),
    }  # fmt: skip


@require_safe
def absences(request: HttpRequest) -> HttpResponse:
    agency, today = agency_of(request), clock.today()
    rows = away_rows(agency, today, request.user)
    gone = [row for row in rows if row.state == "now"]
    context = {
        "agency": agency, "rows": rows, "gone": len(gone), "gaps": sum(row.gap for row in rows if row.state != "over"),
        "may_note": notable(request.user, agency).exists(), **list_context(rows, may_oneself(request.user, Permit.ORG_EDIT, agency)),
    }  # fmt: skip
    return page(request, "org/absences.html", context)


@require_safe
def absence_mine(request: HttpRequest) -> HttpResponse:
    """我不在的时候: one's own absences, who then stands in, and for whom one stands in oneself."""
    person, today = me(request), clock.today()
    rows = away_rows(person.agency, today, request.user, only=person.pk)
    context = {
        "person": person, "rows": rows, "deputies": deputies(person),
        "stands_in": list(
            Deputy.objects.filter(stand_in=person, person__left_on=None).select_related("person").order_by("person__order")
        ),
        "acting": acting(stood_in(request.user)[1:], today), **list_context(rows, True),
    }  # fmt: skip
    return page(request, "org/absence_mine.html", context)


def deputies(person: Person) -> list[Deputy]:
    return list(Deputy.objects.filter(person=person).select_related("stand_in").order_by("rank"))


def say_gaps(request: HttpRequest, absence: Absence) -> None:
    """Saved, and yet nobody stands in on some days: said at once, with the way to mend it."""
    found = gaps_of(absence, clock.today())
    if not found:
        return
    days = "、".join(map(str, found))
    whom = absence.person
    if whom.user_id == request.user.pk or may_oneself(request.user, Permit.ORG_EDIT, whom.agency):
        way = format_html('<a href="{}">再设一位代理人</a>', reverse("stand_ins", args=[whom.pk]))
    else:
        way = format_html("请{}本人或创建办再设一位代理人", whom.name)
    messages.warning(
        request,
        format_html("已登记，但 {} 没有人代：没有设代理人，或者设的代理人那几天也不在。{}。", days, way),
    )


@require_http_methods(["GET", "POST"])
def absence_new(request: HttpRequest) -> HttpResponse:
    person = me(request)
    agency = agency_of(request) if request.GET.get("agency") else person.agency
    people = notable(request.user, agency)
    asked = request.GET.get("person", "")
    chosen = int(asked) if asked.isdecimal() and len(asked) < 18 else person.pk
    if asked and not people.filter(pk=chosen).exists():
        there = get_object_or_404(people_for(request.user), pk=chosen)
        need(request, "org.note_absence", there)
    today = clock.today()
    form = AbsenceForm(
        people, request.POST or None, initial={"person": chosen, "starts_on": today.isoformat()}
    )

    def note() -> Any:
        fields = dict(form.cleaned_data)
        return actions.note_absence(fields.pop("person"), **fields, **form_keys(request))

    made, status = attempt(request, form, note)
    if made is not None:
        whom = form.cleaned_data["person"]
        messages.success(request, f"已登记：{whom.name} {Span(made.starts_on, made.ends_on)}请假外出。")
        say_gaps(request, made)
        return redirect("absence_mine" if whom.pk == person.pk else "absences")
    own = chosen == person.pk
    back = reverse("absence_mine" if own else "absences")
    context = {
        "form": form, "title": "登记请假外出", "save": "登记", "back": back, "wide": True,
        "crumbs": [("我不在的时候" if own else "请假外出", back), ("登记", "")],
    }  # fmt: skip
    return page(request, "org/form.html", context, status=status)


def absence_or_404(request: HttpRequest, pk: int) -> Absence:
    return get_object_or_404(absences_for(request.user), pk=pk)


def home_of(request: HttpRequest, person: Person) -> str:
    """The page one came from: one's own, or the list of the agency."""
    return reverse("absence_mine" if person.user_id == request.user.pk else "absences")


@require_http_methods(["GET", "POST"])
def absence_change(request: HttpRequest, pk: int) -> HttpResponse:
    found = absence_or_404(request, pk)
    need(request, "org.change_absence", found)
    oneself(found.person, request.user, Permit.ABSENCE_NOTE, found.person.belongs_to)
    start = {name: getattr(found, name) for name in ("kind", "starts_on", "ends_on", "reason")}
    for name in ("starts_on", "ends_on"):
        start[name] = start[name].isoformat() if start[name] else None
    form = AbsenceForm(None, request.POST or None, initial=start)
    whom, back = found.person, home_of(request, found.person)
    made, status = attempt(
        request, form, lambda: actions.change_absence(found, **form.cleaned_data, **form_keys(request))
    )
    if made is not None:
        messages.success(request, f"{whom.name}的请假外出已保存。")
        say_gaps(request, found)
        return redirect(back)
    context = {
        "form": form, "unit": found, "title": f"改{whom.name}的请假外出", "save": "保存修改", "back": back, "wide": True,
        "crumbs": [("请假外出", back), (whom.name, "")],
    }  # fmt: skip
    return page(request, "org/form.html", context, status=status)


@require_POST
def absence_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    found = absence_or_404(request, pk)
    whom = found.person
    actions.cancel_absence(found, **form_keys(request))
    messages.success(request, f"{whom.name}的请假外出已取消。")
    return redirect(home_of(request, whom))


@require_POST
def absence_back(request: HttpRequest, pk: int) -> HttpResponse:
    found = absence_or_404(request, pk)
    whom = found.person
    actions.hand_back(found, **form_keys(request))
    messages.success(request, f"{whom.name}已销假，从现在起由{whom.name}自己办理，代理人不再能代。")
    return redirect(home_of(request, whom))


@require_http_methods(["GET", "POST"])
def stand_ins(request: HttpRequest, pk: int) -> HttpResponse:
    """The order of those who stand in for one person."""
    seen = Person.objects.filter(Q(pk__in=people_for(request.user).values("pk")) | Q(user=request.user))
    person = get_object_or_404(seen.select_related("agency", "user"), pk=pk)
    need(request, "org.set_stand_ins", person)
    oneself(person, request.user, Permit.ORG_EDIT, person.agency)
    people = people_of(person.agency).exclude(pk=person.pk)
    start = {f"stand_in_{at}": one.stand_in_id for at, one in enumerate(deputies(person), start=1)}
    form = StandInsForm(people, MOST, request.POST or None, initial=start)
    own = person.user_id == request.user.pk
    back = reverse("absence_mine") if own else reverse("person", args=[person.pk])
    made, status = attempt(
        request, form, lambda: actions.set_stand_ins(person, stand_ins=form.chosen(), **form_keys(request))
    )
    if made is not None:
        messages.success(request, f"{person.name}的代理人已保存。")
        for absence in coming(person):
            say_gaps(request, absence)
        return redirect(back)
    context = {
        "form": form, "person": person, "back": back,
        "crumbs": [("我不在的时候" if own else person.name, back), ("设代理人", "")],
    }  # fmt: skip
    return page(request, "org/stand_ins.html", context, status=status)


def coming(person: Person) -> list[Absence]:
    """PERSON's absences that are not over, the next ones only."""
    rows = Absence.objects.filter(Q(ends_on=None) | Q(ends_on__gte=clock.today()), person=person)
    return list(rows.select_related("person").order_by("starts_on")[:3])
