"""The container of old office files (OLE compound file): which streams stand in it, and what they make it."""

import io
import struct

import olefile

from ..archive import FETCH_AGAIN
from ..errors import Refused

MACRO_STORAGES = ("macros", "_vba_project_cur", "_vba_project")
ENCRYPTED = 0x0100  # flag of the File Information Block, [MS-DOC] 2.5.2
WORD_MAGIC = (0xA5EC, 0xA5DC)  # Word 97 and later, Word 6 and 95


class Container:
    """An opened container. Refused when it is damaged."""

    def __init__(self, data: bytes) -> None:
        try:
            self.file = olefile.OleFileIO(io.BytesIO(data))
            self.names = {"/".join(path).lower() for path in self.file.listdir(streams=True, storages=True)}
        except Exception as error:
            raise Refused(f"文件不完整或已损坏，可能没有传完。{FETCH_AGAIN}") from error

    def has(self, *names: str) -> bool:
        return any(name.lower() in self.names for name in names)

    def read(self, name: str) -> bytes:
        """The bytes of a stream at the root; nothing when it is missing or cut off."""
        if not self.has(name):
            return b""
        try:
            return bytes(self.file.openstream(name).read())
        except Exception:
            return b""

    @property
    def has_macros(self) -> bool:
        return any(name.split("/")[0] in MACRO_STORAGES for name in self.names)

    @property
    def kind(self) -> str:
        """ "locked", "doc", "xls", "ppt", or "" for what is none of these."""
        if self.has("EncryptedPackage"):
            return "locked"
        if self.has("WordDocument"):
            head = self.read("WordDocument")[:12]
            if len(head) == 12 and struct.unpack_from("<H", head, 0)[0] in WORD_MAGIC:
                return "locked" if struct.unpack_from("<H", head, 10)[0] & ENCRYPTED else "doc"
            return "doc"
        if self.has("Workbook", "Book"):
            return "xls"
        return "ppt" if self.has("PowerPoint Document") else ""
