"""What offices call the state of a matter: 已完成, √, 办结, 推进中, 50%, 红旗 → a value of Status."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..states import Status

PENDING, DOING = Status.PENDING.value, Status.DOING.value
ACCEPTED, CLOSED = Status.ACCEPTED.value, Status.CLOSED.value
WAIVED, SUSPENDED = Status.WAIVED.value, Status.SUSPENDED.value

#: words that are the whole of a cell
WORDS: dict[str, str] = {
    word: state
    for state, words in {
        CLOSED: "已销号 销号 办结销号 完成销号 已办结销号 完成并销号 已完成并销号 已对账销号 销号完成 已归档 归档 已验收销号",
        ACCEPTED: "已完成 完成 全部完成 全面完成 圆满完成 按时完成 如期完成 提前完成 已按时完成 已全部完成 已全面完成 完成了 已经完成 办结 已办结 已办 办毕 "
                  "办理完毕 已办理完毕 办理完结 已结 完结 已完结 结束 已结束 已落实 已落实到位 落实到位 落实 已开展 已达标 达标 已通过 通过 审核通过 已报送 已上报 已提交 "
                  "已整改 已整改到位 整改到位 整改完成 已整改完成 已解决 验收合格 已验收 验收通过 是 红旗 插红旗 ok done y yes √ ✓ ✔ ☑ 100%",
        DOING: "进行中 推进中 正在办理 办理中 在办 正办 正在推进 正在进行 正在开展 开展中 实施中 正在实施 落实中 正在落实 整改中 正在整改 持续推进 持续推进中 持续开展 "
               "持续整改 长期推进 长期坚持 长期整改 常态化 常态化推进 常态化开展 有序推进 稳步推进 按序推进 序时推进 正常推进 正常 按计划推进 按进度推进 部分完成 基本完成 "
               "阶段性完成 已完成部分 已启动 启动 已签收 已交办 领办 反馈情况 上报情况 滞后 进度滞后 进展滞后 落后 逾期 已逾期 超期 已超期 逾期未完成 超期未完成 逾期未办结 "
               "未按时完成 未办结 未完成 未销号 未完 待审核 待验收 待核验 审核中 验收中 退回 驳回 驳回重办 黑旗 半完成 未完成（推进中）",
        PENDING: "未启动 待启动 尚未启动 还未启动 未开始 尚未开始 未开展 尚未开展 暂未开展 未办理 未办 待办 待办理 待交办 待落实 待开展 未落实 尚未落实 未实施 未动 未整改 "
                 "待整改 计划中 拟开展 筹备中 未到时间 未到期 未到时限 未到节点 未到时间节点 时间未到 时限未到 未到期限 0% 否 no n × ✗ ✘ x □ ☐",
        WAIVED: "不涉及 未涉及 无此项 无此项工作 没有此项 不适用 不需要 无需 无需办理 无需开展 不承担 本单位不涉及 我单位不涉及 免 免报 取消 已取消 不再实施 n/a na",
        SUSPENDED: "中止 已中止 暂停 已暂停 暂缓 暂缓办理 缓办 搁置 停办 终止 挂起 因疫情暂停 因疫情暂缓 中止事项",
    }.items()
    for word in words.split()
}  # fmt: skip

DONE = r"(?:完成|办结|办毕|完毕|销号|落实到位|整改到位|完结|验收)"
NOT = r"(?:未|没有?|尚未|还未|暂未|不|无法|难以|待|拟|计划|将|预计)"
PERCENT = re.compile(r"(\d{1,3})(?:\.\d+)?[%％]")
#: at the head of a cell of progress, and closed by a stop: 已完成。6月召开……
HEAD = re.compile(r"^[【\[(]?([^，,。；;：:、\s】\])(]{1,9})[】\])]?(?:[，,。；;：:\s(]|$)")
COLOURS = "红黄蓝绿橙紫灰黑白"
LEGEND = re.compile(
    rf"([{COLOURS}])色?(?:底|灯|旗|字|标识|标注|填充)?\s*(?:[:：=]|表示|代表|为|是|—+|-+|→)+\s*([^\s，,。；;、)）(（]{{2,10}})"
)
COLOUR_WORD = re.compile(rf"^([{COLOURS}])(?:色|灯|旗|牌|色灯|色预警|标)?$")


@dataclass(frozen=True)
class Said:
    """`state` None: nobody knows what it means. `sure` False: taken, and asked about. `progress`: a share, 0–100."""

    state: str | None
    sure: bool = True
    progress: int | None = None


def plain(text: str) -> str:
    """One writing for one word: half width, no white space, no stop at its end, no bracket around."""
    flat = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()
    flat = flat.replace("✅", "√").replace("❌", "×")
    flat = flat.strip("。.;；,，、!！:：~～*★")
    if len(flat) > 1:  # 已结✔: the mark only says the word again
        flat = re.sub(r"(?<=[\u4e00-\u9fff])[√✓✔☑×✗✘▲△●○■□◆★]+$", "", flat)
    inner = re.fullmatch(r"[(\[【](.+)[)\]】]", flat)
    return inner.group(1) if inner else flat


def state_of(
    text: str, known: Mapping[str, str] | None = None, legend: Mapping[str, str] | None = None
) -> Said | None:
    """What TEXT says of the state; None when it is empty. KNOWN: the agency's own words, plain → Status value."""
    word = plain(text)
    if not word:
        return None
    known = known or {}
    for said in (text.strip(), word):
        if said in known:
            return Said(known[said] or None)
    if word in WORDS:
        sure = word not in ("正常", "x", "×", "□", "☐", "是", "否", "启动", "结束", "取消", "终止")
        return Said(WORDS[word], sure or word in ("×", "是", "否"))
    if colour := COLOUR_WORD.match(word):
        meant = (legend or {}).get(colour.group(1))
        return Said(meant) if meant else Said(None, False)
    if found := _share(word):
        return found
    # 已完成(6月12日), 完成:见附件
    head = re.split(r"[(（\[【:：,，。;；]", word, maxsplit=1)[0]
    if head != word and head in WORDS:
        rest = word[len(head) :]
        if not re.search(rf"{NOT}|部分|除|仍|但|正在|推进|剩|余", rest):
            return Said(WORDS[head])
        return Said(None, False)
    parts = [part for part in re.split(r"[/、,，;；和及并]", word) if part]
    states = {WORDS.get(part) for part in parts}
    if len(parts) > 1 and len(states) == 1 and None not in states:
        return Said(states.pop())
    return _pattern(word)


def _share(word: str) -> Said | None:
    share = PERCENT.search(word)
    if share is None or int(share.group(1)) > 100:
        return None
    rest = PERCENT.sub("", word)
    if rest and not re.fullmatch(
        r"(?:已|约|完成|进度|已完成|完成率|总体|整体|达|达到|为|:|左右|以上|超过|近)*", rest
    ):
        return None
    value = int(share.group(1))
    return Said(ACCEPTED if value == 100 else PENDING if value == 0 else DOING, True, value)


def _pattern(word: str) -> Said:
    """Words nobody listed, told by their parts; what mixes "done" with "going on" (办结中) is told by nobody."""
    if len(word) > 14:
        return Said(None, False)
    if re.fullmatch(rf"(?:已|已经|全部|均已|都已|均|全面|基本上)?{DONE}(?:了|任务|工作|率)?", word):
        return Said(CLOSED if "销号" in word else ACCEPTED, "基本" not in word)
    if re.fullmatch(rf"(?:{NOT})(?:能|有)?(?:按期|按时|如期|全部|完全)?{DONE}", word):
        return Said(DOING)
    if re.fullmatch(r"(?:正在|持续|继续|有序|稳步|加快|逐步)[\u4e00-\u9fff]{2,6}(?:中)?", word):
        return Said(DOING)
    if word.endswith("中") and not re.search(DONE, word) and len(word) <= 6:
        return Said(DOING)
    if re.fullmatch(rf"(?:{NOT})[\u4e00-\u9fff]{{2,5}}", word) and word[0] in "未没尚还暂待拟":
        return Said(PENDING)
    if re.search(r"不涉及|无此项|不适用", word):
        return Said(WAIVED, False)
    return Said(None, False)


def head_state(text: str) -> str | None:
    """The state with which a text of progress opens: 已完成。6月召开…… → accepted; None when it opens otherwise."""
    found = HEAD.match(unicodedata.normalize("NFKC", text.strip()))
    if found and (state := WORDS.get(plain(found.group(1)))):
        return state
    flat = plain(text[:40])
    if re.match(
        r"(?:我[处室局科]|本[处室局科])?已?于[\d年月日底初上中下旬份.\-/]{2,12}(?:日|底)?(?:前)?(?:全部|全面|按时|顺利)?(?:完成|办结|销号)",
        flat,
    ):
        return CLOSED if "销号" in flat[:20] else ACCEPTED
    # 5月组织测试，合格率96%，已完成: the last clause is nothing but the word
    whole = plain(text)
    clauses = re.split(r"[，,。；;：:]", whole)
    last = WORDS.get(clauses[-1]) if len(clauses) > 1 and len(clauses[-1]) > 2 else None
    if last in (ACCEPTED, CLOSED) and not re.search(r"未|没有|尚|待|部分|其余|剩余", whole):
        return last
    return None


def state_of_periods(
    marks: Iterable[str], known: Mapping[str, str] | None = None, legend: Mapping[str, str] | None = None
) -> tuple[str, list[str]]:
    """(state of a row, words nobody knows) from its marks, one for each month or quarter of the year, "" = blank.

    All done = done, some done = being done, none = not begun. A stroke stands for a period that asks for nothing.
    """
    states: list[str | None] = []
    strange: list[str] = []
    for mark in marks:
        if plain(mark) in ("/", "-", "—", "——", "\\", "不涉及", "无"):
            continue
        said = state_of(mark, known, legend)
        if said is not None and said.state is None:
            strange.append(mark.strip())
        states.append(said.state if said else None)
    done = [state in (ACCEPTED, CLOSED) for state in states]
    if done and all(done):
        return (CLOSED if all(state == CLOSED for state in states) else ACCEPTED), strange
    return (DOING if any(done) or DOING in states else PENDING), strange


def legend_of(texts: Iterable[str]) -> dict[str, str]:
    """Colour → Status value, as a sheet explains it itself: 注：绿色表示已完成，黄色为推进中."""
    found: dict[str, str] = {}
    for text in texts:
        for colour, said in LEGEND.findall(unicodedata.normalize("NFKC", text)):
            meant = WORDS.get(plain(said)) or _pattern(plain(said)).state
            if meant:
                found.setdefault(colour, meant)
    return found


def looks_like_states(texts: Iterable[str]) -> float:
    """Share of TEXTS, 0 to 1, that are words of state and nothing more."""
    said = [text for text in texts if text.strip()]
    hits = sum(
        len(plain(one)) <= 8
        and (
            plain(one) in WORDS
            or bool(COLOUR_WORD.match(plain(one)))
            or bool(_share(plain(one)))
            or _pattern(plain(one)).state is not None
        )
        for one in said
    )
    return hits / len(said) if said else 0.0
