"""What every page shows around its content: the unit, the campaign year, the way to the other pages."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from taizhang.campaigns.queries import CHOSEN, Current, current
from taizhang.kit import clock
from taizhang.ledger.queries.handover import leavers_of, movers_of
from taizhang.org.models import Unit
from taizhang.org.permits import Permit
from taizhang.org.queries import may, may_anywhere, people_of, posts_of
from taizhang.org.queries.away import acting

P = Permit
#: icon, label, url name, permit; then the second level: label, url name, permit
NAVIGATION: tuple[tuple[str, str, str, Permit | None, tuple[tuple[str, str, Permit], ...]], ...] = (
    ("home", "工作台", "desk", None, ()),
    ("list", "台账", "items", P.LEDGER_VIEW, (
        ("事项清单", "items", P.LEDGER_VIEW), ("创建总览", "overview", P.LEDGER_VIEW),
        ("申请", "asks", P.LEDGER_VIEW),
        ("工作量", "load", P.LEDGER_VIEW),
        ("批量操作", "batches", P.LEDGER_MANAGE), ("纸质签批", "paper_new", P.LEDGER_PAPER),
    )),
    ("box", "材料库", "evidences", P.EVIDENCE_VIEW, (
        ("查找材料", "evidences", P.EVIDENCE_VIEW), ("存材料", "evidence_new", P.EVIDENCE_ADD),
        ("待对应的材料", "proposals", P.EVIDENCE_ADD),
        ("材料统计", "evidence_statistics", P.EVIDENCE_VIEW),
        ("归档", "volumes", P.ARCHIVE),
        ("回收站", "evidence_bin", P.EVIDENCE_ADD), ("材料校验", "evidence_verify", P.LEDGER_MANAGE),
    )),
    ("print", "材料册", "bindings", P.BIND, (
        ("材料册", "bindings", P.BIND), ("新装订", "binding_new", P.BIND), ("画册", "album", P.LEDGER_VIEW),
    )),
    ("ruler", "测评标准", "standards", P.STANDARD_VIEW, ()),
    ("calendar", "创建设置", "campaigns", P.CAMPAIGN_VIEW, (
        ("创建活动", "campaigns", P.CAMPAIGN_VIEW), ("节假日", "holidays", P.CAMPAIGN_EDIT),
    )),
    ("people", "组织人员", "org", P.ORG_VIEW, (
        ("组织机构", "org", P.ORG_VIEW), ("人员", "people", P.ORG_VIEW), ("工作组", "groups", P.ORG_VIEW),
        ("请假外出", "absences", P.ORG_VIEW),
        ("联系点", "contacts", P.ORG_VIEW), ("职责权限表", "permits", P.ORG_VIEW),
        ("材料校验", "evidence_verify", P.ACCOUNT_MANAGE),
    )),
    ("log", "操作日志", "journal", P.JOURNAL_VIEW, ()),
)  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """The campaign year in the top bar."""

    name: str
    url: str
    year: int
    theme: str
    stage: str


@dataclass
class Frame:
    agency_name: str = ""
    campaign: Shown | None = None
    person_name: str = ""
    post_name: str = ""
    nav: list[tuple[str, str, str, bool, int | None, list[tuple[str, str, bool]]]] = field(
        default_factory=list
    )
    find_url: str = ""
    today_fixed: str = ""
    #: whom the reader stands in for today: 甲（出差，至 6 月 3 日）
    acting: list[str] = field(default_factory=list)
    demo: bool = settings.DEMO
    large: bool = False


@cache
def _url(name: str) -> str:
    """The address of a page without parameters; "" while no page of that name is mounted."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def shown_year(request: HttpRequest) -> Current | None:
    """The campaign year that this person works in, read once per request."""
    found: Current | None
    if not hasattr(request, "_shown_year"):
        chosen = request.session.get(CHOSEN) if request.user.is_authenticated else None
        found = current(request.user, clock.today(), chosen) if request.user.is_authenticated else None
        request._shown_year = found  # type: ignore[attr-defined]
    return request._shown_year  # type: ignore[attr-defined, no-any-return]


def _make(request: HttpRequest) -> Frame:
    made = Frame(large=request.COOKIES.get("large") == "1")
    if settings.TODAY:
        made.today_fixed = f"今天按 {clock.today()} 计算。"
    user: Any = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return made
    person = getattr(user, "person", None)
    made.person_name = str(user)
    if person:
        made.agency_name = str(person.agency)
        made.acting = [str(one) for one in acting(people_of(user)[1:], clock.today())]
        roles = list(dict.fromkeys(post.role.label for post in posts_of(user)))
        made.post_name = next(
            (role for role in roles if role not in ("干部职工", "责任人")), roles[0] if roles else ""
        )
    year = shown_year(request)
    if year:
        made.campaign = Shown(year.name, _url("campaigns"), year.year, year.theme, year.stage)
    name = request.resolver_match.url_name if request.resolver_match else ""
    for icon, label, first, permit, below in NAVIGATION:
        if not _url(first) or (permit and not may_anywhere(user, permit)):
            continue
        children = [
            (words, _url(to), to == name)
            for words, to, wants in below
            if _url(to) and may_anywhere(user, wants)
        ]
        on = (
            first == name
            or any(child[2] for child in children)
            or request.path.startswith(_url(first).rstrip("/") + "/")
            and first != "desk"
        )
        made.nav.append((icon, label, _url(first), on, None, children))
    made.find_url = _url("evidences") if may_anywhere(user, P.EVIDENCE_VIEW) else ""
    return made


@dataclass(frozen=True)
class Left:
    """What is still in the name of people who have left, or of people who moved lately at their old department: the
    organisation's pages cannot see the ledger themselves."""

    people: int = 0
    things: int = 0
    url: str = ""


def _managed(request: HttpRequest) -> Unit | None:
    """The person's own agency, for who manages its ledger."""
    agency = getattr(getattr(request.user, "person", None), "agency", None)
    return agency if agency is not None and may(request.user, P.LEDGER_MANAGE, agency) else None


def _leavers(request: HttpRequest) -> Left:
    """Two queries, asked only where a page shows it."""
    if (agency := _managed(request)) is None:
        return Left()
    found = leavers_of([agency.pk])
    return Left(len(found), sum(one.items + one.led for one in found), _url("handovers"))


def _movers(request: HttpRequest) -> Left:
    """Three queries at most, asked only where a page shows it."""
    if (agency := _managed(request)) is None:
        return Left()
    found = movers_of(agency, clock.today())
    return Left(len({one.pk for one in found}), sum(one.items for one in found), _url("handovers"))


def frame(request: HttpRequest) -> dict[str, Any]:
    """Lazy: a part of a page asks for none of it, and then it costs nothing."""
    return {
        "frame": SimpleLazyObject(lambda: _make(request)),
        "leavers": SimpleLazyObject(lambda: _leavers(request)),
        "movers": SimpleLazyObject(lambda: _movers(request)),
    }
