"""The members' pages as an app, in a real browser: installed, without a line, pushed to, renewed, and gone."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from browsing import serving_alone
from django.conf import LazySettings
from django.utils import timezone
from paid_months import FIRST_DAY, pay
from pairings import pairings
from playwright.sync_api import Page, sync_playwright
from published import NOW, put
from pushes import Browser, push_service
from sms_phone import work_off
from test_browser import PHONE, follow, in_order, log_in, weighed
from test_browser_log_in import read

from conftest import make_users
from lumbung.accounts.inbox import actions as inbox
from lumbung.accounts.models import PushSubscription, User
from lumbung.cli import demonews
from lumbung.law.month import Month
from lumbung.registry.actions import NewEmployment, start_employments

pytestmark = pytest.mark.servers
VIEWS = pairings("phone-id", "desk-en")
WORDS = {
    "id": {
        "offline": "Sekarang tidak ada sambungan", "form": "Perubahan data", "dashboard": "Saldo saya",
        "other": "You have no connection now", "again": "Coba lagi", "news": "Ada kabar baru di akun Anda.",
    },
    "en": {
        "offline": "You have no connection now", "form": "Change of data", "dashboard": "My balance",
        "other": "Sekarang tidak ada sambungan", "again": "Try again", "news": "There is news in your account.",
    },
}  # fmt: skip
# Of the member, in any spelling: what must not be found in what a browser keeps.
MINE = ("Sari", "855.000", "855,000", "5.000.000", "10000000001", "•••• 0001", "csrfmiddlewaretoken")
KEPT = """async () => {
    const found = {};
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
            found[new URL(request.url).pathname] = await (await cache.match(request)).text();
        }
    }
    const bases = indexedDB.databases ? (await indexedDB.databases()).map((one) => one.name) : [];
    return { caches: found, stored: [...Object.keys(localStorage), ...Object.keys(sessionStorage), ...bases] };
}"""
# A browser here has no push service, so its answer is put in its mouth; all else is real.
ANSWER = """({ endpoint, keys }) => {
    const subscription = { endpoint, unsubscribe: async () => true, toJSON: () => ({ endpoint, keys }) };
    PushManager.prototype.getSubscription = async () => null;
    PushManager.prototype.subscribe = async () => subscription;
}"""
SHOWN = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
    .map((one) => [one.title, one.body])"""
PRESS = """async () => {
    const [notification] = await registration.getNotifications();
    dispatchEvent(new NotificationEvent("notificationclick", { notification }));
}"""


@pytest.fixture
def fund(clone: Any) -> None:
    """Three months are paid for Sari; forms and announcements are published."""
    users = make_users()
    assert users.employer.employer is not None
    start_employments(users.employer.employer, [NewEmployment("10000000001", FIRST_DAY)])
    for step in range(3):
        pay(users.employer.employer, Month(2025, 1) + step, {"10000000001": 5_000_000})
    demonews.publish(now=NOW, today=NOW.date())


@contextmanager
def installed(
    chromium: str, arguments: list[str], folder: Path, size: tuple[int, int], language: str = "id"
) -> Iterator[Page]:
    """A browser that keeps what it is told to keep, which one in incognito can't: nothing installs there."""
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(folder), executable_path=chromium, args=arguments, viewport={"width": size[0], "height": size[1]},
            locale={"id": "id-ID", "en": "en-GB"}[language],
        )  # fmt: skip
        context.set_default_timeout(60_000)  # milliseconds: the machine may be busy
        yield context.pages[0] if context.pages else context.new_page()
        context.close()


def becomes(page: Page, expression: str) -> None:
    """Wait until the expression is true. Playwright's own wait runs text in the page, which our policy refuses."""
    deadline = time.monotonic() + 60
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, expression
        page.wait_for_timeout(100)


def come_in(page: Page, site: str) -> int:
    """Log in, and wait until the worker looks after the page. Returns the bytes of the log-in and the balance."""
    sizes: dict[str, int] = {}
    page.on("requestfinished", lambda request: sizes.setdefault(request.url, sum(weighed(request))))
    log_in(page, site)
    page.goto(f"{site}/dashboard/", wait_until="networkidle")
    weight = sum(sizes.values())
    page.evaluate("navigator.serviceWorker.ready")
    page.goto(f"{site}/dashboard/")
    becomes(page, "navigator.serviceWorker.controller !== null")
    return weight


def kept(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(KEPT)
    return found


def tell_sari(language: str) -> str:
    """Something happens to Sari's account, and the queue is worked off."""
    User.objects.filter(username="sari").update(language=language)
    now = timezone.now()
    inbox.tell(User.objects.get(username="sari"), "password_reset", now=now, at=now)
    work_off()
    return "told"


def delivered(page: Page, site: str, said: str) -> list[list[str]]:
    """Titles and texts of the notifications that are there after the browser got this push."""
    chrome = page.context.new_cdp_session(page)
    known: list[str] = []

    def note(event: dict[str, Any]) -> None:
        known.extend(one["registrationId"] for one in event["registrations"] if not one["isDeleted"])

    chrome.on("ServiceWorker.workerRegistrationUpdated", note)
    chrome.send("ServiceWorker.enable")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        page.wait_for_timeout(100)
        if known:
            push = {"origin": site, "registrationId": known[-1], "data": said}
            chrome.send("ServiceWorker.deliverPushMessage", push)
            page.wait_for_timeout(500)
        if found := page.evaluate(SHOWN):
            return list(found)
    return []


@pytest.mark.parametrize(("size", "language"), VIEWS)
def test_installed_offline_back_pushed_to_and_gone(
    fund: None,
    whole_chromium: str,
    chromium_arguments: list[str],
    tmp_path: Path,
    settings: LazySettings,
    size: tuple[int, int],
    language: str,
):
    words, mine = WORDS[language], Browser()
    with (
        push_service() as service,
        serving_alone(LUMBUNG_PUSH_SERVICES=service.origin) as site,
        installed(whole_chromium, chromium_arguments, tmp_path, size, language) as page,
    ):
        settings.LUMBUNG_PUSH_SERVICES = frozenset({service.origin})
        page.context.grant_permissions(["notifications"], origin=site)
        broken: list[str] = []
        page.on("console", lambda said: broken.append(said.text) if said.type == "error" else None)
        assert come_in(page, site) <= 60_000, "with the manifest and all of the app that comes with a page"
        is_installable(page, language)
        keeps_nothing_of_hers(page)
        goes_offline_and_comes_back(page, site, words)

        follow(page, "header nav a[href='/inbox/']")
        in_order(page)
        follow(page, "main a[href='/inbox/push/']")
        in_order(page)
        page.evaluate(ANSWER, {"endpoint": f"{service.origin}/send/sari", "keys": mine.keys})
        follow(page, "#push button")
        assert page.is_visible(".notice.good")
        in_order(page)
        read(lambda: tell_sari(language))
        ((path, _, body),) = service.taken
        assert path == "/send/sari"
        assert delivered(page, site, json.dumps(mine.opened(body))) == [["Lumbung", words["news"]]]

        page.goto(f"{site}/history/")
        with page.expect_navigation(url=f"{site}/inbox/"):
            page.context.service_workers[0].evaluate(PRESS)
        waiting = unread(page)
        assert waiting >= 1
        follow(page, "main .links a")
        in_order(page)
        assert unread(page) == waiting - 1
        keeps_nothing_of_hers(page)

        follow(page, "header form[action='/logout/'] button")
        assert page.url.startswith(f"{site}/logged-out/")
        assert kept(page) == {"caches": {}, "stored": []}
        assert page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
        assert read(lambda: str(PushSubscription.objects.count())) == "0"
        assert [text for text in broken if "ERR_INTERNET_DISCONNECTED" not in text] == []


def unread(page: Page) -> int:
    """The number beside the inbox in the menu."""
    shown = page.locator(".menu .count")
    return int(shown.first.inner_text().split()[0]) if shown.count() else 0


def is_installable(page: Page, language: str) -> None:
    chrome = page.context.new_cdp_session(page)
    said = chrome.send("Page.getAppManifest")
    assert said["errors"] == []
    assert json.loads(said["data"])["lang"] == language
    assert chrome.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    in_order(page)


def keeps_nothing_of_hers(page: Page) -> None:
    becomes(page, "caches.open('lumbung forms').then((one) => one.keys()).then((all) => all.length > 2)")
    found = kept(page)
    assert found["stored"] == []
    assert {path.split("/")[1] for path in found["caches"]} == {"static", "offline", "forms"}
    for path, text in found["caches"].items():
        assert not [word for word in MINE if word in text], path


def goes_offline_and_comes_back(page: Page, site: str, words: dict[str, str]) -> None:
    page.context.set_offline(True)
    page.goto(f"{site}/history/")
    assert page.inner_text("h1") == words["offline"]
    assert words["form"] in page.inner_text("main")
    colour = page.evaluate("getComputedStyle(document.querySelector('.top')).backgroundColor")
    assert colour == "rgb(90, 42, 28)", "with its stylesheet"
    in_order(page)
    follow(page, "main .button.second[hreflang]")
    assert page.inner_text("h1") == words["other"]
    page.goto(f"{site}/dashboard/")
    with page.expect_download() as downloading:
        page.click(f"main a:has-text('{words['form']}')")
    assert Path(downloading.value.path()).read_bytes().startswith(b"%PDF-"), "a form opens without a line"
    page.context.set_offline(False)
    follow(page, f"text={words['again']}")
    assert page.url == f"{site}/dashboard/"
    assert page.title().startswith(words["dashboard"])


def test_a_new_version_takes_over_and_says_so_and_the_operator_can_take_all_of_it_away(
    fund: None, whole_chromium: str, chromium_arguments: list[str], tmp_path: Path
):
    """Nothing is loaded anew by itself: who is typing would lose it."""
    look = "navigator.serviceWorker.getRegistration().then((one) => one.update())"
    with installed(whole_chromium, chromium_arguments, tmp_path, PHONE) as page:
        with serving_alone() as site:
            come_in(page, site)
            assert page.is_hidden("#new-version")
            old = page.evaluate("caches.keys().then((all) => all.find((name) => name !== 'lumbung forms'))")
            read(lambda: put("formulir-baru").slug)
            page.evaluate(look)
            page.wait_for_selector("#new-version", state="visible")
            assert "Ada versi baru" in page.inner_text("#new-version")
            in_order(page)
            becomes(page, f"caches.keys().then((now) => !now.includes('{old}'))")
            follow(page, "#new-version a")
            assert page.is_hidden("#new-version")
        with serving_alone(int(site.rpartition(":")[2]), LUMBUNG_APP="0"):
            page.evaluate(look)
            becomes(page, "navigator.serviceWorker.getRegistrations().then((all) => all.length === 0)")
            becomes(page, "caches.keys().then((all) => all.length === 0)")
