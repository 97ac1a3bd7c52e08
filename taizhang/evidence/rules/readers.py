"""How a reading goes on: which reader, how long, how often, what it comes to."""

#: of the readers as a whole; a reading made by an older one is made anew in the background
VERSION = 1
#: kinds that got their reader later: what was told unreadable before is looked at once more
LATER = {"image/heic": 2}
MOST_TRIES = 3  # a file that ends the reading child each time is left alone after so many
SECONDS = 90  # for one answer: a document, or some pages of a scan
TURN = 60  # seconds; then a thick scan goes to the end of the queue, and on from there
SECONDS_DRAW = 20  # for one page drawn
OFF = "ocr_off"  # the warning of a picture that was not read because reading pictures is switched off

FAULTS = {
    "time": "读了太久没有读完，已停下。文件已保存，可以下载查看。",
    "memory": "文件展开后太大，没有读。文件已保存，可以下载查看。",
    "crash": "文件不完整或已损坏，读不出来。文件已保存；请用原软件打开看看，另存后换新版本。",
}


def version_for(mime: str) -> int:
    """Of the reader that reads files of this kind."""
    return LATER.get(mime, VERSION)


def letters_in(text: str) -> int:
    """How many characters TEXT has, blanks not counted."""
    return len("".join(text.split()))


def duration(seconds: int) -> str:
    """As people say it: 2 分 13 秒, 1 小时 5 分."""
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    said = [(hours, "小时"), (minutes, "分"), (0 if hours else rest, "秒")]
    return " ".join(f"{number} {word}" for number, word in said if number) or "不到 1 秒"
