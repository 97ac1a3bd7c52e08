"""An A is away and the B acts, and is refused where it must be: by the pages, as the people who do it.

In the demo: the head of the office goes on a trip, the secretary of a branch stands in. Then the liaison who handed
things in goes too, with the same stand-in: what she handed in is not theirs to judge. Then both come back.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from .conftest import Site
from .visitor import PHONE, Visitor

PASSWORD = "yanshi-2020"
HEAD, LIAISON, STAND_IN = "demo-chuzhang", "demo-lianluoyuan", "demo-zhibu"
STAND_IN_NO = "YZ046"
TODAY = date(2026, 6, 10)  # of the demo site
Pictures = Callable[[str], Path] | None


class Known(Visitor):
    """Somebody of the demo, already at the desk; their name as the page says it."""

    def __init__(self, browser: Browser, site: Site, username: str, pictures: Pictures) -> None:
        super().__init__(browser, site.url)
        self.pictures = pictures
        self.log_in(username, PASSWORD)
        self.name = self.page.locator("header details.menu summary").inner_text().split()[0]

    def snap(self, name: str) -> None:
        if self.pictures:
            self.picture(self.pictures(f"absence-{name}"))
            self.resize(PHONE)
            self.picture(self.pictures(f"absence-{name}-phone"))
            self.resize({"width": 1366, "height": 768})

    def well(self) -> None:
        """What a reader of any kind would stumble over on this page: nothing."""
        assert [*self.calm(), *self.questions(), *self.latin()] == [], self.page.url


def go_away(who: Known, *, days: int = 2) -> None:
    """From the menu of any page: note the days, be told that nobody stands in, name somebody."""
    who.page.locator("header details.menu summary").click()
    who.page.locator("header").get_by_role("link", name="我不在的时候").click()
    who.well()
    if not who.page.get_by_text(STAND_IN_NO).count():
        who.page.get_by_role("link", name="设代理人").click()
        first = who.page.get_by_label("第一代理人")
        wanted = first.locator("option", has_text=STAND_IN_NO).get_attribute("value")
        first.select_option(wanted)
        for rank in ("第二", "第三"):
            who.page.get_by_label(f"{rank}代理人").select_option("")
        who.well()
        who.page.get_by_role("button", name="保存").click()
    who.page.get_by_role("link", name="登记请假外出").click()
    who.page.get_by_label("事由").select_option(label="出差")
    until = TODAY + timedelta(days=days)
    who.page.get_by_label("到哪天止").fill(until.isoformat())
    who.well()
    who.page.get_by_role("button", name="登记", exact=True).click()
    expect(who.page.get_by_text(f"已登记：{who.name}")).to_be_visible()
    who.snap(f"mine-{who.name}")
    who.well()


def come_back(who: Known) -> None:
    who.go("/")
    who.page.get_by_role("link", name="已经回来，去销假").click()
    who.page.get_by_role("button", name="销假").click()
    expect(who.page.get_by_text("已销假")).to_be_visible()


def reviews(page: Page) -> list[str]:
    """The addresses of what waits for review on the desk."""
    rows = page.locator("tbody tr", has=page.locator("a.btn", has_text="审核"))
    found: list[str] = rows.locator("td.t a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    return found


def gone(page: Page) -> int:
    """How many are away today, as the list's head says it."""
    return int(page.get_by_text(re.compile(r"^今天 \d+ 人不在$")).inner_text().split()[1])


def accept_by_hand(who: Known, accept: str) -> int:
    """Send the form that another page had, as a window left open would; the status of the answer."""
    token = next(one["value"] for one in who.context.cookies() if one["name"].endswith("csrftoken"))
    answer = who.context.request.post(
        f"{who.url}{accept}", form={"csrfmiddlewaretoken": token, "opinion": ""}, max_redirects=0,
        headers={"Referer": who.url},
    )  # fmt: skip
    who.last = answer.text()  # type: ignore[attr-defined]
    return answer.status


def test_a_is_away_and_b_acts_and_is_refused_where_it_must_be(
    browser: Browser, demo_site: Site, pictures: Pictures
) -> None:
    head = Known(browser, demo_site, HEAD, pictures)
    liaison = Known(browser, demo_site, LIAISON, pictures)
    b = Known(browser, demo_site, STAND_IN, pictures)
    b.go("/org/absences/")
    already = gone(b.page)  # whoever the demo itself sends away
    b.go("/")
    before = set(reviews(b.page))
    expect(b.page.get_by_text("今天你代")).to_have_count(0)

    go_away(head)
    head.go("/")
    expect(head.page.get_by_text("你今天出差")).to_be_visible()
    head.snap("desk-absent")

    b.go("/")
    expect(b.page.get_by_text(f"今天你代 {head.name}（出差，至 6 月 12 日）")).to_be_visible()
    b.well()
    b.snap("desk-stand-in")
    lent = [one for one in reviews(b.page) if one not in before]
    assert len(lent) >= 2, "the demo's head has things to review"

    b.go(lent[0])
    accept = b.page.locator("#accept-form").get_attribute("action")
    assert accept
    b.snap("item-stand-in")
    b.page.get_by_role("button", name=f"（代{head.name}）").first.click()
    expect(b.page.get_by_text(f"{b.name}（代{head.name}）").first).to_be_visible()
    expect(b.page.locator("ul.signs").get_by_text(f"{b.name}（代{head.name}）").first).to_be_visible()
    b.well()
    b.snap("item-signed")

    # she who handed in what is left goes too, and the same person stands in for her: refused
    mine = next(one for one in lent[1:] if handed_in_by(b, one, liaison.name))
    b.go(mine)
    accept = b.page.locator("#accept-form").get_attribute("action") or ""
    go_away(liaison)
    b.go(mine)
    expect(b.page.locator("#accept-form")).to_have_count(0)
    assert accept_by_hand(b, accept) == 409
    assert f"{liaison.name}提交的事项，不能由代理人{b.name}审核" in b.last  # type: ignore[attr-defined]
    b.go("/org/absences/")
    assert gone(b.page) == already + 2
    b.well()
    b.snap("list")
    come_back(liaison)
    b.go(mine)
    expect(b.page.locator("#accept-form")).to_have_count(1)

    come_back(head)
    b.go(mine)
    expect(b.page.locator("#accept-form")).to_have_count(0)
    assert accept_by_hand(b, accept) == 403
    b.go("/")
    assert set(reviews(b.page)) == before
    for one in (head, liaison, b):
        one.calm()  # the refusals above are what was asked for
        one.close()


def handed_in_by(who: Known, address: str, name: str) -> bool:
    who.go(address)
    return who.page.locator("#materials dl.kv dd", has_text=name).count() > 0
