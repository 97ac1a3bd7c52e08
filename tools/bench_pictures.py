"""`python -m tools.bench_pictures`: an A4 scan against the OCR library's own time, and what the warm child holds.

Both read the same page in turn, in one run, so that a busy machine slows both; the child's time is the whole answer:
the file opened, likeness and small copy made, text put into paragraphs.
"""

import logging
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy
from PIL import Image
from rapidocr import RapidOCR

from taizhang.kit.apart import Apart
from taizhang.kit.texts.picture import likeness
from tests.kit.texts.drawn import film, jpeg, page, scanned, scene

ROUNDS = 5


def say(name: str, value: str, bound: str) -> None:
    print(f"| {name} | {value} | {bound} |", flush=True)


def timed(function: Any, *words: Any) -> tuple[float, Any]:
    began = time.perf_counter()
    found = function(*words)
    return time.perf_counter() - began, found


def spent(child: Apart) -> float:
    """CPU seconds that the child has used: on a busy machine the fairer measure."""
    assert child.process is not None
    fields = Path(f"/proc/{child.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(child: Apart, line: str) -> int:
    """MB of the child: VmRSS now, VmHWM at most, VmPeak of addresses."""
    assert child.process is not None
    status = Path(f"/proc/{child.process.pid}/status").read_text()
    return int(next(row for row in status.splitlines() if row.startswith(f"{line}:")).split()[1]) // 1024


def main() -> None:
    logging.disable(logging.WARNING)
    library = RapidOCR(params={"Global.log_level": "critical"})
    with tempfile.TemporaryDirectory(prefix="taizhang-bench-") as place:
        folder = Path(place)

        def question(name: str, mime: str, **more: Any) -> dict[str, Any]:
            return {"path": str(folder / name), "name": name, "mime": mime, "folder": place, **more}

        (folder / "a.jpg").write_bytes(jpeg(scanned(page(200))))
        (folder / "b.jpg").write_bytes(jpeg(scene(1, 4000, 3000)))
        film(folder / "c.mp4", "libx264", seconds=20)
        dots = numpy.ascontiguousarray(numpy.asarray(Image.open(folder / "a.jpg").convert("RGB"))[:, :, ::-1])
        child = Apart("taizhang.kit.texts:answer")
        (folder / "t.txt").write_text("文明单位" * 300, encoding="utf-8")
        child.ask(question("t.txt", "text/plain"), 60)
        say("child that has read text only, at rest (MB)", str(memory(child, "VmRSS")), "")
        first, _ = timed(child.ask, question("a.jpg", "image/jpeg"), 120)
        library(dots)
        pairs, cpu = [], []
        for _ in range(ROUNDS):
            here, there = time.process_time(), spent(child)
            own = timed(library, dots)[0]
            here = time.process_time() - here
            pairs.append((own, timed(child.ask, question("a.jpg", "image/jpeg"), 120)[0]))
            cpu.append((spent(child) - there) / here)
        alone, whole = (statistics.median(each[at] for each in pairs) for at in (0, 1))
        say("A4 scan of 330 letters at 200 dpi: the library alone (s)", f"{alone:.2f}", "")
        say("the same, whole answer of the warm child (s)", f"{whole:.2f}", "")
        say("  times the library's own", f"{statistics.median(b / a for a, b in pairs):.2f}", "≤ 1.5")
        say("  the same in CPU seconds", f"{statistics.median(cpu):.2f}", "≤ 1.5")
        say("the first picture of a child, models loaded (s)", f"{first:.1f}", "")
        say("warm child with the models, at rest (MB)", str(memory(child, "VmRSS")), "")
        say(
            "  at most while it reads (MB), of addresses (MB)",
            f"{memory(child, 'VmHWM')}, {memory(child, 'VmPeak')}",
            "≤ 3072",
        )
        draw = [
            timed(child.ask, question("b.jpg", "image/jpeg", only="page", width=1000), 60)[0]
            for _ in range(ROUNDS)
        ]
        say("a page of a 12 MP photograph drawn 1000 wide (ms)", f"{1000 * statistics.median(draw):.0f}", "")
        shown = [timed(child.ask, question("c.mp4", "video/mp4"), 60)[0] for _ in range(ROUNDS)]
        say("length and poster of a film (ms)", f"{1000 * statistics.median(shown):.0f}", "")
        small = scene(1, 1440, 1080)
        say("likeness of a photograph (ms)", f"{1000 * timed(likeness, small)[0]:.0f}", "")
        child.close()


if __name__ == "__main__":
    sys.exit(main())
