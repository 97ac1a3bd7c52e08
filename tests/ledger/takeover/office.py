"""An office without a database: the 259 items of the sample standard, eighteen departments, people with namesakes."""

from calendar import monthrange
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from taizhang.kit.tables import read_book
from taizhang.ledger.rules.takeover import Facts, ItemFact, PersonFact, SlotFact, UnitFact
from taizhang.standards.rules.titles import split_title

SAMPLE = Path(__file__).resolve().parents[3] / "taizhang" / "standards" / "samples" / "civilised-unit.xlsx"
YEAR = 2020
TODAY = date(2020, 6, 10)

UNITS = [
    UnitFact(1, ("办公室",), "department"),
    UnitFact(2, ("创建文明单位工作办公室", "创建办"), "office"),
    UnitFact(3, ("机关党委",), "party_body"),
    UnitFact(4, ("组织人事处", "人事处"), "department", former=("干部处",)),
    UnitFact(5, ("财务处",), "department", "业务处室"),
    UnitFact(6, ("法规处",), "department", "业务处室"),
    UnitFact(7, ("督查室",), "department"),
    UnitFact(8, ("宣传教育处", "宣教处"), "department"),
    UnitFact(9, ("机关工会", "工会"), "union"),
    UnitFact(10, ("机关服务中心", "服务中心"), "department"),
    UnitFact(11, ("信息化处", "信息处"), "department"),
    UnitFact(12, ("机关纪委",), "party_body"),
    UnitFact(13, ("离退休干部处", "老干部处"), "department"),
    UnitFact(14, ("第一党支部",), "branch"),
    UnitFact(15, ("第二党支部",), "branch"),
    UnitFact(16, ("综合协调处",), "department", merged_into=1, ended=True),
    UnitFact(17, ("研究室",), "department"),
]
PEOPLE = [
    PersonFact(101, "1001", "张伟民", (1,), "13800000001"),
    PersonFact(102, "1002", "李晓梅", (1,), "13800000002"),
    PersonFact(103, "1003", "王强", (2,)),
    PersonFact(104, "1004", "赵敏", (3,)),
    PersonFact(105, "1005", "陈立", (4,)),
    PersonFact(106, "1006", "刘洋", (4,)),
    PersonFact(107, "1007", "刘洋", (8,)),
    PersonFact(108, "1008", "孙丽华", (5,)),
    PersonFact(109, "1009", "周涛", (6,)),
    PersonFact(110, "1010", "吴静", (7,)),
    PersonFact(111, "1011", "郑凯", (9,)),
    PersonFact(112, "1012", "冯雪", (10,)),
    PersonFact(113, "1013", "褚亮", (11,)),
    PersonFact(114, "1014", "卫兰", (12,)),
    PersonFact(115, "1015", "蒋勇", (13,)),
    PersonFact(116, "1016", "沈月", (17,)),
    PersonFact(117, "1017", "韩冰", (1,), left=True),
    PersonFact(118, "1018", "杨帆", (5, 6)),
    PersonFact(119, "1019", "高建国", ()),
    PersonFact(120, "1020", "林志远", ()),
    PersonFact(121, "1021", "欧阳娜娜", (8,)),
]


def name_of(unit: int) -> str:
    return next(one.names[-1] for one in UNITS if one.id == unit)


@cache
def facts() -> Facts:
    """The year 2020 of an agency that works by the sample standard."""
    sheet = read_book(SAMPLE.read_bytes(), SAMPLE.name).sheets[0]
    items, area, section = [], "", ""
    for n, row in enumerate(sheet.rows[1:]):
        area, section = str(row[0] or area), str(row[1] or section)
        title, requirement = split_title(str(row[3]), long=60)
        lead = next((one.id for one in UNITS if str(row[9]) in one.names), 1)
        items.append(
            ItemFact(
                1000 + n, f"Ⅲ-{n + 1}", str(row[2]), title, requirement, area.split()[0], _name(area), _name(section), lead,
                str(row[9]), order=n, points=str(row[4]), slots=_slots(1000 + n, str(row[8]), lead),
                needs=tuple(str(row[7]).split("；")),
            )
        )  # fmt: skip
    return Facts(
        YEAR,
        date(YEAR, 1, 1),
        date(YEAR, 12, 31),
        99,
        tuple(items),
        tuple(UNITS),
        tuple(PEOPLE),
        {"创建工作领导小组办公室": 2},
    )


def _name(text: str) -> str:
    return text.split(maxsplit=1)[1].split("（")[0]


def _slots(item: int, cadence: str, lead: int) -> tuple[SlotFact, ...]:
    months = {"每月": 1, "每季度": 3, "每半年": 6}.get(cadence, 12)
    found = []
    for n in range(12 // months):
        first, last = n * months + 1, (n + 1) * months
        ends = date(YEAR, last, monthrange(YEAR, last)[1])
        found.append(SlotFact(item * 100 + n, lead, 1, f"{first}", date(YEAR, first, 1), ends, "open"))
    return tuple(found)


def item(code: str) -> ItemFact:
    return next(one for one in facts().items if one.code == code)


def points(one: ItemFact) -> Decimal:
    return Decimal(one.points)


def by_row(plan: Any, sheet: str = "") -> dict[int, Any]:
    return {row.row: row for row in plan.rows if not sheet or row.sheet == sheet}
