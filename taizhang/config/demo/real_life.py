"""What happens to people while the year goes on: absences, a secondment, a group adjusted, contact points, asks.

Laid at the end, when the history has been told: nobody's absence then hides a signer of it. Who logs in for the demo
is never away, and what the walks of the browser tests play with is not touched.
"""

from collections.abc import Sequence
from datetime import time, timedelta

from django.db.models import Count, Q

from taizhang.campaigns.queries import calendar
from taizhang.campaigns.rules.asks import Kind
from taizhang.kit import clock
from taizhang.ledger import actions as ledger
from taizhang.ledger.models import Ask, Item
from taizhang.ledger.rules.states import SlotStatus, Status
from taizhang.org import actions as org
from taizhang.org.models import Adjustment, Contact, Duty, Group, Person, Unit, User
from taizhang.org.models.absences import AbsenceKind
from taizhang.org.models.contacts import ContactKind

from .cases import Case
from .setting import Stage, user_of

#: staff number → who stands in, in this order; the roster has given each the first of them already
STAND_INS = (
    ("YZ076", ("YZ074", "YZ075")),
    ("YZ107", ("YZ108", "YZ109")),
    ("YZ145", ("YZ146", "YZ149")),
)  # fmt: skip
#: staff number, first and last working day from today, kind, words
ABSENCES = (
    ("YZ076", -2, 3, AbsenceKind.STUDY, "参加全市政务公开业务培训班"),
    ("YZ145", 5, 9, AbsenceKind.TRIP, "赴外地考察学习基层便民服务经验"),
)  # fmt: skip
SECONDED, SHARE, SECONDED_TO = "YZ036", 60, "创建工作专班"
ADJUSTED = "综合组"
#: title of an item → who should lead it instead
DISPUTED = (("创建经费保障", "财务处"), ("文明礼仪教育", "宣传处"), ("市级以上业务表彰", "人事处"))
#: title → why there is nothing to do this year
WAIVED = (
    ("青年文明号创建", "原有青年文明号仍在有效期内，本年没有新的集体符合申报条件"),
    ("巾帼文明岗创建", "上级本年度不组织巾帼文明岗申报"),
    ("规范性文件管理", "本年度没有制发规范性文件的计划"),
)  # fmt: skip
#: title → why later, and how far it has come; of departments whose leader in charge has an account
PUT_OFF = (
    ("典型事迹报告会", "拟邀请的市级先进典型在期限之后才有档期", "方案已印发，两位报告人已联系好，还差场地和时间确认"),
    ("党课", "党组书记讲党课的时间要与主题活动合并安排", "支部书记已讲八次，讲稿和记录齐全，只差党组书记一次"),
    ("年度工作总结", "各处室数据要到期限之后才能核完", "提纲已定，半数处室已报数据"),
)  # fmt: skip
#: leader, kind, unit of the agency, place outside it, task, visits wanted in a year, visits paid
Visited = tuple[tuple[str, str], ...]  # what was found, what was settled there
CONTACTS: tuple[tuple[str, ContactKind, str, str, str, int, Visited], ...] = (
    ("YZ001", ContactKind.BRANCH, "第四党支部", "", "指导支部组织生活，讲一次党课", 2, (
        ("支部学习计划执行正常，有两名党员长期在窗口轮班，集中学习时间难保证。", "同意该支部把集中学习改在周五下班前，轮班党员次周补学。"),
        ("参加主题党日，与青年党员座谈。", ""),
    )),
    ("YZ002", ContactKind.BRANCH, "第八党支部", "", "指导党建与业务融合", 4, (
        ("窗口党员先锋岗运行正常，岗位说明牌更新不及时。", "由综合业务处一周内更换。"),
    )),
    ("YZ006", ContactKind.BRANCH, "第三党支部", "", "联系指导离退休党员学习", 4, (
        ("离退休党员希望送学上门。", "每月安排两名青年党员送学。"),
        ("送学上门已开展，老党员反映良好。", ""),
        ("检查支部手册，记录完整。", ""),
    )),
    ("YZ004", ContactKind.DEPARTMENT, "综合业务处", "", "联系窗口服务质量提升", 1, (
        ("高峰时段等候时间偏长。", "增开两个机动窗口。"),
    )),
    ("YZ003", ContactKind.COMMUNITY, "", "东湖社区", "包联环境整治和志愿服务", 12, (
        ("社区北门非机动车停放凌乱。", "协调划设停车位二十个。"),
        ("楼道堆物清理过半，三号楼仍有反复。", "安排志愿服务队每周巡查一次。"),
        ("停车位已投入使用，居民反映良好。", ""),
    )),
    ("YZ005", ContactKind.COMMUNITY, "", "锦绣社区", "包联文明楼院创建", 4, (
        ("楼院公约已上墙，宣传栏破损。", "由行政服务中心协助更换宣传栏。"),
    )),
    ("YZ004", ContactKind.VILLAGE, "", "柳溪村", "城乡结对共建", 4, (
        ("村文化活动室图书较旧，儿童读物少。", "发起图书捐赠，送去图书三百册。"),
        ("看望困难老党员两户，了解用水情况。", ""),
    )),
    ("YZ002", ContactKind.VILLAGE, "", "石桥村", "城乡结对共建", 2, ()),
)  # fmt: skip


class RealLife:
    """Lays it all, each act on its day and by the account that would do it."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.clerk = stage, stage.users["YZ099"]
        self.people = {one.staff_no: one for one in Person.objects.filter(agency=stage.agency)}
        self.taken: set[int] = set()

    def lay(self, keep_off: Sequence[int]) -> list[Case]:
        """KEEP_OFF are items (ids) that the cases have told something of. Returns the lines of the page."""
        self.taken |= set(keep_off)
        contact = self._contacts()
        adjusted = self._adjust()
        self._second()
        asked = self._asks()
        away = self._away()
        lines = [
            Case("今天有人外出，由代理人（AB角）办理", away.pk, "person"),
            Case("工作组调整过：哪天起谁在组里，可以逐日查看", adjusted.group_id, "group_history"),
            Case("局领导包联的社区，走访记录三次", contact.pk, "contact"),
        ]
        return lines + ([Case("处室申请延期，正等分管领导批复", asked.item_id)] if asked else [])

    def _unit(self, name: str) -> Unit:
        return Unit.objects.get(agency=self.stage.agency, name=name)

    # ---- people

    def _away(self) -> Person:
        """AB角 for a few people; one is away today and handed in the note herself, one will be."""
        with clock.on(self.stage.back(6), time(9, 30)):
            for staff_no, others in STAND_INS:
                stand_ins = [self.people[one] for one in others]
                org.set_stand_ins(self.people[staff_no], by=self.clerk, stand_ins=stand_ins)
        for staff_no, first, last, kind, reason in ABSENCES:
            person = self.people[staff_no]
            with clock.on(self.stage.back(3), time(16, 40)):
                org.note_absence(
                    person, by=user_of(person.pk), kind=kind, reason=reason,
                    starts_on=calendar().add(self.stage.today, first), ends_on=calendar().add(self.stage.today, last),
                )  # fmt: skip
        return self.people[ABSENCES[0][0]]

    def _second(self) -> None:
        """抽调 for most of the working time, begun some weeks ago; the home department keeps the person."""
        start = self.stage.back(25)
        group = Group.objects.get(unit=self.stage.agency, name=SECONDED_TO)
        with clock.on(start, time(9, 20)):
            org.second(
                self.people[SECONDED], by=self.clerk, group=group, share=SHARE, starts_on=start,
                ends_on=self.stage.today + timedelta(days=90), reason="参与年度申报材料整理",
            )  # fmt: skip

    def _adjust(self) -> Adjustment:
        """One goes, two come, and one becomes the deputy, halfway between the opening and today."""
        day = self.stage.opened_on + (self.stage.today - self.stage.opened_on) / 2
        group = Group.objects.get(unit=self.stage.agency, name=ADJUSTED)
        rows = {row.person.staff_no: row for row in Duty.objects.filter(group=group).select_related("person")}
        with clock.on(day, time(10, 5)):
            made: Adjustment = org.adjust_group(
                group, by=self.clerk, effective_on=day, doc_no=f"云政服创组〔{day.year}〕3号", reason="人员岗位变动",
                come=[(self.people["YZ027"], "成员", "督办与销号"), (self.people["YZ097"], "成员", "青年志愿服务联络")],
                go=[rows["YZ025"].pk], change={rows["YZ010"].pk: ("副组长", "会务与公文")},
            )  # fmt: skip
        return made

    # ---- contact points

    def _contacts(self) -> Contact:
        """Noted by the office when the system began; leaders with an account note their own visits."""
        start = self.stage.opened_on
        span = max(1, (self.stage.today - start).days - 1)
        found: dict[str, Contact] = {}
        for at, (staff_no, kind, unit, place, task, wanted, visits) in enumerate(CONTACTS):
            leader = self.people[staff_no]
            with clock.on(start, time(11, 0)):
                made = org.add_contact(
                    self.stage.agency, by=self.clerk, leader=leader, kind=kind, place=place, task=task,
                    unit=self._unit(unit) if unit else None, visits_wanted=wanted,
                )  # fmt: skip
            for n, (said, done) in enumerate(visits):
                day = start + timedelta(days=(n + 1) * span // (len(visits) + 1) + at % 3)
                day = min(calendar().first_on_or_after(day), self.stage.today)
                by = self.stage.users.get(staff_no, self.clerk)
                with clock.on(day, time(17, 10)):
                    org.note_visit(made, by=by, on=day, who=leader.name, found=said, done=done)
            found[unit or place] = made
        return found["东湖社区"]

    # ---- asks

    def _item(self, titles: Sequence[str]) -> Item | None:
        """The first of TITLES with one period that is still to be handed in, in two weeks at the earliest."""
        after, upto = self.stage.today + timedelta(days=14), self.stage.year.assessed_on - timedelta(days=14)
        left = Q(slots__status=SlotStatus.OPEN, slots__due_on__gt=after, slots__due_on__lt=upto)
        rows = Item.objects.filter(
            year=self.stage.year, per="unit", status__in=[Status.ASSIGNED, Status.RECEIVED, Status.DOING], step=None,
            title__in=titles, lead__in=self.stage.liaisons,
        ).exclude(pk__in=self.taken).annotate(periods=Count("slots"), free=Count("slots", left))  # fmt: skip
        rows = rows.filter(periods=1, free=1).select_related("lead", "unit", "year")
        return min(rows, key=lambda item: titles.index(item.title), default=None)

    def _asks(self) -> Ask | None:
        """A date that waits for the leader, a lead that was changed on request, and 不适用 that waits for the office.

        Late in the year little is left to ask about: then there are fewer. Returns what waits for the leader.
        """
        if item := self._item([title for title, _ in DISPUTED]):
            lead = dict(DISPUTED)[item.title]
            with clock.on(self.stage.back(9), time(15, 10)):
                dispute = ledger.ask(
                    item, by=self._asker(item), kind=Kind.DISPUTE, wanted_lead=self._unit(lead),
                    reason=f"此项工作的日常管理在{lead}，本处室只提供配合材料",
                )  # fmt: skip
            with clock.on(self.stage.back(7), time(16, 50)):
                ledger.grant(dispute, by=self.clerk, opinion=f"情况属实，经与{lead}沟通，同意改由其牵头。")
        if item := self._item([title for title, _ in WAIVED]):
            with clock.on(self.stage.back(2), time(16, 20)):
                ledger.ask(item, by=self._asker(item), kind=Kind.WAIVE, reason=dict(WAIVED)[item.title])
        if item := self._item([title for title, _, _ in PUT_OFF]):
            reason, progress = next(words for title, *words in PUT_OFF if title == item.title)
            with clock.on(self.stage.back(1), time(10, 30)):
                waiting: Ask = ledger.ask(
                    item, by=self._asker(item), kind=Kind.EXTENSION, reason=reason, progress=progress,
                    wanted_on=item.slots.get().due_on + timedelta(days=13),
                )  # fmt: skip
            return waiting
        return None

    def _asker(self, item: Item) -> User:
        assert item.lead_id is not None
        return self.stage.liaisons[item.lead_id]
