"""A browser's name for itself, in words that its owner knows: *Chrome on Android*."""

import hashlib
from functools import lru_cache

from django.utils.translation import gettext
from ua_parser import parse

# Systems on telephones, which are said so; all others are computers as far as we tell.
TELEPHONES = {"Android", "iOS", "KaiOS", "Windows Phone", "Tizen"}


@lru_cache(maxsize=1000)
def _parts(user_agent: str) -> tuple[str, str]:
    """The family of the browser and of the system, empty when unknown. Versions change too often to be told."""
    found = parse(user_agent[:500])
    browser = found.user_agent.family if found.user_agent else ""
    system = found.os.family if found.os else ""
    for ending in (" Mobile WebView", " Mobile", " WebView", " Webview"):
        browser = browser.removesuffix(ending)
    return browser, system


def words(user_agent: str) -> str:
    """What the device is, for its owner, in the language of the present request."""
    browser, system = _parts(user_agent)
    if browser and system in TELEPHONES:
        return gettext("%(browser)s on a phone (%(system)s)") % {"browser": browser, "system": system}
    if browser and system:
        return gettext("%(browser)s on a computer (%(system)s)") % {"browser": browser, "system": system}
    return browser or system or gettext("A device that does not say what it is")


def sign(user_agent: str, country: str) -> str:
    """What is remembered of a device, so that it is known again: browser, system and country, as a hash."""
    return hashlib.sha256("\n".join([*_parts(user_agent), country]).encode()).hexdigest()
