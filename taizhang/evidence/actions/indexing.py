"""The index of words, a table that Django does not know: words of a blob's text, words of a piece's caption.

Like the pages it is derived, and written in the transaction that wrote what it is derived from.
"""

from typing import Any

from django.db import connection

from ..rules import words


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


def _put(table: str, row: int, tokens: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE rowid = %s", [row])
        cursor.execute(f"INSERT INTO {table}(rowid, words) VALUES (%s, %s)", [row, tokens])
