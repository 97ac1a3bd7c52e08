"""Adjusting a group: one form, a look at what it would do, the act; its notice; taking a plan back."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.kit.htmx import page
from taizhang.kit.sending import attachment

from .. import actions
from ..forms import DUTIES, AdjustForm
from ..models import Group, Person
from ..models.groups import GroupKind
from ..queries.adjusting import Outlook, outlook
from ..queries.groups import Covered, Row, adjustments_for, covers_on, frame_of, groups_for, members_on
from ..rules.adjusting import Coming, Wanted, said
from ..rules.notice import notice
from ..sheets.notice import write_notice
from .common import form_keys, need, tell

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
BLANK, MORE, MOST = 3, 5, 60
KEEP, GO, CHANGE = "keep", "go", "change"


@dataclass
class Line:
    """A present member in the form, as it was typed."""

    row: Row
    do: str
    duty: str
    task: str


@dataclass
class Fresh:
    """A line for somebody new, as it was typed."""

    name: str = ""
    duty: str = ""
    task: str = ""


@dataclass
class Typed:
    """The whole form: members, new lines, and who is meant by what was typed."""

    lines: list[Line]
    fresh: list[Fresh]

    @property
    def go(self) -> list[int]:
        return [line.row.pk for line in self.lines if line.do == GO]

    @property
    def change(self) -> dict[int, tuple[str, str]]:
        """Another duty or task counts as a change, whatever was chosen beside it."""
        return {
            line.row.pk: (line.duty, line.task)
            for line in self.lines
            if line.do != GO and (line.duty, line.task) != (line.row.duty, line.row.task)
        }

    def come(self, people: list[Person]) -> list[tuple[Person, str, str]]:
        """The new lines with the people they mean; Refused where that is not one person."""
        return [(_meant(line.name, people), line.duty, line.task) for line in self.fresh if line.name]


def _meant(text: str, people: list[Person]) -> Person:
    words = text.split()
    by_number = [one for one in people if one.staff_no == words[0]]
    if by_number and (len(words) == 1 or by_number[0].name == "".join(words[1:])):
        return by_number[0]
    name = "".join(words)
    found = [one for one in people if one.name == name and not one.left_on] or [
        one for one in people if one.name == name
    ]
    if not found:
        raise Refused(f"没有找到“{text}”。请从列表里选，或写全姓名；新来的人要先到“人员”里增加。")
    if len(found) > 1:
        numbers = "、".join(one.staff_no for one in found)
        raise Refused(f"有 {len(found)} 个人叫“{name}”（工号 {numbers}），请写工号和姓名。")
    return found[0]


def _typed(request: HttpRequest, rows: list[Row]) -> Typed:
    post = request.POST
    if request.method != "POST":
        return Typed([Line(row, KEEP, row.duty, row.task) for row in rows], [Fresh() for _ in range(BLANK)])

    def text(name: str, longest: int) -> str:
        return post.get(name, "").strip()[:longest]

    lines = [
        Line(
            row, post.get(f"do-{row.pk}", KEEP), text(f"duty-{row.pk}", 20) if f"duty-{row.pk}" in post else row.duty,
            text(f"task-{row.pk}", 200) if f"task-{row.pk}" in post else row.task,
        )
        for row in rows
    ]  # fmt: skip
    count = int(post["lines"]) if post.get("lines", "").isdecimal() and len(post["lines"]) < 4 else BLANK
    count = min(count + (MORE if post.get("act") == "more" else 0), MOST)
    fresh = [
        Fresh(text(f"name-{i}", 60), text(f"duty-new-{i}", 20), text(f"task-new-{i}", 200))
        for i in range(count)
    ]
    return Typed(lines, fresh)


def _mark(request: HttpRequest) -> str:
    """What was typed, in short: saving takes only what was looked at."""
    skip = {"csrfmiddlewaretoken", "once", "act", "looked", "lines"}
    said_now = sorted((key, tuple(values)) for key, values in request.POST.lists() if key not in skip)
    return sha256(repr(said_now).encode()).hexdigest()[:16]


@require_http_methods(["GET", "HEAD", "POST"])
def group_adjust(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(groups_for(request.user), pk=pk)
    need(request, "org.adjust_group", found)
    today = clock.today()
    frame = frame_of(found)
    base = max(today, frame.last_on or today, found.starts_on)
    typed = _typed(request, members_on(found, base))
    now = covers_on(found.unit, base).get(found.pk, Covered())
    people = list(Person.objects.filter(agency=found.unit).order_by("order", "staff_no"))
    if request.method != "POST":
        start = {"effective_on": base, "units": now.unit_ids, "areas": "、".join(now.areas)}
        return _form(request, found, AdjustForm(found.unit, initial=start), typed, people, base)
    form = AdjustForm(found.unit, request.POST)
    if request.POST.get("act") == "more":
        return _form(request, found, form, typed, people, base, quiet=True)
    if not form.is_valid():
        return _form(request, found, form, typed, people, base, status=400)
    day = form.cleaned_data["effective_on"]
    units, areas = list(form.cleaned_data["units"]), form.cleaned_data["areas"]
    # a department that no longer exists is not offered; ticking nothing is no wish to drop it
    kept = [
        pair
        for pair in now.units
        if pair[0] not in set(form.fields["units"].queryset.values_list("pk", flat=True))
    ]  # type: ignore[attr-defined]
    covers = Covered((*kept, *((unit.pk, unit.name) for unit in units)), tuple(areas))
    same = (set(covers.unit_ids), set(areas)) == (set(now.unit_ids), set(now.areas))
    try:
        come = typed.come(people)
        if lost := next((line for line in typed.fresh if not line.name and (line.duty or line.task)), None):
            raise Refused(
                f"增加的人里有一行只写了“{lost.duty or lost.task}”，没有写姓名。请补上姓名或清空这一行。"
            )
        wanted = Wanted(
            tuple(Coming(one.pk, one.name, duty, task, one.left_on) for one, duty, task in come),
            frozenset(typed.go), typed.change,
        )  # fmt: skip
        look = outlook(found, wanted, None if same else covers, day, today)
        if request.POST.get("act") != "save" or request.POST.get("looked") != _mark(request):
            again = request.POST.get("act") == "save"
            return _form(request, found, form, typed, people, base, look=look, again=again)
        actions.adjust_group(
            found, effective_on=day, doc_no=form.cleaned_data["doc_no"], reason=form.cleaned_data["reason"],
            come=come, go=typed.go, change=typed.change,
            covers=None if same else ([*_kept(found, kept), *units], areas),
            shown=[line.row.pk for line in typed.lines], **form_keys(request),
        )  # fmt: skip
    except Refused as refusal:
        return _form(request, found, form, typed, people, base, status=tell(form, refusal))
    when = "" if day <= today else "到那天自动生效，之前可以撤回。"
    messages.success(
        request, f"已保存：{found.name}从 {said(day)} 起调整。{when}通知稿可以在“历次调整”里下载。"
    )
    for caution in look.cautions:
        messages.warning(request, caution)
    return redirect("group", found.pk)


def _kept(group: Group, kept: list[tuple[int, str]]) -> list[Any]:
    if not kept:
        return []
    return list(group.unit._meta.model.objects.filter(agency=group.unit_id, pk__in=[pk for pk, _ in kept]))


def _form(
    request: HttpRequest, group: Group, form: AdjustForm, typed: Typed, people: list[Person], base: date, *,
    look: Outlook | None = None, again: bool = False, quiet: bool = False, status: int = 200,
) -> HttpResponse:  # fmt: skip
    if quiet:  # more lines were asked for: nothing is judged yet
        form.errors.clear()
    context = {
        "group": group, "form": form, "lines": typed.lines, "fresh": list(enumerate(typed.fresh)),
        "people": [f"{one.staff_no} {one.name}" for one in people if not one.left_on],
        "duties": dict.fromkeys([line.row.duty for line in typed.lines] + _usual(group)),
        "choices": ((KEEP, "留任"), (CHANGE, "改职务"), (GO, "离开")), "look": look, "again": again,
        "mark": _mark(request) if look else "", "today": clock.today(), "base": base,
        "areas_open": bool(form.errors.get("areas") or form.errors.get("units")) or bool(look and look.covers),
        "crumbs": [("工作组", reverse("groups")), (group.name, reverse("group", args=[group.pk])), ("调整", "")],
    }  # fmt: skip
    return page(request, "org/adjust.html", context, status=status)


def _usual(group: Group) -> list[str]:
    return DUTIES.get(GroupKind(group.kind), "组长、副组长、成员").split("、")


@require_safe
def adjustment_notice(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(adjustments_for(request.user), pk=pk)
    group = found.group
    rows = members_on(group, found.effective_on)
    draft = notice(
        group.name, group.unit.name, found.effective_on, timezone.localtime(found.at).date(), found.doc_no,
        found.reason, found.changes, [(row.duty, row.name, row.title) for row in rows],
    )  # fmt: skip
    return attachment(write_notice(draft), f"{draft.title}.docx", DOCX)


@require_POST
def adjustment_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(adjustments_for(request.user), pk=pk)
    day, group = found.effective_on, found.group
    actions.withdraw_adjustment(found, **form_keys(request))
    messages.success(request, f"已撤回从 {said(day)} 起的调整，“{group.name}”照原样不变。")
    return redirect("group", group.pk)
