"""Pages of other PDFs, pictures and typeset pages joined: read back with a library that did not write them."""

import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from taizhang.kit.pdf import bind, pages, pictures, work, writer
from taizhang.kit.pdf.pages import A4

from ..reports import samples
from .heic import heic

STAMPS = """#let d = json(bytes(sys.inputs.data))
#for one in d { page(width: 60mm, height: 6mm, margin: 0mm, fill: none, align(right, one)) }"""


def bound(folder: Path, sheets: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """Bind SHEETS with a number at the foot of each."""
    (folder / "stamps.typ").write_text(STAMPS)
    words = [f"No {at}" for at in range(1, len(sheets) + 1)]
    work.answer(
        {
            "do": "typeset",
            "template": str(folder / "stamps.typ"),
            "data": words,
            "out": str(folder / "stamps.pdf"),
        }
    )
    for at, sheet in enumerate(sheets):
        sheet["foot"] = at
    plan = {
        "out": str(folder / "out.pdf"), "at": str(folder / "at"), "typeset": {"stamps": str(folder / "stamps.pdf")}, "stamps": "stamps",
        "sheets": sheets, "outline": [], "title": "题名", "author": "甲局", "made_on": "D:20200610000000+08'00'", "mark": "AB" * 16, **more,
    }  # fmt: skip
    (folder / "plan.json").write_text(json.dumps(plan))
    return work.answer({"do": "bind", "plan": str(folder / "plan.json")})


def kept(folder: Path, name: str, data: bytes) -> str:
    (folder / name).write_bytes(data)
    return str(folder / name)


def red(image: Image.Image, box: tuple[int, int, int, int]) -> int:
    """How many pixels in BOX are red."""
    part = image.crop(box).convert("RGB")
    raw = part.tobytes()
    return sum(r > 150 and g < 90 and b < 90 for r, g, b in zip(raw[::3], raw[1::3], raw[2::3], strict=True))


def reds(image: Image.Image) -> tuple[int, int, int, int] | None:
    """The box round all red pixels."""
    found = [
        (x, y)
        for y in range(image.height)
        for x in range(image.width)
        if (p := image.getpixel((x, y))) and p[0] > 150 and p[1] < 90 and p[2] < 90  # type: ignore[index]
    ]
    xs, ys = [x for x, _ in found], [y for _, y in found]
    return (min(xs), min(ys), max(xs), max(ys)) if found else None


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_red_line_stands_where_the_reader_saw_the_words(tmp_path: Path, turn: int) -> None:
    """However the page is turned in its file: the place is a part of the page as it is looked at."""
    source = kept(tmp_path, "a.pdf", samples.pdf(1, turn=turn))
    bound(tmp_path, [{"of": source, "page": 0, "lines": [[0.25, 0.10, 0.75, 0.20]]}])
    image = samples.drawn(tmp_path / "out.pdf", 0)
    assert (image.width > image.height) == (turn in (90, 270))
    box = reds(image)
    assert box is not None
    assert abs(box[0] - 0.25 * image.width) < 3
    assert abs(box[2] - 0.75 * image.width) < 3
    assert abs(box[1] - 0.20 * image.height) < 5
    assert box[3] - box[1] < 4, "straight"


def test_sheets_are_a4_and_lie_as_their_pages_did(tmp_path: Path) -> None:
    sizes = {
        "a4": A4,
        "across": (A4[1], A4[0]),
        "a3": (1190.0, 1684.0),
        "small": (300.0, 200.0),
        "letter": (612.0, 792.0),
    }
    sheets = [
        {"of": kept(tmp_path, f"{name}.pdf", samples.pdf(1, size)), "page": 0} for name, size in sizes.items()
    ]
    turned = {"of": kept(tmp_path, "turned.pdf", samples.pdf(1, turn=90)), "page": 0}
    assert bound(tmp_path, [*sheets, turned])["pages"] == 6
    with pikepdf.open(tmp_path / "out.pdf") as made:
        found = [tuple(round(float(v)) for v in page.mediabox[2:]) for page in made.pages]
        assert not any("/Rotate" in page.obj for page in made.pages)
    assert found == [(595, 842), (842, 595), (595, 842), (842, 595), (595, 842), (842, 595)]
    assert [f"No {at}" in words for at, words in enumerate(samples.words_of(tmp_path / "out.pdf"), 1)] == [
        True
    ] * 6


def test_a_crop_and_a_large_unit_are_respected(tmp_path: Path) -> None:
    """What the crop hides stays hidden; a page whose unit is an inch is no larger than its paper."""
    made = pikepdf.open(io.BytesIO(samples.pdf(1, words="seen ")))
    page = made.pages[0].obj
    page.Contents = made.make_stream(b"1 0 0 rg 0 0 595 100 re f 0 0 1 rg 0 400 595 442 re f")
    page.CropBox = [0, 200, 595.276, 841.89]
    made.save(tmp_path / "crop.pdf")
    unit = pikepdf.open(io.BytesIO(samples.pdf(1, (100, 140))))
    unit.pages[0].obj.UserUnit = 10
    unit.save(tmp_path / "unit.pdf")
    bound(tmp_path, [{"of": str(tmp_path / name), "page": 0} for name in ("crop.pdf", "unit.pdf")])
    assert reds(samples.drawn(tmp_path / "out.pdf", 0)) is None
    with pikepdf.open(tmp_path / "out.pdf") as out:
        assert [round(float(v)) for v in out.pages[1].mediabox] == [0, 0, 595, 842]


def test_nothing_that_acts_comes_along(tmp_path: Path) -> None:
    source = kept(tmp_path, "armed.pdf", samples.armed())
    told = bound(tmp_path, [{"of": source, "page": at} for at in range(2)])
    assert told["pages"] == 2
    data = (tmp_path / "out.pdf").read_bytes()
    with pikepdf.open(tmp_path / "out.pdf") as made:
        assert not [key for key in ("/OpenAction", "/AA", "/AcroForm", "/Names") if key in made.Root]
        assert not any("/AA" in page.obj or "/Annots" in page.obj for page in made.pages)
        plain = b"".join(
            one.unparse(resolved=True)
            if not isinstance(one, pikepdf.Stream)
            else repr(dict(one)).encode() + one.read_bytes()
            for one in made.objects
            if isinstance(one, pikepdf.Object)
        )
    for word in (b"JavaScript", b"app.alert", b"Launch", b"calc.exe", b"MZ carried along", b"evil.exe"):
        assert word not in data
        assert word not in plain
    assert [words.split()[0] for words in samples.words_of(tmp_path / "out.pdf")] == ["armed1", "armed2"]


def test_a_seal_that_lies_on_the_page_is_bound_with_it(tmp_path: Path) -> None:
    """An electronic seal is an annotation with a look of its own."""
    made = pikepdf.open(io.BytesIO(samples.pdf()))
    look = made.make_stream(
        b"0.8 0 0 rg 0 0 100 100 re f",
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Form,
        BBox=[0, 0, 100, 100],
    )
    seal = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Stamp,
        Rect=[300, 300, 400, 400],
        F=4,
        AP=pikepdf.Dictionary(N=look),
    )
    made.pages[0].obj.Annots = pikepdf.Array([made.make_indirect(seal)])
    made.save(tmp_path / "seal.pdf")
    bound(tmp_path, [{"of": str(tmp_path / "seal.pdf"), "page": 0}])
    box = reds(samples.drawn(tmp_path / "out.pdf", 0))
    assert box is not None
    assert abs(box[0] - 300) < 3
    assert abs(box[2] - 400) < 3


def test_the_same_calls_give_the_same_bytes_and_a_page_drawn_twice_is_kept_once(tmp_path: Path) -> None:
    source = kept(tmp_path, "scan.pdf", _scan_pdf())
    first = bound(tmp_path, [{"of": source, "page": 0}])
    one = (tmp_path / "out.pdf").read_bytes()
    again = bound(tmp_path, [{"of": source, "page": 0}])
    assert again == first
    assert (tmp_path / "out.pdf").read_bytes() == one
    twice = bound(tmp_path, [{"of": source, "page": 0}, {"of": source, "page": 0}])
    assert twice["size"] < first["size"] * 1.2
    with pikepdf.open(tmp_path / "out.pdf") as made:
        assert made.check_pdf_syntax() == []
        assert str(made.docinfo["/Title"]) == "题名"


def _scan_pdf() -> bytes:
    made = pikepdf.new()
    page = made.add_blank_page(page_size=A4)
    noise = Image.effect_noise((827, 1170), 90)
    out = io.BytesIO()
    noise.save(out, "JPEG")
    image = made.make_stream(
        out.getvalue(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=827, Height=1170,
        ColorSpace=pikepdf.Name.DeviceGray, BitsPerComponent=8, Filter=pikepdf.Name.DCTDecode,
    )  # fmt: skip
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=image))
    page.obj.Contents = made.make_stream(b"q 595 0 0 842 0 0 cm /Im Do Q")
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (samples.locked(), "locked"),
        (b"%PDF-1.7 and no more", "broken"),
        (b"", "broken"),
        (b"\x00" * 99, "broken"),
    ],
    ids=["locked", "cut", "empty", "no pdf"],
)
def test_what_cannot_be_bound_is_told(tmp_path: Path, data: bytes, fault: str) -> None:
    assert work.answer({"do": "count", "path": kept(tmp_path, "a.pdf", data)}) == {"fault": fault}


def test_a_tree_of_pages_that_bites_its_tail_ends(tmp_path: Path) -> None:
    """Either it is refused, or it is read as what it truly holds; it never runs on."""
    made = pikepdf.open(io.BytesIO(samples.pdf(2)))
    made.Root.Pages.Kids.append(made.Root.Pages)
    raw = io.BytesIO()
    made.save(raw)
    told = work.answer({"do": "count", "path": kept(tmp_path, "loop.pdf", raw.getvalue())})
    assert told in ({"fault": "broken"}, {"pages": 2})


def test_a_source_that_is_torn_is_named(tmp_path: Path) -> None:
    """A page that could be counted and cannot be drawn: the volume is not made, and the file is named."""
    source = kept(tmp_path, "gone.pdf", samples.pdf())
    assert bound(tmp_path, [{"of": source, "page": 5}]) == {"torn": source}


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_photograph_stands_upright_however_the_camera_was_held(tmp_path: Path, turn: int) -> None:
    """The picture is taken as it lies in the file; what EXIF says of the camera is done by the page."""
    upright = Image.new("RGB", (300, 420), "white")
    upright.paste("red", (0, 0, 150, 60))  # a bar at the upper left
    back = {
        1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270,
    }[turn]  # fmt: skip
    lying = upright.transpose(back) if back is not None else upright
    exif = Image.Exif()
    exif[0x0112] = turn
    lying.save(tmp_path / "a.jpg", exif=exif, quality=95, subsampling=0)
    told = work.answer(
        {
            "do": "pictures",
            "path": str(tmp_path / "a.jpg"),
            "folder": str(tmp_path),
            "stem": "x",
            "longest": 3508,
        }
    )
    assert told["pictures"][0]["path"] == str(tmp_path / "a.jpg"), "as it is"
    bound(tmp_path, [{"of": "", "page": 0, "pictures": told["pictures"]}])
    image = samples.drawn(tmp_path / "out.pdf", 0)
    box = reds(image)
    assert box is not None
    assert (box[0], box[1]) < (6, 12)
    assert abs(box[2] - image.width / 2) < 8
    with pikepdf.open(tmp_path / "out.pdf") as made:
        assert (tmp_path / "a.jpg").read_bytes() in {
            one.read_raw_bytes() for one in made.objects if isinstance(one, pikepdf.Stream)
        }


def test_large_and_foreign_pictures_are_made_into_jpeg(tmp_path: Path) -> None:
    def made(data: bytes, name: str, longest: int = 3508) -> list[pictures.Picture]:
        return pictures.prepare(Path(kept(tmp_path, name, data)), tmp_path, name, longest)

    large = made(samples.picture(4000, 5000), "large.jpg")[0]
    assert max(large.width, large.height) <= 3508
    assert large.width <= 2480
    assert made(samples.picture(400, 300, form="PNG"), "a.png")[0].shown == (400, 300)
    assert made(samples.picture(900, 300), "b.jpg", 600)[0].shown == (600, 200)
    telephone = heic(Image.new("RGB", (600, 400), "red"), turned=3, copies=3)
    assert [(one.shown, one.turn) for one in made(telephone, "c.heic")] == [((400, 600), 1)]
    frames = [Image.new("L", (60, 80), shade) for shade in (0, 90, 200)]
    frames[0].save(tmp_path / "fax.tif", save_all=True, append_images=frames[1:])
    assert [one.mode for one in pictures.prepare(tmp_path / "fax.tif", tmp_path, "fax", 3508)] == ["L"] * 3
    for broken in (samples.picture()[:900], b"not a picture", b""):
        with pytest.raises(pictures.BadPicture):
            made(broken, "broken.jpg")
    for bomb in (
        samples.picture(8000, 8000, form="PNG"),
        heic(Image.new("RGB", (60, 40)), says=(8000, 8000)),
    ):
        with pytest.raises(pictures.BadPicture):
            made(bomb, "bomb")
    with pytest.raises(pictures.BadPicture):
        made(telephone[: len(telephone) // 2], "d.heic")


def test_names_and_numbers_of_a_strange_file_are_written_soundly(tmp_path: Path) -> None:
    """A resource may be called anything, a number may have an exponent in the language that reads it."""
    made = pikepdf.open(io.BytesIO(samples.pdf()))
    form = made.make_stream(
        b"0 0 1 rg 0 0 10 10 re f", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 10, 10]
    )
    page = made.pages[0].obj
    page.Resources.XObject = pikepdf.Dictionary({"/Im 1(#)": form, "/JS": form, "/图": form})
    page.Resources.ExtGState = pikepdf.Dictionary(G=pikepdf.Dictionary(CA=Decimal("0.25"), SA=True))
    page.Contents = made.make_stream(
        b"q 10 0 0 10 100 100 cm /JS Do Q q 1 0 0 1 50 50 cm /Im#201#28#23#29 Do Q"
    )
    made.save(tmp_path / "odd.pdf")
    bound(tmp_path, [{"of": str(tmp_path / "odd.pdf"), "page": 0}])
    with pikepdf.open(tmp_path / "out.pdf") as out:
        assert out.check_pdf_syntax() == []
        shown = out.pages[0].obj.Resources.XObject.P
        assert sorted(shown.Resources.XObject.keys()) == sorted(["/Im 1(#)", "/JS", "/图"])
        assert float(shown.Resources.ExtGState.G.CA) == 0.25
    assert [writer.number(one) for one in (Decimal("1.2E-7"), 1e-7, 3.0, -0.5, 12)] == [
        "0.00000012",
        "0",
        "3",
        "-0.5",
        "12",
    ]
    image = samples.drawn(tmp_path / "out.pdf", 0)
    assert image.getpixel((150, 842 - 150)) == (0, 0, 255)


def test_marks_of_typeset_pages_become_links(tmp_path: Path) -> None:
    (tmp_path / "a.typ").write_text(
        '#set page("a4")\n#link("tz-block:first", box(width: 1pt, height: 1pt))\n#link("tz-page:2")[to two] #link("https://a.cn/x")[out] #link("tz-page:99")[nowhere]'
        '\n#pagebreak()\n#link("tz-block:second", box(width: 1pt, height: 1pt)) two'
    )
    told = work.answer(
        {"do": "typeset", "template": str(tmp_path / "a.typ"), "data": [], "out": str(tmp_path / "a.pdf")}
    )
    assert told == {"pages": 2, "blocks": {"first": 0, "second": 1}}
    bound(
        tmp_path, [{"of": "a", "page": 0}, {"of": "a", "page": 1}], outline=[{"title": "一", "page": 2, "under": [{"title": "二", "page": 1}]}],
        typeset={"a": str(tmp_path / "a.pdf"), "stamps": str(tmp_path / "stamps.pdf")},
    )  # fmt: skip
    with pikepdf.open(tmp_path / "out.pdf") as made:
        notes = list(made.pages[0].obj.Annots)
        assert [note.Dest[0].objgen for note in notes if "/Dest" in note] == [made.pages[1].obj.objgen]
        assert [str(note.A.URI) for note in notes if "/A" in note] == ["https://a.cn/x"]
        with made.open_outline() as outline:
            assert [(row.title, [each.title for each in row.children]) for row in outline.root] == [
                ("一", ["二"])
            ]


def test_boxes_that_make_no_sense_are_a4() -> None:
    made = pikepdf.new()
    page = made.add_blank_page(page_size=A4).obj
    for box in ([0, 0, 0, 0], [0, 0, 1e9, 1e9], ["a", 0, 1, 1]):
        page.MediaBox = pikepdf.Array([pikepdf.String(v) if isinstance(v, str) else v for v in box])
        assert pages.box_of(page) == (0.0, 0.0, *A4)
    page.MediaBox = [100, 200, 50, 20]  # the corners the other way round
    assert pages.box_of(page) == (50.0, 20.0, 100.0, 200.0)


def test_the_child_says_which_work_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        work.answer({"do": "nonsense"})
    assert bind.PAGE == "tz-page:"
