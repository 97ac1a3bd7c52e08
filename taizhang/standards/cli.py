"""`taizhang standard read`, `import`, `diff` and `export`: any file, on the command line."""

import argparse
import hashlib
import json
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings

from taizhang.kit.documents.seen.ask import MOST_PAGES, Eyes, lacking, too_many
from taizhang.kit.errors import Refused
from taizhang.kit.tables import Book, Unseen, write_xlsx
from taizhang.org.models import Unit
from taizhang.org.models.units import UnitKind
from taizhang.org.queries import system_user

from . import actions, queries
from .models import MatchKind, OwnerKind
from .rules import exchange
from .rules.editions import Line, Pair, changes, lines_of, match, sums_of
from .rules.numbers import show
from .rules.tree import Node, Reading
from .sheets.exchange import to_sheets
from .sheets.read import open_book, read
from .sheets.report import as_json

ZERO = Decimal(0)


def register(group: Callable[[str, str], Any]) -> None:
    sub = group("standard", "测评标准")
    look = sub.add_parser("read", help="读一份标准，只看不存")
    look.add_argument("file", type=Path, metavar="FILE")
    look.add_argument("--json", action="store_true")
    look.set_defaults(run=run_read)
    take = sub.add_parser("import", help="导入一份标准")
    take.add_argument("file", type=Path, metavar="FILE")
    take.add_argument("--agency", default="", help="机关的名称或编号；只有一个机关时可不写")
    take.add_argument("--name", default="", help="标准名称，不写则取文件里的")
    take.add_argument("--label", default="", help="版本，不写则为“第1版”，修订的顺着数")
    take.add_argument("--revises", default="", metavar="NAME", help="是哪份标准的新版")
    take.add_argument("--accept-doubtful", action="store_true", help="拿不准的新旧对应照建议收下")
    take.add_argument("--json", action="store_true")
    take.set_defaults(run=run_import)
    differ = sub.add_parser("diff", help="两版标准逐项对照，只看不存")
    differ.add_argument("old", metavar="NAME|FILE", help="旧版：标准的名称（取现行版）或文件")
    differ.add_argument("new", type=Path, metavar="FILE", help="新版的文件")
    differ.add_argument("--agency", default="", help="机关的名称或编号；几个机关有同名标准时写")
    differ.add_argument("--json", action="store_true")
    differ.set_defaults(run=run_diff)
    out = sub.add_parser("export", help="把存好的标准导出成 Excel 或 JSON，原样可以读回")
    out.add_argument("name", metavar="NAME", help="标准的名称（取现行版）")
    out.add_argument("file", type=Path, metavar="FILE", help="写到哪里，后缀是 .xlsx 或 .json")
    out.add_argument("--label", default="", help="哪一版，不写则取现行版")
    out.add_argument("--agency", default="", help="机关的名称或编号；几个机关有同名标准时写")
    out.set_defaults(run=run_export)


def bytes_of(path: Path) -> bytes:
    if path.is_dir():
        raise Refused(f"{path} 是文件夹，不是文件。请写出其中一份标准的文件名。")
    if path.stat().st_size > settings.IMPORT_MAX_BYTES:
        raise Refused(f"{path.name} 超过 {settings.IMPORT_MAX_BYTES // 2**20} MB，不像一份测评标准。")
    try:
        return path.read_bytes()
    except PermissionError as error:
        raise Refused(f"没有读 {path} 的权限，请检查文件的权限。") from error


def reading_from(path: Path) -> Reading:
    """The standard in the file at PATH; a scan is recognised here and now, each page told on standard error."""
    data = bytes_of(path)
    return read(data, path.name, book=book_from(data, path))


def book_from(data: bytes, path: Path) -> Book:
    try:
        return open_book(data, path.name, {})
    except Unseen as unseen:
        numbers, count, message = unseen.pages, unseen.count, unseen.message
    why = lacking(allowed=settings.READS_PICTURES) or (
        too_many(len(numbers)) if len(numbers) > MOST_PAGES else ""
    )
    if why and len(numbers) < count:
        return open_book(data, path.name)
    if why:
        raise Refused(why if len(numbers) > MOST_PAGES else f"{message}。{why}")

    def said(no: int) -> None:
        at = numbers.index(no) + 1
        print(f"扫描件，正在识别第 {no} 页（{at}/{len(numbers)}）……", file=sys.stderr, flush=True)

    with Eyes() as eyes:
        return open_book(data, path.name, eyes.pages(path.resolve(), numbers, said))


def put(result: Any) -> None:
    json.dump(result, sys.stdout, ensure_ascii=False, indent=1)
    print()


def run_read(args: argparse.Namespace) -> int:
    reading = reading_from(args.file)
    if args.json:
        put(as_json(reading))
        return 0
    print(
        f"{reading.name}：{len(reading.areas)} 个方面，{len(reading.sections)} 组，{len(reading.leaves)} 项，合计 {reading.total} 分"
    )
    for warning in reading.warnings:
        print(f"  {warning.where}　{warning.text}")
    return 0


def agency_of(words: str) -> Unit:
    """The agency of that id or name; without words, the only one there is."""
    found = Unit.objects.filter(kind=UnitKind.AGENCY)
    if words:
        found = found.filter(pk=int(words)) if words.isdigit() else found.filter(name=words)
    if found.count() != 1:
        raise Refused(f"没有叫“{words}”的机关。" if words else "请用 --agency 写明是哪个机关。")
    return found.get()


def run_import(args: argparse.Namespace) -> int:
    data = bytes_of(args.file)
    reading = read(data, args.file.name, book=book_from(data, args.file))
    agency = agency_of(args.agency)
    base = queries.edition_named(args.revises, agency) if args.revises else None
    label = args.label or "第1版"
    if base is not None and not args.label:
        label = f"第{base.standard.editions.count() + 1}版"
    try:
        edition = actions.import_edition(
            agency, by=system_user(), reading=reading, name=args.name or reading.name, label=label,
            owner_kind=base.standard.owner_kind if base else OwnerKind.CREATION, source_name=args.file.name,
            source_sha256=hashlib.sha256(data).hexdigest(), base=base, accept_doubtful=args.accept_doubtful,
        )  # fmt: skip
    except Refused as refusal:
        if base is not None and not args.json:  # which matches are doubtful, so that they can be judged
            for problem in refusal.problems:
                print(problem)
        raise
    result = {
        "standard": edition.standard_id,
        "edition": edition.pk,
        "name": edition.standard.name,
        "items": len(reading.leaves),
    }
    if args.json:
        put(result)
    else:
        print(f"已导入《{edition.standard.name}》{edition.label}：{len(reading.leaves)} 项")
    return 0


def run_diff(args: argparse.Namespace) -> int:
    path = Path(args.old)
    if path.exists():
        old = reading_from(path).nodes
    else:
        old = queries.reading_of(
            queries.edition_named(args.old, agency_of(args.agency) if args.agency else None)
        ).nodes
    new = reading_from(args.new).nodes
    pairs = match(old, new)
    if args.json:
        put(pairs_json(old, new, pairs))
    else:
        print_table(old, new, pairs)
    return 0


def pairs_json(old: list[Node], new: list[Node], pairs: list[Pair]) -> dict[str, Any]:
    """One line for each pair, by the order of the old edition, what is new at the end; leaves only."""
    codes = {node.key: node.code for node in old}, {node.key: node.code for node in new}
    return {
        "pairs": [
            {
                "old": codes[0][one.old] if one.old is not None else None,
                "new": codes[1][one.new] if one.new is not None else None,
                "kind": one.kind,
                "sure": one.sure,
            }
            for one in pairs
        ]
    }


def print_table(old: list[Node], new: list[Node], pairs: list[Pair]) -> None:
    """Counts and points of each kind, then every line that is not as before."""
    for side, nodes in (("旧版", old), ("新版", new)):
        leaves = [node for node in nodes if node.is_leaf]
        print(f"{side} {len(leaves)} 项，{show(sum((one.points or ZERO for one in leaves), ZERO))} 分")
    for one in sums_of(old, new, pairs):
        if one.pairs:
            sides = [f"旧 {one.old} 项 {show(one.old_points)} 分"] if one.old else []
            sides += [f"新 {one.new} 项 {show(one.new_points)} 分"] if one.new else []
            doubt = f"，{one.doubtful} 处拿不准" if one.doubtful else ""
            print(f"{MatchKind(one.kind).label}　{'，'.join(sides)}{doubt}")
    heading = ""
    for line in lines_of(old, new, pairs):
        if line.pair.kind == "same" and line.pair.sure:
            continue
        if line.heading != heading:
            heading = line.heading
            print(f"\n{heading}")
        print(f"  {line_words(line)}")


def line_words(line: Line) -> str:
    def side(node: Node | None) -> str:
        return "（无）" if node is None else f"{node.code} {node.title}（{show(node.points or ZERO)}分）"

    what = ""
    if line.old is not None and line.new is not None:
        what = "、".join(label for _, label, _, _ in changes(line.old, line.new))
    doubt = "　？拿不准" if not line.pair.sure else ""
    return f"{MatchKind(line.pair.kind).label}　{side(line.old)} → {side(line.new)}{f'　改了{what}' if what else ''}{doubt}"


def run_export(args: argparse.Namespace) -> int:
    ending = args.file.suffix.lower()
    if ending not in (".xlsx", ".json"):
        raise Refused(f"不知道要写成什么：{args.file.name}。后缀请写 .xlsx 或 .json。")
    edition = queries.edition_named(args.name, agency_of(args.agency) if args.agency else None)
    if args.label:
        found = edition.standard.editions.filter(label=args.label).first()
        if found is None:
            raise Refused(f"《{edition.standard}》没有“{args.label}”这一版。")
        edition = found
    reading, head = queries.reading_of(edition), queries.head_of(edition)
    try:
        if ending == ".xlsx":
            write_xlsx(args.file, to_sheets(reading, head))
        else:
            text = json.dumps(exchange.to_json(reading, head), ensure_ascii=False, indent=1)
            args.file.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise Refused(f"写不了 {args.file}，请看文件夹在不在、可不可写。") from error
    print(f"已导出《{edition.standard}》{edition.label}：{len(reading.leaves)} 项 → {args.file}")
    return 0
