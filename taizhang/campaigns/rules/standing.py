"""Which steps of a chain nobody can sign, said before it hurts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from taizhang.org.rules.holders import Holders

from .states import Who
from .steps import StepPlan

SHOWN = 6  # names in one sentence; the rest is counted


@dataclass(frozen=True)
class Gap:
    """A step that nobody, or nobody for some leads or areas, can sign. `text` is the sentence for the page."""

    label: str
    text: str
    stops: bool  # the last step is never skipped: without a signer nothing can be closed


def names(found: Iterable[str]) -> str:
    """甲、乙、丙 等 9 个."""
    every = list(found)
    shown = "、".join(every[:SHOWN])
    return f"{shown} 等 {len(every)} 个" if len(every) > SHOWN else shown


def holders_at(
    step: StepPlan, owner_id: int, leads: Mapping[int, str], areas: Mapping[str, str], holders: Holders
) -> list[int]:
    """Everybody (ids) who stands at STEP for some lead or area, each once: for showing who signs."""
    if step.who == Who.OFFICE:
        return list(holders.office(owner_id))
    if step.who == Who.GROUP_LEADER:
        found = [holders.group_leaders(area, lead) for area in areas or [""] for lead in leads]
    else:
        ask = holders.heads if step.who == Who.LEAD_HEAD else holders.leaders
        found = [ask(lead) for lead in leads]
    return list(dict.fromkeys(person for people in found for person in people))


def gaps(
    steps: Sequence[StepPlan], owner_id: int, owner_name: str, leads: Mapping[int, str],
    areas: Mapping[str, str], holders: Holders,
) -> list[Gap]:  # fmt: skip
    """The steps that nobody can sign. LEADS: departments that may lead, id → name; AREAS: Ⅰ级 code → title."""
    found = []
    for at, step in enumerate(steps):
        last = at == len(steps) - 1
        what = _missing(step, owner_id, owner_name, leads, areas, holders)
        if what:
            then = (
                "最后一个环节不能跳过，这些事项将无法销号。"
                if last
                else "没有人签时这一环节会跳过，并在经过里注明。"
            )
            found.append(Gap(step.label, f"{step.label}：{what}。{then}", last))
    return found


def _missing(
    step: StepPlan, owner_id: int, owner_name: str, leads: Mapping[int, str],
    areas: Mapping[str, str], holders: Holders,
) -> str:  # fmt: skip
    if step.who == Who.OFFICE:
        return "" if holders.office(owner_id) else f"{owner_name}没有负责审核的人"
    if step.who == Who.GROUP_LEADER:
        return _without_group(leads, areas, holders)
    ask, word = (holders.heads, "负责人") if step.who == Who.LEAD_HEAD else (holders.leaders, "分管领导")
    bare = [name for lead, name in leads.items() if not ask(lead)]
    if not bare:
        return ""
    if len(bare) == len(leads):
        return f"{len(bare)} 个处室都没有{word}"
    return f"{len(bare)} 个处室没有{word}：{names(bare)}"


def _without_group(leads: Mapping[int, str], areas: Mapping[str, str], holders: Holders) -> str:
    codes = list(areas) or [""]
    covered = {(code, lead) for code in codes for lead in leads if holders.group_leaders(code, lead)}
    if len(covered) == len(codes) * len(leads):
        return ""
    if not covered:
        return "没有一个活动组既有组长又有负责的处室或方面"
    # a group answers for areas or for departments: name whichever is left out as a whole
    bare_areas = [code for code in codes if not any((code, lead) in covered for lead in leads)]
    if bare_areas:
        return (
            f"{len(bare_areas)} 个方面没有活动组组长：{names(areas.get(code) or code for code in bare_areas)}"
        )
    bare = [name for lead, name in leads.items() if any((code, lead) not in covered for code in codes)]
    return f"{len(bare)} 个处室没有活动组组长：{names(bare)}"
