"""接续台账: the files that lay beside the ledger become evidence, each cited where it belongs. No action of its own."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from taizhang.evidence import actions as library
from taizhang.evidence.actions import Intake
from taizhang.evidence.models import Evidence
from taizhang.evidence.queries import same_bytes
from taizhang.kit import clock
from taizhang.org.models import Person, Unit

from ..models import Citation, Item, Slot
from ..queries.facts import asked_of, given_to
from ..rules.landing import slot_for
from ..rules.needs_met import Asked, Given, propose_need
from ..rules.states import TO_HAND_IN, SlotStatus, Status
from ..rules.takeover import SlotFact


@dataclass(frozen=True)
class TakenFile:
    """A file whose bytes lie in the store: to which item (or row raised as its own), for which slot."""

    name: str
    intake: Intake
    item: int | None
    row: str = ""
    slot: int | None = None


class Filing:
    """What is cited already, and what will be: written in one go at the end."""

    def __init__(self, by: Any, person: Person, agency: Unit, units: Mapping[int, Unit], today: date) -> None:
        self.by, self.person, self.agency, self.units, self.today = by, person, agency, units, today
        self.asked: dict[int, list[Asked]] = {}
        self.given: dict[int, list[Given]] = defaultdict(list)
        self.cited: set[tuple[int, int]] = set()
        self.kept: dict[str, Evidence] = {}
        self.citations: list[Citation] = []
        self.words: list[str] = []
        self.only_kept = 0

    def load(self, items: Sequence[int], slots: Sequence[int]) -> None:
        self.asked = dict(asked_of(items))
        self.given = defaultdict(list, given_to(slots))
        self.cited = set(Citation.objects.filter(slot__in=slots).values_list("slot", "evidence"))

    def put(
        self, one: TakenFile, item: Item | None, slots: Sequence[Slot], filled: frozenset[int]
    ) -> Item | None:
        """The file as evidence (the same bytes once), cited for its slot and the need it most likely serves; the item
        it then belongs to. FILLED: the slots that the takeover itself has settled."""
        unit = self.units.get(item.lead_id, self.agency) if item and item.lead_id else self.agency
        evidence = self._evidence(one, unit)
        slot = self._slot(one, item, slots, filled) if item else None
        if item is None or slot is None:
            self.only_kept += 1
            self.words.append(f"{one.name}：存进材料库，没有挂到事项下")
            return None
        if (slot.pk, evidence.pk) in self.cited:
            self.words.append(f"{one.name}：与同一期里的另一份文件相同，只引用一次")
            return item
        given = self.given[slot.pk]
        need = propose_need(self.asked.get(item.pk, []), given, evidence.kind)
        library.hold(evidence)
        self.cited.add((slot.pk, evidence.pk))
        pinned = evidence.current_id if slot.status == SlotStatus.ACCEPTED else None
        self.citations.append(
            Citation(
                slot=slot, need_id=need, evidence=evidence, order=len(given), by=self.person, at=clock.now(),
                version_pinned_id=pinned,
            )
        )  # fmt: skip
        given.append(Given(need, evidence.kind, evidence.title, False, False, False, False, False))
        return item

    def _evidence(self, one: TakenFile, unit: Unit) -> Evidence:
        sha256 = one.intake.stored.sha256
        found = self.kept.get(sha256) or same_bytes(self.by, unit, sha256)
        if found is None:
            found = library.deposit(
                unit, by=self.by, stored=one.intake.stored, original_name=one.intake.name, kind=one.intake.kind,
                title=one.intake.title, happened_on=one.intake.taken_on, again=True,
            )  # fmt: skip
        self.kept[sha256] = found
        return found

    def _slot(self, one: TakenFile, item: Item, slots: Sequence[Slot], filled: frozenset[int]) -> Slot | None:
        """The slot that takes the file; none where the item takes nothing, or what is there was judged in the system."""
        if item.status in (Status.WAIVED, Status.SUSPENDED):
            return None
        chosen = one.slot
        if chosen is None:
            facts = [
                SlotFact(row.pk, row.performer_id, row.nth, row.label, row.starts_on, row.ends_on, row.status)
                for row in slots
            ]
            found = slot_for(facts, item.lead_id, self.today)
            chosen = found.id if found else None
        slot = next((row for row in slots if row.pk == chosen), None)
        if slot is None or slot.status in TO_HAND_IN or slot.pk in filled:
            return slot
        return None
