"""A joined office fills its part and sees nothing else."""

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
    with serve(tmp_path_factory.mktemp("joined"), demo=False, today="2020-06-10") as running:
        yield running, running.play("from tests.e2e import city_site; city_site.lay()")


def test_a_joined_office_fills_its_part_and_sees_nothing_else(
    browser: Browser, site: tuple[Site, dict[str, str]], pictures: Any, tmp_path: Path
) -> None:
    running, names = site
    paper = tmp_path / "年度总结.txt"
    paper.write_text("乙局法规处全年总结", encoding="utf-8")

    def look(visitor: Visitor, name: str) -> None:
        assert not [*visitor.calm(), *visitor.questions(), *visitor.latin()], name
        if pictures:
            visitor.picture(pictures(name))
        visitor.resize(PHONE)
        assert not visitor.questions(), name
        if pictures:
            visitor.picture(pictures(f"{name}-phone"))
        visitor.resize({"width": 1366, "height": 768})

    with Visitor(browser, running.url) as clerk:
        clerk.log_in(names["石玲佳"], PASSWORD)
        page = clerk.page
        clerk.go("/campaigns/")
        page.locator("main").get_by_role("link", name="创建全国文明单位").first.click()
        campaign = page.url
        page.get_by_role("link", name="增加参加单位").click()
        page.get_by_label("单位", exact=True).select_option(label="乙局")
        page.get_by_role("button", name="下一步：选处室").click()
        assert "石玲佳" not in page.locator("main").inner_text()
        page.get_by_label("处室", exact=False).last.select_option(label="乙局法规处")
        look(clerk, "join-new")
        page.get_by_role("button", name="设为参加单位").click()
        expect(page.get_by_text("已是参加单位")).to_be_visible()
        look(clerk, "campaign-joined")
        clerk.go("/ledger/items/?q=年度总结")
        page.locator("main").get_by_role("link", name="年度总结").first.click()
        item = page.url.split("?")[0]
        page.get_by_text("更多", exact=True).click()
        page.get_by_role("link", name="换牵头、责任人").click()
        page.get_by_label("牵头处室").select_option(label="乙局法规处（乙局）")
        page.get_by_role("button", name="换牵头、责任人").click()
        expect(page.get_by_text("牵头 乙局法规处")).to_be_visible()
        expect(page.get_by_text("责任人 乙局白毅志")).to_be_visible()

    with Visitor(browser, running.url) as filler:
        filler.log_in(names["乙局白毅志"], PASSWORD)
        page = filler.page
        filler.go("/")
        page.get_by_role("link", name="1 项事项").click()
        expect(page.get_by_text("等你处报送")).to_be_visible()
        look(filler, "joined-items")
        page.get_by_role("link", name="办理").first.click()
        # until the script has taken the box over, its button is there and leads to another page
        expect(page.locator("[data-drop].live").first).to_be_attached()
        page.locator("input[type=file]").first.set_input_files(str(paper))
        expect(page.locator("#materials table")).to_contain_text("年度总结")
        page.locator("#id_conclusion").fill("全年总结已完成。")
        page.locator("#submit-form button").click()
        expect(page.get_by_text("报送号").first).to_be_visible()
        look(filler, "guest-item")
        body = page.locator("main").inner_text()
        assert not [name for name in ("朱辉斌", "黎林波", "崔怡欣", "审批处") if name in body]
        # nothing else of the host's: its list, its overview, its other items, its campaign
        number = int(item.rstrip("/").split("/")[-1])
        for address in (
            f"/ledger/items/{number - 1}/",
            campaign,
            "/ledger/items/?year=3",
            "/ledger/years/3/joined/",
        ):
            assert filler.go(address) in (403, 404), address
        filler.faults.clear()
        filler.go("/evidence/")
        expect(page.locator("main")).to_contain_text("年度总结")

    with Visitor(browser, running.url) as head:
        head.log_in(names["乙局李洋华"], PASSWORD)
        head.go("/ledger/joined/")
        head.page.get_by_role("link", name="审核").first.click()
        head.page.locator("#accept-form button").click()
        expect(head.page.get_by_text("已通过").first).to_be_visible()

    with Visitor(browser, running.url) as clerk:
        page = clerk.page
        clerk.log_in(names["石玲佳"], PASSWORD)
        clerk.go(item)
        page.locator("#materials").get_by_role("link", name="年度总结").first.click()
        expect(page.get_by_text("只因在本事项里引用才能看到")).to_be_visible()
        look(clerk, "citation")
        assert clerk.go("/org/people/?q=乙局白毅志") == 200
        expect(page.get_by_text("没有符合条件的人")).to_be_visible()
    # the host's own people sign the rest: the activity group, the office, the leader in charge
    for name in ("李洋华", "石玲佳", "卢欣燕"):
        with Visitor(browser, running.url) as judge:
            judge.log_in(names[name], PASSWORD)
            judge.go(item)
            judge.page.locator("#sign-form button").click()
            expect(judge.page.get_by_text("已签批" if name != "卢欣燕" else "已销号").first).to_be_visible()
