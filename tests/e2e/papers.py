"""The two standards of the standard's walk: an outline in Word with its next edition, and an old workbook.

    python -m tests.e2e.papers      makes union.xls again (LibreOffice is needed; the file is checked in)

An outline is written as lines: "# 方面 | 标称分", "## 测评内容 | 标称分", "- 名称 | 分值 | 要求 | 计分 | 方法 | 材料 | 牵头 |
配合"; what is empty is not printed.
"""

from pathlib import Path

from openpyxl import Workbook

from tests.fixtures.make_documents_sheets import as_xls
from tests.fixtures.make_documents_word import new, numbered, numbering, save

UNION = Path(__file__).with_name("union.xls")
OUTLINE, PARTY = "云泽市文明单位测评细则", "机关党建工作考核标准"

#: 2018: 经费保障 without points; 督察科, which nobody knows; 健康讲座 in the wrong place; 读书活动 with ①② in one item;
#: 环境平安 stated as 20 and adding up to 18
FIRST = """
# 组织领导 | 30
## 组织推动 | 16
- 党组专题研究 | 4 | 党组每季度专题研究创建工作不少于1次 | 每缺一次扣1分，扣完为止 | 查阅资料、座谈 | 会议纪要；照片不少于2张 | 办公室 | 研究室
- 创建工作方案 | 3 | 制定年度创建工作方案，以正式文件印发 | 未制定不得分 | 查阅资料 | 正式文件 | 办公室 |
- 骨干培训 | 3 | 每半年组织1次创建骨干培训 | 每缺一次扣1.5分 | 查阅资料 | 培训通知；签到表 | 人事处 |
- 经费保障 | | 创建经费列入年度预算，专款专用 | 未列入不得分 | 查阅资料 | 预算批复 | 财务处 |
- 督查通报 | 3 | 每季度督查创建进展并印发通报 | 每缺一次扣1分，扣完为止 | 查阅资料 | 督查通报 | 督察科 |
## 支部建设 | 14
- 支部委员会会议 | 4 | 各党支部每月召开1次支部委员会会议 | 每缺一次扣0.5分，扣完为止 | 查阅资料 | 会议记录 | 机关党委 |
- 党员大会 | 3 | 各党支部每季度召开1次党员大会 | 每缺一次扣1分，扣完为止 | 查阅资料 | 会议记录 | 机关党委 |
- 主题党日 | 3 | 各党支部每月开展1次主题党日活动 | 每缺一次扣0.5分，扣完为止 | 查阅资料 | 活动记录 | 机关党委 |
- 组织生活会 | 4 | 各党支部每年召开1次组织生活会并开展民主评议 | 未召开不得分 | 查阅资料 | 会议记录 | 机关党委 |
# 思想道德 | 24
## 理论武装 | 10
- 中心组学习 | 4 | 党组理论学习中心组每季度集体学习研讨不少于1次 | 每缺一次扣1分，扣完为止 | 查阅资料 | 学习记录 | 机关党委 | 宣传处
- 网络学习 | 3 | 干部网络学习学时完成率 | 达到95%以上得满分，低于70%不得分 | 网上查看 | 学时统计表 | 人事处 |
- 读书活动 | 3 | ①处室每季度开展1次读书交流；②年底编印读书心得集 | 按完成情况计分 | 查阅资料 | 活动照片 | 研究室 |
## 道德建设 | 14
- 道德讲堂 | 4 | 每季度举办1期道德讲堂 | 每缺一期扣1分，扣完为止 | 查阅资料、实地考察 | 讲堂方案；照片不少于3张 | 宣传处 |
- 身边好人 | 4 | 每年评选身边好人不少于5名并公示 | 每少1名扣1分，扣完为止 | 查阅资料 | 评选通报 | 办公室 | 宣传处
- 诚信建设 | 3 | 开展诚信宣传教育，公开服务承诺 | A档3分，B档2分，C档1分 | 查阅资料 | 宣传方案 | 法规处 |
- 家风建设 | 3 | 每年开展1次家风家教主题活动 | 未开展不得分 | 查阅资料 | 活动照片 | 机关纪委 |
# 文明服务 | 26
## 窗口服务 | 16
- 窗口规范 | 4 | 工作人员挂牌上岗，使用文明用语；设置便民服务区，配备母婴室、轮椅和老花镜 | 一处不符扣0.5分 | 实地考察 | 现场照片 | 行政服务中心 |
- 一次告知 | 3 | 办事要求一次性告知群众，告知单格式统一 | 发现一次未告知扣1分 | 实地考察 | 告知单样式 | 行政审批处 |
- 服务承诺 | 3 | 公开服务承诺和办理时限，兑现承诺 | 发现一次未兑现扣1分 | 实地考察 | 承诺公示照片 | 行政审批处 |
- 投诉办理 | 3 | 每月通报群众投诉的办理情况 | 每缺一次扣0.5分，扣完为止 | 查阅资料 | 投诉办理通报 | 综合业务处 |
- 健康讲座 | 3 | 每半年举办1次干部职工健康讲座 | 每缺一次扣1.5分 | 查阅资料 | 讲座照片 | 机关党委 |
## 志愿服务 | 10
- 志愿队伍 | 4 | 注册志愿者占在职干部的80%以上 | 达到80%以上得满分，低于50%不得分 | 网上查看 | 注册名单 | 基层指导处 |
- 志愿服务活动 | 6 | 每季度组织1次学雷锋志愿服务活动 | 每缺一次扣1.5分，扣完为止 | 查阅资料、实地考察 | 活动方案；照片不少于2张 | 办公室 |
# 环境平安 | 20
- 办公环境 | 5 | 每月检查办公环境并通报 | 每缺一次扣0.5分，扣完为止 | 实地考察 | 检查通报 | 办公室 |
- 节能降耗 | 4 | 落实节能措施，建立能耗统计台账 | A档4分，B档3分，C档1分 | 查阅资料 | 能耗统计表 | 财务处 |
- 应急演练 | 5 | 每半年组织1次应急演练 | 每缺一次扣2.5分 | 查阅资料 | 演练方案；演练照片 | 应急值守处 |
- 网络安全 | 4 | 每年开展1次网络安全检查 | 未开展不得分 | 查阅资料 | 检查报告 | 信息中心 |
"""
#: 2019, line for line in place of those of 2018; what is no longer asked for is an empty text
CHANGES = {
    # settled already, and asked for otherwise: 需复核
    "创建工作方案": "- 创建工作方案 | 3 | 制定年度创建工作方案，经党组会议审定后以正式文件印发，并报市文明办备案 | 未制定不得分 | 查阅资料 | 正式文件；备案回执 | 办公室 |",
    "身边好人": "- 身边好人 | 4 | 每年评选身边好人不少于8名并公示，事迹在门户网站刊登 | 每少1名扣0.5分，扣完为止 | 查阅资料 | 评选通报 | 办公室 | 宣传处",
    # every quarter becomes every month
    "志愿服务活动": "- 志愿服务活动 | 6 | 每月组织1次学雷锋志愿服务活动 | 每缺一次扣0.5分，扣完为止 | 查阅资料、实地考察 | 活动方案；照片不少于2张 | 办公室 |",
    # one in two
    "窗口规范": """- 窗口人员规范 | 2 | 工作人员挂牌上岗，使用文明用语 | 一处不符扣0.5分 | 实地考察 | 现场照片 | 行政服务中心 |
- 便民服务设施 | 2 | 设置便民服务区，配备母婴室、轮椅和老花镜 | 一处不符扣0.5分 | 实地考察 | 现场照片 | 行政服务中心 |""",
    # two in one
    "一次告知": "- 告知与承诺 | 6 | 办事要求一次性告知群众，告知单格式统一；公开服务承诺和办理时限，兑现承诺 | 发现一次扣1分 | 实地考察 | 告知单样式；承诺公示照片 | 行政审批处 |",
    "服务承诺": "",
    # moved to another area
    "网络安全": "",
    "督查通报": """- 督查通报 | 3 | 每季度督查创建进展并印发通报 | 每缺一次扣1分，扣完为止 | 查阅资料 | 督查通报 | 督查室 |
- 网络安全 | 4 | 每年开展1次网络安全检查 | 未开展不得分 | 查阅资料 | 检查报告 | 信息中心 |""",
    # gone, with material
    "网络学习": "",
    # the words so different that somebody must say whether it is the same
    "诚信建设": "- 信用机关 | 3 | 建立干部信用档案，公开服务承诺，开展失信专项治理 | A档3分，B档2分，C档1分 | 查阅资料 | 治理方案 | 法规处 |",
    # new
    "节能降耗": """- 节能降耗 | 4 | 落实节能措施，建立能耗统计台账 | A档4分，B档3分，C档1分 | 查阅资料 | 能耗统计表 | 财务处 |
- 反食品浪费 | 4 | 机关食堂每季度开展1次制止餐饮浪费检查 | 每缺一次扣1分，扣完为止 | 实地考察 | 检查照片 | 行政服务中心 |""",
    # points shifted
    "中心组学习": "- 中心组学习 | 5 | 党组理论学习中心组每季度集体学习研讨不少于1次 | 每缺一次扣1.25分，扣完为止 | 查阅资料 | 学习记录 | 机关党委 | 宣传处",
    # mended by hand the year before, and right now
    "经费保障": "- 经费保障 | 3 | 创建经费列入年度预算，专款专用 | 未列入不得分 | 查阅资料 | 预算批复 | 财务处 |",
    "读书活动": """- 读书交流 | 2 | 处室每季度开展1次读书交流 | 按完成情况计分 | 查阅资料 | 活动照片 | 研究室 |
- 心得集 | 1 | 年底编印读书心得集 | 按完成情况计分 | 查阅资料 | 活动照片 | 研究室 |""",
    "健康讲座": "",
    "家风建设": """- 家风建设 | 3 | 每年开展1次家风家教主题活动 | 未开展不得分 | 查阅资料 | 活动照片 | 机关纪委 |
- 健康讲座 | 3 | 每半年举办1次干部职工健康讲座 | 每缺一次扣1.5分 | 查阅资料 | 讲座照片 | 机关党委 |""",
}
#: 2019: what the areas are said to be worth
SUMS = {"组织领导 | 30": "组织领导 | 34", "组织推动 | 16": "组织推动 | 20", "思想道德 | 24": "思想道德 | 25", "理论武装 | 10": "理论武装 | 8",
        "道德建设 | 14": "道德建设 | 17", "文明服务 | 26": "文明服务 | 23", "窗口服务 | 16": "窗口服务 | 13", "环境平安 | 20": "环境平安 | 18"}  # fmt: skip


def next_edition(lines: str) -> str:
    found = []
    for line in lines.strip().splitlines():
        title = line[2:].split("|")[0].strip()
        if line.startswith("- "):
            found.append(CHANGES.get(title, line))
        else:
            sign, head = line.split(" ", 1)
            found.append(f"{sign} {SUMS.get(head, head)}")
    return "\n".join(one for one in found if one)


def outline(path: Path, lines: str, year: int) -> Path:
    """The outline as an office writes it: 一、（一）1. are Word's own numbers, points stand in brackets."""
    doc = new(size=12)
    numbers = numbering(doc, [("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3.")])
    doc.add_paragraph(f"{OUTLINE}（{year}版）")
    doc.add_paragraph("测评实行百分制，由市文明办组织实地考察和材料审核。")
    for line in lines.strip().splitlines():
        sign, _, rest = line.partition(" ")
        fields = [one.strip() for one in rest.split("|")]
        if sign != "-":
            numbered(doc.add_paragraph(f"{fields[0]}（{fields[1]}分）"), numbers, len(sign) - 1)
            continue
        title, points, words, rule, methods, needs, lead, co = fields
        numbered(doc.add_paragraph(f"{title}（{points}分）" if points else title), numbers, 2)
        doc.add_paragraph(f"{words}。")
        doc.add_paragraph(f"评分办法：{rule}。")
        doc.add_paragraph(f"测评方法：{methods}")
        doc.add_paragraph(f"报送材料：{needs}")
        doc.add_paragraph(f"牵头单位：{lead}" + (f"；配合单位：{co}" if co else ""))
    save(doc, path)
    return path


def first_edition(folder: Path) -> Path:
    return outline(folder / f"{OUTLINE}2018.docx", FIRST, 2018)


def second_edition(folder: Path) -> Path:
    return outline(folder / f"{OUTLINE}2019.docx", next_edition(FIRST), 2019)


# ---- the old workbook


HEADS = ["类别", "考核项目", "考核内容", "标准分", "扣分办法", "说明", "责任处室", "自评分"]
ROWS = """
政治建设（30分） | 理论学习 | 各党支部每月组织1次集体学习 | 8 | 每缺一次扣0.5分，扣完为止 | 学习记录；照片不少于1张 | 机关党委
 | 专题党课 | 党支部书记每半年讲1次党课 | 6 | 每缺一次扣3分 | 党课讲稿 | 机关党委
 | 意识形态 | 每半年专题研究1次意识形态工作 | 8 | 每缺一次扣4分 | 会议纪要 | 宣传处
 | 请示报告 | 落实重大事项请示报告制度 | 8 | 发现一次不落实扣2分 | 请示报告台账 | 办公室
组织建设（40分） | 换届选举 | 党支部按期换届 | 10 | 未按期换届不得分 | 换届批复 | 机关党委
 | 发展党员 | 程序规范，材料齐全 | 8 | 一处不规范扣1分 | 党员档案 | 机关党委
 | 党费收缴 | 各党支部每月按时足额收缴党费 | 8 | 每缺一次扣0.5分，扣完为止 | 党费收缴表 | 机关党委；财务处
 | 谈心谈话 | 党支部书记每季度与党员谈心谈话不少于1次 | 8 | 每缺一次扣2分，扣完为止 | 谈话记录 | 人事处
 | 困难帮扶 | 每年走访慰问困难党员 | 6 | 未走访不得分 | 慰问照片 | 机关党委
作风纪律（30分） | 廉政教育 | 每季度开展1次警示教育 | 10 | 每缺一次扣2.5分，扣完为止 | 活动记录；照片不少于2张 | 机关纪委
 | 作风督查 | 每月开展1次作风督查并通报 | 10 | 每缺一次扣1分，扣完为止 | 督查通报 | 督查室
 | 满意度测评 | 党员群众满意度 | 10 | 达到90%以上得满分，低于60%不得分 | 测评结果 | 机关党委
"""


def make_union(path: Path) -> None:
    """A summary first, which is no standard; then the table with its title, areas merged downwards, and 说明 over the evidence."""
    book = Workbook()
    page = book.active
    page.title = "得分汇总"
    for row in (["机关党建工作考核得分汇总"], ["序号", "类别", "满分", "得分"], [1, "政治建设", 30], [2, "组织建设", 40], [3, "作风纪律", 30], ["", "合计", 100]):  # fmt: skip
        page.append(row)
    page.merge_cells("A1:D1")
    page = book.create_sheet("考核标准")
    page.append([f"{PARTY}（2018年）"])
    page.merge_cells("A1:H1")
    page.append(HEADS)
    start = 3
    for at, line in enumerate(ROWS.strip("\n").splitlines(), start=3):
        cells = [one.strip() for one in line.split("|")]
        page.append([float(one) if n == 3 else one for n, one in enumerate(cells)])
        if cells[0] and at > start:
            page.merge_cells(start_row=start, end_row=at - 1, start_column=1, end_column=1)
            start = at
    page.merge_cells(start_row=start, end_row=page.max_row, start_column=1, end_column=1)
    for letter, width in zip("ABCDEFGH", (14, 12, 34, 8, 26, 24, 18, 8), strict=True):
        page.column_dimensions[letter].width = width
    as_xls(book, path)


if __name__ == "__main__":
    make_union(UNION)
