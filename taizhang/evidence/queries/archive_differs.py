"""What a volume changes against the one it succeeds, told by 件: what happens to an annex happens to its 件."""

from typing import Any

from ..models import Filed, Volume
from ..rules.archive import Differs
from .archive import in_order

#: columns that are compared, and what the reader calls them
LABELS = {
    "retention": "保管期限", "code": "机构代码", "no": "件号", "doc_no": "文号", "issuer": "责任者", "title": "题名", "dated_on": "日期",
    "secrecy": "密级", "note": "备注", "file": "文件换版",
}  # fmt: skip
Row = dict[str, Any]


def differs(volume: Volume) -> Differs | None:
    """None where it succeeds none. Two queries."""
    if not volume.succeeds_id:
        return None
    now, before = _rows(volume.pk), _rows(volume.succeeds_id)
    added = [_words(row) for pk, row in now.items() if not row["main"] and pk not in before]
    gone = [_words(row) for pk, row in before.items() if not row["main"] and pk not in now]
    changed = []
    for pk, row in now.items():
        old = before.get(pk)
        if old is None:
            continue
        if row["main"]:
            if not old["main"]:  # was a 件 of its own
                changed.append(f"{_words(old)}：并入“{now[row['main']]['title']}”")
            continue
        if old["main"]:
            changed.append(f"{_words(row)}：从“{before[old['main']]['title']}”拆出")
            continue
        told = [words for name, words in LABELS.items() if row[name] != old[name]]
        if row["annexes"] != old["annexes"]:
            told.append("附件")
        if told:
            changed.append(f"{_words(old)}：{'、'.join(told)}")
    return Differs(tuple(added), tuple(gone), tuple(changed))


def _rows(volume_id: int) -> dict[int, Row]:
    """By evidence. `main`: the evidence of the main row, of an annex; `annexes`: what a 件 has, in order, with their files."""
    found: dict[int, Row] = {}
    columns = ("evidence", "archive_no", "annex_of__evidence", "order", *LABELS)
    for row in in_order(Filed.objects.filter(volume=volume_id)).values(*columns):
        found[row["evidence"]] = row | {"main": row["annex_of__evidence"], "annexes": []}
    for pk, row in found.items():
        if row["main"]:
            found[row["main"]]["annexes"].append((pk, row["file"]))
    return found


def _words(row: Row) -> str:
    return f"{row['archive_no']}　{row['title']}" if row["no"] else row["title"]
