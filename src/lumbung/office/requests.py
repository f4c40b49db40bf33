"""What an office page gets."""

from datetime import datetime

from django.http import HttpRequest

from lumbung.accounts.models import User


class OfficerRequest(HttpRequest):
    """A request of an officer who came in with a second factor, and when it came."""

    user: User
    now: datetime
