"""`taizhang suggest FILE --standard S --json`: nothing is stored."""

import json
from pathlib import Path
from typing import Any

import pytest

from taizhang.config.cli import main
from taizhang.evidence.actions import peeking
from taizhang.evidence.models import Evidence

from .world import standard


@pytest.fixture
def small(db: None) -> Any:
    return standard("小标准")


def test_best_first_and_nothing_stored(
    small: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "会议材料.txt"
    file.write_text("领导小组召开月度调度会，研究问题清单", encoding="gb18030")
    assert main(["suggest", str(file), "--standard", "小标准", "--json"]) == 0
    items = json.loads(capsys.readouterr().out)["items"]
    assert items[0]["code"] == "1.1.1" and items[0]["title"] == "领导小组月度调度"
    assert [one["score"] for one in items] == sorted((one["score"] for one in items), reverse=True)
    assert not Evidence.objects.exists()
    assert main(["suggest", str(file), "--standard", "小标准", "--most", "1"]) == 0
    assert capsys.readouterr().out.startswith("1.1.1　领导小组月度调度")


@pytest.mark.parametrize(
    ("name", "body", "words", "said"),
    [
        ("a.exe", b"MZ....", ["--standard", "小标准"], "程序文件"),
        ("a.txt", b"", ["--standard", "小标准"], "空的"),
        ("a.txt", "机密★1年\n关于领导小组调度的通知".encode(), ["--standard", "小标准"], "标有密级“机密”"),
        ("a.txt", b"x", ["--standard", "没有"], "没有叫“没有”的标准"),
        ("a.txt", b"x", ["--standard", "小标准", "--most", "0"], "1 到 259"),
    ],
)
def test_refused_in_one_line(
    small: Any,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    body: bytes,
    words: list[str],
    said: str,
) -> None:
    file = tmp_path / name
    file.write_bytes(body)
    assert main(["suggest", str(file), *words, "--json"]) == 2
    told = capsys.readouterr().err
    assert said in told and told.count("\n") == 1


def test_a_mark_that_only_a_reader_sees_is_refused(
    small: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a file too large to be looked at before it is kept: `suggest` refuses in the words of `text`, tells nothing else."""
    monkeypatch.setattr(peeking, "LARGEST", 1)
    file = tmp_path / "a.txt"
    file.write_text("秘密★1年\n关于领导小组月度调度会的通知")
    said = []
    for words in (["text", str(file)], ["suggest", str(file), "--standard", "小标准"]):
        assert main([*words, "--json"]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        said.append(err)
    assert said[0] == said[1] and "标有密级“秘密”，非涉密系统不能读取" in said[0] and said[0].count("\n") == 1
