from .adoptions import AdoptedItem, Adoption
from .batches import Batch
from .items import Item, ItemUnit, Need, Remark
from .signatures import Signature
from .slots import Citation, Slot, Submission

__all__ = [
    "AdoptedItem",
    "Adoption",
    "Batch",
    "Citation",
    "Item",
    "ItemUnit",
    "Need",
    "Remark",
    "Signature",
    "Slot",
    "Submission",
]
