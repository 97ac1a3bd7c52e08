"""The account with its person and agency in one query: every page needs all three."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from .models import User


class PersonBackend(ModelBackend):
    def get_user(self, user_id: Any) -> User | None:
        user = User.objects.select_related("person__agency").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
