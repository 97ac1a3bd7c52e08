"""`make bench`: the figures, printed as counts, bytes, CPU seconds and ratios; nothing here can fail a build.

Everything happens in folders of its own; the server that is measured is started and ended here.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PORT = 8790
SAMPLE = ROOT / "taizhang" / "standards" / "samples" / "civilised-unit.xlsx"
DATA = ROOT / "taizhang" / "config" / "demo" / "data"


def run(
    home: Path, *words: str, module: str = "taizhang.config.cli", **environment: str
) -> tuple[float, str]:
    """Run a command of the product in its own process; wall seconds and what it printed."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", module, *words], cwd=ROOT, capture_output=True, text=True, check=True,
        env={**os.environ, "TAIZHANG_HOME": str(home), **environment},
    )  # fmt: skip
    return time.perf_counter() - began, done.stdout


def say(name: str, value: str, bound: str) -> None:
    print(f"| {name} | {value} | {bound} |", flush=True)


def migrations_and_ledger(folder: Path) -> None:
    home = folder / "plain"
    seconds, _ = run(home, "prepare")
    say("migrations of a fresh database, samples laid in (s)", f"{seconds:.1f}", "≤ 15")
    run(
        home,
        "roster",
        "import",
        str(DATA / "staff.xlsx"),
        str(DATA / "groups.xlsx"),
        "--agency",
        "某局",
        "--region",
        "某市",
    )
    start = [
        "campaign",
        "start",
        "--unit",
        "某局",
        "--standard",
        str(SAMPLE),
        "--from",
        "2018",
        "--to",
        "2020",
    ]
    seconds, out = run(home, *start, "--open", "2018", "--assessed-on", "2018-11-30", "--json")
    say("spreadsheet to a year's ledger, whole process (s)", f"{seconds:.2f}", "≤ 3")
    print(f"|  … {out.strip()[:200]} | | |")


def reading() -> None:
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 -- slow import

    from taizhang.standards.sheets.read import read  # noqa: PLC0415 -- slow import

    data = SAMPLE.read_bytes()
    read(data, SAMPLE.name)
    began = time.process_time()
    book = CalamineWorkbook.from_path(str(SAMPLE))
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()
    load = time.process_time() - began
    began = time.process_time()
    read(data, SAMPLE.name)
    own = time.process_time() - began
    say(
        "reading the standard (CPU s), spreadsheet library alone",
        f"{own:.2f}, {load:.3f}",
        f"≤ {2 * load + 0.5:.2f}",
    )


def ready_and_memory(home: Path) -> None:
    began = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "taizhang.config.cli", "up", "--demo", "--port", str(PORT)], cwd=ROOT,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "TAIZHANG_HOME": str(home)},
    )  # fmt: skip
    try:
        while time.perf_counter() - began < 60:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{PORT}/org/login/", timeout=5).read()
                break
            except OSError:
                time.sleep(0.1)
        say("ready after start on a migrated database (s)", f"{time.perf_counter() - began:.1f}", "≤ 3")
        for _ in range(20):
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/org/login/", timeout=5).read()
        say("largest process of the server (MB)", f"{_largest(server.pid):.0f}", "≤ 150")
    finally:
        server.terminate()
        server.wait(timeout=30)


def _largest(pid: int) -> float:
    """The largest resident size, in MB, among PID and what it started."""
    found, queue = 0.0, [pid]
    while queue:
        one = queue.pop()
        try:
            status = Path(f"/proc/{one}/status").read_text()
            children = Path(f"/proc/{one}/task/{one}/children").read_text().split()
        except FileNotFoundError:
            continue
        queue += [int(child) for child in children]
        size = next((line for line in status.splitlines() if line.startswith("VmRSS")), "VmRSS: 0")
        found = max(found, int(size.split()[1]) / 1024)
    return found


def ledger_page() -> None:
    """The list of all 259 items as a department's filler, second request, in a warm process."""
    from django.conf import settings  # noqa: PLC0415 -- slow import
    from django.db import connection  # noqa: PLC0415 -- slow import
    from django.test import Client  # noqa: PLC0415 -- slow import
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 -- slow import

    from taizhang.org.models import User  # noqa: PLC0415 -- slow import

    settings.ALLOWED_HOSTS = ["*"]
    client: Any = Client()
    client.force_login(
        User.objects.get(username="demo-zerenren"), backend="taizhang.org.backends.PersonBackend"
    )
    for address, name, bounds in (
        ("/ledger/items/", "ledger page, 259 items", "≤ 12, 150 KB, 60 ms"),
        ("/", "desk", ""),
        ("/ledger/overview/", "overview", ""),
        ("/ledger/items/46/", "item page, ten branches × twelve months", ""),
        ("/evidence/", "library", ""),
    ):
        client.get(address)
        cpu = []
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
            count = len(queries)
        for _ in range(5):
            began = time.process_time()
            client.get(address)
            cpu.append(time.process_time() - began)
        cpu.sort()
        value = (
            f"{count} queries, {len(answer.content) / 1024:.0f} KB, {cpu[2] * 1000:.0f} ms CPU (median of 5)"
        )
        say(name, value, bounds)


def taking_over() -> None:
    """A ledger of 259 rows with 600 files, shown and saved: in a test's own database, which the test makes and drops."""
    words = [
        "-m",
        "pytest",
        "tests/ledger/test_takeover_size.py",
        "-q",
        "-s",
        "-n",
        "0",
        "-p",
        "no:cacheprovider",
    ]
    environment = {**os.environ, "TAIZHANG_BENCH": "1"}
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=True, env=environment
    )
    for line in done.stdout.splitlines():
        if "秒" in line:
            say("taking over 259 rows, 600 files", line, "shown ≤ 5 s, saved ≤ 60 s")


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="taizhang-bench-"))
    try:
        print("| what | measured | bound |\n|---|---|---|")
        reading()
        migrations_and_ledger(folder)
        demo = folder / "demo"
        run(demo, "prepare")
        seconds, _ = run(demo, "demo", module="manage")
        say("demo laid out (s)", f"{seconds:.0f}", "")
        ready_and_memory(demo)
        os.environ |= {"TAIZHANG_HOME": str(demo), "DJANGO_SETTINGS_MODULE": "taizhang.config.settings"}
        import django  # noqa: PLC0415 -- slow import

        django.setup()
        ledger_page()
        taking_over()
        subprocess.run([sys.executable, "-m", "tools.bench_search"], cwd=ROOT, check=True)
        for words in (
            ["tools.bench_reading"],
            ["tools.bench_pictures"],
            ["tools.bench_binding"],
            ["tools.bench_keeping"],
            ["tools.bench_proposals"],
            ["tests.fixtures.report"],
            ["tests.standards.documents_report", "--measure"],
        ):
            print(flush=True)
            subprocess.run([sys.executable, "-m", *words], cwd=ROOT, check=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
