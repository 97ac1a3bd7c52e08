"""A takeover for the command line: what it would do as plain values, and its bytes laid into the store."""

import tempfile
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from taizhang.campaigns.models import Year
from taizhang.kit.files import read_pieces, store
from taizhang.kit.tables import read_book

from ..queries.takeover import facts_of, known_words
from ..rules.takeover import Choices, match_files, read_ledger
from .takeover import Files, colours_of, open_files
from .taking import Taken


def look(year: Year, file: Path, beside: Path | None, today: date) -> Taken:
    """FILE and the folder or zip BESIDE it, read into YEAR as the agency's remembered words tell; nothing is written."""
    data = file.read_bytes()
    facts = facts_of(year)
    said = Choices().with_words(known_words(year.campaign.unit))
    plan = read_ledger(read_book(data, file.name), facts, said, today, colours_of(data))
    files = open_files(beside) if beside is not None else Files()
    matches = match_files(files.names, plan, facts, said)
    return Taken(facts, said, plan, files, matches, today, date(year.year + 1, 12, 31))


def told(taken: Taken) -> dict[str, Any]:
    """{"rows": [{"row", "item", "state", "people", "due_on", "doubts"}], "files": [{"name", "item", "doubts"}]}.

    `item` is the indicator's code (the item's number where it has none), None for a row that is raised as its own;
    `people` are staff numbers, the first answers for it. With several sheets each row names its `sheet` too.
    """
    items = taken.items()
    numbers = {person.id: person.staff_no for person in taken.facts.people}
    several = sum(sheet.read for sheet in taken.plan.sheets) > 1
    rows = [
        {
            "row": row.row,
            "item": items[row.item].shown if row.item else None,
            "state": row.state,
            "people": [numbers[one] for one in row.people],
            "due_on": row.due_on.isoformat() if row.due_on else None,
            "doubts": [doubt.text for doubt in row.doubts],
            **({"sheet": row.sheet} if several else {}),
        }
        for row in taken.plan.rows
    ]
    files = [
        {"name": one.name, "item": items[one.item].shown if one.item else None, "doubts": [doubt.text for doubt in one.doubts]}
        for one in taken.matches
    ]  # fmt: skip
    files += [{"name": name, "item": None, "doubts": [why]} for name, why in taken.files.refused]
    return {"rows": rows, "files": files, "notes": [*taken.plan.problems, *taken.files.notes]}


def keep_file(file: Path) -> str:
    """The SHA-256 under which the store keeps FILE."""
    with open(file, "rb") as handle:
        return store().put(read_pieces(handle), limit=settings.IMPORT_MAX_BYTES).sha256


def keep_files(beside: Path, files: Files) -> str:
    """The SHA-256 under which the store keeps the zip BESIDE, or what of the folder may be taken, bound into one."""
    if beside.is_file():
        with open(beside, "rb") as handle:
            return store().put(read_pieces(handle), limit=settings.UPLOAD_MAX_BYTES).sha256
    with tempfile.TemporaryFile() as held:
        with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED, allowZip64=True) as package:
            for one in files.files:
                with package.open(one.name, "w", force_zip64=True) as member:
                    for piece in files.chunks(one.name):
                        member.write(piece)
        held.seek(0)
        return store().put(read_pieces(held), limit=settings.UPLOAD_MAX_BYTES).sha256  # type: ignore[arg-type]
