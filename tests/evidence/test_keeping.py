"""移出、恢复、清除: thirty days in the bin, and bytes that go only when nothing at all needs them."""

import contextlib
import fcntl
import os
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from taizhang.config import cli
from taizhang.evidence import actions, jobs, queries
from taizhang.evidence.models import Blob, Evidence, EvidenceState, Filed, Page, Reading, ReadingState, Volume
from taizhang.evidence.rules import keeping
from taizhang.journal.models import Entry
from taizhang.kit import clock
from taizhang.kit.errors import Busy, Refused
from taizhang.kit.files import Disk, keeping_lock, store
from taizhang.org.queries import system_user
from taizhang.standards.models import Draft

from .samples import PDF, deposit, jpeg, put

DAY = date(2020, 6, 10)


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.TODAY = DAY.isoformat()


@pytest.fixture
def clerk(people: Any) -> Any:
    return people.users["朱辉斌"]


@pytest.fixture
def office(people: Any) -> Any:
    return people.units["办公室"]


def old(piece: Evidence) -> str:
    """Let the bytes of PIECE be those of long ago; their name."""
    assert piece.current
    name = piece.current.blob.sha256
    grow_old(name)
    return name


def grow_old(name: str) -> None:
    os.utime(store().path(name), (time.time() - 100 * 86_400,) * 2)


def purged(piece: Evidence, clerk: Any) -> Any:
    """Remove PIECE, and let its thirty days go by."""
    actions.remove(piece, by=clerk)
    return thirty_days_later()


def thirty_days_later() -> Any:
    with clock.on(DAY + timedelta(days=keeping.DAYS)):
        return actions.empty_bin(by=system_user())


# --- rules ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "left"), [(0, 30), (1, 29), (29, 1), (30, 0), (400, 0)])
def test_days_left(days: int, left: int) -> None:
    assert keeping.days_left(DAY, DAY + timedelta(days=days)) == left
    assert keeping.may_go(DAY, DAY + timedelta(days=days)) is (left == 0)


# --- into the bin and out of it -------------------------------------------------------------------------------


def test_removal_is_a_recorded_act(clerk: Any, office: Any) -> None:
    piece = deposit(clerk, office)
    actions.remove(piece, by=clerk, reason="  传错了  ")
    assert piece.state == EvidenceState.BINNED and piece.binned_at is not None
    entry = Entry.objects.filter(action="evidence.remove").latest("id")
    assert any(change.get("fields", {}).get("reason") == ["", "传错了"] for change in entry.changes)
    assert any("原因：传错了" in line.quote for line in queries.story(piece))
    actions.restore(piece, by=clerk)
    assert piece.state == EvidenceState.LIVE and piece.binned_at is None


def test_never_while_cited_filed_or_twice(clerk: Any, office: Any) -> None:
    piece = deposit(clerk, office)
    Evidence.objects.filter(pk=piece.pk).update(uses=1)
    with pytest.raises(Refused, match="还有 1 处在引用"):
        actions.remove(piece, by=clerk)
    Evidence.objects.filter(pk=piece.pk).update(uses=0)
    volume = Volume(agency=piece.agency, year=2020, title="2020 年度归档")
    volume.save()
    filed = Filed(
        volume=volume, evidence=piece, file=piece.current, order=1, retention="Y", code="BGS", no=1, archive_no="X", title="x"
    )  # fmt: skip
    filed.save()
    with pytest.raises(Refused, match="已编入归档册“2020 年度归档”"):
        actions.remove(piece, by=clerk)
    filed.delete()
    with pytest.raises(Refused, match="最多 100 个"):
        actions.remove(piece, by=clerk, reason="字" * 101)
    actions.remove(piece, by=clerk)
    with pytest.raises(Refused, match="已经移除了"):
        actions.remove(piece, by=clerk)


# --- thirty days later ----------------------------------------------------------------------------------------


def test_not_a_day_too_early(clerk: Any, office: Any) -> None:
    piece = deposit(clerk, office)
    name = old(piece)
    actions.remove(piece, by=clerk)
    with clock.on(DAY + timedelta(days=29)):
        assert actions.empty_bin(by=system_user()).pieces == 0
        with pytest.raises(Refused, match="还没有满 30 天"):
            actions.purge(piece, by=system_user())
    assert store().exists(name)


def test_the_bytes_go_and_the_row_stays(clerk: Any, office: Any) -> None:
    piece = deposit(clerk, office, "b.jpg", jpeg())
    assert piece.current
    small = jobs.thumbnail.call(piece.current.pk)
    reading = Reading.objects.get(blob=piece.current.blob)
    poster = put(b"poster").sha256
    Reading.objects.filter(pk=reading.pk).update(state=ReadingState.READ, poster=poster, letters=3)
    Page(blob=piece.current.blob, no=1, text="文字", folded="文字").save()
    names = [old(piece), small, poster]
    for one in (small, poster):
        grow_old(one)
    done = purged(piece, clerk)
    assert (done.pieces, done.files, done.stay) == (1, 1, [])
    assert not any(store().exists(name) for name in names)
    piece.refresh_from_db()
    blob = Blob.objects.get(sha256=names[0])
    assert piece.state == EvidenceState.GONE and piece.current.blob == blob and blob.thumbnail == ""
    assert not Page.objects.exists() and Reading.objects.get().state == ReadingState.WAITING
    assert jobs.read_what_waits() == 0, "nobody tries to read what is gone"
    found = queries.verify()
    assert found.problems == [] and found.orphans == [] and found.counts["cleared"] == 1
    with pytest.raises(Refused, match="文件已经清除，不能恢复"):
        actions.restore(piece, by=clerk)
    assert thirty_days_later().pieces == 0


def test_nobody_but_the_system_clears(people: Any, clerk: Any, office: Any) -> None:
    piece = deposit(clerk, office)
    actions.remove(piece, by=clerk)
    with clock.on(DAY + timedelta(days=40)):
        for name in ("朱辉斌", "石玲佳", "系统管理员"):
            with pytest.raises(Refused, match="没有“到期清除材料”的权限"):
                actions.purge(piece, by=people.users[name])
            with pytest.raises(Refused, match="没有“清除文件”的权限"):
                actions.clear(piece.current.blob, by=people.users[name])  # type: ignore[union-attr]


@pytest.mark.parametrize("who", ["same agency", "other agency", "old version", "bin", "thumbnail", "draft"])
def test_bytes_that_somebody_needs_stay(people: Any, clerk: Any, office: Any, who: str) -> None:
    data = jpeg(colour="green")
    piece = deposit(clerk, office, "a.jpg", data)
    name = old(piece)
    if who == "same agency":
        deposit(clerk, office, "b.jpg", data, again=True)
    elif who == "other agency":
        deposit(people.users["乙局朱辉斌"], people.units["乙局办公室"], "b.jpg", data)
    elif who == "old version":
        other = deposit(clerk, office, "b.jpg", data, again=True)
        actions.add_version(other, by=clerk, stored=put(PDF + b"v2", "c.pdf"), original_name="c.pdf")
    elif who == "bin":
        with clock.on(DAY + timedelta(days=20)):
            actions.remove(deposit(clerk, office, "b.jpg", data, again=True), by=clerk)
    elif who == "thumbnail":
        other = deposit(clerk, office, "b.jpg", jpeg(colour="blue"))
        Blob.objects.filter(pk=other.current.blob.pk).update(thumbnail=name)  # type: ignore[union-attr]
    else:
        Draft(agency=piece.agency, by=clerk, source_name="a.xlsx", source_sha256=name).save()
    grow_old(name)
    done = purged(piece, clerk)
    assert done.pieces == 1 and done.files == 0
    assert store().exists(name) and queries.verify().problems == []
    piece.refresh_from_db()
    assert piece.state == EvidenceState.GONE


def test_a_shared_small_picture_stays(clerk: Any, office: Any) -> None:
    first, second = (
        deposit(clerk, office, "a.jpg", jpeg()),
        deposit(clerk, office, "b.jpg", jpeg(colour="blue")),
    )
    small = put(b"the same small picture").sha256
    Blob.objects.update(thumbnail=small)
    grow_old(small)
    name = old(first)
    assert purged(first, clerk).files == 1
    assert not store().exists(name) and store().exists(small)
    old(second)
    assert purged(second, clerk).files == 1 and not store().exists(small), "the last one takes it along"


def test_not_while_something_points_at_it(clerk: Any, office: Any) -> None:
    """A row written past the door: the counter says 0, the recount does not."""
    piece = deposit(clerk, office)
    old(piece)
    actions.remove(piece, by=clerk)
    volume = Volume(agency=piece.agency, year=2020, title="x")
    volume.save()
    Filed(
        volume=volume, evidence=piece, order=1, retention="Y", code="B", no=1, archive_no="X", title="x"
    ).save()
    done = thirty_days_later()
    assert done.pieces == 0 and "还有 1 处在引用，不清除" in done.stay[0]
    piece.refresh_from_db()
    assert piece.state == EvidenceState.BINNED


def test_the_same_bytes_may_come_again(clerk: Any, office: Any) -> None:
    data = PDF + b"again"
    piece = deposit(clerk, office, "a.pdf", data)
    name = old(piece)
    purged(piece, clerk)
    assert not store().exists(name)
    second = deposit(clerk, office, "a.pdf", data)
    assert store().exists(name) and second.number != piece.number and queries.verify().problems == []
    assert len(jobs.queries.unread_versions()) == 1
    assert thirty_days_later().files == 0 and store().exists(name)


def test_young_bytes_stay(clerk: Any, office: Any) -> None:
    """Somebody has just put the same bytes, and is about to write the row."""
    data = PDF + b"young"
    piece = deposit(clerk, office, "a.pdf", data)
    name = old(piece)
    stored = put(data, "b.pdf")
    done = purged(piece, clerk)
    assert done.pieces == 1 and done.files == 0 and "刚有人存入" in done.stay[0]
    second = actions.deposit(office, by=clerk, stored=stored, original_name="b.pdf")
    assert second.current and store().exists(name) and queries.verify().problems == []


def test_bytes_taken_away_before_the_row(clerk: Any, office: Any) -> None:
    """The upload that came too late is refused; it never gets a receipt for bytes that are not there."""
    data = PDF + b"too late"
    piece = deposit(clerk, office, "a.pdf", data)
    stored = put(data, "b.pdf")
    old(piece)
    purged(piece, clerk)
    before = Evidence.objects.count()
    with pytest.raises(Busy, match="刚从回收站清除，没有保存。请重新传一次"):
        actions.deposit(office, by=clerk, stored=stored, original_name="b.pdf")
    assert Evidence.objects.count() == before and queries.verify().problems == []


def test_erased_while_the_same_bytes_are_put(tmp_path: Any) -> None:
    """R21: the file vanishes between `it is there already` and the look at it; it is put anew."""
    disk = Disk(tmp_path / "d")
    name = disk.put([b"x" * 1000], limit=10_000).sha256

    class Erased(Disk):
        def fault(self, sha256: str, size: int, *, full: bool) -> str:
            if not getattr(self, "done", False):
                self.done = True
                self.erase(sha256, hours=0)
            return super().fault(sha256, size, full=full)

    assert Erased(tmp_path / "d").put([b"x" * 1000], limit=10_000).sha256 == name
    assert disk.fault(name, 1000, full=True) == ""


def test_puts_and_erasures_at_once(tmp_path: Any) -> None:
    """R21: whoever has just put bytes finds them, however often others would erase them."""
    disk = Disk(tmp_path / "d")
    stop, lost = threading.Event(), []

    def erases() -> None:
        while not stop.is_set():
            for name in list(disk.names()):
                with contextlib.suppress(Busy):
                    disk.erase(name, hours=1)

    eraser = threading.Thread(target=erases)
    eraser.start()
    for round_ in range(300):
        stored = disk.put([b"same" * (round_ % 3 + 1)], limit=10_000)
        if not disk.exists(stored.sha256):
            lost.append(round_)
        if round_ % 5 == 0:
            os.utime(disk.path(stored.sha256), (0, 0))  # old again
    stop.set()
    eraser.join()
    # bytes made old by hand a moment before may go; those just put never do, but for the old ones found gone and put anew
    assert lost == []


@pytest.mark.parametrize("step", ["after the row", "small", "bytes", "commit"])
def test_cut_off_at_each_step(clerk: Any, office: Any, step: str, monkeypatch: Any) -> None:
    """Whatever step it was killed at: no row without bytes, and the next run ends it."""

    class Killed(BaseException):
        pass

    piece = deposit(clerk, office, "b.jpg", jpeg())
    assert piece.current
    small = jobs.thumbnail.call(piece.current.pk)
    name = old(piece)
    grow_old(small)
    actions.remove(piece, by=clerk)
    real, calls = Disk.erase, []

    def erase(self: Disk, sha256: str, *, hours: float = 24) -> bool:
        calls.append(sha256)
        if (step, sha256) in (("small", small), ("bytes", name)):
            raise Killed
        done = real(self, sha256, hours=hours)
        if step == "commit" and sha256 == name:
            raise Killed  # the bytes are off the disk, the transaction is not committed
        return done

    with monkeypatch.context() as patch:
        patch.setattr(Disk, "erase", erase)
        if step == "after the row":
            with clock.on(DAY + timedelta(days=30)):
                actions.purge(piece, by=system_user())
        else:
            with pytest.raises(Killed):
                thirty_days_later()
            assert calls
    piece.refresh_from_db()
    assert piece.state == EvidenceState.GONE, "said before anything was taken away"
    assert queries.verify().problems == []
    assert thirty_days_later().files == 1
    assert not store().exists(name) and not store().exists(small)
    found = queries.verify()
    assert found.problems == [] and found.orphans == []


def test_not_while_a_backup_runs(clerk: Any, office: Any) -> None:
    piece = deposit(clerk, office)
    name = old(piece)
    actions.remove(piece, by=clerk)
    with open(keeping_lock(), "w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert thirty_days_later().stay == ["正在备份，这一次不清除。"]
    assert store().exists(name) and thirty_days_later().files == 1


def test_on_the_command_line(clerk: Any, office: Any, capsys: Any) -> None:
    piece = deposit(clerk, office)
    old(piece)
    actions.remove(piece, by=clerk)
    with clock.on(DAY + timedelta(days=30)):
        assert cli.main(["evidence", "purge", "--dry-run"]) == 0
        assert piece.number in (out := capsys.readouterr().out) and "待清除材料 1 件" in out
        assert cli.main(["evidence", "purge"]) == 0
    assert capsys.readouterr().out == "已清除材料 1 件，从磁盘删去文件 1 个\n"


# --- pages ----------------------------------------------------------------------------------------------------


def test_the_bin_page(as_: Callable[[str], Client], clerk: Any, office: Any) -> None:
    client = as_("朱辉斌")
    assert "回收站是空的" in client.get("/evidence/bin/").content.decode()
    pieces = [deposit(clerk, office, f"{nth}.pdf") for nth in range(3)]
    answer = client.post(f"/evidence/{pieces[0].pk}/remove/", {"reason": "传错了", "seen": pieces[0].version})
    assert answer.status_code == 302
    for piece in pieces[1:]:
        actions.remove(piece, by=clerk)
    page = client.get("/evidence/bin/").content.decode()
    for words in ("传错了", "朱辉斌", "30 天", pieces[0].number, "2020-06-10"):
        assert words in page
    assert "文件还留 30 天" in client.get(f"/evidence/{pieces[0].pk}/").content.decode()
    with CaptureQueriesContext(connection) as few:
        client.get("/evidence/bin/")
    for nth in range(4):
        actions.remove(deposit(clerk, office, f"more{nth}.pdf"), by=clerk)
    with CaptureQueriesContext(connection) as many:
        client.get("/evidence/bin/")
    assert len(few) == len(many) <= 12
    # one, and many
    back = client.post("/evidence/bin/restore/", {"one": pieces[0].pk}, follow=True)
    assert "已恢复 1 件" in back.content.decode()
    back = client.post("/evidence/bin/restore/", {"pk": [piece.pk for piece in pieces[1:]]}, follow=True)
    assert "已恢复 2 件" in back.content.decode()
    assert Evidence.objects.filter(state=EvidenceState.LIVE).count() == 3
    none = client.post("/evidence/bin/restore/", {"pk": ["abc", "9" * 30]})
    assert none.status_code == 409 and "还没有勾选" in none.content.decode()


def test_the_bin_of_others(as_: Callable[[str], Client], people: Any, clerk: Any, office: Any) -> None:
    piece = deposit(clerk, office)
    actions.remove(piece, by=clerk)
    reader = as_("白毅志")
    page = reader.get("/evidence/bin/").content.decode()
    assert piece.number in page and ">恢复</button>" not in page, (
        "seen by the agency, restored by the department"
    )
    assert reader.post("/evidence/bin/restore/", {"one": piece.pk}).status_code == 403
    assert as_("乙局石玲佳").get("/evidence/bin/").content.decode().count(piece.number) == 0
    assert as_("乙局石玲佳").post("/evidence/bin/restore/", {"one": piece.pk}).status_code == 409
    assert as_("系统管理员").get("/evidence/bin/").status_code == 403
    assert as_("系统管理员").post("/evidence/bin/restore/", {"one": piece.pk}).status_code == 403
    piece.refresh_from_db()
    assert piece.state == EvidenceState.BINNED


def test_a_form_that_is_old(as_: Callable[[str], Client], clerk: Any, office: Any) -> None:
    piece = deposit(clerk, office)
    client = as_("朱辉斌")
    stale = client.post(f"/evidence/{piece.pk}/remove/", {"reason": "原因在这里", "seen": 0})
    assert stale.status_code == 409 and "原因在这里" in stale.content.decode()
    actions.remove(piece, by=clerk)
    answer = client.post("/evidence/bin/restore/", {"pk": piece.pk, f"seen-{piece.pk}": 1})
    assert answer.status_code == 409 and "刚被他人修改过" in answer.content.decode()


def test_what_is_gone_says_so(as_: Callable[[str], Client], clerk: Any, office: Any) -> None:
    piece = deposit(clerk, office, "a.pdf", PDF + b"gone")
    twin = deposit(clerk, office, "b.pdf", PDF + b"gone", again=True)
    old(piece)
    purged(piece, clerk)
    client = as_("朱辉斌")
    page = client.get(f"/evidence/{piece.pk}/").content.decode()
    assert "文件已从磁盘清除" in page and piece.number in page and "到期清除材料" in page
    assert "/download/" not in page and "恢复到材料库" not in page
    for path in ("download/", "download/1/", "thumb/", "thumb/1/", "pages/1.jpg", "versions/1/pages/1.jpg"):
        assert client.get(f"/evidence/{piece.pk}/{path}").status_code == 404, (
            "even while another piece has the bytes"
        )
    assert client.get(f"/evidence/{twin.pk}/download/").status_code == 200
    assert piece.number not in client.get("/evidence/").content.decode()
    assert piece.number not in client.get("/evidence/bin/").content.decode()
