"""What is made of the material: conclusions of 材料提交表, windows, volumes to be bound, what is filed in the archive."""

from datetime import time

from django.db.models import Count, Q

from taizhang.evidence import actions as library
from taizhang.evidence.actions.archive_seal import CHECK, SEAL
from taizhang.evidence.jobs import read
from taizhang.evidence.models import Kind, Volume
from taizhang.evidence.sheets import archive_run
from taizhang.kit import clock
from taizhang.ledger import actions as ledger
from taizhang.ledger.models import Item
from taizhang.ledger.queries.openings import periods_of
from taizhang.ledger.rules.openings import Span
from taizhang.ledger.rules.states import Conformity, Status
from taizhang.reports import actions as reports
from taizhang.reports.models import Binding, Form, Scope
from taizhang.reports.queries import wanted

from .cases import Case, Cases
from .setting import Stage
from .shelf import Library

#: how a running item with material stands, told in turn: conclusion and why
SAID = (
    (Conformity.MOSTLY, "已到期的各期材料齐全，年内还有期次没有到，年底收齐后再改结论。"),
    (Conformity.MOSTLY, "活动按计划开展，照片缺地点说明，正在补。"),
    (Conformity.MOSTLY, "方案和通知齐全，活动记录比规定少一次，已安排在下月补。"),
)  # fmt: skip
NOTHING = (Conformity.FAILS, "还没有提交材料，不能证明已经开展，已请牵头处室限期补办。")
MOST_NOTHING = 2
MOST_STATED = 13


class Handed:
    """Lays it all after the cases and the library."""

    def __init__(self, stage: Stage, cases: Cases, shelf: Library) -> None:
        self.stage, self.cases, self.shelf = stage, cases, shelf
        self.clerk = stage.users["YZ099"]

    def lay(self) -> list[Case]:
        """Returns the lines of the page."""
        self._state()
        self._windows()
        bound = self._bind()
        volume = self._file()
        year = self.stage.year.pk
        return [
            Case("证明段落已标出、结论已写的材料提交表", self.cases.paper.pk, "statement"),
            Case("各事项的结论：符合、基本符合、不符合，还有几项没有写", year, "statements"),
            Case("报送窗口：每季、每半年从哪天收到哪天", year, "year_openings"),
            Case("装订好的材料册：封面、目录、提交表、材料，连续编页", bound.pk, "binding"),
            Case("上年度的归档册：已编档号，等四性检测", volume.pk, "volume"),
        ]

    def _state(self) -> None:
        """Running items whose department has written how they stand so far."""
        running = Item.objects.filter(
            year=self.stage.year, status__in=[Status.DOING, Status.REVIEW], lead__in=self.stage.liaisons, track__isnull=False
        ).exclude(lead__name="办公室")  # fmt: skip
        rows = list(
            running.filter(statement__isnull=True).select_related("unit", "lead", "year")
            .annotate(pieces=Count("slots__citations")).order_by("order")
        )  # fmt: skip
        begun = [item for item in rows if item.pieces][: MOST_STATED * 2 : 2]
        bare = [item for item in rows if not item.pieces][:MOST_NOTHING]
        told = [(item, SAID[at % len(SAID)]) for at, item in enumerate(begun)]
        with clock.on(self.stage.back(3), time(16, 10)):
            for item, (conformity, reason) in told + [(item, NOTHING) for item in bare]:
                assert item.lead_id is not None
                by = self.stage.liaisons[item.lead_id]
                ledger.state_conformity(item, by=by, conformity=conformity, reason=reason)
            self.cases.again.refresh_from_db()
            ledger.state_conformity(
                self.cases.again, by=self.clerk, conformity=Conformity.MOSTLY, reason="抽查指出材料年份不对，正在补本年材料，补齐后再改结论。",
            )  # fmt: skip

    def _windows(self) -> None:
        """Set when the year began: quarters are taken in late and marked, half-years are not taken in any more."""
        with clock.on(self.stage.opened_on, time(15, 30)):
            spans = {
                one.key: Span(
                    one.opens_on, one.due_on, one.cadence != "half_year" or one.ends_on < self.stage.today
                )
                for one in periods_of(self.stage.year)
                if one.cadence in ("quarter", "half_year")
            }
            ledger.set_openings(self.stage.year, by=self.clerk, spans=spans)

    def _bind(self) -> Binding:
        """A volume, the same as a folder, and an album: asked for yesterday; the background makes them first."""
        asked = [(self.cases.paper, Form.FOLDER), (self.cases.paper, Form.VOLUME)]
        if (shown := self._shown()) is not None:
            asked.insert(0, (shown, Form.ALBUM))
        day = self.stage.back(1)
        with clock.on(day, time(16, 35)):
            for item, form in asked:
                found = wanted(
                    self.clerk, self.stage.year, day, form=form, scope=Scope.ITEM, chosen=str(item.pk)
                )
                made: Binding = reports.bind_item(found.subject, by=self.clerk, found=found)
        return made

    def _shown(self) -> Item | None:
        """An item with some photographs, for the album."""
        pictures = Count("slots__citations", Q(slots__citations__evidence__kind=Kind.PICTURE))
        found = (
            Item.objects.filter(year=self.stage.year)
            .annotate(shown=pictures)
            .filter(shown__gte=4, shown__lte=12)
        )
        return found.order_by("-shown", "order").first()

    def _file(self) -> Volume:
        """The year before, numbered and waiting for its checks; the one before that, checked and sealed."""
        agency, first = self.stage.agency, self.stage.year.year - 2
        with clock.on(self.stage.back(9), time(14, 20)):
            sealed = library.open_volume(agency, by=self.clerk, year=first, pieces=self.shelf.earlier)
            library.number_pieces(sealed, by=self.clerk)
            # without a Chinese font it is not sealed, and its page says why
            archive_run.carry_out(sealed.pk, CHECK, 0, read.func)
            archive_run.carry_out(sealed.pk, SEAL, self.clerk.person.pk, read.func)
        with clock.on(self.stage.back(7), time(9, 30)):
            volume: Volume = library.open_volume(
                agency, by=self.clerk, year=first + 1, pieces=self.shelf.former
            )
        with clock.on(self.stage.back(6), time(10, 15)):
            library.number_pieces(volume, by=self.clerk)
        return volume
