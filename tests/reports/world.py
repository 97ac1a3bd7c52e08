"""甲局's small ledger of March 2020 with material of every kind, and hands that bind it."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from taizhang.evidence import actions as library
from taizhang.evidence.models import Evidence, Reading
from taizhang.kit import clock
from taizhang.ledger import actions as ledger
from taizhang.ledger.models import Citation, Passage, Slot, Statement
from taizhang.reports import actions, jobs, queries
from taizhang.reports.models import Binding

from ..ledger.world import World, hand_out, world
from . import samples

TODAY = "2020-03-10"


@dataclass
class Full:
    w: World
    slot: Slot
    pieces: dict[str, Evidence]


def ledger_of(people: Any, settings: Any, tmp_path: Path) -> World:
    settings.BOUND = tmp_path / "bound"
    settings.TODAY = "2020-01-06"
    w = world(people)
    hand_out(w)
    settings.TODAY = TODAY
    return w


def full(people: Any, settings: Any, tmp_path: Path) -> Full:
    """Ten pieces of all kinds in January's slot of 1.1.1, one in 1.1.2; a passage, a statement."""
    w = ledger_of(people, settings, tmp_path)
    slot = w.slot("1.1.1")
    record, photo = slot.item.needs.order_by("order")
    caption = {
        "happened_on": date(2020, 1, 15),
        "place": "三楼会议室",
        "people": "全体干部",
        "theme": "月度调度",
    }
    pieces = {
        "minutes": samples.put(w, slot, samples.pdf(3, words="minutes "), "会议记录.pdf", "other", record),
        "photo": samples.put(w, slot, samples.picture(), "现场照片.jpg", "picture", photo, **caption),
        "large": samples.put(
            w, slot, samples.picture(3000, 5000, "green", "PNG"), "大图.png", "picture", photo, **caption
        ),
        "wide": samples.put(w, slot, samples.pdf(2, (841.89, 595.276), words="wide "), "横表.pdf", "table"),
        "locked": samples.put(w, slot, samples.locked(), "加锁.pdf", "document"),
        "scan": samples.put(w, slot, samples.picture(1654, 2339, "#eeeeee"), "扫描件.jpg", "document"),
        "text": samples.put(w, slot, "调度会说明\n会议研究了清单。".encode(), "说明.txt", "report"),
        "armed": samples.put(w, slot, samples.armed(), "带脚本.pdf", "document"),
        "film": samples.put(w, slot, b"\x00\x00\x00\x18ftypmp42" + bytes(999), "专题片.mp4", "media"),
    }
    Reading.objects.filter(blob=pieces["film"].current.blob).update(seconds=65)
    link = library.deposit_link(
        slot.performer, by=w.user("石玲佳"), url="https://example.cn/news/1", title="新闻报道"
    )
    ledger.cite(slot, by=w.user("石玲佳"), evidence=link, need=None)
    pieces["link"] = link
    plan = w.slot("1.1.2")
    pieces["plan"] = samples.put(
        w,
        plan,
        samples.pdf(1, words="plan "),
        "实施方案.pdf",
        "document",
        plan.item.needs.get(),
        doc_no="甲办〔2020〕1号",
    )
    Passage(
        citation=Citation.objects.get(evidence=pieces["minutes"]),
        page=2,
        quote="minutes",
        boxes=[[0.1, 0.05, 0.4, 0.08]],
    ).save()
    Statement(
        item=slot.item,
        conformity="mostly",
        reason="有记录，照片还差一张。",
        at=clock.now(),
        by=w.user("石玲佳").person,
    ).save()
    return Full(w, slot, pieces)


def ask(w: World, by: str = "石玲佳", **scope: Any) -> Binding:
    """Asked for through the door, not yet carried out."""
    chosen = {"form": "volume", "scope": "all", "chosen": "", **scope}
    found = queries.wanted(w.user(by), w.year, clock.today(), **chosen)
    verb = {"unit": actions.bind_unit, "item": actions.bind_item}.get(found.scope, actions.bind)
    made: Binding = verb(found.subject, by=w.user(by), found=found)
    return made


def carry(binding: Binding) -> Binding:
    jobs.work.call(binding.pk)
    binding.refresh_from_db()
    return binding


def bound(w: World, by: str = "石玲佳", **scope: Any) -> Binding:
    made = carry(ask(w, by, **scope))
    assert made.state == "ready", made.fault
    return made
