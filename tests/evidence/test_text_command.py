"""`taizhang text`: the same refusals and the same reader as the library; nothing is stored, not even a folder."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from taizhang.config import cli
from tests.kit.containers import container
from tests.kit.texts import made
from tests.kit.texts.test_bad import MACRO, pdf_with
from tests.kit.word import docx, p

from .samples import OLE, package

# in this process the settings are read already, and a command looks whether there is a database
pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parent.parent.parent
NOTICE = ["云泽市人民政府办公室文件", "云政办发〔2019〕5号", "关于加强文明创建工作的通知", "各县（区）人民政府：", made.BODY,
          "云泽市人民政府办公室", "2019年3月5日"]  # fmt: skip


def put(folder: Path, name: str, data: bytes) -> str:
    path = folder / name
    path.write_bytes(data)
    return str(path)


def test_a_formal_document_as_json(tmp_path: Path, capsys: Any) -> None:
    data = made.add(docx("".join(map(p, NOTICE))), MACRO)
    assert cli.main(["text", put(tmp_path, "通知.docx", data), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert list(told) == ["kind", "pages", "text", "doc_no", "issuer", "title", "date", "warnings"]
    assert (told["kind"], told["pages"], told["text"]) == ("docx", 1, "\n".join(NOTICE))
    assert (told["doc_no"], told["date"]) == ("云政办发〔2019〕5号", "2019-03-05")
    assert (told["issuer"], told["title"]) == ("云泽市人民政府办公室", "关于加强文明创建工作的通知")
    assert [one["code"] for one in told["warnings"]] == ["macro"] and "没有运行过" in told["warnings"][0][
        "text"
    ]


def test_the_text_alone(tmp_path: Path, capsys: Any) -> None:
    path = put(tmp_path, "a.txt", "第一行\n第二行".encode("gb18030"))
    assert cli.main(["text", path]) == 0
    assert capsys.readouterr().out == "第一行\n第二行\n"


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("空.txt", b"", "0 字节"),
        ("a.exe", b"MZ\x90", "程序文件"),
        ("图.svg", b"<svg/>", "矢量图"),
        ("a.zip", package("a.txt"), "压缩包"),
        ("锁.docx", OLE, "打开密码"),
        ("假.jpg", b"<html>", "网页"),
        (
            "锁.pdf",
            pdf_with(lambda one: None, encryption=pikepdf.Encryption(user="a", owner="b")),
            "打开密码",
        ),
        ("坏.xls", container({"Workbook": b"rubbish" * 90}), "不完整或已损坏"),
        ("断.docx", b"PK\x03\x04" + b"\x00" * 99, "不完整"),
        ("密.txt", "机密★1年\n关于某事的通知".encode(), "密级"),
        ("秘密★三年.txt", b"x", "密级"),
    ],
)
def test_refused_in_one_line(tmp_path: Path, capsys: Any, name: str, data: bytes, words: str) -> None:
    assert cli.main(["text", put(tmp_path, name, data), "--json"]) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1 and words in said.err
    assert "文件已保存" not in said.err and "换新版本" not in said.err


def test_what_is_no_file(tmp_path: Path, capsys: Any, settings: Any) -> None:
    assert cli.main(["text", str(tmp_path)]) == 2 and "文件夹" in capsys.readouterr().err
    assert cli.main(["text", str(tmp_path / "没有.pdf")]) == 2 and "找不到文件" in capsys.readouterr().err
    settings.UPLOAD_MAX_BYTES = 3
    assert cli.main(["text", put(tmp_path, "a.txt", b"abcd")]) == 2 and "超过" in capsys.readouterr().err


def test_it_makes_no_folder_and_no_database(tmp_path: Path) -> None:
    path = put(tmp_path, "a.docx", docx(p("字")))
    home = tmp_path / "home"
    done = subprocess.run(
        [sys.executable, "-m", "taizhang.config.cli", "text", path, "--json"], cwd=ROOT, capture_output=True,
        env=os.environ | {"TAIZHANG_HOME": str(home), "TAIZHANG_OCR": "0"},
    )  # fmt: skip
    assert done.returncode == 0 and json.loads(done.stdout)["text"] == "字"
    assert not home.exists() and sorted(one.name for one in tmp_path.iterdir()) == ["a.docx"]
