"""Everything that can happen to units, people, groups and accounts."""

from .absences import cancel_absence, change_absence, hand_back, note_absence, set_stand_ins
from .accounts import (
    Account,
    change_password,
    log_in,
    log_out,
    make_account,
    make_accounts,
    reset_password,
    switch_account,
)
from .adjusting import adjust_group, withdraw_adjustment
from .contacts import (
    add_contact,
    change_contact,
    change_visit,
    end_contact,
    import_contacts,
    note_visit,
)
from .groups import end_duty, end_group, give_duty, import_groups
from .merging import merge
from .people import add_person, change_person, end_post, give_post, leave
from .renaming import rename_unit, withdraw_rename
from .roster import import_roster
from .secondments import change_secondment, end_secondment, second
from .sessions import carry_session, end_sessions
from .taking_over import take_contact, take_duty, take_post, take_stand_in, take_unit
from .units import add_unit, change_unit, end_unit, found_agency, found_region

__all__ = [
    "merge", "rename_unit", "withdraw_rename",
    "add_contact", "change_contact", "change_visit", "end_contact", "import_contacts", "note_visit",
    "Account", "cancel_absence", "change_absence", "hand_back", "note_absence", "set_stand_ins",
    "add_person", "add_unit", "adjust_group", "carry_session", "change_password", "change_person",
    "change_secondment", "change_unit", "end_duty", "end_group", "end_post", "end_secondment", "end_sessions", "end_unit",
    "found_agency", "found_region", "give_duty", "give_post", "import_groups", "import_roster", "leave",
    "log_in", "log_out", "make_account", "make_accounts", "reset_password", "second", "switch_account", "take_contact",
    "take_duty", "take_post", "take_stand_in", "take_unit", "withdraw_adjustment",
]  # fmt: skip
