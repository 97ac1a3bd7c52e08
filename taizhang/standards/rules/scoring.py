"""How the points of an indicator are earned: the six kinds of rule, and how they are read from words."""

from .scoring_kinds import (
    GUESS,
    KINDS,
    LABELS,
    LIKELY,
    SURE,
    USUAL_LEVELS,
    Count,
    Deduct,
    Grade,
    Json,
    Rate,
    Rule,
    Survey,
    YesNo,
    from_json,
    to_json,
)
from .scoring_words import read_rule

__all__ = [
    "GUESS",
    "KINDS",
    "LABELS",
    "LIKELY",
    "SURE",
    "USUAL_LEVELS",
    "Count",
    "Deduct",
    "Grade",
    "Json",
    "Rate",
    "Rule",
    "Survey",
    "YesNo",
    "from_json",
    "read_rule",
    "to_json",
]
