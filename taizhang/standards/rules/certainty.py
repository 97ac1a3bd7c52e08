"""What was read for each indicator, in words and with its certainty: the rows of the page on which it is accepted.

Pure: nodes in, rows out. A field is listed only if something was read for it; what a clerk changed by hand needs
no acceptance and is left out by the caller's nodes (mend takes a field out of `certain` once it is set by hand).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from .said import field_words
from .scoring import GUESS, LIKELY, SURE
from .tree import Node

FIELDS = {
    "points": "分值",
    "rule": "计分规则",
    "cadence": "周期频次",
    "per": "由谁完成",
    "methods": "测评方法",
    "needs": "材料要求",
    "lead": "牵头处室",
    "co": "配合处室",
    "mandatory": "必备指标",
}
"""Field of `Node.certain` → its name on the page, in the order of the page."""

ORDER = {GUESS: 0, LIKELY: 1, SURE: 2}
LONGEST = 80  # characters of the file's words that are shown


@dataclass(frozen=True)
class Meaning:
    """One field of one leaf as it was understood. `source`: the file's words it came from, "" if it has none."""

    node: str
    where: str
    code: str
    title: str
    field: str
    label: str
    words: str
    certainty: str
    source: str
    agreed: bool = False


def meanings(nodes: Iterable[Node]) -> list[Meaning]:
    """Every field read of every leaf, in the order of the file, then of FIELDS."""
    return [
        Meaning(
            node.key,
            node.where,
            node.code,
            node.title,
            name,
            label,
            field_words(node, name),
            node.certain[name],
            excerpt(node.sources.get(name, "")),
            name in node.agreed,
        )
        for node in nodes
        if node.is_leaf
        for name, label in FIELDS.items()
        if name in node.certain
    ]


def unsure(nodes: Iterable[Node], below: str = SURE) -> list[Meaning]:
    """What is still to be accepted, the most doubtful first; of equal doubt in the order of the file.

    With BELOW=SURE (the usual) everything not yet agreed, the sure ones last; with LIKELY only what is likely or
    a guess, with GUESS only the guesses.
    """
    left = [row for row in meanings(nodes) if not row.agreed and ORDER[row.certainty] <= ORDER[below]]
    return sorted(left, key=lambda row: ORDER[row.certainty])


def fields_of(rows: Iterable[Meaning]) -> dict[str, list[str]]:
    """Leaf → the fields that ROWS name: what accepting them puts into choices.nodes[key]["agreed"]."""
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.node, []).append(row.field)
    return found


def counts(nodes: Iterable[Node]) -> dict[str, int]:
    """How many are still to be accepted of each certainty: {"sure": 412, "likely": 30, "guess": 4}."""
    found = Counter(row.certainty for row in meanings(nodes) if not row.agreed)
    return {certainty: found[certainty] for certainty in (SURE, LIKELY, GUESS)}


def excerpt(text: str) -> str:
    """TEXT on one line, no longer than LONGEST."""
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST else f"{flat[: LONGEST - 1]}…"
