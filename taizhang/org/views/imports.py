"""Roster and working groups in (upload → preview → confirm) and out. Nothing is kept before the confirmation."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from taizhang.kit import clock, files
from taizhang.kit.errors import Refused
from taizhang.kit.htmx import page
from taizhang.kit.sending import attachment
from taizhang.kit.tables import write_xlsx

from .. import actions
from ..forms import UploadForm
from ..models import Unit
from ..models.groups import GroupKind
from ..models.units import UnitKind
from ..queries.roster import groups_now, roster_now
from ..rules.plan import PERSON_WORDS, role_words
from ..sheets.export import group_sheets, staff_sheets
from ..sheets.take import Taken, take_groups, take_roster
from .common import agency_of, form_keys, need, tell

FIRST_ROWS = 20
ORDER = "排序"
#: kinds of units and groups, as the plan keeps them → in words
KINDS = {"unit": dict(UnitKind.choices()), "group": dict(GroupKind.choices())}
KIND_WORDS = {
    "person": ("人员", "人"), "unit": ("单位", "个"), "group": ("工作组", "个"), "duty": ("组内职务", "项"),
    "duty_end": ("组内职务", "项"), "rhythm": ("运行机制", ""),
}  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """One of the two imports: its words, how it is read and taken over."""

    name: str
    title: str
    noun: str
    sheets: str
    action: str
    take: Callable[..., Taken]  # type: ignore[type-arg]
    run: Callable[..., Any]
    then: str


ROSTER = Kind(
    "roster_import", "导入花名册", "人", "花名册、处室、党支部", "org.import_roster", take_roster,
    actions.import_roster, "org",
)  # fmt: skip
GROUPS = Kind(
    "groups_import", "导入工作组", "个组", "领导小组、办公室、工作专班、专门工作组、活动组、活动组人员、运行机制",
    "org.import_groups", take_groups, actions.import_groups, "groups",
)  # fmt: skip


@require_http_methods(["GET", "POST"])
def roster_import(request: HttpRequest) -> HttpResponse:
    return _import(request, ROSTER)


@require_http_methods(["GET", "POST"])
def groups_import(request: HttpRequest) -> HttpResponse:
    return _import(request, GROUPS)


def _import(request: HttpRequest, kind: Kind) -> HttpResponse:
    agency = agency_of(request)
    need(request, kind.action, agency)
    if request.method == "POST":
        return _confirm(request, kind, agency) if "file" in request.POST else _upload(request, kind, agency)
    sha256 = request.GET.get("file", "")
    if sha256:
        return _preview(request, kind, agency, sha256)
    return _start(request, kind, agency, UploadForm())


def _start(request: HttpRequest, kind: Kind, agency: Unit, form: Any, status: int = 200) -> HttpResponse:
    context = {"kind": kind, "agency": agency, "form": form, "crumbs": _crumbs(kind)}
    return page(request, "org/import.html", context, status=status)


def _crumbs(kind: Kind) -> list[tuple[str, str]]:
    return [
        ("工作组", reverse("groups")) if kind is GROUPS else ("组织机构", reverse("org")),
        (kind.title, ""),
    ]


def _upload(request: HttpRequest, kind: Kind, agency: Unit) -> HttpResponse:
    """Keep the bytes, so that the confirmation takes what the preview showed."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _start(request, kind, agency, form, 400)
    upload = form.cleaned_data["file"]
    data = upload.read()
    try:
        kind.take(data, upload.name, agency, clock.today())
        stored = files.store().put([data], limit=settings.IMPORT_MAX_BYTES)
    except Refused as refusal:
        return _start(request, kind, agency, form, tell(form, refusal))
    request.session["imports"] = {stored.sha256: upload.name[:200]}
    return redirect(f"{reverse(kind.name)}?agency={agency.pk}&file={stored.sha256}")


def _stored(request: HttpRequest, sha256: str) -> tuple[bytes, str]:
    """The bytes and name that this person uploaded before."""
    name = request.session.get("imports", {}).get(sha256)
    if name is None or not files.store().exists(sha256):
        raise Refused("上传的文件已不在了（可能隔得太久，重新登录过）。请再上传一次，什么都还没有改。")
    with files.store().open(sha256) as handle:
        return handle.read(), name


def _preview(
    request: HttpRequest, kind: Kind, agency: Unit, sha256: str, said: str = "", status: int = 200
) -> HttpResponse:
    data, name = _stored(request, sha256)
    end = frozenset(request.POST.getlist("end"))
    taken = kind.take(data, name, agency, clock.today(), end)
    plan, people = taken.plan, taken.roster.people

    def called(key: str) -> str:
        first, *rest = key.split(" ")
        if first in people:
            return f"{first} {people[first].name}"
        words = [f"{part} {people[part].name}" if part in people else part for part in (first, *rest)]
        return " ".join(words)

    def named(value: str) -> str:
        return "、".join(called(part) for part in value.split("、"))

    def shown(kind: str, label: str, value: str) -> str:
        return str(KINDS[kind].get(value, value)) if label == "类别" and kind in KINDS else named(value)

    def rows(changes: Any) -> list[tuple[str, str, Any]]:
        """In words; a new place in the order alone is counted, not listed."""
        found = []
        for one in changes:
            pairs = [
                (label, shown(one.kind, label, old), shown(one.kind, label, now))
                for label, old, now in one.fields
                if label != ORDER
            ]
            if pairs or not one.fields:
                found.append((KIND_WORDS[one.kind][0], called(one.key), pairs))
        return found

    counts = []
    for key, (label, unit) in KIND_WORDS.items():
        new, changed = plan.count(key)
        if new:
            counts.append({"label": f"新增{label}", "n": new, "unit": unit})
        if changed:
            counts.append(
                {"label": f"{'结束' if key == 'duty_end' else '变更'}{label}", "n": changed, "unit": unit}
            )
    counts.append({"label": "增加职责", "n": len(plan.posts_add), "unit": "项"})
    counts.append({"label": "收回职责", "n": len(plan.posts_end), "unit": "项"})
    context = {
        "kind": kind, "agency": agency, "file": sha256, "name": name, "size": len(data), "taken": taken, "plan": plan,
        "problems": taken.problems, "counts": counts, "new": rows(plan.new)[:FIRST_ROWS], "new_all": len(plan.new),
        "changed": rows(plan.changed), "moved": len(plan.changed) - len(rows(plan.changed)), "gone": [(key, called(key), key in end) for key in plan.gone],
        "add": role_words(plan.posts_add), "over": role_words(plan.posts_end), "said": said,
        "crumbs": _crumbs(kind), "url": reverse(kind.name), "nothing": plan.nothing and not plan.gone, **_touched(kind, plan),
    }  # fmt: skip
    return page(request, "org/preview.html", context, status=status)


def _touched(kind: Kind, plan: Any) -> dict[str, Any]:
    """Staff numbers of whom the file lacks, and whom it moves (with both departments): their work is asked about."""
    if kind is not ROSTER:
        return {"leaving": [], "moving": []}
    moving = [
        (one.key, old, now) for one in plan.changed if one.kind == "person" for label, old, now in one.fields
        if label == PERSON_WORDS["department"] and old and now
    ]  # fmt: skip
    return {"leaving": list(plan.gone), "moving": moving}


def _confirm(request: HttpRequest, kind: Kind, agency: Unit) -> HttpResponse:
    sha256 = request.POST["file"]
    data, name = _stored(request, sha256)
    taken = kind.take(data, name, agency, clock.today(), frozenset(request.POST.getlist("end")))
    if taken.problems:
        return _preview(request, kind, agency, sha256, "文件里还有要改的地方，没有导入。", 409)
    plan = taken.plan
    if plan.nothing:
        messages.success(request, "文件与现有内容一致，没有变化。")
        return redirect(kind.then)
    try:
        kind.run(agency, plan=plan, **form_keys(request))
    except Refused as refusal:
        return _preview(request, kind, agency, sha256, refusal.message, refusal.status)
    touched = _touched(kind, plan)
    people = len(plan.end) * (kind is ROSTER) + len(touched["moving"])
    messages.success(
        request,
        f"已导入“{name}”：新增 {len(plan.new)} 条，变更 {len(plan.changed)} 条，"
        f"增加职责 {len(plan.posts_add)} 项，收回职责 {len(plan.posts_end)} 项。"
        + (
            f"离开或换处室的有 {people} 人，名下的事项没有跟着移交，还有未办的见下面的提示。"
            if people
            else ""
        ),
    )
    return redirect(kind.then)


@require_safe
def roster_export(request: HttpRequest) -> HttpResponse:
    agency = agency_of(request)
    roster, _ = roster_now(agency, clock.today())
    out = BytesIO()
    write_xlsx(out, staff_sheets(roster))
    return attachment(out.getvalue(), f"{agency}花名册.xlsx")


@require_safe
def groups_export(request: HttpRequest) -> HttpResponse:
    agency, today = agency_of(request), clock.today()
    roster, _ = roster_now(agency, today)
    out = BytesIO()
    write_xlsx(out, group_sheets(groups_now(agency, today), roster))
    return attachment(out.getvalue(), f"{agency}工作组.xlsx")
