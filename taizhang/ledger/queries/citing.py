"""For which items pieces of evidence are cited: told to checks that know evidence only."""

from collections import defaultdict

from ..models import Citation


def items_citing(evidence: list[int]) -> dict[int, list[str]]:
    """Piece → the items that cite it, in words (Ⅲ-12 事项, 2020 年度), each once."""
    found: dict[int, dict[str, None]] = defaultdict(dict)
    rows = Citation.objects.filter(evidence__in=set(evidence)).order_by(
        "evidence_id", "slot__item__order", "pk"
    )
    for piece, no, title, year in rows.values_list(
        "evidence_id", "slot__item__no", "slot__item__title", "slot__item__year__year"
    ):
        found[piece][f"{no} {title}" + (f"（{year} 年度）" if year else "")] = None
    return {piece: list(words) for piece, words in found.items()}
