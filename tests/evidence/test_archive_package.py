"""The package of a sealed volume: what is in it, that it is whole, that it is the same every time."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from taizhang.evidence.models import Volume
from taizhang.evidence.sheets import archive_package, archive_run
from taizhang.kit.errors import Refused
from taizhang.kit.files import store
from taizhang.kit.tables import read_book

from ..reports.samples import drawn, words_of
from .archive_world import Archive, rows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def a(people: Any, settings: Any, tmp_path: Path) -> Archive:
    settings.TODAY = "2020-12-20"
    settings.BOUND = tmp_path / "bound"
    made = Archive(people)
    made.fonds()
    return made


def out(volume: Volume, folder: Path) -> dict[str, Any]:
    folder.mkdir()
    return archive_package.give_out(volume, folder)


def test_a_sealed_package_holds_every_part(a: Archive, tmp_path: Path) -> None:
    volume = a.sealed(a.volume([*a.three(), a.piece("台账.txt", "一二三".encode(), unit="创建办")]))
    told = out(volume, tmp_path / "out")
    keep = os.environ.get("KEEP_ARCHIVE")
    if keep:
        import shutil
        shutil.copytree(tmp_path / "out", keep, dirs_exist_ok=True)
    assert told["pieces"] == 4
