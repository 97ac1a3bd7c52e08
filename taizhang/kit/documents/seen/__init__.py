"""Pages that are only pictures: recognised once, page by page, in a process of their own; then laid out like text.

work.py (the child: picture -> places of rules and texts; straight, rules, pieces) -> glyphs.py (as pdf/pages.py tells of a page
with text) -> pdf/layout.py and what follows -> doubts.py (what was not certain). ask.py starts the child.

Lines are found on the whole page at once and parted at the rules, not cell by cell: one detection a page instead of
hundreds. What it overlooks in a cell (a single figure) is seen by its ink, and a column one letter wide is read as a line.
"""
