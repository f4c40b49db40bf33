"""The members' pages in a real browser: from the first page to log-out, on a phone and on a desk."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import browsing, serving
from door_users import PASSWORD
from paid_months import FIRST_DAY, pay
from pairings import NARROW, pairings
from playwright.sync_api import Browser, Page

from conftest import make_users
from lumbung.law.month import Month
from lumbung.registry.actions import NewEmployment, start_employments

AXE = Axe().axe_script
# axe reads the colour of each element behind each text anew, from the same few strings thousands of times: a third
# of its time on a page whose steps lie in steps. What a string means does not change, so it is remembered.
COLOURS_REMEMBERED = """;(() => {
    const Color = axe.commons.color.Color, read = Color.prototype.parseString, known = new Map();
    Color.prototype.parseString = function (words) {
        const found = known.get(words);
        if (found) {
            [this.r, this.g, this.b, this.alpha] = found;
        } else {
            read.call(this, words);
            known.set(words, [this.r, this.g, this.b, this.alpha]);
        }
        return this;
    };
})();"""
STYLESHEET = Path(__file__).parents[2] / "src/lumbung/portal/static/portal/lumbung.css"
PHONE, DESK, SMALLEST = (360, 740), (1280, 800), (320, 600)
WORDS = {
    "id": {
        "log_in": "Masuk", "balance": "Saldo saya", "total": "Rp 4.275.000", "contributions": "Iuran",
        "last": "Januari 2025", "log_out": "Keluar", "gone": "Anda sudah keluar",
        "wrong": "Nama untuk masuk atau kata sandi salah.",
    },
    "en": {
        "log_in": "Log in", "balance": "My balance", "total": "Rp 4,275,000", "contributions": "Contributions",
        "last": "January 2025", "log_out": "Log out", "gone": "You are logged out",
        "wrong": "This log-in name or the password is wrong.",
    },
}  # fmt: skip


@pytest.fixture
def site(clone: Any) -> Iterator[str]:
    """The address of the demo's server over a fund in which 15 months of 5,000,000 rupiah are paid for Sari."""
    users = make_users()
    assert users.employer.employer is not None
    start_employments(users.employer.employer, [NewEmployment("10000000001", FIRST_DAY)])
    for step in range(15):
        pay(users.employer.employer, Month(2025, 1) + step, {"10000000001": 5_000_000})
    with serving() as address:
        yield address


@pytest.fixture
def new_site(clone: Any) -> Iterator[str]:
    """The address of the demo's server over a fund in which nothing is paid yet."""
    make_users()
    with serving() as address:
        yield address


def opened(browser: Browser, size: tuple[int, int], **options: Any) -> Page:
    options.setdefault("locale", "id-ID")
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
    context.set_default_timeout(60_000)  # milliseconds: the machine may be busy
    return context.new_page()


def violations(page: Page, **options: Any) -> list[dict[str, Any]]:
    """What axe has to object to. What it found well stays in the browser: it is long, and nobody reads it."""
    page.evaluate(AXE + COLOURS_REMEMBERED)
    asked = {"resultTypes": ["violations"], **options}
    found: list[dict[str, Any]] = page.evaluate("asked => axe.run(asked).then(found => found.violations)", asked)
    return found


def in_order(page: Page) -> None:
    """The page is accessible as far as axe can tell, fits its window, and broke no rule of its own policy."""
    found = violations(page)
    assert found == [], [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found]
    width, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width <= window, f"{page.url} is {width} wide in a window of {window}"


def follow(page: Page, what: str) -> None:
    """Press a link or a button and wait until the page it leads to is there."""
    with page.expect_navigation():
        page.click(what)


def log_in(page: Page, site: str, password: str = PASSWORD, username: str = "sari", door: str = "/") -> None:
    page.goto(f"{site}{door}login/")
    page.fill("#id_login", username)
    page.fill("#id_password", password)
    follow(page, "main form .buttons button")


def test_each_of_several_words_too_faint_to_read_is_found(chromium: str, chromium_arguments: list[str]):
    faint, plain = "color: rgb(150, 150, 150)", "color: hsl(0 0% 20%)"
    with browsing(chromium, chromium_arguments) as browser:
        page = opened(browser, DESK)
        lines = [f"<p id=p{at} style='{style}'>Uji</p>" for at, style in enumerate((faint, plain) * 3)]
        page.set_content(
            f"<!doctype html><html lang=id><title>Uji</title><main><h1>Uji</h1>{''.join(lines)}</main>"
        )
        (found,) = violations(page)
        assert found["id"] == "color-contrast"
        assert [node["target"] for node in found["nodes"]] == [["#p0"], ["#p2"], ["#p4"]]
        assert len({str(node["any"][0]["data"]["contrastRatio"]) for node in found["nodes"]}) == 1


@pytest.mark.parametrize(("size", "language", "scheme"), pairings("phone-id", "desk-en", colours=True))
def test_from_the_first_page_to_log_out(
    site: str, chromium: str, chromium_arguments: list[str], size: tuple[int, int], language: str, scheme: str
):
    words = WORDS[language]
    with browsing(chromium, chromium_arguments) as browser:
        page = opened(browser, size, color_scheme=scheme)
        broken: list[str] = []
        page.on("console", lambda said: broken.append(said.text) if said.type == "error" else None)
        page.goto(site)
        if language == "en":
            follow(page, "text=English")
        in_order(page)
        follow(page, f"main >> text={words['log_in']} >> nth=0")
        in_order(page)

        log_in(page, site, password="not-the-password")
        assert words["wrong"] in page.inner_text("[role=alert]")
        in_order(page)
        page.fill("#id_password", PASSWORD)
        follow(page, "main form .buttons button")
        assert page.url == f"{site}/dashboard/"
        assert page.title().startswith(words["balance"])
        assert words["total"] in page.inner_text("main")
        in_order(page)

        follow(page, f"header >> text={words['contributions']}")
        in_order(page)
        page.select_option("#id_year", "2025")
        follow(page, "form.filters button")
        assert words["last"] in page.inner_text("main")
        in_order(page)

        page.goto(f"{site}/wages/?year=2025")
        page.locator("[id^=id_wage]").first.fill("6.000.000")
        follow(page, "main form[method=post] .buttons button")
        assert "PP 46/2015" in page.content()
        in_order(page)
        page.goto(f"{site}/history/?year=2025&state=")

        other = {"id": "en", "en": "id"}[language]
        follow(page, f"header >> button[name=language][value={other}]")
        assert page.url == f"{site}/history/?year=2025&state="
        assert WORDS[other]["last"] in page.inner_text("main")
        follow(page, f"header >> button[name=language][value={language}]")

        page.goto(f"{site}/nothing-here/")
        in_order(page)
        page.goto(f"{site}/history/")
        follow(page, f"header >> text={words['log_out']}")
        assert page.url.startswith(f"{site}/logged-out/")
        in_order(page)
        assert left_behind(page) == []
        for _ in range(3):
            page.go_back()
            assert words["total"] not in page.content()
            assert "5.000.000" not in page.content().replace(",", ".")
        assert [said for said in broken if "404" not in said] == []


def left_behind(page: Page) -> list[str]:
    """What the browser still keeps: names of cookies but for the language, and keys of its storage."""
    cookies = [cookie["name"] for cookie in page.context.cookies()]
    kept = page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    return [name for name in [*cookies, *kept] if name not in {"django_language", "lumbung_member_csrf"}]


def test_the_other_rooms(new_site: str, chromium: str, chromium_arguments: list[str]):
    with browsing(chromium, chromium_arguments) as browser:
        for door, username, words in (
            ("/employer/", "hrd.contoh", "PT Contoh"),
            ("/office/", "petugas.uji", "passkey"),  # an officer sets up a second factor first
        ):
            page = opened(browser, PHONE)
            log_in(page, new_site, username=username, door=door)
            assert page.url == f"{new_site}{door}{'account/log-in/' if door == '/office/' else ''}"
            assert words in page.inner_text("main")
            in_order(page)
        page.goto(f"{new_site}/simulator/")
        in_order(page)


# Texts and boxes that stick out of the window, but for what is hidden from eyes on purpose.
STICKS_OUT = """(() => {
    const hidden = '.barn, .unseen, .fold, thead, caption, noscript, script';
    const out = [...document.querySelectorAll('body *')].filter(one => !one.closest(hidden)).filter(one => {
        const range = document.createRange();
        range.selectNodeContents(one);
        const seen = one.children.length ? [one] : [one, range];
        return seen.some(it => [...it.getClientRects()].some(box => box.right > innerWidth + 1));
    });
    return out.map(one => one.outerHTML.slice(0, 90));
})()"""


@NARROW
def test_on_the_smallest_phone_without_script(
    site: str, chromium: str, chromium_arguments: list[str], larger: bool, locale: str
):
    with browsing(chromium, chromium_arguments) as browser:
        page = opened(browser, PHONE if larger else SMALLEST, java_script_enabled=False, locale=locale)
        private = ("/dashboard/", "/history/", "/account/activity/")
        for path in ("/", "/login/", *private, "/nothing/", "/logout/", "/simulator/"):
            if path == "/dashboard/":
                log_in(page, site)
            page.goto(f"{site}{path}")
            assert page.url == f"{site}{path}"
            if larger:
                page.evaluate("document.documentElement.style.fontSize = '200%'")
            assert page.evaluate(STICKS_OUT) == [], path
        page.goto(f"{site}/")
        follow(page, "header form[action='/logout/'] button")
        assert page.url.startswith(f"{site}/logged-out/")


def test_a_first_page_is_light(new_site: str, chromium: str, chromium_arguments: list[str]):
    assert len(gzip.compress(STYLESHEET.read_bytes())) <= 12_000
    with browsing(chromium, chromium_arguments) as browser:
        page = opened(browser, PHONE)
        sizes: list[int] = []
        page.on("requestfinished", lambda request: sizes.append(sum(weighed(request))))
        page.goto(new_site, wait_until="networkidle")
        assert len(sizes) >= 2
        assert sum(sizes) <= 60_000
        log_in(page, new_site)
        page.goto(f"{new_site}/dashboard/", wait_until="networkidle")
        assert sum(sizes) <= 60_000 * 2


def weighed(request: Any) -> tuple[int, int]:
    sizes = request.sizes()
    return sizes["responseBodySize"], sizes["responseHeadersSize"]


def test_focus_can_be_seen_and_the_content_skipped_to(new_site: str, chromium: str, chromium_arguments: list[str]):
    with browsing(chromium, chromium_arguments) as browser:
        page = opened(browser, DESK)
        page.goto(new_site)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        assert page.locator(".skip").bounding_box()["y"] >= 0  # type: ignore[index]
        page.keyboard.press("Enter")
        assert re.search("#content$", page.url)
        page.keyboard.press("Tab")
        style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert style == "solid"
