"""A clerk's word about the pairs, as the JSON of rules.tree.Choices.pairs. Each function returns a new one."""

from collections.abc import Collection, Sequence

from ..tree import Json
from .pairs import GONE_MARK, Pair, id_of


def confirm(said: Json, pairs: Sequence[Pair], ids: Collection[str]) -> Json:
    """The proposals of IDS taken as they stand; of a split or a join all that belongs together."""
    wanted = set(ids)
    olds = {one.old for one in pairs if id_of(one) in wanted and one.old is not None}
    out = dict(said)
    for one in pairs:
        if one.new is None:
            if id_of(one) in wanted:
                out[id_of(one)] = {}
        elif one.new in wanted or one.old in olds:
            # the other pieces too: once the old leaf is spoken for, it is no longer looked for
            out[one.new] = {
                "old": [other.old for other in pairs if other.new == one.new and other.old is not None]
            }
    return out


def say_from(said: Json, new: str, olds: Sequence[str]) -> Json:
    """The new leaf comes from OLDS; from none: it is new. What was said to be gone and is named here is not."""
    out = {key: value for key, value in said.items() if key not in {f"{GONE_MARK}{old}" for old in olds}}
    out[new] = {"old": list(dict.fromkeys(olds))}
    return out


def say_apart(said: Json, pairs: Sequence[Pair], id: str) -> Json:
    """The new leaf is new; old ones that nothing else comes from are gone."""
    here = [one for one in pairs if id_of(one) == id]
    out = dict(said)
    for one in here:
        if one.new is not None:
            out[one.new] = {"old": []}
        left = any(other.old == one.old and id_of(other) != id for other in pairs)
        if one.old is not None and not left:
            out[f"{GONE_MARK}{one.old}"] = {}
    return out


def unsay(said: Json, id: str) -> Json:
    """Back to what the rules propose."""
    return {key: value for key, value in said.items() if key != id}
