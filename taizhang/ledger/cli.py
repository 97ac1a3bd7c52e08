"""`taizhang ledger export`, `taizhang ledger import`: for the machine's own keeper."""

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from django.conf import settings

from taizhang.campaigns.models import Campaign, Year
from taizhang.campaigns.rules.states import YearState
from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.kit.tables import read_book
from taizhang.org.queries import system_user

from . import actions
from .queries.sheet import sheet_rows, staff_of
from .queries.taken import acts_of
from .sheets import compare, read_sheet, write_ledger


def register(group: Any) -> None:
    """Hang the subcommands of this app under the program's; each sets `run`, which returns the exit code."""
    ledger = group("ledger", "台账")
    out: ArgumentParser = ledger.add_parser("export", help="导出一个年度的台账")
    into: ArgumentParser = ledger.add_parser("import", help="导入改好的台账")
    for one, run in ((out, ledger_export), (into, ledger_import)):
        one.add_argument("campaign", metavar="CAMPAIGN", help="创建活动的编号或名称")
        one.add_argument("file", metavar="FILE", type=Path)
        one.add_argument("--year", type=int, default=None, help="年度，例如 2020；不写就是正在进行的年度")
        one.add_argument("--json", action="store_true")
        one.set_defaults(run=run)


def find_year(campaign: str, year: int | None) -> Year:
    """The year of CAMPAIGN (id or name): that named, else the newest open one. Refused when there is none."""
    found = Campaign.objects.filter(name=campaign)
    if not found.exists() and campaign.isdecimal():
        found = Campaign.objects.filter(pk=int(campaign))
    if found.count() > 1:
        raise Refused(
            f"叫“{campaign}”的创建活动有 {found.count()} 个，请用编号：{'、'.join(str(one.pk) for one in found)}。"
        )
    one = found.first()
    if one is None:
        raise Refused(f"没有叫“{campaign}”的创建活动。")
    years = Year.objects.filter(campaign=one).select_related("campaign__unit")
    wanted = years.filter(year=year) if year else years.filter(state=YearState.OPEN).order_by("-year")
    chosen = wanted.first()
    if chosen is None:
        raise Refused(
            f"“{one}”没有 {year} 年度。" if year else f"“{one}”没有正在进行的年度，请用 --year 写明。"
        )
    if chosen.state == YearState.PLANNED:
        raise Refused(f"“{one}”{chosen}还没有启用，没有台账。")
    return chosen


def ledger_export(args: Namespace) -> int:
    year = find_year(args.campaign, args.year)
    rows = sheet_rows(system_user(), year, clock.today())
    write_ledger(args.file, year, rows, list(staff_of(year.campaign.unit).unit_names.values()))
    _say(args, {"campaign": year.campaign_id, "year": year.year, "items": len(rows), "file": str(args.file)},
         f"已导出 {year.campaign} {year.year} 年度台账 {len(rows)} 项：{args.file}")  # fmt: skip
    return 0


def ledger_import(args: Namespace) -> int:
    """Everything that is wrong is told at once and nothing is saved; else one bulk act."""
    year = find_year(args.campaign, args.year)
    if args.file.stat().st_size > settings.IMPORT_MAX_BYTES:
        raise Refused(f"{args.file} 超过 {settings.IMPORT_MAX_BYTES // 2**20} MB，没有读。")
    user = system_user()
    read = read_sheet(read_book(args.file.read_bytes(), args.file.name))
    found = compare(read, year, sheet_rows(user, year, clock.today()), staff_of(year.campaign.unit))
    if found.problems:
        said = [f"{problem.where}：{problem.text}" for problem in found.problems]
        raise Refused(f"有 {len(said)} 处不对，没有导入：" + " ".join(said[:20]), problems=said)
    changed = 0
    if found.changes:
        plain = [(change.verb, change.item, change.params) for change in found.changes]
        changed = actions.bulk_rows(
            year, by=user, label="导入台账改动", rows=acts_of(year, plain, found.versions)
        ).count
    _say(args, {"campaign": year.campaign_id, "year": year.year, "changed": changed, "same": found.same, "warnings": found.notes},
         f"已导入：改了 {changed} 项，{found.same} 项相同。" + "".join(found.notes))  # fmt: skip
    return 0


def _say(args: Namespace, result: dict[str, Any], words: str) -> None:
    print(json.dumps(result, ensure_ascii=False) if args.json else words)
