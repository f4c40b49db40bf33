"""What a page behind the log-in gets."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from lumbung.accounts.models import User


class LoggedIn(HttpRequest):
    """A request of a known user: LoginRequiredMiddleware lets no other through to a page that is not marked."""

    user: User
    now: datetime
    door: Any
