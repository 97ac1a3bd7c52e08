"""How often evidence is used. Called inside the action that points at it, in its transaction."""

from django.db.models import F

from taizhang.kit.errors import Refused
from taizhang.org.record import scope

from .. import queries
from ..models import Evidence, EvidenceState


def hold(evidence: Evidence) -> Evidence:
    """One more row points at EVIDENCE; what has been removed cannot be pointed at."""
    fresh = Evidence.objects.select_for_update().only("state", "title", "number", "uses").get(pk=evidence.pk)
    if fresh.state != EvidenceState.LIVE:
        raise Refused(
            f"“{fresh.title}”（{fresh.number}）已移出材料库，不能引用。请先在材料库恢复它，或换一件。"
        )
    if queries.is_stopped(fresh.pk):
        raise Refused(
            f"“{fresh.title}”（{fresh.number}）标有密级，已停用，不能引用。请换一件；确属误报的，请创建办解除。"
        )
    return _count(evidence, fresh.uses, 1)


def release(evidence: Evidence) -> Evidence:
    """One row less points at EVIDENCE."""
    fresh = Evidence.objects.select_for_update().only("title", "number", "uses").get(pk=evidence.pk)
    if fresh.uses < 1:
        raise Refused(
            f"“{fresh.title}”（{fresh.number}）的引用次数对不上，没有保存。请告诉系统管理员运行校验。"
        )
    return _count(evidence, fresh.uses, -1)


def _count(evidence: Evidence, old: int, step: int) -> Evidence:
    """Noted like any change, but not a new version: who is writing the caption must not be told it is stale."""
    noted = scope()
    row = Evidence.objects.filter(pk=evidence.pk)
    row.update(uses=F("uses") + step)  # not a record: a counter, noted below
    evidence.uses = old + step
    noted.notes.append(
        {"kind": "evidence.evidence", "id": evidence.pk, "label": str(evidence)[:80], "fields": {"uses": [old, old + step]}}
    )  # fmt: skip
    return evidence
