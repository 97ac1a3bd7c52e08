"""提醒: what is warned of and what is not, who has looked at it, and what the pages say."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from taizhang.evidence import actions, queries
from taizhang.evidence.models import Checked, Evidence, Reading, ReadingState, Version
from taizhang.evidence.rules.checks import (
    Around,
    Piece,
    Read,
    Twin,
    Use,
    alike,
    allowed_letters,
    warnings,
)
from taizhang.evidence.rules.offers import Inside, Said, offers
from taizhang.kit.errors import NotPermitted, Refused

from .samples import PDF, deposit, jpeg, put

DAY = date(2020, 6, 10)
SHOT = Piece("picture", "照片", DAY, "三楼会议室", "全体人员", "道德讲堂")
PAPER = Piece("document", "通知", DAY, doc_no="甲办发〔2020〕5号", issuer="甲局")


def codes(piece: Piece, read: Read | None = None, **around: Any) -> list[str]:
    return [one.code for one in warnings(piece, read, Around(**around))]


def read(**facts: Any) -> Read:
    return Read("read", **facts)


# rules


def test_a_whole_caption_is_not_warned_of() -> None:
    assert codes(SHOT) == []
    assert (
        codes(PAPER, read(pages=2, letters=300, head_page=1, doc_no="甲办发〔2020〕5号", dated_on=DAY)) == []
    )


def test_the_caption_lacks() -> None:
    found = warnings(Piece("picture", "照片", DAY), None, Around())
    assert [one.code for one in found] == ["caption"]
    assert "“地点”“人物”“主题”" in found[0].text
    assert codes(Piece("link", "网页", url="https://a.cn")) == []


def test_the_number_is_missing_or_differs() -> None:
    bare = Piece("document", "通知", DAY, issuer="甲局")
    assert codes(bare) == ["number"]
    assert "甲办发〔2020〕5号" in warnings(bare, read(doc_no="甲办发〔2020〕5号"), Around())[0].text
    assert codes(PAPER, read(doc_no="甲办发〔2020〕6号")) == ["number_differs"]
    assert codes(PAPER, read(doc_no="甲办发[2020]5号")) == [], "brackets of another kind are the same number"
    use = Use(1, "Ⅲ-1 全年", date(2020, 1, 1), date(2020, 12, 31), asks_number=True)
    assert codes(Piece("table", "名册", DAY), uses=(use,)) == ["number"]


@pytest.mark.parametrize(("off", "warned"), [(0, False), (3, False), (4, True), (-3, False), (-200, True)])
def test_the_camera_and_the_caption(off: int, warned: bool) -> None:
    assert ("taken" in codes(SHOT, read(taken_on=DAY + timedelta(days=off)))) is warned


@pytest.mark.parametrize(("kind", "off", "warned"), [("document", 0, False), ("document", 1, True), ("report", 31, False), ("report", 32, True), ("picture", 400, False)])  # fmt: skip
def test_the_day_of_a_document(kind: str, off: int, warned: bool) -> None:
    piece = Piece(kind, "件", DAY, "甲局", "乙", "丙", "甲办发〔2020〕5号", "甲局")
    assert ("dated" in codes(piece, read(dated_on=DAY + timedelta(days=off)))) is warned


@pytest.mark.parametrize(
    ("piece", "facts", "warned"),
    [
        (SHOT, {}, False),
        (SHOT, {"taken_on": date(2019, 6, 10)}, True),
        (Piece("picture", "照", date(2021, 1, 2), "a", "b", "c"), {}, True),
        (Piece("report", "总结", date(2021, 1, 20)), {}, False),  # a year's summary is dated in the next
        (Piece("report", "总结", date(2021, 3, 20)), {}, True),
        (PAPER, {"dated_on": date(2019, 12, 30), "doc_no": PAPER.doc_no}, True),
        (Piece("table", "名册"), {}, False),
    ],
)
def test_the_year_it_is_cited_for(piece: Piece, facts: dict[str, Any], warned: bool) -> None:
    use = Use(7, "Ⅲ-1 5月", date(2020, 5, 1), date(2020, 5, 31))
    assert ("year:7" in codes(piece, read(**facts), uses=(use,))) is warned


def test_a_near_photograph_of_another_occasion() -> None:
    mine, other = "00000000000000ff", "000000000000007f"
    twin = Twin(9, "材-2020-000009", "照片", date(2019, 3, 1), "二楼", "", uses=1)
    assert alike(mine, [(other, twin), ("ffffffffffffffff", twin), ("", twin)]) == [twin]
    found = warnings(SHOT, read(), Around(alike=(twin,)))
    assert [one.code for one in found] == ["alike"]
    assert found[0].about == ((9, "材-2020-000009"),)
    assert "2020-06-10" in found[0].text and "2019-03-01" in found[0].text
    same = Twin(9, "n", "照片", DAY, "三楼会议室", "道德讲堂", uses=1)
    assert codes(SHOT, read(), alike=(same,)) == [], "the same occasion"
    assert codes(SHOT, read(), alike=(Twin(9, "n", "t", date(2019, 3, 1)),)) == [], "cited nowhere"


def test_the_same_bytes() -> None:
    found = warnings(SHOT, None, Around(same=(Twin(3, "材-2020-000003", "旧件", version=2),)))
    assert (
        found[0].code == "same" and "第 2 版" in found[0].text and found[0].about == ((3, "材-2020-000003"),)
    )


def test_the_name_of_the_unit() -> None:
    names = ("晨江市水利局", "水利局")
    assert codes(SHOT, read(named=False), names=names) == ["unit"]
    assert codes(SHOT, read(named=True), names=names) == []
    assert codes(SHOT, read(named=None), names=names) == [], "nothing was read"
    said = Piece("picture", "照片", DAY, "市水利局三楼", "全体", "道德讲堂")
    assert codes(said, read(named=False), names=names) == []
    assert codes(PAPER, read(named=False, doc_no=PAPER.doc_no), names=names) == [], (
        "a notice from above need not"
    )


def test_a_report_is_too_long() -> None:
    report = Piece("report", "总结", DAY)
    assert codes(report, read(letters=500)) == []
    assert codes(report, read(letters=501)) == ["long"]
    use = Use(1, "Ⅲ-1", date(2020, 1, 1), date(2020, 12, 31), letters=1000)
    assert codes(report, read(letters=900), uses=(use,)) == []
    assert codes(report, read(letters=1001), uses=(use,)) == ["long"]


@pytest.mark.parametrize(
    ("words", "most"),
    [
        ("报告不超过500字", 500),
        ("情况说明（1000字以内）", 1000),
        ("总结，控制在 800 字", 800),
        ("近三年总结", 0),
        ("第12345号", 0),
    ],
)
def test_what_a_standard_allows(words: str, most: int) -> None:
    assert allowed_letters("", words) == most


def test_no_red_head_and_words_of_the_reader() -> None:
    assert codes(PAPER, read(pages=2, letters=300)) == ["head"]
    assert codes(PAPER, Read("unreadable", fault="打不开")) == ["file:unread"]
    assert codes(
        SHOT, read(warnings=(("macro", "带有宏"), ("ocr_off", "没有读"), ("secret_cleared", "误报")))
    ) == ["file:macro"]


def test_what_a_file_offers() -> None:
    said = Said("document", "扫描件001", None, "", "", "扫描件001.pdf")
    inside = Inside("关于创建的通知", "甲办发〔2020〕5号", "甲局", DAY)
    assert [each.name for each in offers(said, inside)] == ["title", "happened_on", "doc_no", "issuer"]
    typed = Said("document", "我写的名称", DAY, "甲办发〔2020〕6号", "甲局", "扫描件001.pdf")
    assert offers(typed, inside) == [], "what a person typed stays"
    assert offers(Said("picture", "IMG", None, "", "", "IMG.jpg"), inside) == []
    assert offers(said, Inside()) == []


# pieces


@pytest.fixture
def world(people: Any) -> Any:
    people.piece = deposit(people.users["朱辉斌"], people.units["办公室"], "扫描件.pdf", PDF)
    return people


def client(world: Any, name: str) -> Client:
    made = Client()
    made.force_login(world.users[name], backend=settings.AUTHENTICATION_BACKENDS[-1])
    return made


def found_in(piece: Evidence, **facts: Any) -> None:
    """As if the reader had found it."""
    blob = Version.objects.get(pk=piece.current_id).blob_id
    Reading.objects.filter(blob=blob).update(state=ReadingState.READ, **facts)


def noted(world: Any, piece: Evidence, name: str = "朱辉斌") -> dict[str, queries.Noted]:
    return {each.warned.code: each for each in queries.noted(world.users[name], [piece.pk])[piece.pk]}


def test_a_warning_is_looked_at(world: Any) -> None:
    piece = world.piece
    assert set(noted(world, piece)) == {"caption", "number"}
    actions.check(piece, by=world.users["朱辉斌"], code="number", note="上级转来，没有文号")
    each = noted(world, piece)["number"]
    assert (each.by, each.note) == ("朱辉斌", "上级转来，没有文号")
    actions.check(piece, by=world.users["石玲佳"], code="number", note="再看过")
    assert Checked.objects.get().note == "再看过"
    assert noted(world, piece)["number"].by == "石玲佳"
    with pytest.raises(Refused, match="最多 200 个"):
        actions.check(piece, by=world.users["朱辉斌"], code="number", note="长" * 201)
    with pytest.raises(Refused, match="没有这一条提醒"):
        actions.check(piece, by=world.users["朱辉斌"], code="")
    with pytest.raises(NotPermitted):
        actions.check(piece, by=world.users["白毅志"], code="number")
    with pytest.raises(NotPermitted):
        actions.check(piece, by=world.users["乙局朱辉斌"], code="number")


def test_a_file_is_taken_over_once(world: Any) -> None:
    piece = world.piece
    with pytest.raises(Refused, match="没有可从文件里补的"):
        actions.adopt(piece, by=world.users["朱辉斌"])
    found_in(
        piece,
        doc_no="甲办发〔2018〕5号",
        issuer="甲局",
        title="关于创建的通知",
        dated_on=date(2018, 1, 5),
        pages=1,
        letters=9,
        head_page=1,
    )
    actions.caption(piece, by=world.users["朱辉斌"], issuer="甲局办公室", happened_on=None)
    actions.adopt(piece, by=world.users["朱辉斌"])
    piece.refresh_from_db()
    assert (piece.title, piece.doc_no, piece.issuer, piece.happened_on) == (
        "关于创建的通知", "甲办发〔2018〕5号", "甲局办公室", date(2018, 1, 5),
    )  # fmt: skip
    with pytest.raises(Refused):
        actions.adopt(piece, by=world.users["朱辉斌"])
    with pytest.raises(NotPermitted):
        actions.adopt(piece, by=world.users["白毅志"])


def test_the_same_bytes_in_the_library(world: Any) -> None:
    other = deposit(world.users["白毅志"], world.units["法规处"], "又一份.pdf", PDF, again=True)
    assert "same" in noted(world, world.piece)
    assert noted(world, other, "白毅志")["same"].warned.about == ((world.piece.pk, world.piece.number),)


def test_near_photographs_in_the_library(world: Any) -> None:
    a = deposit(world.users["朱辉斌"], world.units["办公室"], "a.jpg", jpeg(colour="red"))
    b = deposit(world.users["朱辉斌"], world.units["办公室"], "b.jpg", jpeg(colour="blue"))
    found_in(a, likeness="ffff0000ffff0000")
    found_in(b, likeness="ffff0000ffff0001")
    actions.caption(a, by=world.users["朱辉斌"], place="三楼", happened_on=date(2018, 1, 5))
    actions.caption(b, by=world.users["朱辉斌"], place="广场", happened_on=date(2017, 1, 5))
    assert "alike" not in noted(world, a), "b is cited nowhere"
    user = world.users["朱辉斌"]
    for piece in (a, b):  # what else is missing of them was looked at
        for code in noted(world, piece):
            actions.check(piece, by=user, code=code)
    assert not {a.pk, b.pk} & set(queries.unchecked(user))
    Evidence.objects.filter(pk=b.pk).update(uses=1)
    assert noted(world, a)["alike"].warned.about == ((b.pk, b.number),)
    assert "alike" not in noted(world, b)
    # the filter of the library says what the pages say
    assert a.pk in queries.unchecked(user) and b.pk not in queries.unchecked(user)
    actions.check(a, by=user, code="alike")
    assert a.pk not in queries.unchecked(user)


def test_the_filter_and_the_pages_agree_for_many_photographs(world: Any) -> None:
    """More than are held one against the other, some near, in two agencies; old versions of the same bytes, too."""
    user, other = world.users["朱辉斌"], world.users["乙局朱辉斌"]
    rows = [(user, world.units["办公室"])] * 50 + [(other, world.units["乙局办公室"])] * 6
    shots = [deposit(by, unit, f"{n}.jpg", jpeg(width=20 + n)) for n, (by, unit) in enumerate(rows)]
    for n, shot in enumerate(shots):
        # three and three are near; each of another day
        found_in(shot, likeness=f"{(n // 3 * 0x9E3779B97F4A7C15) % 2**64 ^ 1 << n % 3 * 9:016x}", ocr=True)
        Evidence.objects.filter(pk=shot.pk).update(
            uses=n % 2, happened_on=date(2020, 1, 1 + n % 28), place="某处", people="某人", theme="某事"
        )
    old = deposit(user, world.units["办公室"], "名册.txt", "名册".encode(), kind="other", title="名册")
    actions.add_version(old, by=user, stored=put("新名册".encode(), "名册.txt"), original_name="名册.txt")
    deposit(user, world.units["办公室"], "又.txt", "名册".encode(), again=True, kind="other", title="又")
    above = world.users["东县文明办"]
    for reader in (user, other, above):
        every = list(queries.evidence_for(reader).values_list("pk", flat=True))
        pages = {pk for pk, made in queries.noted(reader, every).items() if any(not each.by for each in made)}
        assert set(queries.unchecked(reader)) == pages
        assert (
            sum(
                "alike" in {each.warned.code for each in made}
                for made in queries.noted(reader, every).values()
            )
            > 3
        )


def test_the_name_in_the_text(world: Any) -> None:
    shot = deposit(world.users["朱辉斌"], world.units["办公室"], "a.jpg", jpeg(colour="green"))
    version = Version.objects.get(pk=shot.current_id)
    found_in(shot, ocr=True)
    assert "unit" in noted(world, shot)
    system = world.users["朱辉斌"]
    actions.keep_pages(version, by=system, leaves=[{"no": 1, "text": "甲局道德讲堂", "lines": []}])
    actions.note_reading(version, by=system, state=ReadingState.READ)
    assert "unit" not in noted(world, shot)


def test_another_agencys_copy_is_no_warning(world: Any) -> None:
    """An office above both sees the two pieces, and the filter says what the pages say."""
    said = {"title": "名册", "kind": "other"}
    mine = deposit(world.users["朱辉斌"], world.units["办公室"], "名册.txt", "名册".encode(), **said)
    theirs = deposit(
        world.users["乙局朱辉斌"], world.units["乙局办公室"], "名册.txt", "名册".encode(), **said
    )
    above = world.users["东县文明办"]
    assert {mine.pk, theirs.pk} <= set(queries.evidence_for(above).values_list("pk", flat=True))
    assert not {mine.pk, theirs.pk} & set(queries.unchecked(above))
    twin = deposit(
        world.users["朱辉斌"], world.units["办公室"], "又.txt", "名册".encode(), again=True, **said
    )
    assert {mine.pk, twin.pk} <= set(queries.unchecked(above)) and theirs.pk not in queries.unchecked(above)


def test_the_filter_of_the_library(world: Any) -> None:
    user = world.users["朱辉斌"]
    whole = deposit(user, world.units["办公室"], "名册.xls.txt", "名册".encode(), kind="other")
    assert queries.unchecked(user) == [world.piece.pk]
    browser = client(world, "朱辉斌")
    page = browser.get("/evidence/?warned=1").content.decode()
    assert world.piece.number in page and whole.number not in page
    for code in ("number", "caption"):
        actions.check(world.piece, by=user, code=code)
    assert queries.unchecked(user) == []
    assert "没有找到材料" in browser.get("/evidence/?warned=1").content.decode()


# pages


def test_the_page_of_a_piece(world: Any) -> None:
    browser, path = client(world, "朱辉斌"), f"/evidence/{world.piece.pk}/"
    found_in(world.piece, doc_no="甲办发〔2018〕5号", pages=1, letters=9)
    page = browser.get(path).content.decode()
    assert "3 条还没有核对" in page and "没有找到红头页" in page and "采用这 1 项" in page
    answer = browser.post(f"{path}check/", {"code": "head", "note": "原件无红头"})
    assert answer.status_code == 302 and answer["Location"] == f"{path}#checks"
    page = browser.get(path).content.decode()
    assert "2 条还没有核对" in page and "已核对：原件无红头" in page
    assert browser.post(f"{path}adopt/", {}).status_code == 302
    assert "文件里写着" not in browser.get(path).content.decode()
    assert browser.post(f"{path}adopt/", {}).status_code == 409
    other = client(world, "白毅志").get(path).content.decode()
    assert "记为已核对" not in other and "采用这" not in other
    away = browser.post(f"{path}check/", {"code": "number", "back": "https://example.com/"})
    assert away["Location"] == f"{path}#checks"


def test_the_receipts(world: Any) -> None:
    browser, path = client(world, "朱辉斌"), "/evidence/received/?since=1"
    assert "还有 1 件正在读取" in browser.get(path).content.decode()
    found_in(world.piece, doc_no="甲办发〔2018〕5号", issuer="甲局", pages=1, letters=9)
    page = browser.get(path).content.decode()
    assert "文件里写着：文号 甲办发〔2018〕5号；发文机关 甲局" in page and "没有找到红头页" in page
    name = f"e{world.piece.pk}"
    form = {
        f"{name}-seen": world.piece.version,
        f"{name}-title": "扫描件",
        f"{name}-issuer": "我填的机关",
        "adopt": str(world.piece.pk),
    }
    assert browser.post(path, form).status_code == 302
    world.piece.refresh_from_db()
    assert (world.piece.issuer, world.piece.doc_no) == ("我填的机关", "甲办发〔2018〕5号")
    assert "文件里写着" not in browser.get(path).content.decode()


def test_the_number_of_queries_does_not_grow(world: Any) -> None:
    user = world.users["朱辉斌"]
    shots = [deposit(user, world.units["办公室"], f"{n}.jpg", jpeg(width=20 + n)) for n in range(9)]
    for at, shot in enumerate(shots):
        found_in(shot, likeness=f"{at * 7919 + 1:016x}", ocr=True)
    Evidence.objects.update(uses=1)

    def count(pieces: list[Evidence]) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert len(queries.noted(user, [piece.pk for piece in pieces])) == len(pieces)
        return len(seen)

    queries.noted(user, [shots[0].pk])
    few, many = count(shots[:2]), count(shots)
    assert few == many <= 12
