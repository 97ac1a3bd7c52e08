"""Pages that are only pictures: recognised once, page by page, in a process of their own; then laid out like text.

work.py (the child: picture -> places of rules and texts; rules, pieces) -> glyphs.py (as pdf/pages.py tells of a page
with text) -> pdf/layout.py and what follows -> doubts.py (what was not certain). ask.py starts the child.

The path not taken: each cell cut out and read by the whole reader. It takes a detection for every cell, five times the
time of one for the page; lines found on the whole page and parted at the rules are read just as well, and what the
detection overlooks in a cell (a single figure) is seen by its ink.
"""
