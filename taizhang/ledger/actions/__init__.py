"""Everything that can happen to a ledger. Each is a verb behind the door."""

from .adoption import adopt, reopen_many, revisit, revisit_many, undo_adoption
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
from .opening import open_year
from .paper import paper, paper_item, paper_slot
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

__all__ = [
    "VERBS", "accept", "add_need", "add_slot", "adopt", "assign", "before_system", "bulk", "bulk_rows", "change_need", "cite",
    "conclude", "drop_need", "fill_slot", "nothing_happened", "open_year", "paper", "paper_item", "paper_slot", "place",
    "raise_item", "receive", "revisit", "revisit_many", "recite", "remark", "reopen", "reopen_many", "restore", "restore_slot", "resume", "send_back",
    "send_back_item", "set_co", "set_due", "set_lead", "set_priority", "set_slot_due", "sign", "submit", "suspend",
    "take_back", "uncite", "undo_adoption", "waive", "waive_slot", "withdraw",
]  # fmt: skip
