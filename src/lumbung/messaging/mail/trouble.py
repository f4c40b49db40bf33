"""What went wrong with a mail server, in words for the operator and with what he can do."""

import smtplib
import socket
import ssl
from collections.abc import Iterator

from lumbung.messaging.mail.sending import NotForAnybody
from lumbung.messaging.mail.server import Server
from lumbung.messaging.mail.smtp import NoLogIn, NoTls, OutOfTime

_NAME_MISMATCH = 62  # X509_V_ERR_HOSTNAME_MISMATCH
# The first that fits says it; a kind comes before those that it is one of.
SENTENCES: tuple[tuple[type[BaseException], str], ...] = (
    (
        OutOfTime,
        "{at} answers so slowly that the mail took too long. From the queue it would be tried again later.",
    ),
    (
        TimeoutError,
        "{at} did not answer within {timeout} seconds. Is the port open from here? A server that wants tls=on is "
        "silent to tls=start, and the other way round.",
    ),
    (
        ssl.SSLCertVerificationError,
        "The certificate of {host} is not trusted by {authorities}: {reason}. If an authority of your own issued "
        "it, let LUMBUNG_SMTP_CA_FILE name that authority's certificate.",
    ),
    (ssl.SSLError, "{at} does not speak TLS as asked. Port 465 wants tls=on; ports 587 and 25 want tls=start."),
    (
        NotForAnybody,
        "This can't be written to: it is no mail address, or has letters before the @ that this server does not "
        "take.",
    ),
    (NoTls, "{at} offers no STARTTLS, so nothing was sent. If it speaks TLS from the first byte, say tls=on."),
    (
        NoLogIn,
        "{at} lets nobody log in here. Leave user and password out of LUMBUNG_SMTP_URL, or use another port.",
    ),
    (smtplib.SMTPAuthenticationError, '{at} refused user or password: "{said}".'),
    (
        smtplib.SMTPSenderRefused,
        '{at} does not take mail from this sender: "{said}". Is LUMBUNG_MAIL_FROM one that it may send for?',
    ),
    (smtplib.SMTPRecipientsRefused, '{at} refused the address: "{said}".{later}'),
    (smtplib.SMTPDataError, '{at} refused the mail itself: "{said}".{later}'),
    (smtplib.SMTPServerDisconnected, "{at} ended the connection in the midst of it. Its log may say why."),
    (smtplib.SMTPResponseException, '{at} answered: "{said}".'),
    (smtplib.SMTPException, "{at} and this program found no common way: {reason}"),
    (socket.gaierror, "There is no host {host} that can be found from here. Is the name right, does DNS answer?"),
    (ConnectionRefusedError, "Nothing listens at {at}. Is the port right, and does the server run?"),
    (OSError, "{at} can't be reached: {reason}."),
)
OTHER_NAME = (
    "The certificate of {host} is for another name. Write the name that it is for into LUMBUNG_SMTP_URL: {reason}."
)
LATER = " That passes (greylisting, for one): a mail from the queue is tried again."


def words(problem: BaseException, server: Server) -> str:
    """A sentence or two about what stopped the mail; what the server said stands in quotes."""
    kind, sentence, cause = _fitting(problem)
    if kind is ssl.SSLCertVerificationError and getattr(cause, "verify_code", 0) == _NAME_MISMATCH:
        sentence = OTHER_NAME
    code, said = _answer(cause)
    return sentence.format(
        at=f"{server.host}:{server.port}",
        host=server.host,
        timeout=server.timeout,
        authorities=server.authorities or "the system's authorities",
        reason=_reason(cause),
        said=f"{code} {said}",
        later=LATER if 400 <= code < 500 else "",
    )


def _fitting(problem: BaseException) -> tuple[type[BaseException], str, BaseException]:
    """The sentence for the error or for what led to it: smtplib wraps what its socket says."""
    for kind, sentence in SENTENCES:
        for cause in _causes(problem):
            if isinstance(cause, kind):
                return kind, sentence, cause
    raise problem


def _causes(problem: BaseException) -> Iterator[BaseException]:
    each: BaseException | None = problem
    while each is not None:
        yield each
        each = each.__cause__ or each.__context__


def _answer(problem: BaseException) -> tuple[int, str]:
    code, said = 0, b""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(problem.recipients.values()))
    elif isinstance(problem, smtplib.SMTPResponseException):
        code, said = problem.smtp_code, problem.smtp_error  # type: ignore[assignment]
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return code, " ".join(text.split())


def _reason(problem: BaseException) -> str:
    if isinstance(problem, ssl.SSLCertVerificationError):
        return problem.verify_message.rstrip(".")
    if isinstance(problem, OSError) and not isinstance(problem, smtplib.SMTPException):
        return problem.strerror or type(problem).__name__
    return str(problem)
