"""The inbox: what is told anywhere is told there too, in both languages, sealed, and only to whom it is about."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override
from door_users import PASSWORD, Users
from letterbox import EMAIL, NEW_PASSWORD, PHONE, give_contacts, mails, texts

from lumbung.accounts.contacts import actions as contacts
from lumbung.accounts.contacts import letters
from lumbung.accounts.contacts import queries as known
from lumbung.accounts.inbox import actions, queries, words
from lumbung.accounts.inbox.queries import Letter
from lumbung.accounts.models import Message, User
from lumbung.accounts.notices import actions as notices
from lumbung.accounts.notices.changes import CHANGES
from lumbung.accounts.recovery import actions as recovery
from lumbung.accounts.sessions import actions as sessions
from lumbung.accounts.telling import examples
from lumbung.casework import actions as casework

Enter = Callable[[User], Client]
NOW = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)
CHROME = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/156.0.0.0 Mobile Safari/537.36"
)


def told(user: User) -> list[Letter]:
    """What stands in the inbox, the newest first, in English."""
    with override("en"):
        return list(queries.letters(user, limit=100))


def fill(user: User, count: int) -> None:
    for step in range(count):
        actions.tell(user, "password_reset", now=NOW + timedelta(minutes=step), at=NOW + timedelta(minutes=step))


def test_a_change_of_what_lets_in_is_told_inside_too(users: Users, enter: Enter):
    give_contacts(users.member)
    client = enter(users.member)
    client.post("/reauthenticate/", {"password": PASSWORD})
    changed = client.post("/account/password/", {"password": NEW_PASSWORD}, headers={"User-Agent": CHROME})
    assert changed.status_code == 302
    (letter,) = told(users.member)
    assert letter.title == "The password of your account was changed."
    assert "Chrome on a phone (Android)" in letter.text
    assert "WIB" in letter.text
    assert len(texts(PHONE)) == 1, "by SMS as before"


@pytest.mark.parametrize("change", CHANGES.values(), ids=lambda change: change.word)
def test_every_change_has_words_for_the_inbox(change):
    assert words.of(change.word, words.newest(change.word)).title == change.sentence


def test_wrong_passwords_a_new_device_and_a_new_contact_are_told(users: Users):
    give_contacts(users.member)
    user = users.member
    notices.tell_closed_to(user, place="member", now=NOW)
    facts = {"address": "127.0.0.1", "place": "member"}
    assert not sessions.note_log_in(user, user_agent="first", now=NOW + timedelta(minutes=1), **facts)
    assert sessions.note_log_in(user, user_agent=CHROME, now=NOW + timedelta(minutes=2), **facts)
    contacts.set_contact(user, "phone", "+6281200000909", now=NOW + timedelta(minutes=3), place="member")
    recovery.reset_password(user, NEW_PASSWORD, now=NOW + timedelta(minutes=4), place="member")
    assert [letter.title for letter in told(user)] == [
        "Your password was set anew",
        "Your phone number was changed",
        "Somebody logged in with your account on a new device.",
        "Wrong passwords were tried for your account",
    ]
    changed = told(user)[1].text
    assert "0909" in changed
    assert "81200000909" not in changed


@pytest.mark.parametrize(("accepted", "title"), [(True, "accepted"), (False, "refused")])
def test_a_decided_request_is_told_with_the_officers_words(users: Users, accepted: bool, title: str):
    assert users.member.person is not None
    facts = {"what": "name", "name": "Sari Uji Benar", "why": "Ada di KTP."}
    case = casework.open_case("correction", users.member.person, facts, user=None, place="member", now=NOW)
    casework.read_case(case.pk, users.officer, reason="Permintaan di loket", now=NOW)
    seen = casework.queries.stamp(case)
    casework.decide(
        case.pk, users.officer, accepted=accepted, note="Sudah {kami} periksa.", seen=seen, now=NOW
    )  # a brace is a brace
    (letter,) = told(users.member)
    assert title in letter.title
    assert "Sudah {kami} periksa." in letter.text
    assert told(users.other_member) == []


def test_it_reads_in_the_readers_language_and_every_version_can_be_read(users: Users):
    facts = {**examples.FACTS, "at": NOW, "until": NOW, "new": "•••• 0001", "device": CHROME, "note": "Baik."}
    for word, versions in words.WORDS.items():
        for version in range(1, len(versions) + 1):
            message = actions.tell(users.member, word, now=NOW, **facts)
            assert message is not None
            message.version = version
            said = {}
            for language in ("id", "en"):
                with override(language):
                    letter = queries.letter(message)
                    said[language] = letter.title + letter.text
                    assert "{" not in said[language], word
            assert said["id"] != said["en"], word


ASKED_FOR = {"reset_code", "contact_code", "username", "contact_taken"}


@pytest.mark.parametrize("word", sorted(set(letters.WORDS) - ASKED_FOR))
def test_what_a_user_is_told_stands_in_texts_mails_and_the_inbox(users: Users, word: str):
    """One way of telling: one word, one set of facts, three places."""
    give_contacts(users.member)
    facts = {"at": NOW, "until": NOW, "new": "•••• 0001", "device": CHROME}
    contacts.tell_user(users.member, known.channels(users.member), word, now=NOW, **facts)
    for said in (texts(PHONE)[-1], mails(EMAIL)[-1], told(users.member)[-1].text):
        assert "{" not in said
        assert "http" not in said
    for language in ("id", "en"):
        subject, body = letters.mail(word, language=language, **facts)
        assert subject
        assert "\n" not in subject
        assert letters.text(word, language=language, **facts) != body


def test_facts_lie_sealed(users: Users):
    actions.tell(users.member, "request_accepted", now=NOW, note="Rahasia sekali")
    with connection.cursor() as cursor:
        cursor.execute("SELECT word, facts FROM accounts_message")
        ((word, facts),) = cursor.fetchall()
    assert word == "request_accepted"
    assert b"Rahasia" not in bytes(facts)


def test_who_has_no_inbox_is_told_nothing(users: Users):
    assert actions.tell(users.officer, "password_reset", now=NOW, at=NOW) is None
    assert actions.tell(None, "password_reset", now=NOW, at=NOW) is None
    assert Message.objects.count() == 0


def test_unread_is_counted_with_the_user_and_falls_by_reading(users: Users, enter: Enter):
    fill(users.member, 3)
    client = enter(users.member)
    page = client.get("/inbox/", headers={"Accept-Language": "en"}).content.decode()
    assert '<span class="unseen">3 new</span>' in page
    newest = told(users.member)[0]
    assert "2 new" in client.get(f"/inbox/{newest.id}/", headers={"Accept-Language": "en"}).content.decode()
    assert User.objects.get(pk=users.member.pk).unread == 2
    client.get(f"/inbox/{newest.id}/")
    assert User.objects.get(pk=users.member.pk).unread == 2, "a message is read once"
    first_read = Message.objects.get(pk=newest.id).read_at
    assert client.post("/inbox/read/")["Location"] == "/inbox/"
    assert User.objects.get(pk=users.member.pk).unread == 0
    assert Message.objects.get(pk=newest.id).read_at == first_read
    page = client.get("/inbox/", headers={"Accept-Language": "en"}).content.decode()
    assert "Mark all as read" not in page
    assert 'class="count"' not in page


def test_the_number_in_the_menu_costs_no_query_and_a_long_inbox_no_more(users: Users, enter: Enter):
    client = enter(users.member)
    client.get("/inbox/")

    def queries_of(path: str) -> int:
        with CaptureQueriesContext(connection) as done:
            assert client.get(path).status_code == 200
        return len(done)

    empty = {path: queries_of(path) for path in ("/inbox/", "/account/")}
    fill(users.member, 45)
    assert {path: queries_of(path) for path in empty} == empty
    assert empty["/inbox/"] <= 5 + 2, "five beside session and user"
    assert 'class="count"' in client.get("/account/").content.decode()
    pages = [client.get(f"/inbox/?page={number}").content.decode() for number in (1, 2, 3)]
    assert [len(set(re.findall(r'href="/inbox/(\d+)/"', page))) for page in pages] == [20, 20, 5]


def test_an_empty_inbox_says_what_it_is_for(users: Users, enter: Enter):
    page = enter(users.member).get("/inbox/", headers={"Accept-Language": "en"}).content.decode()
    assert "There is no message for you." in page


def test_a_message_shows_what_an_officer_wrote_as_text(users: Users, enter: Enter):
    message = actions.tell(users.member, "request_refused", now=timezone.now(), note="<b>Baris</b>\nkedua")
    assert message is not None
    page = enter(users.member).get(f"/inbox/{message.pk}/").content.decode()
    assert "&lt;b&gt;Baris&lt;/b&gt;<br>kedua" in page
    assert 'href="/account/requests/"' in page
