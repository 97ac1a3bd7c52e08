"""How an indicator is checked: names of methods, with the share of the points that each decides."""

import re
from decimal import Decimal

from .columns import is_method
from .needs import split_list
from .numbers import NUMBER, decimal_of
from .scoring_kinds import GUESS, LIKELY, SURE
from .wording import plain

Methods = list[tuple[str, Decimal | None]]
SHARE = re.compile(r"[(（]?(?:占|占比|权重|比重|:|：)?(?:为)?(\d+(?:\.\d+)?)%[)）]?")
WORTH = re.compile(rf"[(（]?(?:占|计|共|:|：)?({NUMBER})分[)）]?")
NUMBERED = re.compile(r"(?:(?<=[\u4e00-\u9fff)）%分；;，,、\s])|^)(?:[(（]\d[)）]|[①-⑳]|\d[.．、](?!\d))\s*")
#: verbs with which people describe a way of checking
WAYS = re.compile(
    r"^(?:查看?|查阅|审核|审阅|实地|现场|听取|个别|座谈|走访|抽查|随机|问卷|网[上络]|线[上下]|暗访|明察|测试|调查|征求|观察|核查|检查|考察|询问|访谈|材料|资料|台账|平台|系统|电话|入户|民主|满意)"
)
FAMILIAR = re.compile(
    r"^(?:材料|资料|实地|现场|网络|网上|线上|问卷|民意|随机|个别|入户|台账|档案|满意度|民主|集中|综合|查看|查阅|听取|日常)(?:审核|审查|考察|检查|查看|调查|核查|核实|访谈|测评|测试|抽查|走访|座谈|评议|评价|申报|暗访|台账|资料|材料|档案|记录|文件|汇报|介绍|监测|监督)$|^(?:问卷|座谈|走访|访谈|暗访|抽查|测试)$"
)


def read_methods(text: str, points: Decimal | None = None) -> tuple[Methods, str]:
    """Names with shares in percent (None where none is given), and how certain they are; ([], "") for nothing.

    "材料审核60%+实地考察40%"; with POINTS also "材料审核（3分）、实地考察（2分）".
    """
    found: dict[str, Decimal | None] = {}
    for part in parts_of(text):
        said = plain(part)
        share = None
        if m := SHARE.search(said):
            share = Decimal(m.group(1))
        elif (m := WORTH.search(said)) and points and (worth := decimal_of(m.group(1))):
            share = (worth / points * 100).quantize(Decimal("0.01"))
        name = said.replace(m.group(), "") if m else said
        name = re.sub(r"(?:相结合|结合|方式|等方式|等)$", "", name).strip("：:()（）、，。")
        if name and (share is None or 0 < share <= 100):
            found.setdefault(name, Decimal(format(share.normalize(), "f")) if share is not None else None)
    if not found:
        return [], ""
    known = [is_method(name) or bool(FAMILIAR.match(name)) for name in found]
    shares = [share for share in found.values() if share is not None]
    whole = not shares or (len(shares) == len(found) and sum(shares) == 100)
    if all(known) and whole:
        return list(found.items()), SURE
    return list(found.items()), LIKELY if all(known) or all(WAYS.match(name) for name in found) else GUESS


def parts_of(text: str) -> list[str]:
    """The single methods of a cell: cut at marks, numbers, 和 between methods, and blanks between methods."""
    text = re.sub(r"[;；\n，,]", "、", text or "")
    text = NUMBERED.sub("、", text)
    if all(is_method(part) for part in text.split()):
        text = "、".join(text.split())
    text = re.sub(r"[+＋/／]", "、", text)
    out: list[str] = []
    for part in split_list(text):
        pieces = re.split(r"和|与|及|或|以及", part)
        together = len(pieces) > 1 and all(is_method(piece) or WAYS.match(piece) for piece in pieces)
        out += pieces if together else [part]
    return out
