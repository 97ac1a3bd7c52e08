"""`taizhang ledger export`, `import`, `takeover`, `taizhang evidence add`, `coverage`, `suggest`: for the machine's own keeper."""

import json
import sys
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File

from taizhang.campaigns.models import Campaign, Year
from taizhang.campaigns.rules.states import YearState
from taizhang.evidence import actions as library
from taizhang.evidence.models import Evidence, ReadingState
from taizhang.evidence.rules.names import title_of
from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.kit.tables import read_book
from taizhang.org.models import Unit, User
from taizhang.org.queries import system_user
from taizhang.standards.queries import edition_named, wanted_of
from taizhang.standards.rules.ranking import Given, Ranking

from . import actions, jobs
from .models import Slot
from .queries.adding import slot_to_fill, unit_to_fill
from .queries.coverage import coverage_of
from .queries.sheet import sheet_rows, staff_of
from .queries.taken import acts_of
from .rules.coverage import Bare
from .rules.states import Status
from .sheets import compare, read_sheet, write_ledger
from .sheets.takeover_told import keep_file, keep_files, look, told

MOST_SUGGESTED = 259


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
    assign: ArgumentParser = ledger.add_parser("assign", help="把有牵头、还没有交办的事项全部交办")
    assign.add_argument("campaign", metavar="CAMPAIGN", help="创建活动的编号或名称")
    assign.add_argument("--year", type=int, default=None, help="年度，例如 2020；不写就是正在进行的年度")
    assign.add_argument("--json", action="store_true")
    assign.set_defaults(run=ledger_assign)
    over: ArgumentParser = ledger.add_parser("takeover", help="接续一份原有的台账和材料")
    over.add_argument("campaign", metavar="CAMPAIGN", help="创建活动的编号或名称")
    over.add_argument("file", metavar="FILE", type=Path, help="原有的台账：Excel、WPS 表格或 csv")
    over.add_argument("--files", type=Path, default=None, metavar="DIR-or-ZIP", help="材料所在的文件夹或 zip")
    over.add_argument("--year", type=int, default=None, help="年度，例如 2020；不写就是正在进行的年度")
    over.add_argument("--by", default="", metavar="账号", help="以谁的名义保存；只看不存时不用写")
    over.add_argument("--dry-run", action="store_true", help="只看会怎样，什么都不保存")
    over.add_argument("--json", action="store_true")
    over.set_defaults(run=ledger_takeover)
    add: ArgumentParser = group("evidence", "材料库的存储").add_parser(
        "add", help="把文件存进材料库，可同时引用到事项"
    )
    add.add_argument("files", nargs="+", type=Path, metavar="FILE")
    add.add_argument("--item", default="", metavar="CODE", help="引用到这个事项现在这一期，例如 Ⅲ-3")
    add.add_argument("--campaign", default="", metavar="CAMPAIGN", help="编号重复时，写明是哪个创建活动")
    add.add_argument("--unit", default="", metavar="处室", help="存入哪个处室，名称或编号")
    add.add_argument("--as", dest="account", default="", metavar="账号", help="以谁的名义存；不写就是系统")
    add.add_argument("--later", action="store_true", help="只存，文字由后台去读（不写就读完才结束）")
    add.add_argument("--json", action="store_true")
    add.set_defaults(run=evidence_add)


def register_alone(sub: Any) -> None:
    """Hang `taizhang coverage`, which stands by itself, under the program's."""
    check: ArgumentParser = sub.add_parser("coverage", help="查一次创建活动还有什么没有人负责")
    check.add_argument("campaign", metavar="CAMPAIGN", help="创建活动的编号或名称")
    check.add_argument("--year", type=int, default=None, help="年度，例如 2020；不写就是正在进行的年度")
    check.add_argument("--json", action="store_true")
    check.set_defaults(run=coverage)
    find: ArgumentParser = sub.add_parser("suggest", help="一份文件能证明标准的哪些项，最像的在前；不存文件")
    find.add_argument("file", metavar="FILE", type=Path)
    find.add_argument("--standard", required=True, metavar="NAME", help="标准的名称（取现行版）")
    find.add_argument("--most", type=int, default=10, metavar="N", help="最多列几项，默认 10")
    find.add_argument("--json", action="store_true")
    find.set_defaults(run=suggest)


def suggest(args: Namespace) -> int:
    """Read a file as the library would, and rank the leaves of a standard for it."""
    if not 1 <= args.most <= MOST_SUGGESTED:
        raise Refused(f"--most 要在 1 到 {MOST_SUGGESTED} 之间。")
    edition = edition_named(args.standard, None)
    name, told = library.read_file(args.file)
    wanted, named = wanted_of(edition)
    best = Ranking(wanted).best(Given(title_of(name), "\n".join(told["pages_read"])), args.most)
    items = [{"code": named[one.key][0], "title": named[one.key][1], "score": one.score} for one in best]
    words = "\n".join(f"{one['code']}　{one['title']}　{one['score']}" for one in items)
    _say(args, {"items": items}, words or f"《{edition.standard}》里没有找到相近的项。")
    return 0


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


def account_of(username: str) -> User:
    """The person's account that saves: the command line itself is nobody who could answer for a ledger."""
    if not username:
        raise Refused("保存要写明由谁保存：--by 账号。只想看看会怎样，请加 --dry-run。")
    found = User.objects.filter(username=username, is_active=True).select_related("person").first()
    if found is None:
        raise Refused(f"没有叫“{username}”的账号，或已停用。")
    return found


def ledger_assign(args: Namespace) -> int:
    """Hand out every item of a year that has a lead and waits: what the office does with one tick over the whole list."""
    year = find_year(args.campaign, args.year)
    waiting = year.items.filter(status=Status.PENDING)
    ids = list(waiting.filter(lead__isnull=False).values_list("pk", flat=True))
    left = list(waiting.filter(lead__isnull=True).order_by("pk").values_list("no", flat=True))
    problems: list[str] = []
    done = 0
    if ids:
        batch = actions.bulk(year, by=system_user(), verb="assign", ids=ids)
        done, problems = batch.count, list(batch.problems)
    words = f"{year.campaign} {year.year} 年度：已交办 {done} 项，没有牵头的 {len(left)} 项。"
    _say(args, {"assigned": done, "without_lead": left, "problems": problems}, "\n".join([words, *problems]))
    return 0


def ledger_takeover(args: Namespace) -> int:
    """What would be taken over, row by row and file by file; without --dry-run it is saved as the person of --by."""
    year = find_year(args.campaign, args.year)
    if args.file.stat().st_size > settings.IMPORT_MAX_BYTES:
        raise Refused(f"{args.file} 超过 {settings.IMPORT_MAX_BYTES // 2**20} MB，没有读。")
    by = None if args.dry_run else account_of(args.by)
    taken = look(year, args.file, args.files, clock.today())
    result = told(taken)
    if not result["rows"]:
        raise Refused(" ".join(result["notes"]) or "文件里没有台账。")
    if by is not None:
        beside = args.files and taken.files.files
        takeover = actions.begin_takeover(
            year, by=by, source_name=args.file.name, sha256=keep_file(args.file),
            files_name=args.files.name if beside else "", files_sha256=keep_files(args.files, taken.files) if beside else "",
        )  # fmt: skip
        try:
            jobs.save(takeover, by)
        except Refused:
            actions.drop_takeover(takeover, by=by)
            raise
    doubts = sum(bool(row["doubts"]) for row in [*result["rows"], *result["files"]])
    _say(args, result,
         f"{'已接续' if by is not None else '试读'} {len(result['rows'])} 行、{len(result['files'])} 个文件，{doubts} 处要核对。" + "".join(taken.plan.problems))  # fmt: skip
    return 0


def coverage(args: Namespace) -> int:
    """What is uncovered; that there is some is an answer, not an error."""
    year = find_year(args.campaign, args.year)
    found = coverage_of(year, clock.today())

    def listed(rows: list[Bare]) -> list[dict[str, Any]]:
        return [
            {"id": one.id, "code": one.code, "name": one.name, "kind": one.kind, "why": one.why}
            for one in rows
        ]

    result = {name: listed(getattr(found, name)) for name in ("departments", "people", "indicators", "steps")}
    words = (
        f"{year.campaign} {year.year} 年度：没有编入活动组的处室 {len(found.departments)} 个，没有责任的人员 {len(found.people)} 人，"
        f"没有牵头的事项 {len(found.indicators)} 项，没有人签的审核环节 {len(found.steps)} 个。"
    )
    _say(args, result, words)
    return 0


def _say(args: Namespace, result: dict[str, Any], words: str) -> None:
    print(json.dumps(result, ensure_ascii=False) if args.json else words)


def evidence_add(args: Namespace) -> int:
    """Deposit FILEs, cite each for the item's slot of today, and read them, so that the next command finds their words.

    What is refused is told, the others are kept.
    """
    user = account_of(args.account) if args.account else system_user()
    slot = slot_to_fill(user, args.item, args.campaign, clock.today(), args.unit) if args.item else None
    unit = unit_to_fill(user, args.unit, slot)
    added = [add_file(path, unit, user, slot) for path in args.files]
    for one in added if not args.later else []:
        one.read()
    result = {
        "receipts": [one.receipt for one in added if one.evidence],
        "refused": [{"file": one.file, "message": one.refused} for one in added if one.refused],
    }
    if args.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        for one in added:
            if one.evidence:
                said = [f"回执 {one.evidence.number}", f"引用到 {one.item}" if one.item else "", one.reading]
                print("　".join(filter(None, [one.file, *said])))
    for one in added:
        if one.refused:
            print(f"{one.file}：{one.refused}", file=sys.stderr)
    return 2 if result["refused"] else 0


@dataclass
class Added:
    """What came of one file: the piece it became, the ITEM that cites it, how READING it went; REFUSED says why not,
    or, of a piece that is kept, why it was not cited or may not be used."""

    file: str
    evidence: Evidence | None = None
    item: str = ""
    refused: str = ""
    reading: str = ""

    @property
    def receipt(self) -> dict[str, Any]:
        assert self.evidence is not None
        sha256 = self.evidence.current.blob.sha256 if self.evidence.current else ""
        return {
            "file": self.file, "number": self.evidence.number, "evidence": self.evidence.pk, "sha256": sha256, "item": self.item,
            **({"reading": self.reading} if self.reading else {}),
        }  # fmt: skip

    def read(self) -> None:
        """Here and now: a script that asks next finds the words."""
        if self.evidence is None or self.evidence.current is None:
            return
        state = library.read_now(self.evidence.current)
        self.reading = state.label
        if state == ReadingState.CLASSIFIED:
            self.refused = f"文件里有密级标志，已停用（回执 {self.evidence.number}），任何人打不开、检索不到。请按保密规定处置原件。"


def add_file(path: Path, unit: Unit, user: User, slot: Slot | None) -> Added:
    """Deposit one file as USER; the same bytes once more are not kept again, but may be cited."""
    evidence: Evidence | None = None
    try:
        try:
            with path.open("rb") as handle:
                taken = library.take_in(File(handle, name=path.name))
            evidence = library.deposit(
                unit, by=user, stored=taken.stored, original_name=taken.name, kind=taken.kind, title=taken.title,
                happened_on=taken.taken_on,
            )  # fmt: skip
        except library.AlreadyHere as twin:
            if slot is None:
                raise
            evidence = twin.evidence
        if slot is not None:
            slot.refresh_from_db()
            # the same command once more changes nothing
            if not slot.citations.filter(evidence=evidence).exists():
                actions.cite(slot, by=user, evidence=evidence)
    except OSError as error:
        return Added(str(path), refused=f"读不了文件：{error.strerror}")
    except Refused as refusal:
        if evidence is None:
            return Added(str(path), refused=refusal.message)
        return Added(
            str(path), evidence, refused=f"已在材料库（回执 {evidence.number}），没有引用：{refusal.message}"
        )
    return Added(str(path), evidence, slot.item.no if slot else "")
