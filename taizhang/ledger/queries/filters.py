"""What a list of items is asked for: read from the address, kept in the address, said in words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from taizhang.standards.rules.cadence import LABELS as CADENCES
from taizhang.standards.rules.cadence import Cycle

from ..rules.states import Source, Status
from .rows import Row

#: the views of the switch: key → word and which rows
VIEWS: dict[str, tuple[str, Callable[[Row], bool]]] = {
    "": ("全部", lambda row: True),
    "late": ("逾期", lambda row: row.light == "r"),
    "near": ("临近", lambda row: row.light == "y"),
    "review": ("待审核", lambda row: row.status == Status.REVIEW),
    "returned": ("退回", lambda row: row.status == Status.RETURNED),
    "unreceived": ("未签收", lambda row: row.status == Status.ASSIGNED),
    "closed": ("已销号", lambda row: row.status == Status.CLOSED),
}
SCOPES = {"": "全机关", "dept": "本处室", "me": "我负责的", "sign": "待我审核"}
LAMPS = {"r": "逾期", "y": "临近", "g": "按期", "n": "未开始", "f": "已销号"}
GROUPS = {"": "方面", "lead": "处室", "person": "责任人", "none": "不分组"}
BEFORE = {"1": "含系统启用前的期次", "0": "不含系统启用前的期次"}
EDITIONS = {"revisit": "需复核", "changed": "换版有改动", "new": "换版新增", "ended": "换版取消或并入"}
ANY = "any"  # the source filter stands on 测评标准 unless it says any
NONE = "none"  # nobody: without lead, without person

_BY_LIGHT = {"r": 0, "y": 1, "g": 2, "n": 2, "f": 4}
_FAR = date(9999, 1, 1)
CADENCE_ORDER = {cycle.value: at for at, cycle in enumerate(CADENCES)}


def urgency(row: Row) -> tuple[int, date, int]:
    """The order within a group: late, near, the rest by date, struck off, not applicable."""
    rank = 5 if row.status in (Status.WAIVED, Status.SUSPENDED) else _BY_LIGHT.get(row.light, 2)
    return rank, row.due_on or _FAR, row.order


#: what a column head sorts by
SORTS: dict[str, Callable[[Row], Any]] = {
    "no": lambda row: (row.order, row.id),
    "title": lambda row: row.title,
    "points": lambda row: row.points or 0,
    "lead": lambda row: (row.lead_order, row.lead),
    "person": lambda row: row.person,
    "leader": lambda row: row.leader,
    "cadence": lambda row: CADENCE_ORDER.get(row.cadence, 99),
    "slots": lambda row: (row.accepted / row.total if row.total else 0, row.total),
    "proof": lambda row: (row.have / row.need if row.need else 2, row.need),
    "status": lambda row: list(Status).index(Status(row.status)),
    "light": lambda row: (_BY_LIGHT.get(row.light, 2), row.days),
    "due": lambda row: row.due_on or _FAR,
}


@dataclass(frozen=True)
class Filter:
    """Every condition as the address spells it; "" is: not asked for. Anything unknown is dropped when read."""

    year: str = ""
    view: str = ""
    scope: str = ""
    q: str = ""
    area: str = ""
    lead: str = ""
    person: str = ""
    leader: str = ""
    team: str = ""
    track: str = ""
    status: str = ""
    source: str = ""
    cadence: str = ""
    due_from: str = ""
    due_to: str = ""
    lamp: str = ""
    before: str = ""
    edition: str = ""
    group: str = ""
    sort: str = ""
    open: str = ""

    def pairs(self, **changes: object) -> list[tuple[str, str]]:
        """Names and values that differ from nothing asked, with CHANGES made."""
        new = replace(self, **{name: str(value) for name, value in changes.items()}) if changes else self
        return [(one.name, value) for one in fields(new) if (value := getattr(new, one.name))]

    def address(self, **changes: object) -> str:
        """`?view=late&lead=7`: the address of this list with CHANGES made."""
        return "?" + urlencode(self.pairs(**changes))

    def asked(self) -> list[str]:
        """The names of the conditions that narrow the list (not year, order, groups, what is open)."""
        return [
            name for name, _ in self.pairs() if name not in ("year", "group", "sort", "open", "source")
        ] + (["source"] if self.source not in ("", ANY) else [])

    def without(self, name: str) -> "Filter":
        return replace(self, **{name: ANY if name == "source" else ""})


def read(asked: Mapping[str, str]) -> Filter:
    """A filter from the address (`request.GET`). Values that mean nothing are dropped, never an error."""
    found: dict[str, str] = {}
    allowed: dict[str, Iterable[str]] = {
        "view": VIEWS, "scope": SCOPES, "status": Status, "source": [*Source, ANY], "cadence": list(CADENCES),
        "lamp": LAMPS, "group": GROUPS, "before": BEFORE, "edition": EDITIONS, "sort": [*SORTS, *(f"-{key}" for key in SORTS)],
    }  # fmt: skip
    for name, values in allowed.items():
        value = asked.get(name, "")
        if value in {str(one) for one in values}:
            found[name] = value
    for name in ("year", "lead", "person", "leader", "team", "track", "open"):
        value = asked.get(name, "")
        nobody = value == NONE and name in ("lead", "person", "leader", "team")
        if nobody or (value.isascii() and value.isdigit() and len(value) < 16):
            found[name] = value
    for name in ("due_from", "due_to"):
        if day := _day(asked.get(name, "")):
            found[name] = day.isoformat()
    found["q"] = asked.get("q", "").strip()[:60].replace("\x00", "")
    found["area"] = asked.get("area", "")[:40].replace("\x00", "")
    return Filter(**found)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def same(column: str, value: Any) -> Callable[[Row], bool]:
    """The test that COLUMN of a row is VALUE."""
    return lambda row: bool(getattr(row, column) == value)


def among(ids: frozenset[int]) -> Callable[[Row], bool]:
    return lambda row: row.id in ids


def tests_of(asked: Filter, sets: Mapping[str, "frozenset[int] | None"]) -> dict[str, Callable[[Row], bool]]:
    """The conditions of ASKED, each as a test of one row. SETS holds the ids that the database found for
    `q`, `scope`, `team` and `edition`."""
    made: dict[str, Callable[[Row], bool]] = {}
    for name in ("q", "scope", "team", "edition"):
        ids = sets.get(name)
        if ids is not None:
            made[name] = among(ids)
    if asked.source != ANY:
        source = asked.source or Source.INDICATOR
        made["source"] = lambda row: row.source_kind == source
    for name, column in (
        ("area", "area_key"),
        ("status", "status"),
        ("cadence", "cadence"),
        ("lamp", "light"),
    ):
        if value := getattr(asked, name):
            made[name] = same(column, value)
    for name in ("lead", "person", "leader", "track"):
        if value := getattr(asked, name):
            wanted = None if value == NONE else int(value)
            made[name] = same(f"{name}_id", wanted)
    if asked.due_from:
        first = date.fromisoformat(asked.due_from)
        made["due_from"] = lambda row: row.due_on is not None and row.due_on >= first
    if asked.due_to:
        last = date.fromisoformat(asked.due_to)
        made["due_to"] = lambda row: row.due_on is not None and row.due_on <= last
    if asked.before:
        wants = asked.before == "1"
        made["before"] = lambda row: bool(row.before) == wants
    if asked.view:
        made["view"] = VIEWS[asked.view][1]
    return made


def passing(rows: Iterable[Row], tests: Iterable[Callable[[Row], bool]]) -> list[Row]:
    kept = list(rows)
    for test in tests:
        kept = [row for row in kept if test(row)]
    return kept


def arrange(rows: list[Row], asked: Filter) -> list[tuple[str, str, list[Row]]]:
    """Groups in order: key, heading, rows in order. Without groups: one with no heading."""
    key = SORTS.get(asked.sort.lstrip("-"), urgency)
    rows = sorted(rows, key=key, reverse=asked.sort.startswith("-"))
    if asked.group == "none":
        return [("", "", rows)] if rows else []
    found: dict[str, tuple[Any, str, list[Row]]] = {}
    for row in rows:
        if asked.group == "lead":
            place: Any = (row.lead_id is None, row.lead_order, row.lead_id or 0)
            key_, words = str(row.lead_id or NONE), row.lead or "没有牵头处室"
        elif asked.group == "person":
            place = (row.person_id is None, row.person, row.person_id or 0)
            key_, words = str(row.person_id or NONE), row.person or "没有责任人"
        else:
            place = row.order
            key_, words = row.area_key, f"{row.area_code} {row.area}".strip() or "未分方面"
        if key_ in found:
            if asked.group == "":
                found[key_] = (min(found[key_][0], place), words, found[key_][2])
            found[key_][2].append(row)
        else:
            found[key_] = (place, words, [row])
    return [
        (key_, words, group) for key_, (_, words, group) in sorted(found.items(), key=lambda one: one[1][0])
    ]


def in_words(asked: Filter, rows: Iterable[Row], names: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """The conditions in Chinese: name, label, value. NAMES adds what the rows do not know (the team)."""
    by_lead = {str(row.lead_id): row.lead for row in rows if row.lead_id}
    by_person = {str(row.person_id): row.person for row in rows if row.person_id}
    by_leader = {str(row.leader_id): row.leader for row in rows if row.leader_id}
    by_area = {row.area_key: f"{row.area_code} {row.area}" for row in rows}
    words: dict[str, tuple[str, str]] = {
        "view": ("视图", VIEWS[asked.view][0]),
        "scope": ("范围", SCOPES[asked.scope]),
        "q": ("查找", asked.q),
        "area": ("方面", by_area.get(asked.area, "其他方面").strip()),
        "lead": ("处室", "没有牵头" if asked.lead == NONE else by_lead.get(asked.lead, "其他处室")),
        "person": ("责任人", "没有责任人" if asked.person == NONE else by_person.get(asked.person, "其他人")),
        "leader": ("分管领导", "没有" if asked.leader == NONE else by_leader.get(asked.leader, "其他领导")),
        "team": ("活动组", names.get("team", "其他组")),
        "track": ("测评体系", names.get(f"track{asked.track}", "其他体系")),
        "status": ("状态", Status(asked.status).label if asked.status else ""),
        "source": ("来源", Source(asked.source).label if asked.source not in ("", ANY) else ""),
        "cadence": ("周期", CADENCES[Cycle(asked.cadence)] if asked.cadence else ""),
        "due_from": ("期限自", asked.due_from),
        "due_to": ("期限至", asked.due_to),
        "lamp": ("灯", LAMPS.get(asked.lamp, "")),
        "before": ("系统启用前", BEFORE.get(asked.before, "")),
        "edition": ("换版", EDITIONS.get(asked.edition, "")),
    }
    return [(name, *words[name]) for name in asked.asked()]
