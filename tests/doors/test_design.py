"""The look in a real browser: every component in every state, re-branding, sizes, forced colours, paper."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import browsing, serving, serving_alone
from django.utils import timezone
from paid_months import FIRST_DAY, pay
from playwright.sync_api import Page
from test_browser import DESK, PHONE, SMALLEST, STICKS_OUT, follow, in_order, log_in, opened, violations

from conftest import make_users
from lumbung.law.month import Month
from lumbung.registry.actions import NewEmployment, start_employments

pytestmark = pytest.mark.servers
STATIC = Path(__file__).parents[2] / "src/lumbung/portal/static/portal"
# A cool, green fund: as far from ours as an operator may go within the rules of docs/operators/branding.md.
OWN_CSS = """:root {
  --brand: #0b4f4a;
  --on-brand: #f4fffd;
  --accent: #ffc857;
  --link: #0a4f9e;
  --paper: #f3f8fb;
}
"""
OWN_LOGO = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8" width="8" height="8">
<circle cx="4" cy="4" r="4" fill="#ffc857"/></svg>
"""
# Where each of the five is seen: on what, and as which property.
SEEN = {
    "--brand": (".top", "background-color"),
    "--on-brand": (".top .logo", "color"),
    "--accent": (".hero .share rect", "fill"),
    "--link": ("main p a:not(.back)", "color"),
    "--paper": ("body", "background-color"),
}


@pytest.fixture
def fund(clone: Any) -> None:
    """The three months before this one are paid for Sari, so she is covered."""
    users = make_users()
    assert users.employer.employer is not None
    start_employments(users.employer.employer, [NewEmployment("10000000001", FIRST_DAY)])
    this_month = Month.of(timezone.localdate())
    for step in (-3, -2, -1):
        pay(users.employer.employer, this_month + step, {"10000000001": 5_000_000})


@pytest.fixture
def site(fund: None) -> Iterator[str]:
    with serving() as address:
        yield address


def seen(page: Page) -> dict[str, str]:
    """The colour in which each of the five variables is seen, as red, green, blue."""
    ask = "([what, property]) => getComputedStyle(document.querySelector(what)).getPropertyValue(property)"
    return {name: page.evaluate(ask, list(place)) for name, place in SEEN.items()}


def as_rgb(colour: str) -> str:
    return f"rgb({int(colour[1:3], 16)}, {int(colour[3:5], 16)}, {int(colour[5:7], 16)})"


def variables(stylesheet: str) -> dict[str, str]:
    """The five variables as a stylesheet first sets them."""
    found = re.findall(r"(--[a-z-]+):\s*(#[0-9a-f]{6});", stylesheet)
    return {name: value for name, value in reversed(found) if name in SEEN}


def test_the_stylesheet_is_small():
    everything = b"".join(path.read_bytes() for path in sorted(STATIC.glob("*.css")))
    assert len(gzip.compress(everything)) <= 12_000


def test_every_component_in_every_state(site: str, chromium: str, chromium_arguments: list[str]):
    with browsing(chromium, chromium_arguments) as browser:
        for size in (PHONE, DESK):
            for scheme in ("light", "dark"):
                page = opened(browser, size, color_scheme=scheme)
                page.goto(f"{site}/_design")
                in_order(page)
                follow(page, "text=English")
                assert page.url == f"{site}/_design"
                in_order(page)
        page.emulate_media(forced_colors="active")
        # The colours are the reader's own there, so their contrast is no business of ours.
        assert violations(page, rules={"color-contrast": {"enabled": False}}) == []
        edge = page.evaluate("getComputedStyle(document.querySelector('.button')).borderTopWidth")
        assert edge == "2px", "a button without its colour still has an edge"


def test_the_components_on_the_smallest_phone(site: str, chromium: str, chromium_arguments: list[str]):
    with browsing(chromium, chromium_arguments) as browser:
        for size, text in ((SMALLEST, "100%"), (PHONE, "200%")):
            page = opened(browser, size)
            for language in ("id", "en"):
                page.goto(f"{site}/_design")
                if language == "en":
                    follow(page, "text=English")
                page.evaluate(f"document.documentElement.style.fontSize = '{text}'")
                assert page.evaluate(STICKS_OUT) == [], (language, text)


# What is pressed and is smaller than 44 px, but for links in a running text and boxes inside a row to touch.
TOO_SMALL = """(() => {
    const pressed = [...document.querySelectorAll(
        'button, summary, select, textarea, input:not([type=hidden]), .choice, .menu a, .pages a, .links a, .plain'
    )].filter(one => !one.closest('.choice') || one.matches('.choice')).filter(one => one.offsetParent !== null);
    return pressed.filter(one => one.getBoundingClientRect().height < 44).map(one => one.outerHTML.slice(0, 120));
})()"""


def test_sizes_colours_and_paper(site: str, chromium: str, chromium_arguments: list[str]):
    ours = variables((STATIC / "lumbung.css").read_text())
    with browsing(chromium, chromium_arguments) as browser:
        for size in (PHONE, DESK):
            page = opened(browser, size)
            page.goto(f"{site}/_design")
            assert page.evaluate(TOO_SMALL) == []
            assert seen(page) == {name: as_rgb(colour) for name, colour in ours.items()}
        page.emulate_media(media="print")
        for gone in (".menu", ".foot", ".pages", ".skip", ".top form"):
            assert not page.locator(gone).first.is_visible(), gone
        assert page.locator(".codes").is_visible()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_five_variables_a_name_and_a_logo_re_brand_it(
    fund: None, tmp_path: Path, chromium: str, chromium_arguments: list[str], monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "brand.css").write_text(OWN_CSS)
    (tmp_path / "logo.svg").write_text(OWN_LOGO)
    (tmp_path / "icon.svg").write_text(OWN_LOGO)
    monkeypatch.setenv("LUMBUNG_BRAND", str(tmp_path))
    monkeypatch.setenv("LUMBUNG_NAME", "Dana Contoh")
    own, ours = variables(OWN_CSS), variables((STATIC / "lumbung.css").read_text())
    assert set(own) == set(ours) == set(SEEN)
    with serving_alone() as site, browsing(chromium, chromium_arguments) as browser:
        for scheme in ("light", "dark"):
            page = opened(browser, PHONE, color_scheme=scheme)
            page.goto(f"{site}/_design")
            in_order(page)
            colours = seen(page)
            kept_in_the_dark = {"--link", "--paper"} if scheme == "dark" else set()
            for name in set(SEEN) - kept_in_the_dark:
                assert colours[name] == as_rgb(own[name]), (scheme, name)
            assert colours["--paper"] != as_rgb(own["--paper"] if scheme == "dark" else ours["--paper"])
            assert page.title().endswith("– Dana Contoh")
            assert page.inner_text(".logo").startswith("Dana Contoh")
            assert page.evaluate("document.querySelector('.logo img').naturalWidth") > 0
            assert page.get_attribute("meta[name=theme-color]", "content") == own["--brand"]
            assert page.get_attribute("link[rel=icon]", "href") == "/static/brand/icon.svg"
            log_in(page, site)
            in_order(page)


def test_the_essentials_stand_on_one_screen_and_nothing_hides_behind_the_menu(
    site: str, chromium: str, chromium_arguments: list[str]
):
    with browsing(chromium, chromium_arguments) as browser:
        page = opened(browser, PHONE)
        log_in(page, site)
        assert page.url == f"{site}/dashboard/"
        menu = page.locator(".menu").bounding_box()
        assert menu is not None
        assert menu["y"] + menu["height"] == PHONE[1], "the menu stands at the bottom"
        for what in (".hero .amount", ".parts", ".status .tag", ".status .rows"):
            box = page.locator(what).bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= menu["y"], what
        assert page.locator(".menu [aria-current=page]").inner_text() == "Saldo"

        page.goto(f"{site}/history/")
        page.evaluate("scrollTo({top: document.body.scrollHeight, behavior: 'instant'})")
        foot = page.locator(".foot").bounding_box()
        assert foot is not None
        assert foot["y"] + foot["height"] <= menu["y"] + 1
        lower = opened(browser, (640, 360))  # a phone on its side has no room for it
        log_in(lower, site)
        assert lower.evaluate("getComputedStyle(document.querySelector('.menu')).position") == "static"


def test_a_password_is_shown_on_demand_and_without_script_all_else_works(
    site: str, chromium: str, chromium_arguments: list[str]
):
    with browsing(chromium, chromium_arguments) as browser:
        page = opened(browser, PHONE)
        page.goto(f"{site}/login/")
        page.fill("#id_password", "a secret that is long")
        button = page.locator(".secret [type=button]")
        assert button.input_value() == "Lihat"
        button.click()
        assert page.get_attribute("#id_password", "type") == "text"
        assert button.input_value() == "Tutup"
        in_order(page)
        page.fill("#id_login", "sari")
        follow(page, "main button")
        assert page.get_attribute("#id_password", "type") == "password"
        plain = opened(browser, PHONE, java_script_enabled=False)
        log_in(plain, site)
        assert plain.url == f"{site}/dashboard/"

        page = opened(browser, PHONE, java_script_enabled=False)
        page.goto(f"{site}/login/")
        follow(page, "main button")
        assert page.title().startswith("Masalah:")
        assert page.locator(".summary:focus").count() == 1
        page.click(".summary a >> nth=1")
        assert page.locator("#id_password:focus").count() == 1
