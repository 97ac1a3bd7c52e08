"""`taizhang standard read FILE --json` and `taizhang standard import FILE`."""

import argparse
import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings

from taizhang.kit.errors import Refused
from taizhang.org.models import Unit
from taizhang.org.models.units import UnitKind
from taizhang.org.queries import system_user

from . import actions
from .models import OwnerKind
from .rules.tree import Node, Reading
from .sheets.read import read


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
    take.add_argument("--label", default="", help="版本，不写则为“第1版”")
    take.add_argument("--json", action="store_true")
    take.set_defaults(run=run_import)


def bytes_of(path: Path) -> bytes:
    if path.is_dir():
        raise Refused(f"{path} 是文件夹，不是文件。请写出其中一份标准的文件名。")
    if path.is_dir():
        raise Refused(f"{path} 是文件夹，请写明要读的文件。")
    if path.stat().st_size > settings.IMPORT_MAX_BYTES:
        raise Refused(f"{path.name} 超过 {settings.IMPORT_MAX_BYTES // 2**20} MB，不像一份测评标准。")
    try:
        return path.read_bytes()
    except PermissionError as error:
        raise Refused(f"没有读 {path} 的权限，请检查文件的权限。") from error


def as_json(reading: Reading) -> dict[str, Any]:
    """The shape that `standard read --json` promises; every figure is a string."""
    by_key = {node.key: node for node in reading.nodes}

    def points(node: Node) -> str | None:
        return None if node.points is None else str(node.points)

    def above(node: Node) -> list[Node]:
        chain: list[Node] = []
        parent = by_key.get(node.parent or "")
        while parent is not None:
            chain.append(parent)
            parent = by_key.get(parent.parent or "")
        return chain

    items = []
    for node in reading.leaves:
        chain = above(node)
        items.append(
            {
                "code": node.code, "area": chain[-1].title if chain else "", "section": chain[0].title if len(chain) > 1 else "",
                "title": node.title, "points": points(node), "methods": [name for name, _ in node.methods], "lead": node.lead,
                "where": node.where,
            }
        )  # fmt: skip
    return {
        "name": reading.name,
        "stated_total": None if reading.stated_total is None else str(reading.stated_total),
        "total": str(reading.total),
        "areas": [{"title": node.title, "points": points(node)} for node in reading.areas],
        "sections": [{"title": node.title, "points": points(node)} for node in reading.sections],
        "items": items,
        "warnings": [{"where": one.where, "text": one.text} for one in reading.warnings],
    }


def run_read(args: argparse.Namespace) -> int:
    reading = read(bytes_of(args.file), args.file.name)
    if args.json:
        json.dump(as_json(reading), sys.stdout, ensure_ascii=False, indent=1)
        print()
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
    reading = read(data, args.file.name)
    edition = actions.import_edition(
        agency_of(args.agency), by=system_user(), reading=reading, name=args.name or reading.name,
        label=args.label or "第1版", owner_kind=OwnerKind.CREATION, source_name=args.file.name,
        source_sha256=hashlib.sha256(data).hexdigest(),
    )  # fmt: skip
    result = {
        "standard": edition.standard_id,
        "edition": edition.pk,
        "name": edition.standard.name,
        "items": len(reading.leaves),
    }
    print(
        json.dumps(result, ensure_ascii=False)
        if args.json
        else f"已导入《{edition.standard.name}》{edition.label}：{len(reading.leaves)} 项"
    )
    return 0
