"""The mounting points of every app."""

from django.urls import include, path

from taizhang.evidence.urls import filed, searched
from taizhang.ledger.queries.cited import cited_for
from taizhang.ledger.queries.filed import sources_for

urlpatterns = [
    path("", include("taizhang.desk.urls")),
    path("org/", include("taizhang.org.urls")),
    path("standards/", include("taizhang.standards.urls")),
    path("evidence/", include("taizhang.evidence.urls")),
    # the library lies beneath the ledger: what is cited where is handed to its page here
    path("evidence/", include(searched), {"uses_of": cited_for}),
    path("evidence/", include(filed), {"sources_of": sources_for}),
    path("campaigns/", include("taizhang.campaigns.urls")),
    path("ledger/", include("taizhang.ledger.urls")),
    path("reports/", include("taizhang.reports.urls")),
    # demo sites only; elsewhere they answer 404
    path("", include("taizhang.config.look")),
    path("", include("taizhang.config.demo.pages")),
]
