"""What a child does in the tests of drawn pages."""

import os
from pathlib import Path
from typing import Any


def answer(question: dict[str, Any]) -> dict[str, Any]:
    no, path = question["no"], Path(question["path"])
    if no == 9:
        return {"unreadable": ["no_page", "没有第 9 页。"]}
    if no == 8:
        return {"made": ""}
    mark = path.with_suffix(".mark")
    if no == 6 or (no == 7 and not mark.exists()):
        mark.touch()
        os._exit(1)
    made = Path(question["folder"]) / "page.jpg"
    made.write_bytes(f"page {no} of {path.name}".encode().ljust(500, b"."))
    return {"made": str(made)}
