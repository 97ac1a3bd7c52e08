"""kill -9 in the middle of uploads: no receipt without its bytes. R1 and R11 of the fault list.

Three clients upload without a pause and note every receipt they are given. At a random moment the whole server
is killed and started again. Then each receipt must have its row, its bytes with that hash, its journal entry;
an upload whose answer was lost is sent again with the same key and must be there once.
"""

import contextlib
import hashlib
import json
import os
import random
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from taizhang.kit.files import Disk

from .server import ROOT, Server, World, make_world, upload

ROUNDS = int(os.environ.get("TAIZHANG_FAULT_ROUNDS", "50"))
CLIENTS = 3
AHEAD = 2  # servers that start up meanwhile, one for each core of a small machine
SIZES = (2_000, 200_000, 3_000_000)  # bytes: the last ones pass through the parser's temporary file
CHECK = """
import json, taizhang, django
django.setup()
from taizhang.evidence.queries import verify
from taizhang.journal.queries import check_chains
found, chains = verify(), check_chains()
print(json.dumps({"problems": found.problems + chains.problems, "counts": found.counts, "stale": len(found.orphans)}))
"""


@dataclass
class Told:
    """What the clients were told: number → SHA-256; and what is without an answer: once-key → bytes."""

    receipts: dict[str, str] = field(default_factory=dict)
    unanswered: dict[str, bytes] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)


def data() -> bytes:
    return b"%PDF-1.4\n" + os.urandom(random.choice(SIZES))


def send(server: Server, told: Told, once: str, body: bytes) -> bool:
    told.unanswered[once] = body
    try:
        status, answer = upload(server, f"{once[:8]}.pdf", body, once)
    except OSError:
        return False
    if status == 201:
        told.receipts[answer["message"].split()[-1]] = hashlib.sha256(body).hexdigest()
        del told.unanswered[once]
    elif status:
        told.refused.append(f"{status} {answer['message']}")
    return status == 201


def client(server: Server, told: Told, stop: threading.Event) -> None:
    while not stop.is_set():
        if not send(server, told, uuid.uuid4().hex, data()):
            return


def lost(world: World, receipts: dict[str, str]) -> list[str]:
    """Receipts that lack their row, their bytes or their entry."""
    disk, missing = Disk(world.home), []
    with contextlib.closing(
        sqlite3.connect(f"file:{world.home / 'taizhang.sqlite3'}?mode=ro", uri=True)
    ) as database:
        rows = dict(
            database.execute(
                "select e.number, b.sha256 || ' ' || b.size || ' ' || count(j.id) from evidence_evidence e "
                "join evidence_version v on v.id = e.current_id join evidence_blob b on b.id = v.blob_id "
                "join journal_entry j on j.subject_kind = 'evidence.evidence' and j.subject_id = e.id "
                "and j.action = 'evidence.deposit' and j.refused = '' group by e.id"
            )
        )
    for number, sha256 in receipts.items():
        found, size, entries = rows.get(number, " 0 0").split(" ")
        if found != sha256 or entries != "1" or disk.fault(sha256, int(size), full=True):
            missing.append(number)
    return missing


@pytest.mark.fault
def test_no_receipt_without_its_bytes(tmp_path: Path) -> None:
    world, told = make_world(tmp_path / "home"), Told()
    began, killed_in_flight, verified = time.monotonic(), 0, 0
    # the next ones start up beside the round under way; none opens the database before it is used
    servers = deque(Server(world).start() for _ in range(AHEAD))
    try:
        for _ in range(ROUNDS):
            servers.append(Server(world).start())
            server = servers[0].ready()
            known = len(told.receipts)
            for once, body in list(told.unanswered.items()):
                assert send(server, told, once, body), told.refused
            assert send(server, told, uuid.uuid4().hex, data()), told.refused
            stop = threading.Event()
            clients = [threading.Thread(target=client, args=(server, told, stop)) for _ in range(CLIENTS)]
            for each in clients:
                each.start()
            time.sleep(random.uniform(0, 0.3))
            server.kill()
            stop.set()
            for each in clients:
                each.join()
            servers.popleft()
            killed_in_flight += bool(told.unanswered)
            fresh = dict(list(told.receipts.items())[known:])
            assert lost(world, fresh) == []
            verified += len(fresh)
        server = servers[0].ready()
        for once, body in list(told.unanswered.items()):
            assert send(server, told, once, body), told.refused
    finally:
        for each_server in servers:
            each_server.kill()
    gone = lost(world, told.receipts)
    done = subprocess.run(
        [sys.executable, "-c", CHECK],
        cwd=ROOT,
        env=world.environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    print(
        f"\n{ROUNDS} kills ({killed_in_flight} with uploads under way) in {time.monotonic() - began:.0f} s: "
        f"receipts issued {len(told.receipts)}, verified {len(told.receipts) - len(gone)}, lost {len(gone)}; "
        f"orphan blobs {found['stale']}, left in incoming/ {len(list((world.home / 'incoming').iterdir()))}"
    )
    assert gone == [] and found["problems"] == [] and told.refused == []
    assert found["counts"]["receipts"] == len(told.receipts), "an upload sent again is there once"
    assert killed_in_flight >= ROUNDS // 2, "the kills must hit"
    assert verified
