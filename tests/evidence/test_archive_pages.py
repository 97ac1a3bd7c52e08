"""归档 on the pages: the way from the list to the seal, what is refused with what was typed, queries at two sizes."""

import io
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from taizhang.evidence import actions
from taizhang.evidence.models import Evidence, EvidenceState, Filed, Fonds, Kind, Volume, VolumeState
from taizhang.evidence.sheets import archive_run
from taizhang.kit.tables import read_book
from taizhang.ledger import actions as ledger

from ..ledger.world import hand_out, world
from .archive_world import Archive, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def a(people: Any, settings: Any, tmp_path: Path) -> Archive:
    settings.TODAY = "2020-12-20"
    settings.BOUND = tmp_path / "bound"
    made = Archive(people)
    made.fonds()
    return made


def carried_out(volume: Volume, do: str, capture: Any, ask: Any) -> Any:
    """Post what queues the job; then do what the worker would."""
    with capture(execute=True):
        got = ask()
    archive_run.carry_out(volume.pk, do, 0, lambda version: None)
    from django_tasks_db.models import DBTaskResult  # noqa: PLC0415 -- needs the set-up apps

    DBTaskResult.objects.all().delete()
    return got


def test_the_way_from_the_list_to_the_seal(
    a: Archive, as_: Any, django_capture_on_commit_callbacks: Any
) -> None:
    a.three()
    clerk = as_("石玲佳")
    assert "还没有归档册" in clerk.get(reverse("volumes")).content.decode()
    page = clerk.get(reverse("volume_new") + "?source=&year=2020").content.decode()
    assert "立册，编入 3 件" in page and "关于表彰先进的决定" in page
    got = clerk.post(
        reverse("volume_new"),
        {"agency": a.agency.pk, "source": "", "year": "2020", "kind": "", "title": "2020年度文书"},
    )
    volume = Volume.objects.get()
    assert got["Location"] == reverse("volume", args=[volume.pk]) and volume.title == "2020年度文书"
    ids = [row.pk for row in rows(volume)]
    got = clerk.post(reverse("volume_arrange", args=[volume.pk]), {"pk": ids[:2], "retention": "Y"})
    assert got.status_code == 302 and [row.retention for row in rows(volume)].count("Y") == 2
    clerk.post(reverse("volume_number", args=[volume.pk]))
    assert all(row.no for row in rows(volume))
    page = clerk.get(reverse("volume", args=[volume.pk])).content.decode()
    assert "Z109-WS·2020-Y-BGS-0001" in page and "四性检测</button>" in page
    got = carried_out(
        volume,
        "check",
        django_capture_on_commit_callbacks,
        lambda: clerk.post(reverse("volume_check", args=[volume.pk])),
    )
    page = clerk.get(got["Location"]).content.decode()
    assert page.count("通过") >= 4 and "封存 3 件" in page
    carried_out(
        volume,
        "seal",
        django_capture_on_commit_callbacks,
        lambda: clerk.post(reverse("volume_seal", args=[volume.pk])),
    )
    volume.refresh_from_db()
    assert volume.state == VolumeState.SEALED
    page = clerk.get(reverse("volume", args=[volume.pk])).content.decode()
    assert volume.manifest in page and "取出" not in page and 'name="pk"' not in page
    got = clerk.get(reverse("volume_package", args=[volume.pk]))
    names = zipfile.ZipFile(io.BytesIO(b"".join(got.streaming_content))).namelist()
    assert "清单.json" in names and "清单校验值.txt" in names and len(names) == 6 + 2 + 3 * 3
    carried_out(
        volume,
        "again",
        django_capture_on_commit_callbacks,
        lambda: clerk.post(reverse("volume_recheck", args=[volume.pk])),
    )
    assert "都与封存时相同" in clerk.get(reverse("volume", args=[volume.pk])).content.decode()
    got = clerk.post(reverse("volume_succeed", args=[volume.pk]))
    later = Volume.objects.get(succeeds=volume)
    assert got["Location"] == reverse("volume", args=[later.pk])
    assert "新增 0 件，取出 0 件，改动 0 件" in clerk.get(got["Location"]).content.decode()
    clerk.post(reverse("volume_discard", args=[later.pk]))
    assert Volume.objects.count() == 1


def test_progress_is_shown_until_it_is_over(
    a: Archive, as_: Any, django_capture_on_commit_callbacks: Any
) -> None:
    volume = a.volume()
    actions.number_pieces(volume, by=a.clerk)
    clerk = as_("石玲佳")
    with django_capture_on_commit_callbacks(execute=True):
        clerk.post(reverse("volume_check", args=[volume.pk]))
    archive_run.note(volume.pk, archive_run.Told(1, 3, "核对文件"))
    page = clerk.get(reverse("volume", args=[volume.pk])).content.decode()
    assert "第 1 件，共 3 件" in page and "取出</button>" not in page
    assert "核对文件" in clerk.get(reverse("volume_progress", args=[volume.pk])).content.decode()
    from django_tasks_db.models import DBTaskResult  # noqa: PLC0415 -- needs the set-up apps

    DBTaskResult.objects.all().delete()
    archive_run.note(volume.pk, archive_run.Told(fault="磁盘满了"))
    got = clerk.get(reverse("volume_progress", args=[volume.pk]), headers={"HX-Request": "true"})
    assert got["HX-Redirect"] == reverse("volume", args=[volume.pk])
    assert "磁盘满了" in clerk.get(reverse("volume", args=[volume.pk])).content.decode()


def test_refused_forms_come_back_with_what_was_typed(a: Archive, as_: Any) -> None:
    volume = a.volume()
    row = rows(volume)[0]
    clerk = as_("石玲佳")
    got = clerk.post(
        reverse("volume_arrange", args=[volume.pk]),
        {"pk": [row.pk], "dated_on": "去年春天", "note": "我写的"},
    )
    page = got.content.decode()
    assert (
        got.status_code == 409
        and "认不出" in page
        and 'value="我写的"' in page
        and re.search(rf'value="{row.pk}"[^>]*checked', page)
    )
    got = clerk.post(
        reverse("filing", args=[row.pk]),
        {"title": "", "retention": "Y", "code": "BGS", "dated_on": "2020-06-08", "issuer": "某局"},
    )
    assert (
        got.status_code == 409
        and "题名没有填" in got.content.decode()
        and 'value="某局"' in got.content.decode()
    )
    got = clerk.post(
        reverse("filing", args=[row.pk]),
        {
            "title": "[自拟]",
            "retention": "D10",
            "code": "bgs",
            "dated_on": "20200101",
            "issuer": "某局",
            "seen": row.version,
        },
    )
    row.refresh_from_db()
    assert got.status_code == 302 and (row.title, row.dated_on) == ("[自拟]", date(2020, 1, 1))
    got = clerk.post(
        reverse("filing", args=[row.pk]),
        {"title": "晚了", "retention": "Y", "code": "BGS", "dated_on": "", "seen": 1},
    )
    assert (
        got.status_code == 409 and "刚被他人修改过" in got.content.decode() and "晚了" in got.content.decode()
    )
    got = clerk.post(
        reverse("volume_new"), {"agency": a.agency.pk, "year": "2020", "source": "", "title": "长" * 201}
    )
    assert got.status_code == 409 and "最多 200 个" in got.content.decode()
    got = clerk.post(reverse("volume_add", args=[volume.pk]), {"pk": []})
    assert got.status_code == 409 and "还没有勾选" in got.content.decode()
    for name in ("volume_seal", "volume_recheck", "volume_succeed", "volume_check"):
        assert clerk.post(reverse(name, args=[volume.pk])).status_code == 409, name
    assert clerk.get(reverse("volume_package", args=[volume.pk])).status_code == 409


def test_the_fonds_page_proposes_codes_and_keeps_what_was_typed(a: Archive, as_: Any) -> None:
    Fonds.objects.all().delete()
    clerk = as_("石玲佳")
    page = clerk.get(reverse("fonds")).content.decode()
    assert 'value="BGS"' in page and "建议" in page
    assert "还没有填全宗号" in clerk.get(reverse("volumes")).content.decode()
    office, law = (f"code-{a.people.units[name].pk}" for name in ("办公室", "法规处"))
    got = clerk.post(
        reverse("fonds"),
        {"agency": a.agency.pk, "code": "Z109", "archive": "县馆", office: "AAA", law: "AAA"},
    )
    assert (
        got.status_code == 409
        and "用了两次" in got.content.decode()
        and got.content.decode().count('value="AAA"') == 2
    )
    got = clerk.post(
        reverse("fonds"),
        {"agency": a.agency.pk, "code": "z109", "archive": "县馆", office: "AAA", law: "BBB"},
    )
    fonds = Fonds.objects.get()
    assert got.status_code == 302 and (fonds.code, fonds.archive, len(fonds.codes)) == ("Z109", "县馆", 2)
    got = clerk.post(reverse("fonds"), {"agency": a.agency.pk, "code": "Z110", "seen": fonds.version + 5})
    assert got.status_code == 409 and "刚被他人修改过" in got.content.decode()
    assert clerk.get(reverse("fonds") + f"?agency={a.people.units['乙局'].pk}").status_code == 404


def test_one_reason_serves_all_problems_of_a_kind(a: Archive, as_: Any) -> None:
    volume = a.checked(a.volume([a.piece("甲.pdf", happened_on=None), a.piece("乙.pdf", happened_on=None)]))
    clerk = as_("石玲佳")
    page = clerk.get(reverse("volume", args=[volume.pk])).content.decode()
    assert (
        page.count('name="answer-') == 1
        and "2 件共用" in page
        and reverse("filing", args=[rows(volume)[0].pk]) in page
    )
    clerk.post(reverse("volume_answer", args=[volume.pk]), {"answer-0": "考证不出"})
    volume.refresh_from_db()
    assert [one["answer"] for one in volume.checks[1]["problems"]] == ["考证不出"] * 2


def test_a_campaign_years_pieces_come_with_one_choice(
    people: Any, settings: Any, tmp_path: Path, as_: Any
) -> None:
    settings.TODAY = "2020-01-06"
    settings.BOUND = tmp_path / "bound"
    w = world(people)
    hand_out(w)
    settings.TODAY = "2020-12-20"
    a = Archive(people)
    a.fonds()
    cited = a.piece("1月会议纪要.pdf", happened_on=date(2020, 1, 20))
    a.piece("没有引用.pdf")
    ledger.cite(w.slot("1.1.1"), by=a.clerk, evidence=cited)
    clerk = as_("石玲佳")
    page = clerk.get(reverse("volume_new")).content.decode()
    assert "事项引用的材料" in page and "立册，编入 1 件" in page and "没有引用" not in page
    clerk.post(reverse("volume_new"), {"agency": a.agency.pk, "source": f"year:{w.year.pk}", "year": "2020"})
    volume = Volume.objects.get()
    assert [row.evidence for row in rows(volume)] == [cited] and volume.source == f"year:{w.year.pk}"
    page = clerk.get(reverse("volume_add", args=[volume.pk]) + "?q=没有").content.decode()
    assert "没有引用" in page and "会议纪要" not in page.split("<table")[1]


def test_the_catalogue_of_a_draft_says_so(a: Archive, as_: Any) -> None:
    volume = a.volume()
    got = as_("石玲佳").get(reverse("volume_catalogue", args=[volume.pk]))
    sheet = read_book(got.content, "目录.xlsx").sheets[0]
    assert sheet.name == "归档文件目录（草稿）" and len(sheet.rows) == 4


def many(a: Archive, volume: Volume, count: int) -> None:
    """Rows outside the door, as fixtures do: links, for they have no bytes."""
    made = Evidence.objects.bulk_create(
        Evidence(
            unit=a.people.units["办公室"], agency=a.agency, number=f"材-{count}-{at}", kind=Kind.LINK, title=f"材料{at}", url="https://a.cn",
            state=EvidenceState.LIVE, uses=1,
        )
        for at in range(count)
    )  # fmt: skip
    Filed.objects.bulk_create(
        Filed(
            volume=volume,
            evidence=one,
            order=at + 9,
            retention="Y",
            code="BGS",
            no=at + 9,
            archive_no=f"{count}-{at}",
            title=one.title,
            issuer="甲局",
        )
        for at, one in enumerate(made)
    )


def test_the_number_of_queries_does_not_grow_to_600_pieces(a: Archive, as_: Any) -> None:
    clerk = as_("石玲佳")
    volume = a.volume()
    actions.number_pieces(volume, by=a.clerk)
    pages = [
        reverse("volumes"), reverse("volume", args=[volume.pk]), reverse("volume_new") + "?source=&year=2020",
        reverse("volume_add", args=[volume.pk]), reverse("volume_catalogue", args=[volume.pk]), reverse("fonds"),
        reverse("filing", args=[rows(volume)[0].pk]),
    ]  # fmt: skip
    counts = []
    for size in (0, 600):
        if size:
            many(a, volume, size)
            many(a, Volume.objects.create(agency=a.agency, year=2020, title="另一册"), 30)
            for at in range(40):
                a.piece(f"散件{at}.pdf", happened_on=date(2020, 6, 1))
        told = []
        for url in pages:
            clerk.get(url)
            with CaptureQueriesContext(connection) as seen:
                got = clerk.get(url)
            assert got.status_code == 200 and len(got.content) < 200_000, url
            told.append(len(seen))
        counts.append(told)
    assert counts[0] == counts[1] and max(counts[0]) <= 30, counts
