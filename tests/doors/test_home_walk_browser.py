"""From a figure to its reasons, a dispute, its answer and papers that anybody can check, in a real browser."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from door_users import PASSWORD
from paid_months import FIRST_DAY, pay
from pairings import pairings
from papercheck import code_in_pdf
from playwright.sync_api import Page
from test_browser import browsing, follow, in_order, log_in, opened, serving
from test_casework_browser import cookie
from test_home_browser import UNFOLDED
from test_papers_browser import fetched

from conftest import make_users
from lumbung.law.month import Month
from lumbung.registry.actions import NewEmployment, start_employments

NOTE = "Slip upah Anda benar. Pemberi kerja harus membetulkannya."
WORDS = {
    "id": {"total": "Rp 855.000", "claimed": "Rp 6.000.000", "accepted": "Diterima", "right": "Asli"},
    "en": {"total": "Rp 855,000", "claimed": "Rp 6,000,000", "accepted": "Accepted", "right": "Genuine"},
}


@pytest.fixture
def fund(clone: Any) -> Iterator[tuple[str, dict[str, str]]]:
    """The demo's server over three months paid for Sari, and the session of an officer."""
    users = make_users()
    assert users.employer.employer is not None
    start_employments(users.employer.employer, [NewEmployment("10000000001", FIRST_DAY)])
    for step in range(3):
        pay(users.employer.employer, Month(2025, 1) + step, {"10000000001": 5_000_000})
    totp.TOTP.activate(users.officer, totp.generate_totp_secret())
    with serving() as address:
        yield address, cookie(users.officer, address)


@pytest.mark.parametrize(("size", "language", "scheme"), pairings("phone-id", "desk-en", colours=True))
def test_seen_explained_disputed_answered_taken_away_and_checked(
    fund: Any,
    chromium: str,
    chromium_arguments: list[str],
    tmp_path: Path,
    size: tuple[int, int],
    language: str,
    scheme: str,
):
    site, session = fund
    words = WORDS[language]
    options: dict[str, Any] = {"locale": {"id": "id-ID", "en": "en-GB"}[language], "color_scheme": scheme}
    with browsing(chromium, chromium_arguments) as browser:
        member, officer, stranger = (opened(browser, size, **options) for _ in range(3))
        officer.context.add_cookies([session])  # type: ignore[list-item]
        log_in(member, site)
        assert member.url == f"{site}/dashboard/"
        assert words["total"] in member.inner_text("main")
        explains(member)
        disputes(member)
        decides(officer, site, words)

        member.goto(f"{site}/account/requests/")
        assert NOTE in member.inner_text("main")
        assert words["accepted"] in member.inner_text("main")
        in_order(member)
        follow(member, "main .buttons a[href='/account/requests/correction/']")
        member.fill("#id_password", PASSWORD)
        follow(member, "main .buttons button")
        in_order(member)
        member.check("#id_what_0")
        member.fill("#id_right", "Sari Uji Lestari")
        member.fill("#id_why", "Begitu tertulis di KTP saya.")
        follow(member, "main .buttons button")
        assert member.locator("main section.card").count() == 2
        stands_in(member, "/account/")

        for text in takes_papers_away(member, tmp_path):
            stranger.goto(site)
            follow(stranger, "footer a[href='/verify/']")
            stranger.fill("#id_text", text)
            follow(stranger, "main .buttons button")
            assert stranger.inner_text("main .notice .word") == words["right"]
            assert "Sari Uji" in stranger.inner_text("main")
        assert stranger.context.cookies() == []


def stands_in(page: Page, place: str) -> None:
    """The menu marks that the page belongs to this place."""
    assert page.locator(".menu [aria-current]").evaluate_all("all => all.map(one => one.pathname)") == [place]


def explains(page: Page) -> None:
    """From the balance to a line of it, to its law, and to the report behind it."""
    follow(page, "main .hero .ways a >> nth=0")
    stands_in(page, "/dashboard/")
    follow(page, "main tbody th a >> nth=0")
    page.evaluate(UNFOLDED)
    assert "PP 46/2015" in page.inner_text("main .derivation >> nth=0")
    in_order(page)
    follow(page, "main a[href^='/why/contribution/']")
    assert "PT Contoh" in page.inner_text("main")


def disputes(page: Page) -> None:
    """The payslip of January says more than was reported; sent as a dispute."""
    follow(page, "header nav a[href='/history/']")
    page.select_option("#id_year", "2025")
    follow(page, "form.filters button")
    follow(page, "main .links a[href='/wages/?year=2025']")
    stands_in(page, "/history/")
    page.fill("[id^=id_wage][id$='2025-01']", "6.000.000")
    follow(page, "main form[method=post] .buttons button")
    page.fill("#id_why", "Tunjangan tetap tidak dilaporkan.")
    in_order(page)
    follow(page, "button[formaction='/wages/send/']")
    assert page.url.endswith("/account/requests/")


def decides(page: Page, site: str, words: dict[str, str]) -> None:
    """An officer opens the dispute with a reason, compares, and accepts it with a note."""
    page.goto(f"{site}/office/")
    follow(page, "main table a")
    assert words["claimed"] not in page.inner_text("main"), "not before there is a reason"
    page.fill("#id_reason", "Sanggahan upah masuk hari ini.")
    follow(page, "main .buttons button")
    assert words["claimed"] in page.inner_text("main")
    in_order(page)
    page.fill("#id_note", NOTE)
    page.check("#id_decision_0")
    follow(page, "main .buttons button")


def takes_papers_away(page: Page, folder: Path) -> list[str]:
    """Card and statement as PDF; returns what their codes say."""
    follow(page, "header nav a[href='/card/']")
    follow(page, "main .buttons button")
    card = code_in_pdf(fetched(page, "main a[href$='/pdf/']", folder), folder)
    follow(page, "header nav a[href='/account/']")
    follow(page, "main .links a[href='/statement/']")
    stands_in(page, "/account/")
    statement = code_in_pdf(fetched(page, "main .buttons button", folder), folder)
    return [card, statement]
