"""Bad ledgers: told by row, nothing raised, nothing guessed in silence."""

from typing import Any

from taizhang.kit.tables import Book, Sheet, read_book
from taizhang.ledger.rules.takeover import Choices, Plan, read_ledger

from .office import TODAY, facts, item
from .shapes import workbook

HEADS = ["编号", "事项", "具体要求", "责任单位", "责任人", "完成时限", "状态", "工作进展", "销号时间"]


def ledger(*rows: list[Any], heads: list[str] = HEADS, name: str = "台账") -> Plan:
    """The plan of one sheet with HEADS; short rows are filled up."""
    wide = [[*row, *[None] * (len(heads) - len(row))] for row in rows]
    return read_ledger(Book([Sheet(name, False, [list(heads), *wide])]), facts(), Choices(), TODAY)  # type: ignore[list-item]


def line(code: str, **more: Any) -> list[Any]:
    one = item(code)
    fields = {
        "编号": one.code,
        "事项": one.title,
        "具体要求": one.requirement,
        "责任单位": "办公室",
        "责任人": "张伟民",
        "完成时限": "6月底",
        "状态": "进行中",
    }
    return [(fields | more).get(head) for head in HEADS]


def texts(plan: Plan, n: int = 0) -> list[str]:
    return [doubt.text for doubt in plan.rows[n].doubts]


def test_two_rows_for_one_item_name_each_other_and_the_second_is_not_saved() -> None:
    plan = ledger(line("1.1.1"), line("1.1.2"), line("1.1.1", 状态="已完成"))
    assert texts(plan, 0) == ["与第 4 行对到了同一项，以本行为准，请核对"]
    assert texts(plan, 2) == ["与第 2 行对到了同一项，没有重复接续，请核对"]
    assert [row.item for row in plan.rows] == [item("1.1.1").id, item("1.1.2").id, item("1.1.1").id]
    assert [row.stops for row in plan.rows] == [False, False, True]


def test_a_state_nobody_knows_is_asked_once_for_all_rows() -> None:
    plan = ledger(line("1.1.1", 状态="办结中"), line("1.1.2", 状态="办结中"))
    assert [row.state for row in plan.rows] == [None, None]
    assert texts(plan) == ["状态“办结中”不知道是什么意思，请指定"]
    assert plan.asked == (("state", "办结中", ()),)
    rows = [list(HEADS), line("1.1.1", 状态="办结中")]
    told = read_ledger(
        Book([Sheet("台账", False, rows)]), facts(), Choices(words={"state": {"办结中": "doing"}}), TODAY
    )  # type: ignore[arg-type]
    assert (told.rows[0].state, told.rows[0].doubts) == ("doing", ())


def test_state_and_date_that_gainsay_each_other_are_told() -> None:
    plan = ledger(
        line("1.1.1", 状态="未启动", 销号时间="2020-06-01"), line("1.1.2", 状态="已完成", 销号时间="2020-06-01"),
        line("1.1.3", 状态="已销号", 销号时间="2020-07-01"), line("1.1.4", 状态="已销号", 工作进展="未启动，待疫情后"),
    )  # fmt: skip
    assert texts(plan, 0) == ["状态写“未启动”，却有销号时间 2020-06-01，请核对"]
    assert (plan.rows[1].state, texts(plan, 1)) == ("closed", [])
    assert texts(plan, 2) == ["销号时间 2020-07-01 还没有到，没有接续"] and plan.rows[2].closed_on is None
    assert texts(plan, 3) == ["状态写“已销号”，进展却说“未启动，待疫情后”，请核对"]


def test_a_code_that_slipped_is_told_and_the_words_decide() -> None:
    plan = ledger(line("1.1.2", 编号="5.1.1"), line("1.1.3", 编号="9.9.9"))
    assert plan.rows[0].item == item("1.1.2").id
    assert texts(plan, 0)[0].startswith("编号“5.1.1”是“")
    assert plan.rows[1].item == item("1.1.3").id
    assert texts(plan, 1) == ["本年度台账没有编号“9.9.9”，按文字对到1.1.3“领导小组月度调度”"]


def test_a_code_whose_words_are_nobody_s_is_a_guess() -> None:
    plan = ledger(line("1.1.2", 事项="采购办公桌椅二十套", 具体要求="六月底前验收入库"))
    assert plan.rows[0].item == item("1.1.2").id
    assert plan.rows[0].certainty == "guess" and "请核对" in texts(plan)[0]


def test_what_is_not_in_the_standard_is_raised_as_its_own() -> None:
    plan = ledger(line("1.1.1"), ["", "采购办公桌椅二十套", "", "办公室", "张伟民", "6月底", "进行中"])
    assert (plan.rows[1].kind, plan.rows[1].item, plan.rows[1].state) == ("own", None, "doing")


def test_unknown_units_people_and_days_by_row() -> None:
    plan = ledger(line("1.1.1", 责任单位="保卫处", 责任人="王大锤", 完成时限="尽快"))
    said = texts(plan)
    assert "本机关没有“保卫处”" in said[0] and "花名册里没有“王大锤”" in said[1] and "尽快" in said[2]
    assert (plan.rows[0].lead, plan.rows[0].people, plan.rows[0].due_on) == (None, (), None)
    assert not plan.rows[0].stops


def test_everybody_leads_nobody_unless_the_item_is_for_everybody() -> None:
    plan = ledger(line("1.1.1", 责任单位="各处室", 责任人=""))
    assert plan.rows[0].lead is None and "没有写谁牵头" in texts(plan)[0]


def test_merged_cells_of_every_kind_break_nothing() -> None:
    one, other = item("1.1.1"), item("1.1.2")

    def write(book: Any, day: Any) -> None:
        sheet = book.add_worksheet("台账")
        sheet.merge_range(0, 0, 0, 8, "台账")
        sheet.merge_range(1, 0, 2, 0, "编号")
        sheet.merge_range(1, 1, 2, 2, "事项")
        for c, head in enumerate(["责任单位", "责任人", "完成时限", "状态"], 3):
            sheet.merge_range(1, c, 2, c, head)
        for n, each in enumerate((one, other)):
            r = 3 + n
            sheet.write(r, 0, each.code)
            sheet.merge_range(r, 1, r, 2, each.title)
            sheet.write(r, 6, "进行中")
        sheet.merge_range(3, 3, 4, 3, "办公室")
        sheet.merge_range(3, 4, 4, 4, "张伟民")
        sheet.merge_range(3, 5, 4, 5, "6月底")
        sheet.merge_range(5, 0, 6, 6, "注：本表由创建办负责解释")

    plan = read_ledger(read_book(workbook(write), "合并.xlsx"), facts(), Choices(), TODAY)
    assert [(row.item, row.lead, row.people, str(row.due_on)) for row in plan.rows] == [
        (one.id, 1, (101,), "2020-06-30"), (other.id, 1, (101,), "2020-06-30"),
    ]  # fmt: skip
    assert [row.doubts for row in plan.rows] == [(), ()]


def test_files_that_hold_no_ledger_say_so() -> None:
    for rows in ([["姓名", "电话"], ["张伟民", "138"]], [[None]], [["一段话"]], [list(HEADS)]):
        plan = read_ledger(Book([Sheet("表", False, rows)]), facts(), Choices(), TODAY)  # type: ignore[arg-type]
        assert plan.rows == () and "没有找到台账" in plan.problems[-1]
    hidden = read_ledger(Book([Sheet("台账", True, [list(HEADS), line("1.1.1")])]), facts(), Choices(), TODAY)  # type: ignore[arg-type]
    assert hidden.sheets[0].why == "是隐藏的表"


def test_two_editions_of_one_ledger_the_later_month_counts() -> None:
    codes = ["1.1.1", "1.1.2", "1.1.3", "1.1.4"]
    may = Sheet("5月", False, [list(HEADS), *[line(code, 状态="未启动") for code in codes]])  # type: ignore[list-item]
    june = Sheet("6月", False, [list(HEADS), *[line(code, 状态="已完成") for code in codes]])  # type: ignore[list-item]
    for sheets in ([may, june], [june, may]):
        plan = read_ledger(Book(sheets), facts(), Choices(), TODAY)
        assert {row.sheet for row in plan.rows} == {"6月"} and {row.state for row in plan.rows} == {
            "accepted"
        }
        assert [one.why for one in plan.sheets if one.name == "5月"] == ["与“6月”是同一份台账，按“6月”读"]


def test_cells_of_any_kind_never_raise() -> None:
    strange = [
        None,
        "",
        " ",
        0,
        -1,
        10**12,
        "=1+1",
        "#REF!",
        "🎉",
        "x" * 5000,
        "①",
        "(",
        "、、、",
        "：",
        "a" * 40,
        "2020.13.45",
        "20201332",
        True,
    ]
    for value in strange:
        for head in HEADS:
            if head in ("编号", "事项", "具体要求"):
                continue
            plan = ledger(line("1.1.1", **{head: value}))
            assert plan.rows[0].item == item("1.1.1").id
    for value in strange:
        ledger([value, value, value, "办公室", "张伟民", value, value])


def test_an_own_matter_that_is_a_little_like_an_item_names_it() -> None:
    plan = ledger(line("1.1.1"), ["", "印发年度方案", "", "办公室", "张伟民", "6月底", "进行中"])
    assert plan.rows[1].kind == "own" and "最像的是1.2.2“年度实施方案”" in texts(plan, 1)[0]
    assert item("1.2.2").id in plan.rows[1].doubts[0].options


def test_the_office_s_own_count_is_no_code() -> None:
    rows = [line(code, 编号=f"{n:03}") for n, code in enumerate(("1.1.1", "1.1.2", "1.1.3", "1.1.4"), 1)]
    assert [row.doubts for row in ledger(*rows).rows] == [(), (), (), ()]


def test_a_header_of_two_lines_that_nobody_merged() -> None:
    one = item("1.1.1")
    rows = [
        ["某局创建工作台账", None, None, None, None, None, None],
        ["序号", "测评项目", "测评内容", "责任", None, "完成情况", None],
        [None, None, None, "单位", "人", "是否完成", "情况说明"],
        [1, one.area, one.title, "办公室\n创建办", "张伟民 李晓梅", "否", "无"],
    ]
    plan = read_ledger(Book([Sheet("台账", False, rows)]), facts(), Choices(), TODAY)  # type: ignore[arg-type]
    row = plan.rows[0]
    assert (row.item, row.lead, row.helpers, row.people, row.state, row.progress) == (
        one.id,
        1,
        (2,),
        (101, 102),
        "pending",
        "",
    )


def test_blocks_each_under_its_own_header() -> None:
    heads = ["序号", "工作内容", "责任处室", "完成时间", "状态"]
    rows: list[list[Any]] = []
    for name, codes in (("一", ["1.1.1", "1.1.2"]), ("二", ["2.1.1", "2.1.2"])):
        rows += [[f"{name}、{item(codes[0]).area}", None, None, None, None], heads]
        rows += [[n, item(code).title, "财务处", "11月", "办理中"] for n, code in enumerate(codes, 1)]
    plan = read_ledger(Book([Sheet("台账", False, rows)]), facts(), Choices(), TODAY)
    assert [row.item for row in plan.rows] == [item(code).id for code in ("1.1.1", "1.1.2", "2.1.1", "2.1.2")]
    assert plan.rows[2].area == item("2.1.1").area
