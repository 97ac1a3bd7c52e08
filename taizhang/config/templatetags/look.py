"""The parts as template tags; a builtin library, no {% load %} needed. docs/how/use-the-parts.md shows each."""

from typing import Any
from uuid import uuid4

from django import template
from django.forms import BoundField, Form
from django.forms.widgets import (
    CheckboxInput,
    CheckboxSelectMultiple,
    ClearableFileInput,
    FileInput,
    RadioSelect,
    Textarea,
)
from django.template import Context
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe

from taizhang.kit import look

register = template.Library()

for _name in ["icon", "lamp", "st", "mark", "tag", "num", "ratio", "percent", "bar", "thumb"]:
    register.simple_tag(getattr(look, _name), name=_name)
register.filter("size", look.size)
register.filter("hit", look.hit)


# ---- hidden fields of a form that writes


@register.simple_tag
def once() -> SafeString:
    """A second post with the same key gets the first answer."""
    return mark_safe(f'<input type="hidden" name="once" value="{uuid4()}">')


@register.simple_tag
def seen(record: Any) -> SafeString:
    """The version the person was looking at; an older one is refused."""
    return mark_safe(f'<input type="hidden" name="seen" value="{int(record.version)}">')


# ---- fields


@register.simple_tag
def field(
    bound: BoundField,
    label: str = "",
    hint: str = "",
    src: str = "",
    css: str = "",
    known: str = "",
    **attrs: Any,
) -> SafeString:
    """Label, widget, source, help and errors of one field, tied together for readers of the screen.

    SRC says where a value came from (取自照片). KNOWN shows what the system already has instead of asking.
    Other keywords become attributes of the widget (`rows=3`, `placeholder="…"`).
    """
    widget = bound.field.widget
    name = conditional_escape(label or bound.label or "")
    hint = hint or str(bound.help_text or "")
    ident = bound.id_for_label or bound.auto_id or bound.html_name
    notes = []
    if hint:
        notes.append(f"{ident}_hint")
    if bound.errors:
        notes.append(f"{ident}_err")
    attrs = {key.replace("_", "-"): value for key, value in attrs.items()}
    group = isinstance(widget, (RadioSelect, CheckboxSelectMultiple))
    tick = isinstance(widget, CheckboxInput)
    if not group and not tick:
        attrs["class"] = " ".join(
            filter(None, ["inp", widget.attrs.get("class", ""), attrs.get("class", "")])
        )
    if isinstance(widget, Textarea) and "rows" not in attrs:
        attrs["rows"] = 3
    if notes:
        attrs["aria-describedby"] = " ".join(notes)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    needed = "<em>必填</em>" if bound.field.required and not known and not tick else ""
    source = f'<span class="src">{escape(src)}</span>' if src else ""
    tail = f'<p class="hint" id="{ident}_hint">{conditional_escape(hint)}</p>' if hint else ""
    if bound.errors:
        words = "　".join(str(escape(error)) for error in bound.errors)
        tail += f'<p class="err" id="{ident}_err">{look.icon("alert")}<span>{words}</span></p>'
    outer = " ".join(filter(None, ["fld", "bad" if bound.errors else "", css]))
    if known:
        return mark_safe(
            f'<div class="{outer}"><p class="lab">{name}{source}</p><p class="known">{conditional_escape(known)}</p>'
            f"{bound.as_hidden()}{tail}</div>"
        )
    if tick:
        return mark_safe(
            f'<div class="{outer}"><label class="opt">{bound.as_widget(attrs=attrs)}<span>{name}</span>{source}</label>{tail}</div>'
        )
    if group:
        shape = "opts h" if len(getattr(bound.field, "choices", [])) <= 5 else "opts"
        return mark_safe(
            f'<fieldset class="{outer}"{_described(attrs)}><legend>{name}{needed}{source}</legend>'
            f'<div class="{shape}">{_options(bound)}</div>{tail}</fieldset>'
        )
    if isinstance(widget, (ClearableFileInput, FileInput)):
        attrs.setdefault("data-limit", "")
    return mark_safe(
        f'<div class="{outer}"><label class="lab" for="{ident}">{name}{needed}{source}</label>{bound.as_widget(attrs=attrs)}{tail}</div>'
    )


def _described(attrs: dict[str, Any]) -> str:
    return f' aria-describedby="{attrs["aria-describedby"]}"' if "aria-describedby" in attrs else ""


def _options(bound: BoundField) -> str:
    """Ticks and radios one by one: Django's own nesting of <div>s has no class to lay out by."""
    return "".join(
        f'<label class="opt">{option.tag()}<span>{conditional_escape(option.choice_label)}</span></label>'
        for option in bound.subwidgets
    )


@register.simple_tag
def fields(form: Form) -> SafeString:
    """The whole form, hidden fields included, when nothing about it is special."""
    hidden = "".join(str(bound) for bound in form.hidden_fields())
    return mark_safe(faults(form) + hidden + "".join(field(bound) for bound in form.visible_fields()))


@register.simple_tag
def faults(form: Form) -> SafeString:
    """What is wrong and where, above the form; gets the focus. Empty when nothing is wrong."""
    if not form.errors:
        return mark_safe("")
    lines = [escape(error) for error in form.non_field_errors()]
    for bound in form:
        if bound.errors and not bound.is_hidden:
            lines.append(
                mark_safe(
                    f'<a href="#{bound.id_for_label or bound.auto_id}">{conditional_escape(bound.label)}</a>：{escape(bound.errors[0])}'
                )
            )
        elif bound.errors:
            lines.append(escape(bound.errors[0]))
    body = (
        f"<p>{lines[0]}</p>"
        if len(lines) == 1
        else "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"
    )
    head = f"<b>没有保存，{len(lines)} 处要改。你填的都还在。</b>"
    return mark_safe(
        f'<div class="note bad" role="alert" tabindex="-1" data-focus>{look.icon("alert")}<div>{head}{body}</div></div>'
    )


# ---- blocks

ICONS = {"": "info", "info": "info", "ok": "check", "warn": "alert", "bad": "alert"}


@register.simple_block_tag
def note(content: str, tone: str = "", focus: bool = False) -> SafeString:
    """{% note "bad" %}…{% endnote %}: info, ok, warn or bad; a bad one is read out at once."""
    role = ' role="alert"' if tone == "bad" else ""
    role += ' tabindex="-1" data-focus' if focus else ""
    css = tone if tone in ("ok", "warn", "bad") else ""
    return mark_safe(
        f'<div class="note {css}"{role}>{look.icon(ICONS.get(tone, "info"))}<div>{content}</div></div>'
    )


@register.simple_block_tag
def confirm(content: str, label: str, css: str = "btn") -> SafeString:
    """{% confirm "退回" "btn btn-bad" %} a form {% endconfirm %}: asks in place, without a dialog or a script."""
    return mark_safe(
        f'<details class="ask menu"><summary class="{escape(css)}">{escape(label)}</summary><div>{content}</div></details>'
    )


@register.simple_block_tag
def menu(content: str, label: str, css: str = "btn", side: str = "") -> SafeString:
    """{% menu "更多" %} links and one-button forms {% endmenu %}."""
    return mark_safe(
        f'<details class="menu {escape(side)}"><summary class="{escape(css)}">{conditional_escape(label)}{look.icon("down")}</summary><div class="pop">{content}</div></details>'
    )


# ---- lists


@register.simple_tag(takes_context=True)
def sort(context: Context, label: str, key: str, css: str = "", first: str = "") -> SafeString:
    """A column head that sorts: `?sort=due`, again for `?sort=-due`. FIRST is the order when none is asked for."""
    query = context["request"].GET.copy()
    now = query.get("sort", first)
    query.pop("page", None)
    query["sort"] = f"-{key}" if now == key else key
    state, sign = "", ""
    if now.lstrip("-") == key:
        down = now.startswith("-")
        state = f' aria-sort="{"descending" if down else "ascending"}"'
        sign = f'<span class="dir" aria-hidden="true">{"▼" if down else "▲"}</span>'
    shape = f' class="{escape(css)}"' if css else ""
    return mark_safe(
        f'<th scope="col"{shape}{state}><a href="?{escape(query.urlencode())}">{conditional_escape(label)}{sign}</a></th>'
    )


@register.simple_tag(takes_context=True)
def without(context: Context, *names: str) -> str:
    """The address of this page with some filters taken off: `href="{% without "lead" %}"`."""
    query = context["request"].GET.copy()
    for name in (*names, "page"):
        query.pop(name, None)
    return f"?{query.urlencode()}"
