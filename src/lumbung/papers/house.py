"""Who issues a paper: the operator as the settings have it."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.urls import reverse

from lumbung.colours import OWN_BRAND, colour
from lumbung.papers.drawing import House

LANGUAGES = tuple(code for code, _ in settings.LANGUAGES)


def house() -> House:
    """The operator's name and colour, and the page where everybody checks a paper."""
    page = settings.LUMBUNG_PUBLIC_URL + reverse("portal:verify", urlconf=settings.ROOT_URLCONF)
    return House(settings.LUMBUNG_NAME, _colour(settings.LUMBUNG_BRAND), page, settings.LUMBUNG_DEMO)


@lru_cache(maxsize=8)
def _colour(folder: str) -> str:
    return colour(Path(folder) / "brand.css" if folder else None, "brand", OWN_BRAND)
