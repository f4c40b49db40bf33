"""A member's phone and e-mail address: seen masked, confirmed, changed with notice to old and new, put on file."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone
from door_users import PASSWORD, Users
from letterbox import (
    EMAIL,
    OTHER_EMAIL,
    OTHER_PHONE,
    PHONE,
    Clock,
    code_in,
    give_contacts,
    mails,
    other_than,
    session_of,
    texts,
    told,
)

from lumbung import access
from lumbung.accounts import actions as accounts
from lumbung.accounts import queries
from lumbung.accounts.models import AccessEvent, ContactChange, Phone, User
from lumbung.casework import actions as casework
from lumbung.casework import queries as cases
from lumbung.casework.models import Case
from lumbung.registry import actions as registry
from lumbung.registry.models import Person

NEW_PHONE, NEW_EMAIL = "+6281200000303", "sari.baru@contoh.test"
NEW = {"phone": ("0812 0000 0303", NEW_PHONE), "email": ("Sari.Baru@contoh.test", NEW_EMAIL)}
Enter = Callable[[User], Client]


@pytest.fixture
def sari(users: Users, enter: Enter) -> Client:
    """Sari's browser, a moment after she typed her password again."""
    client = enter(users.member)
    again(client)
    return client


def again(client: Client) -> None:
    answer = client.post("/reauthenticate/", {"password": PASSWORD})
    assert answer.status_code == 302


def change(client: Client, kind: str, value: str) -> str:
    return str(client.post(f"/account/contacts/{kind}/", {"value": value}).get("Location", ""))


def give(client: Client, code: str) -> str:
    return str(client.post("/account/contacts/code/", {"code": code}).get("Location", ""))


def come(kind: str, value: str) -> list[str]:
    return texts(value) if kind == "phone" else mails(value)


def own(user: User, kind: str) -> str:
    if kind == "phone":
        return next((row.number for row in Phone.objects.filter(user=user, verified_at__isnull=False)), "")
    return next((row.email for row in EmailAddress.objects.filter(user=user, verified=True)), "")


def on_file(user: User, kind: str) -> str | None:
    person = Person.objects.get(user=user)
    return person.phone if kind == "phone" else person.email


# What is shown


def test_the_page_shows_masked_contacts_and_whether_they_are_confirmed(users: Users, sari: Client):
    page = sari.get("/account/contacts/").content.decode()
    assert "••" not in page
    give_contacts(users.member, email=None)
    registry.set_contact(access.person(users.member), "email", EMAIL)
    page = sari.get("/account/contacts/").content.decode()
    assert PHONE not in page
    assert EMAIL not in page
    assert "0101" in page
    assert "s•••@c•••.test" in page
    assert page.count("tag good") == page.count("tag bad") == 1


# Who may


def test_a_change_asks_for_the_password_first_and_keeps_nothing_that_was_typed(users: Users, enter: Enter):
    give_contacts(users.member)
    client = enter(users.member)
    for page in ("phone/", "email/", "phone/office/", "code/"):
        for ask in (client.get, lambda path: client.post(path, {"value": NEW_PHONE, "code": "123456"})):
            answer = ask(f"/account/contacts/{page}")
            assert answer.status_code == 302
            assert answer["Location"].startswith("/reauthenticate/?next=")
    assert NEW_PHONE not in str(dict(session_of(client)))
    assert "account_reauthentication_state" not in session_of(client)
    assert texts(NEW_PHONE) == []


def test_a_password_typed_more_than_five_minutes_ago_is_too_old(users: Users, sari: Client, monkeypatch):
    assert sari.get("/account/contacts/phone/").status_code == 200
    import time

    later = time.time() + 301
    monkeypatch.setattr("allauth.account.internal.flows.reauthentication.time.time", lambda: later)
    assert sari.get("/account/contacts/phone/").status_code == 302


# Changing


@pytest.mark.parametrize("kind", ["phone", "email"])
def test_a_change_is_confirmed_by_a_code_and_told_to_old_and_new(users: Users, sari: Client, kind: str):
    give_contacts(users.member)
    registry.set_contact(access.person(users.member), kind, PHONE if kind == "phone" else EMAIL)
    typed, value = NEW[kind]
    old = PHONE if kind == "phone" else EMAIL
    assert change(sari, kind, typed) == "/account/contacts/code/"
    assert own(users.member, kind) == old, "nothing changes before the code"
    assert (texts(PHONE), mails(EMAIL)) == ([], [])
    assert give(sari, code_in(come(kind, value)[0])) == "/account/contacts/"
    assert own(users.member, kind) == on_file(users.member, kind) == value
    made = ContactChange.objects.get()
    assert (made.kind, bool(made.old)) == (kind, True)
    assert made.cools_until - made.changed_at == timedelta(days=7)
    assert value not in (made.old + made.new)
    for told_there in (texts(PHONE), mails(EMAIL), come(kind, value)):
        assert "http" not in told_there[-1]
        assert value not in told_there[-1], "a notice to an old contact must not tell the new one"
    assert [len(texts(PHONE)), len(mails(EMAIL)), len(come(kind, value))] == [1, 1, 2]
    assert AccessEvent.objects.get().what == f"{kind}_changed"
    users.member.refresh_from_db()
    if kind == "email":
        assert users.member.email == value


def test_the_old_contact_opens_nothing_any_more_and_the_new_one_does(users: Users, sari: Client):
    give_contacts(users.member)
    change(sari, "phone", NEW_PHONE)
    give(sari, code_in(texts(NEW_PHONE)[0]))
    assert queries.user_by_phone(PHONE, kind="member") is None
    assert queries.user_by_phone(NEW_PHONE, kind="member") == users.member


def test_what_moves_money_waits_seven_days_and_the_page_says_so(users: Users, sari: Client, clock: Clock):
    give_contacts(users.member)
    change(sari, "email", NEW_EMAIL)
    give(sari, code_in(mails(NEW_EMAIL)[0]))
    changed = ContactChange.objects.get()
    assert queries.cooling_off(users.member, timezone.now()) == changed
    assert f"{changed.cools_until.astimezone(timezone.get_default_timezone()):%H:%M}" in (
        sari.get("/account/contacts/").content.decode()
    )
    assert queries.cooling_off(users.member, changed.cools_until - timedelta(seconds=1)) == changed
    assert queries.cooling_off(users.member, changed.cools_until) is None
    clock(timedelta(days=7, seconds=1))
    assert queries.cooling_off(users.member, timezone.now()) is None


@pytest.mark.parametrize("kind", ["phone", "email"])
def test_the_first_contact_is_put_on_file_and_waits_too(users: Users, sari: Client, kind: str):
    typed, value = NEW[kind]
    change(sari, kind, typed)
    assert give(sari, code_in(come(kind, value)[0])) == "/account/contacts/"
    assert own(users.member, kind) == on_file(users.member, kind) == value
    assert ContactChange.objects.get().old == ""
    assert access.member_number_for_phone(value, "10000000001") is not None or kind == "email"


def test_the_contact_that_the_fund_knows_is_confirmed_without_waiting(users: Users, sari: Client):
    registry.set_contact(access.person(users.member), "phone", PHONE)
    assert sari.post("/account/contacts/phone/", {"confirm": "yes"})["Location"] == "/account/contacts/code/"
    give(sari, code_in(texts()[0]))
    assert own(users.member, "phone") == PHONE
    assert not ContactChange.objects.exists()
    assert len(texts()) == 2


def test_an_unconfirmed_second_contact_that_differs_from_the_one_on_file_is_a_change(users: Users, sari: Client):
    registry.set_contact(access.person(users.member), "phone", PHONE)
    accounts.set_phone(users.member, NEW_PHONE, verified_at=None)
    sari.post("/account/contacts/phone/", {"confirm": "yes"})
    give(sari, code_in(texts(NEW_PHONE)[0]))
    assert ContactChange.objects.get().old.endswith("0101")
    assert len(texts(PHONE)) == 1


# Refused


def test_the_same_as_before_is_refused(users: Users, sari: Client):
    give_contacts(users.member)
    assert change(sari, "phone", "0812-0000-0101") == ""
    assert change(sari, "email", EMAIL.upper()) == ""
    assert change(sari, "phone", "not a phone") == ""
    assert change(sari, "email", "not an address") == ""
    assert (texts(), mails()) == ([], [])


@pytest.mark.parametrize("kind", ["phone", "email"])
def test_a_taken_contact_walks_the_same_pages_and_its_owner_is_told(users: Users, sari: Client, kind: str):
    give_contacts(users.other_member, phone=OTHER_PHONE, email=OTHER_EMAIL)
    taken = OTHER_PHONE if kind == "phone" else OTHER_EMAIL
    seen = set()
    for value in (taken, NEW[kind][1]):
        asked = sari.post(f"/account/contacts/{kind}/", {"value": value})
        page = sari.get("/account/contacts/code/")
        wrong = sari.post("/account/contacts/code/", {"code": "000000"})
        seen.add(tuple(told(answer, value) for answer in (asked, page, wrong)))
    assert len(seen) == 1
    (message,) = come(kind, taken)
    with pytest.raises(ValueError, match="unpack"):
        code_in(message)
    assert own(users.other_member, kind) == taken


def test_a_contact_that_was_taken_meanwhile_is_refused(users: Users, sari: Client):
    change(sari, "phone", NEW_PHONE)
    code = code_in(texts(NEW_PHONE)[0])
    accounts.set_phone(users.other_member, NEW_PHONE, verified_at=timezone.now())
    assert give(sari, code) == "/account/contacts/"
    assert own(users.member, "phone") == ""
    assert own(users.other_member, "phone") == NEW_PHONE
    assert on_file(users.member, "phone") is None


def test_an_address_of_a_user_at_another_door_is_taken_too(users: Users, sari: Client):
    give_contacts(users.employer, phone=None, email=OTHER_EMAIL)
    change(sari, "email", OTHER_EMAIL)
    with pytest.raises(ValueError, match="unpack"):
        code_in(mails(OTHER_EMAIL)[0])


# Wrong, late, replayed, too often


def test_three_wrong_codes_end_the_change(users: Users, sari: Client):
    change(sari, "phone", NEW_PHONE)
    code = code_in(texts(NEW_PHONE)[0])
    assert [give(sari, other_than(code)) for _ in range(3)] == ["", "", "/account/contacts/"]
    assert give(sari, code) == "/account/contacts/"
    assert own(users.member, "phone") == ""


def test_a_late_a_used_and_an_older_code_change_nothing(users: Users, sari: Client, clock: Clock):
    change(sari, "phone", NEW_PHONE)
    first = code_in(texts(NEW_PHONE)[0])
    assert sari.post("/account/contacts/code/", {"again": "yes"}).status_code == 302
    second = code_in(texts(NEW_PHONE)[1])
    assert give(sari, first) == ""
    clock(timedelta(minutes=10, seconds=1))
    again(sari)
    assert give(sari, second) == "/account/contacts/"
    assert own(users.member, "phone") == ""
    change(sari, "phone", NEW_PHONE)
    third = code_in(texts(NEW_PHONE)[-1])
    give(sari, third)
    assert give(sari, third) == "/account/contacts/"
    assert ContactChange.objects.count() == 1


def test_a_code_is_not_taken_over_by_who_logs_in_next(users: Users, sari: Client, enter: Enter):
    change(sari, "phone", NEW_PHONE)
    code = code_in(texts(NEW_PHONE)[0])
    joko = enter(users.other_member)
    again(joko)
    session = session_of(joko)
    session["contact_confirmation"] = session_of(sari)["contact_confirmation"]
    session.save()
    assert give(joko, code) == "/account/contacts/"
    assert not Phone.objects.exists()


def test_five_changes_in_ten_minutes_are_enough(users: Users, sari: Client):
    for step in range(5):
        assert change(sari, "phone", f"0812 0000 04{step:02d}") == "/account/contacts/code/"
    assert sari.post("/account/contacts/phone/", {"value": "0812 0000 0499"}).status_code == 429


# An officer


def test_an_officer_puts_the_phone_on_file_that_the_member_asked_for(users: Users, sari: Client):
    asked = sari.post("/account/contacts/phone/office/", {"value": "0812 0000 0303"})
    assert asked["Location"] == "/account/contacts/"
    case = Case.objects.get()
    assert (case.kind, case.person, case.user) == ("phone", access.person(users.member), users.member)
    assert "0812" not in sari.get("/account/contacts/").content.decode()
    now = timezone.now()
    casework.read_case(case.pk, users.officer, reason="The member asked at counter 3", now=now)
    casework.decide(
        case.pk, users.officer, accepted=True, note="Seen with KTP at counter 3", seen=cases.stamp(case), now=now
    )
    assert on_file(users.member, "phone") == NEW_PHONE
    assert own(users.member, "phone") == "", "codes go there only once it is confirmed"
    assert ContactChange.objects.get().old == ""
    assert len(texts(NEW_PHONE)) == 1
    sari.post("/account/contacts/phone/", {"confirm": "yes"})
    give(sari, code_in(texts(NEW_PHONE)[-1]))
    assert own(users.member, "phone") == NEW_PHONE
    assert ContactChange.objects.count() == 1


def test_a_refused_request_puts_nothing_on_file(users: Users, sari: Client):
    sari.post("/account/contacts/phone/office/", {"value": "0812 0000 0303"})
    case, now = Case.objects.get(), timezone.now()
    casework.read_case(case.pk, users.officer, reason="The member asked at counter 3", now=now)
    casework.decide(
        case.pk,
        users.officer,
        accepted=False,
        note="The phone is not the member's",
        seen=cases.stamp(case),
        now=now,
    )
    assert on_file(users.member, "phone") is None
    assert texts(NEW_PHONE) == []


def test_a_phone_put_on_file_by_the_office_replaces_the_old_one_with_notice(users: Users):
    from lumbung.accounts.contacts.actions import put_phone_on_file

    give_contacts(users.member)
    person, now = access.person(users.member), timezone.now()
    put_phone_on_file(person, NEW_PHONE, by=users.officer, now=now, place="office")
    put_phone_on_file(person, NEW_PHONE, by=users.officer, now=now, place="office")
    assert own(users.member, "phone") == "", "the old phone gets no codes any more"
    assert (len(texts(PHONE)), len(texts(NEW_PHONE)), len(mails(EMAIL))) == (1, 1, 1)
    assert ContactChange.objects.count() == 1
    assert queries.cooling_off(users.member, now) is not None
