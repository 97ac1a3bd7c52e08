"""The words of an old Word document (.doc) by its own table of pieces: body, notes, headers, boxes ([MS-DOC] 2.4.1).

Without layout, and in milliseconds: for what stands outside the body, and where no converter is installed.
"""

import re
import struct

from .ole import Container

#: lengths of the stories, in the order in which they follow each other: offsets in the File Information Block
STORIES = {"body": 0x4C, "footnotes": 0x50, "headers": 0x54, "macros": 0x58, "comments": 0x5C, "endnotes": 0x60,
           "boxes": 0x64, "header boxes": 0x68}  # fmt: skip
IN_SECOND_TABLE = 0x0200
COMPRESSED = 1 << 30
MOST = 20_000_000  # letters
FIELD = re.compile(r"\x13[^\x13\x14\x15]*(?:\x14([^\x13\x15]*))?\x15")
SIGNS = re.compile(r"[\x00-\x08\x0e-\x1f]")


def stories(container: Container) -> dict[str, str]:
    """The text of each story, headers and footers apart, cells as tabs; empty where the file is not what it should be."""
    main = container.read("WordDocument")
    try:
        flags = struct.unpack_from("<H", main, 0x0A)[0]
        table = container.read("1Table" if flags & IN_SECOND_TABLE else "0Table")
        at, size = struct.unpack_from("<II", main, 0x01A2)
        text = _text(main, _pieces(table[at : at + size]))
        lengths = {name: struct.unpack_from("<i", main, offset)[0] for name, offset in STORIES.items()}
    except (struct.error, IndexError, ValueError):
        return {}
    found, at = {}, 0
    for name, length in lengths.items():
        if length < 0 or at + length > len(text):
            break
        story = text[at : at + length]
        found[name] = _clean(story)
        if name == "headers":
            found["headers"], found["footers"] = _edges(story, main, table)
        at += length
    return found


def _edges(story: str, main: bytes, table: bytes) -> tuple[str, str]:
    """Headers and footers apart: six stories for the notes' rules, then six for each section (2.8.28)."""
    at, size = struct.unpack_from("<II", main, 0xF2)
    cuts = struct.unpack_from(f"<{size // 4}I", table, at) if size >= 4 else ()
    found: tuple[list[str], list[str]] = ([], [])
    for one in range(6, len(cuts) - 1):
        said = _clean(story[cuts[one] : cuts[one + 1]])
        side = found[one % 6 in (2, 3, 5)]
        if said and said not in side:
            side.append(said)
    return "\n".join(found[0]), "\n".join(found[1])


def _pieces(clx: bytes) -> list[tuple[int, int]]:
    """(letters, place) of each piece; a place says in its upper bits how the letters are stored."""
    at = 0
    while clx[at] == 1:  # settings of pieces
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if clx[at] != 2:
        raise ValueError
    size = struct.unpack_from("<I", clx, at + 1)[0]
    plc = clx[at + 5 : at + 5 + size]
    count = (len(plc) - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", plc, 0)
    places = [struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * one + 2)[0] for one in range(count)]
    return [(ends[one + 1] - ends[one], places[one]) for one in range(count)]


def _text(main: bytes, pieces: list[tuple[int, int]]) -> str:
    out, letters = [], 0
    for length, place in pieces:
        if length < 0 or letters > MOST:
            raise ValueError
        letters += length
        if place & COMPRESSED:
            at = (place & (COMPRESSED - 1)) // 2
            out.append(main[at : at + length].decode("cp1252", "replace"))
        else:
            out.append(main[place : place + 2 * length].decode("utf-16-le", "replace"))
    return "".join(out)


def _clean(text: str) -> str:
    """Fields by their results, cells by tabs, everything that is no letter left out."""
    for _ in range(5):  # fields in fields
        text, changed = FIELD.subn(lambda one: one.group(1) or "", text)
        if not changed:
            break
    text = text.replace("\x07\x07", "\r").replace("\x07", "\t")
    text = text.replace("\x0b", "\r").replace("\x0c", "\r").replace("\x1e", "-").replace("\xa0", " ")
    lines = (SIGNS.sub("", line).strip() for line in re.split(r"[\r\n]", text))
    return "\n".join(line for line in lines if line)
