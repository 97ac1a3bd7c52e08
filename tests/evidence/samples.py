"""Files for the tests, made on the spot."""

import io
import struct
import zipfile
import zlib
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from taizhang.evidence import actions
from taizhang.evidence.models import Evidence


def jpeg(width: int = 64, height: int = 48, colour: str = "red", taken: str = "", turned: int = 0) -> bytes:
    """A real JPEG; TAKEN is "2020:06:10 09:30:11" in its EXIF, TURNED its orientation."""
    out = io.BytesIO()
    image = Image.new("RGB", (width, height), colour)
    exif = Image.Exif()
    if taken:
        exif.get_ifd(0x8769)[0x9003] = taken
        exif[0x8825] = {1: "N", 2: (30.0, 15.0, 1.0)}  # GPS
        exif[0x010F] = "GeheimKamera"
    if turned:
        exif[0x0112] = turned
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def png(width: int = 40, height: int = 30, colour: str = "blue") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "PNG")
    return out.getvalue()


def png_bomb(side: int = 12_000) -> bytes:
    """A one-colour PNG of SIDE² pixels in a few kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row = b"\x00" * (1 + (side + 7) // 8)
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def package(*members: str) -> bytes:
    """A zip with these members: what docx, xlsx and ofd are."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in members:
            made.writestr(name, "<x/>")
    return out.getvalue()


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
DOCX = package("[Content_Types].xml", "word/document.xml")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def put(data: bytes, name: str = "a.txt") -> Any:
    return actions.store_upload(upload(name, data))


def deposit(user: Any, unit: Any, name: str = "通知.pdf", data: bytes = b"", **more: Any) -> Evidence:
    """Deposit as USER for UNIT; without DATA, bytes that no other call used."""
    deposit.count += 1  # type: ignore[attr-defined]
    data = data or PDF + str(deposit.count).encode()  # type: ignore[attr-defined]
    made: Evidence = actions.deposit(
        unit,
        by=user,
        stored=put(data, name),
        original_name=name,
        **({"happened_on": date(2020, 6, 8)} | more),
    )
    return made


deposit.count = 0  # type: ignore[attr-defined]
