"""How a reading goes on: which reader, how long, how often, what it comes to."""

#: of the readers as a whole; a reading made by an older one is made anew in the background
VERSION = 1
MOST_TRIES = 3  # a file that ends the reading child each time is left alone after so many
SECONDS = 90  # for one answer: a document, or some pages of a scan

FAULTS = {
    "time": "读了太久没有读完，已停下。文件已保存，可以下载查看。",
    "memory": "文件展开后太大，没有读。文件已保存，可以下载查看。",
    "crash": "文件不完整或已损坏，读不出来。文件已保存；请用原软件打开看看，另存后换新版本。",
}


def letters_in(text: str) -> int:
    """How many characters TEXT has, blanks not counted."""
    return len("".join(text.split()))
