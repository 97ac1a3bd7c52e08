"""`taizhang archive CAMPAIGN OUTDIR`: the archived volume of a campaign's year as a folder.

It stands here since it draws on the ledger's citations and on the library's archive, and since only `config` may do
what the background job does.
"""

import json
import shutil
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings

from taizhang.campaigns.models import Year
from taizhang.campaigns.queries import find_campaign
from taizhang.evidence import actions
from taizhang.evidence import jobs as library_jobs
from taizhang.evidence.models import Filed, Fonds, Volume, VolumeState
from taizhang.evidence.queries import archive as filing
from taizhang.evidence.queries import archive_seen
from taizhang.evidence.rules import archive as rules
from taizhang.evidence.rules.archive_checks import open_problems
from taizhang.evidence.sheets import archive_out, archive_package, archive_run
from taizhang.kit.errors import Refused
from taizhang.ledger.queries.filed import cited_in
from taizhang.org.models import Unit
from taizhang.org.queries import system_user

#: of a draft, until the archive has given one
NO_FONDS = "0000"


def register(sub: Any) -> None:
    """Hang `taizhang archive` under the program's subcommands."""
    one: ArgumentParser = sub.add_parser("archive", help="把一个年度的材料写成归档包（文件夹）")
    one.add_argument("campaign", metavar="CAMPAIGN", help="创建活动的编号或名称")
    one.add_argument("outdir", metavar="OUTDIR", type=Path, help="写到哪个文件夹：新的或空的")
    one.add_argument("--year", type=int, default=None, help="年度，例如 2020；不写就是正在进行的年度")
    one.add_argument(
        "--fonds", default="", metavar="全宗号", help="档案馆给的全宗号，四位字母或数字；写明就记下"
    )
    one.add_argument("--seal", action="store_true", help="还没有封存的册就立册、检测并封存")
    one.add_argument("--json", action="store_true")
    one.set_defaults(run=archive)


def archive(args: Namespace) -> int:
    """The newest sealed volume; with --seal one that is made now; else a draft, marked as one."""
    out: Path = args.outdir
    _empty(out)
    year = _year(args.campaign, args.year)
    agency = year.campaign.unit
    fonds = _fonds(agency, args.fonds)
    volume = filing.newest_sealed(agency, year.year)
    if volume is None and args.seal:
        filing.need_fonds(agency)
        volume = _sealed(year, agency)
    fresh = not out.exists()
    out.mkdir(parents=True, exist_ok=True)
    try:
        if volume is not None:
            manifest = archive_out.give_out(volume, out)
            checks = volume.checks
        else:
            lot = _draft(year, agency, fonds)
            checks = list(lot.checks)
            root = Path(settings.BOUND)
            root.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=root, prefix="archive-") as folder:
                package = archive_package.build(lot, Path(folder) / "package", lambda *told: None)
                manifest = archive_out.give_out_draft(lot, package, out)
            volume = lot.volume
    except BaseException:  # half a package looks like a whole one
        for left in out.iterdir():
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        if fresh:
            out.rmdir()
        raise
    _tell(args, volume, manifest, checks, out)
    return 0


def _fonds(agency: Unit, said: str) -> Fonds:
    """The agency's fonds; SAID is set first, with codes for the departments that have none. A draft does without."""
    there = filing.fonds_of(agency)
    if said:
        names = {unit.pk: str(unit) for unit in filing.filing_units(agency)}
        held = {int(pk): code for pk, code in there.codes.items()} if there else {}
        there = actions.set_fonds(
            agency, by=system_user(), code=said, archive=there.archive if there else "", codes=rules.proposed_codes(names, held)
        )  # fmt: skip
    if there is None:
        print(f"“{agency}”还没有填全宗号，草稿里暂写 {NO_FONDS}。可以用 --fonds 写明。", file=sys.stderr)
        there = Fonds(agency=agency, code=NO_FONDS, codes={})
    return there


def _empty(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise Refused(f"{out} 是文件，不是文件夹。请写一个新的或空的文件夹。")
    if out.is_dir() and any(out.iterdir()):
        raise Refused(f"文件夹 {out} 里已有文件，没有写出。请换一个新的或空的文件夹。")
    if not out.exists() and not out.parent.is_dir():
        raise Refused(f"没有文件夹 {out.parent}，没有写出。")


def _year(said: str, number: int | None) -> Year:
    """The year of the campaign SAID (id or name): that named, else the newest open one, else the newest."""
    campaign = find_campaign(said)
    years = Year.objects.filter(campaign=campaign).select_related("campaign__unit").order_by("-year")
    found = (
        years.filter(year=number).first() if number else years.filter(state="open").first() or years.first()
    )
    if found is None:
        raise Refused(f"“{campaign}”没有 {number} 年度。" if number else f"“{campaign}”还没有年度。")
    return found


def _sealed(year: Year, agency: Unit) -> Volume:
    """The draft of the year (made of what its items cite, if there is none), checked and sealed by the system."""
    user = system_user()
    draft = filing.newest_draft(agency, year.year)
    if draft is None:
        found = filing.fileable(user, agency, ids=cited_in(user, year))
        pieces = list(found.values_list("pk", flat=True))
        if not pieces:
            raise Refused(f"“{year.campaign}”{year}的事项没有引用还没归档的材料，没有可归档的。")
        draft = actions.open_volume(agency, by=user, year=year.year, source=f"year:{year.pk}", pieces=pieces)
    if Filed.objects.filter(volume=draft, annex_of__isnull=True, no=0).exists():
        actions.number_pieces(draft, by=user)
    done: Volume = archive_run.seal(
        archive_run.find(draft.pk), None, library_jobs.read.func, lambda *told: None
    )
    return done


def _draft(year: Year, agency: Unit, fonds: Any) -> archive_package.Lot:
    """The draft volume as it is, else what the year's items cite; numbers that lack are given, and nothing is written."""
    user = system_user()
    volume = filing.newest_draft(agency, year.year)
    if volume is not None:
        rows = filing.listed(volume)
    else:
        title = f"{agency.name}{year.year}年度归档文件"
        volume = Volume(agency=agency, year=year.year, title=title, state=VolumeState.DRAFT)
        rows = filing.drawn(filing.fileable(user, agency, ids=cited_in(user, year)), fonds)
    if not rows:
        raise Refused(f"“{year.campaign}”{year}的事项还没有引用材料，没有可归档的。")
    taken = set(fonds.codes.values())
    for row in rows:
        if not row.code and not row.annex_of_id:
            unit = row.evidence.unit
            row.code = fonds.codes.get(str(unit.pk), "")
            if not row.code:  # a draft says how it would look; the office sets the true ones
                row.code = fonds.codes[str(unit.pk)] = rules.proposed_code(str(unit), taken) or "ZZZ"
                taken.add(row.code)
    pairs = filing.numbered_pieces(volume, rows)
    for row, piece in pairs:
        if row.annex_of_id:
            continue
        row.no = piece.no
        row.archive_no = rules.archive_no(fonds.code, volume.year, piece.retention, piece.code, piece.no)
    ordered = [row for row, _ in pairs]
    checks = [one.plain() for one in archive_seen.checked(volume, ordered, lambda *told: None)]
    digest = filing.digest_of(volume, ordered, fonds)
    return archive_package.Lot(
        volume, fonds, [(row, replace(piece, kept_no=0)) for row, piece in pairs], checks, digest
    )


def _tell(
    args: Namespace, volume: Volume, manifest: dict[str, Any], checks: list[dict[str, Any]], out: Path
) -> None:
    files = [path for path in out.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    digest = archive_package.digest_of_file(out / archive_package.MANIFEST)
    left = open_problems(checks)
    if args.json:
        told = {
            "volume": volume.title, "sealed": volume.state == VolumeState.SEALED, "pieces": manifest["pieces"], "files": len(files), "bytes": size,
            "manifest": digest,
            "checks": [
                {"name": check["name"], "passed": check["passed"],
                 "problems": [f"{one['archive_no']} {one['title']}：{one['text']}".strip() + (f"（理由：{one['answer']}）" if one["answer"] else "") for one in check["problems"]]}
                for check in checks
            ],
        }  # fmt: skip
        print(json.dumps(told, ensure_ascii=False))
        return
    state = "已封存" if volume.state == VolumeState.SEALED else "草稿"
    print(
        f"{volume.title}（{state}）：{manifest['pieces']} 件、{len(files)} 个文件，写到 {out}。清单 SHA-256 {digest}"
    )
    if left:
        print(f"四性检测还有 {len(left)} 个问题，见 四性检测报告.pdf。")
