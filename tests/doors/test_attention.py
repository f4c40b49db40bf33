"""What waits for a member is told in one statement, and nothing that does not."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from door_users import Users

from lumbung.accounts.contacts.actions import note_change
from lumbung.accounts.models import ReadOnly
from lumbung.accounts.numbers import queries as numbers
from lumbung.casework.actions import open_case
from lumbung.casework.models import Case
from lumbung.registry.actions import NewPerson, register_persons
from lumbung.standing.attention import attention

pytestmark = pytest.mark.django_db


def told(users: Users) -> list[tuple[str, str]]:
    with CaptureQueriesContext(connection) as asked:
        found = attention(users.member, now=timezone.now())
    assert len(asked) == 1
    return [(notice.what, notice.about) for notice in found]


def test_nothing_waits_for_who_has_asked_for_nothing(users: Users) -> None:
    assert told(users) == []


def test_all_that_waits_is_told_and_what_bars_most_comes_first(users: Users) -> None:
    now, member = timezone.now(), users.member
    assert member.person is not None
    open_case(Case.Kind.CORRECTION, member.person, {"what": "name"}, user=member, place="member", now=now)
    note_change(member, "phone", old="", new="+6281200000001", now=now)
    ReadOnly.objects.create(user=member, cause="locked", since=now, until=None)
    register_persons([NewPerson("SARI UJI", member.person.birth_date, ("10000000009",))])
    assert told(users) == [("read_only", "locked"), ("cooling", "phone"), ("number", ""), ("case", "correction")]
    assert {notice.at for notice in attention(member, now=now)} - {None} == {
        member.contact_changes.get().cools_until,
        member.person.cases.get().due_at,
    }


def test_what_is_over_or_anothers_is_not_told(users: Users) -> None:
    now, member = timezone.now(), users.member
    other = users.other_member
    assert other.person is not None
    open_case(Case.Kind.CORRECTION, other.person, {"what": "name"}, user=other, place="member", now=now)
    note_change(member, "phone", old="", new="+6281200000001", now=now - timedelta(days=90))
    past = now - timedelta(days=2)
    ReadOnly.objects.create(user=member, cause="recovered", since=past, until=now - timedelta(days=1))
    ReadOnly.objects.create(user=member, cause="locked", since=past, until=None, lifted_at=now)
    assert told(users) == []


@pytest.mark.parametrize(
    ("name", "nik", "is_told"),
    [
        ("Sari Uji", None, True),
        ("Sari Oeji", None, True),
        ("Sari Uji", "3171010101010001", False),  # Sari has no NIK on file, so another one is another's
        ("Budi Uji", None, False),
    ],
)
def test_a_number_is_told_exactly_when_it_is_proposed(
    users: Users, name: str, nik: str | None, is_told: bool
) -> None:
    assert users.member.person is not None
    register_persons([NewPerson(name, users.member.person.birth_date, ("10000000009",), nik=nik)])
    assert (("number", "") in told(users)) == is_told == bool(numbers.proposals(users.member))
