"""The index of words, a table that Django does not know: words of a blob's text, words of a piece's caption.

Like the pages it is derived, and written in the transaction that wrote what it is derived from.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from .. import queries
from ..models import Evidence, Page
from ..rules import words

BATCH = 100  # rows to a transaction: whoever else writes waits a moment at most


def index_text(blob_id: int, text: str) -> None:
    """The text of a whole file, pages joined, so that a word across two pages is found."""
    _put("evidence_text_words", blob_id, words.tokens(words.fold(text).text))


def index_caption(evidence: Any) -> None:
    """Everything that is said about a piece: called by whoever sets its caption or its file."""
    said = (
        evidence.title, evidence.number, evidence.place, evidence.people, evidence.theme, evidence.doc_no, evidence.issuer,
        evidence.url, evidence.current.original_name if evidence.current else "",
    )  # fmt: skip
    # a sign between two fields: no word goes from one into the next
    _put("evidence_caption_words", evidence.pk, words.tokens(words.fold("|".join(filter(None, said))).text))


def forget_text(blob_id: int) -> None:
    _forget("evidence_text_words", blob_id)


def forget_caption(evidence_id: int) -> None:
    _forget("evidence_caption_words", evidence_id)


def _forget(table: str, row: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE rowid = %s", [row])


def _put(table: str, row: int, tokens: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE rowid = %s", [row])
        cursor.execute(f"INSERT INTO {table}(rowid, words) VALUES (%s, %s)", [row, tokens])


def index_what_lacks() -> int:
    """Put into the index whatever is not there: material from before there was one. How many rows that made."""
    lacking = queries.unindexed()
    for pieces in _batches(lacking.pieces):
        _index_pieces(pieces)
    for blobs in _batches(lacking.blobs):
        _index_blobs(blobs)
    return lacking.number


def reindex() -> tuple[int, int]:
    """Make the whole index anew from the rows, a few at a time: what is looked for meanwhile is found. Pieces, texts."""
    wanted = queries.to_index()
    for pieces in _batches(wanted.pieces):
        _index_pieces(pieces)
    for blobs in _batches(wanted.blobs):
        _index_blobs(blobs)
    surplus = queries.overindexed()
    with transaction.atomic():
        for piece in surplus.pieces:
            forget_caption(piece)
        for blob in surplus.blobs:
            forget_text(blob)
    with connection.cursor() as cursor:
        for table in ("evidence_caption_words", "evidence_text_words"):
            cursor.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")
    return len(wanted.pieces), len(wanted.blobs)


def _batches(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


@transaction.atomic
def _index_pieces(pieces: list[int]) -> None:
    for piece in Evidence.objects.filter(pk__in=pieces).select_related("current"):
        index_caption(piece)


@transaction.atomic
def _index_blobs(blobs: list[int]) -> None:
    for blob in blobs:
        index_text(
            blob, "\n".join(Page.objects.filter(blob=blob).order_by("no").values_list("text", flat=True))
        )
