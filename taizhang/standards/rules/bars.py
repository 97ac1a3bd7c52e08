"""The lists beside the tree: what an entry costs or earns, whether it bars, for how long back, and who vouches for it.

Read from the words of an entry where its own column says nothing. Sources of the usual wordings: negative lists with
a deducting and a barring tier, looked back on over 12 or 24 months; opinions of discipline, police, court and tax.
"""

import re
from dataclasses import replace
from decimal import Decimal

from .numbers import NUMBER, decimal_of, whole_number
from .tree import Entry
from .wording import plain

BARS = re.compile(
    r"一票否决|否决|取消[^，。；]{0,8}(?:资格|称号|评选)|撤销(?!党内|职务|行政)|不得(?:申报|参评|推荐|参加)|不予(?:申报|推荐|受理|通过)|丧失[^，。；]{0,4}资格|直接(?:淘汰|取消|退出)|收回[^，。；]{0,4}(?:牌匾|称号)"
)
BACK = re.compile(
    rf"(?:近|前|过去|最近|申报前|测评前|考核前)?({NUMBER})(个月|年|周年)(?:以?内|来|度?内|期间)?"
)
HALF_YEAR_BACK = re.compile(r"(?:近|前)?半年(?:以?内|来)")
IN_TIME = re.compile(r"内|近|前|来|期间")
COST = re.compile(rf"(?:扣|减|倒扣|加|奖励|计|得|记)(?:除|减)?(?:{NUMBER}(?:-|至))?({NUMBER})分")
LIMIT = re.compile(
    rf"(?:最高|最多|累计|总计|合计|上限|封顶|不超过|至多)[^，。；\d一二三四五六七八九十两]{{0,8}}?({NUMBER})分|({NUMBER})分(?:封顶|为限|为止)"
)
VOUCHES = re.compile(
    r"(?:由|经|以|向|征求|根据|凭)(?P<who>[\u4e00-\u9fff、（）()]{2,30}?)(?:负责|共同)?(?:核实|核查|核验|认定|出具|提供|书面|意见|通报为准|数据为准|审核|确认|证明)"
)
NAMED = re.compile(
    r"(?:核验|核查|认定|提供|审核|数据提供|意见出具)(?:部门|单位|机关)\s*[:：]\s*(?P<who>[^。；;\n]+)"
)
MOST_MONTHS = 120


def months_of(text: str) -> int | None:
    """How far back it counts, in months: 24个月内, 近两年, 申报前12个月, 半年内; None if it is not said."""
    said = plain(text)
    if re.fullmatch(r"\d{1,3}", said):
        return int(said) or None
    for m in BACK.finditer(said):
        if not IN_TIME.search(m.group()) and m.group() != said:
            continue
        count = whole_number(m.group(1))
        months = None if count is None else count if m.group(2) == "个月" else count * 12
        if months and months <= MOST_MONTHS:
            return months
    return 6 if HALF_YEAR_BACK.search(said) else None


def verifier_of(text: str) -> str:
    """Who vouches for it: 由市纪委监委核实 → 市纪委监委; "" if nobody is named."""
    if found := NAMED.search(text) or VOUCHES.search(plain(text)):
        return found["who"].strip("，、 的")
    return ""


def bars(text: str) -> bool:
    """Whether it bars a unit instead of costing points."""
    return bool(BARS.search(plain(text)))


def points_of_entry(text: str) -> Decimal | None:
    """What it costs or earns at most: the limit if one is named, else the largest single figure."""
    said = plain(text)
    if found := LIMIT.search(said):
        return decimal_of(found.group(1) or found.group(2))
    values = [value for m in COST.finditer(said) if (value := decimal_of(m.group(1))) is not None]
    return max(values, default=None)


def understand(entry: Entry) -> Entry:
    """ENTRY with what its words say: veto, points, 观察期 (whole months) and 核验部门 among its further columns."""
    words = "；".join(part for part in (entry.title, entry.text, *entry.extra.values()) if part)
    extra = dict(entry.extra)
    held = next((name for name in extra if re.search(r"观察期|追溯|期限", name)), "")
    if (months := months_of(extra.get(held, "")) or (None if held else months_of(words))) is not None:
        extra[held or "观察期"] = str(months)
    asked = any(re.search(r"部门|单位|核验|认定", name) for name in extra)
    if not asked and (who := verifier_of(words)):
        extra["核验部门"] = who
    points = entry.points if entry.points is not None else points_of_entry(words)
    return replace(entry, veto=entry.veto or bars(words), points=points, extra=extra)
