"""Whether two photographs are nearly the same: the distance of their perceptual hashes (see kit/texts/picture.py)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

#: of 64 signs. Saved anew, made smaller, a little brighter: up to 4 differ; other photographs: 16 and more
NEAR = 8


def distance(a: str, b: str) -> int:
    """How many of the 64 signs of two hashes (16 hex letters) differ; 64 where one has none."""
    if not a or not b:
        return 64
    return (int(a, 16) ^ int(b, 16)).bit_count()


def near(a: str, b: str) -> bool:
    """Whether the hashes are of nearly the same photograph. A picture without one ("") is like no other."""
    return distance(a, b) <= NEAR


#: the 64 signs in five bands: of two hashes that differ in no more than NEAR signs, one band differs in one at most
BANDS = ((0, 13), (13, 13), (26, 13), (39, 13), (52, 12))
_FLIPS = (0, *(1 << at for at in range(16)))  # no sign of a band turned, then each
FEW = 40  # hashes that are sooner held against every other than looked up


def near_ones(asked: Iterable[str], known: Iterable[str]) -> Mapping[str, list[str]]:
    """Each of the hashes ASKED → those of KNOWN that are near it, itself too where it is among them.

    Ten thousand against ten thousand take less than a second, not a hundred million comparisons.
    """
    signs = {one: int(one, 16) for one in known if one}
    wanted = {one: int(one, 16) for one in asked if one}
    if len(wanted) <= FEW:
        return {
            one: [other for other, held in signs.items() if (held ^ mine).bit_count() <= NEAR]
            for one, mine in wanted.items()
        }
    bands = [
        (shift, (1 << width) - 1, _FLIPS[: width + 1], _by_band(signs, shift, width))
        for shift, width in BANDS
    ]
    found: dict[str, list[str]] = {}
    for one, mine in wanted.items():
        met: set[str] = set()
        for shift, mask, flips, band in bands:
            key = mine >> shift & mask
            for flip in flips:
                if held_there := band.get(key ^ flip):
                    met.update(held_there)
        found[one] = [other for other in met if (signs[other] ^ mine).bit_count() <= NEAR]
    return found


def _by_band(signs: Mapping[str, int], shift: int, width: int) -> dict[int, list[str]]:
    mask = (1 << width) - 1
    band: dict[int, list[str]] = defaultdict(list)
    for one, held in signs.items():
        band[held >> shift & mask].append(one)
    return dict(band)
