"""Indicators printed as cards, one small form each (指标名称 | … | 分值 | …), laid out as rows of one table."""

from collections import Counter
from dataclasses import replace

from taizhang.kit.tables import Cell, Sheet

from ..rules.columns import TREE, word_meaning
from ..rules.numbers import squeeze

LEAST = 3  # so many cards of the same labels make a form


def lay_out(sheet: Sheet) -> Sheet:
    """SHEET with every card as one row in the place of the card's second line; the first card's first line is the header.

    Any other sheet comes back as it is. Lines between the cards stay where they are.
    """
    if sheet.kind != "table" or not sheet.rows:
        return sheet
    firsts = Counter(squeeze(str(row[0])) for row in sheet.rows if isinstance(row[0], str))
    labels = [text for text, count in firsts.items() if count >= LEAST and word_meaning(text)]
    if len(labels) < 2:
        return sheet
    every = Counter(squeeze(cell) for row in sheet.rows for cell in row if isinstance(cell, str))
    known = {text for text, count in every.items() if count >= LEAST and word_meaning(text)}
    opener = next(
        squeeze(str(row[0])) for row in sheet.rows if row[0] is not None and squeeze(str(row[0])) in labels
    )
    cards: list[tuple[int, dict[str, Cell]]] = []
    used: set[int] = set()
    for r, row in enumerate(sheet.rows):
        if row[0] is None or squeeze(str(row[0])) not in labels:
            continue
        if squeeze(str(row[0])) == opener:
            cards.append((r, {}))
        if cards:
            cards[-1][1].update(pairs(row, known))
            used.add(r)
    names = list(dict.fromkeys(name for _, card in cards for name in card))
    meanings = {word_meaning(name) for name in names}
    if (
        len(cards) < LEAST
        or "points" not in meanings
        or not meanings & set(TREE)
        or min_lines(cards, used) < 2
    ):
        return sheet
    width = max(len(names), len(sheet.rows[0]))
    rows: list[list[Cell]] = [
        [None] * width if r in used else [*row, *[None] * (width - len(row))]
        for r, row in enumerate(sheet.rows)
    ]
    rows[cards[0][0]] = [*names, *[None] * (width - len(names))]
    for r, card in cards:
        rows[r + 1] = [*(card.get(name) for name in names), *[None] * (width - len(names))]
    merges = [merge for merge in sheet.merges if not used & set(range(merge[0], merge[2] + 1))]
    return replace(sheet, rows=rows, merges=merges)


def pairs(row: list[Cell], labels: set[str]) -> dict[str, Cell]:
    """Label, value, label, value … of one line of a card; a label without a value keeps its place."""
    found: dict[str, Cell] = {}
    name = ""
    for cell in row:
        if isinstance(cell, str) and squeeze(cell) in labels:
            name = squeeze(cell)
            found.setdefault(name, None)
        elif cell is not None and name and found[name] is None:
            found[name] = cell
    return found


def min_lines(cards: list[tuple[int, dict[str, Cell]]], used: set[int]) -> int:
    """How many lines the shortest card has."""
    starts = [r for r, _ in cards]
    return min(
        sum(a <= r < b for r in used) for a, b in zip(starts, [*starts[1:], max(used) + 1], strict=True)
    )
