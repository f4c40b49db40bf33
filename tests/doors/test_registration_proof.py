"""Contacts that are another's, and who must show more than a contact of his own before he is confirmed."""

import re
from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone
from newcomers import (
    EMAIL,
    NAME,
    PASSWORD,
    PHONE,
    Walk,
    digits,
    events,
    mails,
    make_newcomer,
    said,
    texts,
    told,
)

from lumbung.accounts.actions import make_member_user, make_officer, set_phone
from lumbung.accounts.models import Phone, User
from lumbung.accounts.registration import actions, letters
from lumbung.accounts.registration.errors import RegistrationGone
from lumbung.accounts.registration.ways import Way
from lumbung.casework import queries
from lumbung.casework.actions import decide, forget_registrations, read_case
from lumbung.casework.models import Case
from lumbung.encryption import blind_index
from lumbung.registry.actions import NewPerson, put_on_file, register_persons
from lumbung.registry.models import Person

OWN_PHONE, OWN_EMAIL = "+6281200000777", "rina.sendiri@contoh.test"


@pytest.fixture
def owner(db: None) -> User:
    """Somebody else, whose confirmed phone and e-mail address are OWN_PHONE and OWN_EMAIL."""
    person = register_persons([NewPerson("Pemilik Uji", date(1980, 1, 1), ("10000000010",))])[0].person
    user = make_member_user(person, "pemilik", PASSWORD, email=OWN_EMAIL)
    set_phone(user, OWN_PHONE, verified_at=timezone.now())
    EmailAddress.objects.create(user=user, email=OWN_EMAIL, primary=True, verified=True)
    return user


@pytest.mark.parametrize(
    ("way", "phone", "email"), [("sms", OWN_PHONE, ""), ("email", "", OWN_EMAIL), ("link", "", OWN_EMAIL)]
)
def test_a_taken_contact_walks_the_same_pages_and_its_owner_hears_of_it_once_a_day(
    walk: Walk, owner: User, unhurried: None, way: str, phone: str, email: str
):
    def walked() -> list[tuple[int, str | None, str]]:
        browser = Walk(Client())
        answers = [browser.who(), browser.contacts(phone, email), browser.account()]
        if way != "sms":
            answers.append(browser.choose(way))
        pages = ["code/", "code/missing/"] if way != "link" else ["link-sent/", "code/missing/"]
        answers += [browser.client.get(f"/register/{page}") for page in pages]
        if way != "link":
            answers += [browser.code("abcdef"), browser.choose(way)]
        return [_without_time(told(answer)) for answer in answers]

    taken = walked()
    assert texts(OWN_PHONE) == mails(OWN_EMAIL) == []
    user = User.objects.get(username="rina")
    for _ in range(2):
        actions.tell_owner_once_a_day(user, Way(way), now=timezone.now())
    told_owner = texts(OWN_PHONE) + mails(OWN_EMAIL)
    assert len(told_owner) == 1
    assert not re.search(r"https?:|\b\d{6}\b", told_owner[0])
    owner.delete()
    assert walked() == taken


def _without_time(answer: tuple[int, str | None, str]) -> tuple[int, str | None, str]:
    return answer[0], answer[1], re.sub(r"\d\d:\d\d", "", answer[2])


def test_who_confirms_a_contact_takes_it_from_those_who_only_claimed_it(walk: Walk):
    other = register_persons([NewPerson("Lain", date(1980, 1, 1), ("10000000010",))])[0].person
    claimed = actions.begin(
        other.pk, username="pengaku", password=PASSWORD, phone=PHONE, email=EMAIL, language="id",
        now=timezone.now(),
    )  # fmt: skip
    walk.up_to_account()
    walk.choose("email")
    walk.code(digits(mails()[0]))
    assert User.objects.get(username="rina").is_confirmed
    assert list(EmailAddress.objects.values_list("user__username", flat=True)) == ["rina"]
    assert Phone.objects.filter(user=claimed).exists(), "the phone was not confirmed"


# Somebody else may know all four facts


def test_another_contact_than_those_on_file_needs_a_second_code_there(walk: Walk, unhurried: None):
    walk.up_to_account(phone=OWN_PHONE, email="")
    assert walk.code(digits(texts(OWN_PHONE)[0])).headers["Location"] == "/register/on-file/"
    assert not User.objects.get().is_confirmed
    assert walk.client.get("/dashboard/").status_code == 302
    page = said(walk.client.get("/register/on-file/"))
    assert PHONE not in page
    assert EMAIL not in page
    assert "••••••••••0009" in page
    assert "r•••@c•••.test" in page
    assert walk.on_file("sms").headers["Location"] == "/register/code/"
    assert PHONE not in said(walk.client.get("/register/code/"))
    assert "used already" in said(walk.code(digits(texts(OWN_PHONE)[0])))
    assert walk.code(digits(texts()[0])).headers["Location"] == "/dashboard/"
    person = Person.objects.get(name=NAME)
    assert (person.phone, person.email) == (PHONE, EMAIL), "what is on file stays"


def test_the_first_code_can_not_be_left_out(walk: Walk, unhurried: None):
    walk.up_to_account(phone=OWN_PHONE, email="")
    assert walk.on_file("sms").headers["Location"] == "/register/go-on/"
    assert texts() == []


def test_one_of_the_contacts_on_file_is_enough(walk: Walk):
    walk.up_to_account(phone=PHONE, email=OWN_EMAIL)
    walk.choose("sms")
    assert walk.code(digits(texts()[0])).headers["Location"] == "/dashboard/"


@pytest.mark.parametrize(
    ("on_file", "phone", "email"),
    [({}, OWN_PHONE, None), ({"email": "x@contoh.test"}, OWN_PHONE, "x@contoh.test")],
)
def test_a_contact_goes_on_file_where_none_was(
    db: None, unhurried: None, on_file: dict[str, str], phone: str, email: str | None
):
    person = make_newcomer(phone=None, email=on_file.get("email"))
    walk = Walk(Client())
    walk.up_to_account(phone=OWN_PHONE, email="")
    walk.code(digits(texts(OWN_PHONE)[0]))
    if on_file:
        walk.on_file("email")
        walk.code(digits(mails("x@contoh.test")[0]))
    person.refresh_from_db()
    assert User.objects.get().is_confirmed
    assert (person.phone, person.email) == (phone, email)
    assert person.phone_index == blind_index(OWN_PHONE, context="phone")


def test_every_contact_on_file_hears_that_there_is_an_account(walk: Walk):
    walk.up_to_account()
    walk.choose("sms")
    walk.code(digits(texts()[0]))
    assert len(texts()) == 2
    assert len(mails()) == 1
    for notice in (texts()[1], mails()[0]):
        assert "http" not in notice
        assert not re.search(r"\d{6}", notice)


def test_texts_fit_one_message_in_both_languages():
    for language in ("id", "en"):
        for letter in (letters.code("123456", language=language), letters.account_made(language=language),
                       letters.contact_in_use(language=language), letters.ended(language=language)):  # fmt: skip
            assert len(letter.body) <= 160, letter.body
            assert letter.body.isascii()


def test_put_on_file_changes_only_what_is_given(rina: Person):
    put_on_file(rina, email="Baru@Contoh.test")
    rina.refresh_from_db()
    assert (rina.phone, rina.email) == (PHONE, "Baru@Contoh.test")
    assert rina.email_index == blind_index("baru@contoh.test", context="email")


# An officer decides, when nothing on file can be read any more


@pytest.fixture
def asked(walk: Walk, unhurried: None) -> Case:
    """Rina's registration from a phone that is not on file, of which she says that none can be reached."""
    walk.up_to_account(phone=OWN_PHONE, email="")
    walk.code(digits(texts(OWN_PHONE)[0]))
    assert walk.on_file("none").headers["Location"] == "/register/waiting/"
    return Case.objects.get()


def _decide(case: Case, *, accepted: bool) -> None:
    officer = make_officer("petugas.uji", PASSWORD)
    read_case(case.pk, officer, reason="Memeriksa pendaftaran", now=timezone.now())
    decide(
        case.pk,
        officer,
        accepted=accepted,
        note="KTP dilihat di loket.",
        seen=queries.stamp(case),
        now=timezone.now(),
    )


def test_who_waits_is_told_what_happens_and_by_when(walk: Walk, asked: Case):
    page = said(walk.client.get("/register/waiting/"))
    due = timezone.localtime(asked.due_at)
    assert f"by {due.day} {due:%B %Y}, {due:%H:%M}" in page
    assert OWN_PHONE not in page
    later = Client()
    later.post("/login/", {"login": "rina", "password": PASSWORD})
    assert later.get("/register/go-on/").headers["Location"] == "/register/waiting/"
    assert later.get("/dashboard/").status_code == 302
    assert queries.facts(asked) == {"phone": OWN_PHONE}


def test_an_officer_who_accepts_confirms_and_puts_the_contact_on_file(walk: Walk, rina: Person, asked: Case):
    _decide(asked, accepted=True)
    user = User.objects.get(username="rina")
    assert user.is_confirmed
    rina.refresh_from_db()
    assert (rina.phone, rina.email) == (OWN_PHONE, EMAIL)
    change = user.contact_changes.get()
    assert (change.kind, change.old, change.new) == ("phone", "••••••••••0009", "••••••••••0777")
    assert change.cools_until > timezone.now()
    assert len(texts(PHONE)) == len(mails(EMAIL)) == 1, "the old contacts hear of it"
    assert len(texts(OWN_PHONE)) == 2
    assert walk.client.get("/register/waiting/").headers["Location"] == "/register/done/"
    assert "ready" in said(walk.client.get("/register/done/"))
    assert events() == ["case_opened", "case_read", "confirmed", "case_decided"]


def test_an_officer_who_refuses_is_heard_and_opens_nothing(walk: Walk, asked: Case):
    _decide(asked, accepted=False)
    assert "KTP dilihat di loket." in said(walk.client.get("/register/waiting/"))
    assert not User.objects.get(username="rina").is_confirmed


def test_what_was_begun_anew_can_not_be_accepted(walk: Walk, asked: Case):
    Walk(Client()).up_to_account(username="rina.lagi")
    with pytest.raises(RegistrationGone):
        _decide(asked, accepted=True)
    assert Case.objects.get().is_open
    assert not User.objects.get(username="rina.lagi").is_confirmed


def test_who_waits_for_an_officer_is_not_forgotten(asked: Case):
    user = User.objects.get(username="rina")
    User.objects.filter(pk=user.pk).update(registered_at=user.registered_at - timedelta(days=3))
    forget_registrations(timestamp=0)
    assert User.objects.filter(pk=user.pk).exists()
    _decide(asked, accepted=False)
    forget_registrations(timestamp=0)
    assert not User.objects.filter(pk=user.pk).exists()


def test_a_contact_on_file_that_can_be_read_after_all_still_serves(walk: Walk, asked: Case):
    walk.on_file("email")
    assert walk.code(digits(mails()[0])).headers["Location"] == "/dashboard/"
