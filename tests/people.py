"""A fixed small city: 云泽市 → two counties → agencies → departments, and people by name.

`city()` builds it in a test's database and returns everything by name. Passwords are all PASSWORD.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from taizhang.org.models import Cover, Group, Membership, Person, Post, Unit, User
from taizhang.org.models.groups import GroupKind
from taizhang.org.models.units import UnitKind
from taizhang.org.permits import Role

PASSWORD = "Taizhang#2026"
SINCE = date(2017, 1, 1)


@dataclass
class City:
    """Units by name, users by name (user.person is the person)."""

    units: dict[str, Unit] = field(default_factory=dict)
    users: dict[str, Any] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)

    def unit(self, name: str, kind: str, parent: Unit | None = None, **more: Any) -> Unit:
        """Fixtures stand outside the door, so they save by hand."""
        unit = Unit(
            name=name,
            kind=kind,
            parent=parent,
            code=f"u{len(self.units)}",
            path=f"new{len(self.units)}",
            **more,
        )
        unit.save()
        unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
        unit.agency = unit if kind == UnitKind.AGENCY else parent.agency if parent else None
        unit.save()
        self.units[name] = unit
        return unit

    def user(
        self,
        name: str,
        agency: Unit,
        *posts: tuple[Role, Unit] | tuple[Role, Unit, Group],
        home: Unit | None = None,
    ) -> Any:
        number = len(self.users) + 1
        user = User(username=f"p{number}", must_change=False)
        # a cheap hash: the tests log in by force, and those of the login itself set a real one
        user.password = "!"
        user.save()
        person = Person(
            agency=agency, staff_no=f"P{number:03}", name=name, name_key=name, user=user, order=number
        )
        person.save()
        for role, unit, *group in posts:
            Post(
                person=person, unit=unit, role=role, starts_on=SINCE, group=group[0] if group else None
            ).save()
        if home:
            Membership(person=person, unit=home, main=True, starts_on=SINCE).save()
        self.users[name] = user
        return user


def city() -> City:
    """Build it. 甲局: the agency most tests work in; 乙局: another agency of the same county; 丙局: of the other."""
    c = City()
    region = c.unit("云泽市", UnitKind.REGION)
    east, west = c.unit("东县", UnitKind.REGION, region), c.unit("西县", UnitKind.REGION, region)
    for name, county in (("甲局", east), ("乙局", east), ("丙局", west)):
        agency = c.unit(name, UnitKind.AGENCY, county)
        at = "" if name == "甲局" else name
        office = c.unit(f"{at}创建办", UnitKind.OFFICE, agency)
        general = c.unit(f"{at}办公室", UnitKind.DEPARTMENT, agency, answers_to="办公室")
        law = c.unit(f"{at}法规处", UnitKind.DEPARTMENT, agency, answers_to="业务处室")
        trade = c.unit(f"{at}审批处", UnitKind.DEPARTMENT, agency, answers_to="业务处室")
        party = c.unit(f"{at}机关党委", UnitKind.PARTY_BODY, agency)
        first, second = (
            c.unit(f"{at}第一党支部", UnitKind.BRANCH, party),
            c.unit(f"{at}第二党支部", UnitKind.BRANCH, party),
        )
        c.unit(f"{at}机关工会", UnitKind.UNION, party)
        body = Group(
            unit=agency,
            kind=GroupKind.OFFICE,
            name=f"{at}领导小组办公室（创建办）",
            office=office,
            starts_on=SINCE,
        )
        body.save()
        active = Group(unit=agency, kind=GroupKind.ACTIVITY, name=f"{at}第一活动组", starts_on=SINCE)
        active.save()
        Cover(group=active, area_code="1").save()
        c.groups[f"{at}创建办"], c.groups[f"{at}第一活动组"] = body, active
        member = (Role.MEMBER, agency)
        c.user(
            f"{at}石玲佳", agency, member, (Role.OFFICE, agency, body), (Role.FILLER, office), home=party
        )  # clerk
        c.user(
            f"{at}马华斌",
            agency,
            member,
            (Role.OFFICE, agency, body),
            (Role.HEAD, office),
            (Role.HEAD, party),
            home=party,
        )
        c.user(f"{at}黎林波", agency, member, (Role.HEAD, general), (Role.HEAD, first), home=general)  # head
        c.user(f"{at}崔怡欣", agency, member, (Role.LIAISON, general), home=general)
        c.user(f"{at}朱辉斌", agency, member, (Role.FILLER, general), home=general)
        c.user(
            f"{at}李洋华",
            agency,
            member,
            (Role.HEAD, law),
            (Role.HEAD, second),
            (Role.GROUP_LEADER, agency, active),
            home=law,
        )
        c.user(f"{at}白毅志", agency, member, (Role.FILLER, law), (Role.LIAISON, law), home=law)
        c.user(f"{at}郑审批", agency, member, (Role.HEAD, trade), home=trade)
        leader = c.user(
            f"{at}卢欣燕",
            agency,
            member,
            (Role.LEADER, general),
            (Role.LEADER, law),
            (Role.LEADER, party),
            (Role.LEADER, office),
        )
        for unit in (general, law, trade, party, office):
            unit.leader = leader.person
            unit.branch = first if unit in (general, party) else second if unit in (law, trade) else None
            unit.save()
        c.user(f"{at}系统管理员", agency, (Role.SYSTEM_ADMIN, agency))
        c.user(f"{at}审计员", agency, (Role.AUDITOR, agency))
    c.user("市文明办", region, (Role.OVERSEER, region))
    c.user("东县文明办", east, (Role.OVERSEER, east))
    c.user("无职务", c.units["甲局"])
    return c
