"""What a read standard is: nodes, warnings, lists; and how all of it goes to JSON and back."""

from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from typing import Any

from . import scoring
from .cadence import Cadence, Cycle
from .needs import Need
from .scoring import Rule

Json = dict[str, Any]

MUST, CONFIRM, INFO = "must", "confirm", "info"
ROLES = {
    "indicators": "测评指标",
    "negative": "负面清单",
    "eligibility": "申报条件",
    "bonus": "特色加分",
    "notes": "说明文字",
    "ignored": "不读",
}


@dataclass(frozen=True)
class Warning:
    """A doubt with its place. `node` and `field` say what a correction would change; `settled` = accepted."""

    where: str
    text: str
    severity: str = CONFIRM
    kind: str = "other"
    suggestion: Json | None = None
    node: str | None = None
    field: str | None = None
    settled: bool = False

    @property
    def id(self) -> str:
        """The same on every reading of the same file."""
        return f"{self.kind}@{self.where}"


@dataclass(frozen=True)
class Node:
    """An area, a section or a leaf. `key` is its place in the file ("测评标准!D7") and never changes.

    `points`: a leaf's own; an area's or section's stated ones, or None. `stated`: points stood in the file.
    """

    key: str
    parent: str | None
    level: int
    code: str
    label: str
    title: str
    requirement: str = ""
    points: Decimal | None = None
    stated: bool = False
    is_leaf: bool = False
    rule: Rule | None = None
    rule_text: str = ""
    methods: tuple[tuple[str, Decimal | None], ...] = ()
    needs: tuple[Need, ...] = ()
    cadence: Cycle | None = None
    times: int = 1
    target: int | None = None
    cadence_text: str = ""
    per: str = "unit"
    lead: str = ""
    co: tuple[str, ...] = ()
    mandatory: bool = False
    where: str = ""
    doubts: tuple[str, ...] = ()
    printed: str = ""
    #: field → how certain what was read for it is (SURE, LIKELY, GUESS of rules.scoring); only fields that were read
    certain: dict[str, str] = field(default_factory=dict)
    #: field → the words of the file that it was read from, cut short; for the page on which it is accepted
    sources: dict[str, str] = field(default_factory=dict)
    #: fields of `certain` that a clerk has accepted as read
    agreed: tuple[str, ...] = ()

    @property
    def due(self) -> Cadence | None:
        return Cadence(self.cadence, self.times, self.target) if self.cadence else None


@dataclass(frozen=True)
class SheetReading:
    """How one sheet was understood. `columns` maps column index -> meaning; `details` -> method of a tick column."""

    name: str
    role: str
    header_rows: tuple[int, ...] = ()
    columns: dict[int, str] = field(default_factory=dict)
    rows_read: int = 0
    details: dict[int, str] = field(default_factory=dict)
    headers: dict[int, str] = field(default_factory=dict)
    hidden: bool = False
    why: str = ""


@dataclass(frozen=True)
class Entry:
    """A line of the negative list, of the conditions of application, or of the bonus list.

    `extra` keeps every further column by its printed header. `points`: what it costs or earns at most.
    """

    key: str
    code: str
    title: str
    text: str = ""
    points: Decimal | None = None
    veto: bool = False
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Choices:
    """A clerk's corrections, by place, so that they hold on every re-reading of the same file.

    `sheets`: {sheet: {"role", "header_rows", "columns": {col: meaning}}}; `headers`: {header text: meaning}, for
    the whole file; `nodes`: {key: {field: value, …, "delete": True, "move_under": key, "before": key,
    "split": [{"title", "points", …}], "join": [keys], "agreed": [fields]}}, where a node added by hand has a key like
    "+1" and "add_under": the key of its group; `lists`: {"negatives" | "eligibility" | "bonuses": [entry as JSON, …]},
    a list written anew by hand; `rows`: {group key, "" = uppermost: [keys of its children in a clerk's order]};
    `pairs`: what a clerk said about the base edition (rules.editions); `accepted`: ids
    of warnings; `name`, `stated_total`: if not None.
    """

    sheets: dict[str, Json] = field(default_factory=dict)
    nodes: dict[str, Json] = field(default_factory=dict)
    accepted: tuple[str, ...] = ()
    name: str | None = None
    stated_total: Decimal | None = None
    headers: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[Json]] = field(default_factory=dict)
    pairs: dict[str, Json] = field(default_factory=dict)
    rows: dict[str, list[str]] = field(default_factory=dict)

    def to_json(self) -> Json:
        out: Json = plain(asdict(self))
        return out

    @classmethod
    def from_json(cls, data: Json) -> "Choices":
        total = data.get("stated_total")
        return cls(
            sheets=data.get("sheets") or {},
            nodes=data.get("nodes") or {},
            accepted=tuple(data.get("accepted") or ()),
            name=data.get("name"),
            stated_total=Decimal(str(total)) if total is not None else None,
            headers=data.get("headers") or {},
            lists=data.get("lists") or {},
            pairs=data.get("pairs") or {},
            rows=data.get("rows") or {},
        )


@dataclass(frozen=True)
class Reading:
    """A whole standard as read: nodes in the order of the file, the three lists, and every doubt."""

    name: str
    stated_total: Decimal | None
    total: Decimal
    sheets: list[SheetReading]
    nodes: list[Node]
    negatives: list[Entry] = field(default_factory=list)
    eligibility: list[Entry] = field(default_factory=list)
    bonuses: list[Entry] = field(default_factory=list)
    warnings: list[Warning] = field(default_factory=list)

    @property
    def leaves(self) -> list[Node]:
        return [node for node in self.nodes if node.is_leaf]

    @property
    def areas(self) -> list[Node]:
        return [node for node in self.nodes if not node.is_leaf and node.parent is None]

    @property
    def sections(self) -> list[Node]:
        return [node for node in self.nodes if not node.is_leaf and node.parent is not None]

    def open(self, severity: str | None = None) -> list[Warning]:
        """Warnings not yet accepted, of one severity or all but the mere information."""
        wanted = (severity,) if severity else (MUST, CONFIRM)
        return [warning for warning in self.warnings if warning.severity in wanted and not warning.settled]

    def to_json(self) -> Json:
        """Plain values only; decimals as text."""
        out: Json = plain(asdict(replace(self, nodes=[])))
        out["nodes"] = [node_to_json(node) for node in self.nodes]
        return out

    @classmethod
    def from_json(cls, data: Json) -> "Reading":
        total = data["stated_total"]
        lists = {
            name: [Entry(**{**item, "points": decimal(item["points"])}) for item in data[name]]
            for name in ("negatives", "eligibility", "bonuses")
        }
        return cls(
            name=data["name"],
            stated_total=decimal(total),
            total=Decimal(data["total"]),
            sheets=[sheet_from_json(item) for item in data["sheets"]],
            nodes=[node_from_json(item) for item in data["nodes"]],
            warnings=[Warning(**item) for item in data["warnings"]],
            **lists,
        )


def node_to_json(node: Node) -> Json:
    out: Json = plain(asdict(replace(node, rule=None)))
    out["rule"] = scoring.to_json(node.rule) if node.rule else None
    return out


def node_from_json(data: Json) -> Node:
    """The node again. TypeError or ValueError when a field is unknown or wrong."""
    values = dict(data)
    values["points"] = decimal(values.get("points"))
    values["rule"] = scoring.from_json(values["rule"]) if values.get("rule") else None
    values["methods"] = tuple((name, decimal(share)) for name, share in values.get("methods", ()))
    values["needs"] = tuple(
        Need(**{**need, "fields": tuple(need.get("fields", ()))}) for need in values.get("needs", ())
    )
    values["cadence"] = Cycle(values["cadence"]) if values.get("cadence") else None
    for name in ("co", "doubts", "agreed"):
        values[name] = tuple(values.get(name, ()))
    return Node(**values)


def sheet_from_json(data: Json) -> SheetReading:
    values = dict(data)
    values["header_rows"] = tuple(values["header_rows"])
    for name in ("columns", "details", "headers"):
        values[name] = {int(col): text for col, text in values[name].items()}
    return SheetReading(**values)


def decimal(value: Any) -> Decimal | None:
    return None if value is None or value == "" else Decimal(str(value))


def plain(value: Any) -> Any:
    """Dataclass dictionaries -> what json.dumps takes, the same after a round trip."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Cycle):
        return value.value
    return value
