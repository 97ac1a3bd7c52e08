"""Forms of tables that an agency has told how to read."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from taizhang.org.models import Unit

from ..models import Form


@dataclass(frozen=True)
class KnownForm:
    """`choices` as in Form; `source`: the file it was said about; `on`: when."""

    choices: dict[str, Any]
    source: str
    on: date


def known_forms(agency: Unit) -> dict[str, KnownForm]:
    """Imprint → what AGENCY itself said; one query."""
    return {
        mark: KnownForm(choices, source, timezone.localtime(at).date())
        for mark, choices, source, at in Form.objects.filter(agency=agency).values_list(
            "imprint", "choices", "source_name", "changed_at"
        )
    }
