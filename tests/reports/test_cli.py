"""`taizhang bind`: exit 0 and the file, or 2 with one Chinese line."""

import json
from pathlib import Path
from typing import Any

import pytest

from taizhang.config.cli import main
from taizhang.reports.models import Binding

from . import samples
from .world import ledger_of

pytestmark = pytest.mark.django_db
CAMPAIGN = "创建全国文明单位"


def test_a_volume_of_one_item_and_the_same_once_more(
    people: Any, settings: Any, tmp_path: Path, capsys: Any
) -> None:
    w = ledger_of(people, settings, tmp_path)
    samples.put(w, w.slot("1.1.2"), samples.pdf(2, words="plan "), "方案.pdf", "document")
    out = tmp_path / "out.pdf"
    for campaign in (CAMPAIGN, str(w.campaign.pk)):
        assert main(["bind", campaign, str(out), "--item", "1.1.2", "--json"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (told["items"], told["pieces"], told["form"]) == (1, 1, "volume")
    assert len(samples.words_of(out)) == told["pages"]
    assert Binding.objects.count() == 1
    assert main(["bind", CAMPAIGN, str(tmp_path / "a.zip"), "--area", "组织领导", "--form", "folder"]) == 0
    assert "已装订" in capsys.readouterr().out
    assert (tmp_path / "a.zip").read_bytes()[:2] == b"PK"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["没有的", "out.pdf"], "没有叫“没有的”的创建活动"),
        ([CAMPAIGN, "out.pdf", "--year", "1999"], "没有 1999 年度"),
        ([CAMPAIGN, "out.pdf", "--area", "没有"], "方面“没有”没有找到。可选：1 组织领导"),
        ([CAMPAIGN, "out.pdf", "--unit", "没有"], "处室“没有”没有找到"),
        ([CAMPAIGN, "out.pdf", "--item", "9.9"], "事项“9.9”没有找到"),
        ([CAMPAIGN, "out.pdf", "--item", "1.1.1", "--area", "1"], "只能写一个"),
        ([CAMPAIGN, "nowhere/out.pdf"], "没有文件夹"),
        ([CAMPAIGN, "out.pdf", "--form", "album"], "没有能装进画册的照片"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(
    people: Any, settings: Any, tmp_path: Path, capsys: Any, words: list[str], said: str
) -> None:
    ledger_of(people, settings, tmp_path)
    words = [str(tmp_path / word) if word.endswith(".pdf") else word for word in words]
    assert main(["bind", *words]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert len(told.strip().splitlines()) == 1
    assert not (tmp_path / "out.pdf").exists()
