"""A library to file: one piece of each shape, and a fonds number."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from taizhang.evidence import actions
from taizhang.evidence.models import Evidence, Filed, Reading, ReadingState, Volume
from taizhang.evidence.sheets import archive_run

from ..people import City
from ..reports.samples import pdf, picture
from .samples import deposit, put

CODES = {"办公室": "BGS", "法规处": "FGC", "创建办": "CJB"}


@dataclass
class Archive:
    people: City

    @property
    def clerk(self) -> Any:
        return self.people.users["石玲佳"]

    @property
    def agency(self) -> Any:
        return self.people.units["甲局"]

    def fonds(self) -> None:
        actions.set_fonds(
            self.agency, by=self.clerk, code="z109", archive="东县档案馆",
            codes={self.people.units[name].pk: code for name, code in CODES.items()},
        )  # fmt: skip

    def piece(
        self,
        name: str = "关于表彰先进的决定.pdf",
        data: bytes = b"",
        unit: str = "办公室",
        read: bool = True,
        **more: Any,
    ) -> Evidence:
        """Deposited, and read without a child: the reader has tests of its own."""
        data = data or pdf(2, words=f"{name.encode().hex()[:20]}")
        made = deposit(self.clerk, self.people.units[unit], name, data, **more)
        if read and made.current:
            Reading.objects.filter(blob=made.current.blob_id).update(
                state=ReadingState.READ, reader=99, pages=2 if name.endswith("pdf") else 0
            )
        return made

    def link(self, **more: Any) -> Evidence:
        made: Evidence = actions.deposit_link(
            self.people.units["法规处"], by=self.clerk, url="https://example.cn/news/1.html", title="网上报道", happened_on=date(2020, 5, 1), **more
        )  # fmt: skip
        return made

    def three(self) -> list[Evidence]:
        """A document, a photograph, a plan of another department."""
        return [
            self.piece(),
            self.piece("植树活动.jpg", picture(), kind="picture"),
            self.piece("2020年创建工作方案.pdf", unit="法规处", happened_on=date(2020, 3, 2)),
        ]

    def volume(self, pieces: list[Evidence] | None = None, year: int = 2020) -> Volume:
        found = self.three() if pieces is None else pieces
        made: Volume = actions.open_volume(
            self.agency, by=self.clerk, year=year, pieces=[one.pk for one in found]
        )
        return made

    def checked(self, volume: Volume) -> Volume:
        """Numbered and looked at, as the job does."""
        actions.number_pieces(volume, by=self.clerk)
        return archive_run.check(archive_run.find(volume.pk), lambda version: None, lambda *told: None)

    def sealed(self, volume: Volume | None = None) -> Volume:
        draft = self.checked(volume or self.volume())
        person = self.clerk.person
        return archive_run.seal(draft, person, lambda version: None, lambda *told: None)


def rows(volume: Volume) -> list[Filed]:
    return list(
        Filed.objects.filter(volume=volume).order_by("order").select_related("evidence", "file__blob")
    )


__all__ = ["CODES", "Archive", "put", "rows"]
