"""Old office containers (OLE compound files) written by hand, as small as the format allows: [MS-CFB]."""

import struct

SECTOR = 512
END, FREE, FAT, NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF


def container(streams: dict[str, bytes], storages: tuple[str, ...] = ()) -> bytes:
    """A compound file with STREAMS and empty STORAGES at its root. Streams are padded to 4096 bytes."""
    bodies = {name: body.ljust(4096, b"\x00") for name, body in streams.items()}
    entries = 1 + len(bodies) + len(storages)
    directory_sectors = (entries * 128 + SECTOR - 1) // SECTOR
    table: list[int] = [FAT]  # sector 0 is the allocation table itself
    table += [*range(2, directory_sectors + 1), END]
    starts, data = {}, b""
    for name, body in bodies.items():
        body = body.ljust((len(body) + SECTOR - 1) // SECTOR * SECTOR, b"\x00")
        first, count = len(table), len(body) // SECTOR
        starts[name] = first
        table += [*range(first + 1, first + count), END]
        data += body
    assert len(table) <= 128
    fat = struct.pack("<128I", *table, *[FREE] * (128 - len(table)))
    listing = entry("Root Entry", 5, child=1 if entries > 1 else NONE)
    names = [*bodies, *storages]
    for at, name in enumerate(names, start=1):
        after = at + 1 if at < len(names) else NONE  # a chain to the right is a tree too
        if name in bodies:
            listing += entry(name, 2, after, start=starts[name], size=len(bodies[name]))
        else:
            listing += entry(name, 1, after)
    listing = listing.ljust(directory_sectors * SECTOR, b"\x00")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 16
    header += struct.pack("<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, END, 0, END, 0, 0)
    header += struct.pack("<108I", *[FREE] * 108)
    return header + fat + listing + data


def entry(name: str, kind: int, right: int = NONE, child: int = NONE, start: int = 0, size: int = 0) -> bytes:
    text = (name + "\x00").encode("utf-16-le")
    head = text.ljust(64, b"\x00") + struct.pack("<HBB", len(text), kind, 1)
    return head + struct.pack("<III16xI8x8xIQ", NONE, right, child, 0, start if kind == 2 else 0, size)


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def excel_5(rows: list[list[str]], code: str = "gb18030") -> bytes:
    """A workbook stream as Excel 5 wrote it, its texts in the code page of a Chinese system."""
    title = "测评表".encode(code)
    sheet = record(0x809, struct.pack("<HHHH", 0x500, 0x10, 0, 0))
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            body = text.encode(code)
            sheet += record(0x204, struct.pack("<HHHH", r, c, 0, len(body)) + body)
    sheet += record(0x0A)
    begin = record(0x809, struct.pack("<HHHH", 0x500, 0x5, 0, 0)) + record(0x42, struct.pack("<H", 936))
    at = len(begin) + 4 + 7 + len(title) + 4
    bound = record(0x85, struct.pack("<IBBB", at, 0, 0, len(title)) + title)
    return begin + bound + record(0x0A) + sheet
