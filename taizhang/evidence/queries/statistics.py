"""材料统计: how much there is of what, by department and by year. Each number is a filter of the library, counted."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, Sum

from ..models import EvidenceState, Kind
from ..rules.genres import GENRES
from .library import GENRE, HAS, UNDATED, year_of
from .scope import evidence_for

READING = "current__blob__reading__"


@dataclass(frozen=True)
class Measure:
    """One number: its name, its noun, the library's filter that shows its files; SUM: what of them is added up."""

    key: str
    label: str
    noun: str
    asks: tuple[tuple[str, str], ...]
    condition: Q
    sum: str = ""
    said: str = ""  # how it is counted, where the name does not say it


def _kind(kind: Kind, label: str, noun: str) -> Measure:
    return Measure(kind.value, label, noun, (("kind", kind.value),), Q(kind=kind))


MEASURES = (
    Measure("all", "材料", "件", (), Q()),
    _kind(Kind.DOCUMENT, "正式文件", "件"),
    Measure("number", "有文号", "件", (("has", "number"),), HAS["number"][1], said="说明里填了文号，或从文件里读出了文号"),
    Measure("rule", GENRES["rule"].label, GENRES["rule"].noun, (("genre", "rule"),), GENRE["rule"], said=GENRES["rule"].said),
    Measure(
        "bulletin", GENRES["bulletin"].label, GENRES["bulletin"].noun, (("genre", "bulletin"),), GENRE["bulletin"],
        said=GENRES["bulletin"].said,
    ),
    _kind(Kind.REPORT, "报告", "篇"),
    _kind(Kind.TABLE, "统计表", "张"),
    Measure(
        "images", "影像", "件", (("kind", Kind.PICTURE.value), ("kind", Kind.MEDIA.value)),
        Q(kind__in=(Kind.PICTURE, Kind.MEDIA)), said="图片和音像",
    ),
    _kind(Kind.LINK, "链接", "个"),
    Measure("letters", "文字", "字", (("has", "text"),), HAS["text"][1], "letters", said="从文件里读出的字数，空格不算"),
    Measure("pages", "页数", "页", (("has", "pages"),), HAS["pages"][1], "pages", said="读过的文件的页数，音像不算"),
    Measure("film", "音像时长", "分钟", (("has", "film"),), HAS["film"][1], "seconds", said="录音和录像的时长"),
)  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """FILES: how many the library shows; AMOUNT: letters, pages, seconds of them, else the files again."""

    files: int = 0
    amount: int = 0

    def __add__(self, other: "Figure") -> "Figure":
        return Figure(self.files + other.files, self.amount + other.amount)


@dataclass
class Line:
    """A department or a year (0: without a date), with its figure for each measure's key."""

    key: int
    name: str
    figures: dict[str, Figure] = field(default_factory=lambda: defaultdict(Figure))


@dataclass(frozen=True)
class Statistics:
    whole: Line
    units: list[Line]
    years: list[Line]


def asking(measure: Measure, **more: int) -> str:
    """The library's address for the files of MEASURE, of one `unit` or `year` if given."""
    return "?" + urlencode([*measure.asks, *((name, str(value)) for name, value in more.items())])


def statistics(user: Any) -> Statistics:
    """What USER sees in the library, counted. One query beside the rights."""
    asked: dict[str, Any] = {
        f"n_{one.key}": Count("pk", filter=one.condition if one.asks else None) for one in MEASURES
    }
    asked |= {f"s_{one.key}": Sum(READING + one.sum, filter=one.condition) for one in MEASURES if one.sum}
    rows: Iterable[Any] = (
        evidence_for(user).filter(state=EvidenceState.LIVE).order_by()
        .annotate(of_year=year_of())
        .values("unit", "unit__short_name", "unit__name", "unit__path", "of_year")
        .annotate(**asked)
    )  # fmt: skip
    whole = Line(0, "合计")
    units: dict[int, Line] = {}
    years: dict[int, Line] = {}
    for row in sorted(rows, key=lambda row: [int(pk) for pk in row["unit__path"].strip("/").split("/")]):
        unit = units.setdefault(row["unit"], Line(row["unit"], row["unit__short_name"] or row["unit__name"]))
        named = f"{row['of_year']} 年" if row["of_year"] != UNDATED else "没写时间"
        year = years.setdefault(row["of_year"], Line(row["of_year"], named))
        for one in MEASURES:
            files = row[f"n_{one.key}"]
            figure = Figure(files, (row[f"s_{one.key}"] or 0) if one.sum else files)
            for line in (whole, unit, year):
                line.figures[one.key] += figure
    return Statistics(whole, list(units.values()), [years[key] for key in sorted(years, reverse=True)])
