"""The parts of formal documents, each told from one line of text: bodies, numbers, dates, kinds (GB/T 9704-2012).

Lines come from any reader: a PDF's text, a word file, or a recognised picture with its blanks, its letters for
figures (O, l) and its brackets of every kind.
"""

import re
from datetime import date

FULL = {ord("０") + n: ord("0") + n for n in range(10)} | {ord("Ａ") + n: ord("A") + n for n in range(26)}
BLANK = re.compile(r"\s+")

#: how the name of a body ends
ENDINGS = (
    "委员会|常委会|人民政府|办公室|办公厅|政府办|指挥部|领导小组|工作组|调研组|专班|管委会|居委会|村委会|街道办|办事处|公司|集团|银行|"
    "大学|学院|学校|中学|小学|幼儿园|医院|法院|检察院|研究院|科学院|协会|联合会|学会|工会|总会|商会|妇联|残联|侨联|文联|社科联|科协|团委|党委|党组|党支部|"
    "总支|支部|工委|纪委|监委|市委|省委|县委|区委|州委|旗委|镇委|乡委|部|委|局|厅|署|中心|档案馆|图书馆|博物馆|文化馆|展览馆|科技馆|"
    "事务所|交易所|研究所|管理所|派出所|司法所|供电所|站|支队|大队|总队|中队|志愿服务队|党校|行政学院|报社|电视台|广播电台|"
    "科|处|所|馆|院|园|机关|理事会|董事会|组委会|基金会|促进会|研究会|分会|"
    "政府|政协|人大|出版社|合作社|社区|总社|局机关|管理处|办事处|财务处|人事处|秘书处|工作处|服务处"
)
#: 局长, 部门, 站点 … are no ends of a name
END = rf"(?:{ENDINGS}|(?<![主承协举督经代申])办)(?![长门员下主])"
BODY = re.compile(rf"[\u4e00-\u9fff（）()“”0-9]{{1,36}}?{END}$")
NO_BODY = re.compile(
    r"^(?:各|市直|县直|省直|区直|局属|本|我|你|该|全|附件|抄送|抄报|主送|关于|经|由|在|向|为|与|对)|关于|印发|通知|[。，；：、]"
)
UNIT_OF = re.compile(rf"([\u4e00-\u9fff（）()]{{2,36}}{END})")

OPEN, CLOSE = "〔［\\[【﹝（(〈<{「『〖﹙⦗", "〕］\\]】﹞）)〉>}」』〗﹚⦘"
FIGURE = "[0-9OoQlI|]"
NUMBER = re.compile(
    rf"(?P<code>[\u4e00-\u9fff]{{0,18}})(?:[{OPEN}](?P<a>{FIGURE}{{4}})[{CLOSE}]?|(?P<b>{FIGURE}{{4}})[{CLOSE}]|[CL](?P<c>{FIGURE}{{4}})[J\]])"
    rf"(?:第|字第)?(?P<no>{FIGURE}{{1,5}})[号號]"
)
ISSUE = re.compile(
    r"^[（(\[〔]?(?:总)?第(?P<no>[0-9OoQlI|]{1,4}|[一二三四五六七八九十百]{1,5})(?P<word>[期号號])[）)\]〕]?(?:[（(]总第?\d{1,5}期[）)])?$"
)
#: said on the line of the number, and no part of it
BEFORE_CODE = re.compile(r"^.*(?:明电|特提|特急|加急|平急|急件|等级|文号|字号|编号)")
FIGURES = str.maketrans("OoQlI|", "000111")

DAY = re.compile(r"(?P<y>(?:19|20)\d{2})年(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]")
CHINESE_DAY = re.compile(
    r"(?P<y>[二一][〇○零oO0Ｏ一二三四五六七八九]{3})年(?P<m>元|正|[一二三四五六七八九十]{1,2})月(?P<d>[一二三四五六七八九十廿卅]{1,3})[日号]"
)
PLAIN_DAY = re.compile(r"(?P<y>(?:19|20)\d{2})[-./](?P<m>\d{1,2})[-./](?P<d>\d{1,2})(?!\d)")
DIGITS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | dict.fromkeys("○零oO0Ｏ", 0)

#: what a document can be, at the end of its title
KINDS = (
    "通知|意见|决定|决议|方案|报告|请示|批复|通报|公告|通告|公报|命令|议案|函|复函|纪要|办法|规定|条例|细则|规则|制度|计划|规划|总结|小结|要点|讲话|"
    "致辞|倡议书|倡议|预案|规程|标准|名单|清单|公示|章程|公约|守则|承诺书|责任书|说明|汇报|汇报材料|申报材料|报告书|安排|目录|台账|指南|手册|记录|"
    "签到表|申报表|登记表|推荐表|审批表|汇总表|统计表|一览表|安排表|任务分解表|签到册|花名册|协议|协议书|合同|简介|综述|情况|提纲|口径|措施|职责|流程|须知"
)
TITLE_END = re.compile(rf"(?:{KINDS})(?:[（(][^（()）]{{1,20}}[)）])?$")
WHOLE_TITLE = re.compile(rf"(?:关于|转发|印发|批转).+的(?:{KINDS})(?:[（(][^（()）]{{1,20}}[)）])?$")


STAMP = re.compile(r"[（(](?:盖章|公章|印章|章|印)[）)]$")


def squeezed(line: str) -> str:
    """LINE without its blanks, figures of full width made plain."""
    return BLANK.sub("", line).translate(FULL)


def is_body(line: str) -> bool:
    """Whether a whole line is the name of one body."""
    text = squeezed(line)
    return 4 <= len(text) <= 40 and not NO_BODY.search(text) and bool(BODY.fullmatch(text))


def bodies(line: str) -> list[str]:
    """The bodies that LINE names one behind the other; [] if anything else stands there."""
    line = STAMP.sub("", line.strip())
    parts = [part for part in re.split(r"[\s\u3000、]+", line) if part]
    if parts and all(is_body(part) for part in parts):
        return [squeezed(part) for part in parts]
    return [squeezed(line)] if is_body(line) else []


def number_in(line: str) -> tuple[str, int, int]:
    """A document number in LINE, brackets made 〔〕, with how many characters stand before and behind it; "" if none."""
    for part in [*re.split(r"\s{2,}|\t|\u3000", line), line]:
        text = squeezed(part)
        found = NUMBER.search(text)
        if found is None:
            continue
        year = (found["a"] or found["b"] or found["c"]).translate(FIGURES)
        if not 1949 <= int(year) <= 2100:
            continue
        code = BEFORE_CODE.sub("", found["code"])
        no = int(found["no"].translate(FIGURES))
        whole = squeezed(line)
        return (
            f"{code}〔{year}〕{no}号",
            max(whole.find(found[0]), 0) + len(found["code"]) - len(code),
            len(text) - found.end(),
        )
    return "", 0, 0


def issue_in(line: str) -> str:
    """第3期, 第32号: of minutes, briefings and decrees; "" if the line says anything else."""
    found = ISSUE.match(squeezed(line))
    if found is None:
        return ""
    no = found["no"]
    if no[0] not in "一二三四五六七八九十百":
        no = str(int(no.translate(FIGURES)))
    return f"第{no}{'期' if found['word'] == '期' else '号'}"


def chinese(figures: str) -> int:
    """元, 三, 十二, 廿三, 三十一 as a number."""
    if figures in ("元", "正"):
        return 1
    text = figures.replace("廿", "二十").replace("卅", "三十")
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (DIGITS[tens] if tens else 1) * 10 + (DIGITS[ones] if ones else 0)
    return DIGITS.get(text, 0) if len(text) == 1 else 0


def days_in(line: str, *, plain: bool = False) -> list[tuple[date, int, int]]:
    """The days that LINE names, each with its place in the squeezed line; PLAIN: 2020-06-10 too."""
    text = squeezed(line)
    found = []
    for pattern in (DAY, CHINESE_DAY, *((PLAIN_DAY,) if plain else ())):
        for day in pattern.finditer(text):
            try:
                if pattern is CHINESE_DAY:
                    year = int("".join(str(DIGITS[sign]) for sign in day["y"]))
                    made = date(year, chinese(day["m"]), chinese(day["d"]))
                else:
                    made = date(int(day["y"]), int(day["m"]), int(day["d"]))
            except ValueError:
                continue
            if 1949 <= made.year <= 2100:
                found.append((made, day.start(), day.end()))
    return sorted(found, key=lambda each: each[1])
