"""The members' door, /."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from lumbung.config.urls import handler400, handler403, handler404, handler429, handler500
from lumbung.portal.design import components

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500", "urlpatterns"]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("lumbung.accounts.urls")),
    path("", include("lumbung.portal.urls")),
]
if settings.LUMBUNG_DEMO:
    urlpatterns.append(path("simulator/", include("lumbung.sms.simulator_urls")))
    urlpatterns.append(path("_design", components))
