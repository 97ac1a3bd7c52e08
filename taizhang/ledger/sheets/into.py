"""A workbook that was exported, edited and comes back → what is different, and everything that is wrong, by cell.

Three sides are compared: what was exported (a hidden sheet), what the table says now, what the ledger says now.
Only what was changed in the table is taken over; where the ledger moved too, the cell is a conflict and named.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from taizhang.campaigns.models import Year
from taizhang.kit.errors import Refused
from taizhang.kit.tables import Book, Sheet, a1
from taizhang.kit.tables.book import Cell

from ..queries.sheet import SheetRow, Staff
from .columns import COLUMNS, EDITABLE, KEPT, LABELS, as_text

DAY = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00:00)?$")
SHORT_DAY = re.compile(r"^(\d{1,2})[-/.月](\d{1,2})日?$")
SPLIT = re.compile(r"[、，,;；\n/]+")
YES = {"是", "√", "✓", "重点", "y", "yes", "1", "true"}
NO = {"", "否", "×", "n", "no", "0", "false"}


@dataclass(frozen=True)
class Line:
    """One row of the table: its number on the sheet, and its cells by the key of the column."""

    number: int
    cells: dict[str, str]
    places: dict[str, str]  # key → A1


@dataclass(frozen=True)
class Read:
    """A table as it was read: rows, what was exported by item id (empty without the hidden sheet), remarks."""

    name: str
    lines: list[Line]
    columns: list[str]
    kept: dict[int, dict[str, str]]
    year_id: int | None
    year_name: str
    notes: list[str]


@dataclass(frozen=True)
class Problem:
    """Something wrong with a cell: 台账!L5, and what to do."""

    where: str
    text: str


@dataclass(frozen=True)
class Change:
    """One act: verb and plain parameters (ids, days as text), and for people: item, column, old → new."""

    item: int
    no: str
    title: str
    verb: str
    params: dict[str, Any]
    shown: list[tuple[str, str, str]]


@dataclass
class Differences:
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    versions: dict[int, int] = field(default_factory=dict)
    same: int = 0  # rows without a difference

    @property
    def items(self) -> int:
        return len({change.item for change in self.changes})


def read_sheet(book: Book) -> Read:
    """The sheet that holds the ledger. Refused when there is none, or when it does not say which row is which."""
    for sheet in book.sheets:
        if sheet.hidden or sheet.name == KEPT:
            continue
        for top, row in enumerate(sheet.rows[:10]):
            labels = [as_text(cell).replace(" ", "") for cell in row]
            if "牵头处室" in labels or "编号" in labels or "系统号" in labels:
                return _read(book, sheet, top, labels)
    raise Refused("这份表里没有台账：找不到“系统号”“编号”“牵头处室”这些列。请用“导出 Excel”得到的表来改。")


def _read(book: Book, sheet: Sheet, top: int, labels: list[str]) -> Read:
    keys = {column.label: column.key for column in COLUMNS}
    columns = {keys[label]: at for at, label in enumerate(labels) if label in keys}
    double = [label for label in keys if labels.count(label) > 1]
    if double:
        raise Refused(f"“{'、'.join(double)}”列有两列，请删去一列再导入。")
    if "id" not in columns and "no" not in columns:
        raise Refused("表里没有“系统号”列，也没有“编号”列，分不清哪一行是哪一项。请保留其中一列再导入。")
    missing = [column.label for column in EDITABLE if column.key not in columns]
    if len(missing) == len(EDITABLE):
        raise Refused(f"表里没有可以改的列（{'、'.join(missing)}），没有什么可导入的。")
    notes = list(book.notes)
    if missing:
        notes.append(f"表里没有{'、'.join(missing)}列，这些内容照旧不变。")
    lines = []
    for at, row in enumerate(sheet.rows[top + 1 :], top + 1):
        if not any(cell is not None for cell in row):
            continue
        cells = {key: _words(row[col]) if col < len(row) else "" for key, col in columns.items()}
        lines.append(
            Line(at + 1, cells, {key: f"{sheet.name}!{a1(at, col)}" for key, col in columns.items()})
        )
    kept, year_id, year_name = _kept(book)
    if not kept:
        notes.append(
            "这份表没有导出时的底稿（另存成了 csv，或删了隐藏的表），看不出导出以后别人改过什么，请逐行核对。"
        )
    return Read(sheet.name, lines, list(columns), kept, year_id, year_name, notes)


def _words(cell: Cell) -> str:
    return as_text(cell).strip()


def _kept(book: Book) -> tuple[dict[int, dict[str, str]], int | None, str]:
    sheet = next((one for one in book.sheets if one.name == KEPT), None)
    if sheet is None or len(sheet.rows) < 2:
        return {}, None, ""
    first = [as_text(cell) for cell in sheet.rows[0]]
    year = int(first[1]) if len(first) > 1 and first[1].isdecimal() else None
    labels = [as_text(cell) for cell in sheet.rows[1]]
    keys = {column.label: column.key for column in EDITABLE} | {"系统号": "id", "版本": "version"}
    found: dict[int, dict[str, str]] = {}
    for row in sheet.rows[2:]:
        cells = {
            keys[label]: as_text(cell) for label, cell in zip(labels, row, strict=False) if label in keys
        }
        if cells.get("id", "").isdecimal():
            found[int(cells["id"])] = {column.key: cells.get(column.key, "") for column in EDITABLE}
    return found, year, "".join(first[2:4]) and f"{first[2]} {first[3]} 年度"


def compare(read: Read, year: Year, rows: list[SheetRow], staff: Staff) -> Differences:
    """Everything that is different and everything that is wrong. Refused when the table is of another year."""
    if read.year_id is not None and read.year_id != year.pk:
        raise Refused(
            f"这份表是从“{read.year_name or '另一个年度'}”导出的，不能导入{year.campaign} {year.year} 年度。请先在页头换到那个年度。"
        )
    found = Differences(notes=list(read.notes))
    by_id, by_no = {row.id: row for row in rows}, {row.no: row for row in rows}
    met: dict[int, int] = {}
    for line in read.lines:
        row = _row_of(line, by_id, by_no, read, found)
        if row is None:
            continue
        if row.id in met:
            found.problems.append(
                Problem(
                    f"{read.name} 第 {line.number} 行",
                    f"{row.no} 在第 {met[row.id]} 行已经有了，请删去重复的一行。",
                )
            )
            continue
        met[row.id] = line.number
        _compare_row(line, row, read.kept.get(row.id), year, staff, found)
    left = len(rows) - len(met)
    if met and left > 0:
        found.notes.append(f"台账里另有 {left} 项不在表里，照旧不变。")
    return found


def _row_of(
    line: Line, by_id: dict[int, SheetRow], by_no: dict[str, SheetRow], read: Read, found: Differences
) -> SheetRow | None:
    number, no = line.cells.get("id", ""), line.cells.get("no", "")
    place = line.places.get("id") or line.places["no"]
    if number:
        row = by_id.get(int(number)) if number.isdecimal() and len(number) < 18 else None
        if row is None:
            found.problems.append(
                Problem(
                    place,
                    f"系统号 {number[:20]} 不是本年度台账的事项。台账不能靠表增加事项，请删去这一行，另用“新立事项”。",
                )
            )
        elif no and no != row.no:
            found.problems.append(
                Problem(
                    line.places["no"],
                    f"系统号 {number} 的编号应为 {row.no}，表里是 {no[:20]}，请核对这一行是不是串行了。",
                )
            )
            return None
        return row
    if no and "id" not in read.columns:
        if no not in by_no:
            found.problems.append(Problem(place, f"编号 {no[:20]} 不在本年度台账里，请核对。"))
        return by_no.get(no)
    found.problems.append(
        Problem(
            place, "这一行没有系统号，分不清是哪一项。台账不能靠表增加事项，请删去这一行，另用“新立事项”。"
        )
    )
    return None


def _compare_row(
    line: Line, row: SheetRow, kept: dict[str, str] | None, year: Year, staff: Staff, found: Differences
) -> None:
    now = {column.key: as_text(column.show(row)) for column in EDITABLE}
    base = kept or now
    problems: list[Problem] = []

    def wrong(key: str, text: str) -> None:
        problems.append(Problem(line.places[key], text))

    def day(text: str) -> str:
        """As 2020-06-10; what is no day is left as it is."""
        try:
            return _day(text, year.year).isoformat() if text else ""
        except ValueError:
            return text

    new: dict[str, str] = {}
    for column in EDITABLE:
        key = column.key
        if key not in line.cells:
            continue
        said = line.cells[key]
        if key == "due_on":
            said = day(said)
        elif key == "priority":
            if said.lower() not in YES | NO:
                wrong(key, f"重点写“是”或留空，现在是“{said[:20]}”。")
                continue
            said = "是" if said.lower() in YES else ""
        elif key == "co":
            said = "、".join(name for name in SPLIT.split(said) if name)
        if said != base[key] and said != now[key]:
            new[key] = said
            if base[key] != now[key]:
                wrong(
                    key,
                    f"{row.no} 的{column.label}在导出以后被改成了“{now[key] or '空'}”，表里是“{said or '空'}”。请改成其中一个，再导入。",
                )
    found.same += not new and not problems
    if new and row.settled:
        wrong(next(iter(new)), f"{row.no} 已经是“{row.status}”，不能再改。")
    elif not problems and new:
        acts = _acts(row, new, staff, wrong)
        if not problems:
            found.changes += acts
            found.versions[row.id] = row.version
    found.problems += problems


def _acts(row: SheetRow, new: dict[str, str], staff: Staff, wrong: Any) -> list[Change]:
    """The acts that bring ROW to what the table says; problems are told to WRONG."""
    acts: list[Change] = []

    def act(verb: str, params: dict[str, Any], *shown: tuple[str, str, str]) -> None:
        acts.append(Change(row.id, row.no, row.title, verb, params, list(shown)))

    lead, shown = row.lead_id, []
    if "lead" in new:
        lead = staff.units.get(new["lead"])
        if not new["lead"]:
            wrong("lead", "牵头处室不能清空，要换处室请写新的处室。")
        elif lead is None:
            wrong("lead", f"本机关没有“{new['lead'][:30]}”，请从下拉里选。")
        else:
            shown.append((LABELS["lead"], row.lead, staff.unit_names[lead]))
    moved = lead != row.lead_id
    person = _person(row.person_no, row.person, "person", new, staff, wrong, moved)
    leader = _person(row.leader_no, row.leader, "leader", new, staff, wrong, moved)
    if person:
        shown.append((LABELS["person"], row.person, _name(person, staff)))
    elif moved:
        shown.append((LABELS["person"], row.person, "由新的牵头处室接"))
    if leader:
        shown.append((LABELS["leader"], row.leader, _name(leader, staff)))
    if shown:
        act("set_lead", {"lead": lead, "person": person, "leader": leader}, *shown)
    if "co" in new:
        units = [staff.units.get(name) for name in SPLIT.split(new["co"]) if name]
        unknown = [name for name in SPLIT.split(new["co"]) if name and name not in staff.units]
        if unknown:
            wrong("co", f"本机关没有“{'、'.join(unknown)[:60]}”，请写处室的全称或简称，用顿号隔开。")
        else:
            act("set_co", {"co": units}, (LABELS["co"], row.co, new["co"]))
    if "due_on" in new:
        _due(row, new["due_on"], act, wrong)
    if "priority" in new:
        act(
            "set_priority",
            {"priority": new["priority"] == "是"},
            (LABELS["priority"], "是" if row.priority else "否", new["priority"] or "否"),
        )
    return acts


def _due(row: SheetRow, said: str, act: Any, wrong: Any) -> None:
    try:
        due = date.fromisoformat(said)
    except ValueError:
        wrong(
            "due_on", "期限不能清空。" if not said else f"“{said[:20]}”不是日期，请写成 2020-06-10 的样子。"
        )
        return
    if row.periods > 1:
        wrong("due_on", f"{row.no} 有多期，每期按自己的周期定期限，不能在表里改；请在事项页改某一期。")
    else:
        act("set_due", {"due_on": due.isoformat()}, (LABELS["due_on"], as_text(row.due_on), due.isoformat()))


def _person(
    old_no: str, old_name: str, kind: str, new: dict[str, str], staff: Staff, wrong: Any, moved: bool
) -> int | None:
    """The person whom the two cells (staff number, name) mean now; None when they say nothing new."""
    number, name = f"{kind}_no", kind
    label = LABELS[kind]
    if number in new and new[number]:
        found = staff.by_no.get(new[number])
        if found is None:
            wrong(number, f"本机关没有工号 {new[number][:20]} 的在岗人员。")
        elif new.get(name, "") not in ("", found[1]):
            wrong(name, f"工号 {new[number]} 是 {found[1]}，表里写的是 {new[name][:20]}，请核对。")
        else:
            return found[0]
        return None
    if name in new and new[name]:
        people = staff.by_name.get(new[name], [])
        if len(people) == 1:
            return people[0]
        wrong(
            name,
            f"本机关没有“{new[name][:20]}”。"
            if not people
            else f"叫“{new[name]}”的有 {len(people)} 人，请填{label}工号。",
        )
        return None
    if (number in new or name in new) and not moved and (old_no or old_name):
        wrong(number if number in new else name, f"{label}不能清空，要换人请写新的工号。")
    return None


def _name(person: int, staff: Staff) -> str:
    return staff.by_no[staff.numbers[person]][1]


def _day(text: str, year: int) -> date:
    if found := DAY.match(text.strip()):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := SHORT_DAY.match(text.strip()):
        return date(year, int(found[1]), int(found[2]))
    raise ValueError(text)
