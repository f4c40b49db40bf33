"""The gateway's door, /sms/."""

from django.urls import include, path

from lumbung.config.urls import handler400, handler403, handler404, handler429, handler500

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500", "urlpatterns"]

urlpatterns = [path("sms/", include("lumbung.sms.urls"))]
