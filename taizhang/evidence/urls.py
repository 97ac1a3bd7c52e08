from django.urls import path

from . import views

#: mounted with what a floor above knows of where evidence is used: see config/urls.py
searched = [path("", views.evidences, name="evidences")]

urlpatterns = [
    path("statistics/", views.statistics, name="evidence_statistics"),
    path("statistics/export/", views.statistics_export, name="evidence_statistics_export"),
    path("new/", views.evidence_new, name="evidence_new"),
    path("link/", views.evidence_link, name="evidence_link"),
    path("bin/", views.evidence_bin, name="evidence_bin"),
    path("bin/restore/", views.evidence_bin_restore, name="evidence_bin_restore"),
    path("verify/", views.evidence_verify, name="evidence_verify"),
    path("reading/", views.evidence_reading, name="evidence_reading"),
    path("received/", views.evidence_received, name="evidence_received"),
    path("<int:pk>/", views.evidence, name="evidence"),
    path("<int:pk>/text/", views.evidence_text, name="evidence_text"),
    path("<int:pk>/caption/", views.evidence_caption, name="evidence_caption"),
    path("<int:pk>/check/", views.evidence_check, name="evidence_check"),
    path("<int:pk>/adopt/", views.evidence_adopt, name="evidence_adopt"),
    path("<int:pk>/clear-alarm/", views.evidence_clear_alarm, name="evidence_clear_alarm"),
    path("<int:pk>/version/", views.evidence_version, name="evidence_version"),
    path("<int:pk>/remove/", views.evidence_remove, name="evidence_remove"),
    path("<int:pk>/restore/", views.evidence_restore, name="evidence_restore"),
    path("<int:pk>/download/", views.evidence_download, name="evidence_download"),
    path("<int:pk>/download/<int:no>/", views.evidence_download, name="evidence_download"),
    path("<int:pk>/thumb/", views.evidence_thumb, name="evidence_thumb"),
    path("<int:pk>/thumb/<int:no>/", views.evidence_thumb, name="evidence_thumb"),
    path("<int:pk>/poster/<int:no>/", views.evidence_poster, name="evidence_poster"),
    path("<int:pk>/pages/<int:no>.jpg", views.evidence_page, name="evidence_page"),
    path("<int:pk>/versions/<int:v>/pages/<int:no>.jpg", views.evidence_page, name="evidence_page"),
    path("<int:pk>/read/", views.evidence_read_again, name="evidence_read_again"),
]
