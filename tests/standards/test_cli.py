"""`taizhang standard …` as people run it: a process of its own, one line on stderr, nothing written by `read`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from taizhang.config import cli
from taizhang.standards.models import Edition, Indicator, Standard
from tests.people import City

from .world import BAD, workbook

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "taizhang" / "standards" / "samples"


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "taizhang.config.cli", "standard", *words], cwd=ROOT, capture_output=True, text=True,
        env={**os.environ, "TAIZHANG_HOME": str(home), "PYTHONIOENCODING": "utf-8"}, timeout=60,
    )  # fmt: skip


def test_read_prints_one_object_and_writes_nothing(tmp_path: Path) -> None:
    done = run(tmp_path / "home", "read", str(SAMPLES / "civilised-unit.xlsx"), "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert set(said) == {"name", "stated_total", "total", "areas", "sections", "items", "warnings"}
    assert (said["total"], len(said["areas"]), len(said["sections"]), len(said["items"])) == (
        "100.00",
        8,
        37,
        259,
    )
    assert set(said["areas"][0]) == set(said["sections"][0]) == {"title", "points"}
    first = said["items"][0]
    meaning = {
        "requirement",
        "cadence",
        "times",
        "target",
        "per",
        "rule",
        "rule_text",
        "co",
        "needs",
        "method_shares",
        "certain",
    }
    assert {name: value for name, value in first.items() if name not in meaning} == {
        "code": "1.1.1", "area": "组织领导与创建机制", "section": "领导责任", "title": "党组专题研究创建工作", "points": "0.52",
        "methods": ["材料审核", "听取汇报"], "lead": "办公室", "where": "测评标准!D2",
    }  # fmt: skip
    assert meaning <= set(first) and first["certain"]["points"] == "sure"
    assert all(isinstance(item["points"], str) for item in said["items"])
    assert not (tmp_path / "home").exists()


def test_read_lists_every_doubt_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "标准.xlsx"
    path.write_bytes(workbook())
    said = json.loads(run(tmp_path / "home", "read", str(path), "--json").stdout)
    assert all(set(one) == {"where", "text"} for one in said["warnings"])
    assert any("标准!" in one["where"] and "分值是空的" in one["text"] for one in said["warnings"])
    assert next(item for item in said["items"] if item["code"] == "1.2.3")["points"] is None


@pytest.mark.parametrize("name", [*BAD, "空.xlsx", "不在.xlsx", "夹"])
def test_read_refuses_in_one_chinese_line(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    data, word = BAD.get(
        name, (b"", {"空.xlsx": "空的", "不在.xlsx": "找不到文件", "夹": "文件夹"}.get(name, ""))
    )
    if name == "夹":
        path.mkdir()
    elif name != "不在.xlsx":
        path.write_bytes(data)
    done = run(tmp_path / "home", "read", str(path), "--json")
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.count("\n") == 1 and word in done.stderr, done.stderr
    assert not (tmp_path / "home").exists()


def test_import_makes_an_edition(people: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "标准.xlsx"
    path.write_bytes(workbook())
    assert cli.main(["standard", "import", str(path), "--agency", "甲局", "--json"]) == 2
    assert "1 处要改" in capsys.readouterr().err and not Standard.objects.exists()
    sample = str(SAMPLES / "workers-home.xlsx")
    assert cli.main(["standard", "import", sample]) == 2
    assert "--agency" in capsys.readouterr().err
    assert cli.main(["standard", "import", sample, "--agency", "没有局"]) == 2
    assert "没有局" in capsys.readouterr().err
    assert cli.main(["standard", "import", sample, "--agency", "甲局", "--name", "职工之家", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    edition = Edition.objects.get(pk=said["edition"])
    assert (edition.standard.agency, said["items"]) == (people.units["甲局"], 40)
    assert Indicator.objects.filter(edition=edition, is_leaf=True).count() == 40
    assert cli.main(["standard", "import", sample, "--agency", "甲局", "--name", "职工之家"]) == 2
    assert "请换一个名称" in capsys.readouterr().err
