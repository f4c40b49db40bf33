"""Consents: given and taken back with one tap, each with its words, time, place and hand; kept as proof."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import gettext, override
from door_users import Users

from lumbung.accounts.models import AccessEvent, User
from lumbung.profiles.consents import actions, purposes, queries
from lumbung.profiles.consents.errors import TextChanged
from lumbung.profiles.consents.purposes import PURPOSES, Purpose, digest
from lumbung.profiles.models import Consent

Enter = Callable[[User], Client]
# The texts that people agreed to, by purpose, version and language. A text is never changed: another version is
# added to `purposes.PURPOSES`, and its digests here.
AGREED = {
    ("news", 1, "en"): "287bc88b8451b938",
    ("news", 1, "id"): "a3479dd48d278bf6",
    ("surveys", 1, "en"): "bf7490353f3fe070",
    ("surveys", 1, "id"): "727aae93d2cfdf9f",
}


def page(client: Client, language: str = "en") -> str:
    answer = client.get("/account/consents/", headers={"Accept-Language": language})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def post(client: Client, language: str = "id", **sent: str) -> None:
    answer = client.post("/account/consents/", sent, headers={"Accept-Language": language})
    assert answer["Location"] == "/account/consents/"


def test_the_words_that_somebody_agreed_to_never_change():
    told = {}
    for purpose in PURPOSES.values():
        for version, text in enumerate(purpose.versions, 1):
            for language in ("en", "id"):
                with override(language):
                    told[purpose.code, version, language] = digest(gettext(text))[:16]
    assert told == AGREED


def test_a_consent_is_given_and_taken_back_with_one_tap_and_kept_as_proof(users: Users, enter: Enter):
    client = enter(users.member)
    assert page(client).count("Not allowed") == len(PURPOSES)
    post(client, purpose="news", version="1")
    given = Consent.objects.get()
    with override("id"):
        assert given.digest == digest(gettext(PURPOSES["news"].text))
    assert (given.person, given.purpose, given.version, given.language) == (users.member.person, "news", 1, "id")
    assert (given.given_place, given.given_by) == ("member", users.member)
    assert queries.stands(given.person, "news")
    assert not queries.stands(given.person, "surveys")
    shown = page(client)
    assert "Allowed</span> since" in shown
    assert given.digest[:12] in shown
    post(client, purpose="news", version="1")
    assert Consent.objects.count() == 1, "twice is once"
    post(client, purpose="news", withdraw="yes")
    given.refresh_from_db()
    assert (given.withdrawn_place, given.withdrawn_by) == ("member", users.member)
    assert not queries.stands(given.person, "news")
    assert page(client).count("Not allowed") == len(PURPOSES)
    post(client, purpose="news", withdraw="yes")
    words = AccessEvent.objects.filter(person=given.person).order_by("pk").values_list("what", flat=True)
    assert list(words) == ["consent_given", "consent_withdrawn"]


def test_another_text_is_asked_for_anew(users: Users, enter: Enter, monkeypatch: pytest.MonkeyPatch):
    client = enter(users.member)
    post(client, purpose="news", version="1")
    old = PURPOSES["news"]
    newer = {**PURPOSES, "news": Purpose("news", old.title, (*old.versions, PURPOSES["surveys"].text))}
    for module in (actions, queries, purposes):
        monkeypatch.setattr(module, "PURPOSES", newer)
    monkeypatch.setattr("lumbung.portal.consents.PURPOSES", newer)
    person = users.member.person
    assert person is not None
    assert not queries.stands(person, "news")
    assert page(client).count("Not allowed") == len(PURPOSES)
    with pytest.raises(TextChanged):
        actions.give(users.member, "news", version=1, text="x", language="id", place="member", now=timezone.now())
    post(client, purpose="news", version="1")
    assert not queries.stands(person, "news"), "what was read is what is agreed to"
    post(client, purpose="news", version="2")
    assert queries.stands(person, "news")
    assert Consent.objects.filter(withdrawn_at__isnull=True).count() == 1


@pytest.mark.parametrize("version", ["", "0", "-1", "x", "99999", "²"])
def test_a_version_that_is_none_is_no_consent(users: Users, enter: Enter, version: str):
    post(enter(users.member), purpose="news", version=version)
    assert not Consent.objects.exists()


def test_a_purpose_that_is_none_is_nothing(users: Users, enter: Enter):
    assert enter(users.member).post("/account/consents/", {"purpose": "all", "version": "1"}).status_code == 200
    assert not Consent.objects.exists()


def test_the_page_says_what_needs_no_consent_in_both_languages(users: Users, enter: Enter):
    client = enter(users.member)
    for language, said in {"en": "A duty by law: UU 40/2004", "id": "Kewajiban hukum: UU 40/2004"}.items():
        assert said in page(client, language)


def test_the_number_of_questions_does_not_grow(users: Users, enter: Enter):
    client = enter(users.member)

    def asked() -> int:
        page(client)
        with CaptureQueriesContext(connection) as context:
            page(client)
        return len([each for each in context if "profiles_" in each["sql"] or "registry_" in each["sql"]])

    few = asked()
    for _ in range(12):
        post(client, purpose="news", version="1")
        post(client, purpose="news", withdraw="yes")
    assert asked() == few <= 5


def test_the_database_keeps_one_standing_consent_a_purpose(users: Users):
    facts = {
        "person": users.member.person, "purpose": "news", "version": 1, "language": "id", "digest": "0" * 64,
        "given_at": timezone.now(), "given_place": "member",
    }  # fmt: skip
    Consent.objects.create(**facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.create(**facts)
