"""The four-level chart as a picture: where each box and line lies. Pixels, from the top left; no names of colours here."""

from collections.abc import Sequence
from dataclasses import dataclass, field

#: the picture is drawn at the width of the page's column at 1366, and grows with the number of activity groups
WIDTH, LABEL, GAP, COLUMN = 1120, 84, 8, 128
TITLE, TEXT, LINE, PAD = 14, 12, 17, 8
#: between two levels: room for the lines
STEP = 34
HAN = 0x2E80


@dataclass(frozen=True)
class Node:
    """A body: its name, lines of words beneath it, where it leads, and the nodes under it in the last level."""

    name: str
    words: tuple[str, ...] = ()
    url: str = ""
    below: tuple["Node", ...] = ()
    tone: str = ""


@dataclass(frozen=True)
class Text:
    x: int
    y: int
    text: str


@dataclass(frozen=True)
class Box:
    """A box with its texts already broken into lines and placed; `tone` is the level's, or `lost`."""

    x: int
    y: int
    width: int
    height: int
    title: tuple[Text, ...]
    words: tuple[Text, ...]
    url: str
    tone: str

    @property
    def middle(self) -> int:
        return self.x + self.width // 2


@dataclass(frozen=True)
class Band:
    """One level: its name at the left, and how high it is."""

    name: tuple[Text, ...]
    y: int
    height: int
    width: int


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    bands: tuple[Band, ...]
    boxes: tuple[Box, ...]
    lines: tuple[str, ...]  # points of polylines: "12,30 12,44"


def wide(text: str, size: int) -> float:
    """How wide TEXT is: a Chinese character is as wide as high, others about half of it."""
    return sum(size if ord(one) >= HAN else size * 0.56 for one in text)


def broken(text: str, width: int, size: int, most: int = 9) -> list[str]:
    """TEXT in lines no wider than WIDTH, at most MOST of them; the last one ends in … if there is more.

    第一活动组（…） is broken before the bracket where that costs no line more.
    """
    lines = _greedy(text, width, size)
    head, bracket, tail = text.partition("（")
    if head and bracket and len(lines) > 1:
        apart = _greedy(head, width, size) + _greedy(bracket + tail, width, size)
        lines = apart if len(apart) <= len(lines) else lines
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1][:-1] + "…"]
    return lines


def _greedy(text: str, width: int, size: int) -> list[str]:
    lines, now = [], ""
    for one in text:
        if now and wide(now + one, size) > width:
            if one in "、，；）」”":  # a mark does not begin a line
                lines.append(now + one)
                now = ""
                continue
            lines.append(now)
            now = ""
        now += one
    return [*lines, now] if now else lines


def _height(node: Node, width: int) -> int:
    inner = width - 2 * PAD
    count = len(broken(node.name, inner, TITLE)) + sum(len(broken(one, inner, TEXT)) for one in node.words)
    return count * LINE + 2 * PAD


def _box(node: Node, x: int, y: int, width: int, height: int, tone: str) -> Box:
    inner, middle = width - 2 * PAD, x + width // 2
    title = broken(node.name, inner, TITLE)
    words = [line for one in node.words for line in broken(one, inner, TEXT)]
    top = y + (height - (len(title) + len(words)) * LINE) // 2 + LINE - 4
    return Box(
        x, y, width, height,
        tuple(Text(middle, top + LINE * i, line) for i, line in enumerate(title)),
        tuple(Text(middle, top + LINE * (len(title) + i), line) for i, line in enumerate(words)),
        node.url, node.tone or tone,
    )  # fmt: skip


@dataclass
class _Drawing:
    left: int
    width: int
    y: int = GAP
    bands: list[Band] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    above: list[Box] = field(default_factory=list)

    def level(self, name: str, nodes: Sequence[Node], widest: int, tone: str) -> list[Box]:
        """A row of boxes of one height, centred, joined to the row above."""
        each = min(widest, (self.width - GAP * (len(nodes) - 1)) // max(len(nodes), 1))
        height = max([_height(node, each) for node in nodes], default=LINE + 2 * PAD)
        x = self.left + (self.width - each * len(nodes) - GAP * (len(nodes) - 1)) // 2
        made = [_box(node, x + (each + GAP) * i, self.y, each, height, tone) for i, node in enumerate(nodes)]
        self.band(name, height)
        self.join(made)
        self.boxes += made
        self.y += height + STEP
        if made:
            self.above = made
        return made

    def band(self, name: str, height: int) -> None:
        lines = broken(name, LABEL - 20, TITLE)
        top = self.y + height // 2 - len(lines) * LINE // 2 + LINE - 4
        texts = tuple(Text(GAP + (LABEL - 12) // 2, top + LINE * i, line) for i, line in enumerate(lines))
        self.bands.append(Band(texts, self.y - 6, height + 12, self.left + self.width))

    def join(self, made: Sequence[Box]) -> None:
        """From the row above to this one by one bar between them."""
        if not (made and self.above):
            return
        bar = self.y - STEP // 2
        bottom = self.above[0].y + self.above[0].height
        self.lines += [f"{box.middle},{bottom} {box.middle},{bar}" for box in self.above]
        middles = [box.middle for box in [*self.above, *made]]
        if min(middles) != max(middles):
            self.lines.append(f"{min(middles)},{bar} {max(middles)},{bar}")
        self.lines += [f"{box.middle},{bar} {box.middle},{box.y}" for box in made]


def draw(
    leaders: Sequence[Node], leading: Sequence[Node], offices: Sequence[Node], groups: Sequence[Node],
    labels: Sequence[str],
) -> Picture:  # fmt: skip
    """The five rows: LABELS are their names from the top. The departments are what lies `below` each activity group."""
    left = LABEL + GAP
    columns = max(len(groups), 1)
    width = max(WIDTH - left - GAP, columns * (COLUMN + GAP) - GAP)
    canvas = _Drawing(left, width)
    canvas.level(labels[0], leaders, 460, "first")
    canvas.level(labels[1], leading, 460, "second")
    canvas.level(labels[2], offices, 260, "third")
    made = canvas.level(labels[3], groups, 240, "fourth")
    _departments(canvas, labels[4], groups, made)
    return Picture(
        left + width + GAP, canvas.y + GAP, tuple(canvas.bands), tuple(canvas.boxes), tuple(canvas.lines)
    )


def _departments(canvas: _Drawing, label: str, groups: Sequence[Node], above: Sequence[Box]) -> None:
    """Each group's departments in a column under it, along one line at the column's left."""
    start, deepest = canvas.y, 0
    for node, box in zip(groups, above, strict=True):
        y = start
        for below in node.below:
            height = _height(below, box.width - 12)
            canvas.boxes.append(_box(below, box.x + 12, y, box.width - 12, height, "fifth"))
            canvas.lines.append(f"{box.x + 4},{y + height // 2} {box.x + 12},{y + height // 2}")
            last, y = y + height // 2, y + height + 6
        if node.below:
            canvas.lines.append(f"{box.x + 4},{box.y + box.height} {box.x + 4},{last}")
        deepest = max(deepest, y - start - 6)
    canvas.band(label, max(deepest, LINE + 2 * PAD))
    canvas.y += max(deepest, LINE + 2 * PAD)
