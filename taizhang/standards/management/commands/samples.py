"""Lay in the three sample standards; run again it does nothing."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from taizhang.org.queries import system_user
from taizhang.standards import actions
from taizhang.standards.models import OwnerKind, Standard
from taizhang.standards.sheets.read import read

FOLDER = Path(__file__).resolve().parents[2] / "samples"
SAMPLES = (
    ("civilised-unit.xlsx", "全国文明单位测评标准（示例）", OwnerKind.CREATION),
    ("party-building.xlsx", "机关党建考评标准（示例）", OwnerKind.PARTY),
    ("workers-home.xlsx", "职工之家创建标准（示例）", OwnerKind.UNION),
)


class Command(BaseCommand):
    help = "Lay in the sample standards"

    def handle(self, *args: Any, **options: Any) -> None:
        system = system_user()
        for filename, name, kind in SAMPLES:
            if Standard.objects.filter(agency=None, name=name).exists():
                continue
            reading = read((FOLDER / filename).read_bytes(), filename)
            actions.lay_in_sample(
                system,
                by=system,
                reading=reading,
                name=name,
                label="示例",
                owner_kind=kind,
                source_name=filename,
            )
