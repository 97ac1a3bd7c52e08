"""Which words name departments of a house, and their names written apart: 保 卫 处."""

import re

from .numbers import fold

ENDING = r"(?:科|处|室|部|办|委|支部|党小组|工会|委员会|委会|协会|学会|联合会|中心|站|所|队|局|院|股|妇联|分公司|部门|单位)"
MANY = r"(?:各|有关|相关|所属|直属|下属)"
NAME = re.compile(rf"^(?:[\u4e00-\u9fff]{{1,14}}{ENDING}|工会|妇联|支部|党支部|党小组|协会)$")
#: words that end alike and name no department: rooms, meetings, people, doings
OTHER = re.compile(
    r"(?:干|全|内|外|局|细|上|下|俱乐)部$|(?:场|住|厕|会|寓)所$|(?:举|主|承|协|开|督|交|查|筹|申|代|经)办$|(?:网|车|加油|充电|工作)站$|(?:为|身|核|重|轴)中心$|支部?委员?会$|(?:活动|阅览|图书|阅读|会议|荣誉|展览|健身|谈话|谈心|更衣|母婴|休息|接待|教|心理|洗手|卧|温|文体|辅导|陈列|多功能)室$"
    r"|(?:查|惩|到|好|一|各|何|此|长|多|用|害|益|之|相|共|住|出|妙|难|细)处$|(?:学|本|专|百|文|理|内|外)科$|(?:全|布|大|结|格|开|当)局$|(?:常|编|推|原|政)委$|(?:服务|志愿者?|文艺|宣讲|突击|先锋|参赛|代表|啦啦)队$|(?:法|医|剧|电影|敬老|养老)院$|(?:文明|先进|示范|获奖|优秀|被|合作|共建|参建|上级)[\u4e00-\u9fff]{0,4}(?:单位|部门|支部|科室|处室)$"
)
NOT_FIRST = re.compile(
    r"^(?:含|包括|不含|如|对|向|由|在|到|除|即|或|及|与|和|以|每|某|全体|主要|指|见|无|有(?!关)|未|不|应|须|需|可|按|经|仅|限|至少|省|市级以上|县级以上|上级)"
)
SEPARATORS = r"[、，,；;/\s]+"
APART = re.compile(
    r"(?<![\u4e00-\u9fff])(?![一二三四五六七八九十])[\u4e00-\u9fff](?P<gap>[ \t　\xa0]+)[\u4e00-\u9fff](?:(?P=gap)[\u4e00-\u9fff])*(?!(?P=gap)?[\u4e00-\u9fff])"
)
#: single words of a form to fill in, or grades to choose from
CHOSEN = set("年月日时分优良中差好是否有无甲乙丙丁")


def lists_departments(text: str) -> bool:
    """Whether every part of TEXT reads like a department: 宣传科、各党支部; not 试行, 活动室、图书室, 党员大会."""
    parts = [part for part in re.split(SEPARATORS, fold(join_apart(text)).strip()) if part]
    return bool(parts) and all(names_department(part) for part in parts)


def names_department(name: str) -> bool:
    if re.fullmatch(rf"{MANY}{{1,2}}{ENDING}{{1,2}}", name):
        return True
    bare = re.sub(rf"^{MANY}", "", name)
    return NAME.match(bare) is not None and OTHER.search(bare) is None and NOT_FIRST.match(bare) is None


def join_apart(text: str) -> str:
    """Characters that stand one by one to fill a width are joined: 保 卫 处 → 保卫处, 组  织  领  导 → 组织领导."""
    return APART.sub(joined, text) if re.search(r"[ \t　\xa0]", text) else text


def joined(m: re.Match[str]) -> str:
    letters = m.group().replace(m["gap"], "")
    return m.group() if set(letters) & CHOSEN else letters
