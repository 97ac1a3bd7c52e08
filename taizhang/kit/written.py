"""Documents that are written from the tables the code runs on, and a check that they are current."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class WrittenDocument(BaseCommand):
    """A command that writes docs/NAME from `text()`; with --check it only says whether that is current."""

    name: str
    text: Callable[[], str]

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.PACKAGE).parent / "docs" / self.name
        if not options["check"]:
            path.write_text(type(self).text(), encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != type(self).text():
            raise CommandError(f"docs/{self.name} is not current: run make docs")
