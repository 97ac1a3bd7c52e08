"""Addresses under campaigns/."""

from django.urls import path

from .views import campaigns, joined, wizard, years

urlpatterns = [
    path("", campaigns.campaigns, name="campaigns"),
    path("new/", wizard.campaign_new, name="campaign_new"),
    path("new/<int:step>/", wizard.campaign_new, name="campaign_new_step"),
    path("choose/", campaigns.campaign_choose, name="campaign_choose"),
    path("<int:pk>/", campaigns.campaign, name="campaign"),
    path("<int:pk>/tracks/new/", campaigns.track_new, name="track_new"),
    path("tracks/<int:pk>/", campaigns.track_edit, name="track_edit"),
    path("tracks/<int:pk>/steps/", campaigns.track_steps, name="track_steps"),
    path("tracks/<int:pk>/asks/", campaigns.track_asks, name="track_asks"),
    path("<int:pk>/joined/new/", joined.join_new, name="join_new"),
    path("joined/<int:pk>/end/", joined.join_end, name="join_end"),
    path("years/<int:pk>/", years.year_edit, name="year_edit"),
    path("years/<int:pk>/close/", years.year_close, name="year_close"),
    path("years/<int:pk>/resume/", years.year_resume, name="year_resume"),
    path("holidays/", years.holidays, name="holidays"),
    path("holidays/import/", years.holidays_import, name="holidays_import"),
    path("holidays/export/", years.holidays_export, name="holidays_export"),
]
