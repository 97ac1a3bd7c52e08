"""csv and its relatives: encoding and separator are found out, not asked."""

import codecs
import csv
import io
from collections import Counter

from ..errors import Refused
from .book import Book, Cell, Sheet
from .guard import MAX_COLUMNS

SEPARATORS = [",", ";", "\t", "|", "，", "；"]
MAX_ROWS = 20_000
MAX_FIELD = 200_000  # characters in one cell


def read_delimited(data: bytes, name: str) -> Book:
    """A Book of one sheet called NAME. Refused when the bytes are no text or no table."""
    text, encoding = decode(data)
    if not text.strip():
        raise Refused("文件里没有文字，请检查后重新选择")
    separator, text = sniff(text)
    rows: list[list[Cell]] = []
    notes: list[str] = []
    cut = None
    csv.field_size_limit(MAX_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for line in reader:
            if len(rows) == MAX_ROWS:
                cut = MAX_ROWS
                notes.append(f"文件超过 {MAX_ROWS} 行，只读了前 {MAX_ROWS} 行")
                break
            if len(line) > MAX_COLUMNS and any(cell.strip() for cell in line[MAX_COLUMNS:]):
                raise Refused(f"第 {len(rows) + 1} 行有 {len(line)} 列，最多 {MAX_COLUMNS} 列，请检查分隔符")
            rows.append([cell.strip() or None for cell in line[:MAX_COLUMNS]])
    except csv.Error as error:
        raise Refused(
            f"第 {reader.line_num} 行读不下去（引号没有配对，或一格超过 {MAX_FIELD} 字），请检查后重新导入"
        ) from error
    width = max((len(row) for row in rows), default=0)
    for row in rows:
        row.extend([None] * (width - len(row)))
    return Book([Sheet(name, False, rows, cut_at=cut)], "csv", notes, encoding)


def decode(data: bytes) -> tuple[str, str]:
    """Text and the name of its encoding: UTF-8 with or without BOM, UTF-16 with BOM, GB18030."""
    for bom, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(bom):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError as error:
                raise Refused("文件的文字编码有错，可能没有传完，请重新取得文件") from error
    if b"\x00" not in data:
        for encoding in ("utf-8", "gb18030"):
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                continue
            odd = sum(char < " " and char not in "\t\r\n\f" for char in text[:20_000])
            if odd * 50 <= min(len(text), 20_000):
                return text, encoding
    raise Refused("这不是表格文件，或文字编码认不出来。请用 Excel 或 WPS 打开后另存为“.xlsx 工作簿”再导入")


def sniff(text: str) -> tuple[str, str]:
    """The separator that gives the most even table, and the text without Excel's `sep=` line."""
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        return first.strip()[4], rest
    sample = text[:200_000]
    best, best_score = ",", 0
    for separator in SEPARATORS:
        try:
            widths = [
                len(line)
                for _, line in zip(
                    range(400), csv.reader(io.StringIO(sample, newline=""), delimiter=separator), strict=False
                )
                if any(line)
            ]
        except csv.Error:
            continue
        many = Counter(width for width in widths if width > 1)
        if not many:
            continue
        score = max(count * min(width, 12) for width, count in many.items())
        # full-width marks are punctuation inside cells far more often than separators
        if separator in "，；":
            score //= 4
        if score > best_score:
            best, best_score = separator, score
    return best, text
