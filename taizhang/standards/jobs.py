"""Background work: ids in, one action, safe to run twice."""

import time

from django_tasks import task

from taizhang.kit import jobs
from taizhang.kit.documents.seen.ask import Eyes
from taizhang.kit.errors import Refused
from taizhang.kit.files import store
from taizhang.org.queries import system_user

from . import actions, queries
from .models import Draft
from .sheets.known import recalled
from .sheets.read import open_book

SEE = "taizhang.standards.jobs.see"
TURN = 60  # seconds; then a thick scan lets others go first that somebody waits for
MOST_FAULTS = 5  # pages: each may have cost minutes, and the rest will be no better
GONE = "这份文件的原件不在存储里了，不能识别。请重新导入，并告诉系统管理员运行校验。"

BAD = f"有 {MOST_FAULTS} 页识别不出来，没有再往下识别。请检查文件，重新扫描，或用原来的 Word、Excel 文件。"


@task(priority=jobs.FIRST)
def see(draft_id: int) -> str:
    """Recognise the pages of a draft's file that are pictures; how it ended. It goes on where a killed worker stopped,
    and ends when the draft is thrown away."""
    by = system_user()
    began = time.monotonic()
    with Eyes() as eyes:  # the child ends with the job: it holds close to a gigabyte
        while True:
            draft = Draft.objects.filter(pk=draft_id, edition=None).first()
            if draft is None:
                return "gone"
            left = queries.unseen_pages(draft)
            if not left:
                return _lay_in(draft)
            if time.monotonic() - began > TURN:
                jobs.enqueue(SEE, draft_id)  # behind whatever else is waited for
                return "later"
            try:
                if not store().exists(draft.source_sha256):
                    raise Refused(GONE)
                if queries.unreadable_pages(draft.source_sha256) >= MOST_FAULTS:
                    raise Refused(BAD)
                told = eyes.page(store().path(draft.source_sha256), left[0])
                actions.keep_seen(draft, by=by, no=left[0], told=told)
            except Draft.DoesNotExist:  # thrown away while the page was read
                return "gone"
            except Refused as refusal:
                actions.note_unseen(draft, by=by, fault=refusal.message)
                return "stopped"


def _lay_in(draft: Draft) -> str:
    """Of a file of a form that the agency knows, what was said about that form; the clerk may have begun already."""
    if draft.choices:
        return "done"
    try:
        with store().open(draft.source_sha256) as handle:
            book = open_book(handle.read(), draft.source_name, queries.seen_pages(draft.source_sha256))
        if known := recalled(draft.agency, book):
            actions.mend(draft, by=system_user(), choices=known, seen=draft.version)
    except Refused:  # the page says why
        pass
    return "done"
