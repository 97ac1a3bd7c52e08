"""HEIC photographs as telephones write them, made on the spot: tiles of HEVC in a grid, EXIF beside them, a turn."""

import struct
from fractions import Fraction

import av
from PIL import Image

TILE = 512  # pixels a side, as telephones cut them


def heic(
    image: Image.Image, *, taken: str = "", turned: int = 0, says: tuple[int, int] = (0, 0), copies: int = 1
) -> bytes:
    """IMAGE as HEIC. TAKEN "2020:06:10 09:30:11"; TURNED quarters against the clock that the file asks for (and EXIF
    says, too); SAYS the size that its head tells, where that is not true; COPIES: how often it stands in the file."""
    across, down = -(-image.width // TILE), -(-image.height // TILE)
    tiles = [
        image.crop((x * TILE, y * TILE, (x + 1) * TILE, (y + 1) * TILE)) for y in range(down) for x in range(across)
    ]  # fmt: skip
    coded = [_coded(tile) for tile in tiles]
    width, height = says if any(says) else image.size
    grid = bytes([0, 1, down - 1, across - 1]) + struct.pack(">II", width, height)
    items = [(b"hvc1", data) for _, data in coded]
    tops = [len(items) + at + 1 for at in range(copies)]
    items += [(b"grid", grid)] * copies
    if taken or turned:
        items.append((b"Exif", _exif(taken, turned)))
    return _file(items, len(tiles), tops, (width, height), turned, coded[0][0])


def _coded(tile: Image.Image) -> tuple[list[bytes], bytes]:
    """The heads (VPS, SPS, PPS) and the picture itself, as an HEVC encoder writes one picture."""
    context = av.CodecContext.create("libx265", "w")
    context.width, context.height, context.pix_fmt = TILE, TILE, "yuv420p"
    context.time_base, context.framerate = Fraction(1, 25), Fraction(25)
    context.options = {
        "preset": "ultrafast",
        "x265-params": "log-level=none:repeat-headers=1:info=0:keyint=1",
    }
    frame = av.VideoFrame.from_image(tile.convert("RGB")).reformat(format="yuv420p")
    stream = b"".join(bytes(packet) for packet in (*context.encode(frame), *context.encode(None)))
    units = [unit for unit in stream.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1") if unit]
    heads = [unit for unit in units if (unit[0] >> 1) & 63 in (32, 33, 34)]
    return heads, b"".join(struct.pack(">I", len(unit)) + unit for unit in units if (unit[0] >> 1) & 63 < 32)


def _exif(taken: str, turned: int) -> bytes:
    exif = Image.Exif()
    if taken:
        exif.get_ifd(0x8769)[0x9003] = taken
        exif[0x010F] = "GeheimKamera"
    if turned:
        exif[0x0112] = {1: 8, 2: 3, 3: 6}[turned]
    return struct.pack(">I", 0) + exif.tobytes().removeprefix(b"Exif\0\0")


def _box(kind: bytes, *parts: bytes, full: int | None = None, flags: int = 0) -> bytes:
    head = b"" if full is None else struct.pack(">I", full << 24 | flags)
    body = head + b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + kind + body


def _file(
    items: list[tuple[bytes, bytes]], tiles: int, tops: list[int], size: tuple[int, int], turned: int, heads: list[bytes]
) -> bytes:  # fmt: skip
    """ISO 23008-12: items from 1 up, the first TILES of them pictures, TOPS the grids that are made of them."""
    arrays = b"".join(
        bytes([0x80 | (one[0] >> 1) & 63]) + struct.pack(">HH", 1, len(one)) + one for one in heads
    )
    # version 1, main profile, 4:2:0 of eight bits, lengths of four bytes
    hvcc = _box(b"hvcC", bytes([1, 1]) + bytes.fromhex("60000000") + bytes.fromhex("900000000000") + bytes([93]),
                struct.pack(">HBBBBHBB", 0xF000, 0xFC, 0xFD, 0xF8, 0xF8, 0, 0x0F, len(heads)), arrays)  # fmt: skip
    properties = [hvcc, _box(b"ispe", struct.pack(">II", TILE, TILE), full=0), _box(b"ispe", struct.pack(">II", *size), full=0)]  # fmt: skip
    if turned:
        properties.append(_box(b"irot", bytes([turned])))
    of = {no: [0x81, 2] for no in range(1, tiles + 1)} | {no: [3, *([0x84] if turned else [])] for no in tops}
    ipma = b"".join(struct.pack(">HB", no, len(those)) + bytes(those) for no, those in of.items())
    links = [_box(b"dimg", struct.pack(f">HH{tiles}H", no, tiles, *range(1, tiles + 1))) for no in tops]
    if items[-1][0] == b"Exif":
        links.append(_box(b"cdsc", struct.pack(">HHH", len(items), 1, tops[0])))
    named = [
        _box(
            b"infe",
            struct.pack(">HH", no, 0),
            kind,
            b"\0",
            full=2,
            flags=0 if no in tops or kind == b"Exif" else 1,
        )
        for no, (kind, _) in enumerate(items, 1)
    ]

    def meta(begin: int) -> bytes:
        places, at = b"", begin
        for no, (_, data) in enumerate(items, 1):
            places += struct.pack(">HHHII", no, 0, 1, at, len(data))
            at += len(data)
        return _box(
            b"meta",
            _box(b"hdlr", struct.pack(">I4s12x", 0, b"pict"), b"\0", full=0),
            _box(b"pitm", struct.pack(">H", tops[0]), full=0),
            _box(b"iloc", bytes([0x44, 0]), struct.pack(">H", len(items)), places, full=0),
            _box(b"iinf", struct.pack(">H", len(items)), *named, full=0),
            _box(b"iref", *links, full=0),
            _box(
                b"iprp", _box(b"ipco", *properties), _box(b"ipma", struct.pack(">I", len(of)), ipma, full=0)
            ),
            full=0,
        )

    kind = _box(b"ftyp", b"heic", struct.pack(">I", 0), b"mif1", b"heic")
    begin = len(kind) + len(meta(0)) + 8
    return kind + meta(begin) + _box(b"mdat", *[data for _, data in items])
