"""申请 on the desk: how many wait for this person's answer, and what was answered of what this person asked."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from taizhang.campaigns.models import Year
from taizhang.ledger.models import Ask
from taizhang.ledger.queries import answers_for, asks_waiting
from taizhang.ledger.queries.ask_words import outcome_words, person_words
from taizhang.ledger.rules.asks import AskState, Kind

SHOWN = 3


@dataclass(frozen=True)
class Answer:
    """One answer in a line."""

    pk: int
    granted: bool
    text: str


@dataclass(frozen=True)
class AsksOnDesk:
    waiting: int
    answers: list[Answer]


def asks_on_desk(user: Any, year: Year, today: date) -> AsksOnDesk:
    """The newest answers of the last days, at most SHOWN."""
    return AsksOnDesk(
        len(asks_waiting(user, year)), [_answer(one) for one in answers_for(user, year, today)[:SHOWN]]
    )


def _answer(ask: Ask) -> Answer:
    judge = person_words(ask.decided_by, ask.decided_for)
    said = "；".join(filter(None, [outcome_words(ask), ask.opinion.rstrip("。；")]))
    words = f"{ask.item.no} {ask.item.title}：{judge} {AskState(ask.state).label}{Kind(ask.kind).label}申请"
    return Answer(ask.pk, ask.state == AskState.GRANTED, f"{words}{f'，{said}' if said else ''}。")
