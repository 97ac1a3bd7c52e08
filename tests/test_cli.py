"""The console script as a whole: a slip of the user is one Chinese line and 2, a new data folder just works."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from taizhang.config.cli import main

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "还缺参数：命令"),
        ("nix", "不认识“nix”"),
        ("standard", "还缺参数：操作"),
        ("standard read", "还缺参数：FILE"),
        ("up --port abc", "--port 要写数字"),
        ("up --demo --no-demo", "不能和 --demo 同时写"),
        ("verify --bad", "不认识的参数：--bad"),
        ("ledger export 1 a.xlsx --year", "--year 后面没有写内容"),
        ("campaign start --unit U --standard S --from 2018 --to 2020 --open 2018 --assessed-on 2018-02-30",
         "“2018-02-30”不是日期"),
    ],
)  # fmt: skip
def test_a_slip_is_one_chinese_line(words: str, said: str, capsys: Any, monkeypatch: Any) -> None:
    for name in ("TAIZHANG_DEMO", "TAIZHANG_WRITES"):  # main sets them for its own process
        monkeypatch.setenv(name, "0")
    assert main(words.split()) == 2
    line = capsys.readouterr().err
    assert said in line and line.count("\n") == 1 and "usage" not in line


def test_help_is_in_chinese(capsys: Any) -> None:
    with pytest.raises(SystemExit) as left:
        main(["campaign", "start", "--help"])
    assert left.value.code == 0
    shown = capsys.readouterr().out
    assert shown.startswith("用法：taizhang campaign start") and "options" not in shown


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The command in a process and a data folder of its own."""
    environment = {**os.environ, "TAIZHANG_HOME": str(home), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "taizhang.config.cli", *words],
        env=environment,
        capture_output=True,
        text=True,
        cwd=home.parent,
    )


def test_a_new_data_folder(tmp_path: Path) -> None:
    """Reading a standard writes nothing; the first command that needs a database makes it."""
    home, sample = tmp_path / "home", ROOT / "taizhang" / "standards" / "samples" / "workers-home.xlsx"
    read = run(home, "standard", "read", str(sample), "--json")
    assert read.returncode == 0 and json.loads(read.stdout)["items"] and not home.exists()
    verified = run(home, "verify", "--all", "--json")
    assert verified.returncode == 0 and json.loads(verified.stdout)["ok"], verified.stderr
    refused = run(home, "ledger", "export", "1", "ledger.xlsx")
    assert (refused.returncode, refused.stderr) == (2, "没有叫“1”的创建活动。\n")
