from .scope import batches_for, items_for, slots_for, years_for
from .standing import At, Button, Buttons, Waiting, at_step, buttons, chain_people, fills, waiting_for

__all__ = [
    "At", "Button", "Buttons", "Waiting", "at_step", "batches_for", "buttons", "chain_people", "fills", "items_for",
    "slots_for", "waiting_for", "years_for",
]  # fmt: skip
