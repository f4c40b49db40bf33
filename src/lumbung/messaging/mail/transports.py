"""The ways out for a mail."""

import smtplib
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMultiAlternatives, get_connection

from lumbung.messaging.models import OutboundMail
from lumbung.messaging.outbox.channels import Way
from lumbung.messaging.transports import SIMULATOR, NotTaken, Refused

TIMEOUT_SECONDS = 20
PORTS = {"off": 25, "start": 587, "on": 465}


class Smtp:
    """The operator's mail server. A mail that comes twice has one Message-ID, so a mailbox can tell."""

    may_repeat = True

    def send(self, mail: OutboundMail) -> None:
        message = EmailMultiAlternatives(
            subject=mail.subject or "",
            body=mail.body or "",
            to=[mail.to],
            headers={"Message-ID": f"<{mail.reference}@{_sender_host()}>", "Auto-Submitted": "auto-generated"},
            connection=get_connection("django.core.mail.backends.smtp.EmailBackend", **smtp_options()),
        )
        if mail.html:
            message.attach_alternative(mail.html, "text/html")
        try:
            message.send()
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as refusal:
            raise (Refused if _is_final(refusal) else NotTaken) from None


def smtp_options() -> dict[str, Any]:
    """LUMBUNG_SMTP_URL as Django's mail backend wants it. Raises ImproperlyConfigured."""
    parts = urlsplit(settings.LUMBUNG_SMTP_URL)
    tls = dict(parse_qsl(parts.query)).get("tls", "start")
    if parts.scheme != "smtp" or not parts.hostname or tls not in PORTS:
        raise ImproperlyConfigured(
            "LUMBUNG_SMTP_URL must look like smtp://user:password@host:587?tls=start; tls is start, on or off."
        )
    return {
        "host": parts.hostname,
        "port": parts.port or PORTS[tls],
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_tls": tls == "start",
        "use_ssl": tls == "on",
        "timeout": TIMEOUT_SECONDS,
    }


def _sender_host() -> str:
    return str(settings.DEFAULT_FROM_EMAIL).rpartition("@")[2].strip("> ") or "localhost"


def _is_final(refusal: smtplib.SMTPException) -> bool:
    """Whether the server's code says never (5xx) rather than not now (4xx)."""
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in refusal.recipients.values())
    assert isinstance(refusal, smtplib.SMTPResponseException)
    return refusal.smtp_code >= 500


SMTP = Smtp()


def ways() -> Sequence[Way]:
    """The way out that this deployment uses."""
    if settings.LUMBUNG_SMTP_URL:
        return (Way("smtp", SMTP.send, SMTP.may_repeat),)
    return (Way("simulator", SIMULATOR.send, SIMULATOR.may_repeat, breaks=False),)
