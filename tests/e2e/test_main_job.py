"""The main job, walked as the people who do it: from a standard's spreadsheet to an item struck from the ledger.

On copies of civilised-unit.xlsx (with two slips of the pen to mend), staff.xlsx and groups.xlsx. Two days are played: the
first working days of the year, when everything is set up, and its last, when a monthly item of ten branches is struck off.
Between them the branches hand in month by month, through the real actions, in a shell: no reader needs 118 equal clicks.
The pictures of the README are taken on the way.
"""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import serve
from .materials import GROUPS, STAFF, STANDARD, minutes, photograph, scan, slipped
from .visitor import PHONE
from .walk import (
    CLERK,
    HEAD,
    KEEPER,
    LIAISON,
    PARTY_HEAD,
    Walk,
    account,
    bring_record,
    found_the_agency,
    open_item,
    verify,
)

FIRST_DAY, LAST_DAY = "2026-01-06", "2026-12-28"
NAME = "文明单位测评标准（云泽市）"
TOPIC, MONTHLY = "党组专题研究创建工作", "支部委员会会议"


def bring_the_groups(walk: Walk) -> None:
    """The clerk: first password, groups.xlsx with preview; the roster again changes nothing."""
    with walk.someone(CLERK) as clerk:
        clerk.reads("工作台")
        clerk.go("/org/import/groups/")
        clerk.page.set_input_files("input[name=file]", GROUPS)
        clerk.press("上传并核对")
        clerk.reads("新增")
        clerk.snap("roster-preview")
        clerk.press("确认导入")
        clerk.go("/org/groups/")
        clerk.reads("第一活动组")
        clerk.go("/org/import/roster/")
        clerk.page.set_input_files("input[name=file]", STAFF)
        clerk.press("上传并核对")
        clerk.reads("文件与现有内容一致")
        clerk.go("/org/")
        clerk.snap("organisation")


def give_accounts(walk: Walk) -> None:
    """The system administrator: one account in the browser, the others by command."""
    with walk.someone(KEEPER) as keeper:
        keeper.go("/org/people/?q=崔怡欣")
        keeper.follow("崔怡欣")
        keeper.press("开通账号")
        walk.has.add(LIAISON)
        walk.first[LIAISON] = keeper.page.locator(".slip .code b").inner_text()
    for staff_no in (HEAD, PARTY_HEAD):
        account(walk, staff_no)


def import_the_standard(walk: Walk) -> None:
    """The clerk: a file with two slips, each mended where the page shows it, then saved."""
    file = slipped(walk.folder / STANDARD.name)
    with walk.someone(CLERK) as clerk:
        clerk.go("/standards/import/")
        clerk.page.set_input_files("input[name=file]", file)
        clerk.press("上传并读取")
        clerk.reads("要核对的地方", "259 项", "督察科")
        clerk.snap("standard-import")
        row = clerk.page.locator("#doubts tr", has_text="分值是空的")
        row.get_by_role("button", name="0.32").click()
        clerk.reads("已改")
        row = clerk.page.locator("#doubts tr", has_text="督察科")
        row.get_by_label("改成哪个处室").fill("督查室")
        row.get_by_role("button", name="改为", exact=True).click()
        clerk.reads("已改为“督查室”")
        clerk.follow("下一步：核对含义")
        clerk.follow("下一步：保存 259 项")
        clerk.page.get_by_label(re.compile("标准名称|名称")).first.fill(NAME)
        clerk.reads("100 分")
        clerk.press("保存为标准，259 项")
        clerk.reads(f"已保存《{NAME}》")


def start_the_campaign(walk: Walk) -> None:
    """The clerk: five pages of the wizard, then the first year is opened into its ledger."""
    with walk.someone(CLERK) as clerk:
        page = clerk.page
        clerk.go("/campaigns/new/")
        row = page.locator("tr", has_text=NAME)
        page.locator("input[type=checkbox]:checked").first.evaluate_all(
            "all => all.forEach(one => one.click())"
        )
        row.get_by_role("checkbox").check()
        row.get_by_label("目标称号").fill("全国文明单位")
        clerk.press("下一步")
        page.get_by_label("名称").first.fill("创建全国文明单位 2026—2028")
        page.get_by_label("起始年").fill("2026")
        page.get_by_label("届满年").fill("2028")
        clerk.press("更新年度")
        clerk.reads("2028 年度")
        clerk.snap("campaign-wizard")
        clerk.press("下一步")
        clerk.reads("今天谁来签", "牵头处室负责人审核")
        clerk.snap("review-chain")
        clerk.press("下一步")
        clerk.press("下一步")
        clerk.reads("创建线与审核环节")
        clerk.press("创建，并去启用 2026 年度")
        clerk.reads("已创建")
        expect(page.get_by_role("heading", level=1)).to_contain_text("启用 2026 年度台账")
        clerk.snap("year-open")
        clerk.press("启用，生成 259 项")
        clerk.go("/ledger/items/")
        clerk.reads("全部 259")


def assign_all(walk: Walk) -> None:
    """The clerk: everything that has a lead is handed out in one act, which could be taken back today."""
    with walk.someone(CLERK) as clerk:
        page = clerk.page
        clerk.go("/ledger/items/?status=pending")
        page.locator("thead .ck input").check()
        page.locator(".bulk").get_by_role("button", name="交办", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("交办")
        page.locator("button[name=go]").click()
        clerk.reads("已办：交办")
        expect(
            page.get_by_role("button", name="撤销").or_(page.get_by_role("link", name="撤销")).first
        ).to_be_visible()
        clerk.go("/ledger/items/")
        clerk.snap("ledger")
        clerk.go("/ledger/overview/")
        clerk.snap("overview")


def hand_in(walk: Walk) -> None:
    """The department's liaison: signs for it, brings minutes and two photographs, hands in."""
    with walk.someone(LIAISON) as liaison:
        page = liaison.page
        liaison.snap("desk")
        open_item(liaison, TOPIC)
        liaison.press("签收")
        liaison.reads("已签收", "还不能提交")
        liaison.follow("传新材料")
        files = [
            photograph(walk.folder / "会议现场一.jpg", "党组专题研究创建工作会议", (226, 219, 205)),
            photograph(walk.folder / "会议现场二.jpg", "党组会议　听取创建工作汇报", (210, 218, 224)),
            minutes(
                walk.folder / "党组会议纪要.txt", "党组会议纪要：研究全国文明单位创建工作，同意年度方案。"
            ),
        ]
        page.get_by_label("时间").fill("2026-01-05")
        page.get_by_label("地点").fill("三楼会议室")
        page.get_by_label("人物").fill("局党组成员")
        page.get_by_label("主题").fill("专题研究创建工作")
        liaison.bring(files)
        liaison.reads("已有 3 件")
        liaison.snap("upload")
        open_item(liaison, TOPIC)
        for _ in range(20):  # the worker draws the thumbnails a moment later
            if page.locator("#materials img").count() >= 2:
                break
            page.wait_for_timeout(500)
            page.reload()
        liaison.reads("要求 2 种，已齐 2 种")
        page.get_by_label("完成情况").fill("1月5日召开党组会议专题研究创建工作，审定年度方案。")
        liaison.snap("item")
        page.locator("#submit-form").get_by_role("button").click()
        liaison.reads("已提交")


def send_back(walk: Walk) -> None:
    """The department's head: looks, returns it and says why."""
    with walk.someone(HEAD) as head:
        head.reads("待我审核")
        open_item(head, TOPIC)
        head.follow("退回", exact=True)
        head.page.locator("textarea").first.fill("照片看不出参会人员，请补一张近景。")
        head.press("退回", exact=True)
        head.reads("已退回")


def mend_and_hand_in_again(walk: Walk) -> None:
    """The liaison, on a telephone: one more photograph, and again."""
    with walk.someone(LIAISON, PHONE) as liaison:
        page = liaison.page
        liaison.reads("退回给我", "照片看不出参会人员")
        liaison.snap("phone-desk")
        page.get_by_role("link", name="补正再交").first.click()
        liaison.reads("黎林波 退回")
        liaison.snap("phone-item")
        page.get_by_role("link", name="传新材料").first.click()
        liaison.bring([photograph(walk.folder / "近景.jpg", "党组会议　近景", (232, 224, 214))])
        liaison.reads("已有 4 件")
        liaison.snap("phone-upload")
        page.get_by_label("完成情况").fill("已补近景照片，请审核。")
        page.locator("form .sticky").get_by_role("button", name="提交").click()
        liaison.reads("已提交")


def accept(walk: Walk) -> None:
    """The head accepts."""
    with walk.someone(HEAD) as head:
        open_item(head, TOPIC)
        head.page.locator("#accept-form").get_by_role("button").click()
        head.reads("已通过")


def the_branches_year(walk: Walk) -> None:
    """Ten branches, twelve months, in the shell; two of December are left for the browser."""
    walk.known = walk.site.play(
        f"branches_year({MONTHLY!r}, 2026, (('第一党支部', '12月'), ('第二党支部', '12月')))"
    )
    assert len(walk.known["left"]) == 2


def december(walk: Walk) -> None:
    """The last two of the year: one branch's secretary herself, the other entered on behalf by the clerk."""
    slots = walk.known["left"]
    with walk.someone(HEAD) as secretary:  # 办公室主任 is the secretary of the first branch too
        bring_record(walk, secretary, slots["第一党支部"], "第一党支部")
    with walk.someone(CLERK) as clerk:
        bring_record(walk, clerk, slots["第二党支部"], "第二党支部", behalf="袁倩慧")
        clerk.reads("这是代 袁倩慧 报的")
        clerk.snap("branches", full=False)
    account(
        walk, PARTY_HEAD, verb="reset"
    )  # the slip of January was never used: a start password lasts 14 days
    with walk.someone(PARTY_HEAD) as head:
        head.reads("待我审核")
        head.press("整页通过") if head.page.get_by_role(
            "button", name="整页通过"
        ).count() else head.page.get_by_text("整页通过").first.click()
        head.page.get_by_role("button", name=re.compile(r"^通过 \d+ 期")).click()
        head.reads("已通过 2 期")


def strike_off(walk: Walk) -> None:
    """Group leader and office sign on screen, the leader on paper: printed, signed, recorded with a scan."""
    item = walk.known["item"]
    while not (here := walk.site.play(f"standing({item})"))["last"]:
        # somebody of the office who is not the leader too: the last by number, as leaders are the first
        staff_no = max(here["signers"], key=lambda one: (one in walk.has, one))
        if staff_no not in walk.has:
            account(walk, staff_no, verb="reset" if here["signers"][staff_no] else "make")
        with walk.someone(staff_no) as signer:
            signer.go(f"/ledger/items/{item}/")
            signer.page.locator("#sign-form").get_by_role("button").click()
            signer.reads("已签批")
    with walk.someone(CLERK) as clerk:
        page = clerk.page
        clerk.go(f"/ledger/papers/form/?items={item}")
        clerk.reads("创建事项销号审批表")
        to_pdf(walk, page, "closing-form", "创建事项销号审批表", MONTHLY, "分管领导")
        clerk.go("/ledger/papers/new/")
        page.get_by_label(MONTHLY).check()
        page.get_by_label("签批人").select_option(index=1)
        page.get_by_label("纸上的日期").fill("2026-12-27")
        page.get_by_label("纸上的意见").fill("同意销号。")
        page.set_input_files("#scan", scan(walk.folder / "签批扫描件.png", "同意销号。　2026-12-27"))
        clerk.snap("paper-signature")
        clerk.press("登记勾选的事项")
        clerk.reads("已登记纸质签批 1 项")
        clerk.go(f"/ledger/items/{item}/")
        clerk.reads("已销号", "纸质签批")
        clerk.snap("closed-item")
        clerk.go(f"/ledger/papers/slip/{item}/")
        clerk.reads("创建事项销号单", "销2026-001")
        to_pdf(walk, page, "closing-slip", "创建事项销号单", "销2026-001", MONTHLY)
        clerk.go("/org/journal/")
        clerk.snap("journal")


def to_pdf(walk: Walk, page: Page, name: str, *words: str) -> None:
    """Print the page; the paper is A4, says WORDS, and is kept as a picture beside the others."""
    path = walk.folder / f"{name}.pdf"
    page.pdf(path=path, format="A4", print_background=True, prefer_css_page_size=True)
    assert path.stat().st_size > 10_000
    if shutil.which("pdftotext"):
        text = re.sub(
            r"\s+",
            "",
            subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True).stdout,
        )
        for word in words:
            assert word in text, f"{name}: {word}"
        info = (
            subprocess.run(["pdfinfo", path], capture_output=True, text=True).stdout
            if shutil.which("pdfinfo")
            else "Pages: 1"
        )
        assert re.search(r"Pages:\s+1\b", info), info
    if shutil.which("pdftoppm"):
        subprocess.run(
            [
                "pdftoppm",
                "-png",
                "-r",
                "80",
                "-singlefile",
                path,
                walk.pictures(f"{name}-paper").with_suffix(""),
            ],
            check=True,
        )


def test_main_job(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory, readme: Callable[[str], Path]
) -> None:
    walk = Walk(browser, tmp_path_factory.mktemp("main-job"), tmp_path_factory.mktemp("hands"), readme)
    with serve(walk.home, demo=False, today=FIRST_DAY) as walk.site:
        for step in (
            found_the_agency, bring_the_groups, give_accounts, import_the_standard, start_the_campaign, assign_all, hand_in, send_back,
            mend_and_hand_in_again, accept, the_branches_year,
        ):  # fmt: skip
            step(walk)
    with serve(walk.home, demo=False, today=LAST_DAY) as walk.site:
        for step in (december, strike_off, verify):
            step(walk)
    assert not walk.faults, "\n" + "\n".join(walk.faults)
