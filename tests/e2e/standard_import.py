"""The clerk before the import of a standard: what every walk does there, and the two files of the standard's walk."""

import re
from pathlib import Path

from playwright.sync_api import Locator, expect

from .papers import OUTLINE, PARTY, UNION, first_edition
from .walk import CLERK, Someone, Walk


def bring_file(person: Someone, file: Path) -> None:
    person.page.set_input_files("input[name=file]", file)
    person.press("上传并读取")


def line_of(person: Someone, words: str) -> Locator:
    """The line of 要核对的地方 that says WORDS."""
    return person.page.locator("#doubts tr", has_text=words)


def back_to_all(person: Someone) -> None:
    person.follow("回到全部")
    expect(person.page.get_by_role("heading", name="识别结果")).to_be_visible()  # only the part was exchanged


def open_node(person: Someone, title: str) -> None:
    person.page.locator("a.lv3", has_text=title).first.click()
    expect(person.page.get_by_role("heading", name="改一项")).to_be_visible()


def import_the_outline(walk: Walk) -> None:
    """The clerk: an outline of running text, mended where it is doubtful, piece by piece."""
    with walk.someone(CLERK) as clerk:
        page = clerk.page
        clerk.go("/standards/import/")
        bring_file(clerk, first_edition(walk.folder))
        clerk.reads("要核对的地方", "27 项", "督察科")
        clerk.snap("outline-import")
        # a place of the text and its line of the tree are found from each other
        line_of(clerk, "经费保障").get_by_role("link", name="正文 第23段").click()
        expect(page.locator(".paras .at")).to_contain_text("4.经费保障")
        expect(page.get_by_role("heading", name="改一项")).to_be_visible()
        back_to_all(clerk)
        line_of(clerk, "经费保障").get_by_role("button", name="填 3").click()
        clerk.reads("已改")
        row = line_of(clerk, "督察科")
        row.get_by_label("改成哪个处室").fill("督查室")
        row.get_by_role("button", name="改为", exact=True).click()
        clerk.reads("已改为“督查室”")
        # one item in two: the points of each are written by hand
        open_node(clerk, "读书活动")
        page.get_by_text("拆成几项").click()
        split = page.locator("#split")
        for n, title, points in ((1, "读书交流", "2"), (2, "心得集", "1")):
            split.get_by_label(f"第 {n} 小项的名称").fill(title)
            split.get_by_label(f"第 {n} 小项的分值").fill(points)
        split.get_by_role("button", name="拆分", exact=True).click()
        clerk.reads("已拆成 2 项")
        # one to where it belongs
        back_to_all(clerk)
        open_node(clerk, "健康讲座")
        page.get_by_text("移动", exact=True).click()
        page.get_by_label("放到哪一组").select_option(label="2.2 道德建设")
        clerk.press("移到那里")
        clerk.reads("已移")
        # the sums that differ are taken as they are added up
        page.locator("#doubts").get_by_role("button", name="全部按建议处理").click()
        clerk.reads("请确认 0")
        clerk.follow("下一步：核对含义")
        clerk.reads("读成的意思")
        clerk.press(re.compile("确认本页确定的"))
        clerk.reads("已确认")
        clerk.snap("standard-meaning")
        clerk.press(re.compile("确认全部确定的"))
        page.get_by_role("row", name=re.compile("创建工作方案.*周期频次")).get_by_role(
            "button", name="确认", exact=True
        ).click()
        clerk.reads("已确认：1.1.2 的周期频次")
        # one cell by the keyboard: how often 网络学习 is due
        clerk.follow("3 核对")
        clerk.follow("表格编辑")
        cell = page.locator("tr", has_text="网络学习").locator("td", has_text="没有写").first
        expect(page.locator(".cells.live tbody tr").first).to_be_visible()
        cell.click()
        page.keyboard.type("每年", delay=30)  # sign by sign: no other option may be taken on the way
        page.keyboard.press("Enter")
        expect(page.locator(".gridsaid")).to_contain_text("已保存")
        expect(page.locator("tr", has_text="网络学习").locator("td").nth(5)).to_have_text("每年")
        clerk.snap("standard-grid")
        clerk.follow("下一步：核对含义")
        clerk.follow("下一步：保存 28 项")
        page.get_by_label("标准名称").fill(OUTLINE)
        page.locator("#id_label").fill("2018年版")
        clerk.press("保存为标准，28 项")
        clerk.reads(f"已保存《{OUTLINE}》")


def import_the_workbook(walk: Walk) -> None:
    """An old workbook: the summary is passed over, and 说明 turns out to be the evidence that is asked for."""
    with walk.someone(CLERK) as clerk:
        page = clerk.page
        clerk.go("/standards/import/")
        bring_file(clerk, UNION)
        if "step=columns" not in page.url:
            clerk.follow("2 对列")
        clerk.reads("得分汇总", "是得分或结果表，没有读")
        page.get_by_label("F 列是").select_option(label="材料要求")
        clerk.press("按这样重新读")
        clerk.reads("已按新的含义重新读取：12 项，合计 100 分")
        clerk.follow("下一步：核对 12 项")
        clerk.follow("下一步：核对含义")
        clerk.reads("学习记录", "照片（图片")
        clerk.press(re.compile("确认全部确定的"))
        clerk.follow("下一步：保存 12 项")
        page.get_by_label("标准名称").fill(PARTY)
        page.locator("#id_label").fill("2018年版")
        page.get_by_label("归口").select_option(label="机关党建")
        clerk.press("保存为标准，12 项")
        clerk.reads(f"已保存《{PARTY}》")
