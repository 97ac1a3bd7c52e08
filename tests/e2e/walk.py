"""People who walk through a site of their own: their windows, their accounts, and what every walk does."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect

from .conftest import Site
from .materials import STAFF, minutes
from .visitor import DESK, Visitor, shrink

AGENCY, REGION = "云泽市政务服务管理局", "云泽市"
PASSWORD = "Chuangjian-2026"
#: who is who, as staff.xlsx has it: staff number → what they do here
CLERK, KEEPER, LIAISON, HEAD, PARTY_HEAD = "YZ099", "YZ089", "YZ020", "YZ007", "YZ094"


@dataclass
class Walk:
    """Everybody's windows, and what was learnt on the way."""

    browser: Browser
    home: Path
    folder: Path
    pictures: Callable[[str], Path]
    site: Site = field(init=False)
    first: dict[str, str] = field(default_factory=dict)  # staff number → the password on the slip of paper
    has: set[str] = field(default_factory=set)  # whose account is known
    known: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def someone(self, staff_no: str, size: dict[str, int] = DESK) -> "Someone":
        return Someone(self, staff_no, size)


class Someone(Visitor):
    """A person who logs in by the real page, changing the first password on the way, and logs out at the end."""

    def __init__(self, walk: Walk, staff_no: str, size: dict[str, int]) -> None:
        super().__init__(walk.browser, walk.site.url, dict(size))
        self.walk = walk
        first = walk.first.pop(staff_no, "")
        self.log_in(staff_no.lower(), first or PASSWORD)
        if first:
            expect(self.page.get_by_role("heading", name="修改密码")).to_be_visible()
            for field_id, word in (("old", first), ("new", PASSWORD), ("again", PASSWORD)):
                self.page.locator(f"#id_{field_id}").fill(word)
            self.press("修改密码")

    def press(self, name: str, **more: Any) -> None:
        self.page.get_by_role("button", name=name, **more).first.click()
        self.page.wait_for_load_state()

    def follow(self, name: str, **more: Any) -> None:
        self.page.get_by_role("link", name=name, **more).first.click()
        self.page.wait_for_load_state()

    def reads(self, *words: str) -> None:
        for text in words:
            expect(self.page.get_by_text(text).first).to_be_visible()

    def bring(self, files: list[Path]) -> None:
        """Choose FILES on the upload page and store them; the script sends one after another, then opens the page anew."""
        expect(self.page.locator(".drop.live")).to_be_visible()  # the script has taken hold
        self.page.locator("input[type=file][multiple]").set_input_files(files)
        expect(self.page.locator("[data-files] li")).to_have_count(len(files))
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="存入这一期").click()

    def snap(self, name: str, *, full: bool = False) -> None:
        self.page.evaluate("scrollTo(0, 0)")
        self.picture(self.walk.pictures(name), full=full)
        shrink(self.walk.pictures(name))

    def close(self) -> None:
        self.walk.faults += [
            f"{self.page.url} {fault}" for fault in [*self.calm(), *self.questions(), *self.latin()]
        ]
        if self.size["width"] > 900:
            self.page.locator("header details.menu summary").click()
            self.page.locator("header").get_by_role("button", name="退出").click()
            self.page.wait_for_url("**/login/**")
        super().close()


def account(walk: Walk, staff_no: str, *role: str, verb: str = "make") -> None:
    """A person's account by the command line; the first password stands in its answer."""
    said = walk.site.run("account", verb, staff_no, *role)
    walk.has.add(staff_no)
    walk.first[staff_no] = re.search(r"初始密码 (\S+?)，", said)[1]  # type: ignore[index]


def found_the_agency(walk: Walk, staff: Path = STAFF) -> None:
    """The machine's keeper: the roster by the command line, and the first two accounts."""
    said = walk.site.run("roster", "import", staff, "--agency", AGENCY, "--region", REGION)
    assert "新增 160 人" in said
    account(walk, CLERK, "--role", "office")
    account(walk, KEEPER, "--role", "system_admin")


def open_item(person: Someone, title: str) -> None:
    person.go(f"/ledger/items/?q={title}")
    if person.page.get_by_role("link", name=title).count() == 0:
        person.go(f"/ledger/items/?q={title}&source=any")
    person.page.get_by_role("link", name=title).first.click()
    expect(person.page.get_by_role("heading", level=1)).to_contain_text(title)


def bring_record(walk: Walk, person: Someone, slot: int, branch: str, behalf: str = "") -> None:
    person.go(f"/ledger/slots/{slot}/upload/")
    person.bring([minutes(walk.folder / f"{branch}12月支委会记录.txt", f"{branch}12月支委会记录")])
    person.page.get_by_label("完成情况").fill("12月支委会按期召开。")
    if behalf:
        person.page.get_by_label("代谁报").select_option(label=behalf)
    person.page.locator("form .sticky").get_by_role("button", name=re.compile("提交")).click()
    person.reads("已提交")


def verify(walk: Walk) -> None:
    told = json.loads(walk.site.run("verify", "--all", "--json"))
    assert told["ok"], told
