"""Hand mails to the operator's server, several over one connection, and tell what is final from what passes."""

import smtplib
from dataclasses import dataclass, field
from email.headerregistry import Address
from threading import Lock
from time import monotonic
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from lumbung.messaging.mail.message import Written, compose
from lumbung.messaging.mail.server import LOOKS_LIKE, Server, read_sender, read_url, wire_address
from lumbung.messaging.mail.smtp import Connection, Unanswered

# A connection is used again for what comes within so many seconds, and for so many mails: servers end what lasts.
KEPT_SECONDS = 20
MAILS_A_CONNECTION = 50
# No such address, no such domain, and other words about this mail alone; of all else the operator is to hear.
_ABOUT_US = {421, 450, 451, 452, 454, 530, 534, 535, 538}


class NotForAnybody(ValueError):
    """What it goes to is no mail address, or needs letters that this server does not take."""


def configured() -> Server:
    """The server of the settings. Raises ImproperlyConfigured when they name none."""
    if not settings.LUMBUNG_SMTP_URL:
        raise ImproperlyConfigured(f"LUMBUNG_SMTP_URL is not set. It looks like {LOOKS_LIKE}.")
    own_name = urlsplit(settings.LUMBUNG_PUBLIC_URL).hostname or "localhost"
    return read_url(settings.LUMBUNG_SMTP_URL, authorities=settings.LUMBUNG_SMTP_CA_FILE, own_name=own_name)


def sender() -> Address:
    """The sender of all mail. Raises ImproperlyConfigured."""
    return read_sender(settings.DEFAULT_FROM_EMAIL)


def hand_over(written: Written, connection: Connection) -> str:
    """Hand a mail over and return what the server said. Raises NotForAnybody, smtplib's errors, OSError."""
    own = sender()
    try:
        to, message = wire_address(written.to), compose(written, sender=own)
    except ValueError:
        raise NotForAnybody from None
    options = []
    if not to.isascii():
        if not connection.takes_utf8:
            raise NotForAnybody
        options = ["SMTPUTF8", "BODY=8BITMIME"]
    return connection.hand_over(sender=own.addr_spec, to=to, message=message.as_bytes(), options=options)


def is_final(problem: Exception) -> bool:
    """Whether this mail will never be taken. What is wrong with us (sender, log-in, TLS) is not: an operator mends
    that, and the mail goes then."""
    if isinstance(problem, NotForAnybody):
        return True
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        return all(_is_never(code) for code, _ in problem.recipients.values())
    return isinstance(problem, smtplib.SMTPDataError) and _is_never(problem.smtp_code)


def is_about_it(problem: Exception) -> bool:
    """Whether the server's "not now" is about this mail or its address (greylisting, a full mailbox), so that it
    takes others meanwhile."""
    return isinstance(problem, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) and not _has_ended(problem)


def is_unknown(problem: Exception) -> bool:
    """Whether the server may have the mail all the same: it was handed over, and no answer came."""
    return isinstance(problem, Unanswered)


def _is_never(code: int) -> bool:
    return 500 <= code < 600 and code not in _ABOUT_US


@dataclass
class Lines:
    """Connections that are open and used again. Safe for threads: who has one has it alone."""

    most_kept: int = 1
    kept: list[tuple[Server, Connection]] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def send(self, written: Written, server: Server) -> str:
        """Hand a mail over, as `hand_over`; by a new connection when a kept one turns out to have ended."""
        connection = self._taken(server)
        if connection is not None:
            try:
                return self._send(written, connection)
            except smtplib.SMTPException as problem:
                # It ended while nobody used it, and before anything of this mail was handed over.
                if is_unknown(problem) or not _has_ended(problem):
                    raise
        return self._send(written, Connection(server))

    def _send(self, written: Written, connection: Connection) -> str:
        is_good = False
        try:
            said = hand_over(written, connection)
            is_good = True
        except (smtplib.SMTPException, NotForAnybody) as problem:
            is_good = not _has_ended(problem)
            raise
        finally:
            if is_good and connection.is_open and connection.mails < MAILS_A_CONNECTION:
                self._keep(connection)
            else:
                connection.end()
        return said

    def _taken(self, server: Server) -> Connection | None:
        with self.lock:
            kept, self.kept = self.kept, []
            fresh = [each for each in kept if each[0] == server and each[1].used_at > monotonic() - KEPT_SECONDS]
            taken = fresh.pop()[1] if fresh else None
            self.kept = fresh
            old = [each[1] for each in kept if each not in fresh and each[1] is not taken]
        for connection in old:
            connection.end()
        return taken

    def _keep(self, connection: Connection) -> None:
        with self.lock:
            if len(self.kept) < self.most_kept:
                self.kept.append((connection.server, connection))
                return
        connection.end()

    def end(self) -> None:
        """Close all of them."""
        with self.lock:
            kept, self.kept = self.kept, []
        for _, connection in kept:
            connection.end()


def _has_ended(problem: Exception) -> bool:
    if isinstance(problem, smtplib.SMTPServerDisconnected):
        return True
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        return any(code == 421 for code, _ in problem.recipients.values())
    return isinstance(problem, smtplib.SMTPResponseException) and problem.smtp_code == 421
