"""The list of a year's items: find, arrange, show; print it; do one thing to many of its rows."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods, require_safe

from taizhang.campaigns.models import Year
from taizhang.campaigns.rules.states import YearState
from taizhang.kit import clock
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.org.models import Person, Unit
from taizhang.org.permits import Permit
from taizhang.org.queries import may

from .. import actions
from ..forms.items import tell_loads
from ..forms.lists import Bulk
from ..models import Item
from ..queries import bulk as bulks
from ..queries import filters
from ..queries.facts import missing_of
from ..queries.filters import Filter
from ..queries.guests import leads_in
from ..queries.listing import Listed, choices, listed, sums
from ..queries.load import figures
from ..queries.rows import Row
from ..rules.states import TO_HAND_IN, Source, Status
from .asked import year_of
from .lines import Lines, head
from .show import number


def bare(request: HttpRequest, year: Year | None, title: str) -> HttpResponse:
    """The page of a ledger that does not exist yet: why, and what to do next."""
    if year is None:
        text = "本机关还没有创建活动，所以没有台账。先导入测评标准、建一次创建活动，启用年度后就有事项。"
        acts = [("新建创建活动", reverse("campaign_new"), True)] if _may_found(request) else []
        return render(request, "ledger/items.html", {"title": title, "bare": ("还没有台账", text, acts)})
    manages = may(request.user, Permit.LEDGER_MANAGE, year.campaign.unit)
    text = f"{year.campaign.name} {year.year} 年度还没有启用。启用后按测评标准生成事项和期次。"
    acts = [(f"启用 {year.year} 年度台账", reverse("year_open", args=[year.pk]), True)] if manages else []
    return render(
        request,
        "ledger/items.html",
        {"title": title, "year": year, "bare": ("这一年的台账还没有启用", text, acts)},
    )


def _may_found(request: HttpRequest) -> bool:
    person = getattr(request.user, "person", None)
    return bool(person and may(request.user, Permit.CAMPAIGN_EDIT, person.agency))


@require_safe
def items(request: HttpRequest) -> HttpResponse:
    """台账 事项清单."""
    asked = filters.read(request.GET.dict())
    year = year_of(request, asked)
    if year is None or year.state == YearState.PLANNED:
        return bare(request, year, "事项清单")
    today = clock.today()
    found = listed(request.user, year, asked, today)
    context = shown(request, found)
    lines = Lines(asked, today, found.step)
    more = _more(request, found, today) if asked.open else ""
    context["body"] = lines.body(filters.arrange(found.rows, asked), more)
    context["head"] = head(asked)
    # nothing has been handed out: the office may have kept a ledger of its own so far
    context["fresh"] = (
        found.manages and bool(found.all) and all(row.status == Status.PENDING for row in found.all)
    )
    context["bulk_acts"] = [
        (words, reverse("items_bulk", args=[verb]) + asked.address(open="", sort="", group=""))
        for verb, (words, _) in bulks.VERBS.items()
        if found.manages or verb not in bulks.MANAGING
    ]
    if (batch_id := number(request.GET.get("batch", ""))) and (
        batch := bulks.own_batches(request.user).filter(pk=batch_id).first()
    ):
        context["batch"] = batch
        context["undo"] = bulks.may_take_back(batch, request.user, today)
    return render(request, "ledger/items.html", context)


@require_safe
def items_print(request: HttpRequest) -> HttpResponse:
    """The same list for paper: A4 across, the heads on every page, the filter in words."""
    asked = filters.read(request.GET.dict())
    year = year_of(request, asked)
    if year is None or year.state == YearState.PLANNED:
        return bare(request, year, "事项清单")
    found = listed(request.user, year, asked, clock.today())
    context = shown(request, found)
    context["groups"] = filters.arrange(found.rows, asked)
    context["today"] = clock.today()
    return render(request, "ledger/items_print.html", context)


def shown(request: HttpRequest, found: Listed) -> dict[str, Any]:
    """What list and paper share."""
    asked, year = found.asked, found.year
    kept = asked.pairs(open="")
    return {
        "title": "事项清单",
        "year": year,
        "found": found,
        "asked": asked,
        "sums": sums(found.rows),
        "sum_urls": {view or "all": asked.address(view=view, open="") for view, _, _ in found.views},
        "views": [
            (asked.address(view=key, open=""), word, count, key == asked.view)
            for key, word, count in found.views
        ],
        "chips": [(label, value, _address(asked.without(name))) for name, label, value in found.words],
        # what neither the switch nor a select in the first row shows already
        "chips_shown": [
            (label, value, _address(asked.without(name)))
            for name, label, value in found.words
            if name not in ("view", "q", "area", "lead", "person", "scope", "source")
        ],
        "drops": [
            (f"去掉“{words}”有 {count} 项", _address(asked.without(name)))
            for name, words, count in found.drops
            if count
        ],
        "selects": _selects(found),
        "hidden": [
            (name, value)
            for name, value in kept
            if name in ("year", "view", "group", "sort", "leader", "team")
            or (name == "track" and len(found.tracks) < 2)
        ],
        "query": asked.address(open=""),
        "groups_of": [
            (asked.address(group=key, open=""), word, key == asked.group)
            for key, word in filters.GROUPS.items()
        ],
        "empty_year": not found.all,
    }


def _address(asked: Filter) -> str:
    return asked.address(open="")


def _selects(found: Listed) -> list[tuple[str, str, str, SafeString, bool]]:
    """The selects of the filter row: name, label, value now, its options as markup, whether under 更多."""
    asked = found.asked
    by = choices(found.all, asked)

    def counted(name: str) -> list[tuple[str, str]]:
        return [(value, f"{words}　{count}") for value, words, count in by[name]]

    sources = [(one.value, one.label) for one in Source if any(row.source_kind == one for row in found.all)]
    made: list[tuple[str, str, str, list[tuple[str, str]], bool]] = [
        ("area", "方面", "全部", counted("area"), False),
        ("lead", "处室", "全部", counted("lead"), False),
        ("person", "责任人", "全部", counted("person"), False),
        ("scope", "范围", "全机关", [(key, word) for key, word in filters.SCOPES.items() if key], False),
        (
            "source",
            "来源",
            "测评标准",
            [*((v, w) for v, w in sources if v != Source.INDICATOR), (filters.ANY, "全部来源")],
            False,
        ),
        ("status", "状态", "全部", [(one.value, one.label) for one in Status], True),
        ("cadence", "周期", "全部", counted("cadence"), True),
        ("lamp", "灯", "全部", list(filters.LAMPS.items()), True),
        ("before", "启用前", "全部", [("1", "含启用前期次"), ("0", "不含")], True),
    ]
    if found.adopted or asked.edition:
        made.append(("edition", "换版", "全部", list(filters.EDITIONS.items()), True))
    if len(found.tracks) > 1:
        made.append(("track", "测评体系", "全部", [(str(pk), name) for pk, name in found.tracks], True))
    return [
        (name, label, now := getattr(asked, name), options(empty, values, now), extra)
        for name, label, empty, values, extra in made
    ]


def options(empty: str, values: Iterable[tuple[str, str]], now: str) -> SafeString:
    """<option>s in Python: sixty names through a template loop cost as much as a query."""
    return mark_safe(
        f"<option value=>{empty}"
        + "".join(
            f'<option value="{escape(value)}"{" selected" if value == now else ""}>{escape(words)}'
            for value, words in values
        )
    )


def _more(request: HttpRequest, found: Listed, today: Any) -> str:
    """What stands under the row that is open: the requirement, what is lacking, the last that happened."""
    row = next((row for row in found.rows if str(row.id) == found.asked.open), None)
    if row is None:
        return ""
    item = Item.objects.get(pk=row.id)
    slots = item.slots.filter(status__in=TO_HAND_IN, before_system=False).select_related("performer")
    next_slots = [
        slot for slot in slots.order_by("due_on", "performer__order")[:40] if slot.due_on == row.due_on
    ]
    lacks = missing_of([(slot.pk, item.pk) for slot in next_slots], request.user)
    last = item.signatures.select_related("person", "slot").order_by("-id").first()
    context = {
        "row": row, "item": item, "last": last, "found": found,
        "slots": [(slot, lacks.get(slot.pk, [])) for slot in next_slots[:12]], "others": max(0, len(next_slots) - 12),
    }  # fmt: skip
    return render(request, "ledger/items.html#more", context).content.decode()


# ---- one thing to many rows


@require_http_methods(["GET", "POST"])
def items_bulk(request: HttpRequest, verb: str = "") -> HttpResponse:
    """First the page that says what will happen to how many; with `go`, the act.

    The rows are those ticked (`pk`), or with `all` everything the filter in the address lets pass.
    """
    if verb and verb not in bulks.VERBS:
        raise Http404
    asked = filters.read(request.GET.dict())
    year = year_of(request, asked)
    if year is None:
        raise Http404
    found = listed(request.user, year, asked, clock.today())
    if verb in bulks.MANAGING and not found.manages:
        raise NotPermitted(f"你没有“{bulks.VERBS[verb][0]}”的权限。如确需办理，请联系创建办。")
    rows = _chosen(request, found)
    back = reverse("items") + asked.address(open="")
    context: dict[str, Any] = {
        "year": year, "back": back, "query": asked.address(open=""), "rows": rows, "chips": found.words, "bare": None,
        "verbs": [(key, *words) for key, words in bulks.VERBS.items() if found.manages or key not in bulks.MANAGING],
    }  # fmt: skip
    if not verb:
        return render(request, "ledger/items_bulk.html", context | {"title": "批量办理"})
    plan = bulks.plan(request.user, year, verb, rows)
    agency = year.campaign.unit
    units = leads_in(year, clock.today())
    people = Person.objects.filter(agency=agency, left_on=None)
    going = request.method == "POST" and "go" in request.POST
    form = Bulk(verb, units, people, request.POST if going else None)
    if "person" in form.fields:
        tell_loads(form, figures(agency, clock.today()))
    refusal: Refused | None = None
    if going and plan.able and form.is_valid():
        try:
            batch = _do(
                request,
                year,
                verb,
                plan,
                {name: value for name, value in form.cleaned_data.items() if value not in (None, "")},
            )
        except NotPermitted:
            raise
        except Refused as error:
            refusal = error
        else:
            words = (
                f"{batch.label} {batch.count} {'期' if verb in ('accept', *bulks.BEFORE_SYSTEM) else '项'}"
            )
            messages.success(
                request,
                f"已办：{words}。"
                + (f"另有 {len(batch.problems)} 处没有办成，见下。" if batch.problems else ""),
            )
            return redirect(
                reverse("items") + asked.address(open="") + f"&batch={batch.pk}".replace("?&", "?")
            )
    label, explain = bulks.VERBS[verb]
    context |= {
        "title": label, "verb": verb, "explain": explain, "plan": plan, "form": form, "refusal": refusal,
        "ids": ",".join(str(row.id) for row in plan.able),
        "able": [(row, plan.notes.get(row.id, "")) for row in plan.able],
    }  # fmt: skip
    status = refusal.status if refusal else 422 if form.is_bound and form.errors else 200
    return render(request, "ledger/items_bulk.html", context, status=status)


def _chosen(request: HttpRequest, found: Listed) -> list[Row]:
    """The rows meant: all that pass the filter, or those whose ids were posted."""
    if request.method != "POST" or request.POST.get("all"):
        return found.rows
    posted = request.POST.getlist("pk") + request.POST.get("ids", "").split(",")
    ids = {int(one) for one in posted if one.isascii() and one.isdigit() and len(one) < 18}
    return [row for row in found.all if row.id in ids]


def _do(request: HttpRequest, year: Year, verb: str, plan: bulks.Plan, params: dict[str, Any]) -> Any:
    """The one action that VERB is."""
    ids = [row.id for row in plan.able]
    keys = {"by": request.user, "once": request.POST.get("once", "")[:64]}
    takes: dict[str, Callable[[], Any]] = {
        "accept": lambda: actions.bulk(year, verb="accept", ids=plan.slots, params=params, **keys),
        **dict.fromkeys(bulks.BEFORE_SYSTEM, lambda: actions.before_system(year, ids=ids, **params, **keys)),
        "accept_lead": lambda: actions.bulk_rows(
            year, label="接受建议牵头", rows=_lead_rows(plan.leads), **keys
        ),
        "set_lead": lambda: actions.bulk(
            year, verb="set_lead", ids=ids, params={"lead": None} | params, **keys
        ),
    }
    return takes.get(verb, lambda: actions.bulk(year, verb=verb, ids=ids, params=params, **keys))()


def _lead_rows(leads: dict[int, int]) -> list[tuple[str, int, dict[str, Any]]]:
    units = Unit.objects.in_bulk(set(leads.values()))
    return [("set_lead", item, {"lead": units[lead]}) for item, lead in leads.items()]
