from .asks import AsksOnDesk, asks_on_desk
from .mine import Desk, Group, Row, desk_of, passable
from .rail import Rail, rail_of
from .start import Start, start_of

__all__ = [
    "AsksOnDesk",
    "asks_on_desk",
    "Desk",
    "Group",
    "Rail",
    "Row",
    "Start",
    "desk_of",
    "passable",
    "rail_of",
    "start_of",
]
