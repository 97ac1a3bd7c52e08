"""`taizhang campaign list`, `taizhang campaign check`, `taizhang holidays import`, `taizhang holidays export`.

`taizhang campaign start` opens a ledger, so it stands a floor above, in the ledger.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.org.models import Unit
from taizhang.org.models.units import UnitKind
from taizhang.org.queries import system_user

from . import actions, queries, sheets
from .rules.states import YearState


def register(group: Any) -> None:
    """Hang the subcommands of this app under the program's; each sets `run`, which returns the exit code."""
    campaign = group("campaign", "创建活动")
    every = campaign.add_parser("list", help="列出创建活动和各年度")
    every.set_defaults(run=campaign_list)
    check = campaign.add_parser("check", help="哪些审核环节没有人能签")
    check.add_argument("campaign", metavar="CAMPAIGN", help="名称或编号")
    check.set_defaults(run=campaign_check)
    holidays = group("holidays", "节假日")
    into = holidays.add_parser("import", help="导入节假日表（xlsx 或 csv）")
    into.add_argument("file", type=Path, metavar="FILE")
    into.set_defaults(run=holidays_import)
    out = holidays.add_parser("export", help="导出节假日表")
    out.add_argument("file", type=Path, metavar="FILE.xlsx")
    out.set_defaults(run=holidays_export)


def campaign_list(args: argparse.Namespace) -> int:
    rows = [
        {
            "id": one.pk, "unit": str(one.unit), "name": one.name, "from": one.first_year, "to": one.last_year,
            "years": [
                {"id": year.pk, "year": year.year, "state": YearState(year.state).label, "assessed_on": year.assessed_on}
                for year in one.years.all()
            ],
        }
        for one in queries.campaigns_for(system_user()).prefetch_related("years")
    ]  # fmt: skip
    json.dump(rows, sys.stdout, ensure_ascii=False, indent=1, default=str)
    print()
    return 0


def campaign_check(args: argparse.Namespace) -> int:
    """One line per step that nobody can sign."""
    for line in queries.unsigned_steps(queries.find_campaign(args.campaign), clock.today()):
        print(line)
    return 0


def holidays_import(args: argparse.Namespace) -> int:
    agency = Unit.objects.filter(kind=UnitKind.AGENCY).order_by("pk").first()
    if agency is None:
        raise Refused("还没有机关，请先导入花名册。")
    try:
        rows = sheets.read_holidays(args.file.read_bytes(), args.file.name)
    except Refused as refusal:  # one line must say it all
        raise Refused("；".join([refusal.message, *refusal.problems])) from refusal
    actions.import_holidays(agency, by=system_user(), rows=rows)
    print(f"已导入 {len(rows)} 天")
    return 0


def holidays_export(args: argparse.Namespace) -> int:
    args.file.write_bytes(sheets.holidays_xlsx(queries.holiday_rows()))
    return 0
