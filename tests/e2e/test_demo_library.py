"""The demo's library, forms, windows, volumes and archive: no page of them is empty, and what waits is made."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from .conftest import Site
from .visitor import Visitor

PASSWORD = "yanshi-2020"
MADE = 300_000  # milliseconds: the demo's files are read meanwhile
#: page → words that stand there
PAGES = (
    ("/evidence/bin/", ("与已存的照片重复", "传错了，是空白表")),
    ("/evidence/statistics/", ("信息简报", "音像时长")),
    ("/evidence/volumes/", ("已封存", "整理中")),
    ("/evidence/?genre=rule", ("窗口服务规范",)),
    ("/evidence/?q=应知应会手册", ("找到 2 件",)),
    ("/reports/", ("材料册", "材料夹", "画册")),
)  # fmt: skip
#: line of the page of cases → words of the page that it opens
CASES = (
    ("材料提交表", ("测评材料提交表", "☑ 符合", "证明段落 2 处")),
    ("各事项的结论", ("基本符合", "不符合", "还没有写")),
    ("报送窗口", ("已设", "不再收")),
    ("上年度的归档册", ("四性检测", "-WS·")),
)  # fmt: skip


@pytest.mark.parametrize(("address", "words"), PAGES, ids=[address for address, _ in PAGES])
def test_no_page_is_empty(address: str, words: tuple[str, ...], demo_site: Site, browser: Browser) -> None:
    with Visitor(browser, demo_site.url) as visitor:
        visitor.log_in("demo-chuangjianban", PASSWORD)
        visitor.go(address)
        for one in words:
            expect(visitor.page.locator("main")).to_contain_text(one)


def test_the_cases_lead_there_and_the_volume_is_made(
    demo_site: Site, browser: Browser, tmp_path: Path
) -> None:
    with Visitor(browser, demo_site.url) as visitor:
        visitor.log_in("demo-chuangjianban", PASSWORD)
        page = visitor.page
        for line, words in CASES:
            visitor.go("/demo/")
            page.locator("main td.t a", has_text=line).first.click()
            for one in words:
                expect(page.locator("main")).to_contain_text(one)
        visitor.go("/demo/")
        page.locator("main td.t a", has_text="装订好的材料册").click()
        expect(page.get_by_role("link", name="下载").first).to_be_visible(timeout=MADE)
        with page.expect_download() as waiting:
            page.get_by_role("link", name="下载").first.click()
        waiting.value.save_as(tmp_path / "made.pdf")
    assert (tmp_path / "made.pdf").read_bytes().startswith(b"%PDF")
