"""A clerk's steps on a draft, as changes of the JSON of rules.tree.Choices. Each returns a new one."""

from .shape import ADDED, PART
from .tree import Choices, Json, Node, Reading, Warning

#: kinds of warnings whose suggestion is what should be done; of the others the reading stands as it is
BETTER = {"points_missing", "code_twice"}
#: what a correction holds that is no change of the content
QUIET = {"agreed"}


def with_node(choices: Json, key: str, change: Json) -> Json:
    """Further corrections of the node KEY."""
    nodes = dict(choices.get("nodes") or {})
    nodes[key] = {**nodes.get(key, {}), **change}
    return {**choices, "nodes": nodes}


def with_place(choices: Json, node: Node, under: str, row: list[str]) -> Json:
    """NODE in the group UNDER ("" = uppermost level), whose children shall stand in the order ROW (keys)."""
    choices = without_node(choices, node.key, "before")
    if under != (node.parent or ""):
        choices = with_node(choices, node.key, {"move_under": under})
    return {**choices, "rows": {**(choices.get("rows") or {}), under: row}}


def with_split(choices: Json, key: str, pieces: list[Json]) -> Json:
    """The leaf KEY in PIECES; what was said about the pieces of an earlier split falls away."""
    return with_node(without_split(choices, key), key, {"split": pieces})


def without_split(choices: Json, key: str) -> Json:
    nodes = {
        one: change
        for one, change in (choices.get("nodes") or {}).items()
        if not one.startswith(f"{key}{PART}")
    }
    return without_node({**choices, "nodes": nodes}, key, "split")


def with_agreed(choices: Json, agreed: dict[str, list[str]]) -> Json:
    """Node → fields that the clerk has accepted as read."""
    nodes = dict(choices.get("nodes") or {})
    for key, names in agreed.items():
        change = nodes.get(key, {})
        known = list(change.get("agreed") or [])
        nodes[key] = {**change, "agreed": known + [name for name in names if name not in known]}
    return {**choices, "nodes": nodes}


def without_agreed(choices: Json, key: str, name: str) -> Json:
    known = ((choices.get("nodes") or {}).get(key) or {}).get("agreed") or []
    left = [one for one in known if one != name]
    return with_node(choices, key, {"agreed": left}) if left else without_node(choices, key, "agreed")


def with_header(choices: Json, text: str, meaning: str) -> Json:
    """What every column headed TEXT means, in the whole file; an empty MEANING leaves it to the reader again."""
    headers = {key: value for key, value in (choices.get("headers") or {}).items() if key != text}
    if meaning:
        headers[text] = meaning
    return {**choices, "headers": headers}


def without_node(choices: Json, key: str, *names: str) -> Json:
    """Without the corrections NAMES of the node KEY, or without all of them."""
    nodes = dict(choices.get("nodes") or {})
    left = {name: value for name, value in nodes.pop(key, {}).items() if names and name not in names}
    if left:
        nodes[key] = left
    return {**choices, "nodes": nodes}


def with_leaf(choices: Json, group: str, change: Json) -> tuple[Json, str]:
    """A new leaf under GROUP; also its key."""
    key = fresh_key(choices)
    return with_node(choices, key, {"add_under": group, **change}), key


def with_group(choices: Json, above: str, change: Json) -> tuple[Json, str]:
    """A new group under ABOVE ("" = uppermost level); also its key."""
    key = fresh_key(choices)
    return with_node(choices, key, {"add_under": above, "group": True, **change}), key


def fresh_key(choices: Json) -> str:
    taken = {one.split(PART)[0] for one in choices.get("nodes") or {}}
    n = 1
    while f"{ADDED}{n}" in taken:
        n += 1
    return f"{ADDED}{n}"


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


def touched(choices: Choices) -> set[str]:
    """Keys of the nodes that a clerk changed, not merely accepted."""
    return {key for key, change in choices.nodes.items() if set(change) - QUIET}


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
