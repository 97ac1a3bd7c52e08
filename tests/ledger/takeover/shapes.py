"""Ledgers as offices keep them, written over the sample standard, each with what it ought to mean, row by row."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

import xlsxwriter

from .office import PEOPLE, YEAR, facts, item, name_of

STATES = {
    "accepted": ["已完成", "完成", "√", "办结", "100%", "已完成。"],
    "closed": ["已销号", "办结销号"],
    "doing": ["进行中", "推进中", "正在办理", "滞后", "逾期", "60%"],
    "pending": ["未启动", "未开始", "待办"],
    "waived": ["不涉及", "无此项"],
}
DAYS: list[tuple[Any, date | None]] = [
    ("6月底", date(2020, 6, 30)), ("2020.6.30", date(2020, 6, 30)), ("9月30日前", date(2020, 9, 30)), ("6/30", date(2020, 6, 30)),
    ("每月", None), ("长期", None), ("年底前", date(2020, 12, 31)), ("三季度", date(2020, 9, 30)), (date(2020, 10, 15), date(2020, 10, 15)),
    (44196, date(2020, 12, 31)), ("2020年11月", date(2020, 11, 30)), ("10月中旬", date(2020, 10, 20)), ("2020-08-01", date(2020, 8, 1)),
]  # fmt: skip


@dataclass
class Truth:
    """What a row means; `said` what stands in its cells."""

    item: int | None
    state: str | None = None
    people: tuple[int, ...] = ()
    due_on: date | None = None
    lead: int | None = None
    said: dict[str, Any] = field(default_factory=dict)


@dataclass
class Paper:
    """A file, and sheet!row → what it means."""

    data: bytes
    truth: dict[str, Truth]
    name: str = "台账.xlsx"


def truths(seed: int, count: int = 60, start: int = 0) -> list[Truth]:
    """COUNT items from START on with states, people and days as they would stand in mid-year."""
    dice = Random(seed)
    made = []
    for one in facts().items[start : start + count]:
        lead = one.lead_id or 1
        staff = [p for p in PEOPLE if lead in p.unit_ids and not p.left] or [
            p for p in PEOPLE if 1 in p.unit_ids and not p.left
        ]
        if not any(lead in p.unit_ids for p in staff):
            lead = 1
        person = dice.choice(staff)
        state = dice.choice(list(STATES))
        day, due = dice.choice(DAYS)
        made.append(
            Truth(one.id, state, (person.id,), due, lead, {
                "area": one.area, "section": one.section, "title": one.title, "requirement": one.requirement, "code": one.code,
                "no": one.no, "points": float(one.points), "lead": name_of(lead), "person": person.name, "state": dice.choice(STATES[state]),
                "due": day, "leader": "高建国", "needs": "；".join(one.needs), "progress": dice.choice(["按计划开展", "5月召开专题会议研究，形成纪要", ""]),
            })
        )  # fmt: skip
    return made


def workbook(write: Callable[[Any, Any], None]) -> bytes:
    """WRITE(book, format of days) fills a workbook."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    write(book, book.add_format({"num_format": "yyyy-mm-dd"}))
    book.close()
    return out.getvalue()


def put(sheet: Any, r: int, c: int, value: Any, day: Any) -> None:
    if isinstance(value, date):
        sheet.write_datetime(r, c, __import__("datetime").datetime(value.year, value.month, value.day), day)
    elif value not in ("", None):
        sheet.write(r, c, value)


def merge(sheet: Any, r1: int, c1: int, r2: int, c2: int, value: Any) -> None:
    if (r1, c1) == (r2, c2):
        sheet.write(r1, c1, value)
    else:
        sheet.merge_range(r1, c1, r2, c2, value)


def runs(rows: list[Truth], key: str) -> list[tuple[int, int, str]]:
    """First and last place of each run of equal values."""
    found: list[tuple[int, int, str]] = []
    for n, row in enumerate(rows):
        if found and found[-1][2] == row.said[key]:
            found[-1] = (found[-1][0], n, found[-1][2])
        else:
            found.append((n, n, row.said[key]))
    return found


def at(sheet: str, r: int) -> str:
    return f"{sheet}!{r + 1}"


def decomposed() -> Paper:
    """任务分解表: title over the whole width, merged areas and sections, 测评标准 = 名称：要求, no codes, no people."""
    rows = truths(1)
    truth: dict[str, Truth] = {}

    def write(book: Any, day: Any) -> None:
        sheet = book.add_worksheet("任务分解表")
        heads = [
            "序号",
            "测评项目",
            "测评内容",
            "测评标准",
            "测评方法",
            "分值",
            "责任领导",
            "责任单位",
            "完成时限",
            "材料要求",
            "完成情况",
        ]
        sheet.merge_range(0, 0, 0, 10, "某某局2020年创建全国文明单位任务分解表")
        sheet.merge_range(1, 0, 1, 10, "填报日期：2020年6月")
        for c, head in enumerate(heads):
            sheet.write(2, c, head)
        for first, last, text in runs(rows, "area"):
            merge(sheet, 3 + first, 1, 3 + last, 1, text)
        for first, last, text in runs(rows, "section"):
            merge(sheet, 3 + first, 2, 3 + last, 2, text)
        for n, row in enumerate(rows):
            r, said = 3 + n, row.said
            cells = [n + 1, None, None, f"{said['title']}：{said['requirement']}", "材料审核", said["points"], said["leader"],
                     f"{said['lead']}、财务处" if said["lead"] != "财务处" else said["lead"], said["due"], said["needs"], said["state"]]  # fmt: skip
            for c, value in enumerate(cells):
                put(sheet, r, c, value, day)
            truth[at("任务分解表", r)] = Truth(row.item, row.state, (), row.due_on, row.lead)
        sheet.write(3 + len(rows), 0, "合计")
        sheet.write(3 + len(rows), 5, 12)

    return Paper(workbook(write), truth)


def two_rows() -> Paper:
    """A header of two lines: 责任分工 over 牵头单位, 配合单位, 责任人; 完成情况 over 状态, 工作进展. Codes in a column."""
    rows = truths(2, 80, 30)
    truth: dict[str, Truth] = {}

    def write(book: Any, day: Any) -> None:
        sheet = book.add_worksheet("Sheet1")
        sheet.merge_range(0, 0, 0, 9, "创建台账")
        for c, head in enumerate(["指标编号", "测评指标", "具体要求"]):
            sheet.merge_range(1, c, 2, c, head)
        sheet.merge_range(1, 3, 1, 5, "责任分工")
        for c, head in enumerate(["牵头单位", "配合单位", "责任人"], 3):
            sheet.write(2, c, head)
        sheet.merge_range(1, 6, 2, 6, "完成时限")
        sheet.merge_range(1, 7, 1, 8, "完成情况")
        sheet.write(2, 7, "状态")
        sheet.write(2, 8, "工作进展")
        sheet.merge_range(1, 9, 2, 9, "备注")
        for n, row in enumerate(rows):
            r, said = 3 + n, row.said
            for c, value in enumerate(
                [
                    said["code"],
                    said["title"],
                    said["requirement"],
                    said["lead"],
                    "各处室",
                    said["person"],
                    said["due"],
                    said["state"],
                    said["progress"],
                    "" if n % 5 else "已报文明办",
                ]
            ):
                put(sheet, r, c, value, day)
            truth[at("Sheet1", r)] = row

    return Paper(workbook(write), truth)


def by_area() -> Paper:
    """One sheet per area beside 填表说明, 汇总表, 通讯录 and a hidden sheet of last year."""
    rows = truths(3, 259)
    truth: dict[str, Truth] = {}

    def write(book: Any, day: Any) -> None:
        note = book.add_worksheet("填表说明")
        for r, text in enumerate(
            ["一、本台账由各处室填写", "二、状态填已完成、进行中、未启动", "三、每月25日前报创建办"]
        ):
            note.write(r, 0, text)
        total = book.add_worksheet("汇总表")
        for c, head in enumerate(["责任单位", "任务数", "已完成", "完成率", "责任人", "备注"]):
            total.write(0, c, head)
        for r in range(1, 8):
            for c, value in enumerate(["办公室", 30, 12, "40%", "张伟民", ""]):
                put(total, r, c, value, day)
        for area in dict.fromkeys(row.said["area"] for row in rows):
            name = area[:20]
            sheet = book.add_worksheet(name)
            sheet.write(0, 0, f"{area}任务清单")
            for c, head in enumerate(
                ["序号", "测评内容", "工作事项", "工作要求", "责任处室", "责任人", "时间节点", "办理状态"]
            ):
                sheet.write(1, c, head)
            for n, row in enumerate([one for one in rows if one.said["area"] == area]):
                said = row.said
                for c, value in enumerate(
                    [
                        n + 1,
                        said["section"],
                        said["title"],
                        said["requirement"],
                        said["lead"],
                        said["person"],
                        said["due"],
                        said["state"],
                    ]
                ):
                    put(sheet, 2 + n, c, value, day)
                truth[at(name, 2 + n)] = row
        book.add_worksheet("通讯录")
        phones = book.get_worksheet_by_name("通讯录")
        for c, head in enumerate(["姓名", "单位", "职务", "电话"]):
            phones.write(0, c, head)
        for r, person in enumerate(PEOPLE, 1):
            for c, value in enumerate([person.name, "办公室", "科员", "13800000000"]):
                phones.write(r, c, value)
        old = book.add_worksheet("2019年")
        for c, head in enumerate(["序号", "工作事项", "责任处室", "责任人", "办理状态"]):
            old.write(0, c, head)
        old.write_row(1, 0, [1, rows[0].said["title"], "办公室", "张伟民", "已完成"])

    return Paper(workbook(write), truth)


def by_department() -> Paper:
    """One sheet per department, which is named nowhere else."""
    rows = truths(4, 90, 60)
    truth: dict[str, Truth] = {}

    def write(book: Any, day: Any) -> None:
        for lead in dict.fromkeys(row.lead for row in rows):
            name = name_of(lead or 1)
            sheet = book.add_worksheet(name)
            for c, head in enumerate(["序号", "任务内容", "承办人", "计划完成时间", "进度", "存在问题"]):
                sheet.write(0, c, head)
            for n, row in enumerate([one for one in rows if one.lead == lead]):
                said = row.said
                for c, value in enumerate(
                    [n + 1, said["requirement"], said["person"], said["due"], said["state"], ""]
                ):
                    put(sheet, 1 + n, c, value, day)
                truth[at(name, 1 + n)] = row

    return Paper(workbook(write), truth)


def headings() -> Paper:
    """Areas and sections as lines of their own, headers again on every page, subtotals, a foot with names."""
    rows = truths(5, 70)
    truth: dict[str, Truth] = {}
    heads = ["序号", "工作任务", "责任领导", "牵头处室", "具体责任人", "完成时间", "目前状态", "备注"]

    def write(book: Any, day: Any) -> None:
        sheet = book.add_worksheet("台账")
        sheet.merge_range(0, 0, 0, 7, "挂图作战台账")
        r = 1
        for c, head in enumerate(heads):
            sheet.write(r, c, head)
        r += 1
        area = section = ""
        number = 0
        for n, row in enumerate(rows):
            said = row.said
            if said["area"] != area:
                area, number = said["area"], number + 1
                sheet.merge_range(r, 0, r, 7, f"{'一二三四五六七八'[number - 1]}、{area}（12分）")
                r += 1
            if said["section"] != section:
                section = said["section"]
                sheet.merge_range(r, 0, r, 7, f"（{'一二三四五六七八'[n % 8]}）{section}")
                r += 1
            if n and n % 25 == 0:
                for c, head in enumerate(heads):
                    sheet.write(r, c, head)
                r += 1
            for c, value in enumerate(
                [
                    n + 1,
                    f"{said['title']}。{said['requirement']}",
                    said["leader"],
                    said["lead"],
                    f"{said['person']} 13800138000",
                    said["due"],
                    said["state"],
                    "",
                ]
            ):
                put(sheet, r, c, value, day)
            truth[at("台账", r)] = row
            r += 1
        sheet.write(r, 0, "小计")
        sheet.write(r, 1, "70项")
        sheet.write(r + 2, 0, "填表人：张伟民")
        sheet.write(r + 2, 4, "审核人：高建国")

    return Paper(workbook(write), truth)


def problems() -> Paper:
    """问题整改销号表: nothing of it is in the standard."""
    asked = [
        ("市文明办检查", "一楼大厅禁烟标识脱落", "恢复标识", "重新张贴禁烟标识并加强巡查", "办公室", "创建办", "张伟民", "6月15日", "已重新张贴", "2020-06-08", "accepted"),
        ("群众来信", "停车场非机动车乱停放", "规范停放", "施划停车线，安排志愿者引导", "机关服务中心", "机关工会", "冯雪", "6月30日", "正在施划", "", None),
        ("自查", "食堂反对浪费标语不够醒目", "更换标语", "重新设计制作", "机关服务中心", "", "冯雪", "7月底", "", "", None),
    ]  # fmt: skip
    truth: dict[str, Truth] = {}

    def write(book: Any, day: Any) -> None:
        sheet = book.add_worksheet("问题台账")
        heads = [
            "序号",
            "问题来源",
            "问题描述",
            "整改目标",
            "整改措施",
            "责任领导",
            "牵头处室",
            "配合处室",
            "责任人",
            "整改时限",
            "进展",
            "佐证",
            "验收意见",
            "销号时间",
            "备注",
        ]
        for c, head in enumerate(heads):
            sheet.write(1, c, head)
        sheet.write(0, 0, "问题整改销号台账")
        dues = [date(2020, 6, 15), date(2020, 6, 30), date(2020, 7, 31)]
        people = {"张伟民": 101, "冯雪": 112}
        for n, (source, what, aim, how, lead, helper, person, due, progress, closed, _) in enumerate(asked):
            for c, value in enumerate(
                [
                    n + 1,
                    source,
                    what,
                    aim,
                    how,
                    "高建国",
                    lead,
                    helper,
                    person,
                    due,
                    progress,
                    "照片",
                    "",
                    closed,
                    "",
                ]
            ):
                put(sheet, 2 + n, c, value, day)
            state = "closed" if closed else "doing" if progress else None
            truth[at("问题台账", 2 + n)] = Truth(None, state, (people[person],), dues[n])

    return Paper(workbook(write), truth)


def phones() -> Paper:
    """Short titles only, people with phones and AB角, unit and person in one column, serials of dates, shares."""
    rows = truths(7, 50, 100)
    truth: dict[str, Truth] = {}

    def write(book: Any, day: Any) -> None:
        sheet = book.add_worksheet("6月")
        for c, head in enumerate(["编号", "事项名称", "责任单位及责任人", "完成期限", "完成进度"]):
            sheet.write(0, c, head)
        for n, row in enumerate(rows):
            said = row.said
            who = [
                f"{said['lead']} {said['person']}",
                f"{said['lead']}（{said['person']}）",
                f"{said['lead']}：{said['person']}",
                f"{said['lead']}{said['person']}",
            ][n % 4]
            for c, value in enumerate([said["no"], said["title"], who, said["due"], said["state"]]):
                put(sheet, 1 + n, c, value, day)
            truth[at("6月", 1 + n)] = row

    return Paper(workbook(write), truth)


def paraphrased() -> Paper:
    """Requirements cut short or said a little otherwise, numbers slipped in front."""
    rows = truths(8, 100, 120)
    truth: dict[str, Truth] = {}
    dice = Random(88)

    def write(book: Any, day: Any) -> None:
        sheet = book.add_worksheet("工作台账")
        for c, head in enumerate(["序", "方面", "主要任务", "落实部门", "负责人", "什么时候完成", "状态"]):
            sheet.write(0, c, head)
        for n, row in enumerate(rows):
            said = row.said
            full = said["requirement"]
            text = [
                f"{n + 1}.{said['title']}",
                f"{said['title']}：{full[:18]}……",
                full.replace("，", "、").replace("形成", "要有"),
                full[: max(14, len(full) * 2 // 3)],
            ][dice.randrange(4)]
            for c, value in enumerate(
                [n + 1, said["area"], text, said["lead"], said["person"], said["due"], said["state"]]
            ):
                put(sheet, 1 + n, c, value, day)
            truth[at("工作台账", 1 + n)] = row

    return Paper(workbook(write), truth)


def several_departments() -> Paper:
    """One matter over several rows by merging, one row for each department."""
    chosen = [item("1.1.1"), item("1.2.1"), item("2.1.1"), item("3.1.1")]
    truth: dict[str, Truth] = {}

    def write(book: Any, day: Any) -> None:
        sheet = book.add_worksheet("分工")
        for c, head in enumerate(["测评项目", "测评标准", "责任单位", "责任人", "完成时限", "状态"]):
            sheet.write(0, c, head)
        r = 1
        for one in chosen:
            who = [("办公室", "张伟民", 101, 1), ("人事处", "陈立", 105, 4), ("财务处", "孙丽华", 108, 5)]
            merge(sheet, r, 0, r + 2, 0, one.area)
            merge(sheet, r, 1, r + 2, 1, f"{one.title}：{one.requirement}")
            merge(sheet, r, 4, r + 2, 4, "6月底")
            for lead, person, pk, unit in who:
                put(sheet, r, 2, lead, day)
                put(sheet, r, 3, person, day)
                put(sheet, r, 5, "进行中", day)
                truth[at("分工", r)] = Truth(one.id, "doing", (pk,), date(2020, 6, 30), unit)
                r += 1

    return Paper(workbook(write), truth)


def comma_separated() -> Paper:
    """A csv in GBK, as an old system exports it."""
    rows = truths(10, 40, 200)
    lines = ["序号,年度,层级,测评项目,测评标准,单位,测评方法,测评分值,测评内容,开展工作情况"]
    truth: dict[str, Truth] = {}
    for n, row in enumerate(rows):
        said = row.said
        flat = f"{said['title']}：{said['requirement']}".replace(",", "，")
        lines.append(
            f"{n + 1},2020,单位,{said['area']},{flat},{said['lead']},材料审核,{said['points']},{said['section']},已完成。5月召开会议研究。"
        )
        truth[at("台账", n + 1)] = Truth(row.item, "accepted", (), None, row.lead)
    return Paper("\r\n".join(lines).encode("gb18030"), truth, "台账.csv")


def plain_words() -> Paper:
    """Headers in everyday words, months across."""
    rows = truths(11, 60, 20)
    truth: dict[str, Truth] = {}

    def write(book: Any, day: Any) -> None:
        sheet = book.add_worksheet("表一")
        sheet.write(0, 0, "干部职工都来看")
        for c, head in enumerate(
            ["干什么", "怎么干", "谁牵头", "谁负责", "什么时候干完", "干完没有", "1月", "2月", "3月"]
        ):
            sheet.write(2, c, head)
        for n, row in enumerate(rows):
            said = row.said
            for c, value in enumerate(
                [
                    said["title"],
                    said["requirement"],
                    said["lead"],
                    said["person"],
                    said["due"],
                    said["state"],
                    "√",
                    "",
                    "",
                ]
            ):
                put(sheet, 3 + n, c, value, day)
            truth[at("表一", 3 + n)] = row

    return Paper(workbook(write), truth)


def codes_only() -> Paper:
    """Roman and circled forms of codes before short names; Ⅰ-级 columns."""
    rows = truths(12, 60, 40)
    truth: dict[str, Truth] = {}

    def write(book: Any, day: Any) -> None:
        sheet = book.add_worksheet("台账")
        for c, head in enumerate(
            ["Ⅰ级指标", "Ⅱ级指标", "Ⅲ级指标", "责任科室", "承办人", "办结时限", "当前进度", "完成说明"]
        ):
            sheet.write(0, c, head)
        for n, row in enumerate(rows):
            said = row.said
            a, b, c_ = said["code"].split(".")
            code = [f"{'ⅠⅡⅢⅣⅤⅥⅦⅧ'[int(a) - 1]}-{b}-{c_})", f"{a}-{b}-{c_}", f"{a}．{b}．{c_}", said["no"]][
                n % 4
            ]
            for c, value in enumerate(
                [
                    said["area"],
                    said["section"],
                    f"{code} {said['title']}",
                    said["lead"],
                    said["person"],
                    said["due"],
                    said["state"],
                    "",
                ]
            ):
                put(sheet, 1 + n, c, value, day)
            truth[at("台账", 1 + n)] = row

    return Paper(workbook(write), truth)


SHAPES = [
    decomposed, two_rows, by_area, by_department, headings, problems, phones, paraphrased, several_departments,
    comma_separated, plain_words, codes_only,
]  # fmt: skip

__all__ = ["SHAPES", "YEAR", "Paper", "Truth"]
