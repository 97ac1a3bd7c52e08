"""`python -m tools.bench_reading`: text files through the worker, and a text PDF of 250 pages, in CPU seconds.

The worker is the real one: it takes each job from the queue, asks the warm child, writes pages, index, reading,
journal and the job's own row. Its CPU and the child's are counted together.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILES, WARM = 200, 20
BYTES = 4096
WORK = """
import io, json, os, sys, time
import taizhang, django
django.setup()
from django.core.management import call_command
from taizhang.evidence import jobs
from taizhang.evidence.models import Reading
from taizhang.org.models import Unit, User
from tests.evidence.samples import deposit
user = User.objects.get(person__name="朱辉斌")
unit = Unit.objects.get(name="办公室", parent__name="甲局")
said = "为进一步加强对文明单位创建工作的领导，经研究，决定成立创建工作领导小组。"

def lay(count, name):
    for at in range(count):
        text = (name + str(at) + said * 99).encode()[:BYTES].decode("utf-8", "ignore")
        deposit(user, unit, f"{name}{at}.txt", text.encode())

def child_cpu():
    process = jobs.reader().process
    fields = open(f"/proc/{process.pid}/stat").read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

lay(WARM, "热")
call_command("db_worker", batch=True, interval=0, verbosity=0)
lay(FILES, "量")
own, other, wall = time.process_time(), child_cpu(), time.perf_counter()
call_command("db_worker", batch=True, interval=0, verbosity=0)
own, other, wall = time.process_time() - own, child_cpu() - other, time.perf_counter() - wall
assert Reading.objects.filter(state="read").count() == WARM + FILES
with open(sys.argv[1], "rb") as handle:
    piece = deposit(user, unit, "厚.pdf", handle.read())
begin, held = time.perf_counter(), time.process_time() + child_cpu()
jobs.read.call(piece.current.pk)
pdf = time.perf_counter() - begin, time.process_time() + child_cpu() - held
reading = Reading.objects.get(blob=piece.current.blob)
print(json.dumps({"own": own, "child": other, "wall": wall, "pdf": pdf, "pages": reading.pages, "letters": reading.letters}))
"""


def say(name: str, value: str, bound: str) -> None:
    print(f"| {name} | {value} | {bound} |", flush=True)


def main() -> None:
    from taizhang.kit.apart import Apart  # noqa: PLC0415 -- slow import
    from tests.kit.texts import made  # noqa: PLC0415 -- slow import

    with tempfile.TemporaryDirectory(prefix="taizhang-bench-") as place:
        folder = Path(place)
        path = folder / "thick.pdf"
        paragraphs = (made.BODY * 9 + "\n\n") * 4
        path.write_bytes(made.pdf(*[f"第{at}页\n\n{paragraphs}" for at in range(250)]))
        child = Apart("taizhang.kit.texts:answer")
        question = {
            "path": str(path),
            "name": path.name,
            "mime": "application/pdf",
            "folder": place,
            "pictures": False,
        }
        times = []
        try:
            child.ask(question, 60)
            for _ in range(5):
                began = time.perf_counter()
                told = child.ask(question, 60)
                times.append(time.perf_counter() - began)
        finally:
            child.close()
        assert told["pages"] == 250
        environment = os.environ | {
            "TAIZHANG_HOME": str(folder / "home"),
            "TAIZHANG_OCR": "0",
            "DJANGO_SETTINGS_MODULE": "taizhang.config.settings",
        }
        (folder / "home").mkdir()
        subprocess.run(
            [sys.executable, "-m", "tests.fault.world"],
            cwd=ROOT,
            env=environment,
            check=True,
            capture_output=True,
        )
        work = WORK.replace("BYTES", str(BYTES)).replace("WARM", str(WARM)).replace("FILES", str(FILES))
        done = subprocess.run(
            [sys.executable, "-c", work, str(path)],
            cwd=ROOT,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
    found = json.loads(done.stdout.splitlines()[-1])
    each = 1000 / FILES
    say(
        "reading a 4 KB text file in a warm worker (ms CPU: worker + child; ms by the clock)",
        f"{found['own'] * each:.1f} + {found['child'] * each:.1f}; {found['wall'] * each:.1f}",
        "≤ 20",
    )
    say(
        "reading a text PDF of 250 pages, the child's answer (s, median of 5)",
        f"{sorted(times)[2]:.2f}",
        "≤ 1",
    )
    say(
        f"  … with the job's writes: {found['pages']} pages, {found['letters']} letters (s by the clock, s CPU)",
        f"{found['pdf'][0]:.2f}, {found['pdf'][1]:.2f}",
        "",
    )


if __name__ == "__main__":
    main()
