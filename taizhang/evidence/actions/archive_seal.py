"""封存: the four checks, their answers, the seal; and a look at what was sealed."""

from datetime import datetime
from typing import Any

from taizhang.kit import jobs
from taizhang.kit.errors import Refused
from taizhang.kit.files import Stored, store
from taizhang.org.action import action
from taizhang.org.models import Person
from taizhang.org.record import scope

from ..models import Blob, Filed, Volume, VolumeState
from ..queries import archive as filing
from ..rules.archive_checks import open_problems
from .archive import AGENCY, editable

JOB = "taizhang.evidence.jobs.archive"
LONGEST_ANSWER = 200
CHECK, SEAL, AGAIN = "check", "seal", "again"


@action("evidence.ask_check", "四性检测", AGENCY)
def ask_check(volume: Volume, *, by: Any) -> Volume:
    """Queue the four checks."""
    editable(volume)
    _idle(volume)
    mains = Filed.objects.filter(volume=volume, annex_of__isnull=True)
    if mains.filter(no=0).exists() or not mains.exists():
        raise Refused("还有材料没有档号，不能检测。请先点“编号”。")
    jobs.enqueue(JOB, volume.pk, CHECK, 0)
    return volume


def _idle(volume: Volume) -> None:
    if volume.pk in jobs.queued(JOB):
        raise Refused("这一册正在检测或封存，请等它做完。")


@action("evidence.note_archive_checks", "四性检测结果", AGENCY)
def note_archive_checks(volume: Volume, *, by: Any, checks: list[dict[str, Any]]) -> Volume:
    editable(volume)
    return volume.change(checks=checks)


@action("evidence.answer_check", "说明检测问题", AGENCY)
def answer_check(volume: Volume, *, by: Any, answers: dict[str, str]) -> Volume:
    """Reasons for problems that need not be mended, by the problem's key; an empty one takes the reason back."""
    editable(volume)
    if not volume.checks:
        raise Refused("还没有检测，或检测后内容有改动。请先做四性检测。")
    known = {one["key"]: one for check in volume.checks for one in check["problems"]}
    for key, said in answers.items():
        if key not in known:
            raise Refused("有的问题已不在检测结果里，没有保存。请刷新页面后再写。")
        if said.strip() and not known[key]["may_answer"]:
            raise Refused(
                f"“{known[key]['title'] or '本册'}：{known[key]['text']}”必须处理，不能用理由代替。{known[key]['todo']}"
            )
        if len(said.strip()) > LONGEST_ANSWER:
            raise Refused(f"理由有 {len(said.strip())} 个字，最多 {LONGEST_ANSWER} 个。请写短些。")
    checks = []
    for check in volume.checks:
        problems = [
            one | {"answer": answers.get(one["key"], one["answer"]).strip()} for one in check["problems"]
        ]
        checks.append(check | {"problems": problems, "passed": all(one["answer"] for one in problems)})
    return volume.change(checks=checks)


def sealable(volume: Volume) -> str:
    """The digest of the content that was checked; Refused while something stands against sealing."""
    editable(volume)
    rows = filing.listed(volume)
    digest = filing.digest_of(volume, rows, filing.need_fonds(volume.agency))
    if not volume.checks or any(check.get("of") != digest for check in volume.checks):
        raise Refused("还没有检测，或检测后内容有改动，不能封存。请先做四性检测。")
    left = open_problems(volume.checks)
    if left:
        first = left[0]
        raise Refused(
            f"四性检测还有 {len(left)} 个问题没有处理，不能封存。例如“{first['title'] or '本册'}”：{first['text']}。{first['todo']}"
        )
    return digest


@action("evidence.ask_seal", "申请封存", AGENCY)
def ask_seal(volume: Volume, *, by: Any) -> Volume:
    """Queue the sealing: the checks once more, the package, then the seal."""
    sealable(volume)
    _idle(volume)
    person = getattr(by, "person", None)
    jobs.enqueue(JOB, volume.pk, SEAL, person.pk if person else 0)
    return volume


@action("evidence.seal", "封存归档册", AGENCY)
def seal(
    volume: Volume,
    *,
    by: Any,
    digest: str,
    manifest: Stored,
    pack: Stored,
    at: datetime,
    person: Person | None,
) -> Volume:
    """The package lies in the store. From here on nothing of the volume changes."""
    if sealable(volume) != digest:
        raise Refused("封存时内容又有改动，没有封存。请重新检测后再封存。")
    if {row.archive_no for row in filing.rows_of(volume)} & filing.used_elsewhere(volume):
        raise Refused("有档号已用在本单位另一封存的册里，没有封存。请重新编号、检测后再封存。")
    for stored, mime in ((manifest, "application/json"), (pack, "application/zip")):
        if not Blob.objects.filter(
            sha256=stored.sha256
        ).exists():  # from now on the walk over all bytes looks at it
            Blob.make(sha256=stored.sha256, sm3=stored.sm3, size=stored.size, mime=mime, stored_at=at)
        if not store().exists(stored.sha256):
            raise Refused("归档包没有写好，没有封存。请再封存一次。")
    return volume.change(state=VolumeState.SEALED, manifest=manifest.sha256, sealed_by=person, sealed_at=at)


@action("evidence.ask_recheck", "复检归档包", AGENCY)
def ask_recheck(volume: Volume, *, by: Any) -> Volume:
    """Queue a look at every byte of a sealed package."""
    if volume.state != VolumeState.SEALED:
        raise Refused(f"“{volume}”还没有封存，没有可复检的归档包。")
    _idle(volume)
    jobs.enqueue(JOB, volume.pk, AGAIN, 0)
    return volume


@action("evidence.note_recheck", "复检归档包", AGENCY)
def note_recheck(volume: Volume, *, by: Any, problems: list[str], files: int) -> Volume:
    """On record only: a sealed row is not touched."""
    scope().notes.append(
        {"kind": "evidence.volume", "id": volume.pk, "label": str(volume)[:80], "recheck": {"problems": problems[:100], "files": files}}
    )  # fmt: skip
    return volume
