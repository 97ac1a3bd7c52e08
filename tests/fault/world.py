"""Run as a program in a TAIZHANG_HOME of its own: migrate, build the small city, log somebody in.

Prints one JSON line: the session cookie, the unit to deposit for, the person's name.
"""

import json
import os
import sys

import taizhang  # noqa: F401  SQLite is exchanged here, before Django is imported

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "taizhang.config.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.core.management import call_command  # noqa: E402

from taizhang.kit.sessions import SessionStore  # noqa: E402
from taizhang.org.models import User  # noqa: E402
from tests.people import city  # noqa: E402


def main(name: str) -> None:
    call_command("migrate", verbosity=0)
    user = User.objects.filter(person__name=name).first()
    if user is None:
        city()
        user = User.objects.get(person__name=name)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    unit = user.person.posts.exclude(role="member").get().unit
    print(json.dumps({"session": session.session_key, "unit": unit.pk, "person": user.person.name}))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "朱辉斌")
