"""Addresses of 接续台账, beneath /ledger/."""

from django.urls import path

from ..views import takeover

urlpatterns = [
    path("years/<int:pk>/takeover/", takeover.takeover_new, name="takeover_new"),
    path("takeovers/<int:pk>/", takeover.takeover, name="takeover"),
    path("takeovers/<int:pk>/save/", takeover.takeover_save, name="takeover_save"),
    path("takeovers/<int:pk>/progress/", takeover.takeover_progress, name="takeover_progress"),
    path("takeovers/<int:pk>/undo/", takeover.takeover_undo, name="takeover_undo"),
    path("takeovers/<int:pk>/drop/", takeover.takeover_drop, name="takeover_drop"),
]
