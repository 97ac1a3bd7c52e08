"""A real web server in a process group of its own, and a client that speaks to it over a bare socket."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
TOKEN = "t" * 32


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class World:
    """A site in a folder of its own, with somebody logged in."""

    home: Path
    session: str
    unit: int

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "TAIZHANG_HOME": str(self.home),
            "DJANGO_SETTINGS_MODULE": "taizhang.config.settings",
        }


def make_world(home: Path) -> World:
    home.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "tests.fault.world"], cwd=ROOT, text=True, capture_output=True, timeout=120,
        env=os.environ | {"TAIZHANG_HOME": str(home)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    return World(home, told["session"], told["unit"])


class Server:
    """Granian with one worker; `kill` ends the whole group at once, as a power cut of the process would."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Server":
        """Begin; `ready` waits until it answers."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port),
             "--workers", "1", "--blocking-threads", "4", "--log-level", "error", "taizhang.config.wsgi:application"],
            cwd=ROOT, env=self.world.environment, start_new_session=True, stdout=subprocess.DEVNULL,
            stderr=(self.world.home / "server.log").open("ab"),
        )  # fmt: skip
        return self

    def ready(self) -> "Server":
        """Wait for an answer that needs no database: the server must not have it open before it is used."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with contextlib.suppress(OSError), self.connect(timeout=30) as link:
                link.sendall(b"GET /static/icon.svg HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                if link.recv(20).startswith(b"HTTP/1.1 "):
                    return self
            time.sleep(0.02)
        raise AssertionError("the server does not answer")

    def kill(self) -> None:
        """SIGKILL to the group that this object started, and to nothing else."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def connect(self, timeout: float = 10) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout)

    def request(self, body: bytes, boundary: str, length: int | None = None, **headers: str) -> bytes:
        """The bytes of one upload; LENGTH may lie."""
        lines = {
            "Host": "127.0.0.1", "Cookie": f"sessionid={self.world.session}; csrftoken={TOKEN}",
            "Content-Type": f"multipart/form-data; boundary={boundary}", "X-Requested-With": "XMLHttpRequest",
            "Content-Length": str(len(body) if length is None else length), "Connection": "close",
        } | {name.replace("_", "-"): value for name, value in headers.items()}  # fmt: skip
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
        return f"POST /evidence/new/ HTTP/1.1\r\n{head}\r\n".encode() + body


def multipart(unit: int, name: str, data: bytes, once: str = "") -> tuple[bytes, str]:
    """(body, boundary) of the upload form with one file."""
    boundary = uuid.uuid4().hex
    fields = {
        "csrfmiddlewaretoken": TOKEN,
        "unit": str(unit),
        "secrecy": "internal",
        "once": once or uuid.uuid4().hex,
    }
    parts = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in fields.items()
    )
    parts += f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
    return parts.encode() + data + f"\r\n--{boundary}--\r\n".encode(), boundary


def read_all(link: socket.socket) -> tuple[int, bytes]:
    """(status, body) of the answer; status 0 if the line broke."""
    got = b""
    with contextlib.suppress(OSError):
        while piece := link.recv(65536):
            got += piece
    head, _, body = got.partition(b"\r\n\r\n")
    return (int(head.split(b" ")[1]) if head.startswith(b"HTTP/1.1 ") else 0), body


def upload(server: Server, name: str, data: bytes, once: str = "") -> tuple[int, dict[str, Any]]:
    body, boundary = multipart(server.world.unit, name, data, once)
    with server.connect() as link:
        link.sendall(server.request(body, boundary))
        status, answer = read_all(link)
    try:
        return status, json.loads(answer)
    except ValueError:
        return status, {"message": answer.decode(errors="replace")[:300]}
