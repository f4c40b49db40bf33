"""A member registers in a real browser: on a phone with a code by SMS, at a desk with a link opened elsewhere."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from newcomers import EMAIL, NAME, NIK, NUMBER, PASSWORD, PHONE, digits, link, make_newcomer
from pairings import LOCALES, in_language, pairings
from playwright.sync_api import Page
from test_browser import PHONE as SMALL
from test_browser import STICKS_OUT, browsing, follow, in_order, opened, serving

from lumbung.accounts.registration.codes import Verdict
from lumbung.messaging import actions as texts
from lumbung.messaging.mail import actions as mails
from lumbung.portal.registration.views import NAME_DIFFERS, NO_MATCH, SAID
from lumbung.registry.actions import NewPerson, register_persons
from lumbung.registry.models import Person

STEP_MISSING = (
    "Your e-mail address is confirmed. Log in with your user name and password: then the account is soon ready."
)
ACCOUNT_READY = "Your account is ready. Log in with your user name and password."
SUBMIT = "main form .buttons .button"
# Where to keep a picture of each page, for who wants to look at them.
PICTURES = os.environ.get("LUMBUNG_PICTURES", "")


@pytest.fixture
def site(clone: Any) -> Iterator[str]:
    """The demo's server over a fund that insures Rina, whom an old employer registered a second time."""
    rina = make_newcomer()
    register_persons([NewPerson(NAME, rina.birth_date, ("10000000091",), phone=PHONE)])
    connections.close_all()
    with serving() as address:
        yield address


def aside(deed: Any) -> Any:
    """Do something with the database from a thread: Django asks none from where playwright's loop runs."""

    def done() -> Any:
        try:
            return deed()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as beside:
        return beside.submit(done).result()


def deliver() -> None:
    """What the queue does."""
    texts.deliver_texts()
    mails.deliver_mails()


def look(page: Page, name: str, *, pairing: str = "") -> None:
    """The page is in order, and a picture of it is kept if wanted."""
    in_order(page)
    assert page.evaluate(STICKS_OUT) == [], name
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{pairing}{name}.png", full_page=True)


def say_who(page: Page, **other: str) -> None:
    typed = {"number": NUMBER, "nik": NIK, "born_day": "1", "born_month": "1", "born_year": "1990", "name": NAME}
    for field, value in {**typed, **other}.items():
        page.fill(f"[name={field}]", value)
    follow(page, SUBMIT)


def choose_account(page: Page) -> None:
    page.fill("[name=username]", "rina")
    page.fill("[name=password]", PASSWORD)
    follow(page, SUBMIT)


def newest_text(page: Page, site: str) -> str:
    """What the demo's phone shows last."""
    aside(deliver)
    phone = page.context.new_page()
    phone.goto(f"{site}/simulator/")
    phone.fill("[name=sender]", PHONE)
    follow(phone, "main form:has(#body) button, main form .button")
    said = phone.locator(".bubble.told").last.inner_text()
    phone.close()
    return said


def newest_mail(page: Page, site: str, name: str) -> str:
    """What the demo's mailbox shows first."""
    aside(deliver)
    box = page.context.new_page()
    box.goto(f"{site}/simulator/mail/")
    box.fill("[name=address]", EMAIL)
    follow(box, "main form button")
    look(box, name)
    said = box.locator("main article").first.inner_text()
    box.close()
    return said


@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize(("size", "language", "scheme"), pairings("phone-id", colours=True))
def test_with_a_code_by_sms(
    site: str, chromium: str, chromium_arguments: list[str], size: Any, language: str, scheme: Any, scripted: bool
):
    with browsing(chromium, chromium_arguments) as browser:
        page = opened(browser, size, locale=LOCALES[language], color_scheme=scheme, java_script_enabled=scripted)
        check = partial(look, pairing=f"{language}-{size[0]}-") if scripted else (lambda page, name: None)
        page.goto(f"{site}/register/")
        check(page, "01-who")
        say_who(page, nik="9901014101900008")
        assert in_language(language, NO_MATCH) in page.inner_text("main")
        check(page, "02-no-match")
        say_who(page)
        assert page.url == f"{site}/register/contacts/"
        check(page, "03-contacts")
        page.fill("[name=phone]", "0812 0000 0009")
        page.fill("[name=email]", EMAIL)
        follow(page, SUBMIT)
        check(page, "04-account")
        choose_account(page)
        check(page, "05-choose")
        page.check("[name=way][value=sms]")
        follow(page, SUBMIT)
        check(page, "06-code")
        page.fill("[name=code]", "000000")
        follow(page, SUBMIT)
        assert in_language(language, SAID[Verdict.WRONG]) in page.inner_text("main")
        check(page, "07-code-wrong")
        follow(page, "main a[href$='/missing/']")
        check(page, "08-missing")
        follow(page, "main a.back")
        page.fill("[name=code]", digits(newest_text(page, site)))
        follow(page, SUBMIT)
        assert page.url == f"{site}/numbers/"
        check(page, "09-numbers")
        follow(page, "main .sessions button")
        page.fill("#id_password", PASSWORD)
        follow(page, SUBMIT)
        assert page.url == f"{site}/numbers/"
        assert in_language(language, "Undo") in page.inner_text("main")
        check(page, "10-joined")
        page.goto(f"{site}/dashboard/")
        assert NAME in page.inner_text("main")


@pytest.mark.parametrize(("size", "language", "scheme"), pairings("desk-en", colours=True))
def test_with_a_link_that_another_browser_opens(
    site: str, chromium: str, chromium_arguments: list[str], size: Any, language: str, scheme: Any
):
    check = partial(look, pairing=f"{language}-{size[0]}-")
    aside(lambda: Person.objects.filter(phone__isnull=False, nik__isnull=False).update(email="lain@contoh.test"))
    with browsing(chromium, chromium_arguments) as browser:
        page = opened(browser, size, locale=LOCALES[language], color_scheme=scheme)
        page.goto(f"{site}/signup/")
        assert page.url == f"{site}/register/"
        check(page, "21-who")
        say_who(page, name="Somebody Else")
        assert in_language(language, NAME_DIFFERS) in page.inner_text("main")
        check(page, "22-name")
        say_who(page)
        page.fill("[name=email]", EMAIL)
        follow(page, SUBMIT)
        check(page, "23-account")
        choose_account(page)
        page.check("[name=way][value=link]")
        follow(page, SUBMIT)
        check(page, "24-link-sent")
        path = link(newest_mail(page, site, "25-mailbox"))

        other = opened(browser, SMALL, locale=LOCALES[language])
        other.goto(f"{site}{path}")
        check(other, "26-link")
        follow(other, SUBMIT)
        assert other.url == f"{site}{path}"
        assert in_language(language, STEP_MISSING) in other.inner_text("main")
        check(other, "27-link-pressed")
        page.goto(f"{site}{path}")
        assert in_language(language, STEP_MISSING) in page.inner_text("main")
        check(page, "29-link-used")
        follow(page, "main .buttons .button")
        assert page.url == f"{site}/login/"
        page.fill("#id_login", "rina")
        page.fill("#id_password", PASSWORD)
        follow(page, SUBMIT)
        assert page.url == f"{site}/register/on-file/"
        page.check("[name=way][value=none]")
        follow(page, SUBMIT)
        check(page, "30-waiting")

        page.goto(f"{site}/register/on-file/")
        page.check("[name=way][value=sms]")
        follow(page, SUBMIT)
        check(page, "31-second-code")
        page.fill("[name=code]", digits(newest_text(other, site)))
        follow(page, SUBMIT)
        assert page.url == f"{site}/numbers/"
        other.goto(f"{site}{path}")
        assert in_language(language, ACCOUNT_READY) in other.inner_text("main")
        other.goto(f"{site}/register/done/")
        check(other, "32-done")


# What becomes of two submits of the page's form, one after the other; neither leaves the page.
TWO_SUBMITS = """() => {
  const form = document.querySelector("main form"), stopped = [];
  window.addEventListener("submit", (event) => { stopped.push(event.defaultPrevented); event.preventDefault(); });
  form.requestSubmit();
  form.requestSubmit();
  return stopped;
}"""


def test_a_second_click_sends_nothing_again(site: str, chromium: str, chromium_arguments: list[str]):
    with browsing(chromium, chromium_arguments) as browser:
        page = opened(browser, SMALL)
        page.goto(f"{site}/register/")
        page.wait_for_load_state("networkidle")
        for field in ("number", "nik", "born_day", "born_month", "born_year", "name"):
            page.fill(f"[name={field}]", "1")
        assert page.evaluate(TWO_SUBMITS) == [False, True]
