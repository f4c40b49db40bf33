"""Where an internet address is, roughly, in words; from a file that the operator brings (LUMBUNG_PLACES)."""

import ipaddress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import maxminddb
from django.conf import settings
from django.utils.translation import get_language, gettext


@dataclass(frozen=True, slots=True)
class Place:
    """A town and a country by their names, and the country's code; each empty when unknown."""

    town: str = ""
    country: str = ""
    code: str = ""


@lru_cache(maxsize=2)
def _reader(path: str) -> maxminddb.Reader:
    return maxminddb.open_database(Path(path), maxminddb.MODE_MMAP)


def of(address: str) -> Place:
    """The place of an address in the reader's language; an empty one when there is no file or no entry."""
    if not settings.LUMBUNG_PLACES:
        return Place()
    found = _reader(settings.LUMBUNG_PLACES).get(address)
    if not isinstance(found, dict):
        return Place()
    return Place(
        _name(found.get("city")), _name(found.get("country")), str(_part(found, "country").get("iso_code", ""))
    )


def _part(found: object, name: str) -> dict[str, object]:
    part = found.get(name) if isinstance(found, dict) else None
    return part if isinstance(part, dict) else {}


def _name(part: object) -> str:
    names = _part(part, "names")
    return str(names.get(get_language() or "en") or names.get("en") or "")


def words(address: str, *, here: str) -> str:
    """Where a session is, seen from the address that asks (`here`)."""
    if address == here:
        return gettext("the internet connection you use now")
    place = of(address)
    if place.town and place.country:
        return gettext("near %(town)s, %(country)s") % {"town": place.town, "country": place.country}
    if place.country:
        return gettext("in %(country)s") % {"country": place.country}
    if _is_private(address):
        return gettext("the network of this service")
    return gettext("another internet connection")


def _is_private(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_private
    except ValueError:
        return False
