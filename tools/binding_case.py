"""What the bench binds: one item with a file for each scan, straight through the sheets; no database."""

import os
import shutil
from datetime import date
from pathlib import Path

from django.conf import settings

from taizhang.campaigns.models import Campaign, Year
from taizhang.kit.files import store
from taizhang.ledger.queries.material import Held, Proof
from taizhang.org.models import Unit
from taizhang.reports.models import Form, Scope
from taizhang.reports.queries.wanted import Wanted
from taizhang.reports.sheets import Desk, make_volume
from taizhang.reports.sheets.parts import press


def warm_up(folder: Path) -> float:
    """Put the files into the store and start the child, neither of which is part of binding; the child's CPU seconds."""
    settings.BLOBS = folder / "home"
    files = sorted(folder.glob("scan-*.pdf"))
    for path in files:
        _kept(path)
    press().ask({"do": "count", "path": str(files[0])}, 60)
    template = folder / "warm.typ"
    template.write_text("#set page(width: 9cm, height: 9cm)\n文")
    press().ask({"do": "typeset", "template": str(template), "data": [], "out": str(folder / "warm.pdf")}, 60)
    process = press().process
    assert process is not None
    user, system = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def bind_scans(folder: Path) -> None:
    """Bind the files, which lie in a store."""
    proofs = []
    for at, path in enumerate(sorted(folder.glob("scan-*.pdf"))):
        sha256 = _kept(path)
        proofs.append(
            Proof(
                at, f"材-2020-{at:06}", "document", f"扫描材料{at}", "", None, "", "", "", "", "", at, path.name, sha256,
                path.stat().st_size, "application/pdf", "read", "", 50, None, "", "", "", "1月",
            )
        )  # fmt: skip
    held = Held(
        1, "Ⅲ-1", "1.1.1", 0, "领导小组月度调度", "每月一次", "1.1", "1", "组织领导", "内容", "测评标准", 1, "1", "办公室", "", "", "办理中", "", "", "",
        tuple(proofs),
    )  # fmt: skip
    year = Year(campaign=Campaign(unit=Unit(name="某局"), name="创建全国文明单位"), year=2020)
    found = Wanted(year, Form.VOLUME, Scope.ALL, "", 2, "全部事项", year, [held])
    work = folder / "work"
    shutil.rmtree(work, ignore_errors=True)
    try:
        make_volume(Desk(work, Form.VOLUME, lambda stage, done: None), found, date(2020, 6, 10))
    finally:
        press().close()


def _kept(path: Path) -> str:
    """Its name in the store; put there at the first round."""
    known = path.with_suffix(".sha256")
    if not known.exists():
        with open(path, "rb") as handle:
            known.write_text(store().put(iter(lambda: handle.read(2**20), b""), limit=2**40).sha256)
    return known.read_text()
