"""A gap is found, mended, gone; a leader's visit is noted; a renamed department keeps its old name where the past is shown."""

import re

from playwright.sync_api import Browser, expect

from .conftest import Site
from .visitor import Visitor

PASSWORD = "yanshi-2020"
CLERK = "demo-chuangjianban"
NO, NEW = "YZ990", "程新来"


def press(visitor: Visitor, name: str) -> None:
    visitor.page.get_by_role("button", name=name, exact=True).first.click()
    visitor.page.wait_for_load_state()


def reads(visitor: Visitor, words: str) -> None:
    expect(visitor.page.get_by_text(words).first).to_be_visible()


def mend_a_gap(clerk: Visitor) -> None:
    """Somebody new has no duty until an activity group takes them in."""
    page = clerk.page
    clerk.go("/org/people/new/")
    page.fill("#id_staff_no", NO)
    page.fill("#id_name", NEW)
    page.select_option("#id_department", label="法规处")
    press(clerk, "增加")
    clerk.go("/ledger/overview/")
    page.get_by_role("link", name=re.compile("未覆盖")).click()
    page.wait_for_load_state()
    coverage = page.url.removeprefix(clerk.url)
    row = page.locator("#people tr", has_text=NEW)
    expect(row).to_contain_text("没有负责的事项")
    row.get_by_role("link").click()
    page.wait_for_load_state()
    reads(clerk, NEW)
    clerk.go("/org/groups/")
    page.get_by_role("link", name=re.compile("第一活动组")).first.click()
    page.wait_for_load_state()
    add = page.locator("form[action$='/duty/']")
    if not add.locator("#id_person").is_visible():
        page.locator("summary", has_text="增加").first.click()
    page.select_option("#id_person", label=f"{NO} {NEW}")
    page.fill("#id_duty", "组员")
    add.get_by_role("button").first.click()
    page.wait_for_load_state()
    clerk.go(coverage)
    expect(page.locator("#people")).not_to_contain_text(NEW)


def note_a_visit(clerk: Visitor) -> None:
    """A contact point outside the agency, and a visit there."""
    page = clerk.page
    clerk.go("/org/contacts/new/")
    page.select_option("#id_leader", index=1)
    page.select_option("#id_kind", label="社区包联")
    page.fill("#id_place", "幸福社区")
    page.fill("#id_visits_wanted", "4")
    press(clerk, "增加")
    reads(clerk, "还没有走访记录")
    page.fill("#id_found", "楼道灯不亮，老人出入不便")
    press(clerk, "登记走访")
    reads(clerk, "1/4 次")
    clerk.go("/org/contacts/")
    expect(page.locator("tr", has_text="幸福社区")).to_contain_text("1/4 次")


def rename_a_department(clerk: Visitor) -> None:
    """What was done is still told under the name of that day; then the slip is taken back."""
    page = clerk.page
    clerk.go("/ledger/items/?view=closed")
    page.locator("main td.t a:not(.x)").first.click()
    page.wait_for_load_state()
    done = page.url.removeprefix(clerk.url)
    found = re.search(r"牵头 (\S+)", page.locator(".head").inner_text())
    assert found is not None
    name = found[1]
    clerk.go("/org/")
    page.get_by_role("link", name=name, exact=True).first.click()
    page.wait_for_load_state()
    page.get_by_role("link", name="更名").click()
    page.wait_for_load_state()
    page.fill("#id_name", "依法行政处")
    page.fill("#id_doc_no", "云编办〔2026〕7号")
    press(clerk, "更名")
    expect(page.locator("h1")).to_have_text("依法行政处")
    reads(clerk, "云编办〔2026〕7号")
    unit = page.url.removeprefix(clerk.url)
    clerk.go(done)
    expect(page.locator(".head")).to_contain_text(f"牵头 {name}")
    clerk.go(unit)
    page.locator("summary", has_text="撤回更名").click()
    press(clerk, "确认撤回")
    expect(page.locator("h1")).to_have_text(name)


def walk(clerk: Visitor) -> list[str]:
    clerk.log_in(CLERK, PASSWORD)
    mend_a_gap(clerk)
    note_a_visit(clerk)
    rename_a_department(clerk)
    return clerk.calm()


def test_a_gap_a_visit_and_a_new_name(browser: Browser, demo_site: Site) -> None:
    with Visitor(browser, demo_site.url) as clerk:
        assert not walk(clerk)
