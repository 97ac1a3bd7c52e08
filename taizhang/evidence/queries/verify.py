"""The checker: every receipt has its row, its bytes with that hash, its journal entry; uses equals its recount; the
index of words is whole.

It reports and never deletes: a sweep that trusts a checker has destroyed originals elsewhere.
"""

from collections import Counter
from dataclasses import dataclass, field

from django.db import connection

from taizhang.journal.models import Entry
from taizhang.kit.files import MISSING, store

from ..models import Blob, Evidence, EvidenceState, Kind, Reading, ReadingState, Version, Volume
from .bytes import Fault, Items, Keep, Progress, Walked, faults_of, walk
from .keeping import counted, gone_blobs, known_names


@dataclass(frozen=True)
class Verified:
    """Faults, each naming its receipt; how many of what were read; blobs that no row names; how far the bytes were read."""

    faults: list[Fault]
    counts: dict[str, int]
    walked: Walked
    orphans: list[str] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        return [str(fault) for fault in self.faults]


def verify(
    full: bool = True,
    progress: Progress | None = None,
    *,
    seconds: float | None = None,
    only: set[int] | None = None,
    items: Items | None = None,
    keep: Keep | None = None,
) -> Verified:
    """Check all evidence. FULL reads every byte (for SECONDS at most, of the blobs ONLY, longest unread first); else
    only that each file is there with its size.

    PROGRESS gets (blobs done, all blobs, what is being done), about every hundred files. ITEMS knows the words of
    the items that cite a piece (of a floor above); KEEP notes blobs that were read and found whole.
    """
    faults: list[Fault] = []
    pieces: dict[int, tuple[str, str, str]] = {
        pk: (number, kind, state)
        for pk, number, kind, state in Evidence.objects.values_list("pk", "number", "kind", "state").order_by(
            "pk"
        )
    }
    counts: Counter[str] = Counter(receipts=len(pieces))
    faults += _rows(pieces, counts)
    walked = walk(full=full, seconds=seconds, only=only, progress=progress, keep=keep)
    gone = gone_blobs()
    faults += faults_of(walked.bad)
    counts.update(blobs=walked.checked, bytes=walked.bytes, damaged=len(walked.bad))
    counts["cleared"] = len(gone)
    faults += _made_of(gone, full and walked.finished)
    known = known_names()
    orphans = [name for name in store().names() if name not in known]
    counts["orphans"] = len(orphans)
    faults += _recount(pieces)
    faults += _index(gone)
    if items is not None:
        faults = with_items(faults, items)
    return Verified(faults, dict(counts), walked, orphans)


def with_items(faults: list[Fault], items: Items) -> list[Fault]:
    """FAULTS with the words of the items that cite their pieces."""
    found = items([fault.evidence for fault in faults if fault.evidence is not None])
    return [fault.citing(found.get(fault.evidence or 0, [])) for fault in faults]


def _rows(pieces: dict[int, tuple[str, str, str]], counts: Counter[str]) -> list[Fault]:
    """Receipts against versions against the record."""
    faults: list[Fault] = []
    made = _made_in_journal()
    with_versions: set[int] = set()
    versions: set[int] = set()
    for pk, evidence, no in Version.objects.order_by("pk").values_list("pk", "evidence_id", "no").iterator():
        counts["versions"] += 1
        with_versions.add(evidence)
        versions.add(pk)
        if ("evidence.version", pk) not in made:
            faults.append(Fault("操作日志里没有存入记录", pieces[evidence][0], version=no, evidence=evidence))
    for pk, (number, kind, _) in pieces.items():
        if ("evidence.evidence", pk) not in made:
            faults.append(Fault("操作日志里没有存入记录", number, evidence=pk))
        if kind != Kind.LINK and pk not in with_versions:
            faults.append(Fault("没有文件", number, evidence=pk))
    # a receipt is never taken back: what was binned or cleared keeps its row
    there = {("evidence.evidence", pk) for pk in pieces} | {("evidence.version", pk) for pk in versions}
    words = {"evidence.evidence": "材料", "evidence.version": "材料的一版"}
    for kind, pk in sorted(made - there):
        if kind in words:
            faults.append(Fault("操作日志里有存入记录，库里没有这一条", f"{words[kind]}（系统号 {pk}）"))
    return faults


def _made_in_journal() -> set[tuple[str, int]]:
    """(kind, id) of every row of evidence that some entry says was made."""
    made: set[tuple[str, int]] = set()
    entries = Entry.objects.filter(action__startswith="evidence.", refused="")
    for changes in entries.values_list("changes", flat=True).iterator(chunk_size=2000):
        for change in changes:
            if change.get("made") is True:
                made.add((change["kind"], change["id"]))
    return made


def _made_of(gone: set[int], full: bool) -> list[Fault]:
    """What was made of the bytes and lies in the store too: small pictures, printed faces, manifests of volumes.

    A small picture can be made again; it is told all the same, for the disk that lost it will lose more.
    """
    here = store()
    faults: list[Fault] = []

    def wrong(name: str) -> str:
        if not here.exists(name):
            return MISSING
        return "内容与存入时不符" if full and here.digest(name) != name else ""

    made: list[tuple[int, str, str]] = []
    for pk, name in Blob.objects.exclude(thumbnail="").values_list("pk", "thumbnail"):
        made.append((pk, name, "缩略图"))
    for pk, poster, face in Reading.objects.exclude(poster="", face="").values_list(
        "blob_id", "poster", "face"
    ):
        made += [(pk, name, word) for name, word in ((poster, "视频截图"), (face, "打印稿")) if name]
    bad = {(pk, word): fault for pk, name, word in made if pk not in gone and (fault := wrong(name))}
    for (pk, word), fault in bad.items():
        faults += faults_of({pk: f"{word}：{fault}"})
    for title, name in Volume.objects.exclude(manifest="").values_list("title", "manifest"):
        if fault := wrong(name):
            faults.append(Fault(f"清单：{fault}", f"归档册“{title}”"))
    return faults


def _recount(pieces: dict[int, tuple[str, str, str]]) -> list[Fault]:
    """`uses` against the rows that point at evidence, whichever app they are of."""
    found = counted()
    return [
        Fault(f"记为引用 {uses} 次，实际 {found[pk]} 次", pieces[pk][0], evidence=pk)
        for pk, uses in Evidence.objects.values_list("pk", "uses")
        if uses != found[pk] and pk in pieces
    ]


def _index(gone: set[int]) -> list[Fault]:
    """The index of words has a row for every text that was read and every piece that stands in the library."""
    indexed: dict[str, set[int]] = {}
    with connection.cursor() as cursor:
        for table in ("evidence_text_words", "evidence_caption_words"):
            cursor.execute(f"SELECT id FROM {table}_docsize")
            indexed[table] = {row[0] for row in cursor.fetchall()}
    read = Reading.objects.filter(state=ReadingState.READ).values_list("blob_id", flat=True)
    texts = set(read) - gone - indexed["evidence_text_words"]
    live = Evidence.objects.exclude(state=EvidenceState.GONE)
    captions = set(live.values_list("pk", flat=True)) - indexed["evidence_caption_words"]
    said = [(len(texts), "份正文"), (len(captions), "件材料的说明")]
    return [Fault(f"检索索引里缺 {count} {what}，会查不到") for count, what in said if count]


__all__ = ["Fault", "Verified", "Walked", "verify", "walk", "with_items"]
