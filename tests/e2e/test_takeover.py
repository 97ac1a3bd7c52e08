"""Mid-year: an office's own spreadsheet and its folder of files are taken over, looked at and saved; then a liaison hands in
on what was taken over, and a second, small file is taken back.
"""

from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile

import xlsxwriter
from playwright.sync_api import Browser, expect

from .conftest import serve
from .materials import GROUPS, STANDARD, minutes, photograph
from .visitor import PHONE
from .walk import AGENCY, CLERK, LIAISON, Someone, Walk, account, found_the_agency, open_item, verify

TODAY = "2026-06-10"
TOPIC = "党组专题研究创建工作"
HEADS = ["序号", "工作任务", "责任单位", "完成时限", "状态", "工作进展", "备注"]


def set_up(walk: Walk) -> dict[str, Any]:
    """The roster, the groups, a campaign with its ledger: what stands on the first day. The items by title."""
    found_the_agency(walk)
    walk.site.run("roster", "import", GROUPS, "--agency", AGENCY)
    walk.site.run(
        "campaign", "start", "--unit", AGENCY, "--standard", STANDARD, "--from", "2024", "--to", "2026", "--open", "2026",
        "--assessed-on", "2026-11-30",
    )  # fmt: skip
    account(walk, LIAISON)
    found: dict[str, Any] = walk.site.play("items_of(2026)")
    return found


def kept_by_hand(path: Path, once: list[tuple[str, str]]) -> Path:
    """The office's ledger: a title over it, a head of two rows, one state in words of its own, a merged area."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("创建台账")
        sheet.merge_range(0, 0, 0, 6, "2026年文明创建工作台账（截至6月）")
        sheet.write_row(2, 0, HEADS)
        rows = [
            ["1", TOPIC, "", "", "推进中", "上半年已安排", ""],
            ["2", once[0][0], once[0][1], "2026-03-31", "已完成", "3月已办", "原件在综合科"],
            ["3", once[1][0], once[1][1], "2026.9.15", "办到一大半", "", ""],
            ["4", once[2][0], once[2][1], "", "不适用", "", "本单位没有这项职能"],
            ["5", "食堂油烟净化设备更新", once[0][1], "2026年9月底", "进行中", "已招标", "机关自己的事"],
        ]
        for n, row in enumerate(rows, 3):
            sheet.write_row(n, 0, row)
    return path


def named_in_gbk(path: Path, files: dict[str, bytes]) -> Path:
    """A zip as Windows in Chinese makes it: names in GBK, and nothing that says so."""
    target, names = BytesIO(), {}
    with ZipFile(target, "w", ZIP_STORED) as package:
        for n, (name, body) in enumerate(files.items()):
            raw = name.encode("gbk")
            stand_in = f"{n:02}".ljust(len(raw), "x")
            names[stand_in.encode()] = raw
            package.writestr(stand_in, body)
    data = target.getvalue()
    for stand_in, raw in names.items():
        assert data.count(stand_in) == 2
        data = data.replace(stand_in, raw)
    path.write_bytes(data)
    return path


def begin(clerk: Someone, ledger: Path, evidence: Path | None = None) -> None:
    clerk.go("/ledger/items/")
    clerk.reads("已有台账？")
    clerk.follow("接续过来")
    clerk.page.set_input_files("input[name=file]", ledger)
    if evidence:
        clerk.page.set_input_files("input[name=files]", evidence)
    clerk.press("上传并读取")
    clerk.reads("每一列是什么")


def save(clerk: Someone) -> None:
    clerk.page.get_by_role("button", name="保存，接续").click()
    expect(clerk.page.get_by_text("已接续。")).to_be_visible(timeout=90_000)


def take_over(walk: Walk, ledger: Path, evidence: Path, own: str) -> None:
    with walk.someone(CLERK) as clerk:
        begin(clerk, ledger, evidence)
        clerk.snap("takeover-columns")
        clerk.follow("下一步：对行")
        clerk.reads("办到一大半", "食堂油烟净化设备更新")
        clerk.snap("takeover-rows")
        clerk.page.locator(".panel select").first.select_option(label="办理中")
        clerk.press("按这个意思重读")
        clerk.page.get_by_role("link", name="改第", exact=False).last.click()
        clerk.page.get_by_text("单独立项").first.wait_for()
        clerk.snap("takeover-row")
        clerk.follow("不改")
        clerk.follow("下一步：对材料")
        clerk.reads(own, "看不出来.txt")
        clerk.snap("takeover-files")
        clerk.follow("下一步：核对保存")
        clerk.reads("保存后会怎样")
        clerk.snap("takeover-save")
        save(clerk)
        clerk.snap("takeover-done")
        clerk.follow("食堂油烟净化设备更新")
        clerk.reads("原-2026-001", "原台账进展：已招标")


def look_on_the_telephone(walk: Walk, address: str) -> None:
    with walk.someone(CLERK, PHONE) as clerk:
        clerk.go(address)
        clerk.reads("撤回接续")
        clerk.snap("phone-takeover")


def hand_in(walk: Walk) -> None:
    """The liaison goes on where the office stood: what the spreadsheet called 推进中 is received and waits for him."""
    with walk.someone(LIAISON) as liaison:
        open_item(liaison, TOPIC)
        liaison.reads("办理中", "原台账进展：上半年已安排")
        liaison.follow("传新材料")
        liaison.page.get_by_label("时间").fill("2026-06-05")
        liaison.page.get_by_label("地点").fill("三楼会议室")
        liaison.page.get_by_label("人物").fill("局党组成员")
        liaison.page.get_by_label("主题").fill("专题研究创建工作")
        liaison.bring(
            [
                photograph(walk.folder / "一.jpg", "党组专题研究创建工作会议", (226, 219, 205)),
                photograph(walk.folder / "二.jpg", "党组会议　听取创建工作汇报", (210, 218, 224)),
                minutes(walk.folder / "党组会议纪要.txt", "党组会议纪要：研究全国文明单位创建工作。"),
            ]
        )
        liaison.page.get_by_label("完成情况").fill("6月5日召开党组会议专题研究创建工作。")
        liaison.page.locator("form .sticky").get_by_role("button", name="提交").click()
        liaison.reads("已提交")


def take_back(walk: Walk, small: Path, title: str) -> None:
    """Another small file, saved by mistake and given back at once."""
    with walk.someone(CLERK) as clerk:
        clerk.go("/ledger/items/?source=any")
        clerk.follow("接续台账")
        clerk.page.set_input_files("input[name=file]", small)
        clerk.press("上传并读取")
        clerk.follow("下一步：对行")
        clerk.follow("下一步：对材料")
        clerk.follow("下一步：核对保存")
        save(clerk)
        clerk.page.locator("summary", has_text="撤回接续").click()
        clerk.page.get_by_role("button", name="撤回接续").click()
        clerk.reads("台账与接续前一样")
    assert walk.site.play("items_of(2026)")[title]["status"] == "pending"


def test_a_ledger_in_mid_year_is_taken_over_and_worked_on(
    browser: Browser, tmp_path: Path, readme: Any
) -> None:
    walk = Walk(browser, tmp_path / "site", tmp_path, readme)
    with serve(walk.home, demo=False, today=TODAY) as site:
        walk.site = site
        items = set_up(walk)
        once = [
            (title, one["lead"]) for title, one in items.items()
            if len(one["slots"]) == 1 and one["lead"] and one["status"] == "pending" and len(title) > 6
        ]  # fmt: skip
        ledger = kept_by_hand(tmp_path / "我局创建台账.xlsx", once)
        own = f"{once[0][0]}.txt"
        evidence = named_in_gbk(
            tmp_path / "材料.zip", {f"材料/{own}": "已办材料".encode(), "材料/看不出来.txt": "？".encode()}
        )
        take_over(walk, ledger, evidence, own)
        look_on_the_telephone(walk, "/ledger/takeovers/1/")
        hand_in(walk)
        after = site.play("items_of(2026)")
        assert after[once[0][0]]["status"] == "closed" and after[once[1][0]]["status"] == "doing"
        assert (after[once[2][0]]["status"], after[once[2][0]]["reason"]) == ("waived", "本单位没有这项职能")
        with xlsxwriter.Workbook(tmp_path / "小表.xlsx") as book:
            sheet = book.add_worksheet("台账")
            sheet.write_row(0, 0, HEADS)
            sheet.write_row(1, 0, ["1", once[3][0], once[3][1], "", "已完成", "", ""])
            sheet.write_row(2, 0, ["2", once[4][0], once[4][1], "", "进行中", "", ""])
        take_back(walk, tmp_path / "小表.xlsx", once[3][0])
        verify(walk)
    assert not walk.faults, "\n".join(walk.faults)
