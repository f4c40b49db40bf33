"""What officers write, open and hand over, in a real browser: on a phone and at a desk."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from pairings import pairings
from playwright.sync_api import Page
from published import announce, small_pdf
from test_browser import PHONE, SMALLEST, STICKS_OUT, browsing, follow, in_order, opened
from test_casework_browser import picture, rooms

from lumbung import access
from lumbung.accounts.models import User
from lumbung.casework.actions import open_case
from lumbung.casework.models import Case
from lumbung.registry.actions import set_contact
from lumbung.registry.models import Person

__all__ = ["rooms"]
WORDS = {
    "title_id": "Kantor tutup Senin",
    "title_en": "Closed on Monday",
    "body_id": "Kantor **tutup** hari Senin.\n\n- Datang Selasa\n- Atau [lihat formulir](/forms/)",
    "body_en": "The office is **closed** on Monday.\n\n- Come on Tuesday\n- Or [see the forms](/forms/)",
}
PURPOSE = {
    "title_id": "Surat kuasa",
    "title_en": "Power of attorney",
    "purpose_id": "Supaya orang lain bisa datang.",
    "purpose_en": "So that somebody else can come.",
}


def fill(page: Any, words: dict[str, str]) -> None:
    for name, text in words.items():
        page.fill(f"[name={name}]", text)


def send_by_sms(page: Page, look: Callable[[str], None], title: str) -> None:
    """From the open announcement: its text, the last look, begun, paused, stopped; its line in the list."""
    follow(page, "a[href$='/sms/']")
    page.fill("[name=text_en]", "Lumbung: closed on Monday – " + "the office is closed. " * 7)
    follow(page, "main form button.button")
    look("sms-draft")
    broadcast = page.url
    follow(page, "a[href$='/begin/']")
    look("sms-begin")
    follow(page, "main form button.button")
    follow(page, "form[action$='/pause/'] button")
    follow(page, "form[action$='/resume/'] button")
    look("sms-running")
    follow(page, "form[action$='/stop/'] button")
    assert page.url == broadcast
    assert page.locator("main form").count() == 0, "ended for good"
    follow(page, "a.back")
    assert title in page.inner_text("main table")
    look("sms-list")


def read_notices(page: Page, site: str, look: Callable[[str], None]) -> None:
    """What is told by itself: the list, then one of it, whose words stand in both languages."""
    page.goto(f"{site}/office/texts/")
    follow(page, "main a[href='/office/notices/']")
    assert page.get_attribute(".menu a[href='/office/texts/']", "aria-current") == "true"
    look("notices")
    follow(page, "main a[href='/office/notices/contribution_credited/']")
    assert page.locator("main section").count() >= 2
    look("notice")


def open_and_hand_over(page: Page, site: str, lost: Case, look: Callable[[str], None]) -> None:
    """A record by number, then a request of somebody who lost everything, whose code is given twice."""
    page.goto(f"{site}/office/records/")
    look("find")
    page.fill("[name=number]", "10000000001")
    page.fill("[name=reason]", "Peserta bertanya di loket.")
    follow(page, "main form button.button")
    look("record")
    follow(page, "main a[href$='/lock/']")
    look("lock")

    page.goto(f"{site}/office/cases/{lost.pk}/")
    page.fill("[name=reason]", "Peserta berdiri di loket 3.")
    follow(page, "main form button.button")
    page.fill("[name=note]", "Sudah kami periksa di loket 3.")
    page.check("[name=decision][value=accept]")
    follow(page, "main form button.button")
    first = page.inner_text(".secret-key")
    look("code")
    page.goto(f"{site}/office/cases/{lost.pk}/")
    look("code-again")
    page.fill("[name=reason]", "Kertas dengan kodenya hilang.")
    follow(page, "button[value=give]")
    assert page.inner_text(".secret-key") != first


@pytest.mark.parametrize(("size", "language", "scheme"), pairings("phone-id", "desk-en", colours=True))
def test_an_officer_writes_looks_and_publishes(
    rooms: Any, chromium: str, chromium_arguments: list[str], size: tuple[int, int], language: str, scheme: str
):
    site, cookies = rooms
    announce("jam-buka", pinned=True)
    set_contact(Person.objects.get(name="Joko Uji"), "phone", "+6281200000101")
    sari, now = User.objects.get(username="sari"), timezone.now()
    facts = {"way": "counter", "reach": ""}
    lost = open_case(Case.Kind.RECOVERY, access.person(sari), facts, user=sari, place="member", now=now)
    options: dict[str, Any] = {"locale": {"id": "id-ID", "en": "en-US"}[language], "color_scheme": scheme}
    with browsing(chromium, chromium_arguments) as browser:
        page = opened(browser, size, **options)
        page.context.add_cookies([cookies["petugas.uji"]])  # type: ignore[list-item]

        def look(name: str) -> None:
            picture(page, f"texts-{name}-{size[0]}-{language}")
            in_order(page)

        page.goto(f"{site}/office/texts/")
        look("list")
        follow(page, "a[href='/office/texts/announcement/']")
        look("new")
        fill(page, WORDS)
        follow(page, "main form button.button")
        look("draft")
        address = page.url
        follow(page, f"a[href$='/preview/{language}/']")
        assert WORDS[f"title_{language}"] in page.inner_text("h1")
        look("preview")
        page.goto(address)
        follow(page, "form[action$='/publish/'] button")
        look("published")
        page.goto(f"{site}/announcements/")
        assert WORDS[f"title_{language}"] in page.inner_text("main")
        page.goto(address)
        send_by_sms(page, look, WORDS[f"title_{language}"])
        read_notices(page, site, look)

        page.goto(f"{site}/office/texts/form/")
        fill(page, PURPOSE)
        page.set_input_files(
            "[name=content]", {"name": "kuasa.pdf", "mimeType": "application/pdf", "buffer": small_pdf()}
        )
        follow(page, "main form button.button")
        look("form")
        follow(page, f"a[href$='/preview/{language}/']")
        look("form-preview")

        page.goto(f"{site}/office/texts/help/code-does-not-arrive/")
        look("help")
        page.fill("[name=title_en]", "The code is late")
        follow(page, "form[enctype] button")
        follow(page, "form[action$='/publish/'] button")
        look("help-published")
        open_and_hand_over(page, site, lost, look)


def test_the_pages_fit_the_smallest_phone_and_large_text_without_script(
    rooms: Any, chromium: str, chromium_arguments: list[str]
):
    site, cookies = rooms
    announce("jam-buka", pinned=True)
    with browsing(chromium, chromium_arguments) as browser:
        page = opened(browser, SMALLEST, java_script_enabled=False)
        page.context.add_cookies([cookies["petugas.uji"]])
        paths = (
            "texts/",
            "texts/announcement/jam-buka/",
            "texts/announcement/jam-buka/sms/",
            "texts/form/",
            "records/",
        )
        for path in (*paths, "broadcasts/", "notices/", "notices/contribution_credited/"):
            for size, font in ((SMALLEST, "100%"), (PHONE, "200%")):
                page.set_viewport_size({"width": size[0], "height": size[1]})
                page.goto(f"{site}/office/{path}")
                page.evaluate("font => document.documentElement.style.fontSize = font", font)
                assert page.evaluate(STICKS_OUT) == [], (path, font)
