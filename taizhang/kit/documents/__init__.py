"""Documents in: bytes of a Word or PDF file -> Document, paragraphs and tables in their printed order.

Nothing here knows of sheets; `kit.tables.from_document` lays a Document out as a Book.
"""

from .blocks import Document, Paragraph, Table

__all__ = ["Document", "Paragraph", "Table"]
