"""How a row stands: by its own word, by its marks for the months, by a colour, or by what its progress says."""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date

from ..states import Status
from .choices import Choices
from .plan import Doubt
from .raw import Raw, ReadSheet
from .states import ACCEPTED, CLOSED, DOING, PENDING, head_state, state_of, state_of_periods

#: a text of progress that speaks of what is still to come
AHEAD = re.compile(
    r"^(?:拟|计划|预计|将|待|准备|打算|安排在|\d{1,2}月.{0,4}(?:拟|计划|将|安排))|未(?:启动|开始|开展)"
)
#: (sheet name, row from 0, column from 0) → the colour of the cell: a letter of states.COLOURS
Colours = Mapping[tuple[str, int, int], str]


def standing(
    raw: Raw,
    sheet: ReadSheet,
    choices: Choices,
    closed: date | None,
    today: date,
    colours: Colours,
    doubts: list[Doubt],
) -> str | None:
    text = raw.cells.get("state", "")
    if raw.periods:
        return _of_periods(raw, sheet, choices, closed, doubts)
    said = state_of(text, choices.words.get("state"), sheet.legend)
    opening = head_state(raw.cells.get("progress", ""))
    if said is None:
        by_colour = _coloured(raw, sheet, colours)
        if by_colour:
            meant = choices.words.get("state", {}).get(f"{by_colour}色") or sheet.legend.get(by_colour)
            if meant:
                return meant
            doubts.append(
                Doubt(
                    "state",
                    f"状态只用{by_colour}色标了，表里没有说明{by_colour}色的意思，请指定",
                    "state",
                    f"{by_colour}色",
                )
            )
            return None
        if closed:
            return CLOSED
        if opening:
            return opening
        begun = raw.cells.get("progress", "").strip()
        if begun and sheet.header.of("state"):
            if AHEAD.search(begun):
                return None
            doubts.append(
                Doubt(
                    "state", f"状态空着，进展写着“{begun[:12]}”，按“{Status(DOING).label}”接，请核对", "state"
                )
            )
        return DOING if begun else None
    if said.state is None:
        doubts.append(
            Doubt("state", f"状态“{text[:20]}”不知道是什么意思，请指定", "state", text.strip()[:120])
        )
        return None
    if not said.sure:
        doubts.append(
            Doubt(
                "state",
                f"状态“{text[:20]}”按“{Status(said.state).label}”接，请核对",
                "state",
                text.strip()[:120],
            )
        )
    if closed and said.state in (PENDING, DOING):
        doubts.append(
            Doubt("state", f"状态写“{text[:20]}”，却有销号时间 {closed.isoformat()}，请核对", "state")
        )
    elif opening and {opening, said.state} in ({PENDING, CLOSED}, {PENDING, "accepted"}):
        doubts.append(
            Doubt("state", f"状态写“{text[:20]}”，进展却说“{raw.cells['progress'][:12]}”，请核对", "state")
        )
    return CLOSED if closed and said.state == "accepted" else said.state


def _of_periods(
    raw: Raw, sheet: ReadSheet, choices: Choices, closed: date | None, doubts: list[Doubt]
) -> str | None:
    if not any(row.cells.get("state") for row in sheet.rows):
        return None
    state, strange = state_of_periods(
        [mark for _, mark in raw.periods], choices.words.get("state"), sheet.legend
    )
    doubts += [
        Doubt("state", f"状态“{one[:20]}”不知道是什么意思，请指定", "state", one[:120])
        for one in dict.fromkeys(strange)
    ]
    return CLOSED if closed and state == ACCEPTED else state


def _coloured(raw: Raw, sheet: ReadSheet, colours: Colours) -> str | None:
    """The colour of the state's cell; where no column holds states, of the column that most rows have coloured."""
    if not colours:
        return None
    if sheet.coloured is None:
        columns = sheet.header.of("state")
        if not any((raw.sheet, row.at, c) in colours for row in sheet.rows for c in columns):
            wide = range(sheet.grid.width + 1)
            counted = Counter(c for row in sheet.rows for c in wide if (raw.sheet, row.at, c) in colours)
            # a few marked cells are marks, no states
            columns = [c for c, n in counted.most_common(1) if 2 * n >= len(sheet.rows)]
        sheet.coloured = columns
    return next(
        (colours[raw.sheet, raw.at, c] for c in sheet.coloured if (raw.sheet, raw.at, c) in colours), None
    )
