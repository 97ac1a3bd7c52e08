"""Five texts, printed three ways, go from the desk into the bound volume; a killed worker in the middle loses nothing."""

import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import Browser, expect

from ..people import PASSWORD
from .conftest import Site, serve
from .library_texts import TEXTS, printed
from .visitor import PHONE, Visitor

UPTO = 240_000  # milliseconds for fifteen files, five of them to be read from pictures


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, dict[str, str]]]:
    home = tmp_path_factory.mktemp("library")
    with serve(home, demo=False, today="2020-06-10", pictures_read=True) as running:
        yield running, running.play("from tests.e2e import city_site; city_site.lay()")


def workers(site: Site) -> list[int]:
    """The worker processes of this site, by its folder in their environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes()
            if (
                b"taizhang.config.worker" in words
                and str(site.home).encode() in (folder / "environ").read_bytes()
            ):
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def kill_the_worker(site: Site) -> None:
    """As a power cut would, once it is at work; `taizhang up` starts another."""
    upto = time.monotonic() + 60
    while not (there := workers(site)):
        assert time.monotonic() < upto, "no worker"
        time.sleep(0.2)
    for pid in there:
        os.kill(pid, signal.SIGKILL)
    while not set(workers(site)) - set(there):
        assert time.monotonic() < upto + 60, "no new worker"
        time.sleep(0.2)


def test_from_the_scanner_to_the_bound_volume(
    browser: Browser, site: tuple[Site, dict[str, str]], pictures: Any, tmp_path: Path
) -> None:
    running, names = site

    def look(visitor: Visitor, name: str) -> None:
        assert not [*visitor.calm(), *visitor.questions()], name
        if pictures:
            visitor.picture(pictures(name))
        visitor.resize(PHONE)
        assert not visitor.questions(), name
        if pictures:
            visitor.picture(pictures(f"{name}-phone"))
        visitor.resize({"width": 1366, "height": 768})

    with Visitor(browser, running.url) as filler:
        filler.log_in(names["朱辉斌"], PASSWORD)
        page = filler.page
        filler.go("/evidence/new/")
        expect(page.locator("[data-drop].live").first).to_be_attached()
        page.locator("input[type=file][multiple]").set_input_files(printed(tmp_path))
        with page.expect_navigation(timeout=120_000):
            page.get_by_role("button", name="存入材料库").click()
        expect(page.locator("[data-receipt]")).to_have_count(15)
        kill_the_worker(running)
        look(filler, "library-receipts")

        # everything is read, by whichever worker
        filler.go("/evidence/")
        expect(page.locator("main")).not_to_contain_text("正在读取", timeout=UPTO)
        filler.go("/evidence/")
        for text in TEXTS:
            filler.go(f"/evidence/?q={text.phrase}")
            expect(page.locator("main")).to_contain_text("找到 3 件")
            assert page.locator("main mark").count() >= 3, text.name
        look(filler, "library-found")
        filler.go("/evidence/?q=云甲发〔2020〕7号")
        expect(page.locator("main")).to_contain_text("找到 3 件")

        # what it can serve: the item of the monthly meeting, for the Word file, the print and the scan alike
        filler.go(f"/evidence/?q={TEXTS[0].phrase}")
        pieces = page.locator("main table tbody tr td.t a").evaluate_all(
            "links => links.map(one => one.pathname)"
        )
        numbers = sorted(
            {int(found[1]) for one in pieces if (found := re.fullmatch(r"/evidence/(\d+)/", one))}
        )
        assert len(numbers) == 3
        for number in numbers:
            filler.go(f"/ledger/evidence/{number}/proposals/")
            first = page.locator("tbody tr").first
            expect(first).to_contain_text("领导小组月度调度")
            look(filler, "library-proposals")
            first.get_by_role("button", name="引用", exact=True).click()
            expect(page.get_by_text("可在各事项页补完成情况")).to_be_visible()
        item = running.play(
            "from taizhang.ledger.models import Item; print(Item.objects.get(title='领导小组月度调度').pk)"
        )
        filler.go(f"/ledger/items/{item}/")
        expect(page.locator("main")).to_contain_text(TEXTS[0].name)

    with Visitor(browser, running.url) as clerk:
        clerk.log_in(names["石玲佳"], PASSWORD)
        page = clerk.page
        clerk.go(f"/ledger/items/{item}/")
        page.get_by_text("更多", exact=True).first.click()
        page.get_by_role("link", name="装订").first.click()
        look(clerk, "library-bind")
        page.get_by_role("button", name="开始装订").click()
        expect(page.get_by_role("link", name="下载").first).to_be_visible(timeout=UPTO)
        look(clerk, "library-bound")
        with page.expect_download() as waiting:
            page.get_by_role("link", name="下载").first.click()
        volume = tmp_path / "volume.pdf"
        waiting.value.save_as(volume)
    bound = pypdfium2.PdfDocument(str(volume))
    words = ["".join(one.get_textpage().get_text_bounded().split()) for one in bound]
    bound.close()
    # the Word file and the print bring their words; the scan its page
    assert sum(TEXTS[0].phrase in one for one in words) == 2
    assert sum("（扫描）" in one for one in words) >= 1
    assert not any(TEXTS[2].phrase in one for one in words)
