"""Which of the large libraries are installed: asked without loading them, which costs seconds."""

from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

#: they come with the library; they are never fetched
MODELS = ("PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx", "ch_ppocr_mobile_v2.0_cls_mobile.onnx")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def ocr() -> str:
    """The version of what reads text in pictures (RapidOCR with its models and runtime), "" where something is missing."""
    found = find_spec("rapidocr")
    if found is None or found.origin is None or not _version("onnxruntime"):
        return ""
    models = Path(found.origin).parent / "models"
    return _version("rapidocr") if all((models / name).exists() for name in MODELS) else ""


def media() -> str:
    """The version of what decodes sound and film (PyAV), "" where it is missing."""
    return _version("av")
