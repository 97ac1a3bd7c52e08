"""全员参与、全岗覆盖: the rule alone, without a database."""

from dataclasses import replace

from taizhang.ledger.rules.coverage import Bare, Coverage, Place, Somebody, Stage, Thing, coverage
from taizhang.org.rules.holders import Holders

AGENCY, OFFICE, LAW, TEAM = 1, 2, 3, 4
HELD = Holders(
    AGENCY, parents={AGENCY: None, OFFICE: AGENCY, LAW: AGENCY, TEAM: LAW}, heads_of={OFFICE: (10,)}, office_of={OFFICE: (11,)}
)  # fmt: skip
PERSON = Somebody(10, "甲", "P1", LAW, "法规处", left=False, away=False, busy=False)
THING = Thing(5, "1.1", "年度总结", 7, OFFICE, "办公室", False, "1", 10, None, open=True)
HEADS = Stage(7, "小标准", 70, "lead_head", "负责人审", OFFICE)


def place(pk: int, name: str, *, named: bool = False, parent: int = AGENCY, counts: bool = True) -> Place:
    return Place(pk, parent, name, f"c{pk}", counts, named)


def check(
    places: tuple[Place, ...] = (), people: tuple[Somebody, ...] = (), things: tuple[Thing, ...] = (),
    stages: tuple[Stage, ...] = (), held: Holders = HELD,
) -> Coverage:  # fmt: skip
    return coverage(places, people, things, stages, held)


def kinds(found: list[Bare]) -> list[tuple[int, str]]:
    return [(one.id, one.kind) for one in found]


def test_a_department_is_covered_by_a_group_that_names_it_or_a_unit_above() -> None:
    rows = (place(LAW, "法规处", named=True), place(TEAM, "法规一科", parent=LAW), place(OFFICE, "办公室"))
    found = check(rows)
    assert kinds(found.departments) == [(OFFICE, "no_group")]
    assert found.totals["departments"] == 3
    assert not check((place(OFFICE, "支部", counts=False),)).departments


def test_a_duty_is_an_item_or_anything_beyond_the_plain_posts() -> None:
    assert kinds(check(people=(PERSON,)).people) == [(10, "no_duty")]
    assert not check(people=(replace(PERSON, busy=True),)).people
    assert not check(people=(PERSON,), things=(THING,)).people
    assert not check(people=(PERSON,), things=(replace(THING, person=None, leader=10),)).people
    # what was done this year counts, open or not
    assert not check(people=(PERSON,), things=(replace(THING, open=False),)).people


def test_who_left_is_named_only_with_open_items_and_is_not_counted() -> None:
    left = replace(PERSON, left=True)
    found = check(people=(left,), things=(THING,))
    assert kinds(found.people) == [(10, "left")]
    assert "1 项" in found.people[0].why
    assert found.totals["people"] == 0
    assert not check(people=(left,), things=(replace(THING, open=False),)).people


def test_who_is_away_needs_somebody_who_stands_in() -> None:
    away = replace(PERSON, away=True)
    assert kinds(check(people=(away,), things=(THING,)).people) == [(10, "away")]
    assert not check(people=(away,), things=(THING,), held=replace(HELD, stand_ins={10: 11})).people
    # without any duty that is the thing to say first
    assert kinds(check(people=(away,)).people) == [(10, "no_duty")]


def test_an_item_needs_a_lead_that_still_exists() -> None:
    bare = replace(THING, id=6, lead=None)
    ended = replace(THING, id=8, lead_ended=True)
    done = replace(bare, id=9, open=False)
    assert kinds(check(things=(THING, bare, ended, done)).indicators) == [(6, "no_lead"), (8, "lead_ended")]


def test_a_step_needs_somebody_at_every_open_item() -> None:
    law = replace(THING, id=6, lead=LAW)
    assert not check(things=(THING,), stages=(HEADS,)).steps
    found = check(things=(THING, law), stages=(HEADS,)).steps
    assert kinds(found) == [(70, "no_signer")] and "1 项" in found[0].why
    assert found[0].parent == 7
    assert not check(things=(THING, replace(law, open=False)), stages=(HEADS,)).steps
    # an item without a lead is told once, among the items
    assert not check(things=(replace(THING, lead=None), replace(law, lead_ended=True)), stages=(HEADS,)).steps


def test_a_step_whose_signers_are_all_away_waits_too() -> None:
    away = replace(PERSON, away=True, busy=True)
    assert kinds(check(people=(away,), things=(THING,), stages=(HEADS,)).steps) == [(70, "all_away")]
    held = replace(HELD, stand_ins={10: 11})
    assert not check(people=(away,), things=(THING,), stages=(HEADS,), held=held).steps


def test_an_office_step_and_a_track_without_a_chain_are_told_without_any_item() -> None:
    office = replace(HEADS, who="office")
    assert not check(stages=(office,)).steps
    assert kinds(check(stages=(replace(office, owner=LAW),)).steps) == [(70, "no_signer")]
    assert kinds(check(stages=(Stage(7, "小标准", None, "", "", OFFICE),)).steps) == [(7, "no_chain")]


def test_what_was_raised_by_hand_passes_the_chain_of_the_first_track() -> None:
    raised = replace(THING, track=None, lead=LAW)
    second = replace(HEADS, track=8, step=80)
    assert kinds(check(things=(raised,), stages=(HEADS, second)).steps) == [(70, "no_signer")]
