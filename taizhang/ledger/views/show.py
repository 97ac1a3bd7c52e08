"""What the views of items and slots share: find, act once, show; a refusal keeps what was typed."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from taizhang.kit.errors import NotPermitted, Refused
from taizhang.org.action import permitted

from ..models import Item, Slot
from ..queries.item_page import find
from ..queries.scope import is_guest, slots_for


def find_item(request: HttpRequest, pk: int) -> Item:
    """The item with what its page needs, or 404: what may not be seen does not exist."""
    found: Item | None = find(request.user, pk).first()
    if found is None:
        raise Http404
    return _at_home(request, found)


def _at_home(request: HttpRequest, item: Item) -> Item:
    """ITEM, for a guest with the way back to the own page: the host's list is not the guest's to see."""
    if is_guest(request.user, item):
        item.list_url = reverse("joined_items")  # type: ignore[attr-defined]
    return item


def find_slot(request: HttpRequest, pk: int) -> Slot:
    found = slots_for(request.user).filter(pk=pk).select_related(
        "performer", "item__unit", "item__lead", "item__person", "item__year__campaign", "item__track", "step",
    ).first()  # fmt: skip
    if found is None:
        raise Http404
    _at_home(request, found.item)
    return found


def keys(request: HttpRequest) -> dict[str, Any]:
    """The once-key and the version that the form carried, as every action takes them."""
    return {"once": request.POST.get("once", "")[:64], "seen": number(request.POST.get("seen", ""))}


def typed_in(request: HttpRequest) -> Any:
    """What a form is bound to: what was posted, even if nothing was; none when the form is only opened."""
    return request.POST if request.method == "POST" else None


def number(text: str) -> int | None:
    """A number from an address or a hidden field; anything else is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def item_url(item_id: int, slot_id: int | None = None, part: str = "") -> str:
    url = reverse("item", args=[item_id])
    return f"{url}?slot={slot_id}{part}" if slot_id else f"{url}{part}"


def done(
    request: HttpRequest, words: str, item_id: int, slot_id: int | None = None, part: str = ""
) -> HttpResponse:
    """Say what was done and go to the item: a reload posts nothing again."""
    messages.success(request, words)
    return redirect(item_url(item_id, slot_id, part))


def crumbs(item: Item, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """事项清单 / 方面 / 事项 …"""
    ledger = getattr(item, "list_url", "") or reverse("items") + (
        f"?year={item.year_id}" if item.year_id else ""
    )
    return [("事项清单", ledger), (f"{item.no} {item.title}", reverse("item", args=[item.pk])), *more]


def facts_of(item: Item, slot: Slot | None = None) -> list[str]:
    """A line of facts under the title of a form."""
    facts = [f"{item.no} {item.title}", f"牵头 {item.lead or '未定'}"]
    if slot:
        facts.append(f"{slot.performer} {slot.label}　期限 {slot.due_on}")
    return facts


def asked(
    request: HttpRequest, subject: Any, act: Callable[..., Any], form: forms.Form, title: str, button: str, done_words: str, *,
    typed: Callable[[Any], dict[str, Any]] | None = None, explain: str = "", tone: str = "info",
    template: str = "ledger/verb.html", **more: Any,
) -> HttpResponse:  # fmt: skip
    """A verb that wants words: GET shows FORM, POST takes ACT once; refused, the same form comes back as it was typed."""
    slot = subject if isinstance(subject, Slot) else None
    item: Item = slot.item if slot else subject if isinstance(subject, Item) else subject.item
    name = act.action  # type: ignore[attr-defined]
    if not permitted(request.user, name, subject):
        raise NotPermitted(f"你没有“{name.label}”的权限。如确需办理，请联系创建办。")
    refusal: Refused | None = None
    if request.method == "POST" and form.is_valid():
        fields = typed(form) if typed else form.cleaned_data
        try:
            act(subject, by=request.user, **keys(request), **fields)
        except NotPermitted:
            raise
        except Refused as found:
            refusal = found
        else:
            return done(request, done_words, item.pk, slot.pk if slot else None)
    context = {
        "title": title, "item": item, "slot": slot, "subject": subject, "form": form, "button": button, "explain": explain,
        "tone": tone, "refusal": refusal, "facts": facts_of(item, slot), "crumbs": crumbs(item, (title, "")),
        "back": item_url(item.pk, slot.pk if slot else None), **more,
    }  # fmt: skip
    return render(
        request,
        template,
        context,
        status=refusal.status if refusal else 422 if form.is_bound and form.errors else 200,
    )


def chosen_slots(item: Item, ids: Sequence[int]) -> list[Slot]:
    """The slots of ITEM with these ids; others are not touched."""
    return list(Slot.objects.filter(item=item, pk__in=ids).select_related("item", "performer"))
