"""检测、封存、复检 carried out: called by the background job, and by the command line here and now."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.kit.files import store
from taizhang.org.models import Person
from taizhang.org.queries import system_user

from .. import queries
from ..actions import archive as filing_actions
from ..actions import archive_seal
from ..models import Filed, ReadingState, Volume, VolumeState
from ..queries import archive as filing
from ..queries import archive_seen
from ..queries.archive_differs import differs
from . import archive_out
from . import archive_package as package_of

Tell = Callable[[int, int, str], None]
#: reads one version's file (its id): the job's own function, which stands above this room
Read = Callable[[int], Any]


@dataclass(frozen=True)
class Told:
    """How far the work is, for the page that waits; `fault`: why it ended, in words."""

    done: int = 0
    total: int = 0
    doing: str = ""
    fault: str = ""


def folder_of(volume_id: int) -> Path:
    """Where a volume is worked on: everything in it can be made again."""
    return Path(settings.BOUND) / "archive" / str(volume_id)


def teller(volume_id: int) -> Tell:
    def tell(done: int, total: int, doing: str) -> None:
        note(volume_id, Told(done, total, doing))

    return tell


def note(volume_id: int, told: Told) -> None:
    folder = folder_of(volume_id)
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / "progress.draft"
    draft.write_text(json.dumps(told.__dict__, ensure_ascii=False), encoding="utf-8")
    draft.replace(folder / "progress.json")


def told_of(volume_id: int) -> Told:
    try:
        return Told(**json.loads((folder_of(volume_id) / "progress.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return Told()


def find(volume_id: int) -> Volume:
    return Volume.objects.select_related("agency", "succeeds").get(pk=volume_id)


def check(volume: Volume, read: Read, tell: Tell) -> Volume:
    """The four checks; what no reader has looked at yet is read first."""
    rows = filing.listed(volume)
    waiting = [
        row.file.pk
        for row in rows
        if row.file
        and store().exists(row.file.blob.sha256)
        and queries.reading_state(row.file.blob_id) == ReadingState.WAITING
    ]
    for at, version in enumerate(waiting):
        tell(at, len(waiting), "读取还没有读的文件")
        read(version)
    recount(volume, rows)
    rows = filing.listed(volume)
    digest = filing.digest_of(volume, rows, filing.need_fonds(volume.agency))
    checks = [one.plain() | {"of": digest} for one in archive_seen.checked(volume, rows, tell)]
    done: Volume = archive_seal.note_archive_checks(volume, by=system_user(), checks=checks)
    return done


def recount(volume: Volume, rows: list[Filed]) -> None:
    """Pages that were not known when the piece was filed."""
    found = archive_seen.recounted([row for row in rows if not row.pages])
    if found:
        filing_actions.note_pages(volume, by=system_user(), pages=found)


def lot_of(volume: Volume, **more: Any) -> package_of.Lot:
    rows = filing.listed(volume)
    fonds = filing.need_fonds(volume.agency)
    pairs = [(row, filing.piece_of(row)) for row in rows]
    digest = filing.digest_of(volume, rows, fonds)
    return package_of.Lot(volume, fonds, pairs, volume.checks, digest, differs=differs(volume), **more)


def seal(volume: Volume, person: Person | None, read: Read, tell: Tell) -> Volume:
    """Check once more, make the package, put it into the store, set the seal. Refused where anything stands against it."""
    volume = check(volume, read, tell)
    digest = archive_seal.sealable(volume)
    at = clock.now().replace(microsecond=0)
    lot = lot_of(volume, sealed_at=at, sealed_by=str(person) if person else "系统")
    folder = folder_of(volume.pk) / "package"
    package = package_of.build(lot, folder, tell)
    tell(len(lot.rows), len(lot.rows), "存归档包")
    pack = package_of.put_file(package_of.packed(package, folder / "pack.zip"))
    data = package_of.manifest_of(lot, package, pack)
    manifest = store().put([data], limit=len(data) + 1)
    user: Any = getattr(person, "user", None) or system_user()
    done: Volume = archive_seal.seal(
        volume, by=user, digest=digest, manifest=manifest, pack=pack, at=at, person=person
    )
    shutil.rmtree(folder, ignore_errors=True)
    return done


def again(volume: Volume, tell: Tell) -> list[str]:
    problems, files = archive_out.recheck(volume, tell)
    archive_seal.note_recheck(volume, by=system_user(), problems=problems, files=files)
    return problems


def carry_out(volume_id: int, do: str, person_id: int, read: Read) -> str:
    """One piece of work; what stops it is told on the volume's page."""
    volume = find(volume_id)
    if volume.state == VolumeState.SEALED and do != archive_seal.AGAIN:
        return "done before"
    tell = teller(volume_id)
    tell(0, 0, "")
    try:
        if do == archive_seal.SEAL:
            person = Person.objects.filter(pk=person_id).select_related("user").first()
            seal(volume, person, read, tell)
        elif do == archive_seal.AGAIN:
            again(volume, tell)
        else:
            check(volume, read, tell)
    except Refused as refusal:
        note(volume_id, Told(fault=refusal.message))
        return "refused"
    except OSError:
        note(volume_id, Told(fault="写不了磁盘，可能满了，没有做完。请告诉系统管理员，清理后再试。"))
        raise
    except Exception:
        note(volume_id, Told(fault="出了意外，没有做完。请再试一次；如再次出现，请告诉系统管理员。"))
        raise
    shutil.rmtree(folder_of(volume_id), ignore_errors=True)
    return do
