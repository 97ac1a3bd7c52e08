"""What each step of 接续台账 shows. Built from the file each time; rows are made plain before the template loops."""

from collections import Counter
from typing import Any
from urllib.parse import quote

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.urls import reverse

from taizhang.kit import look

from ..forms.takeover import STATES, item_label
from ..models import Takeover
from ..rules.landing import Landing
from ..rules.states import Status
from ..rules.takeover import FIELDS, FileMatch, Row
from ..rules.takeover.plan import GUESS, SURE
from ..sheets.taking import Taken

STEPS = {"columns": "对列", "rows": "对行", "files": "对材料", "save": "核对保存"}
ROWS_A_PAGE, FILES_A_PAGE = 50, 100
KINDS = {"match": "已匹配", "own": "单独立项", "skip": "跳过"}
ROW_VIEWS = {"": "全部", "doubts": "有疑问", "match": "已匹配", "own": "单独立项", "skip": "跳过"}
FILE_VIEWS = {"": "全部", "doubts": "有疑问", "match": "对上", "none": "没有对上", "skip": "跳过"}
#: as the clerk chooses them; what is handed in or judged is so in the system only
STATE_WORDS = {one.value: one.label for one in Status} | {value.value: label for value, label in STATES}
FIELD_WORDS = {"state": "状态", "unit": "处室", "person": "人员", "date": "日期"}


def bar(takeover: Takeover | None, now: str) -> list[tuple[int, str, str, str]]:
    """The row of steps: (number, label, style, address)."""
    names = ["file", *STEPS]
    at = names.index(now)
    here = reverse("takeover", args=[takeover.pk]) if takeover else ""
    return [
        (n + 1, STEPS.get(name, "选文件"), "on" if n == at else "ok" if n < at else "",
         f"{here}?step={name}" if takeover and name in STEPS and n != at else "")
        for n, name in enumerate(names)
    ]  # fmt: skip


def columns_step(taken: Taken) -> dict[str, Any]:
    """Every header once, with what it was taken for and a sample; the sheets and why some were not read."""
    seen: dict[str, Any] = {}
    for one in taken.plan.columns:
        seen.setdefault(one.header, one)
    chosen = taken.choices.columns
    fields = [(key, label) for key, label in FIELDS.items() if key] + [("", "不读")]
    return {
        "columns": [
            (n, one.header, FIELDS.get(one.field, "不读"), one.certainty not in (SURE, "likely"), one.sample,
             [(key, label, one.header in chosen and chosen[one.header] == key) for key, label in fields])
            for n, one in enumerate(seen.values())
        ],
        "sheets": taken.plan.sheets, "problems": taken.plan.problems, "row_count": len(taken.plan.rows),
        "some": [(row.row, row.code, row.title, state_words(row)) for row in taken.plan.rows[:12]],
        "several": len(taken.plan.sheets) > 1,
    }  # fmt: skip


def state_words(row: Row) -> str:
    return STATE_WORDS.get(row.state or "", row.said.get("state", ""))


def asked_words(taken: Taken) -> list[dict[str, Any]]:
    """The words nobody knew, each asked once: options to choose from, the likely ones first."""
    units = {one.id: one.names[0] for one in taken.facts.units if not one.ended and one.names}
    found = []
    for n, (field, said, options) in enumerate(taken.plan.asked):
        likely = [(str(pk), units[pk]) for pk in options if pk in units]
        found.append({
            "n": n, "field": field, "word": FIELD_WORDS.get(field, field), "said": said,
            "times": sum(said == row.said.get(name) for row in taken.plan.rows for name in row.said) or "",
            "options": [(value, label) for value, label in STATES] if field == "state"
            else [*likely, *((str(pk), name) for pk, name in units.items() if pk not in options)] if field == "unit" else [],
            "likely": _people(taken, options) if field == "person" else "",
        })  # fmt: skip
    return found


def _people(taken: Taken, ids: tuple[int, ...]) -> str:
    return "、".join(f"{one.staff_no} {one.name}" for one in taken.facts.people if one.id in ids)


def doubtful(row: Row) -> bool:
    return bool(row.doubts) or (row.kind == "match" and row.certainty == GUESS)


def rows_step(request: HttpRequest, takeover: Takeover, taken: Taken) -> dict[str, Any]:
    view = request.GET.get("f", "")
    view = view if view in ROW_VIEWS else ""
    rows = [
        one
        for one in taken.plan.rows
        if not view or (doubtful(one) if view == "doubts" else one.kind == view)
    ]
    counts = Counter(one.kind for one in taken.plan.rows)
    counts |= Counter({"": len(taken.plan.rows), "doubts": sum(doubtful(one) for one in taken.plan.rows)})
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    here = f"{reverse('takeover', args=[takeover.pk])}?step=rows"
    base = f"{here}&f={view}&page={page.number}"
    opened = request.GET.get("open", "")
    items = taken.items()
    units = {one.id: one.names[0] for one in taken.facts.units if one.names}
    names = {one.id: one.name for one in taken.facts.people}
    held = next((one for one in page.object_list if one.key == opened), None)
    return {
        "views": [(f"{here}&f={key}", label, counts[key], key == view) for key, label in ROW_VIEWS.items()],
        "page": page, "lines": [_row_line(one, items, units, names, base, one is held) for one in page.object_list],
        "held": _row_form(held, taken, items) if held else None, "base": base, "asked": asked_words(taken),
        "item_names": [item_label(one) for one in taken.facts.items] if held else [],
        "people_names": people_names(taken) if held or any(one[0] == "person" for one in taken.plan.asked) else [],
    }  # fmt: skip


def people_names(taken: Taken) -> list[str]:
    return [f"{one.staff_no} {one.name}" for one in taken.facts.people if not one.left]


def _row_line(
    row: Row, items: dict[int, Any], units: dict[int, str], names: dict[int, str], base: str, held: bool
) -> dict[str, Any]:
    item = items.get(row.item or 0)
    return {
        "key": row.key, "n": row.row, "sheet": row.sheet, "code": row.code, "title": row.title or "（没有写事项）",
        "to": item_label(item) if item and row.kind == "match" else "", "kind": KINDS.get(row.kind, row.kind),
        "tone": "" if row.kind == "match" else "y" if row.kind == "own" else "", "how": row.how,
        "state": look.st(row.state, STATE_WORDS[row.state]) if row.state in set(Status) else "",
        "state_said": row.said.get("state", ""), "who": "、".join(names.get(pk, "") for pk in row.people) or row.said.get("person", ""),
        "lead": units.get(row.lead or 0, "") or row.said.get("lead", ""), "due": row.due_on, "doubts": [(one.text, one.stops) for one in row.doubts],
        "open": f"{base}&open={quote(row.key)}#r{row.row}", "held": held, "off": row.kind == "skip" or row.stops,
    }  # fmt: skip


def _row_form(row: Row, taken: Taken, items: dict[int, Any]) -> dict[str, Any]:
    said = taken.choices.rows.get(row.key, {})
    item = items.get(row.item or 0)
    chosen = said.get("item")
    kind = chosen if chosen in ("own", "skip") else "match" if chosen else "auto"
    staff = {one.id: f"{one.staff_no} {one.name}" for one in taken.facts.people}
    people = said.get("people") or []
    return {
        "key": row.key, "n": row.row, "kind": kind, "item": item_label(item) if item else "", "auto": KINDS.get(row.kind, ""),
        "states": [(value, label, said.get("state") == value) for value, label in STATES], "state_said": row.said.get("state", ""),
        "due_on": said.get("due_on", ""), "due_said": row.said.get("due_on", ""), "person": staff.get(people[0], "") if people else "",
        "person_said": row.said.get("person", ""), "requirement": row.requirement, "progress": row.progress, "remark": row.remark,
        "changed": bool(said), "others": [item_label(items[pk]) for one in row.doubts for pk in one.options if one.kind == "item" and pk in items],
    }  # fmt: skip


def file_state(one: FileMatch, saved: frozenset[str]) -> str:
    if one.skip:
        return "skip"
    return "match" if one.name in saved else "none"


def files_step(request: HttpRequest, takeover: Takeover, taken: Taken) -> dict[str, Any]:
    view = request.GET.get("f", "")
    view = view if view in FILE_VIEWS else ""
    saved = frozenset(one.name for one in taken.taken_files())
    states = {one.name: file_state(one, saved) for one in taken.matches}
    counts = Counter(states.values())
    counts |= Counter({"": len(taken.matches), "doubts": sum(bool(one.doubts) for one in taken.matches)})
    rows = [
        one
        for one in taken.matches
        if not view or (bool(one.doubts) if view == "doubts" else states[one.name] == view)
    ]
    page = Paginator(rows, FILES_A_PAGE).get_page(request.GET.get("page"))
    here = f"{reverse('takeover', args=[takeover.pk])}?step=files"
    base = f"{here}&f={view}&page={page.number}"
    opened = request.GET.get("open", "")
    items, sizes = taken.items(), {one.name: one.size for one in taken.files.files}
    own = {row.key: row.title for row in taken.plan.rows if row.kind == "own"}
    labels = {"match": "", "none": "没有对上，不存", "skip": "跳过"}
    slots = {slot.id: slot.label for item in taken.facts.items for slot in item.slots}
    lines = [
        {
            "name": one.name.rsplit("/", 1)[-1], "folder": one.name.rsplit("/", 1)[0] if "/" in one.name else "", "full": one.name,
            "size": look.size(sizes.get(one.name, 0)), "to": item_label(items[one.item]) if one.item in items else own.get(one.row, ""),
            "period": slots.get(one.slot or 0, "") or one.period, "how": one.how, "state": labels[states[one.name]],
            "doubts": [doubt.text for doubt in one.doubts], "open": f"{base}&open={quote(one.name)}#held", "held": one.name == opened,
            "skip": one.skip,
        }
        for one in page.object_list
    ]  # fmt: skip
    held = next((one for one in page.object_list if one.name == opened), None)
    options = [item_label(items[pk]) for pk in held.options if pk in items] if held else []
    return {
        "views": [(f"{here}&f={key}", label, counts[key], key == view) for key, label in FILE_VIEWS.items()], "page": page,
        "lines": lines, "base": base, "held": held, "held_item": item_label(items[held.item]) if held and held.item in items else "",
        "options": options, "item_names": [item_label(one) for one in taken.facts.items] if held else [],
        "refused": taken.files.refused[:200], "refused_all": len(taken.files.refused), "notes": taken.files.notes, "none": counts["none"],
    }  # fmt: skip


def save_step(takeover: Takeover, taken: Taken, past: bool) -> dict[str, Any]:
    """What saving will do, in numbers and by row."""
    landings = list(taken.landings(past=past))
    stops = [row for row in taken.plan.rows if row.stops and row.kind != "skip"]
    files = taken.taken_files()
    words: list[tuple[str, str]] = [
        (place(row), "；".join(one.text for one in row.doubts if one.stops)) for row in stops
    ]
    words += [(place(row), text) for row, _, landing in landings for text in landing.words]
    states = Counter(landing.status or "" for _, _, landing in landings)
    here = f"{reverse('takeover', args=[takeover.pk])}?step="
    matched, own = sum(bool(item) for _, item, _ in landings), sum(item is None for _, item, _ in landings)
    return {
        "numbers": [
            {"label": "匹配", "n": matched, "url": f"{here}rows&f=match"}, {"label": "单独立项", "n": own, "url": f"{here}rows&f=own"},
            {"label": "跳过", "n": sum(row.kind == "skip" for row in taken.plan.rows), "url": f"{here}rows&f=skip"},
            {"label": "不能存", "n": len(stops), "url": f"{here}rows&f=doubts", "hot": True},
            {"label": "有疑问", "n": sum(doubtful(row) for row in taken.plan.rows), "url": f"{here}rows&f=doubts"},
            {"label": "材料对上", "n": len(files), "url": f"{here}files&f=match"},
            {"label": "材料没有对上", "n": sum(not one.skip for one in taken.matches) - len(files), "url": f"{here}files&f=none", "hot": True},
        ],
        "does": does(landings, states, len(files)), "words": words[:300], "words_all": len(words),
        "can": bool(landings), "rows": len(landings), "files": len(files), "past": past, "imprint": taken.imprint,
    }  # fmt: skip


def does(
    landings: list[tuple[Row, Any, Landing]], states: Counter[str], files: int
) -> list[tuple[str, int, str]]:
    """(what, how many, how) of what saving changes."""
    settled = sum(len(landing.settled) for _, _, landing in landings)
    rows = [row for row, _, _ in landings if row.first]
    lines = [
        ("办结销号", states[Status.CLOSED], "期次记为通过，写“接续原台账：办结于……”，不再逐级审核"),
        ("已办结，转入销号签批", states[Status.ACCEPTED], "表里另有已销号的，没写销号的期次记为通过，等签批销号"),
        ("办理中", states[Status.DOING], "交办并签收，接着报送和审核"),
        ("已签收", states[Status.RECEIVED], "交办并签收"), ("已交办", states[Status.ASSIGNED], "交办给牵头处室"),
        ("中止", states[Status.SUSPENDED], "备注作为原因"), ("不适用", states[Status.WAIVED], "备注作为原因，不计入总数"),
        ("状态不动", states[""], "表里没有写，或系统里已经走到更后面"),
        ("已过的期次记为通过", settled, "以后的期次照常报送"),
        ("接续牵头处室", sum(row.lead is not None for row in rows), ""), ("接续责任人", sum(bool(row.people) for row in rows), ""),
        ("接续期限", sum(landing.due_on is not None for _, _, landing in landings), "只一期的事项"),
        ("工作进展和备注", sum(bool(row.progress or row.remark) for row, _, _ in landings), "写成事项的留言或完成情况"),
        ("存材料并引用", files, "存进材料库，挂到对应期次和材料要求"),
    ]  # fmt: skip
    return [(what, number, how) for what, number, how in lines if number]


def place(row: Row) -> str:
    return f"{row.sheet} 第 {row.row} 行"
