"""A mail as it goes over the wire: plain text and HTML, the same bytes each time it is sent."""

from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8, Policy
from uuid import UUID

from lumbung.messaging.mail.drawing import draw
from lumbung.messaging.mail.server import wire_address


@dataclass(frozen=True, slots=True)
class Written:
    """What was written to whom. `language` is "id" or "en"; `stops_at` is the address that stops mails of its
    kind, for mails that the reader may choose away, else ""."""

    reference: UUID
    to: str = field(repr=False)
    subject: str = field(repr=False)
    body: str = field(repr=False)
    written_at: datetime
    language: str = "id"
    stops_at: str = ""


class _Whole(UnstructuredHeader, BaseHeader):
    """A header whose one long word stays as it is: broken, or in other letters, no program could read it."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


HEADERS = HeaderRegistry()
HEADERS.map_to_type("list-unsubscribe", _Whole)


def compose(written: Written, *, sender: Address) -> EmailMessage:
    """The message. Raises ValueError when what it goes to is no mail address; nothing else can break a header.

    Its headers tell nothing of anybody but the address it goes to and the subject.
    """
    to = wire_address(written.to)
    policy = (SMTP if to.isascii() else SMTPUTF8).clone(max_line_length=76, header_factory=HEADERS)
    message = EmailMessage(policy=policy)
    message["From"] = sender
    message["To"] = Address(username=to.rpartition("@")[0], domain=to.rpartition("@")[2])
    message["Subject"] = one_line(written.subject)
    message["Date"] = written.written_at
    message["Message-ID"] = f"<{written.reference}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    if written.stops_at:
        message["List-Unsubscribe"] = f"<{written.stops_at}>"
        if written.stops_at.startswith("https://"):  # RFC 8058 asks for that
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    drawn = draw(one_line(written.subject), written.body, language=written.language)
    # Both parts in letters of seven bits, which no server on the way writes anew (that would break DKIM).
    message.set_content(drawn.plain, cte="quoted-printable")
    message.add_alternative(drawn.html, subtype="html", cte="quoted-printable")
    message.set_boundary(f"=_{written.reference.hex}")
    message["Content-Language"] = written.language  # content's headers go when content comes
    return message


def one_line(text: str) -> str:
    """The text on one line, without what is not shown, so that it can't end a header and begin another one."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
