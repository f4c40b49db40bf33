"""The members' addresses, under /."""

from django.urls import path

from lumbung.portal import member

app_name = "portal"
urlpatterns = [
    path("", member.home, name="home"),
    path("dashboard/", member.dashboard, name="dashboard"),
    path("history/", member.history, name="history"),
]
