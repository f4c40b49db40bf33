"""The gateway's door, under /sms/."""

from django.urls import path

from lumbung.sms import views

app_name = "sms"
urlpatterns = [path("inbound", views.receive, name="inbound")]
