"""A year's ledger of the real size, made in a few seconds: 259 items, some 2,500 slots, 160 people, 600 evidence.

Fixtures stand outside the door, so rows are written in bulk. The same seed gives the same ledger each time.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from hashlib import sha256
from random import Random
from typing import Any

from django.utils import timezone

from taizhang.campaigns.models import Campaign, Stage, Step, Track, Window, Year
from taizhang.evidence.models import Blob, Evidence, Version
from taizhang.ledger.models import Citation, Item, ItemUnit, Need, Signature, Slot, Submission
from taizhang.ledger.rules.states import SlotStatus, Status, Verdict
from taizhang.org.models import Membership, Person, Post, Unit
from taizhang.org.models.units import UnitKind
from taizhang.org.permits import Role
from taizhang.standards.models import Edition, Indicator, Standard, Strand

from ..people import SINCE, City

TODAY = date(2020, 6, 10)
STARTED = date(2020, 2, 15)

AREAS = ["组织领导与创建机制", "思想政治与理论武装", "机关党建与党风廉政", "核心价值观与道德建设",
         "志愿服务与文明实践", "文明风尚与机关文化", "履职效能与依法行政", "环境管理与平安和谐"]  # fmt: skip
DEPARTMENTS = ["督查室", "研究室", "人事处", "离退休干部处", "财务处", "信访接待处", "宣传处", "信息中心", "机关纪委",
               "机关服务中心", "代表联络处", "财经工作室", "城环工作室", "教科文卫工作室"]  # fmt: skip
BRANCHES = [
    "第三党支部",
    "第四党支部",
    "第五党支部",
    "第六党支部",
    "第七党支部",
    "第八党支部",
    "第九党支部",
    "第十党支部",
]
TITLES = ["党组专题研究创建工作", "领导小组月度调度", "月规划工作清单", "任务台账建立", "工作专班周碰头会", "创建纪实成果",
          "分管领导包抓责任区", "党建与创建一体推进", "主题党日活动", "道德讲堂", "志愿服务项目化", "文明餐桌行动", "机关开放日",
          "安全隐患排查", "非机动车充电管理", "投诉处理", "集中培训班次", "重点发言覆盖", "廉政家访与家属助廉", "工间操与健步活动"]  # fmt: skip
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "佳斌波欣洋志燕云松菲倩辉彦霞翔平"
#: cadence, per, how many of 259
SHAPES = [("month", "branch", 12), ("quarter", "branch", 3), ("month", "unit", 40), ("week", "unit", 2),
          ("quarter", "unit", 30), ("half_year", "unit", 20), ("event", "unit", 8), ("cycle", "unit", 14),
          ("year", "unit", 130)]  # fmt: skip
DEPARTMENT_SHARE = 1 / 40  # of the items, nobody leads yet


@dataclass
class Ledger:
    """What was made, by name; `items` in the order of the list."""

    campaign: Campaign
    track: Track
    year: Year
    agency: Unit
    items: list[Item] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    departments: list[Unit] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)


def at(day: date, hour: int = 10) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def enlarge(c: City, agency: str, people: int) -> list[Person]:
    """The agency of the small city grown to some 18 departments, 10 branches and PEOPLE people."""
    host = c.units[agency]
    at_ = "" if agency == "甲局" else agency
    for name in DEPARTMENTS:
        c.unit(f"{at_}{name}", UnitKind.DEPARTMENT, host, answers_to=name)
    for name in BRANCHES:
        c.unit(f"{at_}{name}", UnitKind.BRANCH, c.units[f"{at_}机关党委"])
    homes = [
        unit for unit in c.units.values() if unit.agency_id == host.pk and unit.kind == UnitKind.DEPARTMENT
    ]
    leader = c.users[f"{at_}卢欣燕"].person
    Unit.objects.filter(pk__in=[unit.pk for unit in homes]).update(leader=leader)
    rows = [
        Person(agency=host, staff_no=f"S{n:03}", name=SURNAMES[n % 16] + GIVEN[n * 7 % 16] + GIVEN[n * 3 % 13],
               name_key=f"s{n}", order=1000 + n)
        for n in range(people)
    ]  # fmt: skip
    made = Person.objects.bulk_create(rows)
    Membership.objects.bulk_create(
        [
            Membership(person=one, unit=homes[n % len(homes)], main=True, starts_on=SINCE)
            for n, one in enumerate(made)
        ]
    )
    Post.objects.bulk_create(
        [
            Post(person=one, unit=homes[n % len(homes)], role=Role.FILLER, starts_on=SINCE)
            for n, one in enumerate(made)
        ]
    )
    return made


def periods(cadence: str, year: int) -> Iterable[tuple[str, date, date]]:
    """Label, first and last day of each period of YEAR."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    if cadence == "week":
        start = first
        for n in range(1, 53):
            yield f"第{n}周", start, min(last, start + timedelta(days=6))
            start += timedelta(days=7)
        return
    months = {"month": 1, "quarter": 3, "half_year": 6, "year": 12, "cycle": 12}.get(cadence)
    if not months:
        return
    names = {1: "{}月", 3: "{}季度", 6: "{}半年"}
    for n in range(12 // months):
        start = date(year, n * months + 1, 1)
        after = (n + 1) * months + 1
        end = date(year, after, 1) - timedelta(days=1) if after <= 12 else last
        number = "上下"[n] if months == 6 else "一二三四"[n] if months == 3 else n + 1
        yield names.get(months, "全年").format(number), start, end


def campaign_of(c: City, agency: str, year: int = 2020) -> tuple[Campaign, Track, Year]:
    """A campaign with one track, its four-step chain and the one year."""
    host = c.units[agency]
    at_ = "" if agency == "甲局" else agency
    campaign = Campaign(
        unit=host, name=f"{agency}创建文明单位", first_year=year - 2, last_year=year, started_on=STARTED
    )
    campaign.save()
    standard = Standard(agency=host, name=f"{agency}测评标准")
    standard.save()
    edition = Edition(standard=standard, label="第一版")
    edition.save()
    track = Track(campaign=campaign, standard=standard, edition=edition, owner=c.units[f"{at_}创建办"])
    track.save()
    chain = [("lead_head", "slot", "牵头处室负责人"), ("group_leader", "item", "活动组"), ("office", "item", "创建办"),
             ("leader", "item", "分管领导")]  # fmt: skip
    for order, (who, per, label) in enumerate(chain, 1):
        Step(track=track, order=order, who=who, per=per, label=label).save()
    of_year = Year(campaign=campaign, year=year, theme="冲刺年", starts_on=date(year, 1, 1), ends_on=date(year, 12, 31),
                   assessed_on=date(year, 10, 20), state="open", opened_on=STARTED)  # fmt: skip
    of_year.save()
    spans = [("总结动员", 1, 2), ("全面创建", 3, 7), ("自查整改", 8, 9), ("年度考评", 10, 12)]
    for order, (name, first, last) in enumerate(spans, 1):
        ends = date(year, 12, 31) if last == 12 else date(year, last + 1, 1) - timedelta(days=1)
        Stage(year=of_year, order=order, name=name, starts_on=date(year, first, 1), ends_on=ends).save()
    for cadence in ("week", "month", "quarter", "half_year"):
        Window(year=of_year, cadence=cadence, grace_days=5).save()
    return campaign, track, of_year


def shapes(count: int, dice: Random) -> list[tuple[str, str]]:
    """Cadence and performers of COUNT items: the kinds of a whole standard, shuffled alike every time."""
    all_ = [(cadence, per) for cadence, per, number in SHAPES for _ in range(number)]
    dice.shuffle(all_)
    # the kinds first, so that a small ledger has them all too
    kinds = [(cadence, per) for cadence, per, _ in SHAPES]
    return (kinds + all_)[:count]


def ledger(c: City, agency: str = "甲局", *, items: int = 259, people: int = 140, evidence: int = 600,
           title: str = "") -> Ledger:  # fmt: skip
    """Build it. TITLE, if given, stands in every text a page shows: a canary."""
    dice = Random(7)
    host = c.units[agency]
    staff = enlarge(c, agency, people)
    campaign, track, year = campaign_of(c, agency)
    made = Ledger(campaign, track, year, host, people=staff)
    mine = list(Unit.objects.filter(agency=host).order_by("order", "id"))
    made.departments = [unit for unit in mine if unit.kind in (UnitKind.DEPARTMENT, UnitKind.PARTY_BODY)]
    branches = [unit for unit in mine if unit.kind == UnitKind.BRANCH]
    of_unit: dict[int, list[Person]] = {}
    for person_id, unit_id in Membership.objects.filter(unit__agency=host, main=True).values_list(
        "person", "unit"
    ):
        of_unit.setdefault(unit_id, []).append(person_id)
    kinds = shapes(items, dice)
    strands = Strand.objects.bulk_create([Strand(standard=track.standard) for _ in kinds])
    leaves = Indicator.objects.bulk_create(
        [
            Indicator(edition=track.edition, strand=strand, level=3, order=n, code=f"{n % 8 + 1}.{n // 8 + 1}",
                      title=TITLES[n % 20], is_leaf=True, points=Decimal("0.40"), cadence=kinds[n][0], per=kinds[n][1])
            for n, strand in enumerate(strands)
        ]
    )  # fmt: skip
    rows = []
    for n, leaf in enumerate(leaves):
        area = n * 8 // len(leaves)
        nobody = dice.random() < DEPARTMENT_SHARE
        lead = None if nobody else made.departments[dice.randrange(len(made.departments))]
        held = of_unit.get(lead.pk) if lead else None
        rows.append(
            Item(
                unit=host, year=year, track=track, indicator=leaf, strand=leaf.strand, area_code=f"Ⅰ-{area + 1}",
                area=AREAS[area] + title, section=f"内容{n // 10}", no=f"Ⅲ-{n + 1}", code=leaf.code, order=n,
                title=f"{TITLES[n % 20]}{n // 20 or ''}{title}", requirement=f"每期至少一次，研究清单并明确责任。{title}",
                points=Decimal("0.30") + Decimal(n % 23) / 100, cadence=kinds[n][0], per=kinds[n][1],
                lead_text="办公室", lead=lead, leader=lead.leader if lead else None,
                person_id=held[n % len(held)] if held else None, source_text=f"测评标准{title}",
                priority=n % 31 == 0,
            )
        )  # fmt: skip
    made.items = Item.objects.bulk_create(rows)
    needs = _needs(made, title)
    ItemUnit.objects.bulk_create(
        [ItemUnit(item=item, unit=made.departments[0]) for n, item in enumerate(made.items)
         if n % 9 == 0 and item.lead_id != made.departments[0].pk]
    )  # fmt: skip
    _slots(made, branches, dice)
    _settle(made, dice)
    _proof(made, needs, evidence, dice)
    return made


def _needs(made: Ledger, title: str) -> dict[int, list[Need]]:
    rows = []
    for n, item in enumerate(made.items):
        for k, (name, kind) in enumerate(
            [("会议记录", "document"), ("现场照片", "picture"), ("情况通报", "report")][: n % 3 + 1]
        ):
            rows.append(
                Need(
                    item=item, order=k, name=f"{name}{title}", kind=kind, least=2 if kind == "picture" else 1
                )
            )
    found: dict[int, list[Need]] = {}
    for need in Need.objects.bulk_create(rows):
        found.setdefault(need.item_id, []).append(need)
    return found


def _slots(made: Ledger, branches: list[Unit], dice: Random) -> None:
    """One per period and performer. What is over is mostly accepted, some wait, some came back, some are late."""
    rows = []
    for item in made.items:
        performers = branches if item.per == "branch" else [item.lead or made.agency]
        late_here = dice.random() < 0.06
        closed_here = item.cadence in ("year", "cycle") and dice.random() < 0.45
        for label, starts_on, ends_on in periods(item.cadence, made.year.year):
            one_off = item.cadence in ("year", "cycle")
            due = (
                date(2020, 3, 6) + timedelta(days=7 * dice.randrange(31))
                if one_off
                else ends_on + timedelta(days=5)
            )
            if one_off and due < TODAY and not closed_here:
                due = TODAY + timedelta(days=1 + dice.randrange(100))
            for performer in performers:
                before = ends_on < STARTED
                slot = Slot(item=item, performer=performer, label=label, starts_on=starts_on, ends_on=ends_on,
                            opens_on=starts_on, due_on=due, before_system=before)  # fmt: skip
                _slot_state(slot, item, one_off and closed_here, late_here, dice)
                rows.append(slot)
    made.slots = Slot.objects.bulk_create(rows, batch_size=500)


def _slot_state(slot: Slot, item: Item, done: bool, late_here: bool, dice: Random) -> None:
    throw = dice.random()
    if item.lead_id is None:
        return
    if slot.before_system:
        state = SlotStatus.ACCEPTED if throw < 0.4 else SlotStatus.WAIVED if throw < 0.6 else SlotStatus.OPEN
    elif done:
        state = SlotStatus.ACCEPTED
    elif slot.due_on < TODAY:
        state = (
            SlotStatus.OPEN if late_here and throw < 0.3 else SlotStatus.SUBMITTED if throw < 0.02
            else SlotStatus.RETURNED if throw < 0.023 else SlotStatus.ACCEPTED
        )  # fmt: skip
    elif slot.starts_on <= TODAY and throw < 0.05:
        state = SlotStatus.SUBMITTED
    else:
        state = SlotStatus.OPEN
    slot.status = state
    if state in (SlotStatus.ACCEPTED, SlotStatus.SUBMITTED, SlotStatus.RETURNED):
        day = min(slot.due_on, TODAY - timedelta(days=1))
        slot.attempt, slot.submitted_at = 1, at(day)
        slot.late = throw > 0.97
        if state == SlotStatus.ACCEPTED:
            slot.accepted_at = at(day, 15)
    if state == SlotStatus.RETURNED:
        slot.returns = 1


def _settle(made: Ledger, dice: Random) -> None:
    """The state of each item from those of its slots, as the actions would have left it."""
    of_item: dict[int, list[Slot]] = {}
    for slot in made.slots:
        of_item.setdefault(slot.item_id, []).append(slot)
    first = made.track.steps.get(order=1)
    for slot in made.slots:
        slot.step = first if slot.status == SlotStatus.SUBMITTED else None
    Slot.objects.bulk_update([slot for slot in made.slots if slot.step], ["step"])
    second = made.track.steps.get(order=2)
    for n, item in enumerate(made.items):
        states = {slot.status for slot in of_item.get(item.pk, [])}
        if item.lead_id is None:
            item.status = Status.PENDING
        elif states == {SlotStatus.ACCEPTED}:
            item.status = [Status.CLOSED, Status.CLOSED, Status.CLOSED, Status.REVIEW, Status.ACCEPTED][n % 5]
        elif SlotStatus.RETURNED in states:
            item.status = Status.RETURNED
        elif SlotStatus.SUBMITTED in states:
            item.status = Status.REVIEW
        elif SlotStatus.ACCEPTED in states:
            item.status = Status.DOING
        else:
            item.status = [Status.RECEIVED, Status.ASSIGNED, Status.DOING, Status.DOING, Status.WAIVED][n % 5]
            if n % 37 == 0:
                item.status = Status.SUSPENDED
        if item.status == Status.WAIVED:
            item.reason = "本单位没有这项职能"
        if item.status == Status.CLOSED:
            day = max(slot.due_on for slot in of_item[item.pk])
            item.closed_at = at(min(day, TODAY - timedelta(days=dice.randrange(1, 40))))
            item.close_no = f"销〔2020〕{n + 1}号"
        item.step = second if item.status == Status.REVIEW and states == {SlotStatus.ACCEPTED} else None
        item.assigned_at = at(STARTED) if item.status != Status.PENDING else None
        dues = [slot.due_on for slot in of_item.get(item.pk, [])]
        item.due_on = max(dues) if dues else None
    Item.objects.bulk_update(
        made.items,
        ["status", "reason", "closed_at", "close_no", "step", "assigned_at", "due_on"],
        batch_size=200,
    )


def _proof(made: Ledger, needs: dict[int, list[Need]], count: int, dice: Random) -> None:
    """Submissions and signatures of what was handed in, and COUNT pieces of evidence cited for it."""
    first = made.track.steps.get(order=1)
    handed = [slot for slot in made.slots if slot.submitted_at]
    by = made.people[0]
    Submission.objects.bulk_create(
        [Submission(slot=slot, attempt=1, number=f"{made.agency.pk}-{slot.pk}", conclusion="已按要求完成", by=by,
                    at=slot.submitted_at) for slot in handed], batch_size=500
    )  # fmt: skip
    Signature.objects.bulk_create(
        [
            Signature(item_id=slot.item_id, slot=slot, step=first, attempt=1, person=made.people[1],
                      verdict=Verdict.RETURN if slot.status == SlotStatus.RETURNED else Verdict.ACCEPT,
                      signed_on=slot.submitted_at.date(), at=slot.submitted_at)
            for slot in handed if slot.status != SlotStatus.SUBMITTED
        ], batch_size=500
    )  # fmt: skip
    if not handed:
        return
    blobs = Blob.objects.bulk_create(
        [Blob(sha256=sha256(f"{made.agency.pk}/{n}".encode()).hexdigest(), sm3="0" * 64, size=1000 + n,
              mime="application/pdf", stored_at=at(TODAY)) for n in range(count)], batch_size=500
    )  # fmt: skip
    kept = Evidence.objects.bulk_create(
        [Evidence(unit=made.departments[n % len(made.departments)], agency=made.agency, number=f"E{made.agency.pk}-{n}",
                  kind="picture" if n % 3 else "document", title=f"材料{n}", happened_on=TODAY, place="会议室", uses=1)
         for n in range(count)], batch_size=500
    )  # fmt: skip
    versions = Version.objects.bulk_create(
        [
            Version(evidence=one, no=1, blob=blobs[n], original_name=f"{n}.pdf", at=at(TODAY))
            for n, one in enumerate(kept)
        ],
        batch_size=500,
    )
    for one, version in zip(kept, versions, strict=True):
        one.current = version
    Evidence.objects.bulk_update(kept, ["current"], batch_size=200)
    dice.shuffle(handed)
    rows: list[Any] = []
    for n, one in enumerate(kept):
        slot = handed[n % len(handed)]
        asked = needs[slot.item_id]
        rows.append(
            Citation(slot=slot, need=asked[n // len(handed) % len(asked)], evidence=one, at=at(TODAY))
        )
    Citation.objects.bulk_create(rows, batch_size=500)
