"""AB角: who stands in for whom while people are away.

The first stand-in present takes over, in the order of rank. Where all of them are away themselves, it is theirs:
three colleagues who name each other in a ring are covered as long as one of them is there. Nobody stands in for
somebody who is present.
"""

from collections.abc import Mapping, Sequence

Deputies = Mapping[int, Sequence[int]]
"""Person → their stand-ins by rank (ids of persons)."""


def stand_in_of(person: int, deputies: Deputies, away: frozenset[int]) -> int | None:
    """Who has PERSON's posts while PERSON is away; None when nobody of theirs is present."""
    seen, level = {person}, [person]
    while level:
        following: list[int] = []
        for one in level:
            for stand_in in deputies.get(one, ()):
                if stand_in in seen:
                    continue
                if stand_in not in away:
                    return stand_in
                seen.add(stand_in)
                following.append(stand_in)
        level = following
    return None


def stand_ins(deputies: Deputies, away: frozenset[int]) -> dict[int, int]:
    """Absent person → who stands in today; those for whom nobody does are left out."""
    found = {person: stand_in_of(person, deputies, away) for person in sorted(away)}
    return {person: stand_in for person, stand_in in found.items() if stand_in is not None}
