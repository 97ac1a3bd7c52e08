"""A file's name as it may be kept and sent back. Where bytes lie never comes from a name."""

import re
import unicodedata
from urllib.parse import quote

#: Windows opens devices under these names, whatever stands behind the dot
_RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"COM{n}" for n in range(10)), *(f"LPT{n}" for n in range(10))}
#: right-to-left marks and overrides, zero-width characters: they make gpj.exe look like exe.jpg
_HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u061c\u00ad]")
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
MOST_BYTES = 240  # of UTF-8: most disks stop at 255


def clean_name(raw: str) -> str:
    """RAW as a plain file name: no folders, no control or hidden characters, NFC, at most 240 bytes of UTF-8."""
    name = unicodedata.normalize("NFC", raw.encode("utf-8", "replace").decode())
    name = _HIDDEN.sub("", re.split(r"[/\\]", name)[-1])
    # rare characters of personal names may be private or not yet assigned: only control characters go
    name = "".join(letter for letter in name if unicodedata.category(letter) not in ("Cc", "Cs"))
    name = re.sub(r"\s+", " ", _FORBIDDEN.sub("_", name)).strip()
    hidden = name.startswith((".", "-")) and name.strip(" .-")  # .htaccess, -rf
    name = name.lstrip("-").strip(" .")
    if hidden:
        name = f"_{name}"
    if name.split(".")[0].strip().upper() in _RESERVED:
        name = "_" + name
    return _shorten(name) or "未命名"


def _shorten(name: str) -> str:
    """Cut the middle, keep the extension."""
    if len(name.encode()) <= MOST_BYTES:
        return name
    stem, dot, last = name.rpartition(".")
    tail = dot + last if dot and len(last.encode()) <= 20 else ""
    if not tail:
        stem = name
    return stem.encode()[: MOST_BYTES - len(tail.encode())].decode("utf-8", "ignore").rstrip(" .") + tail


def title_of(name: str) -> str:
    """The title to propose: the name without its extension, at most 200 letters."""
    stem, dot, last = name.rpartition(".")
    return (stem if dot and 0 < len(last) <= 5 else name)[:200].strip() or "未命名"


def disposition(name: str, *, inline: bool = False) -> str:
    """The Content-Disposition header (RFC 6266): a plain name for old programs, the true one as filename*."""
    name = clean_name(name)
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name.encode("ascii", "replace").decode().replace("?", "_"))
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
