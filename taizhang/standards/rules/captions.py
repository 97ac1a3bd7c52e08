"""Lines above a table or a sheet's name that name a part of the standard; and lines that end a notice."""

import re

from .marks import unmark
from .numbers import fold, squeeze

COUNT = r"[一二三四五六七八九十\d]{1,3}(?:[-—.]\d{1,2})?"
LABEL = re.compile(
    rf"^\s*(?:附件|附表|附录|续表|表格?|图表)\s*{COUNT}(?![分项条次个年月日])\s*[:：、.．)）]?\s*(?=\S)"
)


def caption(text: str) -> str:
    """TEXT without （续） and without its number as a table or annex: 表1 组织推动 → 组织推动, 附件2：环境 → 环境."""
    bare = unmark(text).strip()
    return unmark(LABEL.sub("", bare)).strip() or bare


def form_of(text: str) -> str:
    """What lines of one kind have in common, for comparing: 第一季度任务单（13分） → 第#季度任务单(#分)."""
    return re.sub(r"\d+(?:\.\d+)?|[一二三四五六七八九十]+", "#", fold(squeeze(unmark(text))))


ENDS = re.compile(
    r"^[(（]?(?:附件|附表|附)\s*[\d一二三四五六七八九十]*[:：]?$|^[(（]?(?:联系人|联系电话|联系方式|咨询电话|举报电话|此件|抄送|主题词|印发|印制)"
    r"|^(?:19|20|二[〇○零O])[\d〇○零一二三四五六七八九O]{2,3}年.{1,3}月(?:.{1,3}日)?$"
)
ORGAN = re.compile(
    r"^[\u4e00-\u9fff（）()]{2,36}(?:委员会|领导小组|指导委|办公室|党委|党组|党工委|工委|文明委|文明办|创建办|政府|总工会|局|厅|公司|集团|学校|医院|中心|委|部)$"
)
#: a list named in the list of annexes
NAMES_LIST = re.compile(
    r"(?:负面清单|否决事项|否决项|扣分清单|申报条件|基本条件|加分项目?|加分办法|特色指标)$"
)


def ends_notice(text: str) -> bool:
    """Issuing body, date, contact or the next annex: a list above it ends here."""
    said = squeeze(text)
    return bool(ENDS.search(said) or ORGAN.match(said))


def names_list(text: str) -> bool:
    """Only the name of a list, without anything listed."""
    said = squeeze(text)
    return len(said) <= 30 and bool(NAMES_LIST.search(said))


CASES = r"(?:下列|以下|如下|下述|上述)[^，,。；;：:]{0,12}(?:情形|情况|行为|问题|事项|事件|条件|现象)?"
VETOES = r"一票否决|取消[^，。；]{0,16}(?:资格|称号|评|荣誉)|撤销[^，。；]{0,10}(?:称号|资格|荣誉|命名)?|(?:不得|不能|不予)(?:参评|参与|参加|评为|评定|评选|推荐|受理|通过|授予|认定|命名|确定|表彰)|否决"
APPLYING = r"(?:不得|不能|不予|不可)(?:申报|申请|推荐申报)|(?:方可|可以|才能|可)(?:申报|参评|申请)|申报(?:条件|资格)|申报[^，。；]{0,14}(?:具备|符合|满足)"
SENTENCE = re.compile(
    rf"^[^。；;]{{0,16}}{CASES}[^。；;]{{0,40}}$|^[^。；;，]{{0,6}}申报[^。；;]{{0,30}}{CASES}$"
)


def list_in_sentence(text: str) -> str:
    """Which list a heading opens that is a sentence: 有下列情形之一的，一票否决 → negative; …不得申报 → eligibility."""
    said = squeeze(text).rstrip("：:。.")
    if len(said) > 60 or not SENTENCE.match(said):
        return ""
    bare = re.sub(r"[“”\"‘’「」『』]", "", said)
    if re.search(r"一票否决", bare):
        return "negative"
    if re.search(APPLYING, bare):
        return "eligibility"
    return "negative" if re.search(VETOES, bare) else ""
