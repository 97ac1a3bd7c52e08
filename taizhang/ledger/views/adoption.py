"""换版: look at what a new edition would do, do it, take it back; and what must be looked at again."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from taizhang.campaigns.models import Track, Year
from taizhang.kit import clock
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.kit.sending import attachment
from taizhang.org.permits import Permit
from taizhang.org.queries import may
from taizhang.standards.models import Edition, MatchKind

from .. import actions
from ..models import AdoptedItem
from ..queries import adopted as done
from ..queries import filters
from ..queries.adoption import AdoptionPlan, plan_adoption
from ..queries.adoption_words import change_words, points_words, rows_of_plan
from ..queries.editions import edition_of, newer_editions
from ..queries.scope import items_for
from ..rules.adoption import SHOWN, worth_saying
from ..rules.states import Status
from ..sheets import write_plan
from .adopted import long_pairs
from .asked import found_year, year_of
from .lists import bare
from .show import item_url, keys
from .show import number as id_of


def _manage(request: HttpRequest, year: Year) -> None:
    if not may(request.user, Permit.LEDGER_MANAGE, year.campaign.unit):
        raise NotPermitted("你没有“换用新版标准”的权限。如确需办理，请联系创建办。")


def _choices(year: Year) -> list[tuple[Track, list[Edition]]]:
    """The tracks of the year's campaign that have something newer, each with its editions, the newest first."""
    tracks = Track.objects.filter(campaign=year.campaign_id).select_related("edition__standard", "campaign")
    found = [(track, newer_editions(track, edition_of(track, year))) for track in tracks]
    return [(track, editions) for track, editions in found if editions]


def _asked(asked: Any, choices: list[tuple[Track, list[Edition]]]) -> tuple[Track, Edition] | None:
    """The track and edition that the address names; the only or the newest one if it names none."""
    track_id, edition_id = id_of(asked.get("track", "")), id_of(asked.get("edition", ""))
    for track, editions in choices:
        if track_id in (None, track.pk):
            for edition in editions:
                if edition_id in (None, edition.pk):
                    return track, edition
    return None


@require_http_methods(["GET", "POST"])
def year_adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: what the new edition would change. POST: change it, if it is still what was looked at."""
    year = found_year(request, pk)
    _manage(request, year)
    choices = _choices(year)
    chosen = _asked(request.POST if request.method == "POST" else request.GET, choices)
    crumbs = [("创建活动", reverse("campaigns")), (str(year.campaign), reverse("campaign", args=[year.campaign_id])),
              (f"{year}换版", "")]  # fmt: skip
    context: dict[str, Any] = {"year": year, "crumbs": crumbs, "today": clock.today()}
    if chosen is None:
        last = done.adoptions_for(request.user).filter(year=year, undone_at=None).first()
        if request.method == "POST" and last and last.edition_id == id_of(request.POST.get("edition", "")):
            messages.info(
                request, f"{year}已换用{last.edition}，没有再换一次。"
            )  # another window, or a second click
            return redirect("adoption", last.pk)
        return render(request, "ledger/year_adopt.html", context | {"last": last})
    track, edition = chosen
    refusal: Refused | None = None
    if request.method == "POST":
        try:
            made = actions.adopt(
                year, by=request.user, track=track, edition=edition, saw=request.POST.get("saw", "")[:64] or "nothing", **keys(request)
            )  # fmt: skip
        except NotPermitted:
            raise
        except Refused as error:
            refusal = error
        else:
            messages.success(request, f"已换用《{edition.standard}》{edition.label}。")
            return redirect("adoption", made.pk)
    try:
        plan = plan_adoption(track, year, edition, clock.today())
    except Refused as error:
        return render(
            request, "ledger/year_adopt.html", context | {"refusal": refusal or error, "last": None}, status=error.status
        )  # fmt: skip
    context |= _shown(plan) | {
        "refusal": refusal, "plan": plan, "track": track, "edition": edition,
        "others": [
            (f"《{one.standard}》{edition_.label}", f"?track={one.pk}&edition={edition_.pk}")
            for one, editions in choices for edition_ in editions if (one.pk, edition_.pk) != (track.pk, edition.pk)
        ],
        "export_url": reverse("year_adopt_export", args=[year.pk]) + f"?track={track.pk}&edition={edition.pk}",
    }  # fmt: skip
    return render(request, "ledger/year_adopt.html", context, status=refusal.status if refusal else 200)


def _shown(plan: AdoptionPlan) -> dict[str, Any]:
    """The rows by kind and the numbers over them."""
    rows = rows_of_plan(plan)
    lists: dict[str, list[Any]] = {
        "revisit": [],
        "ended": [],
        "fresh": [],
        "changed": [],
        "moved": [],
        "slots": [],
    }
    for row, line in zip(rows, plan.lines, strict=True):
        if row.revisit:
            lists["revisit"].append(row)
        if line.leaf is None:
            lists["ended"].append(row)
        elif line.item is None:
            lists["fresh"].append(row)
        else:
            if line.weight or line.needs.any or line.kind not in (MatchKind.SAME, MatchKind.MOVED):
                lists["changed"].append(row)
            elif row.changes:
                lists["moved"].append(row)
            if row.gone or row.made:
                lists["slots"].append(row)
    counts = plan.counts

    def count(label: str, n: int, to: str = "", *, hot: bool = False, unit: str = "") -> dict[str, Any]:
        return {"label": label, "n": n, "url": f"#{to}" if to and n else "", "hot": hot, "unit": unit}

    numbers = [
        count("不变或只换编号", sum(line.item is not None and line.leaf is not None for line in plan.lines) - len(lists["changed"]) - len(lists["moved"])),
        count("有改动", len(lists["changed"]), "changed"), count("只移位", len(lists["moved"]), "moved"), count("新增", len(lists["fresh"]), "fresh"),
        count("取消或并入", len(lists["ended"]), "ended"), count("需复核", len(lists["revisit"]), "revisit", hot=True),
        count("换下空期次", counts["slots_gone"], "slots"), count("换上期次", counts["slots_made"] - counts["slots_new"], "slots"),
        count("新事项没有牵头", counts["without_lead"], "fresh", hot=True),
    ]  # fmt: skip
    return {
        "lists": lists, "numbers": numbers, "total": points_words(plan.before, plan.after), "same_total": plan.before == plan.after,
        "empty": not plan.lines, "item_prefix": reverse("item", args=[0])[:-2],
        "losing": sum(bool(row.handed) for row in lists["ended"]),
    }  # fmt: skip


@require_safe
def year_adopt_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan as a workbook."""
    year = found_year(request, pk)
    _manage(request, year)
    chosen = _asked(request.GET, _choices(year))
    if chosen is None:
        raise Http404
    target = BytesIO()
    write_plan(target, plan_adoption(chosen[0], year, chosen[1], clock.today()))
    name = f"换版计划-{year.year}-{chosen[1].label}-{clock.today():%Y%m%d}.xlsx"
    return attachment(target.getvalue(), name, plain="adoption.xlsx")


@require_safe
def adoption(request: HttpRequest, pk: int) -> HttpResponse:
    """What an adoption did, and the button that takes it back."""
    found = get_object_or_404(done.adoptions_for(request.user), pk=pk)
    prefix = reverse("item", args=[0])[:-2]
    rows = [
        (f"{prefix}{one.item_id}/", one.item.no, one.item.title, _label(one), _changes(one), one.slots_replaced,
         "需复核" if one.revisit and not found.undone_at else f"{one.check_note}（{one.checked_by or '命令行'}）" if one.checked_at else "")
        for one in found.items.select_related("item", "checked_by").order_by("item__order", "item_id")
        if one.kind not in (MatchKind.SAME, MatchKind.MOVED) or _changes(one)
    ]  # fmt: skip
    year = found.year
    ledger = f"{reverse('items')}?year={year.pk}"
    counts = found.counts
    numbers = [
        {"label": "有改动", "n": counts.get("rewritten", 0), "url": f"{ledger}&edition=changed"},
        {"label": "新增", "n": counts.get("made", 0), "url": f"{ledger}&edition=new"},
        {"label": "取消或并入", "n": counts.get("ended", 0), "url": f"{ledger}&edition=ended"},
        {"label": "需复核", "n": sum(row[6] == "需复核" for row in rows), "url": f"{reverse('revisits')}?year={year.pk}", "hot": True},
        {"label": "换下空期次", "n": counts.get("slots_gone", 0)},
        {"label": "换上期次", "n": counts.get("slots_made", 0) - counts.get("slots_new", 0)},
        {"label": "没有牵头", "n": counts.get("without_lead", 0), "url": f"{ledger}&edition=new&lead=none", "hot": True},
    ]  # fmt: skip
    context = {
        "found": found, "rows": rows, "numbers": numbers, "manages": may(request.user, Permit.LEDGER_MANAGE, year.campaign.unit),
        "ledger": ledger, "crumbs": [
            ("创建活动", reverse("campaigns")), (str(year.campaign), reverse("campaign", args=[year.campaign_id])), (f"{year}换版", ""),
        ],
    }  # fmt: skip
    return render(request, "ledger/adoption.html", context)


def _label(one: AdoptedItem) -> str:
    if one.kind == MatchKind.SPLIT and one.other_id:
        return "拆出"
    if one.kind == MatchKind.JOINED and one.other_id:
        return "并入"
    return MatchKind(one.kind).label


def _changes(one: AdoptedItem) -> str:
    """What changed, in words; numbers and places of the list are no news."""
    said = [
        change_words(name, one.before.get(name), one.after[name])
        for name in SHOWN
        if name in one.after and worth_saying(name, one.before.get(name), one.after[name])
    ]
    if "needs" in one.after:
        said.append(f"材料 {one.after['needs']}")
    return "；".join(said)


@require_POST
def adoption_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """撤回换版."""
    found = get_object_or_404(done.adoptions_for(request.user), pk=pk)
    actions.undo_adoption(found, by=request.user, **keys(request))
    messages.success(request, f"已撤回换版，{found.year}回到{found.base.label}，各项与换版前一样。")
    return redirect("adoption", pk)


# ---- 需复核


@require_safe
def revisits(request: HttpRequest) -> HttpResponse:
    """What was done under the old edition and must be looked at under the new one."""
    year = year_of(request, filters.read(request.GET.dict()))
    if year is None:
        return bare(request, year, "换版复核")
    return _show_revisits(request, year)


ANSWERS = "已有材料符合新版要求"


def _show_revisits(
    request: HttpRequest,
    year: Year,
    refusal: Refused | None = None,
    words: str = ANSWERS,
    picked: Sequence[int] = (),
) -> HttpResponse:
    """The page; after a refusal with what was said, ticked and typed."""
    rows = [
        (one.pk, item_url(one.item_id), one.item.no, one.item.title, str(one.item.lead or ""), Status(one.item.status).label,
         one.after.get("why", ""), points_words(*_points(one)), long_pairs(one), one.pk in picked)
        for one in done.revisits_of(year).filter(item__in=items_for(request.user))
    ]  # fmt: skip
    context = {
        "year": year, "rows": rows, "manages": may(request.user, Permit.LEDGER_MANAGE, year.campaign.unit), "words": words,
        "refusal": refusal, "crumbs": [("事项清单", f"{reverse('items')}?year={year.pk}"), ("换版复核", "")],
    }  # fmt: skip
    return render(request, "ledger/revisits.html", context, status=refusal.status if refusal else 200)


def _points(one: AdoptedItem) -> tuple[Any, Any]:
    from_, to = one.before.get("points"), one.after.get("points")
    as_number = type(one.item.points) if one.item.points is not None else str
    return (as_number(from_), as_number(to)) if from_ and to else (one.item.points, one.item.points)


@require_POST
def revisits_settle(request: HttpRequest, verb: str) -> HttpResponse:
    """复核无误 or 重新挂号 for those ticked."""
    year = year_of(request, filters.read(request.GET.dict()))
    if year is None:
        raise Http404
    ids = [pk for text in request.POST.getlist("pk") if (pk := id_of(text))]
    words = request.POST.get("words", "").strip()[:300]
    once = {"once": request.POST.get("once", "")[:64]}
    try:
        if not ids:
            raise Refused("没有勾选事项。请先勾上要办的，再点办理。")
        if verb == "ok":
            batch = actions.revisit_many(year, by=request.user, ids=ids, note=words, **once)
        else:
            batch = actions.reopen_many(year, by=request.user, ids=ids, opinion=words, **once)
    except NotPermitted:
        raise
    except Refused as refusal:
        return _show_revisits(request, year, refusal, words, ids)
    messages.success(request, f"已办：{batch.label} {batch.count} 项。今天之内可以在“批量操作”里整批撤销。")
    for problem in batch.problems:
        messages.warning(request, f"没有办：{problem}")
    return redirect(f"{reverse('revisits')}?year={year.pk}")


@require_POST
def item_revisit(request: HttpRequest, pk: int) -> HttpResponse:
    """复核无误 of one item, from its page; PK is the adoption's line of it."""
    one = get_object_or_404(done.adopted_for(request.user).select_related("item__unit", "adoption"), pk=pk)
    actions.revisit(one, by=request.user, note=request.POST.get("words", ""), **keys(request))
    messages.success(request, "已记为复核无误。")
    return redirect("item", one.item_id)
