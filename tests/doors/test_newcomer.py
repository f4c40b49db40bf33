"""The demo says whom one can register as, and that person can."""

from pathlib import Path

from django.http import HttpResponse
from django.test import Client

from lumbung.accounts.numbers import queries as numbers
from lumbung.accounts.registration import queries
from lumbung.cli import demofund, demopeople, welcome
from lumbung.law.month import Month
from lumbung.registry.actions import NewPerson, register_persons

PEOPLE = demopeople.people(60, Month(2025, 1), Month(2025, 12))


def test_the_welcome_says_all_that_is_to_be_typed(tmp_path: Path):
    (tmp_path / "demo").mkdir()
    demofund._write_newcomer(tmp_path / "demo", PEOPLE)
    newcomer = demofund.newcomer(tmp_path)
    assert newcomer is not None
    said = "\n".join(welcome._registering(newcomer, "http://localhost:8000"))
    for key in ("member_number", "nik", "birth_date", "name", "phone", "email"):
        assert newcomer[key] in said
    assert "/register/" in said
    assert "/simulator/mail/" in said


def test_without_one_the_welcome_says_nothing(tmp_path: Path):
    assert welcome._registering(demofund.newcomer(tmp_path), "http://localhost:8000") == []


def test_the_newcomer_is_known_by_the_four_facts_and_has_an_older_number(db: None):
    who = demopeople.newcomer(PEOPLE)
    person, older = register_persons(
        [
            NewPerson(
                who.name, who.birth_date, (who.member_number,), nik=who.nik, phone=who.phone, email=who.email
            ),
            NewPerson(who.name, who.birth_date, (who.older_number,), phone=who.phone),
        ]
    )
    found = queries.match(number=who.member_number, nik=who.nik, born=who.birth_date, name=who.name)
    assert found == queries.Match(person.person.pk, name_differs=False)
    assert numbers._may_be(older.person, person.person)
    assert who.name != demopeople.GUIDE_NAME


def test_the_mailbox_is_not_there_outside_the_demo(db: None):
    answer: HttpResponse = Client().get("/simulator/mail/")
    assert answer.status_code == 404
