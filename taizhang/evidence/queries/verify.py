"""The checker: every receipt has its row, its bytes with that hash, its journal entry; uses equals its recount.

It reports and never deletes: a sweep that trusts a checker has destroyed originals elsewhere.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import PROTECT, ManyToOneRel

from taizhang.journal.models import Entry
from taizhang.kit.files import store

from ..models import Blob, Evidence, Kind, Version

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Verified:
    """Problems in words, each naming its receipt; how many of what were read; blobs that no row names."""

    problems: list[str]
    counts: dict[str, int]
    orphans: list[str] = field(default_factory=list)


def verify(full: bool = True, progress: Progress | None = None) -> Verified:
    """Check all evidence. FULL reads every byte; else only that each file is there with its size.

    PROGRESS gets (blobs done, all blobs, what is being done), about every hundred files.
    """
    tell = progress or (lambda done, total, what: None)
    problems: list[str] = []
    numbers = dict(Evidence.objects.values_list("pk", "number"))
    made = _made_in_journal()
    counts: Counter[str] = Counter(receipts=len(numbers))

    with_versions: set[int] = set()
    versions: set[int] = set()
    named: dict[int, list[str]] = defaultdict(list)
    for pk, evidence, no, blob in (
        Version.objects.order_by("pk").values_list("pk", "evidence_id", "no", "blob_id").iterator()
    ):
        counts["versions"] += 1
        with_versions.add(evidence)
        versions.add(pk)
        named[blob].append(f"{numbers.get(evidence, evidence)} 第 {no} 版")
        if ("evidence.version", pk) not in made:
            problems.append(f"{numbers.get(evidence, evidence)} 第 {no} 版：操作日志里没有存入记录")
    kinds = dict(Evidence.objects.values_list("pk", "kind"))
    for pk, number in numbers.items():
        if ("evidence.evidence", pk) not in made:
            problems.append(f"{number}：操作日志里没有存入记录")
        if kinds[pk] != Kind.LINK and pk not in with_versions:
            problems.append(f"{number}：没有文件")

    # a receipt is never taken back: what was binned keeps its row
    there = {("evidence.evidence", pk) for pk in numbers} | {("evidence.version", pk) for pk in versions}
    words = {"evidence.evidence": "材料", "evidence.version": "材料的一版"}
    for kind, pk in sorted(made - there):
        if kind in words:
            problems.append(f"{words[kind]}（系统号 {pk}）：操作日志里有存入记录，库里没有这一条")

    known = _check_blobs(problems, counts, named, full, tell)
    orphans = [name for name in store().names() if name not in known]
    counts["orphans"] = len(orphans)
    problems += _recount(numbers)
    return Verified(problems, dict(counts), orphans)


def _made_in_journal() -> set[tuple[str, int]]:
    """(kind, id) of every row of evidence that some entry says was made."""
    made: set[tuple[str, int]] = set()
    entries = Entry.objects.filter(action__startswith="evidence.", refused="")
    for changes in entries.values_list("changes", flat=True).iterator(chunk_size=2000):
        for change in changes:
            if change.get("made") is True:
                made.add((change["kind"], change["id"]))
    return made


def _check_blobs(
    problems: list[str], counts: Counter[str], named: dict[int, list[str]], full: bool, tell: Progress
) -> set[str]:
    """Compare every blob's row with its bytes; the names of all files that some row knows."""
    known: set[str] = set()
    here = store()
    total = Blob.objects.count()
    rows = Blob.objects.order_by("pk").values_list("pk", "sha256", "size", "thumbnail").iterator()
    for done, (pk, sha256, size, thumbnail) in enumerate(rows):
        if done % 100 == 0:
            tell(done, total, "核对文件")
        counts["blobs"] += 1
        counts["bytes"] += size
        known.add(sha256)
        if thumbnail:
            known.add(thumbnail)
        whose = "、".join(named.get(pk, ["没有材料用到的文件"])[:5])
        if fault := here.fault(sha256, size, full=full):
            problems.append(f"{whose}：{fault}")
            counts["damaged"] += 1
    tell(total, total, "核对文件")
    return known


def _recount(numbers: dict[int, str]) -> list[str]:
    """`uses` against the rows that point at evidence, whichever app they are of."""
    counted: Counter[int] = Counter()
    for relation in Evidence._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ManyToOneRel) or relation.on_delete is not PROTECT:
            continue
        model = relation.related_model
        if model is Version:
            continue
        name = relation.field.attname
        rows = model._base_manager.filter(**{f"{relation.field.name}__isnull": False})
        counted.update(rows.order_by().values_list(name, flat=True))
    return [
        f"{numbers[pk]}：记为引用 {uses} 次，实际 {counted[pk]} 次"
        for pk, uses in Evidence.objects.values_list("pk", "uses")
        if uses != counted[pk]
    ]
