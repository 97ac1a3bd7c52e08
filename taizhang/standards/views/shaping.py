"""Splitting, joining, moving and adding nodes of a draft: what was asked, as new choices and the words about it."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from taizhang.kit.errors import Refused

from ..forms import MoveForm, NewLeafForm, SplitForm
from ..rules import amend
from ..rules.numbers import show
from ..rules.shape import ADDED, PART, neighbours
from ..rules.tree import Json, Node, Reading

MOST_SIBLINGS = 150


@dataclass
class Done:
    """`choices` None: the form is shown again, with `split`, `move` or `add` as typed and `said`."""

    choices: Json | None = None
    said: str = ""
    key: str = ""
    split: SplitForm | None = None
    move: MoveForm | None = None
    add: NewLeafForm | None = None
    differs: bool = False


def siblings_of(reading: Reading, node: Node) -> list[Node]:
    return [one for one in reading.nodes if one.parent == node.parent]


def groups_for(reading: Reading, node: Node) -> list[tuple[str, str]]:
    """The groups that NODE may be put under: any but itself and those beneath it."""
    beneath = {node.key}
    found = []
    for one in reading.nodes:
        if one.parent in beneath:
            beneath.add(one.key)
        if not one.is_leaf and one.key not in beneath:
            found.append((one.key, f"{'　' * (one.level - 1)}{one.code} {one.title}"[:60]))
    return found


def move_form(reading: Reading, node: Node, data: Any = None) -> MoveForm:
    beside = [
        (one.key, f"{one.code} {one.title}"[:40]) for one in siblings_of(reading, node) if one is not node
    ]
    initial = {"under": "=", "beside": "last"}
    return MoveForm(data, groups=groups_for(reading, node), siblings=beside[:MOST_SIBLINGS], initial=initial)


def split_it(request: HttpRequest, choices: Json, node: Node) -> Done:
    """The pieces as typed; when their sum is not the item's points, the clerk is asked once more."""
    form = SplitForm.posted(request.POST)
    if form.errors or form.total is None:
        return Done(split=form, said="；".join(form.errors))
    if node.points is not None and form.total != node.points and "anyway" not in request.POST:
        words = f"各小项合计 {show(form.total)} 分，原来是 {show(node.points)} 分，{'多' if form.total > node.points else '少'} {show(abs(form.total - node.points))} 分。改好分值，或者仍按这样拆。"
        return Done(split=form, said=words, differs=True)
    return Done(
        amend.with_split(choices, node.key, form.pieces), f"已拆成 {len(form.pieces)} 项，合计 {show(form.total)} 分。",
        f"{node.key}{PART}1",
    )  # fmt: skip


def join_them(request: HttpRequest, choices: Json, reading: Reading, node: Node) -> Done:
    found = neighbours(reading.nodes, [node.key, *request.POST.getlist("with")])
    first, others = found[0], [one.key for one in found[1:]]
    known = ((choices.get("nodes") or {}).get(first.key) or {}).get("join") or []
    for other in found[1:]:  # what was joined into one of them comes along
        known = [*known, *(((choices.get("nodes") or {}).get(other.key) or {}).get("join") or [])]
    made = amend.with_node(
        choices, first.key, {"join": [*known, *(key for key in others if key not in known)]}
    )
    return Done(made, f"{len(found)} 项已合并成“{first.title}”，分值相加。", first.key)


def move_it(request: HttpRequest, choices: Json, reading: Reading, node: Node) -> Done:
    form = move_form(reading, node, request.POST)
    if not form.is_valid():
        return Done(move=form, said="；".join(str(one) for errors in form.errors.values() for one in errors))
    under, beside = form.cleaned_data["under"], form.cleaned_data["beside"] or "last"
    to = (node.parent or "") if under == "=" else under
    row = [one.key for one in reading.nodes if (one.parent or "") == to and one.key != node.key]
    at = len(row)
    if beside == "first":
        at = 0
    elif beside.startswith("after:") and beside[6:] in row:
        at = row.index(beside[6:]) + 1
    row.insert(at, node.key)
    return Done(amend.with_place(choices, node, to, row), f"已移动“{node.title}”。", node.key)


def step_it(choices: Json, reading: Reading, node: Node, up: bool) -> Done:
    """One place up or down among its neighbours."""
    row = siblings_of(reading, node)
    at = row.index(node)
    if (up and at == 0) or (not up and at == len(row) - 1):
        raise Refused("已经在这一组的最前面了。" if up else "已经在这一组的最后面了。")
    keys = [one.key for one in row]
    keys.insert(at - 1 if up else at + 1, keys.pop(at))
    return Done(amend.with_place(choices, node, node.parent or "", keys), f"已移动“{node.title}”。", node.key)


def add_it(request: HttpRequest, choices: Json, node: Node | None, *, leaf: bool) -> Done:
    """A leaf or a group that the file lacks, at the end of NODE (a group) or of the node's group; without NODE a group
    on the uppermost level."""
    form = NewLeafForm(request.POST, prefix="new" if leaf else "newgroup")
    group = "" if node is None else node.key if not node.is_leaf else node.parent
    if group is None:
        raise Refused("这一项上面没有分组，不能在旁边新增。请先选一个测评项目或测评内容。")
    if not form.is_valid():
        return Done(add=form)
    said = form.cleaned_data
    change = {"title": said["title"], "points": None if said["points"] is None else str(said["points"])}
    made, key = (amend.with_leaf if leaf else amend.with_group)(choices, group, change)
    return Done(
        made,
        f"已新增“{said['title']}”，{'请补全其余内容' if leaf else '可以在它下面新增，或把别的项移进来'}。",
        key,
    )


def delete_it(choices: Json, reading: Reading, node: Node) -> Done:
    words = f"已删除“{node.title}”。"
    if not node.key.startswith(ADDED):
        return Done(amend.with_node(choices, node.key, {"delete": True}), f"{words}在“已删除”里可以恢复。")
    beneath = {node.key}
    for one in reading.nodes:
        if one.parent in beneath:
            beneath.add(one.key)
    theirs = [key for key in beneath if not key.startswith(ADDED)]
    if PART in node.key or theirs:  # what came from the file can be had back
        return Done(amend.with_node(choices, node.key, {"delete": True}), f"{words}在“已删除”里可以恢复。")
    for key in beneath:
        choices = amend.without_node(choices, key)
    return Done(choices, words)


def shape(request: HttpRequest, act: str, choices: Json, reading: Reading, node: Node) -> Done:
    """What the button ACT does to NODE. Refused when it cannot be done."""
    match act:
        case "split":
            return split_it(request, choices, node)
        case "unsplit":
            base = node.key.rpartition(PART)[0] or node.key
            return Done(amend.without_split(choices, base), "已改回 1 项。", base)
        case "join":
            return join_them(request, choices, reading, node)
        case "unjoin":
            return Done(amend.without_node(choices, node.key, "join"), "已取消合并，几项都回来了。", node.key)
        case "move":
            return move_it(request, choices, reading, node)
        case "up" | "down":
            return step_it(choices, reading, node, act == "up")
        case "add" | "add_group":
            return add_it(request, choices, node, leaf=act == "add")
    return delete_it(choices, reading, node)


ACTS = {"split", "unsplit", "join", "unjoin", "move", "up", "down", "add", "add_group", "delete"}
