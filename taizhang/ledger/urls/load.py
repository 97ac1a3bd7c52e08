"""Addresses of the workload and of handing work over."""

from django.urls import path

from ..views import handover, load

urlpatterns = [
    path("load/", load.load, name="load"),
    path("load/slots/", load.load_slots, name="load_slots"),
    path("load/move/", load.load_move, name="load_move"),
    path("handover/", handover.handovers, name="handovers"),
    path("handover/<int:pk>/", handover.handover, name="handover"),
]
