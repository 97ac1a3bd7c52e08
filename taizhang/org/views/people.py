"""People: the list, one person, posts."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.kit.htmx import page

from .. import actions
from ..forms import AccountForm, PersonForm, PostForm
from ..models import Deputy, Duty, Membership, Person, Post, Secondment, Unit
from ..models.units import UnitKind
from ..permits import KEEPERS, Permit, Role
from ..queries import may, open_sessions, people_for
from ..queries.away import away_rows
from ..queries.contacts import contact_rows
from ..queries.posts import may_oneself
from ..queries.roster import alive
from ..queries.units import PEOPLE_ORDER, PeopleFilters, find_people, person_rows
from .away import deputies, list_context
from .common import agency_of, attempt, form_keys, need, person_or_404, tell

PER_PAGE = 50
#: what may be hidden: nth column, its head
COLUMNS = [(1, "工号"), (4, "职务职级"), (5, "党支部"), (6, "职责"), (7, "账号"), (8, "在岗")]


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    agency, today = agency_of(request), clock.today()
    asked = request.GET
    unit = asked.get("unit", "")
    sort = asked.get("sort", "order")
    wanted = PeopleFilters(
        q=asked.get("q", "").strip(), unit=int(unit) if unit.isdecimal() else None, role=asked.get("role", ""),
        account=asked.get("account", ""), presence=asked.get("presence", ""), gone=asked.get("gone") == "1",
        sort=sort if sort.lstrip("-") in PEOPLE_ORDER else "order",
    )  # fmt: skip
    found = Paginator(find_people(request.user, agency, wanted, today), PER_PAGE).get_page(asked.get("page"))
    units = (
        Unit.objects.filter(alive(today), agency=agency)
        .exclude(kind=UnitKind.AGENCY)
        .order_by("kind", "order")
        .values_list("pk", "name")
    )
    context = {
        "agency": agency, "page": found,
        "rows": person_rows(list(found.object_list), today), "url": reverse("people"), "wanted": wanted,
        "units": list(units), "roles": [(role.value, role.label) for role in Role],
        "edit": may(request.user, Permit.ORG_EDIT, agency), "cols": COLUMNS,
        "accounts": may(request.user, Permit.ACCOUNT_MANAGE, agency),
        "filtered": bool(wanted.q or wanted.unit or wanted.role or wanted.account or wanted.presence or wanted.gone),
    }  # fmt: skip
    return page(request, "org/people.html", context)


def _roles(request: HttpRequest, agency: Unit) -> list[str]:
    """Roles that this person may give and take there."""
    keeper = may(request.user, Permit.ACCOUNT_MANAGE, agency)
    office = may(request.user, Permit.ORG_EDIT, agency)
    return [role.value for role in Role if (keeper if role in KEEPERS else office)]


@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    return _person_page(request, person_or_404(request, pk))


def _person_page(
    request: HttpRequest, found: Person, post_form: Any = None, status: int = 200
) -> HttpResponse:
    today = clock.today()
    roles = _roles(request, found.agency)
    order = {role: number for number, role in enumerate(Role)}
    posts = sorted(
        Post.objects.filter(alive(today), person=found).select_related("unit", "group"),
        key=lambda post: (order[Role(post.role)], post.pk),
    )
    over = (
        Post.objects.filter(person=found, ends_on__lt=today)
        .select_related("unit", "group")
        .order_by("-ends_on")
    )
    own = found.user_id is not None and found.user_id == request.user.pk
    keeper = may(request.user, Permit.ACCOUNT_MANAGE, found.agency)
    context = {
        "person": found, "today": today,
        "memberships": list(Membership.objects.filter(alive(today), person=found).select_related("unit")),
        "posts": [
            (post, Role(post.role).label, post.role in roles and not post.group_id and not own) for post in posts
        ],
        "over": [(post, Role(post.role).label) for post in over[:30]],
        "seconded": list(
            Secondment.objects.filter(alive(today), person=found).select_related("unit", "group").order_by("starts_on")
        ),
        "contacts": contact_rows(found.agency, today, leader=found.pk),
        "duties": list(Duty.objects.filter(alive(today), person=found).select_related("group")),
        "deputies": deputies(found),
        "stands_in": list(Deputy.objects.filter(stand_in=found).select_related("person")),
        "may_deputies": (own or may_oneself(request.user, Permit.ORG_EDIT, found.agency)) and not found.left_on,
        "may_note_away": (own or may_oneself(request.user, Permit.ABSENCE_NOTE, found.belongs_to)) and not found.left_on,
        "away": list_context(
            away_rows(found.agency, today, request.user, only=found.pk), may_oneself(request.user, Permit.ORG_EDIT, found.agency)
        ),
        "edit": may(request.user, Permit.ORG_EDIT, found.agency) and not found.left_on,
        "accounts": keeper, "rows": open_sessions(found.user) if keeper and found.user and not own else [],
        "ends": reverse("session_end", args=[0]).removesuffix("0/end/"),
        "roles": roles, "own": own, "account_form": AccountForm(),
        "post_form": post_form or PostForm(found.agency, roles, initial={"starts_on": today.isoformat()}),
        "unit_url": reverse("org") + "unit/", "person_url": reverse("people"), "contact_url": reverse("contacts"), "group_url": reverse("groups"),
        "log": f"{reverse('journal')}?subject=org.person:{found.pk}"
        if may(request.user, Permit.JOURNAL_VIEW, found.agency) else "",
        "crumbs": [("人员", reverse("people")), (found.name, "")],
    }  # fmt: skip
    return page(request, "org/person.html", context, status=status)


@require_http_methods(["GET", "POST"])
def person_new(request: HttpRequest) -> HttpResponse:
    agency = agency_of(request)
    need(request, "org.add_person", agency)
    form = PersonForm(agency, request.POST or None)
    made, status = attempt(
        request, form, lambda: actions.add_person(agency, **form.cleaned_data, **form_keys(request))
    )
    if made is not None:
        messages.success(request, f"已增加“{made.name}”。需要登录的，请系统管理员开通账号。")
        return redirect("person", made.pk)
    context = {
        "form": form, "title": "增加人员", "save": "增加", "back": reverse("people"), "wide": True,
        "crumbs": [("人员", reverse("people")), ("增加", "")],
    }  # fmt: skip
    return page(request, "org/form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = person_or_404(request, pk)
    need(request, "org.change_person", found)
    form = PersonForm(found.agency, request.POST or None, initial=_initial(found))
    home = (
        Membership.objects.filter(alive(clock.today()), person=found, main=True)
        .select_related("unit")
        .first()
    )
    kept: dict[str, Any] = {}
    if home is not None:
        # another department is a move: what is open is handed over on the page of its own (调动)
        del form.fields["department"]
        kept["department"] = home.unit
    made, status = attempt(
        request, form, lambda: actions.change_person(found, **kept, **form.cleaned_data, **form_keys(request))
    )
    if made is not None:
        messages.success(request, f"“{form.cleaned_data['name']}”已保存。")
        return redirect("person", found.pk)
    url = reverse("person", args=[found.pk])
    context = {
        "form": form, "unit": found, "title": f"修改 {found.name}", "save": "保存修改", "back": url, "wide": True,
        "crumbs": [("人员", reverse("people")), (found.name, url), ("修改", "")],
    }  # fmt: skip
    return page(request, "org/form.html", context, status=status)


def _initial(found: Person) -> dict[str, Any]:
    today = clock.today()
    names = (
        "staff_no", "name", "title", "rank", "gender", "year_of_birth", "joined_year", "is_party_member",
        "volunteer_no", "phone", "supervisor", "presence",
    )  # fmt: skip
    start = {name: getattr(found, name) for name in names}
    for row in Membership.objects.filter(alive(today), person=found):
        if row.main:
            start["department"] = row.unit_id
        else:
            start |= {"branch": row.unit_id, "branch_duty": row.duty}
    stand_in = Deputy.objects.filter(person=found, rank=1).first()
    return start | {"stand_in": stand_in.stand_in_id if stand_in else None}


@require_POST
def post_give(request: HttpRequest, pk: int) -> HttpResponse:
    found = person_or_404(request, pk)
    need(request, "org.give_post", found)
    roles = _roles(request, found.agency)
    form = PostForm(found.agency, roles, request.POST)
    if not form.is_valid():
        return _person_page(request, found, form, 400)
    fields = form.cleaned_data | {"role": Role(form.cleaned_data["role"])}
    try:
        made = actions.give_post(found, **fields, **form_keys(request))
    except Refused as refusal:
        return _person_page(request, found, form, tell(form, refusal))
    messages.success(request, f"已授予“{found.name}”：{made.unit} {Role(made.role).label}。")
    return redirect("person", found.pk)


@require_POST
def post_end(request: HttpRequest, pk: int) -> HttpResponse:
    post = get_object_or_404(
        Post.objects.select_related("person", "unit"), pk=pk, person__in=people_for(request.user)
    )
    person_pk, words = post.person_id, f"{post.unit} {Role(post.role).label}"
    actions.end_post(post, **form_keys(request))
    messages.success(request, f"已收回“{words}”，即时生效。")
    return redirect("person", person_pk)
