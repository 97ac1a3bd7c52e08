"""PDFs that the same input makes the same: no day, no number of the moment."""

import io

import pikepdf

from .told import Unreadable

DATED = ("/CreationDate", "/ModDate", "/Producer", "/Creator")


def pdf(data: bytes) -> bytes:
    """DATA, a PDF that a converter made, without what differs from one conversion to the next; nothing in it runs."""
    out = io.BytesIO()
    try:
        with pikepdf.open(io.BytesIO(data)) as made:
            for key in DATED:
                if key in made.docinfo:
                    del made.docinfo[key]
            for key in ("/Metadata", "/OpenAction", "/AA", "/Names"):
                if key in made.Root:
                    del made.Root[key]
            for key in ("/DocChecksum", "/ID"):  # a new number is made from the bytes
                if key in made.trailer:
                    del made.trailer[key]
            made.save(
                out,
                deterministic_id=True,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                linearize=False,
            )
    except pikepdf.PdfError as error:
        raise Unreadable("broken", "排出的页面有错，没有留下。可以下载原件查看。") from error
    return out.getvalue()
