"""The mounting points of every app."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

MOUNTS = {
    "": "desk",
    "org/": "org",
    "standards/": "standards",
    "evidence/": "evidence",
    "campaigns/": "campaigns",
    "ledger/": "ledger",
}
urlpatterns: list[URLPattern | URLResolver] = [
    path(prefix, include(f"taizhang.{app}.urls"))
    for prefix, app in MOUNTS.items()
    if find_spec(f"taizhang.{app}.urls")
]
