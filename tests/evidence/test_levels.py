"""公开、内部、限定: who sees a piece, page by page; a canary in every field sings where it must not."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from taizhang.evidence import actions, jobs
from taizhang.evidence.models import Evidence, Page, Reading, ReadingState, Secrecy
from taizhang.journal.models import Entry
from taizhang.kit.errors import Refused

from .samples import deposit, jpeg

CANARY = "金丝雀"
FIELDS = ("title", "place", "people", "theme")
#: of 办公室, which deposits: its filler, its liaison, its head, its leader, the creation office,
#: and the leader of an activity group, who signs for all departments
NEAR = ("朱辉斌", "崔怡欣", "黎林波", "卢欣燕", "石玲佳", "李洋华")
#: of other departments of the same agency, and the offices that oversee it
FAR = ("白毅志", "郑审批", "市文明办", "东县文明办")
NEVER = ("乙局石玲佳", "乙局朱辉斌", "审计员", "系统管理员", "无职务")


@pytest.fixture
def piece(people: Any, settings: Any) -> Evidence:
    settings.TODAY = "2020-06-10"
    user = people.users["朱辉斌"]
    said = {name: f"{CANARY}{name}" for name in FIELDS[1:]}
    made = deposit(
        user, people.units["办公室"], f"{CANARY}.jpg", jpeg(), secrecy=Secrecy.LIMITED.value, **said
    )
    assert made.current
    jobs.thumbnail.call(made.current.pk)
    Reading.objects.filter(blob=made.current.blob).update(state=ReadingState.READ)
    Page(blob=made.current.blob, no=1, text=f"{CANARY}正文", folded=f"{CANARY}正文").save()
    actions.index_text(made.current.blob_id, f"{CANARY}正文")
    deposit(user, people.units["办公室"], "平常.pdf")
    return made


def addresses(piece: Evidence) -> list[str]:
    here = f"/evidence/{piece.pk}/"
    return [
        here, f"{here}text/", f"{here}download/", f"{here}download/1/", f"{here}thumb/", f"{here}thumb/1/", f"{here}pages/1.jpg",
        f"{here}versions/1/pages/1.jpg", f"{here}poster/1/",
    ]  # fmt: skip


LISTS = (
    "/evidence/", f"/evidence/?q={CANARY}", f"/evidence/?q={CANARY}正文", "/evidence/?sort=title", "/evidence/?kind=picture",
    "/evidence/?mine=1", "/evidence/bin/", "/evidence/statistics/", "/evidence/statistics/export/", "/evidence/verify/", "/journal/",
)  # fmt: skip


@pytest.mark.parametrize("name", [*FAR, *NEVER])
def test_those_far_away_hear_nothing(as_: Callable[[str], Client], piece: Evidence, name: str) -> None:
    client = as_(name)
    for url in addresses(piece):
        got = client.get(url)
        assert got.status_code == 404, url
    for url in LISTS:
        got = client.get(url)
        assert got.status_code in (200, 403, 404), url
        if got.status_code == 200:
            body = b"".join(got.streaming_content) if got.streaming else got.content
            text = body.decode(errors="replace").replace(f"{CANARY}正文", "" if "q=" in url else CANARY)
            told = text.replace(f'value="{CANARY}"', "").replace(f"“{CANARY}”", "") if "q=" in url else text
            told = told.replace(f"{CANARY} ·", "")
            assert not any(f"{CANARY}{field}" in told for field in FIELDS) and f">{CANARY}<" not in told, url
            assert piece.number not in told and f"/evidence/{piece.pk}/" not in told, url


@pytest.mark.parametrize("name", NEAR)
def test_those_near_see_it(as_: Callable[[str], Client], piece: Evidence, name: str) -> None:
    client = as_(name)
    page = client.get(f"/evidence/{piece.pk}/").content.decode()
    assert f"{CANARY}place" in page and "限定" in page
    listed = client.get("/evidence/").content.decode()
    assert piece.number in listed and "限定" in listed
    assert client.get(f"/evidence/{piece.pk}/download/").status_code == 200
    assert client.get(f"/evidence/{piece.pk}/thumb/1/").status_code == 200
    assert "找到 1 件" in client.get(f"/evidence/?q={CANARY}").content.decode()


def test_counts_leave_it_out(as_: Callable[[str], Client], piece: Evidence) -> None:
    assert "找到 2 件" in as_("崔怡欣").get("/evidence/").content.decode()
    far = as_("白毅志").get("/evidence/").content.decode()
    assert "找到 1 件" in far and "图片" not in far[far.index("<aside") : far.index("</aside>")], (
        "no facet counts it"
    )


def test_the_level_may_change_and_is_recorded(
    as_: Callable[[str], Client], people: Any, piece: Evidence
) -> None:
    far = as_("白毅志")
    actions.caption(piece, by=people.users["朱辉斌"], secrecy=Secrecy.INTERNAL.value)
    assert far.get(f"/evidence/{piece.pk}/").status_code == 200
    listed = far.get("/evidence/").content.decode()
    row = listed[listed.index(f"/evidence/{piece.pk}/") :][:1500]
    assert "限定" not in row and "公开" not in row, "内部 is the rule and not said"
    actions.caption(piece, by=people.users["朱辉斌"], secrecy=Secrecy.OPEN.value)
    assert "公开" in far.get("/evidence/").content.decode()
    entry = Entry.objects.filter(action="evidence.caption").latest("id")
    assert any(change.get("fields", {}).get("secrecy") == ["internal", "open"] for change in entry.changes)
    assert "范围：内部 → 公开" in far.get(f"/evidence/{piece.pk}/").content.decode()
    actions.caption(piece, by=people.users["朱辉斌"], secrecy=Secrecy.LIMITED.value)
    assert far.get(f"/evidence/{piece.pk}/").status_code == 404, "at once"
    with pytest.raises(Refused, match="没有这一种公开范围"):
        actions.caption(piece, by=people.users["朱辉斌"], secrecy="secret")


def test_the_bin_keeps_the_level(as_: Callable[[str], Client], people: Any, piece: Evidence) -> None:
    actions.remove(piece, by=people.users["朱辉斌"])
    assert piece.number in as_("崔怡欣").get("/evidence/bin/").content.decode()
    for name in ("白毅志", "市文明办", "乙局石玲佳"):
        assert piece.number not in as_(name).get("/evidence/bin/").content.decode()
        assert as_(name).post("/evidence/bin/restore/", {"one": piece.pk}).status_code == 409


def test_the_same_bytes_do_not_betray_it(people: Any, piece: Evidence) -> None:
    """Who may not see the piece is not told that its bytes are there already."""
    second = deposit(people.users["白毅志"], people.units["法规处"], "b.jpg", jpeg())
    assert second.pk != piece.pk
