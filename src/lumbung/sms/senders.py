"""Who may be answered: phones, and nothing that could answer back for ever."""

import re

from lumbung.registry.identity import phone_in_e164

_PHONE = re.compile(r"\+?[0-9][0-9 .-]*")
# The shortest phone in E.164 is longer than the longest short code.
_DIGITS_MIN = 10


def phone_of(sender: str) -> str | None:
    """The phone of a sender in E.164, from +62812…, 62812… or 0812…; None for a short code or a name."""
    if not _PHONE.fullmatch(sender.strip()):
        return None
    phone = phone_in_e164(sender)
    return phone if phone is not None and len(phone) > _DIGITS_MIN else None
