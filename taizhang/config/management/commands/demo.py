"""Lay out the demo: once, in an empty system. Run again it does nothing."""

import json
from random import Random
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from taizhang.config.demo import setting
from taizhang.config.demo.cases import Case, Cases
from taizhang.config.demo.editions import half_checked, revise
from taizhang.config.demo.handed import Handed
from taizhang.config.demo.history import deposit_all, fill_demo
from taizhang.config.demo.real_life import RealLife
from taizhang.config.demo.shelf import Library
from taizhang.kit import clock


class Command(BaseCommand):
    help = "Lay out the demo data in an empty system"

    def handle(self, *args: Any, **options: Any) -> None:
        if setting.anybody():
            return
        today = clock.today()
        rng = Random(20200610)
        with transaction.atomic():  # a demo cut off in the middle leaves nothing
            stage = setting.prepare(today)
            cases = Cases(stage, rng)
            shelves = deposit_all(stage, rng)
            with clock.on(today):
                setting.name_fonds(stage.agency, stage.users["YZ099"])
                fill_demo(
                    stage.year,
                    by=stage.users["YZ099"],
                    stage=stage,
                    shelves=shelves,
                    rng=rng,
                    keep_open=cases.keeps_open,
                    smooth=cases.smooth,
                )
            lines = cases.play()
            lines += RealLife(stage).lay([case.pk for case in lines] + [cases.halted.pk])
            shelf = Library(stage)
            shelf.lay()
            lines += Handed(stage, cases, shelf).lay()
            edition, draft = revise(stage), half_checked(stage)
            lines += [
                Case("标准出了新版：换版之前先看各项会怎样变", stage.year.pk, "year_adopt"),
                Case("新旧两版标准逐项对照", edition.standard_id, "standard_compare"),
                Case("正在导入的标准：一份 Word 提纲，还有几处要核对", draft.pk, "draft"),
            ]
        setting.cases_file().write_text(
            json.dumps([[case.text, case.page, case.pk] for case in lines], ensure_ascii=False)
        )
