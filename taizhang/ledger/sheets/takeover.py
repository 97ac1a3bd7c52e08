"""A zip or a folder of evidence beside a ledger: listed and read safely, nothing of it written anywhere."""

import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from taizhang.kit.errors import Refused
from taizhang.kit.tables.fills import colour_name, fills

MOST_FILES = 5_000
MOST_ENTRIES = 20_000  # of the archive's own list, folders and junk too
MOST_LIST = 8_000_000  # bytes of that list
MOST_BYTES = 4_000_000_000  # of all files together, unpacked
MOST_OF_ONE = 500_000_000
SWELLS = 300  # times its packed size, from SWELLS_FROM bytes on: no office file does
SWELLS_FROM = 20_000_000
PIECE = 1 << 20
UTF8_FLAG, LOCKED_FLAG = 0x800, 0x1
UNICODE_PATH = 0x7075

ARCHIVES = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".iso", ".cab")
JUNK = (".ds_store", "thumbs.db", "desktop.ini", ".gitkeep", "ehthumbs.db", "folder.htt")
RESAVE = "请把材料放进一个文件夹，重新压缩成 zip 再来"


@dataclass(frozen=True)
class Listed:
    """One file that may be taken over: `name` its path with /, `size` in bytes; `gbk`: the name was decoded as GBK."""

    name: str
    size: int
    gbk: bool = False


@dataclass(frozen=True)
class Files:
    """What a folder or zip holds. `refused`: (name, why) of what is not taken; `notes` about the whole."""

    files: tuple[Listed, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    _open: Callable[[str], Iterator[bytes]] | None = field(default=None, repr=False, compare=False)

    @property
    def names(self) -> list[str]:
        return [one.name for one in self.files]

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of one listed file, in pieces. Refused when it cannot be read, or more come out than were stated."""
        sizes = {one.name: one.size for one in self.files}
        if self._open is None or name not in sizes:
            raise Refused(f"材料里没有“{name[:80]}”")
        left = sizes[name]
        try:
            for piece in self._open(name):
                left -= len(piece)
                if left < 0:
                    raise Refused(f"“{name[:80]}”解开后比所写的大，可能被改动过，没有读。{RESAVE}")
                yield piece
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            RuntimeError,
            NotImplementedError,
            struct.error,
        ) as error:
            raise Refused(f"“{name[:80]}”读不出来，压缩包可能没有传完或已损坏。{RESAVE}") from error
        if left > 0:
            raise Refused(f"“{name[:80]}”没有读完整，可能已损坏。{RESAVE}")


def open_files(source: Path | bytes, filename: str = "") -> Files:
    """List SOURCE: a folder, a zip's path, or a zip's bytes. Refused when it is no zip or is a bomb as a whole."""
    if isinstance(source, Path) and source.is_dir():
        return _folder(source)
    if isinstance(source, Path) and not source.exists():
        raise Refused(f"找不到材料文件夹或压缩包：{source.name}")
    return _zip(source, filename or (source.name if isinstance(source, Path) else "压缩包"))


# ---- folders ----


def _folder(root: Path) -> Files:
    files: list[Listed] = []
    refused: list[tuple[str, str]] = []
    junk = 0
    for at, folders, names in os.walk(root, followlinks=False):
        folders.sort()
        for name in sorted(folders):
            if (Path(at) / name).is_symlink():
                refused.append((_within(Path(at) / name, root), "是指向别处的链接，没有读"))
        for name in sorted(names):
            path = Path(at) / name
            shown = _within(path, root)
            if _is_junk(shown):
                junk += 1
                continue
            if why := _unfit(shown):
                refused.append((shown, why))
                continue
            if path.is_symlink() or not path.is_file():
                refused.append((shown, "是指向别处的链接，没有读"))
                continue
            size = path.stat().st_size
            if why := _unfit_size(size, None):
                refused.append((shown, why))
                continue
            files.append(Listed(shown, size))
            if len(files) > MOST_FILES:
                raise Refused(f"文件夹里的文件超过 {MOST_FILES} 个，请分几次接续")

    def read(name: str) -> Iterator[bytes]:
        with open(root / name, "rb") as file:
            while piece := file.read(PIECE):
                yield piece

    return Files(tuple(files), tuple(refused), _notes(files, junk), read)


def _within(path: Path, root: Path) -> str:
    # names of another encoding stand on disk as surrogates: shown as they can be, never a crash
    return (
        str(PurePosixPath(*path.relative_to(root).parts))
        .encode("utf-8", "surrogateescape")
        .decode("utf-8", "replace")
    )


# ---- archives ----


def _zip(source: Path | bytes, called: str) -> Files:
    _check_list(source, called)
    try:
        archive = zipfile.ZipFile(source if isinstance(source, Path) else io.BytesIO(source))
        entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError) as error:
        head = source[:8] if isinstance(source, bytes) else source.read_bytes()[:8]
        what = (
            "是 rar 压缩包"
            if head.startswith(b"Rar!")
            else "是 7z 压缩包"
            if head.startswith(b"7z\xbc\xaf")
            else "不是 zip 压缩包，或没有传完"
        )
        raise Refused(f"“{called}”{what}，打不开。{RESAVE}") from error
    if len(entries) > MOST_ENTRIES:
        raise Refused(f"“{called}”里有 {len(entries)} 个条目，不是正常的材料包，没有读。{RESAVE}")
    total = sum(entry.file_size for entry in entries)
    packed = len(source) if isinstance(source, bytes) else source.stat().st_size
    # entries that lie over one another: a small archive that claims more packed bytes than it has
    if sum(entry.compress_size for entry in entries) > packed + 1_000_000:
        raise Refused(f"“{called}”的条目互相重叠，是有意做坏的压缩包，没有读。请核实来源")
    if total > MOST_BYTES:
        raise Refused(
            f"“{called}”解开后有 {total // 1_000_000} MB，超过 {MOST_BYTES // 1_000_000} MB，没有读。请分几次接续"
        )
    return _listed(archive, entries)


def _check_list(source: Path | bytes, called: str) -> None:
    """Refuse an archive whose own list is absurdly long, before zipfile builds it in memory."""
    if isinstance(source, bytes):
        tail = source[-66_000:]
    else:
        with open(source, "rb") as file:
            file.seek(max(0, source.stat().st_size - 66_000))
            tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at >= 0 and at + 16 <= len(tail):
        size = struct.unpack_from("<I", tail, at + 12)[0]
        if size > MOST_LIST and size != 0xFFFFFFFF:
            raise Refused(f"“{called}”里的条目太多，不是正常的材料包，没有读。{RESAVE}")


def _listed(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Files:
    files: list[Listed] = []
    refused: list[tuple[str, str]] = []
    by_name: dict[str, zipfile.ZipInfo] = {}
    junk = 0
    for entry in entries:
        name, gbk = _name_of(entry)
        if entry.is_dir() or name.endswith(("/", "\\")):
            if why := _climbs(name.rstrip("/\\")):
                refused.append((name[:200], why))
            continue
        shown = name.replace("\\", "/")
        if why := _climbs(name):
            refused.append((name[:200], why))
        elif _is_junk(shown):
            junk += 1
        elif why := (
            _unfit(shown)
            or ("是指向别处的链接，没有读" if stat.S_ISLNK(entry.external_attr >> 16) else "")
            or ("设了密码，没有读，请取消密码再压缩" if entry.flag_bits & LOCKED_FLAG else "")
            or _unfit_size(entry.file_size, entry.compress_size)
        ):
            refused.append((shown, why))
        elif shown in by_name:
            refused.append((shown, "压缩包里有两个同名的文件，只取第一个"))
        else:
            by_name[shown] = entry
            files.append(Listed(shown, entry.file_size, gbk))
    if len(files) > MOST_FILES:
        raise Refused(f"压缩包里的文件超过 {MOST_FILES} 个，请分几次接续")

    def read(name: str) -> Iterator[bytes]:
        with archive.open(by_name[name]) as part:
            while piece := part.read(PIECE):
                yield piece

    return Files(tuple(files), tuple(refused), _notes(files, junk), read)


def _name_of(entry: zipfile.ZipInfo) -> tuple[str, bool]:
    """The entry's name, and whether it was read as GBK: Windows writes it so and does not say it."""
    if entry.flag_bits & UTF8_FLAG:
        return entry.filename, False
    told = _unicode_path(entry.extra)
    if told:
        return told, False
    try:
        raw = entry.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename, False
    if raw.isascii():
        return entry.filename, False
    raw = raw.split(b"\x00")[0]
    try:
        return raw.decode("utf-8"), False
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("gb18030"), True
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace"), True


def _unicode_path(extra: bytes) -> str:
    """The name in UTF-8 which some packers keep beside the other one."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        if kind == UNICODE_PATH and size > 5:
            try:
                return extra[at + 9 : at + 4 + size].decode("utf-8")
            except UnicodeDecodeError:
                return ""
        at += 4 + size
    return ""


# ---- what is not taken ----


def _climbs(name: str) -> str:
    steps = name.replace("\\", "/").split("/")
    if ".." in steps:
        return "路径里有“..”，指到了压缩包之外，没有读"
    if steps[0] == "" or (len(name) > 1 and name[1] == ":"):
        return "写的是绝对路径，没有读"
    if any(ord(char) < 32 for char in name):
        return "名字里有控制字符，没有读"
    return ""


def _unfit(name: str) -> str:
    if len(name) > 400 or any(len(part) > 200 for part in name.split("/")):
        return "名字太长，请改短再来"
    if name.lower().endswith(ARCHIVES):
        return "是压缩包里的压缩包，没有打开，请解开后放进来"
    return ""


def _unfit_size(size: int, packed: int | None) -> str:
    if size == 0:
        return "是空文件（0 字节）"
    if size > MOST_OF_ONE:
        return f"有 {size // 1_000_000} MB，超过 {MOST_OF_ONE // 1_000_000} MB"
    if packed is not None and size > SWELLS_FROM and size > SWELLS * max(packed, 1):
        return f"解开后涨到 {size // max(packed, 1)} 倍（{size // 1_000_000} MB），像压缩炸弹，没有读"
    return ""


def _is_junk(name: str) -> bool:
    steps = name.split("/")
    last = steps[-1].lower()
    return "__MACOSX" in steps or last in JUNK or last.startswith(("._", "~$", ".~"))


def _notes(files: list[Listed], junk: int) -> tuple[str, ...]:
    notes = []
    if gbk := sum(one.gbk for one in files):
        notes.append(f"{gbk} 个文件的名字是老式编码（GBK），已按中文读出，请看一眼对不对。")
    if junk:
        notes.append(f"略去 {junk} 个系统自己生成的文件（.DS_Store、Thumbs.db、~$ 一类）。")
    return tuple(notes)


# ---- colours


def colours_of(data: bytes) -> dict[tuple[str, int, int], str]:
    """(sheet, row, column), from 0 → the colour of the cell as people call it: 红, 绿 … for read_ledger."""
    return {place: name for place, rgb in fills(data).items() if (name := colour_name(rgb))}
