"""Lines -> a tree of entries. What lies under what is shown by the document itself, not by a fixed table of marks."""

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal

from ..rules.captions import list_in_sentence
from ..rules.codes import Ordinal, is_parent, split_code
from ..rules.numbers import squeeze
from ..rules.tree import Entry as Listed
from .lists import told_in_line
from .outline_lines import NAME_AT_TOP, NAME_OF_ALL, REMARK, WHOLE, Line, Text

RANK = {
    "cn": 1,
    "roman": 1,
    "letter": 3,
    "cn_paren": 2,
    "num": 3,
    "num_paren": 4,
    "num_half": 4,
    "circled": 5,
}
#: the name of a standard, standing alone in its line
TITLE = re.compile(
    r"^(?:附[件表录]\d*[:：]?)?[^。；;，,：:]*(?:测评|考核|考评|评价|评分|创建|评选|评定)[^。；;，,：:]*$"
)
AHEAD = 400  # lines looked ahead for the end of a list
OWN_LIST = (
    "rule",
    "needs",
    "requirement",
    "methods",
    "note",
)  # fields that may hold numbered lines of their own


@dataclass
class Entry:
    """A marked line with what stands below it."""

    line: Line
    kids: list["Entry"] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    points: Decimal | None = None
    #: fields that stood in lines of their own below the entry
    told: set[str] = field(default_factory=set)
    open_field: str = ""
    open_list: tuple[str, int] | None = None
    kind: str = "text"
    side: str = ""
    segment: int = 0
    #: a paragraph below the entry ends with who answers, bare in a bracket
    signed: bool = False

    @property
    def style(self) -> str:
        return self.line.style

    @property
    def ordinal(self) -> Ordinal | None:
        return self.line.ordinal

    @property
    def title(self) -> str:
        return self.line.rest.partition("\n")[0].strip()

    @property
    def pointed(self) -> bool:
        return self.points is not None or any(kid.pointed for kid in self.kids)

    def say(self, name: str, text: str, sep: str = "；") -> None:
        if text:
            self.fields[name] = f"{self.fields[name]}{sep}{text}" if self.fields.get(name) else text


def nest(text: Text) -> list[Entry]:
    """The entries of the uppermost level. Lines before the first entry go to the title block."""
    return Nest(text).run()


class Nest:
    """One pass down the lines; `stack` holds the entries that are still open, the outermost first."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.lines = text.lines
        self.top: list[Entry] = []
        self.stack: list[Entry] = []
        #: (kind above, kind below) as this document has nested them so far
        self.learned: set[tuple[str, str]] = set()
        self.segment = 0

    def run(self) -> list[Entry]:
        for index, line in enumerate(self.lines):
            if not self.stack and REMARK.match(squeeze(line.text)):
                self.text.above.append(line.text)
            elif self.is_title(line):
                self.text.above.append(line.text)
                self.stack.clear()
                self.segment += bool(self.top)
            elif told := told_in_line(line.text, "")[1]:
                self.list_line(index, line, told)
            elif line.label is not None and self.stack:
                self.field_line(line)
            elif self.in_field(line):
                continue
            elif self.is_inner_list(index, line):
                self.body_line(line)
            elif line.style or self.heads(index):
                line.style = line.style or (f"bullet {line.sign}" if line.sign else "plain")
                self.open(index, Entry(line, fields=dict(line.fields), points=line.points))
            elif self.stack:
                self.body_line(line)
            else:
                self.text.above.append(line.text)
        return self.top

    def is_title(self, line: Line) -> bool:
        """A line that names the whole standard: above everything, or where it begins after a notice."""
        if line.ordinal is not None or line.side or line.label:
            return False
        name = squeeze(line.rest or line.text)
        if not self.top:
            return (
                WHOLE.search(line.text) is not None
                and not line.level
                or (NAME_OF_ALL.search(name) is not None and len(name) <= 60)
                or (NAME_AT_TOP.search(name) is not None and 6 <= len(name) <= 60 and line.points is None)
            )
        begins = NAME_OF_ALL.search(re.sub(r"^附[件表录]\d*[:：]?", "", name))
        return begins is not None and TITLE.search(name) is not None and 8 <= len(name) <= 40

    def heads(self, index: int) -> bool:
        """A short line without number or points right before a list that begins anew is its heading."""
        line = self.lines[index]
        after = self.lines[index + 1] if index + 1 < len(self.lines) else None
        if line.label or not after or not after.style or line.points is not None:
            return False
        if REMARK.match(squeeze(line.text)):
            return False
        title = squeeze(line.rest if line.sign else line.text)
        if line.sign and line.sign != after.sign and after.points is not None and 2 <= len(title) <= 24:
            return title[-1] not in "：:。；;，,"
        if after.number != 1:
            return False
        if not 2 <= len(title) <= 20 or title[-1] in "：:。；;，," or any(char in title for char in "。；;"):
            return False
        running = [one for one in self.stack if one.style == after.style]
        return bool(running) or not self.stack

    def is_inner_list(self, index: int, line: Line) -> bool:
        """有下列情形之一的，一票否决： in a chapter of that list, or in an item after which others follow, opens none."""
        if line.style != "side" or not self.stack or not list_in_sentence(line.rest):
            return False
        above = self.stack[-1]
        if above.line.side:
            return not other_filled(above)
        return above.points is not None and self.shown(index, above.line) is True

    def field_line(self, line: Line) -> None:
        """评分标准：… below an item. A label without text opens a field that the next lines fill."""
        entry, name = self.stack[-1], line.label or ""
        if name == "points":
            if entry.points is None:
                entry.points = line.points
            return
        entry.say(name, line.rest, "\n" if name == "requirement" else "；")
        for other, said in line.fields.items():
            entry.say(other, said)
        entry.told.add(name)
        entry.open_field = name
        entry.open_list = None

    def in_field(self, line: Line) -> bool:
        """Whether LINE goes on with the field opened above it: plain text, or a list of its own within it."""
        if not self.stack or not (name := self.stack[-1].open_field) or line.side:
            return False
        entry = self.stack[-1]
        began = entry.fields.get(name, "")
        unfinished = not began or began[-1] in "：:、，,；;"
        if not line.style:
            if not unfinished and name not in ("rule", "needs"):
                return False
            if not unfinished and not (name == "rule" and speaks_of_points(line.text)):
                return False
            entry.say(name, line.text, "\n" if began else "")
            return True
        if line.points is not None and name not in ("rule", "needs"):
            return False
        known = any(one.style == line.style for one in self.stack)
        if known and line.points is not None:
            return False
        if entry.open_list and line.style == entry.open_list[0] and line.number == entry.open_list[1] + 1:
            entry.open_list = (line.style, line.number)
        elif (
            name in OWN_LIST
            and line.number == 1
            and (line.points is None or name in ("rule", "needs"))
            and (not began or not known)
            and (unfinished or line.style == "letter")
        ):
            entry.open_list = (line.style, 1)
        else:
            return False
        entry.say(name, line.text, "\n")
        return True

    def body_line(self, line: Line) -> None:
        entry = self.stack[-1]
        entry.open_field = ""
        for name, said in line.fields.items():
            entry.say(name, said)
        entry.signed |= line.signed
        if line.rest:
            entry.body.append(line.rest)
        elif line.points is not None and entry.points is None and not entry.kids:
            entry.points = line.points  # （13.8分） in a line of its own

    def list_line(self, index: int, line: Line, told: list[Listed]) -> None:
        """申报条件：1.…；2.… in one paragraph: a chapter with its lines."""
        chapter = replace(line, style=line.style or "side", side=told_in_line(line.text, "")[0], points=None)
        self.open(index, Entry(chapter))
        for one in told:
            text = f"{one.title}。{one.text}" if one.text else one.title
            self.stack[-1].body.append(text)

    # --- where an entry belongs

    def open(self, index: int, entry: Entry) -> None:
        self.place(index, entry)
        entry.segment = self.segment
        if self.stack:
            self.learned.add((self.stack[-1].style, entry.style))
        (self.stack[-1].kids if self.stack else self.top).append(entry)
        self.stack.append(entry)

    def place(self, index: int, entry: Entry) -> None:
        """Close what ENTRY does not lie under."""
        line = entry.line
        if line.style == "side":
            self.stack.clear()
            return
        if line.ordinal is not None and not line.ordinal.simple and self.under_code(line.ordinal):
            return
        if (at := self.sibling(line)) is not None:
            del self.stack[at:]
            return
        while self.stack and not self.lies_under(index, line, self.stack[-1]):
            self.stack.pop()

    def under_code(self, ordinal: Ordinal) -> bool:
        """1.1.1 goes under 1.1, Ⅲ-12 under the last Ⅱ, wherever they stand open."""
        for at in range(len(self.stack) - 1, -1, -1):
            above = self.stack[at].ordinal
            if above is None or (above.simple and above.style not in ("num", "letter", "cn")):
                continue
            if is_parent(above, ordinal):
                del self.stack[at + 1 :]
                return True
        return False

    def sibling(self, line: Line) -> int | None:
        """The open entry that LINE comes after in the same list; the deepest whose count it continues, else the deepest."""
        same = [at for at, one in enumerate(self.stack) if one.style == line.style]
        if not same:
            if line.level:
                return self.by_level(line)
            return None
        if line.number is not None:
            for at in reversed(same):
                if (self.stack[at].line.number or 0) + 1 == line.number:
                    return at
            deepest = self.stack[same[-1]]
            fresh = line.number == 1 and (deepest.line.number or 0) > 1 and same[-1] < len(self.stack) - 1
            if fresh and self.stack[-1].style in ("plain", "side") or fresh and self.stack[-1].line.level:
                # a list that starts anew below a heading that opened within the old one
                return None
        return same[-1]

    def by_level(self, line: Line) -> int | None:
        """A heading comes after the last open one of its level, if either of the two has no number."""
        for at, one in enumerate(self.stack):
            other = one.line
            if other.level > line.level or (
                other.level == line.level and (other.ordinal is None or line.ordinal is None)
            ):
                return at
        return None

    def lies_under(self, index: int, line: Line, above: Entry) -> bool:
        """Whether a line of a new kind belongs below the innermost open entry, or that one's list is over."""
        other = above.line
        if line.level and other.level and line.level != other.level:
            return line.level > other.level
        if other.style == "side":
            # an empty chapter takes what comes; one that has its lines is over when a greater mark begins
            filled = bool(other_filled(above))
            if not filled:
                return not (line.level and not other.level)
            return RANK.get(line.style, 9) >= 3 and not line.level and not line.style.startswith("part")
        if line.level and not other.level:
            return False
        if other.level and not line.level:
            return True
        if other.style.startswith(("plain", "bullet")) and other.number is None:
            # a heading holds the list below it; a sentence with points of its own holds nothing numbered above it
            return len(other.rest) <= 40 and "。" not in other.rest
        if line.number is None:
            after = self.lines[index + 1] if index + 1 < len(self.lines) else None
            ended = after is not None and after.style == other.style and after.number == 1
            return not (ended and (other.number or 0) >= 1 and line.number is None)
        if (found := self.shown(index, other)) is not None:
            return found
        if (other.style, line.style) in self.learned or (line.style, other.style) in self.learned:
            return (other.style, line.style) in self.learned
        if line.ordinal is None or other.ordinal is None:
            return True
        a, b = RANK.get(other.style), RANK.get(line.style)
        if other.style.startswith(("part", "named", "called")):
            return True
        if line.style.startswith(("part", "named")):
            return False
        if a is None:
            return b is None or b > 2
        return b is None or b > a or (a == b and other.style != line.style and a >= 3)

    def shown(self, index: int, other: Line) -> bool | None:
        """What the rest of the document shows: OTHER's list goes on (True) or starts anew (False) after line INDEX."""
        outer = {(one.style, (one.line.number or 0) + 1) for one in self.stack[:-1] if one.line.number}
        for line in self.lines[index + 1 : index + 1 + AHEAD]:
            if line.number is None:
                if line.style == "side":
                    return None
                continue
            if (line.style, line.number) in outer:
                return None
            if line.style == other.style:
                if line.number == (other.number or 0) + 1:
                    return True
                if line.number == 1:
                    return False
        return None


def other_filled(entry: Entry) -> bool:
    return bool(entry.kids or entry.body)


def speaks_of_points(text: str) -> bool:
    return "分" in text and any(word in text for word in ("得", "扣", "计", "加", "减", "不得"))


def printed(entry: Entry) -> str:
    """The line as it stood, with its number."""
    text = entry.line.text.strip()
    return text if split_code(text)[0] or entry.ordinal is None else f"{entry.ordinal.text} {text}"
