"""Small hands for tests of pages: a browser per person, what a form carries, the words on a page."""

import re
from html import unescape
from itertools import count
from typing import Any

from django.test import Client

from taizhang.evidence import actions as library
from taizhang.evidence.models import Evidence
from taizhang.kit.files import store
from taizhang.ledger import actions
from taizhang.ledger.models import Item, Need, Slot
from taizhang.ledger.queries import at_step

from .world import World

_numbers = count()


def browser(w: World, name: str) -> Client:
    client = Client()
    client.force_login(w.user(name))
    return client


def page(client: Client, item: Item, slot: Slot | None = None) -> Any:
    return client.get(f"/ledger/items/{item.pk}/" + (f"?slot={slot.pk}" if slot else ""))


def post(client: Client, url: str, **typed: Any) -> Any:
    return client.post(url, typed)


def words(answer: Any) -> str:
    """What a person reads of the page: no tags, one space."""
    body = re.sub(r"(?s)<(script|style|svg)\b.*?</\1>", " ", answer.content.decode())
    text = unescape(re.sub(r"<[^>]+>", " ", body))
    return re.sub(r"[ \t\r\n]+", " ", text)


def carry(html: str, form: str = "") -> dict[str, str]:
    """The hidden fields of the form with that id, or of the last form in main that has a version."""
    forms = re.findall(r"(?s)<form\b[^>]*method=\"post\"[^>]*>.*?</form>", html)
    chosen = (
        [one for one in forms if f'id="{form}"' in one]
        if form
        else [one for one in forms if 'name="seen"' in one]
    )
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', chosen[-1])
    return {name: unescape(value) for name, value in hidden if name != "csrfmiddlewaretoken"}


def put(w: World, slot: Slot, by: str, need: Need | None = None, title: str = "", **more: Any) -> Evidence:
    """A piece of evidence deposited and cited, with all that a caption may be asked for."""
    user = w.user(by)
    kind = need.kind if need else "other"
    at = next(_numbers)
    stored = store().put([f"material {at}".encode()], limit=10_000)
    caption = (
        {"place": "三楼会议室", "people": "全体", "theme": "调度", "doc_no": "甲办〔2020〕1号"}
        if need
        else {}
    )
    evidence: Evidence = library.deposit(
        slot.performer, by=user, stored=stored, original_name=f"材料{at}.txt", kind=kind, title=title or f"材料{at}", again=True,
        **{**caption, **more},
    )  # fmt: skip
    actions.cite(slot, by=user, evidence=evidence, need=need)
    return evidence


def close(w: World, code: str, upto: int = 99) -> Slot:
    """Bring an item that happens once through its chain, UPTO so many signatures; the slot."""
    slot = w.slot(code)
    by = w.user("白毅志")
    if slot.status in ("open", "returned"):
        if not slot.citations.exists():
            put(w, slot, "白毅志")
        actions.submit(slot, by=by, conclusion="完成")
    for _ in range(upto):
        slot.refresh_from_db()
        item = Item.objects.get(pk=slot.item_id)
        whole = slot.status == "accepted"
        here = at_step(item, None if whole else slot)
        if here is None or item.status == "closed":
            break
        person = here.people[0][0]
        user = next(
            one for one in w.people.users.values() if hasattr(one, "person") and one.person.pk == person
        )
        if whole:
            actions.sign(item, by=user)
        else:
            actions.accept(slot, by=user)
    slot.refresh_from_db()
    slot.item.refresh_from_db()
    return slot
