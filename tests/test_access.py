"""Who gets through which door: every route has a line in access_matrix.csv, and every line is tried.

Columns: `kwargs` (pk=item means the id of the world's item; ?items=item goes into the query), `verb`, and three columns
of people: who may (neither 403 nor 404), who may not (403), who is of another agency (乙局石玲佳, the office of 乙局).
NAME:404 is another answer than the column's own. `own`: the page shows only what is one's own, so anybody may open it (the
canaries below show that nothing else is on it). `open`: needs no login. `demo`: the page exists on demo sites only.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from taizhang.campaigns.models import Track
from taizhang.kit import clock
from taizhang.ledger import actions
from taizhang.ledger.models import Batch, Citation, Need
from taizhang.org.models import Duty, Post
from taizhang.standards.models import Draft, Standard

from .ledger.pages import put
from .ledger.world import World, campaign, hand_out, standard, world

MATRIX = Path(__file__).parent / "access_matrix.csv"
LINES = list(csv.DictReader(MATRIX.open(encoding="utf-8")))
NEIGHBOUR = "乙局石玲佳"
CANARY = "金丝雀"


def routes(patterns: Any = None) -> Iterator[URLPattern]:
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns)
        else:
            yield one


def test_every_route_has_a_line() -> None:
    known = {(line["route"], frozenset(part.partition("=")[0] for part in line["kwargs"].split(";") if part and part[0] != "?")) for line in LINES}
    there = {(route.name or str(route.pattern), frozenset(route.pattern.regex.groupindex) or frozenset(getattr(route.pattern, "converters", {}))) for route in routes()}
    assert not there - known, f"write down who may: {sorted(map(str, there - known))}"
    assert not known - there, f"no such route any more: {sorted(map(str, known - there))}"


@pytest.fixture
def w(people: Any, settings: Any) -> World:
    """The ledger's world, with one of each thing a route may name."""
    settings.TODAY = "2020-01-06"
    made = world(people)
    hand_out(made)
    settings.TODAY = "2020-02-03"
    return made


def things(w: World) -> dict[str, Any]:
    slot = w.slot("1.1.1")
    evidence = put(w, slot, "朱辉斌", Need.objects.filter(item=slot.item_id).first())
    office, person = w.people.units["法规处"], w.user("白毅志").person
    edition = standard("甲局自己的标准")
    Standard.objects.filter(pk=edition.standard_id).update(agency=w.people.units["甲局"], sample=False)
    duty = Duty(group=w.people.groups["第一活动组"], person=person, duty="成员", starts_on=clock.today())
    duty.save()
    draft = Draft(agency=w.people.units["甲局"], by=w.user("石玲佳"), source_name="标准.xlsx", source_sha256="0" * 64)
    draft.save()
    return {
        "item": slot.item_id, "slot": slot.pk, "evidence": evidence.pk, "citation": Citation.objects.get(slot=slot).pk, "unit": office.pk,
        "need": Need.objects.filter(item=slot.item_id).first().pk, "person": person.pk, "group": duty.group_id, "duty": duty.pk,
        "post": Post.objects.filter(person=person, unit=office).first().pk, "campaign": w.campaign.pk, "year": w.year.pk,
        "track": Track.objects.get(campaign=w.campaign).pk,
        "batch": Batch.objects.get().pk, "standard": edition.standard_id,
        "draft": draft.pk,
    }  # fmt: skip


def address(line: dict[str, str], ids: dict[str, Any]) -> str:
    parts = [part.partition("=") for part in line["kwargs"].split(";") if part]
    named = {name: ids.get(value, value) for name, _, value in parts if not name.startswith("?")}
    query = "&".join(f"{name[1:]}={ids.get(value, value)}" for name, _, value in parts if name.startswith("?"))
    return reverse(line["route"], kwargs=named) + (f"?{query}" if query else "")


def answer(w: World, name: str, verb: str, url: str) -> int:
    """The status of one request, whose effect is taken back."""
    client = Client(raise_request_exception=True)
    if name:
        client.force_login(w.user(name))
    with transaction.atomic():
        status: int = (client.get(url) if verb == "GET" else client.post(url, {})).status_code
        transaction.set_rollback(True)
    return status


def wrong(w: World, line: dict[str, str], url: str) -> Iterator[str]:
    verb = line["verb"]
    other = answer(w, "", "POST" if verb == "GET" else "GET", url)
    if line["may"] not in ("open", "demo"):
        if (got := answer(w, "", verb, url)) != 302:
            yield f"nobody known gets {got}"
        if other not in (302, 405):
            yield f"nobody known gets {other} by the other verb"
    for column, usual in (("may", 0), ("may_not", 403), ("foreign", 404)):
        said = line[column]
        if said == "demo":
            if (got := answer(w, "石玲佳", verb, url)) != 404:
                yield f"not a demo site, and yet {got}"
            return
        if said == "open":
            if (got := answer(w, "", verb, url)) in (403, 404, 405):
                yield f"open to all, and yet {got}"
            continue
        if said == "own":
            if (got := answer(w, NEIGHBOUR, verb, url)) in (403, 405) or got >= 500:
                yield f"one's own, and yet {got}"
            continue
        name, _, special = (f"{NEIGHBOUR}:{said}" if column == "foreign" else said).partition(":")
        got = answer(w, name, verb, url)
        wanted = int(special or usual)
        if wanted and got != wanted:
            yield f"{name} gets {got}, not {wanted}"
        if not wanted and (got in (403, 404, 405) or got >= 500):
            yield f"{name} may, and yet gets {got}"


def test_every_line(w: World) -> None:
    ids = things(w)
    found = [f"{line['route']}: {told}" for line in LINES for told in wrong(w, line, address(line, ids))]
    assert not found, "\n" + "\n".join(found)
