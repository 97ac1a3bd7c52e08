"""What is asked to be bound: the material of a scope, its name, and a digest of everything that decides the bytes."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from taizhang.campaigns.models import Year
from taizhang.kit.errors import Refused
from taizhang.ledger.queries import items_for
from taizhang.ledger.queries.material import Held, areas_of, leads_of, material_for
from taizhang.ledger.rules.numbering import area_number
from taizhang.org.models import Unit
from taizhang.org.permits import Permit
from taizhang.org.queries import may, system_user

from ..models import Binding, Form, Scope
from ..rules.bodies import Body, body_of

#: of the program that binds: the next one does not offer what this one made
PROGRAM = 1
#: of a proof, what comes with its bytes and is no input of its own
DERIVED = ("state", "fault", "pages", "face", "drawn")


@dataclass(frozen=True)
class Wanted:
    """A scope with its material. `subject` is what the permit is asked on: a Year, a Unit or an Item."""

    year: Year
    form: Form
    scope: Scope
    chosen: str
    per_page: int
    what: str  # of the scope, in words
    subject: Any
    held: list[Held]

    @property
    def label(self) -> str:
        word = {"volume": "材料册", "folder": "材料夹", "album": "画册"}[self.form]
        return f"{self.year.campaign} {self.year} {word}　{self.what}"[:200]

    @property
    def digest(self) -> str:
        """Of all that decides the bytes but the day: unchanged material is not bound twice."""
        held = [asdict(one) for one in self.held]
        for one in held:
            for proof in one["proofs"]:
                for key in DERIVED:
                    del proof[key]
        facts = [
            PROGRAM, self.form, self.scope, self.what, self.per_page, str(self.year.campaign), self.year.year,
            self.year.campaign.unit.name, held,
        ]  # fmt: skip
        plain = json.dumps(facts, ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(plain.encode()).hexdigest()


@dataclass(frozen=True)
class Preview:
    """What a volume would hold: numbers, and the first of what lacks."""

    items: int
    pieces: int
    pages: int  # known so far, forms and dividers not counted
    unknown: int  # pieces whose pages are not known yet
    bytes: int
    pictures: int
    unbound: list[str]
    lacks: list[tuple[str, str]]
    lacking: int


def wanted(
    user: Any, year: Year, today: date, *, form: str, scope: str, chosen: str, per_page: int = 2
) -> Wanted:
    """The scope as USER sees it; Refused when it names nothing."""
    kind = Scope(scope)
    area, unit, item = "", None, None
    subject: Any = year
    what = "全部事项"
    if kind == Scope.AREA:
        names = {key: f"{area_number(code)} {name}" for key, code, name in areas_of(user, year)}
        if chosen not in names:
            raise Refused("没有这个方面。请重新选择范围。")
        area, what = chosen, names[chosen]
    elif kind == Scope.UNIT:
        unit = Unit.objects.filter(pk=int(chosen) if chosen.isdecimal() else 0).first()
        if unit is None or unit.pk not in dict(scopes_of(user, year).units):
            raise Refused("没有这个处室。请重新选择范围。")
        subject, what = unit, str(unit)
    elif kind == Scope.ITEM:
        found = items_for(user).filter(year=year, pk=int(chosen) if chosen.isdecimal() else 0)
        subject = found.select_related("unit", "lead", "year__campaign__unit").first()
        if subject is None:
            raise Refused("没有这个事项。请重新选择范围。")
        item, what = subject.pk, f"{subject.no} {subject.title}"
    held = material_for(user, year, today, area=area, unit=unit, item=item)
    if not held:
        raise Refused(f"“{what}”里没有适用的事项，没有可装订的。")
    return Wanted(
        year, Form(form), kind, chosen if kind != Scope.ALL else "", per_page if form == Form.ALBUM else 2,
        what, subject, held,
    )  # fmt: skip


def wanted_again(binding: Binding, today: date) -> Wanted:
    """The scope of BINDING as the person who asked for it sees it now."""
    user: Any = (binding.by and getattr(binding.by, "user", None)) or system_user()
    return wanted(
        user, binding.year, today, form=binding.form, scope=binding.scope, chosen=binding.chosen, per_page=binding.per_page
    )  # fmt: skip


@dataclass(frozen=True)
class Scopes:
    """What a person may choose of a year: the whole (and areas), departments, single items."""

    whole: bool
    areas: list[tuple[str, str]]
    units: list[tuple[int, str]]


def scopes_of(user: Any, year: Year) -> Scopes:
    """Three queries."""
    whole = may(user, Permit.BIND, year.campaign.unit)
    leads = leads_of(user, year)
    if not whole:
        there = {unit.pk: unit for unit in Unit.objects.filter(pk__in=[pk for pk, _ in leads])}
        leads = [(pk, name) for pk, name in leads if may(user, Permit.BIND, there[pk])]
    areas = (
        [(key, f"{area_number(code)} {name}") for key, code, name in areas_of(user, year)] if whole else []
    )
    return Scopes(whole, areas, leads)


def preview(found: Wanted) -> Preview:
    """Told from what the readers noted; nothing is opened."""
    pieces = [proof for one in found.held for proof in one.proofs]
    pages, unknown, pictures = 0, 0, 0
    unbound = []
    for proof in pieces:
        body = body_of(proof.kind, proof.mime, proof.url)
        pictures += body == Body.PICTURE
        if body == Body.NONE:
            unbound.append(proof.title)
        elif body in (Body.PDF, Body.FACE) and not proof.pages:
            unknown += 1
        else:
            pages += proof.pages if body in (Body.PDF, Body.FACE) else 1
    lacks = [(f"{one.no} {one.title}", lack) for one in found.held for lack in one.lacks]
    return Preview(
        len(found.held), len(pieces), pages, unknown, sum(proof.size for proof in pieces), pictures, unbound, lacks[:12], len(lacks)
    )  # fmt: skip
