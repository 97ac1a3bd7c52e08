"""The operation log in words: who may see which entries, and what a change says to a reader."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import QuerySet

from taizhang.journal.models import Entry

from ..permits import Permit
from .posts import beneath, paths_where

#: what the rows of each table are called, and fields that carry no Chinese name of their own
KINDS = {
    "org.unit": "单位", "org.person": "人员", "org.membership": "归属", "org.post": "职责", "org.group": "工作组",
    "org.duty": "组内职务", "org.cover": "负责范围", "org.rhythm": "运行机制", "org.adjustment": "工作组调整", "org.deputy": "AB角", "org.absence": "请假外出", "org.user": "账号",
    "standards.standard": "测评标准", "standards.edition": "标准版本", "standards.strand": "指标脉络",
    "standards.indicator": "指标", "standards.method": "测评方法", "standards.requirement": "材料要求",
    "standards.bar": "负面清单", "standards.eligibility": "申报条件", "standards.bonus": "特色指标",
    "standards.draft": "导入草稿", "campaigns.campaign": "创建活动", "campaigns.track": "创建线",
    "campaigns.step": "审核环节", "campaigns.year": "创建年度", "campaigns.stage": "阶段",
    "campaigns.window": "报送期限", "campaigns.holiday": "节假日", "ledger.item": "事项",
    "ledger.itemunit": "配合处室", "ledger.need": "材料要求", "ledger.remark": "留言", "ledger.slot": "期次",
    "ledger.submission": "报送", "ledger.citation": "引用", "ledger.signature": "签批", "ledger.batch": "批量操作",
    "ledger.adoption": "换版", "ledger.adopteditem": "换版改动",
    "evidence.blob": "文件", "evidence.evidence": "材料", "evidence.version": "材料版本",
}  # fmt: skip
FIELDS = {
    "name": "名称", "title": "名称", "kind": "类别", "order": "排序", "path": "所在位置", "code": "编码",
    "parent": "上级", "agency": "所属机关", "unit": "单位", "person": "人员", "user": "账号", "group": "工作组",
    "stand_in": "搭档", "rank": "顺位", "main": "主要归属", "name_key": "检索名", "office": "工作机构",
    "area_code": "一级指标编号", "password": "密码", "last_login": "上次登录", "starts_on": "起", "ends_on": "止",
    "opens_on": "开放日", "shuts_on": "截止日", "due_on": "期限", "status": "状态", "state": "状态", "step": "环节",
    "merged_into": "并入", "contact": "联系点", "attempt": "次数", "item": "事项", "slot": "期次", "performer": "报送单位", "person_key": "人员", "lead": "牵头处室",
    "leader": "分管领导", "edition": "版本", "standard": "测评标准", "track": "创建线", "campaign": "创建活动",
    "year": "年度", "strand": "指标脉络", "indicator": "指标", "previous": "上年事项", "reason": "原因", "binned_at": "移出时间", "checked_at": "校验时间", "current": "现行版本",
    "blob": "文件", "evidence": "材料", "need": "材料要求", "by": "经办人", "works": "上班", "day": "日期",
    "least": "最少件数", "must": "必须", "fields": "说明栏", "doc_no": "文号", "rule": "规则", "rules": "规则",
    "received_at": "签收时间", "closed_at": "销号时间", "accepted_at": "通过时间", "times": "次数",
    "version_pinned": "签定版本", "size": "大小", "thumbnail": "缩略图", "width": "宽", "height": "高", "mime": "格式", "number": "编号", "note": "备注", "params": "内容",
    "changes": "变动内容", "data": "内容", "content": "内容", "stated_total": "标称总分", "weight": "分值", "is_active": "启用",
}  # fmt: skip
LONGEST = 120
HAN = re.compile(r"[\u4e00-\u9fff]")
DATETIME = re.compile(r"^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)")


#: what the system does by itself after an upload; hundreds of lines that would bury what people did
BY_ITSELF = ("evidence.set_thumbnail",)


@dataclass(frozen=True)
class Filters:
    """What the reader of the log asks for; empty is everything."""

    who: str = ""
    action: str = ""
    first: date | None = None
    last: date | None = None
    refused: bool = False
    subject: str = ""  # "org.person:17"

    @property
    def people_only(self) -> bool:
        """Whether the list leaves out BY_ITSELF: unless it is asked for. The export never does."""
        return not (self.action or self.who or self.subject)


@dataclass(frozen=True)
class Line:
    """One entry in words. `details` is (thing, [(field, old, new)] or a remark)."""

    pk: int
    seq: int
    at: str
    who: str
    acting_for: str
    action: str
    label: str
    subject: str
    subject_key: str
    refused: str
    details: tuple[tuple[str, tuple[tuple[str, str, str], ...], str], ...]


def entries_for(user: Any) -> QuerySet[Entry]:
    """Entries about units that USER may read the log of."""
    return Entry.objects.filter(beneath(paths_where(user, Permit.JOURNAL_VIEW), "unit_path"))


def find(user: Any, wanted: Filters) -> QuerySet[Entry]:
    """The newest first."""
    found = entries_for(user)
    if wanted.who:
        found = found.filter(actor_name__contains=wanted.who)
    if wanted.action:
        found = found.filter(action=wanted.action)
    if wanted.first:
        found = found.filter(at__gte=wanted.first.isoformat())
    if wanted.last:
        found = found.filter(at__lt=(wanted.last + timedelta(days=1)).isoformat())
    if wanted.refused:
        found = found.exclude(refused="")
    if wanted.subject:
        kind, _, number = wanted.subject.partition(":")
        found = found.filter(subject_kind=kind, subject_id=int(number) if number.isdecimal() else 0)
    return found.order_by("-id")


def model_of(kind: str) -> type[models.Model] | None:
    try:
        return apps.get_model(kind)
    except (LookupError, ValueError):
        return None


def field_of(kind: str, attname: str) -> "models.Field[Any, Any] | None":
    """The model's field with this column, if the model still has it."""
    model = model_of(kind)
    if model is None:
        return None
    return next((one for one in model._meta.concrete_fields if one.attname == attname), None)


def field_words(kind: str, attname: str) -> str:
    """The Chinese name of a column; a column without one is 其他内容."""
    column = field_of(kind, attname)
    name = str(getattr(column, "verbose_name", ""))
    if HAN.search(name):
        return name
    return FIELDS.get(column.name if column else attname, "其他内容")


def kind_words(kind: str) -> str:
    return KINDS.get(kind, "记录")


def _relations(entries: Iterable[Entry]) -> dict[type[models.Model], dict[int, str]]:
    """Names of every row that a change points to: one query for each table that is spoken of."""
    ids: dict[type[models.Model], set[int]] = defaultdict(set)
    for entry in entries:
        if (model := model_of(entry.subject_kind)) and entry.subject_id and entry.subject_kind in KINDS:
            ids[model].add(entry.subject_id)
        for note in entry.changes:
            for attname, pair in (note.get("fields") or {}).items():
                column = field_of(note.get("kind", ""), attname)
                if isinstance(column, models.ForeignKey):
                    ids[column.related_model].update(one for one in pair if isinstance(one, int))
    named: dict[type[models.Model], dict[int, str]] = {}
    for model, wanted in ids.items():
        column_name = _name_column(model)
        rows = model._base_manager.filter(pk__in=wanted)
        named[model] = {pk: str(value) for pk, value in rows.values_list("pk", column_name)}
    return named


def _subject(entry: Entry) -> str:
    """What the entry itself calls its subject, as it was then."""
    for note in entry.changes:
        if note.get("kind") == entry.subject_kind and note.get("id") == entry.subject_id:
            return str(note.get("label", ""))
    return ""


def _name_column(model: type[models.Model]) -> str:
    """What a row is called by, without asking its relations."""
    columns = {column.name for column in model._meta.concrete_fields}
    return next(
        (name for name in ("name", "title", "label", "duty", "number", "username", "no") if name in columns),
        "pk",
    )


def value_words(kind: str, attname: str, value: Any, named: dict[type[models.Model], dict[int, str]]) -> str:
    """A stored value as a reader says it."""
    if value is None or value == "":
        return "（空）"
    if isinstance(value, bool):
        return "是" if value else "否"
    column = field_of(kind, attname)
    if isinstance(column, models.ForeignKey) and isinstance(value, int):
        return named.get(column.related_model, {}).get(value, "已删除的记录")
    if column is not None and column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if column is not None and isinstance(value, str):
        value = getattr(column.model, "SAID", {}).get(column.name, {}).get(value, value)
    if isinstance(value, dict):
        said = f"{len(value)} 项"
    elif isinstance(value, list):
        said = (
            "、".join(str(one) for one in value)
            if all(isinstance(one, str) for one in value)
            else f"{len(value)} 项"
        )
    else:
        said = str(value)
    if match := DATETIME.match(said):
        said = f"{match[1]} {match[2]}"
    return said if len(said) <= LONGEST else said[:LONGEST] + "…"


def removed_words(held: dict[str, Any]) -> str:
    """That a row is gone; of one with a term, which days it was for: nothing else remembers them."""
    first, last = held.get("starts_on"), held.get("ends_on")
    if not first:
        return "删除"
    return f"删除，原定 {first} 至 {last}" if last else f"删除，原定 {first} 起"


def in_words(entries: list[Entry]) -> list[Line]:
    """ENTRIES as lines for the page and for the export."""
    named = _relations(entries)
    lines = []
    for entry in entries:
        details: list[tuple[str, tuple[tuple[str, str, str], ...], str]] = []
        made: dict[str, int] = defaultdict(int)
        for note in entry.changes:
            kind = note.get("kind", "")
            if isinstance(note.get("made"), int) and not isinstance(note.get("made"), bool):
                made[kind] += note["made"]
                continue
            thing = f"{kind_words(kind)} {note.get('label', '')}".strip()
            if note.get("made"):
                details.append((thing, (), "新增"))
            elif "removed" in note:
                details.append((thing, (), removed_words(note["removed"])))
            elif fields := note.get("fields"):
                pairs = tuple(
                    (
                        field_words(kind, attname),
                        value_words(kind, attname, pair[0], named),
                        value_words(kind, attname, pair[1], named),
                    )
                    for attname, pair in fields.items()
                    if attname not in ("name_key", "path") and isinstance(pair, list) and len(pair) == 2
                )
                details.append((thing, pairs, "" if pairs else "已改"))
        details.extend((kind_words(kind), (), f"新增 {count} 条") for kind, count in made.items())
        model = model_of(entry.subject_kind)
        called = _subject(entry) or (named.get(model, {}).get(entry.subject_id or 0, "") if model else "")
        lines.append(
            Line(
                entry.pk,
                entry.seq,
                f"{entry.at[:10]} {entry.at[11:19]}",
                entry.actor_name,
                entry.acting_for,
                entry.action,
                entry.label,
                f"{kind_words(entry.subject_kind)} {called}".strip(),
                f"{entry.subject_kind}:{entry.subject_id}",
                entry.refused,
                tuple(details),
            )  # fmt: skip
        )
    return lines
