"""What a stranger's file may make of a library that reads it."""

import os
import subprocess
import time
from pathlib import Path
from typing import Any


def work(question: dict[str, Any]) -> dict[str, Any]:
    match question["do"]:
        case "echo":
            print("a library that talks")
            return {"said": question["say"], "by": os.getpid()}
        case "loop":
            while True:
                pass
        case "sleep":
            time.sleep(60)
        case "memory":
            return {"size": len(bytearray(2**33))}
        case "crash":
            os.kill(os.getpid(), 11)
        case "leave":  # a converter at work, and then the end
            held = subprocess.Popen(["sleep", "300"])
            Path(question["note"]).write_text(str(held.pid))
            os.kill(os.getpid(), 11)
        case "fault":
            raise RuntimeError("a damaged file")
    return {}


def crash(question: dict[str, Any]) -> dict[str, Any]:
    """Ends at every question."""
    os.kill(os.getpid(), 11)
    return {}
