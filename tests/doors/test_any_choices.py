"""Who is counted before an announcement goes out by SMS is who gets it, whatever anybody chose."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from lumbung.accounts.models import NoticeChoice, NoticeTimes, User
from lumbung.accounts.telling.kinds import CHOSEN, Channel
from lumbung.broadcasts import queries
from lumbung.broadcasts.models import Broadcast
from lumbung.registry.actions import NewPerson, register_persons

NOW = datetime(2026, 11, 30, 3, tzinfo=UTC)
LANGUAGES = st.sampled_from(["id", "en"])


@dataclass(frozen=True)
class Account:
    """Its language, and what was ticked for each kind that was ever chosen; whether it is used yet."""

    language: str
    chosen: dict[str, frozenset[Channel]]
    is_confirmed: bool
    is_quiet: bool


@dataclass(frozen=True)
class Invented:
    """One of three phones or none, a language on file, an account or none."""

    phone: str | None
    language: str
    account: Account | None


CHOICES = st.dictionaries(st.sampled_from([kind.code for kind in CHOSEN]), st.frozensets(st.sampled_from(Channel)))
ACCOUNTS = st.builds(Account, LANGUAGES, CHOICES, st.booleans(), st.booleans())
PHONES = st.sampled_from([None, "+6281200000001", "+6281200000002", "+6281200000003"])
PEOPLE = st.lists(st.builds(Invented, PHONES, LANGUAGES, st.none() | ACCOUNTS), max_size=6)


@pytest.mark.django_db
@settings(max_examples=40)
@given(invented=PEOPLE)
def test_who_is_counted_is_who_gets_it(invented: list[Invented]) -> None:
    with transaction.atomic():
        register(invented)
        assert queries.audience() == {language: told(invented)[language] for language in ("id", "en")}
        transaction.set_rollback(True)


def told(invented: list[Invented]) -> Counter[str]:
    """In which languages they get it: the first of each phone, in the order in which they are taken."""
    readers = queries.next_people(Broadcast(last_person=0), len(invented) + 1, now=NOW)
    assert len(readers) == sum(each.phone is not None for each in invented)
    got: dict[str, str] = {}
    for reader in readers:
        if reader.wants:
            got.setdefault(reader.phone, reader.language)
    return Counter(got.values())


def register(invented: list[Invented]) -> None:
    new = [
        NewPerson(f"Uji {at}", date(1990, 1, 1), (f"2{at:010d}",), phone=each.phone, language=each.language)
        for at, each in enumerate(invented)
    ]
    for at, (made, each) in enumerate(zip(register_persons(new), invented, strict=True)):
        if each.account is None:
            continue
        facts: dict[str, object] = {
            "language": each.account.language,
            "is_confirmed": each.account.is_confirmed,
            "password": "!",
        }
        facts["registered_at"] = NOW
        user = User.objects.create(kind=User.Kind.MEMBER, person=made.person, username=f"uji{at}", **facts)
        night = {"quiet_from": time(21), "quiet_until": time(7), "stands_in": True}
        NoticeTimes.objects.create(user=user, is_quiet=each.account.is_quiet, **night)
        for kind, ways in each.account.chosen.items():
            NoticeChoice.objects.create(user=user, kind=kind, **{str(way): way in ways for way in Channel})
