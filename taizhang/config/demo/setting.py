"""Where the demo plays: the unit and its people, accounts, the standard, the campaign, the year's ledger."""

from argparse import Namespace
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password

from taizhang.campaigns import actions as campaigns
from taizhang.campaigns.models import Year
from taizhang.campaigns.queries import calendar, proposal
from taizhang.evidence import actions as library
from taizhang.evidence.queries.archive import filing_units
from taizhang.evidence.rules.archive import proposed_codes
from taizhang.kit import clock
from taizhang.ledger import actions as ledger
from taizhang.ledger.models import Item
from taizhang.org import actions as org
from taizhang.org.action import action
from taizhang.org.cli import roster_import
from taizhang.org.models import Person, Unit, User
from taizhang.org.permits import Permit, Role
from taizhang.org.queries import holders, system_user
from taizhang.standards.models import Edition

DATA = Path(__file__).parent / "data"
AGENCY, REGION = "云泽市政务服务管理局", "云泽市"
#: staff number → demo account, in the order of the login page
ACCOUNTS = (
    ("YZ099", "demo-chuangjianban"), ("YZ020", "demo-lianluoyuan"), ("YZ011", "demo-zerenren"), ("YZ007", "demo-chuzhang"),
    ("YZ094", "demo-huodongzu"), ("YZ046", "demo-zhibu"), ("YZ006", "demo-lingdao"), ("YZ103", "demo-shenji"),
    ("YZ089", "demo-guanli"),
)  # fmt: skip


@dataclass(frozen=True)
class Stage:
    """The demo's world once it is set up. `users` by staff number; `liaisons` by unit id."""

    agency: Unit
    year: Year
    users: dict[str, User]
    liaisons: dict[int, User]
    opened_on: date
    today: date

    def back(self, days: int) -> date:
        """DAYS working days before today, but never before the system was opened."""
        return max(calendar().add(self.today, -days), self.opened_on)


def base_year(today: date) -> int:
    """The year in the middle of the cycle: this one, or in January and February the last, which has more to show."""
    return today.year if today.month > 2 else today.year - 1


def prepare(today: date) -> Stage:
    """Everything up to the first working day with the system: mid-February of the middle year."""
    year_number = base_year(today)
    opened_on = date(year_number, 2, 16)
    with clock.on(date(year_number - 1, 12, 1)):
        roster_import(
            Namespace(files=[DATA / "staff.xlsx", DATA / "groups.xlsx"], agency=AGENCY, region=REGION)
        )
        agency = Unit.objects.get(name=AGENCY)
        users = _accounts(agency)
        liaisons = _liaisons(agency)
    clerk = users["YZ099"]
    with clock.on(opened_on, time(9, 0)):
        edition = Edition.objects.filter(standard__sample=True, standard__name__contains="文明单位").latest(
            "id"
        )
        plan = proposal(agency, [edition], year_number - 1, year_number + 1, date(year_number, 11, 30))
        campaign = campaigns.start(
            agency, by=clerk, name=f"创建全国文明单位 {year_number - 1}—{year_number + 1}", first_year=year_number - 1,
            last_year=year_number + 1, started_on=opened_on, tracks=plan.tracks, years=plan.years,
        )  # fmt: skip
        year = Year.objects.get(campaign=campaign, year=year_number)
        ledger.open_year(year, by=clerk)
        year.refresh_from_db()
    with clock.on(opened_on, time(10, 10)):  # a few items of the office for a colleague of the liaison
        some = Item.objects.filter(year=year, lead__name="办公室", per="unit").order_by("order")
        ids = [
            *some.filter(cadence="quarter").values_list("pk", flat=True),
            *some.filter(cadence="month").values_list("pk", flat=True)[3:],
        ]
        ledger.bulk(
            year, by=clerk, verb="set_lead", ids=ids, params={"lead": None, "person": users["YZ011"].person}
        )
    with clock.on(opened_on, time(10, 30)):
        ids = list(
            Item.objects.filter(year=year, status="pending", lead__isnull=False).values_list("pk", flat=True)
        )
        ledger.bulk(year, by=clerk, verb="assign", ids=ids)
    with clock.on(opened_on, time(16, 0)):
        ledger.before_system(year, by=clerk, reason="系统启用前已办结，材料为纸质存档")
    return Stage(agency, year, users, liaisons, opened_on, today)


def _accounts(agency: Unit) -> dict[str, User]:
    system = system_user()
    people = {person.staff_no: person for person in Person.objects.filter(agency=agency)}
    users: dict[str, User] = {}
    for staff_no, username in ACCOUNTS:
        org.make_account(
            people[staff_no], by=system, username=username, password=settings.DEMO_PASSWORD, must_change=False
        )
        users[staff_no] = User.objects.get(username=username)
    org.give_post(people["YZ103"], by=system, unit=agency, role=Role.AUDITOR)
    org.give_post(people["YZ089"], by=system, unit=agency, role=Role.SYSTEM_ADMIN)
    return users


@action("config.lend_account", "演示账号", (Permit.ACCOUNT_MANAGE, "agency"))
def lend_account(person: Person, *, by: Any) -> Person:
    """An account that nobody can log in with: the demo acts in this person's name."""
    user = User.make(username=person.staff_no.lower(), password=make_password(None), must_change=False)
    return person.change(user=user)


def user_of(person_id: int) -> User:
    """The account of a person, lent if there is none."""
    person = Person.objects.get(pk=person_id)
    if person.user_id is None:
        lend_account(person, by=system_user())
    return User.objects.get(person=person_id)


def _liaisons(agency: Unit) -> dict[int, User]:
    """Unit id → the account that fills in for it: its liaison's, else its head's."""
    people = holders(agency, clock.today())
    found: dict[int, User] = {}
    for unit in Unit.objects.filter(agency=agency).exclude(pk=agency.pk):
        ids = people.liaisons_of.get(unit.pk) or people.heads(unit.pk)
        if ids:
            found[unit.pk] = user_of(ids[0])
    return found


def name_fonds(agency: Unit, by: User) -> None:
    """The agency's number at the archive and a code for each department, so that a year can be filed at once."""
    codes = proposed_codes({unit.pk: str(unit) for unit in filing_units(agency)}, {})
    library.set_fonds(agency, by=by, code="Y109", archive="云泽市档案馆", codes=codes)


def anybody() -> bool:
    """Whether somebody else's data are here: then the demo keeps out."""
    return Unit.objects.exists()


def cases_file() -> Path:
    """Where the page that lists the cases finds them: text and item id of each."""
    return Path(settings.HOME) / "demo-cases.json"
