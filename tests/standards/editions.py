"""Editions for the tests of comparison; names are invented."""

import io
from typing import Any

import openpyxl

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
