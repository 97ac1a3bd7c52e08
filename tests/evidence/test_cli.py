"""The sweep takes what a killed upload has left, and nothing else."""

import os
import time
from pathlib import Path
from typing import Any

from taizhang.config import cli
from taizhang.kit.files import store

from .samples import put


def test_sweep(db: Any, tmp_path: Path, capsys: Any) -> None:
    stored = put(b"hello")
    old, new = tmp_path / "incoming" / "old.upload", tmp_path / "incoming" / "new.upload"
    for path in (old, new):
        path.write_bytes(b"x")
    os.utime(old, (time.time() - 90_000,) * 2)
    os.utime(store().path(stored.sha256), (time.time() - 90_000,) * 2)  # type: ignore[attr-defined]
    assert cli.main(["evidence", "sweep", "--dry-run"]) == 0
    assert capsys.readouterr().out == "old.upload\n待清理临时文件 1 个\n" and old.exists()
    assert cli.main(["evidence", "sweep"]) == 0
    assert capsys.readouterr().out == "old.upload\n已清理临时文件 1 个\n"
    assert not old.exists() and new.exists() and store().exists(stored.sha256)
    assert cli.main(["evidence", "sweep", "--hours", "0"]) == 2
    assert "至少为 1" in capsys.readouterr().err and new.exists()
