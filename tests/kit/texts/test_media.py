"""Sound and film: length, a frame that shows something, and what is damaged told in words."""

from pathlib import Path

import pytest
from PIL import Image, ImageStat

from taizhang.kit.texts import media
from taizhang.kit.texts.told import Told, Unreadable

from .drawn import asked, film, sound

FILMS = [("mp4", "libx264"), ("mov", "mpeg4"), ("avi", "mpeg4"), ("mkv", "mpeg4"), ("wmv", "wmv2"), ("flv", "flv"),
         ("webm", "libvpx"), ("mpg", "mpeg2video"), ("3gp", "mpeg4")]  # fmt: skip
SOUNDS = [("mp3", "libmp3lame", None, 16000), ("wav", "pcm_s16le", None, 16000), ("m4a", "aac", "ipod", 16000), ("aac", "aac", "adts", 16000),
          ("amr", "libopencore_amrnb", None, 8000), ("ogg", "libopus", "ogg", 48000)]  # fmt: skip


def read(folder: Path, data: bytes) -> Told:
    return media.read(asked(folder, data, "video/mp4"))


@pytest.mark.parametrize(("ending", "codec"), FILMS)
def test_a_film_has_a_length_a_poster_and_a_small_copy(tmp_path: Path, ending: str, codec: str) -> None:
    data = film(tmp_path / f"made.{ending}", codec, seconds=5, black=1)
    told = read(tmp_path, data)
    assert told.seconds == 5 and told.kind == "media" and told.leaves == [] and told.warnings == []
    poster = Image.open(told.made["poster"])
    assert (
        poster.size == (320, 240) and ImageStat.Stat(poster.convert("L")).mean[0] > media.DARK
    )  # not the dark second
    assert Image.open(told.made["thumbnail"]).size == (320, 240)


@pytest.mark.parametrize(("ending", "codec", "kind", "rate"), SOUNDS)
def test_a_sound_has_a_length_only(
    tmp_path: Path, ending: str, codec: str, kind: str | None, rate: int
) -> None:
    told = read(tmp_path, sound(tmp_path / f"made.{ending}", codec, rate=rate, kind=kind))
    assert told.seconds == 7 and told.made == {} and told.warnings == []


def test_a_film_that_is_black_to_the_end_keeps_the_best_frame_there_is(tmp_path: Path) -> None:
    told = read(tmp_path, film(tmp_path / "made.mp4", "libx264", seconds=2, black=2))
    assert told.seconds == 2 and "poster" in told.made


def test_telling_frames() -> None:
    assert media.telling(Image.new("RGB", (20, 20), "black")) < 1
    assert media.telling(Image.new("RGB", (20, 20), "white")) < 1  # a flash
    assert media.telling(Image.linear_gradient("L").convert("RGB")) >= 1


@pytest.mark.parametrize("damage", ["half", "head", "zeros", "text"])
def test_damaged_ones_are_told(tmp_path: Path, damage: str) -> None:
    whole = film(tmp_path / "made.mp4", "libx264")
    data = {
        "half": whole[: len(whole) // 2],
        "head": whole[:64],
        "zeros": bytes(5000),
        "text": b"no film at all" * 50,
    }
    with pytest.raises(Unreadable) as told:
        read(tmp_path, data[damage])
    assert told.value.code == "broken" and "换新版本" in told.value.text


def test_a_film_cut_off_in_the_middle_is_shown_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = film(tmp_path / "made.mkv", "mpeg4", seconds=6)
    told = read(tmp_path, whole[: len(whole) * 2 // 3])
    assert told.seconds is not None and "poster" in told.made


def test_a_list_of_other_files_is_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "secret.mp4"
    film(other, "libx264")
    for listed in (
        f"#EXTM3U\n#EXTINF:6,\n{other}\n#EXT-X-ENDLIST\n",
        f"ffconcat version 1.0\nfile '{other}'\n",
    ):
        with pytest.raises(Unreadable):
            read(tmp_path, listed.encode())
