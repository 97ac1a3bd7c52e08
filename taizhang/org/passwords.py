"""What a password must be made of."""

import re
from typing import Any

from django.core.exceptions import ValidationError

KINDS = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")


class Strength:
    """At least 8 characters of three of four kinds (等保 2.0 practice), and not the account's own name."""

    text = "至少 8 位，大写字母、小写字母、数字、符号中至少三种，不能含账号。"

    def validate(self, password: str, user: Any = None) -> None:
        kinds = sum(bool(re.search(kind, password)) for kind in KINDS)
        name = getattr(user, "username", "")
        if len(password) < 8 or kinds < 3 or (name and name.lower() in password.lower()):
            raise ValidationError(f"密码太简单：{self.text}")

    def get_help_text(self) -> str:
        return self.text
