"""Search finds what a scan of the folded text finds, shows where, and never tells of what is another's."""

import json
import random
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from taizhang.config import cli
from taizhang.evidence import actions, queries
from taizhang.evidence.models import Evidence, Page, Reading, ReadingState
from taizhang.evidence.queries.search import hits_of, pages_with
from taizhang.evidence.rules import words
from taizhang.org.queries import system_user

from .samples import PDF, deposit, upload
from .texts import laid


def client(people: Any, name: str) -> Client:
    made = Client()
    made.force_login(people.users[name], backend=settings.AUTHENTICATION_BACKENDS[-1])
    return made


def text(answer: Any) -> str:
    return str(answer.content.decode())


SEEDS = (
    "为加强組織領(lǐng)導(dǎo)，成立创建文明单位领导小组，由局长任组长。", "根据鲁政办发〔2019〕5号文件，制定本方案。",
    "機關黨委組織學習，開展志願服務活動。", "全体党员参加　主题党日，共３２人到会。", "Civil Service reform 2020, 第15号通知",
    "道德讲堂第二期在三楼会议室举行", "的确，是的。\n不是目的", "ＡＢＣ制度（试行）　目　录", "问卷回收率98.5%，满意度100%", "春节前走访慰问困难职工12户。",
)  # fmt: skip
ASKED = [
    "领导", "領導", "组织领导", "领导小组", "的", "是", "5", "c", "鲁政办发〔2019〕5号", "鲁政办发[2019]5号", "鲁政办发（2019）5", "2019", "15号", "5号",
    "志愿服务", "志願服務", "党员", "主题党日", "全体党员参加主题党日", "32人", "civil", "CIVIL service", "reform 2020", "abc制度", "目录", "98.5%", "100", "12户",
    "机关党委 学习", "领导 制度", "“道德讲堂 第二期”", '"成立创建" 局长', "材-", "不是目的", "的确，是的", "没有的词语", "龘", "创建文明单位领导小组，由局长任组长",
]  # fmt: skip


def made_texts(count: int) -> list[list[str]]:
    """Pages of texts in which the seeds stand whole, cut across pages, or in pieces among other characters."""
    chance = random.Random(3)
    filler = [chr(0x4E00 + 7 * n) for n in range(400)]
    made = []
    for number in range(count):
        lines = ["".join(chance.choices(filler, k=chance.randint(3, 30))) for _ in range(4)]
        seed = chance.choice(SEEDS)
        cut = chance.randrange(len(seed))
        lines.insert(chance.randrange(4), seed if number % 3 else seed[cut:])
        whole = "\n".join(lines)
        cut = chance.randrange(len(whole))
        made.append([whole] if number % 2 else [whole[:cut], whole[cut:]])
    return made


def test_finds_what_a_scan_of_the_folded_text_finds(people: Any) -> None:
    """Recall and precision 1.0 against LIKE, text and caption, over several hundred texts and many kinds of questions."""
    user, unit = people.users["朱辉斌"], people.units["办公室"]
    texts = made_texts(240)
    pieces = [
        laid(user, unit, pages, title=f"{SEEDS[n % 10][:9]}{n}", place=SEEDS[n % 7][4:10])
        for n, pages in enumerate(texts)
    ]
    chance = random.Random(4)
    samples = []
    for length in (1, 2, 3, 4, 7, 15):
        for _ in range(12):
            whole = "\n".join(chance.choice(texts))
            at = chance.randrange(max(1, len(whole) - length))
            samples.append(whole[at : at + length])
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE scan (piece integer, folded text, said text)")
        for piece, pages in zip(pieces, texts, strict=True):
            piece.refresh_from_db()
            said = "|".join((piece.title, piece.number, piece.place, "材料.pdf"))
            cursor.execute(
                "INSERT INTO scan VALUES (%s, %s, %s)", [piece.pk, words.fold("\n".join(pages)).text, words.fold(said).text]
            )  # fmt: skip
        found_something = 0
        for asked in [*ASKED, *samples]:
            terms = words.terms(asked)
            if not terms:
                continue
            wheres = " AND ".join("(folded LIKE %s OR said LIKE %s)" for _ in terms)
            cursor.execute(
                f"SELECT piece FROM scan WHERE {wheres}", [f"%{term}%" for term in terms for _ in range(2)]
            )
            truth = {row[0] for row in cursor.fetchall()}
            found = found_by(user, asked)
            assert found == truth, asked
            found_something += bool(truth)
        cursor.execute("DROP TABLE scan")
    assert found_something > 60


def found_by(user: Any, asked: str) -> set[int]:
    """Ids of all that USER finds."""
    answer = queries.search(user, words.terms(asked), 1000)
    assert answer.total == len(answer.rows)
    return {row.pk for row in answer.rows}


@pytest.fixture
def world(people: Any) -> Any:
    """Two agencies, each with a text of the same words; a limited piece; a removed one."""
    users, units = people.users, people.units
    people.plan = laid(
        users["朱辉斌"], units["办公室"], ["封面", "为加强組織領導，成立创建工作小组。", "附件　领导分工表。组长由局长担任"], "方案.pdf",
        title="创建工作方案", happened_on=date(2020, 3, 1),
    )  # fmt: skip
    people.other = laid(
        users["乙局朱辉斌"], units["乙局办公室"], ["乙局秘事：组织领导"], "乙局.pdf", title="乙局方案"
    )
    people.limited = laid(
        users["白毅志"],
        units["法规处"],
        ["领导干部个人事项"],
        "个人事项.pdf",
        title="限定件",
        secrecy="limited",
    )
    people.removed = laid(users["朱辉斌"], units["办公室"], ["旧的领导名单"], "旧.pdf", title="旧名单")
    actions.remove(people.removed, by=users["朱辉斌"])
    return people


def titles(world: Any, name: str, query: str) -> list[str]:
    return [row.title for row in client(world, name).get(f"/evidence/?{query}").context["found"].rows]


def test_the_hit_is_shown_in_its_sentence_with_its_page(world: Any) -> None:
    page = text(client(world, "朱辉斌").get("/evidence/?q=领导"))
    assert f'/evidence/{world.plan.pk}/?page=2&amp;q=%E9%A2%86%E5%AF%BC">第 2 页</a>' in page
    assert "为加强組織<mark>領導</mark>，成立创建工作小组。" in page
    # both words: the page that has most of them
    assert ">第 3 页</a>" in text(client(world, "朱辉斌").get("/evidence/?q=领导+组长"))
    assert "<mark>创建</mark>工作方案" in text(client(world, "朱辉斌").get("/evidence/?q=創建"))


def test_words_across_the_end_of_a_page_are_found_and_shown(world: Any) -> None:
    user, unit = world.users["朱辉斌"], world.units["办公室"]
    piece = laid(user, unit, ["第一页讲精神文", "", "明创建的办法。", "尾页"], title="跨页")
    english = laid(user, unit, ["one civil", "service two"], title="English")
    assert titles(world, "朱辉斌", "q=精神文明创建") == ["跨页"]
    hit = hits_of([piece.current.blob_id], ("精神文明",))[piece.current.blob_id]
    assert hit.page == 1 and [part for part, found in hit.parts if found] == ["精神文\n明"]
    assert hits_of([english.current.blob_id], ("civil service",))[english.current.blob_id].page == 1
    assert [one.page for one in pages_with(piece.current.blob_id, ("精神文明",))] == [1]
    assert ">第 1 页</a>" in text(client(world, "朱辉斌").get("/evidence/?q=精神文明"))


def test_nothing_of_another_agency_leaks(world: Any) -> None:
    for name in ("朱辉斌", "石玲佳", "卢欣燕"):
        answer = client(world, name).get("/evidence/?q=领导")
        found = answer.context["found"]
        assert "乙局" not in text(answer), name
        assert found.total == len(found.rows) and world.other.pk not in {row.pk for row in found.rows}
        assert {facet.label for facet in found.units} <= {"办公室", "法规处"}
    assert titles(world, "朱辉斌", "q=秘事") == []
    assert titles(world, "乙局朱辉斌", "q=领导") == ["乙局方案"]
    assert titles(world, "市文明办", "q=领导") == ["乙局方案", "创建工作方案"]
    for path in (f"/evidence/{world.other.pk}/text/", f"/evidence/{world.other.pk}/?q=领导"):
        assert client(world, "朱辉斌").get(path).status_code == 404


def test_limited_pieces_are_found_by_their_own_people_only(world: Any) -> None:
    assert titles(world, "白毅志", "q=个人事项") == ["限定件"]
    assert titles(world, "石玲佳", "q=个人事项") == ["限定件"]
    answer = client(world, "朱辉斌").get("/evidence/?q=个人事项")
    assert answer.context["found"].total == 0 and "限定件" not in text(answer)
    assert client(world, "朱辉斌").get(f"/evidence/{world.limited.pk}/text/").status_code == 404


def test_removed_pieces_are_found_only_when_asked_for(world: Any) -> None:
    assert titles(world, "朱辉斌", "q=名单") == []
    assert titles(world, "朱辉斌", "q=名单&state=binned") == ["旧名单"]


def test_text_that_bears_a_secrecy_mark_is_never_found(world: Any) -> None:
    Reading.objects.filter(blob=world.plan.current.blob).update(state=ReadingState.CLASSIFIED)
    assert titles(world, "朱辉斌", "q=工作小组") == []
    assert titles(world, "石玲佳", "q=工作小组") == []
    assert client(world, "朱辉斌").get(f"/evidence/{world.plan.pk}/text/").status_code == 404
    assert queries.statistics(world.users["朱辉斌"]).whole.figures["letters"].amount == 0


def test_only_the_current_version_is_searched(world: Any) -> None:
    user = world.users["朱辉斌"]
    stored = actions.store_upload(upload("新.pdf", PDF + b"new"))
    piece = actions.add_version(world.plan, by=user, stored=stored, original_name="新.pdf")
    assert titles(world, "朱辉斌", "q=工作小组") == []
    leaves = [{"no": 1, "text": "新版的文字", "lines": []}]
    actions.keep_pages(piece.current, by=system_user(), leaves=leaves)
    actions.note_reading(piece.current, by=system_user(), state=ReadingState.READ, pages=1)
    assert titles(world, "朱辉斌", "q=新版的文字") == ["创建工作方案"]


@pytest.mark.parametrize(
    "asked", ['"', "*", "NEAR(", "col:", "words:领导", "AND OR NOT", "%_%_%", "的", "'; DROP TABLE", "a" * 10_000, "领导 " * 2000, "（）", "^领导", "-领导", "{领导}", "·", "\x00", "领导*", "𠮷", "\ud7ff"],
)  # fmt: skip
def test_odd_questions_are_only_words(world: Any, asked: str) -> None:
    answer = client(world, "朱辉斌").get("/evidence/", {"q": asked})
    assert answer.status_code == 200
    signs = not words.terms(asked) and asked.strip("\x00").strip()
    assert ("里只有标点符号" in text(answer)) == bool(signs)
    if signs:
        assert answer.context["found"].total == 0
    for path in (f"/evidence/{world.plan.pk}/", f"/evidence/{world.plan.pk}/text/"):
        assert client(world, "朱辉斌").get(path, {"q": asked}).status_code == 200


def test_filters_stay_filters(world: Any) -> None:
    user, unit = world.users["朱辉斌"], world.units["办公室"]
    laid(user, unit, ["领导讲话"], "讲话.pdf", title="讲话", happened_on=None, kind="report")
    found = lambda query: set(titles(world, "朱辉斌", query))  # noqa: E731
    assert found("q=领导") == {"讲话", "创建工作方案"}
    assert found("q=领导&kind=report") == {"讲话"} and found("q=领导&year=0") == {"讲话"}
    assert found("q=领导&year=2020") == {"创建工作方案"} and found("q=领导&uses=2") == set()
    assert found("q=领导&read=read") == {"讲话", "创建工作方案"} and found("q=领导&read=waiting") == set()
    waiting = deposit(user, unit, "没读的.pdf", title="领导签字页")
    assert found("q=领导&read=waiting") == {waiting.title}
    counts = client(world, "朱辉斌").get("/evidence/?q=领导&kind=report").context["found"]
    assert {facet.key: facet.count for facet in counts.kinds if facet.count} == {"document": 2, "report": 1}
    assert [(facet.label, facet.count) for facet in counts.years] == [("没写时间", 1)]


def test_the_piece_shows_its_pages_with_hits_and_its_text(world: Any) -> None:
    browser = client(world, "朱辉斌")
    page = text(browser.get(f"/evidence/{world.plan.pk}/?q=领导&page=2"))
    assert "2 页" in page and f'href="/evidence/{world.plan.pk}/text/?page=3&amp;q=' in page
    assert "附件 <mark>领导</mark>分工表" in page
    assert "文件的文字里没有" in text(browser.get(f"/evidence/{world.plan.pk}/?q=方案"))
    shown = text(browser.get(f"/evidence/{world.plan.pk}/text/?page=2&q=领导"))
    assert "<mark>領導</mark>" in shown and "第 2 页" in shown and "?page=3&amp;q=" in shown
    for page_no, words_there in (
        ("1", "封面"),
        ("99", "附件"),
        ("x", "封面"),
        ("-1", "封面"),
        ("9" * 30, "封面"),
    ):
        assert words_there in text(browser.get(f"/evidence/{world.plan.pk}/text/?page={page_no}")), page_no
    assert browser.post(f"/evidence/{world.plan.pk}/text/").status_code == 405
    waiting = deposit(world.users["朱辉斌"], world.units["办公室"])
    assert browser.get(f"/evidence/{waiting.pk}/text/").status_code == 404
    assert "看文字" in text(browser.get(f"/evidence/{world.plan.pk}/"))
    assert "看文字" not in text(browser.get(f"/evidence/{waiting.pk}/"))


def test_text_is_only_text(world: Any) -> None:
    evil = "<script>alert(1)</script>{{7*7}} 领导"
    piece = laid(world.users["朱辉斌"], world.units["办公室"], [evil], title="坏")
    for path in (
        "/evidence/?q=领导",
        f"/evidence/{piece.pk}/?q=领导",
        f"/evidence/{piece.pk}/text/?q=alert",
        f"/evidence/{piece.pk}/text/",
    ):
        page = text(client(world, "朱辉斌").get(path))
        assert "<script>alert" not in page and "&lt;script&gt;" in page and "{{7*7}}" in page, path


def counted(browser: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as said:
        assert browser.get(path).status_code == 200
    return len(said)


PATHS = ("/evidence/?q=领导", "/evidence/?q=领导+创建&mine=1", "/evidence/?q=精神文明", "/evidence/?q=领导&area=x&item=1", "/evidence/{pk}/?q=领导",
         "/evidence/{pk}/text/?q=领导", "/evidence/statistics/")  # fmt: skip


def test_query_counts_do_not_grow(world: Any) -> None:
    """And no page of text is carried along: what is read of each row is some kilobytes at most."""
    user, unit = world.users["朱辉斌"], world.units["办公室"]
    cases = [(name, path.format(pk=world.plan.pk)) for name in ("朱辉斌", "石玲佳") for path in PATHS]
    laid(user, unit, ["精神文", "明领导"], title="一")
    browsers = {name: client(world, name) for name in ("朱辉斌", "石玲佳")}
    small = [counted(browsers[name], path) for name, path in cases]
    long = "字" * 20_000
    for number in range(60):
        laid(
            user,
            unit,
            [f"{long}领导创建{long}", "精神文", "明"],
            title=f"多{number}",
        )
    for (name, path), before in zip(cases, small, strict=True):
        after = counted(browsers[name], path)
        assert after == before, f"{name} {path}: {before}, then {after}"
        assert after <= 10 or path.startswith(f"/evidence/{world.plan.pk}/?"), f"{path}: {after}"
    piece = f"/evidence/{world.plan.pk}/"
    assert counted(browsers["朱辉斌"], f"{piece}?q=领导") == counted(browsers["朱辉斌"], piece) + 1
    page = browsers["朱辉斌"].get("/evidence/?q=领导")
    assert len(page.content) < 120_000 and long[:500] not in text(page)
    assert "…" in text(page) and "<mark>领导</mark>" in text(page)


def test_the_command_finds_in_all_agencies(world: Any, capsys: Any) -> None:
    assert cli.main(["search", "领导", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["total"] == 3 and [hit["title"] for hit in answer["hits"]] == [
        "限定件",
        "乙局方案",
        "创建工作方案",
    ]
    assert answer["hits"][2] == {
        "evidence": world.plan.number, "name": "方案.pdf", "title": "创建工作方案", "page": 2, "snippet": "为加强組織領導，成立创建工作小组。",
    }  # fmt: skip
    assert cli.main(["search", "领导", "组长", "--limit", "1", "--json"]) == 0
    assert [hit["page"] for hit in json.loads(capsys.readouterr().out)["hits"]] == [3]
    assert cli.main(["search", "领导", "--limit", "1"]) == 0
    out = capsys.readouterr().out
    assert "限定件" in out and "找到 3 件，列出最新的 1 件" in out
    assert cli.main(["search", "创建工作方案", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["hits"][0]["page"] is None, "only its caption says so"
    for odd in ('"', "*", "NEAR(", "没有的词"):
        assert cli.main(["search", odd, "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == {"total": 0, "hits": []}
    assert cli.main(["search", "领导", "--limit", "0"]) == 2


def test_what_is_not_indexed_is_told_and_mended(world: Any, capsys: Any) -> None:
    assert queries.unindexed().number == 0
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM evidence_caption_words WHERE rowid = %s", [world.plan.pk])
        cursor.execute("DELETE FROM evidence_text_words WHERE rowid = %s", [world.plan.current.blob_id])
    assert (queries.unindexed().pieces, queries.unindexed().blobs) == (
        [world.plan.pk],
        [world.plan.current.blob_id],
    )
    cli.main(["doctor", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert told["unindexed"] == 2 and any("没有编入检索" in one for one in told["problems"])
    assert titles(world, "朱辉斌", "q=工作小组") == []
    assert actions.index_what_lacks() == 2 and actions.index_what_lacks() == 0
    assert titles(world, "朱辉斌", "q=工作小组") == titles(world, "朱辉斌", "q=工作方案") == ["创建工作方案"]


def test_the_index_is_made_anew_from_the_rows(world: Any, capsys: Any) -> None:
    gone = max(Evidence.objects.values_list("pk", flat=True)) + 50
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM evidence_text_words")
        cursor.execute("INSERT INTO evidence_caption_words(rowid, words) VALUES (%s, '多余')", [gone])
    assert cli.main(["evidence", "reindex"]) == 0
    assert (
        capsys.readouterr().out
        == f"已重建检索索引：材料 {Evidence.objects.count()} 件，文字 {Page.objects.values('blob').distinct().count()} 份\n"
    )
    assert queries.unindexed().number == 0 and queries.overindexed().number == 0
    assert titles(world, "朱辉斌", "q=工作小组") == ["创建工作方案"]
