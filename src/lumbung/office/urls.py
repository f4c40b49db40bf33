"""The officers' addresses, under /office/."""

from django.urls import path

from lumbung.office import officer

app_name = "office"
urlpatterns = [path("", officer.home, name="home")]
