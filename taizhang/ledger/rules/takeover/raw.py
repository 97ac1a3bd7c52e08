"""The rows of a ledger's sheets as they stand: which sheet, which columns, which lines are matters and which are not."""

import re
from dataclasses import dataclass, field

from taizhang.kit.tables import Book, Sheet
from taizhang.kit.tables.book import Cell
from taizhang.standards.rules.codes import split_code

from .choices import Choices
from .columns import DUTIES, roles_of
from .facts import Facts
from .grid import Grid, Header, find_header
from .plan import GUESS, Column, SheetRead
from .settle import Likeness, settle
from .states import legend_of
from .texts import bare, folded

TOTAL = re.compile(r"^(?:合计|小计|总计|共计|总分|合\s*计|小\s*计|累计)")
FOOT = re.compile(
    r"^(?:填表(?:人|说明|单位|日期)|填报(?:人|单位|日期|说明)|制表|审核人|负责人签字|审批|联系(?:人|电话)[:：]|单位(?:（盖章）|\(盖章\)|盖章)|说明[:：]|备注[:：]|注[:：]|注\d|附注|以上|更新(?:时间|日期)|日期[:：]|颜色说明|图例|(?:审核|审定|审签|复核|校对|编制|制单|经办|签发|负责|主要负责|分管领导)人?(?:签[字名])?[:：])"
)
#: a line above the rows of one department: 责任处室：办公室　　负责人：黎林波
BLOCK = re.compile(
    r"^(?:[(（]?[一二三四五六七八九十\d]+[)）、.．]\s*)?(?:责任|牵头|承办|主办|主责)?(?:单位|处室|部门|科室|股室|处|科)(?:名称)?\s*[:：]\s*(?P<unit>[^\s,，;；。:：(（]+)"
)
OTHER_YEAR = re.compile(r"(?:19|20)\d{2}")
#: sheets that keep the ledger company
DECOY = re.compile(
    r"说明|通讯录|联系方式|字典|参数|目录|封面|模板|样表|示例|下拉|填报须知|统计|汇总|排名|得分|打分|图表|透视|花名册|人员(?:名单|信息)|备份|作废|旧版?$"
)
NOTHING = ("无", "/", "-", "—", "——", "、", "\\")


@dataclass
class Raw:
    """One matter as it stands. `cells`: field → the cell's words; `day` and `closed`: cells of dates as they are."""

    sheet: str
    at: int  # row from 0
    cells: dict[str, str] = field(default_factory=dict)
    days: dict[str, Cell] = field(default_factory=dict)
    progress: list[tuple[str, str]] = field(default_factory=list)  # header, text
    area: str = ""  # of a line above the row, or of the sheet
    section: str = ""
    unit: str = ""  # the department of the line above the row
    periods: list[tuple[str, str]] = field(
        default_factory=list
    )  # 第一季度, √: every period's column, "" = blank
    joined: int | None = None  # the first row of the merged cell that says what is to be done
    merged: tuple[str, ...] = ()  # fields that hold for several rows by merging
    place: str = ""

    @property
    def key(self) -> str:
        return f"{self.sheet}!{self.at + 1}"

    @property
    def wordings(self) -> list[str]:
        """What may be compared with an item: each text, without its ordinal, and all of them together."""
        title, requirement = self.cells.get("title", ""), self.cells.get("requirement", "")
        texts = [bare(one) for one in (title, requirement) if one]
        return [*texts, "".join(texts)] if len(texts) > 1 else texts

    @property
    def title(self) -> str:
        return self.cells.get("title") or self.cells.get("requirement", "")


@dataclass
class ReadSheet:
    name: str
    header: Header
    grid: Grid
    rows: list[Raw]
    columns: list[Column]
    legend: dict[str, str]
    coloured: list[int] | None = None  # columns whose colours tell the state, once they were looked for


def read_sheets(
    book: Book, facts: Facts, choices: Choices
) -> tuple[list[ReadSheet], list[SheetRead], list[str]]:
    """The sheets that hold the ledger, what was done with every sheet, and what is wrong as a whole."""
    likeness = Likeness(facts)
    read: list[ReadSheet] = []
    told: dict[str, SheetRead] = {}
    for sheet in book.sheets:
        why = _refused(sheet, facts, choices)
        if why:
            told[sheet.name] = SheetRead(sheet.name, False, why=why)
            continue
        found = _read(sheet, likeness, choices)
        if found is None:
            told[sheet.name] = SheetRead(
                sheet.name,
                False,
                why="没有找到台账的表头（要有事项，和责任单位、责任人、时限、状态中的几列）",
            )
            continue
        if not found.rows:
            told[sheet.name] = SheetRead(sheet.name, False, why="只有表头，没有事项")
            continue
        read.append(found)
    ledgers = read if choices.sheets else _best(read, likeness, told)
    for one in ledgers:
        rows = tuple(range(one.header.top + 1, one.header.bottom + 2))
        told[one.name] = SheetRead(one.name, True, len(one.rows), header_rows=rows)
    order = [told[sheet.name] for sheet in book.sheets if sheet.name in told]
    problems = []
    if not ledgers:
        problems.append(
            "文件里没有找到台账：要有一张表，写着做什么、谁来做、什么时候做完。请检查文件，或在列的对应里指定。"
        )
    names = {one.name for one in ledgers}
    for sheet in book.sheets:
        if sheet.name in names and sheet.hidden_rows:
            problems.append(f"“{sheet.name}”有 {len(sheet.hidden_rows)} 行是隐藏的（多半是筛选），也读了。")
        if sheet.cut_at:
            problems.append(f"“{sheet.name}”太长，只读了前 {sheet.cut_at} 行。")
    return ledgers, order, problems


def _refused(sheet: Sheet, facts: Facts, choices: Choices) -> str:
    if choices.sheets:
        return "" if sheet.name in choices.sheets else "没有选这张表"
    if sheet.hidden:
        return "是隐藏的表"
    if sheet.kind != "table":
        return "不是表格"
    years = {int(one) for one in OTHER_YEAR.findall(sheet.name)}
    if years and facts.year not in years:
        return f"是 {max(years)} 年的，不是 {facts.year} 年的"
    return ""


def _best(read: list[ReadSheet], likeness: Likeness, told: dict[str, SheetRead]) -> list[ReadSheet]:
    """Without decoys: sheets called 汇总 or 样表 beside real ones, and those that repeat what another one says."""
    real = [one for one in read if not DECOY.search(one.name)]
    strong = [one for one in real if set(one.header.fields.values()) & {*DUTIES, "state", "progress"}]
    for one in read:
        if one not in (strong or real or read):
            told[one.name] = SheetRead(
                one.name, False, why="看名称和内容不是台账本身（汇总、样表、通讯录一类）"
            )
    kept = strong or real or read
    texts = {one.name: {folded(bare(row.title)) for row in one.rows} for one in kept}
    dropped: set[str] = set()
    for at, one in enumerate(kept):
        for other in kept[at + 1 :]:
            a, b = texts[one.name], texts[other.name]
            both = len(a & b)
            if both >= 3 and both >= 0.7 * min(len(a), len(b)):
                # two editions of one ledger: the later one counts, by the month in its name, else by its place
                older = (
                    one if _edition(one.name) <= _edition(other.name) or _edition(other.name) == 0 else other
                )
                newer = other if older is one else one
                if _edition(one.name) == _edition(other.name) == 0 and len(a) > len(b):
                    older, newer = other, one
                dropped.add(older.name)
                told[older.name] = SheetRead(
                    older.name, False, why=f"与“{newer.name}”是同一份台账，按“{newer.name}”读"
                )
    return [one for one in kept if one.name not in dropped]


def _edition(name: str) -> int:
    """A number that grows with the month or day in a sheet's name; 0 when it names none."""
    found = re.search(r"(1[0-2]|[1-9])\s*月(?:\s*(\d{1,2})\s*日)?", name)
    return int(found.group(1)) * 100 + int(found.group(2) or 40) if found else 0


def _read(sheet: Sheet, likeness: Likeness, choices: Choices) -> ReadSheet | None:
    grid = Grid(sheet)
    header = find_header(grid, choices.columns)
    if header is None:
        return None
    lines = [r for r in range(header.bottom + 1, grid.height) if len(grid.shown(r)) > 1]
    settle(grid, header, lines, likeness, choices)
    legend = legend_of(
        grid.text(r, c)
        for r in range(grid.height)
        for c in grid.own(r)
        if r <= header.bottom or len(grid.own(r)) <= 2
    )
    rows = _rows(grid, header, sheet)
    columns = []
    for c, key in sorted(header.keys.items()):
        sample = next((grid.text(r, c) for r in lines if grid.text(r, c)), "")
        columns.append(
            Column(
                sheet.name,
                c,
                key,
                header.fields.get(c, ""),
                header.certain.get(c, GUESS),
                " ".join(sample.split())[:40],
            )
        )
    return ReadSheet(sheet.name, header, grid, rows, columns, legend)


def _rows(grid: Grid, header: Header, sheet: Sheet) -> list[Raw]:
    rows: list[Raw] = []
    area = section = ""
    above = (BLOCK.match(grid.text(r, c)) for r in reversed(range(header.top)) for c in grid.own(r))
    unit = next((found["unit"] for found in above if found), "")
    if not header.of("area") and not re.fullmatch(r"(?i)sheet\d*|表\d*|台账|工作表\d*", sheet.name):
        area = sheet.name
    titles = {header.keys[c] for c in header.keys}
    told = header.of("title", "requirement")
    depth = 0
    for r in range(header.bottom + 1, grid.height):
        own = grid.own(r)
        shown = grid.shown(r)
        if not shown:
            continue
        texts = [grid.text(r, c) for c in own]
        first = texts[0] if texts else ""
        if len(own) >= 3 and sum(
            re.sub(r"\s+", "", text) in titles
            or any(re.sub(r"\s+", "", text) == part for key in titles for part in key.split(" / "))
            for text in texts
        ) >= 0.6 * len(own):
            continue  # the header again, at the top of a page
        if any(TOTAL.match(re.sub(r"\s+", "", text)) for text in texts[:2]):
            continue
        origins = {grid.origin(r, c) for c in shown}
        lone = len(origins) == 1 and len(own) == 1
        if lone or len(origins) == 1:
            if FOOT.match(first) or not own or not re.search(r"[\u4e00-\u9fff]{2}", first):
                continue
            if len(first) <= 24 and legend_of([first]):
                continue  # 绿色：已完成, under the table
            if block := BLOCK.match(first):
                unit = block["unit"]
                continue
            column = own[0]
            wide = sum(grid.origin(r, c) == (r, column) for c in range(grid.width)) > 1
            if wide or column not in told or len(header.keys) > 3 and not _has_rows(grid, header, r):
                ordinal, _ = split_code(first)
                level = ordinal.depth if ordinal else depth
                if area and ordinal and level > depth:
                    section = bare(first)
                else:
                    area, section, depth = bare(first), "", level
                continue
        if FOOT.match(first) and len(own) <= 3:
            continue
        raw = _raw(grid, header, sheet, r)
        if raw is None:
            continue
        raw.unit = unit
        raw.area = raw.cells.get("area") or area
        raw.section = raw.cells.get("section") or section
        rows.append(raw)
    return rows


def _has_rows(grid: Grid, header: Header, r: int) -> bool:
    """A lone cell in the matter's column is a matter when its neighbours are lone too: a list without duties."""
    near = [one for one in (r - 1, r + 1) if header.bottom < one < grid.height]
    return all(len(grid.shown(one)) <= 2 for one in near) and bool(near)


def _raw(grid: Grid, header: Header, sheet: Sheet, r: int) -> Raw | None:
    raw = Raw(sheet.name, r, place=sheet.places[r] if r < len(sheet.places) else "")
    merged: list[str] = []
    joined: set[int] = set()
    own_said = False
    for c, name in sorted(header.fields.items()):
        if not name:
            continue
        cell = grid.cell(r, c)
        if cell is None:
            continue
        origin = grid.origin(r, c)
        text = grid.text(r, c)
        if origin[0] != r:
            if origin[0] <= header.bottom:
                continue
            merged.append(name)
            if name in ("title", "requirement"):
                joined.add(origin[0])
        elif origin[1] != c and header.fields.get(origin[1]) not in ("", None):
            continue  # merged over to the right: it belongs to its first column
        elif name not in ("serial", "area", "section"):
            own_said = True
        if name in ("progress", "remark") and text in NOTHING:
            continue
        if c in header.periods:
            continue  # taken together below
        if name == "both" and (parts := _apart(text, header.keys[c])):
            for part_of, part in parts:
                raw.cells[part_of] = "、".join(one for one in (raw.cells.get(part_of), part) if one)
            continue
        if name in ("due_on", "closed_on"):
            raw.days.setdefault(name, cell)
        if name == "progress":
            raw.progress.append((header.keys[c].split(" / ")[-1], text))
        if name in raw.cells:
            sep = "、" if name in ("lead", "helpers", "person", "helper_people", "leader", "both") else "\n"
            if text not in raw.cells[name].split(sep):
                raw.cells[name] += sep + text
        else:
            raw.cells[name] = text
    if header.periods:
        raw.periods = [(header.keys[c].split(" / ")[-1], grid.text(r, c)) for c in header.periods]
        marks = [f"{period}{text}" for period, text in raw.periods if text]
        own_said = own_said or bool(marks)
        if marks:
            raw.cells["state"] = "，".join(marks)
    says_what = any(raw.cells.get(name) for name in ("title", "requirement", "code"))
    if not own_said and not joined and not says_what:
        return None  # nothing but a number, an area or a section of its own
    raw.merged = tuple(merged)
    says = [name for name in ("title", "requirement") if raw.cells.get(name)]
    if says and joined and all(name in merged for name in says):
        raw.joined = max(joined)
    if not says and not raw.cells.get("code"):
        held = [
            name
            for name in ("lead", "person", "due_on", "state", "progress", "helpers", "both")
            if raw.cells.get(name) and name not in merged
        ]
        if not held:
            return None
    return raw


def _apart(text: str, head: str) -> list[tuple[str, str]]:
    """(field, words) of a cell that keeps department, leader and person in the order of its header's words."""
    roles = roles_of(head)
    if "leader" not in roles:
        return []  # department and person are told apart by their words
    for sign in ("\n", "[/／]", "[|｜]", "[;；]", "[、，,]", r"\s+", "—+|-+"):
        parts = [one.strip() for one in re.split(sign, text.strip())]
        if len(parts) == len(roles):
            return list(zip(roles, parts, strict=True))
    return []
