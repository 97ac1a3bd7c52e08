"""The one door through which anything is changed: locked, permitted, whole, and in the journal."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone

from taizhang.journal import actions as journal
from taizhang.journal import rules as journal_rules
from taizhang.journal.models import Entry
from taizhang.kit import clock
from taizhang.kit.errors import NotPermitted, Refused, Stale

from .models import Once, Person, Serial, Unit
from .permits import Permit
from .queries.posts import acting_as, forget_posts, may, posts_of
from .record import Record, Scope, _scope

REFUSALS_A_MINUTE = 10

Ground = tuple[Permit | None, str]
#: the subject is the acting person's own account
OWN: Ground = (None, "")


@dataclass(frozen=True)
class Action:
    """A verb: its name in the journal, its label on screen, and who may take it where."""

    name: str
    label: str
    #: any of: permit, and the way from the subject to the unit; none at all: the command line only
    grounds: tuple["Ground", ...]


ACTIONS: dict[str, Action] = {}


def unit_of(subject: Any, way: str) -> Unit:
    """Follow WAY ("item.unit") from the subject to a unit; "" is the subject itself. None where the way breaks off:
    an item without a lead has nobody who answers as its lead."""
    for name in way.split(".") if way else ():
        if subject is None:
            break
        subject = getattr(subject, name)
    return subject  # type: ignore[no-any-return]


def permitted(user: Any, action: Action, subject: Any) -> bool:
    """Whether USER may take ACTION on SUBJECT on any of its grounds. The command line may."""
    if getattr(user, "is_system", False):
        return True
    return any(
        unit == user if permit is None else unit is not None and may(user, permit, unit)
        for permit, unit in ((permit, unit_of(subject, way)) for permit, way in action.grounds)
    )


def open_to(user: Any, subject: Any, names: list[str]) -> list[Action]:
    """Those of the actions NAMES that USER may take on SUBJECT: the buttons."""
    return [ACTIONS[name] for name in names if name in ACTIONS and permitted(user, ACTIONS[name], subject)]


def action(name: str, label: str, *grounds: Ground) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make FUNC(subject, *, by, ...) an action.

    Calls take besides `by` (a User): `seen`, the version that the form showed, an older one is refused;
    `once`, the form's key, a second post with it gets the first answer. Refusals are journalled after the
    rollback, in a transaction of their own.
    """
    this = ACTIONS[name] = Action(name, label, grounds)

    def wrap(func: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(func)
        def inner(
            subject: Any, *, by: Any, seen: int | str | None = None, once: str = "", **kwargs: Any
        ) -> Any:
            outer = _scope.get()
            here = Scope()
            token = _scope.set(here)
            try:
                with transaction.atomic():
                    if once and (answer := _first_answer(by, once, name)) is not None:
                        return answer
                    if outer is None:
                        forget_posts(by)
                    # __class__, not type(): request.user is a lazy object that stands for a User
                    subject.refresh_from_db(from_queryset=subject.__class__._base_manager.select_for_update())
                    if not permitted(by, this, subject):
                        raise _not_permitted(this)
                    acting_for = _acting_for(by, this, subject)
                    if seen not in (None, "") and int(seen) != subject.version:
                        raise Stale("没有保存：这一内容刚被他人修改过。你填的都还在，请看过最新内容再提交。")
                    made = func(subject, by=by, **kwargs)
                    about = made if isinstance(made, Record) else subject
                    _write(this, about, by, here.notes, key=once, acting_for=acting_for)
                    if once:
                        Once.objects.create(
                            person=getattr(by, "person", None), key=once, action=name, kind=about._meta.label_lower,
                            answer=about.pk, at=timezone.now(),
                        )  # fmt: skip
            except Refused as refusal:
                if outer is None:
                    _write_refusal(this, subject, by, refusal)
                raise
            finally:
                _scope.reset(token)
            if outer is not None:
                outer.notes.extend(here.notes)
            return made

        inner.action = this  # type: ignore[attr-defined]
        return inner

    return wrap


def _not_permitted(this: Action) -> NotPermitted:
    return NotPermitted(f"你没有“{this.label}”的权限。如确需办理，请联系创建办或系统管理员。")


def demand(user: Any, name: str, subject: Any, *, noted: bool) -> None:
    """Before a form is shown or looked at: refuse whoever may not take the action NAME on SUBJECT.

    NOTED: the form was posted, so the refusal goes into the journal as if the door had met it.
    """
    this = ACTIONS[name]
    if not permitted(user, this, subject):
        refusal = _not_permitted(this)
        if noted:
            _write_refusal(this, subject, user, refusal)
        raise refusal


def next_number(unit: Unit, kind: str, year: int) -> int:
    """The next number of KIND in YEAR, without gaps: a refused act rolls it back."""
    serial, _ = Serial.objects.select_for_update().get_or_create(unit=unit, kind=kind, year=year)
    serial.last += 1
    serial.save(update_fields=["last"])
    return serial.last


def _first_answer(by: Any, key: str, name: str) -> Any:
    first = Once.objects.filter(person=getattr(by, "person", None), key=key).first()
    if first is None:
        return None
    if first.action != name:
        raise Refused("这张表单已经用过了，请刷新页面后重新填写。")
    return apps.get_model(first.kind)._base_manager.get(pk=first.answer)


def _agency_and_path(subject: Any, grounds: tuple[Ground, ...]) -> tuple[int, str]:
    """The chain (agency id, or 0) and the unit path that an entry about SUBJECT belongs to."""
    unit: Any = subject if isinstance(subject, Unit) else None
    for way in (
        "unit",
        "agency",
        "item.unit",
        "year.campaign.unit",
        "campaign.unit",
        "person.agency",
        *(way for _, way in grounds),
    ):
        if unit is not None:
            break
        try:
            unit = unit_of(subject, way)
        except AttributeError:
            continue
    if not isinstance(unit, Unit):
        return 0, "/"
    return unit.agency_id or 0, unit.path


def _acting_for(by: Any, this: Action, subject: Any) -> str:
    """The name of the absent person without whose posts BY could not have taken the action, or nothing."""
    if all(post.acting_for is None for post in posts_of(by)):
        return ""
    found = None
    for permit, way in this.grounds:
        unit = unit_of(subject, way)
        if permit is None and unit == by:
            return ""  # one's own affair, whatever posts one was lent
        if permit is not None and unit is not None and may(by, permit, unit):
            found = acting_as(by, permit, unit)
            if found is None:
                return ""
    return str(Person.objects.get(pk=found)) if found else ""


def _moment(at: datetime) -> str:
    """As the record keeps it: always in the site's own zone, so that moments compare as text."""
    return timezone.localtime(at).isoformat(timespec="milliseconds")


def _write(
    this: Action,
    subject: models.Model,
    by: Any,
    notes: list[dict[str, Any]],
    *,
    key: str = "",
    refused: str = "",
    acting_for: str = "",
) -> None:
    chain, path = _agency_and_path(subject, this.grounds)
    state = {
        column.attname: str(getattr(subject, column.attname)) for column in subject._meta.concrete_fields
    }
    journal.write(
        chain=chain, at=_moment(clock.now()), actor_id=by.pk, actor_name=str(by),
        action=this.name, label=this.label, subject_kind=subject._meta.label_lower, subject_id=subject.pk,
        unit_path=path, changes=notes, state_hash=journal_rules.state_hash(state), key=key, refused=refused, acting_for=acting_for,
    )  # fmt: skip


def _write_refusal(this: Action, subject: Any, by: Any, refusal: Refused) -> None:
    """At most ten a minute per person: a stuck key must not fill the record."""
    since = _moment(clock.now() - timedelta(minutes=1))
    recent = Entry.objects.filter(actor_id=by.pk, at__gte=since).exclude(refused="").count()
    if recent < REFUSALS_A_MINUTE:
        with transaction.atomic():
            _write(this, subject, by, [], refused=refusal.message)
