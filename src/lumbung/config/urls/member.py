"""The members' door, /."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

from lumbung.config.urls import handler400, handler403, handler404, handler429, handler500

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500", "urlpatterns"]

urlpatterns = [
    path("", include("lumbung.accounts.urls")),
    path("", include("lumbung.portal.urls")),
]
if settings.LUMBUNG_DEMO and find_spec("lumbung.sms.simulator_urls"):
    urlpatterns.append(path("simulator/", include("lumbung.sms.simulator_urls")))
