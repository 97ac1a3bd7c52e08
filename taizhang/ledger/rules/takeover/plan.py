"""What a foreign ledger means once it is read: shown to the clerk, then saved by actions.take_over. Plain values."""

from dataclasses import dataclass, field
from datetime import date

SURE, LIKELY, GUESS, NONE = "sure", "likely", "guess", "none"


@dataclass(frozen=True)
class Doubt:
    """Something a person should look at. `stops`: the row cannot be saved as it stands and would be left out.

    kind: state | person | unit | date | item | twice | merged | file | row; `field` the column it is about, "" = row;
    `said` the file's own words it is about (for remembering what they mean); `options` ids to choose from.
    """

    kind: str
    text: str
    field: str = ""
    said: str = ""
    options: tuple[int, ...] = ()
    stops: bool = False


@dataclass(frozen=True)
class Column:
    """One column of one sheet as it was understood. `header` is the key of Choices.columns."""

    sheet: str
    at: int  # from 0
    header: str
    field: str  # "" = not read
    certainty: str
    sample: str = ""


@dataclass(frozen=True)
class Row:
    """One row of the ledger. `key` is "sheet!row", the key of Choices.rows; `row` the sheet's own number, from 1.

    kind: "match" (item is its id) | "own" (to be raised as an item of its own) | "skip".
    people: ids, the first answers for it, the others help. state: a value of Status, None when nothing is said.
    Of several rows on one item `first` is False for all but the first; `parts` of them that one item legitimately
    has one row per department.
    """

    key: str
    row: int
    sheet: str
    item: int | None
    kind: str
    how: str
    certainty: str
    title: str
    requirement: str = ""
    area: str = ""
    section: str = ""
    state: str | None = None
    people: tuple[int, ...] = ()
    lead: int | None = None
    helpers: tuple[int, ...] = ()
    leader: int | None = None
    due_on: date | None = None
    closed_on: date | None = None
    progress: str = ""
    remark: str = ""
    doubts: tuple[Doubt, ...] = ()
    code: str = ""  # as the file says it
    said: dict[str, str] = field(default_factory=dict)  # field → the cell's own words
    first: bool = True
    part: bool = False

    @property
    def stops(self) -> bool:
        return any(doubt.stops for doubt in self.doubts)


@dataclass(frozen=True)
class SheetRead:
    """A sheet of the file, and whether it was read; `why` in words when not."""

    name: str
    read: bool
    rows: int = 0
    why: str = ""
    header_rows: tuple[int, ...] = ()


@dataclass(frozen=True)
class Plan:
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    problems: tuple[str, ...] = ()
    sheets: tuple[SheetRead, ...] = ()
    #: words the reader did not know: (field, said, options); for the page to ask once for all rows
    asked: tuple[tuple[str, str, tuple[int, ...]], ...] = ()


@dataclass(frozen=True)
class FileMatch:
    """A file of the folder and the item it belongs to. `slot`: the slot it most likely is for, None = the item's
    only or current one; `period` in words when the name tells one (2020年5月, 二季度)."""

    name: str
    item: int | None
    certainty: str = NONE
    how: str = ""
    slot: int | None = None
    period: str = ""
    doubts: tuple[Doubt, ...] = ()
    skip: bool = False
    options: tuple[int, ...] = ()
    row: str = ""  # key of the row it belongs to, for rows raised as their own
