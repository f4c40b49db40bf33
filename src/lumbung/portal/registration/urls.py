"""The addresses of the registration, under /register/; the names are those of the portal."""

from django.urls import path

from lumbung.portal.registration import views

urlpatterns = [
    path("", views.who, name="register"),
    path("contacts/", views.contacts, name="register_contacts"),
    path("account/", views.account, name="register_account"),
    path("confirm/", views.choose, name="register_choose"),
    path("code/", views.code, name="register_code"),
    path("code/missing/", views.missing, name="register_missing"),
    path("link-sent/", views.link_sent, name="register_link_sent"),
    path("link/<str:token>/", views.link, name="register_link"),
    path("on-file/", views.on_file, name="register_on_file"),
    path("waiting/", views.waiting, name="register_waiting"),
    path("go-on/", views.go_on, name="register_go_on"),
    path("done/", views.done, name="register_done"),
]
