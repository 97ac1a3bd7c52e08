"""换版 at the real size: what it costs, that nothing handed in is lost, that it is taken back whole."""

import time
from typing import Any

from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from taizhang.evidence.models import Evidence
from taizhang.ledger import actions
from taizhang.ledger.models import Citation, Item, Signature, Slot, Submission
from taizhang.ledger.queries.adoption import plan_adoption
from taizhang.standards.models import Edition

from ..people import City
from .editions import Next, revise
from .factory import TODAY, Ledger, ledger

OUTSIDE = {"journal.head", "journal.entry", "ledger.adoption", "ledger.adopteditem"}


def dump() -> dict[str, dict[int, Any]]:
    """Every row of every table of the house, but for versions, moments of change and the record itself."""
    found = {}
    for model in apps.get_models():
        label = model._meta.label_lower
        if model._meta.app_label not in ("ledger", "campaigns", "standards", "evidence") or label in OUTSIDE:
            continue
        found[label] = {
            row.pk: {
                column.attname: getattr(row, column.attname)
                for column in model._meta.concrete_fields
                if column.attname not in ("version", "changed_at")
            }
            for row in model.objects.all()
        }
    return found


def handed_in() -> tuple[Any, ...]:
    return (
        Submission.objects.count(), Citation.objects.count(), Signature.objects.count(), sum(Evidence.objects.values_list("uses", flat=True)),
    )  # fmt: skip


def next_of(made: Ledger) -> Edition:
    """A hard one: every fifth reworded, every seventh in another rhythm, one gone, one split, two joined, one new."""
    codes = [item.code for item in made.items]
    gone, joined, split = (
        {codes[20]},
        {codes[30]: [codes[31], codes[32]]},
        {codes[40]: [{}, {"title": "另一半"}]},
    )
    special = {*gone, *codes[30:33], codes[40]}
    changed: dict[str, dict[str, Any]] = {}
    for at, item in enumerate(made.items):
        if item.code in special:
            continue
        if at % 5 == 0:
            changed[item.code] = {"requirement": f"新的要求{at}"}
        if at % 7 == 0:
            changed.setdefault(item.code, {})["cadence"] = "quarter" if item.cadence == "month" else "month"
    return revise(
        made.track.edition,
        Next(changed=changed, gone=gone, joined=joined, split=split, new=[{"lead_text": "外星处"}]),
    )


def test_the_real_size(people: City, settings: Any) -> None:
    settings.TODAY = TODAY.isoformat()
    made = ledger(people)
    edition = next_of(made)
    by = people.users["石玲佳"]
    before, held = dump(), handed_in()
    with CaptureQueriesContext(connection) as queries:
        began = time.perf_counter()
        plan = plan_adoption(made.track, made.year, edition, TODAY)
        took = time.perf_counter() - began
    print(f"\nplan: {len(queries)} queries, {took:.2f} s, {plan.counts}")
    assert len(queries) <= 30
    began = time.perf_counter()
    adoption = actions.adopt(made.year, by=by, track=made.track, edition=edition, saw=plan.imprint)
    print(f"adopt: {time.perf_counter() - began:.2f} s, slots now {Slot.objects.count()}")
    assert handed_in() == held
    assert Item.objects.filter(year=made.year).count() == 261
    assert plan.counts == adoption.counts
    began = time.perf_counter()
    actions.undo_adoption(adoption, by=by)
    print(f"undo: {time.perf_counter() - began:.2f} s")
    after = dump()
    assert after.keys() == before.keys()
    for label, rows in before.items():
        assert after[label] == rows, label


def test_the_number_of_queries_is_the_same_for_a_small_ledger(people: City, settings: Any) -> None:
    settings.TODAY = TODAY.isoformat()
    numbers = []
    for agency, items in (("甲局", 45), ("乙局", 120)):
        made = ledger(people, agency, items=items, people=10, evidence=20)
        edition = next_of(made)
        with CaptureQueriesContext(connection) as queries:
            plan_adoption(made.track, made.year, edition, TODAY)
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]
