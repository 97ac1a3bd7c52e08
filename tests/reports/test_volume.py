"""A volume as an assessor opens it: read back with libraries that did not write it."""

import hashlib
import io
import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from taizhang.evidence import actions as library
from taizhang.evidence.models import Reading, Secrecy
from taizhang.kit import clock
from taizhang.kit.apart import Apart
from taizhang.kit.files import store
from taizhang.ledger.models import Citation
from taizhang.ledger.queries.material import material_for
from taizhang.reports import actions
from taizhang.reports.models import Binding
from taizhang.reports.sheets.parts import press

from ..kit.heic import heic
from ..kit.test_pdf import reds
from . import samples
from .world import ask, bound, carry, full, ledger_of

pytestmark = pytest.mark.django_db


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def outline_of(path: Path) -> list[tuple[str, int, list[Any]]]:
    """Bookmarks as (title, page from 1, those beneath)."""
    with pikepdf.open(path) as made:
        at = {page.obj.objgen: no for no, page in enumerate(made.pages, 1)}

        def level(rows: Any) -> list[Any]:
            return [(row.title, at[row.destination[0].objgen], level(row.children)) for row in rows]

        with made.open_outline() as outline:
            return level(outline.root)


def test_a_volume_holds_everything_in_order(people: Any, settings: Any, tmp_path: Path) -> None:
    f = full(people, settings, tmp_path)
    made = bound(f.w)
    path = actions.made_path(made)
    words = samples.words_of(path)
    flat = ["".join(text.split()) for text in words]
    total = len(words)
    assert made.pages == total
    assert made.size == path.stat().st_size
    assert made.sha256 == digest(path)
    # the cover, and a number at the foot of every other page
    assert "甲局" in words[0]
    assert "创建全国文明单位" in flat[0]
    assert "数据截至2020年3月10日" in flat[0]
    assert "全部事项" in flat[0]
    assert [f"第{no}页共{total}页" in text for no, text in enumerate(flat, 1)] == [False] + [True] * (
        total - 1
    )
    # bookmarks: area → item → piece, each on its own page
    marks = {row[0]: row for row in outline_of(path)}
    assert list(marks) == ["目录", "Ⅰ 组织领导", "缺项清单"]
    items = marks["Ⅰ 组织领导"][2]
    assert items[0][0] == "Ⅰ-1-1) 领导小组月度调度"
    pieces = [title for title, _, _ in items[0][2]]
    assert pieces[:3] == ["Ⅰ-1-1)-① 会议记录", "Ⅰ-1-1)-② 现场照片", "Ⅰ-1-1)-③ 大图"]
    assert len(pieces) == 10
    where = {title.split()[1]: page for title, page, _ in items[0][2]}
    assert "minutes1" in flat[where["会议记录"] - 1]
    assert ["minutes2" in flat[where["会议记录"]], "minutes3" in flat[where["会议记录"] + 1]] == [True, True]
    assert where["现场照片"] == where["会议记录"] + 3
    # the number of a piece is printed on its first page only
    assert "Ⅰ-1-1)-①" in flat[where["会议记录"] - 1]
    assert "Ⅰ-1-1)-①" not in flat[where["会议记录"]]
    # one photograph a page with what it shows
    photo = flat[where["现场照片"] - 1]
    assert all(
        text in photo
        for text in ("2020-01-15", "三楼会议室", "全体干部", "月度调度", "领导小组月度调度1月会议现场照片")
    )
    assert "https://example.cn/news/1" in flat[where["新闻报道"] - 1]
    assert "1分5秒" in flat[where["专题片"] - 1]
    assert "会议研究了清单" in flat[where["说明"] - 1]
    # the form of the item with its conclusion
    form = flat[items[0][1] - 1]
    assert "测评材料提交表" in form
    assert "有记录，照片还差一张。" in form
    assert re.search(r"Ⅰ-1-1\)-①会议记录", form)
    assert "甲办〔2020〕1号" in flat[items[1][1] - 1]
    # landscape stays landscape
    with pikepdf.open(path) as pdf:
        shape = [float(page.mediabox[2]) > float(page.mediabox[3]) for page in pdf.pages]
    assert [no for no, wide in enumerate(shape, 1) if wide] == [where["横表"], where["横表"] + 1]
    # the catalogue says the same pages, and each line leads there
    listed = "".join(flat[1 : marks["Ⅰ 组织领导"][1] - 1])
    for title, page, _ in items[0][2]:
        number, name = title.split()
        assert f"{number}{name}{page}" in listed
    with pikepdf.open(path) as pdf:
        to = {page.obj.objgen: no for no, page in enumerate(pdf.pages, 1)}
        led = [to[note.Dest[0].objgen] for note in pdf.pages[1].obj.Annots]
    assert where["会议记录"] in led
    # what is missing: at the end, and on the binding's page
    lacks = flat[marks["缺项清单"][1] - 1 :]
    assert "Ⅰ-1-1)" in lacks[0]
    text = "".join(row["text"] for row in made.missing if row["item"].startswith("Ⅰ-1-1)"))
    assert "《加锁》：PDF 设有打开密码，没有装入" in text
    assert "1月（办公室）：未报" in text
    assert "2月（办公室）：会议记录 0/1，少 1 件" in text
    assert "加锁" in "".join(lacks)
    assert "没有装入" in flat[where["加锁"] - 1]


def test_the_proving_words_are_underlined_in_red(people: Any, settings: Any, tmp_path: Path) -> None:
    f = full(people, settings, tmp_path)
    path = actions.made_path(bound(f.w, scope="item", chosen=str(f.slot.item_id)))
    page = next(no for no, text in enumerate(samples.words_of(path)) if "minutes 2" in text)
    image = samples.drawn(path, page)
    box = reds(image)
    assert box is not None
    assert abs(box[0] - 0.1 * image.width) < 3
    assert abs(box[2] - 0.4 * image.width) < 3
    assert abs(box[3] - 0.08 * image.height) < 5
    assert reds(samples.drawn(path, page - 1)) is None
    assert reds(samples.drawn(path, page + 1)) is None


def test_the_same_material_gives_the_same_bytes_and_is_not_bound_twice(
    people: Any, settings: Any, tmp_path: Path
) -> None:
    f = full(people, settings, tmp_path)
    first = bound(f.w)
    again = ask(f.w)
    assert again.pk == first.pk, "what is there is offered"
    one = digest(actions.made_path(first))
    shutil.rmtree(actions.folder_of(first))
    second = bound(f.w)
    assert second.pk != first.pk
    assert digest(actions.made_path(second)) == one == second.sha256 == first.sha256
    assert [path.name for path in actions.folder_of(second).iterdir()] == ["made.pdf"], (
        "parts are cleared away"
    )
    samples.put(f.w, f.slot, samples.pdf(1, words="new "), "新的.pdf", "document")
    assert ask(f.w).pk not in (first.pk, second.pk)


def test_work_goes_on_where_it_was_broken_off(people: Any, settings: Any, tmp_path: Path) -> None:
    """The parts that were made are found again, and the bytes are those of a volume made in one go."""
    f = full(people, settings, tmp_path)
    whole = bound(f.w)
    again = ask(f.w, form="folder")
    carry(again)
    Binding.objects.filter(pk=whole.pk).update(state="working")
    folder = actions.folder_of(whole)
    (folder / "made.pdf").rename(tmp_path / "kept.pdf")
    (folder / "made.pdf").write_bytes(b"half a volume")
    second = carry(whole)
    assert second.state == "ready"
    assert digest(folder / "made.pdf") == digest(tmp_path / "kept.pdf")


def test_javascript_and_programs_stay_behind(people: Any, settings: Any, tmp_path: Path) -> None:
    f = full(people, settings, tmp_path)
    path = actions.made_path(bound(f.w, scope="item", chosen=str(f.slot.item_id)))
    data = path.read_bytes()
    for word in (b"JavaScript", b"/JS", b"Launch", b"/OpenAction", b"EmbeddedFile", b"MZ carried"):
        assert word not in data, word
    assert any("armed1" in text for text in samples.words_of(path))


def test_a_file_that_ends_the_child_is_left_out_and_named(people: Any, settings: Any, tmp_path: Path) -> None:
    """Bytes on disk are not what they were: told, and everything else is bound."""
    w = ledger_of(people, settings, tmp_path)
    slot = w.slot("1.1.2")
    good = samples.put(w, slot, samples.pdf(1, words="good "), "好的.pdf", "document")
    bad = samples.put(w, slot, samples.pdf(1, words="bad "), "坏的.pdf", "document")
    path = store().path(bad.current.blob.sha256)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-20] + b"x" * 20)
    made = bound(w, scope="item", chosen=str(slot.item_id))
    assert "《坏的》：文件内容与存入时的 SHA-256 不符" in "".join(row["text"] for row in made.missing)
    assert any("good 1" in text for text in samples.words_of(actions.made_path(made)))
    assert good.pk


def test_what_may_not_be_seen_is_not_bound(people: Any, settings: Any, tmp_path: Path) -> None:
    """限定 of another department, and what bears a secrecy mark: counted, not named."""
    w = ledger_of(people, settings, tmp_path)
    slot = w.slot("1.1.1")
    secret = samples.put(w, slot, samples.pdf(1, words="mark "), "标密的.pdf", "document")
    Reading.objects.update_or_create(blob=secret.current.blob, defaults={"state": "classified"})
    limited = samples.put(w, slot, samples.pdf(1, words="limited "), "限定的.pdf", "document")
    type(limited).objects.filter(pk=limited.pk).update(
        secrecy=Secrecy.LIMITED, unit=w.people.units["法规处"], by=None
    )
    open_ = samples.put(w, slot, samples.pdf(1, words="open "), "公开的.pdf", "document")
    chosen = {"item": slot.item_id}
    seen = material_for(w.user("石玲佳"), w.year, clock.today(), **chosen)[0]
    assert [proof.title for proof in seen.proofs] == ["限定的", "公开的"]
    assert seen.hidden == 1
    other = material_for(w.user("崔怡欣"), w.year, clock.today(), **chosen)[0]
    assert [proof.title for proof in other.proofs] == ["公开的"]
    assert other.hidden == 2
    made = bound(w, "崔怡欣", scope="item", chosen=str(slot.item_id))
    text = "".join(samples.words_of(actions.made_path(made)))
    assert "open 1" in text
    assert "limited" not in text
    assert "标密的" not in text
    assert any("另有 2 件材料限定范围或标有密级" in row["text"] for row in made.missing)
    assert open_.pk


def test_pinned_bytes_are_bound_and_each_piece_once(people: Any, settings: Any, tmp_path: Path) -> None:
    """What was handed in is the version of that day; a piece that two needs cite stands there once."""
    w = ledger_of(people, settings, tmp_path)
    slot = w.slot("1.1.1")
    record, photo = slot.item.needs.order_by("order")
    piece = samples.put(w, slot, samples.pdf(1, words="first "), "记录.pdf", "other", record)
    Citation.objects.filter(evidence=piece).update(version_pinned=piece.current)
    twin = Citation.objects.get(evidence=piece)
    Citation(slot=slot, need=photo, evidence=piece, version_pinned=piece.current, at=twin.at).save()
    stored = store().put([samples.pdf(1, words="second ")], limit=10**6)
    piece.refresh_from_db()
    library.add_version(piece, by=w.user("石玲佳"), stored=stored, original_name="记录2.pdf")
    held = material_for(w.user("石玲佳"), w.year, clock.today(), item=slot.item_id)[0]
    assert [(proof.title, proof.name) for proof in held.proofs] == [("记录", "记录.pdf")]
    text = "".join(samples.words_of(actions.made_path(bound(w, scope="item", chosen=str(slot.item_id)))))
    assert "first 1" in text
    assert "second 1" not in text


def test_a_machine_without_chinese_fonts_is_told(people: Any, settings: Any, tmp_path: Path) -> None:
    """The library of fonts is asked in the child; here one that sees an empty machine answers."""
    w = ledger_of(people, settings, tmp_path)
    binding = ask(w)
    child = press()
    before = child.function
    child.close()
    child.function = "tests.reports.bare:answer"
    try:
        carry(binding)
    finally:
        child.close()
        child.function = before
    assert binding.state == "failed"
    assert "没有装中文字体" in binding.fault
    assert isinstance(child, Apart)


@pytest.mark.parametrize("form", ["volume", "album"])
def test_the_photograph_of_a_telephone_goes_in(people: Any, settings: Any, tmp_path: Path, form: str) -> None:
    """HEIC, which no printer knows: upright, as a JPEG, and nothing of it is told as missing."""
    w = ledger_of(people, settings, tmp_path)
    slot = w.slot("1.1.1")
    data = heic(Image.new("RGB", (1200, 800), "#30a040"), taken="2020:01:15 09:30:11", turned=3)
    samples.put(
        w, slot, data, "IMG_3972.heic", "picture", slot.item.needs.order_by("order")[1],
        happened_on=date(2020, 1, 15), place="三楼会议室", people="全体干部", theme="月度调度",
    )  # fmt: skip
    made = bound(w, form=form)
    assert "IMG_3972" not in "".join(row["text"] for row in made.missing)
    with pikepdf.open(actions.made_path(made)) as pdf:
        shown = [one for page in pdf.pages for one in page.images.values()]
        assert [(int(one.Width), int(one.Height)) for one in shown] == [(800, 1200)]
        dots = Image.open(io.BytesIO(shown[0].read_raw_bytes()))
        assert dots.format == "JPEG" and dots.getpixel((400, 600))[1] > 120
