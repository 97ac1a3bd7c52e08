from django.urls import path

from . import views

urlpatterns = [
    path("", views.bindings, name="bindings"),
    path("new/", views.binding_new, name="binding_new"),
    path("album/", views.album, name="album"),
    path("<int:pk>/", views.binding, name="binding"),
    path("<int:pk>/progress/", views.binding_progress, name="binding_progress"),
    path("<int:pk>/file/", views.binding_file, name="binding_file"),
    path("<int:pk>/again/", views.binding_again, name="binding_again"),
    path("<int:pk>/discard/", views.binding_discard, name="binding_discard"),
]
