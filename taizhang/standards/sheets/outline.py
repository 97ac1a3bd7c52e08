"""A document without tables, or the text of one: 一、（一）1.（1）① with points in brackets -> the page of a standard."""

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal

from taizhang.kit.tables import Cell, Sheet

from ..rules.legend import read_legend
from ..rules.scoring import GUESS, LIKELY
from ..rules.titles import bare, parts_of, rule_at, split_title
from ..rules.tree import INFO, Json, Node, Warning
from .details import Details
from .grid import Grid
from .leaves import Draft
from .lines import Lines
from .outline_lines import read_text
from .outline_nest import Entry, nest, printed
from .outline_settle import GROUP, LEAF, settle_all
from .outline_side import side_entries
from .page import Page
from .parts import equal_parts, split_words
from .plan import Plan

EARNS = re.compile(
    r"(?:扣|得|计|加|减|给)[^，。；]{0,8}?[\d.一二两三四五半]+\s*分(?!钟)|[扣得计]分|扣完|不得分|得?满分|零分|按比例(?:得|计|给|折)|折算"
)
FIELDS = ("rule", "methods", "needs", "cadence", "lead", "co", "scope", "mandatory", "note")
MAX_TEXT_LINES = 6_000


class FieldGrid(Grid):
    """The fields of the leaves of a text, laid out as a table of one row to a leaf, so that they are read alike."""

    def __init__(self, name: str, rows: list[list[Cell]], places: list[str]) -> None:
        super().__init__(Sheet(name, False, rows))
        self.places = places

    def place(self, r: int, c: int) -> str:
        return self.places[r]


@dataclass
class Made:
    """What is made of the entries of one text."""

    name: str
    places: tuple[str, ...]
    drafts: list[Draft] = field(default_factory=list)
    fields: list[dict[str, str]] = field(default_factory=list)
    warnings: list[Warning] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    #: keys of items whose points stand without brackets or a word → whether their group's points bear them out
    bare: dict[str, bool] = field(default_factory=dict)
    #: keys of items whose departments stand bare in a bracket
    signed: set[str] = field(default_factory=set)

    def key(self, entry: Entry) -> str:
        """The row as a place of the sheet, marked if the paragraph has given more than one node."""
        base = key = f"{self.name}!A{entry.line.row + 1}"
        count = 1
        while key in self.keys:
            count += 1
            key = f"{base}#{count}"
        self.keys.add(key)
        return key

    def where(self, row: int) -> str:
        """As people find it in the document: 正文 第12段."""
        place = self.places[row] if row < len(self.places) else ""
        return f"{self.name} {place}" if place else f"{self.name}!A{row + 1}"

    def emit(self, entry: Entry, parent: str | None, inherited: dict[str, str], fits: bool = False) -> None:
        """ENTRY and all below it as drafts, in the order of the document."""
        key, where = self.key(entry), self.where(entry.line.row)
        if entry.kind == LEAF:
            rule_from_text(entry)
            title, requirement, parts = words(entry)
            node = Node(
                key,
                parent,
                0,
                "",
                "",
                title,
                requirement,
                entry.points,
                entry.points is not None,
                True,
                where=where,
            )
            self.drafts.append(Draft(node, entry.ordinal, rows=[entry.line.row]))
            if entry.line.bare and entry.points is not None:
                self.bare[key] = fits
            if entry.line.signed or entry.signed:
                self.signed.add(key)
            self.fields.append(with_inherited(entry.fields, inherited))
            if warning := could_split(node, parts):
                self.warnings.append(warning)
            return
        title, more = split_title(entry.title, long=40)
        text = "\n".join(part for part in (more, entry.line.rest.partition("\n")[2], *entry.body) if part)
        node = Node(
            key, parent, 0, "", "", title, text, entry.points, entry.points is not None, False, where=where
        )
        self.drafts.append(Draft(node, entry.ordinal, rows=[entry.line.row]))
        below = with_inherited({k: v for k, v in entry.fields.items() if k in FIELDS}, inherited)
        kids = [kid for kid in entry.kids if kid.kind in (LEAF, GROUP)]
        borne_out = entry.points is not None and sum(kid.points or 0 for kid in kids) == entry.points
        for kid in kids:
            self.emit(kid, key, below, borne_out)

    def fill(self, legend: dict[str, str]) -> None:
        """Read the fields of all leaves by the same door as the columns of a table."""
        leaves = [draft for draft in self.drafts if draft.node.is_leaf]
        named = [name for name in FIELDS if any(one.get(name) for one in self.fields)]
        rows: list[list[Cell]] = [[one.get(name) or None for name in named] for one in self.fields]
        grid = FieldGrid(self.name, rows, [draft.node.where for draft in leaves])
        plan = Plan(fields={name: [named.index(name)] if name in named else [] for name in FIELDS})
        details = Details(grid, plan, legend)
        custom = 2 * len(self.signed) > len(leaves)
        for index, draft in enumerate(leaves):
            node = details.fill(draft.node, [index], self.warnings)
            if (fits := self.bare.get(node.key)) is not None:
                node = replace(node, certain={**node.certain, "points": LIKELY if fits else GUESS})
            if node.key in self.signed and not custom:
                said: dict[str, str] = {name: LIKELY for name in ("lead", "co") if name in node.certain}
                node = replace(node, certain={**node.certain, **said})
            draft.node = node


def rule_from_text(entry: Entry) -> None:
    """Sentences behind the title that only say how points are earned or lost are the rule, if no other is named."""
    if entry.fields.get("rule"):
        return
    head, mark, after = entry.line.rest.partition("\n")
    rule: list[str] = []
    after = without_rule(after, rule)
    entry.body = [line for line in (without_rule(line, rule) for line in entry.body) if line]
    if rule:
        entry.line.rest = f"{head}{mark}{after}" if after else head
        entry.fields["rule"] = "".join(rule)


def without_rule(text: str, rule: list[str]) -> str:
    """TEXT without its sentences on points, which go to RULE."""
    kept: list[str] = []
    for sentence in re.findall(r"[^。；;\n]+[。；;\n]*", text):
        (rule if EARNS.search(sentence) else kept).append(sentence)
    return "".join(kept).strip() if len(rule) else text


def with_inherited(own: dict[str, str], above: dict[str, str]) -> dict[str, str]:
    """Fields of a leaf, else those of the group; who helps goes with who leads."""
    out = {name: text for name, text in above.items() if name in FIELDS and name != "note"}
    if own.get("lead"):
        out.pop("co", None)
    return out | {name: text for name, text in own.items() if text}


def words(entry: Entry) -> tuple[str, str, list[str]]:
    """(title, requirement, numbered parts without points of their own) of a leaf."""
    head, _, after = entry.line.rest.partition("\n")
    parts = [printed(kid) for kid in entry.kids]
    more = [after, entry.fields.get("requirement", ""), *entry.body]
    more += [line for kid in entry.kids for line in whole(kid)]
    below = "\n".join(part.strip() for part in more if part.strip())
    title, inside = split_title(head, long=40 if below else 30)
    if inside == head and below and len(head) <= 60:
        at = rule_at(head) or len(head)
        title, inside = bare(head[:at]), head[at:].strip()
    if not title and below:
        title, below = split_title(below, long=30)
    numbered = [kid for kid in entry.kids if kid.ordinal is not None]
    requirement = "\n".join(part for part in (inside, below) if part)
    if len(numbered) < 2:
        starts = next(parts_of(requirement, inner=True), [])
        parts = [requirement[a:b] for a, b in zip(starts, [*starts[1:], len(requirement)], strict=False)]
    return title, requirement, parts


def whole(entry: Entry) -> list[str]:
    """An entry that is only text, with all below it, as lines."""
    own = [printed(entry), *entry.body, *entry.fields.values()]
    return [*own, *(line for kid in entry.kids for line in whole(kid))]


def could_split(node: Node, parts: list[str]) -> Warning | None:
    """A word on numbered parts that share the points of one item, with equal shares as a proposal."""
    if len(parts) < 2 or not node.points or node.points < Decimal("0.01") * len(parts):
        return None
    text = split_words(node.title, len(parts))
    return Warning(node.where, text, INFO, "could_split", equal_parts(parts, node.points), node.key, "split")


def read_outline(grid: Grid, choice: Json, edits: dict[str, Json]) -> Page:
    """The page of a text sheet. A clerk's CHOICE of role makes indicators of it even if no line names points."""
    sheet = grid.sheet
    page = Page(grid, "notes", why="正文里没有带分值的条目", chosen=bool(choice.get("role")))
    if len(sheet.rows) > MAX_TEXT_LINES:
        page.role, page.why = "ignored", f"有 {len(sheet.rows)} 段，太长，不像测评标准，没有读"
        return page
    text = read_text(sheet, {key for key, edit in edits.items() if edit.get("split") is False})
    top = nest(text)
    role = str(choice.get("role") or "")
    made = Made(sheet.name, sheet.places)
    if role in ("negative", "eligibility", "bonus"):
        page.role, page.why = role, "人工选定"
        page.entries = side_entries(top, made.key)
        return page
    found = settle_all(top, forced=role == "indicators")
    for name, chapters in found.side.items():
        page.side[name] = [one for chapter in chapters for one in side_entries([chapter], made.key)]
    for entry in found.top:
        made.emit(entry, None, {})
    notes = [line for entry in found.aside for line in whole(entry)]
    made.fill(read_legend([*text.above, *notes]))
    if role and role != "indicators":
        page.role, page.why = role, "人工选定"
        return page
    page.lines = Lines(above=text.above + found.totals, totals=text.totals, notes=notes)
    page.drafts, page.warnings = made.drafts, made.warnings
    if made.drafts or role:
        page.role, page.why = "indicators", "人工选定" if role else ""
    if found.aside and page.drafts:
        names = "、".join(f"“{entry.line.text[:16]}”" for entry in found.aside[:6])
        page.warnings.append(
            Warning(
                made.where(found.aside[0].line.row),
                f"正文里没有分值的部分没有读作指标：{names}{'等' if len(found.aside) > 6 else ''}",
                INFO,
                "text_aside",
            )
        )
    return page
