"""Whoever tried too often reads how long to wait; a day's wrong passwords close passwords and no other way in."""

import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils.translation import override
from door_users import PASSWORD, Users
from letterbox import EMAIL, NEW_PASSWORD, PHONE, code_in, give_contacts, mails, texts
from newcomers import Walk, said
from test_log_in import CLOSED, ask_for_code, enter_code, log_in

import lumbung
from lumbung.accounts import limits
from lumbung.accounts.models import User
from lumbung.config.doors import DOORS

HOUR, DAY = 60 * 60, 24 * 60 * 60
HERE, ELSEWHERE = "10.9.9.9", "10.8.8.8"


@pytest.fixture(autouse=True)
def no_limits_left_over(db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def sari(users: Users) -> User:
    give_contacts(users.member)
    return users.member


def tried(action: str, per: str, *, times: int, ago: float, key: str | None = None) -> None:
    """As if it had been tried so often so long ago, from HERE."""
    request = RequestFactory().post("/", REMOTE_ADDR=HERE)
    request.door = DOORS[0]  # type: ignore[attr-defined]
    rate = ratelimit.parse_rate(per)
    assert rate in ratelimit.get_rates(app="allauth.account", action=action), per
    kept = ratelimit.get_cache_key(request, app="allauth.account", action=action, rate=rate, key=key)
    cache.set(kept, [time.time() - ago] * times, rate.duration)


@pytest.mark.parametrize(
    ("seconds", "english", "indonesian"),
    [
        (0.2, "1 minute", "1 menit"),
        (60, "1 minute", "1 menit"),
        (61, "2 minutes", "2 menit"),
        (HOUR, "60 minutes", "60 menit"),
        (HOUR + 1, "2 hours", "2 jam"),
        (DAY, "24 hours", "24 jam"),
    ],
)
def test_a_wait_is_said_in_words_and_never_too_short(seconds: float, english: str, indonesian: str):
    for language, words in (("en", english), ("id", indonesian)):
        with override(language):
            assert limits.in_words(timedelta(seconds=seconds)) == words


# A day's wrong passwords


def test_a_hundred_wrong_passwords_in_a_day_close_the_name_for_passwords_alone(sari: User):
    tried("login_failed", "100/d/key", times=99, ago=HOUR, key="member:sari")
    assert CLOSED not in said(log_in(Client(), "sari", "a wrong one"))
    page = said(log_in(Client(), "sari"))
    assert CLOSED in page
    assert "ditutup selama 23 jam" in page, "the oldest is an hour old"
    assert 'data-passkey="login"' in page
    client = Client()
    ask_for_code(client, PHONE)
    assert enter_code(client, code_in(texts(PHONE)[0]))["Location"] == "/dashboard/"
    asks = {"X-Requested-With": "XMLHttpRequest"}
    assert Client().get("/login/passkey/", headers=asks).status_code == 200
    assert log_in(Client(), EMAIL).status_code == 302, "another spelling of the same person has a count of its own"


def test_an_unknown_name_closes_for_the_day_alike(sari: User):
    pages = []
    for name in ("sari", "nobody.here"):
        tried("login_failed", "100/d/key", times=100, ago=HOUR, key=f"member:{name}")
        pages.append(re.sub(r'value="[^"]*"', "", said(log_in(Client(), name)).replace(name, "")))
    assert pages[0] == pages[1]


def test_the_right_password_is_no_wrong_try_of_the_day(sari: User):
    tried("login_failed", "100/d/key", times=99, ago=HOUR, key="member:sari")
    for _ in range(3):
        assert log_in(Client(), "sari").status_code == 302


def test_five_hundred_wrong_passwords_close_their_address_and_no_other(sari: User):
    tried("login_network", "500/d/ip", times=499, ago=2 * HOUR)
    assert CLOSED not in said(log_in(Client(REMOTE_ADDR=HERE), "nobody.here"))
    page = said(log_in(Client(REMOTE_ADDR=HERE), "sari"))
    assert CLOSED in page
    assert "ditutup selama 22 jam" in page
    assert log_in(Client(REMOTE_ADDR=ELSEWHERE), "sari").status_code == 302
    client = Client(REMOTE_ADDR=HERE)
    ask_for_code(client, PHONE)
    assert enter_code(client, code_in(texts(PHONE)[-1]))["Location"] == "/dashboard/"


def test_a_right_log_in_does_not_wipe_the_count_of_an_address(sari: User):
    """Or an attacker with an account of his own would begin anew whenever he likes."""
    tried("login_network", "500/d/ip", times=499, ago=HOUR)
    here = {"REMOTE_ADDR": HERE}
    assert log_in(Client(**here), "sari").status_code == 302
    reset_password(Client(**here))
    assert CLOSED not in said(log_in(Client(**here), "nobody.here"))
    assert CLOSED in said(log_in(Client(**here), "nobody.else"))


def reset_password(client: Client) -> None:
    client.post("/password/reset/", {"login": "sari", "channel": "email"})
    client.post("/password/reset/code/", {"code": code_in(mails(EMAIL)[-1])})
    assert client.post("/password/reset/new/", {"password": NEW_PASSWORD}).status_code == 302


def test_who_sets_a_new_password_is_let_in_though_strangers_closed_the_account(sari: User):
    for key in ("member:sari", f"member:{PHONE}", f"mfa-auth-user-{sari.pk}", f"reauthenticate:{sari.pk}"):
        tried("login_failed", "100/d/key", times=100, ago=HOUR, key=key)
    reset_password(Client())
    client = Client()
    assert log_in(client, "sari", NEW_PASSWORD).status_code == 302
    assert client.post("/reauthenticate/", {"password": NEW_PASSWORD}).status_code == 302
    assert log_in(Client(), PHONE, NEW_PASSWORD).status_code == 302


def test_who_proves_himself_too_often_wrongly_reads_how_long(sari: User, enter: Callable[[User], Client]):
    tried("login_failed", "100/d/key", times=100, ago=HOUR, key=f"reauthenticate:{sari.pk}")
    page = said(enter(sari).post("/reauthenticate/", {"password": PASSWORD}))
    assert "Tunggu 23 jam, lalu coba lagi." in page


# Every page that refuses


def asks_for_a_new_start() -> HttpResponse:
    facts = {"number": "10000000001", "nik": "9901014101900001", "name": "Sari Uji", "way": "counter", "reach": ""}
    return Client().post("/recover/both/", {**facts, "born_day": "1", "born_month": "1", "born_year": "1990"})


def registers() -> HttpResponse:
    return Walk(Client(REMOTE_ADDR=HERE)).who()


def asks_for_a_token() -> HttpResponse:
    return Client(REMOTE_ADDR=HERE).post("/api/token", {"grant_type": "client_credentials"})


def logs_in() -> HttpResponse:
    return Client(REMOTE_ADDR=HERE).post("/login/", {"login": "", "password": ""})


@pytest.mark.parametrize(
    ("action", "per", "key", "ask", "seconds", "words"),
    [
        ("recovery_case", "5/h/key", "10000000001", asks_for_a_new_start, 50 * 60, "50 menit"),
        ("register", "100/h/ip", None, registers, 50 * 60, "50 menit"),
        ("token", "60/m/ip", None, asks_for_a_token, 30, ""),
        ("login", "30/m/ip", None, logs_in, 60, "1 menit"),
    ],
)
def test_the_wait_is_the_true_one_in_words_and_in_seconds(
    users: Users, action: str, per: str, key: str | None, ask: Callable[[], HttpResponse], seconds: int, words: str
):
    rate = ratelimit.parse_rate(per)
    tried(action, per, times=rate.amount, ago=min(10 * 60, rate.duration / 2), key=key)
    answer = ask()
    assert answer.status_code == 429
    assert abs(int(answer["Retry-After"]) - seconds) <= 2
    assert words in said(answer)


def test_a_message_sent_too_often_says_when_it_may_be_asked_for_again(walk: Walk):
    walk.up_to_account()
    walk.choose("sms")
    assert "You can ask again in 1 minute." in said(walk.choose("sms"))


def test_limits_longer_than_a_minute_are_counted_where_the_wait_is_known():
    """allauth's own pages do not say which of its limits was met, so there a minute is assumed."""
    folder = Path(lumbung.__file__).parent
    counting = {path for path in folder.rglob("*.py") if "ratelimit.consume" in path.read_text()}
    assert counting == {folder / "accounts" / "limits.py", folder / "accounts" / "adapters.py"}
    ours = "".join(path.read_text() for path in folder.rglob("*.py") if path.name != "settings.py")
    for action, rates in app_settings.RATE_LIMITS.items():
        if f'"{action}"' not in ours:
            assert all(rate.duration <= limits.DEFAULT_SECONDS for rate in ratelimit.parse_rates(rates)), action
    assert f'"{next(iter(settings.ACCOUNT_RATE_LIMITS))}"' in ours


def test_a_code_typed_wrong_too_often_asks_for_a_new_one_and_for_no_wait():
    with override("en"):
        said_of_codes = str(get_adapter().error_messages["too_many_login_attempts"])
    assert "Ask for a new one" in said_of_codes
