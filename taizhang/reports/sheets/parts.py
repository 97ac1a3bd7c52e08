"""Each item's part: what is known of its pieces once a child has opened them, and the pictures made for its pages.

A part lies in a file of its own under the digest of its input. A worker that is killed finds it again.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from taizhang.evidence import actions as library
from taizhang.evidence.models import Version
from taizhang.kit.apart import Apart, Ended
from taizhang.kit.errors import Refused
from taizhang.kit.files import store
from taizhang.ledger.queries.material import Held, Proof
from taizhang.org.queries import system_user

from ..models import Form
from ..queries.wanted import DERIVED, PROGRAM
from ..rules.bodies import FAULTS, Body, body_of

SECONDS = 90  # for one file
SECONDS_BIND = 3600
BOUND_LIMIT = 64 * 2**30  # bytes of a volume
#: of the C library: what was freed is kept for the next page. Given back and asked for anew, a thousand pictures of
#: 700 KB cost as much time as copying them
HOARD = {"MALLOC_TRIM_THRESHOLD_": str(2**28), "MALLOC_MMAP_THRESHOLD_": str(2**27)}
AT_ONCE = 2  # files hashed
TEMPLATES = Path(__file__).resolve().parent.parent / "typst"
#: pixels of the longer side: A4 at 300 dots an inch; of an album's photograph half of that
LONGEST = {"volume": 3508, "album": 1800, "folder": 0}
NO_FONT = "本机没有装中文字体，排不出目录和表格。请系统管理员安装 Noto CJK（思源）字体后再装订。"

Tell = Callable[[str, int], None]


class Stopped(Refused):
    """The work cannot go on; its message says why."""


@dataclass
class Made:
    """How one proof goes in: the pages of a PDF (`path`), pictures, or nothing because of `fault` (in words)."""

    body: str
    pages: int = 1
    path: str = ""
    pictures: list[dict[str, Any]] = field(default_factory=list)
    poster: list[dict[str, Any]] = field(default_factory=list)
    fault: str = ""


@cache
def press() -> Apart:
    """The child that opens what is bound; it stays warm between files."""
    return Apart("taizhang.kit.pdf.work:answer", writes=BOUND_LIMIT, surroundings=HOARD)


@cache
def printer() -> Apart:
    """The child that prints office files."""
    return Apart("taizhang.kit.texts.face:answer")


class Desk:
    """Where one binding is worked on: FOLDER holds its parts; FORM decides how large pictures are; TELL hears of progress."""

    def __init__(self, folder: Path, form: str, tell: Tell) -> None:
        self.folder, self.form, self.tell = folder, form, tell
        self.parts = folder / "parts"
        self.parts.mkdir(parents=True, exist_ok=True)
        self.faces: dict[str, str] = {}  # made in this run: bytes of the file → bytes of its print
        #: sources that turned out not to be drawn: path → why, for this binding
        self.torn: dict[str, str] = {}
        if (told := self.folder / "torn.json").exists():
            self.torn = json.loads(told.read_text(encoding="utf-8"))

    def tear(self, path: str, why: str) -> None:
        self.torn[path] = why
        _write(self.folder / "torn.json", self.torn)

    def prepared(self, held: list[Held]) -> list[list[Made]]:
        """The parts of all items in order, each made or found as it was made before."""
        found = []
        done = 0
        for one in held:
            self.tell(f"准备 {one.no} {one.title}", done)
            found.append(self._part(one, done))
            done += len(one.proofs)
        self.tell("排目录和表格", done)
        return found

    def _part(self, one: Held, done: int) -> list[Made]:
        path = self.parts / f"{one.item}-{self._digest(one)}.json"
        if path.exists():
            made = [Made(**plain) for plain in json.loads(path.read_text(encoding="utf-8"))]
        else:
            made = []
            with ThreadPoolExecutor(AT_ONCE) as pool:
                faults = list(pool.map(self._fault, one.proofs))
            for at, (proof, fault) in enumerate(zip(one.proofs, faults, strict=True)):
                if at and body_of(proof.kind, proof.mime, proof.url) == Body.FACE:  # the slow ones
                    self.tell(f"排出 {proof.title}", done + at)
                made.append(self._made(proof, f"{one.item}-{at}", fault))
            _write(path, [asdict(each) for each in made])
        for each in made:
            if each.path in self.torn:
                each.fault, each.path, each.pages = FAULTS[self.torn[each.path]], "", 1
        return made

    def _digest(self, one: Held) -> str:
        plain = asdict(one)
        for proof in plain["proofs"]:
            for key in DERIVED:
                del proof[key]
        text = json.dumps([PROGRAM, self.form, plain], ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def _passed_over(self, proof: Proof) -> bool:
        """What has no file to be opened: a link; in an album, which shows photographs only, all but these."""
        body = body_of(proof.kind, proof.mime, proof.url)
        return body == Body.LINK or (self.form == Form.ALBUM and body != Body.PICTURE)

    def _fault(self, proof: Proof) -> str:
        """What is wrong with the bytes of PROOF, in words."""
        if self._passed_over(proof) or not proof.sha256:
            return ""
        return store().fault(proof.sha256, proof.size, full=True)

    def _made(self, proof: Proof, stem: str, fault: str) -> Made:
        """How PROOF goes in; FAULT: what is wrong with its bytes."""
        body = body_of(proof.kind, proof.mime, proof.url)
        if self._passed_over(proof):
            return Made(body)
        if body == Body.NONE and not proof.sha256:
            return Made(body, fault=FAULTS["none"])
        if fault:
            return Made(body, fault=f"{fault}，没有装入。请告诉系统管理员运行校验。")
        path = store().path(proof.sha256)
        if body == Body.PDF:
            return self._counted(body, path)
        if body == Body.FACE:
            return self._face(proof, path)
        if body in (Body.PICTURE, Body.SCAN):
            told = self.ask(
                do="pictures", path=str(path), folder=str(self.parts), stem=stem, longest=LONGEST[self.form]
            )
            if "fault" in told:
                return Made(body, fault=FAULTS[told["fault"]])
            return Made(body, pages=len(told["pictures"]), pictures=told["pictures"])
        if body == Body.MEDIA:
            return Made(body, poster=self._poster(proof, stem))
        return Made(body, fault=FAULTS["other"])

    def _counted(self, body: Body, path: Path) -> Made:
        told = self.ask(do="count", path=str(path))
        if "fault" in told:
            return Made(body, fault=FAULTS[told["fault"]])
        return Made(body, pages=told["pages"], path=str(path))

    def _poster(self, proof: Proof, stem: str) -> list[dict[str, Any]]:
        if not proof.poster or not store().exists(proof.poster):
            return []
        path = str(store().path(proof.poster))
        told = self.ask(do="pictures", path=path, folder=str(self.parts), stem=f"{stem}p", longest=1800)
        return told.get("pictures", [])[:1]

    def _face(self, proof: Proof, path: Path) -> Made:
        """How an office file prints: made once, kept in the store for previews and later volumes."""
        face = proof.face or self.faces.get(proof.sha256, "")
        if face and store().exists(face):
            return self._counted(Body.FACE, store().path(face))
        with tempfile.TemporaryDirectory(prefix="taizhang-face-") as folder:
            question = {"path": str(path), "name": proof.name, "mime": proof.mime, "folder": folder}
            try:
                told = printer().ask(question, SECONDS * 2)
            except Ended as ended:
                return Made(Body.FACE, fault=FAULTS[ended.why])
            if "face" not in told:
                words = told.get("unreadable", ["", ""])[1]
                return Made(Body.FACE, fault=f"没有装入：{words}" if words else FAULTS["other"])
            with open(told["face"], "rb") as handle:
                size = Path(told["face"]).stat().st_size
                sha256 = store().put(iter(lambda: handle.read(2**20), b""), limit=size + 1).sha256
        version = Version.objects.select_related("evidence__unit", "blob").get(pk=proof.version)
        library.note_face(version, by=system_user(), face=sha256)
        self.faces[proof.sha256] = sha256
        return self._counted(Body.FACE, store().path(sha256))

    def ask(self, **question: Any) -> dict[str, Any]:
        """Ask the child; a file that ends it is told as a fault, not as an end of the work."""
        try:
            return press().ask(question, SECONDS)
        except Ended as ended:
            return {"fault": ended.why}

    def typeset(self, template: str, data: Any, name: str) -> tuple[Path, int, dict[str, int]]:
        """Pages set from one of the templates: the file, how many, and where each block begins."""
        out = self.folder / name
        try:
            told = press().ask(
                {"do": "typeset", "template": str(TEMPLATES / template), "data": data, "out": str(out)},
                SECONDS * 10,
            )
        except Ended as ended:
            raise Stopped("目录和表格没有排成，可能内存不够。请缩小范围再试，或告诉系统管理员。") from ended
        if "fault" in told:
            raise Stopped(NO_FONT)
        return out, told["pages"], told["blocks"]

    def bind(self, plan: dict[str, Any]) -> dict[str, Any]:
        """Carry the plan out; {torn: path} for a source that cannot be drawn, or that ended the child."""
        path = self.folder / "plan.json"
        _write(path, plan)
        at = Path(plan["at"])
        at.unlink(missing_ok=True)
        try:
            told = press().ask({"do": "bind", "plan": str(path)}, SECONDS_BIND)
        except Ended as ended:
            torn = at.read_text() if at.exists() else ""
            if not torn or torn in self.torn:
                raise Stopped("合成没有做完，可能磁盘满了或内存不够。请告诉系统管理员。") from ended
            return {"torn": torn, "why": ended.why}
        return told


def _write(path: Path, plain: Any) -> None:
    """Whole or not at all: a killed worker leaves no half part."""
    draft = path.with_suffix(".draft")
    with open(draft, "w", encoding="utf-8") as out:
        json.dump(plain, out, ensure_ascii=False)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(path)
