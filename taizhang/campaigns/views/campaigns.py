"""The list of campaigns, one campaign, and what of it may still be changed."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from taizhang.kit import clock
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.kit.htmx import page
from taizhang.org.models import Unit
from taizhang.org.permits import Permit
from taizhang.org.queries import may

from .. import actions, forms, queries
from ..models import Campaign, Track, Year
from ..queries import overview
from ..queries.asks import deciders, plans_of_track
from ..queries.proposals import TrackPlan
from ..queries.signing import areas_of, chain_view, plan_of
from ..rules.asks import MEANS, AskPlan
from ..rules.states import YearState
from .draft import KEY as DRAFT


def allow(request: HttpRequest, unit: Unit) -> None:
    """A page that only changes things is not shown to those who may not change them."""
    if not may(request.user, Permit.CAMPAIGN_EDIT, unit):
        raise NotPermitted("你没有“设创建活动”的权限。如确需办理，请联系创建办或系统管理员。")


def take(act: Callable[..., Any], subject: Any, request: HttpRequest, **words: Any) -> list[str]:
    """Take ACT once on SUBJECT with the keys that the form carried. What it refuses, for the form to say.

    What is not permitted is no matter of the form: it goes on to the middleware's page.
    """
    try:
        act(
            subject,
            by=request.user,
            seen=request.POST.get("seen"),
            once=request.POST.get("once", ""),
            **words,
        )
    except NotPermitted:
        raise
    except Refused as refusal:
        return [refusal.message, *refusal.problems]
    return []


def optional_url(name: str, *args: Any) -> str:
    """A page of a floor above, known by name only; "" where that floor is not there."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@require_safe
def campaigns(request: HttpRequest) -> HttpResponse:
    rows = overview.campaign_rows(request.user, clock.today())
    context = {
        "rows": rows, "may_start": queries.agencies_to_edit(request.user).exists(),
        "several": len({row.unit for row in rows}) > 1,
        "base": reverse("campaigns"),
        "draft": DRAFT in request.session,
    }  # fmt: skip
    return page(request, "campaigns/campaigns.html", context)


@require_safe
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.campaigns_for(request.user), pk=pk)
    today = clock.today()
    edits = may(request.user, Permit.CAMPAIGN_EDIT, found.unit)
    years = overview.year_rows(found, today, edits, optional_url("items"), optional_url)
    # the red button is for what is due now: while a year runs, the next one is opened from its row
    running = any(year.state == YearState.OPEN and today <= year.assessed_on for year in years)
    waiting = None if running else next((year for year in years if year.open), None)
    cycle = range(found.first_year, found.last_year + 1)
    context = {
        "campaign": found, "years": years, "tracks": queries.tracks_view(found, today), "today": today,
        "may_edit": edits, "may_bind": may(request.user, Permit.BIND, found.unit), "newer": newer_lines(found, edits), "joined": queries.joined_rows(found, today),
        "joined_work": [(year.year, optional_url("year_joined", year.pk)) for year in years if year.items] if edits else [],
        "join_end": reverse("join_end", args=[0]).removesuffix("0/end/"),
        "chosen": request.session.get(queries.CHOSEN),
        "next_url": waiting.open if waiting else "",
        "next_year": waiting.year if waiting else "",
        "unknown": queries.calendar().unknown(year for year in _of_concern(today) if year in cycle),
        "crumbs": [("创建活动", reverse("campaigns")), (str(found), "")],
    }  # fmt: skip
    return page(request, "campaigns/campaign.html", context)


def newer_lines(found: Campaign, edits: bool, year: Year | None = None) -> list[tuple[str, str]]:
    """标准有新版：《…》2019版, and the page that shows what adopting it would change; for those who may."""
    editions = overview.newer_editions(found) if edits else []
    if not editions:
        return []
    at = year or queries.year_to_adopt(found)
    address = optional_url("year_adopt", at.pk) if at is not None else ""
    return [
        (f"标准有新版：《{edition.standard}》{edition.label}", f"{address}?track={track.pk}&edition={edition.pk}" if address else "")
        for track, edition in editions
    ]  # fmt: skip


def _of_concern(today: date) -> list[int]:
    """The years whose table of holidays should be there by now: next year's is announced in November."""
    return [today.year, today.year + 1] if today.month >= 11 else [today.year]


@require_POST
def campaign_choose(request: HttpRequest) -> HttpResponse:
    """Which year the frame shows: kept in the session, nothing is written."""
    said = request.POST.get("year", "")
    year = get_object_or_404(
        queries.years_for(request.user), pk=int(said) if said.isascii() and said.isdigit() else 0
    )
    request.session[queries.CHOSEN] = year.pk
    messages.success(request, f"当前显示：{year.campaign} {year}")
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        return redirect(back)
    return redirect("campaign", year.campaign_id)


@require_http_methods(["GET", "POST"])
def track_new(request: HttpRequest, pk: int) -> HttpResponse:
    """One more standard for a campaign: the proposed chain, to be changed afterwards."""
    found = get_object_or_404(queries.campaigns_for(request.user), pk=pk)
    allow(request, found.unit)
    owners = queries.owners_in(found.unit)
    taken = set(found.tracks.values_list("standard_id", flat=True))
    data = request.POST if request.method == "POST" else None
    choices = []
    for edition in queries.editions_for(found.unit):
        plan = queries.propose_track(edition, owners, found.last_year)
        if edition.standard_id not in taken and plan is not None:
            choices.append((edition, forms.track_form(edition, owners, plan, data), plan))
    problems: list[str] = []
    if data is not None:
        picked = [choice for choice in choices if str(choice[0].pk) == data.get("edition")]
        if not picked:
            problems = ["还没有选标准，请选一套。"]
        elif picked[0][1].is_valid():
            try:
                track = _add(request, found, *picked[0])
            except NotPermitted:
                raise
            except Refused as refusal:
                problems = [refusal.message, *refusal.problems]
            else:
                messages.success(request, f"已增加创建线《{track}》。它的事项从下一个启用的年度起生成。")
                return redirect("track_edit", track.pk)
    context = {
        "campaign": found, "choices": choices, "problems": problems, "said": request.POST.get("edition", ""),
        "crumbs": [("创建活动", reverse("campaigns")), (str(found), found_url(found)), ("增加创建线", "")],
    }  # fmt: skip
    return page(request, "campaigns/track_new.html", context, status=409 if data is not None else 200)


def found_url(campaign: Campaign) -> str:
    return reverse("campaign", args=[campaign.pk])


def _add(
    request: HttpRequest, found: Campaign, edition: Any, form: forms.TrackForm, plan: TrackPlan
) -> Track:
    got = form.cleaned_data
    owner = Unit.objects.get(pk=got["owner"])
    wanted = TrackPlan(edition, owner, got["title"], got["target_year"], tuple(queries.chain_for(owner)))
    added: Track = actions.add_track(
        found, by=request.user, once=request.POST.get("once", ""), seen=request.POST.get("seen"), track=wanted
    )
    return added


@require_http_methods(["GET", "POST"])
def track_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Owner, target title and year of a track."""
    track = get_object_or_404(queries.tracks_for(request.user), pk=pk)
    allow(request, track.campaign.unit)
    owners = queries.owners_in(track.campaign.unit)
    now = TrackPlan(track.edition, track.owner, track.title, track.target_year, ())
    form = forms.track_form(track.edition, owners, now, request.POST if request.method == "POST" else None)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        got = form.cleaned_data
        problems = take(
            actions.change_track, track, request,
            owner=Unit.objects.get(pk=got["owner"]), title=got["title"], target_year=got["target_year"],
        )  # fmt: skip
        if not problems:
            messages.success(request, f"已保存《{track}》的归口和目标。")
            return redirect("track_edit", track.pk)
    return _track_page(request, track, form, None, problems)


@require_POST
def track_steps(request: HttpRequest, pk: int) -> HttpResponse:
    """The review chain of a track."""
    track = get_object_or_404(queries.tracks_for(request.user), pk=pk)
    allow(request, track.campaign.unit)
    rows = forms.step_forms("c", [plan_of(step) for step in track.steps.order_by("order")], request.POST)
    problems: list[str] = []
    if forms.right(rows):
        problems = take(actions.change_steps, track, request, steps=forms.steps_of(rows))
        if not problems:
            messages.success(request, f"已保存《{track}》的审核环节。")
            return redirect("track_edit", track.pk)
    return _track_page(request, track, None, rows, problems)


@require_POST
def track_asks(request: HttpRequest, pk: int) -> HttpResponse:
    """Who decides what is asked for, how often, and how often a slot may be returned."""
    track = get_object_or_404(queries.tracks_for(request.user), pk=pk)
    allow(request, track.campaign.unit)
    rows = forms.ask_forms(plans_of_track(track), request.POST)
    returns = forms.ReturnsForm(request.POST)
    problems: list[str] = []
    if all([returns.is_valid(), *(form.is_valid() for _, form in rows)]):
        problems = take(
            actions.change_asks, track, request, plans=forms.ask_plans_of(rows), **returns.cleaned_data
        )
        if not problems:
            messages.success(request, f"已保存《{track}》的申请与退回规则。")
            return redirect("track_edit", track.pk)
    return _track_page(request, track, None, None, problems, asks=(rows, returns))


AskRows = tuple[list[tuple[AskPlan, forms.AskForm]], forms.ReturnsForm]


def _track_page(
    request: HttpRequest, track: Track, form: forms.TrackForm | None, rows: list[forms.StepForm] | None,
    problems: list[str], asks: AskRows | None = None,
) -> HttpResponse:  # fmt: skip
    unit, today = track.campaign.unit, clock.today()
    steps = [plan_of(step) for step in track.steps.order_by("order")]
    leads, snapshot = queries.leads_of(unit, today), queries.holders(unit, today)
    areas = areas_of([track.edition_id])[track.edition_id]
    views, gaps = chain_view(steps, track.owner, leads, areas, snapshot)
    plans = plans_of_track(track)
    ask_rows, returns = asks or (
        forms.ask_forms(plans), forms.ReturnsForm(initial={"returns_allowed": track.returns_allowed}),
    )  # fmt: skip
    names = deciders(plans, track.owner_id, leads, areas, snapshot)
    now = TrackPlan(track.edition, track.owner, track.title, track.target_year, ())
    context = {
        "track": track, "form": form or forms.track_form(track.edition, queries.owners_in(unit), now),
        "rows": rows or forms.step_forms("c", steps), "steps": views, "gaps": gaps, "problems": problems,
        "opened": overview.opened_year(track.campaign), "returns": returns,
        "asks": [
            (plan.kind.label, MEANS[plan.kind], form, people)
            for (plan, form), people in zip(ask_rows, names, strict=True)
        ],
        "crumbs": [
            ("创建活动", reverse("campaigns")), (str(track.campaign), found_url(track.campaign)), (str(track), ""),
        ],
    }  # fmt: skip
    return page(request, "campaigns/track.html", context, status=409 if request.method == "POST" else 200)
