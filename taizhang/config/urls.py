"""The mounting points of every app."""

from django.urls import include, path

urlpatterns = [
    path("", include("taizhang.desk.urls")),
    path("org/", include("taizhang.org.urls")),
    path("standards/", include("taizhang.standards.urls")),
    path("evidence/", include("taizhang.evidence.urls")),
    path("campaigns/", include("taizhang.campaigns.urls")),
    path("ledger/", include("taizhang.ledger.urls")),
    # demo sites only; elsewhere they answer 404
    path("", include("taizhang.config.look")),
    path("", include("taizhang.config.demo.pages")),
]
