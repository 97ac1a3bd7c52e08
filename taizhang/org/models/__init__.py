from .absences import Absence, AbsenceKind, Secondment
from .accounts import Session, User
from .contacts import Contact, ContactKind, Visit
from .groups import Adjustment, Cover, Duty, Group, Rhythm
from .people import Deputy, Membership, Person, Post
from .serials import Once, Serial
from .units import FormerName, Unit

__all__ = [
    "Absence", "AbsenceKind", "Adjustment", "Contact", "ContactKind", "Cover", "Deputy", "Duty", "FormerName", "Group",
    "Membership", "Once", "Person", "Post", "Rhythm", "Secondment", "Serial", "Session", "Unit", "User", "Visit",
]  # fmt: skip
