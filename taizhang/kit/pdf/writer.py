"""A PDF written from front to back: objects copied from others, pictures from files, pages, bookmarks.

What is written is not kept. The same calls give the same bytes. Of a page that is copied only what shows comes along
(contents, fonts, pictures): no script, no action, no embedded file, no form, no note of a program.
"""

import hashlib
import zlib
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pikepdf

PIECE = 2**20
BESIDE = 2**16  # bytes: less is hashed sooner than handed over
#: of a stream or dictionary inside a page: what programs note for themselves, and what reaches out of the file
DROPPED = frozenset(
    ["/Metadata", "/PieceInfo", "/StructParent", "/StructParents", "/OPI", "/Ref", "/AF", "/LastModified", "/Measure"]
)  # fmt: skip
DEEPEST = 100  # containers within containers


@dataclass(frozen=True)
class Ref:
    """An object of the file in the making."""

    no: int

    def __str__(self) -> str:
        return f"{self.no} 0 R"


def text(words: str) -> str:
    """WORDS as a string of a PDF, whatever script they are in."""
    return "<FEFF" + words.encode("utf-16-be", "replace").hex().upper() + ">"


def number(value: Any) -> str:
    """A number without an exponent, which PDF does not know."""
    if isinstance(value, float):
        return f"{value:.5f}".rstrip("0").rstrip(".") or "0"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def name(word: str) -> str:
    """WORD ("/Im 1") as a name: what is no plain letter is written as its number."""
    raw = word.removeprefix("/").encode("utf-8", "surrogateescape")
    plain = b"()<>[]{}/%#"
    return "/" + "".join(
        chr(byte) if 33 <= byte <= 126 and byte not in plain else f"#{byte:02X}" for byte in raw
    )


class Writer:
    """`page` once for each page in order, then `finish`."""

    def __init__(self, path: Path) -> None:
        self.out = open(path, "wb")  # noqa: SIM115 -- closed by finish, or by whoever gave up
        self.hash = hashlib.sha256()
        self.hasher = ThreadPoolExecutor(1, "hash")  # beside the writing: it takes as long as all the rest
        self.hashing: Future[None] | None = None
        self.at = 0
        self.places: list[int] = [0, 0]  # where each object begins; 0: not yet. Object 1 is the tree of pages
        self.pages: list[Ref] = []
        self._put(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def _put(self, data: bytes) -> None:
        if self.hashing is not None:  # one piece at a time, and in order
            self.hashing.result()
            self.hashing = None
        if len(data) < BESIDE:
            self.hash.update(data)
        else:
            self.hashing = self.hasher.submit(self.hash.update, data)
        self.out.write(data)
        self.at += len(data)

    def close(self) -> None:
        """Safe to call twice."""
        self.hasher.shutdown()
        self.out.close()

    def reserve(self) -> Ref:
        self.places.append(0)
        return Ref(len(self.places) - 1)

    def put(self, body: str, ref: Ref | None = None) -> Ref:
        """An object whose text is BODY."""
        ref = ref or self.reserve()
        self.places[ref.no] = self.at
        self._put(f"{ref.no} 0 obj\n{body}\nendobj\n".encode("latin-1"))
        return ref

    def stream(self, entries: str, pieces: Iterable[bytes], length: int, ref: Ref | None = None) -> Ref:
        """A stream of LENGTH bytes that come in PIECES; ENTRIES are those of its dictionary."""
        ref = ref or self.reserve()
        self.places[ref.no] = self.at
        self._put(f"{ref.no} 0 obj\n<< {entries} /Length {length} >>\nstream\n".encode("latin-1"))
        before = self.at
        for piece in pieces:
            self._put(piece)
        if self.at - before != length:
            raise OSError("a file changed while it was read")
        self._put(b"\nendstream\nendobj\n")
        return ref

    def content(self, data: bytes, entries: str = "") -> Ref:
        """A stream of drawing orders, compressed."""
        packed = zlib.compress(data, 6)
        return self.stream(f"{entries} /Filter /FlateDecode", [packed], len(packed))

    def file(self, entries: str, path: Path) -> Ref:
        """A stream with the bytes of a file (a JPEG) as they are."""
        with open(path, "rb") as handle:
            return self.stream(entries, iter(lambda: handle.read(PIECE), b""), path.stat().st_size)

    def page(
        self,
        width: float,
        height: float,
        resources: str,
        contents: Ref,
        more: str = "",
        ref: Ref | None = None,
    ) -> Ref:
        ref = self.put(
            f"<< /Type /Page /Parent 1 0 R /MediaBox [0 0 {number(width)} {number(height)}] "
            f"/Resources {resources} /Contents {contents} {more}>>",
            ref,
        )
        self.pages.append(ref)
        return ref

    def finish(self, facts: dict[str, str], outline: Ref | None, mark: str) -> str:
        """Close the file; the SHA-256 of its bytes. FACTS are entries of the document's own card, already as PDF text."""
        kids = " ".join(map(str, self.pages))
        self.put(f"<< /Type /Pages /Count {len(self.pages)} /Kids [{kids}] >>", Ref(1))
        bookmarks = f"/Outlines {outline} /PageMode /UseOutlines " if outline else ""
        root = self.put(
            f"<< /Type /Catalog /Pages 1 0 R {bookmarks}/Lang (zh-CN) /ViewerPreferences << /DisplayDocTitle true >> >>"
        )
        card = self.put("<< " + " ".join(f"/{key} {value}" for key, value in facts.items()) + " >>")
        start, count = self.at, len(self.places)
        lines = ["0000000000 65535 f \n"]
        lines += [
            f"{place:010} 00000 n \n" if place else "0000000000 65535 f \n" for place in self.places[1:]
        ]
        trailer = f"<< /Size {count} /Root {root} /Info {card} /ID [<{mark}> <{mark}>] >>"
        self._put(
            f"xref\n0 {count}\n{''.join(lines)}trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n".encode()
        )
        self.close()
        return self.hash.hexdigest()


#: dictionaries of these kinds are never part of how a page looks, whoever points to them
FOREIGN = frozenset(["/Page", "/Pages", "/Catalog", "/Filespec", "/EmbeddedFile", "/Annot"])
ACTIONS = frozenset(
    ["/JavaScript", "/Launch", "/GoToR", "/GoToE", "/SubmitForm", "/ImportData", "/Rendition", "/Movie", "/Sound", "/URI"]
)  # fmt: skip


def foreign(found: Any) -> bool:
    """Whether FOUND, a dictionary or stream, is a thing that does something instead of showing something."""
    if "/JS" in found and "/S" in found:
        return True
    return _named(found, "/Type") in FOREIGN or _named(found, "/S") in ACTIONS


def _named(found: Any, key: str) -> str:
    value = found.get(key)
    return str(value) if isinstance(value, pikepdf.Name) else ""


class Copier:
    """Copies objects of one opened PDF into a Writer, each once."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.known: dict[tuple[int, int], Ref] = {}
        self.waiting: list[tuple[Any, Ref]] = []

    def value(self, found: Any, deep: int = 0) -> str:
        """FOUND as text; what it points to is written, too, by `settle`."""
        if found is None:
            return "null"
        if isinstance(found, bool):
            return "true" if found else "false"
        if isinstance(found, int | float | Decimal):
            return number(found)
        if found.is_indirect:
            return str(self._ref(found))
        return self._direct(found, deep)

    def _direct(self, found: Any, deep: int = 0) -> str:
        if deep > DEEPEST:
            raise ValueError("containers too deep")
        if isinstance(found, pikepdf.Array):
            return "[" + " ".join([self.value(one, deep + 1) for one in found]) + "]"
        if isinstance(found, pikepdf.Dictionary):
            return "null" if foreign(found) else f"<< {self.entries(found, deep)} >>"
        return bytes(found.unparse()).decode("latin-1")

    def entries(self, found: Any, deep: int = 0, without: frozenset[str] = DROPPED) -> str:
        return " ".join(
            f"{name(key)} {self.value(found[key], deep + 1)}"
            for key in sorted(found.keys())
            if key not in without
        )

    def _ref(self, found: Any) -> Ref:
        key = found.objgen
        if key not in self.known:
            self.known[key] = self.writer.reserve()
            self.waiting.append((found, self.known[key]))
        return self.known[key]

    def settle(self) -> None:
        """Write everything that was pointed to, and what that points to."""
        while self.waiting:
            found, ref = self.waiting.pop()
            if isinstance(found, pikepdf.Stream) and not foreign(found):
                data = found.read_raw_bytes()
                self.writer.stream(self.entries(found, 0, DROPPED | {"/Length"}), [data], len(data), ref)
            elif isinstance(found, pikepdf.Stream):
                self.writer.put("null", ref)
            else:
                self.writer.put(self._direct(found), ref)
