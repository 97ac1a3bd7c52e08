"""staff.xlsx and groups.xlsx as they are: counts, posts, nothing the second time, and the way back."""

import argparse
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from taizhang.kit.errors import Refused
from taizhang.kit.tables import write_xlsx
from taizhang.org import actions, cli, queries
from taizhang.org.models import Cover, Deputy, Duty, Group, Membership, Person, Post, Rhythm, Unit
from taizhang.org.models.units import UnitKind
from taizhang.org.permits import Role
from taizhang.org.sheets.export import group_sheets, staff_sheets
from taizhang.org.sheets.take import take_groups, take_roster

FIXTURES = Path(__file__).parent.parent / "fixtures"
STAFF = (FIXTURES / "staff.xlsx").read_bytes()
GROUPS = (FIXTURES / "groups.xlsx").read_bytes()
TODAY = date(2026, 5, 6)
pytestmark = pytest.mark.django_db


@pytest.fixture
def agency(db: Any, settings: Any) -> Unit:
    settings.TODAY = TODAY.isoformat()
    system = queries.system_user()
    region = actions.found_region(system, by=system, name="云泽市")
    return actions.found_agency(region, by=system, name="云泽市某局")


def take_in(agency: Unit, staff: bytes = STAFF, groups: bytes | None = GROUPS) -> None:
    system = queries.system_user()
    taken = take_roster(staff, "staff.xlsx", agency, TODAY)
    assert taken.problems == []
    actions.import_roster(agency, by=system, plan=taken.plan)
    if groups:
        more = take_groups(groups, "groups.xlsx", agency, TODAY)
        assert more.problems == []
        actions.import_groups(agency, by=system, plan=more.plan)


def test_the_files_as_they_are(agency: Unit) -> None:
    take_in(agency)
    kinds = {kind: Unit.objects.filter(agency=agency, kind=kind).count() for kind in UnitKind}
    assert Person.objects.filter(agency=agency).count() == 160
    assert kinds[UnitKind.DEPARTMENT] + kinds[UnitKind.PARTY_BODY] == 18
    assert (kinds[UnitKind.BRANCH], kinds[UnitKind.UNION], kinds[UnitKind.OFFICE]) == (10, 3, 1)
    assert kinds[UnitKind.LEADERS] == 1
    by_group = {group.name: group.duties.count() for group in Group.objects.all()}
    assert by_group["创建工作领导小组"] == 24
    assert by_group["领导小组办公室（创建办）"] == 5
    assert by_group["创建工作专班"] == 9
    assert by_group["综合组"] + by_group["材料组"] + by_group["行政组"] == 9
    active = [group for group in Group.objects.all() if group.kind == "activity"]
    assert len(active) == 5
    inner = Duty.objects.filter(group__kind="activity").exclude(duty__in=["组长", "联系领导"])
    assert inner.count() == 154
    assert Cover.objects.filter(unit__isnull=False).count() == 18
    assert sorted(Cover.objects.exclude(area_code="").values_list("area_code", flat=True)) == list("12345678")
    assert Rhythm.objects.count() == 6
    assert Deputy.objects.count() == 160
    assert Membership.objects.filter(main=True).count() == 160
    posts = {role: Post.objects.filter(role=role).count() for role in Role}
    assert posts[Role.MEMBER] == 160
    assert posts[Role.HEAD] == 18 + 10 + 2
    assert posts[Role.LIAISON] == 18 + 1  # and the head of the task force, for 创建办
    assert posts[Role.LEADER] == 18 + 1
    assert posts[Role.OFFICE] == 5 + 9
    assert posts[Role.GROUP_LEADER] == 5
    branch = Unit.objects.get(name="第一党支部")
    assert branch.parent.name == "机关党委" and branch.path.startswith(branch.parent.path)
    assert (branch.term_from, branch.term_until) == ("2023-04", "2026-04")
    trade = Unit.objects.get(name="行政审批处")
    assert trade.answers_to == "业务处室" and trade.branch.name == "第八党支部"
    assert Unit.objects.get(name="局领导").branch is None and branch.branch is None
    assert trade.leader.staff_no == "YZ002"
    assert not Person.objects.filter(user__isnull=False).exists()
    two = Person.objects.values_list("name", flat=True)
    assert len(set(two)) == 159  # one name occurs twice, and they stay two people


def test_a_second_import_changes_nothing(agency: Unit) -> None:
    take_in(agency)
    again = take_roster(STAFF, "staff.xlsx", agency, TODAY)
    assert again.plan.nothing and again.plan.gone == ()
    groups = take_groups(GROUPS, "groups.xlsx", agency, TODAY)
    assert groups.plan.nothing and groups.plan.gone == ()
    before = Post.objects.count()
    system = queries.system_user()
    actions.import_roster(agency, by=system, plan=again.plan)
    actions.import_groups(agency, by=system, plan=groups.plan)
    assert Post.objects.count() == before


def test_export_and_import_again_changes_nothing(agency: Unit) -> None:
    take_in(agency)
    roster, _ = queries.roster_now(agency, TODAY)
    staff, groups = BytesIO(), BytesIO()
    write_xlsx(staff, staff_sheets(roster))
    write_xlsx(groups, group_sheets(queries.groups_now(agency, TODAY), roster))
    again = take_roster(staff.getvalue(), "a.xlsx", agency, TODAY)
    assert (again.problems, again.plan.nothing) == ([], True)
    more = take_groups(groups.getvalue(), "b.xlsx", agency, TODAY)
    assert (more.problems, more.plan.nothing) == ([], True)


@pytest.mark.parametrize(("ours", "theirs"), [("staff", STAFF), ("groups", GROUPS)])
def test_export_writes_the_sheets_that_came(agency: Unit, ours: str, theirs: bytes) -> None:
    take_in(agency)
    roster, _ = queries.roster_now(agency, TODAY)
    made = (
        staff_sheets(roster) if ours == "staff" else group_sheets(queries.groups_now(agency, TODAY), roster)
    )
    out = BytesIO()
    write_xlsx(out, made)
    mine, original = (openpyxl.load_workbook(BytesIO(data)) for data in (out.getvalue(), theirs))
    assert mine.sheetnames == original.sheetnames
    for sheet in original:
        wanted = [list(row) for row in sheet.iter_rows(values_only=True)]
        assert [list(row) for row in mine[sheet.title].iter_rows(values_only=True)] == wanted


def edited(data: bytes, change: Any) -> bytes:
    book = openpyxl.load_workbook(BytesIO(data))
    change(book)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_every_error_at_once_with_its_place_and_nothing_saved(agency: Unit) -> None:
    def spoil(book: Any) -> None:
        staff = book["花名册"]
        staff["A10"] = "YZ001"  # two people of one number
        staff["E12"] = "综合科"  # unknown department
        staff["B14"] = None  # missing name
        staff["A15"] = None  # missing number
        staff["D16"] = 1873  # wrong year
        staff["Q17"] = "2023年2月30日"  # no such day
        staff["M18"] = "YZ999"  # stand-in not in the roster
        staff["H19"] = "也许"
        staff["I20"] = "第十一党支部"
        book["处室"]["F3"] = "YZ777"
        book["党支部"]["H4"] = "2027-02-30"
        book["党支部"]["C5"] = "不存在处"

    taken = take_roster(edited(STAFF, spoil), "坏.xlsx", agency, TODAY)
    said = {problem.where: problem.text for problem in taken.problems}
    assert "重复" in said["花名册!A10"] and "第 2 行" in said["花名册!A10"]
    assert "综合科" in said["花名册!E12"]
    assert "缺姓名" in said["花名册!B14"]
    assert "缺工号" in said["花名册!A15"]
    assert "1873" in said["花名册!D16"]
    assert "2月30日" in said["花名册!Q17"] and "真实" in said["花名册!Q17"]
    assert "YZ999" in said["花名册!M18"]
    assert "也许" in said["花名册!H19"]
    assert "第十一党支部" in said["花名册!I20"]
    assert "YZ777" in said["处室!F3"]
    assert "真实" in said["党支部!H4"]
    assert "不存在处" in said["党支部!C5"]
    assert Person.objects.count() == 0


def test_errors_of_groups(agency: Unit) -> None:
    take_in(agency, groups=None)

    def spoil(book: Any) -> None:
        book["领导小组"]["D3"] = "YZ999"
        book["领导小组"]["E4"] = "别的人"
        book["工作专班"]["C2"] = None
        book["活动组"]["G2"] = "没有处、办公室"
        book["活动组"]["H3"] = "1"
        book["活动组人员"]["B9"] = "第九活动组"

    taken = take_groups(edited(GROUPS, spoil), "坏.xlsx", agency, TODAY)
    said = {problem.where: problem.text for problem in taken.problems}
    assert "YZ999" in said["领导小组!D3"]
    assert "别的人" in said["领导小组!E4"]
    assert "缺组内职务" in said["工作专班!C2"]
    assert "没有处" in said["活动组!G2"]
    assert "已由" in said["活动组!H3"]
    assert "第九活动组" in said["活动组人员!B9"]


def test_groups_before_the_roster_are_refused(agency: Unit) -> None:
    taken = take_groups(GROUPS, "groups.xlsx", agency, TODAY)
    assert "先导入花名册" in taken.problems[0].text


def test_a_file_of_something_else(agency: Unit) -> None:
    assert "没有找到花名册" in take_roster(GROUPS, "groups.xlsx", agency, TODAY).problems[0].text
    assert "没有找到工作组" in take_groups(STAFF, "staff.xlsx", agency, TODAY).problems[0].text
    with pytest.raises(Refused):
        take_roster(b"", "空.xlsx", agency, TODAY)


def test_sheets_and_columns_in_another_order_below_a_title(agency: Unit) -> None:
    def turn(book: Any) -> None:
        book.move_sheet("花名册", offset=2)
        for sheet in book:
            rows = [list(reversed(row)) for row in sheet.iter_rows(values_only=True)]
            sheet.delete_rows(1, sheet.max_row)
            sheet.append(["云泽市某局人员情况"])
            sheet.append([])
            for row in rows:
                sheet.append(row)
            sheet.append(["合计", 160])

    take_in(agency, edited(STAFF, turn), None)
    assert Person.objects.count() == 160
    assert take_roster(STAFF, "staff.xlsx", agency, TODAY).plan.nothing


def test_changes_move_memberships_and_posts(agency: Unit, settings: Any) -> None:
    take_in(agency)
    settings.TODAY = "2026-06-01"
    later = date(2026, 6, 1)

    def change(book: Any) -> None:
        staff = book["花名册"]
        assert staff["A12"].value == "YZ011"
        staff["E12"] = "督查室"
        staff["F12"] = "二级主任科员"
        book["处室"]["F2"], book["处室"]["G2"] = "YZ008", "赵莹"  # another head of 办公室
        for row in staff.iter_rows(min_row=2):  # 唐昊哲 is no longer in the file
            if row[0].value == "YZ160":
                staff.delete_rows(row[0].row)
                break
        for row in staff.iter_rows(min_row=2):
            if row[12].value == "YZ160":
                row[12].value = row[13].value = None
        book["处室"]["H19"] = book["处室"]["I19"] = None

    data = edited(STAFF, change)
    taken = take_roster(data, "staff.xlsx", agency, later)
    assert taken.problems == [] and taken.plan.gone == ("YZ160",)
    system = queries.system_user()
    actions.import_roster(agency, by=system, plan=taken.plan)
    mover = Person.objects.get(staff_no="YZ011")
    live = mover.memberships.filter(ends_on__isnull=True, main=True).values_list("unit__name", flat=True)
    assert list(live) == ["督查室"]
    assert mover.posts.filter(role=Role.FILLER, unit__name="督查室", ends_on__isnull=True).exists()
    assert mover.posts.get(role=Role.FILLER, unit__name="办公室").ends_on == date(2026, 5, 31)
    office = Unit.objects.get(name="办公室")
    held = queries.holders(agency, later)
    assert [held.name(one) for one in held.heads(office.pk)] == ["赵莹"]
    assert Person.objects.get(staff_no="YZ160").left_on is None  # listed, and kept until ticked
    ticked = take_roster(data, "staff.xlsx", agency, later, frozenset(["YZ160"]))
    actions.import_roster(agency, by=system, plan=ticked.plan)
    gone = Person.objects.get(staff_no="YZ160")
    assert gone.left_on == later and not gone.posts.filter(ends_on__isnull=True).exists()
    assert not gone.duties.filter(ends_on__isnull=True).exists()


def test_posts_given_by_hand_stay(agency: Unit) -> None:
    take_in(agency)
    system = queries.system_user()
    person = Person.objects.get(staff_no="YZ011")
    actions.give_post(person, by=system, unit=agency, role=Role.OFFICE)
    assert take_roster(STAFF, "staff.xlsx", agency, TODAY).plan.nothing
    assert take_groups(GROUPS, "groups.xlsx", agency, TODAY).plan.nothing


def test_holders_of_the_sample(agency: Unit, django_assert_num_queries: Any) -> None:
    take_in(agency)
    unit = {one.name: one.pk for one in Unit.objects.all()}
    with django_assert_num_queries(4):
        held = queries.holders(agency, TODAY)

    def names(people: tuple[int, ...]) -> list[str]:
        return [held.name(one) for one in people]

    assert names(held.heads(unit["办公室"])) == ["黎林波"]
    assert names(held.heads(unit["机关工会"])) == ["马华斌"]
    assert names(held.heads(unit["第二党支部"])) == ["袁倩慧"]
    assert set(names(held.heads(unit["创建办"]))) == {"马华斌", "黎林波"}
    assert names(held.leaders(unit["办公室"])) == ["万刚柏"]
    assert names(held.leaders(unit["第二党支部"])) == ["卢欣燕"]
    assert names(held.leaders(unit["创建办"])) == ["卢欣燕"]
    assert len(held.office(unit["创建办"])) == 14
    assert names(held.office(unit["机关工会"])) == ["马华斌", "罗蓉倩"]
    assert names(held.group_leaders("7", unit["办公室"])) == ["李洋华"]
    assert names(held.group_leaders("99", unit["第三党支部"])) == ["马华斌"]
    assert held.group_leaders("", None) == ()


def test_a_bare_csv_with_names_instead_of_numbers(agency: Unit) -> None:
    text = (
        "工号,姓名,部门,职务,党支部,支部职务,分管领导,AB角\n"
        "1,王一,领导班子,局长,一支部,,,\n"
        "2,李 二,综合科,科长,一支部,书记,王一,张三\n"
        "3,张三,综合科,科员,,,王一,李二\n"
    )
    taken = take_roster(text.encode("gb18030"), "名单.csv", agency, TODAY)
    assert taken.problems == []
    actions.import_roster(agency, by=queries.system_user(), plan=taken.plan)
    two = Person.objects.get(staff_no="2")
    assert (two.name, two.supervisor.name, two.deputies.get().stand_in.name) == ("李二", "王一", "张三")
    assert Unit.objects.get(name="一支部").parent.name == "机关党委"
    assert queries.holders(agency, TODAY).heads(Unit.objects.get(name="一支部").pk) == (two.pk,)
    assert take_roster(text.encode("gb18030"), "名单.csv", agency, TODAY).plan.nothing


def test_two_people_of_one_name_need_the_number(agency: Unit) -> None:
    text = "工号,姓名,处室,分管领导\n1,王一,局领导,\n2,王一,局领导,\n3,张三,办公室,王一\n4,李四,办公室,赵六\n"
    said = {one.where: one.text for one in take_roster(text.encode(), "a.csv", agency, TODAY).problems}
    assert "同名的 2 人" in said["a!D4"] and "赵六" in said["a!D5"]


def run(*words: str) -> int:
    """The subcommands of this app alone."""
    top = argparse.ArgumentParser()
    sub, groups = top.add_subparsers(), {}

    def group(name: str, _: str) -> Any:
        if name not in groups:
            groups[name] = sub.add_parser(name).add_subparsers(required=True)
        return groups[name]

    cli.register(group)
    args = top.parse_args(words)
    return int(args.run(args))


def test_the_command_line_founds_imports_and_exports(db: Any, tmp_path: Path, capsys: Any) -> None:
    files = [str(FIXTURES / "groups.xlsx"), str(FIXTURES / "staff.xlsx")]
    assert run("roster", "import", *files, "--agency", "某局", "--region", "某市") == 0
    assert Person.objects.count() == 160 and Unit.objects.get(name="某局").parent.name == "某市"
    assert run("roster", "import", *files) == 0
    assert "没有变化" in capsys.readouterr().out
    staff, groups = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    assert run("roster", "export", str(staff), str(groups)) == 0
    assert run("roster", "import", str(staff), str(groups), "--agency", "某局") == 0
    assert "没有变化" in capsys.readouterr().out
    assert run("account", "make", "YZ093", "--role", "system_admin") == 0
    assert "初始密码" in capsys.readouterr().out
    assert Post.objects.filter(role=Role.SYSTEM_ADMIN).count() == 1
    assert run("account", "reset", "YZ093") == 0


def test_the_command_line_keeps_nothing_of_a_bad_file(db: Any, tmp_path: Path) -> None:
    bad = tmp_path / "坏.csv"
    bad.write_text("工号,姓名,处室\n1,甲,办公室\n1,乙,办公室\n", encoding="utf-8")
    for files in ([str(bad)], [str(FIXTURES / "staff.xlsx"), str(bad)], [str(tmp_path / "没有.xlsx")]):
        with pytest.raises(Refused):
            run("roster", "import", *files)
        assert Unit.objects.count() == 0 and Person.objects.count() == 0
