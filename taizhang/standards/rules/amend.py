"""A clerk's steps on a draft, as changes of the JSON of rules.tree.Choices. Each returns a new one."""

from .mend import ADDED
from .tree import Choices, Json, Node, Reading, Warning

#: kinds of warnings whose suggestion is what should be done; of the others the reading stands as it is
BETTER = {"points_missing", "code_twice"}


def with_node(choices: Json, key: str, change: Json) -> Json:
    """Further corrections of the node KEY."""
    nodes = dict(choices.get("nodes") or {})
    nodes[key] = {**nodes.get(key, {}), **change}
    return {**choices, "nodes": nodes}


def without_node(choices: Json, key: str, *names: str) -> Json:
    """Without the corrections NAMES of the node KEY, or without all of them."""
    nodes = dict(choices.get("nodes") or {})
    left = {name: value for name, value in nodes.pop(key, {}).items() if names and name not in names}
    if left:
        nodes[key] = left
    return {**choices, "nodes": nodes}


def with_leaf(choices: Json, group: str, change: Json) -> tuple[Json, str]:
    """A new leaf under GROUP; also its key."""
    taken = choices.get("nodes") or {}
    n = 1
    while f"{ADDED}{n}" in taken:
        n += 1
    return with_node(choices, f"{ADDED}{n}", {"add_under": group, **change}), f"{ADDED}{n}"


def with_sheet(choices: Json, name: str, choice: Json) -> Json:
    """How the sheet NAME is to be read; an empty CHOICE leaves it to the reader again."""
    sheets = {key: value for key, value in (choices.get("sheets") or {}).items() if key != name}
    if choice:
        sheets[name] = choice
    return {**choices, "sheets": sheets}


def with_accepted(choices: Json, *ids: str) -> Json:
    known = list(choices.get("accepted") or [])
    return {**choices, "accepted": known + [one for one in ids if one not in known]}


def without_accepted(choices: Json, gone: str) -> Json:
    return {**choices, "accepted": [one for one in choices.get("accepted") or [] if one != gone]}


def with_suggestion(choices: Json, warning: Warning) -> Json:
    """What WARNING suggests, done: a node's field, or the stated total."""
    if not warning.suggestion:
        return with_accepted(choices, warning.id)
    if warning.node is not None:
        return with_node(choices, warning.node, dict(warning.suggestion))
    if "stated_total" in warning.suggestion:
        return {**choices, "stated_total": warning.suggestion["stated_total"]}
    return with_accepted(choices, warning.id)


def with_all(choices: Json, reading: Reading) -> Json:
    """Every open doubt settled as suggested: gaps filled, the rest taken as read. What has no way out stays open."""
    for warning in reading.warnings:
        if warning.settled:
            continue
        if warning.kind in BETTER and warning.suggestion:
            choices = with_suggestion(choices, warning)
        elif warning.severity != "must":
            choices = with_accepted(choices, warning.id)
    return choices


def with_name(choices: Json, reading: Reading, word: str, name: str) -> Json:
    """NAME in the place of WORD, wherever it leads or helps."""
    for node in reading.leaves:
        if node.lead == word:
            choices = with_node(choices, node.key, {"lead": name})
        if word in node.co:
            co = [name if one == word else one for one in node.co]
            choices = with_node(choices, node.key, {"co": list(dict.fromkeys(co))})
    return choices


def deleted(choices: Choices) -> list[str]:
    """Keys of the nodes that a clerk took out."""
    return [key for key, change in choices.nodes.items() if change.get("delete")]


def obstacles(reading: Reading) -> list[tuple[Node, str]]:
    """What makes it impossible to save: nothing else does. In the order of the tree."""
    found: list[tuple[Node, str]] = []
    first: dict[str, Node] = {}
    for node in reading.nodes:
        if not node.title.strip():
            found.append((node, "没有名称"))
        if node.is_leaf and node.points is None:
            found.append((node, "没有分值"))
        elif node.points is not None and node.points < 0:
            found.append((node, "分值是负数"))
        elif node.points is not None and node.points >= 10_000:
            found.append((node, "分值太大"))
        if not node.code.strip():
            found.append((node, "没有编号"))
        elif node.code in first:
            found.append((node, f"编号“{node.code}”与“{first[node.code].title}”重复"))
        first.setdefault(node.code, node)
    return found
