"""A person's other numbers are found, joined after a proof, and parted again; the books never change by it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from door_users import Users
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from newcomers import BORN, NAME, PASSWORD, PHONE, Walk, digits, events, said, texts

from lumbung.accounts.actions import make_member_user, make_officer
from lumbung.accounts.models import NumberJoin, ReadOnly, User
from lumbung.accounts.numbers import actions, queries
from lumbung.accounts.numbers.errors import NotYours, OnlyShown, TooLateToPart
from lumbung.ledger import queries as ledger
from lumbung.registry.actions import NewPerson, register_persons
from lumbung.registry.models import MemberNumber, Person

OLD, OLDER = "10000000091", "10000000092"


def another_row(number: str = OLD, name: str = NAME, born: date = BORN, **more: str) -> Person:
    """A row that an old employer made, without a NIK."""
    return register_persons([NewPerson(name, born, (number,), **more)])[0].person


@pytest.fixture
def member(walk: Walk) -> User:
    """Rina, logged in in her browser `walk.client`."""
    walk.up_to_account(email="")
    walk.code(digits(texts()[0]))
    return User.objects.get(username="rina")


def entered(walk: Walk, path: str, typed: dict[str, str]) -> str:
    """Post, enter the password where it is asked, and read the page that comes in the end."""
    answer = walk.client.post(path, typed)
    assert "/reauthenticate/" in answer.headers["Location"]
    again = walk.client.post(answer.headers["Location"], {"password": PASSWORD})
    assert again.headers["Location"] == "/numbers/"
    return said(walk.client.get("/numbers/"))


def own(member: User) -> list[str]:
    return sorted(MemberNumber.objects.filter(person=member.person).values_list("number", flat=True))


def test_a_number_with_the_same_phone_is_proposed_after_registering_and_joined_by_a_tap(walk: Walk):
    another_row(name="RINA UJI LESTARI, S.E.", phone=PHONE)
    walk.up_to_account(email="")
    assert walk.code(digits(texts()[0])).headers["Location"] == "/numbers/"
    page = said(walk.client.get("/numbers/"))
    assert "•••••••0091" in page
    assert OLD not in page, "not before it is shown to be hers"
    assert "Is it yours?" in said(walk.client.get("/dashboard/"))
    member = User.objects.get(username="rina")
    key = queries.proposals(member)[0].key
    assert "The number is yours now" in entered(walk, "/numbers/tap/", {"number": key})
    assert own(member) == ["10000000009", OLD]
    assert "Is it yours?" not in said(walk.client.get("/dashboard/"))
    assert events()[-1] == "numbers_joined"


def test_name_and_birth_date_alone_want_the_number_whole(walk: Walk, member: User):
    another_row()
    proposal = queries.proposals(member)[0]
    assert not proposal.is_sure
    page = said(walk.client.get("/numbers/"))
    assert "Type it whole" in page
    assert proposal.key not in page
    assert "We can't join this number" in entered(walk, "/numbers/tap/", {"number": proposal.key})
    walk.client.post("/numbers/join/", {"number": "100-0000 0091"})
    assert own(member) == ["10000000009", OLD]


@pytest.mark.parametrize(
    "other",
    [
        {"name": "Rina Sartika"},
        {"born": date(1990, 1, 2)},
        {"nik": "9901014101900077"},
    ],
)
def test_what_is_another_persons_is_not_proposed_and_can_not_be_joined(walk: Walk, member: User, other: dict):
    another_row(phone=PHONE, **other)
    assert queries.proposals(member) == []
    unknown = entered(walk, "/numbers/join/", {"number": "10000000055"})
    another = walk.client.post("/numbers/join/", {"number": OLD}, follow=True)
    assert "We can't join this number" in unknown
    assert "We can't join this number" in said(another)
    assert own(member) == ["10000000009"]


def test_a_row_with_an_account_of_its_own_is_left_alone(member: User):
    make_member_user(another_row(phone=PHONE), "rina.lain", PASSWORD)
    assert queries.proposals(member) == []
    assert queries.claimed(member, OLD) is None


def test_a_joining_can_be_undone_for_a_month_and_by_an_officer_for_ever(walk: Walk, member: User):
    source = another_row(phone=PHONE)
    now = timezone.now()
    found = queries.claimed(member, OLD)
    joined = actions.join(member, found, place="member", now=now)
    assert "You can undo it until" in said(walk.client.get("/numbers/"))
    assert "stands by itself again" in entered(walk, f"/numbers/{joined.pk}/undo/", {})
    assert MemberNumber.objects.get(pk=OLD).person == source
    with pytest.raises(TooLateToPart):
        actions.part(joined.pk, actor=member, place="member", now=now)
    joined = actions.join(member, queries.claimed(member, OLD), place="member", now=now)
    later = now + timedelta(days=31)
    with pytest.raises(TooLateToPart):
        actions.part(joined.pk, actor=member, place="member", now=later)
    officer = make_officer("petugas.uji", PASSWORD)
    actions.part(joined.pk, actor=officer, place="office", now=later, reason="Salah orang")
    row = NumberJoin.objects.get(pk=joined.pk)
    assert (row.source, row.joined_by, row.parted_by, row.parted_at) == (source, member, officer, later)
    assert MemberNumber.objects.get(pk=OLD).person == source
    assert events()[-4:] == ["numbers_joined", "numbers_parted", "numbers_joined", "numbers_parted"]


def test_a_joining_of_somebody_else_is_nothing(walk: Walk, member: User, users: Users):
    another_row(phone=PHONE)
    joined = actions.join(member, queries.claimed(member, OLD), place="member", now=timezone.now())
    with pytest.raises(NotYours):
        actions.part(joined.pk, actor=users.member, place="member", now=timezone.now())
    with pytest.raises(NotYours):
        actions.part(joined.pk + 1, actor=member, place="member", now=timezone.now())


def test_an_account_that_only_shows_joins_nothing(member: User):
    another_row(phone=PHONE)
    now = timezone.now()
    ReadOnly.objects.create(user=member, cause="recovered", since=now, until=now + timedelta(days=7))
    with pytest.raises(OnlyShown):
        actions.join(member, queries.claimed(member, OLD), place="member", now=now)


def test_tries_of_numbers_are_limited(walk: Walk, member: User):
    entered(walk, "/numbers/join/", {"number": "10000000051"})
    statuses = [walk.client.post("/numbers/join/", {"number": f"1000000006{n}"}).status_code for n in range(6)]
    assert statuses[0] == 302
    assert statuses[-1] == 429


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


Step = tuple[str, int]


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(["join", "part"]), st.integers(0, 2)), max_size=12))
def test_joining_and_parting_in_any_order_restores_everything_and_never_touches_a_balance(
    paid: Users, steps: list[Step]
):
    """Sari has a paid number; three more rows of hers without a NIK, one of which holds Joko's paid number."""
    with undone():
        member, now = paid.member, timezone.now()
        assert member.person is not None
        name, born = member.person.name, member.person.birth_date
        rows = register_persons([NewPerson(name, born, (f"1000000007{n}",)) for n in range(3)])
        MemberNumber.objects.filter(pk="10000000002").update(person=rows[0].person)
        numbers = ["10000000070", "10000000002", "10000000072"]
        everything = list(MemberNumber.objects.order_by("pk").values_list("pk", "person_id"))
        balances = {number: ledger.balance(number, None) for number, _ in everything}
        open_joins: dict[str, int] = {}
        for deed, which in steps:
            number = numbers[which]
            if deed == "join" and number not in open_joins:
                found = queries.claimed(member, number)
                open_joins[number] = actions.join(member, found, place="member", now=now).pk
            elif deed == "part" and number in open_joins:
                actions.part(open_joins.pop(number), actor=member, place="member", now=now)
            held = set(MemberNumber.objects.filter(person=member.person).values_list("number", flat=True))
            assert held == {"10000000001", *open_joins}
            assert {number: ledger.balance(number, None) for number, _ in everything} == balances
        for key in open_joins.values():
            actions.part(key, actor=member, place="member", now=now)
        assert list(MemberNumber.objects.order_by("pk").values_list("pk", "person_id")) == everything
        assert not NumberJoin.objects.filter(parted_at__isnull=True).exists()


def test_the_page_asks_for_a_log_in(db: None):
    assert "/login/" in Client().get("/numbers/").headers["Location"]
