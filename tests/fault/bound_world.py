"""Run as a program in a TAIZHANG_HOME of its own: migrate, a small ledger of 2020 with material to bind."""

import os

import taizhang  # noqa: F401  SQLite is exchanged here, before Django is imported

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "taizhang.config.settings")

import django

django.setup()

from datetime import date  # noqa: E402

from django.core.management import call_command  # noqa: E402

from taizhang.kit import clock  # noqa: E402
from tests.ledger.world import hand_out, world  # noqa: E402
from tests.people import city  # noqa: E402
from tests.reports import samples  # noqa: E402


def main() -> None:
    call_command("migrate", verbosity=0)
    with clock.on(date(2020, 1, 6)):
        w = world(city())
        hand_out(w)
    with clock.on(date(2020, 3, 10)):
        for at, code in enumerate(["1.1.1", "1.1.2", "1.1.3", "1.1.4", "1.2.2", "1.2.5"] * 3):
            slot = w.slot(code)
            samples.put(w, slot, samples.pdf(3, words=f"paper {at} "), f"文件{at}.pdf", "document")
            # made anew for the page, which takes a while
            picture = samples.picture(3000 + at, 4000, "#336699", "PNG")
            samples.put(w, slot, picture, f"照片{at}.png", "picture")


if __name__ == "__main__":
    main()
