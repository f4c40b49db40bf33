"""The demo's phone, among the members' pages."""

from django.urls import path

from lumbung.sms import simulator

app_name = "simulator"
urlpatterns = [path("", simulator.phone, name="phone")]
