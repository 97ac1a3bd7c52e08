"""Scoring rules typed by hand: the words that the system itself writes, its names of the kinds, or any words a standard uses."""

import re
from decimal import Decimal

from . import scoring
from .numbers import fold
from .said import rule_words
from .scoring import LABELS, Count, Deduct, Grade, Rate, Rule, Survey, YesNo
from .tree import Node

N = r"(\d+(?:\.\d+)?)"
STEP = re.compile(rf"^(.+?)得?{N}%$")
COUNT = re.compile(rf"^全年(\d+)次，每少1次扣{N}分$")
RATE = re.compile(rf"^达到{N}%得满分(?:，低于{N}%不得分)?，其间(按比例得分|不得满分)$")
REACH = re.compile(rf"^达到{N}%得满分，不到不得分$")
DEDUCT = re.compile(rf"^(.+?)扣{N}分，扣完为止(?:；(.+))?$")
SURVEY = re.compile(rf"^满意率{N}%以上A档，{N}%以上B档，其余C档$")
#: one of each kind, offered for choosing: what differs are the figures
USUAL: tuple[Rule, ...] = (
    YesNo(),
    Grade(scoring.USUAL_LEVELS),
    Count(4, Decimal("0.1")),
    Rate(Decimal(95), Decimal(60)),
    Deduct(Decimal("0.1"), "每发现一处"),
    Survey(Decimal(90), Decimal(80)),
)
EXAMPLES = {rule.kind: rule_words(rule) for rule in USUAL}
#: kinds that need no figures of one's own
PLAIN = {LABELS[rule.kind]: rule for rule in USUAL if isinstance(rule, YesNo | Grade)}


class Unreadable(ValueError):
    """No rule can be made of the words; the message is Chinese and says how to write one."""


def rule_of(text: str, node: Node) -> Rule:
    """The rule that TEXT means for NODE. Unreadable, with a way to write it, when it means none."""
    said = re.sub(r"\s+", "", fold(text)).replace(",", "，").replace(";", "；").replace(":", "：")
    if own := ours(said):
        return own
    if said in PLAIN:
        return PLAIN[said]
    kind = next((kind for kind, label in LABELS.items() if said == label), "")
    if kind:
        raise Unreadable(f"“{said}”还要写数字，如“{EXAMPLES[kind]}”。")
    due = node.due
    rule, _ = scoring.read_rule(
        text, node.points, (due.target or due.per_year) if due else None, node.requirement
    )
    if rule is None:
        raise Unreadable(
            f"认不出这句计分办法。可以照这样写：“{EXAMPLES['deduct']}”“{EXAMPLES['count']}”，或从下拉的几种里选。"
        )
    return rule


def ours(said: str) -> Rule | None:
    """The rule whose words (rules.said.rule_words, without blanks) are SAID."""
    if said in ("达标得满分，不达标不得分", "达标得满分"):
        return YesNo()
    if said.startswith("分档："):
        steps = [STEP.match(part) for part in re.split(r"[，、；]", said[3:]) if part]
        if steps and all(steps):
            levels = tuple((m.group(1), Decimal(m.group(2)) / 100) for m in steps if m)
            return Grade(levels) if all(share <= 1 for _, share in levels) else None
    if m := COUNT.match(said):
        return Count(int(m.group(1)), Decimal(m.group(2))) if int(m.group(1)) else None
    if m := REACH.match(said):
        return Rate(Decimal(m.group(1)), Decimal(m.group(1)))
    if m := RATE.match(said):
        return Rate(Decimal(m.group(1)), Decimal(m.group(2) or 0), m.group(3) == "按比例得分")
    if m := SURVEY.match(said):
        return Survey(Decimal(m.group(1)), Decimal(m.group(2)))
    if m := DEDUCT.match(said):
        return Deduct(Decimal(m.group(2)), m.group(1), m.group(3) or "")
    return None
