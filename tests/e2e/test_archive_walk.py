"""归档, from the fonds number to the package on the keeper's disk: by the office, in a browser, on the demo."""

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from playwright.sync_api import Browser, Page, expect

from taizhang.kit.tables import read_book

from .conftest import Site
from .visitor import DESK, PHONE, Visitor

UPTO = 180_000  # milliseconds for the checks, or for the seal, of some ten pieces on a busy machine
CLERK, PASSWORD = "demo-chuangjianban", "yanshi-2020"
TITLE = "创建年度归档试立册"
REASON = "原件没有落款，考证不出"


def sealed_package(page: Page, folder: Path) -> zipfile.ZipFile:
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载归档包").click()
    path = folder / "package.zip"
    waiting.value.save_as(path)
    return zipfile.ZipFile(path)


def test_from_the_fonds_number_to_the_package(
    browser: Browser, demo_site: Site, pictures: Any, tmp_path: Path
) -> None:
    with Visitor(browser, demo_site.url) as office:
        page = office.page

        def look(name: str) -> None:
            """No fault, no Latin word but those on the list, at both sizes; a picture of each if asked."""
            for size, words in ((DESK, name), (PHONE, f"{name}-phone")):
                office.resize(size)
                assert not [*office.calm(), *office.questions()], words
                if pictures:
                    office.picture(pictures(words))
            office.resize(DESK)

        office.log_in(CLERK, PASSWORD)
        office.go("/evidence/")
        page.get_by_role("link", name="归档", exact=True).first.click()
        look("archive-volumes")

        # 全宗号 and a code for each department
        page.get_by_role("link", name="全宗和机构代码").click()
        page.locator("#code").fill("Y109")
        page.locator("#archive").fill("云泽市档案馆")
        look("archive-fonds")
        page.get_by_role("button", name="保存").click()
        expect(page.locator("main")).to_contain_text("Y109")

        # a volume of the documents that the year's items cite
        page.get_by_role("link", name="新立归档册").click()
        page.locator("select[name=kind]").select_option("document")
        page.get_by_role("button", name="看会编进什么").click()
        page.locator("#title").fill(TITLE)
        look("archive-new")
        page.get_by_role("button", name="立册，编入").click()
        expect(page.locator("h1")).to_have_text(TITLE)
        volume = page.url
        mains = page.locator("tr:not(.annex) td.t > a")
        documents = mains.count()
        assert documents >= 3

        # and two sheets of the library, which belong to one of them
        page.get_by_role("link", name="编入材料").first.click()
        page.get_by_role("searchbox", name="名称").fill("签到表")
        page.get_by_role("searchbox", name="名称").press("Enter")
        boxes = page.locator("tbody input[name=pk]")
        for at in range(2):
            boxes.nth(at).check()
        look("archive-add")
        page.get_by_role("button", name="编入").last.click()
        expect(mains).to_have_count(documents + 2)
        head = mains.first.inner_text()
        sheets = [mains.nth(documents).inner_text(), mains.nth(documents + 1).inner_text()]

        # one 件 alone cannot be joined; three become one, the second sheet before the first
        ids = page.locator("tbody input[name=pk]").evaluate_all("all => all.map(one => one.value)")
        page.locator(f"input[name=pk][value='{ids[0]}']").check()
        page.get_by_role("button", name="并成一件").click()
        expect(page.locator("main")).to_contain_text("只勾选了一件")
        for pk in ids[-2:]:
            page.locator(f"input[name=pk][value='{pk}']").check()
        office.calm()
        page.get_by_role("button", name="并成一件").click()
        expect(page.get_by_role("radio", name=f"{head}是主件")).to_be_checked()
        page.locator(f"input[name='place-{ids[-2]}']").fill("9")
        look("archive-join")
        page.get_by_role("button", name="并成一件").click()
        expect(page.locator("main")).to_contain_text("已把 3 件并成一件")
        annexes = page.locator("tr.annex td.t > a")
        expect(annexes).to_have_text([sheets[1], sheets[0]])
        expect(mains).to_have_count(documents)
        look("archive-joined")
        annexes.first.click()
        expect(page.locator("main")).to_contain_text(f"这是“{head}”的附 1")
        look("archive-annex")
        office.go(volume)

        # one without an issuer: the checks ask, the office answers
        mains.nth(1).click()
        page.locator("#issuer").fill("")
        look("archive-piece")
        page.get_by_role("button", name="保存").click()
        page.get_by_role("button", name="编号", exact=True).click()
        expect(page.locator("main")).to_contain_text("Y109-WS·2026-")
        page.get_by_role("button", name="四性检测").click()
        seal = page.get_by_text("封存", exact=True)
        problems = page.locator("#checks tbody tr")
        expect(problems).not_to_have_count(0, timeout=UPTO)
        look("archive-checked")
        for field in page.locator("#checks input[name^=answer-]").all():
            field.fill(REASON)
        page.get_by_role("button", name="保存理由").click()
        expect(page.locator("#checks")).to_contain_text("已说明")
        look("archive-answered")
        seal.first.click()
        page.get_by_role("button", name=f"封存 {documents} 件").click()
        expect(page.get_by_role("link", name="下载归档包")).to_be_visible(timeout=UPTO)
        look("archive-sealed")
        package = sealed_package(page, tmp_path)
        assert not office.calm()

    files = {name: package.read(name) for name in package.namelist()}
    manifest = json.loads(files["清单.json"])
    assert manifest["pieces"] == documents and not manifest["draft"] and manifest["title"] == TITLE
    told = {one["path"]: one["sha256"] for one in manifest["files"]}
    assert told == {
        name: hashlib.sha256(data).hexdigest() for name, data in files.items() if not name.startswith("清单")
    }
    assert [one["title"] for one in manifest["annexes"]] == [sheets[1], sheets[0]]
    number = manifest["annexes"][0]["piece"]
    assert sum(f"/{number}-附" in name for name in files) >= 2, "their files lie beside the main one"
    rows = read_book(files["归档文件目录.xlsx"], "目录.xlsx").sheets[0].rows
    line = next(row for row in rows if row[1] == number)
    assert len(rows) == documents + 1 and line[4] == head
    xml = next(data for name, data in files.items() if name.endswith(f"{number}（元数据）.xml"))
    found = ElementTree.parse(io.BytesIO(xml)).getroot()
    assert [one.findtext("题名") for one in found.findall("组成部分/附件")] == [sheets[1], sheets[0]]
    assert found.findtext("形式特征/件内页数") == str(line[7])
