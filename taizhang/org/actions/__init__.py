"""Everything that can happen to units, people, groups and accounts."""

from .accounts import (
    Account,
    change_password,
    log_in,
    log_out,
    make_account,
    reset_password,
    switch_account,
)
from .groups import end_duty, end_group, give_duty, import_groups
from .people import add_person, change_person, end_post, give_post, leave
from .roster import import_roster
from .units import add_unit, change_unit, end_unit, found_agency, found_region

__all__ = [
    "Account", "add_person", "add_unit", "change_password", "change_person", "change_unit", "end_duty",
    "end_group", "end_post", "end_unit", "found_agency", "found_region", "give_duty", "give_post",
    "import_groups", "import_roster", "leave", "log_in", "log_out", "make_account", "reset_password",
    "switch_account",
]  # fmt: skip
