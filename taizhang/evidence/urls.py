from django.urls import path

from . import views

urlpatterns = [
    path("", views.evidences, name="evidences"),
    path("new/", views.evidence_new, name="evidence_new"),
    path("link/", views.evidence_link, name="evidence_link"),
    path("received/", views.evidence_received, name="evidence_received"),
    path("<int:pk>/", views.evidence, name="evidence"),
    path("<int:pk>/caption/", views.evidence_caption, name="evidence_caption"),
    path("<int:pk>/version/", views.evidence_version, name="evidence_version"),
    path("<int:pk>/remove/", views.evidence_remove, name="evidence_remove"),
    path("<int:pk>/restore/", views.evidence_restore, name="evidence_restore"),
    path("<int:pk>/download/", views.evidence_download, name="evidence_download"),
    path("<int:pk>/download/<int:no>/", views.evidence_download, name="evidence_download"),
    path("<int:pk>/thumb/", views.evidence_thumb, name="evidence_thumb"),
    path("<int:pk>/thumb/<int:no>/", views.evidence_thumb, name="evidence_thumb"),
]
