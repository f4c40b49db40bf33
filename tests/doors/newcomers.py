"""Somebody who is insured and has no account, and how he walks through the registration, for its tests."""

import html
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.test import Client

from lumbung.accounts.models import AccessEvent
from lumbung.messaging.models import OutboundMail, OutboundText
from lumbung.registry.actions import NewPerson, register_persons
from lumbung.registry.models import Person

PASSWORD = "padi-jagung-sagu-kelapa-2026"
NUMBER, NIK, BORN, NAME = "10000000009", "9901014101900009", date(1990, 1, 1), "Rina Uji Lestari"
PHONE, EMAIL = "+6281200000009", "rina@contoh.test"


def make_newcomer(
    *, phone: str | None = PHONE, email: str | None = EMAIL, number: str = NUMBER, nik: str | None = NIK
) -> Person:
    """Rina Uji Lestari, with these contacts on file."""
    new = NewPerson(NAME, BORN, (number,), nik=nik, phone=phone, email=email)
    return register_persons([new])[0].person


def facts(**other: str) -> dict[str, str]:
    """What Rina types on the first page."""
    typed = {"number": NUMBER, "nik": NIK, "born_day": "1", "born_month": "1", "born_year": "1990", "name": NAME}
    return {**typed, **other}


@dataclass
class Walk:
    """One browser on its way through the registration; each step returns the answer to its form."""

    client: Client

    def who(self, **other: str) -> HttpResponse:
        return self._post("/register/", facts(**other))

    def contacts(self, phone: str = PHONE, email: str = EMAIL) -> HttpResponse:
        return self._post("/register/contacts/", {"phone": phone, "email": email})

    def account(self, username: str = "rina", password: str = PASSWORD) -> HttpResponse:
        return self._post("/register/account/", {"username": username, "password": password})

    def choose(self, way: str) -> HttpResponse:
        return self._post("/register/confirm/", {"way": way})

    def code(self, digits: str) -> HttpResponse:
        return self._post("/register/code/", {"code": digits})

    def on_file(self, way: str) -> HttpResponse:
        return self._post("/register/on-file/", {"way": way})

    def up_to_account(self, phone: str = PHONE, email: str = EMAIL, username: str = "rina") -> HttpResponse:
        """Through the first three pages, all right."""
        assert self.who().headers.get("Location") == "/register/contacts/"
        assert self.contacts(phone, email).headers.get("Location") == "/register/account/"
        return self.account(username)

    def _post(self, path: str, typed: dict[str, Any]) -> HttpResponse:
        answer: HttpResponse = self.client.post(path, typed)
        return answer


def texts(phone: str = PHONE) -> list[str]:
    """The words of all texts to the phone, the oldest first."""
    return [text.body or "" for text in OutboundText.objects.order_by("pk") if text.to == phone]


def mails(address: str = EMAIL) -> list[str]:
    """The words of all mails to the address, the oldest first."""
    return [mail.body or "" for mail in OutboundMail.objects.order_by("pk") if mail.to == address]


def digits(message: str) -> str:
    found = re.search(r"\b(\d{6})\b", message)
    assert found is not None, "no code in it"
    return found[1]


def link(message: str) -> str:
    found = re.search(r"/register/link/\S+/", message)
    assert found is not None, "no link in it"
    return found[0]


def told(answer: HttpResponse) -> tuple[int, str | None, str]:
    """Status, place to go to and body of an answer, without what changes from one to the next: CSRF masks."""
    body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())
    return answer.status_code, answer.headers.get("Location"), body


def said(answer: HttpResponse) -> str:
    """What an answer's page says."""
    return html.unescape(answer.content.decode())


def events() -> list[str]:
    """What stands in the access log, the oldest first, but for log-ins."""
    words = AccessEvent.objects.order_by("pk").values_list("what", flat=True)
    return [word for word in words if not word.startswith("logged")]
