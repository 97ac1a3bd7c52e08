"""A site with the small city of the tests: 甲局 with a year of a campaign, 乙局 beside it. Run in the management shell."""

import json
from datetime import date

from django.contrib.auth.hashers import make_password

from taizhang.kit import clock
from taizhang.org.models import Person, User

from ..ledger.world import hand_out, world
from ..people import PASSWORD, city


def lay() -> None:
    """Everything, and people without an account; prints the account names by person."""
    people = city()
    with clock.on(date(2020, 1, 6)):
        made = world(people)
        hand_out(made)
    hashed = make_password(PASSWORD)
    for user in people.users.values():
        User.objects.filter(pk=user.pk).update(password=hashed)
    for at in range(3):
        Person(
            agency=people.units["甲局"], staff_no=f"NEW{at}", name=f"新来{'甲乙丙'[at]}", name_key=f"新来{'甲乙丙'[at]}", order=900 + at
        ).save()  # fmt: skip
    print(json.dumps({name: user.username for name, user in people.users.items()}, ensure_ascii=False))
