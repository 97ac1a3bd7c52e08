"""Write docs/flows.md: the state machines as diagrams, from the tables that the code runs on."""

from taizhang.kit.written import WrittenDocument
from taizhang.ledger.rules.asks import ASK_FLOW, ASK_LABELS
from taizhang.ledger.rules.states import FLOW, LABELS, SLOT_FLOW

HEAD = "# State machines\n\nWritten by `manage.py flows` from `ledger/rules/states.py` and `ledger/rules/asks.py`; do not edit.\n"


def text() -> str:
    parts = [HEAD]
    flows = (
        ("Item 事项", FLOW, LABELS),
        ("Slot 期次", SLOT_FLOW, LABELS),
        ("Ask 申请", ASK_FLOW, ASK_LABELS),
    )
    for title, flow, labels in flows:
        parts.append(f"## {title}\n\n```mermaid\n{flow.mermaid(labels)}\n```\n")
    return "\n".join(parts)


class Command(WrittenDocument):
    help = "Write docs/flows.md."
    name = "flows.md"
    text = staticmethod(text)
