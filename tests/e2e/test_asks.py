"""A department disputes and the item moves; a date is put off before it has come, and refused when it has.

In the demo: 办公室 says that an item is 人事处's, the office agrees, the head of 人事处 finds it on the desk. He asks
for a later date of a period, and the leader in charge grants an earlier one than was wished.
"""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect

from .conftest import Site
from .visitor import PHONE, Visitor

PASSWORD = "yanshi-2020"
FILLER, OFFICE, HEAD, LEADER = "demo-zerenren", "demo-chuangjianban", "demo-zhibu", "demo-lingdao"
TODAY = date(2026, 6, 10)  # of the demo site
Pictures = Callable[[str], Path] | None


class Known(Visitor):
    """Somebody of the demo, already at the desk."""

    def __init__(self, browser: Browser, site: Site, username: str, pictures: Pictures) -> None:
        super().__init__(browser, site.url)
        self.pictures = pictures
        self.log_in(username, PASSWORD)

    def well(self, name: str) -> None:
        """What a reader of any kind would stumble over on this page: nothing, on a phone too."""
        for size, end in (({"width": 1366, "height": 768}, ""), (PHONE, "-phone")):
            self.resize(dict(size))
            assert [*self.calm(), *self.questions(), *self.latin()] == [], self.page.url
            if self.pictures:
                self.picture(self.pictures(f"asks-{name}{end}"))
        self.resize({"width": 1366, "height": 768})

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()
        self.page.wait_for_load_state()

    def menu(self, kind: str) -> None:
        """申请 ▾ on the page of an item."""
        self.page.locator("summary", has_text="申请").first.click()
        self.page.get_by_role("link", name=kind, exact=True).click()

    def reads(self, *words: str) -> None:
        for text in words:
            expect(self.page.get_by_text(text).first).to_be_visible()


def dispute(browser: Browser, site: Site, pictures: Pictures, item: dict[str, Any]) -> None:
    address = f"/ledger/items/{item['id']}/"
    with Known(browser, site, FILLER, pictures) as filler:
        filler.go(address)
        filler.menu("异议")
        filler.page.get_by_label("理由").fill("这项工作是人事处的职能。")
        filler.press("提交申请")
        filler.reads("请选建议牵头处室")
        filler.page.get_by_label("建议牵头处室").select_option(label="人事处")
        filler.well("dispute")
        filler.press("提交申请")
        filler.reads("异议申请待批复", "由办公室改由人事处牵头")
        filler.page.locator("summary", has_text="申请").first.click()
        filler.reads("已有一件异议申请等待批复")
        filler.well("waiting")
    with Known(browser, site, OFFICE, pictures) as office:
        office.page.get_by_role("link", name="待批申请").click()
        office.page.locator("tr", has_text=item["title"]).get_by_role("link", name="批复", exact=True).click()
        office.well("answer")
        office.press("不同意")
        office.reads("写明理由")
        office.page.get_by_label("批复意见").fill("确属人事处职能。")
        office.press("同意")
        office.reads("牵头处室 办公室 改为 人事处")
        office.well("answered")
        office.go("/ledger/asks/")
        office.well("list")
    with Known(browser, site, HEAD, pictures) as head:
        head.reads(item["title"])  # on the desk of the new lead
        head.go(address)
        head.reads(
            "牵头 人事处",
            "申请异议：由办公室改由人事处牵头",
            "同意异议：牵头处室 办公室 改为 人事处",
            "确属人事处职能。",
        )
    with Known(browser, site, FILLER, pictures) as filler:
        filler.reads("同意异议申请")
        filler.go(address)
        expect(filler.page.locator("summary", has_text="申请")).to_have_count(0)  # it is no longer theirs


def extension(browser: Browser, site: Site, pictures: Pictures, told: dict[str, Any]) -> None:
    due = date.fromisoformat(told["due_on"])
    wanted, granted = due + timedelta(days=9), due + timedelta(days=5)
    address = f"/ledger/items/{told['extension']['id']}/?slot={told['slot']}"
    with Known(browser, site, HEAD, pictures) as head:
        head.go(address)
        head.menu("延期")
        head.page.get_by_label("延到哪一天").fill(due.isoformat())
        head.page.get_by_label("理由").fill("等上级统一部署。")
        head.page.get_by_label("目前进展").fill("方案已起草，待会商。")
        head.press("提交申请")
        head.reads("要晚于现在的期限")
        assert head.page.get_by_label("理由").input_value() == "等上级统一部署。"
        head.page.get_by_label("延到哪一天").fill(wanted.isoformat())
        head.well("extension")
        head.press("提交申请")
        head.reads("延期申请待批复", f"{due} 延到 {wanted}")
    with Known(browser, site, LEADER, pictures) as leader:
        leader.page.get_by_role("link", name="待批申请").click()
        row = leader.page.locator("tr", has_text=told["extension"]["title"])
        row.get_by_role("link", name="批复", exact=True).click()
        leader.reads("方案已起草，待会商。")
        leader.page.get_by_label("批准延到").fill(granted.isoformat())
        leader.press("同意")
        leader.reads(f"期限 {due} 改为 {granted}（申请的是 {wanted}）")
    with Known(browser, site, HEAD, pictures) as head:
        head.go(address)
        head.reads(f"期限 {granted}", f"同意延期：期限 {due} 改为 {granted}")
        head.well("story")


def too_late(browser: Browser, site: Site, pictures: Pictures, item: dict[str, Any]) -> None:
    with Known(browser, site, FILLER, pictures) as filler:
        filler.go(f"/ledger/items/{item['id']}/")
        filler.page.locator("summary", has_text="申请").first.click()
        filler.reads("已过，延期要在期限之前申请")
        expect(filler.page.get_by_role("link", name="延期", exact=True)).to_have_count(0)
        filler.well("late")
        filler.go(f"/ledger/items/{item['id']}/ask/extension/")
        filler.reads("请尽快补报")


def test_a_dispute_moves_an_item_and_a_date_is_put_off_only_before_it(
    browser: Browser, demo_site: Site, pictures: Pictures
) -> None:
    told = demo_site.play(f"for_asking('{TODAY}', '{LEADER}', '办公室', '人事处')")
    dispute(browser, demo_site, pictures, told["dispute"])
    extension(browser, demo_site, pictures, told)
    too_late(browser, demo_site, pictures, told["late"])
