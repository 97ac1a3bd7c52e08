"""LibreOffice and antiword: found on the machine or not, and run apart from everything else.

A document is a stranger: it is converted in a directory and with settings of its own, macros and links switched
off, without a network where the machine can take it away, in a process group that is ended when its time is up.
Within a child of `kit.apart` that child's limits hold, and the programs end with it.
"""

import contextlib
import hashlib
import os
import resource
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from functools import cache
from pathlib import Path

from .. import fonts
from ..apart import INSIDE
from ..errors import Refused

TIME_LIMIT = 60  # seconds
MEMORY_LIMIT = 4_000_000  # KB of address space; the program alone reserves more than one million
MAX_RESULT = 60_000_000  # bytes of a converted file
FONTS = "fonts.conf"
FILTERS = {
    "docx": "docx:MS Word 2007 XML",
    "xlsx": "xlsx:Calc MS Excel 2007 XML",
    "pptx": "pptx:Impress MS PowerPoint 2007 XML",
    "pdf": "pdf",
}
PLACES = (
    "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
    "/usr/local/bin/soffice",
)

#: a wizard reads the same file at every step: the last few results are kept, and no two conversions run at once
ONE_AT_A_TIME = threading.Lock()
KEPT: dict[str, bytes] = {}
MAX_KEPT = 6
#: what could not be converted is not tried again for some minutes: each try may cost the whole time limit
FAILED: dict[str, float] = {}
TRY_AGAIN = 600  # seconds

#: no macros, no links that are followed, no first-start pages
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="FirstRun" oor:op="fuse"><value>false</value></prop></item>
</oor:items>
"""


def libreoffice() -> str | None:
    """Path of LibreOffice's starter, or None."""
    for name in ("soffice", "libreoffice"):
        if found := shutil.which(name):
            return found
    return next((place for place in PLACES if os.access(place, os.X_OK)), None)


def antiword() -> str | None:
    return shutil.which("antiword")


@cache
def version(program: str) -> str:
    """The version a program states of itself, or "" when it does not answer."""
    if "antiword" in Path(program).name:
        said = run([program, "-h"], None, 20)
        return next(
            (line.split("Version:")[1].split()[0] for line in said.splitlines() if "Version:" in line), ""
        )
    with tempfile.TemporaryDirectory(prefix="taizhang-") as place:
        said = run([program, f"-env:UserInstallation=file://{place}/profile", "--version"], place, 20)
    words = said.split()
    return words[1] if len(words) > 1 else ""


def memory_limit() -> int:
    """KB of address space for a program: its own limit, but no more than this process may give."""
    most = resource.getrlimit(resource.RLIMIT_AS)[1]
    return MEMORY_LIMIT if most == resource.RLIM_INFINITY else min(MEMORY_LIMIT, most // 1024)


@cache
def alone() -> tuple[str, ...]:
    """The words before a command that leave it no network; none where the machine does not allow that."""
    words = ("unshare", "--map-root-user", "--net")
    if shutil.which(words[0]) is None:
        return ()
    tried = subprocess.run([*words, "true"], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return words if tried.returncode == 0 else ()


def run(command: list[str], place: str | None, seconds: int) -> str:
    """Standard output and errors of COMMAND; "" when it fails to start or is ended for taking too long."""
    home = place or tempfile.gettempdir()
    surroundings = {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "HOME": home,
        "TMPDIR": home,
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "SAL_USE_VCLPLUGIN": "svp",
    }
    if (own_fonts := Path(home) / FONTS).exists():
        surroundings["FONTCONFIG_FILE"] = str(own_fonts)
    # limits are set by the shell: doing so between fork and exec is not safe with threads
    limited = [
        "sh",
        "-c",
        f'ulimit -v {memory_limit()}; ulimit -f {MAX_RESULT // 512}; exec "$@"',
        "sh",
        *alone(),
        *command,
    ]
    # a child of `kit.apart` is itself ended when its time is up, and with it all of its process group
    child = INSIDE in os.environ
    try:
        process = subprocess.Popen(
            limited, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=surroundings,
            cwd=home, start_new_session=not child,
        )  # fmt: skip
    except OSError:
        return ""
    try:
        said, _ = process.communicate(timeout=None if child else seconds)
    except subprocess.TimeoutExpired:
        said = b""
    finally:
        # what it started must not outlive it
        if not child:
            with contextlib.suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdout:
            process.stdout.close()
    return said.decode("utf-8", "replace")


def convert(data: bytes, ending: str, target: str) -> bytes | None:
    """DATA, a file that would be called x.ENDING, as TARGET ("docx", "xlsx", "pptx", "pdf"); None when LibreOffice did not manage.

    Refused when there is no LibreOffice; callers ask first or word the refusal themselves.
    """
    program = libreoffice()
    if program is None:
        raise Refused("本机没有能读这种文件的程序。请另存为 .docx 或 .xlsx 再导入")
    key = hashlib.sha256(data).hexdigest() + ending + target
    with ONE_AT_A_TIME:
        if key not in KEPT:
            now = time.monotonic()
            for old in [old for old, at in FAILED.items() if now - at > TRY_AGAIN]:
                del FAILED[old]
            if key in FAILED:
                return None
            made = apart(program, data, ending, target)
            if made is None:
                FAILED[key] = now
                return None
            KEPT[key] = made
            while len(KEPT) > MAX_KEPT or (len(KEPT) > 1 and sum(map(len, KEPT.values())) > MAX_RESULT):
                del KEPT[next(iter(KEPT))]
        return KEPT[key]


def apart(program: str, data: bytes, ending: str, target: str, how: str = "") -> bytes | None:
    """One conversion in a directory of its own; HOW names the program's filter, else it is the usual one."""
    with tempfile.TemporaryDirectory(prefix="taizhang-", ignore_cleanup_errors=True) as place:
        root = Path(place)
        settings = root / "profile" / "user"
        settings.mkdir(parents=True)
        (settings / "registrymodifications.xcu").write_text(SETTINGS)
        (root / FONTS).write_text(fonts.configuration(root / "cache"))
        source = root / f"source.{ending}"
        source.write_bytes(data)
        out = root / "out"
        run(
            [
                program, f"-env:UserInstallation=file://{root}/profile", "--headless", "--norestore", "--nologo",
                "--nodefault", "--nolockcheck", "--nofirststartwizard", "--convert-to", how or FILTERS[target],
                "--outdir", str(out), str(source),
            ],
            place,
            TIME_LIMIT,
        )  # fmt: skip
        made = out / f"source.{target}"
        if not made.exists() or not 0 < made.stat().st_size <= MAX_RESULT:
            return None
        return made.read_bytes()


def antiword_text(data: bytes) -> str | None:
    """What antiword makes of a .doc, as DocBook; None when it cannot read it."""
    program = antiword()
    if program is None:
        return None
    with tempfile.TemporaryDirectory(prefix="taizhang-") as place:
        source = Path(place) / "source.doc"
        source.write_bytes(data)
        said = run([program, "-x", "db", str(source)], place, 20)
    at = said.find("<book")
    return said[at:] if at >= 0 and "</book>" in said else None
