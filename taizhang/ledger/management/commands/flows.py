"""Write docs/flows.md: the state machines as diagrams, from the tables that the code runs on."""

from taizhang.kit.written import WrittenDocument
from taizhang.ledger.rules.states import FLOW, LABELS, SLOT_FLOW

HEAD = "# State machines\n\nWritten by `manage.py flows` from `ledger/rules/states.py`; do not edit.\n"


def text() -> str:
    parts = [HEAD]
    for title, flow in (("Item 事项", FLOW), ("Slot 期次", SLOT_FLOW)):
        parts.append(f"## {title}\n\n```mermaid\n{flow.mermaid(LABELS)}\n```\n")
    return "\n".join(parts)


class Command(WrittenDocument):
    help = "Write docs/flows.md."
    name = "flows.md"
    text = staticmethod(text)
