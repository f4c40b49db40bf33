"""A request from the member's page to the officer's and back, in a real browser: on a phone and at a desk."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from pairings import pairings
from playwright.sync_api import Page
from proofs import proof
from test_browser import PHONE, SMALLEST, STICKS_OUT, browsing, follow, in_order, opened, serving

from conftest import make_users
from lumbung.accounts.models import User
from lumbung.config.doors import DOORS

REASON = "Peserta menelepon tentang namanya."
NOTE = "Nama sudah kami perbaiki sesuai KTP."
WORDS = {
    "id": {"queue": "menunggu petugas", "late": "Terlambat", "accepted": "Diterima"},
    "en": {"queue": "wait for a person", "late": "Late", "accepted": "Accepted"},
}


@pytest.fixture
def rooms(clone: Any) -> Iterator[tuple[str, dict[str, dict[str, str]]]]:
    """The demo's server, and by user name the cookie of somebody who is logged in there already."""
    users = make_users()
    totp.TOTP.activate(users.officer, totp.generate_totp_secret())
    with serving() as address:
        yield address, {user.username: cookie(user, address) for user in (users.member, users.officer)}


def cookie(user: User, address: str) -> dict[str, str]:
    """The session of a user who came in by the door for its kind, as a browser keeps it."""
    door = next(door for door in DOORS if door.kind == user.kind and door.has_sessions)
    session = SessionStore()
    session.update(
        {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: user.get_session_auth_hash(),
            "door": door.name,
            "since": int(time.time()),
            **proof(str(user.pk)),
        }
    )
    session.create()
    assert session.session_key
    return {"name": door.cookie_names[settings.SESSION_COOKIE_NAME], "value": session.session_key, "url": address}


def picture(page: Page, name: str) -> None:
    """Kept for eyes when LUMBUNG_PICTURES names a folder."""
    if folder := os.environ.get("LUMBUNG_PICTURES"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize(("size", "language", "scheme"), pairings("phone-id", "desk-en", colours=True))
def test_a_correction_is_asked_for_opened_decided_and_read(
    rooms: Any, chromium: str, chromium_arguments: list[str], size: tuple[int, int], language: str, scheme: str
):
    site, cookies = rooms
    words = WORDS[language]
    options: dict[str, Any] = {"locale": {"id": "id-ID", "en": "en-US"}[language], "color_scheme": scheme}
    with browsing(chromium, chromium_arguments) as browser:
        member, officer = (opened(browser, size, **options) for _ in range(2))
        member.context.add_cookies([cookies["sari"]])  # type: ignore[list-item]
        officer.context.add_cookies([cookies["petugas.uji"]])  # type: ignore[list-item]

        def look(page: Page, name: str) -> None:
            in_order(page)
            picture(page, f"casework-{name}-{language}")

        officer.goto(f"{site}/office/")
        look(officer, "empty")
        member.goto(f"{site}/account/requests/")
        look(member, "none")
        follow(member, "main .buttons a")
        follow(member, "main .buttons button")
        assert member.locator("[role=alert] a").count() == 3, "each field that is missing is named"
        look(member, "errors")
        member.check("#id_what_0")
        member.fill("#id_right", "Sari Uji Lestari")
        member.fill("#id_why", "Begitu tertulis di KTP saya.")
        follow(member, "main .buttons button")
        look(member, "sent")

        officer.goto(f"{site}/office/")
        assert words["queue"] in officer.inner_text("h1")
        look(officer, "queue")
        follow(officer, "main table a")
        look(officer, "reason")
        officer.fill("#id_reason", "x")
        follow(officer, "main .buttons button")
        assert officer.locator("[role=alert]").count() == 1
        look(officer, "reason-short")
        officer.fill("#id_reason", REASON)
        follow(officer, "main .buttons button")
        assert "Sari Uji Lestari" in officer.inner_text("main")
        look(officer, "case")
        officer.fill("#id_note", NOTE)
        officer.check("#id_decision_0")
        follow(officer, "main .buttons button")
        officer.goto(f"{site}/office/decided/")
        assert words["accepted"] in officer.inner_text("main")
        look(officer, "decided")
        follow(officer, f"header >> button[name=language][value={ {'id': 'en', 'en': 'id'}[language] }]")
        assert officer.url == f"{site}/office/decided/"

        member.goto(f"{site}/account/requests/")
        assert NOTE in member.inner_text("main")
        look(member, "answered")
        member.goto(f"{site}/account/activity/")
        assert REASON in member.inner_text("main")
        look(member, "activity")


@pytest.mark.parametrize("larger", [False, True], ids=["320 px", "text twice as large"])
def test_the_pages_fit_the_smallest_phone_without_script(
    rooms: Any, chromium: str, chromium_arguments: list[str], larger: bool
):
    site, cookies = rooms
    with browsing(chromium, chromium_arguments) as browser:
        page = opened(browser, PHONE if larger else SMALLEST, java_script_enabled=False)
        page.context.add_cookies(list(cookies.values()))  # type: ignore[arg-type]
        paths = ["/account/", "/account/requests/", "/account/requests/correction/", "/account/sessions/"]
        paths += ["/account/activity/", "/office/", "/office/decided/", "/office/account/log-in/"]
        for path in paths:
            page.goto(f"{site}{path}")
            assert page.url == f"{site}{path}"
            if larger:
                page.evaluate("document.documentElement.style.fontSize = '200%'")
            assert page.evaluate(STICKS_OUT) == [], path
