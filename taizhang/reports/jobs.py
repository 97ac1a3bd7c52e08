"""Background work: a binding is carried out. Safe to run twice: parts that are made are found again."""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from taizhang.kit import clock, jobs
from taizhang.kit.errors import Refused
from taizhang.org.queries import system_user

from . import actions, queries
from .models import Binding, BindingState, Form
from .sheets import Desk, make_album, make_folder, make_volume

WORK = "taizhang.reports.jobs.work"
KEEP_DAYS = 30
MAKERS = {Form.VOLUME: make_volume, Form.FOLDER: make_folder, Form.ALBUM: make_album}
NO_DISK = "装订时写不了磁盘，可能满了。已停下，没有留下半册。请告诉系统管理员，清理后点“重新装订”。"
ODD = "装订时出了意外，已停下。请点“重新装订”；如再次出现，请告诉系统管理员。"


@task(priority=jobs.FIRST)
def work(binding_id: int) -> str:
    """Carry one binding out, unless another of the agency's is at work: that one calls the next when it is done."""
    binding = (
        Binding.objects.select_related("year__campaign__unit", "agency", "by").filter(pk=binding_id).first()
    )
    if binding is None or binding.state not in (BindingState.WAITING, BindingState.WORKING):
        return "done before"
    with turn(binding.agency_id) as mine:
        if not mine:
            return "waits"
        carry_out(binding)
    sweep()
    if (following := queries.next_waiting(binding.agency_id)) is not None:
        jobs.enqueue(WORK, following)
    return binding.state


@contextmanager
def turn(agency: int) -> Iterator[bool]:
    """Whether it is this process's turn to bind for the agency; given back however the process ends."""
    root = Path(settings.BOUND)
    root.mkdir(parents=True, exist_ok=True)
    with open(root / f"agency-{agency}.lock", "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def carry_out(binding: Binding) -> None:
    """Make it; what stops it is told on its page."""
    by = system_user()
    day = timezone.localdate(binding.created_at)
    folder = actions.folder_of(binding)
    try:
        found = queries.wanted_again(binding, day)
        total = sum(len(one.proofs) for one in found.held)
        actions.begin(binding, by=by, digest=found.digest, total=total)
        desk = Desk(folder, binding.form, lambda stage, done: actions.note_progress(binding, stage, done))
        bound = MAKERS[Form(binding.form)](desk, found, day)
        _settle(actions.made_path(binding))
        actions.note_missing(binding, bound.missing)
        actions.finish(binding, by=by, pages=bound.pages, size=bound.size, sha256=bound.sha256)
    except Refused as refusal:
        actions.fail(binding, by=by, fault=refusal.message)
    except OSError:
        actions.fail(binding, by=by, fault=NO_DISK)
        raise
    except Exception:
        actions.fail(binding, by=by, fault=ODD)
        raise
    else:
        _tidy(folder)


def _settle(path: Path) -> None:
    """On the disk before anybody is told that it is there."""
    for one, flags in ((path, os.O_RDONLY), (path.parent, os.O_RDONLY | os.O_DIRECTORY)):
        handle = os.open(one, flags)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _tidy(folder: Path) -> None:
    """Keep what was made, and nothing it was made of."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif not path.name.startswith("made."):
            path.unlink(missing_ok=True)


def clear(binding: Binding, by: Any) -> None:
    """Take a binding off the list, then its files off the disk."""
    folder = actions.folder_of(binding)
    actions.discard(binding, by=by)
    shutil.rmtree(folder, ignore_errors=True)


def sweep() -> int:
    """Clear what was finished some time ago, and folders that no row names any more; how many bindings went."""
    by = system_user()
    old = queries.left_behind(clock.now() - timedelta(days=KEEP_DAYS))
    for binding in old:
        with contextlib.suppress(Refused):
            clear(binding, by)
    root = Path(settings.BOUND)
    there = (
        [path for path in root.iterdir() if path.is_dir() and path.name.isdecimal()] if root.is_dir() else []
    )
    known = set(
        Binding.objects.filter(pk__in=[int(path.name) for path in there]).values_list("pk", flat=True)
    )
    for path in there:
        if int(path.name) not in known:
            shutil.rmtree(path, ignore_errors=True)
    return len(old)


@task()
def sweep_old() -> int:
    """Every night: what nobody fetched in time."""
    return sweep()


def bind_what_waits() -> int:
    """Queue what a stopped worker left without a job; called when the worker starts. How many they are."""
    queued = jobs.queued(WORK)
    states = [BindingState.WAITING, BindingState.WORKING]
    left = [
        pk
        for pk in Binding.objects.filter(state__in=states).order_by("id").values_list("pk", flat=True)
        if pk not in queued
    ]
    for pk in left:
        jobs.enqueue(WORK, pk)
    return len(left)
