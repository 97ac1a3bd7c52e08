"""What stands in a file of any kind: text by pages, and what else its bytes say. Runs in a child (`kit.apart`).

`answer` is the child's function. It looks at the bytes only, never at a database, and asks no network.
"""

from .told import Leaf, Told, Unreadable
from .work import answer

__all__ = ["Leaf", "Told", "Unreadable", "answer"]
