"""Numbers as Chinese assessment standards write them: full-width, Chinese, Roman, circled; and points in text."""

import re
import unicodedata
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "壹": 1,
    "贰": 2,
    "叁": 3,
    "肆": 4,
    "伍": 5,
    "陆": 6,
    "柒": 7,
    "捌": 8,
    "玖": 9,
}
UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10000}
CHINESE = "".join(DIGITS) + "".join(UNITS)
ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
CENT = Decimal("0.01")
MOST = 10**12  # what is larger counts nothing in a standard, and cannot be rounded to a cent
LONGEST = 1000  # characters of a cell in which points are looked for


KEPT = set("，；：。！？")


def folding() -> dict[int, str]:
    """What fold() changes, as a table for str.translate: built once, fast on every cell."""
    table = {
        code: unicodedata.normalize("NFKC", chr(code))
        for code in [*range(0xFE30, 0xFE50), *range(0xFF01, 0xFFEF)]
        if chr(code) not in KEPT
    }
    table |= dict.fromkeys(map(ord, "—–－﹣−‐‑―"), "-")
    table |= dict.fromkeys(map(ord, "　\xa0"), " ")
    return {code: text for code, text in table.items() if len(text) == 1}


FOLDING = folding()


def fold(text: str) -> str:
    """Half-width digits, letters, brackets and signs; circled numbers stay as they are; one kind of dash.

    The length never changes, so that positions found in the folded text hold in the original.
    """
    return text.translate(FOLDING)


def squeeze(text: str) -> str:
    """Folded, without any white space: for comparing words."""
    return "".join(fold(text).split())


def chinese_number(text: str) -> int | None:
    """ "十二" -> 12, "两" -> 2, "一百零五" -> 105; None if it is not a number in Chinese."""
    if not text or any(char not in CHINESE for char in text):
        return None
    if not any(char in UNITS for char in text):
        return int("".join(str(DIGITS[char]) for char in text))
    total, digit = 0, 0
    for char in text:
        if char in UNITS:
            total += (digit or 1) * UNITS[char]
            digit = 0
        else:
            digit = DIGITS[char]
    return total + digit


def roman_number(text: str) -> int | None:
    """ "Ⅻ", "IV", "ⅲ" -> 12, 4, 3; None if it is not Roman."""
    letters = unicodedata.normalize("NFKC", text).upper()
    if not letters or any(char not in ROMAN for char in letters):
        return None
    values = [ROMAN[char] for char in letters]
    return sum(
        -value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True)
    )


CIRCLED = "①-⑳⓪-⓿❶-❿➀-➓㉑-㉟㊱-㊿"
"""Numbers in a circle, for a character class; up to fifty."""


def circled_number(text: str) -> int | None:
    """ "③", "⑫", "㉕", "㈡", "⑷", "❹" -> 3, 12, 25, 2, 4, 4."""
    if len(text) != 1 or not re.match(rf"[{CIRCLED}㈠-㈩㊀-㊉⑴-⒛]", text):
        return None
    return int(unicodedata.numeric(text))


def whole_number(text: str) -> int | None:
    """Any of the ways above, or plain digits."""
    text = fold(text).strip()
    if text.isdecimal():
        return int(text)
    for way in (chinese_number, circled_number, roman_number):
        if (value := way(text)) is not None:
            return value
    return None


NUMBER = r"(?:\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百]+(?:点[零〇一二三四五六七八九]+)?)"


def decimal_of(text: str) -> Decimal | None:
    """ "2", "２．５", "两", "二点五", "0.48" -> Decimal; "1,000" too. None if it is not one number."""
    text = fold(text).strip().replace(" ", "").replace("·", ".")
    text = (
        re.sub(r"(?<=\d),(?=\d{3}\b)", "", text).replace("。", ".")
        if re.fullmatch(r"[\d,.。]+", text)
        else text
    )
    if re.fullmatch(r"-?\d+(\.\d+)?|-?\.\d+", text):
        return Decimal(text) if abs(Decimal(text)) < MOST else None
    whole, point, part = text.partition("点")
    value = chinese_number(whole)
    if value is None:
        return None
    if not point:
        return Decimal(value)
    digits = "".join(str(DIGITS.get(char, "")) for char in part)
    return Decimal(f"{value}.{digits}") if len(digits) == len(part) and digits else None


# what stands before "N分" when the points are not those of the item: deductions, bonuses, thresholds
NOT_BEFORE = re.compile(r"(扣|减|加|得|低|高|足|达|到|各|每[^，。；]{0,6}|至少|不少于|不低于|以上|以下|倒)$")
BRACKETED = re.compile(
    rf"[(\[【〔<]\s*(?:共?\d+\s*(?:个?[大小子]?项|条|个)[^\d,，()]{{0,4}}[,，、;；]\s*)?(?:[本该此][\u4e00-\u9fff]{{1,3}}|小计|合计|总计)?(?:共计?|计|占|值|赋分|配分|赋|满分|标准分值?|基本分|基础分|分值|权重|总分)?(?:为|是)?[:：]?\s*({NUMBER})\s*(分半|分|%)?\s*(?:,?\s*(?:必备|一般))?\s*[)\]】〕>]"
)
STATED = re.compile(
    rf"(?:满分|标准分值?|分值|总分|计分|本(?:项|条|款|部分|类|大项|小项|指标|章|节|模块)|占|配分|赋分|共计?|合计)(?:为|是|共|计|满分)*[:：]?\s*({NUMBER})\s*(分半|分)"
)
AT_END = re.compile(
    rf"(?:^|[\s,，。；;：:、）)\-…·]|(?<=[\u4e00-\u9fff]))计?({NUMBER})\s*(分半|分)\s*[。；;]?\s*$"
)
BARE_END = re.compile(r"[(\[【〔]\s*(\d+(?:\.\d+)?)\s*[)\]】〕]\s*$")
PLAIN = re.compile(rf"^(?:满分|分值|共|计|约)?[:：]?\s*(-?{NUMBER})\s*(?:(分半)|分|%)?\s*(半)?$")
LEADING = re.compile(rf"^({NUMBER})(?:(分半|分)?[(/].*|(分)[。，；,;:：].*)$", re.DOTALL)


def points_of(cell: object) -> Decimal | None:
    """The value of a cell in a points column: number, "2分", "２．５分", "两分半", "5%", "0.38（各半）"."""
    if isinstance(cell, bool) or cell is None or isinstance(cell, date):
        return None
    if isinstance(cell, (int, Decimal)):
        return Decimal(cell) if -MOST < Decimal(cell) < MOST else None
    text = squeeze(str(cell))[:LONGEST]
    if found := PLAIN.match(text):
        value = decimal_of(found.group(1))
        return half(value, bool(found.group(2) or found.group(3)))
    if found := LEADING.match(text):
        return half(decimal_of(found.group(1)), found.group(2) == "分半")
    found = BRACKETED.search(text) or STATED.search(text)
    return half(decimal_of(found.group(1)), found.group(2) == "分半") if found else None


def is_figure(cell: object) -> bool:
    """A number or "12分" and nothing else: no heading that names its points."""
    if isinstance(cell, str):
        # a bare 一 is an ordinal; 三分 is a figure
        return bool(PLAIN.match(squeeze(cell))) and bool(re.search(r"[\d分]", fold(cell)))
    return isinstance(cell, (int, Decimal)) and not isinstance(cell, bool)


def reads_as_points(cell: object) -> bool:
    """What may stand in a column of points: a figure, or one with a remark such as "0.38（各半）"."""
    return is_figure(cell) or (isinstance(cell, str) and bool(LEADING.match(squeeze(cell))))


def half(value: Decimal | None, more: bool) -> Decimal | None:
    return value + Decimal("0.5") if value is not None and more else value


def points_in(text: str, *, loose: bool = False) -> tuple[Decimal | None, str]:
    """Points named inside a title or requirement, and the text without that mark.

    Only "（2分）"-like brackets and "满分2分" count; with LOOSE (titles of areas) also "…… 2分", "（20%）" and "(4)" at the end. Several brackets in
    one text are parts of the item and are added up. "每少1次扣0.13分" and the like are never points.
    """
    folded = fold(text)
    found = [m for m in BRACKETED.finditer(folded) if says_points(m, loose)]
    if found:
        total = sum(
            (half(decimal_of(m.group(1)), m.group(2) == "分半") or Decimal(0) for m in found), Decimal(0)
        )
        rest, last = "", 0
        for m in found:
            rest += text[last : m.start()]
            last = m.end()
        return total, tidy(rest + text[last:])
    if (said := STATED.search(folded)) and not NOT_BEFORE.search(folded[: said.start()]):
        return half(decimal_of(said.group(1)), said.group(2) == "分半"), tidy(
            text[: said.start()] + text[said.end() :]
        )
    if loose and (bare := BARE_END.search(folded)) and bare.start() > 0 and Decimal(bare.group(1)) <= 200:
        return Decimal(bare.group(1)), tidy(text[: bare.start()])
    if loose and (end := AT_END.search(folded)) and not NOT_BEFORE.search(folded[: end.start(1)].rstrip()):
        return half(decimal_of(end.group(1)), end.group(2) == "分半"), tidy(text[: end.start(1)])
    return None, text.strip()


def says_points(match: re.Match[str], loose: bool) -> bool:
    """A bracket with a percentage is a weight only where weights are expected: 满意率（90%） is none."""
    if match.group(2) == "%" and not loose:
        return "权重" in match.group()
    return bool(match.group(2)) or "分" in match.group() or "权重" in match.group()


def tidy(text: str) -> str:
    return re.sub(r"[ \t]{2,}", " ", text).strip().strip("，,；;：:、-—·•|｜").strip()


def cents(value: Decimal) -> Decimal:
    """Two places, half up."""
    return value.quantize(CENT, ROUND_HALF_UP)


def show(value: Decimal) -> str:
    """As people write it: "0.30" -> "0.3", "12.00" -> "12"."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
