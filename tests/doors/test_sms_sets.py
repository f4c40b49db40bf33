"""SALDO of many phones is answered in sets, word for word as by itself; what is not plain is left alone."""

from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from sms_phone import hand_in, pay_in, work_off

from lumbung.messaging import actions as carrying
from lumbung.messaging.models import InboundText, OutboundText
from lumbung.messaging.phones import phone_index
from lumbung.registry.actions import NewPerson, register_persons
from lumbung.sms import actions
from lumbung.sms.balances import actions as balances
from lumbung.sms.models import SmsRegistration

Texts = dict[str, InboundText]


def phone(place: int) -> str:
    return f"+62812000001{place:02d}"


def number(place: int) -> str:
    return f"100000000{place:02d}"


def make_members(count: int) -> None:
    """Members whose phones are registered, each with another balance, in turn of one language and the other."""
    register_persons(
        [
            NewPerson(f"Uji {at}", date(1990, 1, 1), (number(at),), phone=phone(at), language=("id", "en")[at % 2])
            for at in range(count)
        ]
    )
    for at in range(count):
        register(phone(at), number(at))
        pay_in(number(at), 1_000 + at)


def register(by: str, of: str) -> None:
    SmsRegistration.objects.create(
        member_number_id=of, phone_index=phone_index(by), registered_at=datetime(2025, 1, 1, tzinfo=UTC)
    )


def ask(by: str, body: str) -> int:
    """A text that waits, and its key."""
    assert hand_in(body, sender=by).status_code == 200
    return InboundText.objects.latest("pk").pk


def told() -> dict[str, tuple[str, str, str, int]]:
    """Of each phone the outcome of its last text and the answer in the outbox."""
    rows = OutboundText.objects.select_related("in_reply_to").order_by("pk")
    return {row.to: (row.in_reply_to.outcome, row.in_reply_to.state, row.body, row.lane) for row in rows}


def put_out() -> list[dict[str, object]]:
    """All columns of the outbox but the names of the rows and of what they answer."""
    apart = {"id", "reference", "in_reply_to"}
    names = [field.name for field in OutboundText._meta.concrete_fields if field.name not in apart]
    return [
        {**row, "to_index": bytes(row["to_index"])} for row in OutboundText.objects.order_by("pk").values(*names)
    ]


@pytest.mark.django_db
def test_a_set_puts_out_the_rows_that_each_would_have_had_by_itself() -> None:
    make_members(2)
    keys, now = [ask(phone(at), f"SALDO {number(at)}") for at in range(2)], timezone.now()
    assert balances.answer_plain(keys, now=now)[0] == set(keys)
    together = put_out()
    assert len({row.reference for row in OutboundText.objects.all()}) == 2
    OutboundText.objects.all().delete()
    InboundText.objects.update(state=InboundText.State.WAITING, outcome="", closed_at=None)
    for key in keys:
        actions.answer_text(key, now=now)
    assert put_out() == together


@pytest.mark.django_db
def test_a_set_says_what_each_would_have_been_told_by_itself() -> None:
    make_members(6)
    keys = [ask(phone(at), f"{('saldo', 'SALDO #', 'Balance')[at % 3]} {number(at)}") for at in range(6)]
    with CaptureQueriesContext(connection) as asked:
        assert balances.answer_plain(keys, now=timezone.now())[0] == set(keys)
    assert len([query for query in asked if "SAVEPOINT" not in query["sql"]]) <= 14
    together = told()
    assert len({words for _, _, words, _ in together.values()}) == 6
    assert all("Rp 1.00" in words or "Rp 1,00" in words for _, _, words, _ in together.values())
    OutboundText.objects.all().delete()
    InboundText.objects.update(state=InboundText.State.WAITING, outcome="", closed_at=None)
    for key in keys:
        actions.answer_text(key, now=timezone.now())
    assert told() == together


@pytest.mark.django_db
def test_what_is_not_plain_is_left_to_be_answered_by_itself() -> None:
    make_members(9)
    register_persons([NewPerson("Uji Dua", date(1990, 1, 1), ("20000000001", "20000000002"), phone=phone(20))])
    register(phone(20), "20000000001")
    plain = ask(phone(0), f"SALDO {number(0)}")
    left = [
        ask(phone(1), "STATUS"),
        ask(phone(2), f"SALDO {number(3)}"),  # another's
        ask(phone(30), f"SALDO {number(4)}"),  # on nobody's file
        ask(phone(5), f"SALDO {number(5)}"),
        ask(phone(5), f"SALDO {number(5)}"),  # a repetition
        ask(phone(20), "SALDO 20000000001"),  # of a person with two numbers
        ask(phone(6), "SALDO 99999999999"),
        ask("2757", f"SALDO {number(7)}"),
        ask(phone(7), "SALDO"),
    ]
    for place in range(balances.FEW_ANSWERS + 1):  # one that was answered a lot today
        hand_in(f"BANTUAN {place}", sender=phone(8))
    work_off()
    InboundText.objects.filter(pk__in=[plain, *left]).update(
        state="waiting", outcome="", closed_at=None, repeats=None
    )
    OutboundText.objects.exclude(to=phone(8)).filter(in_reply_to__in=[plain, *left]).delete()
    InboundText.objects.exclude(pk__in=[plain, *left]).update(received_at=timezone.now() - timedelta(hours=2))
    left.append(ask(phone(8), f"SALDO {number(8)}"))
    assert balances.answer_plain([plain, *left], now=timezone.now()) == ({plain}, set(left))
    assert balances.answer_plain([plain, *left], now=timezone.now()) == (set(), set(left))


@pytest.mark.django_db
def test_a_phone_taken_off_file_is_told_nothing_by_a_set_either() -> None:
    make_members(2)
    SmsRegistration.objects.filter(member_number=number(1)).delete()
    keys = [ask(phone(at), f"SALDO {number(at)}") for at in range(2)]
    actions.answer_waiting()
    assert [InboundText.objects.get(pk=key).outcome for key in keys] == ["balance", "refused"]


@pytest.mark.usefixtures("clone")
def test_a_phone_that_somebody_else_answers_is_passed_over(app_url: str) -> None:
    make_members(2)
    keys = [ask(phone(at), f"SALDO {number(at)}") for at in range(2)]
    held = carrying.one_phone_key(bytes(InboundText.objects.get(pk=keys[0]).sender_index))
    with psycopg.connect(app_url) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [held])
        assert balances.answer_plain(keys, now=timezone.now()) == ({keys[1]}, set())
    assert balances.answer_plain(keys, now=timezone.now()) == ({keys[0]}, set())
    assert OutboundText.objects.count() == 2


@pytest.mark.django_db
def test_a_set_that_fails_is_answered_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    make_members(3)
    for at in range(3):
        ask(phone(at), f"SALDO {number(at)}")

    def fail(*_: object, **__: object) -> set[int]:
        raise RuntimeError

    monkeypatch.setattr(balances, "answer_plain", fail)
    actions.answer_waiting()
    assert OutboundText.objects.filter(state="sent").count() == 3
