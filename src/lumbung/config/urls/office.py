"""The officers' door, /office/."""

from django.urls import include, path

from lumbung.config.urls import handler400, handler403, handler404, handler429, handler500

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500", "urlpatterns"]

urlpatterns = [
    path("office/", include("lumbung.accounts.urls")),
    path("office/", include("lumbung.office.urls")),
]
