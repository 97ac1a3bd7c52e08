"""A unit by the name of a day: the rule, renaming through the door, its pages."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from taizhang.journal.models import Entry
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.org import actions
from taizhang.org.models import FormerName
from taizhang.org.queries.names import name_on, names_on
from taizhang.org.rules.names import name_of
from tests.people import City

DAY = date(2020, 6, 10)
MARCH, JULY = date(2019, 3, 31), date(2018, 7, 1)


def test_the_first_name_not_yet_given_up_is_that_of_the_day() -> None:
    former = [(date(2019, 3, 31), "法制处"), (date(2018, 7, 1), "政策处")]
    assert name_of("法规处", former, date(2018, 7, 1)) == "政策处"
    assert name_of("法规处", former, date(2018, 7, 2)) == "法制处"
    assert name_of("法规处", former, date(2019, 3, 31)) == "法制处"
    assert name_of("法规处", former, date(2019, 4, 1)) == "法规处"
    assert name_of("法规处", [], DAY) == "法规处"


@pytest.fixture
def c(people: City, settings: Any) -> City:
    settings.TODAY = DAY.isoformat()
    return people


def rename(c: City, name: str, starts_on: date, by: str = "石玲佳", **more: Any) -> None:
    actions.rename_unit(c.units["法规处"], by=c.users[by], name=name, starts_on=starts_on, **more)
    c.units["法规处"].refresh_from_db()


def test_a_unit_renamed_twice_is_shown_in_the_words_of_each_day(c: City) -> None:
    law = c.units["法规处"]
    rename(c, "法治处", date(2019, 4, 1), doc_no="甲编办〔2019〕3号", short_name="法治")
    rename(c, "依法治理处", DAY)
    assert [name_on(law, day) for day in (date(2019, 3, 31), date(2019, 4, 1), date(2020, 6, 9), DAY)] == [
        "法规处", "法治处", "法治处", "依法治理处"
    ]  # fmt: skip
    with CaptureQueriesContext(connection) as asked:
        march = names_on(c.units["甲局"], MARCH)
    assert len(asked) == 2
    assert march[law.pk] == "法规处" and march[c.units["办公室"].pk] == "办公室"
    assert c.units["乙局办公室"].pk not in march
    assert names_on(c.units["甲局"], DAY)[law.pk] == "依法治理处"
    entry = Entry.objects.filter(action="org.rename_unit").first()
    assert entry and entry.label == "更名"
    assert FormerName.objects.get(name="法规处").doc_no == "甲编办〔2019〕3号"


@pytest.mark.parametrize(
    ("name", "starts_on", "said"),
    [("办公室", DAY, "已经有了"), ("法规处", DAY, "一样"), ("  ", DAY, "请写新名称"), ("法治处", date(2020, 6, 11), "还没有到")],
)  # fmt: skip
def test_a_renaming_that_cannot_be_is_refused(c: City, name: str, starts_on: date, said: str) -> None:
    with pytest.raises(Refused, match=said):
        rename(c, name, starts_on)
    assert not FormerName.objects.exists()


def test_no_renaming_before_the_last_one_nor_before_the_unit_nor_after_its_end(c: City) -> None:
    law = c.units["法规处"]
    rename(c, "法治处", date(2020, 3, 1))
    for day in (date(2020, 2, 1), date(2020, 3, 1)):
        with pytest.raises(Refused, match="上次更名"):
            rename(c, "政策处", day)
    law.starts_on = date(2020, 5, 1)
    law.save()
    with pytest.raises(Refused, match="才设立"):
        rename(c, "政策处", date(2020, 4, 1))
    law.ends_on = date(2020, 6, 9)
    law.save()
    with pytest.raises(Refused, match="撤销"):
        rename(c, "政策处", DAY)
    for name in ("朱辉斌", "乙局石玲佳"):
        with pytest.raises(NotPermitted):
            rename(c, "政策处", DAY, by=name)


def test_a_renaming_written_wrongly_is_taken_back_the_last_first(c: City) -> None:
    rename(c, "法治处", date(2020, 3, 1))
    rename(c, "政策处", date(2020, 5, 1))
    first, last = FormerName.objects.order_by("until")
    with pytest.raises(Refused, match="最近的一次"):
        actions.withdraw_rename(first, by=c.users["石玲佳"])
    actions.withdraw_rename(last, by=c.users["石玲佳"])
    c.units["法规处"].refresh_from_db()
    assert c.units["法规处"].name == "法治处" and FormerName.objects.get() == first


def test_the_pages(c: City) -> None:
    client, law = Client(), c.units["法规处"]
    client.force_login(c.users["石玲佳"])
    url = f"/org/unit/{law.pk}/rename/"
    got = client.post(url, {"name": "办公室", "starts_on": "2020-06-01", "seen": str(law.version)})
    assert (
        got.status_code == 409
        and "已经有了" in got.content.decode()
        and 'value="2020-06-01"' in got.content.decode()
    )
    assert client.post(url, {"name": "法治处", "starts_on": "六月"}).status_code == 400
    typed = {
        "name": "法治处",
        "starts_on": "2020-06-01",
        "doc_no": "甲编办〔2020〕1号",
        "seen": str(law.version),
    }
    assert client.post(url, typed).status_code == 302
    html = client.get(f"/org/unit/{law.pk}/").content.decode()
    assert "<h1>法治处</h1>" in html and "用至 2020-05-31，甲编办〔2020〕1号" in html and "法规处" in html
    former = FormerName.objects.get()
    assert client.post(f"/org/former/{former.pk}/withdraw/").status_code == 302
    assert "<h1>法规处</h1>" in client.get(f"/org/unit/{law.pk}/").content.decode()
