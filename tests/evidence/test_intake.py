"""Taking in a file: looked at first, then put; a refused one leaves nothing behind."""

import io
import os
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from taizhang.evidence import actions
from taizhang.evidence.actions import peeking
from taizhang.kit import pictures
from taizhang.kit.errors import Busy, Refused
from taizhang.kit.files import Disk, store
from tests.kit.heic import heic

from .samples import DOCX, PDF, jpeg, package, png, png_bomb, put, upload


def left(root: Path) -> list[str]:
    """All files under ROOT: what an upload has left."""
    return [str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()]


def test_take_in_tells_what_it_saw(tmp_path: Path) -> None:
    taken = actions.take_in(upload("IMG_1.jpg", jpeg(taken="2020:06:10 09:30:11")))
    assert (taken.name, taken.mime, taken.kind, taken.title) == (
        "IMG_1.jpg",
        "image/jpeg",
        "picture",
        "IMG_1",
    )
    assert str(taken.taken_on) == "2020-06-10"
    assert store().digest(taken.stored.sha256) == taken.stored.sha256
    assert left(tmp_path) == [
        f"blobs/{taken.stored.sha256[:2]}/{taken.stored.sha256[2:4]}/{taken.stored.sha256}"
    ]


@pytest.mark.parametrize(
    "taken", ["", "0000:00:00 00:00:00", "2999:01:01 00:00:00", "junk", "2020:02:30 01:01:01"]
)
def test_a_camera_without_a_clock_says_nothing(taken: str) -> None:
    assert actions.take_in(upload("a.jpg", jpeg(taken=taken))).taken_on is None


def test_a_name_without_an_extension_gets_its_own() -> None:
    assert actions.take_in(upload("通知", PDF)).name == "通知.pdf"


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("空.txt", b"", "“空.txt”是空的（0 字节）"),
        ("图.svg", b"<svg onload=alert(1)>", "矢量图"),
        ("图.jpg", b"<html><script>1</script>", "内容却是网页"),
        ("图.jpg", b"\xff\xd8\xff\xe0" + b"<script>alert(1)</script>" * 10, "“图.jpg”打不开"),
        ("图.jpg", jpeg(400, 300)[:900], "“图.jpg”打不开"),
        ("图.png", png()[:60], "“图.png”打不开"),
        ("弹.png", png_bomb(12_000), "“弹.png”有 12000×12000 像素，超过 50 百万像素"),
        ("通知.docx", DOCX[:-30], "“通知.docx”不完整"),
        ("通知.docx", b"PK\x03\x04" + b"\x00" * 200, "“通知.docx”不完整"),
        ("爬.docx", package("[Content_Types].xml", "word/document.xml", "../../x"), "不正常的路径"),
        ("名册.docx", package("[Content_Types].xml", "xl/workbook.xml"), "内容却是 xlsx"),
        ("机密★三年.pdf", PDF, "密级“机密”"),
        ("a.zip", package("a.txt"), "压缩包"),
    ],
)  # fmt: skip
def test_refused_in_words_and_nothing_left(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    with pytest.raises(Refused) as caught:
        put(data, name)
    assert words in caught.value.message
    assert left(tmp_path) == []


def test_a_bomb_is_refused_from_its_header(monkeypatch: Any) -> None:
    bomb = png_bomb(30_000)
    assert len(bomb) < 200_000
    monkeypatch.setattr(Image.Image, "load", lambda *a, **k: pytest.fail("decoded"))
    with pytest.raises(Refused, match="像素"):
        put(bomb, "a.png")


def test_a_package_of_too_many_members_is_refused() -> None:
    data = bytearray(DOCX)
    at = data.rfind(b"PK\x05\x06")
    data[at + 10 : at + 12] = (60_000).to_bytes(2, "little")
    with pytest.raises(Refused, match="部件太多"):
        put(bytes(data), "a.docx")


@pytest.mark.parametrize("wide", [False, True])
def test_a_directory_that_lies_about_its_size_is_not_read(wide: bool) -> None:
    """It says three parts, in the wide form even none, and holds a hundred and sixty thousand."""
    entry = b"PK\x01\x02" + bytes(42)
    listed = entry * 160_000
    data = bytearray(b"PK\x03\x04" + bytes(26)) + listed
    if wide:
        at = len(data)
        counts = (160_000).to_bytes(8, "little") * 2
        data += b"PK\x06\x06" + (44).to_bytes(8, "little") + bytes(12) + counts
        data += len(listed).to_bytes(8, "little") + (30).to_bytes(8, "little")
        data += b"PK\x06\x07" + bytes(4) + at.to_bytes(8, "little") + (1).to_bytes(4, "little")
    data += b"PK\x05\x06" + bytes(4) + (3).to_bytes(2, "little") * 2
    data += (0 if wide else len(listed)).to_bytes(4, "little") + (30).to_bytes(4, "little") + bytes(2)
    with pytest.raises(Refused, match="部件太多"):
        put(bytes(data), "a.docx")


def test_a_picture_is_opened_by_the_child_alone(monkeypatch: Any) -> None:
    monkeypatch.setattr(Image, "open", lambda *a, **k: pytest.fail("opened here"))
    taken = actions.take_in(upload("a.jpg", jpeg(taken="2020:06:10 09:30:11")))
    assert str(taken.taken_on) == "2020-06-10"
    path = store().path(taken.stored.sha256)
    assert {key: str(day) for key, day in actions.days_taken({7: path}).items()} == {7: "2020-06-10"}
    with pytest.raises(Refused, match="打不开"):
        put(jpeg(400, 300)[:900], "b.jpg")
    # of a telephone too, which sends several kinds of file under one name
    scene = Image.new("RGB", (600, 400), "red")
    taken = actions.take_in(upload("IMG_3972.HEIC", heic(scene, taken="2020:06:10 09:30:11", turned=3)))
    assert (str(taken.taken_on), taken.kind) == ("2020-06-10", "picture")
    with pytest.raises(Refused, match="打不开"):
        put(heic(scene)[:300], "b.heic")
    with pytest.raises(Refused, match="8000×8000 像素"):
        put(heic(scene, says=(8000, 8000)), "c.heic")


def test_a_picture_that_is_not_looked_at_in_time_is_taken(monkeypatch: Any) -> None:
    monkeypatch.setattr(peeking, "SECONDS", 0.0)
    taken = actions.take_in(upload("a.jpg", jpeg(taken="2020:06:10 09:30:11")))
    assert taken.taken_on is None and taken.kind == "picture"
    assert actions.days_taken({1: store().path(taken.stored.sha256)}) == {}


def test_a_child_that_was_killed_is_replaced_at_once(monkeypatch: Any) -> None:
    put(jpeg(), "a.jpg")
    process = peeking._sees().child.process
    assert process is not None
    process.kill()
    taken = actions.take_in(upload("b.jpg", jpeg(taken="2020:06:10 09:30:11")))
    assert str(taken.taken_on) == "2020-06-10"


def test_the_limit_is_exact(tmp_path: Path) -> None:
    body = b"x" * 1000
    assert actions.store_upload(upload("a.txt", body), limit=1000).size == 1000
    with pytest.raises(Refused, match="超过 1000 字节"):
        actions.store_upload(upload("a.txt", body + b"x"), limit=1000)
    assert len(left(tmp_path)) == 1


def test_a_browser_that_lies_about_the_size_gets_nothing(tmp_path: Path) -> None:
    lying = upload("a.txt", b"hello")
    lying.size = 9
    with pytest.raises(Refused, match="“a.txt”没有存下：上传中断：应有 9 字节，只收到 5 字节"):
        actions.store_upload(lying)
    assert left(tmp_path) == []


def test_a_full_disk_names_the_file(monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(Disk, "RESERVE", 2**62)
    with pytest.raises(Busy, match="“a.txt”没有存下：服务器存放材料的磁盘快满了"):
        put(b"hello")
    assert left(tmp_path) == []


def test_a_polyglot_is_kept_as_the_picture_it_is() -> None:
    body = jpeg() + b"<html><script>alert(1)</script></html>"
    assert actions.take_in(upload("a.jpg", body)).mime == "image/jpeg"
    with pytest.raises(Refused):
        put(body, "a.html")


def test_thumbnail_is_upright_small_and_says_nothing() -> None:
    data = jpeg(1200, 800, taken="2020:06:10 09:30:11", turned=6)
    seen = pictures.look(io.BytesIO(data))
    assert (seen.width, seen.height) == (800, 1200)
    small = pictures.thumbnail(io.BytesIO(data))
    image = Image.open(io.BytesIO(small))
    assert image.format == "JPEG" and image.height > image.width and max(image.size) <= 360
    assert not image.getexif() and b"GeheimKamera" not in small and b"Exif" not in small


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "CMYK", "I;16", "1"])
def test_thumbnail_of_any_mode(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (50, 40)).save(out, "TIFF")
    assert pictures.thumbnail(out).startswith(b"\xff\xd8")


def test_fuzzed_pictures_never_raise_anything_else() -> None:
    data = jpeg(200, 150, taken="2020:06:10 09:30:11")
    for at in range(0, len(data), 7):
        broken = bytearray(data)
        broken[at] ^= 0xFF
        try:
            pictures.look(io.BytesIO(bytes(broken)))
            pictures.thumbnail(io.BytesIO(bytes(broken)))
        except (pictures.Broken, pictures.TooLarge):
            pass
    for size in range(0, 200, 5):
        with pytest.raises((pictures.Broken, pictures.TooLarge)):
            pictures.look(io.BytesIO(os.urandom(size)))
