"""Which SQLite is loaded, and whether it keeps what it was given."""

import sqlite3

#: the WAL-reset bug: 3.7.0 to 3.51.2; repaired in 3.51.3 and in the branches 3.44.6 and 3.50.7
REPAIRED = ((3, 44, 6), (3, 50, 7))


def version() -> str:
    return sqlite3.sqlite_version


def is_safe(number: tuple[int, int, int] | None = None) -> bool:
    """Whether this SQLite may be written by several processes in WAL mode."""
    number = number or sqlite3.sqlite_version_info[:3]
    if number >= (3, 51, 3):
        return True
    return any(number[:2] == fixed[:2] and number >= fixed for fixed in REPAIRED)
