"""画册: the photographs of a scope, in chapters by area, two or four on a sheet with their captions."""

from datetime import date
from typing import Any

from taizhang.ledger.queries.material import Held, Proof
from taizhang.ledger.rules.numbering import area_number, bases

from ..queries.wanted import Wanted
from ..rules.bodies import Body
from .parts import Desk, Made, Stopped
from .volume import (
    FRONT,
    STAMPS,
    Bound,
    Entry,
    Sheets,
    _cover,
    _ends,
    _outline,
    _stamps,
    _typeset,
    area_title,
    missing_of,
)


def make_album(desk: Desk, found: Wanted, day: date) -> Bound:
    """Bind the photographs into desk.folder/made.pdf; Stopped where there is none."""
    numbers = bases((one.code, one.no, one.track) for one in found.held)
    made = desk.prepared(found.held)
    chapters = chapters_of(found.held, numbers, made)
    if not any(photos for *_, photos in chapters):
        raise Stopped("这个范围里没有能装进画册的照片。请先把照片存入材料库并引用到事项。")
    photos = sum(len(photos) for *_, photos in chapters)
    blocks: list[dict[str, Any]] = [_cover(found, day, "画　册", f"照片 {photos} 张")]
    sheets, entries = Sheets(), []
    area = None
    for one, number, shots in chapters:
        if one.area_key != area:
            area = one.area_key
            inside = [each for each in chapters if each[0].area_key == area]
            count = sum(len(each[2]) for each in inside)
            blocks.append({
                "id": f"area-{one.area_key}-{one.item}", "kind": "divider", "number": area_number(one.area_code), "title": one.area or "其他事项",
                "says": f"照片 {count} 张",
            })  # fmt: skip
        for at in range(0, len(shots), found.per_page):
            some = shots[at : at + found.per_page]
            blocks.append({
                "id": f"album-{one.item}-{at}", "kind": "album", "number": number, "chapter": one.title, "per": found.per_page,
                "photos": [{"title": proof.title[:60], "says": says(proof)[:110]} for proof, _ in some],
            })  # fmt: skip
    path, pages, starts = desk.typeset("volume.typ", {"blocks": blocks}, "front.pdf")
    ends = _ends(starts, pages)
    _typeset(sheets, FRONT, "cover", starts, ends)
    area = None
    for one, number, shots in chapters:
        if one.area_key != area:
            area = one.area_key
            entries.append(Entry(1, "", area_title(one), sheets.page))
            _typeset(sheets, FRONT, f"area-{one.area_key}-{one.item}", starts, ends)
        entries.append(Entry(2, number, one.title, sheets.page))
        for at in range(0, len(shots), found.per_page):
            pictures = [picture for _, picture in shots[at : at + found.per_page]]
            _typeset(sheets, FRONT, f"album-{one.item}-{at}", starts, ends, pictures=pictures)
    stamps, _, _ = desk.typeset("stamps.typ", _stamps(sheets.rows), "stamps.pdf")
    desk.tell("合成画册", sum(len(one.proofs) for one in found.held))
    told = desk.bind({
        "out": str(desk.folder / "made.pdf"), "at": str(desk.folder / "at"), "typeset": {FRONT: str(path), STAMPS: str(stamps)},
        "stamps": STAMPS, "sheets": sheets.rows, "outline": _outline(entries, 0), "title": found.label,
        "author": found.year.campaign.unit.name, "made_on": f"D:{day:%Y%m%d}000000+08'00'", "mark": found.digest[:32].upper(),
    })  # fmt: skip
    missing = [row for row in missing_of(found.held, numbers, made) if "没有装入" in row["text"]]
    return Bound(told["pages"], told["size"], told["sha256"], missing)


def chapters_of(
    held: list[Held], numbers: list[str], made: list[list[Made]]
) -> list[tuple[Held, str, list[tuple[Proof, dict[str, Any]]]]]:
    """The items that have photographs, each with these."""
    found = []
    for one, number, parts in zip(held, numbers, made, strict=True):
        shots = [
            (proof, picture)
            for proof, part in zip(one.proofs, parts, strict=True)
            if part.body == Body.PICTURE and not part.fault
            for picture in part.pictures
        ]
        if shots:
            found.append((one, number, shots))
    return found


def says(proof: Proof) -> str:
    """The line below a photograph's title."""
    return "　".join(filter(None, [f"{proof.happened_on or ''}", proof.place, proof.people, proof.theme]))


__all__ = ["chapters_of", "make_album", "says"]
