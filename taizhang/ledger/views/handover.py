"""工作交接: what a person holds, line by line, and who takes it over; with it they move, are seconded, or leave."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_safe

from taizhang.kit import clock
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.org.action import demand
from taizhang.org.models import Person, Secondment, Unit
from taizhang.org.models.units import UnitKind
from taizhang.org.permits import Permit
from taizhang.org.queries import alive, may, people_for

from .. import actions
from ..queries.handover import (
    MOVED_WITHIN,
    Handover,
    Line,
    Takers,
    handover_of,
    leavers_of,
    movers_of,
    takers_for,
)
from ..queries.load import works_of
from ..rules.handover import Held, Purpose
from .lists import options
from .load import agency_of
from .show import keys, number

#: what a line's choice may be besides a person
ALL, LEAD, STAY, NOBODY = "all", "lead", "stay", "nobody"
VERBS = {
    Purpose.LEAVE: ("ledger.see_off", "移交并办理离开"), Purpose.MOVE: ("ledger.transfer", "移交并调动"),
    Purpose.SECOND: ("ledger.hand_all", "移交选定的事项"), Purpose.LEFT: ("ledger.hand_all", "移交名下事项"),
}  # fmt: skip
HOMES = (UnitKind.LEADERS, UnitKind.DEPARTMENT, UnitKind.PARTY_BODY, UnitKind.OTHER)


def purpose_of(request: HttpRequest, person: Person) -> Purpose:
    """`?for=leave`; for somebody who has left there is only one."""
    if person.left_on:
        return Purpose.LEFT
    asked = request.GET.get("for", "")
    if asked not in (Purpose.LEAVE, Purpose.MOVE, Purpose.SECOND):
        raise Http404
    return Purpose(asked)


@require_http_methods(["GET", "POST"])
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    """The one page: everything open, a taker for each, one button."""
    person = get_object_or_404(people_for(request.user).select_related("agency"), pk=pk)
    purpose, today = purpose_of(request, person), clock.today()
    name, button = VERBS[purpose]
    demand(request.user, name, person, noted=request.method == "POST")
    refusal: Refused | None = None
    if request.method == "POST":
        try:
            done = _do(request, person, purpose)
        except NotPermitted:
            raise
        except Refused as error:
            refusal = error
        else:
            messages.success(request, done)
            return redirect(
                "handovers" if purpose == Purpose.LEFT else "person",
                *([] if purpose == Purpose.LEFT else [pk]),
            )
    works = works_of(person.agency, today)
    found = handover_of(person, purpose, today, works)
    takers = takers_for(found, today, works)
    department = request.POST.get("department", request.GET.get("department", ""))
    home = [unit.pk for unit in found.homes]
    units = (
        Unit.objects.filter(alive(today), agency=person.agency, kind__in=HOMES).exclude(pk__in=home)
        if purpose == Purpose.MOVE
        else Unit.objects.none()
    )
    context = {
        "title": f"{person.name} {purpose.label}", "person": person, "found": found, "purpose": purpose.value, "button": button,
        "sections": _sections(request, found, takers), "refusal": refusal, "home": "、".join(str(unit) for unit in found.homes),
        "all": options("（请选）", ((str(one), words) for one, words in takers.everybody.items()), request.POST.get("all", str(takers.proposed or ""))),
        "lead": options("（请选）", ((str(one), takers.everybody[one]) for one in takers.leaders), request.POST.get("lead", ""))
        if any(line.leading for line in found.lines) else "",
        "departments": [(unit.pk, unit.name, str(unit.pk) == department) for unit in units.order_by("kind", "order")],
        "open_ok": request.POST.get("open_ok") == "1", "own": person.user_id == request.user.pk,
        "asks_open": purpose in (Purpose.LEAVE, Purpose.MOVE), "back": reverse("person", args=[pk]),
        "infos": [(words, reverse("item", args=[item]) if item else "") for words, item in found.infos],
    }  # fmt: skip
    return render(request, "ledger/handover.html", context, status=refusal.status if refusal else 200)


def _do(request: HttpRequest, person: Person, purpose: Purpose) -> str:
    """The one act of the page; what to say then."""
    posted = request.POST
    takers = read_takers(posted)
    call: dict[str, Any] = {"by": request.user, "takers": takers, **keys(request)}
    given = sum(one is not None for one in takers.values())
    if purpose == Purpose.MOVE:
        pk = number(posted.get("department", ""))
        homes = Unit.objects.filter(alive(clock.today()), agency=person.agency_id, kind__in=HOMES)
        department = homes.filter(pk=pk).first()
        if department is None:
            raise Refused("没有调动：请选调到哪个处室。")
        actions.transfer(person, department=department, open_ok=posted.get("open_ok") == "1", **call)
        return f"“{person.name}”已调到“{department}”，移交 {given} 处。"
    if purpose == Purpose.LEAVE:
        actions.see_off(person, open_ok=posted.get("open_ok") == "1", **call)
        nobody = len(takers) - given
        rest = f"另有 {nobody} 处暂无人接，已列入覆盖检查。" if nobody else ""
        return f"“{person.name}”已办理离开，移交 {given} 处。{rest}职责、组内职务和账号同时停止。"
    actions.hand_all(person, purpose=purpose, **call)
    return f"已移交“{person.name}”名下 {given} 处。"


def read_takers(posted: Any) -> dict[str, int | None]:
    """Key of a line → person, None: it stays, or nobody; a line without a choice is not in it."""
    found: dict[str, int | None] = {}
    for_all = {ALL: number(posted.get("all", "")), LEAD: number(posted.get("lead", ""))}
    for name in posted:
        if not name.startswith("t-"):
            continue
        choice = posted[name]
        if choice in (STAY, NOBODY):
            found[name[2:]] = None
        elif for_all.get(choice) is not None:
            found[name[2:]] = for_all[choice]
        elif (pk := number(choice)) is not None:
            found[name[2:]] = pk
    return found


def _sections(
    request: HttpRequest, found: Handover, takers: Takers
) -> list[tuple[str, list[tuple[Line, str, SafeString]]]]:
    """By kind: each line, its address, its options as markup. What was chosen before a refusal is chosen still."""
    prefixes = {
        name: reverse(name, args=[0])[:-2] for name in {line.to[0] for line in found.lines if line.to[0]}
    }
    made: dict[Held, list[tuple[Line, str, SafeString]]] = {}
    for line in found.lines:
        near = takers.leaders if line.leading else takers.colleagues.get(line.unit or 0, ())
        if not near and found.homes:
            near = takers.colleagues.get(found.homes[0].pk, ())
        values = [(LEAD, "分管统一接手人") if line.leading else (ALL, "统一接手人")]
        if line.may_stay:
            values.append((STAY, "仍由本人"))
        elif found.purpose != Purpose.SECOND:
            values.append((NOBODY, "暂无人接"))
        values += [(str(pk), takers.everybody[pk]) for pk in near if pk in takers.everybody]
        # whose AB角 this is cannot be their own: somebody else is to be chosen
        own = line.held == Held.DEPUTY and line.to[1] == takers.proposed
        start = STAY if line.stays else LEAD if line.leading else "" if own else ALL
        now = request.POST.get(f"t-{line.key}", start)
        url = f"{prefixes[line.to[0]]}{line.to[1]}/" if line.to[0] else ""
        made.setdefault(line.held, []).append((line, url, options("请选", values, now)))
    return [(held.label, lines) for held, lines in made.items()]


@require_safe
def handovers(request: HttpRequest) -> HttpResponse:
    """离开、调动和抽调的交接: who has left with work in their name, who moved lately and left some behind, and whose
    secondment leaves work at home."""
    agency, today = agency_of(request), clock.today()
    if not may(request.user, Permit.LEDGER_MANAGE, agency):
        raise NotPermitted("你没有看待交接工作的权限。如确需办理，请联系创建办。")
    loads = works_of(agency, today).of_people()
    seconded = [
        (row, loads[row.person_id])
        for row in Secondment.objects.filter(alive(today), person__agency=agency, person__left_on=None)
        .select_related("person", "unit", "group")
        .order_by("starts_on")
        if row.person_id in loads
    ]
    context = {
        "title": "离开、调动和抽调的交接", "agency": agency, "leavers": leavers_of([agency.pk]), "seconded": seconded,
        "movers": movers_of(agency, today), "move": f"{reverse('load_move')}?agency={agency.pk}&way=over&person=", "days": MOVED_WITHIN,
        "back": f"{reverse('load')}?agency={agency.pk}", "prefix": reverse("handover", args=[0])[:-2],
        "person_prefix": reverse("person", args=[0])[:-2],
    }  # fmt: skip
    return render(request, "ledger/handovers.html", context)
