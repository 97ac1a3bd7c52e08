"""A scanned standard: how well it is read, and its way from the upload over the recognising into the wizard."""

import functools
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_tasks_db.models import DBTaskResult
from PIL import Image

from taizhang.kit import libraries
from taizhang.kit.documents.seen.ask import MOST_PAGES, Eyes
from taizhang.kit.errors import Refused
from taizhang.kit.files import store
from taizhang.org.queries import system_user
from taizhang.standards import actions, jobs
from taizhang.standards.cli import reading_from
from taizhang.standards.models import Draft, SeenPage
from taizhang.standards.rules.tree import Reading
from taizhang.standards.sheets.read import open_book, read

from ..kit.test_seen import paper, scan_of, told
from ..people import City
from .uploads import said_in

SCANS = Path(__file__).parent.parent / "fixtures" / "scans"
reads_pictures = pytest.mark.skipif(not libraries.ocr(), reason="no reader of pictures is installed")


@functools.cache
def recognised(name: str) -> dict[int, dict[str, Any]]:
    """All pages of a fixture, by the real reader, once for all tests: seconds each."""
    count = len(pypdfium2.PdfDocument(SCANS / name))
    with Eyes() as eyes:
        return eyes.pages(SCANS / name, range(1, count + 1))


def wanted(name: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads((SCANS / f"{name}.expected.json").read_text(encoding="utf-8"))
    return found


def reading_of(name: str) -> Reading:
    data = (SCANS / name).read_bytes()
    return read(data, name, book=open_book(data, name, recognised(name)))


def table_told() -> dict[str, Any]:
    """A recognised page of a small standard; one of its cells was not certain."""
    rows = [["测评项目", "测评内容", "分值", "牵头处室"]]
    rows += [["组织领导", f"第{n}项每季度一次", "2", "办公室"] for n in ("一", "二", "三", "四", "五")]
    return told(rows, wide=118, unsure="第三项每季度一次")


# ---- how well


@reads_pictures
def test_a_scanned_table_of_forty_items_with_merged_cells_over_two_pages() -> None:
    reading = reading_of("table.pdf")
    want, got = wanted("table.pdf"), {leaf.title: leaf for leaf in reading.leaves}
    assert len(want) == 40 and len(reading.leaves) <= 42
    hits = [(one, got[one["title"]]) for one in want if one["title"] in got]
    assert len(hits) >= 0.95 * len(want)
    assert sum(leaf.points == Decimal(one["points"]) for one, leaf in hits) >= 0.95 * len(want)
    assert sum(leaf.lead == one["lead"] for one, leaf in hits) >= 0.9 * len(want)
    assert [node.title for node in reading.areas] == list(dict.fromkeys(one["area"] for one in want))
    assert len(reading.sections) == len({one["section"] for one in want})
    assert reading.warnings[0].text.startswith("第 1—2 页是扫描后识别出来的文字") or any(
        "第 1—2 页是扫描后识别出来的文字" in one.text for one in reading.warnings
    )


@reads_pictures
def test_a_scanned_outline() -> None:
    reading = reading_of("outline.pdf")
    want = wanted("outline.pdf")
    texts = {leaf.points: leaf for leaf in reading.leaves}
    assert len(reading.leaves) == len(want) == 12 and texts
    for one, leaf in zip(want, reading.leaves, strict=True):
        assert leaf.points == Decimal(one["points"])
        assert one["text"].startswith(leaf.title.rstrip("…")[:8])
    assert [node.title for node in reading.areas] == list(dict.fromkeys(one["area"] for one in want))


# ---- the way through the pages


def send(client: Client, data: bytes, name: str = "测评标准（扫描）.pdf") -> Any:
    return client.post("/standards/import/", {"file": SimpleUploadedFile(name, data)})


@pytest.fixture
def office(as_: Any, settings: Any) -> Client:
    settings.READS_PICTURES = True
    client: Client = as_("石玲佳")
    return client


@pytest.mark.usefixtures("people")
@reads_pictures
def test_from_the_upload_over_the_progress_into_the_wizard(office: Client) -> None:
    """The worker is killed after the first page; the next one goes on with the second."""
    answer = send(office, (SCANS / "outline.pdf").read_bytes())
    draft = Draft.objects.get()
    here = f"/standards/drafts/{draft.pk}/"
    assert (answer.status_code, answer.url) == (302, f"{here}scan/")
    assert draft.scans == [1, 2]
    assert DBTaskResult.objects.get(task_path=jobs.SEE).args_kwargs["args"] == [draft.pk]
    page = office.get(answer.url)
    assert "正在识别扫描件" in said_in(page) and "第 0 页，共 2 页" in said_in(page)
    assert b'http-equiv="refresh"' in page.content and b"hx-get" in page.content
    assert office.get(here).url == f"{here}scan/", "there is nothing to look at yet"
    assert office.post(f"{here}columns/", {"sheet": "正文"}).status_code == 409
    actions.keep_seen(draft, by=system_user(), no=1, told=recognised("outline.pdf")[1])
    assert "第 1 页，共 2 页" in said_in(office.get(f"{here}scan/progress/"))
    assert jobs.see.call(draft.pk) == "done"
    assert SeenPage.objects.count() == 2
    over = office.get(f"{here}scan/progress/", headers={"HX-Request": "true"})
    assert over.headers["HX-Redirect"] == f"{here}scan/"
    assert office.get(f"{here}scan/").url == f"{here}?step=check"
    wizard = office.get(f"{here}?step=check")
    assert wizard.status_code == 200
    words = said_in(wizard)
    assert "第 1—2 页是扫描后识别出来的文字，可能有错字，请对照原件核对" in words and "76" in words
    # the same file again, by whomever: nothing is recognised twice
    again = send(office, (SCANS / "outline.pdf").read_bytes())
    assert again.url.endswith("?step=check") and DBTaskResult.objects.filter(task_path=jobs.SEE).count() == 1


def begun(office: Client, count: int = 2) -> Draft:
    answer = send(office, scan_of([paper(60, 80)] * count))
    assert answer.status_code == 302 and answer.url.endswith("/scan/"), said_in(answer)
    return Draft.objects.latest("pk")


def keep(draft: Draft, *pages: dict[str, Any]) -> None:
    for no, page in enumerate(pages, start=1):
        actions.keep_seen(draft, by=system_user(), no=no, told=page)


@reads_pictures
def test_what_was_not_certain_stands_among_the_doubts_with_page_and_cell(office: Client) -> None:
    draft = begun(office, 1)
    keep(draft, table_told())
    here = f"/standards/drafts/{draft.pk}/"
    assert office.get(f"{here}scan/").url == f"{here}?step=check"
    answer = office.get(f"{here}?step=check")
    assert "第1页第4行第2列：扫描识别没有把握，“第三项每季度一次”，请对照原件" in said_in(answer)
    assert "%21B4" in answer.content.decode(), "and leads to the cell"


@reads_pictures
def test_a_draft_thrown_away_stops_the_recognising(office: Client) -> None:
    draft = begun(office)
    assert office.post(f"/standards/drafts/{draft.pk}/drop/").status_code == 302
    assert jobs.see.call(draft.pk) == "gone"
    assert not SeenPage.objects.exists()


@reads_pictures
def test_a_page_is_not_kept_for_a_draft_that_is_gone(office: Client) -> None:
    draft = begun(office)
    Draft.objects.all().delete()
    with pytest.raises(Draft.DoesNotExist):
        actions.keep_seen(draft, by=system_user(), no=1, told=table_told())
    assert not SeenPage.objects.exists()


@reads_pictures
def test_a_scan_without_any_text_says_so_and_is_no_dead_end(office: Client) -> None:
    draft = begun(office, 2)
    keep(draft, {"fault": "图像已损坏"}, {"size": [595.0, 842.0], "lines": [], "texts": []})
    answer = office.get(f"/standards/drafts/{draft.pk}/scan/")
    assert answer.status_code == 200
    assert "一页也没有认出文字" in said_in(answer) and "放弃导入" in said_in(answer)


@reads_pictures
def test_a_file_whose_pages_are_all_bad_is_given_up(office: Client) -> None:
    draft = begun(office, 7)
    keep(draft, *[{"fault": "识别了太久"}] * jobs.MOST_FAULTS)
    assert jobs.see.call(draft.pk) == "stopped"
    assert SeenPage.objects.count() == jobs.MOST_FAULTS
    assert "没有再往下识别" in said_in(office.get(f"/standards/drafts/{draft.pk}/scan/"))


@reads_pictures
def test_what_stopped_is_said_and_gone_on_with(office: Client) -> None:
    draft = begun(office)
    here = f"/standards/drafts/{draft.pk}/scan/"
    assert office.post(here).status_code == 409
    assert "正在识别，不必再点" in said_in(office.post(here))
    store().path(draft.source_sha256).unlink()
    assert jobs.see.call(draft.pk) == "stopped"
    DBTaskResult.objects.all().delete()
    assert "原件不在存储里了" in said_in(office.get(here))
    assert office.post(here).status_code == 302
    draft.refresh_from_db()
    assert draft.fault == "" and DBTaskResult.objects.filter(task_path=jobs.SEE).count() == 1
    DBTaskResult.objects.all().delete()  # as if the queue had been lost
    assert "识别停下了" in said_in(office.get(here)) and "接着识别" in said_in(office.get(here))


@reads_pictures
def test_only_scans_that_are_not_saved_are_recognised(office: Client, people: City) -> None:
    plain = actions.begin(people.units["甲局"], by=people.users["石玲佳"], source_name="a", sha256="0" * 64)
    with pytest.raises(Refused, match="不是扫描件"):
        actions.see_again(plain, by=people.users["石玲佳"])
    assert office.get(f"/standards/drafts/{plain.pk}/scan/").url == f"/standards/drafts/{plain.pk}/"


@reads_pictures
def test_too_many_pages_are_refused_at_once(office: Client) -> None:
    answer = send(office, scan_of([paper(20, 30)] * (MOST_PAGES + 1)))
    assert answer.status_code == 409
    assert f"要识别 {MOST_PAGES + 1} 页，一次最多识别 {MOST_PAGES} 页" in said_in(answer)
    assert not Draft.objects.exists()


def test_where_nothing_is_recognised_the_page_says_what_to_do(office: Client, settings: Any) -> None:
    settings.READS_PICTURES = False
    answer = send(office, (SCANS / "outline.pdf").read_bytes())
    assert answer.status_code == 409 and not Draft.objects.exists()
    words = said_in(answer)
    assert (
        "这是扫描件，共 2 页，没有文字层" in words
        and "请用原来的 Word、Excel 文件" in words
        and "TAIZHANG_OCR=1" in words
    )
    assert "本机关闭了图像识别" in said_in(office.get("/standards/import/"))
    # a page or two without text among others are only noted, as before
    half = (SCANS.parent / "pdf" / "partly-scanned.pdf").read_bytes()
    answer = send(office, half)
    assert answer.status_code == 302 and Draft.objects.get().scans == []
    assert "第 2 页是扫描图片，没有文字，没有读" in said_in(
        office.get(f"/standards/drafts/{Draft.objects.get().pk}/?step=check")
    )


@reads_pictures
def test_a_photographed_page_is_taken_too(office: Client) -> None:
    out = io.BytesIO()
    Image.new("L", (60, 80), 230).save(out, "JPEG")
    assert send(office, out.getvalue(), "拍照.jpg").status_code == 302
    assert Draft.objects.get().scans == [1]
    torn = send(office, out.getvalue()[:40], "拍照.jpg")
    assert torn.status_code == 409 and "图片文件不完整或已损坏" in said_in(torn)


@reads_pictures
@pytest.mark.parametrize("route", ["scan/", "scan/progress/"])
def test_the_pages_cost_the_same_for_two_pages_and_for_sixty(
    office: Client, route: str, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for count in (2, MOST_PAGES):
        here = f"/standards/drafts/{begun(office, count).pk}/{route}"
        office.get(here)
        with django_assert_max_num_queries(40) as held:
            assert office.get(here).status_code == 200
        counts.append(len(held.captured_queries))
    assert counts[0] == counts[1]


# ---- the command line


@reads_pictures
def test_the_command_line_reads_a_scan_here_and_now(
    tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last page of the outline alone, upside down."""
    settings.READS_PICTURES = True
    page = pypdfium2.PdfDocument(SCANS / "outline.pdf")[1].render(scale=200 / 72).to_pil().convert("L")
    page.rotate(180).save(tmp_path / "末页.png")
    reading = reading_from(tmp_path / "末页.png")
    assert [leaf.points for leaf in reading.leaves] == [
        Decimal(one["points"]) for one in wanted("outline.pdf")[-1:]
    ]
    assert "正在识别第 1 页（1/1）" in capsys.readouterr().err
    settings.READS_PICTURES = False
    with pytest.raises(Refused, match="TAIZHANG_OCR=1"):
        reading_from(tmp_path / "末页.png")
