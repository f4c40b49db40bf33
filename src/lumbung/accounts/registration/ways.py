"""The ways to show that a contact is one's own."""

from enum import StrEnum


class Way(StrEnum):
    """A code in a text, a code in a mail, or a link in a mail."""

    SMS = "sms"
    EMAIL = "email"
    LINK = "link"

    @property
    def is_mail(self) -> bool:
        return self is not Way.SMS


SEALED = "registration.contacts"  # the context under which contacts wait in a session
