"""What can happen to evidence, through the door."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from taizhang.evidence import actions, queries
from taizhang.evidence.models import Blob, Evidence, EvidenceState, Version
from taizhang.journal.models import Entry
from taizhang.kit import clock
from taizhang.kit.errors import NotPermitted, Refused, Stale
from taizhang.kit.files import store
from taizhang.org.action import action
from taizhang.org.permits import Permit

from .samples import PDF, deposit, jpeg, put


@action("test.use", "测试引用", (Permit.EVIDENCE_VIEW, "agency"))
def use(evidence: Evidence, *, by: Any, times: int = 1, drop: bool = False, fail: bool = False) -> Evidence:
    for _ in range(times):
        (actions.release if drop else actions.hold)(evidence)
    if fail:
        raise Refused("不行")
    return evidence


@pytest.fixture
def filler(people: Any) -> Any:
    return people.users["朱辉斌"]


@pytest.fixture
def office(people: Any) -> Any:
    return people.units["办公室"]


def test_deposit_writes_blob_evidence_version_and_entry(people: Any, filler: Any, office: Any) -> None:
    stored = put(PDF, "关于创建的通知.pdf")
    made = actions.deposit(
        office, by=filler, stored=stored, original_name="关于创建的通知.pdf", doc_no="示人办发〔2020〕18号"
    )
    assert made.number == f"材-{clock.today().year}-000001"
    assert (made.kind, made.title, made.agency.name) == ("document", "关于创建的通知", "甲局")
    assert made.by == filler.person
    assert made.current.no == 1 and made.current.original_name == "关于创建的通知.pdf"
    assert (made.current.blob.sha256, made.current.blob.sm3) == (stored.sha256, stored.sm3)
    assert made.current.blob.mime == "application/pdf"
    assert store().digest(stored.sha256) == stored.sha256
    entry = Entry.objects.get(action="evidence.deposit")
    assert entry.subject_kind == "evidence.evidence" and entry.subject_id == made.pk
    assert entry.chain == people.units["甲局"].pk
    assert {"evidence.blob", "evidence.version", "evidence.evidence"} <= {
        note["kind"] for note in entry.changes
    }


def test_receipts_count_per_agency_without_gaps(people: Any, filler: Any, office: Any) -> None:
    first = deposit(filler, office)
    with pytest.raises(Refused):
        deposit(filler, office, happened_on=clock.today() + timedelta(1))
    second = deposit(filler, office)
    other = deposit(people.users["乙局朱辉斌"], people.units["乙局办公室"])
    assert [each.number[-6:] for each in (first, second, other)] == ["000001", "000002", "000001"]


def test_deposit_needs_the_right_on_that_unit(people: Any, filler: Any) -> None:
    for name in ("法规处", "乙局办公室"):
        with pytest.raises(NotPermitted):
            deposit(filler, people.units[name])
    with pytest.raises(NotPermitted):
        deposit(people.users["卢欣燕"], people.units["办公室"])
    assert not Evidence.objects.exists()
    assert Entry.objects.exclude(refused="").count() == 3
    deposit(people.users["石玲佳"], people.units["法规处"])  # the creation office may for all


def test_same_bytes_point_to_the_piece_that_is_there(people: Any, filler: Any, office: Any) -> None:
    first = deposit(filler, office, "方案.pdf", PDF)
    with pytest.raises(actions.AlreadyHere) as caught:
        deposit(people.users["白毅志"], people.units["法规处"], "另名.pdf", PDF)
    assert caught.value.evidence == first
    assert "库里已有同一文件：“方案”" in caught.value.message and "可直接引用" in caught.value.message
    second = deposit(people.users["白毅志"], people.units["法规处"], "另名.pdf", PDF, again=True)
    assert second.current.blob == first.current.blob and Blob.objects.count() == 1
    other = deposit(
        people.users["乙局朱辉斌"], people.units["乙局办公室"], "方案.pdf", PDF
    )  # nothing is told across
    assert other.current.blob == first.current.blob


def test_same_bytes_do_not_tell_of_a_limited_piece(people: Any, filler: Any, office: Any) -> None:
    deposit(filler, office, "方案.pdf", PDF, secrecy="limited")
    assert deposit(people.users["白毅志"], people.units["法规处"], "方案.pdf", PDF).pk


def test_once_key_gives_the_first_answer(filler: Any, office: Any) -> None:
    stored = put(PDF, "a.pdf")
    call = lambda: actions.deposit(office, by=filler, once="k1", stored=stored, original_name="a.pdf")  # noqa: E731
    assert call() == call()
    assert Evidence.objects.count() == 1 and Entry.objects.filter(action="evidence.deposit").count() == 1


def test_deposit_link(filler: Any, office: Any) -> None:
    made = actions.deposit_link(office, by=filler, url=" https://example.org/a?b=1 ", title="")
    assert (made.kind, made.url, made.title, made.current) == (
        "link",
        "https://example.org/a?b=1",
        "example.org",
        None,
    )
    assert made.number.endswith("000001")


@pytest.mark.parametrize(
    "url",
    ["", "javascript:alert(1)", "data:text/html,x", "ftp://a.b/c", "//evil.org", "/\\evil", "file:///etc/passwd",
     "https://a b.org", "http://u:p@example.org/", "https://example.org/" + "x" * 500],
)  # fmt: skip
def test_bad_links_are_refused(filler: Any, office: Any, url: str) -> None:
    with pytest.raises(Refused) as caught:
        actions.deposit_link(office, by=filler, url=url, title="x")
    assert "网址" in caught.value.message
    assert not Evidence.objects.exists()


def test_add_version_keeps_the_old_one(people: Any, filler: Any, office: Any) -> None:
    made = deposit(filler, office, "a.pdf", PDF)
    first = made.current
    again = actions.add_version(made, by=filler, stored=put(PDF + b"2", "b.pdf"), original_name="b.pdf")
    assert again.pk == made.pk and again.current.no == 2 and again.current.original_name == "b.pdf"
    assert [each.no for each in Version.objects.all()] == [1, 2]
    assert Version.objects.get(pk=first.pk).blob == first.blob
    with pytest.raises(Refused, match="一模一样"):
        actions.add_version(made, by=filler, stored=put(PDF + b"2", "b.pdf"), original_name="b.pdf")
    with pytest.raises(NotPermitted, match="只有该处室"):
        actions.add_version(
            made, by=people.users["白毅志"], stored=put(PDF + b"3", "b.pdf"), original_name="b.pdf"
        )
    with pytest.raises(NotPermitted):
        actions.add_version(
            made, by=people.users["乙局石玲佳"], stored=put(PDF + b"3", "b.pdf"), original_name="b.pdf"
        )
    link = actions.deposit_link(office, by=filler, url="https://example.org", title="x")
    with pytest.raises(Refused, match="链接"):
        actions.add_version(link, by=filler, stored=put(PDF, "b.pdf"), original_name="b.pdf")


def test_caption_by_the_unit_or_the_depositor(people: Any, filler: Any, office: Any) -> None:
    made = deposit(filler, office, "IMG.jpg", jpeg())
    seen = made.version
    actions.caption(
        made, by=people.users["崔怡欣"], seen=seen, place="三楼会议室", people="全体", theme="调度会"
    )
    assert Evidence.objects.get().place == "三楼会议室"
    with pytest.raises(Stale):
        actions.caption(made, by=filler, seen=seen, place="二楼")
    with pytest.raises(NotPermitted):
        actions.caption(made, by=people.users["白毅志"], place="x")
    # who deposited it may mend it after moving on
    filler.person.posts.filter(unit=office).update(ends_on=clock.today() - timedelta(1))
    actions.caption(made, by=filler, place="四楼")
    assert Evidence.objects.get().place == "四楼"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": " "}, "名称是空的"),
        ({"kind": "link"}, "类别不对"),
        ({"kind": "sonst"}, "类别不对"),
        ({"secrecy": "top"}, "公开范围"),
        ({"place": "长" * 121}, "“地点”有 121 个字，最多 120 个"),
        ({"theme": "a\x00b"}, "控制字符"),
        ({"title": "机密★1年 会议纪要"}, "密级“机密”"),
    ],
)
def test_bad_captions_are_refused(filler: Any, office: Any, fields: dict[str, Any], words: str) -> None:
    made = deposit(filler, office)
    with pytest.raises(Refused, match=words):
        actions.caption(made, by=filler, **fields)
    with pytest.raises(Refused, match="还没有到"):
        actions.caption(made, by=filler, happened_on=clock.today() + timedelta(1))
    assert Evidence.objects.get().version == made.version


def test_caption_ignores_nothing_silently(filler: Any, office: Any) -> None:
    made = deposit(filler, office)
    with pytest.raises(TypeError):
        actions.caption(made, by=filler, uses=9)


def test_hold_and_release_count_exactly(people: Any, filler: Any, office: Any) -> None:
    made = deposit(filler, office)
    use(made, by=filler, times=3)
    use(made, by=filler, drop=True)
    assert Evidence.objects.get().uses == made.uses == 2
    with pytest.raises(Refused):
        use(made, by=filler, times=2, fail=True)
    assert Evidence.objects.get().uses == 2
    assert Evidence.objects.get().version == made.version, "a caption form open elsewhere is not stale"
    with pytest.raises(Refused, match="对不上"):
        use(made, by=filler, times=3, drop=True)
    assert Evidence.objects.get().uses == 2
    entry = Entry.objects.filter(action="test.use").order_by("id").first()
    assert entry and [note["fields"]["uses"] for note in entry.changes] == [[0, 1], [1, 2], [2, 3]]


def test_hold_outside_an_action_is_an_error(filler: Any, office: Any) -> None:
    made = deposit(filler, office)
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.hold(made)
    assert Evidence.objects.get().uses == 0


def test_remove_only_what_nobody_uses(people: Any, filler: Any, office: Any) -> None:
    made = deposit(filler, office)
    use(made, by=filler)
    with pytest.raises(Refused, match="还有 1 处在引用"):
        actions.remove(made, by=filler)
    use(made, by=filler, drop=True)
    with pytest.raises(NotPermitted):
        actions.remove(made, by=people.users["白毅志"])
    actions.remove(made, by=filler)
    assert Evidence.objects.get().state == EvidenceState.BINNED
    with pytest.raises(Refused, match="已移出材料库，不能引用"):
        use(made, by=filler)
    with pytest.raises(Refused, match="已经移除"):
        actions.remove(made, by=filler)
    with pytest.raises(Refused, match="移出"):
        actions.add_version(made, by=filler, stored=put(PDF + b"9", "b.pdf"), original_name="b.pdf")
    actions.restore(made, by=filler)
    use(made, by=filler)
    assert Evidence.objects.get().state == EvidenceState.LIVE
    with pytest.raises(Refused, match="本来就在"):
        actions.restore(made, by=filler)


def test_limited_is_seen_by_the_unit_its_signers_and_the_office(
    people: Any, filler: Any, office: Any
) -> None:
    made = deposit(filler, office, secrecy="limited")
    plain = deposit(filler, office)
    sees = {
        name for name, user in people.users.items() if queries.evidence_for(user).filter(pk=made.pk).exists()
    }
    assert sees == {"朱辉斌", "崔怡欣", "黎林波", "石玲佳", "马华斌", "卢欣燕", "李洋华"}
    everyone = {
        name for name, user in people.users.items() if queries.evidence_for(user).filter(pk=plain.pk).exists()
    }
    assert everyone == sees | {"白毅志", "郑审批", "市文明办", "东县文明办"}


def test_addable_units_put_the_own_department_first(people: Any, filler: Any) -> None:
    assert [str(unit) for unit in queries.addable_units(filler)] == ["办公室"]
    assert str(queries.addable_units(people.users["石玲佳"])[0]) == "机关党委"
    assert str(queries.addable_units(people.users["黎林波"])[0]) == "办公室"
    assert queries.addable_units(people.users["卢欣燕"]) == []
    assert queries.addable_units(people.users["市文明办"]) == []


def test_a_refused_file_is_on_record(people: Any, filler: Any, office: Any) -> None:
    with pytest.raises(Refused, match="程序文件"):
        try:
            put(b"MZ\x90", "a.exe")
        except Refused as refusal:
            actions.refuse(office, by=filler, refusal=refusal)
    entry = Entry.objects.get()
    assert entry.action == "evidence.refuse" and "a.exe" in entry.refused
