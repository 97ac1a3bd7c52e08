"""The colours of cells in an .xlsx workbook, which the reader of values passes over."""

import colorsys
import re
import zipfile

from ..archive import ZIP, open_archive, sweep
from ..errors import Refused
from .xlsx import attribute, sheet_places

MOST = 200_000  # coloured cells that are kept
CELL = re.compile(r"<(?:\w+:)?c\b[^>]*>")
XF = re.compile(r"<(?:\w+:)?xf\b[^>]*>")
FILL = re.compile(r"<(?:\w+:)?fill>.*?</(?:\w+:)?fill>|<(?:\w+:)?fill/>", re.DOTALL)
FRONT = re.compile(r"<(?:\w+:)?fgColor\b[^>]*>")
PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
#: the usual palette's colours by index, as far as people pick them
INDEXED = {
    2: "FF0000", 3: "00FF00", 4: "0000FF", 5: "FFFF00", 10: "FF0000", 11: "00FF00", 12: "0000FF", 13: "FFFF00", 17: "008000",
    22: "C0C0C0", 23: "808080", 40: "00CCFF", 42: "CCFFCC", 43: "FFFF99", 50: "99CC00", 51: "FFCC00", 52: "FF9900", 53: "FF6600", 57: "339966",
}  # fmt: skip
#: the accents of the office theme: blue, orange, grey, gold, blue, green
THEME = {4: "5B9BD5", 5: "ED7D31", 6: "A5A5A5", 7: "FFC000", 8: "4472C4", 9: "70AD47"}


def fills(data: bytes) -> dict[tuple[str, int, int], str]:
    """(sheet, row, column), from 0 → the cell's solid colour as RRGGBB. Empty for anything but an .xlsx workbook.

    White and black count as no colour.
    """
    if data[:4] not in ZIP:
        return {}
    found: dict[tuple[str, int, int], str] = {}
    try:
        with open_archive(data) as archive:
            sweep(archive)
            styles = _styles(archive)
            if not any(styles):
                return {}
            for sheet, part in sheet_places(archive).items():
                for tag in CELL.findall(archive.read(part).decode("utf-8", "replace")):
                    style = attribute(tag, "s")
                    at = PLACE.fullmatch(attribute(tag, "r"))
                    if (
                        not style.isdecimal()
                        or at is None
                        or int(style) >= len(styles)
                        or not styles[int(style)]
                    ):
                        continue
                    if len(found) >= MOST:
                        return found
                    found[sheet, int(at.group(2)) - 1, _column(at.group(1))] = styles[int(style)]
    except (Refused, KeyError, zipfile.BadZipFile, ValueError):
        return {}
    return found


def _styles(archive: zipfile.ZipFile) -> list[str]:
    """The colour of each style of cells; "" for none."""
    text = archive.read("xl/styles.xml").decode("utf-8", "replace")
    colours = []
    for fill in FILL.findall(text):
        front = FRONT.search(fill)
        colours.append(_rgb(front.group()) if front and 'patternType="solid"' in fill else "")
    _, _, formats = text.partition("cellXfs")
    formats, _, _ = formats.partition("cellXfs>")
    numbers = [attribute(tag, "fillId") for tag in XF.findall(formats)]
    return [colours[int(one)] if one.isdecimal() and int(one) < len(colours) else "" for one in numbers]


def _rgb(tag: str) -> str:
    value = attribute(tag, "rgb")[-6:].upper()
    if not value and (index := attribute(tag, "indexed")).isdecimal():
        value = INDEXED.get(int(index), "")
    if not value and (theme := attribute(tag, "theme")).isdecimal():
        value = THEME.get(int(theme), "")
    return "" if value in ("FFFFFF", "000000") else value


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def colour_name(rgb: str) -> str:
    """What people call a colour: 红 橙 黄 绿 蓝 紫 灰; "" for what is nearly white."""
    red, green, blue = (int(rgb[n : n + 2], 16) / 255 for n in (0, 2, 4))
    hue, light, strong = colorsys.rgb_to_hls(red, green, blue)
    if light > 0.96 or strong < 0.12:
        return "灰" if 0.3 < light < 0.9 else ""
    for until, name in (
        (0.04, "红"),
        (0.11, "橙"),
        (0.19, "黄"),
        (0.47, "绿"),
        (0.70, "蓝"),
        (0.88, "紫"),
        (1.01, "红"),
    ):
        if hue < until:
            return name
    return ""
