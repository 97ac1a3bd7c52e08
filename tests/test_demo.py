"""What the demo says of the revised standard: it fits the sample that it revises, and its points still add up."""

from collections import Counter
from decimal import Decimal
from pathlib import Path

from taizhang.config.demo.editions import outline
from taizhang.config.demo.revision import Revised
from taizhang.standards.rules.amend import obstacles
from taizhang.standards.rules.editions import match
from taizhang.standards.rules.exchange import Head, from_json, to_json
from taizhang.standards.rules.tree import CONFIRM, MUST
from taizhang.standards.sheets.read import read

SAMPLES = Path(__file__).resolve().parents[1] / "taizhang" / "standards" / "samples"


def test_the_revision_fits_the_sample() -> None:
    whole = to_json(read((SAMPLES / "civilised-unit.xlsx").read_bytes(), "civilised-unit.xlsx"), Head("示例"))
    old = from_json(whole)[0]
    revised = Revised(whole)
    revised.revise()
    new = from_json(revised.whole)[0]
    assert (len(old.leaves), len(new.leaves), new.total) == (259, 260, Decimal(100))
    assert not obstacles(new)
    assert not new.warnings
    said = {key: {"old": olds} for key, olds in revised.from_.items()} | {
        f"gone:{key}": {} for key in revised.gone
    }
    pairs = match(old.nodes, new.nodes, said)
    assert all(pair.by_hand for pair in pairs)
    assert Counter(pair.kind for pair in pairs) == {
        "same": 233, "changed": 19, "moved": 2, "split": 2, "joined": 2, "new": 3, "gone": 2,
    }  # fmt: skip


def test_the_outline_has_something_to_settle() -> None:
    old = read((SAMPLES / "workers-home.xlsx").read_bytes(), "workers-home.xlsx")
    new = read(outline(old, 2027), "提纲.docx")
    assert len(new.leaves) == 38
    assert len(new.open(MUST)) == 1
    assert len(new.open(CONFIRM)) >= 3
    doubtful = [pair for pair in match(old.nodes, new.nodes) if not pair.sure]
    assert 1 <= len(doubtful) <= 10
