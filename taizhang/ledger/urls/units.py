"""Addresses of what happens to units with open work."""

from django.urls import path

from ..views import units

urlpatterns = [
    path("units/merge/", units.units_merge, name="units_merge"),
    path("units/<int:pk>/end/", units.unit_end, name="unit_end"),
]
