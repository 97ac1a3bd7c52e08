"""文种 by a title's words, as the statistics count them: 制度 78 项, 信息 16 期."""

import re
from dataclasses import dataclass

#: numbers of issues: 第3期, 第十二期, 总第108期
ISSUE = r"第 ?[0-9０-９〇零一二三四五六七八九十百]+ ?期"
SERIES = "信息|动态|通讯|通报|月报|周报"


@dataclass(frozen=True)
class Genre:
    """What it is called, its measure word, the pattern of its titles, and the pattern in words."""

    label: str
    noun: str
    pattern: str
    said: str

    def fits(self, title: str) -> bool:
        return re.search(self.pattern, title) is not None


GENRES = {
    "rule": Genre(
        "制度", "项", r"制度|办法|规定|细则|规程|规范|守则|规则|准则|公约|章程",
        "名称里有“制度”“办法”“规定”“细则”“规程”“规范”“守则”“规则”“准则”“公约”“章程”的正式文件和其他材料",
    ),
    "bulletin": Genre(
        "信息简报", "期", rf"简报|快报|专报|专刊|({SERIES}).*{ISSUE}|{ISSUE}.*({SERIES})",
        "名称里有“简报”“快报”“专报”“专刊”，或有期号的“信息”“动态”“通讯”“通报”“月报”“周报”（图片、音像不算）",
    ),
}  # fmt: skip
