"""The ways out for a mail."""

from collections.abc import Sequence
from smtplib import SMTPException

from django.conf import settings

from lumbung.messaging.mail.message import Written
from lumbung.messaging.mail.sending import Lines, NotForAnybody, configured, is_about_it, is_final, is_unknown
from lumbung.messaging.models import OutboundMail
from lumbung.messaging.outbox.channels import Way
from lumbung.messaging.transports import SIMULATOR, Later, NotTaken, Refused

# Mails on their way side by side, each by a connection of its own. Providers allow some ten.
IN_FLIGHT = 4


class Smtp:
    """The operator's mail server. A mail that comes twice has one Message-ID and the same bytes, so a mailbox can
    tell; twice is better than never, since a code may be in it."""

    may_repeat = True

    def __init__(self) -> None:
        self.lines = Lines(most_kept=IN_FLIGHT)

    def send(self, mail: OutboundMail) -> None:
        said = (mail.subject or "", mail.body or "")
        written = Written(mail.reference, mail.to, *said, mail.queued_at, mail.language, mail.stops_at or "")
        try:
            self.lines.send(written, configured())
        except (NotForAnybody, SMTPException, OSError) as problem:
            if is_unknown(problem):
                raise
            if is_final(problem):
                raise Refused from None
            raise (Later if is_about_it(problem) else NotTaken) from None


SMTP = Smtp()


def ways() -> Sequence[Way]:
    """The way out that this deployment uses."""
    if settings.LUMBUNG_SMTP_URL:
        return (Way("smtp", SMTP.send, SMTP.may_repeat, in_flight=IN_FLIGHT),)
    return (Way("simulator", SIMULATOR.send, SIMULATOR.may_repeat, breaks=False),)
