"""材料册: what stands on each of its pages. Set here as data for the template, joined by the child."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from taizhang.kit.look import size as size_said
from taizhang.kit.pdf.typeset import breakable
from taizhang.ledger.queries.material import Held, Proof
from taizhang.ledger.rules.numbering import area_number, bases, piece_number
from taizhang.standards.rules.needs import KINDS

from ..queries.wanted import Wanted
from ..rules.bodies import A4_NEAR, Body, seconds_said
from .parts import Desk, Made

FRONT, LIST, STAMPS = "front", "list", "stamps"
FOOT = "非涉密系统，严禁装订涉密材料"


@dataclass
class Bound:
    """What came of it: FACTS of the file, and what is missing as [{"item", "text"}]."""

    pages: int
    size: int
    sha256: str
    missing: list[dict[str, str]]


@dataclass
class Entry:
    """A line of the catalogue and a bookmark: of which block, or at which page."""

    level: int
    number: str
    title: str
    page: int = 0


@dataclass
class Sheets:
    """The pages in order, as the child wants them; `page` is the number of the next one."""

    rows: list[dict[str, Any]] = field(default_factory=list)

    @property
    def page(self) -> int:
        return len(self.rows) + 1

    def add(self, of: str, page: int, **more: Any) -> None:
        self.rows.append({"of": of, "page": page, **more})


def make_volume(desk: Desk, found: Wanted, day: date) -> Bound:
    """Bind FOUND into desk.folder/made.pdf. A source that turns out not to be drawn is left out, and it is bound again."""
    numbers = bases((one.code, one.no, one.track) for one in found.held)
    while True:
        made = desk.prepared(found.held)
        plan, missing = compose(desk, found, day, numbers, made)
        desk.tell("合成一册", sum(len(one.proofs) for one in found.held))
        told = desk.bind(plan)
        if "torn" not in told:
            return Bound(told["pages"], told["size"], told["sha256"], missing)
        desk.tear(told["torn"], told.get("why", "torn"))


def compose(
    desk: Desk, found: Wanted, day: date, numbers: list[str], made: list[list[Made]]
) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """The plan of the volume: typeset what is set, count it, number every page."""
    missing = missing_of(found.held, numbers, made)
    blocks = front_blocks(found, day, numbers, made, missing)
    path, pages, starts = desk.typeset("volume.typ", {"blocks": blocks}, "front.pdf")
    ends = _ends(starts, pages)
    lines = catalogue_lines(found.held, numbers, made)
    length = _list(desk, lines, 0)[1]
    sheets = Sheets()
    _typeset(sheets, FRONT, "cover", starts, ends)
    for at in range(length):
        sheets.add(LIST, at)
    entries: list[Entry] = []
    _fill(sheets, entries, found.held, numbers, made, starts, ends)
    entries.append(Entry(1, "", "缺项清单", sheets.page))
    _typeset(sheets, FRONT, "missing", starts, ends)
    for line, entry in zip(lines, entries, strict=True):
        line["page"] = entry.page
    listed, again, _ = _list(desk, lines, 1)
    assert again == length, "numbers stand in a column of their own width"
    stamps, _, _ = desk.typeset("stamps.typ", _stamps(sheets.rows), "stamps.pdf")
    unit = found.year.campaign.unit.name
    plan = {
        "out": str(desk.folder / "made.pdf"), "at": str(desk.folder / "at"), "typeset": {FRONT: str(path), LIST: str(listed), STAMPS: str(stamps)},
        "stamps": STAMPS, "sheets": sheets.rows, "outline": _outline(entries, length), "title": found.label, "author": unit,
        "made_on": f"D:{day:%Y%m%d}000000+08'00'", "mark": found.digest[:32].upper(),
    }  # fmt: skip
    return plan, missing


def _ends(starts: dict[str, int], pages: int) -> dict[str, int]:
    """The page behind the last of each block."""
    order = sorted(starts.values())
    after = dict(zip(order, [*order[1:], pages], strict=True))
    return {key: after[start] for key, start in starts.items()}


def _typeset(
    sheets: Sheets, of: str, block: str, starts: dict[str, int], ends: dict[str, int], **more: Any
) -> None:
    for at in range(starts[block], ends[block]):
        sheets.add(of, at, **(more if at == starts[block] else {}))


def _list(desk: Desk, lines: list[dict[str, Any]], turn: int) -> tuple[Any, int, dict[str, int]]:
    data = {"blocks": [{"id": "list", "kind": "catalogue", "rows": lines}]}
    return desk.typeset("volume.typ", data, f"list{turn}.pdf")


def catalogue_lines(held: list[Held], numbers: list[str], made: list[list[Made]]) -> list[dict[str, Any]]:
    """Areas, items and pieces, with a page of four figures until the true one is known."""
    lines: list[dict[str, Any]] = []
    area = None
    for one, number in zip(held, numbers, strict=True):
        if one.area_key != area:
            area = one.area_key
            lines.append({"level": 1, "number": "", "title": area_title(one), "page": 1000})
        lines.append({"level": 2, "number": number, "title": one.title, "page": 1000})
        for nth, proof in enumerate(one.proofs, 1):
            lines.append(
                {
                    "level": 3,
                    "number": piece_number(number, nth),
                    "title": breakable(proof.title),
                    "page": 1000,
                }
            )
    lines.append({"level": 1, "number": "", "title": "缺项清单", "page": 1000})
    return lines


def _fill(
    sheets: Sheets, entries: list[Entry], held: list[Held], numbers: list[str], made: list[list[Made]],
    starts: dict[str, int], ends: dict[str, int],
) -> None:  # fmt: skip
    """The sheets from the first divider to the last piece, and where each entry of the catalogue stands."""
    area = None
    for one, number, parts in zip(held, numbers, made, strict=True):
        if one.area_key != area:
            area = one.area_key
            entries.append(Entry(1, "", area_title(one), sheets.page))
            _typeset(sheets, FRONT, f"area-{one.area_key}-{one.item}", starts, ends)
        entries.append(Entry(2, number, one.title, sheets.page))
        _typeset(sheets, FRONT, f"form-{one.item}", starts, ends)
        for nth, (proof, part) in enumerate(zip(one.proofs, parts, strict=True), 1):
            mark = piece_number(number, nth)
            entries.append(Entry(3, mark, proof.title, sheets.page))
            _piece(sheets, f"{one.item}-{nth}", mark, proof, part, starts, ends)


def _piece(
    sheets: Sheets,
    block: str,
    mark: str,
    proof: Proof,
    part: Made,
    starts: dict[str, int],
    ends: dict[str, int],
) -> None:
    lines: dict[int, list[Any]] = {}
    for page, boxes in proof.passages:
        lines.setdefault(page, []).extend(list(box) for box in boxes)
    if part.path and not part.fault:
        for at in range(part.pages):
            sheets.add(part.path, at, lines=lines.get(at + 1, []), **({"mark": mark} if at == 0 else {}))
        return
    if part.pictures and not part.fault:
        for at, picture in enumerate(part.pictures):
            more = {
                "pictures": [picture],
                "lines": lines.get(at + 1, []),
                **({"mark": mark} if at == 0 else {}),
            }
            if _whole(part.body, picture):
                sheets.add("", 0, **more)
            else:
                _typeset(sheets, FRONT, f"{block}-{at}", starts, ends, **more)
        return
    _typeset(sheets, FRONT, block, starts, ends, mark=mark, pictures=part.poster)


def _whole(body: str, picture: dict[str, Any]) -> bool:
    """A scanned sheet: the picture of a document that has the shape of A4, upright or across, fills its page."""
    sides = sorted((picture["width"], picture["height"]))
    return body == Body.SCAN and abs(sides[1] / sides[0] - 297 / 210) < A4_NEAR


def area_title(one: Held) -> str:
    return f"{area_number(one.area_code)} {one.area}".strip() or "其他事项"


def front_blocks(
    found: Wanted, day: date, numbers: list[str], made: list[list[Made]], missing: list[dict[str, str]]
) -> list[dict[str, Any]]:
    """Everything that is set but the catalogue, in the order of the volume."""
    held = found.held
    pieces = sum(len(one.proofs) for one in held)
    pages = sum(part.pages for parts in made for part in parts)
    blocks: list[dict[str, Any]] = [
        _cover(found, day, "测评材料册", f"{len(held)} 项事项，{pieces} 件材料，{pages} 页")
    ]
    areas: dict[str, list[Held]] = {}
    for one in held:
        areas.setdefault(one.area_key, []).append(one)
    area = None
    for one, number, parts in zip(held, numbers, made, strict=True):
        if one.area_key != area:
            area = one.area_key
            inside = areas[one.area_key]
            blocks.append({
                "id": f"area-{one.area_key}-{one.item}", "kind": "divider", "number": area_number(one.area_code), "title": one.area or "其他事项",
                "says": f"事项 {len(inside)} 项　材料 {sum(len(each.proofs) for each in inside)} 件",
            })  # fmt: skip
        blocks.append(_form(one, number, parts, found.year.campaign.unit.name))
        for nth, (proof, part) in enumerate(zip(one.proofs, parts, strict=True), 1):
            blocks += piece_blocks(f"{one.item}-{nth}", proof, part, one)
    rows: dict[str, dict[str, Any]] = {}
    for row in missing:
        number, _, title = row["item"].partition("　")
        rows.setdefault(row["item"], {"number": number, "title": title, "lacks": []})["lacks"].append(
            row["text"]
        )
    said = f"截至 {day.year} 年 {day.month} 月 {day.day} 日，本册所列事项" + (
        f"有 {len(missing)} 处缺项：" if missing else "材料齐全，没有缺项。"
    )
    blocks.append({"id": "missing", "kind": "lacking", "says": said, "rows": list(rows.values())})
    return blocks


def _cover(found: Wanted, day: date, what: str, counts: str) -> dict[str, Any]:
    standards = list(dict.fromkeys(one.standard for one in found.held if one.standard))
    facts = [
        ["测评标准", "、".join(standards) or "—"], ["范　　围", found.what], ["材　　料", counts],
        ["数据截至", f"{day.year} 年 {day.month} 月 {day.day} 日"],
    ]  # fmt: skip
    return {
        "id": "cover", "kind": "cover", "unit": found.year.campaign.unit.name, "title": str(found.year.campaign), "what": what,
        "scope": f"{found.year.year} 年度" + (f"　{found.what}" if len(found.what) <= 24 else ""), "facts": facts, "foot": FOOT,
    }  # fmt: skip


def _form(one: Held, number: str, parts: list[Made], unit: str) -> dict[str, Any]:
    rows = []
    for nth, (proof, part) in enumerate(zip(one.proofs, parts, strict=True), 1):
        pages = "未装" if part.fault else "" if part.body in (Body.MEDIA, Body.LINK) else str(part.pages)
        rows.append({
            "number": piece_number(number, nth), "title": breakable(proof.title), "says": breakable(proof.doc_no) or KINDS.get(proof.kind, "材料"),
            "day": f"{proof.happened_on or ''}", "pages": pages,
        })  # fmt: skip
    code = one.no if one.code in ("", one.no) else f"{one.no}（{one.code}）"
    return {
        "id": f"form-{one.item}", "kind": "form", "unit": unit, "number": number, "standard": one.standard or "本单位自立事项", "code": code,
        "area": " / ".join(filter(None, [one.area, one.section])) or "—", "title": one.title, "requirement": one.requirement or "—",
        "lead": one.lead or "—", "person": one.person or "—", "helpers": one.helpers or "—", "points": f"{one.points} 分" if one.points else "—",
        "rows": rows, "conformity": one.conformity, "reason": one.reason, "by": one.stated_by, "lacks": list(one.lacks),
    }  # fmt: skip


def piece_blocks(block: str, proof: Proof, part: Made, one: Held) -> list[dict[str, Any]]:
    """The pages of a piece that are set here: captions of photographs, what cannot be printed, what could not be bound."""
    if part.path and not part.fault:
        return []
    if part.pictures and not part.fault:
        many = len(part.pictures)
        return [
            {"id": f"{block}-{at}", "kind": "photo", "title": proof.title + (f"（{at + 1}/{many}）" if many > 1 else ""),
             "facts": caption(proof, one)}
            for at, picture in enumerate(part.pictures)
            if not _whole(part.body, picture)
        ]  # fmt: skip
    facts = [[word, breakable(text)] for word, text in caption(proof, one)]
    if proof.name:
        facts += [["文件", f"{breakable(proof.name)}（{size_said(proof.size)}）"]]
    if proof.seconds:
        facts.insert(0, ["时长", seconds_said(proof.seconds)])
    facts.append(["存放", f"材料库，回执 {proof.number}" + ("；同名材料夹里有原件" if proof.name else "")])
    what = "没有装入" if part.fault else "音像材料" if part.body == Body.MEDIA else "网页链接"
    says = part.fault or (
        "音像不能印在纸上，请按回执号在系统里播放，或随册附光盘。" if part.body == Body.MEDIA else ""
    )
    return [{
        "id": block, "kind": "registered", "what": what, "title": proof.title, "poster": bool(part.poster), "facts": facts,
        "url": proof.url if proof.url.startswith(("http://", "https://")) else "", "shown": proof.url, "says": says,
    }]  # fmt: skip


def caption(proof: Proof, one: Held) -> list[list[str]]:
    """What stands below a photograph: time, place, people, theme, and for what it was taken."""
    rows = [
        ["时间", f"{proof.happened_on or ''}"], ["地点", proof.place], ["人物", proof.people], ["主题", proof.theme], ["文号", proof.doc_no],
        ["背景", "　".join(filter(None, [one.title, proof.period, proof.need]))],
    ]  # fmt: skip
    return [row for row in rows if row[1]]


def missing_of(held: list[Held], numbers: list[str], made: list[list[Made]]) -> list[dict[str, str]]:
    """All that lacks, item by item: what was not handed in or is short, what could not be bound, what may not be seen."""
    rows = []
    for one, number, parts in zip(held, numbers, made, strict=True):
        texts = list(one.lacks)
        for nth, (proof, part) in enumerate(zip(one.proofs, parts, strict=True), 1):
            if part.fault:
                texts.append(f"{piece_number(number, nth)}《{proof.title}》：{part.fault}")
        if not one.proofs and not one.lacks:
            texts.append("没有引用材料")
        if one.hidden:
            texts.append(f"另有 {one.hidden} 件材料限定范围或标有密级，没有装入")
        rows += [{"item": f"{number}　{one.title}", "text": text} for text in texts]
    return rows


def _stamps(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    """The numbers for all sheets; each row is told which are its own. The cover bears none."""
    stamps: list[dict[str, str]] = []
    total = len(rows)
    for at, row in enumerate(rows, 1):
        if at > 1:
            row["foot"] = len(stamps)
            stamps.append({"words": f"第 {at} 页　共 {total} 页", "at": "left" if at % 2 == 0 else "right"})
        if mark := row.pop("mark", ""):
            row["head"] = len(stamps)
            stamps.append({"words": mark, "at": "head"})
    return stamps or [{"words": "", "at": "left"}]


def _outline(entries: list[Entry], length: int) -> list[dict[str, Any]]:
    """Bookmarks: the catalogue, then areas with their items with their pieces."""
    found: list[dict[str, Any]] = [{"title": "目录", "page": 2, "under": []}] if length else []
    for entry in entries:
        row = {"title": f"{entry.number} {entry.title}".strip(), "page": entry.page, "under": []}
        if entry.level == 1:
            found.append(row)
        elif entry.level == 2:
            found[-1]["under"].append(row)
        else:
            found[-1]["under"][-1]["under"].append(row)
    return found


__all__ = ["Bound", "caption", "compose", "make_volume", "missing_of"]
