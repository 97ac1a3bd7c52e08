"""Rows of evidence made ready for a table, without a tag or an address looked up per row."""

from dataclasses import dataclass
from functools import cache

from django.urls import NoReverseMatch, reverse
from django.utils.html import escape
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

from taizhang.kit import look

from ..models import Kind, ReadingState, Secrecy
from ..queries.library import Row
from ..queries.search import Hit, Parts
from ..rules import kinds, readers, words
from ..rules.captions import missing_words

KIND_LABELS = {kind.value: kind.label for kind in Kind}
#: readings that a list speaks of: word and tone of the tag
TAGS = {ReadingState.UNREADABLE.value: (ReadingState.UNREADABLE.label, "e")}


#: levels that a list speaks of (内部 is the rule): word → tone of the tag
LEVELS = {Secrecy.OPEN.label: "", Secrecy.LIMITED.label: "w"}


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
    found: SafeString = mark_safe("")  # the sentence in which the words were found, and its page


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


def poster_url(pk: int, no: int) -> str:
    return f"{root()}{pk}/poster/{no}/"


@cache
def root() -> str:
    """The library's address: every other address here is it and a number."""
    return reverse("evidences")


def parts_marked(parts: Parts) -> SafeString:
    """Text in parts, what was found in light yellow."""
    return mark_safe("".join(f"<mark>{escape(text)}</mark>" if hit else escape(text) for text, hit in parts))


def sentence(url: str, asked: str, hit: Hit) -> SafeString:
    """“第 12 页　…的句子…”, the page a link to the piece at URL, open at that page."""
    there = escape(f"{url}?{urlencode({'page': hit.page, 'q': asked})}")
    return mark_safe(f'<a href="{there}">第 {hit.page} 页</a>　{parts_marked(hit.parts)}')


def lines(rows: list[Row], uses: tuple[str, str], terms: tuple[str, ...] = (), asked: str = "") -> list[Line]:
    """The rows of a list; the folded TERMS of the question ASKED are marked."""
    here = root()
    behind = escape(f"?{urlencode({'q': asked})}") if asked else ""
    made = []

    def sought(text: str) -> SafeString:
        return parts_marked(words.marked(text, terms)) if terms else escape(text)

    for row in rows:
        url = f"{here}{row.pk}/"
        picture = f"{url}thumb/{row.version}/" if row.thumbnail else ""
        named = row.name or ("a.网页" if row.kind == Kind.LINK else row.title)
        said = "　".join(
            str(sought(text))
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
                    extent(row.pages, row.seconds),
                    f"{row.unit} {row.by} 存入",
                    f"回执 {row.number}",
                ],
            )
        )
        tags = str(look.tag(row.secrecy, LEVELS[row.secrecy])) if row.secrecy else ""
        tags += str(look.tag("第" + str(row.version) + "版")) if row.version > 1 else ""
        tags += str(look.tag(*TAGS[row.reading])) if row.reading in TAGS else ""
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
                title=mark_safe(f'<a href="{url}{behind}">{sought(row.title)}</a> {tags}'),
                said=mark_safe(said),
                facts=sought(facts),
                lack=mark_safe(f'<span class="lt y">{escape(lack)}</span>') if lack else mark_safe(""),
                uses=mark_safe(count),
                link=row.url,
                download=f"{url}download/" if not row.url else "",
                found=sentence(url, asked, row.hit) if row.hit and row.hit.parts else mark_safe(""),
            )  # fmt: skip
        )
    return made


def extent(pages: int, seconds: int | None) -> str:
    """How much there is to look at: a film's length, else pages where there is more than one."""
    if seconds:
        return readers.duration(seconds)
    return f"{pages} 页" if pages > 1 else ""


def shown_inline(mime: str) -> bool:
    return mime in kinds.INLINE
