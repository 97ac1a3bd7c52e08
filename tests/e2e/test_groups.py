"""Adjusting a group in a real browser: looked at, saved, its notice taken away, last March seen as it was, the chart drawn."""

from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Browser, Page

from .conftest import Site

CLERK, PASSWORD = "demo-chuangjianban", "yanshi-2020"
GROUP = "材料组"


@pytest.fixture
def page(browser: Browser, demo_site: Site) -> Page:
    context = browser.new_context(
        base_url=demo_site.url, viewport={"width": 1366, "height": 768}, locale="zh-CN", accept_downloads=True
    )
    page = context.new_page()
    page.goto("/org/login/")
    page.fill("input[name=username]", CLERK)
    page.fill("input[name=password]", PASSWORD)
    page.click("form button.btn-main")
    return page


def members(page: Page) -> list[str]:
    """组内职务 姓名 of everybody in the first table."""
    rows = page.locator("section:has(h2:text-is('成员')) tbody tr")
    return [
        f"{rows.nth(i).locator('td').nth(0).inner_text()} {rows.nth(i).locator('td a').first.inner_text()}"
        for i in range(rows.count())
    ]


def test_a_group_is_adjusted_and_last_march_is_shown_as_it_was(page: Page, tmp_path: Path) -> None:
    page.goto("/org/groups/")
    page.get_by_role("link", name=GROUP).click()
    address = page.url
    before = members(page)
    leader, leaves = before[0], next(one for one in before if one.startswith("成员"))
    assert leader.startswith("组长 ")
    page.get_by_role("link", name="调整", exact=True).click()
    # before the group's own beginning: told, and nothing typed is lost
    page.get_by_label("生效日期").fill("2001-01-01")
    page.get_by_label("调整原因").fill("工作变动")
    page.get_by_label(f"{leaves.split()[1]} 去留").select_option("离开")
    page.get_by_label(f"{leader.split()[1]} 的组内职务").fill("副组长")
    page.get_by_label("增加的人 第 1 行 姓名").fill("马华斌")
    page.get_by_label("增加的人 第 1 行 组内职务").fill("组长")
    page.get_by_role("button", name="看看将会怎样").last.click()
    assert "不能早于成立日期" in page.inner_text(".note.bad")
    assert page.get_by_label("调整原因").input_value() == "工作变动"
    page.get_by_label("生效日期").fill("2026-05-01")
    page.get_by_role("button", name="看看将会怎样").last.click()
    look = page.locator("#look").inner_text()
    assert (
        "马华斌 任组长" in look and f"{leaves.split()[1]} 不再任成员" in look and "由组长改任副组长" in look
    )
    page.get_by_role("button", name="保存调整").click()
    assert "已保存" in page.inner_text("main")
    after = members(page)
    assert "组长 马华斌" in after and leaves not in after and f"副组长 {leader.split()[1]}" in after

    with page.expect_download() as waited:
        page.get_by_role("link", name="通知稿").first.click()
    kept = tmp_path / waited.value.suggested_filename
    waited.value.save_as(kept)
    assert kept.name == f"关于调整{GROUP}成员的通知.docx"
    texts = [one.text for one in Document(str(kept)).paragraphs]
    assert any(text.startswith("因工作变动，经研究，决定从2026年5月1日起") for text in texts)
    assert any(text.startswith("组　长：马华斌") for text in texts)

    page.goto(address)
    page.get_by_label("看哪一天").fill("2026-03-15")
    page.get_by_role("button", name="查看").click()
    assert members(page) == before, "last March's group is shown as it was"
    assert "2026年3月15日" in page.inner_text("main") and not page.get_by_role("button", name="结束").count()
    page.get_by_role("link", name="历次调整与对比").click()
    page.get_by_label("从", exact=True).fill("2026-03-15")
    page.get_by_role("button", name="对比").click()
    assert f"{leader.split()[1]}\t组长\t副组长" in page.inner_text(
        "section:has(h2:text-is('两天对比')) tbody"
    )


def test_a_plan_for_next_month_is_seen_and_taken_back(page: Page) -> None:
    page.goto("/org/groups/")
    page.get_by_role("link", name="行政组").click()
    before = members(page)
    page.get_by_role("link", name="调整", exact=True).click()
    page.get_by_label("生效日期").fill("2026-07-01")
    page.get_by_label("增加的人 第 1 行 姓名").fill("马华斌")
    page.get_by_label("增加的人 第 1 行 组内职务").fill("成员")
    page.get_by_role("button", name="看看将会怎样").last.click()
    page.get_by_role("button", name="保存调整").click()
    assert members(page) == before and "马华斌" in page.inner_text("section:has(h2:text-is('将要任职'))")
    page.locator("summary", has_text="撤回").click()
    page.get_by_role("button", name="确认撤回").click()
    assert members(page) == before and not page.locator("h2:text-is('将要任职')").count()


def test_the_chart_leads_to_its_groups_and_can_be_taken_away(page: Page, tmp_path: Path) -> None:
    page.goto("/org/groups/")
    page.get_by_role("link", name="四级联动图").click()
    drawn = page.locator(".orgchart svg")
    assert drawn.is_visible() and drawn.locator("rect").count() > 30
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366
    for button, ending in (("下载矢量图", ".svg"), ("存为图片", ".png")):
        with page.expect_download() as waited:
            page.get_by_text(button).click()
        kept = tmp_path / waited.value.suggested_filename
        waited.value.save_as(kept)
        assert kept.suffix == ending and kept.stat().st_size > 5_000
    assert (tmp_path / kept.name).read_bytes()[:4] == b"\x89PNG"
    page.set_viewport_size({"width": 390, "height": 844})
    assert not drawn.is_visible() and page.locator(".chartlist").first.is_visible()
    page.set_viewport_size({"width": 1366, "height": 768})
    drawn.locator("a", has_text="第二活动组").click()
    assert "第二活动组" in page.inner_text("h1")
