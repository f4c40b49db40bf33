"""Addresses about sessions, at each door for people."""

from django.urls import path

from lumbung.accounts.sessions import views

urlpatterns = [
    path("account/sessions/", views.sessions, name="account_sessions"),
    path("account/sessions/end/", views.end_session, name="account_end_session"),
    path("account/sessions/end-others/", views.end_others, name="account_end_other_sessions"),
    path("account/activity/", views.activity, name="account_activity"),
    path("session/stay/", views.stay, name="account_stay"),
]
