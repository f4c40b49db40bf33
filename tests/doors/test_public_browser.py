"""Everybody's pages in a real browser: in order for axe, on the smallest phone, without script, and kept."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pairings import NARROW, pairings
from published import NOW
from test_browser import PHONE, SMALLEST, STICKS_OUT, browsing, follow, in_order, opened, serving

from conftest import make_users
from lumbung import maintenance
from lumbung.cli import demonews
from lumbung.maintenance import Maintenance
from lumbung.publications import helping

PATHS = (
    "/", "/announcements/", "/announcements/never-tell-a-code/", "/announcements/office-hours/", "/forms/",
    "/help/", *(f"/help/{slug}/" for slug in helping.TOPICS), "/security/",
    "/law/", "/law/old-age/", "/law/parameters/", "/law/parameters/jkk_rate/", "/verify/", "/keys/",
)  # fmt: skip
# Where a picture of each page is kept when somebody wants to look at them.
PICTURES = os.environ.get("LUMBUNG_PICTURES")


@pytest.fixture
def closing(clone: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file that closes the doors of this process's server, at the same place for each test."""
    file = Path(os.environ["LUMBUNG_TEST_FOLDER"]) / f"{clone.name}.maintenance.json"
    monkeypatch.setenv("LUMBUNG_MAINTENANCE_FILE", str(file))
    yield file
    file.unlink(missing_ok=True)


@pytest.fixture
def site(clone: Any, closing: Path) -> Iterator[str]:
    """The address of a server over what the demo publishes."""
    make_users()
    demonews.publish(now=NOW, today=NOW.date())
    with serving() as address:
        yield address


def picture(page: Any, name: str) -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name.strip('/').replace('/', '-') or 'home'}.png", full_page=True)


@pytest.mark.parametrize(("size", "language", "scheme"), pairings("phone-id", "desk-en", colours=True))
def test_every_page_is_in_order(
    site: str,
    closing: Path,
    chromium: str,
    chromium_arguments: list[str],
    size: tuple[int, int],
    language: str,
    scheme: str,
):
    view = f"{size[0]}-{language}"
    with browsing(chromium, chromium_arguments) as browser:
        page = opened(browser, size, color_scheme=scheme, locale={"id": "id-ID", "en": "en-GB"}[language])
        broken: list[str] = []
        page.on("console", lambda said: broken.append(said.text) if said.type == "error" else None)
        for path in PATHS:
            page.goto(f"{site}{path}")
            assert page.get_attribute("html", "lang") == language
            in_order(page)
            picture(page, f"{path}{view}")
        assert page.context.cookies() == []
        page.goto(f"{site}/announcements/nothing/")
        in_order(page)
        picture(page, f"404-{view}")
        until = datetime.now(UTC) + timedelta(hours=2)
        maintenance.switch_on(closing, Maintenance(until, "Kami menambah server.", "We add a server."))
        page.goto(f"{site}/dashboard/")
        in_order(page)
        picture(page, f"503-{view}")
        assert [said for said in broken if "404" not in said and "503" not in said] == []


@NARROW
def test_nothing_sticks_out_on_the_smallest_phone_without_script(
    site: str, closing: Path, chromium: str, chromium_arguments: list[str], larger: bool, locale: str
):
    with browsing(chromium, chromium_arguments) as browser:
        page = opened(browser, PHONE if larger else SMALLEST, java_script_enabled=False, locale=locale)
        for path in (*PATHS, "/nothing/", "/closed/"):
            if path == "/closed/":
                maintenance.switch_on(closing, Maintenance(message_id="Sebentar.", message_en="A moment."))
            page.goto(f"{site}{path}")
            if larger:
                page.evaluate("document.documentElement.style.fontSize = '200%'")
            assert page.evaluate(STICKS_OUT) == [], path


def test_a_form_is_downloaded_and_a_page_is_not_sent_twice(
    site: str, chromium: str, chromium_arguments: list[str]
):
    with browsing(chromium, chromium_arguments) as browser:
        page = opened(browser, PHONE)
        page.goto(f"{site}/forms/")
        with page.expect_download() as downloading:
            page.click("main .button >> nth=0")
        assert downloading.value.suggested_filename == "change-of-data.pdf"
        assert Path(downloading.value.path()).read_bytes().startswith(b"%PDF-")
        answer = page.request.get(f"{site}/help/")
        again = page.request.get(f"{site}/help/", headers={"If-None-Match": answer.headers["etag"]})
        assert (answer.status, again.status) == (200, 304)


def test_the_language_is_switched_and_the_page_kept_of_the_other_one_is_not_shown(
    site: str, chromium: str, chromium_arguments: list[str]
):
    with browsing(chromium, chromium_arguments) as browser:
        page = opened(browser, PHONE)
        for _ in range(2):
            page.goto(f"{site}/help/")
            assert page.get_attribute("html", "lang") == "id"
            follow(page, "header >> button[name=language][value=en]")
            assert page.url == f"{site}/help/"
            assert page.get_attribute("html", "lang") == "en"
            page.goto(f"{site}/security/")
            assert page.get_attribute("html", "lang") == "en"
            page.goto(f"{site}/help/")
            follow(page, "header >> button[name=language][value=id]")
            assert page.get_attribute("html", "lang") == "id"
