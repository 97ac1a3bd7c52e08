"""The columns of the ledger's workbook: what each shows, how wide it is, and which may be changed."""

from collections.abc import Callable
from dataclasses import dataclass

from taizhang.kit.tables.book import Cell

from ..queries.sheet import SheetRow

LEDGER, KEPT, UNITS = "台账", "导出时", "处室"
"""The sheet people work in; the hidden ones: values as they were exported, names to choose from."""


@dataclass(frozen=True)
class Column:
    key: str
    label: str
    width: float
    show: Callable[[SheetRow], Cell]
    edit: bool = False


COLUMNS = [
    Column("id", "系统号", 8, lambda row: row.id),
    Column("no", "编号", 9, lambda row: row.no),
    Column("code", "指标编号", 9, lambda row: row.code),
    Column("area", "方面", 18, lambda row: row.area),
    Column("section", "测评内容", 16, lambda row: row.section),
    Column("title", "事项", 30, lambda row: row.title),
    Column("requirement", "要求", 40, lambda row: row.requirement),
    Column("points", "分值", 7, lambda row: row.points),
    Column("cadence", "周期", 8, lambda row: row.cadence),
    Column("source", "来源", 10, lambda row: row.source),
    Column("lead_text", "标准所写牵头", 16, lambda row: row.lead_text),
    Column("lead", "牵头处室", 16, lambda row: row.lead, True),
    Column("person_no", "责任人工号", 11, lambda row: row.person_no, True),
    Column("person", "责任人", 9, lambda row: row.person, True),
    Column("co", "配合处室", 20, lambda row: row.co, True),
    Column("leader_no", "分管领导工号", 12, lambda row: row.leader_no, True),
    Column("leader", "分管领导", 9, lambda row: row.leader, True),
    Column("due_on", "期限", 12, lambda row: row.due_on, True),
    Column("priority", "重点", 6, lambda row: "是" if row.priority else "", True),
    Column("needs", "材料要求", 30, lambda row: row.needs),
    Column("status", "状态", 9, lambda row: row.status),
    Column("slots", "期次（通过/共）", 12, lambda row: row.slots),
    Column("light", "灯", 12, lambda row: row.light),
    Column("reason", "备注", 20, lambda row: row.reason),
]
EDITABLE = [column for column in COLUMNS if column.edit]
LABELS = {column.key: column.label for column in COLUMNS}


def as_text(cell: Cell) -> str:
    """A cell as it stands in the hidden sheet: days as 2020-06-10."""
    return "" if cell is None else str(cell)
