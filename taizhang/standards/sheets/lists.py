"""Reads the lists beside the tree: 负面清单, 申报条件, 特色指标; one entry a line, further columns kept by name."""

import re
from dataclasses import dataclass

from ..rules.captions import ends_notice, list_in_sentence, names_list
from ..rules.codes import read_code, split_code
from ..rules.columns import BONUS_WORDS, ELIGIBLE_WORDS, NEGATIVE_WORDS, word_meaning
from ..rules.numbers import cents, points_in, points_of, squeeze
from ..rules.titles import cut, split_title
from ..rules.tree import Entry, Node
from .grid import Grid, one_line
from .lines import NOTE, TOTAL

TITLE = r"^(?:情形|条件|指标|项目|名称|事项|内容|负面(?:情形|事项|清单)|否决(?:情形|事项|项)|加分(?:项目?|事项|内容|指标)|特色(?:指标|项目|工作)|申报条件|条件名称|类别|情形名称|具体情形)"
TEXT = r"(?:具体表现|要求|加分办法|加分标准|标准|办法|说明|细则|描述|内容|表现|解释|界定)"
POINTS = r"(?:上限|分值|加分值|最高|扣分|分数|加分$|满分)"
VETO = r"(一票否决|否决|取消|撤销|不得申报)"


@dataclass
class ListHeader:
    """Row of the header and the columns found in it."""

    row: int
    texts: dict[int, str]
    code: int | None = None
    title: int | None = None
    text: int | None = None
    points: int | None = None


def find_list_header(grid: Grid) -> ListHeader | None:
    """The first row of at least two short texts that reads like a header of a list."""
    for r in range(min(grid.height, 30)):
        cells = grid.filled(r)
        texts = {c: squeeze(grid.text(r, c)) for c in cells}
        if len(cells) < 2 or any(len(text) > 14 for text in texts.values()):
            continue
        telling = sum(
            bool(
                re.search(TITLE, text)
                or re.search(TEXT, text)
                or re.search(POINTS, text)
                or word_meaning(text)
            )
            for text in texts.values()
        )
        if telling >= 2 or telling >= 0.5 * len(cells):
            return arrange(ListHeader(r, texts))
    return None


def arrange(header: ListHeader) -> ListHeader:
    for c, text in header.texts.items():
        if word_meaning(text) in ("code", "serial"):
            header.code = c if header.code is None else header.code
        elif (
            header.points is None and re.search(POINTS, text) and not re.search(r"办法|标准|说明|依据", text)
        ):
            header.points = c
        elif header.title is None and re.search(TITLE, text):
            header.title = c
        elif header.text is None and (re.search(TEXT, text) or re.search(TITLE, text)):
            header.text = c
    if header.title is None:
        header.title, header.text = header.text, None
    if header.title is None:
        header.title = next((c for c in header.texts if c not in (header.code, header.points)), None)
    return header


def read_list(grid: Grid) -> list[Entry]:
    """Entries of a list sheet, without headings, totals and notes. A sheet without a header: one entry a row."""
    header = find_list_header(grid) or ListHeader(-1, {})
    out: list[Entry] = []
    for r in range(header.row + 1, grid.height):
        cells = grid.filled(r)
        if not cells:
            continue
        first = grid.text(r, cells[0])
        if NOTE.match(first) or TOTAL.match(squeeze(first)) and len(first) < 12:
            continue
        if header.row >= 0 and len(cells) == 1 and header.title not in cells and len(header.texts) > 2:
            continue
        out.append(entry(grid, header, r, cells))
    if header.row < 0:
        out = [one for one in out if read_code(one.code) or split_code(one.title)[0] or one.code]
    return out


def entry(grid: Grid, header: ListHeader, r: int, cells: list[int]) -> Entry:
    title_at = (
        header.title
        if header.title is not None
        else next(
            (c for c in cells if isinstance(grid.own(r, c), str) and not read_code(grid.own(r, c))), cells[-1]
        )
    )
    title = one_line(grid.text(r, title_at))
    code = read_code(grid.cell(r, header.code)) if header.code is not None else None
    own, rest = split_code(title)
    if own and not code:
        code, title = own, rest
    text = grid.text(r, header.text) if header.text is not None else ""
    value = points_of(grid.cell(r, header.points)) if header.points is not None else points_in(title)[0]
    used = {header.code, header.title, header.text, header.points}
    extra = {header.texts[c]: grid.text(r, c) for c in header.texts if c not in used and grid.text(r, c)}
    veto = bool(re.search(VETO, " ".join(extra.values())))
    points = abs(cents(value)) if value is not None else None
    return Entry(grid.place(r, title_at), code.text if code else "", title, text, points, veto, extra)


def tidy(entries: list[Entry]) -> list[Entry]:
    """Without what only ends a notice or names a list, and without what was read twice (a document's text repeats
    what stands between its tables)."""
    out: list[Entry] = []
    seen: set[tuple[str, str]] = set()
    for one in entries:
        said = (squeeze(one.title), squeeze(one.text))
        idle = not one.code and (ends_notice(one.title) or names_list(one.title)) and one.points is None
        if (
            said not in seen
            and not idle
            and not (names_list(one.title) and not one.text and one.points is None)
        ):
            seen.add(said)
            out.append(one)
    return out


def from_nodes(nodes: list[Node]) -> list[Entry]:
    """Leaves of a heading such as 加分项 inside the sheet of indicators, as entries."""
    return [
        Entry(
            node.key,
            node.code,
            node.title,
            node.requirement or node.rule_text,
            node.points,
            extra={"计分办法": node.rule_text} if node.rule_text else {},
        )
        for node in nodes
        if node.is_leaf
    ]


def told_in_line(text: str, key: str) -> tuple[str, list[Entry]]:
    """(role, entries) of a line that is a whole list: 申报条件：1.支部成立满一年；2.党员不少于3人。("", []) for any other."""
    head, _, tail = text.partition("：" if "：" in text else ":")
    title = squeeze(split_code(head)[1] or head)
    role = list_in_sentence(title) or next(
        (
            role
            for words, role in (
                (NEGATIVE_WORDS, "negative"),
                (ELIGIBLE_WORDS, "eligibility"),
                (BONUS_WORDS, "bonus"),
            )
            if (m := re.search(words, title)) and len(m.group()) >= 0.3 * len(title)
        ),
        "",
    )
    pieces = cut(tail.strip()) if role and (2 <= len(title) <= 20 or list_in_sentence(title)) else []
    found = []
    for index, piece in enumerate(pieces, start=1):
        code, rest = split_code(piece)
        value, _ = points_in(rest)
        title, more = split_title(rest.rstrip("；;。 "), long=40, scored=False)
        points = abs(cents(value)) if value is not None else None
        veto = bool(re.search(VETO, text))
        found.append(Entry(f"{key}#{index}", code.text if code else "", title, more, points, veto))
    return (role, found) if found else ("", [])
