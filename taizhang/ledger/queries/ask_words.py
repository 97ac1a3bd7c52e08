"""申请 in words: as lists, sheets, the item page and its story say it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from taizhang.campaigns.models import Year

from ..models import Ask, Item
from ..rules.asks import AskState, Kind
from .asks import Deciders, asks_for, deciders_in
from .item_page import names


@dataclass(frozen=True)
class AskRow:
    """One ask as lists, sheets and the item page say it; everything is plain."""

    id: int
    item_id: int
    no: str
    title: str
    kind: str
    state: str
    unit: str
    wish: str
    reason: str
    progress: str
    by: str
    at: datetime
    deciders: str
    outcome: str
    opinion: str
    decided_by: str
    decided_at: datetime | None
    mine: bool

    @property
    def kind_label(self) -> str:
        return Kind(self.kind).label

    @property
    def state_label(self) -> str:
        return ended_label(self.state, self.decided_by)


def ended_label(state: str, decided_by: Any) -> str:
    """已撤回 by somebody; what other things have settled is 已了结."""
    return "已了结" if state == AskState.WITHDRAWN and not decided_by else AskState(state).label


def person_words(person: Any, acting_for: Any) -> str:
    """乙（代甲）."""
    return f"{person or ''}（代{acting_for}）" if acting_for else str(person or "")


def where(ask: Ask) -> str:
    """5月; of a unit other than the lead with its name."""
    if ask.slot is None:
        return ""
    own = ask.slot.performer_id == ask.item.lead_id
    return ask.slot.label if own else f"{ask.slot.performer} {ask.slot.label}"


def wish_words(ask: Ask) -> str:
    """What is asked for: 5月 2020-06-05 延到 2020-06-20; 由办公室改由法规处牵头."""
    told = ask.before
    if ask.kind == Kind.EXTENSION:
        return " ".join(filter(None, [where(ask), f"{told.get('due_on', '')} 延到 {ask.wanted_on}"]))
    if ask.kind == Kind.DISPUTE:
        return f"由{told.get('lead', '')}改由{ask.wanted_lead}牵头"
    return "本年不适用" if ask.kind == Kind.WAIVE else "中止办理"


def outcome_words(ask: Ask) -> str:
    """What came of it, where it was granted: 期限 2020-05-29 改为 2020-06-20（申请的是 2020-06-30）."""
    told = ask.before
    if ask.state != AskState.GRANTED:
        return ""
    if ask.kind == Kind.EXTENSION:
        other = f"（申请的是 {ask.wanted_on}）" if told.get("due_to") != str(ask.wanted_on) else ""
        return f"期限 {told.get('due_on')} 改为 {told.get('due_to')}{other}"
    if ask.kind == Kind.DISPUTE:
        other = f"（建议的是 {ask.wanted_lead}）" if told.get("lead_to") != str(ask.wanted_lead) else ""
        return f"牵头处室 {told.get('lead')} 改为 {told.get('lead_to')}{other}"
    return f"{told.get('status', '')} 转 {'不适用' if ask.kind == Kind.WAIVE else '中止'}"


def ask_row(ask: Ask, found: Deciders | None, person: Any) -> AskRow:
    """ASK in words. FOUND: who may answer it now, if it waits; PERSON: who reads."""
    return AskRow(
        ask.pk, ask.item_id, ask.item.no, ask.item.title, ask.kind, ask.state, ask.before.get("unit_name", ""),
        wish_words(ask), ask.reason, ask.progress, person_words(ask.by, ask.acting_for), ask.at,
        (names(list(found.called)) or "没有人能批") if found else "", outcome_words(ask), ask.opinion,
        person_words(ask.decided_by, ask.decided_for) if ask.decided_by_id else "", ask.decided_at,
        found is not None and person is not None and person.pk in found.able,
    )  # fmt: skip


def rows_at(user: Any, item: Item, asks: Sequence[Ask]) -> list[AskRow]:
    """Those of ASKS at ITEM that wait, with who may answer them; no query when none does."""
    waiting = [ask for ask in asks if ask.state == AskState.OPEN]
    if not waiting or item.year is None:
        return []
    found = deciders_in(item.year)
    person = getattr(user, "person", None)
    for ask in waiting:
        ask.item = item
    return [ask_row(ask, found.get(ask.pk), person) for ask in waiting]


def rows_in(user: Any, year: Year) -> list[AskRow]:
    """Every ask of the ledger of YEAR that USER sees, the newest first."""
    found = deciders_in(year)
    person = getattr(user, "person", None)
    return [ask_row(ask, found.get(ask.pk), person) for ask in asks_for(user).filter(item__year=year)]
