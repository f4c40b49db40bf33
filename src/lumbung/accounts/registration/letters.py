"""What is written to who registers, and to whom it concerns. Only the link's own mail holds a link."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext, override

from lumbung.messaging.lanes import WORTH, WORTH_OF_WARNING, Lane
from lumbung.wording import clock


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail; its text alone is what goes into an SMS. It is worth nothing any more after it was underway for so
    long as it `lasts`."""

    subject: str
    body: str = field(repr=False)
    language: str
    lasts: timedelta = WORTH_OF_WARNING


def code(digits: str, *, language: str) -> Letter:
    """The code to confirm a contact."""
    with override(language):
        body = gettext("Your Lumbung code: %(code)s. Valid for 10 minutes. Never tell it to anyone.")
        return Letter(gettext("Your code for Lumbung"), body % {"code": digits}, language, WORTH[Lane.CODE])


def link(path: str, numbers: Sequence[str], begun_at: datetime, *, language: str) -> Letter:
    """The link that confirms an e-mail address, and who registers what: whoever reads it may be somebody else."""
    with override(language):
        body = gettext(
            "Somebody who knows the data of the member with number %(numbers)s began on %(when)s to register"
            " a Lumbung account with this e-mail address.\n\n"
            'Was it you? Open this page and press "Yes, it is me who registers". It works for 24 hours, once, on'
            " any device:\n\n"
            "%(link)s\n\n"
            "Was it not you? Do not press that button: whoever registers chose the password, and would get into"
            ' the account. Press "It was not me" on the same page, and we end it. If you do nothing, there is no'
            " account either. The page asks for no password."
        )
        facts = {
            "numbers": ", ".join(numbers),
            "when": clock(begun_at),
            "link": settings.LUMBUNG_PUBLIC_URL.rstrip("/") + path,
        }
        return Letter(gettext("Is it you who registers with Lumbung?"), body % facts, language)


def ended(*, language: str) -> Letter:
    """To every contact that the fund has of a member, when the owner of an e-mail address said "not me"."""
    with override(language):
        body = gettext(
            "Lumbung: someone began an account for your membership with an e-mail whose owner said: not me. It was"
            " ended. You? Register again with your own address."
        )
        return Letter(gettext("An account for your membership was not made"), body, language)


def contact_in_use(*, language: str) -> Letter:
    """To the owner of a contact with which somebody else registers."""
    with override(language):
        body = gettext(
            "Lumbung: someone wants to register with this contact, which has an account. You? Log in, or use"
            " another contact. Not you? Nothing changed."
        )
        return Letter(gettext("Somebody wants to register with your address"), body, language)


def account_made(*, language: str) -> Letter:
    """To every contact that the fund had or has of a member, once an account is confirmed."""
    with override(language):
        body = gettext(
            "Lumbung: an account was made for your membership. Not you? Tell the fund's office now. We never ask"
            " for codes or passwords."
        )
        return Letter(gettext("An account was made for your membership"), body, language)
