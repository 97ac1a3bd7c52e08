"""Any standard, and its next edition, walked as the people who do it.

An outline in Word and an old workbook are imported, mended where they are doubtful, and made two tracks of a campaign of
2018–2020. In January people hand in, return, accept and strike off; in May the outline's next edition is imported,
compared, looked at, adopted, taken back and adopted again. Nothing that was handed in may be lost: every row of it is read
from the database before and after, and opened in the browser by the people it belongs to.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from .conftest import serve
from .materials import minutes, photograph, staff_of
from .papers import OUTLINE, PARTY, second_edition
from .standard_import import bring_file, import_the_outline, import_the_workbook
from .visitor import PHONE
from .walk import CLERK, HEAD, LIAISON, Someone, Walk, account, found_the_agency, open_item, verify

BRANCHES = ("第一党支部", "第二党支部", "第三党支部")
#: what is handed in month by month: title, period, performer (the lead if empty), how far it went
SINCE = {
    1: [("支部委员会会议", "1月", branch, "passed") for branch in BRANCHES],
    2: [("支部委员会会议", "2月", BRANCHES[0], "passed"), ("身边好人", "", "", "closed"), ("理论学习", "2月", BRANCHES[1], "")],
    3: [("网络学习", "", "", ""), ("窗口规范", "", "", "passed"), ("一次告知", "", "", ""), ("中心组学习", "一季度", "", "passed"),
        ("读书交流", "一季度", "", ""), ("党员大会", "一季度", BRANCHES[2], "passed")],
}  # fmt: skip
CLOSED = ("创建工作方案", "身边好人")
WHERE = {
    "时间": "2019-01-05",
    "地点": "三楼会议室",
    "人物": "全体干部",
    "主题": "创建工作",
    "文号": "云政〔2019〕1号",
}
FIRST_DAY, MAY = "2019-01-07", "2019-05-13"


def found(walk: Walk) -> None:
    found_the_agency(walk, staff_of(walk.folder / "staff.xlsx", 7))
    for staff_no in (LIAISON, HEAD):
        account(walk, staff_no)


def start_the_campaign(walk: Walk) -> None:
    """Both as tracks of one campaign, 2018 to 2020; the year before is opened too, to keep its words."""
    with walk.someone(CLERK) as clerk:
        page = clerk.page
        clerk.go("/campaigns/new/")
        page.locator("input[type=checkbox]:checked").evaluate_all("all => all.forEach(one => one.click())")
        for name, title in ((OUTLINE, "市级文明单位"), (PARTY, "党建先进单位")):
            row = page.locator("tr", has_text=name)
            row.get_by_role("checkbox").check()
            row.get_by_label("目标称号").fill(title)
        clerk.press("下一步")
        page.get_by_label("名称").first.fill("创建市级文明单位 2018—2020")
        page.get_by_label("起始年").fill("2018")
        page.get_by_label("届满年").fill("2020")
        clerk.press("更新年度")
        for _ in range(3):
            clerk.press("下一步")
        clerk.press(re.compile("创建，并去启用"))
        clerk.reads("已创建")
        before = page.url
        clerk.press("启用，生成 40 项")
        clerk.go(before)
        clerk.follow("启用 2019 年度")
        page.wait_for_url(lambda url: url != before)
        walk.known["year"] = re.search(r"years/(\d+)/", page.url)[1]  # type: ignore[index]
        clerk.press("启用，生成 40 项")
        clerk.go("/ledger/items/")
        clerk.reads("全部 40")
        page.locator("thead .ck input").check()
        page.locator(".bulk").get_by_role("button", name="交办", exact=True).click()
        page.locator("button[name=go]").click()
        clerk.reads("已办：交办")


def papers(walk: Walk, title: str, *photographs: str) -> list[Path]:
    """A plan in words and photographs."""
    return [
        minutes(walk.folder / f"{title}方案.txt", f"{title}方案"),
        *(
            photograph(walk.folder / f"{title}{name}.jpg", f"{title}　{name}", (226, 219, 205))
            for name in photographs
        ),
    ]


def hand_in(walk: Walk) -> None:
    """The office's liaison: a quarter of volunteering, the party group's meeting, and the year's plan."""
    with walk.someone(LIAISON) as liaison:
        for title, photographs in (
            ("志愿服务活动", ("清扫", "值勤")),
            ("党组专题研究", ("会场", "近景")),
            ("创建工作方案", ()),
        ):
            open_item(liaison, title)
            liaison.press("签收")
            liaison.follow("传新材料")
            for label, words in WHERE.items():
                if liaison.page.get_by_label(label).count():
                    liaison.page.get_by_label(label).first.fill(words)
            files = papers(walk, title, *photographs)
            liaison.bring(files)
            liaison.reads(f"已有 {len(files)} 件")
            open_item(liaison, title)
            liaison.page.get_by_label("完成情况").fill(f"{title}已完成，材料附后。")
            liaison.page.locator("#submit-form").get_by_role("button").click()
            liaison.reads("已提交")


def review(walk: Walk) -> None:
    """The office's head passes two and returns one."""
    with walk.someone(HEAD) as head:
        open_item(head, "党组专题研究")
        head.follow("退回", exact=True)
        head.page.locator("textarea").first.fill("近景看不清，请补一张。")
        head.press("退回", exact=True)
        head.reads("已退回")
        for title in ("志愿服务活动", "创建工作方案"):
            open_item(head, title)
            head.page.locator("#accept-form").get_by_role("button").click()
            head.reads("已通过")


def the_months_to_may(walk: Walk) -> None:
    """What the others hand in, through the real actions: branches, a department's quarter, what is struck off."""
    calls = ["close('创建工作方案', 2019, '2019-01-28')"]
    calls += [f"report(2019, {month}, *{rows!r})" for month, rows in SINCE.items()]
    walk.site.play("; ".join(calls))


def import_the_next(walk: Walk) -> None:
    """The clerk in May: the revised outline, said to be the next edition, compared line by line with the one in force."""
    with walk.someone(CLERK) as clerk:
        page = clerk.page
        clerk.go("/standards/")
        clerk.follow(OUTLINE)
        clerk.follow("导入新版")
        expect(page.get_by_label("这是哪份标准的新版？").locator("option:checked")).to_contain_text(OUTLINE)
        bring_file(clerk, second_edition(walk.folder))
        clerk.reads("要核对的地方")
        page.locator("#doubts").get_by_role("button", name="全部按建议处理").click()
        clerk.reads("请确认 0")
        clerk.follow("下一步：核对含义")
        clerk.press(re.compile("确认全部确定的"))
        clerk.follow("下一步：与旧版比较")
        clerk.reads("还有 1 处待确认", "信用机关")
        clerk.follow(re.compile("^拆分"))
        clerk.reads("窗口人员规范", "便民服务设施")
        clerk.follow(re.compile("^有变化的"))
        clerk.snap("standard-compare")
        row = page.get_by_role("row", name=re.compile("信用机关"))
        row.get_by_role("button", name="确认", exact=True).click()
        clerk.reads("已确认")
        clerk.follow("下一步：保存")
        page.locator("#id_label").fill("2019年版")
        clerk.press("保存为标准，28 项")
        clerk.reads("已保存")


def look_at_the_adoption(walk: Walk) -> None:
    """From the campaign's page: what would become of every item, before anything is done; and the same as a workbook."""
    walk.known["before"] = walk.site.play("ledger_rows(whole=False)")
    walk.known["ledger"] = walk.site.play("ledger_rows(whole=True)")
    walk.known["items"] = walk.site.play("items_of(2019)")
    with walk.someone(CLERK) as clerk:
        page = clerk.page
        clerk.go("/campaigns/1/")
        clerk.follow("查看并换版")
        clerk.reads("需复核 3 项", "2018年版 换为 2019年版", "总分 98 → 100")
        clerk.snap("adoption-plan")
        with page.expect_download() as plan:
            page.get_by_role("link", name="导出换版计划").click()
        plan.value.save_as(walk.folder / "plan.xlsx")


def adopt(walk: Walk) -> Someone:
    """The clerk, who has pressed 确认换版."""
    clerk = walk.someone(CLERK)
    clerk.go(f"/ledger/years/{walk.known['year']}/adopt/")
    clerk.press(re.compile("确认换版"))
    clerk.reads("已换用", "改动了")
    return clerk


def adopt_and_take_back(walk: Walk) -> None:
    """Adopted, and taken back at once: every row of the ledger is as it was."""
    with adopt(walk) as clerk:
        clerk.page.get_by_text("撤回换版").first.click()
        clerk.page.locator("form").get_by_role("button", name="撤回换版").click()
        clerk.reads("已撤回换版")
    assert walk.site.play("ledger_rows(whole=True)") == walk.known["ledger"]


def adopt_for_good(walk: Walk) -> None:
    with adopt(walk) as clerk:
        clerk.go("/ledger/items/")
        clerk.go("/")
    compare_what_was_handed_in(walk)


def compare_what_was_handed_in(walk: Walk) -> None:
    """Not one row of what was handed in has changed, and every item stands as walk 2 of the model says."""
    assert walk.site.play("ledger_rows(whole=False)") == walk.known["before"]
    old, new = walk.known["items"], walk.site.play("items_of(2019)")
    kept = {tuple(slot) for item in old.values() for slot in item["slots"] if slot[4]}
    assert kept <= {tuple(slot) for item in new.values() for slot in item["slots"]}
    monthly = new["志愿服务活动"]["slots"]
    assert [slot[1] for slot in monthly] == ["一季度", *(f"{month}月" for month in range(5, 13))]
    assert monthly[0][2:] == ["accepted", "2019-01-01", 1]
    gone, joined = new["网络学习"], new["服务承诺"]
    assert (
        gone["status"] == "waived"
        and gone["reason"].startswith("标准取消")
        and gone["slots"] == old["网络学习"]["slots"]
    )
    assert joined["status"] == "waived" and "并入" in joined["reason"]
    assert (
        new["告知与承诺"]["pk"] == old["一次告知"]["pk"]
        and new["窗口人员规范"]["pk"] == old["窗口规范"]["pk"]
    )
    for title in ("便民服务设施", "反食品浪费"):
        assert new[title]["status"] == "pending" and title not in old
    assert new["网络安全"]["pk"] == old["网络安全"]["pk"] and new["健康讲座"] == old["健康讲座"] | {
        "edition": "2019年版",
        "no": new["健康讲座"]["no"],
    }
    assert new["中心组学习"]["points"] == "5.000"
    for title in CLOSED:
        assert new[title]["status"] == "closed" and new[title]["requirement"] != old[title]["requirement"]
    year_before = walk.site.play("items_of(2018)")
    assert {item["edition"] for item in year_before.values()} == {"2018年版"}
    assert year_before["创建工作方案"]["requirement"] == old["创建工作方案"]["requirement"]


def look_again(walk: Walk) -> None:
    """需复核: one is right as it is, one is taken up again; after that the adoption can no more be taken back."""
    with walk.someone(CLERK) as clerk:
        page = clerk.page
        clerk.reads("需复核")
        clerk.go("/ledger/revisits/")
        clerk.reads("换版复核 3 项")
        clerk.snap("adoption-revisits")
        page.get_by_role("row", name=re.compile("创建工作方案")).get_by_role("checkbox").check()
        page.get_by_role("button", name="复核无误").click()
        clerk.reads("已办：复核无误 1 项")
        open_item(clerk, "身边好人")
        clerk.reads("需复核")
        clerk.follow("重新挂号")
        page.locator("textarea").first.fill("今年要评 8 名，请补齐。")
        clerk.press(re.compile("重新挂号"))
        clerk.reads("已重新挂号")
        clerk.go("/ledger/adoptions/2/")
        page.get_by_text("撤回换版").first.click()
        page.locator("form").get_by_role("button", name="撤回换版").click()
        clerk.reads("没有撤回", "身边好人")
        clerk.go("/org/journal/?action=ledger.adopt")
        clerk.reads("2018年版 → 2019年版", "标准取消（《")


def everybody_finds_it_again(walk: Walk) -> None:
    """The people who handed it in open it, byte for byte, and go on where they were."""
    with walk.someone(LIAISON) as liaison:
        page = liaison.page
        liaison.reads("退回给我", "近景看不清")
        open_item(liaison, "志愿服务活动")
        page.get_by_role("link", name=re.compile("一季度")).first.click()
        liaison.reads("志愿服务活动方案", "志愿服务活动清扫", "黎林波")
        address = page.get_by_role("link", name="志愿服务活动方案").first.get_attribute("href")
        liaison.go(address or "")
        with page.expect_download() as kept:
            page.get_by_role("link", name=re.compile("下载")).first.click()
        assert Path(kept.value.path()).read_bytes() == (walk.folder / "志愿服务活动方案.txt").read_bytes()
        # May, the first month that is asked for now
        open_item(liaison, "志愿服务活动")
        page.get_by_role("link", name=re.compile("^5月")).first.click()
        liaison.follow("传新材料")
        for label, words in WHERE.items():
            if page.get_by_label(label).count():
                page.get_by_label(label).first.fill(words)
        liaison.bring(papers(walk, "五月志愿服务", "河边"))
        liaison.reads("已有 2 件")
    with walk.someone(LIAISON, PHONE) as liaison:
        open_item(liaison, "网络学习")
        liaison.reads("标准取消（《", "学时统计表")
    with walk.someone(CLERK, PHONE) as clerk:
        clerk.go("/ledger/revisits/")
        clerk.snap("phone-revisits")
        clerk.go("/standards/")
        clerk.follow(OUTLINE)
        clerk.page.get_by_text("各版改了什么").click()
        clerk.follow("新旧对照")
        clerk.snap("phone-compare")


JANUARY = (
    found,
    import_the_outline,
    import_the_workbook,
    start_the_campaign,
    hand_in,
    review,
    the_months_to_may,
)
MAY_STEPS = (
    import_the_next, look_at_the_adoption, adopt_and_take_back, adopt_for_good, look_again, everybody_finds_it_again, verify,
)  # fmt: skip


def test_standard_job(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory, readme: Callable[[str], Path]
) -> None:
    walk = Walk(browser, tmp_path_factory.mktemp("standard-job"), tmp_path_factory.mktemp("papers"), readme)
    for day, steps in ((FIRST_DAY, JANUARY), (MAY, MAY_STEPS)):
        with serve(walk.home, demo=False, today=day) as walk.site:
            for step in steps:
                step(walk)
    assert not walk.faults, "\n" + "\n".join(walk.faults)
