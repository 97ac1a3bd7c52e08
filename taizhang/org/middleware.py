"""Login everywhere; a start password is changed first; refusals become pages in words."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from taizhang.kit.errors import Busy, Refused
from taizhang.kit.sessions import digest

from .queries import ended_elsewhere

#: what a person may still do before the start password is changed
BEFORE_CHANGE = {"password_change", "logout", "large_type"}


class LoginMiddleware(LoginRequiredMiddleware):
    """Every view wants a login unless it says `login_not_required`."""

    def process_view(self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any) -> Any:
        answer = super().process_view(request, view_func, view_args, view_kwargs)
        user = request.user
        if answer is None and user.is_authenticated and getattr(user, "must_change", False):
            name = request.resolver_match.url_name if request.resolver_match else ""
            if name not in BEFORE_CHANGE and getattr(view_func, "login_required", True):
                return redirect("password_change")
        return answer

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponse:
        """To the login page, and back to where the person was; an idle session is told in words."""
        back = request.get_full_path() if request.method == "GET" else "/"
        htmx = getattr(request, "htmx", None)
        came_from = htmx.current_url_abs_path if htmx else request.META.get("HTTP_REFERER", "")
        if (htmx or request.method != "GET") and came_from:
            if not htmx and url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
                came_from = urlsplit(came_from)._replace(scheme="", netloc="").geturl()
            if url_has_allowed_host_and_scheme(came_from, None):
                back = came_from
        query = {"next": back} if back != "/" else {}
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            key = request.COOKIES[settings.SESSION_COOKIE_NAME]
            query["ended" if ended_elsewhere(digest(key)) else "timeout"] = "1"
        to = reverse("login") + (f"?{urlencode(query)}" if query else "")
        if htmx:
            answer = HttpResponse(status=204)
            answer["HX-Redirect"] = to
            return answer
        return redirect(to)


class RefusalMiddleware:
    """The one place where a refusal becomes an answer. What was typed is shown again, so that nothing is lost."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, OperationalError) and "lock" in str(error):
            error = Busy("同一时刻写入的人太多，这次没有保存。请稍等几秒再提交一次，填的内容不会丢。")
        if not isinstance(error, Refused):
            return None
        hidden = {"csrfmiddlewaretoken", "once", "seen"}
        typed = [
            (name, value)
            for name, values in request.POST.lists()
            if name not in hidden
            for value in values
            if value
        ]
        answer = render(
            request,
            "config/refused.html",
            {"refusal": error, "typed": typed},
            status=error.status,
        )
        if error.status == 503:
            answer["Retry-After"] = "5"
        return answer
