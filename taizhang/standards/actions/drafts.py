"""A draft: begun with a file, mended, told what it revises, saved as an edition or thrown away."""

from datetime import date
from typing import Any

from taizhang.kit import jobs
from taizhang.kit.errors import Refused
from taizhang.org.action import action
from taizhang.org.models import Unit
from taizhang.org.permits import Permit

from ..models import Draft, Edition, OwnerKind, SeenPage
from ..queries.seen import unseen_pages
from ..queries.whole import reading_of
from ..rules.tree import Reading
from .editions import Head, check_base, write_edition
from .writing import correct, refuse_corrected_since, source_words

EDIT = Permit.STANDARD_EDIT
SEE = "taizhang.standards.jobs.see"


@action("standards.begin", "导入测评标准", (EDIT, ""))
def begin(
    agency: Unit, *, by: Any, source_name: str, sha256: str, base: Edition | None = None, scans: list[int] | None = None
) -> Draft:  # fmt: skip
    """Begin an import: the bytes lie in the store already, and were readable. BASE: the edition that it revises.
    SCANS: the pages that are pictures; they are recognised in the background before the file can be read."""
    if base is not None:
        check_base(agency, base)
    draft = Draft.make(
        agency=agency,
        by=by,
        source_name=source_name[:200],
        source_sha256=sha256,
        base=base,
        scans=scans or [],
    )
    if unseen_pages(draft):
        jobs.enqueue(SEE, draft.pk)
    return draft


@action("standards.keep_seen", "识别扫描件", (EDIT, "agency"))
def keep_seen(draft: Draft, *, by: Any, no: int, told: dict[str, Any]) -> Draft:
    """Keep page NO as recognised: a worker that ends does not begin again."""
    SeenPage.objects.update_or_create(sha256=draft.source_sha256, no=no, defaults={"told": told})
    return draft


@action("standards.note_unseen", "识别扫描件", (EDIT, "agency"))
def note_unseen(draft: Draft, *, by: Any, fault: str) -> Draft:
    """Recognising stopped before its end: FAULT says why."""
    return draft.change(fault=fault[:200])


@action("standards.see_again", "重新识别扫描件", (EDIT, "agency"))
def see_again(draft: Draft, *, by: Any) -> Draft:
    """Go on recognising where it stopped; of a file all of whose pages were recognised, begin anew."""
    if draft.edition_id:
        raise Refused("这份文件已经保存为标准，不能再识别。")
    if not draft.scans:
        raise Refused("这份文件不是扫描件，不用识别。")
    if draft.pk in jobs.queued(SEE):
        raise Refused("正在识别，不必再点。")
    if not unseen_pages(draft):
        SeenPage.objects.filter(sha256=draft.source_sha256).delete()  # not a record: derived
    jobs.enqueue(SEE, draft.pk)
    return draft.change(fault="")


@action("standards.mend", "核对导入的标准", (EDIT, "agency"))
def mend(draft: Draft, *, by: Any, choices: dict[str, Any]) -> Draft:
    """Keep the clerk's corrections (the JSON of rules.tree.Choices), whole."""
    if draft.edition_id:
        raise Refused("这份文件已经保存为标准，不能再改。需要修改请另存新版。")
    return draft.change(choices=choices)


@action("standards.set_base", "选定旧版", (EDIT, "agency"))
def set_base(draft: Draft, *, by: Any, base: Edition | None) -> Draft:
    """Which edition the draft revises; None: a standard of its own. What was said about another base falls away."""
    if draft.edition_id:
        raise Refused("这份文件已经保存为标准，不能再改旧版。")
    if draft.over_id:
        raise Refused("这份草稿是在改正已保存的版本，不能另选旧版。")
    if base is not None:
        check_base(draft.agency, base)
    if draft.base_id == (base.pk if base else None):
        return draft
    return draft.change(base=base, choices={**draft.choices, "pairs": {}})


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
    """The draft, read with its corrections, becomes an edition: of a new standard, or the next one of its base."""
    if draft.edition_id:
        raise Refused("这份文件已经保存过了。")
    head = Head(name, label, owner_kind, valid_from, source_words(draft), draft.source_sha256)
    pairs = draft.choices.get("pairs") or {}
    if draft.over is not None:
        refuse_corrected_since(draft)
        base_nodes = reading_of(draft.over.base).nodes if draft.over.base else []
        edition = correct(draft.over, reading, head, base_nodes, pairs)
    else:
        edition = write_edition(draft.agency, reading, head, base=draft.base, said=pairs)
    draft.change(edition=edition)
    return edition
