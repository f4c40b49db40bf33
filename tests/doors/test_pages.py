"""The pages: the right figures in both languages, numbers masked, and nothing of anybody else."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import override_settings
from django.utils.translation import override
from door_users import PASSWORD, Users
from paid_months import FIRST_DAY, pay

from lumbung import wording as shown
from lumbung.accounts import actions
from lumbung.accounts.models import User
from lumbung.law.month import Month
from lumbung.registry.actions import NewEmployment, NewPerson, register_persons, start_employments

Enter = Callable[[User], Client]
LANGUAGES = ("id", "en")


def read(client: Client, path: str, language: str = "id", status: int = 200) -> str:
    """The page as text, blanks squeezed, with its tags."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    response = client.get(path)
    assert response.status_code == status
    text = response.content.decode()
    assert f'<html lang="{language}">' in text
    return " ".join(text.split())


@pytest.fixture
def on_day(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """Sets what day it is on the pages."""

    def stand(day: date) -> None:
        monkeypatch.setattr("django.utils.timezone.localdate", lambda: day)

    return stand


@pytest.fixture
def old_hand(users: Users) -> User:
    """A user whose person has two member numbers: 14 months paid under the one, 1 under the other."""
    assert users.employer.employer is not None
    numbers = ("20000000001", "20000000002")
    person = register_persons([NewPerson("Wati Uji", date(1980, 3, 3), numbers)])[0].person
    start_employments(users.employer.employer, [NewEmployment(number, FIRST_DAY) for number in numbers])
    for step in range(14):
        wages = {"20000000001": 6_000_000 + step} | ({"20000000002": 4_000_000} if step == 3 else {})
        pay(users.employer.employer, Month(2025, 1) + step, wages)
    return actions.make_member_user(person, "wati", PASSWORD)


# The dashboard


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "id",
            ["Saldo saya", "Rp 285.000", "per 23 November 2025", "Rp 150.000", "1 bulan", "Oktober 2025", "Aktif"],
        ),
        (
            "en",
            ["My balance", "Rp 285,000", "on 23 November 2025", "Rp 150,000", "1 month", "October 2025", "Active"],
        ),
    ],
)
def test_the_dashboard_shows_balance_and_status(
    paid: Users, enter: Enter, on_day: Callable[[date], None], language: str, words: list[str]
):
    on_day(date(2025, 11, 23))
    text = read(enter(paid.member), "/dashboard/", language)
    for word in [*words, "Sari Uji", "PT Contoh", "•••••••0001", ">JHT<", ">JP<", ">JKK<", ">JKM<"]:
        assert word in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_shows_a_whole_number_or_anything_of_another_member(paid: Users, enter: Enter, language: str):
    client = enter(paid.member)
    for path in ("/", "/dashboard/", "/history/"):
        text = read(client, path, language)
        for secret in (
            "10000000001",
            "10000000002",
            "Joko",
            "0002",
            "399.000",
            "399,000",
            "7.000.000",
            "7,000,000",
        ):
            assert secret not in text, f"{secret} on {path}"


def test_several_numbers_are_listed_and_summed(old_hand: User, enter: Enter):
    text = read(enter(old_hand), "/dashboard/")
    first = sum((6_000_000 + step) * 57 // 1000 for step in range(14))
    assert "Nomor peserta Anda" in text
    assert "•••••••0001" in text
    assert "•••••••0002" in text
    assert "Rp 228.000" in text  # 5.7 % of 4,000,000
    totals = [int(found.replace(".", "")) for found in re.findall(r'amount money">Rp ([0-9.]+)<', text)]
    assert len(totals) == 1
    assert abs(totals[0] - 228_000 - first) <= 14, "each month is rounded by itself"


@pytest.mark.parametrize(
    ("day", "id_words", "en_words"),
    [
        (date(2025, 11, 23), "Anda terlindungi", "You are covered"),
        (date(2027, 6, 1), "sudah beberapa bulan tidak dibayar", "have not been paid for several months"),
    ],
)
def test_the_status_is_said_in_words(
    paid: Users, enter: Enter, on_day: Callable[[date], None], day: date, id_words: str, en_words: str
):
    on_day(day)
    client = enter(paid.member)
    assert id_words in read(client, "/dashboard/", "id")
    assert en_words in read(client, "/dashboard/", "en")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("id", ["Rp 0", "Tidak aktif", "tidak ada pemberi kerja yang melaporkan Anda", "Belum ada"]),
        ("en", ["Rp 0", "Not active", "No employer reports you as a worker now", "None yet"]),
    ],
)
def test_a_member_of_whom_nothing_is_known_yet(users: Users, enter: Enter, language: str, words: list[str]):
    client = enter(users.member)
    text = read(client, "/dashboard/", language)
    for word in words:
        assert word in text
    empty = {"id": "Belum ada iuran yang dibayar untuk Anda", "en": "Nothing has been paid for you yet"}
    assert empty[language] in read(client, "/history/", language)


def test_what_a_member_sees_is_never_stored(paid: Users, enter: Enter):
    client = enter(paid.member)
    for path in ("/dashboard/", "/history/"):
        assert "no-store" in client.get(path)["Cache-Control"]


# Everybody's pages


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_page_says_how_to_ask(client: Client, db: None, language: str):
    text = re.sub(r"<[^>]+>", "", read(client, "/", language))
    assert "DAFTAR 123456789012 01-01-1990 3171010101010001" in text
    assert "SALDO 123456789012" in text
    assert {"id": "Masuk", "en": "Log in"}[language] in text


def test_indonesian_comes_first(client: Client, db: None):
    assert '<html lang="id">' in client.get("/").content.decode()
    assert '<html lang="id">' in client.get("/", headers={"accept-language": "fr"}).content.decode()


@pytest.mark.parametrize(
    "path", ["/", "/login/", "/employer/login/", "/office/login/", "/logged-out/", "/register/"]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_is_switched_by_a_form(client: Client, db: None, path: str, language: str):
    other = {"id": "en", "en": "id"}[language]
    assert f'name="language" value="{other}"' in read(client, path, language)


def test_an_employer_sees_its_own_name_and_number(users: Users, enter: Enter):
    text = read(enter(users.employer), "/employer/", "en")
    assert "PT Contoh" in text
    assert "90000001-000" in text
    assert "Here employers will" in text


# What goes wrong


WRONG = {
    "id": "Nama untuk masuk atau kata sandi salah.",
    "en": "This log-in name or the password is wrong. Check both and try again.",
}
TOO_MANY = {
    "id": "Terlalu banyak percobaan yang salah. Tunggu 5 menit, lalu coba lagi.",
    "en": "Too many wrong tries. Wait 5 minutes, then try again.",
}


def log_in(client: Client, username: str, password: str, language: str) -> str:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    response = client.post("/login/", {"login": username, "password": password})
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refused_log_in_is_said_in_our_words(users: Users, client: Client, language: str):
    for username in ("sari", "nobody.here", "petugas.uji"):
        assert WRONG[language] in log_in(client, username, "not-the-password", language)
    for _ in range(5):
        said = log_in(client, "sari", "not-the-password", language)
    assert TOO_MANY[language] in said
    assert "not-the-password" not in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_field_is_named_and_linked(users: Users, client: Client, language: str):
    said = log_in(client, "", "", language)
    assert 'href="#id_login"' in said
    assert 'href="#id_password"' in said


@pytest.mark.parametrize(("language", "words"), [("id", "Halaman ini tidak ada"), ("en", "There is no such page")])
def test_a_page_that_is_not_there(users: Users, enter: Enter, language: str, words: str):
    assert words in read(enter(users.member), "/nothing/", language, status=404)


def test_a_form_that_is_too_old_is_said_in_our_words(db: None):
    client = Client(enforce_csrf_checks=True)
    response = client.post("/login/", {"login": "sari", "password": "x"})
    assert response.status_code == 403
    assert "Anda tidak dapat membuka halaman ini" in response.content.decode()


ERROR_PAGES = ("400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html")


@pytest.mark.parametrize("name", ERROR_PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_error_page_needs_neither_request_nor_user(name: str, language: str):
    with override(language), override_settings(LUMBUNG_DEMO=True):
        text = render_to_string(name)
    assert f'<html lang="{language}">' in text
    assert 'href="/"' in text
    assert "<strong>Demo.</strong>" in text


# On every page


def every_page(users: Users, enter: Enter) -> list[str]:
    nobody = Client()
    pages = [read(nobody, path) for path in ("/", "/login/", "/employer/login/", "/office/login/", "/logged-out/")]
    pages += [read(enter(users.member), path) for path in ("/", "/dashboard/", "/history/", "/logout/")]
    pages += [read(enter(users.employer), "/employer/"), read(enter(users.officer), "/office/")]
    return pages


@override_settings(LUMBUNG_DEMO=True)
def test_every_page_of_the_demo_says_that_it_is_one(paid: Users, enter: Enter):
    for page in every_page(paid, enter):
        assert "Ini bukan layanan resmi" in page


@override_settings(LUMBUNG_DEMO=False)
def test_no_page_of_a_real_fund_says_that_it_is_a_demo(paid: Users, enter: Enter):
    for page in every_page(paid, enter):
        assert "Demo" not in page


def test_no_page_holds_a_style_or_a_script_of_its_own(paid: Users, enter: Enter):
    for page in every_page(paid, enter):
        assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=", page)


# Money and days


@pytest.mark.parametrize(
    ("amount", "indonesian", "english"),
    [(0, "Rp 0", "Rp 0"), (999, "Rp 999", "Rp 999"), (12345678, "Rp 12.345.678", "Rp 12,345,678")],
)
def test_money_is_grouped_as_the_language_does(amount: int, indonesian: str, english: str):
    with override("id"):
        assert shown.rupiah(amount) == indonesian
    with override("en"):
        assert shown.rupiah(amount) == english


def test_months_and_days_are_named_in_the_language():
    with override("id"):
        assert shown.month_name(Month(2025, 8)) == "Agustus 2025"
        assert shown.day_name(date(2025, 8, 17)) == "17 Agustus 2025"
    with override("en"):
        assert shown.month_name(Month(2025, 8)) == "August 2025"
        assert shown.day_short(date(2025, 8, 17)) == "17 Aug 2025"


def test_employers_and_officers_find_their_log_ins_from_their_first_page(users: Users, enter: Enter):
    for user, home in ((users.employer, "/employer/"), (users.officer, "/office/")):
        browser = enter(user)
        assert f'href="{home}account/log-in/"' in browser.get(home).content.decode()
        page = browser.get(f"{home}account/log-in/").content.decode()
        for place in ("password/", "username/", "sessions/", "activity/"):
            assert f'href="{home}account/{place}"' in page
