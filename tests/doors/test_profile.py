"""A member's profile: address, heirs, bank account and language; changed by himself with proof, told and noted."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from bodies import plain
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from door_users import Users
from letterbox import EMAIL, PHONE, give_contacts, mails, texts
from proofs import proven

from lumbung.accounts import queries as accounts
from lumbung.accounts.models import AccessEvent, ContactChange, Message, User
from lumbung.config.doors import MEMBER
from lumbung.profiles import actions, queries
from lumbung.profiles.banks import banks
from lumbung.profiles.models import MOST_HEIRS, BankAccount, Heir
from lumbung.registry.address import Address
from lumbung.registry.models import Person

Enter = Callable[[User], Client]
ADDRESS = {
    "street": "Jl. Melati  No. 12", "rt": "003", "rw": "7", "village": "Sukamaju", "district": "Cilodong",
    "city": "Depok", "province": "Jawa Barat", "postcode": "16415",
}  # fmt: skip
HEIR = {
    "heir_name": "Budi  Uji", "relation": "child", "rank": "1",
    "heir_born_day": "5", "heir_born_month": "Mei", "heir_born_year": "2015",
}  # fmt: skip
ACCOUNT = {"bank": "014", "account_number": "123-456 7890", "holder": "SARI UJI"}
NUMBER = "1234567890"


@pytest.fixture
def sari(users: Users, enter: Enter) -> Client:
    """Sari's browser a moment after she typed her password again; she has a phone and an address."""
    give_contacts(users.member)
    return proven(enter(users.member), MEMBER)


def page(client: Client, path: str = "/profile/") -> str:
    answer = client.get(path, headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    return str(answer.content.decode())


def sent(client: Client, path: str, facts: dict[str, str], **changed: str) -> HttpResponse:
    answer: HttpResponse = client.post(f"/profile/{path}", {**facts, **changed}, headers={"Accept-Language": "en"})
    return answer


def words(user: User) -> list[str]:
    return list(AccessEvent.objects.filter(person=user.person).order_by("pk").values_list("what", flat=True))


# Who may


def test_every_change_but_the_language_asks_for_the_password_first(users: Users, enter: Enter):
    heir = actions.add_heir(
        users.member, actions.NewHeir("Budi Uji", "child", 1), place="member", now=timezone.now()
    )
    client = enter(users.member)
    for path in ("address/", "heirs/add/", f"heirs/{heir.pk}/", f"heirs/{heir.pk}/remove/", "bank-account/",
                 "bank-account/remove/"):  # fmt: skip
        for answer in (client.get(f"/profile/{path}"), sent(client, path, {**ADDRESS, **HEIR, **ACCOUNT})):
            assert answer.status_code == 302
            assert answer["Location"].startswith("/reauthenticate/?next=")
    person = Person.objects.get(user=users.member)
    assert (person.address, BankAccount.objects.count(), Heir.objects.count()) == (None, 0, 1)
    assert NUMBER not in str(dict(client.session))
    assert sent(client, "language/", {"writes": "en"})["Location"] == "/profile/"


def test_nobody_changes_too_often(users: Users, sari: Client, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "change_profile": "2/h/user"}
    assert [sent(sari, "address/", ADDRESS, postcode=f"1641{last}").status_code for last in range(3)] == [
        302,
        302,
        429,
    ]
    assert Person.objects.get(user=users.member).address.endswith('"16411"}')


# The address


def test_an_address_is_kept_sealed_in_parts_and_told(users: Users, sari: Client):
    assert "no address yet" in page(sari)
    assert sent(sari, "address/", ADDRESS)["Location"] == "/profile/"
    person = Person.objects.get(user=users.member)
    assert queries.address(person) == Address(**{**ADDRESS, "street": "Jl. Melati No. 12"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM registry_person WHERE id = %s", [person.pk])
        assert b"Melati" not in bytes(cursor.fetchone()[0])
    shown = page(sari)
    for line in ("Jl. Melati No. 12, RT 003 / RW 7", "Sukamaju, Cilodong", "Depok", "Jawa Barat 16415"):
        assert line in shown
    assert 'value="Sukamaju"' in page(sari, "/profile/address/")
    assert words(users.member) == ["address_changed"]
    for told in (texts(PHONE), mails(EMAIL)):
        assert len(told) == 1
        assert "Melati" not in told[0]
    sent(sari, "address/", ADDRESS)
    assert words(users.member) == ["address_changed"], "what is there already is no change"


def test_an_address_without_rt_and_rw_has_no_empty_ones():
    address = Address(**{**ADDRESS, "rt": "", "rw": ""})
    assert address.lines()[0] == "Jl. Melati  No. 12"
    assert Address.of_text(address.as_text()) == address
    assert "Melati" not in repr(address)


@pytest.mark.parametrize(
    ("field", "value"), [("postcode", "1641"), ("rt", "abcd"), ("city", ""), ("street", "x" * 121)]
)
def test_an_address_that_can_not_be_is_refused(users: Users, sari: Client, field: str, value: str):
    answer = sent(sari, "address/", ADDRESS, **{field: value})
    assert answer.status_code == 400
    assert f'href="#id_{field}"' in answer.content.decode()
    assert Person.objects.get(user=users.member).address is None


# Heirs


def test_heirs_are_named_changed_and_removed(users: Users, sari: Client):
    assert "You have named nobody yet" in page(sari)
    assert sent(sari, "heirs/add/", HEIR)["Location"] == "/profile/heirs/"
    heir = Heir.objects.get()
    assert (heir.person, heir.name, heir.relation, heir.rank) == (users.member.person, "Budi Uji", "child", 1)
    assert heir.birth_date == date(2015, 5, 5)
    shown = page(sari, "/profile/heirs/")
    assert "1. Budi Uji" in shown
    assert "Child, born on 5 May 2015" in shown
    assert "JHT" in shown
    assert "JKM" in shown
    sent(sari, "heirs/add/", HEIR)
    assert Heir.objects.count() == 1, "the same one twice is one"
    assert sent(sari, f"heirs/{heir.pk}/", HEIR, heir_name="Budi Santoso Uji", rank="2").status_code == 302
    heir.refresh_from_db()
    assert (heir.name, heir.rank) == ("Budi Santoso Uji", 2)
    assert "Budi Santoso Uji" in page(sari, f"/profile/heirs/{heir.pk}/remove/")
    assert sent(sari, f"heirs/{heir.pk}/remove/", {}).status_code == 302
    assert not Heir.objects.exists()
    assert words(users.member) == ["heirs_changed"] * 3
    assert [len(texts(PHONE)), len(mails(EMAIL))] == [1, 1], "told once an hour"


def test_an_heir_that_another_window_took_off_is_not_there(
    users: Users, sari: Client, monkeypatch: pytest.MonkeyPatch
):
    """Between the gate, which still saw him, and the change, which waited for the other's lock."""
    sent(sari, "heirs/add/", HEIR)
    heir, change = Heir.objects.get(), actions.change_heir

    def after_another(user: User, heir_id: int, *facts: Any, **here: Any) -> Any:
        actions.remove_heir(user, heir_id, **here)
        return change(user, heir_id, *facts, **here)

    monkeypatch.setattr(actions, "change_heir", after_another)
    assert sent(sari, f"heirs/{heir.pk}/", HEIR, rank="2").status_code == 404
    assert not Heir.objects.exists()


def test_a_birth_date_that_is_not_known_is_left_out(users: Users, sari: Client):
    sent(sari, "heirs/add/", HEIR, heir_born_day="", heir_born_month="", heir_born_year="")
    assert Heir.objects.get().birth_date is None


def test_a_list_of_heirs_has_an_end(users: Users, sari: Client):
    for number in range(MOST_HEIRS):
        sent(sari, "heirs/add/", HEIR, heir_name=f"Anak {number}", rank=str(number + 1))
    answer = sent(sari, "heirs/add/", HEIR, heir_name="Anak lagi")
    assert answer.status_code == 400
    assert f"at most {MOST_HEIRS} heirs" in plain(answer)
    assert Heir.objects.count() == MOST_HEIRS
    shown = page(sari, "/profile/heirs/")
    assert "Your list is full" in shown
    assert "/profile/heirs/add/" not in shown


def test_the_database_keeps_ranks_in_bounds(users: Users):
    with pytest.raises(IntegrityError), transaction.atomic():
        Heir.objects.create(person=users.member.person, rank=0, relation="child", name="X")


# The bank account


def test_a_bank_account_is_kept_masked_told_and_cools_off(users: Users, sari: Client):
    assert sent(sari, "bank-account/", ACCOUNT)["Location"] == "/profile/"
    account = BankAccount.objects.get()
    assert (account.bank, account.number, account.holder, account.until) == ("014", NUMBER, "SARI UJI", None)
    for path in ("/profile/", "/profile/bank-account/", "/profile/bank-account/remove/", "/account/contacts/"):
        shown = page(sari, path)
        assert NUMBER not in shown
        assert "123-456" not in shown
    assert "••••••7890" in page(sari)
    change = accounts.cooling_off(users.member, timezone.now())
    assert change is not None
    assert (change.kind, change.old, change.new) == ("bank", "", "••••••7890")
    assert change.cools_until - change.changed_at == timedelta(days=7)
    assert "Your bank account was changed" in page(sari, "/account/contacts/")
    for told in (texts(PHONE), mails(EMAIL)):
        assert len(told) == 1
        assert NUMBER not in told[0]
        assert "BCA ******7890" in told[0]
    assert words(users.member) == ["bank_changed"]
    assert "BCA ******7890" in page(sari, f"/inbox/{Message.objects.get().pk}/")
    sent(sari, "bank-account/", ACCOUNT)
    assert (BankAccount.objects.count(), ContactChange.objects.count()) == (1, 1), "the same twice is one"


def test_another_account_ends_the_one_before(users: Users, sari: Client):
    sent(sari, "bank-account/", ACCOUNT)
    sent(sari, "bank-account/", ACCOUNT, bank="002", account_number="123456789012345")
    old, new = BankAccount.objects.order_by("since")
    assert old.until == new.since
    assert new.until is None
    assert ContactChange.objects.latest("pk").old == "••••••7890"
    assert sent(sari, "bank-account/remove/", {})["Location"] == "/profile/"
    assert queries.bank_account(users.member.person) is None
    assert words(users.member) == ["bank_changed", "bank_changed", "bank_removed"]
    assert "There is no bank account" in page(sari, "/profile/bank-account/remove/")
    sent(sari, "bank-account/remove/", {})
    assert len(words(users.member)) == 3


@pytest.mark.parametrize("holder", ["Sari Uji", "SARI  UJI", "Uji Sari", "Ny. Sari Uji, S.E."])
def test_the_holder_may_be_written_a_little_otherwise(users: Users, sari: Client, holder: str):
    assert sent(sari, "bank-account/", ACCOUNT, holder=holder).status_code == 302


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("holder", "Joko Uji", "must be your own"),
        ("account_number", "12345", "BCA has no account number like this"),
        ("account_number", "12345678901", "BCA has no account number like this"),
        ("account_number", "12345A7890", "BCA has no account number like this"),
        ("account_number", "١٢٣٤٥٦٧٨٩٠", "BCA has no account number like this"),
        ("bank", "999", "not among the answers"),
    ],
)
def test_an_account_that_can_not_be_is_refused(users: Users, sari: Client, field: str, value: str, said: str):
    answer = sent(sari, "bank-account/", ACCOUNT, **{field: value})
    assert answer.status_code == 400
    assert said in plain(answer)
    assert f'href="#id_{field}"' in answer.content.decode()
    assert not BankAccount.objects.exists()
    assert texts(PHONE) == []


def test_the_list_of_banks_is_whole():
    assert len(banks()) > 40
    for code, bank in banks().items():
        assert (code, len(code), code.isdigit()) == (bank.code, 3, True)
        assert bank.digits is None or 6 <= bank.digits <= 20
    assert len({bank.name for bank in banks().values()}) == len(banks())
    assert banks()["011"].takes("123456")
    assert not banks()["011"].takes("1" * 21)


# Language, limits


def test_the_language_of_what_is_sent_is_chosen(users: Users, sari: Client):
    assert sent(sari, "language/", {"writes": "en"}).status_code == 302
    users.member.refresh_from_db()
    assert (users.member.language, Person.objects.get(user=users.member).language) == ("en", "en")
    assert "We write to you in English" in page(sari)
    assert words(users.member) == ["language_changed"]
    assert sent(sari, "language/", {"writes": "nl"}).status_code == 400


def test_a_joint_page_asks_few_questions_however_much_there_is(users: Users, sari: Client):
    def asked(path: str) -> int:
        page(sari, path)
        with CaptureQueriesContext(
            connection,
        ) as context:
            page(sari, path)
        own = ("django_session", 'accounts_user"', "SAVEPOINT", "usersessions")
        return len([each for each in context if not any(name in each["sql"] for name in own)])

    empty = {path: asked(path) for path in ("/profile/", "/profile/heirs/")}
    sent(sari, "bank-account/", ACCOUNT)
    sent(sari, "address/", ADDRESS)
    for number in range(MOST_HEIRS):
        sent(sari, "heirs/add/", HEIR, heir_name=f"Anak {number}", rank=str(number + 1))
    assert {path: asked(path) for path in empty} == empty
    assert max(empty.values()) <= 5
