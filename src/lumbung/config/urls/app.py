"""The door of members' apps, /api/v1/me/."""

from lumbung.api.app.urls import urlpatterns
from lumbung.config.urls import handler400, handler403, handler404, handler429, handler500

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500", "urlpatterns"]
