from django.urls import path

from . import views

urlpatterns = [
    path("", views.standards, name="standards"),
    path("import/", views.standard_import, name="standard_import"),
    path("drafts/<int:pk>/", views.draft, name="draft"),
    path("drafts/<int:pk>/columns/", views.draft_columns, name="draft_columns"),
    path("drafts/<int:pk>/node/", views.draft_node, name="draft_node"),
    path("drafts/<int:pk>/warnings/", views.draft_warnings, name="draft_warnings"),
    path("drafts/<int:pk>/save/", views.draft_save, name="draft_save"),
    path("drafts/<int:pk>/drop/", views.draft_drop, name="draft_drop"),
    path("<int:pk>/", views.standard, name="standard"),
    path("<int:pk>/export/", views.standard_export, name="standard_export"),
]
