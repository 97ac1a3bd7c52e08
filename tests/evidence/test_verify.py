"""The checker finds what is wrong, whatever it is, and deletes nothing."""

from typing import Any

import pytest

from taizhang.evidence import actions, queries
from taizhang.evidence.models import Blob, Evidence, Version
from taizhang.journal.models import Entry
from taizhang.kit.files import store
from taizhang.ledger.models import Citation

from .samples import PDF, deposit, jpeg, put


@pytest.fixture
def pieces(people: Any) -> list[Evidence]:
    user, office = people.users["朱辉斌"], people.units["办公室"]
    made = [deposit(user, office, "a.pdf"), deposit(user, office, "b.jpg", jpeg())]
    actions.add_version(made[0], by=user, stored=put(PDF + b"second", "c.pdf"), original_name="c.pdf")
    made.append(actions.deposit_link(office, by=user, url="https://example.org/", title="x"))
    return made


def test_all_is_well(pieces: list[Evidence]) -> None:
    told: list[Any] = []
    found = queries.verify(progress=lambda *what: told.append(what))
    assert found.problems == [] and found.orphans == []
    assert {name: found.counts[name] for name in ("receipts", "versions", "blobs", "orphans")} == {
        "receipts": 3, "versions": 3, "blobs": 3, "orphans": 0,
    }  # fmt: skip
    assert found.counts["bytes"] == sum(Blob.objects.values_list("size", flat=True))
    assert told[0][:2] == (0, 3) and told[-1][:2] == (3, 3)


def test_damaged_and_lost_bytes(pieces: list[Evidence]) -> None:
    first, second = (store().path(piece.current.blob.sha256) for piece in pieces[:2])  # type: ignore[attr-defined]
    first.chmod(0o644)
    body = bytearray(first.read_bytes())
    body[3] ^= 1
    first.write_bytes(body)
    second.unlink()
    found = queries.verify()
    assert found.problems == [
        f"{pieces[1].number} 第 1 版：文件不在存储里",
        f"{pieces[0].number} 第 2 版：文件内容与存入时的 SHA-256 不符",
    ]
    assert found.counts["damaged"] == 2
    assert len(queries.verify(full=False).problems) == 1, "without reading all, a flipped bit is not seen"


def test_orphans_are_listed_and_stay(pieces: list[Evidence]) -> None:
    name = put(b"nobody's").sha256
    found = queries.verify()
    assert found.orphans == [name] and found.problems == [] and found.counts["orphans"] == 1
    assert store().exists(name)


def test_thumbnails_are_no_orphans(people: Any, pieces: list[Evidence]) -> None:
    from taizhang.evidence import jobs  # noqa: PLC0415

    jobs.thumbnail.call(pieces[1].current.pk)
    assert queries.verify().orphans == []


def test_rows_without_entry_or_file(pieces: list[Evidence]) -> None:
    Entry.objects.filter(action="evidence.deposit", subject_id=pieces[1].pk).delete()
    Evidence.objects.filter(pk=pieces[0].pk).update(current=None)
    Version.objects.filter(evidence=pieces[0]).delete()
    problems = queries.verify().problems
    assert f"{pieces[1].number}：操作日志里没有存入记录" in problems
    assert f"{pieces[1].number} 第 1 版：操作日志里没有存入记录" in problems
    assert f"{pieces[0].number}：没有文件" in problems


def test_a_receipt_without_its_row(pieces: list[Evidence]) -> None:
    """Somebody took the rows out of the database by hand: the journal remembers."""
    gone = pieces[1]
    Evidence.objects.filter(pk=gone.pk).update(current=None)
    Version.objects.filter(evidence=gone).delete()
    Evidence.objects.filter(pk=gone.pk).delete()
    problems = queries.verify().problems
    assert f"材料（系统号 {gone.pk}）：操作日志里有存入记录，库里没有这一条" in problems
    assert any(said.startswith("材料的一版（系统号") for said in problems)


def test_uses_are_recounted_over_whatever_points_here(pieces: list[Evidence]) -> None:
    Evidence.objects.filter(pk=pieces[0].pk).update(uses=2)
    assert queries.verify().problems == [f"{pieces[0].number}：记为引用 2 次，实际 0 次"]
    assert any(
        relation.related_model is Citation for relation in Evidence._meta.get_fields(include_hidden=True)
    ), "a citation is counted without being named here"
