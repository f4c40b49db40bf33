"""A phone that texts through the endpoint, a queue that is worked off within the test, and the guide's member."""

import base64
import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from procrastinate.contrib.django import app

from lumbung.ledger import actions as books
from lumbung.ledger.drafts import Draft, MemberLines
from lumbung.messaging import queries
from lumbung.messaging.models import InboundText
from lumbung.registry.actions import NewPerson, register_persons
from lumbung.registry.models import Person

NUMBER, BORN, NIK, PHONE = "123456789012", date(1990, 1, 1), "3171010101010001", "0812 0000 0001"
DAFTAR = "DAFTAR 123456789012 01-01-1990 3171010101010001"
SALDO = "SALDO 123456789012"
STRANGER = "081299990000"


def make_guide_member(*numbers: str, language: str = "id", nik: str | None = NIK) -> Person:
    """The member of the guide's texts, with phone on file and any further numbers."""
    new = NewPerson("Budi Contoh", BORN, (NUMBER, *numbers), nik=nik, phone=PHONE, language=language)
    return register_persons([new])[0].person


def pay_in(number: str, rupiah: int) -> None:
    """Book a contribution for one member number."""
    day = date(2024, 2, 10)
    lines = MemberLines((number,), (date(2024, 1, 1),), (rupiah,))
    control = (("bank", rupiah), ("member_old_age", -rupiah))
    books.post(Draft(f"test:{uuid.uuid4()}", "contribution", day, control, lines), now=datetime.now(UTC))


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def hand_in(
    body: str | bytes,
    *,
    sender: str | None = PHONE,
    gateway_id: str | None = None,
    content_type: str = 'text/plain; charset="UTF-8"',
    secret: str | None = None,
    query: str | None = None,
) -> HttpResponse:
    """Post a text as Kannel would."""
    if query is None:
        query = f"id={gateway_id or uuid.uuid4()}&ts=1795372644"
    headers = {
        "Authorization": basic("kannel", settings.LUMBUNG_SMS_SECRET if secret is None else secret),
        "X-Kannel-To": "2757",
        "X-Kannel-Time": "2026-11-22 18:37:24",
        "X-Kannel-SMSC": "FAKE1",
    }
    if sender is not None:
        headers["X-Kannel-From"] = sender
    raw = body.encode() if isinstance(body, str) else body
    path = f"/sms/inbound?{query}"
    return Client().generic("POST", path, raw, content_type=content_type, headers=headers)


def work_off() -> None:
    """Run the jobs that are due in this connection, oldest first, until none is left."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id ="
                " (SELECT min(id) FROM procrastinate_jobs WHERE status = 'todo' AND scheduled_at IS NULL)"
                " RETURNING task_name, args"
            )
            row = cursor.fetchone()
        if row is None:
            return
        app.tasks[row[0]](**json.loads(row[1]))


@dataclass
class Handset:
    """A phone: says a text and hears the answer, None for silence."""

    number: str = PHONE
    ids: list[str] = field(default_factory=list)

    def say(self, body: str, *, gateway_id: str | None = None) -> str | None:
        self.ids.append(gateway_id or str(uuid.uuid4()))
        response = hand_in(body, sender=self.number, gateway_id=self.ids[-1])
        assert (response.status_code, response.content) == (200, b"")
        work_off()
        text = self.last()
        return text.answer.body if text.state == InboundText.State.ANSWERED else None

    def last(self) -> InboundText:
        text = queries.inbound("kannel", self.ids[-1])
        assert text is not None
        return text
