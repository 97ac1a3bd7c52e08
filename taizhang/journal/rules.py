"""How an entry is written down and chained: canonical JSON, two digests, each over the one before."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

FIRST = "0" * 64
#: what the digests cover, in this order
FIELDS = (
    "chain", "seq", "at", "actor_id", "actor_name", "acting_for", "action", "label", "subject_kind",
    "subject_id", "unit_path", "changes", "state_hash", "key", "refused", "prev",
)  # fmt: skip


def canonical(values: Mapping[str, Any]) -> bytes:
    """One byte string for one content: sorted keys, no spaces, UTF-8."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str).encode()


def digests(values: Mapping[str, Any]) -> tuple[str, str]:
    """SHA-256 and SM3 (GB/T 32905) of the fields that the chain covers, in hex."""
    text = canonical({name: values[name] for name in FIELDS})
    return hashlib.sha256(text).hexdigest(), hashlib.new("sm3", text).hexdigest()


def state_hash(values: Mapping[str, Any]) -> str:
    """The fingerprint of a row as it stood after the action."""
    return hashlib.sha256(canonical(values)).hexdigest()
