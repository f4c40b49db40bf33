"""Forget and recover each thing in a real browser: on a phone in Indonesian, on a desk in English."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import letterbox
import pytest
from django.db import connections
from django.utils import timezone
from door_users import PASSWORD, Users
from letterbox import EMAIL, NEW_PASSWORD, code_in, give_contacts, other_than
from letterbox import PHONE as SARIS_PHONE
from pairings import pairings
from playwright.sync_api import Browser, Page
from test_browser import SMALLEST, STICKS_OUT, browsing, follow, in_order, opened, serving

from conftest import make_users
from lumbung import access
from lumbung.accounts.recovery import actions
from lumbung.casework.models import Case
from lumbung.encryption import blind_index

NIK = "9901014101900001"
NEW_PHONE, NEW_EMAIL = "+6281200000303", "sari.baru@contoh.test"
WORDS = {
    "id": {
        "password": "Kata sandi saya",
        "username": "Nama pengguna saya",
        "phone": "HP saya, atau nomor saya berganti",
        "email": "Alamat email saya",
        "both": "HP dan alamat email saya",
        "nothing": "Tidak ada: kodenya tidak datang",
        "by_email": "Lewat email",
        "other": "Kirim lewat SMS saja",
        "new": "Kata sandi Anda sudah baru",
        "sent": "Lihat HP atau kotak email Anda",
        "confirmed": "sudah dipastikan",
        "waits": "uang tidak bisa dipindahkan",
        "open": "Akun Anda terbuka kembali",
        "shows": "hanya bisa dilihat",
        "refused": "Sekarang belum ada yang bisa diubah",
        "none": "Belum ada nomor HP",
        "over": "tidak cocok satu sama",
        "request": "Permintaan Anda sudah dikirim",
        "office": "sudah sampai di kantor",
    },
    "en": {
        "password": "My password",
        "username": "My user name",
        "phone": "My phone, or my phone number has changed",
        "email": "My e-mail address",
        "both": "My phone and my e-mail address",
        "nothing": "Nothing: the code does not arrive",
        "by_email": "By e-mail",
        "other": "Send it by SMS instead",
        "new": "Your password is new",
        "sent": "Look at your phone or your mailbox",
        "confirmed": "is confirmed",
        "waits": "no money can be moved",
        "open": "Your account is open again",
        "shows": "your account only shows",
        "refused": "You can't change anything now",
        "none": "There is no phone number on file",
        "over": "do not belong together",
        "request": "Your request is sent",
        "office": "has your request",
    },
}
# Boxes of a date that are wider than their field.
BOXES_STICK_OUT = """(() => {
    const right = one => one.getBoundingClientRect().right;
    const boxes = [...document.querySelectorAll('.dates input')];
    return boxes.filter(box => right(box) > right(box.closest('.field')) + 1).map(box => box.name);
})()"""
BOTH = pytest.mark.parametrize(("size", "language"), pairings("phone-id", "desk-en"))


@pytest.fixture
def people(clone: Any) -> Users:
    """Sari has a phone, an address and a KTP number; Joko has nothing on file."""
    users = make_users()
    give_contacts(users.member)
    person = access.person(users.member)
    person.nik, person.nik_index = NIK, blind_index(NIK, context="nik")
    person.save(update_fields=["nik", "nik_index"])
    return users


@pytest.fixture
def site(people: Users) -> Iterator[str]:
    with serving() as address:
        yield address


def aside(work: Callable[..., Any], *arguments: Any, **more: Any) -> Any:
    """Ask the database in a thread of its own: the browser's driver runs a loop in this one."""

    def run() -> Any:
        try:
            return work(*arguments, **more)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def texts(phone: str = SARIS_PHONE) -> list[str]:
    return list(aside(letterbox.texts, phone))


def mails(address: str = EMAIL) -> list[str]:
    return list(aside(letterbox.mails, address))


def start(browser: Any, site: str, size: tuple[int, int], language: str, way: str | None = None) -> Page:
    """The page of what was lost, in that language, and from there the way that is named by its words."""
    page = opened(browser, size, locale={"id": "id-ID", "en": "en-US"}[language])
    page.goto(f"{site}/recover/")
    in_order(page)
    if way:
        follow(page, f"main li a:text-is('{WORDS[language][way]}')")
        in_order(page)
    return page


def send(page: Page, **values: str) -> None:
    """Fill in fields by their names and press the form's first button."""
    for name, value in values.items():
        page.fill(f"main [name={name}]", value)
    follow(page, "main form:has(.field) .buttons button.button >> nth=0")
    in_order(page)


def log_in(page: Page, site: str, password: str, username: str = "sari") -> None:
    page.goto(f"{site}/login/")
    page.fill("#id_login", username)
    page.fill("#id_password", password)
    follow(page, "main form:has(#id_password) button.button >> nth=0")


def type_password(page: Page, password: str) -> None:
    """Once more, when it was not a moment ago."""
    if "/reauthenticate/" in page.url:
        page.fill("#id_password", password)
        follow(page, "main form:has(#id_password) button.button >> nth=0")
    in_order(page)


def heading(page: Page) -> str:
    return page.inner_text("main h1")


def forgotten_password(browser: Browser, site: str, size: Any, language: str) -> None:
    words = WORDS[language]
    page = start(browser, site, size, language, "password")
    page.check(f"label:has-text('{words['by_email']}') input")
    send(page, login="0812-0000 0101")
    wrong = other_than(code_in(mails()[0]))
    send(page, code=wrong)
    assert page.locator("[role=alert]").count() == 1
    follow(page, f"button:has-text('{words['other']}')")
    in_order(page)
    send(page, code=f" {code_in(texts()[0])} ")
    assert "sari" in page.inner_text("main")
    send(page, password="short")
    assert page.locator("[role=alert]").count() == 1
    send(page, password=NEW_PASSWORD)
    assert heading(page) == words["new"]
    log_in(page, site, NEW_PASSWORD)
    assert page.url == f"{site}/dashboard/"
    page.goto(f"{site}/password/reset/new/")
    assert page.url == f"{site}/password/reset/"


def forgotten_user_name(browser: Browser, site: str, size: Any, language: str) -> None:
    page = start(browser, site, size, language, "username")
    send(page, contact="SARI@contoh.test")
    assert heading(page) == WORDS[language]["sent"]
    assert "sari" in mails()[-1].partition("\n")[2]
    start(browser, site, size, language, "nothing")


def lost_contact(browser: Browser, site: str, size: Any, language: str, kind: str, value: str) -> None:
    """The other one lets its owner in, who puts in a new one."""
    words = WORDS[language]
    page = start(browser, site, size, language, kind)
    log_in(page, site, NEW_PASSWORD)
    page.goto(f"{site}/account/contacts/")
    in_order(page)
    follow(page, f"main a[href='/account/contacts/{kind}/']")
    type_password(page, NEW_PASSWORD)
    send(page, value=value)
    send(page, code=code_in((texts if kind == "phone" else mails)(value)[0]))
    assert page.url == f"{site}/account/contacts/"
    assert words["confirmed"] in page.inner_text("[role=status]")
    assert words["waits"] in page.inner_text("main")
    assert value not in page.content()


@BOTH
def test_forgotten_password_and_user_name_lost_phone_and_lost_address(
    site: str, chromium: str, chromium_arguments: list[str], size: Any, language: str
):
    with browsing(chromium, chromium_arguments) as browser:
        forgotten_password(browser, site, size, language)
        forgotten_user_name(browser, site, size, language)
        told = len(texts(SARIS_PHONE)), len(mails(EMAIL))
        lost_contact(browser, site, size, language, "phone", NEW_PHONE)
        lost_contact(browser, site, size, language, "email", NEW_EMAIL)
        assert (len(texts(SARIS_PHONE)), len(mails(EMAIL))) == (told[0] + 1, told[1] + 2), "the old ones are told"


@BOTH
def test_no_phone_on_file_and_both_contacts_lost(
    site: str, people: Users, chromium: str, chromium_arguments: list[str], size: Any, language: str
):
    with browsing(chromium, chromium_arguments) as browser:
        no_phone(browser, site, size, language)
        both_lost(browser, site, size, language, people)
        only_shows(browser, site, size, language)


def no_phone(browser: Browser, site: str, size: Any, language: str) -> None:
    words = WORDS[language]
    page = start(browser, site, size, language)
    log_in(page, site, PASSWORD, "joko")
    page.goto(f"{site}/account/contacts/")
    assert words["none"] in page.inner_text("main")
    in_order(page)
    follow(page, "main a[href='/account/contacts/phone/office/']")
    type_password(page, PASSWORD)
    send(page, value="0812 0000 0505")
    assert words["office"] in page.inner_text("[role=status]")
    assert aside(Case.objects.get).kind == "phone"
    follow(page, "main a[href='/account/contacts/phone/']")
    in_order(page)
    send(page, value="0812 0000 0606")
    send(page, code=code_in(texts("+6281200000606")[0]))
    assert words["confirmed"] in page.inner_text("[role=status]")


def both_lost(browser: Browser, site: str, size: Any, language: str, people: Users) -> None:
    words, person = WORDS[language], access.person(people.member)
    page = start(browser, site, size, language, "both")
    send(
        page, number="10000000001", nik="12", born_day="1", born_month="Januari", born_year="1990", name="Sari Uji"
    )
    assert page.locator("[role=alert]").count() == 1
    send(page, nik=NIK)
    assert heading(page) == words["request"]
    assert len(texts(SARIS_PHONE)) == 1, "the old phone is told at once"
    assert aside(Case.objects.get, kind="recovery").person_id == person.pk
    code = aside(actions.give_code, person, people.officer, now=timezone.now())
    page.goto(f"{site}/recover/officer-code/")
    in_order(page)
    send(page, number="10000000001", born_day="1", born_month="Januari", born_year="1990", code="AAAAA-AAAAA")
    assert words["over"] in page.inner_text("[role=alert]")
    send(page, code=code.lower())
    send(page, value="0812 0000 0303")
    send(page, code=code_in(texts(NEW_PHONE)[0]))
    follow(page, "main a[href*='kind=email']")
    in_order(page)
    send(page, value=NEW_EMAIL)
    send(page, code=code_in(mails(NEW_EMAIL)[0]))
    send(page, password=NEW_PASSWORD)
    assert heading(page) == words["open"]
    assert len(texts(SARIS_PHONE)) == 3


def only_shows(browser: Browser, site: str, size: Any, language: str) -> None:
    words = WORDS[language]
    page = start(browser, site, size, language)
    log_in(page, site, NEW_PASSWORD)
    page.goto(f"{site}/account/contacts/")
    in_order(page)
    assert words["shows"] in page.inner_text("main")
    page.goto(f"{site}/account/contacts/phone/")
    type_password(page, NEW_PASSWORD)
    send(page, value="0812 0000 0909")
    assert heading(page) == words["refused"]


@pytest.mark.parametrize("larger", [False, True], ids=["320 px", "text twice as large"])
def test_on_the_smallest_phone_without_script(
    site: str, chromium: str, chromium_arguments: list[str], larger: bool
):
    pages = ["/recover/", "/recover/nothing-arrives/", "/recover/phone/", "/recover/both/", "/recover/both/sent/"]
    pages += ["/recover/officer-code/", "/recover/done/", "/password/reset/", "/password/reset/done/"]
    pages += ["/username/forgotten/", "/username/forgotten/sent/", "/account/contacts/"]
    with browsing(chromium, chromium_arguments) as browser:
        page = opened(browser, SMALLEST, java_script_enabled=False)  # also with text twice as large
        log_in(page, site, PASSWORD)
        for path in pages:
            page.goto(f"{site}{path}")
            assert page.url == f"{site}{path}"
            if larger:
                page.evaluate("document.documentElement.style.fontSize = '200%'")
            assert page.evaluate(STICKS_OUT) == [], path
            assert page.evaluate(BOXES_STICK_OUT) == [], path
