"""Files and editions for the tests of pages, actions and the command line; names are invented."""

import io
from decimal import Decimal
from typing import Any

import openpyxl

from taizhang.org.queries import system_user
from taizhang.standards import actions
from taizhang.standards.models import Edition, EditionState
from taizhang.standards.rules.tree import Node, Reading
from tests.kit.containers import container
from tests.kit.test_tables import many_rows, repack
from tests.kit.test_tables import workbook as plain_workbook

HEAD = ["测评项目", "测评内容", "编号", "测评标准", "分值", "测评方法", "牵头处室"]
ROWS: list[list[Any]] = [
    ["Ⅰ-1 组织领导（3.4分）", "Ⅱ-1 领导责任（1.5分）", "1.1.1", "专题研究：每季度专题研究一次创建工作，有纪要", 0.52, "材料审核", "办公室"],
    [None, None, "1.1.2", "机构设置：成立创建工作领导小组", 0.3, "材料审核", "创建办"],
    [None, None, "1.1.3", "月度调度：每月至少调度一次进展", "０．４８分", "材料审核", "法规处"],
    [None, None, "1.1.4", "审签制度：建立审签制度", 0.2, "√", "法规二科"],
    [None, "Ⅱ-2 规划制度（1.9分）", "1.2.1", "三年规划：制定届期创建规划", 0.3, "材料审核", "创建办"],
    [None, None, "1.2.2", "年度方案：每年一季度内印发年度方案", 0.45, "材料审核", "创建办"],
    [None, None, "1.2.3", "制度体系：建立例会、通报、材料管理等制度", None, "材料审核", "创建办"],
    ["Ⅰ-2 活动（2分）", "Ⅱ-3 活动开展（2分）", "2.1.1", "①党建与创建一体推进；②党建和创建同部署同考核", "1（各半）", "材料审核", "机关党委"],
    [None, None, "2.1.2", "支部活动：每月开展一次主题活动", 1, "实地考察", "各支部"],
]  # fmt: skip
BARS = [["编号", "情形", "处理"], ["N1", "发生重大责任事故", "一票否决"]]


def workbook(rows: list[list[Any]] = ROWS, head: list[str] = HEAD) -> bytes:
    """A standard with one gap (E8), one full-width figure, one split cell, one tick and one unknown department."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "标准"
    for row in [head, *rows]:
        page.append(row)
    bars = book.create_sheet("负面清单")
    for row in BARS:
        bars.append(row)
    if rows is ROWS:
        for area in ("A2:A8", "A9:A10", "B2:B5", "B6:B8", "B9:B10"):
            page.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


BOMB = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "b"><!ENTITY c "&a;&a;&a;">]><l>&c;</l>'
#: file name → bytes, and a word of the message that must be given
BAD: dict[str, tuple[bytes, str]] = {
    "加密.xlsx": (container({"EncryptionInfo": b"", "EncryptedPackage": b""}), "密码"),
    "没传完.xlsx": (plain_workbook([["甲", 1]] * 50)[:900], "不完整"),
    "假的.xlsx": (b"%PDF-1.7\n" + b"x" * 200, "PDF"),
    "坏的.xls": (container({"Workbook": b"\x00" * 600}), "旧版"),
    "空表.xlsx": (plain_workbook([]), "没有"),
    "带宏.xlsx": (repack(plain_workbook([["甲"]]), {"xl/vbaProject.bin": b"x"}), "宏"),
    "垃圾.xlsx": (many_rows(30_000, 6), "行"),
    "炸弹.xlsx": (repack(plain_workbook([["甲"]]), {"xl/sharedStrings.xml": BOMB}), "外部实体"),
    "无关.csv": ("姓名,电话\n张三,1\n李四,2\n".encode(), "没有找到测评指标表"),
}


def reading(leaves: int, name: str = "大标准") -> Reading:
    """A made reading: areas of ten leaves, one point each."""
    nodes: list[Node] = []
    for n in range(leaves):
        area = n // 10 + 1
        if n % 10 == 0:
            nodes.append(Node(f"标准!A{n}", None, 1, f"{area}", "", f"方面{area}", points=Decimal(10)))
        nodes.append(
            Node(
                f"标准!B{n}", nodes[-1].key if nodes[-1].level == 1 else nodes[-1].parent, 2, f"{area}.{n % 10 + 1}", "",
                f"指标{n}", points=Decimal(1), is_leaf=True, methods=(("材料审核", None),), lead="办公室", where=f"标准!B{n}",
            )
        )  # fmt: skip
    return Reading(name, Decimal(leaves), Decimal(leaves), [], nodes)


def edition(agency: Any, leaves: int = 20, name: str = "大标准", label: str = "第1版") -> Edition:
    """An edition of AGENCY, through the door: of a known name the next one."""
    base = Edition.objects.filter(
        standard__agency=agency, standard__name=name, state=EditionState.IN_FORCE
    ).first()
    made: Edition = actions.import_edition(
        agency,
        by=system_user(),
        reading=reading(leaves, name),
        name=name,
        label=label,
        base=base,
        accept_doubtful=True,
    )
    return made
