"""`taizhang roster import`, `taizhang roster export`, `taizhang account make`: for the machine's own keeper."""

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.kit.tables import write_xlsx

from . import actions
from .models import Person, Unit
from .models.units import UnitKind
from .permits import Role
from .queries.posts import system_user
from .queries.roster import groups_now, roster_now
from .sheets.export import group_sheets, staff_sheets
from .sheets.take import Taken, take_groups, take_roster

AGENCY = "本机关"
REGION = "本地区"


def register(group: Any) -> None:
    """Hang the subcommands of this app under the program's; each sets `run`, which returns the exit code."""
    roster = group("roster", "花名册和工作组")
    into = roster.add_parser("import", help="导入花名册、工作组（xlsx 或 csv，可一次给几个）")
    into.add_argument("files", nargs="+", type=Path, metavar="FILE")
    into.add_argument("--agency", default="", help="机关名称，没有就建立")
    into.add_argument("--region", default="", help="地区名称，没有就建立")
    into.set_defaults(run=roster_import)
    out = roster.add_parser("export", help="导出花名册和工作组")
    out.add_argument("staff", type=Path, metavar="STAFF.xlsx")
    out.add_argument("groups", type=Path, nargs="?", metavar="GROUPS.xlsx")
    out.add_argument("--agency", default="")
    out.set_defaults(run=roster_export)
    account = group("account", "账号")
    make = account.add_parser("make", help="给一个人开通账号，并可授予职责")
    make.add_argument("staff_no", help="工号")
    make.add_argument("--agency", default="")
    make.add_argument("--username", default="")
    make.add_argument(
        "--role", choices=[Role.SYSTEM_ADMIN.value, Role.AUDITOR.value, Role.OFFICE.value], default=""
    )
    make.set_defaults(run=account_make)
    reset = account.add_parser("reset", help="重置一个人的密码")
    reset.add_argument("staff_no", help="工号")
    reset.add_argument("--agency", default="")
    reset.set_defaults(run=account_reset)


def find_agency(name: str) -> Unit:
    """The agency called NAME (or with that id), or the only one there is. Refused when that is not clear."""
    agencies = Unit.objects.filter(kind=UnitKind.AGENCY, ends_on__isnull=True)
    if name:
        found = agencies.filter(name=name).first() or agencies.filter(short_name=name).first()
        if found is None and name.isdecimal():
            found = agencies.filter(pk=int(name)).first()
        if found is None:
            known = "、".join(f"{one.name}（编号 {one.pk}）" for one in agencies[:20])
            raise Refused(f"没有叫“{name}”的机关。" + (f"现有：{known}。" if known else "请先导入花名册。"))
        return found
    if (count := agencies.count()) != 1:
        raise Refused(
            "还没有机关，请先导入花名册。"
            if not count
            else f"有 {count} 个机关，请用 --agency 写明是哪一个。"
        )
    return agencies.get()


def _found(agency: str, region: str) -> Unit:
    """The agency to import into; it and its region are founded when they are new."""
    system = system_user()
    there = Unit.objects.filter(kind=UnitKind.AGENCY, ends_on__isnull=True)
    if agency and (found := there.filter(name=agency).first()):
        return found
    if not agency and there.exists():
        return find_agency("")
    regions = Unit.objects.filter(kind=UnitKind.REGION)
    place = regions.filter(name=region).first() if region else regions.order_by("pk").first()
    if place is None:
        place = actions.found_region(system, by=system, name=region or REGION)
    return actions.found_agency(place, by=system, name=agency or AGENCY)  # type: ignore[no-any-return]


def read_file(path: Path) -> bytes:
    try:
        if path.stat().st_size > settings.IMPORT_MAX_BYTES:
            raise Refused(f"{path} 超过 {settings.IMPORT_MAX_BYTES // 2**20} MB，没有读。")
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"读不了文件 {path}：{error.strerror}") from error


@transaction.atomic
def roster_import(args: argparse.Namespace) -> int:
    """Rosters first, then groups, whatever the order of the files; every problem is told, and all or nothing kept."""
    files = [(path, read_file(path)) for path in args.files]
    agency = _found(args.agency, args.region)
    today, system = clock.today(), system_user()
    later = []
    for path, data in files:
        taken = take_roster(data, path.name, agency, today)
        if not taken.found and len(taken.problems) == 1:
            later.append((path, data, taken.problems[0].text))
            continue
        _whole(path, taken)
        print(f"{path.name}：{_say(taken)}")
        if not taken.plan.nothing:
            actions.import_roster(agency, by=system, plan=taken.plan)
    for path, data, why in later:
        groups = take_groups(data, path.name, agency, today)
        if not groups.found:
            raise Refused(f"{path.name}：{why}")
        _whole(path, groups)
        print(f"{path.name}：{_say(groups)}")
        if not groups.plan.nothing:
            actions.import_groups(agency, by=system, plan=groups.plan)
    print(f"机关：{agency.name}（编号 {agency.pk}）")
    return 0


def _whole(path: Path, taken: Taken) -> None:  # type: ignore[type-arg]
    if taken.problems:
        listed = "；".join(str(problem) for problem in taken.problems)
        raise Refused(f"{path.name} 有 {len(taken.problems)} 处要改，没有导入：{listed}")


def _say(taken: Taken) -> str:  # type: ignore[type-arg]
    plan = taken.plan
    if plan.nothing:
        return "与库中一致，没有变化" + (f"；文件里没有的 {len(plan.gone)} 个仍保留" if plan.gone else "")
    names = {"person": "人", "unit": "个单位", "group": "个组", "duty": "项组内职务"}
    new = [f"新增 {plan.count(kind)[0]} {word}" for kind, word in names.items() if plan.count(kind)[0]]
    changed = [f"变更 {plan.count(kind)[1]} {word}" for kind, word in names.items() if plan.count(kind)[1]]
    posts = [f"增加职责 {len(plan.posts_add)} 项、收回 {len(plan.posts_end)} 项"]
    return "，".join(new + changed + posts)


def roster_export(args: argparse.Namespace) -> int:
    agency, today = find_agency(args.agency), clock.today()
    roster, _ = roster_now(agency, today)
    write_xlsx(args.staff, staff_sheets(roster))
    if args.groups:
        write_xlsx(args.groups, group_sheets(groups_now(agency, today), roster))
    print(f"已导出 {agency.name}：{len(roster.people)} 人")
    return 0


def _person(args: argparse.Namespace) -> Person:
    agency = find_agency(args.agency)
    person = Person.objects.filter(agency=agency, staff_no=args.staff_no).first()
    if person is None:
        raise Refused(f"{agency.name}没有工号是 {args.staff_no} 的人。")
    return person


def account_make(args: argparse.Namespace) -> int:
    person, system = _person(args), system_user()
    account = actions.make_account(person, by=system, username=args.username)
    if args.role:
        actions.give_post(person, by=system, unit=person.agency, role=Role(args.role))
    print(f"{person.name}：账号 {account.user.username}，初始密码 {account.password}，首次登录须修改")
    return 0


def account_reset(args: argparse.Namespace) -> int:
    person, system = _person(args), system_user()
    account = actions.reset_password(person, by=system)
    print(f"{person.name}：账号 {account.user.username}，新的初始密码 {account.password}，首次登录须修改")
    return 0
