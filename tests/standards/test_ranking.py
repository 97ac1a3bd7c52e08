"""Which indicators a text can serve: by the words they share, the rarer the more."""

from decimal import Decimal

import pytest
from django.core.management import call_command

from taizhang.standards.models import Standard
from taizhang.standards.queries import wanted_of
from taizhang.standards.rules.ranking import Given, Ranking, Wanted, pairs

from .placed_texts import PLACED

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


@pytest.mark.django_db
def test_the_right_indicator_is_among_the_first_five() -> None:
    call_command("samples", verbosity=0, skip_checks=True)
    standard = Standard.objects.get(name="全国文明单位测评标准（示例）")
    edition = standard.editions.get()
    wanted, named = wanted_of(edition)
    assert len(wanted) == 259
    ranking = Ranking(wanted)
    missed = []
    for codes, title, text in PLACED:
        best = [named[each.key][0] for each in ranking.best(Given(title, text), 5)]
        if not set(codes.split()) & set(best):
            missed.append((codes, title, best))
    assert Decimal(len(missed)) / len(PLACED) <= Decimal("0.1"), missed
