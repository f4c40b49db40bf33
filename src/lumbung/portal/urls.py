"""The members' addresses, under /."""

from django.urls import path

from lumbung.portal import member
from lumbung.portal.registration import views as registration

app_name = "portal"
urlpatterns = [
    path("", member.home, name="home"),
    path("dashboard/", member.dashboard, name="dashboard"),
    path("history/", member.history, name="history"),
    path("register/", registration.who, name="register"),
    path("register/contacts/", registration.contacts, name="register_contacts"),
    path("register/account/", registration.account, name="register_account"),
    path("register/confirm/", registration.choose, name="register_choose"),
    path("register/code/", registration.code, name="register_code"),
    path("register/code/missing/", registration.missing, name="register_missing"),
    path("register/link-sent/", registration.link_sent, name="register_link_sent"),
    path("register/link/<str:token>/", registration.link, name="register_link"),
    path("register/on-file/", registration.on_file, name="register_on_file"),
    path("register/waiting/", registration.waiting, name="register_waiting"),
    path("register/go-on/", registration.go_on, name="register_go_on"),
    path("register/done/", registration.done, name="register_done"),
]
