"""The login. What a person may do comes from posts, never from the account."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from ..record import Record


class Users(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.select_related("person", "person__agency").get(username=username)


class User(AbstractBaseUser, Record):
    """An account; `is_system` is the command line of this machine, which nobody can log in as."""

    username = models.CharField("账号", max_length=60, unique=True)
    is_active = models.BooleanField("启用", default=True)
    is_system = models.BooleanField(default=False)
    must_change = models.BooleanField("下次登录须改密码", default=True)

    USERNAME_FIELD = "username"
    objects = Users()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_system"], condition=models.Q(is_system=True), name="one_system_user"
            )
        ]

    def __str__(self) -> str:
        person = getattr(self, "person", None)
        return person.name if person else "系统" if self.is_system else self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Django's own login writes last_login and re-hashed passwords; all else comes through change()
        super().save(*args, **kwargs)


class Session(models.Model):
    """A login that may still be open: which browser, from where, last seen when. Not a Record: it is no business.

    The session itself is a file (settings.SESSION_ENGINE); ending the row ends the session at its next request.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="sessions")
    key_hash = models.CharField(
        max_length=64, unique=True
    )  # SHA-256 of the session key, never the key itself
    agent = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=45, blank=True)
    at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-seen_at"]

    def __str__(self) -> str:
        return f"{self.user} {self.at:%Y-%m-%d %H:%M}"
