"""The employers' addresses, under /employer/."""

from django.urls import path

from lumbung.portal import employer

app_name = "portal"
urlpatterns = [path("", employer.home, name="employer_home")]
