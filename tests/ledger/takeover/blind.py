"""Four odd ledgers, written without looking at the reader, as four other offices might keep them."""

import io
from datetime import date
from typing import Any

import docx

from .office import name_of
from .shapes import Paper, Truth, at, merge, put, truths, workbook


def liaison_office() -> Paper:
    """Header in the sixth line; 牵头 and 配合 in one cell, people with phones behind a stroke, 是/否 for struck off."""
    rows = truths(21, 45, 150)
    days = [("2020/6/30前", date(2020, 6, 30)), ("每季度末月25日前", None), ("上半年6月20日前", date(2020, 6, 20)), ("12月31日", date(2020, 12, 31)),
            ("2020年第三季度", date(2020, 9, 30)), ("全年", None), ("随时", None), ("七月底", date(2020, 7, 31)), ("11月上旬", date(2020, 11, 10))]  # fmt: skip
    truth: dict[str, Truth] = {}

    def write(book: Any, day: Any) -> None:
        sheet = book.add_worksheet("创建任务")
        sheet.merge_range(0, 0, 1, 9, "××局创建全国文明单位工作任务台账（2020年度）")
        sheet.write(2, 0, "牵头处室：创建办")
        sheet.write(2, 6, "制表时间：2020年6月5日")
        sheet.merge_range(3, 0, 3, 9, "说明：请各处室于每月底前更新“落实情况”一栏，已完成的填“是”。")
        heads = [
            "类别",
            "项目名称",
            "任务内容及标准",
            "责任处（科）室\n（牵头/配合）",
            "承办人/联系电话",
            "完成时间要求",
            "落实情况",
            "佐证材料名称",
            "督办意见",
            "是否销号（是/否）",
        ]
        for c, head in enumerate(heads):
            sheet.write(5, c, head)
        for n, row in enumerate(rows):
            r, said = 6 + n, row.said
            shown, due = days[n % len(days)]
            unit = said["lead"]
            other = "人事处" if unit != "人事处" else "财务处"
            who = f"牵头：{unit}\n配合：{other}、督查室" if n % 2 else unit
            struck = "是" if n % 3 == 0 else "否"
            progress = "已召开会议部署" if n % 3 else "已完成，材料已归档"
            for c, value in enumerate(
                [
                    said["area"],
                    said["section"],
                    f"{said['title']}（{said['points']}分）\n{said['requirement']}",
                    who,
                    f"{said['person']}/1380000{n:04}",
                    shown,
                    progress,
                    said["needs"],
                    "",
                    struck,
                ]
            ):
                put(sheet, r, c, value, day)
            state = "accepted" if n % 3 == 0 else "pending"
            truth[at("创建任务", r)] = Truth(row.item, state, row.people, due, row.lead)

    return Paper(workbook(write), truth)


def word_table() -> Paper:
    """A table in a Word document, with sentences for states."""
    rows = truths(22, 30, 10)
    said_states = [("已完成", "accepted"), ("正在推进，预计7月完成", "doing"), ("暂未开展，待疫情结束后开展", "pending"), ("已于5月完成并报创建办", "accepted"), ("长期坚持，每月开展", "doing")]  # fmt: skip
    paper = docx.Document()
    paper.add_heading("创建全国文明单位任务清单", 0)
    paper.add_paragraph("根据《实施方案》，制定本清单。")
    heads = ["序号", "测评指标", "工作任务", "责任领导", "责任部门", "责任人", "完成时限", "进展情况", "备注"]
    table = paper.add_table(1, len(heads))
    for c, head in enumerate(heads):
        table.rows[0].cells[c].text = head
    truth: dict[str, Truth] = {}
    for n, row in enumerate(rows):
        said = row.said
        text, state = said_states[n % 5]
        due = date(2020, 7, 31) if n % 2 else None
        cells = table.add_row().cells
        for c, value in enumerate(
            [
                n + 1,
                said["title"],
                said["requirement"],
                "高建国",
                said["lead"],
                f"{said['person']}同志",
                "7月底" if n % 2 else "长期坚持",
                text,
                "",
            ]
        ):
            cells[c].text = str(value)
        truth[at("表1", n + 3)] = Truth(row.item, state, row.people, due, row.lead)
    out = io.BytesIO()
    paper.save(out)
    return Paper(out.getvalue(), truth, "任务清单.docx")


def by_leader() -> Paper:
    """Grouped by leader and department in merged cells; colours for states with a legend below; names set wide."""
    rows = sorted(truths(23, 60, 60), key=lambda row: row.lead or 0)
    colours = {"accepted": "#92D050", "doing": "#FFFF00", "pending": "#FF0000"}
    truth: dict[str, Truth] = {}

    def write(book: Any, day: Any) -> None:
        sheet = book.add_worksheet("Sheet1")
        sheet.merge_range(0, 0, 0, 6, "领导班子成员包抓责任清单")
        for c, head in enumerate(
            ["包抓领导", "责任处室", "序号", "包抓事项", "直接责任人", "时限", "进展标识"]
        ):
            sheet.write(1, c, head)
        merge(sheet, 2, 0, 1 + len(rows), 0, "高建国")
        start = 0
        for n in range(1, len(rows) + 1):
            if n == len(rows) or rows[n].lead != rows[start].lead:
                merge(sheet, 2 + start, 1, 1 + n, 1, name_of(rows[start].lead or 1))
                start = n
        for n, row in enumerate(rows):
            r, said = 2 + n, row.said
            state = ["accepted", "doing", "pending"][n % 3]
            wide = " ".join(said["person"]) if len(said["person"]) == 2 else said["person"]
            for c, value in enumerate(
                [n + 1, f"{said['title']}", wide, "12.31" if n % 2 else date(2020, 9, 1)], 2
            ):
                put(sheet, r, c, value, day)
            sheet.write_blank(r, 6, None, book.add_format({"bg_color": colours[state]}))
            truth[at("Sheet1", r)] = Truth(
                row.item, state, row.people, date(2020, 12, 31) if n % 2 else date(2020, 9, 1), row.lead
            )
        sheet.write(3 + len(rows), 0, "注：绿色表示已完成，黄色表示正在推进，红色表示尚未启动。")

    return Paper(workbook(write), truth)


def quarters() -> Paper:
    """Progress by quarter, 主办 and 协办, A角 and B角, marks behind the words, subtotals of sections."""
    rows = truths(24, 50, 205)
    words = [("已结✔", "accepted"), ("在办", "doing"), ("未办", "pending"), ("不涉及本单位", "waived")]
    truth: dict[str, Truth] = {}

    def write(book: Any, day: Any) -> None:
        sheet = book.add_worksheet("总台账")
        heads = [
            "指标代码",
            "二级指标",
            "三级指标",
            "主办",
            "协办",
            "A角",
            "B角",
            "一季度进展",
            "二季度进展",
            "时间节点",
            "办理结果",
        ]
        for c, head in enumerate(heads):
            sheet.write(0, c, head)
        r, section = 1, rows[0].said["section"]
        for n, row in enumerate(rows):
            said = row.said
            if said["section"] != section:
                sheet.write(r, 1, f"{section}小计")
                sheet.write(r, 9, "")
                section, r = said["section"], r + 1
            word, state = words[n % 4]
            b = "李晓梅" if row.lead == 1 and row.people != (102,) else ""
            people = (*row.people, 102) if b else row.people
            for c, value in enumerate(
                [
                    said["no"],
                    said["section"],
                    said["title"],
                    said["lead"],
                    "各处室",
                    said["person"],
                    b,
                    "已制定计划",
                    "按计划推进",
                    "10月31日前",
                    word,
                ]
            ):
                put(sheet, r, c, value, day)
            truth[at("总台账", r)] = Truth(row.item, state, people, date(2020, 10, 31), row.lead)
            r += 1

    return Paper(workbook(write), truth)


SHAPES = [liaison_office, word_table, by_leader, quarters]
