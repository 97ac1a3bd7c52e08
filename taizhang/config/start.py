"""`taizhang campaign start`: from a standard's file to a year's ledger in one command.

It stands up here because it reads a file (standards), starts a campaign and opens a ledger.
"""

import json
from argparse import ArgumentParser, Namespace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from taizhang.campaigns import actions as campaigns
from taizhang.campaigns.queries import calendar, editions_for, proposal, unsigned_steps
from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.ledger import actions as ledger
from taizhang.ledger.queries.opening import opened
from taizhang.org.models import Unit
from taizhang.org.models.units import UnitKind
from taizhang.org.queries import system_user
from taizhang.standards import actions as standards
from taizhang.standards.models import Edition
from taizhang.standards.sheets.read import read


def register(group: Any) -> None:
    start: ArgumentParser = group("campaign", "创建活动").add_parser("start", help="立项并启用一个年度的台账")
    start.add_argument("--unit", required=True, help="机关的编号或名称")
    start.add_argument(
        "--standard",
        required=True,
        action="append",
        metavar="NAME|FILE",
        help="标准名称，或标准文件；可写几次",
    )
    start.add_argument("--from", dest="first", type=int, required=True, metavar="YEAR")
    start.add_argument("--to", dest="last", type=int, required=True, metavar="YEAR")
    start.add_argument("--open", type=int, required=True, metavar="YEAR", help="启用哪一年的台账")
    start.add_argument("--assessed-on", type=date.fromisoformat, default=None, metavar="YYYY-MM-DD")
    start.add_argument("--name", default="", help="创建活动的名称")
    start.add_argument("--json", action="store_true")
    start.set_defaults(run=campaign_start)


def agency_of(words: str) -> Unit:
    """The agency of that id or name."""
    agencies = Unit.objects.filter(kind=UnitKind.AGENCY, ends_on__isnull=True)
    found = agencies.filter(name=words).first() or agencies.filter(short_name=words).first()
    if found is None and words.isdecimal():
        found = agencies.filter(pk=int(words)).first()
    if found is None:
        known = "、".join(f"{one.name}（编号 {one.pk}）" for one in agencies[:20])
        raise Refused(
            f"没有叫“{words}”的机关。"
            + (f"现有：{known}。" if known else "请先用 taizhang roster import 导入花名册。")
        )
    return found


def edition_of(agency: Unit, words: str) -> tuple[Edition, list[str]]:
    """The edition that NAME or FILE means, with the reader's doubts; a file not seen before is imported."""
    path = Path(words)
    if path.is_file():
        if path.stat().st_size > settings.IMPORT_MAX_BYTES:
            raise Refused(f"{words} 超过 {settings.IMPORT_MAX_BYTES // 2**20} MB，没有读。")
        data = path.read_bytes()
        print_of_file = sha256(data).hexdigest()
        known = Edition.objects.filter(standard__agency=agency, source_sha256=print_of_file).last()
        if known is not None:
            return known, []
        reading = read(data, path.name)
        made: Edition = standards.import_edition(
            agency, by=system_user(), reading=reading, name=reading.name, label="第1版", source_name=path.name,
            source_sha256=print_of_file,
        )  # fmt: skip
        return made, [f"{one.where}　{one.text}" for one in reading.warnings]
    editions = editions_for(agency)
    found = (
        list(editions.filter(standard__name=words))
        or list(editions.filter(standard__name__contains=words))
        or list(editions.filter(source_name__in=[words, f"{words}.xlsx", f"{words}.csv"]))
    )
    if not found:
        names = "、".join(sorted({str(one.standard) for one in editions.select_related("standard")}))
        raise Refused(f"没有叫“{words}”的标准，也没有这个文件。" + (f"现有标准：{names}。" if names else ""))
    if len({one.standard_id for one in found}) != 1:
        raise Refused(f"叫“{words}”的标准不止一套，请写全名。")
    return found[0], []


@transaction.atomic
def campaign_start(args: Namespace) -> int:
    """A campaign from proposals only, and one of its years opened; whole or nothing."""
    if not args.first <= args.open <= args.last:
        raise Refused(f"要启用的 {args.open} 年不在 {args.first}—{args.last} 之内。")
    user, agency = system_user(), agency_of(args.unit)
    editions, doubts = zip(*(edition_of(agency, words) for words in args.standard), strict=True)
    like = args.assessed_on
    plan = proposal(agency, editions, args.first, args.last, like)
    if not plan.tracks:
        raise Refused(f"“{agency}”还没有处室，不能立项。请先导入花名册。")
    campaign = campaigns.start(
        agency, by=user, name=args.name or f"创建活动 {args.first}—{args.last}", first_year=args.first,
        last_year=args.last, started_on=clock.today(), tracks=plan.tracks, years=plan.years,
    )  # fmt: skip
    year = campaign.years.get(year=args.open)
    ledger.open_year(year, by=user)
    made = opened(year)
    unknown = [f"没有 {one} 年的节假日表，暂按双休计算" for one in calendar().unknown([args.open])]
    warnings = [
        *(doubt for one in doubts for doubt in one),
        *unsigned_steps(campaign, clock.today()),
        *unknown,
    ]
    result = {
        "campaign": campaign.pk, "year": year.year, "items": made.items, "slots": made.slots,
        "without_lead": len(made.without_lead), "without_lead_items": made.without_lead, "warnings": warnings,
    }  # fmt: skip
    if args.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        print(f"已启用{year}台账：{made.items} 项，{made.slots} 期，{len(made.without_lead)} 项没有牵头。")
        print("\n".join(f"  {one}" for one in warnings))
    return 0
