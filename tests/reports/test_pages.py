"""The pages of bindings: who asks for what, what is shown before and after, and that the door says no in words."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from taizhang.evidence.jobs import thumbnail
from taizhang.journal.models import Entry
from taizhang.kit import clock, files
from taizhang.kit.errors import Busy, NotPermitted, Refused
from taizhang.ledger.models import Slot
from taizhang.ledger.queries.material import material_for
from taizhang.reports import actions, jobs, queries
from taizhang.reports.models import Binding

from ..ledger import factory
from ..ledger.pages import browser, words
from . import samples
from .world import ask, bound, carry, full, ledger_of

pytestmark = pytest.mark.django_db


def binding_of(w: Any, by: str = "石玲佳", **fields: Any) -> Binding:
    user = w.user(by)
    made = Binding(
        agency=w.people.units["甲局"],
        year=w.year,
        label=f"{by}的册",
        by=user.person,
        **{"state": "ready", "sha256": "0" * 64, **fields},
    )
    made.save()
    return made


def test_first_what_it_would_hold_then_the_button(people: Any, settings: Any, tmp_path: Path) -> None:
    f = full(people, settings, tmp_path)
    client = browser(f.w, "石玲佳")
    opened = words(client.get("/reports/new/"))
    assert "看会装进什么" in opened
    assert "开始装订" not in opened
    asked = {"year": f.w.year.pk, "form": "volume", "scope": "all", "per_page": 2}
    shown = client.get("/reports/new/", asked)
    text = words(shown)
    assert "事项 10 项" in text
    assert "材料 11 件" in text
    assert "开始装订 11 件材料" in text
    assert "1月（办公室）：未报" in text
    posted = client.post("/reports/new/", {**asked, "once": "k1"})
    made = Binding.objects.get()
    assert posted.status_code == 302
    assert posted.url == f"/reports/{made.pk}/"
    assert DBTaskResult.objects.filter(task_path=jobs.WORK).count() == 1
    waiting = client.get(posted.url)
    assert "正在装订" in words(waiting)
    assert b'http-equiv="refresh"' in waiting.content
    assert client.get(f"/reports/{made.pk}/progress/").status_code == 200
    assert client.get(f"/reports/{made.pk}/file/").status_code == 409
    carry(made)
    over = client.get(f"/reports/{made.pk}/progress/", headers={"HX-Request": "true"})
    assert over.headers["HX-Redirect"] == f"/reports/{made.pk}/"
    done = words(client.get(f"/reports/{made.pk}/"))
    assert "下载" in done
    assert "缺项清单" in done
    assert "《加锁》：PDF 设有打开密码" in done
    file = client.get(f"/reports/{made.pk}/file/")
    data = b"".join(file.streaming_content)
    assert data.startswith(b"%PDF-1.7")
    assert len(data) == made.size
    assert "attachment" in file["Content-Disposition"]
    assert "sandbox" in file["Content-Security-Policy"]
    assert made.label in words(client.get("/reports/"))
    # unchanged: the finished one is offered, and asking again leads to it
    again = words(client.get("/reports/new/", asked))
    assert "材料没有变化" in again
    assert client.post("/reports/new/", asked).url == f"/reports/{made.pk}/"
    assert Binding.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"scope": "area", "area": ""}, "请选一个方面"),
        ({"scope": "unit", "unit": ""}, "请选一个处室"),
        ({"scope": "item", "item": ""}, "请填事项编号"),
        ({"scope": "item", "item": "没有-1"}, "没有编号是“没有-1”的事项"),
        ({"scope": "area", "area": "99.7"}, "选择一个有效的选项"),
        ({"scope": "all", "form": "scroll"}, "选择一个有效的选项"),
    ],
)
def test_what_is_typed_wrong_is_told_and_kept(
    people: Any, settings: Any, tmp_path: Path, typed: dict[str, str], said: str
) -> None:
    w = ledger_of(people, settings, tmp_path)
    client = browser(w, "石玲佳")
    answer = client.post("/reports/new/", {"year": w.year.pk, "form": "volume", "per_page": 2, **typed})
    assert answer.status_code in (409, 422)
    assert said in words(answer)
    assert f'value="{typed["scope"]}"' in answer.content.decode()
    assert not Binding.objects.exists()


def test_a_head_binds_the_own_department_and_no_more(people: Any, settings: Any, tmp_path: Path) -> None:
    w = ledger_of(people, settings, tmp_path)
    office, law = w.people.units["办公室"], w.people.units["法规处"]
    client = browser(w, "黎林波")
    page = client.get("/reports/new/").content.decode()
    assert 'value="all"' not in page
    assert f'<option value="{office.pk}"' in page
    assert f'<option value="{law.pk}"' not in page
    mine = ask(w, "黎林波", scope="unit", chosen=str(office.pk))
    assert mine.by == w.user("黎林波").person
    with pytest.raises(Refused, match="没有这个处室"):
        ask(w, "黎林波", scope="unit", chosen=str(law.pk))
    with pytest.raises(NotPermitted):
        ask(w, "黎林波", scope="all")
    with pytest.raises(NotPermitted):
        ask(w, "黎林波", scope="item", chosen=str(w.item("1.2.5").pk))
    assert ask(w, "黎林波", scope="item", chosen=str(w.item("1.1.1").pk)).scope == "item"
    with pytest.raises(NotPermitted):
        ask(w, "朱辉斌", scope="item", chosen=str(w.item("1.1.1").pk))


def test_a_department_gets_what_it_leads_and_its_own_periods(
    people: Any, settings: Any, tmp_path: Path
) -> None:
    """1.2.2 is done by every department of business: another's slots are no part of this one's volume."""
    w = ledger_of(people, settings, tmp_path)
    law, trade = w.people.units["法规处"], w.people.units["审批处"]
    slots = {
        slot.performer_id: slot
        for slot in Slot.objects.filter(item__year=w.year, item__code="1.2.2").order_by("-starts_on")
    }
    assert {law.pk, trade.pk} <= set(slots)
    samples.put(w, slots[law.pk], b"of law", "法规.txt", "other")
    samples.put(w, slots[trade.pk], b"of trade", "审批.txt", "other")
    held = material_for(w.user("石玲佳"), w.year, clock.today(), unit=law)
    titles = {one.code: [proof.title for proof in one.proofs] for one in held}
    lead = w.item("1.2.2").lead
    assert titles["1.2.2"] == ["法规"] or (lead is not None and lead.pk == law.pk)
    assert "1.2.5" in titles
    assert "1.1.1" not in titles


def test_who_sees_which_binding(people: Any, settings: Any, tmp_path: Path) -> None:
    """The office sees all of its agency; whoever binds for a department sees the own ones."""
    w = ledger_of(people, settings, tmp_path)
    of_office, of_head = binding_of(w), binding_of(w, "黎林波")
    seen = {
        name: {one.pk for one in queries.bindings_for(w.user(name))}
        for name in ("石玲佳", "黎林波", "崔怡欣", "朱辉斌", "乙局石玲佳")
    }
    assert seen == {
        "石玲佳": {of_office.pk, of_head.pk}, "黎林波": {of_head.pk}, "崔怡欣": set(), "朱辉斌": set(), "乙局石玲佳": set(),
    }  # fmt: skip
    assert browser(w, "黎林波").get(f"/reports/{of_office.pk}/").status_code == 404
    assert browser(w, "乙局石玲佳").get(f"/reports/{of_head.pk}/file/").status_code == 404
    assert browser(w, "朱辉斌").get("/reports/").status_code == 403
    assert browser(w, "朱辉斌").get("/reports/new/").status_code == 403


def test_clearing_away_is_recorded_and_takes_the_file(people: Any, settings: Any, tmp_path: Path) -> None:
    f = full(people, settings, tmp_path)
    made = bound(f.w, scope="item", chosen=str(f.slot.item_id))
    folder = actions.folder_of(made)
    assert folder.exists()
    client = browser(f.w, "石玲佳")
    assert client.post(f"/reports/{made.pk}/discard/").url == "/reports/"
    assert not folder.exists()
    assert not Binding.objects.filter(pk=made.pk).exists()
    entry = Entry.objects.filter(action="reports.discard").get()
    assert entry.changes[0]["removed"]["sha256"] == made.sha256
    working = binding_of(f.w, state="working")
    assert client.post(f"/reports/{working.pk}/discard/").status_code == 409


def test_old_bindings_and_nameless_folders_go_by_themselves(
    people: Any, settings: Any, tmp_path: Path
) -> None:
    w = ledger_of(people, settings, tmp_path)
    old = binding_of(w, finished_at=clock.now() - timedelta(days=jobs.KEEP_DAYS + 1))
    fresh = binding_of(w, finished_at=clock.now() - timedelta(days=jobs.KEEP_DAYS - 1))
    for pk in (old.pk, fresh.pk, 987654):
        (Path(settings.BOUND) / str(pk)).mkdir(parents=True)
    assert jobs.sweep() == 1
    assert [path.name for path in Path(settings.BOUND).iterdir() if path.is_dir()] == [str(fresh.pk)]
    assert list(Binding.objects.values_list("pk", flat=True)) == [fresh.pk]


def test_one_at_a_time_and_none_is_forgotten(people: Any, settings: Any, tmp_path: Path) -> None:
    w = ledger_of(people, settings, tmp_path)
    one, two = (
        ask(w, scope="item", chosen=str(w.item("1.1.2").pk)),
        ask(w, scope="item", chosen=str(w.item("1.1.1").pk)),
    )
    with jobs.turn(one.agency_id) as mine:
        assert mine
        assert jobs.work.call(two.pk) == "waits"
        two.refresh_from_db()
        assert two.state == "waiting"
    DBTaskResult.objects.all().delete()
    assert jobs.work.call(one.pk) == "ready"
    assert list(jobs.jobs.queued(jobs.WORK)) == [two.pk], "the next one is called"
    assert jobs.work.call(one.pk) == "done before"
    DBTaskResult.objects.all().delete()
    assert jobs.bind_what_waits() == 1
    assert jobs.bind_what_waits() == 0


def test_a_full_disk_is_told_before_anything_is_made(
    people: Any, settings: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    w = ledger_of(people, settings, tmp_path)
    monkeypatch.setattr(files.Disk, "RESERVE", 2**62)
    with pytest.raises(Busy, match="磁盘剩下的空间不够"):
        ask(w)
    assert not Binding.objects.exists()
    client = browser(w, "石玲佳")
    answer = client.post(
        "/reports/new/", {"year": w.year.pk, "form": "volume", "scope": "all", "per_page": 2}
    )
    assert answer.status_code == 503
    assert "磁盘剩下的空间不够" in words(answer)


def test_what_failed_can_be_tried_again(people: Any, settings: Any, tmp_path: Path) -> None:
    w = ledger_of(people, settings, tmp_path)
    failed = carry(ask(w, form="album"))
    assert failed.state == "failed"
    client = browser(w, "石玲佳")
    assert "没有能装进画册的照片" in words(client.get(f"/reports/{failed.pk}/"))
    samples.put(w, w.slot("1.1.1"), samples.picture(), "照片.jpg", "picture")
    assert client.post(f"/reports/{failed.pk}/again/").status_code == 302
    assert carry(failed).state == "ready"
    assert client.post(f"/reports/{failed.pk}/again/").status_code == 409


def test_the_album_on_screen(people: Any, settings: Any, tmp_path: Path) -> None:
    f = full(people, settings, tmp_path)
    client = browser(f.w, "朱辉斌")
    address = f"/evidence/{f.pieces['photo'].pk}/thumb/".encode()
    page = client.get("/reports/album/")
    assert address not in page.content, "it is not drawn small yet"
    thumbnail.call(f.pieces["photo"].current_id)
    page = client.get("/reports/album/")
    text = words(page)
    assert "现场照片" in text
    assert "2020-01-15 三楼会议室 全体干部 月度调度" in " ".join(text.split("　"))
    assert address in page.content
    assert "实施方案" not in text, "papers are no photographs"
    assert "做成 PDF 画册" not in text, "a filler may not bind"
    assert "做成 PDF 画册" in words(browser(f.w, "石玲佳").get("/reports/album/"))
    assert "现场照片" in words(client.get("/reports/album/?month=2020-01"))
    law = f.w.slot("1.2.5")
    samples.put(
        f.w, law, samples.picture(300, 200, "navy"), "二月的.jpg", "picture", happened_on=date(2020, 2, 3)
    )
    february = words(client.get("/reports/album/?month=2020-02"))
    assert "二月的" in february
    assert "现场照片" not in february


def test_the_item_page_leads_here(people: Any, settings: Any, tmp_path: Path) -> None:
    f = full(people, settings, tmp_path)
    url = f"/ledger/items/{f.slot.item_id}/"
    assert "装订这一项" in words(browser(f.w, "石玲佳").get(url))
    assert "装订这一项" in words(browser(f.w, "黎林波").get(url))
    assert "装订这一项" not in words(browser(f.w, "朱辉斌").get(url))
    shown = words(browser(f.w, "黎林波").get(f"/reports/new/?pk={f.slot.item_id}"))
    assert "开始装订 10 件材料" in shown
    assert browser(f.w, "乙局石玲佳").get(f"/reports/new/?pk={f.slot.item_id}").status_code == 404


def test_queries_are_as_many_for_a_large_ledger(people: Any, settings: Any, tmp_path: Path) -> None:
    settings.TODAY = "2020-06-10"
    settings.BOUND = tmp_path / "bound"
    small, large = (
        factory.ledger(people, "甲局", items=9, people=10, evidence=10), factory.ledger(people, "乙局", items=150, people=40, evidence=300)
    )  # fmt: skip

    def counted(name: str, url: str) -> int:
        client = Client()
        client.force_login(people.users[name])
        client.get(url)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    for url in (
        "/reports/new/?scope=all&form=volume&per_page=2&year={}",
        "/reports/album/?year={}",
        "/reports/",
    ):
        counts = [
            counted(name, url.format(made.year.pk))
            for name, made in (("石玲佳", small), ("乙局石玲佳", large))
        ]
        assert counts[0] == counts[1], url
    found = {}
    for name, made in (("石玲佳", small), ("乙局石玲佳", large)):
        with CaptureQueriesContext(connection) as seen:
            held = material_for(people.users[name], made.year, clock.today())
        found[name] = len(seen)
        assert held
    assert found["石玲佳"] == found["乙局石玲佳"] <= 12
    for made, many in ((small, 1), (large, 20)):
        for n in range(many):
            Binding(agency=made.agency, year=made.year, label=f"册{n}", state="ready").save()
    assert counted("乙局石玲佳", "/reports/") == counted("石玲佳", "/reports/")
