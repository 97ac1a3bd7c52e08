"""Sound and film: how long, and one frame that shows what it is about. Decoded by FFmpeg's libraries (PyAV)."""

import contextlib
import time
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageStat

from .. import libraries, pictures
from . import scans
from .told import Told, Unreadable

if TYPE_CHECKING:
    from .work import Asked

MIMES = (
    "video/mp4", "video/quicktime", "video/3gpp", "video/x-msvideo", "video/x-ms-wmv", "video/x-matroska", "video/webm",
    "video/x-flv", "video/mpeg", "audio/mpeg", "audio/mp4", "audio/aac", "audio/x-wav", "audio/amr", "audio/ogg",
)  # fmt: skip
POSTER = (640, 640)  # pixels: 640 wide, or high for a film held upright
PLACES = (0.1, 0.3, 0.5, 0.02, 0.8)  # of the length: where a frame is looked for, first the likeliest
DARK = 26.0  # of 255: the mean brightness of a frame that shows nothing
PLAIN = 6.0  # of 255: how uneven a frame is that shows nothing (one colour)
MOST_FRAMES = 300  # decoded in search of one
MOST_TIME = 30.0  # seconds for all of it
MOST_SIDE = 8192  # pixels
GUESSED = ("aac", "amr")  # without a note of its own: the library would estimate from the first second
ALONE = {
    "protocol_whitelist": "file",
    "format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,avi,asf,matroska,webm,flv,live_flv,mpeg,mpegvideo,mpegts,mp3,aac,wav,amr,ogg",
}
TEN_DAYS = 10 * 86400  # seconds: longer is a damaged note, not a film
BROKEN = "音像文件不完整或已损坏，打不开。文件已保存；请用播放软件打开看看，另存后换新版本。"
NO_LENGTH = ("no_length", "文件里没有写明时长，可能没有录完整。")
NO_FRAME = ("no_frame", "画面解不出来，没有封面。文件已保存，可以下载播放。")
EMPTY = "文件里没有声音也没有画面。文件已保存；请检查原文件后换新版本。"


def read(asked: "Asked") -> Told:
    """Length in seconds, a poster and a small copy of it for a film."""
    if not libraries.media():
        raise Unreadable("no_media", "本机没有装音像程序，时长没有读。文件已保存，可以下载播放。")
    import av  # noqa: PLC0415 -- slow import

    av.logging.set_level(None)
    told = Told("media")
    shown: Image.Image | None = None
    try:
        # what a file names outside itself (playlists, other files, addresses) is never followed
        with av.open(str(asked.path), options=ALONE, metadata_errors="replace") as film:
            if not film.streams.video and not film.streams.audio:
                raise Unreadable("empty", EMPTY)
            pictured = picture_stream(film)
            told.seconds = _length(film)
            if pictured is not None:
                shown = _poster(film, pictured, told.seconds)
                if shown is None:
                    told.warnings.append(NO_FRAME)
    except (av.error.FFmpegError, ValueError, OverflowError, EOFError, IndexError):
        raise Unreadable("broken", BROKEN) from None
    if told.seconds is None:
        told.warnings.append(NO_LENGTH)
    if shown is not None:
        _keep(told, shown, asked)
    return told


def picture_stream(film: Any) -> Any:
    """The first stream of moving pictures, or None: the cover of a song is none."""
    import av  # noqa: PLC0415 -- slow import

    cover = av.stream.Disposition.attached_pic
    return next((each for each in film.streams.video if not each.disposition & cover), None)


def _length(film: Any) -> int | None:
    """Seconds, at least 1 of whatever sounds at all; from the file's note, or counted packet by packet."""
    seconds = film.duration / 1_000_000 if film.duration else 0.0
    if not 0 < seconds < TEN_DAYS or film.format.name in GUESSED:
        seconds = _counted(film)
    return max(1, round(seconds)) if 0 < seconds < TEN_DAYS else None


def _counted(film: Any) -> float:
    """The end of the last packet; nothing is decoded. 0 where packets bear no time."""
    import av  # noqa: PLC0415 -- slow import

    began, last = time.monotonic(), 0.0
    first: float | None = None
    with contextlib.suppress(av.error.FFmpegError):  # the file ends in the middle: what is there counts
        for packet in film.demux():
            if packet.pts is None or packet.time_base is None:
                continue
            at = float(packet.pts * packet.time_base)
            first = at if first is None else min(first, at)
            last = max(last, at + float((packet.duration or 0) * packet.time_base))
            if time.monotonic() - began > MOST_TIME:
                return 0.0
    return last - (first or 0.0)


def _poster(film: Any, stream: Any, seconds: int | None) -> Image.Image | None:
    """A frame that is neither black nor of one colour; the best there is when all are."""
    began = time.monotonic()
    stream.thread_type = "AUTO"
    stream.codec_context.thread_count = scans.threads()
    best: tuple[float, Image.Image] | None = None
    for place in PLACES if seconds else (0.0,):
        found = _best_near(film, stream, place * (seconds or 0), began)
        if found is not None and (best is None or found[0] > best[0]):
            best = found
        if (best is not None and best[0] >= 1) or time.monotonic() - began > MOST_TIME:
            break
    return best[1] if best else None


def _best_near(film: Any, stream: Any, at: float, began: float) -> tuple[float, Image.Image] | None:
    """The first telling frame from AT seconds on, or the best of those that were decoded, with how telling it is."""
    import av  # noqa: PLC0415 -- slow import

    best: tuple[float, Image.Image] | None = None
    with contextlib.suppress(av.error.FFmpegError, ValueError):
        # to the key frame before; what cannot be searched is decoded from where it stands
        with contextlib.suppress(av.error.FFmpegError):
            film.seek(int(at * 1_000_000))
        for number, frame in enumerate(film.decode(stream)):
            if number % 5 == 0:
                image = _drawn(frame, stream)
                found = telling(image), image
                best = found if best is None or found[0] > best[0] else best
                if best[0] >= 1:
                    break
            if number > MOST_FRAMES or time.monotonic() - began > MOST_TIME:
                break
    return best


def _drawn(frame: Any, stream: Any) -> Image.Image:
    """A frame as it is shown: its dots made square, turned as the camera was held, not larger than the poster."""
    if max(frame.width, frame.height) > MOST_SIDE:
        raise ValueError
    aspect = float(stream.sample_aspect_ratio or 1)
    width = frame.width * (aspect if 0.1 < aspect < 10 else 1.0)
    scale = min(1.0, POSTER[0] / width, POSTER[1] / frame.height)
    small = frame.reformat(max(2, round(width * scale)), max(2, round(frame.height * scale)), "rgb24")
    image: Image.Image = small.to_image()
    turned = round(frame.rotation) % 360
    return image.rotate(turned, expand=True) if turned else image


def telling(image: Image.Image) -> float:
    """1 and more for a frame that shows something; less for a black one and for one of a single colour."""
    grey = ImageStat.Stat(image.convert("L"))
    return min(grey.mean[0] / DARK, grey.stddev[0] / PLAIN)


def _keep(told: Told, shown: Image.Image, asked: "Asked") -> None:
    for kind, box in (("poster", POSTER), ("thumbnail", pictures.THUMBNAIL)):
        path = asked.folder / f"{kind}.jpg"
        path.write_bytes(pictures.small(shown, box))
        told.made[kind] = str(path)
