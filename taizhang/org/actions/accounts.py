"""Accounts: made, reset, switched; logins noted; passwords changed by their owners."""

import secrets
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from taizhang.kit.errors import Refused

from ..action import OWN, action
from ..models import Person, User
from ..permits import Permit

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
    if person.user_id:
        raise Refused(f"“{person.name}”已有账号“{person.user}”。忘记密码请用“重置密码”。")
    if person.left_on:
        raise Refused(f"“{person.name}”已离开本机关，不能开通账号。")
    username = (username or person.staff_no).strip().lower()
    if User.objects.filter(username=username).exists():
        raise Refused(f"账号“{username}”已被使用，请换一个。")
    user = User.make(username=username, password=hashed, must_change=must_change)
    return person.change(user=user)


def reset_password(person: Person, *, by: Any, **keys: Any) -> Account | User:
    """A new start password; the old one and every open session end. A key used before: as for make_account."""
    clear = start_password()
    hashed = make_password(clear)
    made = _reset_password(person, by=by, hashed=hashed, **keys)
    return _shown(made, hashed, clear)


@action("org.reset_password", "重置密码", (MANAGE, "agency"))
def _reset_password(person: Person, *, by: Any, hashed: str) -> Person:
    _account(person).change(password=hashed, must_change=True)
    return person


def _shown(person: Person, hashed: str, clear: str) -> Account | User:
    """With its password if that is the one just set; a repeated post set none."""
    user = _account(person)
    return Account(user, clear) if user.password == hashed else user


@action("org.switch_account", "停用或启用账号", (MANAGE, "agency"))
def switch_account(person: Person, *, by: Any, active: bool) -> Person:
    """Switch the account off (open sessions end with the next request) or on again."""
    user = _account(person)
    if user.pk == by.pk:
        raise Refused("不能停用自己的账号。")
    if active and person.left_on:
        raise Refused(f"“{person.name}”已离开本机关，不能启用账号。")
    user.change(is_active=active)
    return person


def _account(person: Person) -> User:
    if person.user is None:
        raise Refused(f"“{person.name}”还没有账号。")
    return person.user


def change_password(user: User, *, by: Any, old: str, new: str, **keys: Any) -> User:
    """The owner changes the password; another one than before, and strong enough."""
    why = _why_not(user, old, new)
    changed: User = _change_password(user, by=by, hashed="" if why else make_password(new), why=why, **keys)
    return changed


@action("org.change_password", "修改密码", OWN)
def _change_password(user: User, *, by: Any, hashed: str, why: str) -> User:
    if why:
        raise Refused(why)
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
def log_in(user: User, *, by: Any, failed: str = "") -> User:
    """Noted, because every login must be; FAILED notes why one was refused."""
    if failed:
        raise Refused(failed)
    return user


@action("org.log_out", "退出登录", OWN)
def log_out(user: User, *, by: Any) -> User:
    """Noted."""
    return user
