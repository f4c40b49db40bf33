"""Card, statement and yearly page in a real browser, checked by a stranger: on a phone and at a desk."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pairings import pairings
from papercheck import code_in, code_in_pdf, forged
from playwright.sync_api import Page
from test_browser import PHONE, SMALLEST, STICKS_OUT, browsing, follow, in_order, opened, serving
from test_casework_browser import cookie, picture

from conftest import make_users

WORDS = {
    "id": {"right": "Asli", "wrong": "Palsu atau diubah", "year": "Yang bisa diharapkan"},
    "en": {"right": "Genuine", "wrong": "Forged or changed", "year": "What to expect"},
}
PATHS = ("/card/", "/statement/", "/statement/2024/", "/verify/", "/keys/")


@pytest.fixture
def desk(clone: Any) -> Iterator[tuple[str, dict[str, str]]]:
    """The demo's server, and the cookie of Sari, who is logged in there already."""
    users = make_users()
    with serving() as address:
        yield address, cookie(users.member, address)


def fetched(page: Page, what: str, folder: Path) -> bytes:
    """The file that a press on something brings."""
    with page.expect_download() as coming:
        page.click(what)
    coming.value.save_as(folder / "fetched")
    return (folder / "fetched").read_bytes()


@pytest.mark.parametrize(("size", "language", "scheme"), pairings("phone-id", "desk-en", colours=True))
def test_papers_are_made_taken_away_and_checked_by_a_stranger(
    desk: Any,
    chromium: str,
    chromium_arguments: list[str],
    tmp_path: Path,
    size: tuple[int, int],
    language: str,
    scheme: str,
):
    site, session = desk
    options: dict[str, Any] = {"locale": {"id": "id-ID", "en": "en-US"}[language], "color_scheme": scheme}
    with browsing(chromium, chromium_arguments) as browser:
        member, stranger = opened(browser, size, **options), opened(browser, size, **options)
        member.context.add_cookies([session])  # type: ignore[list-item]

        def look(page: Page, name: str) -> None:
            if size == PHONE or name in {"card", "statement", "verify-right"}:
                in_order(page)
            picture(page, f"papers-{name}-{language}")

        member.goto(f"{site}/card/")
        look(member, "none")
        follow(member, "main .buttons button")
        look(member, "card")
        text = code_in(fetched(member, "main a[href$='/png/']", tmp_path))
        assert text == code_in_pdf(fetched(member, "main a[href$='/pdf/']", tmp_path), tmp_path)
        code = member.locator(".wide-code")
        assert code_in(code.screenshot()) == text, "it is read from the screen, in the dark too"
        member.goto(f"{site}/statement/")
        look(member, "statement")
        statement = code_in_pdf(fetched(member, "main .buttons button", tmp_path), tmp_path)
        member.goto(f"{site}/statement/2024/")
        follow(member, "main .buttons button")
        assert WORDS[language]["year"] in member.inner_text("main")
        look(member, "year")

        stranger.goto(f"{site}/verify/")
        look(stranger, "verify")
        for given, word in ((text, "right"), (statement, "right"), (forged(text), "wrong")):
            stranger.fill("#id_text", given)
            follow(stranger, "main .buttons button")
            assert stranger.inner_text("main .notice .word") == WORDS[language][word]
            look(stranger, f"verify-{word}")
        assert stranger.context.cookies() == []
        stranger.goto(f"{site}/keys/")
        look(stranger, "keys")


def test_the_pages_fit_the_smallest_phone_without_script_and_with_large_text(
    desk: Any, chromium: str, chromium_arguments: list[str]
):
    site, session = desk
    with browsing(chromium, chromium_arguments) as browser:
        small, large = (opened(browser, size, java_script_enabled=False) for size in (SMALLEST, PHONE))
        for page in (small, large):
            page.context.add_cookies([session])  # type: ignore[list-item]
        for path in ("/card/", "/statement/2024/"):
            small.goto(f"{site}{path}")
            follow(small, "main .buttons button")
        for path in PATHS:
            for page in (small, large):
                page.goto(f"{site}{path}")
                for folded in page.locator("main details summary").all():
                    folded.click()
                if page is large:
                    page.evaluate("document.documentElement.style.fontSize = '200%'")
                assert page.evaluate(STICKS_OUT) == [], path
