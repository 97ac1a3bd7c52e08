"""Photographs and scanned pictures: size, day, likeness, small copies, and every kind of broken one told in words."""

import io
import itertools
import random
import struct
from datetime import date
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageEnhance

from taizhang.evidence.rules import likeness
from taizhang.kit import pictures
from taizhang.kit.texts import answer, picture, preview
from taizhang.kit.texts.told import Unreadable
from tests.evidence.samples import jpeg as plain_jpeg
from tests.evidence.samples import png_bomb
from tests.kit.heic import heic

from .drawn import asked, font, jpeg, page, scene


def unreadable(folder: Path, data: bytes, mime: str = "image/jpeg") -> Unreadable:
    with pytest.raises(Unreadable) as told:
        picture.read(asked(folder, data, mime, pictures=False))
    assert told.value.text.endswith("。")
    return told.value


def opened(path: str) -> Image.Image:
    with open(path, "rb") as file:
        return Image.open(io.BytesIO(file.read())).convert("RGB")


def tiff(*pages: Image.Image) -> bytes:
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:])
    return out.getvalue()


def test_a_photograph_without_reading_its_text(tmp_path: Path) -> None:
    data = plain_jpeg(1200, 800, taken="2020:06:10 09:30:11", turned=6)
    told = picture.read(asked(tmp_path, data, "image/jpeg", pictures=False))
    assert (told.width, told.height, told.taken_on, told.pages) == (800, 1200, date(2020, 6, 10), 1)
    assert told.leaves == [] and told.warnings == [picture.OFF] and told.go_on == 0
    small = opened(told.made["thumbnail"])
    assert small.height == pictures.THUMBNAIL[1] and small.height > small.width
    with open(told.made["thumbnail"], "rb") as file:
        body = file.read()
    assert b"GeheimKamera" not in body and b"Exif" not in body


def test_every_page_of_a_tiff_is_a_page_and_goes_on_where_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = []
    for words in ("第一页的文字", "第二页的文字", "第三页的文字"):
        sheet = Image.new("L", (700, 200), "white")
        ImageDraw.Draw(sheet).text((60, 60), words, font=font(48), fill="black")
        lines.append(sheet)
    question = asked(tmp_path, tiff(*lines), "image/tiff")
    monkeypatch.setattr(picture, "STEP", 0.0)  # a page an answer
    first = picture.read(question)
    assert (first.pages, first.go_on, [leaf.no for leaf in first.leaves]) == (3, 2, [1])
    assert first.leaves[0].text == "第一页的文字" and first.leaves[0].ocr
    monkeypatch.setattr(picture, "STEP", 1000.0)
    rest = picture.read(asked(tmp_path, tiff(*lines), "image/tiff", start=2))
    assert (rest.go_on, [leaf.text for leaf in rest.leaves]) == (0, ["第二页的文字", "第三页的文字"])
    assert (rest.pages, rest.width, rest.height) == (3, 700, 200)  # told again: another process may ask


def test_a_damaged_later_page_does_not_spoil_the_others(tmp_path: Path) -> None:
    data = bytearray(tiff(*[Image.new("L", (60, 40), "white")] * 2))
    # the second directory's strip begins behind the end of the file
    second = struct.unpack("<I", data[4:8])[0]
    entries = struct.unpack("<H", data[second : second + 2])[0]
    second = struct.unpack("<I", data[second + 2 + 12 * entries : second + 6 + 12 * entries])[0]
    for at in range(second + 2, second + 2 + 12 * struct.unpack("<H", data[second : second + 2])[0], 12):
        if struct.unpack("<H", data[at : at + 2])[0] == 273:
            data[at + 8 : at + 12] = struct.pack("<I", 10**8)
    told = picture.read(asked(tmp_path, bytes(data), "image/tiff"))
    assert told.pages == 2 and [leaf.no for leaf in told.leaves] == [1, 2]
    assert [code for code, _ in told.warnings] == ["broken_page"] and "第 2 页" in told.warnings[0][1]


def test_a_tiff_of_more_pages_than_are_read(tmp_path: Path) -> None:
    data = tiff(*[Image.new("1", (8, 8))] * 230)
    told = picture.read(asked(tmp_path, data, "image/tiff", pictures=False))
    assert told.pages == 200 and told.warnings[0][0] == "many_pages"


def test_a_tiff_whose_pages_lead_in_a_circle(tmp_path: Path) -> None:
    data = bytearray(tiff(Image.new("L", (8, 8))))
    first = struct.unpack("<I", data[4:8])[0]
    entries = struct.unpack("<H", data[first : first + 2])[0]
    data[first + 2 + 12 * entries : first + 6 + 12 * entries] = struct.pack("<I", first)
    assert picture.read(asked(tmp_path, bytes(data), "image/tiff", pictures=False)).pages == 1


def test_of_a_moving_picture_only_the_first_counts(tmp_path: Path) -> None:
    out = io.BytesIO()
    many = [Image.new("P", (30, 20), at % 250) for at in range(400)]
    many[0].save(out, "GIF", save_all=True, append_images=many[1:])
    told = picture.read(asked(tmp_path, out.getvalue(), "image/gif", pictures=False))
    assert (told.pages, told.width, told.height) == (1, 30, 20)


def test_bombs_and_broken_ones_are_told(tmp_path: Path) -> None:
    bomb = unreadable(tmp_path, png_bomb(), "image/png")
    assert bomb.code == "large" and "12000×12000" in bomb.text
    whole = jpeg(scene(1))
    assert unreadable(tmp_path, whole[: len(whole) // 2]).code == "broken"
    assert unreadable(tmp_path, whole[:30]).code == "broken"
    assert unreadable(tmp_path, b"GIF89a" + bytes(20), "image/gif").code == "broken"
    assert unreadable(tmp_path, b"RIFF\x20\x00\x00\x00WEBPVP8 " + bytes(30), "image/webp").code == "broken"


def test_the_photograph_of_a_telephone(tmp_path: Path) -> None:
    """In tiles, lying on its side, its day in EXIF: shown upright, and like the same photograph as a JPEG."""
    image = scene(5)
    data = heic(image, taken="2020:06:10 09:30:11", turned=3)
    told = picture.read(asked(tmp_path, data, "image/heic", pictures=False))
    assert (told.width, told.height) == (image.height, image.width)  # turned once, not twice
    assert (told.taken_on, told.pages, told.warnings) == (date(2020, 6, 10), 1, [picture.OFF])
    upright = picture.likeness(image.transpose(Image.Transpose.ROTATE_270))
    assert likeness.near(told.likeness, upright) and not likeness.near(told.likeness, picture.likeness(image))
    with open(told.made["thumbnail"], "rb") as file:
        small = file.read()
    assert b"GeheimKamera" not in small and b"Exif" not in small
    drawn = preview.draw(asked(tmp_path, data, "image/heic"), 1, 300)
    assert (drawn.width, drawn.height, drawn.pages) == (image.height, image.width, 1)
    assert opened(drawn.made).size == (300, 300 * image.width // image.height)
    thumb = preview.thumbnail(asked(tmp_path, data, "image/heic"), 1)
    assert opened(thumb.made).height == pictures.THUMBNAIL[1]


def test_the_words_on_a_telephones_photograph_are_read(tmp_path: Path) -> None:
    sheet = Image.new("RGB", (900, 300), "white")
    ImageDraw.Draw(sheet).text((60, 90), "职工读书活动", font=font(90), fill="black")
    told = picture.read(asked(tmp_path, heic(sheet), "image/heic"))
    assert [leaf.text for leaf in told.leaves] == ["职工读书活动"] and told.leaves[0].ocr


def test_bad_heic_is_told_as_other_pictures_are(tmp_path: Path) -> None:
    bomb = unreadable(tmp_path, heic(scene(1), says=(20_000, 20_000)), "image/heic")
    assert bomb.code == "large" and "20000×20000" in bomb.text
    whole = heic(scene(1), taken="2020:06:10 09:30:11")
    for cut in (30, 200, len(whole) // 2, len(whole) - 40):
        assert unreadable(tmp_path, whole[:cut], "image/heic").code == "broken", cut
    assert unreadable(tmp_path, whole.replace(b"hvcC", b"xxxx"), "image/heic").code == "broken"
    assert unreadable(tmp_path, whole.replace(b"dimg", b"auxl"), "image/heic").code == "broken"


def test_of_many_pictures_in_one_heic_one_counts(tmp_path: Path) -> None:
    told = picture.read(asked(tmp_path, heic(scene(2, 300, 200), copies=40), "image/heic", pictures=False))
    assert (told.pages, told.width, told.height) == (1, 300, 200)
    drawn = preview.draw(asked(tmp_path, heic(scene(2, 300, 200), copies=40), "image/heic"), 1, 300)
    assert drawn.pages == 1
    # more parts than any telephone writes: refused by its list, nothing is decoded
    many = unreadable(tmp_path, heic(scene(2, 300, 200), copies=30_000), "image/heic")
    assert many.code == "broken"


def test_damaged_notes_are_no_reason_to_read_nothing(tmp_path: Path) -> None:
    data = jpeg(
        scene(2), icc_profile=b"\xff" * 300, exif=b"Exif\x00\x00II*\x00\xff\xff\xff\x7f" + b"\xee" * 60
    )
    told = picture.read(asked(tmp_path, data, "image/jpeg", pictures=False))
    assert (told.width, told.taken_on) == (800, None) and told.likeness


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16", "I", "F", "RGB"])
def test_every_mode_comes_out_upright_on_white(mode: str) -> None:
    if mode.startswith(("I", "F")):
        image = Image.linear_gradient("L").convert("I")
        image = (
            (image.point(lambda dot: dot * 200)).convert(mode)
            if mode != "I"
            else image.point(lambda dot: dot * 200)
        )
    else:
        image = Image.linear_gradient("L").convert(mode)
    made = pictures.upright(image, 64)
    assert made.mode == "RGB" and made.size == (64, 64)
    assert made.convert("L").getextrema()[0] < 60 and made.convert("L").getextrema()[1] > 190
    clear = pictures.upright(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), 20)
    assert clear.getpixel((5, 5)) == (255, 255, 255)


def test_the_picture_itself_is_left_as_it_is() -> None:
    image = Image.open(io.BytesIO(jpeg(scene(3, 3000, 2000))))
    assert pictures.upright(image, 2000).size == (2000, 1333)
    assert pictures.upright(image, 400).size == (400, 267)
    assert image.size == (3000, 2000)


# ---- likeness


def changed(image: Image.Image) -> dict[str, Image.Image]:
    def saved(one: Image.Image, quality: int) -> Image.Image:
        return Image.open(io.BytesIO(jpeg(one, quality))).convert("RGB")

    half = image.resize((image.width // 2, image.height // 2))
    return {
        "saved anew": saved(image, 35),
        "half": half,
        "brighter": ImageEnhance.Brightness(image).enhance(1.12),
        "darker": ImageEnhance.Brightness(image).enhance(0.88),
        "all of it": saved(ImageEnhance.Brightness(half).enhance(1.08), 50),
        "a little cut": image.crop((8, 6, image.width - 8, image.height - 6)),
    }


def test_the_same_photograph_changed_a_little_is_near() -> None:
    for seed in range(12):
        image = scene(seed)
        own = picture.likeness(image)
        assert len(own) == 16 and int(own, 16) >= 0
        for name, other in changed(image).items():
            assert likeness.near(own, picture.likeness(other)), (seed, name)


def test_other_photographs_are_not_near() -> None:
    found = [picture.likeness(scene(seed)) for seed in range(40)]
    pairs = list(itertools.combinations(found, 2))
    assert min(likeness.distance(*pair) for pair in pairs) > likeness.NEAR + 2
    turned = picture.likeness(scene(1).transpose(Image.Transpose.FLIP_LEFT_RIGHT))
    assert not likeness.near(found[1], turned)


def test_paper_and_plain_surfaces_are_like_nothing() -> None:
    assert picture.likeness(page(60)) == ""
    assert picture.likeness(Image.new("RGB", (300, 200), "grey")) == ""


def test_near_ones_are_found_among_many() -> None:
    """Looked up in bands as well as held one against the other: the same, up to the last sign."""
    chance = random.Random(3)
    known = [f"{chance.getrandbits(64):016x}" for _ in range(400)]
    asked = [*known[:30], "", "0" * 16]
    for one in known[30:120]:  # with 0 to 12 signs changed, wherever they stand
        changed = int(one, 16)
        for at in chance.sample(range(64), chance.randrange(13)):
            changed ^= 1 << at
        asked.append(f"{changed:016x}")
    found = likeness.near_ones(asked, [*known, ""])
    assert {one: sorted(those) for one, those in found.items()} == {
        one: sorted(other for other in known if likeness.near(one, other)) for one in asked if one
    }
    assert sum(map(len, found.values())) > 80
    few = likeness.near_ones(asked[:5], known)
    assert {one: sorted(those) for one, those in few.items()} == {
        one: sorted(found[one]) for one in asked[:5]
    }


def test_distance() -> None:
    assert likeness.distance("0000000000000000", "000000000000000f") == 4
    assert likeness.distance("ffffffffffffffff", "0000000000000000") == 64
    assert likeness.near("00000000000000ff", "0000000000000000") and not likeness.near(
        "00000000000001ff", "0" * 16
    )
    assert not likeness.near("", "") and not likeness.near("", "0" * 16)


# ---- drawn for the screen


def question(folder: Path, data: bytes, mime: str, **more: object) -> dict[str, object]:
    path = folder / "x"
    path.write_bytes(data)
    return {"path": str(path), "name": "x", "mime": mime, "folder": str(folder), **more}


def test_a_page_is_drawn_at_the_width_asked_for(tmp_path: Path) -> None:
    drawn = answer(
        question(tmp_path, jpeg(scene(1, 2400, 1800)), "image/jpeg", only="page", no=1, width=1000)
    )
    assert (drawn["width"], drawn["height"], drawn["pages"]) == (2400, 1800, 1)
    assert opened(drawn["made"]).size == (1000, 750)
    told = answer(question(tmp_path, jpeg(scene(1)), "image/jpeg", only="page", no=2))
    assert told == {"unreadable": ["no_page", "没有第 2 页，共 1 页。"]}
    assert answer(question(tmp_path, b"x", "application/msword", only="page"))["made"] == ""


def pdf(*sizes: tuple[float, float]) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for width, height in sizes:
        document.new_page(width, height)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_page_of_a_pdf_and_its_head(tmp_path: Path) -> None:
    data = pdf((595, 842), (842, 595), (14_400, 14_400), (3, 5000))
    for no, size in ((1, (1000, 1415)), (2, (1000, 707)), (3, (1000, 1000))):
        drawn = answer(question(tmp_path, data, "application/pdf", only="page", no=no, width=1000))
        assert drawn["pages"] == 4
        made = opened(drawn["made"]).size
        assert made[0] == size[0] and abs(made[1] - size[1]) <= 1
    thread = opened(
        answer(question(tmp_path, data, "application/pdf", only="page", no=4, width=1000))["made"]
    )
    assert max(thread.size) <= 3001
    head = opened(answer(question(tmp_path, data, "application/pdf", only="thumbnail"))["made"])
    assert head.size == pictures.THUMBNAIL
    broken = answer(question(tmp_path, b"%PDF-1.4 no more", "application/pdf", only="page"))
    assert broken["unreadable"][0] == "broken"


def test_a_locked_pdf_says_so(tmp_path: Path) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf((595, 842)))) as document:
        document.save(out, encryption=pikepdf.Encryption(user="x", owner="y"))
    told = answer(question(tmp_path, out.getvalue(), "application/pdf", only="page"))
    assert told["unreadable"] == ["locked", preview.LOCKED]
