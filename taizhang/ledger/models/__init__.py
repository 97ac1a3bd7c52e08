from .adoptions import AdoptedItem, Adoption
from .asks import Ask
from .batches import Batch
from .items import Item, ItemUnit, Need, Remark
from .proofs import Declined, Passage, Statement
from .signatures import Signature
from .slots import Citation, Slot, Submission
from .takeovers import Takeover, TakeoverState, TakeoverWord

__all__ = [
    "AdoptedItem", "Adoption", "Ask", "Batch", "Citation", "Declined", "Item", "ItemUnit", "Need", "Passage", "Remark",
    "Signature", "Slot", "Statement", "Submission", "Takeover", "TakeoverState", "TakeoverWord",
]  # fmt: skip
