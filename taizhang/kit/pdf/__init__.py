"""PDF files made of many others: typeset by typst, read by pikepdf, written page by page.

`work.answer` is a child's function (`kit.apart`): whatever of a stranger's is read is read there. `writer` keeps
nothing in memory that has been written, so a volume of ten thousand scans needs no more of it than one of ten.
"""

from .typeset import NoFont, families

__all__ = ["NoFont", "families"]
