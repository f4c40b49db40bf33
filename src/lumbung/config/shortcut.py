"""The gateway's texts on a short way: kept before Django's handlers, which take as long again."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

import structlog
from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils import timezone

from lumbung.config import closed
from lumbung.config.charsets import Application
from lumbung.sms import handover
from lumbung.sms.gateway import is_gateway

log = structlog.get_logger(__name__)
PATH = "/sms/inbound"
ACKNOWLEDGED = [
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Length", "0"),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
]


class TextsFirst:
    """Keeps a text that the gateway hands over with its secret, and acknowledges it.

    Nobody is refused here: what is not plainly such a request, and whatever does not work, goes on to Django as it
    came, and is answered there. A text that comes there a second time is the same text.
    """

    def __init__(self, application: Application) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not (_is_text(environ) and _is_kept(environ)):
            return self.application(environ, start_response)
        start_response("200 OK", ACKNOWLEDGED)
        return [b""]


def _is_text(environ: dict[str, Any]) -> bool:
    """Whether Django would come to keep it: the address, the door, the host, and the secret."""
    return (
        environ.get("PATH_INFO") == PATH
        and environ["REQUEST_METHOD"] == "POST"
        and environ.get("CONTENT_LENGTH", "").isdecimal()
        and "sms" in settings.LUMBUNG_DOORS
        and validate_host(split_domain_port(environ.get("HTTP_HOST", ""))[0], settings.ALLOWED_HOSTS)
        and is_gateway(environ.get("HTTP_AUTHORIZATION", ""))
        and closed.is_open("sms")
    )


def _is_kept(environ: dict[str, Any]) -> bool:
    length = min(int(environ["CONTENT_LENGTH"]), handover.BODY_BYTES_MAX)
    raw = environ["wsgi.input"].read(length)
    try:
        if len(raw) == length:  # or else it broke off, which Django comes to, too
            handover.take_in(environ, raw, now=timezone.now())
            return True
    except Exception as failure:  # noqa: BLE001  (whatever it is, Django comes to the same and says so)
        log.warning("text_not_kept_first", failure=type(failure).__name__)
    environ["wsgi.input"] = BytesIO(raw)  # to be read again
    return False
