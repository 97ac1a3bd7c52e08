"""What the item page shows as links and buttons: the page's reads made into what its template prints."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.org.action import ACTIONS, permitted
from taizhang.org.models import Person
from taizhang.org.permits import Permit
from taizhang.org.queries import may

from ..forms.items import Opinion, Submit, Upload
from ..models import Item, Slot
from ..queries.adopted import adopted_of
from ..queries.asks import asks_of, past_in
from ..queries.cells import Cell
from ..queries.item_page import ItemPage, item_page, name_of
from ..queries.materials import Material, last_caption, same_time
from ..queries.scope import is_guest
from ..queries.standing import Button, buttons, fills
from ..queries.story import story_of
from ..rules.plan import Fill, enough
from ..rules.states import SlotStatus, Status, Verdict
from .adopted import adopted_notes
from .asking import asking
from .show import crumbs, item_url, number

STORY_LINES = 8


@dataclass(frozen=True)
class Act:
    """A button or a line of the menu. `form` is the id of a form on the page that it sends."""

    label: str
    url: str
    post: bool = False
    form: str = ""
    enabled: bool = True
    why: str = ""
    seen: int = 0


#: action → (url name, posts at once without asking); what is not here has a form of its own on the page
ITEM_URLS = {
    "ledger.assign": ("item_assign", False), "ledger.receive": ("item_receive", True), "ledger.set_lead": ("item_lead", False),
    "ledger.set_due": ("item_due", False), "ledger.conclude": ("item_conclude", True), "ledger.suspend": ("item_suspend", False),
    "ledger.resume": ("item_resume", False), "ledger.waive": ("item_waive", False), "ledger.restore": ("item_restore", True),
    "ledger.reopen": ("item_reopen", False), "ledger.add_slot": ("item_slot_add", False),
    "ledger.nothing_happened": ("item_nothing", False), "ledger.place": ("item_place", True),
}  # fmt: skip
SLOT_URLS = {
    "ledger.withdraw": ("slot_withdraw", True), "ledger.waive_slot": ("slot_waive", False),
    "ledger.restore_slot": ("slot_restore", True), "ledger.set_slot_due": ("slot_due", False),
}  # fmt: skip
LABELS = {
    "ledger.set_lead": "换牵头、责任人", "ledger.set_due": "改期限", "ledger.conclude": "报请销号", "ledger.suspend": "中止",
    "ledger.waive": "本事项不适用",
}  # fmt: skip


def prefix(name: str) -> Callable[[int], str]:
    """The address of NAME for an id, found once and not once per row."""
    head, _, tail = reverse(name, args=[0]).rpartition("0")
    return lambda pk: f"{head}{pk}{tail}"


def face(
    request: HttpRequest,
    item: Item,
    *,
    wanted: int | None = None,
    refusal: Refused | None = None,
    **typed: Any,
) -> dict[str, Any]:
    """The context of the item page. TYPED: forms that were refused, to be shown as they were filled in."""
    user = request.user
    chosen = wanted if wanted is not None else number(request.GET.get("slot", ""))
    shown = item_page(user, item, chosen, clock.today())
    current = shown.current
    slot = Slot.objects.select_related("performer").get(pk=current.pk) if current else None
    if slot:
        slot.item = item
    open_to = buttons(user, item, [slot] if slot else [])
    here = {one.name: one for one in open_to.slots.get(slot.pk, [])} if slot else {}
    whole = {one.name: one for one in open_to.item}
    many = shown.shape != "one"
    guest = is_guest(user, item)
    leads = not guest or bool(item.lead and may(user, Permit.LEDGER_VIEW, item.lead))
    adopted = adopted_of(item) if item.indicator_id and not guest else []
    seen = [one.pk for one in shown.slots] if guest else None
    every = asks = asks_of(item)
    if seen is not None and not leads:  # a guest that only performs: what was asked for its own periods
        asks = [one for one in asks if one.slot_id in seen]
    context: dict[str, Any] = {
        "item": item, "shown": shown, "cur": current, "many": many, "refusal": refusal,
        "crumbs": [crumbs(item)[0], *((text, "") for text in (item.area, item.section) if text)],
        "before": (shown.before[0], item_url(shown.before[1])) if shown.before else None,
        "after": (shown.after[0], item_url(shown.after[1])) if shown.after else None,
        "state_label": Status(item.status).label, "points": f"{item.points:f}".rstrip("0").rstrip(".") if item.points else item.points,
        "light_lamp": shown.light.kind, "light_text": _light_text(shown),
        "story": story_of(user, item, None if request.GET.get("all") else STORY_LINES, adopted, asks, seen, leads),
        "adopted": adopted_notes(user, item, adopted),
        "can_remark": permitted(user, ACTIONS["ledger.remark"], item),
        "remark_url": reverse("item_remark", args=[item.pk]), "typed_text": typed.get("remark", ""),
        "item_prefix": reverse("item", args=[0])[:-2], "evidence_prefix": reverse("evidences"),
        "needs_url": reverse("needs", args=[item.pk]) if "ledger.add_need" in whole else "",
        "indicator_url": reverse("standard", args=[item.indicator.edition.standard_id]) if item.indicator and not guest else "",
        "previous_label": Status(item.previous.status).label if item.previous and not guest else "",
        "opinion_form": typed.get("opinion") or Opinion(),
    }  # fmt: skip
    context |= asking(user, item, asks, shown.slots, slot, past_in(every))
    context |= _slots(shown)
    if current and slot:
        context |= _materials(user, shown, current, here, slot, typed)
    context |= _judging(item, current, slot, here, whole, many)
    context |= _acts(shown, item, current, here, whole, context)
    return context


def _light_text(shown: ItemPage) -> str:
    """5月期逾期8天: the light says which period it is that is late."""
    current = shown.current
    if shown.shape == "strip" and shown.light.kind in ("r", "y"):
        worst = min(
            (one for one in shown.slots if one.open and not one.before_system),
            key=lambda one: one.due_on,
            default=current,
        )
        return f"{worst.period}{shown.light.text}" if worst else shown.light.text
    return shown.light.text


def _slots(shown: ItemPage) -> dict[str, Any]:
    """The strip, the quarters or the matrix."""
    chosen = shown.current.pk if shown.current else None

    def box(one: Cell, word: str) -> dict[str, Any]:
        return {
            "label": one.label, "lamp": one.lamp, "word": word, "url": f"?slot={one.pk}", "cur": one.pk == chosen,
            "off": one.light.kind == "n",
        }  # fmt: skip

    if shown.shape == "strip":
        return {"slots": [box(one, one.word) for one in shown.slots]}
    if shown.shape == "weeks":
        quarters: dict[tuple[int, int], list[Cell]] = {}
        for one in shown.slots:
            quarters.setdefault((one.starts_on.year, (one.starts_on.month + 2) // 3), []).append(one)
        here = next((rows for rows in quarters.values() if any(one.pk == chosen for one in rows)), [])
        return {
            "slots": [box(one, one.short) for one in here],
            "quarters": [
                (f"{'一二三四'[quarter - 1]}季度 {_count(rows)}", f"?slot={_first(rows).pk}", rows is here)
                for (_, quarter), rows in quarters.items()
            ],
        }  # fmt: skip
    if shown.shape != "matrix":
        return {}
    columns = {(one.starts_on, one.nth): one.label for one in shown.slots}
    rows: dict[int, dict[Any, Cell]] = {}
    names: dict[int, str] = {}
    for one in sorted(shown.slots, key=lambda one: one.order):
        rows.setdefault(one.performer_id, {})[one.starts_on, one.nth] = one
        names[one.performer_id] = one.performer
    now = max((start for start, _ in columns if start <= shown.today), default=None)
    keys = sorted(columns)
    table = [
        (
            names[pk], "", [found[key].marked(f"?slot={found[key].pk}") if key in found else "" for key in keys],
            f"{sum(one.status == SlotStatus.ACCEPTED for one in found.values())}/{len(found)}",
        )
        for pk, found in rows.items()
    ]  # fmt: skip
    late = sum(one.mark in ("late", "lost") for one in shown.slots)
    note = f"{len(rows)} 个单位，共 {len(shown.slots)} 期，通过 {shown.passed} 期{f'，逾期 {late} 期' if late else ''}。点格子看那一期。"
    return {"matrix": {"cols": [(columns[key], key[0] == now) for key in keys], "rows": table, "note": note}}


def _first(rows: list[Cell]) -> Cell:
    """The slot that a quarter is opened at: what is late, else the first that is open, else the last."""
    return next((one for one in rows if one.mark in ("late", "lost", "returned")), None) or next(
        (one for one in rows if one.open), rows[-1]
    )


def _count(rows: list[Cell]) -> str:
    done = sum(one.status == SlotStatus.ACCEPTED for one in rows)
    late = sum(one.mark in ("late", "lost") for one in rows)
    return f"通过 {done}/{len(rows)}{f'，逾期 {late}' if late else ''}"


def material_rows(shown: ItemPage) -> list[dict[str, Any]]:
    """The materials with their addresses."""
    see, thumb, uses = prefix("evidence"), prefix("evidence_thumb"), prefix("evidence_uses")
    remove, caption = prefix("citation_remove"), prefix("citation_caption")
    through, small, passages = prefix("citation"), prefix("citation_thumb"), prefix("passages")
    return [
        {
            "title": one.title, "facts": one.facts, "need": one.need, "lamp": one.lamp, "check": one.check, "note": one.note,
            "file_name": one.file_name or one.kind, "picture_url": (small(one.pk) if one.crossing else thumb(one.evidence_id)) if one.picture else "",
            "url": "" if one.untold else through(one.pk) if one.crossing else see(one.evidence_id), "uses": 1 if one.crossing else one.uses, "uses_url": uses(one.evidence_id), "remove_url": remove(one.pk),
            "caption": one.can_caption or "改说明", "caption_url": "" if one.untold else caption(one.pk),
            "newer": one.pinned is not None and one.newest is not None and one.newest > one.pinned,
            "warn": shown.marks.get(one.evidence_id), "passages": one.passages, "passages_url": passages(one.pk) if one.markable else "",
        }
        for one in shown.materials
    ]  # fmt: skip


def submit_form(user: Any, slot: Slot, data: Any = None, **initial: Any) -> Submit:
    """With 代报 asked only of those who may enter on behalf: for their own unit they hand in themselves."""
    own = bool(fills(user, [slot]))
    people = None
    if permitted(user, ACTIONS["ledger.submit"], slot) and (not own or _behalf(user, slot)):
        people = Person.objects.filter(agency=slot.performer.agency_id, left_on=None).order_by(
            "order", "staff_no"
        )
        if (
            slot.performer.agency_id != slot.item.unit_id
        ):  # of a guest's people the host is told who belongs to it
            at = Q(memberships__unit=slot.performer, memberships__ends_on=None)
            people = people.filter(at | Q(pk=slot.item.person_id)).distinct()
        person = getattr(user, "person", None)
        if slot.item.person_id and (not person or person.pk != slot.item.person_id) and not own:
            initial.setdefault("on_behalf_of", slot.item.person_id)
    return Submit(data, people=people, initial=initial)


def _behalf(user: Any, slot: Slot) -> bool:
    """Whether the person is not the one responsible: a liaison fills in for ten."""
    person = getattr(user, "person", None)
    return person is not None and slot.item.person_id not in (None, person.pk)


def _materials(
    user: Any, shown: ItemPage, current: Cell, here: dict[str, Button], slot: Slot, typed: dict[str, Any]
) -> dict[str, Any]:
    """What was put in, what is missing, and the form that hands it in."""
    can_cite = (
        current.open
        and permitted(user, ACTIONS["ledger.cite"], slot)
        and here.get("ledger.submit", Button("", "", False)).enabled
    )
    submit = here.get("ledger.submit")
    stopping = shown.stopping
    lacking = "；".join(one.text for one in stopping)
    upload, cite = reverse("slot_upload", args=[slot.pk]), reverse("slot_cite", args=[slot.pk])
    people = next((one.person for one in shown.slot_chain[1:] if one.state == ""), "")
    last = last_caption(slot.pk) if can_cite else {}
    return {
        "here_url": item_url(slot.item_id, slot.pk), "materials": material_rows(shown), "can_add": can_cite, "upload_url": upload, "cite_url": cite,
        "lacking": lacking if submit and submit.enabled else "", "short": len({one.need_id for one in shown.lacks}),
        "lack_rows": lack_rows(shown, upload) if can_cite else [],
        "library": same_time(user, slot) if can_cite and stopping else 0,
        "caption_form": Upload(initial=last) if can_cite and any(need.fields for need in shown.asked) else None,
        "caption_src": dict.fromkeys(last, "取自上一件"),
        "can_submit_form": submit is not None and current.open, "submit_enabled": bool(submit and submit.enabled and not stopping),
        "submit_why": submit.why if submit and not submit.enabled else lacking and f"还缺：{lacking}",
        "submit_form": typed.get("submit") or submit_form(user, slot),
        "submit_url": reverse("slot_submit", args=[slot.pk]), "submit_label": f"提交{_period(current, shown)}{submit.whose if submit else ''}",
        "next_person": people if people != "无人担任" else "",
        "submitted_by": name_of(shown.submission) if shown.submission else "",
        "back_why": next(
            (words for _, rows in shown.signs for words in rows if words.verdict in (Verdict.RETURN, Verdict.REOPEN)), None
        ) if current.status == SlotStatus.RETURNED else None,
    }  # fmt: skip


def _period(current: Cell, shown: ItemPage) -> str:
    return "" if shown.shape == "one" else f" {current.period}"


def lack_rows(shown: ItemPage, upload: str) -> list[dict[str, str]]:
    """补 1 张现场照片, 给进展通报填文号: one button per thing that is missing."""
    names = {need.id: need for need in shown.asked}
    rows = []
    for one in (lack for lack in shown.lacks if lack.kind != "stopped"):
        need = names[one.need_id]
        if one.kind == "count":
            have = sum(row.need_id == need.id and not row.stopped for row in shown.materials)
            unit = "张" if need.kind == "picture" else "件"
            icon = "camera" if need.kind == "picture" else "upload"
            rows.append(
                {
                    "url": f"{upload}?need={need.id}",
                    "icon": icon,
                    "label": f"补 {need.least - have} {unit}{need.name}",
                }
            )
            continue
        wanted = "填文号" if one.kind == "doc_no" else "补说明"
        piece: Material | None = next(
            (row for row in shown.materials if row.need_id == need.id and row.can_caption == wanted), None
        )
        if piece:
            rows.append(
                {
                    "url": reverse("citation_caption", args=[piece.pk]),
                    "icon": "pen",
                    "label": f"给{need.name}{wanted}",
                }
            )
    return rows


def _judging(
    item: Item,
    current: Cell | None,
    slot: Slot | None,
    here: dict[str, Button],
    whole: dict[str, Button],
    many: bool,
) -> dict[str, Any]:
    """The forms of whoever stands at the step: agree, or return."""
    label = f" {current.period}" if current and many else ""
    return {
        "can_accept": "ledger.accept" in here, "accept_url": reverse("slot_accept", args=[slot.pk]) if slot else "",
        "accept_label": f"审核通过{label}{here['ledger.accept'].whose if 'ledger.accept' in here else ''}", "back_url": reverse("slot_send_back", args=[slot.pk]) if slot else "",
        "can_sign": "ledger.sign" in whole, "sign_url": reverse("item_sign", args=[item.pk]),
        "sign_label": f"同意：{whole['ledger.sign'].label}{whole['ledger.sign'].whose}" if "ledger.sign" in whole else "",
        "item_back_url": reverse("item_send_back", args=[item.pk]) if "ledger.send_back_item" in whole else "",
    }  # fmt: skip


def _acts(
    shown: ItemPage,
    item: Item,
    current: Cell | None,
    here: dict[str, Button],
    whole: dict[str, Button],
    context: dict[str, Any],
) -> dict[str, Any]:
    """The one red button, the plain ones beside it, and the menu 更多."""
    main: list[Act] = []
    others: list[Act] = []
    if "ledger.receive" in whole:
        main.append(_act(whole["ledger.receive"], ITEM_URLS, item.pk, item.version))
    if context.get("can_submit_form") and here["ledger.submit"].enabled:
        label = context["submit_label"]
        if shown.stopping:
            count = len(shown.stopping)
            main.append(Act(f"补材料（缺 {count} 处）", "#lack"))
            others.append(Act(label, "", enabled=False))
        else:
            main.append(Act(label, "", form="submit-form"))
    if context["can_accept"]:
        main.append(Act(context["accept_label"], "", form="accept-form"))
        others.append(Act("退回", context["back_url"]))
    if context["can_sign"]:
        main.append(Act(f"{whole['ledger.sign'].label}{whole['ledger.sign'].whose}", "", form="sign-form"))
        if context["item_back_url"]:
            others.append(Act("退回", context["item_back_url"]))
    menu: list[Act] = []
    for name, button in whole.items():
        if name == "ledger.conclude":
            button = _conclude(shown, item, button)
        if name == "ledger.set_due" and len({(one.starts_on, one.nth) for one in shown.slots}) > 1:
            button = Button(name, button.label, False, "有多期，请在那一期里改本期期限")
        if name == "ledger.assign":
            if item.status == Status.PENDING:
                main.append(_act(button, ITEM_URLS, item.pk, item.version))
            else:
                menu.append(_act(Button(name, "重新交办"), ITEM_URLS, item.pk, item.version))
        elif name == "ledger.add_slot" and not shown.slots or name == "ledger.conclude" and button.enabled:
            main.append(_act(button, ITEM_URLS, item.pk, item.version))
        elif name in ITEM_URLS and name != "ledger.receive":
            menu.append(_act(button, ITEM_URLS, item.pk, item.version))
    if current:
        for name, button in here.items():
            if name in SLOT_URLS:
                menu.append(_act(button, SLOT_URLS, current.pk, current.version))
    if item.status == Status.CLOSED:
        others.append(Act("销号单", reverse("closing_slip", args=[item.pk])))
    elif item.step_id:
        others.append(Act("打印审批表", f"{reverse('closing_form')}?items={item.pk}"))
    first = main[0] if main else None
    # whoever may do two things at once gets the others as plain buttons
    others += [one for one in main[1:] if one.label not in {other.label for other in others}]
    return {"main": first, "others": others, "menu": menu}


def _conclude(shown: ItemPage, item: Item, button: Button) -> Button:
    """报请销号 counts all slots of the item, not only the one on show."""
    if enough([Fill(one.performer_id, one.status) for one in shown.slots], item.required):
        return Button(button.name, button.label)
    done = sum(one.status == SlotStatus.ACCEPTED for one in shown.slots)
    return Button(button.name, button.label, False, f"全年须通过 {item.required} 期，现已通过 {done} 期")


def _act(button: Button, urls: dict[str, tuple[str, bool]], pk: int, seen: int) -> Act:
    name, post = urls[button.name]
    label = LABELS.get(button.name, button.label)
    return Act(label, reverse(name, args=[pk]), post, "", button.enabled, button.why, seen)
