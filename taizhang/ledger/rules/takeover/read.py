"""A foreign ledger → Plan: what each row says about which item, and what a person should look at. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from taizhang.kit.tables import Book
from taizhang.standards.rules.titles import split_title

from ..states import Status
from .choices import OWN, SKIP, Choices
from .dates import Day, day_of
from .duties import duties, leader_of
from .facts import Facts, ItemFact
from .matching import Hit, head_of, match_rows
from .plan import GUESS, NONE, SURE, Doubt, Plan, Row
from .raw import Raw, ReadSheet, read_sheets
from .settle import Likeness
from .standing import Colours, standing
from .who import Who

TITLE = 200  # characters of an item's title
STATES = {state.value for state in Status}


def read_ledger(
    book: Book, facts: Facts, choices: Choices, today: date, colours: Colours | None = None
) -> Plan:
    """What BOOK says about the items of FACTS. Never raises on what a cell holds: doubts tell it by row."""
    sheets, told, problems = read_sheets(book, facts, choices)
    raws = [raw for sheet in sheets for raw in sheet.rows]
    of_sheet = {sheet.name: sheet for sheet in sheets}
    hits = match_rows(raws, facts, Likeness(facts))
    _chosen(raws, hits, facts, choices)
    who = Who(facts, choices.words)
    made = [
        _row(raw, hit, of_sheet[raw.sheet], who, facts, choices, today, colours or {})
        for raw, hit in zip(raws, hits, strict=True)
    ]
    rows = _joined(raws, _twice(raws, hits, made, who))
    for sheet in sheets:
        fields = set(sheet.header.fields.values())
        if "state" not in fields:
            problems.append(f"“{sheet.name}”没有状态列：写了进展或销号时间的按其意思接，其余状态不动。")
        if not fields & {"lead", "both"} and not any(raw.unit for raw in sheet.rows):
            problems.append(f"“{sheet.name}”没有责任单位列，责任单位不动。")
    columns = tuple(column for sheet in sheets for column in sheet.columns)
    return Plan(columns, tuple(rows), (*book.notes, *problems), tuple(told), _asked(rows))


def _chosen(raws: Sequence[Raw], hits: list[Hit], facts: Facts, choices: Choices) -> None:
    """What the clerk said of a row stands above what was found; who loses an item by it is matched no more."""
    by_id = {item.id: item for item in facts.items}
    for n, raw in enumerate(raws):
        said = choices.rows.get(raw.key, {}).get("item")
        if said in (OWN, SKIP):
            hits[n] = Hit(how="由人指定")
        elif isinstance(said, int) and said in by_id:
            hits[n] = Hit(by_id[said], 2.0, SURE, "由人指定")
    first: dict[int, int] = {}
    # the clerk's own rows come first, whatever their place
    order = sorted(range(len(raws)), key=lambda n: (hits[n].how != "由人指定", n))
    for n in order:
        item = hits[n].item
        if item is not None:
            hits[n].before = raws[first[item.id]] if item.id in first else None
            first.setdefault(item.id, n)


def _row(
    raw: Raw,
    hit: Hit,
    sheet: ReadSheet,
    who: Who,
    facts: Facts,
    choices: Choices,
    today: date,
    colours: Colours,
) -> Row:
    doubts: list[Doubt] = []
    item, kind = hit.item, "match"
    chosen = choices.rows.get(raw.key, {})
    if chosen.get("item") == SKIP:
        kind = "skip"
    elif item is None:
        kind = OWN
    _about_item(raw, hit, facts, doubts)
    lead, helpers, people = duties(raw, sheet.header, item, who, doubts)
    leader = leader_of(raw, who, doubts)
    due, closed = _days(raw, item, facts, today, choices, doubts)
    state = standing(raw, sheet, choices, closed, today, colours, doubts)
    title, requirement = raw.cells.get("title", ""), raw.cells.get("requirement", "")
    if not title or len(title) > TITLE:
        head, rest = split_title(title or requirement, long=60, scored=False)
        title, requirement = head[:TITLE], "\n".join(dict.fromkeys(one for one in (rest, requirement) if one))
    if kind == OWN and not title:
        kind = SKIP
        doubts.append(Doubt("row", "这一行没有写做什么，没有接续", "title"))
    row = Row(
        raw.key, raw.at + 1, raw.sheet, item.id if item and kind == "match" else None, kind, hit.how or ("标准里没有相近的事项，单独立项" if kind == OWN else ""),
        hit.certainty if item else (SURE if hit.how == "由人指定" else NONE), title, requirement, raw.area, raw.section, state, tuple(people),
        lead, tuple(helpers), leader, due, closed, _progress(raw), raw.cells.get("remark", ""), tuple({(one.kind, one.text): one for one in doubts}.values()),
        raw.cells.get("code", ""), dict(raw.cells),
    )  # fmt: skip
    return _corrected(row, chosen, who)


def _corrected(row: Row, chosen: Mapping[str, object], who: Who) -> Row:
    """The clerk's own word on a row's state, people and date; what it answers is no doubt any more."""
    settled: set[str] = set()
    state, people, due = chosen.get("state"), chosen.get("people"), chosen.get("due_on")
    if isinstance(state, str) and state in STATES:
        row, settled = replace(row, state=state), settled | {"state"}
    if isinstance(people, list):
        row = replace(row, people=tuple(pk for pk in people if pk in who.people))
        settled |= {"person", "helper_people"}
    if isinstance(due, str):
        try:
            row = replace(row, due_on=date.fromisoformat(due) if due else None)
            settled |= {"due_on"}
        except ValueError:
            pass
    return (
        replace(row, doubts=tuple(one for one in row.doubts if one.field not in settled)) if settled else row
    )


def _about_item(raw: Raw, hit: Hit, facts: Facts, doubts: list[Doubt]) -> None:
    item = hit.item
    if hit.how == "由人指定":
        return
    if hit.conflict is not None:
        said = raw.cells.get("code", "")
        doubts.append(
            Doubt(
                "item",
                f"编号“{said}”是“{hit.conflict.title[:30]}”，文字却是{_name(item) if item else '另一件事'}，请核对",
                "code",
                said,
                _ids(hit.conflict, item),
            )
        )
    elif hit.no_code and item is not None:
        doubts.append(
            Doubt(
                "item",
                f"本年度台账没有编号“{raw.cells.get('code', '')[:20]}”，按文字对到{_name(item)}",
                "code",
                raw.cells.get("code", ""),
                (item.id,),
            )
        )
    elif hit.no_code:
        doubts.append(
            Doubt(
                "item",
                f"本年度台账没有编号“{raw.cells.get('code', '')[:20]}”，文字也对不上，将单独立项",
                "code",
                raw.cells.get("code", ""),
            )
        )
    if item is None and hit.rivals:
        near = "、".join(_name(one) for one in hit.rivals)
        doubts.append(
            Doubt(
                "item",
                f"标准里没有对得上的事项，将单独立项；最像的是{near}",
                "title",
                raw.title[:120],
                _ids(*hit.rivals),
            )
        )
    if item is not None and hit.certainty == GUESS:
        others = f"，也像{'、'.join(_name(one) for one in hit.rivals[:2])}" if hit.rivals else ""
        doubts.append(
            Doubt(
                "item",
                f"猜是{_name(item)}（{hit.how}）{others}，请核对",
                "title",
                raw.title[:120],
                _ids(item, *hit.rivals[:3]),
            )
        )


def _name(item: ItemFact) -> str:
    return f"{item.shown}“{item.title[:20]}”"


def _ids(*items: ItemFact | None) -> tuple[int, ...]:
    return tuple(dict.fromkeys(one.id for one in items if one is not None))


def _days(
    raw: Raw, item: ItemFact | None, facts: Facts, today: date, choices: Choices, doubts: list[Doubt]
) -> tuple[date | None, date | None]:
    known = choices.words.get("date", {})

    def day(name: str) -> Day:
        cell = raw.days.get(name)
        said = raw.cells.get(name, "").strip()
        if said in known:
            try:
                return Day(date.fromisoformat(known[said]) if known[said] else None, open=True)
            except ValueError:
                pass
        bounds = (facts.starts_on, facts.ends_on) if name == "due_on" else (None, None)
        return day_of(cell, facts.year, first=bounds[0], last=bounds[1])

    due, closed = day("due_on"), day("closed_on")
    for name, found in (("due_on", due), ("closed_on", closed)):
        if found.note:
            doubts.append(Doubt("date", found.note, name, raw.cells.get(name, "").strip()[:120]))
    if closed.on and closed.on > today:
        doubts.append(
            Doubt(
                "date",
                f"销号时间 {closed.on.isoformat()} 还没有到，没有接续",
                "closed_on",
                raw.cells["closed_on"][:120],
            )
        )
        return due.on, None
    return due.on, closed.on


def _progress(raw: Raw) -> str:
    """Several columns of progress (5月, 6月 …) in one text, each under its header."""
    if len(raw.progress) < 2:
        return raw.cells.get("progress", "")
    return "\n".join(f"{header}：{text}" for header, text in raw.progress)


def _twice(raws: Sequence[Raw], hits: Sequence[Hit], rows: list[Row], who: Who) -> list[Row]:
    """Rows that mean one item: told on each of them; one row per department is in order, the same twice is not."""
    groups: dict[int, list[int]] = {}
    for n, row in enumerate(rows):
        if row.kind == "match" and row.item is not None:
            groups.setdefault(row.item, []).append(n)
    for places in groups.values():
        if len(places) < 2:
            continue
        head = next((n for n in places if hits[n].before is None), places[0])
        leads = [rows[n].lead for n in places]
        parts = (
            all(leads)
            and len(set(leads)) == len(leads)
            or all(raws[n].joined is not None for n in places if n != head)
        )
        for n in places:
            others = "、".join(_place(rows[m], rows[n]) for m in places if m != n)
            if parts:
                text = f"与{others}是同一项，各写各的责任单位，合并为一项：第一行牵头，其余配合"
            else:
                text = f"与{others}对到了同一项，{'以本行为准' if n == head else '没有重复接续'}，请核对"
            rows[n] = replace(
                rows[n],
                first=n == head,
                part=parts,
                doubts=(*rows[n].doubts, Doubt("twice", text, "", stops=n != head and not parts)),
            )
    return rows


def _place(other: Row, row: Row) -> str:
    return f"第 {other.row} 行" if other.sheet == row.sheet else f"“{other.sheet}”第 {other.row} 行"


def _joined(raws: Sequence[Raw], rows: list[Row]) -> list[Row]:
    """A matter of our own over several rows by merging is one: the others lend it their people and departments."""
    for n, row in enumerate(rows):
        if row.kind != OWN or (head := head_of(raws, n)) is None or rows[head].kind != OWN:
            continue
        first = rows[head]
        helpers = [one for one in (*first.helpers, row.lead, *row.helpers) if one and one != first.lead]
        rows[head] = replace(
            first,
            helpers=tuple(dict.fromkeys(helpers)),
            people=tuple(dict.fromkeys((*first.people, *row.people))),
        )
        told = Doubt("merged", f"与第 {first.row} 行合并为同一事项，没有单独立项，人员和处室并入那一行")
        rows[n] = replace(row, kind=SKIP, first=False, part=True, doubts=(*row.doubts, told))
    return rows


def _asked(rows: Sequence[Row]) -> tuple[tuple[str, str, tuple[int, ...]], ...]:
    """What nobody knew, once each: to be answered for all rows and remembered."""
    found: dict[tuple[str, str], tuple[int, ...]] = {}
    for row in rows:
        for doubt in row.doubts:
            if doubt.said and doubt.kind in ("state", "unit", "person", "date"):
                found.setdefault((doubt.kind, doubt.said), doubt.options)
    return tuple((kind, said, options) for (kind, said), options in found.items())
