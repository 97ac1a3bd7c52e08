"""取自文件: what files say of themselves, for captions that do not say it yet."""

from collections.abc import Iterable

from ..models import Evidence, ReadingState, Version
from ..rules.offers import Inside, Offer, Said, offers


def offered_for(pieces: Iterable[Evidence]) -> dict[int, list[Offer]]:
    """Piece's id → what its current file offers; one query."""
    pieces = list(pieces)
    rows = Version.objects.filter(
        pk__in=[piece.current_id for piece in pieces], blob__reading__state=ReadingState.READ
    ).values_list(
        "pk", "original_name", "blob__reading__title", "blob__reading__doc_no", "blob__reading__issuer", "blob__reading__dated_on",
    )  # fmt: skip
    inside = {pk: (name, Inside(title, doc_no, issuer, day)) for pk, name, title, doc_no, issuer, day in rows}
    made: dict[int, list[Offer]] = {}
    for piece in pieces:
        name, found = inside.get(piece.current_id or 0, ("", Inside()))
        said = Said(piece.kind, piece.title, piece.happened_on, piece.doc_no, piece.issuer, name)
        made[piece.pk] = offers(said, found)
    return made
