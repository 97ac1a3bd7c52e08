from .accounts import User
from .groups import Cover, Duty, Group, Rhythm
from .people import Deputy, Membership, Person, Post
from .serials import Once, Serial
from .units import Unit

__all__ = [
    "Cover", "Deputy", "Duty", "Group", "Membership", "Once", "Person", "Post", "Rhythm", "Serial", "Unit", "User",
]  # fmt: skip
