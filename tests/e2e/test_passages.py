"""A red-headed paper is deposited and cited; two of its sentences are marked by clicking on them, and the form is written."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.kit.texts import made

from .conftest import Site
from .visitor import DESK, PHONE, Visitor

PASSWORD = "yanshi-2020"
FILLER, CLERK = "demo-zerenren", "demo-chuangjianban"
TEXT = (
    "#set par(first-line-indent: (amount: 2em, all: true), leading: 1.1em)\n#set text(size: 16pt)\n"
    '#align(center, text(size: 22pt, fill: red, weight: "bold")[云泽市政务服务管理局文件])\n#align(center)[云政服〔2026〕7号]\n\n'
    "为深入推进全国文明单位创建工作，机关成立创建工作领导小组，由主要负责同志任组长，每月召开一次调度会议；"
    "领导小组下设办公室，负责日常工作。各处室要明确专人负责，按月报送进展！办公室按季度通报。"
)
TITLE = "关于成立创建工作领导小组的通知"
MONTHLY, DUTY = "每月召开一次调度会议；", "各处室要明确专人负责"


def visitor(browser: Browser, url: str, name: str, size: dict[str, int] = DESK) -> Visitor:
    found = Visitor(browser, url, dict(size))
    found.log_in(name, PASSWORD)
    return found


def an_open_slot(filler: Visitor) -> str:
    """The first item of the person's own that takes material now."""
    page = filler.page
    filler.go("/ledger/items/?scope=dept&group=none")
    paths = page.eval_on_selector_all("main a[href]", "all => all.map(a => new URL(a.href).pathname)")
    items = [one for one in dict.fromkeys(paths) if re.fullmatch(r"/ledger/items/\d+/", one)]
    for one in items:
        filler.go(one)
        if page.get_by_role("link", name="传新材料").count():
            return one
    raise AssertionError(f"nothing takes material: {items[:5]}")


def deposited(filler: Visitor, tmp_path: Path) -> str:
    """The address of an item in which the paper now lies."""
    page, paper = filler.page, tmp_path / f"{TITLE}.pdf"
    paper.write_bytes(made.pdf(TEXT, "第二页是附件。"))
    item = an_open_slot(filler)
    page.get_by_role("link", name="传新材料").click()
    expect(page.locator(".drop.live")).to_be_visible()
    page.locator("input[type=file][multiple]").set_input_files([paper])
    with page.expect_navigation():
        page.get_by_role("button", name="存入这一期").click()
    return item


def on_the_words(page: Page, words: str) -> None:
    """Click in the middle of the first line of the sentence that holds WORDS, on the picture itself."""
    key = page.locator("label[data-s]", has_text=words).first.get_attribute("data-s")
    page.locator(f"svg g[data-s='{key}'] rect").first.click()


def test_two_sentences_are_marked_and_the_form_is_written(
    demo_site: Site, browser: Browser, tmp_path: Path, readme: Callable[[str], Path]
) -> None:
    with visitor(browser, demo_site.url, FILLER) as filler:
        page = filler.page
        item = deposited(filler, tmp_path)
        filler.go(item)
        page.locator("tr", has_text=TITLE).last.get_by_role("link", name=re.compile("证明段落")).click()
        expect(page.get_by_role("heading", name="证明段落", exact=True)).to_be_visible()
        # the words lie on the picture: clicking there ticks the sentence beside it
        page.locator(".pgv img").evaluate("img => img.decode()")
        # turned away while too many wait for pages, the picture asks again by itself
        busy = iter([503, 503])
        page.route(
            re.compile(r"pages/1\.jpg$"),
            lambda route: route.fulfill(status=503, body="人太多") if next(busy, 0) else route.continue_(),
        )
        page.reload()
        expect(page.locator(".pgv img")).to_have_js_property("naturalWidth", 1000)
        assert next(busy, 0) == 0, "it was turned away twice"
        page.unroute_all()
        for words in (MONTHLY, DUTY):
            on_the_words(page, words)
            expect(page.locator("label[data-s]", has_text=words).locator("input")).to_be_checked()
        expect(page.locator("[data-count]")).to_have_text("2 句")
        assert page.locator("svg g.on").count() == 2
        on_the_words(page, MONTHLY)  # and again takes it away
        expect(page.locator("[data-count]")).to_have_text("1 句")
        on_the_words(page, MONTHLY)
        page.get_by_role("button", name="保存第 1 页的标注").click()
        page.wait_for_load_state()
        expect(page.get_by_text("第 1 页已标 2 处证明段落")).to_be_visible()
        assert page.locator("svg g.on").count() == 2 and page.locator(".marked li").count() == 2
        assert filler.questions() == [] and filler.latin() == []
        filler.picture(readme("passages"))
        filler.resize(PHONE)
        assert filler.questions() == []
        filler.picture(readme("passages-phone"))
        filler.resize(DESK)
        filler.go(item)
        expect(
            page.locator("tr", has_text=TITLE).last.get_by_role("link", name="证明段落 2 处")
        ).to_be_visible()
        assert filler.questions() == []
        page.get_by_role("link", name="材料提交表").first.click()
        expect(page.get_by_text("系统建议")).to_be_visible()
        page.get_by_role("link", name="填入下面，改后再保存").click()
        page.get_by_label("基本符合").check()
        page.get_by_label("说明").fill("领导小组已成立，每月调度，有通知为证；照片还差一张。")
        page.get_by_role("button", name="保存结论").click()
        page.wait_for_load_state()
        expect(page.get_by_text("结论已写：基本符合")).to_be_visible()
        expect(page.locator("article.a4")).to_contain_text("☑ 基本符合")
        assert filler.questions() == [] and filler.latin() == []
        filler.picture(readme("statement"))
        filler.resize(PHONE)
        filler.picture(readme("statement-phone"))
        assert filler.questions() == []
        assert filler.calm() == []
    with visitor(browser, demo_site.url, CLERK) as clerk:
        page = clerk.page
        clerk.go(item)
        expect(page.get_by_text("写材料提交表结论：结论 基本符合")).to_be_visible()
        clerk.go("/ledger/overview/")
        page.get_by_role("link", name=re.compile("未写结论")).click()
        page.wait_for_load_state()
        expect(page.get_by_role("heading", name=re.compile("材料提交表"))).to_be_visible()
        assert clerk.questions() == []
        clerk.picture(readme("statements"), full=False)
        page.get_by_role("link", name=re.compile("^基本符合")).click()
        page.wait_for_load_state()
        expect(page.locator("table.tb tbody tr")).not_to_have_count(0)
        assert clerk.calm() == []


def test_without_a_script_the_sentences_are_tick_boxes(
    demo_site: Site, browser: Browser, tmp_path: Path
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{demo_site.url}/org/login/")
    page.locator("#id_username").fill(FILLER)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_password").press("Enter")
    page.wait_for_url(lambda address: "/login/" not in address)
    with visitor(browser, demo_site.url, FILLER) as filler:
        item = deposited(filler, tmp_path)
    page.goto(f"{demo_site.url}{item}")
    page.locator("tr", has_text=TITLE).last.get_by_role("link", name=re.compile("证明段落")).click()
    box = page.locator("label[data-s] input").last
    box.check()
    page.get_by_role("button", name=re.compile("保存第 . 页的标注")).click()
    expect(page.get_by_text(re.compile("页已标 . 处证明段落"))).to_be_visible()
    context.close()
