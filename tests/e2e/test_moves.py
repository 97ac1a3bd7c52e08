"""A person leaves with five open items and nothing is lost; a department is levelled as it was shown."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from .conftest import Site
from .visitor import PHONE, Visitor

PASSWORD = "yanshi-2020"


@pytest.fixture
def clerk(browser: Browser, demo_site: Site) -> Iterator[Visitor]:
    with Visitor(browser, demo_site.url) as visitor:
        visitor.log_in("demo-chuangjianban", PASSWORD)
        yield visitor
        assert not visitor.calm()


def plain(visitor: Visitor) -> None:
    """Nothing of the page overflows or is unnamed, at both sizes."""
    assert not visitor.questions() and not visitor.latin()
    size = dict(visitor.size)
    visitor.resize(PHONE)
    assert not visitor.questions()
    visitor.resize(size)


def cells(visitor: Visitor, after: bool) -> dict[str, str]:
    """Person → slots before or after, as the preview says it: 12 → 9."""
    made = {}
    for row in visitor.page.locator("section:has(h2:text('每个人前后')) tbody tr").all():
        words = row.locator("td").all_inner_texts()
        was, _, now = words[2].partition("→")
        made[words[0].split()[0]] = (now or was).strip() if after else was.strip()
    return made


def test_levelling_does_what_it_showed(clerk: Visitor) -> None:
    page = clerk.page
    assert clerk.go("/ledger/load/") == 200
    expect(page.locator("h1")).to_contain_text("工作量")
    plain(clerk)
    page.locator("tr.grp a", has_text="办公室").first.click()
    page.get_by_role("link", name="移交、分摊、均衡").click()
    expect(page.locator("h1")).to_contain_text("均衡")
    plain(clerk)
    shown = cells(clerk, after=True)
    before = cells(clerk, after=False)
    assert shown != before, "the demo's office has somebody with more than the others"
    assert sum(map(int, shown.values())) == sum(map(int, before.values()))
    page.get_by_role("button", name=re.compile(r"均衡 \d+ 项")).click()
    expect(page.locator("main, .msgs, body").first).to_contain_text("已均衡")
    page.get_by_role("link", name="移交、分摊、均衡").click()
    expect(page.get_by_text("每个人前后")).to_be_visible()
    assert cells(clerk, after=False) == shown, "each has what the preview said"
    clerk.go("/ledger/batches/")
    page.get_by_role("button", name="整批撤销").first.click()
    expect(page.locator("body")).to_contain_text("已整批撤销：均衡")


def test_a_person_leaves_and_nothing_is_lost(clerk: Visitor, demo_site: Site) -> None:
    told = demo_site.play("burden('办公室', 5)")
    page = clerk.page
    clerk.go(f"/org/people/{told['person']}/")
    page.get_by_role("link", name="办理离开").click()
    section = page.locator("section", has=page.get_by_role("heading", name="名下事项"))
    expect(section.locator("tbody tr")).to_have_count(5)
    plain(clerk)
    for choice in page.locator("select[name^=t-]").all():
        choice.select_option("nobody")
    page.get_by_role("button", name="移交并办理离开").click()
    expect(page.locator("body")).to_contain_text("勾选“暂无人接，列入覆盖检查”")
    page.locator("select[name=all]").select_option(str(told["taker"]))
    for choice in page.locator("select[name^=t-]").all():
        choice.select_option("all")
    page.get_by_role("button", name="移交并办理离开").click()
    expect(page.locator("body")).to_contain_text("已办理离开")
    clerk.go(f"/ledger/load/slots/?person={told['taker']}")
    for item in told["titles"]:
        clerk.go(f"/ledger/items/?source=any&person={told['taker']}")
        expect(page.locator("main")).to_contain_text(item)
    clerk.go("/")
    expect(page.locator("main")).not_to_contain_text("已离开人员")
    # a colleague's page answers that the account is closed
    clerk.go(f"/org/people/{told['person']}/")
    expect(page.locator("h1 + .meta, .meta").first).to_contain_text("离开")
