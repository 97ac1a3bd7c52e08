"""What was understood of a file, with its certainty and the file's words: the rows of the page of acceptance."""

from dataclasses import replace
from io import BytesIO

import openpyxl

from taizhang.standards.rules.certainty import FIELDS, Meaning, counts, fields_of, meanings, unsure
from taizhang.standards.rules.scoring import GUESS, LIKELY, SURE
from taizhang.standards.rules.tree import Node, Reading
from taizhang.standards.sheets import read
from taizhang.standards.sheets.report import as_json

HEADS = ["测评项目", "测评内容", "测评标准", "分值", "计分办法", "测评方法", "材料要求", "责任单位"]
ROWS = [
    ["组织领导", "专题研究", "党组每季度专题研究1次", 4, "每缺一次扣1分，扣完为止", "材料审核60%+实地考察40%", "会议纪要；照片不少于2张", "牵头：办公室；配合：各处室"],
    [None, "工作机制", "建立联席会议制度", 2, "酌情扣分", "由市文明办赋分", "制度文件等", "机关党委、人事处"],
    ["思想建设", "主题党日", "各支部每月开展主题党日", 3, "每少1次扣0.25分", "材料审核", "活动照片2张", "机关党委"],
    [None, "满意率", "群众满意", 1, None, "问卷调查", None, "办公室"],
]  # fmt: skip


def reading() -> Reading:
    book = openpyxl.Workbook()
    for row in [HEADS, *ROWS]:
        book.active.append(row)
    data = BytesIO()
    book.save(data)
    return read(data.getvalue(), "标准.xlsx")


def of(found: Reading, title: str) -> Node:
    return next(node for node in found.leaves if node.title == title)


def test_each_field_that_was_read_has_its_certainty_and_the_words_of_the_file() -> None:
    found = reading()
    first = of(found, "专题研究")
    assert first.certain == {
        "points": SURE, "rule": LIKELY, "cadence": SURE, "methods": SURE, "needs": SURE, "lead": SURE, "co": SURE,
    }  # fmt: skip
    assert first.sources["cadence"] == "党组每季度专题研究1次"
    assert first.sources["rule"] == "每缺一次扣1分，扣完为止"
    vague = of(found, "工作机制")
    assert (vague.certain["rule"], vague.certain["methods"], vague.certain["lead"]) == (GUESS, GUESS, LIKELY)
    assert of(found, "主题党日").per == "branch" and of(found, "主题党日").certain["per"] == LIKELY
    bare = of(found, "满意率")
    assert not {"rule", "cadence", "per", "needs", "co"} & set(bare.certain)


def test_the_page_shows_the_doubtful_first_and_in_words() -> None:
    nodes = reading().nodes
    rows = unsure(nodes)
    order = [GUESS, LIKELY, SURE]
    assert [order.index(row.certainty) for row in rows] == sorted(order.index(row.certainty) for row in rows)
    words = {(row.title, row.field): row.words for row in rows}
    assert words["专题研究", "rule"] == "全年 4 次，每少 1 次扣 1 分"
    assert words["专题研究", "methods"] == "材料审核 60%、实地考察 40%"
    assert words["专题研究", "needs"] == "会议纪要（材料）、照片（图片，至少 2 件）"
    assert words["主题党日", "per"] == "各支部" and words["主题党日", "cadence"] == "每月"
    assert all(row.source and row.label == FIELDS[row.field] for row in rows)
    assert {row.certainty for row in unsure(nodes, LIKELY)} == {GUESS, LIKELY}
    assert {row.certainty for row in unsure(nodes, GUESS)} == {GUESS}


def sure(nodes: list[Node]) -> list[Meaning]:
    return [row for row in unsure(nodes) if row.certainty == SURE]


def test_what_is_agreed_leaves_the_page() -> None:
    nodes = reading().nodes
    fields = fields_of(sure(nodes))
    agreed = [replace(node, agreed=tuple(fields.get(node.key, ()))) for node in nodes]
    assert counts(nodes)[SURE] > 0 and counts(agreed)[SURE] == 0
    assert counts(agreed)[GUESS] == counts(nodes)[GUESS]
    assert fields_of(sure(agreed)) == {}
    assert len(meanings(agreed)) == len(meanings(nodes))


def test_the_report_tells_meaning_and_certainty() -> None:
    item = next(one for one in as_json(reading())["items"] if one["title"] == "专题研究")
    assert item["cadence"] == "quarter" and (item["times"], item["target"], item["per"]) == (1, None, "unit")
    assert item["rule"] == {"kind": "count", "target": 4, "deduct_each": "1"}
    assert item["rule_text"] == "每缺一次扣1分，扣完为止" and item["requirement"] == "党组每季度专题研究1次"
    assert (item["lead"], item["co"]) == ("办公室", ["各处室"])
    assert item["needs"][1] == {"name": "照片", "kind": "picture", "least": 2, "must": True}
    assert item["method_shares"] == {"材料审核": "60", "实地考察": "40"} and item["methods"] == [
        "材料审核",
        "实地考察",
    ]
    assert item["certain"]["rule"] == LIKELY


def test_a_reading_goes_to_json_and_back_with_its_certainty() -> None:
    found = reading()
    assert Reading.from_json(found.to_json()) == found
