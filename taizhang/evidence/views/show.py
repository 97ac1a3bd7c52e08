"""Rows of evidence made ready for a table, without a tag or an address looked up per row."""

from dataclasses import dataclass
from functools import cache

from django.urls import NoReverseMatch, reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from taizhang.kit import look

from ..models import Kind
from ..queries.library import Row
from ..rules import kinds
from ..rules.captions import missing_words

KIND_LABELS = {kind.value: kind.label for kind in Kind}


@dataclass(frozen=True)
class Line:
    """A row of the list: markup that is already safe."""

    pk: int
    thumb: SafeString
    title: SafeString
    said: SafeString
    facts: SafeString
    lack: SafeString
    uses: SafeString
    link: str
    download: str


@cache
def uses_pattern() -> tuple[str, str]:
    """Before and behind the number in the address of the ledger's page of uses; ("", "") without a ledger.

    Looked up once: evidence lies beneath the ledger and knows it by this name only.
    """
    try:
        before, _, behind = reverse("evidence_uses", args=[987654321]).partition("987654321")
    except NoReverseMatch:
        return "", ""
    return before, behind


def uses_url(pk: int) -> str:
    before, behind = uses_pattern()
    return f"{before}{pk}{behind}" if before else ""


def picture_url(pk: int, no: int) -> str:
    return f"{root()}{pk}/thumb/{no}/"


@cache
def root() -> str:
    """The library's address: every other address here is it and a number."""
    return reverse("evidences")


def lines(rows: list[Row], uses: tuple[str, str], words: tuple[str, ...] = ()) -> list[Line]:
    """The rows of a list, found WORDS marked."""
    here, sought = root(), list(words)
    made = []
    for row in rows:
        url = f"{here}{row.pk}/"
        picture = f"{url}thumb/{row.version}/" if row.thumbnail else ""
        named = row.name or ("a.网页" if row.kind == Kind.LINK else row.title)
        said = "　".join(
            str(look.hit(text, sought))
            for text in (
                row.doc_no,
                row.issuer,
                row.place,
                row.people,
                row.theme if row.theme != row.title else "",
            )
            if text
        )
        facts = "　".join(
            filter(
                None,
                [
                    KIND_LABELS[row.kind],
                    str(row.happened_on or ""),
                    look.size(row.size) if row.size else "",
                    f"{row.unit} {row.by} 存入",
                    f"回执 {row.number}",
                ],
            )
        )
        tags = str(look.tag("限定", "w")) if row.secrecy else ""
        tags += str(look.tag("第" + str(row.version) + "版")) if row.version > 1 else ""
        lack = missing_words(list(row.missing))
        count = (
            f"引用 {look.num(row.uses, f'{uses[0]}{row.pk}{uses[1]}' if uses[0] else '')} 处"
            if row.uses
            else '<span class="mut">还没有被引用</span>'
        )
        made.append(
            Line(
                pk=row.pk,
                thumb=look.thumb(named, picture, url),
                title=mark_safe(f'<a href="{url}">{look.hit(row.title, sought)}</a> {tags}'),
                said=mark_safe(said),
                facts=mark_safe(str(look.hit(facts, sought))),
                lack=mark_safe(f'<span class="lt y">{escape(lack)}</span>') if lack else mark_safe(""),
                uses=mark_safe(count),
                link=row.url,
                download=f"{url}download/" if not row.url else "",
            )  # fmt: skip
        )
    return made


def shown_inline(mime: str) -> bool:
    return mime in kinds.INLINE
