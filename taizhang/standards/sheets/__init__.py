"""Tables in: a file of an assessment standard -> Reading."""

from .read import read

__all__ = ["read"]
