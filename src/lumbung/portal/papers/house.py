"""Who issues a paper, and which languages it comes in."""

from django.conf import settings
from django.urls import reverse

from lumbung.papers.drawing import House
from lumbung.portal.brand import brand

LANGUAGES = tuple(code for code, _ in settings.LANGUAGES)


def house() -> House:
    """The operator as the settings have it."""
    own = brand()
    return House(
        own.name, own.colour, settings.LUMBUNG_PUBLIC_URL + reverse("portal:verify"), settings.LUMBUNG_DEMO
    )
