"""Where somebody is logged in, and how that ends: real logins of real clients, files of sessions and all."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from taizhang.journal.models import Entry
from taizhang.kit import clock, sessions
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.org import actions
from taizhang.org.models import Absence, Deputy, Person, Post, Session, User
from taizhang.org.permits import Permit, Role
from taizhang.org.queries import may
from taizhang.org.rules.browsers import browser_words, idle_words, place_words, start_password_over

from ..people import PASSWORD, City

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"
EDGE = f"{CHROME} Edg/120.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile Safari/604.1"
LOGIN = "/org/login/"


@pytest.fixture
def account(people: City) -> Any:
    user = people.users["石玲佳"]
    user.password = make_password(PASSWORD)
    user.save()
    return user


def enter(user: Any, agent: str = CHROME, password: str = PASSWORD, address: str = "10.0.0.7") -> Client:
    client = Client(headers={"user-agent": agent}, REMOTE_ADDR=address)
    answer = client.post(LOGIN, {"username": user.username, "password": password})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return client


def keeper(people: City) -> Client:
    client = Client()
    client.force_login(people.users["系统管理员"])
    return client


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def inside(client: Client) -> bool:
    return client.get(reverse("people")).status_code == 200


def test_a_browser_is_told_in_words() -> None:
    assert browser_words(CHROME) == "谷歌浏览器，微软系统电脑"
    assert browser_words(EDGE) == "微软浏览器，微软系统电脑"
    assert browser_words(PHONE) == "苹果浏览器，苹果手机"
    assert browser_words("") == browser_words("\x00<b>") == "其他浏览器，其他设备"
    assert (place_words("127.0.0.1"), place_words("10.1.2.3")) == ("服务器本机", "内网 10.1.2.3")
    assert (place_words("8.8.8.8"), place_words("x")) == ("外网 8.8.8.8", "地址不明")
    assert (idle_words(59), idle_words(61)) == ("刚刚", "1 分钟前")
    assert not start_password_over(14, 14) and start_password_over(15, 14)


def test_no_key_of_a_session_lies_anywhere(account: Any) -> None:
    client = enter(account)
    key = client.cookies["sessionid"].value
    row = Session.objects.get(user=account)
    assert row.key_hash == sessions.digest(key) and key not in row.key_hash
    names = [path.name for path in Path(site.SESSION_FILE_PATH).iterdir()]
    assert f"sessionid{row.key_hash}" in names and not any(key in name for name in names)
    assert key not in str(list(Entry.objects.values()))


def test_the_page_lists_every_login_and_says_which_is_this_one(account: Any) -> None:
    first, second = enter(account), enter(account, PHONE, address="8.8.4.4")
    text = words(first.get(reverse("account")))
    assert "谷歌浏览器，微软系统电脑 本次" in text and "内网 10.0.0.7" in text
    assert "苹果浏览器，苹果手机" in text and "外网 8.8.4.4" in text and "2 处" in text
    second.post(reverse("logout"))
    assert "1 处" in words(first.get(reverse("account")))
    assert not inside(second)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_one_login_is_ended_from_another(account: Any) -> None:
    first, second = enter(account), enter(account, PHONE)
    row = Session.objects.get(key_hash=sessions.digest(second.cookies["sessionid"].value))
    assert inside(second)
    first.post(reverse("session_end", args=[row.pk]), {"once": "e1"})
    answer = second.get(reverse("people"))
    assert answer.status_code == 302 and "ended=1" in answer.url and answer.url.startswith(LOGIN)
    assert "已被退出" in words(Client().get(answer.url))
    assert inside(first)
    # 已退出的再退一次：没有这一处登录
    assert first.post(reverse("session_end", args=[row.pk]), {"once": "e2"}).status_code == 404
    third = enter(account)
    assert first.post(reverse("sessions_end")).status_code == 302
    assert inside(first) and not inside(third)
    refused = first.post(reverse("sessions_end"))
    assert refused.status_code == 409 and "没有可退出的登录" in words(refused)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_request_that_was_under_way_does_not_bring_a_login_back(account: Any) -> None:
    client = enter(account)
    key = client.cookies["sessionid"].value
    store = sessions.SessionStore(key)
    store["x"] = 1  # a page that had begun before
    actions.end_sessions(account, by=account)
    with pytest.raises(UpdateError):
        store.save()
    assert sessions.idle(sessions.digest(key)) is None and not inside(client)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_another_password_ends_all_others_at_once(account: Any) -> None:
    first, second = enter(account), enter(account, PHONE)
    was = first.cookies["sessionid"].value
    answer = first.post(
        reverse("password_change"), {"old": PASSWORD, "new": "Neu-Pass-2026", "again": "Neu-Pass-2026"}
    )
    assert answer.status_code == 302
    assert inside(first) and not inside(second)
    now = first.cookies["sessionid"].value
    assert was != now  # the old key opens nothing
    assert "本次" in words(first.get(reverse("account")))
    assert enter(account, password="Neu-Pass-2026")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("how", ["switch", "reset", "leave", "sessions"])
def test_who_is_let_go_is_out_at_the_next_request(account: Any, people: City, how: str) -> None:
    first, second = enter(account), enter(account, PHONE)
    assert inside(first) and inside(second)
    admin, person = keeper(people), account.person
    if how == "leave":
        actions.leave(person, by=people.users["马华斌"])
    else:
        url = {"switch": "account_switch", "reset": "account_reset", "sessions": "person_sessions_end"}[how]
        assert admin.post(reverse(url, args=[person.pk]), {"active": "0", "once": how}).status_code in (
            200,
            302,
        )
    for client in (first, second):
        assert client.get(reverse("people")).url.startswith(LOGIN)
    if how == "switch":  # 重新启用：旧的登录不会复活
        admin.post(reverse("account_switch", args=[person.pk]), {"active": "1", "once": "on"})
        assert not inside(first)
        assert enter(account)


def test_the_keeper_sees_and_ends_anybodys_login_and_others_do_not(account: Any, people: City) -> None:
    enter(account, EDGE)
    row = Session.objects.get(user=account)
    admin = keeper(people)
    text = words(admin.get(reverse("person", args=[account.person.pk])))
    assert "正在登录 1 处" in text and "微软浏览器" in text
    colleague = Client()
    colleague.force_login(people.users["朱辉斌"])
    assert "正在登录" not in words(colleague.get(reverse("person", args=[account.person.pk])))
    assert colleague.post(reverse("session_end", args=[row.pk])).status_code == 403
    with pytest.raises(NotPermitted):
        actions.end_sessions(account, by=people.users["朱辉斌"])
    assert admin.post(reverse("session_end", args=[row.pk]), {"once": "k"}).status_code == 302
    entry = Entry.objects.get(action="org.end_sessions", refused="")
    assert entry.actor_id == people.users["系统管理员"].pk and entry.subject_id == account.pk


def test_a_login_that_ran_out_is_listed_no_more(account: Any, settings: Any) -> None:
    client = enter(account)
    other = enter(account, PHONE)
    path = Path(site.SESSION_FILE_PATH) / f"sessionid{sessions.digest(other.cookies['sessionid'].value)}"
    path.unlink()
    assert "1 处" in words(client.get(reverse("account")))
    assert "timeout=1" in other.get(reverse("people")).url
    enter(account)
    assert Session.objects.filter(user=account).count() == 2  # the row of the one that ran out is gone


def test_a_page_asks_nothing_more_of_the_database_for_all_this(account: Any) -> None:
    forced, real = Client(), enter(account)
    forced.force_login(account)
    forced.get(reverse("permits"))
    counts = []
    for client in (forced, real):
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("people"))
        counts.append(len(asked))
        assert not [one for one in asked if "session" in one["sql"].lower()]
        assert not [one for one in asked if one["sql"].startswith(("INSERT", "UPDATE", "BEGIN"))]
    assert counts[0] == counts[1]


def test_lists_of_logins_cost_the_same_for_one_and_for_twenty(account: Any) -> None:
    client = enter(account)
    counts = []
    for more in (0, 19):
        for _ in range(more):
            enter(account, PHONE)
        with CaptureQueriesContext(connection) as asked:
            assert f"{more + 1} 处" in words(client.get(reverse("account")))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def roster(people: City, count: int) -> list[Person]:
    made = []
    for at in range(count):
        person = Person(
            agency=people.units["甲局"],
            staff_no=f"NEW{at:02}",
            name=f"新人{at}",
            name_key=f"新人{at}",
            order=500 + at,
        )
        person.save()
        made.append(person)
    return made


def slips_of(answer: Any) -> list[tuple[str, str, str]]:
    """Name, account, password as printed."""
    return re.findall(
        r'<section class="slip"><h3>([^<]+)<.*?class="code">([^<]+)</dd>.*?letter-spacing:2px">([^<]+)<',
        answer.content.decode(), re.S,
    )  # fmt: skip


def test_accounts_are_made_from_the_roster_and_printed_once(people: City, caplog: Any) -> None:
    fresh = roster(people, 11)
    admin = keeper(people)
    url = reverse("accounts_make")
    form = admin.get(url)
    assert "还没有账号的 11 人" in words(form)
    assert (
        'class="tb rows pick' in form.content.decode()
    )  # on a phone only such lists keep their boxes to tick
    picked = [person.pk for person in fresh]
    answer = admin.post(url, {"person": picked, "once": "m1"})
    slips = slips_of(answer)
    assert len(slips) == 11 and answer.content.decode().count('class="slips"') == 2  # ten on a sheet
    assert "no-store" in answer["Cache-Control"]
    text = words(answer)
    assert (
        "http://testserver/" in text and "首次登录须改密码" in text and "14 天内" in text and "甲局" in text
    )
    assert len({password for _, _, password in slips}) == 11
    again = admin.post(url, {"person": picked, "once": "m1"})  # a double click: no second set of passwords
    assert again.status_code == 302 and not slips_of(again)
    name, username, password = slips[3]
    client = Client()
    assert client.post(LOGIN, {"username": username, "password": password}).status_code == 302
    assert client.get(reverse("people")).url == reverse("password_change")
    kept = str(list(Entry.objects.values())) + str(list(User.objects.values())) + caplog.text
    files = "".join(
        path.read_text(errors="replace") for path in Path(site.SESSION_FILE_PATH).iterdir() if path.is_file()
    )
    for _, _, one in slips:
        assert one not in kept and one not in files
    entry = Entry.objects.get(action="org.make_accounts", refused="")
    assert len([note for note in entry.changes if note["kind"] == "org.user"]) == 11
    assert all(name.startswith("新人") for name, _, _ in slips)


def test_accounts_that_cannot_be_made_are_told_and_none_is_made(people: City) -> None:
    admin, (one, two) = keeper(people), roster(people, 2)
    url = reverse("accounts_make")
    assert "没有选人" in words(admin.post(url, {"once": "n"}))
    users = User.objects.count()
    taken = people.users["朱辉斌"]
    Person.objects.filter(pk=two.pk).update(staff_no=taken.username.upper())
    answer = admin.post(url, {"person": [one.pk, two.pk], "once": "t"})
    assert answer.status_code == 409 and "已是别人的账号" in words(answer)
    assert f'value="{one.pk}" id="p{one.pk}" aria-label="选 新人0" checked' in answer.content.decode()
    with pytest.raises(Refused) as told:
        actions.make_accounts(
            people.units["甲局"], by=people.users["系统管理员"],
            people=[people.users["乙局石玲佳"].person, people.users["石玲佳"].person],
        )  # fmt: skip
    assert [line[-8:] for line in told.value.problems] == ["不是本机关的人。", "玲佳”已有账号。"]
    with pytest.raises(Refused, match="最多开通 100 个"):
        actions.make_accounts(people.units["甲局"], by=people.users["系统管理员"], people=[one] * 101)
    with pytest.raises(NotPermitted):
        actions.make_accounts(people.units["甲局"], by=people.users["石玲佳"], people=[one])
    assert User.objects.count() == users


def test_a_start_password_ends_after_its_days_and_is_given_out_anew(people: City, settings: Any) -> None:
    settings.TODAY = "2026-03-02"
    (person,) = roster(people, 1)
    admin = keeper(people)
    ((_, username, password),) = slips_of(
        admin.post(reverse("accounts_make"), {"person": [person.pk], "once": "s"})
    )

    def enters() -> Any:
        return Client().post(LOGIN, {"username": username, "password": password})

    settings.TODAY = str(date(2026, 3, 2) + timedelta(days=14))
    assert enters().status_code == 302
    settings.TODAY = str(date(2026, 3, 2) + timedelta(days=15))
    answer = enters()
    assert answer.status_code == 400 and "初始密码已超过 14 天没有修改" in words(answer)
    ((_, _, password),) = slips_of(admin.post(reverse("account_reset", args=[person.pk]), {"once": "r"}))
    client = Client()
    assert client.post(LOGIN, {"username": username, "password": password}).status_code == 302
    client.post(reverse("password_change"), {"old": password, "new": "Mein-Wort-1", "again": "Mein-Wort-1"})
    settings.TODAY = "2026-12-31"
    assert Client().post(LOGIN, {"username": username, "password": "Mein-Wort-1"}).status_code == 302


def test_the_page_of_accounts_asks_the_same_for_one_and_for_forty(people: City) -> None:
    admin, counts = keeper(people), []
    roster(people, 1)
    for more in (0, 39):
        for at in range(more):
            Person(agency=people.units["甲局"], staff_no=f"Q{at}", name=f"甲{at}", name_key=f"甲{at}").save()
        with CaptureQueriesContext(connection) as asked:
            assert f"还没有账号的 {more + 1} 人" in words(admin.get(reverse("accounts_make")))
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("away", [False, True])
def test_permission_answers_cost_the_same_for_one_and_for_fifty_posts(people: City, away: bool) -> None:
    """One query, however many posts; a fixed number more on a day when somebody is away."""
    user, today = (
        people.users["无职务"] if "无职务" in people.users else people.users["朱辉斌"],
        clock.today(),
    )
    absent = people.users["黎林波"].person
    if away:
        Deputy(person=absent, stand_in=user.person, rank=1).save()
        Absence(person=absent, kind="leave", starts_on=today, ends_on=today).save()
    counts = []
    for many in (1, 50):
        for at in range(Post.objects.filter(person=user.person).count(), many):
            Post(
                person=user.person,
                unit=people.units["甲局"],
                role=Role.MEMBER,
                starts_on=today - timedelta(days=at),
            ).save()
        fresh = User.objects.select_related("person__agency").get(pk=user.pk)
        with CaptureQueriesContext(connection) as asked:
            for unit in people.units.values():
                for permit in Permit:
                    may(fresh, permit, unit)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] == 1 if not away else counts[0] <= 3
