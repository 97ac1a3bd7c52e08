"""Review chains: what is delivered, and when a chain can work."""

from collections.abc import Sequence
from dataclasses import dataclass

from .states import PerStep, Who

MAX_STEPS = 8


@dataclass(frozen=True)
class StepPlan:
    """One step to be made. `who` and `per` are values of Who and PerStep."""

    who: str
    per: str
    label: str
    may_be_paper: bool = True


def default_chain(owner_name: str, office: bool = True) -> list[StepPlan]:
    """The chain as delivered. OFFICE: the owner is the creation office, so the activity group reviews too.

    Slots pass the lead department's head only; what counts for the year is judged once per item. A track that
    belongs to 机关党委 or 工会 is checked by that body itself.
    """
    first = StepPlan(Who.LEAD_HEAD, PerStep.SLOT, "牵头处室负责人审核")
    last = StepPlan(Who.LEADER, PerStep.ITEM, "分管领导审批")
    if not office:
        return [first, StepPlan(Who.OFFICE, PerStep.ITEM, f"{owner_name}核验"[:40]), last]
    group = StepPlan(Who.GROUP_LEADER, PerStep.ITEM, "活动组复核")
    return [first, group, StepPlan(Who.OFFICE, PerStep.ITEM, "创建办核验"), last]


def check_chain(steps: Sequence[StepPlan]) -> list[str]:
    """What keeps a chain from working, in words; nothing when it can."""
    if not steps:
        return ["审核链一个环节也没有，至少要有一个“按事项”的环节（销号就在最后一个环节）。"]
    found = []
    if len(steps) > MAX_STEPS:
        found.append(f"审核链有 {len(steps)} 个环节，最多 {MAX_STEPS} 个，请合并。")
    for number, step in enumerate(steps, start=1):
        if not step.label.strip():
            found.append(f"第 {number} 个环节没有名称，请填写，如“{Who(step.who).label}审核”。")
    items = [number for number, step in enumerate(steps) if step.per == PerStep.ITEM]
    slots = [number for number, step in enumerate(steps) if step.per == PerStep.SLOT]
    if not items:
        found.append(
            "没有“按事项”的环节：所有期次通过后，事项要由至少一个环节核验后才能销号。请加一个，或把最后一个改为“按事项”。"
        )
    elif slots and slots[-1] > items[0]:
        late = [steps[number].label for number in slots if number > items[0]]
        found.append(
            f"“{'、'.join(late)}”是“按期次”的，却排在“按事项”的“{steps[items[0]].label}”之后。请把按期次的环节都排在前面。"
        )
    labels = [step.label.strip() for step in steps]
    twice = sorted({label for label in labels if label and labels.count(label) > 1})
    if twice:
        found.append(f"环节名称重复：{'、'.join(twice)}。请改成不同的名称，签批记录才分得清。")
    return found
