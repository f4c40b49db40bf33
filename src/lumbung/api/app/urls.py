"""The addresses of a member's app, under /api/v1/me/."""

from django.urls import path

from lumbung.api.app import log_in
from lumbung.api.urls import MINE
from lumbung.api.v1.interface import patterns

# The first two have the names by which allauth's flows look for where they go on.
urlpatterns = [
    path("api/v1/me/log-in", log_in.log_in, name="account_login"),
    path("api/v1/me/log-in/second-step", log_in.second_step, name="mfa_authenticate"),
    path("api/v1/me/log-out", log_in.log_out, name="account_logout"),
    path("api/v1/", (patterns(MINE), "api", "api")),
]
