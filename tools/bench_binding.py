"""Binding 1,000 pages of scans, against the bare merge by the PDF library in the same run: seconds and memory of each.

`python -m tools.bench_binding [FOLDER]`; each side runs in a process of its own, so that its memory is its own.
"""

import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pikepdf
from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parent.parent
FILES, PAGES = 20, 50
DPI = 200
SIZE = (1654, 2339)  # A4 at 200 dots an inch
A4 = (595.276, 841.89)


def scans(folder: Path) -> list[Path]:
    """FILES PDFs of PAGES scanned pages each; every page's JPEG differs."""
    noise = Image.effect_noise(SIZE, 6)
    base = Image.merge("RGB", [noise.point(lambda value: min(255, value + 110))] * 3)
    draw = ImageDraw.Draw(base)
    for line in range(60):
        draw.line([(150, 150 + line * 34), (1500, 150 + line * 34)], fill=(20, 20, 20), width=9)
    out = io.BytesIO()
    base.save(out, "JPEG", quality=80, dpi=(DPI, DPI))
    jpeg = out.getvalue()
    made = []
    for file in range(FILES):
        pdf = pikepdf.new()
        for page in range(PAGES):
            words = f"page {file * PAGES + page}".encode()
            data = jpeg[:2] + b"\xff\xfe" + (len(words) + 2).to_bytes(2, "big") + words + jpeg[2:]
            sheet = pdf.add_blank_page(page_size=A4).obj
            image = pikepdf.Stream(
                pdf, data, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=SIZE[0], Height=SIZE[1],
                ColorSpace=pikepdf.Name.DeviceRGB, BitsPerComponent=8, Filter=pikepdf.Name.DCTDecode,
            )  # fmt: skip
            sheet.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=image))
            sheet.Contents = pdf.make_stream(f"q {A4[0]} 0 0 {A4[1]} 0 0 cm /Im Do Q".encode())
        path = folder / f"scan-{file:02}.pdf"
        pdf.save(path)
        made.append(path)
    return made


def bare(folder: Path) -> None:
    """The merge by the library alone: open, append, save."""
    out = pikepdf.new()
    for path in sorted(folder.glob("scan-*.pdf")):
        with pikepdf.open(path) as source:
            out.pages.extend(source.pages)
    out.save(folder / "bare.pdf")


def measured(side: str, folder: Path, home: Path) -> dict[str, float]:
    """Wall and CPU seconds of the work itself, and the largest memory of the process and its children (MB)."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.bench_binding", "--side", side, str(folder)], cwd=ROOT, check=True, text=True, capture_output=True,
        env={**os.environ, "TAIZHANG_HOME": str(home)},
    )  # fmt: skip
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def side(name: str, folder: Path) -> None:
    """One side, in this process. Ours runs with the worker's child warm, as it is between two bindings."""
    work, warm = bare, 0.0
    if name == "ours":
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "taizhang.config.settings")
        import django  # noqa: PLC0415 -- slow import

        django.setup()
        from tools.binding_case import bind_scans, warm_up  # noqa: PLC0415 -- needs the set-up apps

        work, warm = bind_scans, warm_up(folder)
    began, used = time.perf_counter(), _cpu()
    work(folder)
    told = {
        "seconds": time.perf_counter() - began, "cpu": _cpu() - used - warm,
        "memory": max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024,
    }  # fmt: skip
    print(json.dumps(told))


def _cpu() -> float:
    return sum(
        used.ru_utime + used.ru_stime
        for used in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def binding(folder: Path, rounds: int = 4) -> dict[str, float]:
    """The best of some rounds, one side after the other."""
    files = scans(folder)
    best: dict[str, dict[str, float]] = {}
    for _ in range(rounds):
        for name in ("bare", "ours"):
            told = measured(name, folder, folder / "home")
            if name not in best or told["seconds"] < best[name]["seconds"]:
                best[name] = told
    return {
        "pages": FILES * PAGES, "megabytes": sum(path.stat().st_size for path in files) / 1e6,
        "bare": best["bare"]["seconds"], "ours": best["ours"]["seconds"], "ratio": best["ours"]["seconds"] / best["bare"]["seconds"],
        "cpu_ratio": best["ours"]["cpu"] / best["bare"]["cpu"], "memory": best["ours"]["memory"], "bare_memory": best["bare"]["memory"],
    }  # fmt: skip


def rows(folder: Path) -> list[tuple[str, str, str]]:
    """As `make bench` prints them."""
    told = binding(folder)
    size = f"{told['pages']:.0f} pages, {told['megabytes']:.0f} MB"
    return [
        (f"binding scans ({size}), s; bare merge {told['bare']:.1f} s", f"{told['ours']:.1f} = {told['ratio']:.2f} ×, CPU {told['cpu_ratio']:.2f} ×", "≤ 2 ×"),
        (f"… memory at its largest (MB); bare merge {told['bare_memory']:.0f}", f"{told['memory']:.0f}", "≤ 500"),
    ]  # fmt: skip


def main() -> int:
    if sys.argv[1:2] == ["--side"]:
        side(sys.argv[2], Path(sys.argv[3]))
        return 0
    with tempfile.TemporaryDirectory(
        prefix="taizhang-bench-", dir=sys.argv[1] if len(sys.argv) > 1 else None
    ) as folder:
        for row in rows(Path(folder)):
            print("| " + " | ".join(row) + " |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
