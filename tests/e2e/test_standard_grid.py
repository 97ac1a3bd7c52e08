"""表格编辑 by keyboard alone, in a real browser: every change is kept at once, nothing is lost when the network goes."""

import json
import re

import pytest
from playwright.sync_api import Browser, expect

from .conftest import ROOT, Site
from .visitor import PHONE, Visitor

SAMPLE = ROOT / "taizhang" / "standards" / "samples" / "civilised-unit.xlsx"


@pytest.fixture
def clerk(browser: Browser, demo_site: Site) -> Visitor:
    visitor = Visitor(browser, demo_site.url)
    visitor.log_in("demo-chuangjianban", "yanshi-2020")
    visitor.go("/standards/import/")
    visitor.page.set_input_files("input[type=file]", SAMPLE)
    visitor.page.get_by_role("button", name="上传并读取").click()
    visitor.page.wait_for_url(re.compile(r"drafts/\d+"))
    return visitor


def grid_of(visitor: Visitor) -> str:
    found = re.search(r"/standards/drafts/\d+/", visitor.page.url)
    assert found
    return f"{found.group()}grid/"


def test_grid_by_keyboard(clerk: Visitor) -> None:
    page = clerk.page
    address = grid_of(clerk)
    assert clerk.go(address) == 200
    expect(page.locator(".cells.live tbody tr")).to_have_count(304)

    def cell(r: int, c: int) -> str:
        return (page.locator(f"#g-{r}-{c}").text_content() or "").strip()

    def at() -> tuple[int, int]:
        one = page.locator("td.now")
        return int(one.get_attribute("data-r") or 0), int(one.get_attribute("data-c") or 0)

    saved = page.locator(".gridsaid")
    row, _ = at()
    assert (row, cell(row, 1)) == (2, "党组专题研究创建工作")
    # type to replace, enter goes down, escape leaves, F2 goes on with what stands there
    page.keyboard.type("改过的名称")
    page.keyboard.press("Enter")
    assert cell(row, 1) == "改过的名称" and at() == (row + 1, 1)
    page.keyboard.type("不要了")
    page.keyboard.press("Escape")
    assert cell(row + 1, 1) == "创建领导小组设置与调整" and at() == (row + 1, 1)
    page.keyboard.press("F2")
    page.keyboard.press("End")
    page.keyboard.type("（补）")
    page.keyboard.press("Tab")
    assert cell(row + 1, 1) == "创建领导小组设置与调整（补）" and at() == (row + 1, 2)
    expect(saved).to_contain_text("已保存")
    # a wrong number is red with its words, and stays as typed
    page.keyboard.type("三分")
    page.keyboard.press("Enter")
    expect(page.locator(f"#g-{row + 1}-2")).to_have_class(re.compile("bad"))
    page.keyboard.press("ArrowUp")
    expect(saved).to_contain_text("分值要写成数字")
    assert cell(row + 1, 2) == "三分"
    page.keyboard.type("0.4")
    page.keyboard.press("Enter")
    expect(page.locator(f"#g-{row + 1}-2")).not_to_have_class(re.compile("bad"))
    # an option by its first letters
    page.keyboard.press("Home")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    r, c = at()
    page.keyboard.type("事")
    page.keyboard.press("Enter")
    assert cell(r, c) == "事项触发"
    # fill down over four rows, then take it back
    page.keyboard.press("ArrowUp")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Control+d")
    assert [cell(r + n, c) for n in range(4)] == ["事项触发"] * 4
    page.keyboard.press("Control+z")
    assert [cell(r + n, c) for n in range(1, 4)] != ["事项触发"] * 3
    # a block from a spreadsheet over several cells
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    r, c = at()
    paste(clerk, "0.11\t法规处\n0.22\t机关党委\n")
    assert [(cell(r + n, c), cell(r + n, c + 1)) for n in range(2)] == [
        ("0.11", "法规处"),
        ("0.22", "机关党委"),
    ]
    expect(saved).to_contain_text("已保存")
    expect(saved).not_to_contain_text("正在保存")
    # copied as a spreadsheet takes it
    assert copied(clerk) == "0.11\t法规处\n0.22\t机关党委"
    # all of it is there on reloading
    expected = [[cell(n, m) for m in range(6)] for n in range(row, row + 6)]
    assert clerk.go(address) == 200
    expect(page.locator(".cells.live tbody tr")).to_have_count(304)
    assert [[cell(n, m) for m in range(6)] for n in range(row, row + 6)] == expected
    assert clerk.calm() == [] and clerk.questions() == []
    clerk.resize(PHONE)
    assert clerk.questions() == []
    clerk.close()


def test_a_refusal_is_said_until_its_own_cell_is_mended(clerk: Visitor) -> None:
    """Another cell that is kept a moment later does not take its words away; two of them are told one after the other."""
    page = clerk.page
    clerk.go(grid_of(clerk))
    expect(page.locator(".cells.live tbody tr")).to_have_count(304)
    said, alert = page.locator(".gridsaid"), page.locator(".gridsaid [role=alert]")
    code = (page.locator("#g-2-0").text_content() or "").strip()
    page.keyboard.press("Tab")
    page.keyboard.type("三分")
    page.keyboard.press("Enter")  # on in the next row, where the answer finds us
    expect(alert).to_contain_text("有 1 格不能保存，已标红")
    expect(alert).to_contain_text(f"{code} 分值：")
    expect(alert).to_contain_text("分值要写成数字")
    page.evaluate(
        "() => { window.told = []; new MutationObserver((all) => all.forEach(() => told.push(document.querySelector('.gridsaid [role=alert]').textContent)))"
        ".observe(document.querySelector('.gridsaid'), { childList: true, subtree: true, characterData: true }) }"
    )
    page.keyboard.type("0.37")
    page.keyboard.press("Enter")
    expect(page.locator("#g-3-2")).not_to_have_class(re.compile("todo|bad"))
    expect(said).to_contain_text("已保存")
    expect(alert).to_contain_text("分值要写成数字")
    told = page.evaluate("told")
    assert told and all("分值要写成数字" in one for one in told), "never gone in between"
    assert "bad" in (said.get_attribute("class") or "")
    # a second one is said, and the first again when the second is mended
    page.keyboard.type("很多")
    page.keyboard.press("Enter")
    expect(alert).to_contain_text("有 2 格不能保存")
    other = (page.locator("#g-4-0").text_content() or "").strip()
    expect(alert).to_contain_text(f"{other} 分值：")
    page.keyboard.press("ArrowUp")
    page.keyboard.type("0.5")
    page.keyboard.press("Enter")
    expect(alert).to_contain_text(f"{code} 分值：")
    expect(alert).to_contain_text("有 1 格不能保存")
    # its own cell: mended, and nothing is said any more
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    page.keyboard.type("0.2")
    page.keyboard.press("Enter")
    expect(alert).to_be_empty()
    expect(said).to_contain_text("已保存")
    # what was said of an act stays until the next one, too
    page.keyboard.press("Control+Home")
    page.keyboard.press("Alt+c")
    expect(said).to_contain_text("只能复制指标")
    page.keyboard.press("ArrowDown")
    expect(said).not_to_contain_text("只能复制指标")
    assert clerk.calm() == [] and clerk.questions() == []
    clerk.close()


def test_grid_keeps_what_could_not_be_sent(clerk: Visitor) -> None:
    page = clerk.page
    clerk.go(grid_of(clerk))
    expect(page.locator(".cells.live tbody tr")).to_have_count(304)
    clerk.context.set_offline(True)
    page.keyboard.type("断网时写的")
    page.keyboard.press("Enter")
    expect(page.locator(".gridsaid")).to_contain_text("没有存上：网络不通")
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.evaluate("location.reload()")
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    clerk.context.set_offline(False)
    expect(page.locator(".gridsaid")).to_contain_text("已保存", timeout=30_000)
    clerk.go(grid_of(clerk))
    expect(page.locator("#g-2-1")).to_have_text("断网时写的")
    clerk.calm()
    clerk.close()


def paste(visitor: Visitor, words: str) -> None:
    """As the browser does it on Ctrl+V, with a clipboard of our own."""
    visitor.page.evaluate(
        f"""() => {{ const data = new DataTransfer(); data.setData('text/plain', {json.dumps(words)});
        document.activeElement.dispatchEvent(new ClipboardEvent('paste', {{ clipboardData: data, bubbles: true, cancelable: true }})); }}"""
    )


def copied(visitor: Visitor) -> str:
    said: str = visitor.page.evaluate(
        """() => { const data = new DataTransfer();
        document.activeElement.dispatchEvent(new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true })); return data.getData('text/plain'); }"""
    )
    return said
