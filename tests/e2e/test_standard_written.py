"""A standard written from nothing by keyboard alone; a sample copied and changed; a revision compared, saved, exported
to Excel and JSON, and read back the same through the upload page."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from .conftest import Site
from .test_standard_grid import paste
from .visitor import PHONE, Visitor

AREAS = ("组织领导（5分）", "思想建设（5分）", "为民服务（5分）")
NAME = "键盘写的标准"


@pytest.fixture
def clerk(browser: Browser, demo_site: Site) -> Visitor:
    visitor = Visitor(browser, demo_site.url)
    visitor.log_in("demo-chuangjianban", "yanshi-2020")
    return visitor


def tab_to(visitor: Visitor, role: str, name: str, key: str = "Tab") -> None:
    """Press KEY until the thing called NAME has the focus, as somebody without a mouse does."""
    goal = visitor.page.get_by_role(role, name=name, exact=False).first  # type: ignore[arg-type]
    for _ in range(80):
        if goal.evaluate("one => one === document.activeElement"):
            return
        visitor.page.keyboard.press(key)
    raise AssertionError(f"{name} is not reached by {key}")


def grid(visitor: Visitor) -> list[list[str]]:
    rows: list[list[str]] = visitor.page.evaluate(
        "[...document.querySelectorAll('.cells.live tbody tr')].map(tr => [...tr.cells].map(td => td.textContent))"
    )
    return rows


def settled(visitor: Visitor) -> None:
    said = visitor.page.locator(".gridsaid")
    expect(said).to_contain_text("已保存")
    expect(said).not_to_contain_text("正在保存")


def cell(visitor: Visitor, title: str, column: str) -> None:
    """Click the cell COLUMN of the row called TITLE."""
    page = visitor.page
    heads = page.locator(".cells.live thead th").all_text_contents()
    rows = grid(visitor)
    r = next(n for n, row in enumerate(rows) if row[heads.index("名称")] == title)
    page.locator(f"#g-{r}-{heads.index(column)}").click()


def exported(visitor: Visitor, button: str, folder: Path) -> Path:
    with visitor.page.expect_download() as wait:
        visitor.page.get_by_role("link", name=button).click()
    path = folder / wait.value.suggested_filename
    wait.value.save_as(path)
    return path


def save_as(visitor: Visitor, **said: str) -> None:
    page = visitor.page
    for name, text in said.items():
        page.locator(f"#id_{name}").fill(text)
    page.get_by_role("button", name="保存为标准").click()
    page.wait_for_url(re.compile(r"/standards/\d+/"))


def test_written_from_nothing_by_keyboard_alone(clerk: Visitor) -> None:
    page, keys = clerk.page, clerk.page.keyboard
    clerk.go("/standards/")
    tab_to(clerk, "link", "新建标准")
    keys.press("Enter")
    page.wait_for_url(re.compile("write/"))
    tab_to(clerk, "textbox", "标准名称")
    keys.type(NAME)
    keys.press("Tab")
    keys.press("Tab")
    for n, area in enumerate(AREAS):
        if n:
            keys.press("Enter")
        keys.type(area)
    tab_to(clerk, "button", "开始编写")
    keys.press("Enter")
    page.wait_for_url(re.compile(r"drafts/\d+/grid/"))
    expect(page.locator(".cells.live tbody tr")).to_have_count(3)
    # the first area row by row, with a requirement of two lines and a rule in words
    for n in range(1, 6):
        keys.press("Control+Enter")
        keys.type(f"组织事项{n}")
        keys.press("Tab")
        keys.type("每季度研究一次")
        keys.press("Alt+Enter")
        keys.type("有会议纪要")
        keys.press("Tab")
        keys.type("1")
        keys.press("Tab")
        keys.type("办公室")
        keys.press("Enter")
        keys.press("ArrowUp")
    settled(clerk)
    for _ in range(5):
        keys.press("ArrowRight")
    keys.type("每缺一次会议扣0.5分，扣完为止")
    keys.press("Enter")
    expect(page.locator(".gridsaid")).to_contain_text("计分读成：每缺一次会议扣 0.5 分，扣完为止")
    # the second as a block from a spreadsheet, onto the empty group
    for _ in range(8):
        keys.press("ArrowLeft")
    assert page.locator("td.now").text_content() == "思想建设"
    paste(clerk, "".join(f"思想事项{n}\t要求{n}\t1\n" for n in range(1, 6)))
    expect(
        page.locator("td", has_text="思想事项5")
    ).to_be_visible()  # what was said of it gives way to 已保存
    # the third: one item, written, and copied
    keys.press("Control+End")
    keys.press("Home")
    keys.press("ArrowRight")
    keys.press("Control+Enter")
    keys.type("服务事项1")
    keys.press("Tab")
    keys.press("Tab")
    keys.type("1")
    keys.press("Tab")
    settled(clerk)
    for n in range(2, 6):
        keys.press("Alt+c")
        settled(clerk)
        keys.type(f"服务事项{n}")
        keys.press("Enter")
        settled(clerk)
    rows = [row[:4] for row in grid(clerk)]
    assert [row[0] for row in rows] == ["1", *(f"1.{n}" for n in range(1, 6)), "2", *(f"2.{n}" for n in range(1, 6)),
                                        "3", *(f"3.{n}" for n in range(1, 6))]  # fmt: skip
    assert [row[1] for row in rows[13:]] == [f"服务事项{n}" for n in range(1, 6)]
    # a row too many, taken out, put back, taken out; and one moved up and down again
    keys.press("Control+Enter")
    keys.type("多余的")
    keys.press("Enter")
    assert len(grid(clerk)) == 19 and page.locator("td.now").text_content() == "多余的"
    keys.press("Control+Delete")
    assert len(grid(clerk)) == 18
    keys.press("Control+z")
    assert len(grid(clerk)) == 19 and grid(clerk)[-1][1] == "多余的"
    keys.press("Control+Delete")
    keys.press("Control+Home")
    keys.press("ArrowDown")
    keys.press("Alt+ArrowDown")
    assert [row[1] for row in grid(clerk)[1:3]] == ["组织事项2", "组织事项1"]
    keys.press("Alt+ArrowUp")
    settled(clerk)
    shown = grid(clerk)
    page.reload()
    expect(page.locator(".cells.live tbody tr")).to_have_count(18)
    assert grid(clerk) == shown
    assert clerk.questions() == [] and clerk.latin() == []
    # on to the check and the last page
    keys.press("Control+Home")
    tab_to(clerk, "link", "下一步：核对", "Shift+Tab")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="全部指标")).to_be_visible()
    expect(page.get_by_text("没有要核对的")).to_be_visible()
    tab_to(clerk, "link", "下一步：保存 15 项")
    keys.press("Enter")
    tab_to(clerk, "button", "保存为标准，15 项")
    keys.press("Enter")
    page.wait_for_url(re.compile(r"/standards/\d+/"))
    expect(page.get_by_text("15 项").first).to_be_visible()
    assert clerk.calm() == []
    clerk.close()


def test_a_sample_is_copied_and_three_cells_changed(clerk: Visitor) -> None:
    page = clerk.page
    clerk.go("/standards/")
    page.get_by_role("link", name="职工之家创建标准（示例）").click()
    page.get_by_role("button", name="复制").click()
    page.wait_for_url(re.compile(r"drafts/\d+/grid/"))
    expect(page.locator("td.now")).to_be_visible()
    before = grid(clerk)
    leaf = int(page.locator("td.now").get_attribute("data-r") or 0)
    for n, text in enumerate(("头一项", "第二项", "第三项")):
        page.locator(f"#g-{leaf + n}-1").click()
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    settled(clerk)
    page.get_by_role("link", name="下一步：核对").click()
    page.get_by_role("link", name="下一步：保存").click()
    save_as(clerk, name="本局职工之家标准")
    after = page.locator("main").text_content() or ""
    assert all(text in after for text in ("头一项", "第二项", "第三项")) and len(before) > 40
    assert clerk.calm() == []
    clerk.close()


def test_a_revision_shows_its_three_changes_and_comes_back_the_same(clerk: Visitor, tmp_path: Path) -> None:
    page = clerk.page
    begin(clerk, "复制", "职工之家创建标准（示例）")
    page.get_by_role("link", name="下一步：核对").click()
    page.get_by_role("link", name="下一步：保存").click()
    save_as(clerk, name="要修订的标准", label="2025年版")
    page.get_by_role("button", name="修订").click()
    page.wait_for_url(re.compile(r"drafts/\d+/grid/"))
    leaf = int(page.locator("td.now").get_attribute("data-r") or 0)
    for n, text in enumerate(("改过的头一项", "改过的第二项", "改过的第三项")):
        page.locator(f"#g-{leaf + n}-1").click()
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    settled(clerk)
    page.get_by_role("link", name="下一步：核对").click()
    page.get_by_role("link", name="下一步：新旧对照").click()
    counts = re.sub(r"\s+", "", page.locator(".cmp-sums").text_content() or "")
    assert re.search(r"有改动3|3.{0,3}有改动", counts), counts
    page.get_by_role("link", name="下一步：保存").click()
    expect(page.locator("#id_label")).to_have_value("2026年版")
    expect(page.locator("#id_name")).to_be_disabled()
    page.get_by_role("button", name="保存为标准").click()
    page.wait_for_url(re.compile(r"/standards/\d+/\?edition"))
    whole = exported(clerk, "导出 JSON", tmp_path)
    wanted = told(whole)
    for n, path in enumerate((whole, exported(clerk, "导出 Excel", tmp_path)), start=1):
        clerk.go("/standards/import/")
        page.set_input_files("input[type=file]", path)
        page.get_by_role("button", name="上传并读取").click()
        page.wait_for_url(re.compile(r"drafts/\d+"))
        clerk.go(f"{page.url.split('?')[0]}?step=save")
        expect(page.locator("#id_label")).to_have_value("2026年版")
        save_as(clerk, name=f"读回来的标准{n}")
        assert told(exported(clerk, "导出 JSON", tmp_path)) == wanted
    assert clerk.calm() == []
    clerk.close()


def test_on_a_phone_the_grid_is_a_form_of_cards(clerk: Visitor) -> None:
    page = clerk.page
    begin(clerk, "复制", "职工之家创建标准（示例）")
    clerk.resize(PHONE)
    page.reload()
    expect(page.locator(".cells.live")).to_have_count(0)
    page.locator("input[name$='|title']").nth(1).fill("手机上改的")
    page.get_by_role("button", name="加一项").nth(1).click()
    page.wait_for_url(re.compile("#r-"))
    assert "手机上改的" in [one.input_value() for one in page.locator("input[name$='|title']").all()]
    assert clerk.questions() == [] and clerk.calm() == []
    clerk.close()


def begin(clerk: Visitor, how: str, name: str) -> None:
    clerk.go("/standards/")
    clerk.page.get_by_role("link", name=name).click()
    clerk.page.get_by_role("button", name=how).click()
    clerk.page.wait_for_url(re.compile(r"drafts/\d+/grid/"))
    expect(clerk.page.locator("td.now")).to_be_visible()


def told(path: Path) -> dict[str, Any]:
    """What a file of ours says, but for the name of the standard."""
    return {**json.loads(path.read_text(encoding="utf-8")), "name": ""}
