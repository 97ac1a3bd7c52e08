"""staff.xlsx in: 花名册, 处室, 党支部, in any order, columns by their words. Everything wrong is told at once."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from taizhang.kit.tables import Book

from ..rules import words
from ..rules.facts import (
    LEADERS_NAMES,
    PARTY_BODY,
    SECRETARY,
    STANDING,
    PersonFact,
    Problem,
    Roster,
    UnitFact,
)
from .find import Line, Table, find_table, sheet_names

PEOPLE = {
    "no": ("工号", "人员编号", "职工编号", "职工号", "人员工号"), "name": ("姓名", "名字", "职工姓名"),
    "gender": ("性别",), "year_of_birth": ("出生年份", "出生年月", "出生日期", "出生年"),
    "department": ("处室", "部门", "科室", "所在处室", "所在部门", "所在科室", "工作部门"),
    "title": ("职务职级", "职务", "职级", "现任职务"), "rank": ("岗位层级", "层级"),
    "is_party_member": ("是否党员", "党员", "是否中共党员", "政治面貌"),
    "branch": ("所在党支部", "党支部", "所属党支部", "所在支部", "支部"), "branch_duty": ("支部职务", "党内职务"),
    "volunteer_no": ("志愿者编号", "志愿者号", "志愿者注册号"),
    "phone": ("手机号", "手机号码", "手机", "联系电话", "电话"),
    "stand_in": ("AB角搭档工号", "AB角工号", "B角工号", "搭档工号", "AB角搭档", "AB角", "B角", "AB角搭档姓名"),
    "supervisor": ("分管领导工号", "分管领导", "分管领导姓名"), "joined_year": ("入职年份", "入职时间", "入职年月", "入职日期", "参加工作时间"),
    "presence": ("在岗状态", "在岗情况"),
}  # fmt: skip
DEPARTMENTS = {
    "order": ("序号",), "name": ("处室", "部门", "科室", "处室名称", "部门名称", "科室名称"),
    "branch": ("所在党支部", "所属党支部", "党支部"),
    "head": ("主要负责人工号", "负责人工号", "主要负责人", "负责人"), "liaison": ("联络员工号", "联络员"),
    "leader": ("分管领导工号", "分管领导"),
    "answers_to": ("对应标准中的责任主体", "责任主体"),
}  # fmt: skip
BRANCHES = {
    "order": ("序号",), "name": ("党支部", "支部", "党支部名称", "支部名称"), "covers": ("覆盖处室", "覆盖部门"),
    "secretary": ("书记工号", "支部书记工号", "书记", "支部书记"), "term_from": ("上次换届", "换届时间", "上次换届时间"),
    "term_until": ("届满时间", "届满日期", "任期届满"),
}  # fmt: skip
#: longest text that a field can keep
LIMITS = {
    "gender": 4, "title": 80, "rank": 20, "branch_duty": 40, "volunteer_no": 40, "phone": 30, "presence": 20,
    "department": 80, "branch": 80,
}  # fmt: skip
STANDING_FROM = 90  # standing bodies stand behind the departments


@dataclass
class Read:
    """What a file says, laid over what is known; and what is wrong with it."""

    wanted: Roster = field(default_factory=Roster)
    named: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    #: staff number → place of its line, for messages and the preview
    places: dict[str, Line] = field(default_factory=dict)
    found: bool = False

    def wrong(self, line: Line, column: str, text: str) -> None:
        self.problems.append(Problem(line.where(column), text))

    def number(self, line: Line, column: str, label: str) -> str | None:
        """The staff number that a cell means: itself, or the name of one person; else a problem and None."""
        no, name = words.staff_no(line[column]), words.person_name(line[column])
        if no in self.wanted.people:
            return no
        same = [one for one, person in self.wanted.people.items() if person.name == name]
        if len(same) == 1:
            return same[0]
        if same:
            self.wrong(line, column, f"{label}“{name}”有同名的 {len(same)} 人（{'、'.join(same)}），请写工号")
        elif no.isascii():
            self.wrong(line, column, f"{label}工号 {no} 不在花名册里")
        else:
            self.wrong(line, column, f"{label}“{name}”不在花名册里")
        return None


def read_roster(book: Book, now: Roster, today: date) -> Read:
    """Read BOOK over NOW. With problems, `wanted` must not be taken."""
    read = Read(Roster(dict(now.units), dict(now.people)))
    staff = departments = branches = None
    for sheet in book.sheets:
        if table := find_table(sheet, PEOPLE, ("no", "name", "department")):
            if "组内" in "".join(words.head_word(cell) for cell in sheet.rows[table.header_row]):
                continue  # people of a group, not the roster
            staff = staff or table
        elif table := find_table(sheet, DEPARTMENTS, ("name", "head")):
            departments = departments or table
        elif table := find_table(sheet, BRANCHES, ("name", "secretary")):
            branches = branches or table
    if staff is None and departments is None and branches is None:
        read.problems.append(
            Problem(
                "",
                f"没有找到花名册：要有“工号”“姓名”“处室”三列的表头。文件里有 {sheet_names(book) or '空表'}。",
            )
        )
        return read
    read.found = True
    if departments:
        _departments(departments, read)
    if branches:
        _branches(branches, read)
    if staff:
        _people(staff, read, today, bool(departments))
    else:
        read.named = set(now.people)
    _standing(read.wanted)
    if departments:
        _department_people(departments, read)
    if branches:
        _branch_people(branches, read)
    for cut in (sheet for sheet in book.sheets if sheet.cut_at):
        read.problems.append(Problem(cut.name, f"行数太多，只读了前 {cut.cut_at} 行。请删去空行和无关的行。"))
    return read


def _lay(wanted: Roster, name: str, **fields: Any) -> None:
    wanted.units[name] = replace(wanted.units.get(name) or UnitFact("department"), **fields)


def _departments(table: Table, read: Read) -> None:
    seen: dict[str, Line] = {}
    for number, line in enumerate(table.lines(), start=1):
        name = line.text("name")
        if not name:
            read.wrong(line, "name", "缺处室名称")
            continue
        if name in seen:
            read.wrong(line, "name", f"处室“{name}”重复，第 {seen[name].row + 1} 行已有")
            continue
        seen[name] = line
        known = read.wanted.units.get(name)
        kind = "leaders" if name in LEADERS_NAMES else "party_body" if name == PARTY_BODY else "department"
        fields: dict[str, Any] = {"order": _order(line, number)}
        if known is None:
            fields |= {"kind": kind, "answers_to": name}
        if line.text("answers_to"):
            fields["answers_to"] = line.text("answers_to")
        if line.has("branch"):
            fields["branch"] = line.text("branch")
        _lay(read.wanted, name, **fields)


def _order(line: Line, number: int) -> int:
    said = line.text("order")
    return int(said) if said.isdecimal() and len(said) < 6 else number


def _branches(table: Table, read: Read) -> None:
    seen: dict[str, Line] = {}
    for number, line in enumerate(table.lines(), start=1):
        name = line.text("name")
        if not name:
            read.wrong(line, "name", "缺党支部名称")
            continue
        if name in seen:
            read.wrong(line, "name", f"党支部“{name}”重复，第 {seen[name].row + 1} 行已有")
            continue
        seen[name] = line
        fields: dict[str, Any] = {"kind": "branch", "parent": PARTY_BODY, "order": _order(line, number)}
        fields["answers_to"] = (
            read.wanted.units.get(name) or UnitFact("branch", answers_to="各支部")
        ).answers_to
        for column in ("term_from", "term_until"):
            if line.has(column):
                try:
                    fields[column] = words.day(line[column])
                except words.Wrong as error:
                    read.wrong(line, column, str(error))
        if (first := fields.get("term_from")) and (last := fields.get("term_until")) and last[:7] < first[:7]:
            read.wrong(line, "term_until", f"届满时间 {last} 早于上次换届 {first}")
        _lay(read.wanted, name, **fields)
    for line in seen.values():
        for covered in words.parts(line["covers"]):
            unit = read.wanted.units.get(covered)
            if unit is None:
                read.wrong(line, "covers", f"处室“{covered}”不在处室表里")
            elif not unit.branch:
                _lay(read.wanted, covered, branch=line.text("name"))
            elif unit.branch != line.text("name"):
                read.wrong(line, "covers", f"处室“{covered}”在处室表里写的是“{unit.branch}”")


def _people(table: Table, read: Read, today: date, strict: bool) -> None:
    wanted = read.wanted
    strict = strict or any(unit.kind == "department" for unit in wanted.units.values())
    branches_known = any(unit.kind == "branch" for unit in wanted.units.values())
    for number, line in enumerate(table.lines(), start=1):
        no, name = words.staff_no(line["no"]), words.person_name(line["name"])
        if not no or not name:
            if no or (name and (line.text("department") or not line.text("no"))):
                read.wrong(
                    line, "no" if not no else "name", f"缺{'工号' if not no else '姓名'}（{no or name}）"
                )
            continue
        if no in read.places:
            other = read.places[no]
            read.wrong(
                line,
                "no",
                f"工号 {no} 与第 {other.row + 1} 行的“{other.text('name')}”重复，一个工号只能有一人",
            )
            continue
        if len(no) > 30 or len(name) > 40:
            read.wrong(line, "name", "工号或姓名太长，请核对是否串了列")
            continue
        read.places[no] = line
        read.named.add(no)
        fields = _person_fields(line, read, today)
        fields |= {"name": name, "order": number}
        department = line.text("department")
        if not department:
            read.wrong(line, "department", f"“{name}”没有填处室")
        elif department not in wanted.units:
            if department in LEADERS_NAMES:
                _lay(wanted, department, kind="leaders", order=0)
            elif strict:
                read.wrong(
                    line,
                    "department",
                    f"处室“{department}”不在处室表里，请改成表中的名称，或先在处室表里加上",
                )
            else:
                kind = "party_body" if department == PARTY_BODY else "department"
                _lay(wanted, department, kind=kind, answers_to=department, order=len(wanted.units) + 1)
        fields["department"] = department
        if line.has("branch"):
            branch = fields["branch"] = line.text("branch")
            if branch and branch not in wanted.units:
                if branches_known:
                    read.wrong(line, "branch", f"党支部“{branch}”不在党支部表里")
                else:
                    _lay(wanted, branch, kind="branch", parent=PARTY_BODY, answers_to="各支部",
                         order=len(wanted.units) + 1)  # fmt: skip
        before = wanted.people.get(no)
        wanted.people[no] = replace(before, **fields) if before else PersonFact(**fields)
    _references(read)


def _person_fields(line: Line, read: Read, today: date) -> dict[str, Any]:
    """Cells of one person that need no other line."""
    fields: dict[str, Any] = {}
    for column, most in LIMITS.items():
        if len(line.text(column)) > most:
            read.wrong(line, column, f"太长，最多 {most} 个字，请核对是否串了列")
    for column in ("gender", "title", "rank", "branch_duty", "volunteer_no", "phone"):
        if line.has(column):
            fields[column] = line.text(column)
    for column in ("stand_in", "supervisor"):
        if line.has(column):
            fields[column] = words.staff_no(line[column])
    if line.has("presence"):
        fields["presence"] = line.text("presence") or "在岗"
    for column, least, most in (
        ("year_of_birth", today.year - 100, today.year - 14),
        ("joined_year", today.year - 80, today.year + 1),
    ):
        if line.has(column):
            try:
                fields[column] = words.year(line[column], least, most)
            except words.Wrong as error:
                read.wrong(line, column, str(error))
    born, joined = fields.get("year_of_birth"), fields.get("joined_year")
    if born and joined and joined < born + 14:
        read.wrong(line, "joined_year", f"入职年份 {joined} 与出生年份 {born} 对不上")
    if line.has("is_party_member"):
        party = words.yes(line["is_party_member"])
        if party is None:
            read.wrong(line, "is_party_member", f"“{line.text('is_party_member')}”看不懂，请写“是”或“否”")
        fields["is_party_member"] = bool(party)
    return fields


def _references(read: Read) -> None:
    """A number that a line points to must be somebody's."""
    for no, line in read.places.items():
        person = read.wanted.people[no]
        for column, label in (("stand_in", "AB角搭档"), ("supervisor", "分管领导")):
            other = getattr(person, column)
            if not line.has(column) or not other:
                continue
            meant = read.number(line, column, label)
            if meant == no:
                read.wrong(line, column, f"{label}写的是本人（{no}）")
            elif meant:
                read.wanted.put(no, **{column: meant})


def _standing(wanted: Roster) -> None:
    """机关党委 where there are branches, and the bodies beside the departments."""
    if PARTY_BODY not in wanted.units and any(unit.kind == "branch" for unit in wanted.units.values()):
        _lay(wanted, PARTY_BODY, kind="party_body", answers_to=PARTY_BODY, order=STANDING_FROM)
    for number, (name, (kind, parent)) in enumerate(STANDING.items(), start=STANDING_FROM + 1):
        if name not in wanted.units:
            above = parent if parent in wanted.units else ""
            wanted.units[name] = UnitFact(kind, above, answers_to=name, order=number)


def _holder(line: Line, column: str, label: str, read: Read) -> str | None:
    """The staff number in a cell if somebody has it; None when the column is missing or the number unknown."""
    if not line.has(column):
        return None
    return read.number(line, column, label) if line.text(column) else ""


def _department_people(table: Table, read: Read) -> None:
    for line in table.lines():
        name = line.text("name")
        if name not in read.wanted.units:
            continue
        branch = read.wanted.units[name].branch
        if line.has("branch") and branch and read.wanted.units.get(branch, UnitFact("")).kind != "branch":
            known = any(unit.kind == "branch" for unit in read.wanted.units.values())
            if known:
                read.wrong(line, "branch", f"党支部“{branch}”不在党支部表里")
            else:
                _lay(read.wanted, branch, kind="branch", parent=PARTY_BODY, answers_to="各支部")
                _standing(read.wanted)
        for column, field_name, label in (
            ("head", "heads", "主要负责人"), ("liaison", "liaisons", "联络员"), ("leader", "leader", "分管领导"),
        ):  # fmt: skip
            no = _holder(line, column, label, read)
            if no is not None:
                value = no if field_name == "leader" else frozenset([no] if no else [])
                _lay(read.wanted, name, **{field_name: value})


def _branch_people(table: Table, read: Read) -> None:
    for line in table.lines():
        no = _holder(line, "secretary", "书记", read)
        if not no or line.text("name") not in read.wanted.units:
            continue
        person = read.wanted.people[no]
        if person.branch != line.text("name"):
            read.warnings.append(
                Problem(
                    line.where("secretary"),
                    f"书记 {no} {person.name} 在花名册里属于“{person.branch or '（空）'}”",
                )
            )
        elif not person.branch_duty:
            read.wanted.put(no, branch_duty=SECRETARY)
        elif person.branch_duty != SECRETARY:
            read.warnings.append(
                Problem(
                    line.where("secretary"),
                    f"{no} {person.name} 在花名册里的支部职务是“{person.branch_duty}”",
                )
            )
