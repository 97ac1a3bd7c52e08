from django.urls import path

from . import views

urlpatterns = [
    path("", views.standards, name="standards"),
    path("import/", views.standard_import, name="standard_import"),
    path("write/", views.standard_write, name="standard_write"),
    path("editions/<int:pk>/begin/", views.standard_begin, name="standard_begin"),
    path("drafts/<int:pk>/", views.draft, name="draft"),
    path("drafts/<int:pk>/columns/", views.draft_columns, name="draft_columns"),
    path("drafts/<int:pk>/node/", views.draft_node, name="draft_node"),
    path("drafts/<int:pk>/warnings/", views.draft_warnings, name="draft_warnings"),
    path("drafts/<int:pk>/compare/", views.draft_compare, name="draft_compare"),
    path("drafts/<int:pk>/compare/base/", views.draft_base, name="draft_base"),
    path("drafts/<int:pk>/compare/pair/", views.draft_pair, name="draft_pair"),
    path("drafts/<int:pk>/grid/", views.draft_grid, name="draft_grid"),
    path("drafts/<int:pk>/lists/", views.draft_lists, name="draft_lists"),
    path("drafts/<int:pk>/meaning/", views.draft_meaning, name="draft_meaning"),
    path("drafts/<int:pk>/afresh/", views.draft_afresh, name="draft_afresh"),
    path("drafts/<int:pk>/scan/", views.draft_scan, name="draft_scan"),
    path("drafts/<int:pk>/scan/progress/", views.draft_scan_progress, name="draft_scan_progress"),
    path("drafts/<int:pk>/save/", views.draft_save, name="draft_save"),
    path("drafts/<int:pk>/drop/", views.draft_drop, name="draft_drop"),
    path("<int:pk>/", views.standard, name="standard"),
    path("<int:pk>/compare/", views.standard_compare, name="standard_compare"),
    path("<int:pk>/compare/export/", views.standard_compare_export, name="standard_compare_export"),
    path("<int:pk>/export/", views.standard_export, name="standard_export"),
]
