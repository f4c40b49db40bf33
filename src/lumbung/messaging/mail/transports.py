"""The ways out for a mail."""

import smtplib
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, get_connection

from lumbung.messaging.models import OutboundMail
from lumbung.messaging.transports import Refused

TIMEOUT_SECONDS = 20
PORTS = {"off": 25, "start": 587, "on": 465}


class Transport(Protocol):
    """One way out. `send` returns when the other side has the mail, raises Refused when it never will take it, and
    anything else when nobody knows. `may_repeat`: sending it twice does no harm."""

    may_repeat: bool

    def send(self, mail: OutboundMail) -> None: ...


class Simulator:
    """The demo's mailbox reads the outbox itself, so there is nothing to hand over."""

    may_repeat = True

    def send(self, mail: OutboundMail) -> None:
        assert mail.state == OutboundMail.State.CLAIMED, mail


class Smtp:
    """The operator's mail server. A mail that comes twice has one Message-ID, so a mailbox can tell."""

    may_repeat = True

    def send(self, mail: OutboundMail) -> None:
        message = EmailMessage(
            subject=mail.subject or "",
            body=mail.body or "",
            to=[mail.to],
            headers={"Message-ID": f"<{mail.reference}@{_sender_host()}>", "Auto-Submitted": "auto-generated"},
            connection=get_connection("django.core.mail.backends.smtp.EmailBackend", **smtp_options()),
        )
        try:
            message.send()
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as refusal:
            if _is_final(refusal):
                raise Refused from None
            raise


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


TRANSPORTS: dict[str, Transport] = {"simulator": Simulator(), "smtp": Smtp()}


def chosen() -> str:
    """The way out that this deployment uses."""
    return "smtp" if settings.LUMBUNG_SMTP_URL else "simulator"
