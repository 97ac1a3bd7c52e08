"""Write docs/flows.md: the state machines as diagrams, from the tables that the code runs on."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from taizhang.ledger.rules.states import FLOW, LABELS, SLOT_FLOW

HEAD = "# State machines\n\nWritten by `manage.py flows` from `ledger/rules/states.py`; do not edit.\n"


def text() -> str:
    parts = [HEAD]
    for title, flow in (("Item 事项", FLOW), ("Slot 期次", SLOT_FLOW)):
        parts.append(f"## {title}\n\n```mermaid\n{flow.mermaid(LABELS)}\n```\n")
    return "\n".join(parts)


class Command(BaseCommand):
    help = "Write docs/flows.md"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.PACKAGE).parent / "docs" / "flows.md"
        if options["check"]:
            if not path.exists() or path.read_text() != text():
                raise CommandError("docs/flows.md is not current: run manage.py flows")
            return
        path.write_text(text())
