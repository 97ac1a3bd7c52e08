"""The one way to write the record. Called by the door, inside its transaction."""

from typing import Any

from django.db import transaction

from . import rules
from .models import Entry, Head


@transaction.atomic
def write(
    *, chain: int, at: str, actor_id: int | None, actor_name: str, action: str, label: str, subject_kind: str,
    subject_id: int | None, unit_path: str, changes: list[dict[str, Any]], state_hash: str = "", key: str = "",
    refused: str = "", acting_for: str = "",
) -> Entry:  # fmt: skip
    """Append an entry to the chain and move its head."""
    head, _ = Head.objects.select_for_update().get_or_create(chain=chain, defaults={"sha256": rules.FIRST})
    values: dict[str, Any] = {
        "chain": chain, "seq": head.seq + 1, "at": at, "actor_id": actor_id, "actor_name": actor_name,
        "acting_for": acting_for, "action": action, "label": label, "subject_kind": subject_kind,
        "subject_id": subject_id, "unit_path": unit_path, "changes": changes, "state_hash": state_hash, "key": key,
        "refused": refused, "prev": head.sha256,
    }  # fmt: skip
    sha256, sm3 = rules.digests(values)
    entry = Entry(**values, sha256=sha256, sm3=sm3)
    entry.save(force_insert=True)
    Head.objects.filter(chain=chain).update(seq=entry.seq, sha256=sha256)
    return entry
