"""Files and posts that the tests of the import share."""

import io
import re
from pathlib import Path
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import taizhang.standards
from taizhang.standards.models import Draft

from ..people import City

SAMPLES = Path(taizhang.standards.__file__).parent / "samples"
CIVILISED = (SAMPLES / "civilised-unit.xlsx").read_bytes()
HEADER = [
    "测评项目",
    "测评内容",
    "编号",
    "测评标准",
    "分值",
    "计分办法",
    "测评方法",
    "材料要求",
    "周期",
    "牵头处室",
]


def book(rows: list[list[Any]], name: str = "测评标准") -> bytes:
    """A workbook of one sheet."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = name
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


RULES = [
    "A档得满分，B档得66%，C档得33%，D档不得分", "每缺一次扣0.1分", "达到95%得满分，低于60%不得分，其间按比例计分", "未制定不得分", "每发现一处扣0.05分，扣完为止",
]  # fmt: skip


def small() -> bytes:
    """Ten items of every kind of rule in two sections, and a negative list: 3 points that add up."""
    rows: list[list[Any]] = [HEADER]
    for section, name in ((1, "领导责任"), (2, "规划与制度")):
        for n, rule in enumerate(RULES, start=1):
            rows.append(
                [
                    "Ⅰ-1 组织领导（3分）", f"Ⅱ-{section} {name}（1.5分）", f"1.{section}.{n}", f"事项{section}{n}：每季度开展一次", 0.3,
                    rule, "材料审核、实地考察", "会议记录（带文号）；现场照片（不少于2张）", "每季度", "办公室",
                ]
            )  # fmt: skip
    made = openpyxl.load_workbook(io.BytesIO(book(rows)))
    bars = made.create_sheet("负面清单")
    bars.append(["编号", "情形", "具体表现", "处理"])
    bars.append(["F1", "重大安全事故", "发生重大安全责任事故", "取消资格"])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def changed(cells: dict[str, Any]) -> bytes:
    """The small standard with other CELLS on its first sheet."""
    made = openpyxl.load_workbook(io.BytesIO(small()))
    for place, value in cells.items():
        made["测评标准"][place] = value
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def as_(people: City, name: str) -> Client:
    client = Client()
    client.force_login(people.users[name])
    return client


def upload(client: Client, data: bytes, name: str = "标准.xlsx", **more: Any) -> Any:
    return client.post("/standards/import/", {"file": SimpleUploadedFile(name, data), **more})


def begun(client: Client, data: bytes, name: str = "标准.xlsx") -> Draft:
    """The draft of an import that began well."""
    answer = upload(client, data, name)
    assert answer.status_code == 302, said_in(answer)
    return Draft.objects.latest("pk")


def said_in(answer: Any) -> str:
    """The words of a page, without markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def fields_of(answer: Any, action: str) -> dict[str, Any]:
    """What the form with the address ACTION would post untouched (the one that names the thing, if there are several)."""
    page = answer.content.decode()
    form = next(
        part
        for part in re.findall(r"<form\b.*?</form>", page, re.S)
        if f'action="{action}"' in part and 'name="title"' in part
    )
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        name, kind = attribute(tag, "name"), attribute(tag, "type")
        if name and (kind not in ("checkbox", "radio") or " checked" in tag):
            found[name] = attribute(tag, "value") or ("on" if kind == "checkbox" else "")
    for head, body in re.findall(r"<textarea\b([^>]*)>(.*?)</textarea>", form, re.S):
        found[attribute(head, "name")] = body.strip()
    for head, body in re.findall(r"<select\b([^>]*)>(.*?)</select>", form, re.S):
        chosen = re.search(r'<option value="([^"]*)"[^>]*\bselected', body) or re.search(
            r'<option value="([^"]*)"', body
        )
        found[attribute(head, "name")] = chosen.group(1) if chosen else ""
    return found


def attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found.group(1) if found else ""
