"""The programs' addresses, under /api/."""

from django.urls import path

from lumbung.api.tokens import ClientCredentialsView, RevocationView
from lumbung.api.v1.interface import patterns

# What belongs to the door of members' apps (lumbung.api.app).
MINE = "me"

urlpatterns = [
    path("token", ClientCredentialsView.as_view(), name="token"),
    path("revoke", RevocationView.as_view(), name="revoke"),
    path("v1/", (patterns(MINE, without=True), "api", "api")),
]
