"""What people hold in their hands: photographs, minutes, a scan, and a standard's workbook with two slips of the pen."""

from pathlib import Path

from openpyxl import load_workbook
from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parents[2]
STANDARD = ROOT / "taizhang" / "standards" / "samples" / "civilised-unit.xlsx"
STAFF = ROOT / "tests" / "fixtures" / "staff.xlsx"
GROUPS = ROOT / "tests" / "fixtures" / "groups.xlsx"
FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
)


def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    found = next((path for path in FONTS if Path(path).exists()), None)
    return ImageFont.truetype(found, size) if found else ImageFont.load_default(size)


def photograph(path: Path, banner: str, shade: tuple[int, int, int]) -> Path:
    """A meeting room: wall, banner, people round a table."""
    picture = Image.new("RGB", (1280, 860), shade)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 600, 1280, 860), fill=(150, 110, 74))
    draw.rectangle((140, 90, 1140, 200), fill=(183, 35, 29))
    draw.text((640, 145), banner, font=font(54), fill="white", anchor="mm")
    for at in range(7):
        left = 130 + at * 155
        draw.ellipse((left, 380, left + 88, 468), fill=(236, 198, 164))
        draw.rounded_rectangle((left - 20, 468, left + 108, 640), 24, fill=(40 + at * 16, 60, 90 + at * 9))
    draw.rounded_rectangle((60, 620, 1220, 720), 18, fill=(108, 72, 42))
    picture.save(path, "JPEG", quality=82)
    return path


def scan(path: Path, words: str) -> Path:
    """A signed sheet of paper."""
    picture = Image.new("RGB", (1000, 1414), "#fbfaf7")
    draw = ImageDraw.Draw(picture)
    draw.text((500, 150), "创建事项销号审批表", font=font(48), fill="black", anchor="mm")
    draw.rectangle((90, 240, 910, 1250), outline="black", width=3)
    draw.text((130, 1000), words, font=font(40), fill="#1a3e8c")
    picture.save(path, "PNG")
    return path


def minutes(path: Path, words: str) -> Path:
    path.write_text(words + "\n", encoding="utf-8")
    return path


def slipped(path: Path) -> Path:
    """The standard with the points of 1.1.4 left out, and its department written as one that nobody knows."""
    book = load_workbook(STANDARD)
    sheet = book["测评标准"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    row = next(
        cells[0].row
        for cells in sheet.iter_rows(min_row=2, min_col=heads["编号"], max_col=heads["编号"])
        if cells[0].value == "1.1.4"
    )
    sheet.cell(row, heads["分值"]).value = None
    row = next(
        cells[0].row
        for cells in sheet.iter_rows(min_row=2, min_col=heads["编号"], max_col=heads["编号"])
        if cells[0].value == "1.1.6"
    )
    sheet.cell(row, heads["牵头处室"]).value = "督察科"
    book.save(path)
    return path


def staff_of(path: Path, years: int) -> Path:
    """The roster as it might have been YEARS before."""
    book = load_workbook(STAFF)
    sheet = book["花名册"]
    columns = [cell.column for cell in sheet[1] if cell.value in ("出生年份", "入职年份")]
    for row in sheet.iter_rows(min_row=2):
        for column in columns:
            row[column - 1].value -= years
    book.save(path)
    return path
