"""Pictures, scans and films for the tests, made on the spot."""

import io
import random
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import av
import numpy
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from taizhang.kit.texts.work import Asked

TITLE = "关于开展职工读书活动的通知"
BODY = (
    "各科室：为丰富职工文化生活，营造多读书、读好书的氛围，经局党组研究，决定在全局开展职工读书活动，现将有关事项通知如下。",
    "一、活动内容。每人每月读一本书，每季度交一篇读后感，由机关党委汇总后在宣传栏展示。鼓励大家利用午休时间到图书角借阅，"
    "借书要登记，还书要爱护。图书角由工会负责管理，每周三下午开放，新书由各科室推荐，工会统一购买。",
    "二、时间安排。活动从五月开始，到十一月结束。六月底前举办一次读书交流会，每个科室推选一名代表发言，时间不超过八分钟。"
    "九月举办一次经典诵读比赛，评出一等奖一名、二等奖三名、三等奖五名，由局长颁奖。",
    "三、有关要求。各科室要高度重视，指定专人负责，做好签到、照片和记录，活动结束后三天内把材料交到创建办公室。"
    "交来的照片要写清时间、地点、人物和主题，缺少说明的不予登记。",
)
MARGIN, WIDTH = 28 / 210, 156 / 210  # of the page's width: as official documents are set


@cache
def font_path(family: str = "Noto Serif CJK SC") -> str:
    """A Chinese font of this machine; the test is skipped, in words, where there is none."""
    try:
        found = subprocess.run(
            ["fc-match", "-f", "%{file}\t%{lang}\t%{index}", f"{family}:lang=zh-cn"],
            capture_output=True,
            text=True,
        ).stdout.split("\t")
    except OSError:
        pytest.skip("没有 fontconfig，找不到中文字体")
    if len(found) < 3 or "zh-cn" not in found[1]:
        pytest.skip("本机没有中文字体，画不出要识别的字")
    return f"{found[0]}#{found[2]}"


def font(size: int) -> ImageFont.FreeTypeFont:
    path, _, index = font_path().partition("#")
    return ImageFont.truetype(path, size, index=int(index) & 0xFFFF)


def page(dots: int = 200) -> Image.Image:
    """An A4 page of an official document with some 330 letters, DOTS an inch."""
    width, height = round(8.27 * dots), round(11.69 * dots)
    image = Image.new("RGB", (width, height), "white")
    pen, point = ImageDraw.Draw(image), dots / 72
    y, title, text = height * 37 / 297, font(round(22 * point)), font(round(16 * point))
    pen.text(((width - pen.textlength(TITLE, font=title)) / 2, y), TITLE, font=title, fill="black")
    y += 60 * point
    for paragraph in BODY:
        said = "　　" + paragraph
        for at in range(0, len(said), 28):
            pen.text((width * MARGIN, y), said[at : at + 28], font=text, fill="black")
            y += 28.95 * point
    return image


def scanned(image: Image.Image) -> Image.Image:
    """As an office scanner hands it over: a little askew, grey paper, grain, saved as JPEG."""
    image = image.convert("L").rotate(1.1, Image.Resampling.BICUBIC, fillcolor=255)
    grain = numpy.random.default_rng(7).normal(0, 9, (image.height, image.width))
    dots = numpy.clip(numpy.asarray(image, dtype="float32") * 0.9 + 8 + grain, 0, 255).astype("uint8")
    out = io.BytesIO()
    Image.fromarray(dots).filter(ImageFilter.GaussianBlur(0.6)).save(out, "JPEG", quality=60)
    return Image.open(io.BytesIO(out.getvalue())).convert("RGB")


def banner(words: str = "道德讲堂第三期开讲仪式") -> Image.Image:
    """A photograph of a hall: noise and heads below, a red banner with yellow letters above."""
    image = Image.effect_noise((1600, 1200), 50).convert("RGB")
    pen = ImageDraw.Draw(image)
    pen.rectangle((80, 140, 1520, 330), fill=(190, 25, 25))
    large = font(110)
    pen.text(((1600 - pen.textlength(words, font=large)) / 2, 165), words, font=large, fill=(250, 225, 70))
    chance = random.Random(3)
    for _ in range(120):
        x, y = chance.randrange(1600), chance.randrange(500, 1200)
        pen.ellipse((x, y, x + 60, y + 75), fill=tuple(chance.randrange(30, 200) for _ in range(3)))
    return image


def scene(seed: int, width: int = 800, height: int = 600) -> Image.Image:
    """A picture of coloured shapes: each SEED another one."""
    chance = random.Random(seed)

    def colour() -> tuple[int, ...]:
        return tuple(chance.randrange(40, 220) for _ in range(3))

    image = Image.new("RGB", (800, 600), colour())
    pen = ImageDraw.Draw(image)
    for _ in range(25):
        x, y, side = chance.randrange(800), chance.randrange(600), chance.randrange(30, 260)
        box = (x, y, x + side, y + round(side * chance.uniform(0.4, 1.6)))
        (pen.ellipse if chance.random() < 0.5 else pen.rectangle)(box, fill=colour())
    return image.filter(ImageFilter.GaussianBlur(2)).resize((width, height))


def jpeg(image: Image.Image, quality: int = 85, **more: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, **more)
    return out.getvalue()


def asked(folder: Path, data: bytes, mime: str, **more: Any) -> Asked:
    """A question about DATA."""
    path = folder / "asked"
    path.write_bytes(data)
    return Asked(path, "名字", mime, folder, **more)


def film(path: Path, codec: str, seconds: int = 5, black: int = 0, kind: str | None = None) -> bytes:
    """A film of a moving colour fade, its first BLACK seconds dark."""
    with av.open(str(path), "w", format=kind) as made:
        stream: Any = made.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for at in range(seconds * 10):
            dots = numpy.zeros((240, 320, 3), "uint8")
            if at >= black * 10:
                dots[:, :, 0] = numpy.linspace(0, 255, 320)[None, :]
                dots[:, :, 1] = numpy.linspace(255, 0, 240)[:, None]
                dots[:, :, 2] = at * 2 % 256
            for packet in stream.encode(av.VideoFrame.from_ndarray(dots, format="rgb24")):
                made.mux(packet)
        for packet in stream.encode():
            made.mux(packet)
    return path.read_bytes()


def sound(path: Path, codec: str, seconds: int = 7, rate: int = 16000, kind: str | None = None) -> bytes:
    """A tone."""
    with av.open(str(path), "w", format=kind) as made:
        stream: Any = made.add_stream(codec, rate=rate, layout="mono")
        shaped = av.AudioResampler(format=stream.format, layout="mono", rate=rate)
        for at in range(0, rate * seconds, 1024):
            size = min(1024, rate * seconds - at)
            tone = (numpy.sin(numpy.arange(at, at + size) / 20) * 8000).astype("int16")[None, :]
            frame = av.AudioFrame.from_ndarray(tone, format="s16", layout="mono")
            frame.sample_rate, frame.pts = rate, at
            for piece in shaped.resample(frame):
                for packet in stream.encode(piece):
                    made.mux(packet)
        for packet in stream.encode():
            made.mux(packet)
    return path.read_bytes()
