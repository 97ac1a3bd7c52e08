"""`taizhang doctor`: whether the machine is fit."""

import argparse
import platform
import shutil
import subprocess
from typing import Any

import django
from django.conf import settings
from django.db import connection

from taizhang import __version__
from taizhang.campaigns.queries import calendar
from taizhang.evidence.queries import unindexed
from taizhang.kit import clock, libraries
from taizhang.kit.documents import office
from taizhang.kit.sqlite import safety

from .beat import EVERY, age
from .cli import show
from .serve import pending_migrations

READS = {"ocr": "文字识别", "media": "音像"}
PROGRAMS = {"antiword": "antiword", "libreoffice": "LibreOffice"}


def register(sub: Any) -> None:
    doctor = sub.add_parser("doctor", help="检查运行环境")
    doctor.add_argument("--json", action="store_true")
    doctor.set_defaults(run=run_doctor)


def _fonts() -> int:
    """How many Chinese fonts the machine has; 0 without fontconfig."""
    try:
        listed = subprocess.run(
            ["fc-list", ":lang=zh", "family"], capture_output=True, text=True, timeout=20
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return 0
    return len({line for line in listed.splitlines() if line})


def _programs() -> tuple[dict[str, str | None], list[str]]:
    """Versions of the programs that read old documents (None = not there), and what cannot be read without them."""
    paths = {"antiword": office.antiword(), "libreoffice": office.libreoffice()}
    found = {name: (office.version(path) or "版本不明") if path else None for name, path in paths.items()}
    if paths["libreoffice"]:
        return found, []
    lacking = (
        "没有 LibreOffice：旧版 .doc 由 antiword 读取（合并和编号可能不全），旧版 WPS（.wps、.et）、.rtf、.odt、.ods 读不了"
        if paths["antiword"]
        else "没有 LibreOffice，也没有 antiword：旧版 .doc、旧版 WPS（.wps、.et）、.rtf、.odt、.ods 读不了"
    )
    return found, [f"{lacking}；可另存为 .docx 或 .xlsx 再导入，或安装 LibreOffice"]


def _reading() -> tuple[dict[str, str | None], list[str]]:
    """Versions of what reads pictures and films (None = not there), and what is not read without them."""
    found = {"ocr": libraries.ocr() or None, "media": libraries.media() or None}
    lines = []
    if not found["ocr"]:
        lines.append("没有文字识别程序（rapidocr、onnxruntime）：照片和扫描件只保存，里面的文字查不到")
    elif not settings.READS_PICTURES:
        lines.append("图像识别已关闭（TAIZHANG_OCR=0）：照片和扫描件只保存，里面的文字查不到")
    if not found["media"]:
        lines.append("没有音像程序（av）：音像材料没有时长和封面")
    return found, lines


def run_doctor(args: argparse.Namespace) -> int:
    """Versions, SQLite safety, disk, fonts, worker, migrations, holiday table, index of words, readers of old documents."""
    disk = shutil.disk_usage(settings.HOME)
    beat = age()
    pending = pending_migrations()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check")
        sound = cursor.fetchone()[0] == "ok"
    fonts = _fonts()
    problems = []
    if not safety.is_safe():
        problems.append(f"SQLite {safety.version()} 在多进程写入时可能丢失数据，请安装 pysqlite3")
    if not sound:
        problems.append("数据库文件有损坏，请停止使用并从备份恢复")
    if disk.free < 2 * 2**30:
        problems.append(f"磁盘只剩 {disk.free // 2**20} MB，请清理")
    if pending:
        problems.append(f"数据库有 {pending} 处升级没有执行，请运行 taizhang prepare")
    if beat is None or beat > 4 * EVERY:
        problems.append("后台任务进程没有运行，缩略图等会推迟，请运行 taizhang up")
    if not fonts:
        problems.append("本机没有中文字体，服务器上生成的图片会缺字，请安装 fonts-noto-cjk")
    year = clock.today().year
    if not pending and not calendar().known(year):
        problems.append(f"没有 {year} 年的节假日表，暂按双休计算，请在“创建设置—节假日”导入")
    lacking = 0 if pending else unindexed().number
    if lacking:
        problems.append(f"有 {lacking} 处材料没有编入检索，查不到，请运行 taizhang evidence reindex")
    programs, unread = _programs()
    reading, unread_pictures = _reading()
    result = {
        "ok": not problems,
        "versions": {
            "taizhang": __version__, "python": platform.python_version(), "django": django.get_version(),
            "sqlite": safety.version(),
        },
        "sqlite_safe": safety.is_safe(), "database_sound": sound, "disk_free": disk.free, "fonts": fonts,
        "worker_seconds": None if beat is None else round(beat), "migrations_pending": pending, "unindexed": lacking, "problems": problems,
        "programs": programs, "unread": unread + unread_pictures, "reading": reading, "reads_pictures": settings.READS_PICTURES,
    }  # fmt: skip
    if args.json:
        show(result)
    else:
        print("\n".join(problems) or "运行环境正常。")
        print(
            "读旧版文档的程序："
            + "；".join(f"{PROGRAMS[name]} {one or '没有安装'}" for name, one in programs.items())
        )
        print(
            "读图片和音像的程序："
            + "；".join(f"{READS[name]} {one or '没有安装'}" for name, one in reading.items())
            + f"；中文字体 {fonts} 种"
        )
        for line in unread + unread_pictures:
            print(line)
    return 0
