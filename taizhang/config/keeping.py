"""`taizhang verify`, `taizhang backup`, `taizhang restore`: whether everything kept is still there, kept twice, and back."""

import argparse
import json
import os
import subprocess
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from taizhang import __version__
from taizhang.evidence import actions
from taizhang.evidence import queries as evidence
from taizhang.journal import queries as journal
from taizhang.kit import backup, look, restoring
from taizhang.kit.errors import Refused
from taizhang.kit.sqlite import safety
from taizhang.ledger.queries.citing import items_citing

from .cli import show
from .nightly import note_check

TOLD = 200  # problems in a list on the screen
#: settings of the environment that a restored site needs again
SETTINGS = ("TAIZHANG_HOSTS", "TAIZHANG_OCR", "TAIZHANG_START_PASSWORD_DAYS", "TAIZHANG_RESERVE_MB")


def register(sub: Any) -> None:
    verify = sub.add_parser("verify", help="校验日志链、回执、文件、引用次数和检索索引")
    verify.add_argument(
        "--all", action="store_true", help="逐个重读文件核对指纹（否则只查在不在、大小对不对）"
    )
    verify.add_argument("--minutes", type=float, default=None, metavar="N", help="最多读 N 分钟，下次接着读")
    verify.add_argument("--json", action="store_true")
    verify.set_defaults(run=run_verify)
    out = sub.add_parser("backup", help="备份到一个文件夹（增量，可在系统运行时做）")
    out.add_argument("folder", type=Path, metavar="DIR", help="备份文件夹，最好在另一块硬盘上")
    out.add_argument(
        "--keep", type=int, default=backup.KEPT, metavar="N", help=f"保留最近几代，默认 {backup.KEPT}"
    )
    out.add_argument("--check", action="store_true", help="备份里已有的文件也逐个重读，坏的补上")
    out.add_argument("--link", action="store_true", help="同一块硬盘上用硬链接（快，但硬盘坏了一起坏）")
    out.add_argument("--json", action="store_true")
    out.set_defaults(run=run_backup)
    back = sub.add_parser("restore", help="从备份恢复到一个空的数据文件夹")
    back.add_argument("folder", type=Path, metavar="DIR", help="备份文件夹")
    back.add_argument(
        "--to", type=Path, default=None, metavar="HOME", help="恢复到哪里，默认是本系统的数据文件夹"
    )
    back.add_argument("--generation", default="", metavar="DATE", help="用哪一代，默认最近的一代")
    back.add_argument("--json", action="store_true")
    back.set_defaults(run=run_restore)


def run_verify(args: argparse.Namespace) -> int:
    """Journal chains; every receipt has row, bytes, entry; `uses` equals its recount; the index is whole. Exit 1 when
    something is wrong. Reports, never mends.

    `--all` reads every byte now; with `--minutes` it goes on where the last check stopped, longest unread first.
    """
    if args.minutes is not None and not 0 <= args.minutes <= 100_000:
        raise Refused("--minutes 要写 0 以上的分钟数。")
    reads = args.all or args.minutes is not None
    begin, since = timezone.now(), None
    if args.minutes is not None and (since := evidence.round_begun()):
        begin = since
    chains = journal.check_chains()
    found = evidence.verify(
        full=reads, seconds=None if args.minutes is None else args.minutes * 60,
        only=evidence.unread_since(since) if since else None, items=items_citing, keep=actions.mark_checked,
        progress=_progress if sys.stderr.isatty() else None,
    )  # fmt: skip
    faults = [*(evidence.Fault(said) for said in chains.problems), *found.faults]
    walked = found.walked
    if reads:
        try:
            note_check(faults, checked=walked.checked, size=walked.bytes, left=walked.left, seconds=walked.seconds, begun=begin,
                       orphans=len(found.orphans), why="命令行")  # fmt: skip
        except DatabaseError as error:
            print(f"结果没有记进操作日志：{error}", file=sys.stderr)
    if args.json:
        show(
            {"ok": not faults, "checked": walked.checked, "bytes": walked.bytes, "total": walked.total, "left": walked.left,
             "problems": [fault.told for fault in faults], "orphans": len(found.orphans), "orphan_names": found.orphans[:TOLD],
             "seconds": round(walked.seconds, 3), "finished": walked.finished, "read": reads, "entries": chains.entries,
             **{name: count for name, count in found.counts.items() if name not in ("bytes", "orphans")}}
        )  # fmt: skip
    else:
        for fault in faults[:TOLD]:
            print(_line(fault))
        if len(faults) > TOLD:
            print(f"……共 {len(faults)} 个问题，这里列了前 {TOLD} 个")
        print(_words(walked, reads, len(found.orphans), chains.entries))
    if faults:
        print(f"校验发现 {len(faults)} 个问题：{faults[0]}", file=sys.stderr)
        return 1
    return 0


def _progress(done: int, total: int, what: str) -> None:
    print(f"\r{what} {done}/{total}", end="" if done < total else "\n", file=sys.stderr, flush=True)


def _line(fault: evidence.Fault) -> str:
    facts = [fault.unit, fault.name, *(f"用于 {item}" for item in fault.items)]
    return "　".join([str(fault), *filter(None, facts)])


def _words(walked: evidence.Walked, reads: bool, orphans: int, entries: int) -> str:
    how = (
        f"重读 {walked.checked} 个文件 {look.size(walked.bytes)}"
        if reads
        else f"查看 {walked.checked} 个文件在不在"
    )
    left = f"，还有 {walked.left} 个下次接着读" if walked.left else ""
    nobody = f"；另有 {orphans} 个没有材料用到的文件（不动它们）" if orphans else ""
    return f"{how}{left}{nobody}；操作日志 {entries} 条。用时 {walked.seconds:.0f} 秒。"


def run_backup(args: argparse.Namespace) -> int:
    """One more generation in DIR; exit 1 where something in the site itself was already damaged."""
    if not 1 <= args.keep <= 1000:
        raise Refused("--keep 要写 1 到 1000。")
    names = evidence.needed_names()
    site = backup.Site(
        Path(settings.HOME), Path(str(settings.DATABASES["default"]["NAME"])), frozenset(names), names,
        {"taizhang": __version__, "sqlite": safety.version(), "settings": {name: os.environ[name] for name in SETTINGS if name in os.environ}},
    )  # fmt: skip
    made = backup.backup(
        site, args.folder, timezone.localtime(), keep=args.keep, check=args.check, link=args.link
    )
    damaged = [*_named(made.problems)]
    if args.json:
        show({**asdict(made), "problems": damaged})
    else:
        print(
            f"已备份到 {made.folder}（{made.generation}）：材料文件 {made.files} 个，新存 {made.new_files} 个 {look.size(made.new_bytes)}；"
            f"数据库 {look.size(made.database_bytes)}。用时 {made.seconds:.0f} 秒。"
        )
        print("\n".join(damaged[:TOLD]), end="\n" if damaged else "")
    if damaged:
        print(f"备份做好了，但有 {len(damaged)} 个文件在系统里就已损坏：{damaged[0]}", file=sys.stderr)
        return 1
    return 0


def _named(problems: list[str]) -> list[str]:
    """PROBLEMS that begin with a blob's name, with the receipts and units it belongs to."""
    said = dict(one.split("：", 1) for one in problems)
    pks = evidence.blobs_named(said)
    faults = evidence.with_items(
        evidence.faults_of({pk: said[name] for name, pk in pks.items()}), items_citing
    )
    return [*map(_line, faults), *(f"{name[:12]}…：{why}" for name, why in said.items() if name not in pks)]


def run_restore(args: argparse.Namespace) -> int:
    """A new home from a backup: looked at before, and as a whole site after; never over what is there."""
    home = (args.to or Path(settings.HOME)).absolute()
    generation = restoring.look(args.folder.absolute(), args.generation)
    staged = restoring.stage(generation, home)
    try:
        said = _site_is_whole(staged.stage)
    except BaseException:
        restoring.undo(staged)
        raise
    restoring.settle(staged)
    problems = [*generation.problems, *(one["problem"] for one in said["problems"])]
    result = {
        "home": str(home), "generation": generation.name, "made_at": generation.made_at, "files": len(generation.files),
        "bytes": staged.bytes, "database_bytes": generation.database["size"], "seconds": staged.seconds, "receipts": said["receipts"],
        "entries": said["entries"], "problems": said["problems"], "problems_of_backup": generation.problems,
    }  # fmt: skip
    if args.json:
        show(result)
    else:
        print(
            f"已恢复到 {home}：{_day(generation.made_at)} 的备份，回执 {said['receipts']} 件，材料文件 {len(generation.files)} 个 "
            f"{look.size(staged.bytes)}，操作日志 {said['entries']} 条，逐个核对过。用时 {staged.seconds:.0f} 秒。"
            f"请用 TAIZHANG_HOME={home} taizhang up 启动。"
        )
        print("\n".join(problems[:TOLD]), end="\n" if problems else "")
    if problems:
        print(f"恢复好了，但有 {len(problems)} 个问题在备份时就有：{problems[0]}", file=sys.stderr)
        return 1
    return 0


def _day(moment: str) -> str:
    return f"{datetime.fromisoformat(moment):%Y-%m-%d %H:%M}"


def _site_is_whole(home: Path) -> dict[str, Any]:
    """What `verify --all` says of a home, run as a site of its own (this process has its own settings)."""
    environment = {
        **os.environ, "TAIZHANG_HOME": str(home), "TAIZHANG_WRITES": "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }  # fmt: skip
    for words in (["prepare"], ["verify", "--all", "--json"]):
        done = subprocess.run(
            [sys.executable, "-m", "taizhang.config.cli", *words],
            env=environment,
            capture_output=True,
            text=True,
        )
    try:
        told = json.loads(done.stdout)
    except ValueError:
        last = (done.stderr.strip().splitlines() or ["没有回答"])[-1]
        raise Refused(f"恢复出来的系统核对不了，没有恢复：{last[:300]}") from None
    assert isinstance(told, dict)
    return told
