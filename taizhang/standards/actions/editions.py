"""An edition is written: its place among those before it, its strands, its matches, its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from taizhang.kit.errors import Refused
from taizhang.org.action import action
from taizhang.org.models import Unit, User
from taizhang.org.permits import Permit

from ..models import Edition, EditionState, Indicator, Match, OwnerKind, Standard, Strand
from ..queries.whole import reading_of
from ..rules.amend import obstacles
from ..rules.editions import Pair, match, match_groups, strand_links
from ..rules.tree import Json, Node, Reading
from .rows import keys_of_needs, write_indicators, write_lists

EDIT = Permit.STANDARD_EDIT


@dataclass(frozen=True)
class Head:
    """What stands on the cover of an edition."""

    name: str
    label: str
    owner_kind: str = OwnerKind.CREATION
    valid_from: date | None = None
    source_name: str = ""
    source_sha256: str = ""


@action("standards.import_edition", "导入测评标准", (EDIT, ""))
def import_edition(
    agency: Unit, *, by: Any, reading: Reading, name: str, label: str, owner_kind: str = OwnerKind.CREATION,
    source_name: str = "", source_sha256: str = "", base: Edition | None = None, accept_doubtful: bool = False,
) -> Edition:  # fmt: skip
    """A file becomes an edition in one step, for the command line. BASE: the edition that it revises; doubtful
    matches are refused one by one, or taken as proposed with ACCEPT_DOUBTFUL."""
    head = Head(name, label, owner_kind, None, source_name, source_sha256)
    return write_edition(agency, reading, head, base=base, accept_doubtful=accept_doubtful)


@action("standards.lay_in_sample", "内置示例标准")
def lay_in_sample(
    system: User, *, by: Any, reading: Reading, name: str, label: str, owner_kind: str, source_name: str
) -> Edition:
    """A sample that every agency sees. Only the command line of this machine may."""
    return write_edition(None, reading, Head(name, label, owner_kind, None, source_name), sample=True)


def check_base(agency: Unit | None, base: Edition) -> None:
    """Refuse a base that AGENCY may not revise, or that has been revised already."""
    if base.standard.agency_id not in (None, agency.pk if agency else None):
        raise Refused(f"《{base.standard}》是其他单位的标准，不能作为旧版。请选本单位的标准或示例。")
    base.refresh_from_db(fields=["state"])  # the caller may have read it before another window saved
    if base.state != EditionState.IN_FORCE:
        now = base.standard.editions.filter(state=EditionState.IN_FORCE).order_by("-pk").first()
        words = f"请改选“{now.label}”作为旧版。" if now else "请另选旧版。"
        raise Refused(f"《{base.standard}》“{base.label}”已不是现行版本。{words}")


def write_edition(
    agency: Unit | None, reading: Reading, head: Head, *, sample: bool = False, base: Edition | None = None,
    said: Mapping[str, Json] | None = None, accept_doubtful: bool = False,
) -> Edition:  # fmt: skip
    """READING as an edition. With BASE its leaves carry on the strands of those they are matched to (SAID: a
    clerk's word about that); a base that is a sample makes a standard of the agency's own with the sample's strands."""
    refuse_what_cannot_stand(reading, head)
    old = reading_of(base).nodes if base is not None else []
    pairs = match(old, reading.nodes, said or {}) if base is not None else []
    if not accept_doubtful:
        refuse_doubts(pairs, old, reading.nodes)
    standard = _standard(agency, head, base, sample=sample)
    edition = Edition.make(
        standard=standard, label=head.label.strip(), valid_from=head.valid_from, stated_total=reading.stated_total,
        state=EditionState.IN_FORCE, source_name=head.source_name[:200], source_sha256=head.source_sha256, base=base,
    )  # fmt: skip
    for earlier in standard.editions.filter(state=EditionState.IN_FORCE).exclude(pk=edition.pk):
        earlier.change(state=EditionState.REPLACED)
    strands = _strands(standard, base, old, reading.nodes, pairs)
    rows = write_indicators(edition, reading.nodes, strands, _need_keys(base, pairs))
    write_lists(edition, reading)
    write_matches(edition, pairs, rows)
    return edition


def refuse_what_cannot_stand(reading: Reading, head: Head) -> None:
    if not head.name.strip() or not head.label.strip():
        raise Refused("请写标准的名称和版本。")
    if not reading.leaves:
        raise Refused("没有读到任何指标，不能保存。请检查每张表的用途和每列的含义。")
    problems = [
        f"{node.where or node.key}：{node.title or '（没有名称）'}，{text}"
        for node, text in obstacles(reading)
    ]
    if problems:
        raise Refused(f"还不能保存，有 {len(problems)} 处要改。{problems[0]}。", problems=problems)


def refuse_doubts(pairs: Sequence[Pair], old: Sequence[Node], new: Sequence[Node]) -> None:
    doubtful = [one for one in pairs if not one.sure]
    if not doubtful:
        return
    names = {node.key: f"{node.code} {node.title}" for node in [*old, *new]}
    problems = [
        f"{names.get(one.old or '', '（无）')} → {names.get(one.new or '', '（无）')}" for one in doubtful
    ]
    raise Refused(
        f"还有 {len(doubtful)} 处新旧对应没有确认，先到“新旧对照”逐处确认再保存。", problems=problems
    )


def _standard(agency: Unit | None, head: Head, base: Edition | None, *, sample: bool) -> Standard:
    """Whose edition it will be; a revision of the agency's own standard keeps that one's name.

    Refused: another one of that name is there and the file was not said to revise it.
    """
    name, label = head.name.strip(), head.label.strip()
    if base is not None:
        # locked first: of two windows that revise one edition the second sees what the first has saved
        standard: Standard = Standard.objects.select_for_update().get(pk=base.standard_id)
        check_base(agency, base)
        if head.valid_from and base.valid_from and head.valid_from < base.valid_from:
            raise Refused(
                f"启用日期 {head.valid_from} 早于旧版“{base.label}”的启用日期 {base.valid_from}，请核对后改正。"
            )
        if base.standard.agency_id is not None:
            if standard.editions.filter(label=label).exists():
                raise Refused(f"《{standard}》已有“{label}”版，请换一个版本名。")
            return standard
    _refuse_twice(agency, name)
    return Standard.make(agency=agency, name=name, owner_kind=head.owner_kind, sample=sample)


def _refuse_twice(agency: Unit | None, name: str) -> None:
    there = Standard.objects.filter(agency=agency, name=name).first()
    if there is not None:
        now = there.editions.order_by("-pk").first()
        words = f"“{now.label}”" if now else ""
        raise Refused(
            f"本单位已有《{name}》。这份是它的新版，就先在“新旧对照”里选定旧版{words}；是另一套标准，请换一个名称。"
        )


def _strands(
    standard: Standard, base: Edition | None, old: Sequence[Node], new: Sequence[Node], pairs: Sequence[Pair]
) -> list[int]:
    """For each node of NEW its strand: that of the leaf or group of the base that it carries on, or a fresh one."""
    carried = strand_links(pairs)
    if base is not None:
        links = [(was, now) for now, was in carried.items()]
        carried |= match_groups(old, new, links)
    known = (
        dict(Indicator.objects.filter(edition=base).values_list("pk", "strand_id"))
        if base is not None
        else {}
    )
    found = [known.get(int(carried[node.key])) if node.key in carried else None for node in new]
    fresh = iter(Strand.make_many([Strand(standard=standard) for one in found if one is None]))
    return [next(fresh).pk if one is None else one for one in found]


def _need_keys(base: Edition | None, pairs: Sequence[Pair]) -> dict[str, dict[str, str]]:
    """New leaf key → what the needs of the leaf it carries on were called → their keys, which stay with them."""
    if base is None:
        return {}
    before = keys_of_needs(base)
    return {now: before[int(was)] for now, was in strand_links(pairs).items() if int(was) in before}


def write_matches(edition: Edition, pairs: Sequence[Pair], rows: Mapping[str, Indicator]) -> None:
    if pairs:
        Match.make_many([
            Match(
                edition=edition, old_id=int(one.old) if one.old is not None else None,
                new=rows[one.new] if one.new is not None else None, kind=one.kind, main=one.main, sure=one.sure,
                by_hand=one.by_hand,
            )
            for one in pairs
        ])  # fmt: skip
