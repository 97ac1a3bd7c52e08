"""The marks that glyphs.py puts behind what was not recognised with certainty, taken out of the finished blocks."""

from dataclasses import replace

from ..blocks import Cell, Paragraph, Table
from .glyphs import DOUBTED

MOST = 300  # doubts; more say only that the scan is bad


def taken_out(
    blocks: list[Paragraph | Table],
) -> tuple[list[Paragraph | Table], tuple[tuple[str, str], ...]]:
    """BLOCKS without marks; (place, text of the cell or paragraph) of each that had one."""
    doubts: list[tuple[str, str]] = []

    def clean(text: str, place: str) -> str:
        if DOUBTED not in text:
            return text
        text = text.replace(DOUBTED, "")
        if len(doubts) < MOST:
            doubts.append((place, text))
        return text

    found: list[Paragraph | Table] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            found.append(replace(block, text=clean(block.text, block.place)))
            continue
        rows: list[list[Cell]] = []
        for r, row in enumerate(block.rows):
            place = block.places[r] if block.places else f"{block.place}第{r + 1}行"
            rows.append([clean(cell, place) if isinstance(cell, str) else cell for cell in row])
        found.append(replace(block, rows=rows))
    return found, tuple(doubts)
