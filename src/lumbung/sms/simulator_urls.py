"""The demo's phone and mailbox, among the members' pages."""

from django.urls import path

from lumbung.sms import mailbox, simulator

app_name = "simulator"
urlpatterns = [
    path("", simulator.phone, name="phone"),
    path("mail/", mailbox.mailbox, name="mail"),
]
