"""Charsets of requests: what a stranger names as one never reaches Django, which trusts the name."""

import codecs
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.utils.http import parse_header_parameters

from lumbung.api.problems import MEDIA_TYPE, problem
from lumbung.config.doors import door_of

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]

LONG = 100  # characters; a longer header is looked at as a whole
# How Python's names of real charsets begin. Its other codecs turn bytes to bytes, or text to half characters.
CHARSETS = ("ascii", "cp", "iso8859", "koi8", "utf-16", "utf-32", "utf-8")


class KnownCharsets:
    """Answers 400 to a Content-Type that can't be read or whose charset is a codec other than CHARSETS.

    Django decodes the query by whatever codec Python has under that name, while it makes the request and so
    before any middleware can answer: base64, zip and idna break there. A name that Python does not have is left
    to Django, which passes over it: a gateway's own name for a charset must not cost a text.
    """

    def __init__(self, application: Application) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if _is_harmless(environ.get("CONTENT_TYPE", "")):
            return self.application(environ, start_response)
        kind, told = _told(environ.get("PATH_INFO", ""))
        headers = {
            "Content-Type": kind,
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        }
        start_response("400 Bad Request", list(headers.items()))
        return [told]


def _told(path: str) -> tuple[str, bytes]:
    """A problem for who asks the interface; for all others a word, since no page can be made without a request."""
    if door_of(path).kind is None or door_of(path).has_sessions:
        return "text/plain", b"Bad request.\n"
    detail = "The Content-Type can't be read, or names no charset that texts come in."
    return MEDIA_TYPE, problem(400, "bad_request", detail).content


@lru_cache(maxsize=64)
def _is_harmless(content_type: str) -> bool:
    if ";" not in content_type and len(content_type) < LONG:
        return True  # no parameters, so no charset
    try:
        _, parameters = parse_header_parameters(content_type)
        return codecs.lookup(parameters.get("charset", "utf-8")).name.startswith(CHARSETS)
    except LookupError:
        return True
    except (ValueError, TypeError):  # the latter from `email`, where a parameter is there twice in parts
        return False
