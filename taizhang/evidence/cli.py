"""`taizhang evidence sweep`: what killed uploads have left in incoming/. Blobs are never touched."""

import argparse
from typing import Any

from taizhang.kit.errors import Refused
from taizhang.kit.files import store

LEAST_HOURS = 1.0  # younger ones may belong to an upload that is still running


def register(group: Any) -> None:
    """Hang the subcommands of this app under the program's; each sets `run`, which returns the exit code."""
    evidence = group("evidence", "材料库的存储")
    sweep = evidence.add_parser("sweep", help="清理中断的上传留下的临时文件（不动已入库的文件）")
    sweep.add_argument("--hours", type=float, default=24, help="只管多少小时以前的，默认 24")
    sweep.add_argument("--dry-run", action="store_true", help="只列出，不清理")
    sweep.set_defaults(run=evidence_sweep)


def evidence_sweep(args: argparse.Namespace) -> int:
    """List the stale files in incoming/, and remove them unless asked not to."""
    if args.hours < LEAST_HOURS:
        raise Refused(f"--hours 至少为 {LEAST_HOURS:g}：更新的临时文件可能还在上传。")
    names = store().stale(args.hours) if args.dry_run else store().sweep(args.hours)
    for name in names:
        print(name)
    print(f"{'待清理' if args.dry_run else '已清理'}临时文件 {len(names)} 个")
    return 0
