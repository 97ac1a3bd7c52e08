"""接续台账: a file is begun with, mended until it says the right thing, saved by the background work, or dropped."""

from collections.abc import Mapping, Sequence
from typing import Any

from taizhang.campaigns.models import Year
from taizhang.campaigns.rules.states import YearState
from taizhang.kit import clock, jobs
from taizhang.kit.errors import Refused
from taizhang.org.action import action
from taizhang.org.permits import Permit

from ..models import Takeover, TakeoverState, TakeoverWord
from ..rules.takeover import Choices
from .common import person_of

YEAR = (Permit.LEDGER_MANAGE, "campaign.unit")
OWN = (Permit.LEDGER_MANAGE, "year.campaign.unit")
JOB = "taizhang.ledger.jobs.take_over"
#: most letters of a word that is remembered, and of what it means
MOST_SAID = 120


@action("ledger.begin_takeover", "开始接续台账", YEAR)
def begin_takeover(
    year: Year, *, by: Any, source_name: str, sha256: str, files_name: str = "", files_sha256: str = "",
    choices: Mapping[str, Any] | None = None,
) -> Takeover:  # fmt: skip
    """Keep the file's place on its way in: the bytes lie in the store, and could be read. Nothing of the ledger moves."""
    check_open(year)
    return Takeover.make(
        year=year, source_name=source_name[:200], sha256=sha256, files_name=files_name[:200], files_sha256=files_sha256,
        choices=dict(choices or Choices().to_json()), by=person_of(by), at=clock.now(),
    )  # fmt: skip


def check_open(year: Year) -> None:
    """Refuse for a year whose ledger does not stand, or stands no more. A part of other verbs."""
    if year.state == YearState.PLANNED:
        raise Refused(f"{year}的台账还没有启用，不能接续。请先启用年度，再把原来的台账接续过来。")
    if year.state == YearState.CLOSED:
        raise Refused(f"{year}已经结束，不能接续台账。确需接续，请先恢复年度。")


def check_draft(takeover: Takeover) -> None:
    """Refuse what is saved, dropped, or being saved at this moment."""
    if takeover.state != TakeoverState.DRAFT:
        raise Refused(f"这份台账{TakeoverState(takeover.state).label}，不能再改。")
    if takeover.counts.get("running"):
        raise Refused("正在保存，这时不能改。请等它做完。")


@action("ledger.mend_takeover", "核对接续的台账", OWN)
def mend_takeover(
    takeover: Takeover, *, by: Any, choices: Mapping[str, Any] | None = None, files_name: str | None = None,
    files_sha256: str | None = None,
) -> Takeover:  # fmt: skip
    """Keep what the clerk said (the JSON of rules.takeover.Choices), whole; or which files lie beside the ledger."""
    check_draft(takeover)
    fields: dict[str, Any] = {"counts": {}}
    if choices is not None:
        fields["choices"] = Choices.from_json(choices).to_json()
    if files_sha256 is not None:
        fields |= {"files_name": (files_name or "")[:200], "files_sha256": files_sha256}
    return takeover.change(**fields)


@action("ledger.drop_takeover", "放弃接续", OWN)
def drop_takeover(takeover: Takeover, *, by: Any) -> Takeover:
    """Throw the draft away; nothing of the ledger was touched."""
    check_draft(takeover)
    return takeover.change(state=TakeoverState.DROPPED)


@action("ledger.start_takeover", "保存接续的台账", OWN)
def start_takeover(takeover: Takeover, *, by: Any, past: bool = False) -> Takeover:
    """Hand the draft to the background work, which puts the files' bytes first and then calls take_over.

    PAST: periods gone by count as done for what is being worked on, too.
    """
    check_open(takeover.year)
    check_draft(takeover)
    made = takeover.change(counts={"running": clock.now().isoformat(), "past": past, "done": 0, "total": 0})
    jobs.enqueue(JOB, takeover.pk, getattr(by, "pk", None))
    return made


@action("ledger.stop_takeover", "接续没有保存", OWN)
def stop_takeover(takeover: Takeover, *, by: Any, message: str, problems: Sequence[str] = ()) -> Takeover:
    """The background work could not save: why, in words. The draft stays as it was."""
    if takeover.state != TakeoverState.DRAFT:
        raise Refused("这份台账已经保存。")
    return takeover.change(counts={"failed": message, "problems": list(problems)[:500]})


def note_progress(takeover: Takeover, done: int, total: int) -> None:
    """How many of the files' bytes lie in the store: told to the page that waits, outside the journal."""
    counts = {**takeover.counts, "done": done, "total": total}
    Takeover.objects.filter(pk=takeover.pk).update(counts=counts)  # not a record: how far the work is


def remember_words(takeover: Takeover) -> None:
    """What the clerk said of headers and words, kept for the agency's next file. A part of take_over."""
    said = Choices.from_json(takeover.choices)
    wanted = {("column", header): means for header, means in said.columns.items()}
    for field, words in said.words.items():
        wanted |= {(field, text): means for text, means in words.items()}
    agency = takeover.year.campaign.unit
    known = {(one.field, one.said): one for one in TakeoverWord.objects.filter(agency=agency)}
    fresh = []
    for (field, text), means in wanted.items():
        if not 0 < len(text) <= MOST_SAID or len(means) > MOST_SAID:
            continue
        if (one := known.get((field, text))) is not None:
            one.change(means=means)
        else:
            fresh.append(TakeoverWord(agency=agency, field=field, said=text, means=means))
    TakeoverWord.make_many(fresh)
