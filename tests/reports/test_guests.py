"""参加单位: a department of another agency binds its own part; the host's volume holds what the guest handed in."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from taizhang.campaigns import actions as campaigns
from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.ledger import actions as ledger
from taizhang.ledger.models import Statement
from taizhang.ledger.queries.material import material_for
from taizhang.reports import actions, queries

from ..ledger.pages import browser
from ..ledger.world import World, hand_out, world
from . import samples
from .world import bound

pytestmark = pytest.mark.django_db
FILLER, HEAD, OFFICE = "乙局白毅志", "乙局李洋华", "乙局石玲佳"


@pytest.fixture
def w(people: Any, settings: Any, tmp_path: Path) -> World:
    """乙局法规处 leads 1.2.5 and helps with 1.1.1 of 甲局's ledger; both sides have handed something in."""
    settings.BOUND = tmp_path / "bound"
    settings.TODAY = "2020-01-06"
    made = world(people)
    guest, clerk = people.units["乙局法规处"], people.users["石玲佳"]
    campaigns.join(made.campaign, by=clerk, unit=guest, starts_on=date(2020, 1, 6), ends_on=date(2020, 9, 30))
    ledger.set_lead(made.item("1.2.5"), by=clerk, lead=guest)
    ledger.set_co(made.item("1.1.1"), by=clerk, co=[guest])
    hand_out(made)
    settings.TODAY = "2020-03-10"
    samples.put(
        made, made.slot("1.2.5"), samples.pdf(1, words="theirs "), "乙局总结.pdf", "document", by=FILLER
    )
    samples.put(made, made.slot("1.1.1"), samples.pdf(1, words="ours "), "甲局记录.pdf", "document")
    Statement(item=made.item("1.1.1"), conformity="meets", reason="甲局自己的结论", at=clock.now()).save()
    return made


def test_the_hosts_volume_holds_what_the_guest_handed_in(w: World) -> None:
    text = "".join(samples.words_of(actions.made_path(bound(w))))
    assert "theirs 1" in text
    assert "ours 1" in text


def test_a_guest_binds_its_own_part_and_reads_nothing_of_the_hosts(w: World) -> None:
    held = {one.code: one for one in material_for(w.user(HEAD), w.year, clock.today())}
    assert set(held) == {"1.1.1", "1.2.5"}
    assert [proof.title for proof in held["1.2.5"].proofs] == ["乙局总结"]
    assert held["1.1.1"].proofs == ()
    assert (held["1.1.1"].reason, held["1.1.1"].helpers, held["1.1.1"].lacks) == ("", "", ())
    unit = w.people.units["乙局法规处"]
    text = "".join(samples.words_of(actions.made_path(bound(w, HEAD, scope="unit", chosen=str(unit.pk)))))
    assert "theirs 1" in text
    assert "ours 1" not in text
    assert "甲局自己的结论" not in text
    with pytest.raises(Refused, match="没有这个处室"):
        queries.wanted(
            w.user(HEAD),
            w.year,
            clock.today(),
            form="volume",
            scope="unit",
            chosen=str(w.people.units["办公室"].pk),
        )
    client = browser(w, HEAD)
    page = client.get(f"/reports/new/?pk={w.item('1.2.5').pk}")
    assert page.status_code == 200
    assert "开始装订" in page.content.decode()
    assert browser(w, "丙局黎林波").get(f"/reports/new/?pk={w.item('1.2.5').pk}").status_code == 404
