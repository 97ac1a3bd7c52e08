"""接续台账 of the real size: 259 rows and 600 small files, shown and saved; wall seconds, CPU seconds, queries."""

from io import BytesIO
from time import perf_counter, process_time
from typing import Any
from zipfile import ZipFile

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from taizhang.kit import clock
from taizhang.ledger import jobs
from taizhang.ledger.models import Item, Takeover

from ..people import city
from .factory import TODAY, Ledger, ledger

ITEMS, FILES = 259, 600
STATES = ("已完成", "推进中", "已销号", "未开展", "不涉及")


def kept_by_hand(made: Ledger) -> bytes:
    """The ledger as an office keeps it: every item of the year by its title, some with other words."""
    target = BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet("台账")
        sheet.write_row(
            0, 0, ["序号", "方面", "编号", "工作任务", "责任单位", "责任人", "完成时限", "状态", "工作进展"]
        )
        for n, item in enumerate(made.items, 1):
            person = item.person.name if item.person else ""
            row = [
                n,
                item.area,
                item.code,
                item.title,
                str(item.lead or ""),
                person,
                "2020-09-30",
                STATES[n % 5],
                f"第{n}项进展",
            ]
            sheet.write_row(n, 0, row)
    return target.getvalue()


def evidence(made: Ledger, files: int) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w") as package:
        for n in range(files):
            item = made.items[n % len(made.items)]
            package.writestr(f"材料/{item.area}/{item.code} {item.title}-{n % 5 + 1}月.txt", f"材料{n}" * 20)
    return target.getvalue()


def bench(settings: Any, items: int = ITEMS, files: int = FILES) -> list[str]:
    """Lines of figures; makes its own data in the database that is there."""
    settings.TODAY = TODAY.isoformat()
    people = city()
    made = ledger(people, items=items, evidence=0)
    Item.objects.filter(year=made.year).update(status="pending")
    client = Client()
    client.force_login(people.users["石玲佳"])
    sent = {
        "file": SimpleUploadedFile("台账.xlsx", kept_by_hand(made)),
        "files": [SimpleUploadedFile("材料.zip", evidence(made, files))],
    }
    began = perf_counter()
    client.post(f"/ledger/years/{made.year.pk}/takeover/", sent)
    lines = [f"上传并打开 {perf_counter() - began:.1f} 秒"]
    takeover = Takeover.objects.latest("pk")
    for step in ("columns", "rows", "files", "save"):
        began, cpu = perf_counter(), process_time()
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(f"/ledger/takeovers/{takeover.pk}/?step={step}")
        assert answer.status_code == 200, answer.status_code
        lines.append(
            f"{step}：{perf_counter() - began:.1f} 秒（≤5），CPU {process_time() - cpu:.1f} 秒，查询 {len(queries)}，"
            f"{len(answer.content) / 1000:.0f} kB"
        )
    Takeover.objects.filter(pk=takeover.pk).update(counts={"running": clock.now().isoformat()})
    began, cpu = perf_counter(), process_time()
    with CaptureQueriesContext(connection) as queries:
        jobs.take_over.func(takeover.pk, people.users["石玲佳"].pk)
    takeover.refresh_from_db()
    counts = takeover.counts
    lines.append(
        f"保存 {counts.get('rows')} 行、{counts.get('files')} 份材料 {perf_counter() - began:.1f} 秒（≤60），"
        f"CPU {process_time() - cpu:.1f} 秒，查询 {len(queries)}，{takeover.state} {counts.get('failed', '')}"
    )
    return lines
