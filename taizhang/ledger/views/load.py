"""工作量: the table of weeks, the slots behind a number, and sharing work out after it was shown."""

from typing import TypeVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_safe

from taizhang.kit import clock
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.org.action import demand
from taizhang.org.models import Person, Unit
from taizhang.org.permits import Permit
from taizhang.org.queries import agencies_for, alive, may

from .. import actions
from ..queries.load import slot_lines, workload
from ..queries.sharing import WAYS, sharing, whole
from ..rules.load import WEEKS, column, weeks
from .show import number

SHADES = 4


def agency_of(request: HttpRequest) -> Unit:
    """`?agency=` among those whose ledgers the person sees, else the first of them; none: 404."""
    agencies = [one for one in agencies_for(request.user) if may(request.user, Permit.LEDGER_VIEW, one)]
    wanted = request.GET.get("agency", "")
    found = next((one for one in agencies if not wanted or str(one.pk) == wanted), None)
    if found is None:
        raise Http404
    return found


Row = TypeVar("Row", Unit, Person)


def one_asked(request: HttpRequest, name: str, rows: QuerySet[Row]) -> Row | None:
    """The one of ROWS whose id stands in the address as NAME; None where there is no id, 404 for another's."""
    pk = number(request.GET.get(name, ""))
    return None if pk is None else get_object_or_404(rows, pk=pk)


def whose(request: HttpRequest, agency: Unit) -> tuple[Person | None, Unit | None]:
    """`?person=` and `?unit=`, both of AGENCY."""
    person = one_asked(request, "person", Person.objects.filter(agency=agency))
    return person, one_asked(request, "unit", Unit.objects.filter(agency=agency))


@require_safe
def load(request: HttpRequest) -> HttpResponse:
    """The table: people by department, twelve weeks and what is late; or departments alone."""
    agency, today = agency_of(request), clock.today()
    _, unit = whose(request, agency)
    by_unit = request.GET.get("by") == "unit"
    found = workload(agency, today, only=unit.pk if unit else None, people=not by_unit)
    mondays = weeks(today)
    ids = f"agency={agency.pk}"
    heads = ["逾期", *(f"{day:%m-%d}" for day in mondays), "以后"]
    slots_url = f"{reverse('load_slots')}?{ids}"
    rows = []
    for line in found.lines:
        if line.level == 4:
            rows.append((line, "", ""))
            continue
        whom = {0: "", 1: f"&unit={line.pk}", 2: f"&person={line.pk}", 3: f"&unit={line.pk}"}[line.level]
        linked = bool(line.pk or not line.level) and line.level != 3
        cells = mark_safe(
            "".join(
                cell(
                    n,
                    at,
                    shade(n, at, found.most, line.level),
                    f"{slots_url}{whom}&at={at}" if linked else "",
                )
                for at, n in enumerate(line.load.columns)
            )
        )
        rows.append((line, f"{slots_url}{whom}", cells))
    context = {
        "title": "工作量", "agency": agency, "today": today, "rows": rows, "heads": heads, "unit": unit, "by_unit": by_unit,
        "manages": may(request.user, Permit.LEDGER_MANAGE, agency), "ids": ids, "weeks": WEEKS,
        "modes": [("按人员", f"?{ids}", not by_unit and unit is None), ("按处室", f"?{ids}&by=unit", by_unit)],
        "empty": len(rows) < 2, "items_url": f"{reverse('items')}?source=any",
    }  # fmt: skip
    return render(request, "ledger/load.html", context)


def cell(n: int, at: int, heat: str, url: str) -> str:
    """A cell as markup: two thousand of them through a template loop cost as much as a query."""
    late = " class=late" if n and not at else ""
    inside = "" if not n else f'<a href="{escape(url)}"{late}>{n}</a>' if url else f"<span{late}>{n}</span>"
    return f'<td class="c {heat}">{inside}' if heat else f"<td class=c>{inside}"


def shade(n: int, at: int, most: int, level: int) -> str:
    """h1 to h4 for a person's weeks, by the fullest cell of the table; the number stands in it all the same."""
    if level != 2 or not n or not 0 < at <= WEEKS or not most:
        return ""
    return f"h{min(SHADES, 1 + (n * SHADES - 1) // most)}"


@require_safe
def load_slots(request: HttpRequest) -> HttpResponse:
    """The slots behind a number of the table."""
    agency, today = agency_of(request), clock.today()
    person, unit = whose(request, agency)
    at = number(request.GET.get("at", ""))
    if at is not None and at > WEEKS + 1:
        raise Http404
    rows = slot_lines(
        agency, today, person=person.pk if person else None, unit=unit.pk if unit else None, at=at
    )
    mondays = weeks(today)
    when = (
        ""
        if at is None
        else "逾期"
        if at == 0
        else f"{mondays[at - 1]:%m-%d} 这一周"
        if at <= WEEKS
        else "十二周以后"
    )
    whom = person.name if person else unit.name if unit else agency.name
    context = {
        "title": f"{whom} 待报期次", "agency": agency, "rows": rows, "when": when, "person": person, "unit": unit,
        "item_prefix": reverse("item", args=[0])[:-2], "back": f"{reverse('load')}?agency={agency.pk}",
        "items_url": f"{reverse('items')}?source=any" + (f"&person={person.pk}" if person else f"&lead={unit.pk}" if unit else ""),
        "now": column(today, today), "manages": may(request.user, Permit.LEDGER_MANAGE, agency),
    }  # fmt: skip
    return render(request, "ledger/load_slots.html", context)


@require_http_methods(["GET", "POST"])
def load_move(request: HttpRequest) -> HttpResponse:
    """移交、分摊、均衡: first what it would do, then one button; what was shown is what is done."""
    agency, today = agency_of(request), clock.today()
    demand(request.user, "ledger.hand_over", agency, noted=request.method == "POST")
    way = request.GET.get("way", "over")
    if way not in WAYS:
        raise Http404
    person, unit = whose(request, agency)
    if person is not None:
        unit = None if way != "level" else unit
    word, explain = WAYS[way]
    refusal: Refused | None = None
    if request.method == "POST":
        try:
            batch = actions.hand_over(
                agency, by=request.user, label=word, moves=read_moves(request.POST.get("moves", "")),
                once=request.POST.get("once", "")[:64],
            )  # fmt: skip
        except NotPermitted:
            raise
        except Refused as error:
            refusal = error
        else:
            messages.success(request, f"已{word} {batch.count} 项。今天之内可以在“批量操作”里整批撤销。")
            return redirect(f"{reverse('load')}?agency={agency.pk}" + (f"&unit={unit.pk}" if unit else ""))
    asked = [pk for one in request.GET.getlist("to") if (pk := number(one)) is not None]
    picked = None
    if request.GET.get("picked"):
        picked = {pk for one in request.GET.getlist("item") if (pk := number(one)) is not None}
    ready = unit is not None if way == "level" else person is not None or unit is not None
    plan = sharing(
        agency, way, today, person=person.pk if person else None, unit=unit.pk if unit else None, to=asked,
        picked=picked,
    )  # fmt: skip
    moves = plan.moves
    mondays = weeks(today)
    units = Unit.objects.filter(alive(today), agency=agency).exclude(kind__in=["agency", "region", "branch"])
    context = {
        "title": word, "explain": explain, "agency": agency, "way": way, "ways": [(key, one[0], key == way) for key, one in WAYS.items()],
        "person": person, "unit": unit, "ready": ready, "plan": plan, "refusal": refusal, "asked": asked,
        "moves": ",".join(f"{item}:{version}:{taker}" for item, version, taker in moves), "count": len(moves),
        "units": list(units.order_by("kind", "order", "pk").values_list("pk", "name")),
        "near": [(pk, plan.people[pk], room, not asked or pk in asked) for pk, room in plan.near.items() if pk in plan.people],
        "heads": ["逾期", *(f"{day:%m-%d}" for day in mondays[:4]), "再往后"], "whole": whole(plan.changes),
        "changes": [
            (one, list(zip(few(one.before.columns), few(one.after.columns), strict=True))) for one in plan.changes
        ],
        "back": f"{reverse('load')}?agency={agency.pk}", "item_prefix": reverse("item", args=[0])[:-2],
    }  # fmt: skip
    return render(request, "ledger/load_move.html", context, status=refusal.status if refusal else 200)


def few(columns: tuple[int, ...]) -> list[int]:
    """Late, four weeks, and all that is later."""
    return [*columns[:5], sum(columns[5:])]


def read_moves(text: str) -> list[tuple[int, int, int]]:
    """`12:3:45,13:1:46` as it was shown; anything else is no move."""
    found = []
    for one in text.split(","):
        parts = [number(part) for part in one.split(":")]
        if len(parts) == 3 and None not in parts:
            found.append((parts[0] or 0, parts[1] or 0, parts[2] or 0))
    return found
