from .adopted import adopted_for, adoptions_for, revisits_number, revisits_of
from .adoption import AdoptionPlan, plan_adoption
from .asks import answers_for, asks_for, asks_waiting
from .rows import area_key
from .scope import batches_for, guest_number, items_for, slots_for, years_for
from .standing import At, Button, Buttons, Waiting, at_step, buttons, chain_people, fills, waiting_for

__all__ = [
    "AdoptionPlan", "At", "area_key", "Button", "Buttons", "Waiting", "adopted_for", "adoptions_for", "answers_for", "asks_for", "asks_waiting", "at_step", "batches_for",
    "buttons", "chain_people", "fills", "guest_number", "items_for", "plan_adoption", "revisits_number", "revisits_of", "slots_for",
    "waiting_for", "years_for",
]  # fmt: skip
