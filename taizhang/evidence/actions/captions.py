"""改说明: what is said about evidence."""

from typing import Any

from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.org.action import action
from taizhang.org.permits import Permit

from .. import queries
from ..models import Evidence, Kind
from ..rules import kinds
from .deposit import KINDS, SECRECIES, fit
from .indexing import index_caption

FIELDS = frozenset(
    ("title", "kind", "happened_on", "place", "people", "theme", "doc_no", "issuer", "secrecy")
)
# whoever deposited a piece may mend it wherever they serve now: `queries.editable` asks that
EDIT = ((Permit.EVIDENCE_EDIT, "unit"), (Permit.EVIDENCE_VIEW, "agency"))


@action("evidence.caption", "改材料说明", *EDIT)
def caption(evidence: Evidence, *, by: Any, **fields: Any) -> Evidence:
    """Set the caption FIELDS given; a link stays a link."""
    queries.editable(by, evidence)
    if unknown := set(fields) - FIELDS:
        raise TypeError(f"not of the caption: {sorted(unknown)}")
    if "title" in fields and not fields["title"].strip():
        raise Refused("名称是空的。请写明这是什么材料。")
    kind = fields.get("kind", evidence.kind)
    if kind not in KINDS or (kind == Kind.LINK) != (evidence.kind == Kind.LINK):
        raise Refused("类别不对：链接只能是链接，文件不能改成链接。")
    if fields.get("secrecy", evidence.secrecy) not in SECRECIES:
        raise Refused("没有这一种公开范围，请重新选择。")
    if fields.get("happened_on") and fields["happened_on"] > clock.today():
        raise Refused(f"时间 {fields['happened_on']} 还没有到。请填材料形成的那一天。")
    fit(**fields)
    kinds.refuse_secret(fields.get("title", ""), fields.get("doc_no", ""))
    evidence.change(**fields)
    index_caption(evidence)
    return evidence
