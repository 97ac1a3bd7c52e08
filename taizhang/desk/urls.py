"""Addresses of the desk."""

from django.urls import path, re_path

from . import views

urlpatterns = [
    path("", views.desk, name="desk"),
    re_path(r"^desk/pass/(?P<kind>slots|items)/$", views.desk_pass, name="desk_pass"),
]
