"""The employers' door, /employer/."""

from django.urls import include, path

from lumbung.config.urls import handler400, handler403, handler404, handler429, handler500

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500", "urlpatterns"]

urlpatterns = [
    path("employer/", include("lumbung.accounts.urls")),
    path("employer/", include("lumbung.portal.employer_urls")),
]
