"""`taizhang evidence sweep`: what killed uploads have left in incoming/; `purge`: what has lain in the bin for thirty days.

`taizhang text`: what the reader makes of a file; nothing is stored. `taizhang search`: what the library finds.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.kit.files import store
from taizhang.org.queries import system_user

from . import actions, queries
from .rules import words
from .rules.letterhead import letterhead

MOST_LISTED = 1000
LEAST_HOURS = 1.0  # younger ones may belong to an upload that is still running


def register(group: Any) -> None:
    """Hang the subcommands of this app under the program's; each sets `run`, which returns the exit code."""
    evidence = group("evidence", "材料库的存储")
    sweep = evidence.add_parser("sweep", help="清理中断的上传留下的临时文件（不动已入库的文件）")
    sweep.add_argument("--hours", type=float, default=24, help="只管多少小时以前的，默认 24")
    sweep.add_argument("--dry-run", action="store_true", help="只列出，不清理")
    sweep.set_defaults(run=evidence_sweep)
    purge = evidence.add_parser("purge", help="清除在回收站满三十天、没有引用的材料的文件（每天也会自动做）")
    purge.add_argument("--dry-run", action="store_true", help="只列出，不清除")
    purge.set_defaults(run=evidence_purge)
    anew = evidence.add_parser("reindex", help="按已读出的文字和说明重建检索索引（文件不动，可以随时做）")
    anew.set_defaults(run=evidence_reindex)


def evidence_sweep(args: argparse.Namespace) -> int:
    """List the stale files in incoming/, and remove them unless asked not to."""
    if args.hours < LEAST_HOURS:
        raise Refused(f"--hours 至少为 {LEAST_HOURS:g}：更新的临时文件可能还在上传。")
    names = store().stale(args.hours) if args.dry_run else store().sweep(args.hours)
    for name in names:
        print(name)
    print(f"{'待清理' if args.dry_run else '已清理'}临时文件 {len(names)} 个")
    return 0


def evidence_purge(args: argparse.Namespace) -> int:
    """Clear what has outstayed its thirty days: the bytes go, rows, receipts and record stay."""
    if args.dry_run:
        waiting = queries.outstayed(clock.today())
        for piece in waiting:
            print(f"{piece.number}　{piece.title}")
        print(f"待清除材料 {len(waiting)} 件")
        return 0
    done = actions.empty_bin(by=system_user())
    for reason in done.stay:
        print(reason)
    print(f"已清除材料 {done.pieces} 件，从磁盘删去文件 {done.files} 个")
    return 0


def evidence_reindex(args: argparse.Namespace) -> int:
    """Make the index of words anew from the rows."""
    pieces, texts = actions.reindex()
    print(f"已重建检索索引：材料 {pieces} 件，文字 {texts} 份")
    return 0


def register_alone(sub: Any) -> None:
    """Hang `taizhang text` and `taizhang search`, which stand by themselves, under the program's."""
    find = sub.add_parser("search", help="在全部材料的名称、说明和文字里查找")
    find.add_argument("words", nargs="+", metavar="WORDS", help="空格隔开的词都要出现；加引号的按整句找")
    find.add_argument("--limit", type=int, default=20, help="最多列出多少件，默认 20")
    find.add_argument("--json", action="store_true")
    find.set_defaults(run=search)
    look = sub.add_parser("text", help="读一个文件里的文字，只看不存")
    look.add_argument("file", type=Path, metavar="FILE")
    look.add_argument("--json", action="store_true")
    look.set_defaults(run=text)


def search(args: argparse.Namespace) -> int:
    """Find as the library does, in all agencies: the newest pieces, each with the page and the sentence it is on."""
    if not 1 <= args.limit <= MOST_LISTED:
        raise Refused(f"--limit 要在 1 到 {MOST_LISTED} 之间。")
    asked = " ".join(args.words)
    terms = words.terms(asked)
    found = queries.search(system_user(), terms, args.limit)
    pages = queries.hits_of((row.blob for row in found.rows if row.blob), terms)
    hits = []
    for row in found.rows:
        hit = pages.get(row.blob or 0)
        said = "".join(part for part, _ in hit.parts) if hit else ""
        hits.append(
            {"evidence": row.number, "name": row.name, "title": row.title, "page": hit.page if hit else None, "snippet": said}
        )  # fmt: skip
    if unread := queries.progress(system_user()).waiting:
        print(f"还有 {unread} 件没有读完，里面的字现在查不到。", file=sys.stderr)
    if args.json:
        print(json.dumps({"total": found.total, "hits": hits}, ensure_ascii=False))
        return 0
    if not terms:
        print(f"“{asked}”里没有可以查找的字。")
        return 0
    for one in hits:
        page = f"第 {one['page']} 页　" if one["page"] else ""
        print(f"{one['evidence']}　{one['title']}　{one['name']}")
        if one["snippet"]:
            print(f"    {page}{one['snippet']}")
    print(f"找到 {found.total} 件" + (f"，列出最新的 {len(hits)} 件" if found.total > len(hits) else ""))
    return 0


def text(args: argparse.Namespace) -> int:
    """Read a file as the library would: the same refusals, the same reader; no database and no folder is touched."""
    _, told = actions.read_file(args.file)
    pages: list[str] = told["pages_read"]
    whole = "\n".join(pages)
    if not args.json:
        print(whole)
        return 0
    found = letterhead(pages)
    json.dump(
        {
            "kind": told["kind"],
            "pages": told["pages"],
            "text": whole,
            "doc_no": found.doc_no,
            "issuer": found.issuer,
            "title": found.title,
            "date": found.date.isoformat() if found.date else "",
            "warnings": [{"code": code, "text": words} for code, words in told["warnings"]],
        },
        sys.stdout,
        ensure_ascii=False,
        indent=1,
    )
    print()
    return 0
