from .adoptions import AdoptedItem, Adoption
from .asks import Ask
from .batches import Batch
from .items import Item, ItemUnit, Need, Remark
from .signatures import Signature
from .slots import Citation, Slot, Submission
from .takeovers import Takeover, TakeoverState, TakeoverWord

__all__ = [
    "AdoptedItem", "Adoption", "Ask", "Batch", "Citation", "Item", "ItemUnit", "Need", "Remark", "Signature", "Slot",
    "Submission", "Takeover", "TakeoverState", "TakeoverWord",
]  # fmt: skip
