"""What the script of the grid sends: rows added, taken out, moved, and changed cells, kept as far as they fit."""

import json
from dataclasses import dataclass

from django.http import HttpRequest, JsonResponse

from taizhang.kit.errors import Refused, Stale

from .. import actions
from ..models import Draft
from ..rules import amend
from ..rules.cells import BY_NAME, EVERY, Wrong, changes, shown
from ..rules.numbers import show
from ..rules.rearrange import GONE, Arranged, arrange, undeleted
from ..rules.tree import Json, Node, Reading
from .left import with_left
from .source import read_with

MOST_CELLS = 5_000  # of one post; a pasted block of 400 rows and 12 columns
MOST_ACTS = 500
TRIES = 3


@dataclass(frozen=True)
class Given:
    """A cell as sent: of which node and column, its text, and the text it had when it was opened (None: unknown)."""

    key: str
    name: str
    text: str
    was: str | None


def sums(reading: Reading) -> Json:
    stated = "" if reading.stated_total is None else show(reading.stated_total)
    return {"total": show(reading.total), "stated": stated, "leaves": len(reading.leaves)}


def applied(
    choices: Json, nodes: dict[str, Node], given: list[Given]
) -> tuple[Json, list[Given], list[list[str]]]:
    """CHOICES with what fits of GIVEN; the cells that were taken; [key, column, message] of those refused."""
    taken: list[Given] = []
    refused: list[list[str]] = []
    for cell in given:
        node = nodes.get(cell.key)
        column = BY_NAME.get(cell.name)
        if node is None or column is None:
            refused.append([cell.key, cell.name, GONE])
            continue
        now = shown(node, column)
        if cell.was is not None and now != cell.was and now != cell.text.strip():
            words = f"没有保存：这一格刚被改成“{now or '空'}”。要用你填的，请再按一次回车。"
            refused.append([cell.key, cell.name, words])
            continue
        try:
            change = changes(node, cell.name, cell.text)
        except Wrong as wrong:
            refused.append([cell.key, cell.name, str(wrong)])
            continue
        if change:
            choices = amend.with_node(choices, cell.key, change)
        taken.append(cell)
    return choices, taken, refused


def listed(text: str, most: int, what: str) -> list[Json]:
    """A list as JSON; Refused when it is anything else or longer than MOST."""
    try:
        found = json.loads(text)
        if not isinstance(found, list):
            raise ValueError("list")
    except ValueError as error:
        raise Refused("送来的内容不完整，没有保存。请刷新页面再试。") from error
    if len(found) > most:
        raise Refused(f"一次最多改 {most} {what}，没有保存。请分几次粘贴。")
    return found


def cells_in(text: str) -> list[Given]:
    """[[key, column, text, was], …] as JSON; Refused when it is anything else."""
    try:
        return [
            Given(str(key), str(name), str(text), None if was is None else str(was))
            for key, name, text, was in listed(text, MOST_CELLS, "格")
        ]
    except (ValueError, TypeError) as error:
        raise Refused("送来的内容不完整，没有保存。请刷新页面再试。") from error


def rearranged(draft: Draft, acts: list[Json]) -> Arranged:
    """The draft's choices after ACTS, which are done on the tree with nothing taken out."""
    whole = read_with(draft, undeleted(draft.choices))
    return arrange(draft.choices, whole.nodes, acts)


def sent(request: HttpRequest, draft: Draft, reading: Reading) -> JsonResponse:
    """Rows first, then cells. Each cell is compared with what stands now, so that two windows disturb each other only
    in the same cell; a row that was added already (the answer was lost) is not added again."""
    given = cells_in(request.POST["cells"])
    acts = listed(request.POST.get("acts") or "[]", MOST_ACTS, "行")
    made = Arranged(draft.choices)
    for attempt in range(TRIES):
        choices = draft.choices
        if acts:
            made = rearranged(draft, acts)
            choices, reading = made.choices, read_with(draft, made.choices)
        choices, taken, refused = applied(choices, {node.key: node for node in reading.nodes}, given)
        try:
            if choices != draft.choices:
                after = read_with(draft, choices)
                actions.mend(
                    draft, by=request.user, choices=with_left(draft, choices), seen=draft.version,
                    once=request.POST.get("once", ""),
                )  # fmt: skip
                reading = after
            break
        except Stale:
            if attempt == TRIES - 1:
                raise
            draft.refresh_from_db()
            reading = read_with(draft, draft.choices)
    nodes = {node.key: node for node in reading.nodes}
    saved = [
        [one.key, one.name, shown(nodes[one.key], BY_NAME[one.name])] for one in taken if one.key in nodes
    ]
    said: Json = {
        "saved": saved,
        "refused": made.refused + refused,
        "version": draft.version,
        **sums(reading),
    }
    if acts:
        keys = {str(row.get("key")) for act in acts if act["do"] == "add" for row in act["rows"]}
        said["order"] = [node.key for node in reading.nodes]
        said["fresh"] = {
            key: {column.name: shown(nodes[key], column) for column in EVERY} for key in keys if key in nodes
        }
    return JsonResponse(said)
