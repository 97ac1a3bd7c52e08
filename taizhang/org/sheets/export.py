"""The same sheets out: what was imported from staff.xlsx and groups.xlsx comes back with the same headers."""

from collections import Counter

from taizhang.kit.tables import OutSheet

from ..rules.facts import GroupFact, Groups, Roster, listed

STAFF_HEAD = [
    "工号", "姓名", "性别", "出生年份", "处室", "职务职级", "岗位层级", "是否党员", "所在党支部", "支部职务",
    "志愿者编号", "手机号（脱敏）", "AB角搭档工号", "AB角搭档姓名", "分管领导工号", "分管领导姓名", "入职年份",
    "在岗状态",
]  # fmt: skip
DEPARTMENT_HEAD = [
    "序号", "处室", "人数", "党员人数", "所在党支部", "主要负责人工号", "主要负责人", "联络员工号", "联络员",
    "分管领导工号", "分管领导", "对应标准中的责任主体",
]  # fmt: skip
BRANCH_HEAD = ["序号", "党支部", "覆盖处室", "党员人数", "书记工号", "书记", "上次换届", "届满时间"]
BODY_HEAD = ["序号", "组别", "组内职务", "工号", "姓名", "处室", "职务职级", "职责分工"]
ACTIVITY_HEAD = [
    "序号", "活动组", "联系领导工号", "联系领导", "组长工号", "组长", "包含处室", "负责的一级指标编号", "人数",
]  # fmt: skip
MEMBER_HEAD = ["序号", "活动组", "工号", "姓名", "处室", "组内角色"]
RHYTHM_HEAD = ["层级", "主体", "例会", "频次", "主要任务", "记录要求"]
BODIES = (
    ("领导小组", "leading"),
    ("领导小组办公室", "office"),
    ("工作专班", "task_force"),
    ("专门工作组", "working"),
)
OUTSIDE = ("组长", "联系领导")  # duties of an activity group that stand on its own line


def _first(numbers: frozenset[str]) -> str:
    return min(numbers, default="")


def staff_sheets(roster: Roster) -> list[OutSheet]:
    """花名册, 处室, 党支部."""
    people, units = roster.people, roster.units

    def name(no: str) -> str | None:
        return people[no].name if no in people else None

    staff = [
        [
            no, p.name, p.gender or None, p.year_of_birth, p.department or None, p.title or None, p.rank or None,
            "是" if p.is_party_member else "否", p.branch or None, p.branch_duty or None, p.volunteer_no or None,
            p.phone or None, p.stand_in or None, name(p.stand_in), p.supervisor or None, name(p.supervisor),
            p.joined_year, p.presence,
        ]
        for no, p in people.items()
    ]  # fmt: skip
    heads = Counter(p.department for p in people.values())
    party = Counter(p.department for p in people.values() if p.is_party_member)
    in_branch = Counter(p.branch for p in people.values())
    departments = [
        [
            unit.order, unit_name, heads[unit_name], party[unit_name], unit.branch or None,
            _first(unit.heads) or None, name(_first(unit.heads)), _first(unit.liaisons) or None,
            name(_first(unit.liaisons)), unit.leader or None, name(unit.leader), unit.answers_to or None,
        ]
        for unit_name, unit in sorted(units.items(), key=lambda pair: pair[1].order)
        if unit.kind == "department" or (unit.kind == "party_body" and heads[unit_name])
    ]  # fmt: skip
    secretary = {p.branch: no for no, p in people.items() if p.branch_duty == "书记"}
    branches = [
        [
            unit.order, unit_name, listed(n for n, u in units.items() if u.branch == unit_name) or None,
            in_branch[unit_name], secretary.get(unit_name), name(secretary.get(unit_name, "")),
            unit.term_from or None, unit.term_until or None,
        ]
        for unit_name, unit in sorted(units.items(), key=lambda pair: pair[1].order)
        if unit.kind == "branch"
    ]  # fmt: skip
    return [
        OutSheet(
            "花名册", STAFF_HEAD, staff, [9, 10, 6, 9, 14, 24, 9, 9, 12, 10, 15, 14, 12, 12, 12, 12, 9, 9]
        ),
        OutSheet("处室", DEPARTMENT_HEAD, departments, [6, 16, 7, 9, 12, 13, 12, 11, 10, 12, 10, 20]),
        OutSheet("党支部", BRANCH_HEAD, branches, [6, 14, 30, 9, 10, 10, 11, 11]),
    ]


def group_sheets(groups: Groups, roster: Roster) -> list[OutSheet]:
    """The seven sheets of groups.xlsx."""
    people = roster.people
    made = []
    for title, kind in BODIES:
        rows: list[list[object]] = []
        for name, group in groups.groups.items():
            if group.kind != kind:
                continue
            for (no, duty), (task, _) in group.duties:
                person = people.get(no)
                rows.append([
                    len(rows) + 1, name, duty, no, person.name if person else None,
                    person.department if person else None, person.title if person else None, task or None,
                ])  # fmt: skip
        made.append(OutSheet(title, BODY_HEAD, rows, [6, 26, 10, 9, 10, 14, 26, 36]))  # type: ignore[arg-type]
    active = {name: group for name, group in groups.groups.items() if group.kind == "activity"}
    lines: list[list[object]] = []
    members: list[list[object]] = []
    for name, group in active.items():
        contact, chief = _holder(group, "联系领导"), _holder(group, "组长")
        inner = [(no, duty) for (no, duty), _ in group.duties if duty not in OUTSIDE]
        lines.append([
            len(lines) + 1, name, contact or None, people[contact].name if contact in people else None,
            chief or None, people[chief].name if chief in people else None, listed(group.units) or None,
            listed(group.areas) or None, len(inner),
        ])  # fmt: skip
        for no, duty in inner:
            person = people.get(no)
            members.append([
                len(members) + 1, name, no, person.name if person else None, person.department if person else None,
                duty,
            ])  # fmt: skip
    rhythms = [
        [r.level or None, r.body, r.meeting, r.cadence, r.task or None, r.record or None]
        for r in groups.rhythms
    ]
    return [
        *made,
        OutSheet("活动组", ACTIVITY_HEAD, lines, [6, 34, 13, 10, 10, 10, 40, 18, 7]),  # type: ignore[arg-type]
        OutSheet("活动组人员", MEMBER_HEAD, members, [6, 34, 9, 10, 14, 12]),  # type: ignore[arg-type]
        OutSheet("运行机制", RHYTHM_HEAD, rhythms, [10, 18, 18, 14, 28, 24]),  # type: ignore[arg-type]
    ]


def _holder(group: GroupFact, duty: str) -> str:
    return next((no for (no, held), _ in group.duties if held == duty), "")
