"""Background work of the ledger: a takeover is saved, a cited office file is laid out in pages. Ids in, one action at the end, safe to run twice."""

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django_tasks import task

from taizhang.campaigns.models import Year
from taizhang.evidence import queries as library
from taizhang.evidence.actions import note_face, take_in
from taizhang.evidence.models import Version
from taizhang.kit import clock
from taizhang.kit.apart import Apart, Ended
from taizhang.kit.errors import Refused
from taizhang.kit.files import store
from taizhang.org.models import User
from taizhang.org.queries import system_user

from . import actions
from .actions import TakenFile
from .models import Takeover, TakeoverState
from .queries.openings import years_with_lost
from .sheets.taking import Taken, read_takeover

EVERY = 20  # files between two words about how far it is
IN_MEMORY = 4 * 2**20  # bytes of one file
SECONDS_FACE = 180  # for the pages of one office file


@task()
def take_over(takeover_id: int, user_id: int) -> str:
    """Put the bytes of the files, then save all rows in one transaction; a refusal is told on the takeover's page."""
    takeover = Takeover.objects.select_related("year__campaign__unit").get(pk=takeover_id)
    user = User.objects.get(pk=user_id)
    if takeover.state != TakeoverState.DRAFT or not takeover.counts.get("running"):
        return "done before"
    try:
        save(takeover, user)
    except Refused as refusal:
        actions.stop_takeover(takeover, by=user, message=refusal.message, problems=refusal.problems)
        return "refused"
    except Exception:
        words = "保存时出了意外，什么都没有保存。请再保存一次；如再次出现，请告诉系统管理员。"
        actions.stop_takeover(takeover, by=user, message=words)
        raise
    return "saved"


def save(takeover: Takeover, user: Any) -> None:
    """Read it as it stands now, take in its files, save. Refused: nothing of the ledger has moved."""
    taken = read_takeover(takeover, clock.today())
    files = take_in_files(takeover, taken)
    past = bool(takeover.counts.get("past"))
    actions.take_over(takeover, by=user, plan=taken.plan, versions=taken.versions, files=files, past=past)


def take_in_files(takeover: Takeover, taken: Taken) -> list[TakenFile]:
    """The bytes of every file that will be saved, in the store. Refused, naming all that cannot be kept."""
    wanted = taken.taken_files()
    sizes = {one.name: one.size for one in taken.files.files}
    made: list[TakenFile] = []
    problems: list[str] = []
    for at, one in enumerate(wanted, 1):
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as held:
            try:
                for piece in taken.files.chunks(one.name):
                    held.write(piece)
                upload = UploadedFile(file=held, name=one.name.rsplit("/", 1)[-1], size=sizes[one.name])
                made.append(TakenFile(one.name, take_in(upload), one.item, one.row, one.slot))
            except Refused as refusal:
                problems.append(f"{one.name}：{refusal.message}")
        if at % EVERY == 0 or at == len(wanted):
            actions.note_progress(takeover, at, len(wanted))
    if problems:
        raise Refused(
            f"什么都没有保存：有 {len(problems)} 份材料不能存入材料库。请在“对材料”里跳过它们，或换好后重新传压缩包。",
            problems=problems,
        )
    return made


@task()
def lose_what_is_over() -> int:
    """Every night: what was not handed in when its window closed is 期满未报. How many years had some."""
    years = Year.objects.select_related("campaign__unit").filter(pk__in=years_with_lost(clock.today()))
    for year in years:
        actions.lose_slots(year, by=system_user())
    return len(years)


@cache
def printer() -> Apart:
    """The child that prints office files, one for each worker process."""
    return Apart("taizhang.kit.texts.face:answer")


@task()
def lay_out(version_id: int) -> str:
    """The pages of an office file as they print, kept beside its reading; "" when that is done, else why it is not."""
    version = Version.objects.select_related("blob", "evidence__unit", "evidence__agency").get(pk=version_id)
    if library.shown(version.blob).mime:
        return ""
    if library.is_stopped(version.evidence_id):
        return "文件标有密级，已停用。"
    with tempfile.TemporaryDirectory(prefix="taizhang-face-") as folder:
        question = {
            "path": str(store().path(version.blob.sha256)), "name": version.original_name, "mime": version.blob.mime,
            "folder": folder,
        }  # fmt: skip
        try:
            told = printer().ask(question, SECONDS_FACE)
        except Ended:
            return "文件排成页面花的时间太长，没有排成。请另存为 PDF 后换新版本。"
        if "face" not in told:
            return str(told["unreadable"][1])
        with open(told["face"], "rb") as handle:
            size = Path(told["face"]).stat().st_size
            face = store().put(iter(lambda: handle.read(2**20), b""), limit=size + 1).sha256
    note_face(version, by=system_user(), face=face)
    return ""
