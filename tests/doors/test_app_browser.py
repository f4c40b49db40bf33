"""The members' pages as an app, in a real browser: installed, without a line, renewed, gone without a trace."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from paid_months import FIRST_DAY, pay
from playwright.sync_api import Page, sync_playwright
from published import NOW, put
from test_browser import DESK, PHONE, follow, in_order, log_in, serving, weighed
from test_browser_log_in import read

from conftest import make_users
from lumbung.cli import demonews
from lumbung.law.month import Month
from lumbung.registry.actions import NewEmployment, start_employments

pytestmark = pytest.mark.servers
VIEWS = [pytest.param(PHONE, "id", id="phone-id"), pytest.param(DESK, "en", id="desk-en")]
WORDS = {
    "id": {"offline": "Sekarang tidak ada sambungan", "form": "Perubahan data", "dashboard": "Saldo saya",
           "other": "You have no connection now", "again": "Coba lagi"},
    "en": {"offline": "You have no connection now", "form": "Change of data", "dashboard": "My balance",
           "other": "Sekarang tidak ada sambungan", "again": "Try again"},
}  # fmt: skip
# Of the member, in any spelling: what must not be found in what a browser keeps.
MINE = ("Sari", "4.275", "4,275", "5.000.000", "10000000001", "•••• 0001", "csrfmiddlewaretoken")
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


@pytest.fixture
def fund(clone: Any) -> None:
    """15 months are paid for Sari; forms and announcements are published."""
    users = make_users()
    assert users.employer.employer is not None
    start_employments(users.employer.employer, [NewEmployment("10000000001", FIRST_DAY)])
    for step in range(15):
        pay(users.employer.employer, Month(2025, 1) + step, {"10000000001": 5_000_000})
    demonews.publish(now=NOW, today=NOW.date())


@pytest.fixture
def site(fund: None) -> Iterator[str]:
    """The address of the demo's server over it."""
    with serving() as address:
        yield address


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
        yield context.pages[0] if context.pages else context.new_page()
        context.close()


def becomes(page: Page, expression: str) -> None:
    """Wait until the expression is true. Playwright's own wait runs text in the page, which our policy refuses."""
    deadline = time.monotonic() + 20
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, expression
        page.wait_for_timeout(100)


def come_in(page: Page, site: str) -> None:
    """Log in, and wait until the worker looks after the page."""
    log_in(page, site)
    page.goto(f"{site}/dashboard/")
    page.evaluate("navigator.serviceWorker.ready")
    page.goto(f"{site}/dashboard/")
    becomes(page, "navigator.serviceWorker.controller !== null")


def look_for_a_new_one(page: Page) -> None:
    page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one.update())")


def kept(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(KEPT)
    return found


@pytest.mark.parametrize(("size", "language"), VIEWS)
def test_installed_offline_back_and_gone(
    site: str, chromium: str, chromium_arguments: list[str], tmp_path: Path, size: tuple[int, int], language: str
):
    words = WORDS[language]
    with installed(chromium, chromium_arguments, tmp_path, size, language) as page:
        broken: list[str] = []
        page.on("console", lambda said: broken.append(said.text) if said.type == "error" else None)
        come_in(page, site)
        chrome = page.context.new_cdp_session(page)
        said = chrome.send("Page.getAppManifest")
        assert said["errors"] == []
        assert json.loads(said["data"])["lang"] == language
        assert chrome.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
        in_order(page)

        becomes(page, "caches.open('lumbung forms').then((one) => one.keys()).then((all) => all.length > 2)")
        found = kept(page)
        assert found["stored"] == []
        assert {path.split("/")[1] for path in found["caches"]} <= {"static", "offline", "forms"}
        for path, text in found["caches"].items():
            assert not [word for word in MINE if word in text], path

        page.context.set_offline(True)
        page.goto(f"{site}/history/")
        assert page.inner_text("h1") == words["offline"]
        assert words["form"] in page.inner_text("main")
        assert (
            page.evaluate("getComputedStyle(document.querySelector('.top')).backgroundColor") == "rgb(90, 42, 28)"
        )
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

        follow(page, "header form[action='/logout/'] button")
        assert page.url.startswith(f"{site}/logged-out/")
        gone = kept(page)
        assert gone == {"caches": {}, "stored": []}
        assert page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
        assert [text for text in broken if "ERR_INTERNET_DISCONNECTED" not in text] == []


def test_a_new_version_takes_over_and_says_so(
    site: str, chromium: str, chromium_arguments: list[str], tmp_path: Path
):
    """Nothing is loaded anew by itself: who is typing would lose it."""
    with installed(chromium, chromium_arguments, tmp_path, PHONE) as page:
        come_in(page, site)
        assert page.is_hidden("#new-version")
        before = page.evaluate("caches.keys().then((all) => all.find((name) => name !== 'lumbung forms'))")

        read(lambda: put("formulir-baru").slug)
        look_for_a_new_one(page)
        page.wait_for_selector("#new-version", state="visible")
        assert "Ada versi baru" in page.inner_text("#new-version")
        in_order(page)
        becomes(page, f"caches.keys().then((now) => !now.includes('{before}'))")
        follow(page, "#new-version a")
        assert page.is_hidden("#new-version")


def test_switched_off_nothing_of_it_stays(
    fund: None, chromium: str, chromium_arguments: list[str], tmp_path: Path
):
    with installed(chromium, chromium_arguments, tmp_path, PHONE) as page:
        with serving() as site:
            come_in(page, site)
        with serving(int(site.rpartition(":")[2]), LUMBUNG_APP="0"):
            look_for_a_new_one(page)
            becomes(page, "navigator.serviceWorker.getRegistrations().then((all) => all.length === 0)")
            becomes(page, "caches.keys().then((all) => all.length === 0)")


def test_the_first_load_of_the_balance_is_light_with_the_app_in_it(
    site: str, chromium: str, chromium_arguments: list[str], tmp_path: Path
):
    """All that the page brings, with manifest and icons; the worker's own store comes after."""
    with installed(chromium, chromium_arguments, tmp_path, PHONE) as page:
        log_in(page, site)
        sizes: dict[str, int] = {}
        page.on("requestfinished", lambda request: sizes.update({request.url: sum(weighed(request))}))
        page.goto(f"{site}/dashboard/", wait_until="networkidle")
        assert sum(sizes.values()) <= 60_000, sizes
