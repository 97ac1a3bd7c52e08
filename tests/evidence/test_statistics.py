"""材料统计: each number opens exactly its files, counts only what the reader sees, in a constant number of queries."""

import html
import re
from datetime import date
from typing import Any

import pytest

from taizhang.evidence import actions, queries
from taizhang.evidence.queries.statistics import MEASURES, asking
from taizhang.evidence.rules.genres import GENRES
from taizhang.kit.tables import read_book

from .samples import deposit, jpeg
from .test_search import client, counted, text
from .texts import laid


@pytest.fixture
def world(people: Any) -> Any:
    """Documents, bulletins, reports, tables, pictures, a film, a link; of three departments and three years."""
    user, users, units = people.users["朱辉斌"], people.users, people.units
    office, law = units["办公室"], units["法规处"]
    laid(
        user,
        office,
        ["字" * 12_000, "文" * 8_000],
        "考勤制度.pdf",
        title="关于印发考勤制度的通知",
        doc_no="云办发〔2020〕1号",
    )
    laid(
        user,
        office,
        ["办法"],
        "办法.pdf",
        title="志愿服务管理办法",
        facts={"doc_no": "云办发〔2019〕7号"},
        happened_on=date(2019, 2, 1),
    )
    laid(user, office, ["信息"], "信息.pdf", title="机关党建信息第3期", happened_on=date(2019, 5, 1))
    laid(
        users["白毅志"],
        law,
        ["简报"],
        "简报.pdf",
        title="创建简报（总第十二期）",
        happened_on=None,
        secrecy="limited",
    )
    laid(users["白毅志"], law, ["总结"], "总结.pdf", title="普法工作总结", kind="report")
    laid(users["白毅志"], law, ["表"], "统计表.pdf", title="学法统计表", kind="table")
    deposit(user, office, "第一期讲堂.jpg", jpeg(), title="道德讲堂第1期信息")
    film = laid(
        user, office, [], "讲堂.pdf", title="讲堂录像", kind="media", facts={"pages": 0, "seconds": 2470}
    )
    actions.deposit_link(office, by=user, url="https://example.org/1", title="市局网站报道")
    removed = laid(user, office, ["旧制度"], title="旧制度")
    actions.remove(removed, by=user)
    laid(users["乙局朱辉斌"], units["乙局办公室"], ["乙" * 90_000], "乙局制度.pdf", title="乙局制度")
    people.film = film
    return people


def links(page: str) -> dict[str, int]:
    """Address → the number that opens it, of all whole numbers on the page that are counts of files."""
    found = {}
    for url, hint, number in re.findall(
        r'<a href="([^"]*/evidence/\?[^"]*)"(?: title="(\d+) 件")?>([\d.]+)万?</a>', page
    ):
        found[html.unescape(url)] = int(hint or number)
    return found


def test_every_number_opens_exactly_its_files(world: Any) -> None:
    for name in ("朱辉斌", "白毅志", "石玲佳", "市文明办", "乙局朱辉斌"):
        browser = client(world, name)
        opened = links(text(browser.get("/evidence/statistics/")))
        assert len(opened) > (8 if name == "乙局朱辉斌" else 20), name
        for url, number in opened.items():
            found = browser.get(url).context["found"]
            assert found.total == number == len(found.rows), f"{name} {url}"
        whole = queries.statistics(world.users[name]).whole
        for one in MEASURES:
            files = whole.figures[one.key].files
            assert browser.get("/evidence/" + asking(one)).context["found"].total == files, (
                f"{name} {one.key}"
            )


def test_what_is_counted(world: Any) -> None:
    found = queries.statistics(world.users["石玲佳"])
    said = {key: (figure.files, figure.amount) for key, figure in found.whole.figures.items()}
    assert said == {
        "all": (9, 9), "document": (4, 4), "number": (2, 2), "rule": (2, 2), "bulletin": (2, 2), "report": (1, 1), "table": (1, 1),
        "images": (2, 2), "link": (1, 1), "letters": (6, 20_009), "pages": (6, 7), "film": (1, 2470),
    }  # fmt: skip
    assert [line.name for line in found.units] == ["办公室", "法规处"]
    assert [line.name for line in found.years][-1] == "没写时间"
    assert sum(line.figures["all"].files for line in found.years) == 9
    page = text(client(world, "石玲佳").get("/evidence/statistics/"))
    assert "<b>2.0</b>" in page and "万字（6 件）" in page and "<b>42</b>" in page and "分钟（1 件）" in page


def test_limited_and_foreign_pieces_are_not_counted(world: Any) -> None:
    figures = queries.statistics(world.users["朱辉斌"]).whole.figures
    assert (figures["all"].files, figures["bulletin"].files) == (8, 1)
    assert queries.statistics(world.users["乙局朱辉斌"]).whole.figures["letters"].amount == 90_000
    assert queries.statistics(world.users["市文明办"]).whole.figures["all"].files == 9
    for name in ("系统管理员", "审计员", "无职务"):
        assert client(world, name).get("/evidence/statistics/").status_code == 403
        assert client(world, name).get("/evidence/statistics/export/").status_code == 403


def test_the_workbook_says_the_same(world: Any) -> None:
    answer = client(world, "石玲佳").get("/evidence/statistics/export/")
    assert "attachment" in answer["Content-Disposition"]
    book = read_book(answer.content, "a.xlsx")
    units, years, said = book.sheets
    assert [str(cell) for cell in units.rows[0]][:3] == ["处室", "材料（件）", "正式文件（件）"]
    assert [str(row[0]) for row in units.rows[1:]] == ["办公室", "法规处", "合计"]
    assert [str(cell) for cell in units.rows[-1]] == [str(cell) for cell in years.rows[-1]]
    assert (
        "9" in str(units.rows[-1][1])
        and "41.2" in str(units.rows[-1][-1])
        and "20009" in str(units.rows[-1][-3])
    )
    assert len(said.rows) == 1 + len(MEASURES)


def test_an_empty_library_says_what_to_do(people: Any) -> None:
    page = text(client(people, "朱辉斌").get("/evidence/statistics/"))
    assert "材料库还是空的" in page


def test_query_counts_do_not_grow(world: Any) -> None:
    browser = client(world, "石玲佳")
    before = counted(browser, "/evidence/statistics/")
    for number in range(40):
        laid(
            world.users["石玲佳"],
            world.units["创建办"],
            ["字"],
            title=f"第{number}期简报",
            happened_on=date(2010 + number % 9, 1, 1),
        )
    assert counted(browser, "/evidence/statistics/") == before <= 10


@pytest.mark.parametrize(
    ("title", "genre"),
    [
        ("考勤制度", "rule"), ("关于印发《首问负责管理办法》的通知", "rule"), ("会议纪要", ""), ("工作简报第5期", "bulletin"), ("政务信息（2020年第12期）", "bulletin"),
        ("第十二期机关动态", "bulletin"), ("信息公开工作总结", ""), ("第一期培训班名单", ""), ("信息", ""),
    ],
)  # fmt: skip
def test_genres_by_title(title: str, genre: str) -> None:
    assert [key for key, one in GENRES.items() if one.fits(title)] == ([genre] if genre else [])
