"""参加单位: departments of other agencies taken into a campaign for a term."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from taizhang.campaigns import actions
from taizhang.campaigns.models import Joined
from taizhang.campaigns.queries import agencies_to_join, bodies_to_join, holders, takes_part
from taizhang.campaigns.rules.joined import crossing, standing, term_words
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.org.models import Absence, Deputy, Unit

from ..ledger.world import campaign, standard
from ..people import City

D = date


@pytest.fixture
def made(people: City, settings: Any) -> Any:
    settings.TODAY = "2020-03-02"
    return campaign(people, standard())


def join(people: City, made: Any, unit: str = "乙局法规处", **more: Any) -> Joined:
    words: dict[str, Any] = {"starts_on": D(2020, 3, 2), **more}
    joined: Joined = actions.join(made, by=people.users["石玲佳"], unit=people.units[unit], **words)
    return joined


def test_terms_that_cross() -> None:
    jan, year = (D(2020, 1, 1), D(2020, 1, 31)), (D(2020, 1, 31), None)
    assert crossing(jan, [year]) == year and crossing(year, [jan]) == jan
    assert crossing((D(2020, 2, 1), None), [jan]) is None and crossing(jan, []) is None
    assert term_words(*year) == "2020-01-31 起" and term_words(*jan) == "2020-01-01 至 2020-01-31"
    assert [standing(*jan, day) for day in (D(2019, 12, 31), D(2020, 1, 31), D(2020, 2, 1))] == [
        "未开始",
        "参加中",
        "已结束",
    ]


@pytest.mark.parametrize(
    ("unit", "more", "told"),
    [
        ("法规处", {}, "本机关自己的"), ("乙局", {}, "不是处室"), ("东县", {}, "不是处室"), ("乙局第一党支部", {}, "不是处室"),
        ("乙局法规处", {"ends_on": D(2020, 3, 1)}, "早于开始日期"),
        ("乙局法规处", {"starts_on": D(2020, 1, 1), "ends_on": D(2020, 2, 1)}, "已经过去"),
    ],
)  # fmt: skip
def test_what_cannot_take_part_is_told(
    people: City, made: Any, unit: str, more: dict[str, Any], told: str
) -> None:
    with pytest.raises(Refused, match=told):
        join(people, made, unit, **more)
    assert not Joined.objects.exists()


def test_a_unit_that_ended_and_terms_that_cross_are_refused(people: City, made: Any) -> None:
    Unit.objects.filter(pk=people.units["乙局审批处"].pk).update(ends_on=D(2020, 1, 31))
    people.units["乙局审批处"].refresh_from_db()
    with pytest.raises(Refused, match="已于 2020-01-31 撤销"):
        join(people, made, "乙局审批处")
    join(people, made, ends_on=D(2020, 6, 30))
    with pytest.raises(Refused, match="时间重叠"):
        join(people, made, starts_on=D(2020, 6, 30))
    join(people, made, starts_on=D(2020, 7, 1))
    assert takes_part(made.pk, people.units["乙局法规处"], D(2020, 6, 30))
    assert not takes_part(made.pk, people.units["乙局办公室"], D(2020, 6, 30))


def test_only_the_host_takes_in_and_ends(people: City, made: Any) -> None:
    joined = join(people, made)
    for name in ("朱辉斌", "乙局石玲佳"):
        with pytest.raises(NotPermitted):
            actions.end_join(joined, by=people.users[name], ends_on=D(2020, 5, 1))
        with pytest.raises(NotPermitted):
            actions.join(
                made, by=people.users[name], unit=people.units["丙局法规处"], starts_on=D(2020, 3, 2)
            )


def test_a_term_ends_on_a_day_and_not_before_today(people: City, made: Any) -> None:
    clerk, joined = people.users["石玲佳"], join(people, made)
    with pytest.raises(Refused, match="最早可从今天"):
        actions.end_join(joined, by=clerk, ends_on=D(2020, 3, 1))
    actions.end_join(joined, by=clerk, ends_on=D(2020, 4, 30))
    joined.refresh_from_db()
    assert joined.ends_on == D(2020, 4, 30)
    with pytest.raises(Refused, match="不能往后延"):
        actions.end_join(joined, by=clerk, ends_on=D(2020, 5, 30))
    later = join(people, made, "丙局法规处", starts_on=D(2020, 9, 1))
    actions.end_join(later, by=clerk, ends_on=D(2020, 3, 2))
    assert not Joined.objects.filter(pk=later.pk).exists()


def test_choosing_shows_names_of_agencies_and_departments_only(people: City, made: Any) -> None:
    assert [name for _, name in agencies_to_join(made, D(2020, 3, 2))] == ["乙局", "丙局"]
    client = Client()
    client.force_login(people.users["石玲佳"])
    url = reverse("join_new", args=[made.pk])
    text = client.get(url).content.decode()
    assert "乙局" in text and "乙局法规处" not in text
    text = client.get(f"{url}?agency={people.units['乙局'].pk}").content.decode()
    assert "乙局法规处" in text and "丙局法规处" not in text
    for name in people.users:
        assert not name.startswith("乙局") or name not in text, f"{name} of another agency is named"
    assert list(bodies_to_join(made, people.units["甲局"].pk, D(2020, 3, 2))) == []


def test_the_page_takes_in_lists_and_ends(people: City, made: Any) -> None:
    client = Client()
    client.force_login(people.users["石玲佳"])
    url, unit = reverse("join_new", args=[made.pk]), people.units["乙局法规处"]
    typed = {
        "agency": people.units["乙局"].pk,
        "unit": unit.pk,
        "starts_on": "2020-03-02",
        "note": "县办〔2020〕3号",
        "once": "j",
    }
    bad = client.post(url, typed | {"ends_on": "2020-01-01", "once": "b"})
    assert (
        bad.status_code == 409
        and "早于开始日期" in bad.content.decode()
        and "县办〔2020〕3号" in bad.content.decode()
    )
    wrong = client.post(url, typed | {"unit": people.units["丙局法规处"].pk, "once": "w"})
    assert wrong.status_code == 409 and "没有这个处室" in wrong.content.decode()
    assert "还没有选单位" in client.post(url, {}).content.decode()
    assert client.post(url, typed).status_code == 302
    assert client.post(url, typed).status_code == 302  # a double click
    (joined,) = Joined.objects.all()
    page = reverse("campaign", args=[made.pk])
    text = client.get(page).content.decode()
    assert "乙局法规处" in text and "参加中" in text and "县办〔2020〕3号" in text
    counts = []
    for more in (0, 1):
        if more:
            join(people, made, "丙局法规处")
            join(people, made, "丙局办公室")
        with CaptureQueriesContext(connection) as asked:
            client.get(page)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    client.post(reverse("join_end", args=[joined.pk]), {"ends_on": "2020-02-30", "once": "e0"})
    joined.refresh_from_db()
    assert joined.ends_on is None
    client.post(reverse("join_end", args=[joined.pk]), {"ends_on": "2020-03-31", "once": "e1"})
    joined.refresh_from_db()
    assert joined.ends_on == D(2020, 3, 31)


def test_a_guest_answers_with_its_own_heads_and_under_the_hosts_office(people: City, made: Any) -> None:
    host, guest = people.units["甲局"], people.units["乙局法规处"]
    person = {name: user.person.pk for name, user in people.users.items() if hasattr(user, "person")}
    before = holders(host, D(2020, 3, 2))
    assert before.heads(guest.pk) == () and before.upwards(guest.pk) == []
    join(people, made)
    with CaptureQueriesContext(connection) as asked:
        now = holders(host, D(2020, 3, 2))
    many = len(asked)
    assert now.heads(guest.pk) == (person["乙局李洋华"],) and now.liaisons_of[guest.pk] == (
        person["乙局白毅志"],
    )
    # 分管领导 is the host's, of its creation office; nobody of the guest's agency above the department is known here
    assert now.leaders(guest.pk) == (person["卢欣燕"],)
    assert person["乙局卢欣燕"] not in now.names and person["乙局石玲佳"] not in now.names
    assert now.heads_of.keys() - {guest.pk} == before.heads_of.keys()
    join(people, made, "丙局法规处")
    with CaptureQueriesContext(connection) as asked:
        holders(host, D(2020, 3, 2))
    assert len(asked) <= many + 1  # who is away is asked once for each agency
    assert holders(host, D(2020, 3, 1)).heads(guest.pk) == ()


def test_the_stand_in_of_a_guests_head_stands_in_here_too(people: City, made: Any) -> None:
    join(people, made)
    head, other = people.users["乙局李洋华"].person, people.users["乙局白毅志"].person
    Deputy(person=head, stand_in=other, rank=1).save()
    Absence(person=head, kind="leave", starts_on=D(2020, 3, 2), ends_on=D(2020, 3, 5)).save()
    assert holders(people.units["甲局"], D(2020, 3, 2)).stand_ins == {head.pk: other.pk}
