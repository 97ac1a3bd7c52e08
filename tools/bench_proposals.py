"""How often the right indicator is proposed, and what it costs: `python -m tools.bench_proposals`, or in `make bench`.

The texts are those of `tests.standards` (who wrote which with what knowledge stands there); the indicators are the 259 of
the sample standard; the pieces of the second part are the newest of the demo, laid out in a data folder of its own.
"""

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

PIECES = 50
LONG = 6000  # characters of the long text


def say(name: str, value: str, bound: str = "") -> None:
    print(f"| {name} | {value} | {bound} |", flush=True)


def shares() -> None:
    """First place and the first five, of each set of texts; CPU of one question."""
    from taizhang.standards.models import Standard  # noqa: PLC0415 -- slow import
    from taizhang.standards.queries import wanted_of  # noqa: PLC0415 -- slow import
    from taizhang.standards.rules.ranking import Given, Ranking  # noqa: PLC0415 -- slow import
    from tests.standards import blind_texts, placed_texts, unseen_texts  # noqa: PLC0415 -- slow import

    edition = Standard.objects.get(name="全国文明单位测评标准（示例）").editions.get()
    wanted, named = wanted_of(edition)
    ranking = Ranking(wanted)
    ranking.best(Given("", ""))
    for name, texts, bound in (
        (
            "texts of three who had read the standard and nothing else (first run 97.7%)",
            blind_texts.BLIND,
            "≥ 90 %",
        ),
        ("texts of one who knew the list", placed_texts.PLACED, "≥ 90 %"),
        ("texts written before opening the ranking (first run 56.1%, 73.2%)", unseen_texts.UNSEEN, "≥ 90 %"),
        ("  of them formal papers", unseen_texts.FORMAL, ""),
        ("  of them reports and records", unseen_texts.REPORTS, ""),
        ("  of them captions", unseen_texts.CAPTIONS, ""),
        ("a second lot, after the first mending (first run 52.9%, 73.5%)", unseen_texts.LATER, ""),
        ("a last lot, hard captions, no word added for it (first run 41.2%, 58.8%)", unseen_texts.LAST, ""),
    ):
        first = five = 0
        began = time.process_time()
        for right, title, text in texts:
            best = [named[each.key][0] for each in ranking.best(Given(title, text), 5)]
            first += best[:1] != [] and best[0] in right.split()
            five += bool(set(right.split()) & set(best))
        each = (time.process_time() - began) / len(texts) * 1000
        value = f"{len(texts)}: {first / len(texts):.1%}, {five / len(texts):.1%}, {each:.1f}"
        say(f"{name}: first place, first five, CPU ms each", value, bound)
    long = " ".join(text for _, _, text in unseen_texts.UNSEEN)[:LONG]
    began = time.process_time()
    for _ in range(20):
        ranking.best(Given("情况汇报", long), 5)
    cpu = (time.process_time() - began) / 20 * 1000
    say(f"one file of {len(long)} characters against {len(wanted)} indicators (CPU ms)", f"{cpu:.1f}")


def proposals() -> None:
    """`proposals_for` on the demo's ledger of 259 items, whole: the words of the items first made, then kept."""
    from django.db import connection  # noqa: PLC0415 -- slow import
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 -- slow import

    from taizhang.evidence.queries import evidence_for  # noqa: PLC0415 -- slow import
    from taizhang.kit import clock  # noqa: PLC0415 -- slow import
    from taizhang.ledger.models import Item  # noqa: PLC0415 -- slow import
    from taizhang.ledger.queries.proposals import proposals_for  # noqa: PLC0415 -- slow import
    from taizhang.org.models import User  # noqa: PLC0415 -- slow import

    user = User.objects.get(username="demo-zerenren")
    pieces = list(evidence_for(user).select_related("current").order_by("-pk")[:PIECES])
    today = clock.today()
    for name in ("first asked", "asked again"):
        with CaptureQueriesContext(connection) as queries:
            began = time.process_time()
            proposals_for(user, pieces, today)
            cpu = time.process_time() - began
        value = (
            f"{len(queries)} queries, {cpu * 1000:.0f} ms, {cpu / max(1, len(pieces)) * 1000:.1f} ms a piece"
        )
        say(f"proposals for {len(pieces)} pieces, {Item.objects.count()} items, {name}: queries, CPU", value)


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="taizhang-bench-"))
    try:
        os.environ |= {"TAIZHANG_HOME": str(folder), "DJANGO_SETTINGS_MODULE": "taizhang.config.settings"}
        _prepare(folder)
        print("| proposals | measured | bound |\n|---|---|---|")
        import django  # noqa: PLC0415 -- slow import

        django.setup()
        shares()
        proposals()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _prepare(folder: Path) -> Any:
    """A database with the samples and the demo's year."""
    from tools.bench import run  # noqa: PLC0415 -- the same steps as the bench's

    run(folder, "prepare")
    return run(folder, "demo", module="manage")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    main()
