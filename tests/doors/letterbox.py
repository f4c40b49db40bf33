"""What reached a phone or a mailbox, and the codes in it; contacts for users; a clock that can be put on."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from allauth.account.models import EmailAddress
from bodies import plain
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import Client
from sms_phone import work_off

from lumbung.accounts.actions import set_phone
from lumbung.accounts.models import User
from lumbung.messaging.models import OutboundMail, OutboundText

PHONE, EMAIL = "+6281200000101", "sari@contoh.test"
OTHER_PHONE, OTHER_EMAIL = "+6281200000202", "joko@contoh.test"
NEW_PASSWORD = "sagu-kelapa-cengkih-2027"
CONFIRMED_AT = datetime(2026, 1, 1, tzinfo=UTC)
Clock = Callable[[timedelta], None]


def give_contacts(user: User, *, phone: str | None = PHONE, email: str | None = EMAIL) -> None:
    """A confirmed phone and a confirmed address, as if the user had typed their codes once."""
    if phone:
        set_phone(user, phone, verified_at=CONFIRMED_AT)
    if email:
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        user.email = email
        user.save(update_fields=["email"])


def texts(phone: str = PHONE) -> list[str]:
    """What the phone was told, the oldest first, after the queue has done its work."""
    work_off()
    return [text.body or "" for text in OutboundText.objects.order_by("pk") if text.to == phone]


def mails(address: str = EMAIL) -> list[str]:
    """Subjects and bodies of what came to the address, the oldest first."""
    work_off()
    found = [mail for mail in OutboundMail.objects.order_by("pk") if mail.to == address]
    return [f"{mail.subject}\n{mail.body}" for mail in found]


def code_in(message: str) -> str:
    """The one code of six digits in a message."""
    (code,) = re.findall(r"\b\d{6}\b", message)
    return str(code)


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def told(answer: HttpResponse, *changing: str) -> tuple[int, str, str]:
    """Status, where it leads and body, without CSRF tokens and what the asker typed."""
    return answer.status_code, answer.get("Location", ""), plain(answer, *changing)


def session_of(client: Client) -> SessionStore:
    """The browser's session at the members' door, to look into and to put back."""
    return SessionStore(client.cookies["lumbung_member"].value)
