"""One sheet as understood: its role, its columns, what was found in it."""

from dataclasses import dataclass, field

from ..rules.tree import Entry, SheetReading, Warning
from .grid import Grid
from .header import Header
from .leaves import Draft
from .lines import Lines
from .plan import Plan


@dataclass
class Page:
    """One sheet as understood. `why` tells in Chinese why it was put to its role, if that is not plain."""

    grid: Grid
    role: str
    header: Header | None = None
    lines: Lines = field(default_factory=Lines)
    plan: Plan = field(default_factory=Plan)
    drafts: list[Draft] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    warnings: list[Warning] = field(default_factory=list)
    why: str = ""
    chosen: bool = False
    #: role of a list -> entries found in chapters of the text itself
    side: dict[str, list[Entry]] = field(default_factory=dict)

    @property
    def leaves(self) -> list[Draft]:
        return [draft for draft in self.drafts if draft.node.is_leaf]

    @property
    def richness(self) -> int:
        """How many meanings its columns carry: the original has more than its summary."""
        return len({guess.meaning for guess in self.header.columns.values()}) if self.header else 0

    def reading(self) -> SheetReading:
        header = self.header
        if header is None:
            return SheetReading(
                self.grid.name,
                self.role,
                rows_read=len(self.entries) or len(self.leaves),
                hidden=self.grid.sheet.hidden,
                why=self.why,
            )
        columns = dict(sorted((c, guess.meaning) for c, guess in header.columns.items()))
        if self.plan.title in columns:
            columns[self.plan.title] = "title"
        for c, meaning in zip(self.plan.groups, ("area", "section", "subsection"), strict=False):
            columns[c] = meaning
        for c in self.plan.texts:
            columns[c] = "requirement"
        if self.plan.points is not None:
            columns[self.plan.points] = "points"
        for c in self.plan.group_points.values():
            columns[c] = "group_points"
        rows = len(self.leaves) if self.role == "indicators" else len(self.entries)
        texts = {c: text for c, text in header.texts.items() if text}
        return SheetReading(
            self.grid.name,
            self.role,
            tuple(range(header.top, header.bottom + 1)),
            columns,
            rows,
            dict(self.plan.ticks),
            texts,
            self.grid.sheet.hidden,
            self.why,
        )
