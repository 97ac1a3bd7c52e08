"""Login, lock-out, time-out, first password, large type; nobody learns whether an account exists."""

import re
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings as site
from django.contrib.auth.hashers import identify_hasher, make_password
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from taizhang.journal.models import Entry
from taizhang.kit.errors import Refused
from taizhang.org import actions, queries
from taizhang.org.models import User
from tests.people import PASSWORD, City

pytestmark = pytest.mark.django_db
LOGIN = "/org/login/"


@pytest.fixture
def user(people: City) -> Any:
    found = people.users["甲局石玲佳"] if "甲局石玲佳" in people.users else people.users["石玲佳"]
    User.objects.filter(pk=found.pk).update(password=make_password(PASSWORD))
    found.refresh_from_db()
    return found


def try_in(client: Client, name: str, password: str, **more: str) -> Any:
    return client.post(LOGIN, {"username": name, "password": password} | more)


def test_login_with_argon2_leads_back_and_is_noted(user: Any, client: Client) -> None:
    assert identify_hasher(user.password).algorithm == "argon2"
    answer = try_in(client, user.username.upper(), PASSWORD, next="/org/people/?q=1")
    assert answer.status_code == 302 and answer.url == "/org/people/?q=1"
    assert Entry.objects.filter(action="org.log_in", actor_id=user.pk, refused="").exists()
    assert client.get(reverse("org")).status_code == 200
    assert client.get(reverse("logout")).status_code == 405
    assert client.post(reverse("logout")).status_code == 302
    assert client.get(reverse("org")).status_code == 302
    assert Entry.objects.filter(action="org.log_out").exists()


def test_next_leads_nowhere_else(user: Any, client: Client) -> None:
    assert try_in(client, user.username, PASSWORD, next="https://evil.example/").url == "/"


def shown(answer: Any) -> str:
    found = re.search(r'role="alert".*?</svg><div>(.*?)</div>', answer.content.decode(), re.S)
    return found[1] if found else ""


def test_known_and_unknown_accounts_get_the_same_words(user: Any, client: Client) -> None:
    for left in (4, 3, 2, 1):
        known, unknown = try_in(client, user.username, "x"), try_in(Client(), "nobody", "x")
        assert known.status_code == unknown.status_code == 400
        assert shown(known) == shown(unknown) == f"账号或密码不对，还能试 {left} 次，之后锁定 30 分钟。"
    known, unknown = try_in(client, user.username, "x"), try_in(Client(), "nobody", "x")
    assert known.status_code == unknown.status_code == 429
    assert "已锁定" in shown(known) and shown(known) == shown(unknown)
    # the right password does not help while it is locked, from wherever
    assert try_in(Client(REMOTE_ADDR="10.9.9.9"), user.username, PASSWORD).status_code == 429
    assert Entry.objects.filter(action="org.log_in").exclude(refused="").count() >= 5


def test_the_lock_opens_after_half_an_hour_and_not_before(user: Any, client: Client) -> None:
    for _ in range(5):
        try_in(client, user.username, "x")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=29))
    assert try_in(client, user.username, PASSWORD).status_code == 429
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=31))
    assert try_in(client, user.username, PASSWORD).status_code == 302


def test_a_success_forgets_the_failures(user: Any, client: Client) -> None:
    for _ in range(4):
        try_in(client, user.username, "x")
    assert try_in(client, user.username, PASSWORD).status_code == 302
    assert "还能试 4 次" in shown(try_in(Client(), user.username, "x"))


def test_a_reset_opens_the_lock(user: Any, people: City, client: Client) -> None:
    for _ in range(5):
        try_in(client, user.username, "x")
    admin = Client()
    admin.force_login(people.users["系统管理员"])
    page = admin.post(reverse("account_reset", args=[user.person.pk]), {"once": "r1"})
    password = re.search(r"letter-spacing:2px\">([^<]+)<", page.content.decode())[1]  # type: ignore[index]
    again = admin.post(reverse("account_reset", args=[user.person.pk]), {"once": "r1"})
    assert again.status_code == 302  # a double click does not show another one
    answer = try_in(client, user.username, password)
    assert answer.status_code == 302
    assert client.get(reverse("org")).url == reverse("password_change")


def test_empty_fields_are_told(client: Client, db: Any) -> None:
    text = client.post(LOGIN, {}).content.decode()
    assert "请填账号" in text and "请填密码" in text


def test_an_idle_session_ends_and_says_so(user: Any, client: Client) -> None:
    try_in(client, user.username, PASSWORD)
    session = client.session
    assert session.get_expiry_age() <= 30 * 60
    first = client.get(reverse("people"))
    assert first.status_code == 200
    session.flush()  # what the session store does with one that is too old
    answer = client.get(reverse("people") + "?q=abc")
    assert answer.status_code == 302 and "timeout=1" in answer.url and "q%3Dabc" in answer.url
    assert "超过 30 分钟没有操作" in Client().get(answer.url).content.decode()
    assert "timeout" not in Client().get(reverse("people")).url


def test_idle_time_counts_from_the_last_page(user: Any, client: Client, settings: Any) -> None:
    settings.SESSION_COOKIE_AGE = -1
    client.force_login(user)
    assert "timeout=1" in client.get(reverse("people")).url


def test_a_post_after_the_time_out_leads_back_to_its_page(user: Any) -> None:
    client = Client(headers={"referer": "http://testserver/org/people/7/edit/"})
    client.cookies["sessionid"] = "gone"
    answer = client.post(reverse("unit_end", args=[1]))
    assert "next=%2Forg%2Fpeople%2F7%2Fedit%2F" in answer.url
    part = Client().get(
        reverse("people"),
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/org/people/?q=1"},
    )
    assert part.status_code == 204 and part["HX-Redirect"].startswith(LOGIN)


def test_the_first_password_must_be_changed(user: Any, client: Client) -> None:
    User.objects.filter(pk=user.pk).update(must_change=True)
    try_in(client, user.username, PASSWORD)
    assert client.get(reverse("people")).url == reverse("password_change")
    url = reverse("password_change")
    assert "初始密码" in client.get(url).content.decode()

    def change(old: str, new: str, again: str = "") -> Any:
        return client.post(url, {"old": old, "new": new, "again": again or new})

    assert "原密码不对" in change("wrong", "Abcdef12").content.decode()
    assert "不一样" in change(PASSWORD, "Abcdef12", "Abcdef13").content.decode()
    assert "太简单" in change(PASSWORD, "abcdefgh").content.decode()
    assert "太简单" in change(PASSWORD, f"{user.username}Abc-1").content.decode()
    assert "相同" in change(PASSWORD, PASSWORD).content.decode()
    assert change(PASSWORD, "Abcdef12!").status_code == 302
    assert client.get(reverse("people")).status_code == 200  # still logged in
    assert try_in(Client(), user.username, PASSWORD).status_code == 400
    entry = Entry.objects.filter(action="org.change_password", refused="").get()
    assert "argon2" not in str(entry.changes) and entry.changes[0]["fields"]["password"] == ["***", "***"]


def test_nobody_changes_the_password_of_another(user: Any, people: City) -> None:
    with pytest.raises(Refused):
        actions.change_password(user, by=people.users["系统管理员"], old=PASSWORD, new="Abcdef12!")


def test_an_account_is_made_once_and_its_password_shown_once(people: City) -> None:
    admin = Client()
    admin.force_login(people.users["系统管理员"])
    clerk = Client()
    clerk.force_login(people.users["石玲佳"])
    clerk.post(
        reverse("person_new"),
        {"staff_no": "N1", "name": "新人", "department": people.units["办公室"].pk},
    )
    person = people.units["甲局"].people.get(staff_no="N1")
    url = reverse("account_make", args=[person.pk])
    assert admin.post(url, {"username": "有 空格"}).status_code == 409
    page = admin.post(url, {"once": "a1"})
    assert "只显示这一次" in page.content.decode() and "no-store" in page["Cache-Control"]
    assert admin.post(url, {"once": "a1"}).status_code == 302
    assert admin.post(url, {"once": "a2"}).status_code == 409
    person.refresh_from_db()
    assert person.user.username == "n1" and person.user.must_change
    assert admin.post(reverse("account_switch", args=[person.pk]), {"active": "0"}).status_code == 302
    person.user.refresh_from_db()
    assert not person.user.is_active


def test_a_disabled_account_is_out_at_once(user: Any, people: City, client: Client) -> None:
    try_in(client, user.username, PASSWORD)
    actions.switch_account(user.person, by=people.users["系统管理员"], active=False)
    assert client.get(reverse("people")).status_code == 302
    assert shown(try_in(Client(), user.username, PASSWORD)).startswith("账号或密码不对")


def test_start_passwords_are_strong_and_different() -> None:
    made = {actions.accounts.start_password() for _ in range(50)}
    assert len(made) == 50
    assert all(re.search("[a-z]", p) and re.search("[A-Z]", p) and re.search("[0-9]", p) for p in made)


def test_only_the_command_line_sets_a_password(people: City) -> None:
    person = people.users["石玲佳"].person
    with pytest.raises(Refused, match="系统生成"):
        actions.make_account(person, by=people.users["系统管理员"], password="Abc12345")


def test_demo_accounts_stand_on_the_login_page_in_demo_mode_only(
    people: City, settings: Any, client: Client
) -> None:
    system, person = queries.system_user(), people.users["石玲佳"].person
    User.objects.filter(pk=person.user.pk).update(
        username="demo-office", password=make_password(site.DEMO_PASSWORD), must_change=False
    )
    assert system.is_system
    assert "演示账号" not in client.get(LOGIN).content.decode()
    assert client.post(LOGIN, {"demo": "demo-office"}).status_code == 400
    settings.DEMO = True
    text = client.get(LOGIN).content.decode()
    assert "demo-office" in text and "石玲佳" in text and "创建办" in text
    assert client.post(LOGIN, {"demo": "demo-office"}).status_code == 302
    assert client.get(reverse("org")).status_code == 200


def test_large_type_is_kept_and_comes_back_to_the_page(client: Client, db: Any) -> None:
    answer = client.post(reverse("large_type"), {"next": LOGIN})
    assert answer.url == LOGIN and client.cookies["large"].value == "1"
    assert 'data-size="large"' in client.get(LOGIN).content.decode()
    client.post(reverse("large_type"), {"next": "//evil.example/"})
    assert client.cookies["large"].value == ""
    assert client.get(reverse("large_type")).status_code == 405
