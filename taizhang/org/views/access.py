"""Where somebody is logged in, and ending it; accounts of many people at once, with their slips of paper."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from taizhang.kit import clock
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.kit.htmx import page
from taizhang.kit.sessions import digest

from .. import actions
from ..models import Membership, Person
from ..queries import open_sessions, people_for, sessions_for
from ..queries.roster import alive
from .common import agency_of, need, person_or_404

#: slips on one sheet of A4: two beside each other, five below
ON_A_SHEET = 10


def _here(request: HttpRequest) -> str:
    return digest(request.session.session_key or "")


@never_cache
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """One's own account: where it is logged in, and the way to another password."""
    rows = open_sessions(request.user, _here(request))  # type: ignore[arg-type]
    context = {
        "rows": rows, "others": sum(not row.here for row in rows), "idle": settings.SESSION_COOKIE_AGE // 60,
        "ends": reverse("session_end", args=[0]).removesuffix("0/end/"), "crumbs": [("我的账号与登录", "")],
    }  # fmt: skip
    return page(request, "org/sessions.html", context)


@require_POST
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one login: an own one, or as the keeper of accounts somebody else's."""
    found = get_object_or_404(sessions_for(request.user).select_related("user__person__agency"), pk=pk)
    actions.end_sessions(found.user, by=request.user, ids=[found.pk], once=request.POST.get("once", ""))
    if found.user_id != request.user.pk:
        messages.success(request, f"已让“{found.user}”的这处登录退出。")
        return redirect("person", found.user.person.pk)
    messages.success(request, "已退出那一处登录。")
    return redirect("account")


@require_POST
def sessions_end(request: HttpRequest) -> HttpResponse:
    """End all own logins but this one."""
    actions.end_sessions(
        request.user, by=request.user, keep=_here(request), once=request.POST.get("once", "")
    )
    messages.success(request, "别处的登录都已退出，只留下本次。")
    return redirect("account")


@require_POST
def person_sessions_end(request: HttpRequest, pk: int) -> HttpResponse:
    """The keeper logs somebody out everywhere."""
    found = person_or_404(request, pk)
    need(request, "org.switch_account", found)
    if found.user is None:
        raise Refused(f"“{found.name}”还没有账号。")
    keep = _here(request) if found.user_id == request.user.pk else ""
    actions.end_sessions(found.user, by=request.user, keep=keep, once=request.POST.get("once", ""))
    messages.success(request, f"已让“{found.name}”在各处的登录都退出。")
    return redirect("person", found.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def accounts_make(request: HttpRequest) -> HttpResponse:
    """Choose people without an account, make them all, show their start passwords as slips: once."""
    agency = agency_of(request)
    need(request, "org.make_accounts", agency)
    refusal: Refused | None = None
    ticked = [int(one) for one in request.POST.getlist("person") if one.isascii() and one.isdigit()]
    if request.method == "POST":
        people = list(people_for(request.user).filter(agency=agency, pk__in=ticked))
        try:
            made = actions.make_accounts(
                agency, people=people, by=request.user, once=request.POST.get("once", "")
            )
        except NotPermitted:
            raise
        except Refused as found:
            refusal = found
        else:
            if made:
                return slips_page(request, made, f"{reverse('people')}?agency={agency.pk}&account=yes")
            messages.warning(
                request, "这些人的初始密码已显示过一次。没有打印下来的，请在人员页面逐人“重置密码”。"
            )
            return redirect("people")
    wanted = request.GET.get("unit", "")
    rows = _without_account(agency.pk)
    units = list(dict.fromkeys((row["unit"], row["department"]) for row in rows if row["unit"]))
    context = {
        "agency": agency, "units": units, "unit": wanted, "refusal": refusal, "ticked": set(ticked),
        "rows": [row for row in rows if not wanted or str(row["unit"]) == wanted],
        "most": actions.accounts.MOST_AT_ONCE, "days": settings.START_PASSWORD_DAYS,
        "people_url": reverse("people"), "crumbs": [("人员", reverse("people")), ("批量开通账号", "")],
    }  # fmt: skip
    return page(request, "org/accounts_make.html", context, status=refusal.status if refusal else 200)


def _without_account(agency: int) -> list[dict[str, Any]]:
    """People of the agency who have none, by department; two queries."""
    today = clock.today()
    home = {
        person: (unit, name, order)
        for person, unit, name, order in Membership.objects.filter(alive(today), person__agency=agency, main=True)
        .values_list("person", "unit", "unit__name", "unit__order")
    }  # fmt: skip
    found = []
    rows = Person.objects.filter(agency=agency, user=None, left_on=None).order_by("order", "staff_no")
    for pk, number, name, title in rows.values_list("pk", "staff_no", "name", "title"):
        unit, department, order = home.get(pk, (None, "", 10**6))
        found.append(
            {
                "pk": pk,
                "no": number,
                "name": name,
                "title": title,
                "unit": unit,
                "department": department,
                "order": order,
            }
        )
    return sorted(found, key=lambda row: row["order"])


def slips_page(
    request: HttpRequest, made: Sequence[tuple[Person, actions.Account]], back: str
) -> HttpResponse:
    """The start passwords to be printed and cut: in the answer to the post and nowhere else, no redirect keeps them."""
    home = dict(
        Membership.objects.filter(alive(clock.today()), person__in=[person for person, _ in made], main=True)
        .values_list("person", "unit__name")
    )  # fmt: skip
    slips = [
        {
            "name": person.name,
            "unit": home.get(person.pk, ""),
            "username": one.user.username,
            "password": one.password,
        }
        for person, one in made
    ]
    context = {
        "sheets": [slips[at : at + ON_A_SHEET] for at in range(0, len(slips), ON_A_SHEET)], "count": len(slips),
        "agency": made[0][0].agency, "address": request.build_absolute_uri("/"), "back": back,
        "days": settings.START_PASSWORD_DAYS, "until": clock.today() + timedelta(days=settings.START_PASSWORD_DAYS),
    }  # fmt: skip
    answer = render(request, "org/slips.html", context)
    answer["Cache-Control"] = "no-store, private"
    return answer
