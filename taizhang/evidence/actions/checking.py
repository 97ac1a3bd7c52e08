"""已核对: somebody looked at a warning about a piece and says that it is in order; and takes what the file says over."""

from datetime import date
from typing import Any

from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.org.action import action
from taizhang.org.permits import Permit

from .. import queries
from ..models import Checked, Evidence, EvidenceState
from ..rules import kinds
from .indexing import index_caption

# whoever deposited a piece may mend it wherever they serve now: `queries.editable` asks that
EDIT = ((Permit.EVIDENCE_EDIT, "unit"), (Permit.EVIDENCE_VIEW, "agency"))
MOST_NOTE = 200


@action("evidence.check", "核对提醒", *EDIT)
def check(evidence: Evidence, *, by: Any, code: str, note: str = "") -> Evidence:
    """Say of the warning CODE that it was looked at; said again, the later word counts."""
    queries.editable(by, evidence)
    note = note.strip()
    if len(note) > MOST_NOTE:
        raise Refused(f"核对说明有 {len(note)} 个字，最多 {MOST_NOTE} 个。请写短些。")
    if not code or len(code) > 30:
        raise Refused("没有这一条提醒，请刷新页面后再核对。")
    found = Checked.objects.filter(evidence=evidence, code=code).first()
    said = {"note": note, "by": getattr(by, "person", None), "at": clock.now()}
    if found is None:
        Checked.make(evidence=evidence, code=code, **said)
    else:
        found.change(**said)
    return evidence


@action("evidence.adopt", "采用文件里的说明", *EDIT)
def adopt(evidence: Evidence, *, by: Any) -> Evidence:
    """Fill in what is still empty with what the file says of itself; what a person typed stays."""
    queries.editable(by, evidence)
    if evidence.state != EvidenceState.LIVE:
        raise Refused(f"“{evidence.title}”不在库里，不能改说明。请先恢复它。")
    offered = queries.offered_for([evidence])[evidence.pk]
    if not offered:
        raise Refused(f"“{evidence.title}”的说明没有可从文件里补的：已经填了，或者文件里没有写。")
    today = clock.today()
    fields: dict[str, Any] = {
        each.name: each.value for each in offered if not isinstance(each.value, date) or each.value <= today
    }
    kinds.refuse_secret(str(fields.get("title", "")), str(fields.get("doc_no", "")))
    evidence.change(**fields)
    index_caption(evidence)
    return evidence
