"""A real server and a real browser: `taizhang up` in a folder of its own, Debian's Chromium before it.

Without Chromium or a Chinese font the tests are skipped and say so. All fixtures live as long as this package: the
browser's event loop must be gone before another test of the same worker asks the database.
"""

import functools
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--lang=zh-CN",
]  # fmt: skip
ROOT = Path(__file__).resolve().parents[2]
#: milliseconds that a page may take to show what is expected: two cores may be busy with other tests
expect.set_options(timeout=20_000)
READY = 400  # seconds until the server must answer; laying out the demo takes most of them


def _settled(act: Callable[..., Any]) -> Callable[..., Any]:
    """ACT, and then the page it led to.

    The browser library holds a click to be over when the next page begins to arrive; what a test reads then may be
    half a page. A person reads when it stands.
    """

    @functools.wraps(act)
    def done(at: Locator | Page, *args: Any, **options: Any) -> Any:
        told = act(at, *args, **options)
        page = at if isinstance(at, Page) else at.page
        if not page.is_closed():
            page.wait_for_load_state()
        return told

    return done


for _kind in (Locator, Page):
    for _name in ("click", "press"):
        setattr(_kind, _name, _settled(getattr(_kind, _name)))


def chinese_font() -> bool:
    listing = shutil.which("fc-list")
    return listing is not None and bool(
        subprocess.run([listing, ":lang=zh"], capture_output=True, text=True).stdout.strip()
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder drives a browser, and they share one worker."""
    here = Path(__file__).parent
    reason = (
        "没有 chromium，浏览器测试跳过"
        if CHROMIUM is None
        else ""
        if chinese_font()
        else "没有中文字体，浏览器测试跳过"
    )
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.xdist_group("e2e"))
            if reason:
                item.add_marker(pytest.mark.skip(reason=reason))


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@dataclass
class Site:
    """A running site: where it answers, where its data lie, and its command line."""

    url: str
    home: Path
    environment: dict[str, str]

    def run(self, *words: Any) -> str:
        """`taizhang WORDS` in this site; what it prints."""
        return self._python("-m", "taizhang.config.cli", *map(str, words))

    def play(self, call: str) -> Any:
        """CALL of a function of play.py in the site's management shell; what it prints."""
        code = f"from tests.e2e.play import *; {call}"
        return json.loads(
            self._python("manage.py", "shell", "--no-imports", "--verbosity", "0", "-c", code).splitlines()[
                -1
            ]
        )

    def _python(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, f"{words}: {(done.stderr or done.stdout)[-3000:]}"
        return done.stdout


@contextmanager
def serve(home: Path, *, demo: bool, today: str, pictures_read: bool = False) -> Iterator[Site]:
    """Start `taizhang up`, wait until it answers, end it by its own process.

    Pictures are read only where a test is about that: a demo has hundreds, and each costs seconds of a core.
    """
    port = free_port()
    environment = {
        **os.environ,
        "TAIZHANG_HOME": str(home),
        "TAIZHANG_TODAY": today,
        "TAIZHANG_DEMO": "1" if demo else "0",
        "TAIZHANG_OCR": "1" if pictures_read else "0",
    }
    words = [
        sys.executable,
        "-m",
        "taizhang.config.cli",
        "up",
        "--demo" if demo else "--no-demo",
        "--port",
        str(port),
    ]
    home.mkdir(parents=True, exist_ok=True)
    with (home / "server.log").open("w") as log:
        server = subprocess.Popen(words, env=environment, stdout=log, stderr=subprocess.STDOUT)
    site = Site(f"http://127.0.0.1:{port}", home, environment)
    try:
        wait_for(f"{site.url}/org/login/", server, home / "server.log")
        yield site
    finally:
        server.terminate()
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            server.kill()


def wait_for(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    upto = time.monotonic() + READY
    while time.monotonic() < upto:
        assert server.poll() is None, log.read_text()
        try:
            with urlopen(url, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"no answer in {READY} s: {log.read_text()}")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=ARGUMENTS,
            env={**os.environ, "LANG": "C.UTF-8", "LANGUAGE": "zh_CN"},
        )
        yield made
        made.close()


@pytest.fixture(scope="package")
def demo_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo, laid out on a fixed day."""
    with serve(tmp_path_factory.mktemp("demo-site"), demo=True, today="2026-06-10") as site:
        yield site


@pytest.fixture(scope="package")
def pictures() -> Callable[[str], Path] | None:
    """Where every page's picture goes, for looking at them all: the folder E2E_PICTURES, if it is named."""
    asked = os.environ.get("E2E_PICTURES")
    if not asked:
        return None
    folder = Path(asked)
    folder.mkdir(parents=True, exist_ok=True)
    return lambda name: folder / f"{name}.png"


@pytest.fixture(scope="package")
def readme(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Where the walks' pictures go: docs/pictures when README_PICTURES=1 (`make pictures`), else a temporary folder."""
    folder = (
        ROOT / "docs" / "pictures"
        if os.environ.get("README_PICTURES") == "1"
        else tmp_path_factory.mktemp("readme")
    )
    folder.mkdir(parents=True, exist_ok=True)
    return lambda name: folder / f"{name}.png"
