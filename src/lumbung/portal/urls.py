"""The members' addresses, under /."""

from django.urls import include, path

from lumbung.portal import account, cases, member, numbers

app_name = "portal"
urlpatterns = [
    path("", member.home, name="home"),
    path("dashboard/", member.dashboard, name="dashboard"),
    path("history/", member.history, name="history"),
    path("numbers/", numbers.numbers, name="numbers"),
    path("numbers/join/", numbers.join, name="join_number"),
    path("numbers/tap/", numbers.tap, name="tap_number"),
    path("numbers/<int:join_id>/undo/", numbers.part, name="part_number"),
    path("register/", include("lumbung.portal.registration.urls")),
    path("account/", account.account, name="account"),
    path("account/requests/", cases.cases, name="cases"),
    path("account/requests/correction/", cases.correct, name="correct"),
    path("account/requests/<int:case_id>/withdraw/", cases.withdraw, name="withdraw_case"),
]
