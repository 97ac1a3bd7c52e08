"""What the demo's new edition of the 259 indicators changes: written down here, laid over the old one below.

Codes are those of the old edition, which is the sample `civilised-unit.xlsx`. Nothing is decided at random.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from taizhang.standards.rules.numbers import show

Json = dict[str, Any]


def need(name: str, kind: str, least: int = 1) -> Json:
    return {"name": name, "kind": kind, "least": least, "must": True, "fields": [], "doc_no": False}


#: old code → the new requirement, where only words changed
REWORDED = {
    "1.1.7": "每年3月底前召开全员参加的创建动员会或推进会，部署年度目标和分工，会后一周内印发任务清单",
    "1.5.2": "活动照片、音视频注明时间、地点、人物、主题并按项目存储，保留原始文件，每季度整理一次",
    "2.1.1": "制定党组理论学习中心组年度学习计划，于3月底前按要求报备",
    "2.3.1": "制定干部教育培训计划并组织实施，培训情况每半年通报一次",
    "5.1.5": "每年一季度制定志愿服务计划，明确项目、频次、分队、预算和安全保障措施",
    "6.1.3": "组织交通安全教育，骑乘电动自行车佩戴头盔，干部职工交通违法率逐年下降",
    "6.1.7": "室内公共场所、楼梯间和卫生间全面禁烟，有标识无烟蒂，每层设禁烟劝导员",
    "7.2.3": "设置便民服务点、无障碍设施和适老服务，配备轮椅、老花镜、低位服务台",
    "8.1.4": "垃圾分类设施齐全、桶边督导有排班，投放准确率达到85%以上",
    "8.3.4": "落实保密和网络安全责任，重要岗位签订承诺书，年度自查不少于1次，无泄密事件",
}
#: old code → new points; what one loses another of the same section wins
POINTS = {
    "1.4.2": "0.3", "1.4.3": "0.35", "7.2.1": "0.5", "7.2.6": "0.45", "8.2.1": "0.35", "8.2.2": "0.25",
}  # fmt: skip
#: old code → the section it goes to
MOVED = {"1.4.6": "1.5", "4.5.2": "6.3"}
#: 5.1.7 asks for nothing in the middle year, for 6.1.11 material has been handed in
GONE = ("6.1.11", "5.1.7")
NEW: tuple[tuple[str, Json], ...] = (
    ("2.3", {
        "title": "数字素养培训", "requirement": "每年组织干部职工数字素养与数据安全培训不少于1次，参训率90%以上", "points": "0.15",
        "rule": {"kind": "yes_no"}, "rule_text": "达到要求得满分，未达到不得分", "cadence": "year", "lead": "人事处", "co": ["信息中心"],
        "needs": [need("培训通知", "document"), need("签到表", "table")],
    }),
    ("6.1", {
        "title": "网络谣言治理", "requirement": "每季度开展一次拒绝网络谣言、理性跟帖提醒，工作群有专人管理", "points": "0.12",
        "rule": {"kind": "count", "target": 4, "deduct_each": "0.03"}, "rule_text": "年度目标4次，每少1次扣0.03分，扣完为止",
        "cadence": "quarter", "lead": "宣传处", "co": ["机关团委"], "needs": [need("提醒内容截图", "picture")],
    }),
    ("7.2", {  # the words name nobody: the office has to say who leads
        "title": "暖心驿站", "requirement": "为快递员、外卖骑手等新就业群体设暖心驿站，提供饮水、充电、休息服务", "points": "0.12",
        "rule": {"kind": "yes_no"}, "rule_text": "达到要求得满分，未达到不得分", "cadence": "year",
        "needs": [need("驿站照片", "picture", 2)],
    }),
)  # fmt: skip


@dataclass
class Revised:
    """The exchange object of the old edition, edited in place; `from_`: key of a new leaf → keys of the old ones."""

    whole: Json
    from_: dict[str, list[str]] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.by_code = {node["code"]: node for node in self.whole["nodes"]}
        self.from_ = {node["key"]: [node["key"]] for node in self.whole["nodes"] if node["is_leaf"]}

    def revise(self) -> None:
        """All of it; the total stays what it was."""
        for code, words in REWORDED.items():
            self.by_code[code]["requirement"] = words
        plan = self.by_code["1.2.2"]
        plan["requirement"] = "每年一季度内印发年度创建方案，并附任务分解表和责任清单，印发后报上级文明办备案"
        plan["needs"] = [*plan["needs"], need("备案回执", "other")]
        day = self.by_code["3.2.5"]
        day["requirement"] = "每月相对固定1天开展主题党日，主题明确、有方案、事后有记录，照片不少于3张"
        day["needs"] = [{**one, "least": 3} if one["kind"] == "picture" else one for one in day["needs"]]
        for code, points in POINTS.items():
            self.by_code[code]["points"] = points
        self.by_code["3.4.6"] |= {
            "requirement": "开展办公纪律、值班值守、请销假等抽查，每月不少于1次", "cadence": "month",
            "rule": {"kind": "count", "target": 12, "deduct_each": "0.03"}, "rule_text": "年度目标12次，每少1次扣0.03分，扣完为止",
        }  # fmt: skip
        for code, section in MOVED.items():
            self.by_code[code]["parent"] = self.by_code[section]["key"]
        self._split()
        self._join()
        for code in GONE:
            node = self.by_code[code]
            self.whole["nodes"].remove(node)
            self.gone += self.from_.pop(node["key"])
        for n, (section, made) in enumerate(NEW, start=1):
            key = f"new{n}"
            self.whole["nodes"].append({
                "key": key, "parent": self.by_code[section]["key"], "is_leaf": True, "methods": [["材料审核", None]], **made,
            })  # fmt: skip
            self.from_[key] = []
        self._number()

    def _split(self) -> None:
        """消防设施与演练: what is kept in order, and what is practised."""
        drill = self.by_code["8.3.2"]
        papers = [one for one in drill["needs"] if "检查" in one["name"]]
        kept = {
            **drill, "key": "new0", "title": "消防设施与通道", "requirement": "消防设施完好，消防通道畅通，每半年检查不少于1次",
            "points": "0.24", "rule": {"kind": "count", "target": 2, "deduct_each": "0.12"},
            "rule_text": "年度目标2次，每少1次扣0.12分，扣完为止", "needs": papers,
        }  # fmt: skip
        drill |= {
            "title": "消防应急演练", "requirement": "每年应急演练不少于2次，有方案、有评估", "points": "0.3",
            "rule": {"kind": "count", "target": 2, "deduct_each": "0.15"}, "rule_text": "年度目标2次，每少1次扣0.15分，扣完为止",
            "needs": [one for one in drill["needs"] if one not in papers],
        }  # fmt: skip
        self.whole["nodes"].insert(self.whole["nodes"].index(drill), kept)
        self.from_["new0"] = [drill["key"]]

    def _join(self) -> None:
        """文明餐桌 takes 文明用餐监督员 in."""
        table, watch = self.by_code["6.1.2"], self.by_code["6.1.10"]
        table |= {
            "requirement": "食堂设节约提示，落实光盘行动和公筷制，文明用餐监督员每月检查1次，无明显浪费",
            "points": show(Decimal(table["points"]) + Decimal(watch["points"])), "needs": [*table["needs"], *watch["needs"]],
        }  # fmt: skip
        self.whole["nodes"].remove(watch)
        self.from_[table["key"]] += self.from_.pop(watch["key"])

    def _number(self) -> None:
        """The tree in order again, numbered through, with the sums that it states."""
        beneath: dict[str | None, list[Json]] = {}
        for node in self.whole["nodes"]:
            beneath.setdefault(node["parent"], []).append(node)
        running = dict.fromkeys("ⅠⅡⅢ", 0)
        ordered: list[Json] = []

        def lay(above: Json | None, level: int) -> Decimal:
            total = Decimal(0)
            for n, node in enumerate(beneath.get(above["key"] if above else None, []), start=1):
                mark = "ⅠⅡⅢ"[level]
                running[mark] += 1
                node |= {
                    "code": f"{above['code']}.{n}" if above else str(n),
                    "label": f"{mark}-{running[mark]}",
                }
                ordered.append(node)
                if not node["is_leaf"]:
                    node["points"] = show(lay(node, level + 1))
                total += Decimal(node["points"])
            return total

        lay(None, 0)
        self.whole["nodes"] = ordered
        keys = {
            node["key"]: f"n{n}" for n, node in enumerate(ordered, start=1)
        }  # as the exchange form gives them
        for node in ordered:
            node |= {"key": keys[node["key"]], "parent": keys.get(node["parent"])}
        self.from_ = {keys[key]: olds for key, olds in self.from_.items()}
