"""Every door that a stranger may ask about somebody: headers, cookies, rows and jobs are those of nobody.

What the pages say is compared where each door has its tests (test_log_in, test_forgotten, test_registration,
test_officer_code); times are compared by `make audit`.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from door_users import PASSWORD, Users
from letterbox import EMAIL, PHONE, give_contacts
from procrastinate.contrib.django.models import ProcrastinateJob

from lumbung.accounts.models import User
from lumbung.accounts.recovery.actions import give_code
from lumbung.encryption import blind_index
from lumbung.messaging.models import OutboundMail, OutboundText
from lumbung.registry.actions import NewPerson, register_persons
from lumbung.registry.models import Person

NIK, NOBODYS_NIK, FREE_NIK = "9901014101900001", "9901014101900099", "9901014101900002"
NOBODYS = {"phone": "+6281200000999", "email": "nobody@contoh.test", "login": "nobody", "number": "19999999999"}
WRONG = "sepeda-hujan-lampu-batu-2027"


@dataclass(frozen=True)
class Asked:
    """The same form about somebody in several ways, and about nobody; `twice` is asked for a second message."""

    path: str
    forms: tuple[dict[str, str], ...]
    twice: dict[str, str] = field(default_factory=dict)


def who(number: str = "10000000001", nik: str = NIK, day: str = "1", **more: str) -> dict[str, str]:
    facts = {"number": number, "nik": nik, "name": "Sari Uji", "born_day": day, "born_month": "1"}
    return {**facts, "born_year": "1990", **more}


FACTS = (
    who(NOBODYS["number"], NOBODYS_NIK),
    who(),
    who(nik=NOBODYS_NIK),
    who(day="2"),
    who("10000000003", NOBODYS_NIK),
    who("10000000003", FREE_NIK, "2"),
)
ASKED = {
    **{
        f"log-in at {door}": Asked(
            f"{door}login/",
            tuple(
                {"login": name, "password": WRONG}
                for name in (NOBODYS["login"], "sari", "hrd.contoh", "petugas.uji", PHONE, EMAIL, NOBODYS["phone"])
            ),
        )
        for door in ("/", "/employer/", "/office/")
    },
    **{
        f"code by {what} at {door}": Asked(
            f"{door}login/code/",
            tuple({"contact": contact} for contact in (NOBODYS[what], known)),
            {"action": "resend"},
        )
        for door in ("/", "/employer/")
        for what, known in (("phone", PHONE), ("email", EMAIL))
    },
    **{
        f"forgotten password at {door}": Asked(
            f"{door}password/reset/",
            tuple(
                {"login": name, "channel": "phone"}
                for name in (NOBODYS["login"], "sari", "hrd.contoh", "petugas.uji", PHONE, EMAIL, NOBODYS["email"])
            ),
            {"again": "email"},
        )
        for door in ("/", "/employer/", "/office/")
    },
    **{
        f"forgotten user name at {door}": Asked(
            f"{door}username/forgotten/",
            tuple({"contact": contact} for contact in (NOBODYS["phone"], PHONE, EMAIL, NOBODYS["email"])),
        )
        for door in ("/", "/employer/", "/office/")
    },
    "registration": Asked("/register/", FACTS),
    "a new start": Asked("/recover/both/", tuple({**each, "way": "counter", "reach": ""} for each in FACTS)),
    "an officer's code": Asked(
        "/recover/officer-code/",
        tuple(
            {**who(number, day=day), "code": "AAAAA-AAAAA"}
            for number, day in ((NOBODYS["number"], "1"), ("10000000001", "1"), ("10000000001", "2"))
        ),
    ),
}


@pytest.fixture
def known(users: Users) -> User:
    """Sari with contacts, KTP number and an officer's code; Tuti, who is insured and has no account."""
    give_contacts(users.member)
    person = users.member.person
    assert person is not None
    Person.objects.filter(pk=person.pk).update(nik=NIK, nik_index=blind_index(NIK, context="nik"))
    register_persons([NewPerson("Tuti Uji", date(1990, 1, 1), ("10000000003",), nik=FREE_NIK)])
    give_code(person, users.officer, now=timezone.now())
    return users.member


@pytest.mark.parametrize("name", list(ASKED))
def test_headers_cookies_rows_and_jobs_are_those_of_nobody(known: User, name: str):
    asked = ASKED[name]
    seen = []
    for form in asked.forms:
        cache.clear()
        client, before = Client(), everything_queued()
        answers = [client.post(asked.path, form)]
        place = answers[0].get("Location")
        if place is not None:
            answers.append(client.get(place))
            if asked.twice:
                answers.append(client.post(place, asked.twice))
        seen.append(([outside_of(answer) for answer in answers], everything_queued() - before))
    for other, form in zip(seen, asked.forms, strict=True):
        assert other == seen[0], form
    assert len(seen) > 1


def outside_of(answer: HttpResponse) -> dict[str, Any]:
    """Status, headers and cookies, without what is random, the values of cookies and lengths that follow them, and
    without the headers that say the second of the answer."""
    cookies = {
        name: {key: value for key, value in cookie.items() if value} for name, cookie in answer.cookies.items()
    }
    for cookie in cookies.values():
        cookie.pop("expires", None)
    headers = {
        name: value
        for name, value in answer.headers.items()
        if name not in {"Content-Length", "Date", "Expires", "Last-Modified"}
    }
    return {"status": answer.status_code, "headers": headers, "cookies": cookies}


def everything_queued() -> Counter[str]:
    """How many jobs of each kind wait, and texts and mails stand in the outbox; and rows of the access log."""
    found = Counter(ProcrastinateJob.objects.values_list("task_name", flat=True))
    found["texts"], found["mails"] = OutboundText.objects.count(), OutboundMail.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM accounts_accessevent), (SELECT count(*) FROM casework_case)")
        found["events"], found["cases"] = cursor.fetchone()
    return found


@pytest.mark.parametrize(("way", "what"), [("sms", "phone"), ("email", "email"), ("link", "email")])
def test_registering_with_a_contact_of_somebody_else_costs_what_a_free_one_does(known: User, way: str, what: str):
    """Whoever is known by his own four facts may type any contact; only a message to its owner tells of it."""
    seen = []
    for contact in (NOBODYS[what], {"phone": PHONE, "email": EMAIL}[what]):
        cache.clear()
        client = Client()
        client.post("/register/", {**who("10000000003", FREE_NIK), "name": "Tuti Uji"})
        # Both, so that the way is chosen on a page of its own.
        given = {"phone": "+6281200000888", "email": "tuti@contoh.test", what: contact}
        client.post("/register/contacts/", given)
        answer = client.post("/register/account/", {"username": "tuti.uji", "password": PASSWORD})
        assert answer["Location"] == "/register/confirm/"
        before = everything_queued()
        with CaptureQueriesContext(connection) as done:
            answer = client.post("/register/confirm/", {"way": way})
        assert answer["Location"] in {"/register/code/", "/register/link-sent/"}
        statements = [query["sql"].split(" ")[0] for query in done]
        seen.append((outside_of(answer), everything_queued() - before, statements))
    assert seen[0] == seen[1]


def test_an_officers_code_costs_what_none_costs(known: User):
    """No such number, another birth date, no code, a code: the same statements write the same kind of row."""
    seen = []
    asked = ((NOBODYS["number"], "1"), ("10000000001", "2"), ("10000000003", "1"), ("10000000001", "1"))
    for number, day in asked:
        cache.clear()
        client = Client()
        for _ in range(2):  # the first try makes the row, the second counts in it
            with CaptureQueriesContext(connection) as done:
                answer = client.post("/recover/officer-code/", {**who(number, day=day), "code": "AAAAA-AAAAA"})
            assert answer.status_code == 200
            seen.append([shape(query["sql"]) for query in done])
    assert seen[0::2] == [seen[0]] * 4
    assert seen[1::2] == [seen[1]] * 4
    assert any(statement.startswith("INSERT INTO accounts_recoverytries") for statement in seen[0])


def shape(statement: str) -> str:
    """A statement without its values, of which some are random and some are what was asked."""
    return re.sub(r"'[^']*'(::\w+)?|s\d+_x\d+|\b\d+\b", "?", statement)
