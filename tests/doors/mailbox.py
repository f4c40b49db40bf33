"""What reached a phone or an address in a test, and the code in it."""

import re

from lumbung.messaging.mail.actions import mail_index
from lumbung.messaging.models import OutboundMail, OutboundText
from lumbung.messaging.phones import phone_index


def texts_to(phone: str) -> list[str]:
    """The texts put out for a phone, the oldest first."""
    found = OutboundText.objects.filter(to_index=phone_index(phone)).order_by("pk")
    return [text.body or "" for text in found]


def mails_to(address: str) -> list[tuple[str, str]]:
    """Subject and body of the mails put out for an address, the oldest first."""
    found = OutboundMail.objects.filter(to_index=mail_index(address)).order_by("pk")
    return [(mail.subject or "", mail.body or "") for mail in found]


def code_in(message: str) -> str:
    """The six digits of a code."""
    [code] = re.findall(r"\b[0-9]{6}\b", message)
    return str(code)
