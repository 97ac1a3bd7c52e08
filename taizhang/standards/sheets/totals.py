"""Figures that a file states about itself: total of the standard, sums in its total rows."""

import re
from decimal import Decimal

from ..rules.check import sums
from ..rules.numbers import NUMBER, decimal_of, fold, show
from ..rules.tree import CONFIRM, Node, Warning
from .pages import Page

WHOLE = re.compile(
    rf"(?:总分值?|满分|总计|共计|合计|基础分|基本分|标准分|总分数)(?:值)?(?:为|共|是|计)?[:：]?\s*({NUMBER})\s*分(?!(?:[(（]含[)）])?及?以上|以下|的[优良合基])"
)
BRACKET = re.compile(rf"[(（]\s*(?:总分|满分|共|共计|总计)?[:：]?\s*({NUMBER})\s*分\s*[)）]")
HUNDRED = re.compile(r"百分制")


def stated_in(
    pages: list[Page], used: list[Page], filename: str, total: Decimal
) -> tuple[Decimal | None, str]:
    """The total the file names, and where: title block first, then notes, then the last total row."""
    for page in used:
        for text in page.lines.above:
            if len(used) > 1 and not re.search(r"总分|满分", text):
                continue
            if value := figure(text, brackets=True):
                return value, f"{page.grid.name}!A1"
    for page in used:
        for text in page.lines.notes:
            if value := figure(text, brackets=False):
                return value, page.grid.name
    for page in pages:
        if page.role == "notes":
            for r in range(min(page.grid.height, 60)):
                for c in page.grid.filled(r):
                    if value := figure(page.grid.text(r, c), brackets=False):
                        return value, page.grid.place(r, c)
    if len(used) == 1:
        page = used[0]
        last = [
            (r, words, value)
            for r, (words, value) in page.lines.totals.items()
            if value is not None and "小计" not in words
        ]
        if last:
            r, words, value = last[-1]
            others = [draft for draft in page.leaves if max(draft.rows) > r]
            if not others and (len(last) == 1 or value == total or re.search("总", words)):
                return value, f"{page.grid.name}!A{r + 1}"
    return None, used[0].grid.name if used else filename


def figure(text: str, *, brackets: bool) -> Decimal | None:
    """The total named in a text: "总分100分", "（100分）" in a title, "百分制"."""
    said = re.sub(r"\s+", "", fold(text))
    for m in WHOLE.finditer(said):
        value = decimal_of(m.group(1))
        if value is not None and value >= 10:
            return value
    if brackets and (found := BRACKET.search(said)):
        value = decimal_of(found.group(1))
        return value if value is not None and value >= 50 else None
    return Decimal(100) if HUNDRED.search(said) else None


def total_rows(used: list[Page], nodes: list[Node], stated: Decimal | None) -> list[Warning]:
    """Total and subtotal rows whose figure fits no sum of what stands above them."""
    by_key = {node.key: node for node in nodes}
    below = sums(nodes)
    warnings = []
    for page in used:
        for r, (words, value) in page.lines.totals.items():
            if value is None or value == stated:
                continue
            before = [
                by_key[draft.node.key]
                for draft in page.leaves
                if draft.node.key in by_key and min(draft.rows, default=0) < r
            ]
            if not before:
                continue
            candidates = [sum((node.points or Decimal(0) for node in before), Decimal(0))]
            up = before[-1].parent
            while up is not None and up in by_key:
                candidates.insert(0, below[up])
                up = by_key[up].parent
            if value not in candidates:
                expected = candidates[0] if "小计" in words else candidates[-1]
                text = f"“{words[:12]}”一行写 {show(value)} 分，上面的指标合计 {show(expected)} 分，差 {show(abs(value - expected))}"
                warnings.append(Warning(f"{page.grid.name}!A{r + 1}", text, CONFIRM, "row_total_differs"))
    return warnings
