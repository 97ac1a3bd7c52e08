"""Login, logout, password, large type; accounts of people."""

from datetime import timedelta
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.kit.sessions import digest

from .. import actions
from ..forms import AccountForm, LoginForm, PasswordForm
from ..models import User
from ..queries import demo_accounts, system_user
from ..rules.browsers import start_password_over
from .access import slips_page
from .common import attempt, form_keys, need, person_or_404

LOCK_MINUTES = round(settings.AXES_COOLOFF_TIME * 60)


def _next(request: HttpRequest) -> str:
    """Where to go after; only to this site."""
    to = request.POST.get("next") or request.GET.get("next") or ""
    return to if url_has_allowed_host_and_scheme(to, None) else "/"


def _login_page(request: HttpRequest, form: Any, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "form": form, "next": _next(request), "demo": demo_accounts(), "minutes": LOCK_MINUTES,
        "password": settings.DEMO_PASSWORD if settings.DEMO else "",
        "timed_out": request.method == "GET" and "timeout" in request.GET,
        "ended": request.method == "GET" and "ended" in request.GET,
        "idle": settings.SESSION_COOKIE_AGE // 60, **more,
    }  # fmt: skip
    return render(request, "org/login.html", context, status=status)


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        if request.user.is_authenticated:
            return redirect(_next(request))
        return _login_page(request, LoginForm())
    posted = request.POST.copy()
    if settings.DEMO and posted.get("demo", "").startswith("demo"):
        posted["username"], posted["password"] = posted["demo"], settings.DEMO_PASSWORD
    form = LoginForm(posted)
    if not form.is_valid():
        return _login_page(request, form, 400)
    name = form.cleaned_data["username"]
    user = auth.authenticate(request, username=name, password=form.cleaned_data["password"])
    if user is None:
        _note_failure(name)
        failures = AxesProxyHandler.get_failures(request, {"username": name})
        left = max(0, settings.AXES_FAILURE_LIMIT - failures)
        form.add_error(None, f"账号或密码不对，还能试 {left} 次，之后锁定 {LOCK_MINUTES} 分钟。")
        return _login_page(request, form, 400)
    if _start_password_over(user):
        words = f"初始密码已超过 {settings.START_PASSWORD_DAYS} 天没有修改，不能再用。请找本单位系统管理员重新发放。"
        _note_failure(name, f"登录失败：{words}")
        form.add_error(None, words)
        return _login_page(request, form, 400)
    auth.login(request, user)
    actions.log_in(
        user, by=user, key=request.session.session_key or "", agent=request.headers.get("User-Agent", ""),
        address=request.META.get("REMOTE_ADDR", ""),
    )  # fmt: skip
    return redirect(_next(request))


def _start_password_over(user: Any) -> bool:
    """Whether this is a start password that was given out too long ago; the account has not changed since then."""
    given = timezone.localdate(user.changed_at)
    return user.must_change and start_password_over(
        (clock.today() - given).days, settings.START_PASSWORD_DAYS
    )


def _note_failure(name: str, words: str = "登录失败：账号或密码不对") -> None:
    """In the record, as every login must be; for unknown names too, so that both take the same time."""
    user = User.objects.filter(username=name).first() or system_user()
    try:
        actions.log_in(user, by=user, failed=words)
    except Refused:
        return


def locked_out(request: HttpRequest, response: Any = None, credentials: Any = None) -> HttpResponse:
    """After five failures: until when, in words. Named in settings; called by the middleware of axes."""
    name = ((credentials or {}).get("username") or request.POST.get("username", "")).strip().lower()
    first = AccessAttempt.objects.filter(username=name).order_by("-attempt_time").first()
    since = first.attempt_time if first else timezone.now()
    until = timezone.localtime(since + timedelta(hours=settings.AXES_COOLOFF_TIME))
    left = max(1, -(-int((until - timezone.now()).total_seconds()) // 60))
    form = LoginForm({"username": name, "password": "-"})
    form.is_valid()
    form.add_error(
        None,
        f"连续 {settings.AXES_FAILURE_LIMIT} 次账号或密码不对，这个账号已锁定，"
        f"约 {left} 分钟后（{until:%H:%M}）可以再试。着急请找系统管理员重置密码。",
    )
    return _login_page(request, form, settings.AXES_HTTP_RESPONSE_CODE, locked=True)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    actions.log_out(request.user, by=request.user, key=request.session.session_key or "")
    auth.logout(request)
    return redirect("login")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password_change(request: HttpRequest) -> HttpResponse:
    form = PasswordForm(request.POST or None)
    key = request.session.session_key or ""
    user, status = attempt(
        request,
        form,
        lambda: actions.change_password(
            request.user,
            by=request.user,
            old=form.cleaned_data["old"],
            new=form.cleaned_data["new"],
            keep=digest(key),
        ),
    )
    if user is not None:
        auth.update_session_auth_hash(request, user)
        actions.carry_session(key, request.session.session_key or "")
        messages.success(request, "密码已修改，下次请用新密码登录。在别处登录的都已退出。")
        return redirect("/")
    first = getattr(request.user, "must_change", False)
    return render(request, "org/password.html", {"form": form, "first": first}, status=status)


@login_not_required
@require_POST
def large_type(request: HttpRequest) -> HttpResponse:
    """Large letters on or off, kept for a year in this browser."""
    answer = redirect(_next(request))
    if request.COOKIES.get("large") == "1":
        answer.delete_cookie("large")
    else:
        answer.set_cookie("large", "1", max_age=365 * 86400, httponly=True, samesite="Lax")
    return answer


def _shown_once(request: HttpRequest, made: Any, person: Any) -> HttpResponse:
    """The start password is shown in the answer to the post and nowhere else: no redirect keeps it."""
    if not isinstance(made, actions.Account):
        messages.warning(request, f"“{person.name}”的初始密码已显示过一次。没有记下的，请再重置一次密码。")
        return redirect("person", person.pk)
    return slips_page(request, [(person, made)], reverse("person", args=[person.pk]))


@never_cache
@require_POST
def account_make(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_or_404(request, pk)
    need(request, "org.make_account", person)
    form = AccountForm(request.POST)
    if not form.is_valid():
        raise Refused("；".join(error for errors in form.errors.values() for error in errors))
    made = actions.make_account(person, username=form.cleaned_data["username"], **form_keys(request))
    return _shown_once(request, made, person)


@never_cache
@require_POST
def account_reset(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_or_404(request, pk)
    made = actions.reset_password(person, **form_keys(request))
    if person.user:
        reset(username=person.user.username)  # a locked account opens with its new password
    return _shown_once(request, made, person)


@require_POST
def account_switch(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_or_404(request, pk)
    active = request.POST.get("active") == "1"
    actions.switch_account(person, active=active, **form_keys(request))
    messages.success(request, f"“{person.name}”的账号已{'启用' if active else '停用'}。")
    return redirect("person", person.pk)
