"""What the demo is made of: a revised standard that fits the sample it revises; papers that are what they are counted as."""

import io
import wave
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from taizhang.config.demo import files
from taizhang.config.demo.editions import outline
from taizhang.config.demo.revision import Revised
from taizhang.config.demo.shelf import KINDS
from taizhang.config.demo.texts import BULLETINS, FORMER, RULES
from taizhang.evidence.rules.genres import GENRES
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


def test_rules_and_bulletins_are_counted_as_such() -> None:
    assert all(GENRES["rule"].fits(title) and title.endswith(KINDS) for _, title, _ in RULES)
    issues = [f"创建工作简报（2026年第{at}期）：{about}" for at, (about, _) in enumerate(BULLETINS, 1)]
    assert all(GENRES["bulletin"].fits(title) and not GENRES["rule"].fits(title) for title in issues)
    assert {kind for _, kind, *_ in FORMER} == {"document", "report", "table", "other", "picture"}


def test_a_printed_paper_has_its_sentences_and_the_same_bytes(tmp_path: Path) -> None:
    words = [
        "一是责任到人。各处室明确专人负责。",
        "二是任务落实。各项任务已全部完成，相关文件和记录齐全，在机关公示栏公示 5 个工作日。",
    ]
    made, ending = files.paper(
        "工作情况报告", "云政服发〔2026〕3号", "云泽市政务服务管理局", words, "2026年6月1日"
    )
    if ending != "pdf":
        pytest.skip("no Chinese font")
    (tmp_path / "paper.pdf").write_bytes(made)
    found = files.sentences_of(tmp_path / "paper.pdf")
    texts = ["".join(one.text.split()) for one in found]
    assert "各处室明确专人负责。" in texts
    long = found[texts.index("各项任务已全部完成，相关文件和记录齐全，在机关公示栏公示5个工作日。")]
    assert len(long.boxes) == 2  # it runs over a line's end
    assert (
        files.paper("工作情况报告", "云政服发〔2026〕3号", "云泽市政务服务管理局", words, "2026年6月1日")[0]
        == made
    )


def test_a_sound_is_as_long_as_it_says() -> None:
    with wave.open(io.BytesIO(files.sound(65))) as made:
        assert made.getnframes() / made.getframerate() == 65
