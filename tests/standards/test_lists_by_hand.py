"""The negative list, the conditions and the bonus list written and changed by hand, on the page and in the edition."""

from decimal import Decimal
from typing import Any

import pytest

from taizhang.standards.models import Bar, Bonus, Draft, Edition, Eligibility
from taizhang.standards.rules.entries import kept

from ..people import City
from .uploads import as_, begun, said_in, small

CLERK = "石玲佳"


def send(client: Any, draft: Draft, **fields: Any) -> Any:
    draft.refresh_from_db()
    return client.post(
        f"/standards/drafts/{draft.pk}/lists/", {"seen": draft.version, "act": "save"} | fields
    )


def listed(client: Any, draft: Draft, name: str) -> str:
    return said_in(client.get(f"/standards/drafts/{draft.pk}/lists/", {"list": name}))


def save(client: Any, draft: Draft) -> Edition:
    draft.refresh_from_db()
    fields = {"name": "小标准", "label": "第1版", "owner_kind": "creation", "seen": draft.version}
    assert client.post(f"/standards/drafts/{draft.pk}/save/", fields).status_code == 302
    return Edition.objects.get()


def test_entries_are_added_changed_moved_and_taken_out(people: City) -> None:
    client = as_(people, CLERK)
    draft = begun(client, small())
    assert "F1" in listed(client, draft, "negatives") and "是空的" in listed(client, draft, "bonuses")
    page = client.get(f"/standards/drafts/{draft.pk}/lists/", {"list": "negatives"})
    headers = page.context["form"].headers
    made = {
        f"x{n}": {"观察期（月）": "近两年", "核验部门": "市纪委监委"}.get(one, "")
        for n, one in enumerate(headers)
    }
    answer = send(
        client, draft, list="negatives", code="F2", title="干部违纪", text="受到处分", points="2.5", veto="on", **made
    )  # fmt: skip
    assert answer.status_code == 302, said_in(answer)
    assert send(client, draft, list="negatives", n="2", act="up").status_code == 302
    send(client, draft, list="bonuses", title="全国先进", text="每项加1分", points="3", code="T1")
    send(client, draft, list="bonuses", title="多写的", points="")
    send(client, draft, list="bonuses", n="2", act="remove")
    send(client, draft, list="bonuses", n="1", title="全国先进集体", text="每项加1分", points="4", code="T1")
    send(client, draft, list="eligibility", title="创建满三年", code="S1", text="", x0="看文件")
    words = listed(client, draft, "negatives")
    assert words.index("F2") < words.index("F1") and "一票否决" in words
    edition = save(client, draft)
    first, second = Bar.objects.filter(edition=edition)
    assert (first.code, first.points, first.months, first.verifier) == (
        "F2",
        Decimal("2.5"),
        24,
        "市纪委监委",
    )
    assert "否决" in first.severity and second.code == "F1" and second.consequence == "取消资格"
    [bonus] = Bonus.objects.filter(edition=edition)
    assert (bonus.title, bonus.cap, bonus.rule_text) == ("全国先进集体", Decimal(4), "每项加1分")
    [condition] = Eligibility.objects.filter(edition=edition)
    assert (condition.title, condition.judged_by) == ("创建满三年", "看文件")


def test_the_lists_of_a_saved_edition_are_changed_by_its_correction(people: City) -> None:
    client = as_(people, CLERK)
    draft = begun(client, small())
    send(client, draft, list="negatives", n="1", title="重大事故", code="F1", veto="on")
    edition = save(client, draft)
    assert "否决" in edition.bars.get().severity
    client.post(f"/standards/editions/{edition.pk}/begin/", {"how": "correct"})
    over = Draft.objects.latest("pk")
    assert "一票否决" in listed(client, over, "negatives")
    send(client, over, list="negatives", n="1", title="重大事故", code="F1", x0="一票否决")
    over.refresh_from_db()
    fields = {"name": "小标准", "label": "第1版", "owner_kind": "creation", "seen": over.version}
    assert client.post(f"/standards/drafts/{over.pk}/save/", fields).status_code == 302
    bar = edition.bars.get()
    assert bar.title == "重大事故" and "否决" not in bar.severity


def test_what_is_wrong_is_said_and_what_was_typed_stays(people: City) -> None:
    client = as_(people, CLERK)
    draft = begun(client, small())
    headers = (
        client.get(f"/standards/drafts/{draft.pk}/lists/", {"list": "negatives"}).context["form"].headers
    )
    months = f"x{headers.index('观察期（月）')}"
    answer = send(client, draft, list="negatives", title="", text="写了一半", points="-1", **{months: "很久"})
    words = said_in(answer)
    assert answer.status_code == 409 and "写了一半" in words
    for said in ("请写情形", "不能是负数", "观察期要写成几个月"):
        assert said in words
    stale = client.post(
        f"/standards/drafts/{draft.pk}/lists/",
        {"seen": draft.version - 1, "list": "bonuses", "title": "没存上的"},
    )
    assert stale.status_code == 409 and "没存上的" in stale.content.decode()
    gone = send(client, draft, list="negatives", n="9", title="甲")
    assert gone.status_code == 409 and "已经不在清单里" in said_in(gone)
    draft.refresh_from_db()
    assert draft.choices.get("lists") is None


def test_the_files_own_list_can_be_had_back(people: City) -> None:
    client = as_(people, CLERK)
    draft = begun(client, small())
    send(client, draft, list="negatives", n="1", act="remove")
    assert "是空的" in listed(client, draft, "negatives")
    send(client, draft, list="negatives", act="file")
    assert "F1" in listed(client, draft, "negatives")


@pytest.mark.parametrize(("text", "months"), [("24", "24"), ("24个月", "24"), ("近两年", "24"), ("", "")])
def test_months(text: str, months: str) -> None:
    assert kept("negatives", "观察期（月）", text) == months
