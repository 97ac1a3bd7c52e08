"""A proposal is turned down; to accept one is to cite."""

from typing import Any

from taizhang.evidence.models import Evidence
from taizhang.org.action import action
from taizhang.org.permits import Permit

from ..models import Declined, Item


@action("ledger.decline", "不用于这一事项", (Permit.LEDGER_SUBMIT, "lead"), (Permit.LEDGER_BEHALF, "unit"))
def decline(item: Item, *, by: Any, evidence: Evidence) -> Item:
    """EVIDENCE does not serve ITEM and is not proposed for it again; it can be cited by hand all the same."""
    if not Declined.objects.filter(evidence=evidence, item=item).exists():
        Declined.make(evidence=evidence, item=item, by=getattr(by, "person", None))
    return item
