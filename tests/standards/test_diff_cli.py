"""`taizhang standard diff` and `import --revises`."""

import json
from pathlib import Path
from typing import Any

import pytest

from taizhang.config import cli
from taizhang.standards.models import Edition, Match
from tests.people import City

from .editions import workbook
from .test_compare import NEW, OLD


@pytest.fixture
def two(tmp_path: Path) -> tuple[str, str]:
    """An old and a new file."""
    paths = tmp_path / "旧版.xlsx", tmp_path / "新版.xlsx"
    for path, rows in zip(paths, (OLD, NEW), strict=True):
        path.write_bytes(workbook(rows))
    return str(paths[0]), str(paths[1])


@pytest.fixture(autouse=True)
def writes(monkeypatch: Any) -> None:
    monkeypatch.setenv("TAIZHANG_WRITES", "1")  # main sets it for its own process


def test_diff_of_two_files(two: tuple[str, str], capsys: Any, db: Any) -> None:
    assert cli.main(["standard", "diff", *two, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert set(said) == {"pairs"}
    rows = said["pairs"]
    assert all(set(row) == {"old", "new", "kind", "sure"} and isinstance(row["sure"], bool) for row in rows)
    by = {(row["old"], row["new"]): row["kind"] for row in rows}
    assert (
        by["1.1.1", "1.1.1"] == "changed"
        and by["1.1.3", "1.1.4"] == "same"
        and by["2.1.2", "1.2.4"] == "moved"
    )
    assert by[None, "1.1.3"] == "new" and by["1.1.4", None] == "gone"
    olds = [row["old"] for row in rows if row["old"]]
    assert olds == sorted(olds) and [row["old"] for row in rows][-1] is None
    assert not Edition.objects.exists()
    assert cli.main(["standard", "diff", *two]) == 0
    said = capsys.readouterr().out
    for words in ("旧版 9 项", "新增", "信访接待", "改了要求、分值"):
        assert words in said, said


def test_diff_of_a_saved_standard(people: City, two: tuple[str, str], capsys: Any) -> None:
    old, new = two
    assert cli.main(["standard", "import", old, "--agency", "甲局", "--name", "甲标准"]) == 0
    capsys.readouterr()
    assert cli.main(["standard", "diff", "甲标准", new, "--json"]) == 0
    by_name = json.loads(capsys.readouterr().out)
    assert cli.main(["standard", "diff", *two, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == by_name
    for words, said in (
        (["没有的标准", new], "没有叫“没有的标准”的标准"),
        ([old, "没有.xlsx"], "找不到文件"),
    ):
        assert cli.main(["standard", "diff", *words]) == 2
        line = capsys.readouterr().err
        assert said in line and line.count("\n") == 1


def test_import_of_a_revision(people: City, two: tuple[str, str], capsys: Any) -> None:
    old, new = two
    assert cli.main(["standard", "import", old, "--agency", "甲局", "--name", "甲标准"]) == 0
    assert cli.main(["standard", "import", new, "--agency", "甲局", "--name", "甲标准"]) == 2
    assert "本单位已有《甲标准》" in capsys.readouterr().err
    assert cli.main(["standard", "import", new, "--agency", "甲局", "--revises", "没有"]) == 2
    capsys.readouterr()
    assert cli.main(["standard", "import", new, "--agency", "甲局", "--revises", "甲标准"]) == 2
    said = capsys.readouterr()
    assert "没有确认" in said.err and said.err.count("\n") == 1 and " → " in said.out
    assert (
        cli.main(["standard", "import", new, "--agency", "甲局", "--revises", "甲标准", "--accept-doubtful"])
        == 0
    )
    made = Edition.objects.get(label="第2版")
    assert made.base == Edition.objects.get(label="第1版") and Match.objects.filter(edition=made).exists()
