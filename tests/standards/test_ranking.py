"""Which indicators a text can serve: by the words they share, the rarer the more."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command

from taizhang.standards.models import Standard
from taizhang.standards.queries import wanted_of
from taizhang.standards.rules.alike import alike
from taizhang.standards.rules.ranking import Given, Ranking, Wanted, pairs

from .blind_texts import BLIND_A, BLIND_B, BLIND_C
from .placed_texts import PLACED
from .unseen_texts import CAPTIONS, FORMAL, LAST, LATER, REPORTS, UNSEEN, Unseen

SMALL = [
    Wanted(1, "道德讲堂", "每半年不少于1期", ("讲堂方案", "照片"), "核心价值观与道德建设"),
    Wanted(2, "文明餐桌", "食堂设节约提示，落实公筷制", ("食堂照片",), "文明行为养成"),
    Wanted(3, "无偿献血", "每年不少于1次", ("参与名单", "证书"), "文明实践"),
]


def first(title: str, text: str = "", wanted: list[Wanted] = SMALL) -> int | None:
    found = Ranking(wanted).best(Given(title, text))
    return found[0].key if found else None


def test_words_in_common_decide() -> None:
    assert first("第三期道德讲堂现场") == 1
    assert first("会议材料", "食堂摆放公筷，张贴节约提示") == 2
    assert first("会议材料", "无关的话" * 500) is None


def test_another_word_for_the_same_thing() -> None:
    assert first("光盘行动倡议书") == 2
    assert first("干部职工到市中心血站") == 3


def test_what_every_paper_says_tells_nothing() -> None:
    assert not pairs("关于印发的，有关单位")
    assert set(pairs("机关AB角 2020")) == {"ab"}


def test_what_was_accepted_before_adds_its_words() -> None:
    assert first("晨跑打卡") is None
    taught = [*SMALL[:2], Wanted(3, "无偿献血", learnt=("晨跑打卡表",))]
    assert first("晨跑打卡", wanted=taught) == 3


def test_best_first_and_no_more_than_asked() -> None:
    found = Ranking(SMALL).best(Given("道德讲堂和文明餐桌、无偿献血"), most=2)
    assert len(found) == 2 and found[0].score >= found[1].score


def test_a_title_that_names_no_matter_lets_the_text_speak() -> None:
    assert first("IMG_2031", "食堂里摆上了公筷") == 2
    assert first("情况汇报", "食堂摆放公筷。" + "今天天气很好。" * 30) == 2


def test_a_caption_is_found_by_what_it_means() -> None:
    """Not one pair of characters in common: the words of the field lead there, or one rare character."""
    assert first("热血小伙子来到采血车前献爱心") == 3
    assert first("剩菜一口不留") == 2


def test_other_words_are_found_whatever_their_case_and_add_nothing_to_other_matters() -> None:
    assert "AB角顶岗" in alike("重要岗位 A岗 B岗一览")
    assert alike("天气预报说明天有雨") == ""


@pytest.fixture
def place(db: None) -> Callable[[Sequence[Unseen]], list[tuple[str, str, list[str]]]]:
    """What of given texts is missed among the first five of the sample standard: codes, title, what was found."""
    call_command("samples", verbosity=0, skip_checks=True)
    standard = Standard.objects.get(name="全国文明单位测评标准（示例）")
    wanted, named = wanted_of(standard.editions.get())
    assert len(wanted) == 259
    ranking = Ranking(wanted)

    def missed(texts: Sequence[Unseen]) -> list[tuple[str, str, list[str]]]:
        found = []
        for codes, title, text in texts:
            best = [named[each.key][0] for each in ranking.best(Given(title, text), 5)]
            if not set(codes.split()) & set(best):
                found.append((codes, title, best))
        return found

    return missed


@pytest.mark.parametrize(
    ("texts", "share"),
    [(BLIND_A, "0.9"), (BLIND_B, "0.9"), (BLIND_C, "0.9"), (PLACED, "0.9"), (UNSEEN, "0.9"), (FORMAL, "0.9"), (REPORTS, "0.9"), (CAPTIONS, "0.9"), (LATER, "0.9"), (LAST, "0.65")],
    ids=["blind a", "blind b", "blind c", "placed", "unseen", "formal", "reports", "captions", "later", "last"],
)  # fmt: skip
def test_the_right_indicator_is_among_the_first_five(place: Any, texts: list[Unseen], share: str) -> None:
    missed = place(texts)
    assert 1 - Decimal(len(missed)) / len(texts) >= Decimal(share), missed
