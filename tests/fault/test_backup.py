"""The drill: a site at work is backed up, killed in the middle, backed up again, and restored where nothing was."""

import contextlib
import hashlib
import http.cookiejar
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.people import PASSWORD

from .server import ROOT, Server, World, make_world, upload

SET_PASSWORD = """
import os, sys, taizhang, django
django.setup()
from taizhang.org.models import User
user = User.objects.get(person__name="朱辉斌")
user.set_password(sys.argv[1])
user.save()
print(user.username)
"""


def command(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        cli(*words), cwd=ROOT, env=environment(home), capture_output=True, text=True, timeout=120
    )


def cli(*words: str) -> list[str]:
    return [sys.executable, "-m", "taizhang.config.cli", *words]


def environment(home: Path) -> dict[str, str]:
    return os.environ | {"TAIZHANG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "taizhang.config.settings"}


class Writer(threading.Thread):
    """Somebody who deposits without a pause; what the site gave a receipt for."""

    def __init__(self, server: Server) -> None:
        super().__init__(daemon=True)
        self.server, self.receipts, self.stop = server, {}, threading.Event()  # type: ignore[var-annotated]

    def run(self) -> None:
        while not self.stop.is_set():
            self.one(200_000)

    def one(self, size: int) -> None:
        data = b"%PDF-1.4\n" + os.urandom(size)
        status, told = upload(self.server, f"{len(self.receipts)}.pdf", data)
        assert status == 201, told
        self.receipts[told["message"].split()[-1]] = hashlib.sha256(data).hexdigest()


def test_the_drill(tmp_path: Path) -> None:
    world = make_world(tmp_path / "home")
    username = subprocess.run(
        [sys.executable, "-c", SET_PASSWORD, PASSWORD], cwd=ROOT, env=environment(world.home), capture_output=True, text=True
    ).stdout.strip()  # fmt: skip
    server = Server(make_world(world.home))  # logged in again: a new password ends the sessions
    server.start().ready()
    folder = tmp_path / "backups"
    try:
        writer = Writer(server)
        for _ in range(12):
            writer.one(3_000_000)
        writer.start()
        kill_in_the_middle(world.home, folder)
        assert not list((folder / "generations").glob("2*")), "what was killed is not there"
        before = dict(writer.receipts)
        done = command(world.home, "backup", str(folder), "--json")
        assert done.returncode == 0, done.stderr
        made = json.loads(done.stdout)
        assert made["problems"] == [] and made["files"] >= len(before) and made["new_files"] < made["files"]
        writer.stop.set()
        writer.join()
        again = json.loads(command(world.home, "backup", str(folder), "--json").stdout)
        assert again["new_files"] <= again["files"] - made["files"]
    finally:
        server.kill()
    refused = command(world.home, "restore", str(folder))
    assert refused.returncode == 2 and "不是空的" in refused.stderr and refused.stderr.count("\n") == 1
    # to a new home; the generation that was made while the writer went on
    home = tmp_path / "restored"
    done = command(
        tmp_path / "nowhere",
        "restore",
        str(folder),
        "--to",
        str(home),
        "--generation",
        made["generation"],
        "--json",
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["problems"] == [] and told["receipts"] >= len(before) and not (tmp_path / "nowhere").exists()
    missing = set(before) - set(receipts_in(home))
    assert not missing, "a receipt from before the backup"
    verified = json.loads(command(home, "verify", "--all", "--json").stdout)
    assert verified["ok"] and verified["checked"] == told["receipts"]
    site = Server(World(home, "", world.unit))
    site.start().ready()
    try:
        browser = log_in(site, username)
        for number, pk in receipts_in(home).items():
            if number in before:
                body = browser.open(f"http://127.0.0.1:{site.port}/evidence/{pk}/download/").read()
                assert hashlib.sha256(body).hexdigest() == before[number]
    finally:
        site.kill()


def kill_in_the_middle(home: Path, folder: Path) -> None:
    """SIGKILL once some, and not all, files are there."""
    running = subprocess.Popen(
        cli("backup", str(folder)), cwd=ROOT, env=environment(home), start_new_session=True, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    until = time.monotonic() + 60
    while time.monotonic() < until and running.poll() is None:
        if sum(1 for one in (folder / "blobs").glob("*/*/*")) >= 2:
            break
        time.sleep(0.001)
    assert running.poll() is None, "it was over before it could be killed"
    with contextlib.suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()


def receipts_in(home: Path) -> dict[str, int]:
    with contextlib.closing(
        sqlite3.connect(f"file:{home / 'taizhang.sqlite3'}?mode=ro", uri=True)
    ) as database:
        return dict(database.execute("SELECT number, id FROM evidence_evidence"))


def log_in(site: Server, username: str) -> urllib.request.OpenerDirector:
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    address = f"http://127.0.0.1:{site.port}/org/login/"
    page = browser.open(address).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    form = {"csrfmiddlewaretoken": token[1], "username": username, "password": PASSWORD}
    answer = browser.open(
        urllib.request.Request(address, urllib.parse.urlencode(form).encode(), {"Referer": address})
    )
    assert "/org/login/" not in answer.url, answer.read().decode()[:500]
    return browser


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that nothing was done in."""
    home = tmp_path_factory.mktemp("slips") / "home"
    assert command(home, "prepare").returncode == 0
    return home


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["backup", "{home}/inside"], "相互包含"),
        (["backup", "{full}"], "不是空的"),
        (["backup", "{new}", "--keep", "0"], "--keep 要写 1 到 1000"),
        (["restore", "{new}"], "没有"),
        (["restore", "{full}"], "不是台账的备份"),
    ],
)
def test_a_slip_is_one_line(prepared: Path, tmp_path: Path, words: list[str], said: str) -> None:
    home = prepared
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("mine")
    named: dict[str, Any] = {"home": home, "full": tmp_path / "full", "new": tmp_path / "new"}
    done = command(home, *[word.format(**named) for word in words])
    assert done.returncode == 2 and said in done.stderr and done.stderr.count("\n") == 1, done.stderr
    assert not (tmp_path / "new" / "generations").exists() and os.listdir(tmp_path / "full") == ["x"]
