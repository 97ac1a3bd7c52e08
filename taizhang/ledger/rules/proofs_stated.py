"""材料提交表: which conclusion the material of an item supports, in words that name it. A proposal, never more."""

from collections.abc import Sequence
from dataclasses import dataclass

from .states import Conformity

MOST_NAMED = 4  # pieces, and things missing, that are named; of more the number is told
MOST_LETTERS = 1000


@dataclass(frozen=True)
class Shown:
    """A piece as the form lists it: its number in the volume, title, what it is (会议记录, 正式文件)."""

    number: str
    title: str
    what: str


@dataclass(frozen=True)
class Stand:
    """Periods of an item: that have begun, of them accepted, of them waiting for review; NEEDS: how many kinds of
    material are asked for."""

    begun: int
    accepted: int
    waiting: int
    needs: int


@dataclass(frozen=True)
class Proposal:
    conformity: Conformity
    reason: str


def propose(
    shown: Sequence[Shown], lacks: Sequence[str], stand: Stand, passages: int = 0, hidden: int = 0
) -> Proposal | None:
    """All needs met and accepted: 符合; something missing: 基本符合; nothing there: 不符合. None while nothing is due.

    LACKS: what is missing in words; HIDDEN: pieces that the reader may not see, they count as there.
    """
    if not stand.begun and not shown and not hidden:
        return None
    periods = f"已开始 {stand.begun} 期，审核通过 {stand.accepted} 期" if stand.begun else ""
    if not shown and not hidden:
        if not stand.needs and not lacks and stand.accepted == stand.begun:
            return Proposal(Conformity.MEETS, f"没有规定材料，{periods}，完成情况见各期报送。")
        return Proposal(
            Conformity.FAILS, _said(periods, "没有提交材料", f"缺：{_listed(lacks)}" if lacks else "")
        )
    has = _pieces(shown, passages, hidden)
    if lacks:
        return Proposal(Conformity.MOSTLY, _said(periods, has, f"还缺：{_listed(lacks)}"))
    if stand.accepted < stand.begun:
        left = f"要求的材料已齐，还有 {stand.begun - stand.accepted} 期没有审核通过"
        return Proposal(Conformity.MOSTLY, _said(periods, has, left))
    if not stand.begun:
        return None
    return Proposal(Conformity.MEETS, _said(periods, has, "要求的材料齐全"))


def _pieces(shown: Sequence[Shown], passages: int, hidden: int) -> str:
    named = "、".join(f"《{one.title}》（{one.number}）" for one in shown[:MOST_NAMED])
    kinds: dict[str, int] = {}
    for one in shown:
        kinds[one.what] = kinds.get(one.what, 0) + 1
    counts = "、".join(f"{what} {count} 件" for what, count in kinds.items())
    words = f"提交材料 {len(shown) + hidden} 件"
    if counts:
        words += f"（{counts}）"
    if named:
        words += f"：{named}" + (f" 等 {len(shown)} 件" if len(shown) > MOST_NAMED else "")
    return words + (f"，标出证明段落 {passages} 处" if passages else "")


def _listed(lacks: Sequence[str]) -> str:
    words = "；".join(lacks[:MOST_NAMED])
    return words + (f" 等 {len(lacks)} 处" if len(lacks) > MOST_NAMED else "")


def _said(*parts: str) -> str:
    return ("；".join(filter(None, parts)) + "。")[:MOST_LETTERS]


def doubt(conformity: str, lacks: Sequence[str], pieces: int) -> str:
    """What speaks against a conclusion, said to whoever writes or reads it; "" if nothing does."""
    if conformity == Conformity.MEETS and lacks:
        return f"结论写的是“符合”，但还缺 {len(lacks)} 处：{_listed(lacks)}。请核对。"
    if conformity == Conformity.FAILS and pieces and not lacks:
        return f"结论写的是“不符合”，但已有材料 {pieces} 件，要求的也不缺。请核对。"
    return ""
