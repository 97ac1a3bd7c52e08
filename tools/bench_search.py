"""Search over 100,000 stored pages, asked as a department's filler: `python -m tools.bench_search`, or in `make bench`.

The pages are made here, in a data folder of their own: 10,000 files of ten pages, some 3,000 different characters, as
often as in Chinese writing (few very common, many rare), words that come again, numbers of documents, Latin words.
"""

import os
import random
import shutil
import sys
import tempfile
import time
from datetime import date
from itertools import accumulate
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FILES, PAGES, SENTENCES, LETTERS = 10_000, 10, 15, 3000
POOL = 120_000  # different sentences


def texts() -> tuple[list[str], list[str]]:
    """Sentences, and the words they are made of, the commonest first; the same at each run."""
    chance = random.Random(5)
    letters = ["的", "一", "是", "在", "工", "作", *map(chr, range(0x4E00, 0x4E00 + 6 * LETTERS, 6))][
        :LETTERS
    ]
    often = list(accumulate(1 / (rank + 6) for rank in range(LETTERS)))
    words = ["创建", "文明单位", "领导小组", "党建引领", "志愿服务", "道德讲堂", "civil", "2020"]
    seen = set(words)
    while len(words) < 30_000:
        word = "".join(chance.choices(letters, cum_weights=often, k=chance.choice((1, 2, 2, 2, 2, 3, 4))))
        if word not in seen:
            seen.add(word)
            words.append(word)
    weight = list(accumulate(1 / (rank + 12) for rank in range(len(words))))
    made = []
    for number in range(POOL):
        body = "".join(chance.choices(words, cum_weights=weight, k=chance.randint(8, 20)))
        if number % 40 == 0:
            body = f"根据云政办发〔20{10 + number % 11}〕{number % 97 + 1}号，{body}"
        made.append(body)
    return made, words


def fill() -> Any:
    """Lay the files in; the user who asks. Rows are written as the product writes them, but many at once."""
    from django.db import connection, transaction  # noqa: PLC0415 -- slow import
    from django.utils import timezone  # noqa: PLC0415 -- slow import

    from taizhang.evidence.models import Blob, Evidence, Page, Reading, Version  # noqa: PLC0415 -- slow import
    from taizhang.evidence.rules import words as rules  # noqa: PLC0415 -- slow import
    from tests.people import city  # noqa: PLC0415 -- slow import

    world = city()
    pool, _ = texts()
    folded = [rules.fold(one).text for one in pool]
    chance, now = random.Random(7), timezone.now()
    units = [world.units[name] for name in ("办公室", "法规处", "审批处")]
    person = world.users["朱辉斌"].person
    for start in range(0, FILES, 500):
        with transaction.atomic(), connection.cursor() as cursor:
            numbers = range(start, start + 500)
            blobs = Blob.objects.bulk_create(
                Blob(sha256=f"{n:064x}", sm3=f"{n:064x}", size=40_000 + n, mime="application/pdf", stored_at=now) for n in numbers
            )  # fmt: skip
            pieces = Evidence.objects.bulk_create(
                Evidence(
                    unit=units[n % 3], agency=world.units["甲局"], number=f"材-2020-{n:06}", kind=("document", "report", "table")[n % 3],
                    title=pool[n][:20], happened_on=date(2018 + n % 3, 1 + n % 12, 1 + n % 28), by=person, uses=n % 4,
                    secrecy="limited" if n % 50 == 1 else "internal",
                )
                for n in numbers
            )  # fmt: skip
            versions = Version.objects.bulk_create(
                Version(
                    evidence=piece, no=1, blob=blob, original_name=f"{piece.title}.pdf", by=person, at=now
                )
                for piece, blob in zip(pieces, blobs, strict=True)
            )
            for piece, version in zip(pieces, versions, strict=True):
                piece.current = version
            Evidence.objects.bulk_update(pieces, ["current"], batch_size=250)
            Reading.objects.bulk_create(
                Reading(blob=blob, state="read", reader=1, pages=PAGES, letters=4000, read_at=now)
                for blob in blobs
            )
            pages, text_rows, caption_rows = [], [], []
            for piece, blob in zip(pieces, blobs, strict=True):
                chosen = [chance.choices(range(POOL), k=SENTENCES) for _ in range(PAGES)]
                pages += [
                    Page(
                        blob=blob, no=no, text="。".join(pool[one] for one in page) + "。",
                        folded=" ".join(folded[one] for one in page),
                    )
                    for no, page in enumerate(chosen, 1)
                ]  # fmt: skip
                whole = " ".join(folded[one] for page in chosen for one in page)
                text_rows.append((blob.pk, rules.tokens(whole)))
                said = f"{piece.title}|{piece.number}|{piece.title}.pdf"
                caption_rows.append((piece.pk, rules.tokens(rules.fold(said).text)))
            Page.objects.bulk_create(pages, batch_size=500)
            cursor.executemany("INSERT INTO evidence_text_words(rowid, words) VALUES (%s, %s)", text_rows)
            cursor.executemany(
                "INSERT INTO evidence_caption_words(rowid, words) VALUES (%s, %s)", caption_rows
            )
    return world.users["朱辉斌"]


def questions() -> list[str]:
    """Some eighty: of one, two, three, four and more characters, common and rare, two words, numbers, Latin."""
    pool, words = texts()
    chance = random.Random(11)
    by_length = {n: [word for word in words if len(word) == n] for n in (1, 2, 3, 4)}
    asked = ["的", "一", "作", "c", "5", *chance.sample(by_length[1], 7)]
    for length, count in ((2, 22), (3, 10), (4, 8)):
        rows = by_length[length]
        # from the commonest to the rarest
        asked += [rows[int(len(rows) * (n / count) ** 3)] for n in range(count)]
    for length in (2, 3, 5, 7, 12):
        for _ in range(3):
            line = chance.choice(pool)
            at = chance.randrange(max(1, len(line) - length))
            asked.append(line[at : at + length])
    asked += [
        "文明单位",
        "领导小组",
        "党建引领",
        "志愿服务",
        "道德讲堂",
        "云政办发〔2015〕5号",
        "云政办发（2011）12号",
        "civil",
        "2020",
    ]
    asked += [f"{one} {chance.choice(by_length[2][:400])}" for one in chance.sample(by_length[2][:2000], 6)]
    asked += ["创建 文明单位", "领导小组 志愿服务", "党建引领 的", "龘龘", "從來沒有這句話"]
    return asked


def timed(work: Any) -> tuple[float, Any]:
    """Milliseconds of this process's CPU, so that whatever else the machine does is left out; and what WORK gave."""
    began = time.process_time()
    got = work()
    return (time.process_time() - began) * 1000, got


def share(samples: list[float], part: float) -> float:
    return sorted(samples)[min(len(samples) - 1, int(len(samples) * part))]


def measure(name: str) -> None:
    """Ask as the filler of that NAME, and say what it took; each answer is held against a scan of the folded text."""
    from django.conf import settings  # noqa: PLC0415 -- slow import
    from django.db import connection  # noqa: PLC0415 -- slow import
    from django.test import Client  # noqa: PLC0415 -- slow import
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 -- slow import

    from taizhang.evidence import queries  # noqa: PLC0415 -- slow import
    from taizhang.evidence.models import Evidence, Version  # noqa: PLC0415 -- slow import
    from taizhang.evidence.queries.search import ids_found  # noqa: PLC0415 -- slow import
    from taizhang.evidence.rules import words as rules  # noqa: PLC0415 -- slow import
    from taizhang.org.models import User  # noqa: PLC0415 -- slow import
    from taizhang.org.permits import Permit  # noqa: PLC0415 -- slow import
    from taizhang.org.queries import may_anywhere  # noqa: PLC0415 -- slow import

    settings.ALLOWED_HOSTS = ["*"]
    asked = questions()
    cursor = connection.cursor()
    piece_of = dict(Version.objects.values_list("blob", "evidence"))
    captions = {
        pk: rules.fold(f"{title}|{number}|{title}.pdf").text for pk, title, number in Evidence.objects.values_list("pk", "title", "number")
    }  # fmt: skip
    seen = set(queries.evidence_for(User.objects.get(username=name)).values_list("pk", flat=True))
    quick: list[float] = []
    slow: list[float] = []
    whole: list[float] = []
    found = missing = wrong = 0
    worst: list[tuple[float, str]] = []
    for words in asked:
        terms = rules.terms(words)
        ours = []
        for _ in range(5):
            user = User.objects.get(username=name)
            may_anywhere(user, Permit.EVIDENCE_VIEW)  # every page asks for the posts before it does anything
            took, answer = timed(lambda user=user, terms=terms: queries.search(user, terms))
            ours.append(took)
        quick += ours
        worst.append((share(ours, 0.5), words))
        took = 0.0
        truth = seen
        for term in terms:
            cursor.execute("SELECT 1")  # the scan is timed without what was said before it
            spent, rows = timed(
                lambda term=term: cursor.execute(
                    "SELECT DISTINCT blob_id FROM evidence_page WHERE folded LIKE %s", [f"%{term}%"]
                ).fetchall()
            )
            took += spent
            held = {piece_of[row[0]] for row in rows} | {pk for pk, text in captions.items() if term in text}
            truth = truth & held
        slow.append(took)
        got = set(ids_found(queries.evidence_for(user), terms))
        found += len(got & truth)
        missing += len(truth - got)
        wrong += len(got - truth) + (answer.total != len(truth))
    pages = FILES * PAGES
    say(
        f"search of {pages:,} pages as a filler, {len(asked)} questions, rows and total: p50, p95 (ms CPU)",
        f"{share(quick, 0.5):.1f}, {share(quick, 0.95):.1f}", "p95 ≤ 20",
    )  # fmt: skip
    say(
        "… the slowest, median (ms CPU)",
        "；".join(f"{words} {took:.1f}" for took, words in sorted(worst)[-4:]),
        "",
    )
    say("… against the scan: median of both (ms CPU), ratio", f"{share(slow, 0.5):.0f} / {share(quick, 0.5):.1f} = {share(slow, 0.5) / share(quick, 0.5):.0f}×", "≥ 50×")  # fmt: skip
    say("… recall, precision over all answers", f"{found / max(1, found + missing):.4f}, {found / max(1, found + wrong):.4f}", "1.0, 1.0")  # fmt: skip
    client = Client()
    client.force_login(user, backend="taizhang.org.backends.PersonBackend")
    for words in asked:
        took, _ = timed(lambda words=words: client.get("/evidence/", {"q": words}))
        whole.append(took)
    with CaptureQueriesContext(connection) as said:
        page = client.get("/evidence/", {"q": "文明单位"})
    say(
        "… the whole page, in the process: p50, p95 (ms CPU)",
        f"{share(whole, 0.5):.0f}, {share(whole, 0.95):.0f}",
        "",
    )
    say("… the page: queries, KB", f"{len(said)}, {len(page.content) / 1024:.0f}", "≤ 10")
    cursor.execute(
        "SELECT (SELECT sum(length(block)) FROM evidence_text_words_data), (SELECT sum(length(CAST(text AS BLOB))) FROM evidence_page)"
    )
    index, text = cursor.fetchone()
    say("… index, text it was made of (MB)", f"{index / 1e6:.0f}, {text / 1e6:.0f}", "")


def say(name: str, value: str, bound: str) -> None:
    print(f"| {name} | {value} | {bound} |", flush=True)


def main() -> None:
    """In a data folder made for this, or in that of TAIZHANG_HOME if it holds the pages already (--keep)."""
    import django  # noqa: PLC0415 -- slow import

    keep = "--keep" in sys.argv
    home = Path(os.environ["TAIZHANG_HOME"]) if keep else Path(tempfile.mkdtemp(prefix="taizhang-search-"))
    os.environ |= {
        "TAIZHANG_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "taizhang.config.settings",
        "TAIZHANG_DEMO": "0",
    }
    try:
        django.setup()
        from taizhang.config.serve import prepare_site  # noqa: PLC0415 -- needs the settings
        from taizhang.evidence.models import Evidence  # noqa: PLC0415 -- needs the settings
        from taizhang.org.models import User  # noqa: PLC0415 -- needs the settings

        prepare_site()
        if not Evidence.objects.exists():
            took, _ = timed(fill)
            say("… pages laid in (s)", f"{took / 1000:.0f}", "")
        measure(User.objects.get(person__name="朱辉斌", person__agency__name="甲局").username)
    finally:
        if not keep:
            shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
