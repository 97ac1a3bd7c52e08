"""Accounts: made, reset, switched; logins noted; passwords changed by their owners."""

import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from taizhang.kit.errors import Refused
from taizhang.kit.sessions import digest

from ..action import OWN, action
from ..models import Person, Session, Unit, User
from ..permits import Permit
from .sessions import close_sessions, open_session

MANAGE = Permit.ACCOUNT_MANAGE
#: letters and digits that nobody confuses when they are read from paper
LETTERS = "abcdefghjkmnpqrstuvwxyz"
CAPITALS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
DIGITS = "23456789"


@dataclass(frozen=True)
class Account:
    """An account and its start password in clear text: shown once, kept nowhere."""

    user: User
    password: str


def start_password() -> str:
    """Ten characters of three kinds, as `passwords.Strength` wants them."""
    picked = [secrets.choice(kind) for kind in (LETTERS, CAPITALS, DIGITS)]
    picked += [secrets.choice(LETTERS + CAPITALS + DIGITS) for _ in range(7)]
    secrets.SystemRandom().shuffle(picked)
    return "".join(picked)


def make_account(
    person: Person, *, by: Any, username: str = "", password: str = "", must_change: bool = True, **keys: Any
) -> Account | User:
    """An account for PERSON, named after the staff number if not otherwise.

    A given PASSWORD and `must_change=False` are for the command line (demo, tests) only. A post with a key
    used before gets the User alone: its password was shown once. Hashing is slow on purpose, so it is done
    before the door opens its transaction.
    """
    clear = password or start_password()
    hashed = make_password(clear)
    made = _make_account(
        person, by=by, username=username, hashed=hashed, given=bool(password), must_change=must_change, **keys
    )
    return _shown(made, hashed, clear)


@action("org.make_account", "开通账号", (MANAGE, "agency"))
def _make_account(
    person: Person, *, by: Any, username: str, hashed: str, given: bool, must_change: bool
) -> Person:
    if (given or not must_change) and not by.is_system:
        raise Refused("初始密码由系统生成，首次登录须修改。")
    if person.user is not None:
        raise Refused(f"“{person.name}”已有账号“{person.user.username}”。忘记密码请用“重置密码”。")
    if person.left_on:
        raise Refused(f"“{person.name}”已离开本机关，不能开通账号。")
    username = (username or person.staff_no).strip().lower()
    if User.objects.filter(username=username).exists():
        raise Refused(f"账号“{username}”已被使用，请换一个。")
    user = User.make(username=username, password=hashed, must_change=must_change)
    return person.change(user=user)


#: accounts made in one act: hashing is slow on purpose, and a page must not be waited for longer than half a minute
MOST_AT_ONCE = 100


def make_accounts(
    agency: Unit, *, by: Any, people: Sequence[Person], **keys: Any
) -> list[tuple[Person, Account]]:
    """An account for each of PEOPLE of AGENCY, named after the staff number, all or none; with start passwords.

    A post with a key used before gets none back: the passwords were shown once.
    """
    if len(people) > MOST_AT_ONCE:
        raise Refused(f"选了 {len(people)} 人，一次最多开通 {MOST_AT_ONCE} 个账号。请分处室开通。")
    clear = {person.pk: start_password() for person in people}
    with ThreadPoolExecutor(2) as pool:  # argon2 lets go of the interpreter while it works
        hashed = dict(zip(clear, pool.map(make_password, clear.values()), strict=True))
    _make_accounts(agency, by=by, people=people, hashed=hashed, **keys)
    fresh = Person.objects.filter(pk__in=clear, user__isnull=False).select_related("user")
    made = {person.pk: person for person in fresh}
    return [
        (made[person.pk], Account(user, clear[person.pk]))
        for person in people
        if person.pk in made and (user := made[person.pk].user) and user.password == hashed[person.pk]
    ]


@action("org.make_accounts", "批量开通账号", (MANAGE, ""))
def _make_accounts(agency: Unit, *, by: Any, people: Sequence[Person], hashed: dict[int, str]) -> Unit:
    if not people:
        raise Refused("没有选人。请勾选要开通账号的人。")
    taken = set(
        User.objects.filter(username__in=[_username(one) for one in people]).values_list(
            "username", flat=True
        )
    )
    problems = []
    for person in people:
        if person.agency_id != agency.pk:
            problems.append(f"“{person.name}”不是本机关的人。")
        elif person.user_id:
            problems.append(f"“{person.name}”已有账号。")
        elif person.left_on:
            problems.append(f"“{person.name}”已离开本机关。")
        elif _username(person) in taken:
            problems.append(
                f"{person.name}的工号“{person.staff_no}”已是别人的账号，请在人员页面单独开通并另取账号名。"
            )
        taken.add(_username(person))
    if problems:
        raise Refused(f"一个账号也没有开通：有 {len(problems)} 人不能开通。请去掉后再试。", problems=problems)
    for person in people:
        user = User.make(username=_username(person), password=hashed[person.pk], must_change=True)
        person.change(user=user)
    return agency


def _username(person: Person) -> str:
    return person.staff_no.strip().lower()


def reset_password(person: Person, *, by: Any, **keys: Any) -> Account | User:
    """A new start password; the old one and every open session end. A key used before: as for make_account."""
    clear = start_password()
    hashed = make_password(clear)
    made = _reset_password(person, by=by, hashed=hashed, **keys)
    return _shown(made, hashed, clear)


@action("org.reset_password", "重置密码", (MANAGE, "agency"))
def _reset_password(person: Person, *, by: Any, hashed: str) -> Person:
    user = _account(person)
    user.change(password=hashed, must_change=True)
    close_sessions(user, by)
    return person


def _shown(person: Person, hashed: str, clear: str) -> Account | User:
    """With its password if that is the one just set; a repeated post set none."""
    user = _account(person)
    return Account(user, clear) if user.password == hashed else user


@action("org.switch_account", "停用或启用账号", (MANAGE, "agency"))
def switch_account(person: Person, *, by: Any, active: bool) -> Person:
    """Switch the account off (open sessions end at once) or on again."""
    user = _account(person)
    if user.pk == by.pk:
        raise Refused("不能停用自己的账号。")
    if active and person.left_on:
        raise Refused(f"“{person.name}”已离开本机关，不能启用账号。")
    user.change(is_active=active)
    if not active:
        close_sessions(user, by)
    return person


def _account(person: Person) -> User:
    if person.user is None:
        raise Refused(f"“{person.name}”还没有账号。")
    return person.user


def change_password(user: User, *, by: Any, old: str, new: str, keep: str = "", **keys: Any) -> User:
    """The owner changes the password; another one than before, and strong enough.

    All logins but the one with the digest KEEP end.
    """
    why = _why_not(user, old, new)
    hashed = "" if why else make_password(new)
    changed: User = _change_password(user, by=by, hashed=hashed, why=why, keep=keep, **keys)
    return changed


@action("org.change_password", "修改密码", OWN)
def _change_password(user: User, *, by: Any, hashed: str, why: str, keep: str) -> User:
    if why:
        raise Refused(why)
    close_sessions(user, by, keep=keep)
    return user.change(password=hashed, must_change=False)


def _why_not(user: User, old: str, new: str) -> str:
    """Why the new password cannot be taken, in words; or nothing."""
    if not check_password(old, user.password):
        return "原密码不对，没有修改。"
    if old == new:
        return "新密码与原密码相同，请换一个。"
    if settings.DEMO and user.username.startswith("demo"):
        return "演示账号的密码是公开的，不能修改。"
    try:
        validate_password(new, user)
    except ValidationError as error:
        return "；".join(error.messages)
    return ""


@action("org.log_in", "登录", OWN)
def log_in(
    user: User, *, by: Any, failed: str = "", key: str = "", agent: str = "", address: str = ""
) -> User:
    """Noted, because every login must be; FAILED notes why one was refused. KEY: of the session that begins."""
    if failed:
        raise Refused(failed)
    if key:
        open_session(user, key, agent, address)
    return user


@action("org.log_out", "退出登录", OWN)
def log_out(user: User, *, by: Any, key: str = "") -> User:
    """Noted; the session of KEY is over."""
    if key:
        Session.objects.filter(key_hash=digest(key)).delete()  # not a record: a login is no business
    return user
