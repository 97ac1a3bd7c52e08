"""Names in a folder of material: in the order of the volume, and such that every Windows machine can unpack them."""

import re
import unicodedata

from taizhang.evidence.rules.names import clean_name

MOST_FOLDER = 36  # letters; three of them and the disk's own path stay below 260
MOST_FILE = 60  # letters without the extension
_FULL = str.maketrans('<>:"/\\|?*', "＜＞：＂／＼｜？＊")


def _plain(words: str, most: int) -> str:
    """WORDS as a part of a path: forbidden signs in their wide form, no blank or dot at the end, at most so many letters."""
    words = unicodedata.normalize("NFC", words).translate(_FULL)
    words = clean_name(re.sub(r"\s+", " ", words))
    return words[:most].rstrip(" .") or "未命名"


def folder_name(number: str, title: str) -> str:
    """ "01" and "组织领导" → "01 组织领导"; "Ⅰ-1-1)" → "Ⅰ-1-1 …"."""
    return _plain(f"{number.rstrip(')）')} {title}".strip(), MOST_FOLDER)


def file_name(number: str, title: str, original: str) -> str:
    """ "Ⅰ-1-1)-①" and the piece's title, with the extension that the file came with."""
    _, dot, extension = clean_name(original).rpartition(".")
    tail = f".{extension}" if dot and 0 < len(extension) <= 10 else ""
    stem = title[: -len(tail)] if tail and title.lower().endswith(tail.lower()) else title
    return _plain(f"{number.replace(')', '')}_{stem}", MOST_FILE) + tail


class Names:
    """Paths given out, none twice, also where a disk does not tell A from a."""

    def __init__(self) -> None:
        self.used: set[str] = set()

    def take(self, folder: str, name: str) -> str:
        """FOLDER/NAME, or with （2） before the extension where that is taken."""
        stem, dot, extension = name.rpartition(".")
        if not dot:
            stem, extension = name, ""
        path, count = f"{folder}/{name}" if folder else name, 2
        while path.casefold() in self.used:
            changed = f"{stem}（{count}）{dot}{extension}"
            path, count = f"{folder}/{changed}" if folder else changed, count + 1
        self.used.add(path.casefold())
        return path
