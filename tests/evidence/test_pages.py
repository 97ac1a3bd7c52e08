"""Pages of a piece as pictures, the poster of a film, what is said of a file, and reading it anew."""

import io
from typing import Any

import pypdfium2
import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult
from PIL import Image

from taizhang.evidence import actions, jobs, queries
from taizhang.evidence.models import Blob, Page, Reading, ReadingState
from taizhang.evidence.queries.drawn import previews
from taizhang.evidence.rules import likeness, readers
from taizhang.journal.models import Entry
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.kit.files import store
from tests.kit.heic import heic
from tests.kit.texts.drawn import banner, film, scene
from tests.kit.texts.drawn import jpeg as saved

from .samples import deposit, jpeg, put
from .test_views import client, text


def pdf(pages: int = 3) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(595, 842)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.fixture
def world(people: Any, settings: Any, tmp_path: Any) -> Any:
    """The city with a PDF of three pages of 办公室; pictures are kept and not read."""
    settings.READS_PICTURES = False
    previews().folder = tmp_path / "previews"
    previews().faults.clear()
    people.piece = deposit(people.users["朱辉斌"], people.units["办公室"], "通知.pdf", pdf())
    return people


def of(world: Any, name: str, data: bytes, **more: Any) -> Any:
    return deposit(world.users["朱辉斌"], world.units["办公室"], name, data, **more)


def reading(piece: Any) -> Reading:
    return Reading.objects.get(blob=piece.current.blob)


# ---- pages


def test_who_sees_a_page(world: Any) -> None:
    path = f"/evidence/{world.piece.pk}/pages/2.jpg"
    for name in ("朱辉斌", "白毅志", "卢欣燕", "市文明办"):
        answer = client(world, name).get(path)
        assert answer.status_code == 200 and answer["Content-Type"] == "image/jpeg", name
    width, height = Image.open(io.BytesIO(answer.content)).size
    assert width == 1000 and abs(height - 1415) <= 1
    assert "sandbox" in answer["Content-Security-Policy"] and answer["Cache-Control"].startswith("private")
    for name in ("乙局朱辉斌", "丙局石玲佳", "系统管理员", "审计员"):
        assert client(world, name).get(path).status_code == 404, name
    again = client(world, "白毅志").get(path, HTTP_IF_NONE_MATCH=answer["ETag"])
    assert again.status_code == 304
    # an address that is known does not let a stranger learn that it is unchanged
    assert client(world, "乙局朱辉斌").get(path, HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 404


def test_a_page_that_cannot_wait_says_so(world: Any) -> None:
    browser, path = client(world, "白毅志"), f"/evidence/{world.piece.pk}/pages/1.jpg"
    previews().turns.acquire()  # another page is being drawn
    try:
        answer = browser.get(path)
    finally:
        previews().turns.release()
    assert (answer.status_code, answer["Retry-After"], answer["Refresh"]) == (503, "2", "2")
    assert "几秒后会自动再试" in answer.content.decode() and "ETag" not in answer
    assert browser.get(path).status_code == 200


def test_a_pinned_version_shows_its_own_pages(world: Any) -> None:
    user = world.users["朱辉斌"]
    piece = actions.add_version(world.piece, by=user, stored=put(pdf(1), "新.pdf"), original_name="新.pdf")
    browser, root = client(world, "朱辉斌"), f"/evidence/{piece.pk}"
    assert browser.get(f"{root}/versions/1/pages/3.jpg").status_code == 200
    assert browser.get(f"{root}/versions/2/pages/3.jpg").status_code == 404
    assert browser.get(f"{root}/pages/3.jpg").status_code == 404
    assert browser.get(f"{root}/pages/1.jpg").status_code == 200
    assert browser.get(f"{root}/versions/3/pages/1.jpg").status_code == 404


@pytest.mark.parametrize("no", ["0", "4", "99999999999"])
def test_pages_that_are_not_there(world: Any, no: str) -> None:
    assert client(world, "朱辉斌").get(f"/evidence/{world.piece.pk}/pages/{no}.jpg").status_code == 404


def test_what_has_no_pages_and_what_is_damaged(world: Any) -> None:
    browser = client(world, "朱辉斌")
    for piece in (of(world, "说明.txt", "文字".encode()), of(world, "坏.pdf", b"%PDF-1.4 nothing")):
        assert browser.get(f"/evidence/{piece.pk}/pages/1.jpg").status_code == 404
    link = actions.deposit_link(
        world.units["办公室"], by=world.users["朱辉斌"], url="https://example.org/a", title="网页"
    )
    assert browser.get(f"/evidence/{link.pk}/pages/1.jpg").status_code == 404


def test_an_office_file_shows_the_pages_of_its_face(world: Any) -> None:
    piece = of(world, "说明.txt", "文字".encode())
    face = store().put([pdf(2)], limit=10**6).sha256
    Reading.objects.filter(blob=piece.current.blob).update(state=ReadingState.READ, face=face)
    browser = client(world, "朱辉斌")
    assert browser.get(f"/evidence/{piece.pk}/pages/2.jpg").status_code == 200
    Reading.objects.filter(blob=piece.current.blob).update(state=ReadingState.CLASSIFIED)
    assert browser.get(f"/evidence/{piece.pk}/pages/2.jpg").status_code == 404


def test_a_preview_says_nothing_of_the_camera(world: Any) -> None:
    piece = of(world, "a.jpg", jpeg(1200, 800, taken="2020:06:10 09:30:11"))
    body = client(world, "朱辉斌").get(f"/evidence/{piece.pk}/pages/1.jpg").content
    assert body.startswith(b"\xff\xd8") and b"GeheimKamera" not in body and b"Exif" not in body


def test_queries_do_not_grow_with_the_pages(world: Any) -> None:
    counts = []
    for pages in (2, 40):
        piece = of(world, "长.pdf", pdf(pages))
        browser = client(world, "朱辉斌")
        browser.get(f"/evidence/{piece.pk}/pages/1.jpg")
        with CaptureQueriesContext(connection) as found:
            browser.get(f"/evidence/{piece.pk}/pages/2.jpg")
        counts.append(len(found))
    assert counts[0] == counts[1]


# ---- small copies


def test_a_pdf_is_known_by_the_head_of_its_first_page(world: Any) -> None:
    jobs.read.call(world.piece.current.pk)
    blob = Blob.objects.get(pk=world.piece.current.blob_id)
    assert Image.open(store().open(blob.thumbnail)).size == (360, 240)
    assert (blob.width, blob.height) == (None, None)  # of pictures only
    assert client(world, "白毅志").get(f"/evidence/{world.piece.pk}/thumb/1/").status_code == 200
    entries = Entry.objects.count()
    assert jobs.thumbnail.call(world.piece.current.pk) == blob.thumbnail and Entry.objects.count() == entries


def test_the_photograph_of_a_telephone_is_read_shown_and_known(world: Any) -> None:
    piece = of(world, "IMG_3972.HEIC", heic(scene(3), taken="2020:06:10 09:30:11", turned=3))
    twin = of(world, "同一张.jpg", saved(scene(3).transpose(Image.Transpose.ROTATE_270)))
    for one in (piece, twin):
        jobs.read.call(one.current.pk)
    found, blob = reading(piece), Blob.objects.get(pk=piece.current.blob_id)
    assert (found.state, found.fault, str(found.taken_on)) == (ReadingState.READ, "", "2020-06-10")
    assert (blob.width, blob.height) == scene(3).size[::-1]
    assert likeness.near(found.likeness, reading(twin).likeness)
    browser = client(world, "朱辉斌")
    for path in (f"/evidence/{piece.pk}/thumb/1/", f"/evidence/{piece.pk}/pages/1.jpg"):
        answer = browser.get(path)
        body = answer.content if not answer.streaming else b"".join(answer.streaming_content)
        shown = Image.open(io.BytesIO(body))
        assert shown.height > shown.width and b"GeheimKamera" not in body, path
    assert f"/evidence/{piece.pk}/pages/1.jpg" in browser.get(f"/evidence/{piece.pk}/").content.decode()
    # browsers do not know the kind: the file itself is only ever saved to disk
    whole = browser.get(f"/evidence/{piece.pk}/download/?show=1")
    assert whole["Content-Disposition"].startswith("attachment")


def test_what_could_not_be_opened_by_an_older_reader_is_read(world: Any) -> None:
    """HEIC was kept and told before there was a reader for it; what is broken is not tried for ever."""
    old, bad = of(world, "旧.heic", heic(scene(4))), of(world, "坏.pdf", b"%PDF-1.4 nothing")
    for piece in (old, bad, world.piece):
        jobs.read.call(piece.current.pk)
    assert queries.unread_versions() == []
    Reading.objects.filter(blob=old.current.blob_id).update(
        state=ReadingState.UNREADABLE, reader=1, fault="不能显示", likeness=""
    )
    assert queries.unread_versions() == [old.current.pk]
    assert jobs.read.call(old.current.pk) == ReadingState.READ
    assert (reading(old).fault, queries.unread_versions()) == ("", []) and reading(old).likeness
    assert reading(bad).state == ReadingState.UNREADABLE


def test_what_cannot_be_drawn_has_none(world: Any, tmp_path: Any) -> None:
    half = film(tmp_path / "a.mp4", "libx264")[:2000]
    for name, data in (("坏.pdf", b"%PDF-1.4 nothing"), ("a.txt", b"text"), ("坏.mp4", half)):
        piece = of(world, name, data)
        assert jobs.thumbnail.call(piece.current.pk) == ""
        assert Blob.objects.get(pk=piece.current.blob_id).thumbnail == ""


# ---- films


def test_a_film_shows_its_poster_and_length(world: Any, tmp_path: Any) -> None:
    piece = of(world, "讲堂.mp4", film(tmp_path / "a.mp4", "libx264", seconds=3))
    assert jobs.read.call(piece.current.pk) == ReadingState.READ
    read = reading(piece)
    assert (read.seconds, read.pages, read.letters) == (3, 0, 0) and read.poster
    browser = client(world, "白毅志")
    answer = browser.get(f"/evidence/{piece.pk}/poster/1/")
    assert answer.status_code == 200 and Image.open(io.BytesIO(answer.content)).size == (320, 240)
    assert (
        browser.get(f"/evidence/{piece.pk}/poster/1/", HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304
    )
    assert client(world, "乙局朱辉斌").get(f"/evidence/{piece.pk}/poster/1/").status_code == 404
    page = text(browser.get(f"/evidence/{piece.pk}/"))
    assert "3 秒" in page and f"/evidence/{piece.pk}/poster/1/" in page
    assert browser.get(f"/evidence/{world.piece.pk}/poster/1/").status_code == 404


@pytest.mark.parametrize(("seconds", "said"), [
    (133, "2 分 13 秒"), (59, "59 秒"), (60, "1 分"), (3600, "1 小时"), (3905, "1 小时 5 分"), (0, "不到 1 秒"),
])  # fmt: skip
def test_lengths_in_words(seconds: int, said: str) -> None:
    assert readers.duration(seconds) == said


# ---- what the page says of the file


def test_the_page_of_a_piece_says_what_was_found(world: Any) -> None:
    browser = client(world, "朱辉斌")
    page = text(browser.get(f"/evidence/{world.piece.pk}/"))
    assert "等待读取" in page and "重新读取" not in page
    Reading.objects.filter(blob=world.piece.current.blob).update(
        state=ReadingState.READ, pages=12, letters=12345, ocr=True, taken_on="2020-06-08"
    )
    page = text(browser.get(f"/evidence/{world.piece.pk}/"))
    for words in ("12 页", "12,345 字", "由图像识别", "2020-06-08", "照片自带"):
        assert words in page, words
    assert "等待读取" not in page


def test_a_scan_half_read_says_how_far(world: Any) -> None:
    actions.keep_pages(
        world.piece.current, by=jobs.system_user(), leaves=[{"no": 1, "text": "第一页", "lines": []}]
    )
    assert "已读 1 页" in text(client(world, "朱辉斌").get(f"/evidence/{world.piece.pk}/"))


def test_pictures_that_are_not_read_say_so(world: Any) -> None:
    piece = of(world, "a.jpg", saved(scene(4)))
    assert jobs.read.call(piece.current.pk) == ReadingState.READ
    assert reading(piece).letters == 0 and len(reading(piece).likeness) == 16
    page = text(client(world, "朱辉斌").get(f"/evidence/{piece.pk}/"))
    assert "关闭了图像识别" in page and "重新读取" in page and "800×600" in page


def test_a_piece_that_cannot_be_read_says_why(world: Any, tmp_path: Any) -> None:
    piece = of(world, "坏.mp4", film(tmp_path / "a.mp4", "libx264")[:2000])
    assert jobs.read.call(piece.current.pk) == ReadingState.UNREADABLE
    page = text(client(world, "朱辉斌").get(f"/evidence/{piece.pk}/"))
    assert "读不出文字" in page and "播放软件打开看看" in page and "重新读取" in page
    assert "重新读取" not in text(
        client(world, "白毅志").get(f"/evidence/{piece.pk}/")
    )  # who may not is not offered it


# ---- read anew


def test_reading_anew(world: Any) -> None:
    user, piece = world.users["朱辉斌"], of(world, "a.txt", "文明单位".encode())
    jobs.read.call(piece.current.pk)
    DBTaskResult.objects.all().delete()
    assert Page.objects.filter(blob=piece.current.blob).count() == 1
    answer = client(world, "朱辉斌").post(f"/evidence/{piece.pk}/read/", {"seen": piece.version, "once": "a"})
    assert answer.status_code == 302
    assert reading(piece).state == ReadingState.WAITING and queries.next_page(piece.current.blob_id) == 1
    assert [row.args_kwargs["args"] for row in DBTaskResult.objects.all()] == [[piece.current.pk]]
    assert Entry.objects.filter(action="evidence.read_again", refused="").count() == 1
    with pytest.raises(Refused, match="已经在等待读取"):
        actions.read_again(piece, by=user)
    jobs.read.call(piece.current.pk)
    assert (reading(piece).state, reading(piece).letters) == (ReadingState.READ, 4)


def test_who_may_have_it_read_anew(world: Any) -> None:
    jobs.read.call(world.piece.current.pk)
    DBTaskResult.objects.all().delete()
    for name in ("白毅志", "市文明办"):
        with pytest.raises(NotPermitted):
            actions.read_again(world.piece, by=world.users[name])
        assert client(world, name).post(f"/evidence/{world.piece.pk}/read/").status_code == 403
    assert client(world, "乙局朱辉斌").post(f"/evidence/{world.piece.pk}/read/").status_code == 404
    assert client(world, "朱辉斌").get(f"/evidence/{world.piece.pk}/read/").status_code == 405
    assert not DBTaskResult.objects.exists()


def test_what_is_not_read_anew(world: Any) -> None:
    user = world.users["朱辉斌"]
    link = actions.deposit_link(world.units["办公室"], by=user, url="https://example.org/a", title="网页")
    with pytest.raises(Refused, match="没有文件可读"):
        actions.read_again(link, by=user)
    Reading.objects.filter(blob=world.piece.current.blob).update(state=ReadingState.CLASSIFIED)
    with pytest.raises((Refused, ObjectDoesNotExist)):
        actions.read_again(world.piece, by=user)
    Reading.objects.filter(blob=world.piece.current.blob).update(state=ReadingState.READ)
    binned = actions.remove(world.piece, by=user)
    with pytest.raises(Refused, match="已移出材料库"):
        actions.read_again(binned, by=user)


# ---- the library


def test_the_library_says_how_far_reading_is(world: Any) -> None:
    browser = client(world, "白毅志")
    other = of(world, "b.txt", "文字".encode())
    jobs.read.call(other.current.pk)
    for path in ("/evidence/", "/evidence/reading/"):
        page = text(browser.get(path))
        assert (
            "正在读取 1 件，已读 1 件" in page and 'aria-valuenow="1"' in page and 'aria-valuemax="2"' in page
        )
    assert "正在读取" not in text(client(world, "乙局朱辉斌").get("/evidence/reading/"))  # of another agency
    jobs.read.call(world.piece.current.pk)
    for path in ("/evidence/", "/evidence/reading/"):
        assert "正在读取" not in text(browser.get(path))


def test_a_row_says_how_much_there_is_to_look_at(world: Any) -> None:
    tape, single = of(world, "录音.mp3", b"ID3\x03\x00" + bytes(400)), of(world, "一页.pdf", pdf(1))
    Reading.objects.filter(blob=world.piece.current.blob).update(state=ReadingState.READ, pages=12)
    Reading.objects.filter(blob=tape.current.blob).update(state=ReadingState.READ, seconds=133)
    Reading.objects.filter(blob=single.current.blob).update(state=ReadingState.READ, pages=1)
    page = text(client(world, "白毅志").get("/evidence/"))
    assert "12 页" in page and "2 分 13 秒" in page and "　1 页" not in page


def test_what_cannot_be_read_is_listed(world: Any) -> None:
    bad = of(world, "坏.pdf", b"%PDF-1.4 nothing")
    Reading.objects.filter(blob=bad.current.blob).update(state=ReadingState.UNREADABLE, fault="不完整。")
    page = text(client(world, "白毅志").get("/evidence/?read=unreadable"))
    assert (
        f"/evidence/{bad.pk}/" in page and f"/evidence/{world.piece.pk}/" not in page and "读不出文字" in page
    )


# ---- with the library that reads pictures: seconds


def test_a_photograph_is_found_by_the_words_on_its_banner(world: Any, settings: Any) -> None:
    settings.READS_PICTURES = True
    piece = of(world, "现场.jpg", saved(banner()))
    assert jobs.read.call(piece.current.pk) == ReadingState.READ
    read = reading(piece)
    assert (read.ocr, read.pages, read.letters, len(read.likeness)) == (True, 1, 11, 16)
    kept = Page.objects.get(blob=piece.current.blob)
    assert kept.text == "道德讲堂第三期开讲仪式" and kept.lines[0][4] == kept.text and len(kept.lines[0]) == 5
    page = text(client(world, "白毅志").get("/evidence/?q=第三期开讲"))
    assert f"/evidence/{piece.pk}/" in page
    assert "由图像识别" in text(client(world, "白毅志").get(f"/evidence/{piece.pk}/"))
