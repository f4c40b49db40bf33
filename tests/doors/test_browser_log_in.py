"""Getting in by each way in a real browser, with a passkey of a virtual device, on a phone and on a desk."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from mailbox import code_in, mails_to, texts_to
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.db import connection
from door_users import PASSWORD
from pairings import pairings
from playwright.sync_api import Page
from test_browser import PHONE, SMALLEST, STICKS_OUT, browsing, follow, in_order, log_in, opened, serving

from conftest import make_users
from lumbung.accounts import actions

NUMBER, EMAIL = "+6281200000007", "sari.uji@contoh.id"
NEW_PASSWORD = "sepeda jendela hujan batu"
WORDS = {
    "id": {
        "closed": "tidak ada yang bisa masuk dengan kata sandi",
        "app": "Pasang aplikasi", "add": "Tambah kunci masuk",
        "passkey": "Masuk dengan kunci masuk", "code": "Masuk dengan kode", "mine": "Simpan sebagai berkas",
        "more": "Tambah 11 karakter lagi", "very good": "Sangat kuat", "kept": "Sudah saya simpan",
        "problem": "Kunci masuk tidak berhasil", "one": "Anda punya 1 kunci masuk",
        "unknown": "Kunci masuk ini tidak dikenal",
    },
    "en": {
        "closed": "nobody logs in with a password", "app": "Set up an app", "add": "Add a passkey",
        "passkey": "Log in with a passkey", "code": "Log in with a code", "mine": "Keep as a file",
        "more": "11 more characters", "very good": "Very good", "kept": "I have kept them",
        "problem": "The passkey did not work", "one": "You have 1 passkey", "unknown": "This passkey is not known",
    },
}  # fmt: skip


@pytest.fixture
def home(clone: Any) -> Iterator[str]:
    """The address of the demo's server over a fund in which Sari has a confirmed phone and e-mail address."""
    users = make_users()
    actions.set_phone(users.member, NUMBER, verified_at=datetime(2025, 11, 23, tzinfo=UTC))
    EmailAddress.objects.create(user=users.member, email=EMAIL, verified=True, primary=True)
    with serving() as address:
        yield address


def read(ask: Callable[[], str]) -> str:
    """What the database answers, asked from a thread of its own: Playwright's loop runs in this one."""

    def asked() -> str:
        try:
            return ask()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asked).result()


def newest_code(contact: str) -> str:
    """The code in the latest message to a phone or an address."""
    return read(lambda: code_in(mails_to(contact)[-1][1] if "@" in contact else texts_to(contact)[-1]))


def code_of(secret: str, *, later: int = 0) -> str:
    counter = int(time.time()) // 30 + later
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def with_passkeys(page: Page) -> Any:
    """Give the browser a device that makes and keeps passkeys and is always touched by its owner."""
    chrome = page.context.new_cdp_session(page)
    chrome.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return chrome, chrome.send("WebAuthn.addVirtualAuthenticator", {"options": device})["authenticatorId"]


def log_out(page: Page) -> None:
    follow(page, "header form[action='/logout/'] button")


def wrong_passwords(page: Page, home: str) -> None:
    for _ in range(5):
        log_in(page, home, password="not-the-password")


@pytest.mark.parametrize(("size", "language", "scheme"), pairings("phone-id", "desk-en", colours=True))
def test_every_way_in(
    home: str, chromium: str, chromium_arguments: list[str], size: tuple[int, int], language: str, scheme: str
):
    words = WORDS[language]
    with browsing(chromium, chromium_arguments) as browser:
        locale = {"id": "id-ID", "en": "en-GB"}[language]
        page = opened(browser, size, locale=locale, color_scheme=scheme, accept_downloads=True)
        broken: list[str] = []
        page.on("console", lambda said: broken.append(said.text) if said.type == "error" else None)
        with_passkeys(page)
        log_in(page, home, username="0812 0000 0007")
        assert page.url == f"{home}/dashboard/"
        add_app(page, home, words)
        change_password(page, home, words)
        add_passkey(page, home, words)
        log_out(page)
        log_in_with_passkey(page, home, words)
        log_out(page)
        log_in_with_code(page, home, words)
        close_and_come_in(page, home, words)
        remove_passkey(page, home)
        assert [said for said in broken if "404" not in said] == []


def add_app(page: Page, home: str, words: dict[str, str]) -> None:
    page.goto(f"{home}/account/log-in/")
    in_order(page)
    follow(page, f"text={words['app']}")
    assert "/reauthenticate/" in page.url
    in_order(page)
    page.fill("#id_password", PASSWORD)
    follow(page, "main form .buttons button")
    assert page.url == f"{home}/account/app/"
    in_order(page)
    secret = page.inner_text(".secret-key").replace(" ", "")
    used = code_of(secret)
    page.fill("#id_code", used)
    follow(page, "main form .buttons button")
    assert page.url == f"{home}/account/recovery-codes/"
    in_order(page)
    with page.expect_download() as download:
        page.click(f"text={words['mine']}")
    lines = download.value.path().read_text().splitlines()
    assert len(lines) == 11
    assert page.inner_text(".codes li >> nth=0").replace(" ", "") == lines[1]
    follow(page, f"text={words['kept']}")
    log_out(page)
    log_in(page, home, username=EMAIL)
    assert page.url == f"{home}/login/second-step/"
    in_order(page)
    page.fill("#id_code", used)
    follow(page, "main form .buttons button")
    in_order(page)
    page.fill("#id_code", lines[1])
    follow(page, "main form .buttons button")
    assert page.url == f"{home}/dashboard/"


def change_password(page: Page, home: str, words: dict[str, str]) -> None:
    page.goto(f"{home}/account/password/")
    page.fill("#id_password", PASSWORD)
    page.fill("#id_code", "00000000")
    follow(page, "main form .buttons button")
    in_order(page)
    prove_with_recovery_code(page)
    assert page.url == f"{home}/account/password/"
    page.type("#id_password", "sepe")
    assert page.inner_text(".strength p") in {words["more"], words["more"].replace("11", "4")}
    page.fill("#id_password", "")
    page.type("#id_password", NEW_PASSWORD)
    assert page.inner_text(".strength p") == words["very good"]
    in_order(page)
    follow(page, "main form .buttons button")
    assert page.url == f"{home}/account/log-in/"
    in_order(page)


def prove_with_recovery_code(page: Page, password: str = PASSWORD) -> None:
    page.fill("#id_password", password)
    page.fill("#id_code", unused_recovery_code())
    follow(page, "main form .buttons button")


def unused_recovery_code() -> str:
    """What stands on the paper that Sari keeps."""

    def ask() -> str:
        kept = Authenticator.objects.get(user__username="sari", type="recovery_codes")
        return str(kept.wrap().get_unused_codes()[-1])

    return read(ask)


def add_passkey(page: Page, home: str, words: dict[str, str]) -> None:
    page.goto(f"{home}/account/passkeys/add/")
    in_order(page)
    page.fill("#id_name", "Ponsel Sari")
    follow(page, "#passkey_button")
    assert page.url == f"{home}/account/log-in/"
    assert words["one"] in page.inner_text("main")
    page.goto(f"{home}/account/passkeys/")
    assert "Ponsel Sari" in page.inner_text("main")
    in_order(page)


def log_in_with_passkey(page: Page, home: str, words: dict[str, str]) -> None:
    page.goto(f"{home}/employer/login/")
    follow(page, "#passkey_button")
    assert page.url == f"{home}/employer/login/", "it opens its own door only"
    assert words["unknown"] in page.inner_text("main")
    page.goto(f"{home}/login/?next=/history/")
    in_order(page)
    follow(page, f"text={words['passkey']}")
    assert page.url == f"{home}/history/"
    page.goto(f"{home}/account/passkeys/add/")
    assert "/reauthenticate/passkey/" in page.url
    in_order(page)
    follow(page, "#passkey_button")
    assert page.url == f"{home}/account/passkeys/add/"


def log_in_with_code(page: Page, home: str, words: dict[str, str]) -> None:
    for contact in ("0812-0000-0007", EMAIL):
        page.goto(f"{home}/login/")
        follow(page, f"text={words['code']}")
        in_order(page)
        page.fill("#id_contact", contact)
        follow(page, "main form .buttons button")
        in_order(page)
        page.fill("#id_code", newest_code(EMAIL if "@" in contact else NUMBER))
        follow(page, "main form .buttons button")
        assert page.url == f"{home}/login/second-step/"
        in_order(page)
        follow(page, "#passkey_button")
        assert page.url == f"{home}/dashboard/"
        log_out(page)


def close_and_come_in(page: Page, home: str, words: dict[str, str]) -> None:
    wrong_passwords(page, home)
    log_in(page, home, password=NEW_PASSWORD)
    assert words["closed"] in page.inner_text("main")
    in_order(page)
    follow(page, f"text={words['passkey']}")
    assert page.url == f"{home}/dashboard/"


def remove_passkey(page: Page, home: str) -> None:
    page.goto(f"{home}/account/passkeys/")
    follow(page, "a[href$='/remove/']")
    follow(page, "#passkey_button")
    in_order(page)
    follow(page, "main form .buttons button")
    assert page.url == f"{home}/account/passkeys/"
    in_order(page)


def test_a_passkey_that_fails_is_said_so(home: str, chromium: str, chromium_arguments: list[str]):
    with browsing(chromium, chromium_arguments) as browser:
        page = opened(browser, PHONE)
        chrome, device = with_passkeys(page)
        page.goto(f"{home}/login/")
        assert not page.is_visible("[data-passkey-problem]")
        chrome.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
        page.click("#passkey_button")
        page.wait_for_selector("[data-passkey-problem]:visible")
        assert WORDS["id"]["problem"] in page.inner_text("[data-passkey-problem]")
        in_order(page)


@pytest.mark.parametrize("larger", [False, True], ids=["320 px", "text twice as large"])
def test_without_script_on_the_smallest_phone(
    home: str, chromium: str, chromium_arguments: list[str], larger: bool
):
    with browsing(chromium, chromium_arguments) as browser:
        page = opened(browser, PHONE if larger else SMALLEST, java_script_enabled=False)

        def look(path: str = "") -> None:
            if path:
                page.goto(f"{home}{path}")
            if larger:
                page.evaluate("document.documentElement.style.fontSize = '200%'")
            assert page.evaluate(STICKS_OUT) == [], page.url
            assert not page.is_visible("#passkey_button")

        look("/login/")
        look("/login/code/")
        page.fill("#id_contact", "0812 0000 0007")
        follow(page, "main form .buttons button")
        look()
        page.fill("#id_code", newest_code(NUMBER))
        follow(page, "main form .buttons button")
        assert page.url == f"{home}/dashboard/"
        look("/account/log-in/")
        look("/account/app/")
        page.fill("#id_password", PASSWORD)
        follow(page, "main form .buttons button")
        for path in ("app", "passkeys", "passkeys/add", "password", "username"):
            look(f"/account/{path}/")
