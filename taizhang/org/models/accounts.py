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
