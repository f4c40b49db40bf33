"""Everybody's pages: in both languages, kept by browsers without a cookie, files that arrive as they are."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse
from door_users import Users
from published import CONTENT, NOW, VERSION, announce, put

from lumbung.accounts.models import User
from lumbung.publications import actions, helping

Enter = Callable[[User], Client]
FILE = f"/forms/perubahan-data/{VERSION}/"
HELP = [f"/help/{slug}/" for slug in helping.TOPICS]
PAGES = ["/", "/announcements/", "/announcements/jam-buka/", "/forms/", "/help/", *HELP, "/security/"]
LANGUAGES = ("id", "en")


def ask(path: str, language: str = "id", client: Client | None = None, **headers: str) -> HttpResponse:
    client = client or Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


def read(path: str, language: str = "id") -> str:
    answer = ask(path, language)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


# Kept without a cookie


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_everybodys_and_may_be_kept(published: None, path: str, language: str):
    answer = ask(path, language)
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.content.decode()
    assert not answer.cookies
    assert "csrfmiddlewaretoken" not in answer.content.decode()
    assert set(answer["Cache-Control"].split(", ")) == {"public", "no-cache"}
    assert {"Cookie", "Accept-Language"} <= {name.strip() for name in answer["Vary"].split(",")}
    again = ask(path, language, if_none_match=answer["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", answer["ETag"])
    other = {"id": "en", "en": "id"}[language]
    assert ask(path, other, if_none_match=answer["ETag"]).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_one_who_is_logged_in_gets_a_page_that_nothing_keeps(
    published: None, users: Users, enter: Enter, path: str
):
    stranger = ask(path)
    answer = ask(path, client=enter(users.member), if_none_match=stranger["ETag"])
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert "Keluar" in answer.content.decode()
    assert 'name="csrfmiddlewaretoken"' in answer.content.decode()


def test_the_language_is_switched_without_a_token(published: None):
    browser = Client(enforce_csrf_checks=True)
    page = browser.get("/help/").content.decode()
    assert 'action="/language/"' in page
    assert not browser.cookies
    done = browser.post("/language/", {"language": "en", "next": "/help/"})
    assert (done.status_code, done["Location"]) == (302, "/help/")
    assert list(browser.cookies) == [settings.LANGUAGE_COOKIE_NAME]
    assert "Problems and solutions" in browser.get("/help/").content.decode()


def test_help_asks_the_database_for_officers_words_alone(client: Client, django_assert_num_queries, db: None):
    for path in ("/help/", *HELP):
        with django_assert_num_queries(1):
            assert client.get(path).status_code == 200
    with django_assert_num_queries(0):
        assert client.get("/security/").status_code == 200


# Announcements


def test_the_first_page_shows_the_newest_three(db: None):
    for number in range(5):
        announce(f"kabar-{number}", title_id=f"Kabar {number}", published_from=date(2025, 1, 1 + number))
    announce("penting", title_id="Kabar penting", published_from=date(2024, 1, 1), pinned=True)
    announce("besok", title_id="Kabar besok", published_from=date(2999, 1, 1))
    page = read("/")
    assert re.findall(r'/announcements/([a-z0-9-]+)/"', page) == ["penting", "kabar-4", "kabar-3"]
    assert "Penting" in plain(page)
    assert "Kabar besok" not in page


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("id", ["Jam buka kantor", "1 November 2025", "Buka <strong>setiap hari</strong> kerja."]),
        ("en", ["When the office is open", "1 November 2025", "Open <strong>every</strong> working day."]),
    ],
)
def test_an_announcement_is_shown_in_the_readers_language(published: None, language: str, words: list[str]):
    page = read("/announcements/jam-buka/", language)
    for word in words:
        assert word in page
    assert words[0] in read("/announcements/", language)


def test_announcements_come_in_pages(db: None):
    for number in range(23):
        announce(f"kabar-{number:02}", published_from=date(2025, 1, 1) + timedelta(days=number))
    first, last = read("/announcements/", "en"), read("/announcements/?page=3", "en")
    assert len(re.findall("<article", first)) == 10
    assert re.findall(r'/announcements/([a-z0-9-]+)/"', last) == ["kabar-02", "kabar-01", "kabar-00"]
    assert "Page 3 of 3" in last
    assert 'href="?page=2"' in first
    assert 'href="?page=2"' in last
    for page in ("99", "-1", "x", "", "9" * 400):
        assert ask(f"/announcements/?page={page}").status_code == 200


def test_without_announcements_the_pages_say_so(db: None):
    assert "Saat ini tidak ada pengumuman." in read("/announcements/")
    assert "Pengumuman" not in plain(read("/")).partition("Lumbung")[2].partition("Tidak ada internet")[0]
    assert "Belum ada formulir" in read("/forms/")


@pytest.mark.parametrize(
    "path", ["/announcements/tidak-ada/", "/forms/tidak-ada/", f"/forms/tidak-ada/{VERSION}/"]
)
def test_what_is_not_published_is_not_there(published: None, path: str):
    answer = ask(path)
    assert answer.status_code == 404
    assert 'href="/announcements/"' in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


def test_what_is_withdrawn_is_not_there(published: None):
    actions.withdraw("jam-buka", now=NOW)
    actions.withdraw_form("perubahan-data", now=NOW)
    for path in ("/announcements/jam-buka/", "/forms/perubahan-data/", FILE):
        assert ask(path).status_code == 404
    assert "jam-buka" not in read("/announcements/")


def test_what_an_author_writes_cannot_leave_its_place(db: None):
    hostile = '"><script>alert(1)</script>'
    announce(title_id=hostile, title_en=hostile, body_id=hostile + "\n\n[x](javascript:alert(1))", body_en=hostile)
    put(title_id=hostile, title_en=hostile, purpose_id=hostile, purpose_en=hostile)
    for path in ("/", "/announcements/", "/announcements/jam-buka/", "/forms/"):
        page = read(path)
        assert "<script" not in page
        assert 'href="javascript' not in page
        assert "&lt;script&gt;" in page or path == "/"


# Forms


def test_a_form_is_offered_with_what_it_is_for_its_kind_and_size(published: None):
    page = plain(read("/forms/"))
    for word in ("Perubahan data", "Untuk memperbaiki data Anda.", "PDF, 1 kB", "20 Nov 2025"):
        assert word in page
    assert "To correct your data." in read("/forms/", "en")


def test_a_file_arrives_as_it_is_and_may_be_kept_for_ever(published: None):
    answer = ask(FILE)
    assert answer.content == CONTENT
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="perubahan-data.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["Last-Modified"] == "Thu, 20 Nov 2025 04:00:00 GMT"
    assert not answer.cookies
    assert ask(FILE, if_none_match=answer["ETag"]).status_code == 304
    assert ask(FILE, if_modified_since=answer["Last-Modified"]).status_code == 304
    assert Client().head(FILE)["Content-Type"] == "application/pdf"


def test_an_address_that_stays_leads_to_the_newest_file(published: None):
    answer = ask("/forms/perubahan-data/")
    assert (answer.status_code, answer["Location"]) == (302, FILE)
    put(content=CONTENT + b"2", now=NOW + timedelta(days=1))
    old = Client().get(FILE, follow=True)
    assert old.content == CONTENT + b"2"
    assert [status for _, status in old.redirect_chain] == [302, 302]
    assert "immutable" not in ask(FILE).get("Cache-Control", "")
    assert ask(f"/forms/perubahan-data/{'0' * 16}/").status_code == 302


# Help


def test_every_problem_of_the_guide_has_a_page():
    assert set(helping.TOPICS) == {
        "forgotten-user-name", "forgotten-password", "code-does-not-arrive", "phone-number-lost", "email-lost",
        "no-phone-number-known", "shared-phone", "number-not-found", "data-do-not-match", "several-numbers",
        "service-down", "suspected-fraud",
    }  # fmt: skip
    assert len(helping.TOPICS) == sum(len(group.topics) for group in helping.GROUPS)


@pytest.mark.parametrize("topic", helping.TOPICS.values(), ids=lambda topic: topic.slug)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_help_page_is_short_and_leads_on(topic: helping.Topic, language: str, db: None):
    page = read(f"/help/{topic.slug}/", language)
    content = page.partition("<main")[2].partition("</main>")[0]
    for way in topic.ways:
        assert f'href="{reverse(way.name)}"' in content
    assert "SALDO" in content
    assert 'href="/help/"' in content
    assert len(plain(content).split()) <= 190
    assert f'href="/help/{topic.slug}/"' in read("/help/", language)


def test_a_problem_that_we_do_not_know_is_not_there(db: None):
    assert ask("/help/nothing/").status_code == 404


@override_settings(LUMBUNG_HELP_PHONE="0800 1 234567", LUMBUNG_HELP_EMAIL="bantuan@contoh.example")
def test_the_operators_own_phone_and_mail_are_shown(db: None):
    for path in ("/help/", "/help/suspected-fraud/", "/security/"):
        page = read(path)
        assert 'href="tel:08001234567"' in page
        assert 'href="mailto:bantuan@contoh.example"' in page


def test_advice_says_what_is_never_asked(db: None):
    for language, words in (("id", "Yang tidak pernah kami minta"), ("en", "What we never ask")):
        assert words in read("/security/", language)


# The first page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_page_leads_everywhere(published: None, language: str):
    page = read("/", language)
    paths = (
        "/login/",
        "/register/",
        "/announcements/",
        "/announcements/jam-buka/",
        "/forms/",
        "/help/",
        "/security/",
    )
    for path in paths:
        assert f'href="{path}"' in page


# Too many tries


@pytest.mark.parametrize(
    ("language", "words"),
    [("id", ["1 menit", "SALDO", "2757"]), ("en", ["in 1 minute you", "SALDO", "2757"])],
)
def test_too_many_tries_says_when_it_ends_and_what_to_do(db: None, language: str, words: list[str]):
    browser = Client()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answers = [browser.post("/login/", {"login": "", "password": ""}) for _ in range(31)]
    assert [answer.status_code for answer in answers] == [200] * 30 + [429]
    assert answers[-1]["Retry-After"] == "60"
    for word in words:
        assert word in answers[-1].content.decode()


def test_too_many_tries_at_another_door_sends_nobody_to_the_members_sms(db: None):
    browser = Client()
    answers = [browser.post("/employer/login/", {"login": "", "password": ""}) for _ in range(31)]
    assert answers[-1].status_code == 429
    assert "SALDO" not in answers[-1].content.decode()
    assert 'href="/employer/"' in answers[-1].content.decode()
