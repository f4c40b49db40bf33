"""The link in a mail confirms on any device, by one button, once; any other token confirms nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone
from door_users import Users
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from newcomers import EMAIL, PASSWORD, PHONE, Walk, digits, events, link, mails, make_newcomer, said, texts

from lumbung.accounts.models import AccessEvent, User
from lumbung.accounts.registration import links
from lumbung.accounts.registration.links import Standing
from lumbung.registry.models import Person


def english() -> Client:
    return Client(headers={"Accept-Language": "en"})


@pytest.fixture
def path(walk: Walk, unhurried: None) -> str:
    """The link that Rina was sent."""
    walk.up_to_account()
    assert walk.choose("link").headers["Location"] == "/register/link-sent/"
    return link(mails()[0])


def test_a_link_confirms_on_another_device_and_then_the_member_logs_in(walk: Walk, path: str):
    other = english()
    page = other.get(path)
    assert "Yes, it is me who registers" in said(page)
    assert "no-store" in page.headers["Cache-Control"]
    assert not User.objects.get().is_confirmed, "looking changes nothing"
    assert other.post(path).headers["Location"] == "/register/done/"
    assert User.objects.get().is_confirmed
    assert other.get("/dashboard/").status_code == 302, "a link logs nobody in"
    assert walk.client.get("/register/go-on/").headers["Location"] == "/register/done/"
    for browser in (other, walk.client):
        assert "used already" in said(browser.get(path, headers={"Accept-Language": "en"}))
    assert "used already" in said(other.post(path))


def test_it_says_nothing_about_a_person(path: str):
    token = path.split("/")[3]
    assert signing.loads(token, salt=links.SALT)[0] == User.objects.get().pk
    for secret in (EMAIL, PHONE, "rina", "Rina"):
        assert secret not in path
    assert len(path) < 130


def test_it_is_too_old_after_a_day(path: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(links, "VALID_FOR", timedelta(seconds=-1))
    assert "too old" in said(english().get(path))
    assert "too old" in said(english().post(path))
    assert not User.objects.get().is_confirmed
    monkeypatch.undo()
    assert timedelta(hours=24) >= links.VALID_FOR


def test_it_is_older_once_the_address_is_another(walk: Walk, path: str):
    walk.contacts(email="rina.baru@contoh.test")
    assert "the link of an older mail" in said(english().get(path))
    walk.choose("link")
    assert walk.client.post(link(mails("rina.baru@contoh.test")[0])).headers["Location"] == "/register/on-file/"


def test_it_is_over_once_the_registration_was_begun_anew(path: str):
    Walk(Client()).up_to_account(username="rina.lagi")
    assert "This registration is over" in said(english().get(path))
    assert english().post(path).status_code == 200
    assert not User.objects.get().is_confirmed


def test_it_is_used_once_a_code_confirmed_the_account(walk: Walk, path: str):
    walk.choose("sms")
    walk.code(digits(texts()[0]))
    assert "Your account is ready" in said(english().get(path))


def test_with_another_address_on_file_the_second_code_follows_on_that_device(db: None, unhurried: None):
    make_newcomer(email=None)
    Walk(Client()).up_to_account(phone="")
    User.objects.get()
    first = Walk(Client())
    first.up_to_account(phone="")
    first.choose("link")
    path = link(mails()[0])
    other = english()
    assert other.post(path).headers["Location"] == path
    assert "One step is missing" in said(other.get(path))
    assert other.get("/register/on-file/").headers["Location"] == "/register/", "that device goes no further"
    assert first.client.get("/register/go-on/").headers["Location"] == "/register/on-file/"
    first.on_file("sms")
    assert first.code(digits(texts()[0])).headers["Location"] == "/dashboard/"


def test_in_the_browser_that_registers_the_link_leads_on(db: None, unhurried: None):
    make_newcomer(email=None)
    walk = Walk(english())
    walk.up_to_account(phone="")
    walk.choose("link")
    assert walk.client.post(link(mails()[0])).headers["Location"] == "/register/on-file/"


def test_mail_and_page_say_who_registers_what_and_what_each_button_does(path: str):
    """The mail may come to somebody else than who registers, and whoever registers chose the password."""
    mail, page = mails()[0], said(english().get(path))
    for words in (mail, page):
        assert "•••••••0009" in words
        assert f"{timezone.localtime():%Y, %H:}" in words
        assert "Whoever registers chose the password" in words or "whoever registers chose the password" in words
    assert "Nobody is logged in by either button" in page
    for secret in ("10000000009", "Rina", "rina", PHONE):
        assert secret not in mail.replace(EMAIL, "")
        assert secret not in page


def test_it_was_not_me_ends_the_registration_and_tells_the_contacts_on_file(walk: Walk, path: str):
    other = english()
    answer = other.post(path, {"not_me": "1"})
    assert "The registration is ended" in said(answer)
    assert not User.objects.exists()
    assert events() == ["registration_ended"]
    assert AccessEvent.objects.get(what="registration_ended").person == Person.objects.get()
    assert ["bukan saya" in text for text in texts()] == [True]
    assert "bukan saya" in mails()[-1]
    assert "http" not in texts()[0] + mails()[-1]
    for browser in (other, walk.client):
        assert "This registration is over" in said(browser.post(path, {"not_me": "1"}))
    assert walk.code("123456").headers["Location"] == "/register/"
    assert walk.client.post("/login/", {"login": "rina", "password": PASSWORD}).status_code == 200
    assert events() == ["registration_ended"]


def test_who_says_so_again_and_again_does_not_fill_anybodys_phone(walk: Walk, path: str):
    english().post(path, {"not_me": "1"})
    walk.up_to_account(username="rina.lagi")
    walk.choose("link")
    english().post(link(mails()[-1]), {"not_me": "1"})
    assert len(texts()) == 1


def test_a_confirmed_account_is_not_ended_by_the_mail(walk: Walk, path: str):
    english().post(path)
    assert "used already" in said(english().post(path, {"not_me": "1"}))
    assert User.objects.get().is_confirmed


def test_nobody_is_logged_in_by_either_button(path: str):
    for form in ({}, {"not_me": "1"}):
        browser = english()
        browser.post(path, form)
        assert browser.get("/dashboard/").status_code == 302
        assert "_auth_user_id" not in browser.session


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_token_but_the_one_that_was_sent_is_good(path: str, data: st.DataObject):
    token = path.split("/")[3]
    place = data.draw(st.integers(0, len(token) - 1))
    sign = data.draw(st.characters(codec="ascii", categories=["L", "N", "P"]))
    changed = token[:place] + sign + token[place + 1 :]
    if changed != token:
        assert links.read(changed) == (Standing.BROKEN, None)
    for cut in (token[:place], token + sign, sign + token, token.swapcase()):
        assert links.read(cut)[0] is not Standing.GOOD


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=st.one_of(st.integers(), st.text(max_size=5), st.none(), st.lists(st.integers(), max_size=2)))
def test_what_is_signed_for_another_purpose_or_row_is_not_good(path: str, key: object):
    user = User.objects.get()
    state = signing.loads(path.split("/")[3], salt=links.SALT)[1]
    assert links.read(signing.dumps([user.pk, state]))[0] is Standing.BROKEN
    if key != user.pk:
        assert links.read(signing.dumps([key, state], salt=links.SALT))[0] is not Standing.GOOD


def test_tries_of_links_are_limited(db: None):
    make_newcomer()
    browser = english()
    answers = {browser.post("/register/link/abc/").status_code for _ in range(31)}
    assert answers == {200, 429}
    assert Person.objects.filter(user__isnull=False).count() == 0


def test_pressed_twice_at_once_it_says_that_the_account_is_ready(path: str, monkeypatch: pytest.MonkeyPatch):
    first, second = english(), english()
    good = links.read(path.split("/")[3])
    first.post(path)
    answers = [good]
    real = links.read
    monkeypatch.setattr(links, "read", lambda token: answers.pop() if answers else real(token))
    assert "Your account is ready" in said(second.post(path))


def test_on_a_phone_where_somebody_else_is_logged_in_it_says_so(
    users: Users, enter: Callable[[User], Client], path: str
):
    other = enter(users.member)
    for answer in (other.get(path), other.post(path)):
        assert "Ada yang sedang masuk di perangkat ini" in said(answer)
    assert not User.objects.get(username="rina").is_confirmed
    assert other.get("/dashboard/").status_code == 200
