"""What the leaves of an edition say, for ranking a text against them."""

from collections import defaultdict

from ..models import Edition, Indicator, Requirement
from ..rules.ranking import Wanted


def wanted_of(edition: Edition) -> tuple[list[Wanted], dict[int, tuple[str, str]]]:
    """Each leaf as `Wanted`, and its code and title by id; two queries."""
    rows = list(
        Indicator.objects.filter(edition=edition)
        .order_by("order")
        .values_list("pk", "parent_id", "is_leaf", "code", "title", "requirement")
    )
    titles = {pk: (parent, title) for pk, parent, _, _, title, _ in rows}
    needs: dict[int, list[str]] = defaultdict(list)
    asked = Requirement.objects.filter(indicator__edition=edition).order_by("order")
    for indicator, name in asked.values_list("indicator_id", "name"):
        needs[indicator].append(name)
    wanted: list[Wanted] = []
    named: dict[int, tuple[str, str]] = {}
    for pk, parent, is_leaf, code, title, requirement in rows:
        if not is_leaf:
            continue
        above = []
        while parent is not None:
            parent, words = titles[parent]
            above.append(words)
        wanted.append(Wanted(pk, title, requirement, tuple(needs[pk]), " ".join(above)))
        named[pk] = (code, title)
    return wanted, named
