"""What reads pictures and films is asked for without being loaded; `taizhang doctor` says what is missing."""

import subprocess
import sys
from importlib.metadata import version
from typing import Any

import pytest

from taizhang.config import checks
from taizhang.kit import libraries


def test_versions_are_told_and_nothing_is_loaded() -> None:
    assert libraries.ocr() == version("rapidocr") and libraries.media() == version("av")
    code = (
        "import sys; from taizhang.kit import libraries; libraries.ocr(), libraries.media(); "
        "print(sorted({'rapidocr', 'onnxruntime', 'cv2', 'numpy', 'av'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


def test_a_missing_model_counts_as_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries, "MODELS", ("no-such-model.onnx",))
    assert libraries.ocr() == ""


def test_the_doctor_says_what_is_not_read(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.READS_PICTURES = True
    assert checks._reading() == ({"ocr": libraries.ocr(), "media": libraries.media()}, [])
    settings.READS_PICTURES = False
    assert "TAIZHANG_OCR=0" in checks._reading()[1][0]
    monkeypatch.setattr(libraries, "MODELS", ("no-such-model.onnx",))
    found, lines = checks._reading()
    assert found["ocr"] is None and "没有文字识别程序" in lines[0]
