"""The members' addresses, under /."""

from django.urls import path

from lumbung.portal import account, cases, member, public

app_name = "portal"
urlpatterns = [
    path("", public.home, name="home"),
    path("announcements/", public.announcements, name="announcements"),
    path("announcements/<slug:notice>/", public.announcement, name="announcement"),
    path("forms/", public.forms, name="forms"),
    path("forms/<slug:form_name>/", public.form, name="form"),
    path("forms/<slug:form_name>/<slug:version>/", public.form_file, name="form_file"),
    path("help/", public.help_index, name="help"),
    path("help/<slug:topic>/", public.help_topic, name="help_topic"),
    path("security/", public.security, name="security"),
    path("dashboard/", member.dashboard, name="dashboard"),
    path("history/", member.history, name="history"),
    path("account/", account.account, name="account"),
    path("account/requests/", cases.cases, name="cases"),
    path("account/requests/correction/", cases.correct, name="correct"),
    path("account/requests/<int:case_id>/withdraw/", cases.withdraw, name="withdraw_case"),
]
