"""The members' addresses, under /."""

from django.urls import path

from lumbung.portal import account, cases, member

app_name = "portal"
urlpatterns = [
    path("", member.home, name="home"),
    path("dashboard/", member.dashboard, name="dashboard"),
    path("history/", member.history, name="history"),
    path("account/", account.account, name="account"),
    path("account/requests/", cases.cases, name="cases"),
    path("account/requests/correction/", cases.correct, name="correct"),
    path("account/requests/<int:case_id>/withdraw/", cases.withdraw, name="withdraw_case"),
]
