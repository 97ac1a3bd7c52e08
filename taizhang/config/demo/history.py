"""The year so far: evidence is deposited by the liaisons, and what fell due before today has mostly been done.

Evidence goes through its own action, one by one. The hundreds of submissions are written in bulk by one action
of the demo: the journal then says 放入演示数据 instead of telling thousands of acts that nobody did.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from taizhang.campaigns.models import Year
from taizhang.campaigns.queries import calendar
from taizhang.evidence import actions as library
from taizhang.evidence.models import Evidence
from taizhang.kit import clock
from taizhang.kit.files import store
from taizhang.ledger.models import Citation, Item, Signature, Slot, Statement, Submission
from taizhang.ledger.queries.facts import asked_of, chains_of, matter_of
from taizhang.ledger.rules.needs_met import Asked
from taizhang.ledger.rules.signing import Chains, signers
from taizhang.ledger.rules.states import TO_HAND_IN, Conformity, SlotStatus, Status, Verdict, step_after
from taizhang.org.action import action, next_number
from taizhang.org.models import Unit
from taizhang.org.permits import Permit
from taizhang.org.queries import holders
from taizhang.org.rules.holders import Holders

from . import files
from .setting import Stage

OPINIONS = (
    "材料齐全，同意上报。",
    "情况属实，同意。",
    "已核对原件。",
    "符合要求。",
    "同意。",
    "记录与照片相互印证。",
)
PLACES = (
    "三楼会议室",
    "一楼多功能厅",
    "机关党员活动室",
    "东湖社区",
    "政务服务大厅",
    "二楼第一会议室",
    "机关食堂",
)
THEMES = (
    "创建工作调度",
    "主题党日",
    "志愿服务进社区",
    "理论学习",
    "道德讲堂",
    "文明餐桌",
    "安全检查",
    "廉政教育",
)
TITLES = ("情况报告", "会议记录", "活动方案", "工作总结", "签到表", "活动登记", "学习记录", "检查记录")
CONCLUSIONS = (
    "按要求完成，材料齐全。",
    "已按期开展，参加人员见签到表。",
    "本期任务完成，效果良好。",
    "已落实到位，佐证材料附后。",
)


@dataclass
class Shelf:
    """What one unit's liaison has put into the library, by what it can serve for."""

    pictures: list[Evidence] = field(default_factory=list)
    papers: list[Evidence] = field(default_factory=list)  # with document numbers
    others: list[Evidence] = field(default_factory=list)

    def pick(self, need: Asked, before: date, rng: Random) -> list[Evidence]:
        """As many as the need asks for, of the right kind."""
        pool = self.pictures if need.kind == "picture" else self.papers if need.doc_no else self.others
        days = [
            (abs((before - one.happened_on).days) if one.happened_on else 999, one.pk, one) for one in pool
        ]
        near = [one for _, _, one in sorted(days)[: max(4, need.least + 2)]]  # of about that time
        return rng.sample(near, min(need.least, len(near)))


def deposit_all(stage: Stage, rng: Random) -> dict[int, Shelf]:
    """Some 600 pieces: for each unit pictures, formal documents with numbers, records and tables."""
    shelves: dict[int, Shelf] = defaultdict(Shelf)
    span = max(20, (stage.today - stage.opened_on).days - 2)
    for unit in Unit.objects.filter(pk__in=stage.liaisons).order_by("order", "id"):
        user = stage.liaisons[unit.pk]
        big = unit.kind in ("department", "party_body")
        shelf = shelves[unit.pk]
        for at in range(14 if big else 7):
            day = stage.opened_on + timedelta(days=at * span // (14 if big else 7) + rng.randint(0, 3))
            shelf.pictures.append(put(
                unit, user, day, files.picture(rng), f"IMG_{rng.randint(1000, 9999)}.jpg", kind="picture",
                title=f"{rng.choice(THEMES)}现场{at + 1}", place=rng.choice(PLACES), people="处室全体人员", theme=rng.choice(THEMES),
            ))  # fmt: skip
        for at in range(4 if big else 2):
            day = stage.opened_on + timedelta(days=at * span // 5)
            number = f"云政服{str(unit)[:1]}〔{day.year}〕{rng.randint(1, 60)}号"
            title = f"关于{rng.choice(THEMES)}的{rng.choice(('通知', '实施方案', '通报'))}"
            made = files.document(
                title,
                number,
                "云泽市政务服务管理局",
                ["各处室：", "现将有关事项通知如下。", "请认真抓好落实。"],
                f"{day:%Y年%m月%d日}",
            )
            shelf.papers.append(
                put(
                    unit,
                    user,
                    day,
                    made,
                    f"{title}.docx",
                    kind="document",
                    title=title,
                    doc_no=number,
                    issuer="云泽市政务服务管理局",
                )
            )
        for at in range(14 if big else 8):
            day = stage.opened_on + timedelta(days=at * span // (14 if big else 8))
            title = f"{day.month}月{rng.choice(THEMES)}{rng.choice(TITLES)}"
            if at % 4 == 3:
                made, name, kind = (
                    files.table(title, [["事项", "数量"], ["参加人数", str(rng.randint(8, 60))]]),
                    f"{title}.xlsx",
                    "table",
                )
            else:
                text = f"{title}\n\n时间：{day}\n地点：{rng.choice(PLACES)}\n内容：按计划开展，情况如下。\n{unit}\n"
                made, name, kind = text.encode(), f"{title}.txt", "report" if at % 4 == 2 else "other"
            shelf.others.append(
                put(unit, user, day, made, name, kind=kind, title=title, place=rng.choice(PLACES))
            )
    return shelves


def put(unit: Unit, user: Any, day: date, data: bytes, name: str, **caption: Any) -> Evidence:
    """Bytes into the store and a piece into the library, on the afternoon of DAY, of which it is unless said otherwise."""
    stored = store().put([data], limit=10 * 2**20)
    caption = {"happened_on": day, **caption}
    with clock.on(day, time(15, 20)):
        made: Evidence = library.deposit(
            unit, by=user, stored=stored, original_name=name, again=True, **caption
        )
    return made


@action("config.fill_demo", "放入演示数据", (Permit.LEDGER_MANAGE, "campaign.unit"))
def fill_demo(
    year: Year,
    *,
    by: Any,
    stage: Stage,
    shelves: dict[int, Shelf],
    rng: Random,
    keep_open: Callable[[Slot], bool],
    smooth: frozenset[int],
) -> Year:
    """Write what people did from the opening until today; KEEP_OPEN says which slots are left for real acts.

    Nothing goes wrong with the items of SMOOTH (ids): what a case shows shall stand alone.
    """
    story = Story(
        stage, shelves, rng, holders(stage.agency, stage.today), chains_of(year.campaign_id), smooth
    )
    items = list(
        Item.objects.filter(year=year, status__in=[Status.ASSIGNED, Status.DOING])
        .select_related("lead", "year", "track")
        .order_by("order")
    )
    asked = asked_of([item.pk for item in items])
    slots: dict[int, list[Slot]] = defaultdict(list)
    for slot in Slot.objects.filter(item__in=items).select_related("performer").order_by("starts_on", "nth"):
        slots[slot.item_id].append(slot)
    not_yet = set(
        rng.sample([item.pk for item in items if item.cadence == "year"], 9)
    )  # nobody has received these
    for item in items:
        story.tell(item, slots[item.pk], asked.get(item.pk, []), item.pk in not_yet, keep_open)
    story.write()
    return year


@dataclass
class Story:
    """Everything that is written at the end, in the order that foreign keys want."""

    stage: Stage
    shelves: dict[int, Shelf]
    rng: Random
    people: Holders
    chains: Chains
    smooth: frozenset[int]
    submissions: list[Submission] = field(default_factory=list)
    signatures: list[Signature] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    uses: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    cited: dict[int, list[Citation]] = field(default_factory=lambda: defaultdict(list))  # by slot
    workdays: dict[date, date] = field(default_factory=dict)

    def tell(
        self,
        item: Item,
        slots: list[Slot],
        asked: list[Asked],
        not_yet: bool,
        keep_open: Callable[[Slot], bool],
    ) -> None:
        if not_yet:
            return
        received = self.stage.opened_on + timedelta(days=self.rng.randint(0, 6))
        item.change(received_at=moment(received))
        careless = self.rng.random() < 0.12
        for slot in slots:
            if slot.status == SlotStatus.OPEN and not keep_open(slot):
                self._slot(item, slot, asked, careless)
        states = [slot.status for slot in slots]
        step = step_after(states) if slots else "work"
        if step == "settle":
            self._state(item, slots, asked)
            self._finish(item, slots)
        else:
            target = {"work": Status.DOING, "hand_in": Status.REVIEW, "send_back": Status.RETURNED}[step]
            idle = target == Status.DOING and not any(state != SlotStatus.OPEN for state in states)
            item.change(status=Status.RECEIVED if idle and self.rng.random() < 0.5 else target)
        left = [slot.due_on for slot in slots if slot.status in TO_HAND_IN]
        if left:
            item.change(due_on=min(left))

    def _slot(self, item: Item, slot: Slot, asked: list[Asked], careless: bool) -> None:
        """One slot: done in time mostly, now and then late, waiting, returned, or forgotten."""
        today = self.stage.today
        early = self.rng.randint(0, 12)
        done_on = max(slot.opens_on, self.stage.opened_on, slot.due_on - timedelta(days=early))
        smooth = item.pk in self.smooth
        late = self.rng.random() < (0.2 if careless else 0.03) and not smooth
        if late:
            done_on = slot.due_on + timedelta(days=self.rng.randint(2, 9))
        done_on = max(self.stage.opened_on + timedelta(days=2), self._workday(done_on))
        # nobody hands in far ahead: what is due much later than today stays open, but for a few
        if done_on > today or (slot.due_on > today + timedelta(days=6) and self.rng.random() < 0.9):
            return
        if self.rng.random() < 0.008 and not smooth:
            return  # forgotten: it shows as late
        who = self.stage.liaisons.get(slot.performer_id) or self.stage.liaisons.get(item.lead_id or 0)
        if who is None:
            return
        person = who.person
        waits = (today - done_on).days <= 14 and self.rng.random() < 0.5
        judged = self._workday(done_on + timedelta(days=self.rng.randint(1, 4)))
        returned = not waits and self.rng.random() < 0.012 and not smooth
        stop = (self.chains.slot_stops.get(item.track_id) or (None,))[0]
        able = (
            sorted(signers(stop.who, matter_of(item, self.chains), self.people) - {person.pk}) if stop else []
        )
        slot.change(
            attempt=1, submitted_at=moment(done_on), late=done_on > slot.due_on,
            status=SlotStatus.SUBMITTED if waits and able else SlotStatus.RETURNED if returned and able else SlotStatus.ACCEPTED,
            step_id=stop.id if waits and able and stop else None, returns=int(returned and bool(able)),
            accepted_at=None if (waits or returned) and able else moment(min(judged, today)),
        )  # fmt: skip
        if slot.status == SlotStatus.RETURNED:
            slot.change(due_on=max(slot.due_on, calendar().add(today, self.rng.randint(1, 3))))
        self._hand_in(item, slot, asked, person, done_on)
        if waits and able:
            return
        verdict = (
            Verdict.RETURN if slot.status == SlotStatus.RETURNED else Verdict.ACCEPT if able else Verdict.SKIP
        )
        words = {
            Verdict.RETURN: "照片看不出单位名称，请换一张并补上地点。",
            Verdict.SKIP: "本环节只有提交人本人，按规定跳过",
        }
        self._sign(
            item,
            slot,
            stop.id if stop else None,
            verdict,
            able[0] if able else None,
            min(judged, today),
            words.get(verdict, ""),
        )

    def _hand_in(self, item: Item, slot: Slot, asked: list[Asked], person: Any, on: date) -> None:
        year = self.stage.year.year
        other = (
            item.person_id if item.person_id not in (None, person.pk) and self.rng.random() < 0.3 else None
        )
        self.submissions.append(Submission(
            slot=slot, attempt=1, number=f"报{year}-{next_number(self.stage.agency, 'submit', year):05}",
            conclusion=self.rng.choice(CONCLUSIONS), by=person, on_behalf_of_id=other, at=moment(on),
        ))  # fmt: skip
        shelf = self.shelves.get(slot.performer_id) or self.shelves.get(item.lead_id or 0) or Shelf()
        for need in asked:
            for order, one in enumerate(shelf.pick(need, on, self.rng)):
                self.cited[slot.pk].append(Citation(
                    slot=slot, need_id=need.id, evidence=one, version_pinned_id=one.current_id, order=order, by=person, at=moment(on),
                ))  # fmt: skip
                self.uses[one.pk] += 1

    def _finish(self, item: Item, slots: list[Slot]) -> None:
        """All slots are settled: struck off mostly, or waiting at a step per item."""
        last = max(
            [timezone.localdate(slot.accepted_at) for slot in slots if slot.accepted_at]
            or [self.stage.opened_on]
        )
        matter = matter_of(item, self.chains)
        barred = {one.by_id for one in self.submissions if one.slot.item_id == item.pk} - {None}
        signer = None
        for stop in self.chains.item_stops.get(item.track_id, ()):
            able = signers(stop.who, matter, self.people) - barred
            last = self._workday(last + timedelta(days=self.rng.randint(1, 6)))
            lingers = self.rng.random() < 0.07  # somebody has not come to it yet
            if last > self.stage.today or lingers or (not able and stop.last):
                item.change(status=Status.ACCEPTED if stop.last else Status.REVIEW, step_id=stop.id)
                return
            if not able:
                self._sign(item, None, stop.id, Verdict.SKIP, None, last, "本环节只有提交人本人，按规定跳过")
                signer = None
                continue
            again = signer in able
            signer = signer if again else sorted(able)[self.rng.randrange(len(able))]
            words = "与上一环节为同一人，一次签批" if again else ""
            paper = stop.last  # the leaders sign on paper
            self._sign(item, None, stop.id, Verdict.ACCEPT, signer, last, words, on_paper=paper)
        year = self.stage.year.year
        number = next_number(self.stage.agency, "close", year)
        item.change(status=Status.CLOSED, step=None, closed_at=moment(last), close_no=f"销{year}-{number:03}")

    def _state(self, item: Item, slots: list[Slot], asked: list[Asked]) -> None:
        """The conclusion of the 材料提交表, written by who hands in once all is there; a few forget it."""
        who = self.stage.liaisons.get(item.lead_id or 0)
        handed = [slot for slot in slots if slot.status == SlotStatus.ACCEPTED and slot.accepted_at]
        if who is None or not handed or item.order % 9 == 4:
            return
        there = [one for slot in handed for one in self.cited[slot.pk]]
        each = Counter((one.slot_id, one.need_id) for one in there)
        lacks = [need.name for need in asked if any(each[slot.pk, need.id] < need.least for slot in handed)]
        pieces = len({one.evidence_id for one in there})
        words = f"应报 {len(handed)} 期，已全部审核通过，提交材料 {pieces} 件，"
        words += (
            f"其中“{'”“'.join(lacks)}”不全，其余能证明工作已经开展。"
            if lacks
            else "要求的材料齐全，能证明此项工作已落实。"
        )
        self.statements.append(Statement(
            item=item, conformity=Conformity.MOSTLY if lacks else Conformity.MEETS, reason=words, by=who.person,
            at=max(slot.accepted_at for slot in handed if slot.accepted_at),
        ))  # fmt: skip

    def _sign(
        self,
        item: Item,
        slot: Slot | None,
        step: int | None,
        verdict: str,
        person: int | None,
        on: date,
        words: str,
        **more: Any,
    ) -> None:
        clerk = self.stage.users["YZ099"].person.pk
        self.signatures.append(Signature(
            item=item, slot=slot, step_id=step, attempt=1, verdict=verdict, person_id=person, signed_on=on, at=moment(on, 16),
            opinion=words or self.rng.choice(OPINIONS), entered_by_id=clerk if more.get("on_paper") else person, **more,
        ))  # fmt: skip

    def _workday(self, day: date) -> date:
        if day not in self.workdays:
            self.workdays[day] = calendar().first_on_or_after(day)
        return self.workdays[day]

    def write(self) -> None:
        Submission.make_many(self.submissions)
        Citation.make_many([one for cited in self.cited.values() for one in cited])
        Signature.make_many(self.signatures)
        Statement.make_many(self.statements)
        for pk, count in self.uses.items():
            one = Evidence.objects.get(pk=pk)
            one.change(uses=one.uses + count)


def moment(day: date, hour: int = 10) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, 12)))
