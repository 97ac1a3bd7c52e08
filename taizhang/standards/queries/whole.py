"""A saved edition as a Reading again: for export, copying, changing by hand and comparing."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from ..models import Bar, Bonus, Edition, Eligibility, Indicator, Method, Requirement
from ..rules.cadence import Cycle
from ..rules.exchange import Head, whole
from ..rules.needs import Need
from ..rules.scoring import from_json
from ..rules.tree import Entry, Node, Reading

COLUMNS = (
    "pk", "parent_id", "level", "code", "label", "title", "requirement", "is_leaf", "points", "stated_points", "rule",
    "rule_text", "cadence", "times", "target", "cadence_text", "per", "lead_text", "co_text", "mandatory", "where",
)  # fmt: skip


def reading_of(edition: Edition) -> Reading:
    """EDITION whole; the key of a node is its indicator's id as text. Six queries, whatever the size."""
    methods: dict[int, list[tuple[str, Decimal | None]]] = defaultdict(list)
    for pk, name, share in _beneath(Method, edition).values_list("indicator_id", "name", "share"):
        methods[pk].append((name, share))
    needs: dict[int, list[Need]] = defaultdict(list)
    for pk, name, kind, least, must, fields, doc_no in _beneath(Requirement, edition).values_list(
        "indicator_id", "name", "kind", "least", "must", "fields", "doc_no"
    ):
        needs[pk].append(Need(name, kind, least, must, tuple(fields), doc_no))
    rows = Indicator.objects.filter(edition=edition).order_by("order", "pk").values(*COLUMNS)
    nodes = [_node(row, methods[row["pk"]], needs[row["pk"]]) for row in rows]
    lists = {
        "negatives": _bars(edition), "eligibility": _conditions(edition),
        "bonuses": [
            Entry(f"bonus{n}", code, title, text, cap)
            for n, (code, title, text, cap) in enumerate(
                Bonus.objects.filter(edition=edition).values_list("code", "title", "rule_text", "cap")
            )
        ],
    }  # fmt: skip
    return whole(edition.standard.name, edition.stated_total, nodes, lists)


def head_of(edition: Edition) -> Head:
    return Head(edition.label, edition.standard.owner_kind, edition.valid_from)


def _beneath(model: type[Method] | type[Requirement], edition: Edition) -> Any:
    return model.objects.filter(indicator__edition=edition).order_by("indicator", "order")


def _node(row: dict[str, Any], methods: list[tuple[str, Decimal | None]], needs: list[Need]) -> Node:
    points = row["points"] if row["is_leaf"] else row["stated_points"]
    return Node(
        key=str(row["pk"]), parent=str(row["parent_id"]) if row["parent_id"] else None, level=row["level"],
        code=row["code"], label=row["label"], title=row["title"], requirement=row["requirement"], points=points,
        stated=points is not None, is_leaf=row["is_leaf"], rule=from_json(row["rule"]) if row["rule"] else None,
        rule_text=row["rule_text"], methods=tuple(methods), needs=tuple(needs),
        cadence=Cycle(row["cadence"]) if row["cadence"] else None, times=row["times"], target=row["target"],
        cadence_text=row["cadence_text"], per=row["per"], lead=row["lead_text"],
        co=tuple(row["co_text"].split("、")) if row["co_text"] else (), mandatory=row["mandatory"], where=row["where"],
    )  # fmt: skip


def _bars(edition: Edition) -> list[Entry]:
    out = []
    for n, row in enumerate(Bar.objects.filter(edition=edition)):
        extra = {
            "级别": row.severity, "处理": row.consequence, "观察期（月）": str(row.months or ""), "核验部门": row.verifier,
            "对象": row.applies_to,
        }  # fmt: skip
        veto = "否决" in row.severity
        out.append(
            Entry(
                f"bar{n}",
                row.code,
                row.title,
                row.detail,
                row.points,
                veto,
                {k: v for k, v in extra.items() if v},
            )
        )
    return out


def _conditions(edition: Edition) -> list[Entry]:
    out = []
    for n, row in enumerate(Eligibility.objects.filter(edition=edition)):
        extra = dict(row.parameters) or ({"判定方式": row.judged_by} if row.judged_by else {})
        out.append(
            Entry(
                f"condition{n}",
                row.code,
                row.title,
                row.requirement,
                extra={k: str(v) for k, v in extra.items()},
            )
        )
    return out
