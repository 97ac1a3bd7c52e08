"""Which edition a year's ledger stands by, which may follow it, and how the leaves of the two go together."""

from collections import defaultdict

from taizhang.campaigns.models import Track, Year
from taizhang.campaigns.rules.states import YearState
from taizhang.kit.errors import Refused
from taizhang.standards.models import Edition, EditionState, Match
from taizhang.standards.queries import following, revisions_for

from ..models import Adoption, Item
from ..rules.succession import Tie, compose


def edition_of(track: Track, year: Year) -> Edition:
    """The edition by which YEAR's ledger stands: that of its last adoption, else of its items, else the track's."""
    taken = Adoption.objects.filter(track=track, year=year, undone_at=None).order_by("-id").first()
    if taken is not None:
        return Edition.objects.select_related("standard").get(pk=taken.edition_id)
    first = Item.objects.filter(track=track, year=year).order_by("id").values("indicator__edition")[:1]
    return (
        Edition.objects.filter(pk__in=first).select_related("standard").first()
        or Edition.objects.select_related("standard").get(pk=track.edition_id)
    )  # fmt: skip


def chain_between(base: Edition, edition: Edition) -> list[Edition]:
    """The editions from BASE (without it) to EDITION, each a revision of the one before. Refused when there is none."""
    found: list[Edition] = []
    at: Edition | None = edition
    while at is not None and at.pk != base.pk:
        found.append(at)
        if len(found) > 50:
            break
        at = Edition.objects.filter(pk=at.base_id).first() if at.base_id else None
    if at is None or at.pk != base.pk:
        raise Refused(
            f"《{edition.standard}》{edition.label}不是由台账现用的{base.label}修订来的，不能换用。"
            "请先在标准里把它存为现用版本的新版。"
        )
    return found[::-1]


def is_before(edition: Edition, other: Edition) -> bool:
    """Whether OTHER was revised from EDITION, directly or over others."""
    at: Edition | None = other.base
    while at is not None and at.pk != edition.pk:
        at = at.base
    return at is not None


def check_adoptable(track: Track, year: Year, edition: Edition) -> Edition:
    """The edition that YEAR stands by now, or why it cannot take over EDITION."""
    if year.campaign_id != track.campaign_id:
        raise Refused("这条创建线不属于这个年度的创建活动。")
    if year.state == YearState.CLOSED:
        raise Refused(f"{year}已经结束，不能换版。确需换用新版，请先恢复年度。")
    if edition.standard.agency_id not in (None, year.campaign.unit_id):
        raise Refused(f"《{edition.standard}》是其他单位的标准，不能换用。")
    if edition.base_id is None and edition.standard_id != track.edition.standard_id:
        raise Refused(
            f"《{edition.standard}》不是这条创建线的标准（《{track.edition.standard}》），不能换用。"
        )
    if edition.state == EditionState.DRAFT:
        raise Refused(f"《{edition.standard}》{edition.label}还是草稿，请先保存为正式版本。")
    base = edition_of(track, year)
    if base.pk == edition.pk:
        raise Refused(f"{year}已经换用《{edition.standard}》{edition.label}，不用再换。")
    return base


def ties_between(base: Edition, edition: Edition) -> list[Tie]:
    """How the leaves of BASE go over into EDITION, over all editions between them."""
    chain = chain_between(base, edition)
    rows = (
        Match.objects.filter(edition__in=[one.pk for one in chain])
        .order_by("-main", "id")
        .values_list("edition", "old", "new", "kind", "main")
    )
    of: dict[int, list[Tie]] = defaultdict(list)
    for pk, old, new, kind, main in rows:
        of[pk].append(Tie(old, new, kind, main))
    ties = of[chain[0].pk]
    for one in chain[1:]:
        ties = compose(ties, of[one.pk])
    return ties


def newer_editions(track: Track, base: Edition) -> list[Edition]:
    """The editions that revise BASE, directly or over others; the newest first. One query."""
    return following(base.pk, revisions_for(track.campaign.unit_id))
