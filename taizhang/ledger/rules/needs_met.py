"""What a slot still lacks, in words: 会议现场照片 1/2，少 1 张; 进展通报没有文号."""

from collections.abc import Sequence
from dataclasses import dataclass

FIELD_WORDS = {"time": "时间", "place": "地点", "people": "人物", "theme": "主题"}
PICTURE = "picture"
UNIT_WORDS = {"picture": "张", "link": "个"}


@dataclass(frozen=True)
class Asked:
    """A need: its id, name, kind, least number, whether it must be met, caption fields, document number."""

    id: int
    name: str
    kind: str
    least: int
    must: bool
    fields: tuple[str, ...] = ()
    doc_no: bool = False


@dataclass(frozen=True)
class Given:
    """A piece of evidence cited for a need (None: for none in particular)."""

    need_id: int | None
    kind: str
    title: str
    time: bool
    place: bool
    people: bool
    theme: bool
    doc_no: bool
    stopped: bool = False  # bears a mark of secrecy: counts for nothing, and must not be handed in


@dataclass(frozen=True)
class Missing:
    """One thing that is missing: of which need, in words, and whether it stops the submission."""

    need_id: int
    text: str
    must: bool
    kind: str  # count, doc_no, caption, stopped


def missing(asked: Sequence[Asked], given: Sequence[Given]) -> list[Missing]:
    """Everything that is missing, in the order of the needs."""
    found: list[Missing] = []
    for one in given:
        if one.stopped:
            words = f"《{one.title}》标有密级，已停用，请移除，换一件"
            found.append(Missing(one.need_id or 0, words, True, "stopped"))
    given = [one for one in given if not one.stopped]
    for need in asked:
        mine = [one for one in given if one.need_id == need.id]
        if need.kind == PICTURE:  # a paper is no photograph; scans may be put down as pictures
            for one in mine:
                if one.kind != PICTURE:
                    found.append(
                        Missing(need.id, f"《{one.title}》不是图片，不算{need.name}", need.must, "caption")
                    )
            mine = [one for one in mine if one.kind == PICTURE]
        if len(mine) < need.least:
            word = UNIT_WORDS.get(need.kind, "件")
            short = need.least - len(mine)
            found.append(
                Missing(
                    need.id, f"{need.name} {len(mine)}/{need.least}，少 {short} {word}", need.must, "count"
                )
            )
        if need.doc_no and mine and not any(one.doc_no for one in mine):
            found.append(Missing(need.id, f"{need.name}没有文号", need.must, "doc_no"))
        for one in mine:
            lacks = [
                FIELD_WORDS[name] for name in need.fields if name in FIELD_WORDS and not getattr(one, name)
            ]
            if lacks:
                found.append(
                    Missing(need.id, f"《{one.title}》没有写{'、'.join(lacks)}", need.must, "caption")
                )
    return found


def propose_need(asked: Sequence[Asked], given: Sequence[Given], kind: str) -> int | None:
    """The need that new evidence of KIND most likely serves: one of its kind that is short, else any that is short."""
    have = {need.id: sum(one.need_id == need.id for one in given) for need in asked}
    short = [need for need in asked if have[need.id] < need.least]
    same = [need for need in short if need.kind == kind]
    if same:
        return same[0].id
    # a photograph never serves for a paper: better none than a wrong one
    loose = [need for need in short if (need.kind == "picture") == (kind == "picture")]
    if loose:
        return loose[0].id
    same = [need for need in asked if need.kind == kind]
    return same[0].id if same else None
