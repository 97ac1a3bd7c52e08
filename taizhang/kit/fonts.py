"""Fonts of official documents, and what stands in for those that are not installed.

Word and WPS files name fonts of another system (仿宋_GB2312, 方正小标宋简体). A converter that knows no such font
takes any, often one of another script; told by name which to take, it prints what a reader expects.
"""

from pathlib import Path
from xml.sax.saxutils import escape

#: for each kind of letter the families that show it, best first; the last ones are what every installation has
SONG = ("FandolSong", "Noto Serif CJK SC", "Source Han Serif SC", "AR PL UMing CN")
FANG = ("FandolFang R", "FandolFang", *SONG)
KAI = ("FandolKai", "LXGW WenKai", "AR PL UKai CN", "AR PL UKai", *SONG)
HEI = ("Noto Sans CJK SC", "Source Han Sans SC", "FandolHei", "WenQuanYi Zen Hei")

#: the names under which documents ask for them
NAMES: dict[tuple[str, ...], tuple[str, ...]] = {
    FANG: ("仿宋_GB2312", "仿宋", "FangSong", "FangSong_GB2312", "STFangsong", "华文仿宋", "方正仿宋_GBK", "方正仿宋简体",
           "方正仿宋_GB2312"),
    KAI: ("楷体_GB2312", "楷体", "KaiTi", "KaiTi_GB2312", "STKaiti", "华文楷体", "方正楷体_GBK", "方正楷体简体",
          "方正楷体_GB2312"),
    HEI: ("黑体", "SimHei", "STHeiti", "华文黑体", "方正黑体_GBK", "方正黑体简体", "微软雅黑", "Microsoft YaHei", "等线",
          "DengXian", "幼圆", "YouYuan", "STXihei", "华文细黑"),
    SONG: ("宋体", "SimSun", "新宋体", "NSimSun", "STSong", "华文宋体", "STZhongsong", "华文中宋", "方正书宋_GBK",
           "SimSun-ExtB"),
}  # fmt: skip
#: heads and titles: the same letters as 宋体, heavy
TITLES = ("方正小标宋简体", "方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正大标宋简体", "小标宋体",
          "文星标宋", "长城小标宋体")  # fmt: skip


def configuration(cache: Path) -> str:
    """A fontconfig file: these names, then the machine's own settings; CACHE is a folder it may write to."""
    lines = [
        '<?xml version="1.0"?>',
        "<fontconfig>",
        f"<cachedir>{escape(str(cache))}</cachedir>",
    ]
    # before the machine's own rules: these add families of their own to a name, some of which are in the lists
    for families, names in NAMES.items():
        lines += [_alias(name, families) for name in names]
    lines += [_alias(name, SONG, bold=True) for name in TITLES]
    rest = "".join(f"<string>{family}</string>" for family in SONG)  # Chinese letters in a font that has none
    lines.append(
        f'<match target="pattern"><edit name="family" mode="append_last" binding="weak">{rest}</edit></match>'
    )
    lines.append('<include ignore_missing="yes">/etc/fonts/fonts.conf</include>')
    return "\n".join([*lines, "</fontconfig>", ""])


def _alias(name: str, families: tuple[str, ...], *, bold: bool = False) -> str:
    weight = '<edit name="weight" mode="assign" binding="same"><const>bold</const></edit>' if bold else ""
    instead = "".join(f"<string>{family}</string>" for family in families)
    return (
        f'<match target="pattern"><test name="family" qual="first"><string>{name}</string></test>'
        f'<edit name="family" mode="assign_replace" binding="same">{instead}</edit>{weight}</match>'
    )
