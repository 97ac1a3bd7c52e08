"""What each sheet of a workbook is for: indicators, one of the lists, words only, or a repetition."""

import re

from ..rules.columns import BONUS_WORDS, ELIGIBLE_WORDS, NEGATIVE_WORDS
from ..rules.numbers import points_of, squeeze
from .grid import Grid
from .header import Header

GENERIC_NAME = re.compile(
    r"^(?:Sheet|工作表|表)?\s*\d*$|标准|体系|细则|指标|测评表|考核表|评分表|测评|考核|考评|汇总|明细|^表[一二三四五六七八九十\d]",
    re.IGNORECASE,
)
#: people are listed by number in rosters and lists of groups, never in a standard
ROSTER_HEAD = re.compile(r"(?:工号|身份证号?码?|手机号码?)(?:[(（].*)?$")
#: sheets that only look like the standard: examples, forms to fill, what is no longer valid, results
DECOYS: list[tuple[str, re.Pattern[str]]] = [
    ("是填写示例或样表，没有读", re.compile(r"示例|样例|样表|范例|样式|模板|模版|填报说明|填表说明")),
    (
        "是旧版或已作废的表，没有读",
        re.compile(r"旧版|旧表|作废|废止|停用|失效|历史版|上一?版|原版|修订前|去年|上一?年"),
    ),
    (
        "是得分或结果表，没有读",
        re.compile(r"得分|成绩|打分|评分结果|考核结果|测评结果|排名|扣分情况|自评结果"),
    ),
]
SUMMARY_NAME = re.compile(r"汇总|统计|目录|封面|一览|总表|概况|分布")


def role_of(grid: Grid, header: Header | None) -> tuple[str, str]:
    """(role, why in Chinese). Indicators need points, in a column or in texts; that is judged after the walk."""
    if not any(not grid.blank(r) for r in range(grid.height)):
        return "ignored", "空表"
    heads = " ".join(header.texts.values()) if header else ""
    titles = " ".join(
        grid.text(r, c) for r in range(min(grid.height, header.top if header else 3)) for c in grid.filled(r)
    )
    for words, role in (
        (NEGATIVE_WORDS, "negative"),
        (ELIGIBLE_WORDS, "eligibility"),
        (BONUS_WORDS, "bonus"),
    ):
        for source in (grid.name, titles, heads):
            text = squeeze(source)
            if (
                len(text) <= 60
                and re.search(words, text)
                and not (role == "negative" and header and has_points_tree(grid, header))
            ):
                if source is heads and header and has_points_tree(grid, header) and role != "bonus":
                    continue
                if (
                    source is heads
                    and role == "bonus"
                    and header
                    and len(header.of("area", "section", "subsection", "requirement", "title")) >= 2
                    and header.of("points")
                ):
                    continue
                return role, f"表名或表头里有“{re.search(words, text).group()}”"  # type: ignore[union-attr]
    first = " ".join(squeeze(grid.text(r, c)) for r in range(min(grid.height, 4)) for c in grid.filled(r))
    if re.search(r"情形", first) and re.search(r"处理|核验|观察期|后果|扣分", first):
        return "negative", "表头里有“情形”和“处理”"
    if re.search(r"判定方式|是否符合", first) and "条件" in first:
        return "eligibility", "表头里有“条件”"
    if re.search(r"加分", heads) and re.search(r"上限|加分(?:办法|标准)", heads):
        return "bonus", "表头里有“加分”"
    if header is None:
        return "notes", "没有表头"
    if any(ROSTER_HEAD.search(squeeze(text)) for text in header.texts.values()):
        return "notes", "有工号一列，像是花名册或分组名单"
    if not header.of("area", "section", "subsection", "title", "requirement"):
        return "notes", "表头里没有指标或要求"
    return "indicators", ""


def has_points_tree(grid: Grid, header: Header) -> bool:
    """A points column with several positive figures beside columns of a tree."""
    for c in header.of("points"):
        values = [points_of(grid.own(r, c)) for r in range(header.bottom + 1, grid.height)]
        if sum(value is not None and value > 0 for value in values) >= 3 and header.of(
            "requirement", "section", "rule"
        ):
            return True
    return False


def is_generic(name: str) -> bool:
    """Whether a sheet's name says nothing about its content: Sheet1, 测评标准, 表2."""
    return bool(GENERIC_NAME.search(squeeze(name)))


def decoy(name: str, titles: list[str]) -> str:
    """Why a sheet so named, or with such a title line above its table, is not the standard itself; "" if it may be."""
    for why, words in DECOYS:
        if words.search(squeeze(name)):
            return why
        if any(re.search(rf"[(（【\[](?:{words.pattern})[)）】\]]", squeeze(text)) for text in titles):
            return why
    return ""
