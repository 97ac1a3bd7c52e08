"""The style of the house, guarded: what a reviewer would otherwise have to see every time."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = [path for path in sorted((ROOT / "taizhang").rglob("*.py")) if "migrations" not in path.parts]
TEMPLATES = sorted((ROOT / "taizhang").rglob("*.html"))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", CODE, ids=name)
def test_a_file_is_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400, "make it a folder of the same name, one file per noun"


def test_rules_know_nobody() -> None:
    """No ORM, no request, no clock in a rule."""
    for path in CODE:
        if "rules" not in path.parts and path.name != "rules.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            modules = (
                [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else [one.name for one in node.names]
                if isinstance(node, ast.Import)
                else []
            )
            for module in modules:
                assert not module.startswith("django") and "models" not in module.split("."), (
                    f"{name(path)} imports {module}"
                )
        assert not re.search(r"\bdate\.today\(|\bdatetime\.now\(|\bclock\.(today|now)\(", path.read_text()), (
            name(path)
        )


def test_records_are_set_by_change_only() -> None:
    """`save`, `update`, `create` and `delete` belong to record.py, the serials and the journal."""
    allowed = {"org/record.py", "org/action.py", "org/models/accounts.py", "journal/actions.py"}
    wrong = re.compile(
        r"\.save\((\)|force_insert|update_fields)|objects\.create\(|\.bulk_create\(|\.bulk_update\(|\.delete\(\)|objects\.(filter\(.*\)\.)?update\("
    )
    for path in CODE:
        inside = str(path.relative_to(ROOT / "taizhang"))
        if inside in allowed or "management" in path.parts:
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if wrong.search(line) and "# not a record:" not in line:
                pytest.fail(f"{inside}:{number}: {line.strip()}")


def test_every_action_has_its_label_beside_the_verb() -> None:
    """The name in the journal is app.verb, and the verb is the function's own name."""
    for path in CODE:
        app = path.relative_to(ROOT / "taizhang").parts[0]
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.FunctionDef):
                continue
            for mark in node.decorator_list:
                if (
                    isinstance(mark, ast.Call)
                    and isinstance(mark.func, ast.Name)
                    and mark.func.id == "action"
                ):
                    said = ast.literal_eval(mark.args[0])
                    assert said == f"{app}.{node.name.lstrip('_')}", f"{name(path)}: {said} is {node.name}"


def test_no_template_asks_for_a_role_or_runs_a_script() -> None:
    for path in TEMPLATES:
        text = path.read_text()
        assert not re.search(r"\brole\s*==|is_superuser|is_staff", text), name(path)
        assert not re.search(r"<script(?![^>]*(src=|type=\"application/json\"))", text), (
            f"{name(path)}: inline script"
        )
        assert not re.search(r"\son[a-z]+=\"", text), f"{name(path)}: inline handler"
        assert not re.search(r"https?://(?!www\.w3\.org)", text), f"{name(path)}: an address outside"


def test_no_english_on_screen() -> None:
    """Words between tags are Chinese; names of formats and units may stay."""
    format_names = {
        "Excel",
        "PDF",
        "Word",
        "CSV",
        "SM",
        "SHA",
        "MB",
        "KB",
        "XLSX",
        "JSON",
        "AB",
        "A",
        "B",
        "C",
        "D",
        "xlsx",
        "csv",
        "px",
        "IP",
        "GB",
        "T",
        "JPG",
        "PNG",
        "jpg",
        "png",
        "pdf",
        "docx",
        "doc",
        "http",
        "https",
        "UTF",
        "ISO",
        "Ctrl",
        "No",
        "V",
        "SQLite",
    }
    for path in TEMPLATES:
        text = re.sub(
            r"{#.*?#}|{%.*?%}|{{.*?}}|<!--.*?-->|<(script|style|svg|symbol).*?</\1>|<!doctype[^>]*>",
            " ",
            path.read_text(),
            flags=re.S | re.I,
        )
        text = re.sub(
            r"<[^>]*>|\b[a-z-]+=\"[^\"]*\"", " ", text
        )  # tags, and attributes that a block puts into one
        text = re.sub(r"&[a-z]+;", " ", text)
        for word in re.findall(r"[A-Za-z]{2,}", text):
            assert word in format_names, f"{name(path)}: {word}"


def test_contracts_are_current() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tools.contracts", "--check"], cwd=ROOT, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr


def test_nothing_is_left_unfinished() -> None:
    marks = re.compile(
        "TO" + "DO|FIX" + "ME|敬请" + "期待|开发" + "中|暂未" + "实现|raise NotImplemented" + "Error"
    )
    for path in [*CODE, *TEMPLATES]:
        assert not marks.search(path.read_text()), name(path)


def test_locks_name_no_registry() -> None:
    for path in ROOT.glob("requirements*.lock"):
        assert "http" not in path.read_text(), path.name
    assert '"resolved"' not in (ROOT / "frontend" / "package-lock.json").read_text()
