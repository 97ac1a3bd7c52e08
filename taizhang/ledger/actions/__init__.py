"""Everything that can happen to a ledger. Each is a verb behind the door."""

from .adoption import adopt, reopen_many, revisit, revisit_many, undo_adoption
from .asks import ask, ask_slot, grant, refuse, withdraw_ask
from .assigning import (
    add_slot,
    assign,
    nothing_happened,
    place,
    raise_item,
    receive,
    remark,
    set_co,
    set_due,
    set_lead,
    set_priority,
    set_slot_due,
)
from .batches import VERBS, before_system, bulk, bulk_rows, take_back
from .guest_slots import give_guests, release_guest
from .handing import hand_all, hand_on, hand_over, see_off, transfer
from .items import (
    add_need,
    change_need,
    conclude,
    drop_need,
    reopen,
    restore,
    resume,
    send_back_item,
    sign,
    suspend,
    waive,
)
from .merging import end_unit, merge_units
from .opening import open_year
from .openings import lose_slots, set_openings, shut_opening
from .paper import paper, paper_item, paper_slot
from .proofs import LAY_OUT, drop_passage, lay_out, mark_passages, state_conformity
from .proposals import decline
from .slots import (
    accept,
    cite,
    fill_slot,
    recite,
    restore_slot,
    send_back,
    submit,
    uncite,
    waive_slot,
    withdraw,
)
from .takeover import (
    begin_takeover,
    check_open,
    drop_takeover,
    mend_takeover,
    note_progress,
    start_takeover,
    stop_takeover,
)
from .taking import take_over
from .taking_back import undo_takeover
from .taking_files import TakenFile

__all__ = [
    "decline", "LAY_OUT", "drop_passage", "lay_out", "mark_passages", "state_conformity",
    "lose_slots", "set_openings", "shut_opening",
    "end_unit", "give_guests", "merge_units", "release_guest",
    "hand_all", "hand_on", "hand_over", "see_off", "transfer",
    "TakenFile", "VERBS", "accept", "add_need", "add_slot", "adopt", "ask", "ask_slot", "assign", "before_system", "begin_takeover", "bulk", "bulk_rows", "change_need", "check_open", "cite",
    "conclude", "drop_need", "drop_takeover", "mend_takeover", "note_progress", "fill_slot", "grant", "nothing_happened", "open_year", "paper", "paper_item", "paper_slot", "place",
    "raise_item", "receive", "revisit", "revisit_many", "recite", "refuse", "remark", "reopen", "reopen_many", "restore", "restore_slot", "resume", "send_back",
    "send_back_item", "set_co", "set_due", "set_lead", "set_priority", "set_slot_due", "sign", "submit", "suspend",
    "start_takeover", "stop_takeover", "take_back", "take_over", "undo_takeover", "uncite", "undo_adoption", "waive", "waive_slot", "withdraw", "withdraw_ask",
]  # fmt: skip
