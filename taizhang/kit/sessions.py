"""Sessions as files that are named after the digest of their key.

Whoever reads the folder learns no key to come in with. What is known of a login elsewhere (org.Session) is the
digest too, so one login can be ended by taking its file away, and when it was last used is the file's own time: no
page view writes into the database, none asks it.
"""

import os
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends import file
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.exceptions import InvalidSessionKey


def digest(key: str) -> str:
    """SHA-256 of a session key, as 64 hexadecimal digits."""
    return sha256(key.encode()).hexdigest()


class SessionStore(file.SessionStore):
    """Django's own store of files; only their names differ."""

    def _key_to_file(self, session_key: Any = None) -> str:
        key = self._get_or_create_session_key() if session_key is None else session_key  # type: ignore[attr-defined]
        if not set(key) <= set(VALID_KEY_CHARS):
            raise InvalidSessionKey("Invalid characters in session key")
        return str(_path(digest(key)))

    @classmethod
    def clear_expired(cls) -> None:
        """Remove the files of sessions that have been idle for too long."""
        for path in Path(settings.SESSION_FILE_PATH).glob(f"{settings.SESSION_COOKIE_NAME}*"):
            try:
                if time.time() - path.stat().st_mtime > settings.SESSION_COOKIE_AGE:
                    path.unlink()
            except FileNotFoundError:  # ended at this very moment
                continue


def _path(key_hash: str) -> Path:
    return Path(settings.SESSION_FILE_PATH) / f"{settings.SESSION_COOKIE_NAME}{key_hash}"


def idle(key_hash: str) -> int | None:
    """For how many seconds the session has not been used; None when it is over."""
    try:
        age = time.time() - os.stat(_path(key_hash)).st_mtime
    except FileNotFoundError:
        return None
    return max(0, int(age)) if age <= settings.SESSION_COOKIE_AGE else None


def drop(key_hash: str) -> None:
    """End the session: its next request is that of a stranger."""
    _path(key_hash).unlink(missing_ok=True)
