"""联系点 in and out: leader, point, kind, task, visits a year; the columns in any order."""

from dataclasses import dataclass, field
from datetime import date

from taizhang.kit.tables import Book, OutSheet, read_book

from ..models import Person, Unit
from ..models.contacts import ContactKind
from ..models.units import UnitKind
from ..queries.contacts import ContactRow, contact_rows
from ..queries.roster import alive
from ..rules import words
from ..rules.contacts import ContactFact, kind_of, wanted_of
from ..rules.facts import Problem
from .find import Line, find_table, sheet_names

COLUMNS = {
    "leader": ("领导", "联系领导", "包联领导", "责任领导", "姓名"), "no": ("工号", "领导工号", "联系领导工号"),
    "point": ("联系点", "联系单位", "包联单位", "包联对象", "联系对象", "党组织"), "kind": ("类别", "类型"),
    "task": ("任务", "联系任务", "包联任务"), "times": ("次数", "每年走访次数", "走访次数", "频次"),
}  # fmt: skip
HEAD = ["领导", "工号", "联系点", "类别", "任务", "次数", "今年已走访", "最近走访", "起"]
LONGEST = {"point": 80, "task": 200}


@dataclass
class ReadContacts:
    """What a file says: lines that are new, that change something, that are there already; and what is wrong."""

    new: list[tuple[ContactFact, str, str]] = field(default_factory=list)  # fact, leader, point
    changed: list[tuple[ContactFact, str, str]] = field(default_factory=list)
    same: int = 0
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Known:
    """People by number and by name (a name may be two people's), units by name, and what is there."""

    by_no: dict[str, Person]
    by_name: dict[str, list[Person]]
    units: dict[str, Unit]
    rows: dict[tuple[int, int | None, str], ContactRow]


def read_contacts(data: bytes, filename: str, agency: Unit, today: date) -> ReadContacts:
    """Read a file over what AGENCY has. Refused when the file cannot be read at all."""
    book = read_book(data, filename)
    read = ReadContacts(notes=list(book.notes))
    table = next(
        (found for sheet in book.sheets if (found := find_table(sheet, COLUMNS, ("leader", "point")))), None
    )
    table = table or next(
        (found for sheet in book.sheets if (found := find_table(sheet, COLUMNS, ("no", "point")))), None
    )
    if table is None:
        read.problems.append(Problem("", _no_table(book)))
        return read
    known = _known(agency, today)
    seen: dict[tuple[int, int | None, str], int] = {}
    leader = no = ""
    for line in table.lines():
        # a leader's name may be merged over several points
        if line.text("leader") or line.text("no"):
            leader, no = words.person_name(line["leader"]), words.staff_no(line["no"])
        fact = _fact(line, leader, no, known, read)
        if fact is None:
            continue
        if fact.key in seen:
            read.problems.append(
                Problem(line.where("point"), f"与第 {seen[fact.key]} 行是同一个领导的同一个联系点")
            )
            continue
        seen[fact.key] = line.row + 1
        _sort(fact, line, known, read)
    if not seen and not read.problems:
        read.problems.append(Problem("", f"“{table.name}”里没有联系点，只有表头。"))
    return read


def _no_table(book: Book) -> str:
    return f"没有找到联系点的表：要有“领导”“联系点”这样的表头。文件里有 {sheet_names(book) or '空表'}。"


def _known(agency: Unit, today: date) -> _Known:
    people = list(Person.objects.filter(agency=agency, left_on=None))
    by_name: dict[str, list[Person]] = {}
    for person in people:
        by_name.setdefault(person.name_key, []).append(person)
    units: dict[str, Unit] = {}
    for unit in Unit.objects.filter(alive(today), agency=agency).exclude(kind=UnitKind.AGENCY):
        for name in filter(None, (unit.short_name, unit.name)):
            units[name] = unit
    rows = {
        (row.leader_id, row.unit_id, "" if row.unit_id else row.point): row
        for row in contact_rows(agency, today)
    }
    return _Known({person.staff_no: person for person in people}, by_name, units, rows)


def _fact(line: Line, leader: str, no: str, known: _Known, read: ReadContacts) -> ContactFact | None:
    def wrong(column: str, text: str) -> None:
        read.problems.append(Problem(line.where(column), text))

    before = len(read.problems)
    person = _leader(leader, no, known, wrong)
    point = line.text("point")
    if not point:
        wrong("point", "缺联系点")
    for column, most in LONGEST.items():
        if len(line.text(column)) > most:
            wrong(column, f"太长，最多 {most} 个字，请核对是否串了列")
    unit = known.units.get(point)
    said = line.text("kind")
    kind = kind_of(said) if said else _kind_by(unit, point)
    if kind is None:
        labels = "、".join(one.label for one in ContactKind)
        wrong("kind", f"不认识的类别“{said}”，可写：{labels}")
    elif unit and (kind == "branch") != (unit.kind == UnitKind.BRANCH) and kind in ("branch", "department"):
        wrong(
            "kind", f"“{point}”{'是' if unit.kind == UnitKind.BRANCH else '不是'}党支部，与类别“{said}”不符"
        )
    wanted = wanted_of(line.text("times"))
    if wanted is None:
        wrong("times", f"次数“{line.text('times')}”看不懂，请写每年几次，例如 4")
    if person is None or kind is None or wanted is None or len(read.problems) > before:
        return None
    return ContactFact(
        person.pk, unit.pk if unit else None, "" if unit else point, kind, line.text("task"), wanted
    )  # fmt: skip


def _leader(leader: str, no: str, known: _Known, wrong: object) -> Person | None:
    tell = wrong  # a callable (column, text)
    if no:
        person = known.by_no.get(no)
        if person is None:
            tell("no", f"工号 {no}（{leader or '未写姓名'}）不在花名册里")  # type: ignore[operator]
        elif leader and words.name_key(leader) != person.name_key:
            tell("leader", f"工号 {no} 在花名册里是“{person.name}”，这里写的是“{leader}”")  # type: ignore[operator]
            return None
        return person
    if not leader:
        tell("leader", "缺领导姓名")  # type: ignore[operator]
        return None
    people = known.by_name.get(words.name_key(leader), [])
    if len(people) != 1:
        text = (
            f"花名册里没有“{leader}”"
            if not people
            else f"有 {len(people)} 个“{leader}”，请加一列工号写明是谁"
        )
        tell("leader", text)  # type: ignore[operator]
        return None
    return people[0]


def _kind_by(unit: Unit | None, point: str) -> str:
    """What a point is where the table does not say it."""
    if unit:
        return "branch" if unit.kind == UnitKind.BRANCH else "department"
    return kind_of(point) or "other"


def _sort(fact: ContactFact, line: Line, known: _Known, read: ReadContacts) -> None:
    row = known.rows.get(fact.key)
    person = next(one for one in known.by_no.values() if one.pk == fact.leader)
    said = (fact, person.name, line.text("point"))
    if row is None:
        read.new.append(said)
    elif (row.kind, row.task, row.wanted) == (ContactKind(fact.kind).label, fact.task, fact.wanted):
        read.same += 1
    else:
        read.changed.append(said)


def contact_sheets(rows: list[ContactRow]) -> list[OutSheet]:
    """The same columns out, with the visits paid."""
    lines = [
        [row.leader, row.no, row.point, row.kind, row.task or None, row.wanted, row.paid, row.last_on, row.starts_on]
        for row in rows
    ]  # fmt: skip
    return [OutSheet("联系点", HEAD, lines, [10, 10, 28, 14, 36, 7, 11, 12, 12])]  # type: ignore[arg-type]
