"""`taizhang bind CAMPAIGN OUT`: for the machine's own keeper."""

import json
import shutil
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from taizhang.campaigns.models import Year
from taizhang.campaigns.queries import find_campaign
from taizhang.campaigns.rules.states import YearState
from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.ledger.queries.material import areas_of, leads_of
from taizhang.org.queries import system_user

from . import actions, jobs, queries
from .models import Binding, BindingState, Form, Scope


def register_alone(sub: Any) -> None:
    """Hang `taizhang bind` under the program's subcommands."""
    one: ArgumentParser = sub.add_parser("bind", help="把一个年度的材料装订成册")
    one.add_argument("campaign", metavar="CAMPAIGN", help="创建活动的编号或名称")
    one.add_argument("out", metavar="OUT", type=Path, help="写到哪个文件（.pdf；材料夹是 .zip）")
    one.add_argument("--year", type=int, default=None, help="年度，例如 2020；不写就是正在进行的年度")
    one.add_argument("--area", default="", metavar="方面", help="只装一个方面：编号或名称")
    one.add_argument("--item", default="", metavar="编号", help="只装一个事项：编号或指标编号")
    one.add_argument("--unit", default="", metavar="处室", help="只装一个处室：名称或编号")
    one.add_argument(
        "--form",
        default="volume",
        choices=[form.value for form in Form],
        help="volume 材料册，folder 材料夹，album 画册",
    )
    one.add_argument("--per-page", type=int, default=2, choices=(2, 4), help="画册每页几张")
    one.add_argument("--json", action="store_true")
    one.set_defaults(run=bind)


def find_year(said: str, number: int | None) -> Year:
    """The year of the campaign SAID (id or name): that named, else the newest open one."""
    campaign = find_campaign(said)
    years = Year.objects.filter(campaign=campaign).select_related("campaign__unit")
    found = (
        years.filter(year=number) if number else years.filter(state=YearState.OPEN).order_by("-year")
    ).first()
    if found is None:
        raise Refused(
            f"“{campaign}”没有 {number} 年度。"
            if number
            else f"“{campaign}”没有正在进行的年度，请用 --year 写明。"
        )
    if found.state == YearState.PLANNED:
        raise Refused(f"“{campaign}”{found}还没有启用，没有台账。")
    return found


def scope_of(year: Year, args: Namespace) -> tuple[Scope, str]:
    user = system_user()
    if sum(map(bool, (args.area, args.item, args.unit))) > 1:
        raise Refused("--area、--item、--unit 只能写一个。")
    if args.area:
        areas = areas_of(user, year)
        keys = [key for key, code, name in areas if args.area in (key, code, name)]
        return Scope.AREA, _one(keys, f"方面“{args.area}”", [f"{code} {name}" for _, code, name in areas])
    if args.unit:
        units = leads_of(user, year)
        found = [str(pk) for pk, name in units if args.unit in (name, str(pk))]
        return Scope.UNIT, _one(found, f"处室“{args.unit}”", [name for _, name in units])
    if args.item:
        items = list(year.items.values_list("pk", "no", "code", "title"))
        found = [str(pk) for pk, no, code, _ in items if args.item in (no, code)]
        return Scope.ITEM, _one(found, f"事项“{args.item}”", [])
    return Scope.ALL, ""


def _one(found: list[str], said: str, there: list[str]) -> str:
    if len(found) != 1:
        hint = f"可选：{'、'.join(there[:20])}。" if there else "请核对编号。"
        raise Refused(f"{said}{'不止一个' if found else '没有找到'}。{hint}")
    return found[0]


def bind(args: Namespace) -> int:
    """Made here and now; the worker is not needed. What a killed command left is gone on with."""
    if not args.out.parent.is_dir():
        raise Refused(f"没有文件夹 {args.out.parent}，没有装订。")
    user = system_user()
    year = find_year(args.campaign, args.year)
    scope, chosen = scope_of(year, args)
    found = queries.wanted(
        user, year, clock.today(), form=args.form, scope=scope, chosen=chosen, per_page=args.per_page
    )
    verb = {Scope.UNIT: actions.bind_unit, Scope.ITEM: actions.bind_item}.get(scope, actions.bind)
    binding: Binding = verb(found.subject, by=user, found=found, fresh=True)
    if binding.state != BindingState.READY:
        with jobs.turn(binding.agency_id) as mine:
            if not mine:
                raise Refused("本单位正有一册在装订，请等它做完再试。")
            jobs.carry_out(binding)
        binding.refresh_from_db()
    if binding.state != BindingState.READY:
        raise Refused(f"没有装订成：{binding.fault}")
    shutil.copyfile(actions.made_path(binding), args.out)
    told = {
        "file": str(args.out), "form": binding.form, "items": len(found.held), "pieces": binding.total, "pages": binding.pages,
        "size": binding.size, "sha256": binding.sha256, "missing": binding.missing,
    }  # fmt: skip
    if args.json:
        print(json.dumps(told, ensure_ascii=False))
    else:
        print(
            f"已装订 {binding.label}：{told['items']} 项、{told['pieces']} 件、{told['pages']} 页，缺项 {len(binding.missing)} 处：{args.out}"
        )
    return 0
