"""并件, 拆开: a document and its annexes, a printed text and its draft, a reply and what was asked are one 件 (DA/T 22-2015, 5.1)."""

from collections.abc import Sequence
from typing import Any

from taizhang.kit.errors import Refused
from taizhang.org.action import action

from ..models import Filed, Volume
from ..queries import archive as filing
from ..rules import archive as rules
from .archive import AGENCY, close_up, editable, found_in

MOST_ANNEXES = 99


def joinable(volume: Volume, rows: Sequence[int]) -> list[Filed]:
    """The main rows among ROWS, in the order of ROWS, which may become one 件. Refused in words where they may not."""
    editable(volume)
    wanted = list(dict.fromkeys(rows))
    found = {row.pk: row for row in found_in(volume, wanted)}
    if len(found) != len(wanted):
        raise Refused("有的材料已不在本册里，没有并件。请刷新页面后重新勾选。")
    for row in found.values():
        if row.annex_of and row.annex_of_id not in found:
            raise Refused(
                f"“{row.title}”已是“{row.annex_of.title}”的附件。请先把它拆开，或连主件“{row.annex_of.title}”一起勾选。"
            )
    mains = [found[pk] for pk in wanted if not found[pk].annex_of_id]
    if len(mains) < 2:
        raise Refused(f"只勾选了一件“{mains[0].title}”，没有可并的。请勾选两件以上，正文和附件都要勾。")
    return mains


@action("evidence.join_pieces", "并件", AGENCY)
def join_pieces(volume: Volume, *, by: Any, rows: Sequence[int], main: int) -> Volume:
    """ROWS become one 件 of which MAIN, one of them, is the main row; the others are its annexes in the order of ROWS, each
    followed by annexes of its own. The 件 is numbered anew: numbers of a draft have no gaps."""
    mains = joinable(volume, rows)
    head = next((row for row in mains if row.pk == main), None)
    if head is None:
        raise Refused("没有选哪一件是主件。请在勾选的件里选一件，附件不能当主件。")
    annexes = list(Filed.objects.filter(annex_of=head).order_by("order", "id"))
    for row in mains:
        if row is not head:
            annexes += [row, *Filed.objects.filter(annex_of=row).order_by("order", "id")]
    if len(annexes) > MOST_ANNEXES:
        raise Refused(f"一件最多 {MOST_ANNEXES} 份附件，这里有 {len(annexes)} 份。请分成几件。")
    for at, row in enumerate(annexes, 1):
        row.change(annex_of=head, order=at, **_unnumbered(row))
    head.change(**_unnumbered(head))
    return volume


@action("evidence.part_pieces", "拆开", AGENCY)
def part_pieces(volume: Volume, *, by: Any, rows: Sequence[int]) -> Volume:
    """Annexes among ROWS, and all those of main rows among them, are 件 of their own again, with their own term and code."""
    editable(volume)
    ticked = [row.pk for row in found_in(volume, rows)]
    of_mains = filing.rows_of(volume).select_related("annex_of").filter(annex_of__in=ticked)
    annexes = {row.pk: row for row in (*of_mains, *found_in(volume, ticked)) if row.annex_of_id}
    if not annexes:
        raise Refused("勾选的件没有附件，也不是附件，不用拆开。")
    heads = {row.annex_of_id: row.annex_of for row in annexes.values()}
    for row in annexes.values():
        place = heads[row.annex_of_id]
        row.change(annex_of=None, order=place.order if place else row.order, **_unnumbered(row))
    for pk in heads:
        close_up(pk or 0)
    return volume


def _unnumbered(row: Filed) -> dict[str, Any]:
    return {"no": 0, "archive_no": rules.placeholder(row.evidence_id)}


__all__ = ["MOST_ANNEXES", "join_pieces", "joinable", "part_pieces"]
