"""The coverage check out: one sheet for each of the four lists."""

from taizhang.kit.tables import OutSheet

from ..rules.coverage import Bare, Coverage

#: list → its name on screen and in the workbook, what is counted, what is missing, the heads of its columns
LISTS = {
    "departments": ("处室", "个", "没有编入活动组的处室", ("编码", "处室", "原因")),
    "people": ("人员", "人", "没有责任的人员", ("工号", "姓名", "处室", "原因")),
    "indicators": ("事项", "项", "没有牵头的指标和事项", ("编号", "事项", "原因")),
    "steps": ("审核环节", "个", "没有人签的审核环节", ("环节", "原因")),
}  # fmt: skip


def cells(kind: str, one: Bare) -> tuple[str, ...]:
    """One line as the columns of its list say it."""
    if kind == "people":
        return one.code, one.name, one.place, one.why
    return (one.name, one.why) if kind == "steps" else (one.code, one.name, one.why)


def coverage_sheets(found: Coverage) -> list[OutSheet]:
    """Four sheets, an empty one too: that nothing is missing is an answer."""
    widths = {"people": [12.0, 12.0, 18.0, 50.0], "steps": [36.0, 60.0]}
    return [
        OutSheet(
            title, list(heads), [list(cells(kind, one)) for one in getattr(found, kind)],
            widths.get(kind, [14.0, 40.0, 50.0]),
        )
        for kind, (_, _, title, heads) in LISTS.items()
    ]  # fmt: skip
