"""What can happen to standards: a file is begun, mended, saved as an edition; the samples are laid in."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from taizhang.kit.errors import Refused
from taizhang.org.action import action
from taizhang.org.models import Unit, User
from taizhang.org.permits import Permit

from .models import (
    Bar,
    Bonus,
    Draft,
    Edition,
    EditionState,
    Eligibility,
    Indicator,
    Method,
    OwnerKind,
    Requirement,
    Standard,
    Strand,
)
from .rules import scoring
from .rules.amend import obstacles
from .rules.tree import Entry, Node, Reading

EDIT = Permit.STANDARD_EDIT


@action("standards.begin", "导入测评标准", (EDIT, ""))
def begin(agency: Unit, *, by: Any, source_name: str, sha256: str) -> Draft:
    """Begin an import: the bytes lie in the store already, and were readable."""
    return Draft.make(agency=agency, by=by, source_name=source_name[:200], source_sha256=sha256)


@action("standards.mend", "核对导入的标准", (EDIT, "agency"))
def mend(draft: Draft, *, by: Any, choices: dict[str, Any]) -> Draft:
    """Keep the clerk's corrections (the JSON of rules.tree.Choices), whole."""
    if draft.edition_id:
        raise Refused("这份文件已经保存为标准，不能再改。需要修改请另存新版。")
    return draft.change(choices=choices)


@action("standards.drop", "放弃导入", (EDIT, "agency"))
def drop(draft: Draft, *, by: Any) -> Unit:
    """Throw the draft away; the file's bytes stay in the store."""
    if draft.edition_id:
        raise Refused("这份文件已经保存为标准，不能放弃。")
    agency = draft.agency
    draft.remove()
    return agency


@action("standards.save", "保存测评标准", (EDIT, "agency"))
def save(
    draft: Draft, *, by: Any, reading: Reading, name: str, label: str, owner_kind: str = OwnerKind.CREATION,
    valid_from: date | None = None,
) -> Edition:  # fmt: skip
    """The draft, read with its corrections, becomes an edition of a new standard or of the agency's own one."""
    if draft.edition_id:
        raise Refused("这份文件已经保存过了。")
    edition = _edition(
        draft.agency,
        reading,
        name,
        label,
        owner_kind,
        valid_from,
        draft.source_name,
        draft.source_sha256,
        sample=False,
    )
    draft.change(edition=edition)
    return edition


@action("standards.import_edition", "导入测评标准", (EDIT, ""))
def import_edition(
    agency: Unit, *, by: Any, reading: Reading, name: str, label: str, owner_kind: str = OwnerKind.CREATION,
    source_name: str = "", source_sha256: str = "",
) -> Edition:  # fmt: skip
    """A file becomes an edition in one step, for the command line."""
    return _edition(agency, reading, name, label, owner_kind, None, source_name, source_sha256, sample=False)


@action("standards.lay_in_sample", "内置示例标准")
def lay_in_sample(
    system: User, *, by: Any, reading: Reading, name: str, label: str, owner_kind: str, source_name: str
) -> Edition:
    """A sample that every agency sees. Only the command line of this machine may."""
    return _edition(None, reading, name, label, owner_kind, None, source_name, "", sample=True)


def _edition(
    agency: Unit | None, reading: Reading, name: str, label: str, owner_kind: str, valid_from: date | None,
    source_name: str, source_sha256: str, *, sample: bool,
) -> Edition:  # fmt: skip
    name, label = name.strip(), label.strip()
    if not name or not label:
        raise Refused("请写标准的名称和版本。")
    if not reading.leaves:
        raise Refused("没有读到任何指标，不能保存。请检查每张表的用途和每列的含义。")
    problems = [
        f"{node.where or node.key}：{node.title or '（没有名称）'}，{text}"
        for node, text in obstacles(reading)
    ]
    if problems:
        raise Refused(f"还不能保存，有 {len(problems)} 处要改。{problems[0]}。", problems=problems)
    standard = Standard.objects.filter(agency=agency, name=name).first()
    if standard is None:
        standard = Standard.make(agency=agency, name=name, owner_kind=owner_kind, sample=sample)
    elif standard.editions.filter(label=label).exists():
        raise Refused(f"《{name}》已有“{label}”版，请换一个版本名。")
    edition = Edition.make(
        standard=standard, label=label, valid_from=valid_from, stated_total=reading.stated_total,
        state=EditionState.IN_FORCE, source_name=source_name[:200], source_sha256=source_sha256,
    )  # fmt: skip
    for old in standard.editions.filter(state=EditionState.IN_FORCE).exclude(pk=edition.pk):
        old.change(state=EditionState.REPLACED)
    _indicators(standard, edition, reading.nodes)
    _lists(edition, reading)
    return edition


def _strands(standard: Standard, nodes: Sequence[Node]) -> list[int]:
    """For each node the strand of the one with the same code and title in an earlier edition, or a new one."""
    known = {
        (code, title): strand
        for code, title, strand in Indicator.objects.filter(edition__standard=standard)
        .order_by("edition", "order")
        .values_list("code", "title", "strand")
    }
    found = [known.pop((node.code, node.title[:200]), None) for node in nodes]
    fresh = iter(Strand.make_many([Strand(standard=standard) for one in found if one is None]))
    return [next(fresh).pk if one is None else one for one in found]


def _indicators(standard: Standard, edition: Edition, nodes: Sequence[Node]) -> None:
    strands = _strands(standard, nodes)
    by_key: dict[str, Indicator] = {}
    for level in sorted({node.level for node in nodes}):
        rows: list[tuple[Node, Indicator]] = []
        for order, node in enumerate(nodes):
            if node.level == level:
                rows.append(
                    (node, _indicator(edition, node, order, strands[order], by_key.get(node.parent or "")))
                )
        Indicator.make_many([row for _, row in rows])  # parents first: their ids are wanted by the next level
        by_key |= {node.key: row for node, row in rows}
    leaves = [(node, by_key[node.key]) for node in nodes if node.is_leaf]
    Method.make_many([
        Method(indicator=row, order=order, name=name[:40], share=share)
        for node, row in leaves for order, (name, share) in enumerate(node.methods)
    ])  # fmt: skip
    Requirement.make_many([
        Requirement(
            indicator=row, key=str(order), order=order, name=need.name[:200], kind=need.kind, least=need.least,
            must=need.must, fields=list(need.fields), doc_no=need.doc_no,
        )
        for node, row in leaves for order, need in enumerate(node.needs)
    ])  # fmt: skip


def _indicator(edition: Edition, node: Node, order: int, strand: int, parent: Indicator | None) -> Indicator:
    return Indicator(
        edition=edition, strand_id=strand, parent=parent, level=node.level, order=order, code=node.code[:40],
        label=node.label[:40], title=node.title[:200], requirement=node.requirement, is_leaf=node.is_leaf,
        points=node.points if node.is_leaf else None, stated_points=None if node.is_leaf else node.points,
        rule_kind=scoring.to_json(node.rule)["kind"] if node.rule else "",
        rule=scoring.to_json(node.rule) if node.rule else {}, rule_text=node.rule_text,
        cadence=str(node.cadence) if node.cadence else "year" if node.is_leaf else "", times=node.times,
        target=node.target, cadence_text=node.cadence_text[:60], per=node.per, lead_text=node.lead[:80],
        co_text="、".join(node.co)[:200], mandatory=node.mandatory, where=node.where[:80],
    )  # fmt: skip


def _number(text: str) -> int | None:
    return int(text) if text.strip().isdigit() else None


def _pick(entry: Entry, *words: str) -> str:
    """The further column whose printed header holds one of WORDS."""
    return next((value for header, value in entry.extra.items() if any(word in header for word in words)), "")


def _lists(edition: Edition, reading: Reading) -> None:
    Bar.make_many([
        Bar(
            edition=edition, order=order, code=one.code[:40], title=one.title[:200], detail=one.text,
            severity=(_pick(one, "级别", "类别", "性质") or ("一票否决" if one.veto else ""))[:40],
            consequence=_pick(one, "处理", "后果"), months=_number(_pick(one, "观察期", "期限")),
            verifier=_pick(one, "部门", "单位")[:200], applies_to=_pick(one, "对象")[:40],
        )
        for order, one in enumerate(reading.negatives)
    ])  # fmt: skip
    Eligibility.make_many([
        Eligibility(
            edition=edition, order=order, code=one.code[:40], title=one.title[:200], requirement=one.text,
            judged_by=_pick(one, "判定", "核验", "方式")[:60], parameters=one.extra,
        )
        for order, one in enumerate(reading.eligibility)
    ])  # fmt: skip
    Bonus.make_many([
        Bonus(
            edition=edition, order=order, code=one.code[:40], title=one.title[:200], rule_text=one.text,
            cap=one.points if one.points is not None else _decimal(_pick(one, "上限")),
        )
        for order, one in enumerate(reading.bonuses)
    ])  # fmt: skip


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except ArithmeticError:
        return None
