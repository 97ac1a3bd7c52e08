"""装订: asked for by somebody, carried out by the job. What is made are derived files: they may be made again."""

import shutil
from pathlib import Path
from typing import Any

from django.conf import settings

from taizhang.campaigns.models import Year
from taizhang.kit import clock, jobs
from taizhang.kit.errors import Busy, Refused
from taizhang.kit.files import Disk
from taizhang.ledger.models import Item
from taizhang.org.action import action
from taizhang.org.models import Unit
from taizhang.org.permits import Permit

from .. import queries
from ..models import Binding, BindingState, Form
from ..queries.wanted import Wanted

JOB = "taizhang.reports.jobs.work"
#: a file is written once beside what it is made of, with room for pictures that are made anew
ROOM = 2
MOST_MISSING = 1000  # lines kept for the page; the volume has them all
AGENCY = (Permit.BIND, "agency")
DONE = (BindingState.READY, BindingState.FAILED)


def folder_of(binding: Binding) -> Path:
    """Where the binding is worked on and lies when it is done."""
    return Path(settings.BOUND) / str(binding.pk)


def made_path(binding: Binding) -> Path:
    return folder_of(binding) / ("made.zip" if binding.form == Form.FOLDER else "made.pdf")


@action("reports.bind", "装订材料册", (Permit.BIND, "campaign.unit"))
def bind(year: Year, *, by: Any, found: Wanted, fresh: bool = False) -> Binding:
    """The whole ledger of a year, or one area of it."""
    return _ask(by, found, fresh)


@action("reports.bind_unit", "装订处室材料册", (Permit.BIND, ""))
def bind_unit(unit: Unit, *, by: Any, found: Wanted, fresh: bool = False) -> Binding:
    """What one department leads or performs."""
    return _ask(by, found, fresh)


@action("reports.bind_item", "装订事项材料册", (Permit.BIND, "unit"), (Permit.BIND, "lead"))
def bind_item(item: Item, *, by: Any, found: Wanted, fresh: bool = False) -> Binding:
    """One item."""
    return _ask(by, found, fresh)


def _ask(by: Any, found: Wanted, fresh: bool) -> Binding:
    """A binding in the queue; or the one that is there already of the same material. FRESH: it is carried out here and
    now by who asks (the command line), so nothing is queued."""
    room_for(found)
    before = queries.same_again(by, found.digest)
    if before is not None and (before.state != BindingState.READY or made_path(before).exists()):
        return before
    binding = Binding.make(
        agency=found.year.campaign.unit, year=found.year, form=found.form, scope=found.scope, chosen=found.chosen,
        per_page=found.per_page, label=found.label, total=sum(len(one.proofs) for one in found.held), digest=found.digest,
        by=getattr(by, "person", None), created_at=clock.now(),
    )  # fmt: skip
    if not fresh:
        jobs.enqueue(JOB, binding.pk)
    return binding


def room_for(found: Wanted) -> None:
    """Busy where the disk has no room for it: the database and uploads must go on."""
    wanted = ROOM * sum(proof.size for one in found.held for proof in one.proofs)
    root = Path(settings.BOUND)
    root.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(root).free - wanted < Disk.RESERVE:
        raise Busy(
            "服务器磁盘剩下的空间不够装订这一册，没有开始。请先清理不用的旧册，或缩小范围分几册装订；也可以告诉系统管理员。"
        )


@action("reports.bind_again", "重新装订", AGENCY)
def bind_again(binding: Binding, *, by: Any) -> Binding:
    """Once more what was not finished; parts that are made are used again."""
    if binding.state != BindingState.FAILED:
        raise Refused("这一册没有失败，不用重做。")
    binding.change(state=BindingState.WAITING, fault="", finished_at=None)
    jobs.enqueue(JOB, binding.pk)
    return binding


@action("reports.begin", "开始装订", AGENCY)
def begin(binding: Binding, *, by: Any, digest: str, total: int) -> Binding:
    return binding.change(
        state=BindingState.WORKING, digest=digest, total=total, done=0, fault="", finished_at=None
    )


def note_progress(binding: Binding, stage: str, done: int) -> None:
    """How far it is: told to the page that waits, outside the journal."""
    row = Binding.objects.filter(pk=binding.pk)
    row.update(stage=stage[:80], done=done)  # not a record: how far the work is


def note_missing(binding: Binding, missing: list[dict[str, str]]) -> None:
    """What lacks, for the binding's page; outside the journal, since it is read from the ledger and stands in the volume."""
    row = Binding.objects.filter(pk=binding.pk)
    row.update(missing=missing[:MOST_MISSING])  # not a record: derived


@action("reports.finish", "装订完成", AGENCY)
def finish(binding: Binding, *, by: Any, pages: int, size: int, sha256: str) -> Binding:
    return binding.change(
        state=BindingState.READY, pages=pages, size=size, sha256=sha256, stage="", done=binding.total, finished_at=clock.now()
    )  # fmt: skip


@action("reports.fail", "装订没有完成", AGENCY)
def fail(binding: Binding, *, by: Any, fault: str) -> Binding:
    return binding.change(state=BindingState.FAILED, fault=fault[:300], stage="", finished_at=clock.now())


@action("reports.discard", "清理装订的册", AGENCY)
def discard(binding: Binding, *, by: Any) -> Binding:
    """Take a binding off the list; its file goes with it, and can be made again from the same material."""
    if binding.state not in DONE:
        raise Refused("这一册正在装订，做完以后才能清理。")
    binding.remove()
    return binding
