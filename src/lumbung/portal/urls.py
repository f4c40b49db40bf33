"""The members' addresses, under /."""

from django.urls import include, path

from lumbung.portal import cases, member

app_name = "portal"
urlpatterns = [
    path("", member.home, name="home"),
    path("dashboard/", member.dashboard, name="dashboard"),
    path("history/", member.history, name="history"),
    path("register/", include("lumbung.portal.registration.urls")),
    path("account/requests/", cases.cases, name="cases"),
    path("account/requests/correction/", cases.correct, name="correct"),
    path("account/requests/<int:case_id>/withdraw/", cases.withdraw, name="withdraw_case"),
]
