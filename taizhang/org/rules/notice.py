"""The words of a notice of adjustment (关于调整××成员的通知), from what changed and who is in the group afterwards."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from .adjusting import said

#: 常务 goes with its own duty; what is not listed comes after, in the group's order
RANKS = (
    "组长",
    "常务副组长",
    "副组长",
    "主任",
    "常务副主任",
    "副主任",
    "负责人",
    "联系领导",
    "联络员",
    "成员",
    "组员",
)
BECAUSE = ("因", "根据", "为", "鉴于", "由于", "按照")
NUMBERS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Notice:
    """A notice in parts. `body` is (level, text): 0 plain, 1 一、, 2 （一）. `listed` stands after the body's last line."""

    doc_no: str
    title: str
    to: str
    body: tuple[tuple[int, str], ...]
    listed: tuple[tuple[str, tuple[str, ...]], ...]
    ending: str
    signed: str
    on: str


def rank(duty: str) -> int:
    """How far to the front a duty is named; 0 is the first."""
    return RANKS.index(duty) if duty in RANKS else len(RANKS)


def in_ranks(members: Iterable[tuple[str, str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(duty, name) → duty → names, the leading duties first."""
    found: dict[str, list[str]] = {}
    for duty, name in members:
        found.setdefault(duty, []).append(name)
    order = list(found)
    ranked = sorted(
        order, key=lambda duty: (RANKS.index(duty) if duty in RANKS else len(RANKS), order.index(duty))
    )
    return tuple((duty, tuple(found[duty])) for duty in ranked)


def opening(group: str, effective_on: date, reason: str, people: bool) -> str:
    """因人员变动，经研究，决定从2026年6月10日起，对第一活动组成员作如下调整："""
    why = reason.strip().rstrip("。，；,;")
    if not why:
        why = "根据工作需要"
    elif not why.startswith(BECAUSE):
        why = f"因{why}"
    what = "成员" if people else "负责范围"
    return f"{why}，经研究，决定从{said(effective_on)}起，对{group}{what}作如下调整："


def notice(
    group: str, agency: str, effective_on: date, signed_on: date, doc_no: str, reason: str,
    changes: Iterable[Mapping[str, Any]], members: Iterable[tuple[str, str, str]],
) -> Notice:  # fmt: skip
    """CHANGES as an adjustment keeps them; MEMBERS are (duty, name, title) of everybody in the group afterwards."""
    changes = list(changes)
    by_kind = {
        kind: [one for one in changes if one["kind"] == kind] for kind in ("come", "go", "change", "cover")
    }
    people = any(by_kind[kind] for kind in ("come", "go", "change"))
    parts = []
    if by_kind["come"]:
        ranks = in_ranks((one["duty"], _name(one)) for one in by_kind["come"])
        parts.append(f"增加：{'；'.join('、'.join(names) + '任' + duty for duty, names in ranks)}。")
    if by_kind["change"]:
        parts.append(f"职务调整：{'；'.join(_moved(one) for one in by_kind['change'])}。")
    if by_kind["go"]:
        gone = "；".join(f"{_name(one)}不再担任{one['duty']}" for one in by_kind["go"])
        parts.append(f"退出：{gone}。")
    if by_kind["cover"]:
        parts.append(f"负责范围：由“{by_kind['cover'][0]['was']}”调整为“{by_kind['cover'][0]['now']}”。")
    body = [(0, opening(group, effective_on, reason, people)), (1, "一、调整事项")]
    body += [(2, f"（{NUMBERS[i]}）{part}") for i, part in enumerate(parts)]
    body.append((1, "二、调整后的组成人员"))
    listed = in_ranks((duty, f"{name}（{title}）" if title else name) for duty, name, title in members)
    return Notice(
        doc_no, f"关于调整{group}{'成员' if people else '负责范围'}的通知", "各处室：", tuple(body), listed,
        "以上人员按职责分工抓好落实。此前与本通知不一致的，以本通知为准。", agency, said(signed_on),
    )  # fmt: skip


def _name(one: Mapping[str, Any]) -> str:
    return f"{one['name']}（{one['title']}）" if one.get("title") else str(one["name"])


def _moved(one: Mapping[str, Any]) -> str:
    if one["was"] == one["duty"]:
        return f"{_name(one)}仍任{one['duty']}，职责分工调整为“{one['task'] or '无'}”"
    return f"{_name(one)}由{one['was']}改任{one['duty']}"
