"""How a piece of evidence goes into a volume, by what its file is."""

from taizhang.kit.flow import State


class Body(State):
    PDF = "pdf", "按原页装入"
    FACE = "face", "排成页面装入"  # office files, texts
    PICTURE = "picture", "每页一张"
    SCAN = "scan", "整页图像"  # a picture of a document
    MEDIA = "media", "登记一页"
    LINK = "link", "登记一页"
    NONE = "none", "不能装入"


_OFFICE = ("msword", "ms-excel", "ms-powerpoint", "officedocument", "opendocument", "rtf", "ofd")
PICTURES = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "image/tiff", "image/heic")
#: parts of A4's own proportion: a picture put down as a document that differs by no more is a scanned sheet
A4_NEAR = 0.06


def body_of(kind: str, mime: str, url: str) -> Body:
    """KIND as the clerk put it down (ledger and library), MIME as the bytes say."""
    if not mime:
        return Body.LINK if url else Body.NONE
    if mime == "application/pdf":
        return Body.PDF
    if mime in PICTURES:
        return Body.PICTURE if kind in ("picture", "other", "media") else Body.SCAN
    if mime.startswith(("audio/", "video/")):
        return Body.MEDIA
    if (
        mime.startswith("text/")
        or any(word in mime for word in _OFFICE)
        or mime in ("message/rfc822", "multipart/related")
    ):
        return Body.FACE
    return Body.NONE


FAULTS = {
    "locked": "PDF 设有打开密码，没有装入。请去掉密码后换新版本，再装订一次。",
    "broken": "文件不完整或已损坏，没有装入。请用原软件打开看看，另存后换新版本，再装订一次。",
    "empty": "PDF 里没有一页，没有装入。请核对文件后换新版本。",
    "long": "PDF 超过 5000 页，没有装入。请拆成几份后再存。",
    "time": "文件处理太久，没有装入。请另存为 PDF 后换新版本，再装订一次。",
    "memory": "文件展开后太大，没有装入。请另存为 PDF 后换新版本，再装订一次。",
    "crash": "文件不完整或已损坏，没有装入。请用原软件打开看看，另存后换新版本，再装订一次。",
    "torn": "PDF 里有页面画不出来，没有装入。请用原软件另存为 PDF 后换新版本，再装订一次。",
    "other": "这种文件排不成页面，没有装入；原件可在材料库下载，材料夹里有。",
    "none": "材料没有文件，没有装入。请在材料库核对。",
}


def seconds_said(seconds: int | None) -> str:
    """3725 → 1 小时 2 分 5 秒."""
    if not seconds:
        return ""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    return "".join(
        part
        for part, count in ((f"{hours} 小时 ", hours), (f"{minutes} 分 ", minutes), (f"{left} 秒", left))
        if count
    ).strip()
