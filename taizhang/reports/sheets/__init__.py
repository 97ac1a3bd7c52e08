"""What is made: a volume, a folder, an album; out of parts that are made for each item and kept until it is done."""

from .album import make_album
from .folder import make_folder
from .parts import Desk, Stopped
from .volume import make_volume

__all__ = ["Desk", "Stopped", "make_album", "make_folder", "make_volume"]
