"""Run as a program in the TAIZHANG_HOME of a world: deposit many files, or tell what came of their reading.

`deposit N`: N text files, one of them longer than the reader's leaves. `told`: one JSON line.
"""

import json
import os
import sys

import taizhang  # noqa: F401  SQLite is exchanged here, before Django is imported

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "taizhang.config.settings")

import django

django.setup()

from django.db import connection  # noqa: E402
from django.db.models import Count  # noqa: E402
from django_tasks_db.models import DBTaskResult  # noqa: E402

from taizhang.evidence.models import Evidence, Page, Reading  # noqa: E402
from taizhang.evidence.rules import words  # noqa: E402
from taizhang.journal.models import Entry  # noqa: E402
from taizhang.journal.queries import check_chains  # noqa: E402
from taizhang.org.models import Unit, User  # noqa: E402
from tests.evidence.samples import deposit  # noqa: E402


def put(count: int) -> None:
    user = User.objects.get(person__name="朱辉斌")
    unit = Unit.objects.get(name="办公室", parent__name="甲局")
    for at in range(count):
        said = f"第{at}件材料，编号甲{at:04}乙。" + ("党建引领。" * 2000 if at % 10 == 0 else "")
        deposit(user, unit, f"材料{at}.txt", said.encode())


def told() -> dict[str, object]:
    found, pages = {}, dict(Page.objects.values_list("blob").annotate(n=Count("pk")))
    with connection.cursor() as cursor:
        for at, piece in enumerate(Evidence.objects.order_by("pk")):
            match = words.match(words.terms(f"甲{at:04}乙")[0])
            cursor.execute("SELECT rowid FROM evidence_text_words WHERE words MATCH %s", [match])
            hits = [row[0] for row in cursor.fetchall()]
            found[piece.pk] = hits == [piece.current.blob_id] and pages.get(piece.current.blob_id, 0) >= 1
    notes = Entry.objects.filter(action="evidence.note_reading", refused="").count()
    return {
        "files": len(found),
        "found": sum(found.values()),
        "pages": sum(pages.values()),
        "read": Reading.objects.filter(state="read").count(),
        "tries": sum(Reading.objects.values_list("tries", flat=True)),
        "notes": notes,
        "open": DBTaskResult.objects.filter(status__in=["READY", "RUNNING"]).count(),
        "problems": check_chains().problems,
    }


if __name__ == "__main__":
    if sys.argv[1] == "deposit":
        put(int(sys.argv[2]))
    else:
        print(json.dumps(told()))
