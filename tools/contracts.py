"""Write .importlinter: the floors, the rooms of each app, and what of an app others may import.

Run `python -m tools.contracts` after an app or a room was added. `--check` says whether the file is current.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ["config", "desk | reports", "ledger", "campaigns", "standards | evidence", "org", "journal", "kit"]
APPS = ["journal", "org", "standards", "evidence", "campaigns", "ledger", "reports", "desk"]
ROOMS = ["urls", "views", "cli", "forms | jobs | sheets", "actions", "queries", "models", "rules"]
#: rooms that only one app has, and where they stand in it
OWN_ROOMS = {
    "org": [
        "urls",
        "middleware | views",
        "cli",
        "forms | jobs | sheets",
        "actions",
        "action",
        "queries",
        "models",
        "record",
        "rules",
        "permits",
    ],
    # the job that seals a volume writes its catalogue
    "evidence": ["urls", "views", "cli", "jobs", "forms | sheets", "actions", "queries", "models", "rules"],
    # the job that recognises a scan lays the form of an earlier file in
    "standards": ["urls", "views", "cli", "jobs", "forms | sheets", "actions", "queries", "models", "rules"],
    # the job that saves a ledger taken over reads it first
    "ledger": ["urls", "views", "cli", "jobs", "forms | sheets", "actions", "queries", "models", "rules"],
    # the job that binds asks the sheets for what it makes, the page that clears one away asks the job
    "reports": ["urls", "views", "cli", "jobs", "forms | sheets", "actions", "queries", "models", "rules"],
}
#: not rooms: what Django wants by name
NOT_ROOMS = ["apps", "backends", "migrations", "management", "passwords", "templatetags"]
CLOSED = ["urls", "views", "forms", "jobs", "sheets", "cli"]


def there(app: str, room: str) -> bool:
    folder = ROOT / "taizhang" / app
    return (folder / f"{room}.py").exists() or (folder / room / "__init__.py").exists()


def text() -> str:
    lines = [
        "[importlinter]",
        "root_package = taizhang",
        "",
        "[importlinter:contract:floors]",
        "name = Floors: import only from lower floors",
    ]
    lines += ["type = layers", "containers = taizhang", "exhaustive = true", "layers ="]
    lines += [f"    {floor}" for floor in FLOORS]
    for app in APPS:
        rooms = OWN_ROOMS.get(app, ROOMS)
        kept = [" | ".join(room for room in layer.split(" | ") if there(app, room)) for layer in rooms]
        lines += [
            "",
            f"[importlinter:contract:{app}-rooms]",
            f"name = Rooms of {app}: downward only",
            "type = layers",
        ]
        lines += [f"containers = taizhang.{app}", "exhaustive = true", "exhaustive_ignores ="]
        lines += [
            f"    {name}"
            for name in NOT_ROOMS
            if there(app, name) or (ROOT / "taizhang" / app / name).exists()
        ]
        lines += ["layers =", *(f"    {layer}" for layer in kept if layer)]
        closed = [room for room in CLOSED if there(app, room)]
        if closed:
            lines += [
                "",
                f"[importlinter:contract:{app}-door]",
                f"name = Others may not import the outer rooms of {app}",
                "type = protected",
            ]
            lines += ["protected_modules =", *(f"    taizhang.{app}.{room}" for room in closed)]
            lines += ["allowed_importers =", f"    taizhang.{app}", "    taizhang.config"]
    return "\n".join(lines) + "\n"


def main() -> int:
    path = ROOT / ".importlinter"
    if "--check" in sys.argv:
        if path.read_text() != text():
            print(".importlinter is not current: run python -m tools.contracts", file=sys.stderr)
            return 1
        return 0
    path.write_text(text())
    return 0


if __name__ == "__main__":
    sys.exit(main())
