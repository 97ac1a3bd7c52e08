"""Fixtures that many tests share."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from .people import City, city


@pytest.fixture
def people(db: Any) -> City:
    """The fixed small city, in this test's database."""
    return city()


@pytest.fixture
def as_(people: City) -> Callable[[str], Client]:
    """A client logged in as somebody of the city."""

    def enter(name: str) -> Client:
        client = Client()
        client.force_login(people.users[name], backend="taizhang.org.backends.PersonBackend")
        return client

    return enter


@pytest.fixture(autouse=True)
def own_store(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Bytes of each test lie in a folder of its own."""
    settings.BLOBS = tmp_path
    yield
