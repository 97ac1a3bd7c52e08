"""`taizhang up`: bring the database up to date, then run the web process and beside it the worker."""

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from taizhang.evidence.actions import index_what_lacks
from taizhang.kit.errors import Refused
from taizhang.kit.sqlite import safety


def register(sub: Any) -> None:
    up = sub.add_parser("up", help="启动系统")
    up.add_argument("--host", default="127.0.0.1")
    up.add_argument("--port", type=int, default=8000)
    demo = up.add_mutually_exclusive_group()
    demo.add_argument("--demo", action="store_true", help="第一次启动时放入演示数据")
    demo.add_argument("--no-demo", action="store_true")
    up.set_defaults(run=run_up)
    prepare = sub.add_parser("prepare", help="只更新数据库和内置标准，不启动")
    prepare.set_defaults(run=lambda args: prepare_site())


def prepare_site() -> int:
    """Migrations, the built-in samples, what the index of words lacks; safe to run any number of times."""
    if pending_migrations():
        call_command("migrate", interactive=False, verbosity=0)
    call_command("samples", verbosity=0, skip_checks=True)
    index_what_lacks()
    return 0


def pending_migrations() -> int:
    """How many migrations this database still wants."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def run_up(args: argparse.Namespace) -> int:
    """Serve until SIGTERM or Ctrl-C; ends what it started, and only that."""
    prepare_site()
    if settings.DEMO:
        call_command("demo", verbosity=0, skip_checks=True)
    workers = 2
    if not safety.is_safe():
        workers = 1
        print(
            f"注意：本机的 SQLite {safety.version()} 在多进程写入时可能丢失数据，已改为单进程运行。"
            "请安装 pysqlite3 或改用 PostgreSQL。",
            file=sys.stderr,
        )
    web = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", args.host, "--port", str(args.port),
        "--workers", str(workers), "--blocking-threads", str(settings.WEB_THREADS), "--no-ws", "--respawn-failed-workers", "--log-level", "warning",
        "taizhang.config.wsgi:application",
    ]  # fmt: skip
    jobs = [sys.executable, "-m", "taizhang.config.worker"]
    environment = {
        **os.environ,
        "TAIZHANG_HOME": str(settings.HOME),
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    running = [subprocess.Popen(web, env=environment)]
    stop = {"asked": False}

    def ask(*_: Any) -> None:
        stop["asked"] = True

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
    answers = False
    try:
        while not stop["asked"]:
            if running[0].poll() is not None:
                raise Refused(f"网页服务没有启动成功。请检查 {args.port} 端口是否已被占用，换一个端口再试。")
            if not answers and _answers(args.host, args.port):
                answers = True
                print(f"台账已启动：http://{args.host}:{args.port}　（按 Ctrl-C 停止）", flush=True)
                # the pages come first: a worker with a night's jobs would take their CPU while they start.
                # With an SQLite that may not be written by two processes there is none: thumbnails wait
                if safety.is_safe():
                    running.append(subprocess.Popen(jobs, env=environment))
            if len(running) > 1 and running[1].poll() is not None:
                running[1] = subprocess.Popen(jobs, env=environment)  # a killed worker comes back
            time.sleep(0.3)
    finally:
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        for process in running:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
    return 0


def _answers(host: str, port: int) -> bool:
    """Whether the web process answers yet: its port is open well before its pages are loaded."""
    here = HTTPConnection("127.0.0.1" if host in ("0.0.0.0", "::") else host, port, timeout=2)
    try:
        here.request("HEAD", "/org/login/")
        here.getresponse()
        return True
    except (OSError, HTTPException):
        return False
    finally:
        here.close()
