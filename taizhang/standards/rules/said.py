"""Scoring rules, cadences and performers in words, for pages and tables."""

from collections.abc import Sequence
from decimal import Decimal

from .cadence import LABELS, PER_YEAR, Cycle
from .needs import KINDS, Need
from .numbers import show
from .scoring import Count, Deduct, Grade, Rate, Rule, Survey
from .tree import Node

PER = {"unit": "牵头处室", "department": "各处室", "branch": "各支部"}


def percent(share: Decimal) -> str:
    return f"{show(share * 100)}%"


def rule_words(rule: Rule | None) -> str:
    """How the points are earned, in one sentence; nothing when the standard says nothing."""
    match rule:
        case None:
            return ""
        case Grade(levels):
            return "分档：" + "，".join(f"{name} 得 {percent(share)}" for name, share in levels)
        case Count(target, each):
            return f"全年 {target} 次，每少 1 次扣 {show(each)} 分"
        case Rate(target, floor, linear):
            if floor == target:
                return f"达到 {show(target)}% 得满分，不到不得分"
            between = "其间按比例得分" if linear else "其间不得满分"
            below = f"，低于 {show(floor)}% 不得分" if floor else ""
            return f"达到 {show(target)}% 得满分{below}，{between}"
        case Deduct(each, unit, forfeit):
            tail = f"；{forfeit}" if forfeit else ""
            return f"{unit or '每发现一处'}扣 {show(each)} 分，扣完为止{tail}"
        case Survey(a, b):
            return f"满意率 {show(a)}% 以上 A 档，{show(b)}% 以上 B 档，其余 C 档"
    return "达标得满分，不达标不得分"


def cadence_words(cadence: str, times: int, target: int | None) -> str:
    """每季度, 每月 2 次, 每周（全年计 40 次); nothing when no cadence is known."""
    if not cadence:
        return ""
    cycle = Cycle(cadence)
    words = LABELS[cycle] if times == 1 else f"{LABELS[cycle]} {times} 次"
    base = PER_YEAR.get(cycle)
    if target and (base is None or target != base * times):
        words += f"（全年计 {target} 次）"
    return words


def needs_words(needs: Sequence[Need]) -> str:
    """照片（图片，至少 2 件）、签到表（统计表）、视频（音像，可不交）."""
    return "、".join(need_words(need) for need in needs)


def need_words(need: Need) -> str:
    marks = [KINDS.get(need.kind, KINDS["other"])]
    if need.least > 1:
        marks.append(f"至少 {need.least} 件")
    if need.doc_no:
        marks.append("须有文号")
    if not need.must:
        marks.append("可不交")
    return f"{need.name}（{'，'.join(marks)}）"


def methods_words(methods: Sequence[tuple[str, Decimal | None]]) -> str:
    """材料审核 60%、实地考察 40%."""
    return "、".join(name if share is None else f"{name} {show(share)}%" for name, share in methods)


def field_words(node: Node, field: str) -> str:
    """What was read for FIELD of NODE, as a person would say it; "—" when it was left empty."""
    match field:
        case "points":
            words = f"{show(node.points)} 分" if node.points is not None else ""
        case "rule":
            words = rule_words(node.rule) if node.rule else "未识别"
        case "cadence":
            words = cadence_words(node.cadence or "", node.times, node.target)
        case "per":
            words = PER.get(node.per, PER["unit"])
        case "methods":
            words = methods_words(node.methods)
        case "needs":
            words = needs_words(node.needs)
        case "lead":
            words = node.lead
        case "co":
            words = "、".join(node.co)
        case "mandatory":
            words = "必备" if node.mandatory else "一般"
        case _:
            words = ""
    return words or "—"
