"""What is left to do on a draft, kept with its choices so that the list of drafts need not read the files."""

from taizhang.kit.errors import Refused

from ..models import Draft
from ..rules.certainty import counts
from ..rules.scoring import GUESS
from ..rules.tree import MUST, Json, Reading
from .source import read_with


def left_in(reading: Reading) -> Json:
    """{"must", "confirm", "guess", "leaves"}: numbers."""
    return {
        "must": len(reading.open(MUST)), "confirm": len(reading.open()) - len(reading.open(MUST)),
        "guess": counts(reading.nodes)[GUESS], "leaves": len(reading.leaves),
    }  # fmt: skip


def with_left(draft: Draft, choices: Json) -> Json:
    """CHOICES, and how much is open with them."""
    try:
        return {**choices, "left": left_in(read_with(draft, choices))}
    except Refused:
        return {key: value for key, value in choices.items() if key != "left"}
