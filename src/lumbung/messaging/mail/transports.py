"""The ways out for a mail."""

from smtplib import SMTPException
from typing import Protocol

from django.conf import settings

from lumbung.messaging.mail.message import Written
from lumbung.messaging.mail.sending import Lines, NotForAnybody, configured, is_final
from lumbung.messaging.models import OutboundMail
from lumbung.messaging.transports import Refused


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
    """The operator's mail server. A mail that comes twice has one Message-ID and the same bytes, so a mailbox can
    tell; twice is better than never, since a code may be in it."""

    may_repeat = True

    def send(self, mail: OutboundMail) -> None:
        written = Written(mail.reference, mail.to, mail.subject or "", mail.body or "", mail.queued_at)
        try:
            LINES.send(written, configured())
        except (NotForAnybody, SMTPException) as problem:
            if is_final(problem):
                raise Refused from None
            raise


LINES = Lines()
TRANSPORTS: dict[str, Transport] = {"simulator": Simulator(), "smtp": Smtp()}


def chosen() -> str:
    """The way out that this deployment uses."""
    return "smtp" if settings.LUMBUNG_SMTP_URL else "simulator"
