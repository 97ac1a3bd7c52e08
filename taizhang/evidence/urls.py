from django.urls import path

from . import views

#: mounted with what a floor above knows of where evidence is used: see config/urls.py
searched = [path("", views.evidences, name="evidences")]

#: mounted with what a floor above can file: see config/urls.py
filed = [
    path("volumes/new/", views.volume_new, name="volume_new"),
    path("volumes/<int:pk>/add/", views.volume_add, name="volume_add"),
]

urlpatterns = [
    path("volumes/", views.volumes, name="volumes"),
    path("volumes/fonds/", views.fonds, name="fonds"),
    path("volumes/<int:pk>/", views.volume, name="volume"),
    path("volumes/<int:pk>/progress/", views.volume_progress, name="volume_progress"),
    path("volumes/<int:pk>/arrange/", views.volume_arrange, name="volume_arrange"),
    path("volumes/<int:pk>/take-out/", views.volume_take_out, name="volume_take_out"),
    path("volumes/<int:pk>/join/", views.volume_join, name="volume_join"),
    path("volumes/<int:pk>/part/", views.volume_part, name="volume_part"),
    path("volumes/<int:pk>/number/", views.volume_number, name="volume_number"),
    path("volumes/<int:pk>/check/", views.volume_check, name="volume_check"),
    path("volumes/<int:pk>/answer/", views.volume_answer, name="volume_answer"),
    path("volumes/<int:pk>/seal/", views.volume_seal, name="volume_seal"),
    path("volumes/<int:pk>/recheck/", views.volume_recheck, name="volume_recheck"),
    path("volumes/<int:pk>/succeed/", views.volume_succeed, name="volume_succeed"),
    path("volumes/<int:pk>/discard/", views.volume_discard, name="volume_discard"),
    path("volumes/<int:pk>/catalogue/", views.volume_catalogue, name="volume_catalogue"),
    path("volumes/<int:pk>/package/", views.volume_package, name="volume_package"),
    path("filings/<int:pk>/", views.filing_piece, name="filing"),
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
