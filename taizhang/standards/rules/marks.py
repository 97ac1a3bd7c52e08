"""Layout words that say nothing of the content: （续）, 续上表, 接上页."""

import re
from decimal import Decimal

GO_ON = re.compile(
    r"\s*[(（\[【]\s*(?:续|續)\s*(?:上?表|前表|上页|前页|\d{1,2}|[一二三四五六七八九十])?\s*[)）\]】]\s*|^\s*(?:续|接)(?:上|前)?(?:表|页)\s*\d*\s*[:：]?\s*|[-—]\s*续\s*\d*\s*$"
)


def unmark(text: str) -> str:
    """TEXT without （续）, （续表）, 续上表: the same heading on a further page is the same heading."""
    return GO_ON.sub("", text) if "续" in text or "續" in text or "接上" in text else text


SIGN = re.compile(
    r"^\s*(?P<sign>[◆◇●○■□★☆▲△►▶▪▫◎※➤➢➣➔✦✧❖§→⇒⇨•·‧∙✓✔√☑◼◾▸⚫\uf000-\uf0ff]+|[-－—–*＊]{1,3}(?=\s|[^\s\d\-－—–*＊]))[\s　]*(?=\S)(?!\d+\s*[-—–－]*\s*$)"
)


def unbullet(text: str) -> tuple[str, str]:
    """(sign, text without it) of a line behind a sign of a list: ◆, ★, ——, *. "-2分" has none."""
    found = SIGN.match(text)
    if found is None:
        return "", text
    sign = found.group("sign")
    return sign[0], text[found.end() :].rstrip().removesuffix(sign) or text[found.end() :]


def is_layout(text: str) -> bool:
    """A row that says only that the table goes on: 续上表, （续表 2）, （接下页）."""
    said = re.sub(r"\s+", "", text)
    return bool(
        re.fullmatch(
            r"[(（]?(?:续|接)(?:上|前|下)?(?:表|页)?[一二三四五六七八九十\d]*[)）]?|[(（]?(?:转|接)下页[)）]?",
            said,
        )
    )


GRADED = re.compile(
    r"^(?:[A-E][档级等.、:：]|(?:很|较|不|基本|比较|部分|全部|未|没有?|无)?(?:优|良|中|差|好|健全|一般|完成|达标|合格|落实|到位|规范)|[一二三四]等|[一二三四]档)|以上|以下|不足|未达|达到|低于|高于|少于"
)


def tell_grades(texts: list[str], values: list[Decimal], stated: Decimal) -> bool:
    """Falling figures that begin with the item's own points, worded as grades: what it may earn, not parts of it."""
    if len(values) < 2 or sum(values) == stated or values[0] != stated:
        return False
    falling = all(a > b for a, b in zip(values, values[1:], strict=False))
    return falling and sum(bool(GRADED.search(text.strip())) for text in texts) >= 2
