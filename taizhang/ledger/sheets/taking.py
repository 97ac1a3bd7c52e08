"""A ledger on its way in, read with what the clerk said: built from its bytes each time, nothing is kept."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from hashlib import sha256

from taizhang.kit.errors import Refused
from taizhang.kit.files import store
from taizhang.kit.tables import Book, read_book

from ..models import Takeover
from ..queries.takeover import facts_of, known_words
from ..rules.landing import Landing, as_raised, beyond, distinguishes, land
from ..rules.takeover import Choices, Facts, FileMatch, ItemFact, Plan, Row, match_files, read_ledger
from .takeover import Files, colours_of, open_files


@dataclass(frozen=True)
class Taken:
    """What a takeover would do: the ledger as it was read, the files and where they belong, what is known of the year."""

    facts: Facts
    choices: Choices
    plan: Plan
    files: Files
    matches: tuple[FileMatch, ...]
    today: date
    last_on: date

    @property
    def imprint(self) -> str:
        """Tells whether what was looked at is still what would be saved."""
        said = f"{self.plan.rows!r}{self.matches!r}{[(one.id, one.version) for one in self.facts.items]}{self.today}"
        return sha256(said.encode()).hexdigest()[:32]

    @property
    def versions(self) -> dict[int, int]:
        return {one.id: one.version for one in self.facts.items if one.version}

    def items(self) -> dict[int, ItemFact]:
        return {one.id: one for one in self.facts.items}

    def landings(self, *, past: bool = False) -> Iterator[tuple[Row, ItemFact | None, Landing]]:
        """Each row that will be saved, its item (None: raised as its own), and where that then stands."""
        items, waits = self.items(), distinguishes(self.plan.rows)
        for row in self.plan.rows:
            if row.kind == "skip" or row.stops:
                continue
            item = items.get(row.item or 0)
            if item is None and row.kind == "match":
                continue
            starts_on, ends_on = self.facts.starts_on, self.facts.ends_on
            fact = item or as_raised(row, starts_on, ends_on)
            landing = land(row, fact, starts_on, self.last_on, self.today, past=past, waits=waits)
            if item is None and (problem := beyond(row, starts_on, self.last_on)):
                landing = replace(landing, words=(problem, *landing.words))
            yield row, item, landing

    def taken_files(self) -> list[FileMatch]:
        """The files that will be saved: those that belong to an item, or to a row raised as its own."""
        own = {row.key for row in self.plan.rows if row.kind == "own" and not row.stops}
        return [one for one in self.matches if not one.skip and (one.item or one.row in own)]


# the same bytes always give the same book, so these hold no state: they save time between the steps of one wizard
@lru_cache(maxsize=2)
def book_of(digest: str, name: str) -> Book:
    """The table as it was uploaded. Refused when its bytes are gone, or are no table."""
    try:
        with store().open(digest) as handle:
            data = handle.read()
    except FileNotFoundError as error:
        raise Refused(
            "这份台账的原件不在存储里了，不能继续。请重新选文件，并告诉系统管理员运行校验。"
        ) from error
    return read_book(data, name)


@lru_cache(maxsize=2)
def colours_in(digest: str) -> dict[tuple[str, int, int], str]:
    """The colours of the uploaded workbook's cells: some offices say by them how far a matter is."""
    with store().open(digest) as handle:
        return colours_of(handle.read())


def files_of(takeover: Takeover) -> Files:
    """What lies beside the ledger: the zip as it was uploaded, listed."""
    if not takeover.files_sha256:
        return Files()
    return listed(takeover.files_sha256, takeover.files_name)


@lru_cache(maxsize=2)
def listed(digest: str, name: str) -> Files:
    root = store()
    if not root.exists(digest):
        raise Refused(
            "材料压缩包的原件不在存储里了，不能继续。请在“对材料”里重新传，并告诉系统管理员运行校验。"
        )
    return open_files(root.path(digest), name)  # type: ignore[attr-defined]


def read_takeover(takeover: Takeover, today: date) -> Taken:
    """The takeover as it stands today. Refused when its file cannot be read any more."""
    facts = facts_of(takeover.year)
    said = Choices.from_json(takeover.choices).with_words(known_words(takeover.year.campaign.unit))
    files = files_of(takeover)
    book = book_of(takeover.sha256, takeover.source_name)
    plan = read_ledger(book, facts, said, today, colours_in(takeover.sha256))
    matches = match_files(files.names, plan, facts, said) if files.files else ()
    return Taken(facts, said, plan, files, matches, today, date(takeover.year.year + 1, 12, 31))
