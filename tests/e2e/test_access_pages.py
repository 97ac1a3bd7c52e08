"""Accounts from the roster, their slips of paper, the first login with one of them; a browser that is logged out from afar."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from ..people import PASSWORD
from .conftest import Site, serve
from .visitor import PHONE, Visitor


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, dict[str, str]]]:
    with serve(tmp_path_factory.mktemp("access"), demo=False, today="2020-06-10") as running:
        yield running, running.play("from tests.e2e import city_site; city_site.lay()")


def sound(visitor: Visitor) -> None:
    """Nothing is wrong with the page, in either width."""
    assert not [*visitor.calm(), *visitor.questions(), *visitor.latin()]
    visitor.resize(PHONE)
    assert not visitor.questions()
    visitor.resize({"width": 1366, "height": 768})


def test_accounts_are_made_printed_and_used(
    browser: Browser, site: tuple[Site, dict[str, str]], pictures: Any, tmp_path: Path
) -> None:
    running, names = site
    with Visitor(browser, running.url) as admin, Visitor(browser, running.url) as fresh:
        admin.log_in(names["系统管理员"], PASSWORD)
        admin.go("/org/people/")
        admin.page.get_by_role("link", name="批量开通账号").click()
        expect(admin.page.get_by_text("还没有账号的 3 人")).to_be_visible()
        sound(admin)
        admin.page.get_by_label("选 新来丙").uncheck()
        admin.page.get_by_role("button", name="开通所选账号并显示密码条").click()
        expect(admin.page.get_by_role("heading", name="初始密码条")).to_be_visible()
        slips = admin.page.locator(".slip")
        assert slips.count() == 2
        username, password = slips.first.locator(".code").all_inner_texts()
        assert running.url in slips.first.inner_text() and "新来甲" in slips.first.inner_text()
        assert not [*admin.calm(), *admin.questions()]
        if pictures:
            admin.picture(pictures("slips"))
            admin.page.emulate_media(media="print")
            admin.picture(pictures("slips-print"))
            admin.page.pdf(path=str(pictures("slips")) + ".pdf", prefer_css_page_size=True)
            admin.page.emulate_media(media="screen")
            admin.resize(PHONE)
            admin.picture(pictures("slips-phone"))
            admin.resize({"width": 1366, "height": 768})
        admin.go("/org/accounts/make/")
        expect(admin.page.get_by_text("还没有账号的 1 人")).to_be_visible()
        assert password.strip() not in admin.page.content()
        # the slip opens the door once, and asks for a password of one's own
        fresh.go("/org/login/")
        fresh.page.locator("#id_username").fill(username.strip())
        fresh.page.locator("#id_password").fill(password.strip())
        fresh.page.locator("#id_password").press("Enter")
        expect(fresh.page.get_by_text("这是初始密码")).to_be_visible()
        fresh.go("/org/people/")
        expect(fresh.page.get_by_text("这是初始密码")).to_be_visible()
        fresh.page.locator("#id_old").fill(password.strip())
        fresh.page.locator("#id_new").fill("Mein-Wort-2020")
        fresh.page.locator("#id_again").fill("Mein-Wort-2020")
        fresh.page.get_by_role("button", name="修改密码").click()
        expect(fresh.page.get_by_text("密码已修改")).to_be_visible()
        # 停用: the next click is refused
        admin.go("/org/people/?q=新来甲")
        admin.page.get_by_role("link", name="新来甲").click()
        expect(admin.page.get_by_text("正在登录 1 处")).to_be_visible()
        sound(admin)
        if pictures:
            admin.picture(pictures("person-logins"))
        admin.page.get_by_role("button", name="停用").click()
        fresh.go("/org/account/")
        assert "/org/login/" in fresh.page.url
        expect(fresh.page.get_by_text("已被退出")).to_be_visible()


def test_the_second_browser_is_logged_out_from_the_first(
    browser: Browser, site: tuple[Site, dict[str, str]], pictures: Any
) -> None:
    running, names = site
    with Visitor(browser, running.url) as first, Visitor(browser, running.url) as second:
        for visitor in (first, second):
            visitor.log_in(names["石玲佳"], PASSWORD)
        first.page.get_by_text("石玲佳").first.click()
        first.page.get_by_role("link", name="我的账号与登录").first.click()
        expect(first.page.get_by_text("2 处。")).to_be_visible()
        expect(first.page.get_by_text("本次", exact=True)).to_be_visible()
        assert re.search(r"浏览器，.*(电脑|设备)", first.page.locator("main").inner_text())
        sound(first)
        if pictures:
            first.picture(pictures("account"))
            first.resize(PHONE)
            first.picture(pictures("account-phone"))
            first.resize({"width": 1366, "height": 768})
        first.page.locator("main table").get_by_role("button", name="退出").click()
        expect(first.page.get_by_text("已退出那一处登录")).to_be_visible()
        expect(first.page.get_by_text("1 处。")).to_be_visible()
        second.go("/ledger/items/")
        assert "/org/login/" in second.page.url
        expect(second.page.get_by_text("已被退出")).to_be_visible()
        assert first.go("/ledger/items/") == 200 and "/login/" not in first.page.url
