"""证明段落: sentences of a page, marked and taken away, shown to reviewers, drawn in the bound volume."""

from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from taizhang.evidence import actions as library
from taizhang.evidence import jobs as reading
from taizhang.evidence.models import Evidence, Page, Reading
from taizhang.evidence.queries import shown
from taizhang.evidence.queries.drawn import page_lines, previews
from taizhang.journal.models import Entry
from taizhang.kit.errors import NotPermitted, Refused, Stale
from taizhang.kit.texts.work import answer
from taizhang.ledger import actions, jobs
from taizhang.ledger.models import Citation, Passage, Slot
from taizhang.ledger.queries.material import material_for
from taizhang.ledger.rules import proofs as rules
from taizhang.ledger.rules.proofs import Sentence, sentences
from tests.evidence.samples import jpeg
from tests.evidence.samples import put as keep
from tests.kit.texts import made

from .pages import browser, carry, page, words
from .world import World, hand_out, world

FILLER, OTHER, HEAD, CLERK = "朱辉斌", "白毅志", "黎林波", "石玲佳"
TEXT = (
    "#set par(first-line-indent: (amount: 2em, all: true))\n"
    "为推进创建工作，机关成立领导小组，由主要负责同志任组长，每月召开一次调度会议；领导小组下设办公室。"
    "各处室明确专人负责！办公室按月通报“进度。”年底总结\n\n一、总体要求"
)
MONTHLY = "由主要负责同志任组长，每月召开一次调度会议；"


# ---- rules


def row(y: float, text: str, x0: float = 0.1, x1: float = 0.9) -> list[Any]:
    return [x0, y, x1, y + 0.02, text]


def said(lines: list[list[Any]]) -> list[str]:
    return [one.text for one in sentences(lines)]


def test_sentences_end_at_their_signs_and_run_over_lines() -> None:
    lines = [
        row(0.1, "　　会议研究了创建工作，要求各处室抓好落实。会后印发纪", 0.14),
        row(0.13, "要；并公开通报！", x1=0.4),
    ]
    found = sentences(lines)
    assert [one.text for one in found] == [
        "会议研究了创建工作，要求各处室抓好落实。",
        "会后印发纪要；",
        "并公开通报！",
    ]
    first, second, third = found
    # without the place of each letter the parts of a line follow from how wide letters are set
    assert len(second.boxes) == 2 and second.boxes[0][2] == pytest.approx(0.9)
    assert second.boxes[1][0] == pytest.approx(0.1) and second.boxes[1][2] == pytest.approx(0.1 + 0.3 * 2 / 8)
    assert first.boxes[0][2] == pytest.approx(second.boxes[0][0])
    assert third.boxes[0] == pytest.approx((0.1 + 0.3 * 2 / 8, 0.13, 0.4, 0.15))


def test_the_place_of_each_letter_is_used_where_it_is_known() -> None:
    edges = [0.1, 0.2, 0.25, 0.5, 0.9]
    found = sentences([[0.1, 0.1, 0.9, 0.12, "好。也好", edges]])
    assert [(one.text, one.boxes[0][0], one.boxes[0][2]) for one in found] == [
        ("好。", 0.1, 0.25),
        ("也好", 0.25, 0.9),
    ]


def test_quotes_belong_to_what_they_close() -> None:
    assert said([row(0.1, "他说：“办好了。”大家同意。")]) == ["他说：“办好了。”", "大家同意。"]
    assert said([row(0.1, "办好了？！再看（见附件。）完")]) == ["办好了？！", "再看（见附件。）", "完"]
    # a bracket in the middle of a sentence ends nothing
    assert said([row(0.1, "领导小组（见附件）每月开会。")]) == ["领导小组（见附件）每月开会。"]


def test_headings_short_lines_and_indents_end_a_paragraph() -> None:
    lines = [
        [0.3, 0.05, 0.7, 0.085, "关于开会的通知"],
        row(0.12, "各处室：", x1=0.24),
        row(0.15, "　　定于本周召开调度会议请各处室负责同志按时参加不得请", 0.15),
        row(0.18, "假", x1=0.13),
        row(0.21, "　　联系人张三", 0.15, 0.4),
    ]
    assert said(lines) == [
        "关于开会的通知",
        "各处室：",
        "定于本周召开调度会议请各处室负责同志按时参加不得请假",
        "联系人张三",
    ]


def test_two_columns_do_not_run_into_each_other() -> None:
    left = [
        row(0.1 + 0.03 * at, text, 0.1, 0.45) for at, text in enumerate(["左边第一行左边第一行", "左边完。"])
    ]
    left[1][2] = 0.24
    right = [row(0.1, "右边第一行右边第一行", 0.55, 0.9)]
    assert said(left + right) == ["左边第一行左边第一行左边完。", "右边第一行右边第一行"]


def test_page_numbers_and_broken_lines_are_no_sentences() -> None:
    broken = [
        row(0.9, "— 1 —"), row(0.92, "第 3 页"), [0.1, 0.1, 0.1, 0.1, "没有宽"], ["a", 0, 1, 1, "字"], [0.1, 0.2],
        row(0.5, "……。；"),
    ]  # fmt: skip
    assert sentences(broken) == []
    assert said([[-0.5, 0.1, 1.7, 0.12, "页边外的句子。"]]) == ["页边外的句子。"]
    assert sentences([[-0.5, 0.1, 1.7, 0.12, "页边外的句子。"]])[0].boxes == ((0.0, 0.1, 1.0, 0.12),)


def test_latin_words_keep_their_blank_and_long_sentences_their_limit() -> None:
    lines = [row(0.1, "采用 ISO standard"), row(0.13, "certificate 认证的单位一共有十二家")]
    assert said(lines) == ["采用 ISO standard certificate 认证的单位一共有十二家"]
    many = [row(0.01 * at, "创" * 40) for at in range(60)]
    for at, line in enumerate(many):
        line[3] = line[1] + 0.008
        line[1] = 0.01 * at
    assert all(len(one.text) <= rules.MOST_LETTERS for one in sentences(many))


def test_what_may_be_kept() -> None:
    good = Sentence("开会。", ((0.1, 0.1, 0.5, 0.12),))
    assert rules.problem([good]) == ""
    assert "没有文字" in rules.problem([Sentence(" ", good.boxes)])
    assert "没有文字" in rules.problem([Sentence("长" * 1001, good.boxes)])
    for boxes in ((), ((0.5, 0.1, 0.1, 0.2),), ((0.1, 0.1, 1.2, 0.2),), ((float("nan"), 0.1, 0.2, 0.3),)):
        assert "没有位置" in rules.problem([Sentence("开会。", boxes)]), boxes


# ---- the child


def lines_of(path: Path, data: bytes, no: int = 1) -> Any:
    file = path / "a.pdf"
    file.write_bytes(data)
    return answer(
        {"path": str(file), "name": "a.pdf", "mime": "application/pdf", "folder": str(path), "only": "lines", "no": no}
    )  # fmt: skip


def test_lines_of_a_pdf_stand_where_their_letters_are(tmp_path: Path) -> None:
    told = lines_of(tmp_path, made.pdf(TEXT, "第二页的内容。"), 1)
    assert told["pages"] == 2
    found = sentences(told["lines"])
    assert [one.text for one in found][-3:] == ["办公室按月通报“进度。”", "年底总结", "一、总体要求"]
    assert any(one.text.endswith(MONTHLY) for one in found)
    for line in told["lines"]:
        x0, y0, x1, y1, text, edges = line
        assert 0 < x0 < x1 < 1 and 0 < y0 < y1 < 1 and len(edges) == len(text) + 1
        assert edges == sorted(edges) and (edges[0], edges[-1]) == (x0, x1)
    tops = [line[1] for line in told["lines"]]
    assert tops == sorted(tops)
    assert lines_of(tmp_path, made.pdf("一"), 7)["unreadable"] == ["no_page", "没有第 7 页，共 1 页。"]
    assert lines_of(tmp_path, b"%PDF-1.4 broken")["unreadable"][0] == "broken"


def test_a_turned_page_is_told_as_it_is_seen(tmp_path: Path) -> None:
    """The box is the place in the picture: there is ink in it, and none beside it."""
    document = pypdfium2.PdfDocument(made.pdf("横页上的一句话。"))
    document[0].set_rotation(90)
    document.save(tmp_path / "turned.pdf")
    told = lines_of(tmp_path, (tmp_path / "turned.pdf").read_bytes())
    x0, y0, x1, y1, text, _ = max(told["lines"], key=lambda line: line[3] - line[1])
    turned = pypdfium2.PdfDocument(tmp_path / "turned.pdf")
    sheet = turned[0]
    picture = sheet.render(scale=2).to_pil().convert("L")
    wide, high = picture.size
    assert wide > high
    box = (round(x0 * wide), round(y0 * high), round(x1 * wide), round(y1 * high))
    assert picture.crop(box).getextrema()[0] < 80
    left = (0, 0, max(1, box[0] - 4), high)
    assert picture.crop(left).getextrema()[0] > 200


# ---- actions


@pytest.fixture
def w(people: Any, settings: Any, tmp_path: Path) -> World:
    settings.READS_PICTURES = False
    settings.TODAY = "2020-01-06"
    previews().folder = tmp_path / "previews"
    previews().faults.clear()
    built = world(people)
    hand_out(built)
    settings.TODAY = "2020-02-03"
    return built


def cited(w: World, data: bytes | None = None, name: str = "纪要.pdf", kind: str = "document") -> Citation:
    slot = w.slot("1.1.1")
    piece: Evidence = library.deposit(
        slot.performer, by=w.user(FILLER), stored=keep(data or made.pdf(TEXT, "第二页，附件。"), name), original_name=name,
        kind=kind, title=name, again=True, doc_no="甲办〔2020〕1号",
    )  # fmt: skip
    found: Citation = actions.cite(slot, by=w.user(FILLER), evidence=piece, propose=False)
    return found


ONE = Sentence("每月开会。", ((0.1, 0.1, 0.5, 0.12),))
TWO = Sentence("各处室落实；", ((0.5, 0.1, 0.9, 0.12), (0.1, 0.13, 0.2, 0.15)))


def mark(w: World, citation: Citation, *chosen: Sentence, by: str = FILLER, no: int = 1, **more: Any) -> None:
    actions.mark_passages(citation, by=w.user(by), page=no, chosen=chosen, **more)


def quotes(citation: Citation) -> list[tuple[int, str]]:
    return list(Passage.objects.filter(citation=citation).values_list("page", "quote"))


def test_the_marks_of_a_page_are_set_at_once(w: World) -> None:
    citation = cited(w)
    mark(w, citation, ONE, TWO)
    first = Passage.objects.get(quote=ONE.text)
    assert first.by == w.user(FILLER).person and first.boxes == [[0.1, 0.1, 0.5, 0.12]]
    mark(w, citation, ONE, no=2)
    mark(w, citation, ONE)  # what stays is not made anew
    assert quotes(citation) == [(1, ONE.text), (2, ONE.text)]
    assert Passage.objects.filter(pk=first.pk).exists()
    mark(w, citation, no=2)
    assert quotes(citation) == [(1, ONE.text)]
    entry = Entry.objects.filter(action="ledger.mark_passages").latest("id")
    assert entry.label == "标证明段落" and any("removed" in note for note in entry.changes)


def test_who_may_mark(w: World) -> None:
    citation = cited(w)
    mark(w, citation, ONE, by=CLERK, no=2)  # 创建办 as for citing
    for name in (OTHER, "系统管理员", "乙局石玲佳"):
        with pytest.raises(NotPermitted):
            mark(w, citation, ONE, by=name)
    passage = Passage.objects.get()
    with pytest.raises(NotPermitted):
        actions.drop_passage(citation, by=w.user(OTHER), passage=passage.pk)
    actions.drop_passage(citation, by=w.user(FILLER), passage=passage.pk)
    with pytest.raises(Refused, match="已经去掉"):
        actions.drop_passage(citation, by=w.user(FILLER), passage=passage.pk)


def test_what_is_refused(w: World) -> None:
    citation = cited(w)
    mark(w, citation, ONE)
    with pytest.raises(Stale, match="刚有人标过"):
        mark(w, citation, TWO, before=[])
    with pytest.raises(Stale, match="新版本"):
        mark(w, citation, TWO, version=citation.evidence.current_id + 1)
    with pytest.raises(Refused, match="没有位置"):
        mark(w, citation, Sentence("字", ((0.5, 0.5, 0.4, 0.6),)))
    with pytest.raises(Refused, match="没有第 0 页"):
        mark(w, citation, ONE, no=0)
    reading.read.func(citation.evidence.current_id)
    with pytest.raises(Refused, match="没有第 3 页，共 2 页"):
        mark(w, citation, ONE, no=3)
    many = [Sentence(f"第{n}句。", ((0.1, 0.1, 0.5, 0.12),)) for n in range(rules.MOST_PASSAGES)]
    with pytest.raises(Refused, match="最多标 300 处"):
        mark(w, citation, *many, no=2)
    assert quotes(citation) == [(1, ONE.text)]


@pytest.mark.parametrize("kind", ["picture", "link", "media"])
def test_what_is_a_proof_as_a_whole_has_no_passages(w: World, kind: str) -> None:
    citation = cited(w, jpeg(), "会议.jpg", "picture")
    Evidence.objects.filter(pk=citation.evidence_id).update(kind=kind)
    with pytest.raises(Refused) as refusal:
        mark(w, Citation.objects.get(pk=citation.pk), ONE)
    assert refusal.value.message == rules.WHOLE[kind]
    text = words(browser(w, FILLER).get(f"/ledger/citations/{citation.pk}/passages/"))
    assert rules.WHOLE[kind].split("；")[0] in text


def test_after_it_was_handed_in_nothing_is_changed(w: World) -> None:
    citation = cited(w)
    mark(w, citation, ONE)
    slot = Slot.objects.get(pk=citation.slot_id)
    Slot.objects.filter(pk=slot.pk).update(status="submitted")
    for name in (FILLER, CLERK):
        with pytest.raises(Refused, match="待审核，不能再标"):
            mark(w, Citation.objects.get(pk=citation.pk), by=name)
        with pytest.raises(Refused, match="不能再标"):
            actions.drop_passage(
                Citation.objects.get(pk=citation.pk), by=w.user(name), passage=Passage.objects.get().pk
            )
    Slot.objects.filter(pk=slot.pk).update(status="returned")
    mark(w, Citation.objects.get(pk=citation.pk), TWO)
    assert quotes(citation) == [(1, TWO.text)]


def test_marks_go_with_the_citation(w: World) -> None:
    citation = cited(w)
    mark(w, citation, ONE)
    actions.uncite(citation, by=w.user(FILLER))
    assert not Passage.objects.exists()
    entry = Entry.objects.filter(action="ledger.uncite").latest("id")  # the record holds what was marked
    assert any(ONE.text in str(note.get("removed", "")) for note in entry.changes)


def test_a_new_version_leaves_its_marks_behind(w: World, settings: Any) -> None:
    citation = cited(w)
    mark(w, citation, ONE)
    first = citation.evidence.current_id

    def lines() -> Any:
        held = material_for(w.user(CLERK), w.year, w.year.starts_on, item=citation.slot.item_id)
        return [
            proof.passages for one in held for proof in one.proofs if proof.evidence == citation.evidence_id
        ]

    assert lines() == [((1, ((0.1, 0.1, 0.5, 0.12),)),)]
    settings.TODAY = "2020-02-04"
    library.add_version(
        citation.evidence,
        by=w.user(FILLER),
        stored=keep(made.pdf("换了。"), "新.pdf"),
        original_name="新.pdf",
    )
    settings.TODAY = "2020-02-05"
    assert lines() == [()]
    answer = browser(w, FILLER).get(f"/ledger/citations/{citation.pk}/passages/")
    assert "有 1 处标在旧版文件上" in words(answer) and "<g class" not in answer.content.decode()
    fresh = Citation.objects.get(pk=citation.pk)
    mark(w, fresh, ONE)  # the same words marked anew count for the new file
    assert lines() == [((1, ((0.1, 0.1, 0.5, 0.12),)),)]
    assert first != fresh.evidence.current_id and Passage.objects.count() == 1


# ---- pages


def url(citation: Citation, tail: str = "") -> str:
    return f"/ledger/citations/{citation.pk}/{tail}"


def test_sentences_are_ticked_saved_shown_and_taken_away(w: World) -> None:
    citation = cited(w)
    client = browser(w, FILLER)
    html = client.get(url(citation, "passages/")).content.decode()
    assert MONTHLY in html and "已标的段落" in html
    hidden = dict(carry(html.replace('class="sens"', 'id="sens"'), "sens"))
    told, _ = page_lines(citation.evidence.current.blob, shown(citation.evidence.current.blob), 1)
    texts = [one.text for one in sentences(told)]
    at = next(n for n, text in enumerate(texts) if text.endswith(MONTHLY))
    answer = client.post(url(citation, "passages/mark/"), {**hidden, "s": [at, at + 1]}, follow=True)
    assert "第 1 页已标 2 处证明段落" in words(answer)
    body = answer.content.decode()
    assert body.count(f'<g data-s="{at}" class="on">') == 1 and body.count(" checked") == 2
    assert quotes(citation) == [(1, texts[at]), (1, texts[at + 1])]
    # the second click of a double one, and a form from before
    again = client.post(url(citation, "passages/mark/"), {**hidden, "s": [at]})
    assert again.status_code == 302 and len(quotes(citation)) == 2
    stale = client.post(url(citation, "passages/mark/"), {**hidden, "once": "other", "s": ["0"]})
    assert stale.status_code == 409 and "刚有人标过" in words(stale)
    assert '<input type="checkbox" name="s" value="0" checked>' in stale.content.decode()
    wrong = client.post(url(citation, "passages/mark/"), {**hidden, "once": "third", "s": ["999"]})
    assert wrong.status_code == 409 and "找不到了" in words(wrong)
    mark_ = Passage.objects.first()
    assert mark_ is not None
    gone = client.post(url(citation, "passages/drop/"), {"passage": mark_.pk, "page": 1}, follow=True)
    assert "已去掉一处" in words(gone) and len(quotes(citation)) == 1
    twice = client.post(url(citation, "passages/drop/"), {"passage": mark_.pk, "page": 1})
    assert twice.status_code == 409 and "已经去掉" in words(twice)


def test_reviewers_see_the_marks_beside_the_material_and_may_not_change_them(w: World) -> None:
    citation = cited(w)
    item = w.item("1.1.1")
    assert "标证明段落" in words(page(browser(w, FILLER), item, citation.slot))
    mark(w, citation, ONE, TWO)
    for name in (HEAD, CLERK, "卢欣燕"):
        assert "证明段落 2 处" in words(page(browser(w, name), item, citation.slot)), name
    answer = browser(w, HEAD).get(url(citation, "passages/"))
    text = words(answer)
    assert ONE.text in text and TWO.text in text
    Slot.objects.filter(pk=citation.slot_id).update(status="submitted")
    answer = browser(w, HEAD).get(url(citation, "passages/"))
    assert "只能看，不能再改" in words(answer) and 'name="s"' not in answer.content.decode()
    assert 'class="on"' in answer.content.decode()  # the underlines stand on the page
    picture = browser(w, HEAD).get(url(citation, "pages/1.jpg"))
    assert picture.status_code == 200 and picture["Content-Type"] == "image/jpeg"
    small = browser(w, HEAD).get(url(citation, "pages/1.jpg?w=160"))
    assert len(small.content) < len(picture.content)
    assert browser(w, HEAD).get(url(citation, "pages/9.jpg")).status_code == 404
    again = browser(w, HEAD).get(url(citation, "pages/1.jpg"), HTTP_IF_NONE_MATCH=picture["ETag"])
    assert again.status_code == 304
    assert browser(w, OTHER).post(url(citation, "passages/mark/"), {"page": 1}).status_code == 403


def test_a_limited_piece_is_not_opened_by_its_citation(w: World) -> None:
    citation = cited(w)
    Evidence.objects.filter(pk=citation.evidence_id).update(secrecy="limited")
    for tail in ("passages/", "pages/1.jpg"):
        assert browser(w, OTHER).get(url(citation, tail)).status_code == 404
        assert browser(w, FILLER).get(url(citation, tail)).status_code == 200
    Reading.objects.update_or_create(blob=citation.evidence.current.blob, defaults={"state": "classified"})
    for tail in ("passages/", "pages/1.jpg"):
        assert browser(w, FILLER).get(url(citation, tail)).status_code == 404


def test_a_long_document_is_turned_jumped_and_searched(w: World) -> None:
    pages = [f"第{n}页，{'领导小组调度' if n == 17 else '平常内容'}。" for n in range(1, 25)]
    citation = cited(w, made.pdf(*pages))
    reading.read.func(citation.evidence.current_id)
    mark(w, citation, ONE, no=20)
    client = browser(w, FILLER)
    first = client.get(url(citation, "passages/")).content.decode()
    assert "第 20 页</h2>" in first and "20 / 24" in first  # opened where something is marked
    strip = first[first.index('class="pgs') : first.index("</nav>", first.index('class="pgs'))]
    assert strip.index("page=20") < strip.index("page=16") and "page=3" not in strip.replace("page=3&", "")
    assert "平常内容" in words(client.get(url(citation, "passages/?page=3")))
    found = words(client.get(url(citation, "passages/?q=领导小组")))
    assert "1 页" in found and "第 17 页" in found
    assert "文字里没有" in words(client.get(url(citation, "passages/?q=没有的词")))
    assert "没有第 99 页" in words(client.get(url(citation, "passages/?page=99")))


def test_while_too_many_wait_for_pages_it_is_said_and_tried_again(w: World) -> None:
    """The words at once, no thread kept; the page and its pictures ask again by themselves. Nothing is told amiss."""
    citation = cited(w)
    client = browser(w, FILLER)
    address = url(citation, "passages/")
    previews().turns.acquire()  # another page is being drawn
    try:
        answer = client.get(address)
        assert answer.status_code == 200 and answer["Refresh"] == "2"
        assert "人太多，几秒后会自动再试" in words(answer) and MONTHLY not in words(answer)
        picture = client.get(url(citation, "pages/1.jpg"))
        assert (picture.status_code, picture["Retry-After"], picture["Refresh"]) == (503, "2", "2")
        assert picture["Cache-Control"] == "no-store" and "人太多" in picture.content.decode()
        saved = client.post(url(citation, "passages/mark/"), {"page": 1, "s": "0", "once": "a"})
        assert saved.status_code == 409 and "人太多" in words(saved) and "Refresh" not in saved
        assert not Passage.objects.exists()
    finally:
        previews().turns.release()
    again = client.get(address)
    assert "Refresh" not in again and MONTHLY in words(again) and "data-again" in again.content.decode()
    assert client.get(url(citation, "pages/1.jpg")).status_code == 200


def test_what_is_looked_for_in_a_printed_file_is_not_said_to_lack_while_pages_wait(w: World) -> None:
    citation = cited(w, "领导小组每月调度。各处室落实。".encode(), "通报.txt")
    jobs.lay_out.func(citation.evidence.current_id)
    client = browser(w, FILLER)
    previews().turns.acquire()
    try:
        answer = client.get(url(citation, "passages/?q=各处室"))
        assert "文字里没有" not in words(answer) and "人太多" in words(answer) and answer["Refresh"] == "2"
    finally:
        previews().turns.release()
    assert "1 页" in words(client.get(url(citation, "passages/?q=各处室")))
    jobs.printer().close()


def test_a_scanned_sheet_has_the_lines_that_were_recognised(w: World) -> None:
    citation = cited(w, jpeg(), "扫描.jpg")
    client = browser(w, FILLER)
    assert "还没有识别出来" in words(client.get(url(citation, "passages/")))
    lines = [[0.1, 0.1, 0.9, 0.13, "会议决定成立领导小组。每月调"], [0.1, 0.14, 0.2, 0.17, "度。"]]
    Page(blob=citation.evidence.current.blob, no=1, text="会议", folded="会议", lines=lines).save()
    html = client.get(url(citation, "passages/")).content.decode()
    assert "会议决定成立领导小组。" in html and "每月调度。" in html
    client.post(url(citation, "passages/mark/"), {"page": 1, "s": "1"})
    passage = Passage.objects.get()
    assert passage.quote == "每月调度。" and len(passage.boxes) == 2


def test_an_office_file_is_printed_before_it_is_marked(w: World) -> None:
    citation = cited(w, "领导小组每月调度。各处室落实。".encode(), "通报.txt")
    client = browser(w, FILLER)
    assert "还没有排成页面" in words(client.get(url(citation, "passages/")))
    answer = client.post(url(citation, "passages/lay-out/"), {"once": "a"}, follow=True)
    assert "正在把文件排成页面" in words(answer)
    assert jobs.lay_out.func(citation.evidence.current_id) == ""
    assert jobs.lay_out.func(citation.evidence.current_id) == ""  # twice is once
    html = client.get(url(citation, "passages/")).content.decode()
    assert "领导小组每月调度。" in html and client.get(url(citation, "pages/1.jpg")).status_code == 200
    client.post(url(citation, "passages/mark/"), {"page": 1, "s": "0"})
    assert Passage.objects.count() == 1
    # its printed pages are looked through: those of its text are others
    assert "1 页" in words(client.get(url(citation, "passages/?q=各处室")))
    assert "文字里没有" in words(client.get(url(citation, "passages/?q=没有的词")))
    jobs.printer().close()


def test_the_page_costs_the_same_for_few_and_for_many_marks(w: World) -> None:
    citation = cited(w)
    client = browser(w, FILLER)

    def count(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as held:
            assert client.get(address).status_code == 200
        return len(held)

    item = f"/ledger/items/{citation.slot.item_id}/?slot={citation.slot_id}"
    mark(w, citation, ONE)
    few = count(url(citation, "passages/")), count(item)
    for no in (1, 2):
        mark(
            w,
            citation,
            *[Sentence(f"第{n}句。", ((0.1, 0.01 * n, 0.5, 0.01 * n + 0.01),)) for n in range(40)],
            no=no,
        )
    assert (count(url(citation, "passages/")), count(item)) == few
    assert few[0] <= 25
