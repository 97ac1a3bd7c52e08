"""看文字: the text of a piece's current version as it was read, page by page, what was looked for marked."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.html import escape
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from .. import queries
from ..forms import asked_from, page_from
from ..models import Evidence, EvidenceState
from ..queries.search import MOST_SHOWN, Hit, page_text, pages_with
from ..rules import words
from .show import parts_marked, root


@dataclass(frozen=True)
class FoundIn:
    """What of a question is found in one file: rows of page number, address, sentence; the number of such pages."""

    asked: str
    rows: list[tuple[int, str, SafeString]]
    rest: list[tuple[int, str]]
    count: int


def found_in(evidence: Evidence, asked: str) -> FoundIn | None:
    """Where in the text of EVIDENCE the words ASKED are found; None where nothing is asked or nothing may be shown."""
    terms = words.terms(asked)
    if not terms or evidence.current is None or evidence.state == EvidenceState.GONE:
        return None
    hits = pages_with(evidence.current.blob_id, terms)

    def address(hit: Hit) -> str:
        return f"{text_url(evidence.pk)}?{urlencode({'page': hit.page, 'q': asked})}"

    return FoundIn(
        asked,
        [(hit.page, address(hit), parts_marked(hit.parts)) for hit in hits[:MOST_SHOWN]],
        [(hit.page, address(hit)) for hit in hits[MOST_SHOWN:]],
        len(hits),
    )


def text_url(pk: int) -> str:
    return f"{root()}{pk}/text/"


@require_safe
def evidence_text(request: HttpRequest, pk: int) -> HttpResponse:
    """One page of text; of a piece whose text may not be shown or was not read there is none (404)."""
    found = queries.evidence_for(request.user).select_related("current__blob__reading")
    evidence = get_object_or_404(found.exclude(state=EvidenceState.GONE), pk=pk)
    page = page_text(evidence, page_from(request.GET))
    if page is None:
        raise Http404
    asked = asked_from(request.GET)
    at = page.numbers.index(page.no) if page.numbers else 0
    context: dict[str, Any] = {
        "evidence": evidence,
        "page": page,
        "before": page.numbers[at - 1] if at else 0,
        "after": page.numbers[at + 1] if at + 1 < len(page.numbers) else 0,
        "last": page.numbers[-1] if page.numbers else 0,
        "text": parts_marked(words.marked(page.text, words.terms(asked))) if asked else escape(page.text),
        "query": asked,
        "found": found_in(evidence, asked),
        "crumbs": [("材料库", root()), (evidence.title, f"{root()}{pk}/"), ("文字", "")],
    }
    return render(request, "evidence/text.html", context)
