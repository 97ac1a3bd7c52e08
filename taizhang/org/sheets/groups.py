"""groups.xlsx in: bodies with duties, activity groups with their people, the rhythm of meetings."""

from dataclasses import dataclass, field, replace

from taizhang.kit.tables import Book

from ..rules import words
from ..rules.duties import kind_of
from ..rules.facts import GroupFact, Groups, Problem, RhythmFact, Roster
from .find import Line, Table, find_table, sheet_names

BODIES = {
    "group": ("组别", "机构", "组名", "工作组"), "duty": ("组内职务", "职务"), "no": ("工号", "人员编号"),
    "name": ("姓名",), "task": ("职责分工", "分工", "职责"),
}  # fmt: skip
ACTIVITY = {
    "group": ("活动组", "组别", "组名"), "contact": ("联系领导工号",), "chief": ("组长工号",),
    "covers": ("包含处室", "覆盖处室"),
    "areas": ("负责的一级指标编号", "负责的一级指标", "一级指标编号", "负责指标"),
}  # fmt: skip
MEMBERS = {
    "group": ("活动组", "组别", "组名"), "no": ("工号", "人员编号"), "name": ("姓名",),
    "duty": ("组内角色", "组内职务"),
}  # fmt: skip
RHYTHMS = {
    "level": ("层级",), "body": ("主体", "会议主体"), "meeting": ("例会", "会议"), "cadence": ("频次", "周期"),
    "task": ("主要任务", "任务"), "record": ("记录要求", "记录"),
}  # fmt: skip
OFFICE_UNIT = "创建办"
#: longest text that a field can keep
LIMITS = {
    "group": 80,
    "duty": 20,
    "task": 200,
    "level": 20,
    "body": 60,
    "meeting": 60,
    "cadence": 40,
    "record": 200,
}


@dataclass
class Read:
    """What a file says about groups, laid over what is known; and what is wrong with it."""

    wanted: Groups = field(default_factory=Groups)
    named: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    found: bool = False
    #: group → (staff no, duty) → (task, order), as the file lists them
    duties: dict[str, dict[tuple[str, str], tuple[str, int]]] = field(default_factory=dict)

    def wrong(self, line: Line, column: str, text: str) -> None:
        self.problems.append(Problem(line.where(column), text))

    def group(self, name: str, kind: str) -> None:
        """The group is spoken of; a new one gets its place behind those before it."""
        if name in self.named:
            return
        self.named.add(name)
        office = OFFICE_UNIT if kind in ("office", "task_force") else ""
        known = self.wanted.groups.get(name) or GroupFact(kind, office)
        self.wanted.groups[name] = replace(known, order=len(self.named))
        self.duties[name] = {}


def read_groups(book: Book, now: Groups, roster: Roster) -> Read:
    """Read BOOK over NOW; staff numbers and departments are those of ROSTER."""
    read = Read(Groups(dict(now.groups), list(now.rhythms)))
    bodies: list[Table] = []
    activity = members = rhythms = None
    for sheet in book.sheets:
        if table := find_table(sheet, RHYTHMS, ("body", "meeting", "cadence")):
            rhythms = rhythms or table
        elif table := find_table(sheet, ACTIVITY, ("group", "chief", "covers")):
            activity = activity or table
        elif table := find_table(sheet, BODIES, ("group", "duty", "no")):
            bodies.append(table)
        elif table := find_table(sheet, MEMBERS, ("group", "no", "duty")):
            members = members or table
    if not bodies and activity is None and members is None and rhythms is None:
        read.problems.append(
            Problem(
                "",
                "没有找到工作组的表：要有“组别”“组内职务”“工号”，或“活动组”“组长工号”“包含处室”这样的表头。"
                f"文件里有 {sheet_names(book) or '空表'}。",
            )  # fmt: skip
        )
        return read
    read.found = True
    if not roster.people:
        read.problems.append(Problem("", "还没有花名册。请先导入花名册，再导入工作组。"))
        return read
    for table in bodies:
        _bodies(table, read, roster)
    if activity:
        _activity(activity, read, roster)
    if members:
        _members(members, read, roster, activity is not None)
    elif activity:
        _keep_members(read, now)
    if rhythms:
        read.wanted.rhythms = [
            RhythmFact(*(line.text(column) for column in RHYTHMS))
            for line in rhythms.lines()
            if _short(line, read)
        ]
    for name, duties in read.duties.items():
        read.wanted.groups[name] = replace(read.wanted.groups[name], duties=tuple(duties.items()))
    return read


def _person(line: Line, column: str, read: Read, roster: Roster, label: str = "") -> str:
    """The staff number in a cell if somebody has it; otherwise a problem and nothing."""
    no = words.staff_no(line[column])
    if not no:
        read.wrong(line, column, f"缺{label}工号")
        return ""
    person = roster.people.get(no)
    if person is None:
        read.wrong(line, column, f"{label}工号 {no}（{line.text('name') or '未写姓名'}）不在花名册里")
        return ""
    name = words.person_name(line["name"])
    if column == "no" and name and words.name_key(name) != words.name_key(person.name):
        read.wrong(line, "name", f"工号 {no} 在花名册里是“{person.name}”，这里写的是“{name}”")
        return ""
    return no


def _bodies(table: Table, read: Read, roster: Roster) -> None:
    group = ""
    for line in table.lines():
        group = line.text("group") or group  # merged or left empty under the first line
        duty = line.text("duty")
        if not group:
            read.wrong(line, "group", "缺组别")
            continue
        read.group(group, kind_of(group))
        no = _person(line, "no", read, roster)
        if not duty:
            read.wrong(line, "duty", "缺组内职务")
        _duty(line, read, group, no, duty, line.text("task"))


def _duty(line: Line, read: Read, group: str, no: str, duty: str, task: str) -> None:
    if not no or not duty:
        return
    duties = read.duties[group]
    if (no, duty) in duties:
        read.wrong(line, "no", f"{no} 在“{group}”里的“{duty}”写了两次")
        return
    if _short(line, read):
        duties[(no, duty)] = (task, len(duties) + 1)


def _short(line: Line, read: Read) -> bool:
    """Whether every text of the line can be kept."""
    long = [column for column, most in LIMITS.items() if len(line.text(column)) > most]
    for column in long:
        read.wrong(line, column, f"太长，最多 {LIMITS[column]} 个字，请核对是否串了列")
    return not long


def _activity(table: Table, read: Read, roster: Roster) -> None:
    by_unit: dict[str, str] = {}
    by_area: dict[str, str] = {}
    for line in table.lines():
        name = line.text("group")
        if not name:
            read.wrong(line, "group", "缺活动组名称")
            continue
        if name in read.named:
            read.wrong(line, "group", f"活动组“{name}”重复")
            continue
        read.group(name, "activity")
        if line.text("contact"):
            _duty(line, read, name, _person(line, "contact", read, roster, "联系领导"), "联系领导", "")
        _duty(line, read, name, _person(line, "chief", read, roster, "组长"), "组长", "")
        units = words.parts(line["covers"])
        areas = words.parts(line["areas"])
        for unit in units:
            if unit not in roster.units:
                read.wrong(line, "covers", f"处室“{unit}”不在处室表里")
            elif unit in by_unit:
                read.wrong(line, "covers", f"处室“{unit}”已在“{by_unit[unit]}”里")
            by_unit[unit] = name
        for area in areas:
            if area in by_area:
                read.wrong(line, "areas", f"一级指标 {area} 已由“{by_area[area]}”负责")
            by_area[area] = name
        fields = {"kind": "activity", "units": tuple(units)}
        if line.has("areas"):
            fields["areas"] = tuple(areas)
        read.wanted.groups[name] = replace(read.wanted.groups[name], **fields)  # type: ignore[arg-type]


def _members(table: Table, read: Read, roster: Roster, listed: bool) -> None:
    group = ""
    for line in table.lines():
        group = line.text("group") or group
        known = read.wanted.groups.get(group)
        if group not in read.named:
            if listed or known is None:
                read.wrong(line, "group", f"活动组“{group}”不在活动组表里")
                continue
            read.group(group, "activity")
        no = _person(line, "no", read, roster)
        _duty(line, read, group, no, line.text("duty") or "组员", "")


def _keep_members(read: Read, now: Groups) -> None:
    """A file without 活动组人员 says nothing about them."""
    for name in read.named:
        before = now.groups.get(name)
        if before and before.kind == "activity":
            for (no, duty), rest in before.duties:
                if duty not in ("组长", "联系领导"):
                    read.duties[name].setdefault((no, duty), rest)
