"""存材料: the bytes lie in the store already; one transaction writes blob, evidence, version and journal entry."""

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, transaction

from taizhang.kit import clock, jobs
from taizhang.kit.errors import Busy, Refused
from taizhang.kit.files import Stored, store
from taizhang.org.action import action, next_number
from taizhang.org.models import Unit
from taizhang.org.permits import Permit

from .. import queries
from ..models import Blob, Evidence, EvidenceState, Kind, Reading, ReadingState, Secrecy, Version
from ..rules import captions, kinds, names
from .indexing import index_caption

SERIAL = "evidence"
KINDS = frozenset(kind.value for kind in Kind)
SECRECIES = frozenset(secrecy.value for secrecy in Secrecy)
THUMBNAIL = "taizhang.evidence.jobs.thumbnail"
READ = "taizhang.evidence.jobs.read"


class AlreadyHere(Refused):
    """The same bytes are in the library: `evidence` is the piece to cite, or ask with `again=True`."""

    title = "库里已有同一文件"

    def __init__(self, evidence: Evidence) -> None:
        super().__init__(
            f"库里已有同一文件：“{evidence.title}”（{evidence.number}，{evidence.unit}存入），可直接引用，不必再存。"
        )
        self.evidence = evidence


@action("evidence.deposit", "存材料", (Permit.EVIDENCE_ADD, ""))
def deposit(
    unit: Unit,
    *,
    by: Any,
    stored: Stored,
    original_name: str,
    kind: str = "",
    title: str = "",
    happened_on: date | None = None,
    place: str = "",
    people: str = "",
    theme: str = "",
    doc_no: str = "",
    issuer: str = "",
    secrecy: str = Secrecy.INTERNAL,
    again: bool = False,
) -> Evidence:
    """A new piece of evidence with its first version; KIND and TITLE are taken from the file if not given.

    AlreadyHere if the agency's library holds the same bytes where BY can see them, unless AGAIN.
    """
    if not again and (twin := queries.same_bytes(by, unit, stored.sha256)):
        raise AlreadyHere(twin)
    name = names.clean_name(original_name)
    kinds.refuse_secret(name)
    file_type = kinds.sniff(stored.head, name)
    title = title.strip() or names.title_of(name)
    evidence = _make(
        unit, by, kind=kind or kinds.proposed_kind(file_type.mime, title), title=title, happened_on=happened_on,
        place=place, people=people, theme=theme, doc_no=doc_no, issuer=issuer, secrecy=secrecy,
    )  # fmt: skip
    return _attach(evidence, by, 1, _blob(stored, file_type.mime), name)


@action("evidence.deposit_link", "登记链接", (Permit.EVIDENCE_ADD, ""))
def deposit_link(
    unit: Unit,
    *,
    by: Any,
    url: str,
    title: str,
    happened_on: date | None = None,
    place: str = "",
    people: str = "",
    theme: str = "",
    doc_no: str = "",
    issuer: str = "",
    secrecy: str = Secrecy.INTERNAL,
) -> Evidence:
    """A web page as evidence: the address only, nothing is fetched."""
    url = url.strip()
    try:
        URLValidator(schemes=["http", "https"])(url)
        parts = urlsplit(url)
    except (ValidationError, ValueError):
        raise Refused(
            f"网址“{url[:80]}”不完整。请从浏览器地址栏复制，以 http:// 或 https:// 开头。"
        ) from None
    if parts.username or parts.password:
        raise Refused("网址里带有账号或密码，不能登记。请去掉后再存。")
    if len(url) > 500:
        raise Refused("网址超过 500 个字符，登记不下。请用较短的网址。")
    return _make(
        unit, by, kind=Kind.LINK, title=title.strip() or parts.netloc, url=url, happened_on=happened_on, place=place,
        people=people, theme=theme, doc_no=doc_no, issuer=issuer, secrecy=secrecy,
    )  # fmt: skip


@action("evidence.add_version", "换新版本", (Permit.EVIDENCE_EDIT, "unit"), (Permit.EVIDENCE_VIEW, "agency"))
def add_version(evidence: Evidence, *, by: Any, stored: Stored, original_name: str) -> Evidence:
    """A corrected file becomes the current version; what was signed stays pinned to the one before."""
    queries.editable(by, evidence)
    if evidence.state != EvidenceState.LIVE:
        raise Refused(f"“{evidence.title}”已移出材料库，不能换新版本。请先恢复它。")
    if evidence.kind == Kind.LINK:
        raise Refused(f"“{evidence.title}”登记的是链接，没有文件可换。")
    current = evidence.current
    if current is not None and current.blob.sha256 == stored.sha256:
        raise Refused(f"这个文件与“{evidence.title}”现在的第 {current.no} 版一模一样，没有换。")
    name = names.clean_name(original_name)
    blob = _blob(stored, kinds.sniff(stored.head, name).mime)
    last = evidence.versions.order_by("-no").values_list("no", flat=True).first() or 0
    return _attach(evidence, by, last + 1, blob, name)


def _make(unit: Unit, by: Any, *, kind: str, title: str, **fields: Any) -> Evidence:
    agency = unit.agency
    if agency is None:
        raise Refused(f"“{unit}”不属于任何机关，不能存材料。请选择处室。")
    if kind not in KINDS:
        raise Refused("没有这一类材料，请重新选择类别。")
    if fields["secrecy"] not in SECRECIES:
        raise Refused("没有这一种公开范围，请重新选择。")
    today = clock.today()
    if fields["happened_on"] and fields["happened_on"] > today:
        raise Refused(f"时间 {fields['happened_on']} 还没有到。请填材料形成的那一天。")
    fit(title=title, **fields)
    kinds.refuse_secret(title, fields["doc_no"])
    number = captions.receipt(today.year, next_number(agency, SERIAL, today.year))
    made = Evidence.make(
        unit=unit, agency=agency, number=number, kind=kind, title=title, by=getattr(by, "person", None), **fields
    )  # fmt: skip
    if kind == Kind.LINK:  # what has a file is indexed with its file's name
        index_caption(made)
    return made


def fit(**fields: Any) -> None:
    """Refuse what is longer than its column, and characters that no page shows."""
    for name, value in fields.items():
        if not isinstance(value, str) or name in ("secrecy", "kind", "url"):
            continue
        label = captions.LABELS[name]
        most: int = getattr(Evidence._meta.get_field(name), "max_length", 0)
        if len(value) > most:
            raise Refused(f"“{label}”有 {len(value)} 个字，最多 {most} 个。请写短些。")
        if "\x00" in value:
            raise Refused(f"“{label}”里有不能保存的控制字符，请重新输入。")


def _blob(stored: Stored, mime: str) -> Blob:
    # locked, as `clear` locks it: the bytes are asked for after the last who might have taken them away
    found = Blob.objects.select_for_update().filter(sha256=stored.sha256).first()
    if found is None:
        try:
            with transaction.atomic():  # another agency may be depositing the same bytes at this moment
                found = Blob.make(
                    sha256=stored.sha256, sm3=stored.sm3, size=stored.size, mime=mime, stored_at=clock.now()
                )
                Reading.make(blob=found)
        except IntegrityError:
            found = Blob.objects.get(sha256=stored.sha256)
    if queries.reading_state(found.pk) == ReadingState.CLASSIFIED:
        raise Refused(
            "这个文件此前已发现标有密级，非涉密系统严禁存入，没有保存。请按保密规定处置，并联系本单位保密办。"
        )
    if not store().exists(stored.sha256):
        raise Busy("同样的文件刚从回收站清除，没有保存。请重新传一次。")
    if found.size != stored.size:
        raise Busy("库中同一文件已损坏，没有保存。请告诉系统管理员运行校验。")
    return found


def _attach(evidence: Evidence, by: Any, no: int, blob: Blob, name: str) -> Evidence:
    version = Version.make(
        evidence=evidence,
        no=no,
        blob=blob,
        original_name=name,
        by=getattr(by, "person", None),
        at=clock.now(),
    )
    evidence.change(current=version)
    if blob.mime in kinds.DRAWABLE and not blob.thumbnail:
        jobs.enqueue(THUMBNAIL, version.pk)  # a row in this transaction: queued if and only if deposited
    jobs.enqueue(READ, version.pk, later=blob.mime in kinds.DRAWABLE)
    index_caption(evidence)
    return evidence
