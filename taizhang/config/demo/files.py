"""Pictures and documents for the demo, drawn here: nothing is fetched, nobody is shown."""

import io
import tempfile
import wave
from math import sin
from pathlib import Path
from random import Random

import xlsxwriter
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt, RGBColor
from PIL import Image, ImageDraw

from taizhang.kit.pdf.typeset import NoFont, typeset
from taizhang.kit.texts import lines
from taizhang.kit.texts.work import Asked
from taizhang.ledger.rules.proofs import Sentence, sentences

PAPER = Path(__file__).parent / "data" / "paper.typ"

#: what is drawn: a meeting, a lecture, volunteers outdoors, a notice board
SCENES = ("meeting", "lecture", "outdoors", "board")


def picture(rng: Random) -> bytes:
    """A JPEG of 960 × 640 of a scene with people, different each time."""
    scene = rng.choice(SCENES)
    light = rng.randint(205, 240)
    image = Image.new("RGB", (960, 640), (light, light - rng.randint(4, 18), light - rng.randint(8, 34)))
    draw = ImageDraw.Draw(image)
    if scene == "outdoors":
        draw.rectangle((0, 0, 960, 300), fill=(168, 200 + rng.randint(0, 20), 226))
        draw.rectangle((0, 300, 960, 640), fill=(120 + rng.randint(0, 30), 160, 96))
        for _ in range(rng.randint(3, 6)):
            x = rng.randint(30, 930)
            draw.rectangle((x - 8, 190, x + 8, 310), fill=(96, 72, 52))
            draw.ellipse((x - 60, 90, x + 60, 220), fill=(70, 128 + rng.randint(0, 40), 72))
    else:
        draw.rectangle((0, 430, 960, 640), fill=(150 + rng.randint(0, 30), 118, 90))
        draw.rectangle((60, 60, 900, 400), outline=(140, 130, 120), width=4)
    banner = (180 + rng.randint(0, 24), 30, 28)
    draw.rectangle((140, 80, 820, 150), fill=banner)
    for at in range(rng.randint(9, 15)):  # characters on the banner, too far away to read
        x = 170 + at * 42
        draw.rectangle((x, 98, x + 26, 132), fill=(250, 236, 200))
    if scene == "meeting":
        draw.rounded_rectangle((120, 400, 840, 470), 20, fill=(128, 84, 52))
    if scene == "board":
        for at in range(4):
            draw.rectangle(
                (110 + at * 190, 190, 270 + at * 190, 370),
                fill=(250, 248, 244),
                outline=(120, 110, 100),
                width=3,
            )
    rows = (
        [(rng.randint(4, 7), 330, 30)] if scene != "lecture" else [(6, 360, 24), (7, 430, 30), (8, 510, 36)]
    )
    for count, y, size in rows:
        for at in range(count):
            x = 120 + at * (760 // max(1, count - 1)) + rng.randint(-14, 14)
            cloth = rng.choice([(46, 62, 92), (92, 96, 104), (196, 60, 50), (60, 92, 80), (228, 228, 232)])
            draw.ellipse((x - size, y - size * 2, x + size, y), fill=(222, 184 + rng.randint(-10, 10), 156))
            draw.pieslice((x - size, y - size * 2 - 6, x + size, y - 8), 180, 360, fill=(40, 34, 32))
            draw.rounded_rectangle((x - size * 1.7, y, x + size * 1.7, y + size * 3.6), size, fill=cloth)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=rng.randint(70, 84))
    return out.getvalue()


def document(title: str, number: str, issuer: str, lines: list[str], day: str) -> bytes:
    """A Word file; with a document number it has a red head (GB/T 9704)."""
    made = Document()
    if number:
        over = made.add_paragraph()
        over.alignment = WD_ALIGN_PARAGRAPH.CENTER
        head = over.add_run(f"{issuer}文件")
        head.bold, head.font.size, head.font.color.rgb = True, Pt(26), RGBColor(0xB7, 0x23, 0x1D)
        made.add_paragraph(number).alignment = WD_ALIGN_PARAGRAPH.CENTER
    over = made.add_paragraph()
    over.alignment = WD_ALIGN_PARAGRAPH.CENTER
    head = over.add_run(title)
    head.bold, head.font.size = True, Pt(18)
    for line in lines:
        made.add_paragraph(line)
    for line in (issuer, day):
        made.add_paragraph(line).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def paper(title: str, number: str, issuer: str, text: list[str], day: str) -> tuple[bytes, str]:
    """The same as a PDF as an office prints it, and how its name ends; as a Word file where no Chinese font is installed."""
    with tempfile.TemporaryDirectory(prefix="taizhang-demo-") as folder:
        out = Path(folder) / "paper.pdf"
        try:
            typeset(
                PAPER, {"head": issuer, "number": number, "title": title, "lines": text, "issuer": issuer, "day": day}, out
            )  # fmt: skip
        except NoFont:
            return document(title, number, issuer, text, day), "docx"
        return out.read_bytes(), "pdf"


def sentences_of(path: Path) -> list[Sentence]:
    """The sentences on the first page of a PDF that was made here, with their places."""
    told = lines.of_page(Asked(path, path.name, "application/pdf", path.parent), 1)
    return sentences(told["lines"])


def sound(seconds: int) -> bytes:
    """A WAV of that length: a low tone, as a stand-in for a voice."""
    out = io.BytesIO()
    with wave.open(out, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(1)
        made.setframerate(4000)
        made.writeframes(bytes(128 + round(24 * sin(at / 6)) for at in range(4000)) * seconds)
    return out.getvalue()


def table(title: str, rows: list[list[str]]) -> bytes:
    """A workbook with one table."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("统计表")
    sheet.write_string(0, 0, title)
    for at, row in enumerate(rows):
        for place, cell in enumerate(row):
            sheet.write_string(at + 1, place, cell)
    book.close()
    return out.getvalue()
