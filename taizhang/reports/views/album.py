"""画册 on screen: photographs by area and item, month by month, with their captions; it prints as it stands."""

from datetime import date
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from taizhang.kit import clock
from taizhang.kit.errors import NotPermitted
from taizhang.kit.htmx import page
from taizhang.ledger.queries.material import Held, Proof, areas_of, material_for
from taizhang.ledger.rules.numbering import area_number, bases
from taizhang.org.permits import Permit
from taizhang.org.queries import may_anywhere

from ..rules.bodies import Body, body_of
from ..sheets.album import says
from ..sheets.volume import area_title
from .bindings import _year, years_of

MOST = 400  # photographs on one page


@require_safe
def album(request: HttpRequest) -> HttpResponse:
    """?year=, ?area= (its key), ?month= (2020-06)."""
    if not may_anywhere(request.user, Permit.LEDGER_VIEW):
        raise NotPermitted("你没有看台账的权限，看不到画册。")
    years = years_of(request)
    year = _year(request, years)
    if year is None:
        return page(request, "reports/album.html", {"year": None})
    areas = areas_of(request.user, year)
    area = request.GET.get("area", "")
    area = area if area in {key for key, _, _ in areas} else ""
    held = material_for(request.user, year, clock.today(), area=area)
    months = sorted({f"{day:%Y-%m}" for day in _days(held)})
    month = request.GET.get("month", "")
    month = month if month in months else ""
    chapters, shown, there = _chapters(held, month)
    context = {
        "year": year, "years": years, "areas": [(key, f"{area_number(code)} {name}") for key, code, name in areas], "area": area, "months": months, "month": month, "chapters": chapters,
        "shown": shown, "there": there, "may_bind": may_anywhere(request.user, Permit.BIND),
        "bind_url": f"{reverse('binding_new')}?year={year.pk}&form=album&per_page=2&scope={'area' if area else 'all'}&area={area}",
    }  # fmt: skip
    return page(request, "reports/album.html", context)


def _shots(one: Held) -> list[Proof]:
    return [proof for proof in one.proofs if body_of(proof.kind, proof.mime, proof.url) == Body.PICTURE]


def _days(held: list[Held]) -> list[date]:
    return [proof.happened_on for one in held for proof in _shots(one) if proof.happened_on]


def _addresses(shot: Proof, root: str, through: str) -> dict[str, str]:
    """Of the piece and its small picture; what lies in another agency's library is reached by its citation."""
    head = f"{through}{shot.through}/" if shot.through else f"{root}{shot.evidence}/"
    # one that is not drawn yet is shown as a sheet of paper, as in the library
    return {"url": head, "picture": f"{head}thumb/" if shot.drawn else ""}


def _chapters(held: list[Held], month: str) -> tuple[list[dict[str, Any]], int, int]:
    """Areas with their items and these with their photographs; how many are shown, and how many there are."""
    numbers = bases((one.code, one.no, one.track) for one in held)
    root, through = reverse("evidence", args=[0])[:-2], reverse("citation", args=[0])[:-2]
    chapters: list[dict[str, Any]] = []
    shown = there = 0
    for _, group in groupby(zip(held, numbers, strict=True), key=lambda pair: pair[0].area_key):
        items = []
        first: Held | None = None
        for one, number in group:
            first = first or one
            shots = [
                proof
                for proof in _shots(one)
                if not month or (proof.happened_on and f"{proof.happened_on:%Y-%m}" == month)
            ]
            there += len(shots)
            shots = shots[: max(0, MOST - shown)]
            shown += len(shots)
            if shots:
                items.append({
                    "number": number, "title": one.title, "url": reverse("item", args=[one.item]),
                    "shots": [
                        {"title": shot.title, **_addresses(shot, root, through),
                         "says": says(shot)}
                        for shot in shots
                    ],
                })  # fmt: skip
        if items and first is not None:
            chapters.append(
                {
                    "title": area_title(first),
                    "items": items,
                }
            )
    return chapters, shown, there
