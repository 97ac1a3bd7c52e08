"""Which indicators a text can serve, best first: by the words they share, the rarer the more.

Everything is counted in pairs of characters (and whole Latin words, figures left out): Chinese has no blanks, and a
list of words would miss those of tomorrow's standard. A pair counts by how few indicators have it. Four things are
asked of each indicator and added up: how much of its title, of the material it wants, and of its requirement stands
in the text; and how much of the text's own title the indicator explains. What was accepted for an indicator before
adds its own words (`learnt`).
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import log

HAN = re.compile(r"[\u3400-\u9fff]+")
LATIN = re.compile(r"[a-z]{2,}")
#: what every standard and every office paper says, and what therefore tells nothing
COMMON = re.compile(
    r"不少于|不低于|以上|以下|每年|每月|每季度|每半年|达到|落实|开展|组织|情况|材料|干部职工|单位|机关|处室|有关|相关|进行|加强|关于|印发"
)
#: 〈one word, another〉 for the same thing in a standard and on an office's papers
SAME = (
    ("光盘行动", "文明餐桌"), ("三会一课", "党员大会 支部委员会 党小组会 党课"), ("中心组", "理论学习中心组"),
    ("责任清单", "台账"), ("月调度", "月度调度"), ("红头文件", "正式文件"), ("血站", "无偿献血"), ("献血", "无偿献血"),
    ("捐款", "慈善捐助 公益捐助"), ("募捐", "慈善捐助 公益捐助"), ("驻村", "第一书记 驻村工作队"), ("扫黑除恶", "平安建设"),
    ("灭火", "消防 应急演练"), ("疏散", "应急演练 消防"), ("家风", "家庭家教家风"), ("最美家庭", "文明家庭"),
    ("身边好人", "道德模范 先进典型"), ("粽子", "端午 传统节日"), ("包粽子", "端午 传统节日"), ("月饼", "中秋 传统节日"),
    ("灯谜", "元宵 传统节日"), ("写春联", "春节 传统节日"), ("烈士陵园", "清明 祭扫"), ("交通劝导", "文明交通 志愿服务"),
    ("斑马线", "文明交通"), ("植树", "绿化 义务植树"), ("体检", "健康 职工体检"), ("图书室", "职工书屋 图书角"),
    ("读书会", "阅读 读书"), ("廉政教育", "警示教育"), ("廉政谈话", "廉政 谈话"), ("入党积极分子", "发展党员"),
    ("主题党日", "党日活动"), ("民法典", "普法 法治"), ("宪法日", "宪法 法治宣传"), ("办事大厅", "政务服务 窗口"),
    ("回访", "满意度"), ("测评问卷", "问卷 满意度"), ("节水", "节能 节约型机关"), ("节电", "节能 节约型机关"),
    ("控烟", "无烟机关 禁烟"), ("禁烟", "无烟机关 控烟"), ("灭蚊", "爱国卫生 病媒"), ("大扫除", "环境卫生 爱国卫生"),
)  # fmt: skip


def pairs(text: str) -> Counter[str]:
    """Pairs of characters and Latin words of TEXT, with how often they occur; what tells nothing is left out."""
    found: Counter[str] = Counter()
    lowered = COMMON.sub(" ", text.lower())
    for run in HAN.findall(lowered):
        found.update(run[at : at + 2] for at in range(len(run) - 1))
    found.update(LATIN.findall(lowered))
    return found


@dataclass(frozen=True)
class Wanted:
    """What an indicator says: its title, what it asks, the names of the material it wants, and where it stands."""

    key: int
    title: str
    requirement: str = ""
    needs: Sequence[str] = ()
    above: str = ""  # titles of the area and the content it belongs to
    learnt: Sequence[str] = ()  # titles of what was accepted for it before


@dataclass(frozen=True)
class Given:
    """What is to be placed: the title (or file's name, or caption), the text, where it is from."""

    title: str
    text: str = ""
    caption: str = ""


@dataclass(frozen=True)
class Ranked:
    """SCORE from 0; the same words give the same score whatever else is in the standard's other parts."""

    key: int
    score: float


WEIGHTS = {"title": 3.0, "needs": 1.6, "requirement": 1.2, "above": 0.5, "explained": 3.0, "learnt": 3.0}
HEAD, MOST = 400, 6000  # characters: what stands at the beginning tells most, and what is far behind nothing


@dataclass
class Ranking:
    """All indicators of an edition, ready to be asked."""

    wanted: Sequence[Wanted]
    weights: Mapping[str, float] = field(default_factory=lambda: WEIGHTS)

    @cached_property
    def _fields(self) -> list[tuple[int, dict[str, list[frozenset[str]]], frozenset[str]]]:
        made = []
        for one in self.wanted:
            parts = {
                "title": [frozenset(pairs(one.title))],
                "needs": [frozenset(pairs(need)) for need in one.needs],
                "requirement": [frozenset(pairs(one.requirement))],
                "above": [frozenset(pairs(one.above))],
                "learnt": [frozenset(pairs(title)) for title in one.learnt],
            }
            every = frozenset().union(
                *(each for name, sets in parts.items() if name != "learnt" for each in sets)
            )
            made.append((one.key, parts, every))
        return made

    @cached_property
    def _rare(self) -> dict[str, float]:
        seen: Counter[str] = Counter()
        for _, parts, every in self._fields:
            seen.update(every.union(*parts["learnt"]))
        most = len(self._fields) + 1
        return {pair: log(most / count) for pair, count in seen.items()}

    def _weight(self, found: Iterable[str]) -> float:
        return sum(self._rare.get(pair, 0.0) for pair in found)

    def _covered(self, asked: frozenset[str], strength: Mapping[str, float]) -> float:
        """How much of ASKED stands in the text, 0 to 1; few pairs prove less than many."""
        whole = self._weight(asked)
        if not whole:
            return 0.0
        there = sum(self._rare.get(pair, 0.0) * strength.get(pair, 0.0) for pair in asked)
        return there / (whole + 2.0)

    def best(self, given: Given, most: int = 20) -> list[Ranked]:
        """The MOST likely indicators, best first; those without anything in common are left out."""
        title = _widened(f"{given.title} {given.caption}")
        head, rest = _widened(given.text[:HEAD]), _widened(given.text[HEAD:MOST])
        strength = dict.fromkeys(pairs(rest), 0.35)
        strength.update((pair, 0.7) for pair in pairs(head))
        own = pairs(title)
        strength.update((pair, 1.0) for pair in own)
        told = {pair: self._rare[pair] for pair in own if pair in self._rare}
        whole = sum(told.values()) + 2.0
        ranked = []
        for key, parts, every in self._fields:
            score = self.weights["explained"] * sum(told[pair] for pair in told if pair in every) / whole
            for name, sets in parts.items():
                score += self.weights[name] * max(
                    (self._covered(each, strength) for each in sets), default=0.0
                )
            if score > 0.05:
                ranked.append(Ranked(key, round(score, 4)))
        return sorted(ranked, key=lambda one: (-one.score, one.key))[:most]


def _widened(text: str) -> str:
    """TEXT with the words that a standard would use for what it names."""
    return text + " " + " ".join(other for word, other in SAME if word in text)
