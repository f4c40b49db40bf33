"""One user of each kind, and a browser for each that came in by its own door."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import pytest
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import is_mfa_enabled
from browsing import end_what_is_kept
from django.conf import LazySettings, settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_started
from django.db import close_old_connections
from django.test import Client
from django.test.client import ClientHandler, FakePayload
from django.utils import timezone
from door_users import PASSWORD, Users
from newcomers import Walk, make_newcomer
from published import publish_samples

from lumbung.accounts import actions
from lumbung.accounts.models import User
from lumbung.accounts.passwords.hashers import PasswordHasher
from lumbung.config.charsets import KnownCharsets
from lumbung.config.doors import DOORS
from lumbung.contributions import actions as contributions
from lumbung.law.month import Month
from lumbung.payments import actions as payments
from lumbung.registry.actions import (
    NewEmployment,
    NewPerson,
    register_employer,
    register_persons,
    start_employments,
)
from lumbung.registry.models import Person


@pytest.fixture(scope="module", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """The same algorithm at a fraction of its cost, which is what makes it good outside tests."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"time_cost": 1, "memory_cost": 8, "parallelism": 1}.items():
            patch.setattr(PasswordHasher, name, value)
        yield


@pytest.fixture(scope="session", autouse=True)
def bodies_end() -> Iterator[None]:
    """Past the end of a request's body nothing is read, as from granian; Django's own stand-in breaks there."""
    read = FakePayload.read
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FakePayload, "read", lambda payload, size=-1, /: read(payload, min(size, len(payload))))
        yield


@pytest.fixture(scope="session", autouse=True)
def one_chain() -> Iterator[None]:
    """All clients ask through one chain of middleware, as all who ask a process that serves.

    A client whose first request comes under changed settings makes its own.
    """
    load, unchanged = ClientHandler.load_middleware, settings._wrapped
    made: list[Callable[..., object]] = []

    def shared(handler: ClientHandler, is_async: bool = False) -> None:
        if settings._wrapped is not unchanged:
            load(handler, is_async)
            return
        if not made:
            load(handler)
            made.append(handler._middleware_chain)
        handler._middleware_chain = made[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ClientHandler, "load_middleware", shared)
        yield


@pytest.fixture(scope="session", autouse=True)
def kept() -> Iterator[None]:
    """The browser and its server, which run on between tests."""
    yield
    end_what_is_kept()


@pytest.fixture
def users(db: None) -> Users:
    """Sari Uji with member number 10000000001, Joko Uji with 10000000002, a user of employer 90000001-000, an
    officer, and a program named Payroll Uji."""
    return make_users()


def make_users() -> Users:
    persons = register_persons(
        [
            NewPerson("Sari Uji", date(1990, 1, 1), ("10000000001",)),
            NewPerson("Joko Uji", date(1991, 2, 2), ("10000000002",)),
        ]
    )
    employer = register_employer(full_number="90000001-000", name="PT Contoh", risk_class="II", size="medium")
    return Users(
        member=actions.make_member_user(persons[0].person, "sari", PASSWORD),
        other_member=actions.make_member_user(persons[1].person, "joko", PASSWORD),
        employer=actions.make_employer_user(employer, "hrd.contoh", PASSWORD),
        officer=actions.make_officer("petugas.uji", PASSWORD),
        program=actions.make_program("Payroll Uji"),
    )


@pytest.fixture
def paid(users: Users) -> Users:
    """The users after one paid month: Sari earned 5,000,000 in October 2025 and Joko 7,000,000."""
    day, month = date(2025, 11, 10), Month(2025, 10)
    now = datetime(2025, 11, 10, 3, tzinfo=UTC)
    employer = users.employer.employer
    assert employer is not None
    numbers = ("10000000001", "10000000002")
    start_employments(employer, [NewEmployment(number, date(2025, 1, 1)) for number in numbers])
    file = b"kpj,nama,upah\n10000000001,Sari Uji,5000000\n10000000002,Joko Uji,7000000\n"
    taken = contributions.take_in_return(employer, month, file, file_name="upah.csv", today=day, now=now)
    code, total = taken.returned.payment_code.code, taken.returned.total
    bank = f"payment_code,amount,received_on,bank_reference\n{code},{total},{day},UJI-1\n"
    payments.take_in_bank_file(bank.encode(), today=day, now=now)
    contributions.settle(code, now=now + timedelta(minutes=1))
    return users


@pytest.fixture
def published(db: None) -> None:
    """One announcement and one form, as in `published.py`."""
    publish_samples()


@pytest.fixture
def enter(db: None) -> Callable[[User], Client]:
    """A browser in which this user has logged in at the door for its kind (without the cost of the password).

    An officer then has a second factor, or every page of the office would send him to where one is set up.
    """

    def browser(user: User) -> Client:
        door = next(door for door in DOORS if door.kind == user.kind and door.has_sessions)
        client = Client()
        if user.kind == User.Kind.OFFICER and not is_mfa_enabled(user):
            totp.TOTP.activate(user, totp.generate_totp_secret())
        client.force_login(user)
        session = client.session
        session.update({"door": door.name, "since": int(time.time())})
        session.save()
        key = client.cookies.pop(settings.SESSION_COOKIE_NAME).value
        client.cookies[door.cookie_names[settings.SESSION_COOKIE_NAME]] = key
        return client

    return browser


@pytest.fixture
def served(db: None) -> Callable[..., list[bytes]]:
    """The server in this process and this test's transaction, for clients that speak WSGI."""
    handler = KnownCharsets(WSGIHandler())

    def answer(environ: dict[str, object], start_response: Callable[..., object]) -> list[bytes]:
        request_started.disconnect(close_old_connections)
        try:
            environ.setdefault("REMOTE_ADDR", "127.0.0.1")
            return list(handler(environ, start_response))  # never closed, which would close the connection too
        finally:
            request_started.connect(close_old_connections)

    return answer


@pytest.fixture
def rina(db: None) -> Person:
    """Rina Uji Lestari, who is insured and has no account (newcomers.py)."""
    return make_newcomer()


@pytest.fixture
def walk(rina: Person) -> Walk:
    """Her browser, in English."""
    return Walk(Client(headers={"Accept-Language": "en"}))


@pytest.fixture
def unhurried(settings: LazySettings) -> None:
    """As if there was time between two messages and between two tries."""
    settings.ACCOUNT_RATE_LIMITS = {
        name: rates for name, rates in settings.ACCOUNT_RATE_LIMITS.items() if not name.startswith("register")
    }


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Puts Django's clock on by so much more. The cache takes `now` by name when first used: the real one."""
    import_module("django.core.cache.backends.db")
    real, ahead = timezone.now, [timedelta()]
    monkeypatch.setattr(timezone, "now", lambda: real() + ahead[0])

    def put_on(more: timedelta) -> None:
        ahead[0] += more

    return put_on
