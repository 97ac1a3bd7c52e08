"""Who gets through which door: every route has a line in access_matrix.csv, and every line is tried.

Columns: `kwargs` (pk=item means the id of the world's item; ?items=item goes into the query, +year=year into the form), `verb`, and three columns
of people: who may (neither 403 nor 404), who may not (403), who is of another agency (乙局石玲佳, the office of 乙局).
NAME:404 is another answer than the column's own. `own`: the page shows only what is one's own, so anybody may open it (the
canaries below show that nothing else is on it). `open`: needs no login. `demo`: the page exists on demo sites only.
"""

import csv
import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import FieldError
from django.db import models, transaction
from django.db.models import Q
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from taizhang.campaigns.models import Joined, Track
from taizhang.evidence import actions as library
from taizhang.kit import clock
from taizhang.kit.tables import read_book
from taizhang.ledger import actions
from taizhang.ledger.models import (
    AdoptedItem,
    Adoption,
    Ask,
    Batch,
    Citation,
    Item,
    Need,
    Passage,
    Slot,
    Takeover,
)
from taizhang.org.models import (
    Absence,
    Adjustment,
    Contact,
    Duty,
    FormerName,
    Post,
    Secondment,
    Session,
    Visit,
)
from taizhang.org.record import Record
from taizhang.reports.models import Binding
from taizhang.standards.models import Draft, Standard

from .evidence.samples import deposit
from .ledger.pages import put
from .ledger.world import World, campaign, hand_out, standard, world

MATRIX = Path(__file__).parent / "access_matrix.csv"
LINES = list(csv.DictReader(MATRIX.open(encoding="utf-8")))
NEIGHBOUR = "乙局石玲佳"
CANARY = "金丝雀"
#: how a row is known to be 乙局's, where it is not by its own unit
ROADS = {
    "org.Unit": ("agency",), "org.Membership": ("person__agency",), "org.Post": ("person__agency",), "org.Duty": ("group__unit__agency",), "org.Adjustment": ("group__unit__agency",),
    "standards.Edition": ("standard__agency",), "standards.Indicator": ("edition__standard__agency",),
    "standards.Requirement": ("indicator__edition__standard__agency",), "standards.Standard": ("agency",),
    "campaigns.Campaign": ("unit",), "campaigns.Track": ("campaign__unit",), "campaigns.Year": ("campaign__unit",),
    "ledger.Item": ("unit",), "ledger.Slot": ("item__unit",), "ledger.Need": ("item__unit",), "ledger.Batch": ("unit",), "ledger.AdoptedItem": ("item__unit",), "ledger.Ask": ("item__unit",),
    "ledger.Adoption": ("year__campaign__unit",), "ledger.Takeover": ("year__campaign__unit",), "org.Absence": ("person__agency",),
    "evidence.Evidence": ("agency",), "evidence.Version": ("evidence__agency",),
}  # fmt: skip
#: what decides something instead of telling it
KEEP = {
    "path",
    "code",
    "kind",
    "state",
    "status",
    "cadence",
    "per",
    "sha256",
    "source_sha256",
    "who",
    "duty",
    "answers_to",
    "lead_text",
}


def routes(patterns: Any = None) -> Iterator[URLPattern]:
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns)
        else:
            yield one


def test_every_route_has_a_line() -> None:
    known = {
        (
            line["route"],
            frozenset(
                part.partition("=")[0] for part in line["kwargs"].split(";") if part and part[0] not in "?+"
            ),
        )
        for line in LINES
    }
    there = {
        (
            route.name or str(route.pattern),
            frozenset(route.pattern.regex.groupindex) or frozenset(getattr(route.pattern, "converters", {})),
        )
        for route in routes()
    }
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
    binned = deposit(w.user("朱辉斌"), w.people.units["办公室"], "移除.pdf", happened_on=clock.today())
    library.remove(binned, by=w.user("朱辉斌"))
    filed = deposit(w.user("朱辉斌"), w.people.units["办公室"], "归档.pdf", happened_on=date(2020, 1, 8))
    volume = library.open_volume(w.people.units["甲局"], by=w.user("石玲佳"), year=2020, pieces=[filed.pk])
    office, person = w.people.units["法规处"], w.user("白毅志").person
    edition = standard("甲局自己的标准")
    Standard.objects.filter(pk=edition.standard_id).update(agency=w.people.units["甲局"], sample=False)
    duty = Duty(group=w.people.groups["第一活动组"], person=person, duty="成员", starts_on=clock.today())
    duty.save()
    absence = Absence(person=person, starts_on=clock.today())
    absence.save()
    secondment = Secondment(person=person, unit=w.people.units["创建办"], starts_on=clock.today())
    secondment.save()
    draft = Draft(
        agency=w.people.units["甲局"], by=w.user("石玲佳"), source_name="标准.xlsx", source_sha256="0" * 64
    )
    draft.save()
    adoption = Adoption(
        track=Track.objects.get(campaign=w.campaign),
        year=w.year,
        base=edition,
        edition=edition,
        at=clock.now(),
    )
    adoption.save()
    revisit = AdoptedItem(adoption=adoption, item=slot.item, kind="changed", revisit=True)
    revisit.save()
    ask = Ask(
        item=slot.item, kind="dispute", reason="不是我处的事", by=w.user("朱辉斌").person, at=clock.now()
    )
    ask.save()
    login = Session(user=person.user, key_hash="0" * 64, at=clock.now(), seen_at=clock.now())
    login.save()
    joined = Joined(campaign=w.campaign, unit=w.people.units["丙局法规处"], starts_on=date(2020, 1, 1))
    joined.save()
    adjustment = Adjustment(group=duty.group, effective_on=clock.today() + timedelta(days=9), at=clock.now())
    adjustment.save()
    contact = Contact(
        agency=w.people.units["甲局"], leader=w.user("卢欣燕").person, kind="department", unit=office, starts_on=clock.today()
    )  # fmt: skip
    contact.save()
    former = FormerName(unit=office, name="法制处", until=clock.today() - timedelta(days=99))
    former.save()
    visit = Visit(contact=contact, on=clock.today(), who="卢欣燕", found="情况")
    visit.save()
    takeover = Takeover(year=w.year, source_name="原台账.xlsx", sha256="0" * 64, at=clock.now())
    takeover.save()
    binding = Binding(agency=w.people.units["甲局"], year=w.year, label="材料册", state="ready")
    binding.save()
    passage = Passage(
        citation=Citation.objects.get(slot=slot), page=1, quote="每月调度。", boxes=[[0.1, 0.1, 0.9, 0.12]]
    )
    passage.save()
    return {
        "volume": volume.pk, "filing": volume.filed.get().pk,
        "passage": passage.pk, "page_one": 1, "takeover": takeover.pk, "binding": binding.pk, "binned": binned.pk,
        "contact": contact.pk, "visit": visit.pk, "former": former.pk,
        "session": login.pk, "joined": joined.pk, "adjustment": adjustment.pk,
        "adoption": adoption.pk, "revisit": revisit.pk, "ask": ask.pk,
        "item": slot.item_id, "slot": slot.pk, "evidence": evidence.pk, "citation": Citation.objects.get(slot=slot).pk, "unit": office.pk,
        "need": Need.objects.filter(item=slot.item_id).first().pk, "person": person.pk, "group": duty.group_id, "duty": duty.pk,
        "post": Post.objects.filter(person=person, unit=office).first().pk, "campaign": w.campaign.pk, "year": w.year.pk,
        "track": Track.objects.get(campaign=w.campaign).pk,
        "batch": Batch.objects.get().pk, "standard": edition.standard_id, "edition": edition.pk,
        "secondment": secondment.pk, "draft": draft.pk, "absence": absence.pk,
    }  # fmt: skip


def address(line: dict[str, str], ids: dict[str, Any]) -> str:
    parts = [part.partition("=") for part in line["kwargs"].split(";") if part]
    named = {name: ids.get(value, value) for name, _, value in parts if name[0] not in "?+"}
    query = "&".join(
        f"{name[1:]}={ids.get(value, value)}" for name, _, value in parts if name.startswith("?")
    )
    return reverse(line["route"], kwargs=named) + (f"?{query}" if query else "")


def typed(line: dict[str, str], ids: dict[str, Any]) -> dict[str, Any]:
    parts = [part.partition("=") for part in line["kwargs"].split(";") if part]
    return {name[1:]: ids.get(value, value) for name, _, value in parts if name.startswith("+")}


def answer(w: World, name: str, verb: str, url: str, data: dict[str, Any]) -> int:
    """The status of one request, whose effect is taken back."""
    client = Client(raise_request_exception=True)
    if name:
        client.force_login(w.user(name))
    with transaction.atomic():
        status: int = (client.get(url) if verb == "GET" else client.post(url, data)).status_code
        transaction.set_rollback(True)
    return status


def wrong(w: World, line: dict[str, str], ids: dict[str, Any]) -> Iterator[str]:
    verb, url, data = line["verb"], address(line, ids), typed(line, ids)
    other = answer(w, "", "POST" if verb == "GET" else "GET", url, data)
    if line["may"] not in ("open", "demo"):
        if (got := answer(w, "", verb, url, data)) != 302:
            yield f"nobody known gets {got}"
        if other not in (302, 405):
            yield f"nobody known gets {other} by the other verb"
    for column, usual in (("may", 0), ("may_not", 403), ("foreign", 404)):
        said = line[column]
        if said == "demo":
            if (got := answer(w, "石玲佳", verb, url, data)) != 404:
                yield f"not a demo site, and yet {got}"
            return
        if said == "open":
            if (got := answer(w, "", verb, url, data)) in (403, 404, 405):
                yield f"open to all, and yet {got}"
            continue
        if said == "own":
            if (got := answer(w, NEIGHBOUR, verb, url, data)) in (403, 405) or got >= 500:
                yield f"one's own, and yet {got}"
            continue
        name, _, special = (f"{NEIGHBOUR}:{said}" if column == "foreign" else said).partition(":")
        got = answer(w, name, verb, url, data)
        wanted = int(special or usual)
        if wanted and got != wanted:
            yield f"{name} gets {got}, not {wanted}"
        if not wanted and (got in (403, 404, 405) or got >= 500):
            yield f"{name} may, and yet gets {got}"


def test_every_line(w: World) -> None:
    ids = things(w)
    found = [f"{line['route']}: {told}" for line in LINES for told in wrong(w, line, ids)]
    assert not found, "\n" + "\n".join(found)


#: pages that list or export, as 甲局's people open them
LISTS = [
    line
    for line in LINES
    if line["verb"] == "GET" and not line["kwargs"] and line["may"] not in ("open", "demo")
]


def poison(people: Any) -> int:
    """Write the canary into every text field of every row of 乙局; how many rows there are."""
    theirs = people.units["乙局"]
    rows = 0
    for model in apps.get_models():
        if not issubclass(model, Record) or not hasattr(model, "_meta"):
            continue
        keys = [
            path for path in ROADS.get(model._meta.label, ("agency", "unit__agency")) if _there(model, path)
        ]
        for row in model.objects.filter(reduce(or_, [Q(**{path: theirs}) for path in keys])) if keys else []:
            for field in model._meta.concrete_fields:
                if (
                    type(field) in (models.CharField, models.TextField)
                    and not field.choices
                    and field.name not in KEEP
                ):
                    setattr(row, field.attname, f"{CANARY}{row.pk}")
            row.save()
            rows += 1
    return rows


def _there(model: Any, path: str) -> bool:
    try:
        model.objects.filter(**{f"{path}__isnull": True})
    except FieldError:
        return False
    return True


def test_no_canary_sings(w: World) -> None:
    """乙局 keeps a ledger, standards, evidence and people of its own; nobody of 甲局 ever reads a word of it."""
    theirs = w.people.units["乙局"]
    edition = standard("乙局自己的标准")
    Standard.objects.filter(pk=edition.standard_id).update(agency=theirs, sample=False)
    with clock.on(date(2020, 1, 6)):
        made = campaign(w.people, edition, agency="乙局")
        year = made.years.get(year=2020)
        clerk = w.user(NEIGHBOUR)
        actions.open_year(year, by=clerk)
        ids = list(
            Item.objects.filter(year=year, lead__isnull=False, status="pending").values_list("pk", flat=True)
        )
        actions.bulk(year, by=clerk, verb="assign", ids=ids)
        slot = (
            Slot.objects.filter(item__year=year, performer=w.people.units["乙局办公室"])
            .select_related("item__unit", "performer")
            .first()
        )
        put(w, slot, "乙局朱辉斌")
    assert poison(w.people) > 100
    seen: dict[str, int] = {}
    for name in ("石玲佳", "朱辉斌", "黎林波", "卢欣燕", "审计员", "系统管理员"):
        client = Client()
        client.force_login(w.user(name))
        for line in LISTS:
            for query in (
                "",
                f"?agency={theirs.pk}",
                f"?year={year.pk}",
                f"?q={CANARY}",
                f"?campaign={made.pk}",
            ):
                got = client.get(reverse(line["route"]) + query)
                if got.status_code == 200:
                    assert CANARY not in plain(got, query), f"{name} reads of 乙局 at {line['route']}{query}"
                    seen[line["route"]] = seen.get(line["route"], 0) + 1
    assert set(seen) == {line["route"] for line in LISTS}, "every list was read by somebody"
    # and the canary is there to be heard: 乙局's own office reads it
    client = Client()
    client.force_login(w.user(NEIGHBOUR))
    for route in ("items", "evidences", "people", "org", "standards", "campaigns", "journal"):
        assert CANARY in client.get(reverse(route)).content.decode(), route


def plain(got: Any, query: str) -> str:
    """The text of an answer, of a workbook too; without the words that the reader typed."""
    body = b"".join(got.streaming_content) if got.streaming else got.content
    if body[:2] == b"PK":
        return "".join(
            str(cell) for sheet in read_book(body, "a.xlsx").sheets for row in sheet.rows for cell in row
        )
    text = body.decode()
    return re.sub(rf"{CANARY}(?!\d)", "", text) if CANARY in query else text
