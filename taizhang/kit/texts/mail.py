"""Letters (.eml): who wrote to whom, when and what, and the names of what was attached."""

import email
import email.policy
from email.message import EmailMessage
from typing import Any

from . import web
from .blocks import BIG, kept
from .plain import decode, leaves
from .told import Told, Unreadable

MOST = 200_000_000  # bytes
MOST_PARTS = 500
MOST_DEPTH = 5  # letters in letters
MOST_LETTERS = 5_000_000
HEADS = (("subject", "主题"), ("from", "发件人"), ("to", "收件人"), ("cc", "抄送"), ("date", "日期"))
EMBEDDED = ("embedded", "邮件带有 {} 个附件，附件的内容没有读，检索不到；请把附件另存后逐件存入。")


def read(asked: Any) -> Told:
    if asked.path.stat().st_size > MOST:
        raise Unreadable("big", BIG)
    with kept(), open(asked.path, "rb") as handle:
        letter = email.message_from_binary_file(handle, policy=email.policy.default)
        attached: list[str] = []
        text = "\n".join(_lines(letter, attached, 0))
    warnings = [(EMBEDDED[0], EMBEDDED[1].format(len(attached)))] if attached else []
    if len(text) > MOST_LETTERS:
        text = text[:MOST_LETTERS]
        warnings.append(("long", f"文字太长，只读了前 {MOST_LETTERS // 10_000} 万字，后面的检索不到。"))
    made = leaves(text)
    return Told("eml", made, len(made), warnings=warnings)


def _lines(letter: Any, attached: list[str], depth: int) -> list[str]:
    """Heads, the body, the names of attachments; a letter that is attached is read too."""
    found = [f"{label}：{said}" for key, label in HEADS if (said := _head(letter, key))]
    plain: list[str] = []
    pages: list[str] = []
    inside: list[str] = []
    names: list[str] = []

    def walk(part: Any, within: int) -> None:
        if within > 20 or len(plain) + len(pages) + len(names) > MOST_PARTS:
            return
        kind = part.get_content_type()
        if kind == "message/rfc822" and depth < MOST_DEPTH:
            for one in part.get_payload() if isinstance(part.get_payload(), list) else []:
                inside.extend(_lines(one, attached, depth + 1))
        elif part.is_multipart():
            for one in part.get_payload():
                walk(one, within + 1)
        elif part.get_content_disposition() == "attachment" or _name(part) or not kind.startswith("text/"):
            if part.get_content_disposition() != "inline" or _name(part):
                names.append(_name(part) or "没有名字的附件")
        elif kind == "text/html":
            pages.append(web.text_of(_bytes(part)))
        else:
            plain.append(_text(part).strip())

    walk(letter, 0)
    found += [text for text in plain if text] or [text for text in pages if text]
    if names:
        found.append(f"附件：{'、'.join(names)}")
        attached += names
    return [line.replace("\r\n", "\n") for line in (*found, *inside)]


def _head(letter: Any, key: str) -> str:
    """A head as it reads; of one that breaks the rules what can be made of it."""
    try:
        said = str(letter.get(key, ""))
    except (ValueError, TypeError, IndexError, AttributeError, LookupError):
        said = ""
    if "\udc80" <= max(said, default="") <= "\udcff":  # bytes of another encoding, unmarked
        said = decode(said.encode("utf-8", "surrogateescape"))
    return " ".join(said.split())


def _name(part: Any) -> str:
    try:
        said = part.get_filename() or ""
    except (ValueError, TypeError, IndexError, AttributeError, LookupError):
        return ""
    if "\udc80" <= max(said, default="") <= "\udcff":
        said = decode(said.encode("utf-8", "surrogateescape"))
    return " ".join(said.split())


def _bytes(part: EmailMessage) -> bytes:
    body = part.get_payload(decode=True)
    return body if isinstance(body, bytes) else b""


def _text(part: EmailMessage) -> str:
    """The words of a part: by the encoding it names, if that fits; else by what fits."""
    body = _bytes(part)
    said = (part.get_content_charset() or "").lower()
    if said.startswith("gb"):
        said = "gb18030"  # the older ones are parts of it
    if said and said not in ("us-ascii", "ascii"):
        try:
            return body.decode(said)
        except (UnicodeDecodeError, LookupError):
            pass
    return decode(body)
