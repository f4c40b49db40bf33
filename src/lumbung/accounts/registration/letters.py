"""What is written to who registers, and to whom it concerns. Only the link's own mail holds a link."""

from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import gettext, override


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail; its text alone is what goes into an SMS."""

    subject: str
    body: str = field(repr=False)


def code(digits: str, *, language: str) -> Letter:
    """The code to confirm a contact."""
    with override(language):
        body = gettext("Your Lumbung code: %(code)s. Valid for 10 minutes. Never tell it to anyone.")
        return Letter(gettext("Your code for Lumbung"), body % {"code": digits})


def link(path: str, *, language: str) -> Letter:
    """The link that confirms an e-mail address."""
    with override(language):
        body = gettext(
            "You registered a Lumbung account with this e-mail address.\n\n"
            "Open this page and press the button on it. It works for 24 hours, once, on any device:\n\n"
            "%(link)s\n\n"
            "The page asks for no password. Did you not register? Then do nothing: without the button there is no"
            " account."
        )
        return Letter(
            gettext("Confirm your e-mail address"), body % {"link": settings.LUMBUNG_PUBLIC_URL.rstrip("/") + path}
        )


def contact_in_use(*, language: str) -> Letter:
    """To the owner of a contact with which somebody else registers."""
    with override(language):
        body = gettext(
            "Lumbung: someone wants to register with this contact, which has an account. You? Log in, or use"
            " another contact. Not you? Nothing changed."
        )
        return Letter(gettext("Somebody wants to register with your address"), body)


def account_made(*, language: str) -> Letter:
    """To every contact that the fund had or has of a member, once an account is confirmed."""
    with override(language):
        body = gettext(
            "Lumbung: an account was made for your membership. Not you? Tell the fund's office now. We never ask"
            " for codes or passwords."
        )
        return Letter(gettext("An account was made for your membership"), body)
