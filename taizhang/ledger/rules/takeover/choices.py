"""What the clerk said about a ledger that is taken over: kept as JSON in Takeover.choices."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: what `rows` and `files` may say besides an item's id
OWN, SKIP = "own", "skip"


@dataclass(frozen=True)
class Choices:
    """Everything the clerk decided; what is not here is decided by reading.

    columns: header as written (folded, lines joined by " / ") → field of columns.FIELDS, "" = not read
    words:   field (state | unit | person | date) → {what the file says: what it means}. A state means a value of
             Status or "" (says nothing); a unit an id; a person an id; a date an ISO day or "" (no date).
    rows:    row key ("sheet!row") → {"item": item id | "own" | "skip" | None, "state": …, "due_on": …,
             "people": [ids]}; a key that is absent or None leaves the reading as it is
    files:   name of a file as listed → item id | "skip" | None
    sheets:  names of the sheets to read; empty: those that look like a ledger
    """

    columns: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, int | str | None] = field(default_factory=dict)
    sheets: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> "Choices":
        """From what to_json gave; what is unknown or malformed is left out."""
        data = data or {}

        def table(key: str) -> dict[str, Any]:
            found = data.get(key)
            return dict(found) if isinstance(found, Mapping) else {}

        return cls(
            {str(k): str(v) for k, v in table("columns").items()},
            {
                str(k): {str(said): str(means) for said, means in v.items()}
                for k, v in table("words").items()
                if isinstance(v, Mapping)
            },
            {str(k): dict(v) for k, v in table("rows").items() if isinstance(v, Mapping)},
            {str(k): v for k, v in table("files").items() if v is None or isinstance(v, (int, str))},
            tuple(str(name) for name in data.get("sheets") or ()),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "columns": self.columns,
            "words": self.words,
            "rows": self.rows,
            "files": self.files,
            "sheets": list(self.sheets),
        }

    def with_words(self, known: Mapping[str, Mapping[str, str]]) -> "Choices":
        """These choices over what the agency's words meant before (queries.takeover.known_words)."""
        known_columns = dict(known.get("column", {}))
        words = {name: dict(said) for name, said in known.items() if name != "column"}
        for name, said in self.words.items():
            words[name] = words.get(name, {}) | said
        return Choices(known_columns | self.columns, words, self.rows, self.files, self.sheets)
