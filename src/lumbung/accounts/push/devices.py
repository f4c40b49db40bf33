"""How a browser is known again as the same device: by a number in a cookie, of which we keep a digest."""

import hashlib
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def device_of(request: HttpRequest) -> str:
    """The digest of the number that the browser brings, "" when it brings none."""
    number = request.COOKIES.get(settings.LUMBUNG_DEVICE_COOKIE_NAME, "")
    return digest(number) if number else ""


def digest(number: str) -> str:
    return hashlib.sha256(number.encode()).hexdigest()


def new_number() -> str:
    return secrets.token_urlsafe(24)


def remember(response: HttpResponse, number: str) -> None:
    """Have the browser bring the number with each request from now on."""
    response.set_cookie(
        settings.LUMBUNG_DEVICE_COOKIE_NAME,
        number,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )
