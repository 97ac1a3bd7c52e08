"""A seeded editor that revises a standard as offices do, and knows what it did: the truth for the matching."""

import random
import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from taizhang.standards.rules.cadence import Cycle
from taizhang.standards.rules.editions import CHANGED, GONE, JOINED, MOVED, NEW, SAME, SPLIT
from taizhang.standards.rules.tree import Node

SWAPS = [
    ("不少于", "至少"), ("每年", "每年度"), ("组织开展", "开展"), ("组织", "认真组织"), ("建立", "建立健全"), ("制定", "研究制定"),
    ("落实", "严格落实"), ("并", "，并"), ("定期", "按期"), ("完善", "健全"), ("开展", "广泛开展"), ("情况", "工作情况"), ("及时", "按时"),
    ("和", "及"), ("有", "具有"), ("按", "按照"), ("创建", "文明创建"), ("年度", "全年"), ("职工", "干部职工"), ("会议", "工作会议"),
]  # fmt: skip
ADDED = [
    "做到有方案、有记录、有总结", "资料齐全，可查可核", "并形成长效机制", "主要负责人亲自过问", "结果在一定范围内通报", "注重实效，防止形式主义",
    "纳入信息化平台管理", "群众满意度较高",
]  # fmt: skip
CADENCES = [
    ("每季度", "每月", Cycle.MONTH),
    ("每月", "每季度", Cycle.QUARTER),
    ("每年", "每半年", Cycle.HALF_YEAR),
    ("每半年", "每季度", Cycle.QUARTER),
]
FRESH = [
    ("新就业群体服务", "为快递员、外卖骑手等设置暖心驿站，提供饮水、充电、休息服务"), ("数字政务素养", "干部掌握办公自动化与数据安全常识，考试合格率不低于90%"),
    ("光盘行动", "食堂公示浪费数据，开展节粮宣传"), ("垃圾分类", "设分类投放点，桶边督导有排班"), ("心理健康关爱", "设心理咨询室，聘请持证咨询师坐班"),
    ("无障碍环境", "大厅设坡道、低位窗口、盲文指引"), ("未成年人保护", "结对留守儿童，寒暑假各走访一次"), ("家风建设", "评选最美家庭，晒家训照片墙"),
    ("移风易俗", "抵制高额彩礼、大操大办，签署承诺书"), ("网络文明", "网评员跟帖引导，杜绝网络谣言转发"), ("反诈宣传", "职工及家属安装反诈软件，知晓率100%"),
    ("公务用车管理", "车辆定点维修加油，节假日封存"), ("绿化养护", "庭院绿地率达标，古树挂牌保护"), ("兵役登记宣传", "适龄青年兵役登记到位"),
    ("双拥共建", "走访驻地部队，落实优待"), ("献血", "无偿献血人数占比不低于5%"),
]  # fmt: skip


@dataclass
class Revision:
    """The new nodes, and of each pair (old key, new key) its kind."""

    nodes: list[Node]
    truth: dict[tuple[str | None, str | None], str] = field(default_factory=dict)


def reword(text: str, how: random.Random, hard: bool = False) -> str:
    """TEXT polished as offices polish: another word here, a clause more or less there."""
    fits = [(a, b) for a, b in SWAPS if a in text and b not in text]
    how.shuffle(fits)
    for a, b in fits[: 3 if hard else 1]:
        text = text.replace(a, b, 1)
    parts = [one for one in re.split(r"[，；,;]", text) if one]
    if hard and len(parts) > 1 and how.random() < 0.5:
        parts.pop(how.randrange(len(parts)))
    if hard or not fits:
        parts.append(how.choice(ADDED))
    return "，".join(parts)


def differs(a: Node, b: Node) -> bool:
    """Punctuation is no content."""

    def plain(node: Node) -> Node:
        return replace(
            node,
            requirement=re.sub(r"[，；。、]", "", node.requirement),
            title=re.sub(r"[，；。、]", "", node.title),
        )

    return plain(a) != plain(b)


class Editor:
    """Works on one standard; each leaf is edited at most once."""

    def __init__(self, nodes: list[Node], seed: int) -> None:
        self.how = random.Random(seed)
        self.old = nodes
        self.by = {node.key: node for node in nodes}
        self.leaves = [node for node in nodes if node.is_leaf]
        self.free = [node.key for node in self.leaves]
        self.how.shuffle(self.free)
        #: what stands in the place of an old leaf now
        self.now: dict[str, list[Node]] = {node.key: [node] for node in self.leaves}
        self.made: dict[str, Node] = {}
        self.parent: dict[str, str | None] = {node.key: node.parent for node in nodes}
        self.from_: dict[str, list[str]] = {node.key: [node.key] for node in self.leaves}
        self.touched: set[str] = set()
        self.placed_elsewhere: set[str] = set()
        self.count = 0

    def pick(self, count: int, fit: Any = None) -> list[Node]:
        found = [key for key in self.free if fit is None or fit(self.by[key])][:count]
        self.free = [key for key in self.free if key not in found]
        return [self.by[key] for key in found]

    def fresh_key(self) -> str:
        self.count += 1
        return f"新!{self.count}"

    def change(self, count: int, hard: bool = False) -> None:
        for node in self.pick(count):
            what = self.how.choice(["words", "points", "both", "title", "cadence", "needs"])
            new = node
            if what in ("words", "both", "title") or hard:
                new = replace(new, requirement=reword(node.requirement, self.how, hard))
            if what == "title":
                new = replace(
                    new,
                    title=reword(node.title, self.how).split("，")[0]
                    + ("工作" if self.how.random() < 0.5 else "情况"),
                )
            if what in ("points", "both") and node.points is not None:
                new = replace(new, points=node.points + Decimal("0.1"))
            if what == "cadence":
                for was, now, cycle in CADENCES:
                    if was in new.requirement and now not in new.requirement:
                        new = replace(new, requirement=new.requirement.replace(was, now), cadence=cycle)
                        break
                else:
                    new = replace(new, rule_text=new.rule_text + "，未达到的酌情扣分")
            if what == "needs":
                new = replace(new, needs=new.needs[:-1], lead="综合处")
            self.now[node.key] = [new]
            self.touched.add(node.key)

    def split(self, count: int) -> None:
        def fits(node: Node) -> bool:
            return len([one for one in re.split(r"[，；]", node.requirement) if len(one) >= 6]) >= 2

        for node in self.pick(count, fits):
            parts = [one for one in re.split(r"[，；]", node.requirement) if one]
            cut = len(parts) // 2
            half = (node.points or Decimal(0)) / 2
            first = replace(node, requirement="，".join(parts[:cut]), points=half, needs=node.needs[:1])
            second = replace(
                node, key=self.fresh_key(), title=self.how.choice([parts[cut][:10], node.title + "（二）"]),
                requirement="，".join(parts[cut:]), points=half, needs=node.needs[1:],
            )  # fmt: skip
            if self.how.random() < 0.4:  # polished at the same stroke
                second = replace(second, requirement=reword(second.requirement, self.how))
            if self.how.random() < 0.2:  # the points are shared out anew
                first = replace(first, points=half + Decimal("0.1"))
            self.now[node.key] = [first, second]
            self.parent[second.key] = node.parent
            self.from_[second.key] = [node.key]

    def join(self, count: int) -> None:
        for node in list(self.leaves):
            if count == 0:
                return
            at = self.leaves.index(node)
            if at + 1 >= len(self.leaves) or self.how.random() < 0.6:
                continue
            other = self.leaves[at + 1]
            if node.key not in self.free or other.key not in self.free or node.parent != other.parent:
                continue
            self.free = [key for key in self.free if key not in (node.key, other.key)]
            title = self.how.choice(
                [f"{node.title}与{other.title}"[:40], node.title, f"{other.title[:6]}工作"]
            )
            both = replace(
                node, title=title, requirement=f"{node.requirement}；{other.requirement}",
                points=(node.points or Decimal(0)) + (other.points or Decimal(0)), needs=node.needs + other.needs,
            )  # fmt: skip
            if self.how.random() < 0.4:
                both = replace(both, requirement=reword(both.requirement, self.how))
            self.now[node.key], self.now[other.key] = [both], []
            self.from_[node.key] = [node.key, other.key]
            count -= 1

    def drop(self, count: int) -> None:
        for node in self.pick(count):
            self.now[node.key] = []

    def add(self, count: int) -> None:
        for title, text in self.how.sample(FRESH, count):
            behind = self.how.choice(self.leaves)
            node = replace(
                behind,
                key=self.fresh_key(),
                title=title,
                requirement=text,
                points=Decimal("0.5"),
                needs=(),
                rule=None,
                rule_text="",
            )
            self.now[behind.key] = [*self.now[behind.key], node]
            self.parent[node.key] = behind.parent
            self.from_[node.key] = []

    def move(self, count: int, groups: list[str]) -> None:
        for node in self.pick(count):
            target = self.how.choice([key for key in groups if key != node.parent])
            self.parent[node.key] = target
            self.placed_elsewhere.add(node.key)
            if self.how.random() < 0.3:
                self.now[node.key] = [replace(node, requirement=reword(node.requirement, self.how))]

    def done(
        self, *, renumber: bool = True, rename: int = 0, reorder: bool = False, section_to: bool = False
    ) -> Revision:
        groups = {node.key: node for node in self.old if not node.is_leaf}
        for key in self.how.sample(sorted(groups), min(rename, len(groups))):
            groups[key] = replace(groups[key], title=reword(groups[key].title, self.how).replace("，", ""))
        if section_to:
            inner = sorted(key for key, node in groups.items() if node.parent)
            areas = sorted(key for key, node in groups.items() if not node.parent)
            moved = self.how.choice(inner)
            self.parent[moved] = self.how.choice([key for key in areas if key != groups[moved].parent])
            self.placed_elsewhere |= {node.key for node in self.leaves if node.parent == moved}
        order = list(groups)
        if reorder:
            tops = [key for key in order if self.parent[key] is None]
            self.how.shuffle(tops)
            rank = {key: n for n, key in enumerate(tops)}
            order.sort(key=lambda key: rank[self.top(key)])
        leaves = [now for node in self.leaves for now in self.now[node.key]]
        nodes: list[Node] = []
        codes: dict[str | None, int] = {}
        named: dict[str | None, str] = {None: ""}

        def put(node: Node) -> None:
            up = self.parent[node.key]
            codes[up] = codes.get(up, 0) + 1
            code = f"{named[up]}.{codes[up]}".lstrip(".") if renumber else node.code
            named[node.key] = code
            level = 1 if up is None else next(one.level for one in nodes if one.key == f"n{up}") + 1
            nodes.append(
                replace(node, key=f"n{node.key}", parent=f"n{up}" if up else None, code=code, level=level)
            )

        def visit(up: str | None) -> None:
            for key in order:
                if self.parent[key] == up:
                    put(groups[key])
                    visit(key)
            for leaf in leaves:
                if self.parent[leaf.key] == up:
                    put(leaf)

        visit(None)
        return Revision(nodes, self.truth())

    def top(self, key: str) -> str:
        while (up := self.parent[key]) is not None:
            key = up
        return key

    def truth(self) -> dict[tuple[str | None, str | None], str]:
        found: dict[tuple[str | None, str | None], str] = {}
        pieces: dict[str, list[str]] = {}
        for now in self.now.values():
            for node in now:
                for old in self.from_[node.key]:
                    pieces.setdefault(old, []).append(node.key)
        for node in self.leaves:
            mine = pieces.get(node.key, [])
            if not mine:
                found[node.key, None] = GONE
            for key in mine:
                if len(self.from_[key]) > 1:
                    kind = JOINED
                elif len(mine) > 1:
                    kind = SPLIT
                elif key in self.placed_elsewhere:
                    kind = MOVED
                else:
                    kind = CHANGED if differs(self.now[node.key][0], node) else SAME
                found[node.key, f"n{key}"] = kind
        for now in self.now.values():
            for node in now:
                if not self.from_[node.key]:
                    found[None, f"n{node.key}"] = NEW
        return found


def revision(nodes: list[Node], seed: int, share: float = 1.0) -> Revision:
    """A usual revision: about a third of the leaves touched (times SHARE), everything renumbered."""
    editor = Editor(nodes, seed)
    size = len(editor.leaves) * share

    def part(percent: float) -> int:
        return max(1, round(size * percent / 100))

    parents = {node.parent for node in editor.leaves}
    groups = [node.key for node in nodes if not node.is_leaf and node.key in parents]
    editor.split(part(3))
    editor.join(part(2))
    editor.change(part(12))
    editor.change(part(6), hard=True)
    editor.move(part(4), groups)
    editor.drop(part(3))
    editor.add(min(part(3), len(FRESH)))
    deep = any(node.level > 1 and not node.is_leaf for node in nodes)
    return editor.done(
        rename=max(1, len(groups) // 6), reorder=seed % 2 == 0, section_to=deep and seed % 3 == 0
    )


@dataclass
class Score:
    """Of one kind, or of all: how many there are, were found, and are right."""

    there: int = 0
    found: int = 0
    right: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.there if self.there else 1.0
