"""接续台账 of many rows and files works; with TAIZHANG_BENCH=1 at the real size, for the figures of `make bench`."""

import os
from typing import Any

import pytest

from taizhang.ledger.models import Citation, Takeover

from .bench_takeover import FILES, ITEMS, bench


@pytest.mark.django_db
def test_many_rows_and_files(settings: Any) -> None:
    items, files = (ITEMS, FILES) if os.environ.get("TAIZHANG_BENCH") == "1" else (40, 60)
    print("\n".join(bench(settings, items, files)))
    takeover = Takeover.objects.get()
    assert takeover.state == "applied", takeover.counts
    assert takeover.counts["rows"] == items and takeover.counts["files"] > files / 2
    assert Citation.objects.count() == takeover.counts["cited"] > 0
