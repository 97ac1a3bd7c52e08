"""Editions for the tests of comparison; names are invented."""

import io
from decimal import Decimal
from typing import Any

import openpyxl

from taizhang.org.queries import system_user
from taizhang.standards import actions
from taizhang.standards.models import Edition
from taizhang.standards.rules.tree import Node, Reading

HEAD = ["测评项目", "测评内容", "编号", "测评标准", "分值", "测评方法", "牵头处室"]


def workbook(rows: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.title = "标准"
    for row in [HEAD, *rows]:
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


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
    """An edition of AGENCY, through the door."""
    made: Edition = actions.import_edition(
        agency, by=system_user(), reading=reading(leaves, name), name=name, label=label
    )
    return made
