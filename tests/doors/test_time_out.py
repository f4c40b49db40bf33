"""A session that is about to end asks first, in a real browser; and says why when it has ended."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from door_users import PASSWORD
from pairings import pairings
from test_browser import DESK, PHONE, browsing, follow, in_order, log_in, new_site, opened

__all__ = ["new_site"]
MINUTE = {"id": "1 menit", "en": "1 minutes"}
WORDS = {"id": ("Apakah Anda masih di sini?", "Tetap di dalam"), "en": ("Are you still there?", "Stay logged in")}


@pytest.mark.parametrize(("size", "language"), pairings("phone-id", "desk-en"))
def test_it_asks_two_minutes_before_and_can_be_answered(
    new_site: str, chromium: str, chromium_arguments: list[str], size: tuple[int, int], language: str
):
    question, stay = WORDS[language]
    with browsing(chromium, chromium_arguments) as browser:
        page = opened(browser, size, locale={"id": "id-ID", "en": "en-US"}[language])
        page.clock.install()
        log_in(page, new_site)
        page.clock.fast_forward("27:00")
        assert not page.is_visible("#timeout")
        page.clock.fast_forward("01:05")
        assert page.is_visible("#timeout")
        assert question in page.inner_text("#timeout")
        assert page.evaluate("document.activeElement.textContent") == stay
        assert MINUTE[language] in page.inner_text("#timeout-text")
        in_order(page)
        with page.expect_response("**/session/stay/") as answered:
            page.keyboard.press("Enter")
        assert answered.value.status == 200
        page.wait_for_selector("#timeout", state="hidden")
        page.clock.fast_forward("27:00")
        assert not page.is_visible("#timeout"), "the time began anew"


def test_who_does_not_answer_is_led_out_and_told_why(new_site: str, chromium: str, chromium_arguments: list[str]):
    with browsing(chromium, chromium_arguments) as browser:
        page = opened(browser, PHONE)
        page.clock.install()
        log_in(page, new_site)
        with ThreadPoolExecutor() as beside:  # Django asks no database from where playwright's loop runs
            beside.submit(let_be_idle, "sari").result()
        page.clock.fast_forward("31:00")
        page.wait_for_url("**/login/?ended=1")
        assert "lama tidak ada kegiatan" in page.inner_text("main")
        assert "Sari" not in page.content()
        in_order(page)
        page.go_back()
        page.wait_for_url("**/login/**")
        assert "Sari" not in page.content()


def let_be_idle(username: str) -> None:
    """Let the last request of the user's session be 32 minutes ago."""
    row = UserSession.objects.get(user__username=username)
    session = SessionStore(row.session_key)
    session["seen"] = int(time.time()) - 32 * 60
    session.save()
    connections.close_all()


def test_the_pages_of_sessions_are_in_order(new_site: str, chromium: str, chromium_arguments: list[str]):
    with browsing(chromium, chromium_arguments) as browser:
        for size, locale, scheme in ((PHONE, "id-ID", "dark"), (DESK, "en-US", "light")):
            page = opened(browser, size, locale=locale, color_scheme=scheme)
            log_in(page, new_site)
            page.goto(f"{new_site}/account/sessions/")
            in_order(page)
            page.goto(f"{new_site}/account/activity/")
            in_order(page)
        page.goto(f"{new_site}/account/sessions/")
        assert page.locator(".sessions > li").count() == 2
        follow(page, ".sessions button")
        page.fill("#id_password", PASSWORD)
        follow(page, "main form .buttons button")
        assert page.locator(".sessions > li").count() == 1
