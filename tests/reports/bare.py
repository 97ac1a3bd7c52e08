"""A machine that has no Chinese fonts: the true child, told to look nowhere."""

from typing import Any

import typst

from taizhang.kit.pdf import typeset, work


def answer(question: dict[str, Any]) -> dict[str, Any]:
    typeset.families.cache_clear()
    typeset._fonts = lambda: typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)  # type: ignore[assignment]
    return work.answer(question)
