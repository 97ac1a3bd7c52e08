"""Nine cases that a visitor should see, each done for real by the people who would do it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from random import Random
from typing import Any

from taizhang.campaigns.queries import calendar
from taizhang.evidence.models import Evidence
from taizhang.kit import clock
from taizhang.kit.files import store
from taizhang.ledger import actions
from taizhang.ledger.models import Item, Slot
from taizhang.ledger.queries import at_step
from taizhang.ledger.queries.facts import asked_of
from taizhang.ledger.rules.needs_met import Asked
from taizhang.ledger.rules.states import TO_HAND_IN, Conformity
from taizhang.org.models import Person, Unit
from taizhang.org.rules.adjusting import said

from . import files
from .history import put
from .setting import AGENCY, Stage, user_of


@dataclass(frozen=True)
class Case:
    """A line of the page that lists the cases: what it shows, and where: the name of a page and a record's id."""

    text: str
    pk: int
    page: str = "item"


class Cases:
    """Chooses the slots that the history leaves open, and plays them afterwards."""

    def __init__(self, stage: Stage, rng: Random) -> None:
        self.stage, self.rng = stage, rng
        self.year, self.users = stage.year, stage.users
        self.office = Unit.objects.get(agency=stage.agency, name="办公室")
        items = Item.objects.filter(year=self.year).order_by("order")
        self.branches = items.filter(per="branch", cadence="month").first()
        mine = items.filter(lead=self.office, per="unit")
        monthly = list(mine.filter(cadence="month"))
        yearly = list(mine.filter(cadence="year", times=1))
        self.twice, self.near = monthly[0], monthly[1]
        self.late = monthly[2] if len(monthly) > 2 else monthly[0]
        self.paper, self.again = yearly[0], yearly[1]
        rest = items.filter(per="unit", cadence="year", times=1).exclude(
            pk__in=[self.paper.pk, self.again.pk]
        )
        others = list(rest.exclude(lead=self.office).exclude(lead=None))
        self.waived, self.moved = others[3], others[7]
        self.halted = others[11]
        chosen = [self.branches, self.twice, self.near, self.late]
        self.smooth = frozenset(one.pk for one in chosen if one)
        self._latest: dict[int, date] = {}

    def keeps_open(self, slot: Slot) -> bool:
        """Whether the history leaves SLOT to a case."""
        if self.branches and slot.item_id == self.branches.pk:
            return self._last(slot) and slot.performer.name in ("第七党支部", "第九党支部")
        if slot.item_id in (self.twice.pk, self.late.pk, self.near.pk):
            return self._last(slot) or slot.due_on > self.stage.today
        return slot.item_id in (self.paper.pk, self.again.pk, self.waived.pk, self.moved.pk, self.halted.pk)

    def _last(self, slot: Slot) -> bool:
        """Whether SLOT is of the last period that fell due before today."""
        if slot.item_id not in self._latest:
            past = Slot.objects.filter(item=slot.item_id, due_on__lt=self.stage.today, before_system=False)
            found = past.order_by("-due_on").values_list("due_on", flat=True).first()
            self._latest[slot.item_id] = found or self.stage.today
        return slot.due_on == self._latest[slot.item_id]

    def play(self) -> list[Case]:
        """Do them all; returns the lines of the page."""
        shown: list[tuple[str, Callable[[], Item]]] = [
            ("每月一次、十个党支部都要报的事项：上一期还缺两个支部", self._branches),
            ("退回过两次的期次", self._returned_twice),
            ("不适用的事项（写明原因）", self._waived),
            ("换过牵头处室的事项", self._moved),
            ("分管领导纸质签批、创建办登记后销号的事项", self._signed_on_paper),
            ("销号后重新挂号的事项", self._reopened),
            ("由领导批示立项的事项", self._instructed),
            ("快到期限的事项（黄灯）", self._near),
            ("已经逾期的事项（红灯）", self._late),
        ]
        lines = [Case(text, act().pk) for text, act in shown]
        self._also()
        return lines

    def _also(self) -> None:
        """One item that is stopped and one that nobody has been given yet, so that every state is there to be seen."""
        clerk = self.users["YZ099"]
        with clock.on(self._day(20), time(9, 15)):
            self.halted.refresh_from_db()
            actions.suspend(self.halted, by=clerk, reason="主管部门正在修订办法，待新办法印发后再办")
        with clock.on(self._day(1), time(16, 40)):
            actions.raise_item(
                self.year, by=clerk, title="开展窗口作风问题自查", source_kind="decision",
                source_text="领导小组月度调度会议定事项", requirement="各窗口单位自查自纠，报送自查报告",
                lead=self.office, due_on=calendar().add(self.stage.today, 12),
                needs=[{"name": "自查报告", "kind": "report", "least": 1}],
            )  # fmt: skip

    def _branches(self) -> Item:
        assert self.branches is not None
        return self.branches

    def _cite(self, slot: Slot, by: Any, skip: int = 0) -> None:
        """Deposit what the slot's needs ask for, under their own names, and point to it."""
        for need in asked_of([slot.item_id]).get(slot.item_id, [])[skip:]:
            row = slot.item.needs.get(pk=need.id)
            for at in range(slot.citations.filter(need=row).count(), need.least):
                actions.cite(slot, by=by, evidence=self._piece(slot, need, at + 1, by), need=row)

    def _piece(self, slot: Slot, need: Asked, at: int, by: Any) -> Evidence:
        """One piece of the kind that NEED asks for, put in the day before."""
        unit, day = slot.performer, clock.today() - timedelta(days=1)
        title = f"{need.name}（{at}）" if need.least > 1 else need.name
        if need.kind == "picture":
            return put(
                unit, by, day, files.picture(self.rng), f"IMG_{day:%m%d}{at:02}.jpg", kind="picture", title=title,
                place="政务服务大厅", people="处室全体人员", theme=slot.item.title,
            )  # fmt: skip
        if need.kind == "table":
            made = files.table(title, [["项目", "数量"], [slot.item.title, str(self.rng.randint(8, 60))]])
            return put(unit, by, day, made, f"{title}.xlsx", kind="table", title=title)
        number = (
            f"云政服办〔{day.year}〕{slot.item_id % 90 + 1}号"
            if need.doc_no or need.kind == "document"
            else ""
        )
        made = files.document(
            title, number, AGENCY, [f"{slot.item.title}。", slot.item.requirement], f"{day:%Y年%m月%d日}"
        )
        kind = need.kind if need.kind in ("document", "report") else "other"
        more = {"doc_no": number, "issuer": AGENCY} if number else {}
        return put(unit, by, day, made, f"{title}.docx", kind=kind, title=title, **more)

    def _prove(self, slot: Slot, by: Any) -> None:
        """A printed report among the material, in which the sentences that prove the matter are marked."""
        unit, day, title = slot.performer, clock.today() - timedelta(days=1), slot.item.title
        words = [
            f"按照创建工作安排，{unit}牵头落实“{title}”，现将情况报告如下。",
            f"一是责任到人。领导小组办公室按月调度，{unit}明确专人负责，年内召开专题会 3 次。",
            "二是任务落实。对照测评标准逐条核对，各项任务已全部完成，相关文件和记录齐全。",
            "三是接受监督。完成情况在机关公示栏公示 5 个工作日，没有收到不同意见。",
        ]
        name = f"{title}工作情况报告"
        made, ending = files.paper(name, "", AGENCY, words, said(day))
        piece = put(unit, by, day, made, f"{name}.{ending}", kind="report", title=name, theme=title)
        citation = actions.cite(slot, by=by, evidence=piece, need=None, propose=False)
        if ending == "pdf":
            assert piece.current is not None
            there = files.sentences_of(store().path(piece.current.blob.sha256))
            proving = [one for one in there if "全部完成" in one.text or "公示" in one.text]
            actions.mark_passages(citation, by=by, page=1, chosen=proving)

    def _slot(self, item: Item) -> Slot:
        """The open slot that fell due last, or the first there is."""
        rows = Slot.objects.filter(item=item, status__in=TO_HAND_IN, before_system=False)
        rows = rows.select_related(
            "item__unit", "item__lead", "item__year__campaign", "item__track", "performer"
        )
        found = (
            rows.filter(due_on__lt=self.stage.today).order_by("-due_on").first()
            or rows.order_by("due_on").first()
        )
        assert found is not None
        return found

    def _day(self, back: int) -> date:
        return calendar().add(self.stage.today, -back)

    def _returned_twice(self) -> Item:
        filler, head = self.users["YZ020"], self.users["YZ007"]
        slot = self._slot(self.twice)
        for at, opinion in (
            (12, "现场照片只有远景，看不出单位名称，请补近景。"),
            (8, "会议记录缺主持人签字页，请补扫描件。"),
        ):
            with clock.on(self._day(at), time(9, 40)):
                self._cite(slot, filler)
                actions.submit(slot, by=filler, conclusion="本月调度会已召开，材料附后。")
            with clock.on(self._day(at - 2), time(11, 5)):
                actions.send_back(slot, by=head, opinion=opinion)
        return self.twice

    def _waived(self) -> Item:
        with clock.on(self.stage.opened_on + timedelta(days=9)):
            actions.waive(
                self.waived, by=self.users["YZ099"], reason="本机关无此项职能，已书面说明并经领导小组同意"
            )
        return self.waived

    def _moved(self) -> Item:
        to = Unit.objects.get(agency=self.stage.agency, name="研究室")
        with clock.on(self.stage.opened_on + timedelta(days=16), time(15, 30)):
            actions.assign(self.moved, by=self.users["YZ099"], lead=to)
        with clock.on(self.stage.opened_on + timedelta(days=17), time(8, 50)):
            actions.remark(self.moved, by=self.users["YZ099"], text=f"经领导小组办公室协调，改由{to}牵头。")
        return self.moved

    def _through(self, item: Item, back: int, *, last_on_paper: bool) -> None:
        """The whole way of what happens once, ending BACK working days ago."""
        item.refresh_from_db()
        filler, head, clerk = (self.users[no] for no in ("YZ020", "YZ007", "YZ099"))
        with clock.on(self._day(back + 9), time(9, 10)):
            slot = self._slot(item)
            self._cite(slot, filler)
            self._prove(slot, filler)
            actions.submit(slot, by=filler, conclusion="已按要求完成，正式文件和活动材料附后。")
        with clock.on(self._day(back + 7), time(16, 20)):
            actions.accept(slot, by=head, opinion="材料齐全，同意上报。")
            item.refresh_from_db()
            actions.state_conformity(
                item, by=filler, conformity=Conformity.MEETS, reason="要求的材料齐全。工作报告写明任务全部完成，完成情况已公示，没有不同意见，证明段落已标出。",
            )  # fmt: skip
        for days, at, opinion in (
            (5, time(9, 6), "材料与要求逐条核对，均符合。"),
            (3, time(10, 41), "符合要求，建议销号。"),
        ):
            item.refresh_from_db()
            here = at_step(item)
            if here is not None and not here.step.last:
                ids = [pk for pk, _ in here.people]
                signer = clerk if clerk.person.pk in ids else user_of(ids[0])
                with clock.on(self._day(back + days), at):
                    actions.sign(item, by=signer, opinion=opinion)
        item.refresh_from_db()
        assert item.leader_id is not None
        leader = Person.objects.get(pk=item.leader_id)
        with clock.on(self._day(back), time(15, 30)):
            actions.paper(
                self.year, by=clerk, items=[item.pk], signer=leader, signed_on=self._day(back + 1),
                opinion="同意销号。" if last_on_paper else "同意。",
            )  # fmt: skip
        item.refresh_from_db()

    def _signed_on_paper(self) -> Item:
        self._through(self.paper, 6, last_on_paper=True)
        return self.paper

    def _reopened(self) -> Item:
        self._through(self.again, 15, last_on_paper=False)
        slots = list(Slot.objects.filter(item=self.again).select_related("item__unit", "performer"))
        with clock.on(self._day(3), time(14, 12)):
            actions.reopen(
                self.again,
                by=self.users["YZ099"],
                opinion="市文明办抽查指出材料年份不对，须补本年材料",
                slots=slots,
            )
        return self.again

    def _instructed(self) -> Item:
        clerk, filler = self.users["YZ099"], self.users["YZ020"]
        with clock.on(self._day(14), time(17, 5)):
            item: Item = actions.raise_item(
                self.year, by=clerk, title="整治大厅等候区文明引导不到位问题", source_kind="instruction",
                source_text="局长在群众来信上的批示", requirement="增设引导员，规范等候秩序，报送整改前后对比照片",
                lead=self.office, due_on=calendar().add(self.stage.today, 6),
                needs=[{"name": "整改前后对比照片", "kind": "picture", "least": 2}, {"name": "整改情况报告", "kind": "report", "least": 1}],
            )  # fmt: skip
            actions.assign(item, by=clerk)
        with clock.on(self._day(13), time(8, 45)):
            actions.receive(item, by=filler)
        with clock.on(self._day(5), time(16, 0)):
            self._cite(self._slot(item), filler, skip=1)
        return item

    def _near(self) -> Item:
        slot = self._slot(self.near)
        with clock.on(self._day(4)):
            actions.set_slot_due(slot, by=self.users["YZ099"], due_on=calendar().add(self.stage.today, 2))
        return self.near

    def _late(self) -> Item:
        slot = self._slot(self.late)
        if slot.due_on >= self.stage.today:
            with clock.on(self._day(9)):
                actions.set_slot_due(slot, by=self.users["YZ099"], due_on=self._day(4))
        return self.late
