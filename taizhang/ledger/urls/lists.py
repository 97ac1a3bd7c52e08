"""Addresses of the list, the overview, the years and what is done to many at once."""

from django.urls import path

from ..views import adoption, asks, batches, coverage, excel, lists, openings, overview, years

urlpatterns = [
    path("items/", lists.items, name="items"),
    path("items/print/", lists.items_print, name="items_print"),
    path("items/bulk/", lists.items_bulk, name="items_bulk"),
    path("items/bulk/<slug:verb>/", lists.items_bulk, name="items_bulk"),
    path("items/export/", excel.items_export, name="items_export"),
    path("items/import/", excel.items_import, name="items_import"),
    path("items/raise/", years.item_raise, name="item_raise"),
    path("overview/", overview.overview, name="overview"),
    path("years/<int:pk>/coverage/", coverage.coverage, name="coverage"),
    path("years/<int:pk>/coverage/export/", coverage.coverage_export, name="coverage_export"),
    path("years/<int:pk>/openings/", openings.year_openings, name="year_openings"),
    path("years/<int:pk>/openings/set/", openings.opening_set, name="opening_set"),
    path("years/<int:pk>/openings/rest/", openings.openings_rest, name="openings_rest"),
    path("years/<int:pk>/openings/shut/", openings.opening_shut, name="opening_shut"),
    path("years/<int:pk>/open/", years.year_open, name="year_open"),
    path("years/<int:pk>/adopt/", adoption.year_adopt, name="year_adopt"),
    path("years/<int:pk>/adopt/export/", adoption.year_adopt_export, name="year_adopt_export"),
    path("adoptions/<int:pk>/", adoption.adoption, name="adoption"),
    path("adoptions/<int:pk>/undo/", adoption.adoption_undo, name="adoption_undo"),
    path("revisits/", adoption.revisits, name="revisits"),
    path("revisits/ok/", adoption.revisits_settle, {"verb": "ok"}, name="revisits_ok"),
    path("revisits/reopen/", adoption.revisits_settle, {"verb": "reopen"}, name="revisits_reopen"),
    path("revisits/<int:pk>/ok/", adoption.item_revisit, name="item_revisit"),
    path("asks/", asks.asks, name="asks"),
    path("asks/export/", asks.asks_export, name="asks_export"),
    path("batches/", batches.batches, name="batches"),
    path("batches/<int:pk>/undo/", batches.batch_undo, name="batch_undo"),
]
