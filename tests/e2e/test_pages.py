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
from .visitor import DESK, PHONE, Visitor, links

PASSWORD = "yanshi-2020"
#: that are no pages: files, and what ends the visit
NO_PAGE = re.compile(r"\.xlsx|/export/|/download|/thumb|/logout/|/static/")
#: pages opened per person; the clerk sees the most
MOST = 90


def kind(address: str) -> str:
    """/ledger/items/41/?slot=7 and /ledger/items/9/ are one kind of page."""
    path, _, query = address.partition("?")
    names = ",".join(sorted(one.partition("=")[0] for one in query.split("#")[0].split("&") if one))
    return re.sub(r"\d+", "0", path.split("#")[0]) + (
        f"?{names}" if "slot" not in names and "/items/0" not in path else ""
    )


def name_of(address: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", kind(address).lower()).strip("-") or "desk"


def walk(visitor: Visitor, username: str, pictures: Callable[[str], Path]) -> list[str]:
    """Open what there is to open; what is wrong, one line each."""
    wrong: list[str] = []
    waiting = ["/", *links(visitor.page, "nav.side"), "/org/password/"]
    if username == "demo-chuangjianban":
        waiting += ["/demo/", "/look/"]
    done: set[str] = set()
    cases: set[str] = set()
    while waiting and len(done) < MOST:
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
        if address != "/look/":
            told += [f"Latin: {word}" for word in visitor.latin()]
        visitor.picture(pictures(f"{name}.1366"))
        waiting += [one for one in links(visitor.page) if kind(one) not in done]
        if address == "/demo/":
            cases |= set(links(visitor.page))
            waiting = list(cases) + waiting
        visitor.resize(PHONE)
        told += [f"390: {one}" for one in visitor.questions()]
        visitor.picture(pictures(f"{name}.390"))
        visitor.resize(DESK)
        wrong += [f"{address}: {one}" for one in told]
    return wrong


@pytest.mark.parametrize(
    "username", [username for _, username in ACCOUNTS], ids=lambda name: name.removeprefix("demo-")
)
def test_every_page(
    username: str, demo_site: Site, browser: Browser, pictures: Callable[[str], Path]
) -> None:
    with Visitor(browser, demo_site.url) as visitor:
        visitor.log_in(username, PASSWORD)
        wrong = walk(visitor, username, pictures)
    assert not wrong, "\n" + "\n".join(wrong)
