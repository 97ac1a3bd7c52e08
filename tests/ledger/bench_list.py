"""The list of 259 items as a department's filler sees it: queries, bytes of HTML, CPU. Run by `make bench`."""

from time import process_time
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ..people import city
from .factory import TODAY, ledger

#: what the page may cost: queries, bytes before compression, seconds of CPU
LIMITS = (12, 150_000, 0.060)


def measure(user: Any, address: str = "/ledger/items/") -> tuple[int, int, float]:
    """Queries, bytes and seconds of CPU of the page, in a warm process: the least of five."""
    client = Client()
    client.force_login(user)
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
        count = len(queries)
    assert answer.status_code == 200, answer.status_code
    times = []
    for _ in range(5):
        before = process_time()
        client.get(address)
        times.append(process_time() - before)
    return count, len(answer.content), min(times)


def bench(settings: Any) -> str:
    """One line of figures; makes its own data in the database that is there."""
    settings.TODAY = TODAY.isoformat()
    people = city()
    ledger(people)
    queries, size, seconds = measure(people.users["朱辉斌"])
    return (
        f"台账 259 项：查询 {queries}（≤{LIMITS[0]}），{size / 1000:.1f} kB（≤{LIMITS[1] / 1000:.0f}），"
        f"CPU {seconds * 1000:.1f} ms（≤{LIMITS[2] * 1000:.0f}）"
    )
