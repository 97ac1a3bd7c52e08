"""Fixtures that many tests share."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .people import City, city


@pytest.fixture
def people(db: Any) -> City:
    """The fixed small city, in this test's database."""
    return city()


@pytest.fixture(autouse=True)
def own_store(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Bytes of each test lie in a folder of its own."""
    settings.BLOBS = tmp_path
    yield
