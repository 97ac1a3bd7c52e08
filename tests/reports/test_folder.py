"""The folder in a zip and the album: names, bytes, catalogue, order; the same input gives the same bytes."""

import hashlib
import io
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from taizhang.kit.files import store
from taizhang.kit.tables import read_book
from taizhang.reports import actions

from . import samples
from .world import ask, bound, carry, full, ledger_of

pytestmark = pytest.mark.django_db


def test_the_folder_holds_the_originals_under_orderly_names(
    people: Any, settings: Any, tmp_path: Path
) -> None:
    f = full(people, settings, tmp_path)
    made = bound(f.w, form="folder")
    path = actions.made_path(made)
    assert made.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        first = "01 组织领导/Ⅰ-1-1 领导小组月度调度/"
        assert f"{first}Ⅰ-1-1-①_会议记录.pdf" in names
        assert f"{first}Ⅰ-1-1-⑤_加锁.pdf" in names, "what cannot be bound is here all the same"
        assert f"{first}Ⅰ-1-1-⑨_专题片.mp4" in names
        assert "01 组织领导/Ⅰ-1-2 年度实施方案/Ⅰ-1-2-①_实施方案.pdf" in names
        assert names[-1] == "目录.xlsx"
        for key, name in (("minutes", "①_会议记录.pdf"), ("large", "③_大图.png"), ("text", "⑦_说明.txt")):
            data = archive.read(f"{first}Ⅰ-1-1-{name}")
            assert hashlib.sha256(data).hexdigest() == f.pieces[key].current.blob.sha256
        packed = {info.filename.rsplit("_", 1)[-1]: info.compress_type for info in archive.infolist()}
        assert packed["会议记录.pdf"] == packed["现场照片.jpg"] == zipfile.ZIP_STORED
        assert packed["说明.txt"] == zipfile.ZIP_DEFLATED
        assert {info.date_time for info in archive.infolist()} == {(2020, 3, 10, 0, 0, 0)}
        book = read_book(archive.read("目录.xlsx"), "目录.xlsx")
    rows = [list(map(str, row)) for row in book.sheets[0].rows]
    assert rows[0][:8] == ["编号", "名称", "文件", "日期", "文号", "发文机关", "页数", "类别"]
    by_name = {row[1]: row for row in rows[1:]}
    assert by_name["会议记录"][0] == "Ⅰ-1-1)-①"
    assert by_name["会议记录"][2] == f"{first}Ⅰ-1-1-①_会议记录.pdf"
    assert by_name["会议记录"][12] == f.pieces["minutes"].current.blob.sha256
    assert by_name["现场照片"][3] == "2020-01-15"
    assert by_name["实施方案"][4] == "甲办〔2020〕1号"
    assert by_name["新闻报道"][2] == "https://example.cn/news/1"
    assert any("1月（办公室）：未报" in str(row[2]) for row in book.sheets[1].rows)


def test_the_same_folder_has_the_same_bytes(people: Any, settings: Any, tmp_path: Path) -> None:
    f = full(people, settings, tmp_path)
    first = bound(f.w, form="folder")
    one = actions.made_path(first).read_bytes()
    shutil.rmtree(actions.folder_of(first))
    second = bound(f.w, form="folder")
    assert second.pk != first.pk
    assert actions.made_path(second).read_bytes() == one


def test_names_from_hell_stay_inside_the_folder(people: Any, settings: Any, tmp_path: Path) -> None:
    w = ledger_of(people, settings, tmp_path)
    slot = w.slot("1.1.2")
    for at, title in enumerate(["../../out", "a/b\\c", "同名", "同名", "CON", "长" * 150, "点.", "x" * 150]):
        samples.put(w, slot, f"file {at}".encode(), f"{at}.txt", "other", title=title)
    with zipfile.ZipFile(
        actions.made_path(bound(w, form="folder", scope="item", chosen=str(slot.item_id)))
    ) as archive:
        names = archive.namelist()
    assert len(names) == 9
    assert len({name.casefold() for name in names}) == 9
    for name in names[:-1]:
        parts = name.split("/")
        assert len(parts) == 3
        assert not any(
            part in ("..", ".", "") or part != part.rstrip(" .") or set(part) & set('<>:"\\|?*')
            for part in parts
        )
        assert len(name) < 150


def test_a_damaged_original_is_listed_and_not_packed(people: Any, settings: Any, tmp_path: Path) -> None:
    w = ledger_of(people, settings, tmp_path)
    slot = w.slot("1.1.2")
    piece = samples.put(w, slot, b"the true words", "真.txt", "other")
    path = store().path(piece.current.blob.sha256)
    path.chmod(0o644)
    path.write_bytes(b"other words...")
    made = bound(w, form="folder", scope="item", chosen=str(slot.item_id))
    with zipfile.ZipFile(actions.made_path(made)) as archive:
        assert archive.namelist() == ["目录.xlsx"]
    assert any("《真》：文件内容与存入时的 SHA-256 不符" in row["text"] for row in made.missing)


@pytest.mark.parametrize(("per_page", "pages"), [(2, 3), (4, 2)])
def test_an_album_has_two_or_four_on_a_page(
    people: Any, settings: Any, tmp_path: Path, per_page: int, pages: int
) -> None:
    w = ledger_of(people, settings, tmp_path)
    slot = w.slot("1.1.1")
    for at in range(5):
        samples.put(
            w,
            slot,
            samples.picture(600 + at, 400),
            f"照片{at}.jpg",
            "picture",
            title=f"调度会照片{at}",
            place="三楼",
        )
    samples.put(w, slot, samples.pdf(1, words="paper "), "文件.pdf", "document")
    made = bound(w, form="album", per_page=per_page)
    path = actions.made_path(made)
    words = ["".join(text.split()) for text in samples.words_of(path)]
    assert made.pages == 2 + pages, "cover, divider, sheets"
    assert "画册" in words[0]
    assert "照片5张" in words[0]
    first = [at for at in range(5) if f"调度会照片{at}" in words[2]]
    assert first == list(range(per_page))
    assert "三楼" in words[2]
    assert not any("paper" in text for text in words)
    with pikepdf.open(path) as pdf:
        assert len([key for key in pdf.pages[2].obj.Resources.XObject if key.startswith("/I")]) == per_page


def test_an_album_without_photographs_is_refused_in_words(people: Any, settings: Any, tmp_path: Path) -> None:
    w = ledger_of(people, settings, tmp_path)
    made = carry(ask(w, form="album"))
    assert made.state == "failed"
    assert "没有能装进画册的照片" in made.fault


def test_large_photographs_are_made_small_enough_for_the_album(
    people: Any, settings: Any, tmp_path: Path
) -> None:
    w = ledger_of(people, settings, tmp_path)
    samples.put(w, w.slot("1.1.1"), samples.picture(4000, 3000), "大.jpg", "picture")
    path = actions.made_path(bound(w, form="album"))
    with pikepdf.open(io.BytesIO(path.read_bytes())) as pdf:
        image = pdf.pages[2].obj.Resources.XObject.I0
        assert max(int(image.Width), int(image.Height)) <= 1800
