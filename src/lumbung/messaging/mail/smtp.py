"""One connection to a mail server: with TLS and a log-in, with an end to all waiting, for many mails."""

import smtplib
import socket
import ssl
from collections.abc import Sequence
from time import monotonic
from typing import Any

from lumbung.messaging.mail.server import Server, trust

# For a whole mail, whatever the server does: less than after which a mail counts as lost and is claimed anew.
WHOLE_SECONDS = 90
GOOD_BYE_SECONDS = 2
LONGEST_LINE = 8192


class OutOfTime(TimeoutError):
    """The server answered, but so slowly that the whole mail took too long."""


class NoTls(smtplib.SMTPException):
    """The server offers no STARTTLS, so nothing is said to it."""


class NoLogIn(smtplib.SMTPException):
    """The server offers no way to log in."""


class Unanswered(smtplib.SMTPServerDisconnected):
    """The mail went over, and no answer came: the server may have it."""


class Replies:
    """A server's lines, each of which comes in time; smtplib waits for ever when they come letter by letter."""

    def __init__(self, connection: "Patient") -> None:
        self.connection = connection
        self.read = b""

    def readline(self, most: int) -> bytes:
        while b"\n" not in self.read and len(self.read) < most:
            self.connection.limit_wait()
            try:
                more = self.connection.sock.recv(LONGEST_LINE)  # type: ignore[union-attr]
            except TimeoutError:
                self.connection.limit_wait()  # whether it was the whole mail that took too long
                raise
            if not more:
                break
            self.read += more
        end = self.read.find(b"\n") + 1 or len(self.read)
        end = min(end, most)
        line, self.read = self.read[:end], self.read[end:]
        return line

    def close(self) -> None:
        self.read = b""


class Patient(smtplib.SMTP):
    """smtplib's client with an end for each answer and for the whole. `ends_at` is by time.monotonic."""

    def __init__(self, server: Server) -> None:
        self.patience, self.ends_at = float(server.timeout), monotonic() + WHOLE_SECONDS
        self.is_last_answer = False
        self._by_tls = trust(server) if server.tls == "on" else None
        super().__init__(server.host, server.port, local_hostname=server.own_name, timeout=server.timeout)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = socket.create_connection((host, port), timeout)
        if self._by_tls is None:
            return plain
        try:
            return self._by_tls.wrap_socket(plain, server_hostname=host)
        except BaseException:
            plain.close()
            raise

    def begin(self) -> None:
        """A new mail: its time runs from now on."""
        self.ends_at = monotonic() + WHOLE_SECONDS

    def limit_wait(self) -> None:
        """Wait no longer for what comes next than is left. Raises OutOfTime when nothing is."""
        left = self.ends_at - monotonic()
        if left <= 0:
            raise OutOfTime
        if self.sock is not None:
            # The last answer may take longer: the server looks at the mail, and who gives up sends it twice.
            self.sock.settimeout(left if self.is_last_answer else min(left, self.patience))

    def send(self, text: Any) -> None:
        self.limit_wait()
        super().send(text)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None:
            self.file = Replies(self)
        return super().getreply()

    def data(self, message: bytes) -> tuple[int, bytes]:  # type: ignore[override]
        """Hand the mail over. Raises Unanswered when from then on nobody knows whether the server has it."""
        self.putcmd("data")
        code, said = self.getreply()
        if code != 354:
            raise smtplib.SMTPDataError(code, said)
        self.is_last_answer = True
        try:
            self.send(smtplib._quote_periods(message) + b".\r\n")  # type: ignore[attr-defined]
            return self.getreply()
        except OSError as problem:
            raise Unanswered(str(problem)) from problem
        finally:
            self.is_last_answer = False


class Connection:
    """A server that is ready for mails. Whatever it raises but a refusal, it is of no use any more."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.client = Patient(server)
        self.used_at, self.mails = monotonic(), 0
        try:
            self._greet()
        except BaseException:
            self.client.close()
            raise

    def _greet(self) -> None:
        self.client.ehlo_or_helo_if_needed()
        if self.server.tls == "start":
            if not self.client.has_extn("starttls"):
                raise NoTls
            code, said = self.client.starttls(context=trust(self.server))
            if code != 220:
                raise smtplib.SMTPResponseException(code, said)
            self.client.ehlo_or_helo_if_needed()
        if self.server.user:
            try:
                self.client.login(self.server.user, self.server.password)
            except (smtplib.SMTPResponseException, smtplib.SMTPServerDisconnected):
                raise
            except smtplib.SMTPException:
                raise NoLogIn from None

    @property
    def protection(self) -> str:
        """How the connection is protected, for the operator."""
        if not isinstance(self.client.sock, ssl.SSLSocket):
            return "no TLS (this machine alone)"
        return f"{self.client.sock.version()}, certificate trusted"

    @property
    def is_open(self) -> bool:
        """Whether another mail can be tried."""
        return self.client.sock is not None

    @property
    def takes_utf8(self) -> bool:
        """Whether an address before the @ may have any letters (SMTPUTF8)."""
        return bool(self.client.has_extn("smtputf8"))

    def hand_over(self, *, sender: str, to: str, message: bytes, options: Sequence[str] = ()) -> str:
        """Hand one mail over and return what the server said. Raises smtplib's errors, TimeoutError, OSError."""
        if self.mails:
            self.client.begin()
        self.mails += 1
        try:
            code, said = self._hand_over(sender, to, message, options)
        finally:
            self.used_at = monotonic()
        return f"{code} {said.decode('utf-8', 'replace')}"

    def _hand_over(self, sender: str, to: str, message: bytes, options: Sequence[str]) -> tuple[int, bytes]:
        client = self.client
        sizes = [f"size={len(message)}"] if client.has_extn("size") else []
        code, said = client.mail(sender, [*sizes, *options])
        if code != 250:
            client._rset()  # type: ignore[attr-defined]
            raise smtplib.SMTPSenderRefused(code, said, sender)
        code, said = client.rcpt(to)
        if code not in {250, 251}:
            client._rset()  # type: ignore[attr-defined]
            raise smtplib.SMTPRecipientsRefused({to: (code, said)})
        code, said = client.data(message)
        if code != 250:
            client._rset()  # type: ignore[attr-defined]
            raise smtplib.SMTPDataError(code, said)
        return code, said

    def end(self) -> None:
        """Say good-bye, if it can be said, and close."""
        self.client.ends_at = monotonic() + GOOD_BYE_SECONDS
        try:
            self.client.quit()
        except (OSError, smtplib.SMTPException):
            self.client.close()
