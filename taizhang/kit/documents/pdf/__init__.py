"""PDF with a text layer in: bytes -> Document.

pages.py (a process of its own) -> layout (grid, text) -> sides, furniture -> flow (columns, joins) -> Document.

The path not taken: pdfplumber (MIT). On 48 pages with a ruled table of 320 rows it took 3.4 s of processor time, on 38
pages with 300 rows 1.7 s, for tables page by page; this folder 0.7 s and 1.1 s for the whole document on the same
idle machine. With the rest of `standard read` the first would not have kept 5 s, and the joining of pages, cells and
lines, most of what is here, is needed with either; it would also have brought cryptography and pdfminer.
"""

from .read import read_pdf

__all__ = ["read_pdf"]
