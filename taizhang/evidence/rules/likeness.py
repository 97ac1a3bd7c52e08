"""Whether two photographs are nearly the same: the distance of their perceptual hashes (see kit/texts/picture.py)."""

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
