"""Every page of the demo as every kind of person, at 1366 and at 390: nothing fails, nothing overflows, all is named.

The walk is a crawl: from each person's navigation and the demo cases, the first address of every kind that a page points
to is opened too, so a page added later is walked without being named here.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from taizhang.config.demo.setting import ACCOUNTS

from .conftest import Site
from .materials import minutes
from .visitor import DESK, PHONE, Visitor, links

PASSWORD = "yanshi-2020"
Pictures = Callable[[str], Path] | None
CLERK = "demo-chuangjianban"
#: that are no pages: files, and what ends the visit
NO_PAGE = re.compile(
    r"\.xlsx|\.docx|\.svg|/export/|/download|/file/|/catalogue/|/package/|/thumb|/logout/|/static/"
)
#: pages opened per person; the clerk has every button, the others' pages are mostly the same ones with fewer
MOST, MOST_OF_OTHERS = 90, 24


def kind(address: str) -> str:
    """/ledger/items/41/?slot=7 and /ledger/items/9/ are one kind of page."""
    return re.sub(r"\d+", "0", re.split(r"[?#]", address)[0])


def name_of(address: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", kind(address).lower()).strip("-") or "desk"


def walk(visitor: Visitor, username: str, pictures: Pictures) -> list[str]:
    """Open what there is to open; what is wrong, one line each."""
    wrong: list[str] = []
    waiting = ["/", *links(visitor.page, "nav.side"), "/org/password/"]
    if username == CLERK:
        waiting += ["/demo/", "/look/"]
    done: set[str] = set()
    cases: set[str] = set()
    most = MOST if username == CLERK else MOST_OF_OTHERS
    while waiting and len(done) < most:
        address = waiting.pop(0)
        which = address if address in cases else kind(address)
        if which in done or NO_PAGE.search(address):
            continue
        done.add(which)
        name = f"{username.removeprefix('demo-')}.{name_of(address)}" + (
            f".{address.strip('/').split('/')[-1]}" if address in cases else ""
        )
        status = visitor.go(address)
        told = [*visitor.calm(), *visitor.questions()]
        if status != 200:
            told.append(f"answers {status}")
        told += [f"Latin: {word}" for word in visitor.latin()]
        if address.startswith("/look/"):  # wrong values and two of everything are what that page shows
            told = []
        if pictures:
            visitor.picture(pictures(f"{name}.1366"))
        waiting += [one for one in links(visitor.page) if kind(one) not in done]
        if address == "/demo/":
            cases |= set(links(visitor.page))
            waiting = list(cases) + waiting
        visitor.resize(PHONE)
        told += [f"390: {one}" for one in visitor.questions() if not address.startswith("/look/")]
        if pictures:
            visitor.picture(pictures(f"{name}.390"))
        visitor.resize(DESK)
        wrong += [f"{address}: {one}" for one in told]
    return wrong


@pytest.mark.parametrize(
    "username", [username for _, username in ACCOUNTS], ids=lambda name: name.removeprefix("demo-")
)
def test_every_page(username: str, demo_site: Site, browser: Browser, pictures: Pictures) -> None:
    with Visitor(browser, demo_site.url) as visitor:
        visitor.log_in(username, PASSWORD)
        wrong = walk(visitor, username, pictures)
    assert not wrong, "\n" + "\n".join(wrong)


def test_by_keyboard_alone(demo_site: Site, browser: Browser) -> None:
    """The skip link comes first and leads past the navigation; Tab then reaches what the page is for, and it shows."""
    with Visitor(browser, demo_site.url) as visitor:
        visitor.log_in("demo-lianluoyuan", PASSWORD)
        page = visitor.page
        for address, wanted in (("/", "传材料"), ("/evidence/", "传材料"), ("/ledger/items/", "导出")):
            visitor.go(address)
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.textContent") == "跳到正文"
            page.keyboard.press("Enter")
            assert page.evaluate("document.activeElement.id") == "main"
            reached = []
            for _ in range(12):
                page.keyboard.press("Tab")
                reached.append(page.evaluate("document.activeElement.textContent.trim()"))
                if wanted in reached[-1]:
                    break
            assert wanted in reached[-1], f"{address}: {reached}"
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid", address


def test_large_type_and_no_script(demo_site: Site, browser: Browser, tmp_path: Path) -> None:
    """The elder-friendly size overflows nowhere; without scripts the work can still be done."""
    with Visitor(browser, demo_site.url) as visitor:
        visitor.log_in(CLERK, PASSWORD)
        visitor.page.locator("header").get_by_role("button", name="大字").click()
        for address in (
            "/",
            "/ledger/items/",
            "/ledger/overview/",
            "/evidence/",
            "/org/people/",
            "/standards/",
            "/campaigns/",
        ):
            visitor.go(address)
            assert visitor.page.locator("html[data-size=large]").count() == 1
            assert not visitor.questions(), address
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{demo_site.url}/org/login/")
    page.locator("#id_username").fill("demo-lianluoyuan")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_password").press("Enter")
    page.wait_for_load_state()
    page.get_by_role("link", name="传材料").nth(1).click()
    page.wait_for_load_state()
    page.locator("input[type=file][multiple]").set_input_files(
        minutes(tmp_path / "record.txt", "不用脚本也能存")
    )
    page.get_by_role("button", name="存入这一期").click()
    page.wait_for_load_state()
    assert page.locator("#results").get_by_text("已存好").is_visible()
    context.close()
