"""Every route: who may, who may not (403), another agency (404); the wizard; bad input; counts of queries."""

import argparse
import json
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from taizhang.campaigns import actions, queries
from taizhang.campaigns.cli import register
from taizhang.campaigns.models import Campaign, Holiday, Year
from taizhang.kit.errors import Refused
from taizhang.kit.tables import OutSheet, read_book, write_xlsx
from taizhang.org.models import Cover
from taizhang.standards.models import OwnerKind
from tests.people import City

from .test_actions import open_year
from .world import standard, started


@pytest.fixture
def campaign(people: City) -> Campaign:
    return started(people, standard("文明单位"))


@pytest.fixture
def uncovered(people: City) -> None:
    """The city's activity groups answer for nothing: nobody stands at 活动组复核."""
    Cover.objects.all().delete()


def text(answer: Any) -> str:
    return str(answer.content.decode())


# ---- who may see and do what

SEEN = ["/campaigns/{c}/"]
EDITED = ["/campaigns/{c}/tracks/new/", "/campaigns/tracks/{t}/", "/campaigns/years/{y}/"]
POSTED = ["/campaigns/tracks/{t}/steps/", "/campaigns/years/{y}/close/", "/campaigns/years/{y}/resume/"]


def addresses(campaign: Campaign, patterns: list[str]) -> list[str]:
    track, year = campaign.tracks.get(), campaign.years.first()
    return [pattern.format(c=campaign.pk, t=track.pk, y=year.pk) for pattern in patterns]


def test_staff_sees_the_campaign_the_office_edits_it_others_find_nothing(
    campaign: Campaign, as_: Any
) -> None:
    for url in addresses(campaign, SEEN):
        assert as_("黎林波").get(url).status_code == 200
        assert as_("东县文明办").get(url).status_code == 200
        assert as_("乙局石玲佳").get(url).status_code == 404
        assert as_("系统管理员").get(url).status_code == 404
    for url in addresses(campaign, EDITED):
        assert as_("石玲佳").get(url).status_code == 200
        assert as_("黎林波").get(url).status_code == 403
        assert as_("黎林波").post(url).status_code == 403
        assert as_("乙局石玲佳").get(url).status_code == 404
    for url in addresses(campaign, POSTED):
        assert as_("黎林波").post(url).status_code == 403
        assert as_("乙局石玲佳").post(url).status_code == 404
        assert as_("石玲佳").get(url).status_code == 405
    assert Client().get(f"/campaigns/{campaign.pk}/").status_code == 302


def test_campaigns_lists_what_is_within_reach(campaign: Campaign, as_: Any) -> None:
    assert str(campaign) in text(as_("黎林波").get("/campaigns/"))
    assert "新建创建活动" not in text(as_("黎林波").get("/campaigns/"))
    assert "新建创建活动" in text(as_("石玲佳").get("/campaigns/"))
    assert str(campaign) not in text(as_("丙局石玲佳").get("/campaigns/"))
    assert as_("黎林波").get("/campaigns/new/").status_code == 403


def test_campaign_shows_chain_years_and_who_cannot_sign(
    campaign: Campaign, as_: Any, uncovered: None
) -> None:
    said = text(as_("石玲佳").get(f"/campaigns/{campaign.pk}/"))
    for words in ("2018 年度", "起步年", "总结动员", "创建办核验", "卢欣燕", "活动组复核：没有一个活动组"):
        assert words in said


def test_campaign_choose_keeps_the_year_in_the_session(campaign: Campaign, as_: Any) -> None:
    client, year = as_("黎林波"), campaign.years.last()
    assert client.post("/campaigns/choose/", {"year": year.pk, "next": "/campaigns/"}).url == "/campaigns/"
    assert client.session[queries.CHOSEN] == year.pk
    assert (
        client.post("/campaigns/choose/", {"year": year.pk, "next": "//evil/"}).url
        == f"/campaigns/{campaign.pk}/"
    )
    assert as_("乙局石玲佳").post("/campaigns/choose/", {"year": year.pk}).status_code == 404
    assert client.post("/campaigns/choose/", {"year": "²"}).status_code == 404


# ---- the wizard


def first_step(edition: Any, owner: Any, **more: str) -> dict[str, str]:
    return {
        f"t{edition.pk}-pick": "on", f"t{edition.pk}-owner": str(owner.pk), f"t{edition.pk}-title": "全国文明单位",
        f"t{edition.pk}-target_year": "", **more,
    }  # fmt: skip


def second_step(first: int = 2018, last: int = 2020, **more: str) -> dict[str, str]:
    made = {
        "name": "创建 2018—2020",
        "first_year": str(first),
        "last_year": str(last),
        "started_on": "2018-01-01",
    }
    for year in range(first, last + 1):
        made |= {
            f"y{year}-theme": "主题", f"y{year}-starts_on": f"{year}-01-01", f"y{year}-ends_on": f"{year}-12-31",
            f"y{year}-assessed_on": f"{year}-11-30", f"y{year}s0-name": "全面创建",
            f"y{year}s0-starts_on": f"{year}-01-01", f"y{year}s0-ends_on": f"{year}-12-31",
        }  # fmt: skip
        for at in (1, 2, 3):
            made |= {f"y{year}s{at}-name": "", f"y{year}s{at}-starts_on": "", f"y{year}s{at}-ends_on": ""}
    return {**made, **{name.replace("__", "-"): value for name, value in more.items()}}


def third_step(edition: Any, *chain: tuple[str, str, str]) -> dict[str, str]:
    made = {}
    for at, (who, per, label) in enumerate(chain):
        prefix = f"c{edition.pk}s{at}"
        made |= {
            f"{prefix}-order": str(at + 1),
            f"{prefix}-who": who,
            f"{prefix}-per": per,
            f"{prefix}-label": label,
        }
    return made


CHAIN = (("lead_head", "slot", "处长审核"), ("leader", "item", "领导审批"))


def fourth_step() -> dict[str, str]:
    made = {"near_days": "4", "fix_days": "2"}
    for cadence in ("week", "month", "two_months", "quarter", "half_year", "year", "cycle"):
        made |= {f"w_{cadence}-grace_days": "6", f"w_{cadence}-shut_days": ""}
    return made


def test_campaign_new_from_the_first_step_to_the_last(people: City, as_: Any, uncovered: None) -> None:
    client, edition = as_("石玲佳"), standard("文明单位")
    owner = people.units["创建办"]
    assert client.post("/campaigns/new/1/", first_step(edition, owner)).url == "/campaigns/new/2/"
    assert "创建全国文明单位" in text(client.get("/campaigns/new/2/"))
    assert client.post("/campaigns/new/2/", second_step()).url == "/campaigns/new/3/"
    assert "活动组复核：没有一个活动组" in text(client.get("/campaigns/new/3/"))
    assert client.post("/campaigns/new/3/", third_step(edition, *CHAIN)).url == "/campaigns/new/4/"
    assert client.post("/campaigns/new/4/", fourth_step()).url == "/campaigns/new/5/"
    last = text(client.get("/campaigns/new/5/"))
    assert "处长审核" in last and "每月 6 天" in last and "活动组复核" not in last
    assert Campaign.objects.count() == 0
    answer = client.post("/campaigns/new/5/", {"once": "k1"})
    campaign = Campaign.objects.get()
    assert answer.status_code == 302
    assert [step.label for step in campaign.tracks.get().steps.all()] == ["处长审核", "领导审批"]
    year = campaign.years.first()
    assert (year.near_days, year.fix_days, year.stages.count(), campaign.tracks.get().target_year) == (
        4,
        2,
        1,
        2020,
    )
    assert client.get("/campaigns/new/5/").url == "/campaigns/new/1/"  # the draft is gone


def test_campaign_new_keeps_what_was_typed_and_says_what_is_wrong(people: City, as_: Any) -> None:
    client, edition = as_("石玲佳"), standard("文明单位")
    owner = people.units["创建办"]
    answer = client.post(
        "/campaigns/new/1/", {f"t{edition.pk}-owner": str(owner.pk), f"t{edition.pk}-title": "某称号"}
    )
    assert answer.status_code == 409 and "一套测评标准也没有选" in text(answer) and "某称号" in text(answer)
    assert client.get("/campaigns/new/4/").url == "/campaigns/new/1/"
    client.post("/campaigns/new/1/", first_step(edition, owner))
    for more, words in [
        ({"last_year": "2016"}, "届满年 2016 早于起始年 2018"),
        ({"y2018__assessed_on": "2019-03-01"}, "测评日 2019-03-01 不在本年度"),
        ({"y2018__assessed_on": "2018-02-30"}, "这一天不存在"),
        (
            {"y2018s1__name": "考评", "y2018s1__starts_on": "2018-11-01", "y2018s1__ends_on": "2018-12-31"},
            "重叠",
        ),
        ({"y2018s1__name": "考评"}, "请选日期"),
        ({"name": ""}, "请填写"),
        ({"first_year": "二〇一八"}, "请填整数"),
    ]:
        answer = client.post("/campaigns/new/2/", second_step(**more))
        assert answer.status_code == 409 and words in text(answer), words
        assert list(more.values())[0] in text(answer)
    assert client.get("/campaigns/new/3/").url == "/campaigns/new/2/"
    client.post("/campaigns/new/2/", second_step())
    answer = client.post("/campaigns/new/3/", third_step(edition, ("lead_head", "slot", "处长审核")))
    assert answer.status_code == 409 and "没有“按事项”的环节" in text(answer) and "处长审核" in text(answer)
    client.post("/campaigns/new/3/", third_step(edition, *CHAIN))
    answer = client.post("/campaigns/new/4/", {**fourth_step(), "w_month-grace_days": "999"})
    assert answer.status_code == 409 and "不能大于 180" in text(answer) and "999" in text(answer)
    assert not Campaign.objects.exists()
    assert client.post("/campaigns/new/1/", {"act": "drop"}).url == "/campaigns/new/"
    assert "某称号" not in text(client.get("/campaigns/new/"))


def test_campaign_new_lists_the_years_anew_when_the_cycle_grows(people: City, as_: Any) -> None:
    client, edition = as_("石玲佳"), standard("文明单位")
    client.post("/campaigns/new/1/", first_step(edition, people.units["创建办"]))
    posted = {**second_step(), "last_year": "2021"}
    assert client.post("/campaigns/new/2/", posted, follow=True).redirect_chain[-1][0] == "/campaigns/new/2/"
    again = text(client.get("/campaigns/new/2/"))
    assert "2021 年度" in again and 'name="y2021-assessed_on" value="2021-11-30"' in again
    client.post("/campaigns/new/2/", {**posted, "act": "again"})
    assert "创建 2018—2021" in text(client.get("/campaigns/new/2/"))
    client.post("/campaigns/new/2/", {**posted, "y2018-assessed_on": "2018-06-30", "act": "stages"})
    assert 'name="y2018s3-starts_on" value="2018-06-22"' in text(client.get("/campaigns/new/2/"))


def test_campaign_new_refuses_two_editions_of_one_standard_and_a_name_taken(people: City, as_: Any) -> None:
    client, edition = as_("石玲佳"), standard("文明单位")
    second = type(edition)(standard=edition.standard, label="2019年版")
    second.save()
    owner = people.units["创建办"]
    answer = client.post("/campaigns/new/1/", first_step(edition, owner) | first_step(second, owner))
    assert answer.status_code == 409 and "选了两个版本" in text(answer)
    started(people, edition, "创建 2018—2020")
    client.post("/campaigns/new/1/", first_step(edition, owner))
    answer = client.post("/campaigns/new/2/", second_step())
    assert answer.status_code == 409 and "已有名为" in text(answer)


def test_campaign_new_does_not_take_another_agency(people: City, as_: Any) -> None:
    client, edition = as_("石玲佳"), standard("文明单位")
    client.post(
        "/campaigns/new/1/", first_step(edition, people.units["创建办"], unit=str(people.units["乙局"].pk))
    )
    assert "甲局" in text(client.get("/campaigns/new/2/")) and "乙局" not in text(
        client.get("/campaigns/new/2/")
    )


# ---- year, track


def year_post(year: Year, **more: str) -> dict[str, str]:
    made = {**second_step(year.year, year.year), "near_days": "3", "fix_days": "3", "seen": str(year.version)}
    made |= {name: value for name, value in fourth_step().items() if name.startswith("w_")}
    return {**made, **{name.replace("__", "-"): value for name, value in more.items()}}


def test_year_edit(campaign: Campaign, people: City, as_: Any) -> None:
    client, year = as_("石玲佳"), campaign.years.first()
    url = f"/campaigns/years/{year.pk}/"
    bad = client.post(url, year_post(year, y2018__assessed_on="2019-02-02", y2018__theme="我的主题"))
    assert bad.status_code == 409 and "不在本年度" in text(bad) and "我的主题" in text(bad)
    assert client.post(url, year_post(year, y2018__theme="我的主题")).status_code == 302
    stale = client.post(url, year_post(year))
    assert stale.status_code == 409 and "刚被他人修改过" in text(stale)
    year.refresh_from_db()
    assert (year.theme, year.stages.count(), year.windows.get(cadence="month").grace_days) == (
        "我的主题",
        1,
        6,
    )
    open_year(year, by=people.users["石玲佳"])
    refused = client.post(url, year_post(year, y2018__ends_on="2018-12-30", y2018s0__ends_on="2018-12-30"))
    assert refused.status_code == 409 and "起止日不能再改" in text(refused)
    assert "结束年度" in text(client.get(url))
    assert client.post(f"{url}close/", {"seen": year.version}).status_code == 302
    assert "已经结束" in text(client.get(url))
    assert client.post(f"{url}close/").status_code == 409
    assert client.post(f"{url}resume/").status_code == 302


def test_track_edit_track_steps_track_new(campaign: Campaign, people: City, as_: Any) -> None:
    client, track = as_("石玲佳"), campaign.tracks.get()
    url = f"/campaigns/tracks/{track.pk}/"
    prefix = f"t{track.edition_id}"
    posted = {
        f"{prefix}-owner": str(people.units["机关党委"].pk), f"{prefix}-title": "新称号", f"{prefix}-target_year": "2021",
        "seen": str(track.version),
    }  # fmt: skip
    assert client.post(url, posted).status_code == 302
    track.refresh_from_db()
    assert track.title == "新称号"
    chain = {
        name.replace(f"c{track.edition_id}s", "cs"): said
        for name, said in third_step(track.edition, *CHAIN).items()
    }
    assert client.post(f"{url}steps/", chain).status_code == 302
    assert track.steps.count() == 2
    bad = client.post(f"{url}steps/", {**chain, "cs1-per": "slot"})
    assert bad.status_code == 409 and "没有“按事项”的环节" in text(bad)
    party = standard("党建", kind=OwnerKind.PARTY)
    url = f"/campaigns/{campaign.pk}/tracks/new/"
    assert "党建" in text(client.get(url))
    posted = {"edition": str(party.pk), **first_step(party, people.units["机关党委"])}
    assert client.post(url, {"edition": ""}).status_code == 409
    assert client.post(url, posted).status_code == 302
    assert campaign.tracks.count() == 2


# ---- holidays


def upload(name: str, data: bytes) -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, data)}


def test_holidays_import_and_export_round_trip(people: City, as_: Any) -> None:
    client = as_("石玲佳")
    good = "日期,是否上班,名称\n2031-10-01,放假,国庆节\n2031/10/11,上班,调休\n".encode("gb18030")
    assert client.post("/campaigns/holidays/import/", upload("h.csv", good)).status_code == 302
    assert Holiday.objects.count() == 2
    assert "国庆节" in text(as_("黎林波").get("/campaigns/holidays/"))
    book = read_book(client.get("/campaigns/holidays/export/").content, "h.xlsx")
    assert book.sheets[0].rows[1] == ["2031-10-01", "放假", "国庆节"]
    again = client.get("/campaigns/holidays/export/").content
    assert client.post("/campaigns/holidays/import/", upload("h.xlsx", again)).status_code == 302
    assert Holiday.objects.count() == 2


def test_holidays_import_says_every_wrong_cell_and_saves_nothing(people: City, as_: Any) -> None:
    out = BytesIO()
    rows: list[Any] = [
        ["2031-10-01", "放假", "国庆"], ["2月30日", "放假", ""], ["2031-02-30", "上班", ""], ["2031-10-02", "也许", ""],
        ["2031-10-01", "放假", "再来"], [None, "放假", ""], ["2031-10-03", None, ""],
    ]  # fmt: skip
    write_xlsx(out, [OutSheet("节假日", ["日期", "是否上班", "名称"], rows)])
    answer = as_("石玲佳").post("/campaigns/holidays/import/", upload("h.xlsx", out.getvalue()))
    said = text(answer)
    assert answer.status_code == 409 and not Holiday.objects.exists()
    for words in (
        "有 6 处要改", "节假日!A3：日期“2月30日”不存在", "节假日!A4：日期“2031-02-30”不存在",
        "节假日!B5：是否上班“也许”看不懂", "节假日!A6：2031-10-01 在 节假日!A2 已经写过", "节假日!A7：没有日期",
        "节假日!B8：是否上班是空的",
    ):  # fmt: skip
        assert words in said, words


@pytest.mark.parametrize(
    "name, data, words",
    [
        ("h.csv", "甲,乙\n1,2\n".encode(), "没有找到表头"),
        ("h.csv", "日期,是否上班\n".encode(), "一个日期也没有"),
        ("h.xlsx", b"PK\x03\x04broken", "不完整或已损坏"),
        ("h.csv", b"", "空的"),
    ],
)
def test_holidays_import_of_what_is_no_such_table(
    people: City, as_: Any, name: str, data: bytes, words: str
) -> None:
    answer = as_("石玲佳").post("/campaigns/holidays/import/", upload(name, data))
    assert answer.status_code == 409 and words in text(answer)


def test_holidays_rights(people: City, as_: Any) -> None:
    assert as_("黎林波").post("/campaigns/holidays/import/").status_code == 403
    assert as_("系统管理员").get("/campaigns/holidays/").status_code == 403
    assert as_("无职务").get("/campaigns/holidays/export/").status_code == 403
    assert as_("黎林波").get("/campaigns/holidays/export/").status_code == 200


def test_wizard_names_the_years_without_a_table_and_imports_one(people: City, as_: Any) -> None:
    client, edition = as_("石玲佳"), standard("文明单位")
    client.post("/campaigns/new/1/", first_step(edition, people.units["创建办"]))
    client.post("/campaigns/new/2/", second_step(2030, 2031, started_on="2030-01-01"))
    client.post("/campaigns/new/3/", third_step(edition, *CHAIN))
    assert "2030、2031 年的节假日安排系统里还没有" in text(client.get("/campaigns/new/4/"))
    good = "日期,是否上班,名称\n2031-10-01,放假,国庆节\n".encode()
    posted = {**fourth_step(), "act": "import", **upload("h.csv", good)}
    assert client.post("/campaigns/new/4/", posted).status_code == 302
    shown = text(client.get("/campaigns/new/4/"))
    assert "2030 年的节假日安排系统里还没有" in shown and 'name="near_days" value="4"' in shown
    bad = client.post("/campaigns/new/4/", {**fourth_step(), "act": "import", **upload("h.csv", b"x")})
    assert bad.status_code == 409 and "没有找到表头" in text(bad)


# ---- the command line


def run(*words: str) -> int:
    top = argparse.ArgumentParser()
    sub = top.add_subparsers()
    register(lambda name, words: sub.add_parser(name).add_subparsers())
    args = top.parse_args(words)
    return int(args.run(args))


def test_cli(campaign: Campaign, uncovered: None, tmp_path: Any, capsys: Any) -> None:
    assert run("campaign", "list") == 0
    assert json.loads(capsys.readouterr().out)[0]["years"][2]["year"] == 2020
    assert run("campaign", "check", str(campaign.pk)) == 0
    assert "活动组复核：没有一个活动组" in capsys.readouterr().out
    with pytest.raises(Refused, match="没有叫“别的”的创建活动"):
        run("campaign", "check", "别的")
    bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_text("日期,是否上班\n2月30日,放假\n")
    good.write_text("日期,是否上班\n2031-10-01,放假\n")
    with pytest.raises(Refused, match="bad!A2：日期“2月30日”不存在"):
        run("holidays", "import", str(bad))
    assert run("holidays", "import", str(good)) == 0 and Holiday.objects.count() == 1
    assert run("holidays", "export", str(tmp_path / "out.xlsx")) == 0


# ---- constant numbers of queries


def test_pages_ask_as_often_for_five_campaigns_as_for_one(people: City, as_: Any) -> None:
    edition, clerk = standard("文明单位", areas=8), people.users["石玲佳"]
    first = started(people, edition, "第一")
    open_year(first.years.first(), by=clerk)
    pages = [
        "/campaigns/",
        f"/campaigns/{first.pk}/",
        "/campaigns/holidays/",
        f"/campaigns/years/{first.years.first().pk}/",
    ]
    client = as_("石玲佳")
    for url in pages:
        client.get(url)

    def count() -> list[int]:
        found = []
        for url in pages:
            with CaptureQueriesContext(
                connection,
            ) as caught:
                assert client.get(url).status_code == 200
            found.append(len(caught))
        return found

    small = count()
    party = standard("党建", kind=OwnerKind.PARTY)
    for number in range(2, 6):
        more = started(people, edition, f"第{number}")
        open_year(more.years.first(), by=clerk)
    plan = queries.proposal(people.units["甲局"], [party], 2018, 2020).tracks[0]
    actions.add_track(first, by=clerk, track=plan)
    assert count() == small
    assert max(small) <= 20, small
